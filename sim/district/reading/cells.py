"""Cells: what the cells of one column hold, read together, since a comma means what the whole column lets it mean.

A cell that the column itself can read (`Column.read`) is read so.  All else is read where it can only mean one thing,
and counted in a note by the way in which it was read; where it can mean two, the column is refused with its lines and
the option that would settle it.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Final

from sim.core.message_catalogue import N_
from sim.core.sentence import Sentence, Several, Stored
from sim.district.columns import NO_FIRM, Cell, Column
from sim.district.estate_kinds import KIND_LABELS
from sim.district.reading.headings import plain
from sim.district.reading.sexagesimal import sexagesimal
from sim.district.reading.sheets import Raw, filled, quoted
from sim.district.reading.totals import lines_of
from sim.district.reading.vocabulary import (
    EMPTY_MARKS,
    KINDS,
    NONE,
    NOT_YET,
    PLAIN_NONE,
    SCALES,
    TICKS,
    UNITS,
    UNKNOWN,
    YES_NO,
)

__all__ = ["ColumnReading", "Source", "meaning_of", "read_column"]

_EMPTY_WORDS: Final = frozenset({"", "unknown", "empty", "不详", "未知"})
"""What a table of meanings may say of a cell that says nothing."""
_COUNTS: Final = frozenset({"spaces", "cars"})
"""Columns of numbers in which people count whole things."""

POINT, COMMA = "point", "comma"
OF_COMMA: Final = N_("the comma parts thousands or decimals")
OF_POINT: Final = N_("the point parts thousands or decimals")
OF_BOTH: Final = N_("decimals stand behind a point and behind a comma in one column")
_NUMBER: Final = re.compile(r"^(?P<sign>[+-]?)(?P<digits>\d[\d.,' ]*|[.,]\d+)(?P<rest>.*)$")
_MONEY: Final = re.compile(r"^(¥|rmb|cny)\s*")
_DATE: Final = re.compile(
    r"^(?P<year>(?:19|20)\d\d)"
    r"(?:年\d{1,2}(?:月(?:\d{1,2}日)?)?(?:建成|竣工|建)?|[-/.]\d{1,2}[-/.]\d{1,2}|[-/]\d{1,2})$"
)
_GROUPED: Final = {
    POINT: re.compile(r"^(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:'\d{3})+|\d+)?(?:\.\d*)?$"),
    COMMA: re.compile(r"^(?:[1-9]\d{0,2}(?:\.\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:'\d{3})+|\d+)?(?:,\d*)?$"),
}
WAYS: Final[dict[str, str]] = {
    "thousands": N_("{column}: thousands separators in {count} of {all} cells, e.g. {cell} = {value}."),
    "comma": N_("{column}: a decimal comma in {count} of {all} cells, e.g. {cell} = {value}."),
    "width": N_("{column}: full-width signs in {count} of {all} cells, e.g. {cell} = {value}."),
    "unit": N_("{column}: a unit taken off in {count} of {all} cells, e.g. {cell} = {value}."),
    "scaled": N_("{column}: numerals or units worked out in {count} of {all} cells, e.g. {cell} = {value}."),
    "heading": N_("{column}: the unit of the heading worked out in {count} of {all} cells, e.g. {cell} = {value}."),
    "date": N_("{column}: the year taken from a date in {count} of {all} cells, e.g. {cell} = {value}."),
    "unknown": N_("{column}: read as unknown in {count} of {all} cells, e.g. {cell}."),
    "none": N_("{column}: read as none in {count} of {all} cells, e.g. {cell} = {value}."),
    "tick": N_("{column}: a mark or word read as yes or no in {count} of {all} cells, e.g. {cell} = {value}."),
    "kind": N_("{column}: an everyday word read as a kind in {count} of {all} cells, e.g. {cell} = {value}."),
    "angle": N_("{column}: degrees, minutes and seconds were read in {count} of {all} cells, e.g. {cell} = {value}."),
    "values": N_("{column}: read as --values says in {count} of {all} cells, e.g. {cell} = {value}."),
}
"""How a cell can be read that the column itself cannot read, and what is said of it."""


@dataclass(frozen=True)
class Source:
    """Cells of one column as they stand, with what is known of them.

    Parameters
    ----------
    column
        Which one they are of.
    heading
        As the file has it.
    cells
        One for each row.
    lines
        In the file.
    unit
        That the heading names; the empty text where it names none.
    decimal
        Sign before decimals, ``point`` or ``comma``, where it was said.
    meanings
        Of cells, by their plain text.
    """

    column: Column
    heading: str
    cells: Sequence[Raw]
    lines: Sequence[int]
    unit: str = ""
    decimal: str | None = None
    meanings: Mapping[str, str] = field(default_factory=dict)

    @property
    def factor(self) -> Decimal | None:
        """With which its numbers are to be multiplied; None where the heading's unit is not known."""
        return heading_factor(self.column.name, self.unit) if self.unit else Decimal(1)


