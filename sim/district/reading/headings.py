"""Headings: in which row they stand, which column each names, in which unit and, of degrees, in which system."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sim.core.errors import DistrictError, nearest
from sim.core.message_catalogue import N_
from sim.core.sentence import Sentence
from sim.district.columns import COLUMNS
from sim.district.reading.sheets import Row, Sheet, filled, joined, quoted
from sim.district.reading.vocabulary import BOTH_DEGREES, DATUMS, HEADINGS, SERIALS

__all__ = [
    "DEGREES",
    "Header",
    "Heading",
    "find_columns",
    "find_header",
    "our_names",
    "plain",
    "recognise",
    "resembles",
    "suits",
]

DEGREES: Final = (N_("longitude"), N_("latitude"))
BOTH: Final = "longitude and latitude"
_PLACES: Final = (*DEGREES, BOTH)
_DEEPEST: Final = 30
"""Rows in which a header is looked for."""
_BRACKETS: Final = re.compile(r"^(?P<base>.*?)\s*[\(\[【{](?P<inside>[^\)\]】}]*)[\)\]】}]\s*$")
_HOW_MANY: Final = re.compile(r"^(?:total )?(?:number of|no\.? of|nr\.? of|# of|total) (?P<base>.+)$")
_AFTER: Final = re.compile(r"^(?P<base>[^/,:]+?)\s*[/,:]\s*(?P<inside>.+)$")
_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
_ENOUGH: Final = 3
"""Headings that are known, at least, for a row to pass for a header that lacks something."""
_SELDOM: Final = ("x", "y", "density", "strength", "members_draw")
"""Columns that hardly any table but our own has."""
_OWN: Final = {name.casefold(): ours for ours, column in COLUMNS.items() for name in (ours, *column.also)}


@dataclass(frozen=True)
class Heading:
    """What a heading names.

    Parameters
    ----------
    column
        One of `COLUMNS`, or degrees.
    unit
        In which its numbers are, as written; empty where the heading names none.
    datum
        The system of degrees, where the heading names it.
    """

    column: str
    unit: str = ""
    datum: str = ""


@dataclass(frozen=True)
class Header:
    """The header of a table: names, and the rows below it."""

    names: list[str]
    rows: list[Row]
    notes: list[str] = field(default_factory=list)


def plain(text: object) -> str:
    """Return a text in small letters of plain width, without space around it.

    Examples
    --------
    >>> plain(" Ｆee （㎡） ")
    'fee (m2)'
    """
    folded = unicodedata.normalize("NFKC", str(text)).replace("\u200b", "").replace("\ufeff", "").replace("’", "'")
    return " ".join(folded.casefold().split())


def _vocabulary() -> dict[str, str]:
    words = {plain(word): ours for ours, names in HEADINGS.items() for word in names}
    words |= {plain(name): ours for name, ours in _OWN.items()}
    return words | {plain(word): BOTH for word in BOTH_DEGREES}


_WORDS: Final = _vocabulary()


def recognise(name: str) -> Heading | None:
    """Return what a heading names, or None.

    Examples
    --------
    >>> recognise("Households (thousands)"), recognise("gcj02_lng").datum, recognise("remark")
    (Heading(column='households', unit='thousands', datum=''), 'gcj02', None)
    >>> recognise("No. of cars").column, recognise("Owners’ committee").column
    ('cars', 'committee')
    >>> recognise("Community 社区").column, recognise("户数 Households (thousands)").unit
    ('community', 'thousands')
    """
    both = _in_two_languages(name)
    return _recognise_one(name) if both is None else both


def _recognise_one(name: str) -> Heading | None:
    word = plain(name).strip("*: ")
    if word in _WORDS:
        return Heading(_WORDS[word])
    degrees = _degrees(word)
    if degrees is not None:
        return degrees
    for pattern in (_BRACKETS, _AFTER):
        match = pattern.match(word)
        if match and match["base"].strip("*: ") in _WORDS:
            return Heading(_WORDS[match["base"].strip("*: ")], match["inside"].strip())
    counted = _HOW_MANY.match(word)
    heading = _recognise_one(counted["base"]) if counted else None
    return heading if heading and heading.column in COLUMNS and not COLUMNS[heading.column].is_text else None


def _languages(name: str) -> tuple[str, str]:
    """Return what a heading says in Chinese, without its unit, and all that it says otherwise."""
    word = plain(name)
    chinese = _HAN.search(word)
    if chinese is None:
        return "", word
    return chinese[0], " ".join((word[: chinese.start()] + " " + word[chinese.end() :]).split())


_EMPTY_BRACKETS: Final = re.compile(r"[\(\[【{]\s*[\)\]】}]")


def _in_two_languages(name: str) -> Heading | None:
    """Return what a heading names in English and in Chinese, both of one column: nothing else is certain."""
    chinese, other = _languages(name)
    other = _EMPTY_BRACKETS.sub("", other).strip(" /|,;:*-_、·")
    first, second = (_recognise_one(part) if part else None for part in (chinese, other))
    if first is None or second is None or first.column != second.column:
        return None
    return second if second.unit or second.datum else first


def _may_be(name: str) -> str:
    """Return the column that a heading seems to name in one of its languages, or nothing."""
    parts = (part.strip(" ()[]/|,;:*-_、·") for part in _languages(name))
    named = {heading.column for heading in (_recognise_one(part) for part in parts if part) if heading}
    return named.pop() if len(named) == 1 else ""


def our_names(columns: Mapping[str, str]) -> dict[str, str]:
    """Return a mapping by our own names, also where it names our columns in Chinese or otherwise.

    Examples
    --------
    >>> our_names({"社区": "Area", "estate": "Name", "fees": "Price"})
    {'community': 'Area', 'estate': 'Name', 'fees': 'Price'}
    """
    known = {ours: recognise(str(ours)) for ours in columns}
    return {heading.column if (heading := known[ours]) else ours: theirs for ours, theirs in columns.items()}


def _degrees(word: str) -> Heading | None:
    """Return degrees in a named system: the name of the one before, behind or in brackets with that of the other."""
    bare = re.sub(r"[\s_\-\.:()\[\]【】/]+", "", word)
    for datum, names in DATUMS.items():
        for mark in sorted(names, key=len, reverse=True):
            if mark in bare:
                rest = bare.replace(mark, "", 1).removesuffix("坐标系").removesuffix("坐标")
                column = _WORDS.get(rest, BOTH if rest == "" and bare.endswith("坐标") else "")
                if column in _PLACES:
                    return Heading(column, datum=datum)
    return None


def suits(sheet: Sheet, mapping: Mapping[str, str]) -> bool:
    """Return whether a sheet has a row with the headings that are required."""
    return _place_of(sheet, mapping) is not None


def resembles(sheet: Sheet, mapping: Mapping[str, str]) -> bool:
    """Return whether a sheet has a row with several known headings, though what is required is not among them."""
    return _likeliest(sheet, mapping) is not None


def _named(names: Sequence[str], mapping: Mapping[str, str]) -> set[str]:
    theirs = {" ".join(str(name).split()): ours for ours, name in mapping.items()}
    headings = (recognise(name) for name in names)
    return {heading.column for heading in headings if heading} | {theirs[name] for name in names if name in theirs}


_REQUIRED: Final = {name for name, column in COLUMNS.items() if column.required}


def _place_of(sheet: Sheet, mapping: Mapping[str, str]) -> tuple[int, int] | None:
    """Return the place of the header and the number of its rows."""
    lines = [_line(cells) for _, cells in sheet.rows[:_DEEPEST]]
    for place, names in enumerate(lines):
        if _named(names, mapping) >= _REQUIRED:
            return place, 1
    for place in range(len(lines) - 1):
        if _named(_stacked(sheet, place), mapping) >= _REQUIRED:
            return place, 2
    return None


def _likeliest(sheet: Sheet, mapping: Mapping[str, str]) -> tuple[int, int] | None:
    """Return the row with most of the known headings, where there are enough for a header."""
    known = [len(_named(_line(cells), mapping)) for _, cells in sheet.rows[:_DEEPEST]]
    most = max(known, default=0)
    return (known.index(most), 1) if most >= _ENOUGH else None


def _line(cells: Sequence[object]) -> list[str]:
    names = [" ".join(str(cell).split()) if filled(cell) else "" for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _stacked(sheet: Sheet, place: int) -> list[str]:
    """Return headings of two rows: the lower where there is one, else the upper."""
    upper, lower = (_line(cells) for _, cells in sheet.rows[place : place + 2])
    width = max(len(upper), len(lower))
    upper, lower = (names + [""] * (width - len(names)) for names in (upper, lower))
    return [below or above for above, below in zip(upper, lower, strict=True)]


def find_header(sheet: Sheet, mapping: Mapping[str, str]) -> Header:
    """Find the header: the first row that names what is required, else what looks most like one, else the first row.

    Raises
    ------
    DistrictError
        When there is none, or no row below it.
    """
    path = sheet.path
    if not sheet.rows:
        raise DistrictError(
            Sentence("{path} holds only blanks; it needs a header and one row for each estate.", path=path)
        )
    place, height = _place_of(sheet, mapping) or _likeliest(sheet, mapping) or (0, 1)
    names = _line(sheet.rows[place][1]) if height == 1 else _stacked(sheet, place)
    notes: list[str] = []
    above = [str(cell) for _, cells in sheet.rows[:place] for cell in cells if filled(cell)]
    if above:
        notes.append(
            Sentence(
                "Lines above the header that were not read: {count}, beginning with {first}.",
                count=place,
                first=quoted(above[0]),
            )
        )
    if height == 2:
        lines = [line for line, _ in sheet.rows[place : place + 2]]
        notes.append(
            Sentence(
                "The header was read from two lines, {first} and {second}; the lower one counts where it names "
                "anything.",
                first=lines[0],
                second=lines[1],
            )
        )
    rows = sheet.rows[place + height :]
    twice = [name for name, count in Counter(name for name in names if name).items() if count > 1]
    if twice:
        raise DistrictError(
            Sentence(
                N_("{path}: every column needs a name of its own; {names} stands in the header more than once.")
                if len(twice) == 1
                else N_("{path}: every column needs a name of its own; {names} stand in the header more than once."),
                path=path,
                names=joined(twice),
            )
        )
    repeated = [line for line, cells in rows if _line(cells) == names]
    if repeated:
        rows = [row for row in rows if row[0] not in repeated]
        notes.append(
            Sentence(
                "The header stands again further down and was not read: {lines}.",
                lines=joined(list(map(str, repeated))),
            )
        )
    if not rows:
        raise DistrictError(Sentence("{path} has a header but no rows; it needs one row for each estate.", path=path))
    return Header(names, rows, notes)


def find_columns(
    sheet: Sheet, names: Sequence[str], mapping: Mapping[str, str]
) -> tuple[dict[str, tuple[int, Heading]], list[str]]:
    """Find the place of every column of ours, and note which of the file's columns are not read.

    Raises
    ------
    DistrictError
        When the mapping is wrong, a name is used twice, or a required column is missing.
    """
    header = list(names)
    problems: list[str] = []
    at: dict[str, tuple[int, Heading]] = {}
    known = (*COLUMNS, *DEGREES)
    for ours, theirs in mapping.items():
        wanted = " ".join(str(theirs).split())
        if ours not in known:
            problems.append(
                Sentence(
                    '"{name}" is not a column of a district.{hint} There are: {columns}.',
                    name=ours,
                    hint=nearest(str(ours), known),
                    columns=", ".join(COLUMNS),
                )
            )
        elif wanted not in header:
            problems.append(
                Sentence(
                    '{ours} is mapped to "{theirs}", which the file does not have.{hint} It has: {names}.',
                    ours=ours,
                    theirs=theirs,
                    hint=nearest(str(theirs), header),
                    names=joined(header),
                )
            )
        else:
            # Who maps a column answers for its unit; a system of degrees is still read off the heading.
            datum = next((own.datum for own in [recognise(wanted)] if own), "")
            at[ours] = header.index(wanted), Heading(ours, datum=datum)
    for place, times in Counter(place for place, _ in at.values()).items():
        if times > 1:
            who = " and ".join(ours for ours, (other, _) in at.items() if other == place)
            problems.append(Sentence('{who} are mapped to the same column "{column}".', who=who, column=header[place]))
    taken = {place for place, _ in at.values()}
    for place, name in enumerate(header):
        heading = recognise(name)
        if heading is None or heading.column in mapping or place in taken:
            continue
        if heading.column in at:
            problems.append(
                Sentence(
                    '"{first}" and "{second}" are both read as {ours}; map the right one.',
                    first=header[at[heading.column][0]],
                    second=name,
                    ours=heading.column,
                )
            )
        at[heading.column] = place, heading
    for ours, column in COLUMNS.items():
        if column.required and ours not in at and ours not in mapping:
            problems.append(_lacking(ours, header, {place for place, _ in at.values()}))
    if problems:
        raise DistrictError.listing(Sentence("{path} cannot be read as a district", path=sheet.path), problems)
    return at, _unread(header, at)


def _lacking(ours: str, header: list[str], taken: set[int]) -> Sentence:
    """Say that a required column is missing, and how to name it."""
    free = [name for place, name in enumerate(header) if name and place not in taken]
    like = [name for name in free if ours in name.casefold() or _may_be(name) == ours] or free
    near = nearest(ours, like)
    if not near and like != free:
        near = Sentence(' Did you mean "{word}"?', word=like[0])
    example = near.split('"')[1] if near else Sentence("its name in the file")
    return Sentence(
        "there is no column {ours} ({also}).{hint} The file has: {names}. "
        'Map it with columns={{"{ours}": "{example}"}}, or --map {ours}="{example}".',
        ours=ours,
        also=", ".join(COLUMNS[ours].also),
        hint=near,
        names=joined(header),
        example=example,
    )


def _unread(header: Sequence[str], at: Mapping[str, tuple[int, Heading]]) -> list[str]:
    """Note the columns of the file that were passed over, with what they might have been."""
    used = {place for place, _ in at.values()}
    free = [name for place, name in enumerate(header) if name and place not in used and plain(name) not in SERIALS]
    if not free:
        return []
    hints = []
    for ours in (ours for ours in COLUMNS if ours not in at):
        like = [name for name in free if ours in name.casefold().replace("-", "_").split("_") or _may_be(name) == ours]
        if len(like) == 1:
            hints.append(f'{ours}="{like[0]}"' if " " in like[0] else f"{ours}={like[0]}")
    lacking = [ours for ours in COLUMNS if ours not in at and ours not in _SELDOM]
    if not hints and lacking:
        return [
            Sentence(
                "Not read: {names}. If one of them holds what was not found ({lacking}), map it, as "
                '--map NAME="heading".',
                names=joined(free),
                lacking=", ".join(lacking),
            )
        ]
    if not hints:
        return [Sentence("Not read: {names}.", names=joined(free))]
    return [
        Sentence(
            "Not read: {names}. Map what belongs to the district, e.g. {hints}.",
            names=joined(free),
            hints=", ".join(hints),
        )
    ]
