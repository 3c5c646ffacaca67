"""The columns of a district's table: what each is called, what a cell may hold, and how it is read.

A user's table is written by people and by spreadsheets.  Every column that the ground knows is declared
here once, with its name in English and Chinese and its limits; the reader, the writer and the messages
are made from these declarations.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from sim.core.message_catalogue import LANGUAGES, N_
from sim.core.sentence import Sentence, Several, Stored
from sim.district.estate_kinds import EstateKind, kind_of

__all__ = ["COLUMNS", "NO_FIRM", "Column", "ColumnName", "MOST_ESTATES"]

NO_FIRM: Final = "NONE"
"""What stands in the column `firm` where an estate has no property management at all."""

MOST_ESTATES: Final = 20_000
"""Largest district, twenty times Nanshan; larger ones are almost surely a wrong table or a slip."""

_EMPTY: Final = frozenset({"", "na", "n/a", "#n/a", "nan", "null"})
_NO_FIRM_WORDS: Final = frozenset({"none", "无", "无物业", "无物业管理"})
_YES: Final = frozenset({"1", "1.0", "true", "yes", "y", "t", "是", "有"})
_NO: Final = frozenset({"0", "0.0", "false", "no", "n", "f", "否", "无", "没有"})
_LONGEST_TEXT: Final = 200

Cell = float | str


@dataclass(frozen=True)
class Column:
    """One column of the table.

    Parameters
    ----------
    name
        Our name, which is also what `to_csv` writes.
    holds
        What a cell is: a text, a whole number, a number, yes or no, or a kind of estate.
    doc
        Meaning and unit.
    also
        Chinese names under which it is found without a mapping.
    low, high
        Limits of a number, both allowed values themselves.
    required
        Whether every row must fill it.
    """

    name: str
    holds: Literal["text", "whole", "number", "flag", "kind"]
    doc: str
    also: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    required: bool = False

    @property
    def is_text(self) -> bool:
        """Whether the draft keeps the column as text."""
        return self.holds == "text"

    @property
    def nothing(self) -> Cell:
        """What stands for an empty cell in a draft."""
        return "" if self.is_text else math.nan

    @property
    def allowed(self) -> Sentence:
        """Say in words what a cell may hold."""
        if self.holds == "text":
            words = Sentence("a text of at most {count} characters on one line", count=_LONGEST_TEXT)
        elif self.holds == "flag":
            words = Sentence("yes or no (also true/false, 1/0, {words})", words=Several(("有/无", "是/否"), N_(", ")))
        elif self.holds == "kind":
            kinds = ", ".join(kind.label for kind in EstateKind)
            words = Sentence("{kinds} ({words})", kinds=kinds, words=Several(("商品房", "城中村", "楼宇"), N_(", ")))
        elif self.holds == "whole":
            words = Sentence("a whole number from {low} to {high}", low=_plain(self.low), high=_plain(self.high))
        else:
            words = Sentence("a number from {low} to {high}", low=_plain(self.low), high=_plain(self.high))
        return words if self.required else Sentence("{words}, or empty", words=words)

    @property
    def named(self) -> Sentence:
        """Its name, which in another language is the heading that people write."""
        return Stored(self.name, **{lang: self.heading(lang) for lang in LANGUAGES[1:]})

    def heading(self, lang: str) -> str:
        """Return the heading in a language."""
        return self.name if lang == LANGUAGES[0] or not self.also else self.also[0]

    def read(self, cell: str) -> Cell:
        """Turn a cell into a value.

        Parameters
        ----------
        cell
            As it stands in the file.

        Returns
        -------
        float or str
            NaN or an empty text where the cell is empty; 1 or 0 for yes and no; the kind's number.

        Raises
        ------
        ValueError
            When the cell holds something that is not allowed.

        Examples
        --------
        >>> COLUMNS["households"].read(" 1200 "), COLUMNS["firm"].read("无"), COLUMNS["committee"].read("有")
        (1200.0, 'NONE', 1.0)
        """
        text = unicodedata.normalize("NFC", cell).strip()
        word = text.casefold()
        if word in _EMPTY:
            if self.required:
                raise ValueError(cell)
            return self.nothing
        if self.holds == "text":
            if self.name == "firm" and word in _NO_FIRM_WORDS:
                return NO_FIRM
            if len(text) > _LONGEST_TEXT or any(unicodedata.category(sign) == "Cc" for sign in text):
                raise ValueError(cell)
            return text
        if self.holds == "flag":
            if word not in _YES | _NO:
                raise ValueError(cell)
            return float(word in _YES)
        if self.holds == "kind":
            return float(kind_of(word))
        return self._number(text)

    def _number(self, text: str) -> float:
        if "_" in text:  # Python would read 1_000 as a thousand; no spreadsheet writes that
            raise ValueError(text)
        value = float(text)
        if not self.low <= value <= self.high or (self.holds == "whole" and not value.is_integer()):
            raise ValueError(text)
        return value


class ColumnName(Sentence):
    """A column's name, which in Chinese is its usual heading."""

    __slots__ = ()

    def text(self, lang: str = LANGUAGES[0]) -> str:
        """Return the heading in a language."""
        return COLUMNS[str(self)].heading(lang)