SHOWN_RULES: Final = 10
"""Lines of a table of meanings that a message writes out."""


@dataclass
class ColumnReading:
    """What a column holds: values, notes, and what is wrong, with the column as a whole or in single rows."""

    values: list[Cell]
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    bad: dict[int, str] = field(default_factory=dict)
    ways: dict[str, list[int]] = field(default_factory=dict)
    strange: dict[int, str] = field(default_factory=dict)
    """Words for kinds that are not known, by row."""
    advice: list[str] = field(default_factory=list)
    """What to do about the rows that are wrong, where it is one thing for many."""

    def take(self, row: int, value: Cell, *ways: str) -> None:
        """Take a value down, with the ways in which it was read."""
        self.values[row] = value
        for way in ways:
            self.ways.setdefault(way, []).append(row)


def meaning_of(column: Column, text: str) -> Cell:
    """Return what a table of meanings says, as a value of the column; ValueError where it is none."""
    return column.nothing if plain(text) in _EMPTY_WORDS else column.read(text)


def read_column(source: Source) -> ColumnReading:
    """Read a column as a whole.

    Parameters
    ----------
    source
        Its cells.

    Returns
    -------
    ColumnReading
        One value for each cell; where a cell cannot be read, nothing, and why.

    Examples
    --------
    >>> from sim.district.columns import COLUMNS
    >>> read_column(Source(COLUMNS["fee"], "Fee", ["2,5", "3元/㎡", "不详"], [2, 3, 4])).values
    [2.5, 3.0, nan]
    """
    column = source.column
    reading = ColumnReading([column.nothing] * len(source.cells))
    if _is_number(column) and source.factor is None:
        reading.problems.append(_unclear_unit(source))
        return reading
    open_rows: list[int] = []
    for row, raw in enumerate(source.cells):
        if not _read_alone(source, row, raw, reading):
            open_rows.append(row)
    if _is_number(column):
        _read_numbers(source, open_rows, reading)
    else:
        for row in open_rows:
            reading.bad[row] = rejected(source, row)
    if column.holds == "flag":
        _ask_about_gaps(source, reading)
    if len(set(reading.strange.values())) > 1:
        _advise_once(source, reading)
    for way, rows in reading.ways.items():
        first = rows[0]
        reading.notes.append(
            Sentence(
                WAYS[way],
                column=source.heading,
                count=len(rows),
                all=len(source.cells),
                cell=quoted(source.cells[first]),
                value=_shown(column, reading.values[first]),
            )
        )
    return reading


def rejected(source: Source, row: int) -> Sentence:
    """Say what a cell holds and what it may hold."""
    cell = source.cells[row]
    if not filled(cell):
        return Sentence("{column} is empty; it must be {allowed}", column=source.heading, allowed=source.column.allowed)
    return Sentence(
        "{column} = {cell} must be {allowed}", column=source.heading, cell=quoted(cell), allowed=source.column.allowed
    )


def _shown(column: Column, value: Cell) -> Sentence | str:
    if value == "" or value != value:
        return Sentence("unknown")
    if isinstance(value, str):
        return value
    if column.holds == "flag":
        return Sentence("yes") if value else Sentence("no")
    if column.holds == "kind":
        return Sentence(KIND_LABELS[int(value)])
    return f"{value:.12g}"


def _read_alone(source: Source, row: int, raw: Raw, reading: ColumnReading) -> bool:
    """Read a cell that needs no other to be read; return whether that is done."""
    column = source.column
    meaning = source.meanings.get(plain(raw) if filled(raw) else "")
    if meaning is not None:
        try:
            reading.take(row, meaning_of(column, meaning), "values")
        except ValueError:
            reading.bad[row] = rejected(source, row)
        return True
    if not isinstance(raw, str) and raw is not None:
        return _read_typed(source, row, raw, reading)
    scaled = _is_number(column) and source.factor != 1
    text = raw or ""
    word = plain(text)
    if column.name != "estate" and _read_word(source, row, word, reading):
        return True
    try:
        value = column.read(text)
    except ValueError:
        if not text.strip():
            reading.bad[row] = rejected(source, row)
            return True
        return False
    known = _is_number(column) and value == value
    if known and (scaled or set(text) & set(".,")):
        return False  # what a point means is for the column to say
    reading.take(row, value, *["width"] * (known and unicodedata.normalize("NFKC", text) != text))
    return True


def _read_typed(source: Source, row: int, raw: Raw, reading: ColumnReading) -> bool:
    """Read a number, switch or date of a workbook."""
    column = source.column
    if isinstance(raw, datetime.date | datetime.time | datetime.timedelta):
        if column.name == "year" and isinstance(raw, datetime.date) and column.low <= raw.year <= column.high:
            reading.take(row, float(raw.year), "date")
        else:
            reading.bad[row] = Sentence(
                "{column} is a date, {date}, into which a spreadsheet may have turned it; it must be {allowed}",
                column=source.heading,
                date=quoted(raw),
                allowed=column.allowed,
            )
        return True
    if _is_number(column) and source.factor != 1 and not isinstance(raw, bool):
        return False
    text = ("yes" if raw else "no") if isinstance(raw, bool) else _written(raw)
    try:
        if isinstance(raw, bool) and _is_number(column):
            raise ValueError(raw)
        reading.take(row, column.read(text))
    except ValueError:
        reading.bad[row] = rejected(source, row)
    return True


def _is_number(column: Column) -> bool:
    return column.holds in ("whole", "number")


def _written(raw: Raw) -> str:
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    return repr(raw) if isinstance(raw, float) else str(raw)


def _read_word(source: Source, row: int, word: str, reading: ColumnReading) -> bool:
    """Read a word that stands for nothing, for nothing known, for yes or no, or for a kind."""
    column = source.column
    if column.required and (word in EMPTY_MARKS or word in UNKNOWN or word in NONE | NOT_YET):
        return False
    if word in UNKNOWN or word in EMPTY_MARKS:
        reading.take(row, column.nothing, "unknown")
        return True
    if word in NONE | NOT_YET:
        if column.name in ("firm", "committee"):
            if word in NONE:
                reading.take(row, NO_FIRM if column.name == "firm" else 0.0, *["none"] * (word not in PLAIN_NONE))
                return True
        elif not (_is_number(column) and column.low <= 0 and column.name not in ("x", "y")):
            reading.take(row, column.nothing, "unknown")
            return True
        reading.bad[row] = Sentence(
            "{column} = {cell} may mean none or unknown; say which in a table of meanings, --values FILE with the line "
            '"{name},{word},{none}" or "{name},{word},unknown"',
            column=source.heading,
            cell=quoted(source.cells[row]),
            name=column.named,
            word=word,
            none={"firm": Stored("NONE", zh="无"), "committee": Sentence("no")}.get(column.name, "0"),
        )
        return True
    if column.holds == "flag" and word in YES_NO:
        reading.take(row, YES_NO[word], "tick")
        return True
    if column.holds == "kind" and word in KINDS:
        reading.take(row, float(KINDS[word]), "kind")
        return True
    if column.holds == "kind" and word:
        try:
            column.read(word)
        except ValueError:
            reading.strange[row] = word
            reading.bad[row] = Sentence(
                "{column} = {cell} is no kind that is known; it must be {allowed}; or say what it means in a table of "
                'meanings, --values FILE with the line "kind,{word},commodity housing" (or urban village, or building)',
                column=source.heading,
                cell=quoted(source.cells[row]),
                allowed=column.allowed,
                word=word if len(word) < 40 else "...",
            )
            return True
    return False


def _advise_once(source: Source, reading: ColumnReading) -> None:
    """Say of several kinds that are not known once what may stand there, and the lines of a table of meanings."""
    for row in reading.strange:
        reading.bad[row] = Sentence(
            "{column} = {cell} is no kind that is known", column=source.heading, cell=quoted(source.cells[row])
        )
    words = [word for word in dict.fromkeys(reading.strange.values()) if len(word) < 40]
    rules = [Sentence('"kind,{word},commodity housing"', word=word) for word in (words or ["..."])[:SHOWN_RULES]]
    reading.advice.append(
        Sentence(
            "{column} must be {allowed}; or say what each word means in a table of meanings, --values FILE with lines "
            "such as {rules} (or urban village, or building).",
            column=source.heading,
            allowed=source.column.allowed,
            rules=Several(rules, N_(", ")),
        )
    )