def _plain(limit: float) -> str:
    return str(int(limit)) if float(limit).is_integer() else repr(limit)


def _declare(*columns: Column) -> dict[str, Column]:
    return {column.name: column for column in columns}


COLUMNS: Final = _declare(
    Column("estate", "text", N_("name of the estate, each once"), ("小区", "小区名称", "小区名"), required=True),
    Column(
        "households",
        "whole",
        N_("households that live there"),
        ("户数", "总户数", "住户数", "居民户数"),
        1,
        200_000,
        required=True,
    ),
    Column("x", "number", N_("position eastwards, km on a plane"), ("x坐标", "横坐标"), -10_000, 10_000),
    Column("y", "number", N_("position northwards, km on a plane"), ("y坐标", "纵坐标"), -10_000, 10_000),
    Column("community", "text", N_("community, in one street only"), ("社区", "所属社区", "社区名称")),
    Column("street", "text", N_("street (subdistrict)"), ("街道", "所属街道", "街道名称")),
    Column("kind", "kind", N_("kind of estate"), ("类型", "小区类型", "类别")),
    Column("buildings", "whole", N_("residential buildings"), ("楼栋数", "栋数", "楼栋", "总栋数"), 1, 200_000),
    Column(
        "year",
        "whole",
        N_("year in which it was built"),
        ("建成年份", "建成年代", "建筑年代", "竣工年份", "年份"),
        1900,
        2035,
    ),
    Column(
        "fee",
        "number",
        N_("property fee, yuan per square metre and month"),
        ("物业费", "物业管理费", "物业服务费"),
        0,
        1000,
    ),
    Column(
        "firm",
        "text",
        N_("property service firm; NONE where there is none"),
        ("物业公司", "物业企业", "物业服务企业", "物业"),
    ),
    Column("committee", "flag", N_("whether an owners' committee exists"), ("业委会", "业主委员会")),
    Column(
        "members", "whole", N_("formal members registered in the estate"), ("党员", "党员数", "党员人数"), 0, 400_000
    ),
    Column("spaces", "number", N_("parking spaces"), ("车位", "车位数", "停车位"), 0, 1_000_000),
    Column("adults", "whole", N_("adults who live there"), ("成年人", "成年人数", "成人数"), 1, 400_000),
    Column("owners", "number", N_("share of adults who own their flat"), ("业主比例", "自有比例"), 0, 1),
    Column("cars", "number", N_("cars kept by residents"), ("车辆", "车辆数", "汽车数"), 0, 1_000_000),
    Column("density", "number", N_("crowding relative to the mean estate"), ("拥挤度",), 0.001, 1000),
    Column(
        "strength",
        "number",
        N_("what earlier programmes left the community, relative to the mean; one value for a community"),
        ("社区力量",),
        0.001,
        1000,
    ),
    Column(
        "members_draw",
        "number",
        N_("uniform draw from which unknown members are counted, as `to_csv` writes it"),
        (),
        0,
        1,
    ),
)
"""Every column of the table by name, in the order in which `to_csv` writes them."""