def _ask_about_gaps(source: Source, reading: ColumnReading) -> None:
    """Where only ticks say yes and nothing says no, an empty cell may mean either."""
    ticked = [row for row in reading.ways.get("tick", ()) if plain(source.cells[row]) in TICKS]
    gaps = [
        row
        for row, value in enumerate(reading.values)
        if value != value and row not in reading.bad and row not in reading.ways.get("values", ())
    ]
    if not ticked or not gaps or 0.0 in reading.values:
        return
    blanks = dict.fromkeys(plain(source.cells[row]) if filled(source.cells[row]) else "" for row in gaps)
    name = source.column.named
    rules = [Sentence('"{name},{blank},no"', name=name, blank=blank) for blank in blanks]
    reading.problems.append(
        Sentence(
            "{column} has ticks ({ticked}) and cells without one ({gaps}: {lines}), which may mean no or unknown: "
            "say which "
            "in a table of meanings, --values FILE with {rules} (or unknown in the place of no).",
            column=source.heading,
            ticked=len(ticked),
            gaps=len(gaps),
            lines=lines_of([source.lines[row] for row in gaps]),
            rules=Several(rules, N_(", ")),
        )
    )


@dataclass(frozen=True)
class _Number:
    """A cell as a number under each sign for decimals, where it can be one; how it is written."""

    values: Mapping[str, float]
    ways: tuple[str, ...]
    digits: str


def _read_numbers(source: Source, rows: Sequence[int], reading: ColumnReading) -> None:
    numbers: dict[int, _Number] = {}
    for row in rows:
        number = _number(source, source.cells[row])
        if number.values:
            numbers[row] = number
        else:
            reading.bad[row] = rejected(source, row)
    sign = _sign(source, numbers, reading)
    if not sign:
        return
    for row, number in numbers.items():
        if sign not in number.values:
            reading.bad[row] = rejected(source, row)
            continue
        reading.take(row, number.values[sign], *number.ways, *_ways_of(number.digits, sign))


def _ways_of(digits: str, sign: str) -> tuple[str, ...]:
    decimals, thousands = (".", ",") if sign == POINT else (",", ".")
    if any(mark in digits for mark in (thousands, " ", "'")):
        return ("thousands",)
    return ("comma",) if sign == COMMA and decimals in digits else ()


def _sign(source: Source, numbers: Mapping[int, _Number], reading: ColumnReading) -> str:
    """Return the sign for decimals that the column leaves possible; the empty text where that cannot be said."""
    if source.decimal is not None:
        return source.decimal
    may_be = {sign: [row for row, number in numbers.items() if sign in number.values] for sign in (POINT, COMMA)}
    differing = [
        row
        for row, number in numbers.items()
        if len(set(number.values.values())) == 2 and ("," in number.digits or _counts(source.column))
    ]
    whole = len(numbers)
    if len(may_be[POINT]) == whole:
        if len(may_be[COMMA]) < whole or not differing:
            return POINT
        comma = "," in numbers[differing[0]].digits
        reading.problems.append(_undecided(source, differing, OF_COMMA if comma else OF_POINT, numbers))
        return ""
    by_comma = [row for row in numbers if POINT not in numbers[row].values]
    if len(may_be[COMMA]) == whole:
        # A single point before three digits may be a slip; the column says nothing of it.
        if any("," in numbers[row].digits for row in by_comma) or len(by_comma) > 1:
            return COMMA
        reading.problems.append(_undecided(source, by_comma, OF_POINT, numbers))
        return ""
    by_point = [row for row in numbers if COMMA not in numbers[row].values]
    plain_points = [row for row in by_point if "," not in numbers[row].digits]
    commas = [row for row in by_comma if "," in numbers[row].digits]
    if not commas:
        return POINT  # points before decimals, and a point in a wrong place
    clash = sorted({commas[0], *(plain_points or by_point)[:1]})
    reading.problems.append(_undecided(source, clash, OF_BOTH, numbers))
    return ""


def _undecided(source: Source, rows: Sequence[int], what: str, numbers: Mapping[int, _Number]) -> Sentence:
    first = numbers[rows[0]]
    values = (_value(first.digits, sign, replace(source.column, holds="number")) for sign in (POINT, COMMA))
    readings = Several([f"{float(value):.12g}" for value in values if value is not None], N_(", "))
    return Sentence(
        "{column}: {cell} can be read in two ways ({readings}), {what} ({lines}): say which with --decimal point or "
        "--decimal comma.",
        column=source.heading,
        cell=quoted(source.cells[rows[0]]),
        readings=readings,
        what=Sentence(what),
        lines=lines_of([source.lines[row] for row in rows]),
    )


def _number(source: Source, cell: Raw) -> _Number:
    """Return a cell as a number under each sign for decimals; without values where it is none."""
    column, text = source.column, cell if isinstance(cell, str) else _written(cell)
    folded = plain(text)
    if column.name == "year" and (match := _DATE.match(folded.replace(" ", ""))):
        year = float(match["year"])
        return _Number(dict.fromkeys((POINT, COMMA), year) if column.low <= year <= column.high else {}, ("date",), "")
    if column.name in ("longitude", "latitude") and (angle := sexagesimal(text, column.name)) is not None:
        within = column.low <= angle <= column.high and source.factor == 1
        return _Number(dict.fromkeys((POINT, COMMA), angle) if within else {}, ("angle",), "")
    bare = _MONEY.sub("", folded) if column.name == "fee" else folded
    ways: tuple[str, ...] = ("unit",) if bare != folded else ()
    match = _NUMBER.match(bare.replace("’", "'"))
    if match is None:
        return _Number({}, (), "")
    digits, rest = match["digits"].rstrip(), match["rest"].strip()
    if rest.startswith("e") and re.fullmatch(r"e[+-]?\d+", rest):
        digits, rest = digits + rest, ""
    factor = source.factor or Decimal(1)
    if factor != 1:
        ways = ("heading",)
    for numeral, times in SCALES.items():
        if rest.startswith(numeral):
            factor, rest, ways = times, rest.removeprefix(numeral).strip(), ("scaled",)
    if rest:
        units = UNITS.get(column.name, {})
        known = units.get(rest.lstrip("/"), units.get(rest))
        if known is None:
            return _Number({}, (), "")
        factor = known * (factor if ways == ("scaled",) else 1)
        ways = ("scaled",) if factor != 1 else ("unit",)
    values = {}
    for sign in (POINT, COMMA):
        value = _value(match["sign"] + digits, sign, column)
        if value is None:
            continue
        try:
            scaled = float(value) if factor == 1 else float(value * factor)
        except ArithmeticError:
            continue
        if column.low <= scaled <= column.high and not (column.holds == "whole" and not scaled.is_integer()):
            values[sign] = scaled
    if not ways and unicodedata.normalize("NFKC", text) != text:
        ways = ("width",)
    return _Number(values, ways, digits)


def _counts(column: Column) -> bool:
    """Return whether a column counts things that come whole."""
    return column.holds == "whole" or column.name in _COUNTS


def _value(digits: str, sign: str, column: Column) -> Decimal | None:
    number = digits.lstrip("+-")
    power = ""
    if "e" in number:
        number, _, power = number.partition("e")
    if not number or not _GROUPED[sign].match(number):
        return None
    decimals = "." if sign == POINT else ","
    if _counts(column) and sign == COMMA and re.search(r",\d{3}$", number):
        return None  # three decimals of what is counted in ones
    for mark in " '" + (",", ".")[sign == COMMA]:
        number = number.replace(mark, "")
    try:
        value = Decimal(number.replace(decimals, ".") + ("e" + power if power else ""))
    except InvalidOperation:
        return None
    return -value if digits.startswith("-") else value


def _unclear_unit(source: Source) -> Sentence:
    return Sentence(
        '"{heading}": it is not clear that {unit} is the unit of {name} ({doc}). If it is, or is only a remark, map '
        "the "
        'column: --map {name}="{heading}".',
        heading=source.heading,
        unit=quoted(source.unit),
        name=source.column.name,
        doc=Sentence(source.column.doc),
    )


def heading_factor(name: str, unit: str) -> Decimal | None:
    """Return what a number has to be multiplied with whose heading names a unit; None where it is not known.

    Examples
    --------
    >>> heading_factor("owners", "%"), heading_factor("households", "thousands"), heading_factor("fee", "yuan/flat")
    (Decimal('0.01'), Decimal('1000'), None)
    """
    word = plain(unit)
    named = {"thousands": Decimal(1000), "thousand": Decimal(1000), **SCALES}
    if word in named and name not in ("year", "fee"):
        return named[word]
    known = UNITS.get(name, {})
    for numeral, times in SCALES.items():
        if word.startswith(numeral) and word.removeprefix(numeral) in known:
            return times * known[word.removeprefix(numeral)]
    return known.get(word)
