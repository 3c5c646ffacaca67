"""A user's own district: a table with one row for each estate, read whole and judged whole.

The file may be a workbook (.xlsx), or text in UTF-8, with or without a byte order mark, or in GB18030, with commas,
semicolons or tabs, and with English or Chinese column names.  Whatever is wrong with it is said in one message: all bad
rows are counted and the first ten shown, each with its line in the file, the column, the value, and what is allowed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.core.errors import DistrictError
from sim.core.message_catalogue import N_
from sim.core.sentence import Sentence, Several
from sim.district.checks import Findings, check_rows
from sim.district.columns import COLUMNS, MOST_ESTATES, Cell, Column
from sim.district.ground import GroundSection
from sim.district.projection import Plane, flatten
from sim.district.reading.cells import ColumnReading, Source, read_column
from sim.district.reading.dialect import Dialect
from sim.district.reading.headings import (
    BOTH,
    DEGREES,
    Heading,
    find_columns,
    find_header,
    our_names,
    plain,
    resembles,
    suits,
)
from sim.district.reading.meanings import meanings_by_column
from sim.district.reading.places import DEGREE_COLUMNS, lay, split_pairs
from sim.district.reading.sheets import Raw, Row, Sheet, filled, open_sheets
from sim.district.reading.totals import drop_totals, lines_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Reading", "read_table"]

_SHOWN: Final = 10
_BETWEEN: Final = N_("; ")
_LAYERS: Final = (N_("street"), N_("community"))
_REPEATED: Final = frozenset({"community", "street", "firm", "kind", "committee", "year", "fee"})
"""Columns in which a merged cell says the same of all the rows it spans; a number of households is not such a thing."""


@dataclass(frozen=True)
class Reading:
    """A table as it was read.

    Parameters
    ----------
    values
        By column name, for a `Draft`.
    notes
        How it was read.
    plane
        Where its positions lie on the earth, if that is known.
    """

    values: dict[str, list[Cell]]
    notes: list[str]
    plane: Plane | None = None

    def gaps(self, name: str) -> list[bool]:
        """Mark the estates of which a column is not known."""
        cells = self.values.get(name)
        if cells is None:
            return [True] * len(self.values["estate"])
        return [cell == "" or cell != cell for cell in cells]


def read_table(
    path: str | Path | pd.DataFrame,
    columns: Mapping[str, str] | None = None,
    ground: GroundSection | None = None,
    dialect: Dialect | None = None,
) -> Reading:
    """Read a table of estates.

    Parameters
    ----------
    path
        The file, or a pandas table.
    columns
        Our names to the file's names, e.g. ``{"estate": "estate_id"}``; columns that are not mapped are
        found by their own English or Chinese name.
    ground
        With which gaps will be filled; the defaults where not given.
    dialect
        How the table is written, where it does not say so itself.

    Returns
    -------
    Reading
        Values by column name, and notes on how the file was read.

    Raises
    ------
    DistrictError
        One message with everything that is wrong.
    """
    dialect = Dialect() if dialect is None else dialect
    if not isinstance(columns, Mapping | None):
        raise DistrictError(
            Sentence(
                "columns = {columns} must be a dictionary, e.g. {example}.",
                columns=repr(columns),
                example='{"estate": "its name in the table"}',
            )
        )
    mapping = our_names(columns or {})
    meanings = meanings_by_column(dialect)
    sheet = open_sheets(path, dialect.sheet, lambda one: suits(one, mapping), lambda one: resembles(one, mapping))
    header = find_header(sheet, mapping)
    if len(header.rows) > MOST_ESTATES:
        raise DistrictError(
            Sentence(
                "{path} has {count} rows; a district has at most {most} estates.",
                path=sheet.path,
                count=len(header.rows),
                most=MOST_ESTATES,
            )
        )
    at, unread = find_columns(sheet, header.names, mapping)
    meant = [cell for cell, meaning in meanings.get("estate", {}).items() if plain(meaning) == "estate"]
    rows, totals_notes, totals = drop_totals(header.rows, at, meant)
    if not rows:
        raise DistrictError(
            Sentence("{path} has a header but no rows; it needs one row for each estate.", path=sheet.path)
        )
    table = _Table(sheet, header.names, rows, at, dialect, meanings)
    table.read()
    adults = (GroundSection() if ground is None else ground).adults_per_household
    notes = [*header.notes, *totals_notes, *table.notes, *_hidden(sheet, rows), *table.tell_names_apart()]
    headers = {name: header.names[place] for name, (place, _) in at.items()}
    if not table.faults:  # a column that could not be read contradicts nothing
        check_rows(Findings(table.values, headers, table.lines, table.problems, adults))
    if table.faults or table.problems:
        raise _judgement(sheet.path, table.faults, table.problems, len(rows), table.advice)
    notes += _against_totals(table, totals)
    source = Sentence("Read {count} estates from {file}.", count=len(rows), file=sheet.path.name)
    if sheet.name:
        source = Sentence(
            'Read {count} estates from sheet "{sheet}" of {file}.',
            count=len(rows),
            sheet=sheet.name,
            file=sheet.path.name,
        )
    degrees = [] if table.plane is not None or "longitude" in at else flatten(table.values)
    return Reading(table.values, [source, *unread, *notes, *degrees], table.plane)


class _Table:
    """The rows of a table on their way to values."""

    def __init__(
        self,
        sheet: Sheet,
        names: Sequence[str],
        rows: Sequence[Row],
        at: Mapping[str, tuple[int, Heading]],
        dialect: Dialect,
        meanings: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.sheet, self.names, self.rows, self.at = sheet, names, rows, at
        self.dialect, self.meanings = dialect, meanings
        self.lines = [line for line, _ in rows]
        self.values: dict[str, list[Cell]] = {}
        self.notes: list[str] = []
        self.faults: list[str] = []
        self.advice: list[str] = []
        self.problems: dict[int, list[str]] = {}
        self.plane: Plane | None = None
        self.spoilt: set[int] = set()

    def read(self) -> None:
        """Read all columns, and positions from degrees where there are no others."""
        self._find_shifted()
        own = {name: place for name, place in self.at.items() if name in COLUMNS}
        for name, (place, heading) in own.items():
            self.values[name] = self._column(COLUMNS[name], place, heading, self._cells(name, place)).values
        self._read_degrees()

    def _find_shifted(self) -> None:
        """Empty cells beyond the header are a spreadsheet's habit; anything else may be a shifted row."""
        width = len(self.names)
        for row, (line, cells) in enumerate(self.rows):
            short = len(cells) < width and not self.sheet.name
            if short or any(filled(cell) for cell in cells[width:]):
                self.spoilt.add(row)
                self.problems[line] = [
                    Sentence("the row has {count} cells where the header has {width}", count=len(cells), width=width)
                ]

    def _cells(self, name: str, place: int) -> list[Raw]:
        """Return the cells of a column; what is merged says the same of all its rows."""
        cells = [
            row[place] if place < len(row) and number not in self.spoilt else None
            for number, (_, row) in enumerate(self.rows)
        ]
        at = {line: number for number, line in enumerate(self.lines)}
        for first, last, left, right in self.sheet.merged:
            inside = [at[line] for line in range(first, last + 1) if line in at] if left <= place <= right else []
            if len(inside) < 2 and left == right:
                continue
            if left < right and inside:
                if left == place:
                    self._fault_of_merged(place, [self.lines[row] for row in inside])
                continue
            value = next((cells[row] for row in inside if filled(cells[row])), None)
            if value is None or first not in at:
                continue
            if name not in _REPEATED:
                self._fault_of_merged(place, [self.lines[row] for row in inside])
                continue
            for row in inside:
                cells[row] = value
            self.notes.append(
                Sentence(
                    "{column}: a merged cell, {cell}, was read for all its rows ({lines}).",
                    column=self.names[place],
                    cell=str(value),
                    lines=lines_of([self.lines[row] for row in inside]),
                )
            )
        return cells

    def _fault_of_merged(self, place: int, lines: Sequence[int]) -> None:
        self.faults.append(
            Sentence(
                "{column}: cells are merged ({lines}), and it is not clear what each row has; unmerge them and fill "
                "every "
                "row.",
                column=self.names[place],
                lines=lines_of(lines),
            )
        )

    def _column(self, column: Column, place: int, heading: Heading, cells: list[Raw]) -> ColumnReading:
        source = Source(
            column,
            self.names[place],
            cells,
            self.lines,
            heading.unit,
            self.dialect.decimal,
            self.meanings.get(column.name, {}),
        )
        reading = read_column(source)
        self.notes += reading.notes
        self.faults += reading.problems
        self.advice += reading.advice
        uncomputed = {
            row
            for row, line in enumerate(self.lines)
            if (line, place) in self.sheet.uncomputed and row not in self.spoilt
        }
        for row in range(len(cells)):
            if row in self.spoilt:
                continue
            if row in uncomputed:
                reading.bad[row] = Sentence(
                    "{column} is a formula whose value the workbook does not hold; open it in a spreadsheet and save "
                    "it",
                    column=self.names[place],
                )
            if row in reading.bad:
                self.problems.setdefault(self.lines[row], []).append(reading.bad[row])
        return reading

    def _read_degrees(self) -> None:
        at = {name: self.at[name] for name in (*DEGREES, BOTH) if name in self.at}
        if not at:
            return
        if "x" in self.at and "y" in self.at:
            names = Several([self.names[place] for place, _ in at.values()], N_(", "))
            self.notes.append(Sentence("Positions are those of x and y; degrees were not read: {names}.", names=names))
            return
        cells: dict[str, list[Raw]] = {}
        if BOTH in at and not set(DEGREES) & set(at):
            cells["longitude"], cells["latitude"] = split_pairs(self._cells(BOTH, at[BOTH][0]))
            at = dict.fromkeys(DEGREES, at[BOTH])
        elif set(DEGREES) <= set(at):
            cells = {name: self._cells(name, at[name][0]) for name in DEGREES}
        else:
            lone = next(name for name in DEGREES if name in at)
            self.faults.append(
                Sentence(
                    '"{heading}" gives a {name} without {lacking}; a position needs both: map the other with --map '
                    '{lacking}="...".',
                    heading=self.names[at[lone][0]],
                    name=Sentence(lone),
                    lacking=DEGREES[1 - DEGREES.index(lone)],
                )
            )
            return
        degrees = {
            name: [float(value) for value in self._column(DEGREE_COLUMNS[name], *at[name], cells[name]).values]
            for name in DEGREES
        }
        for row, line in enumerate(self.lines):
            missing = [name for name in DEGREES if math.isnan(degrees[name][row])]
            if len(missing) == 1 and line not in self.problems:
                self.problems[line] = [
                    Sentence(
                        "{lacking} is missing; a position needs both degrees, or neither", lacking=Sentence(missing[0])
                    )
                ]
        said = self.dialect.coordinates
        named = [said] if said else [heading.datum for _, heading in at.values() if heading.datum]
        headings = {name: self.names[place] for name, (place, _) in at.items()}
        places = lay(degrees, headings, self.lines, named)
        self.values |= {"x": list(places.x), "y": list(places.y)}
        self.plane = places.plane
        self.notes += places.notes
        self.faults += places.problems

    def tell_names_apart(self) -> list[str]:
        """Give estates of one name in several streets or communities the name of the place besides."""
        names = self.values["estate"]
        twice = {name for name, count in Counter(names).items() if count > 1 and name}
        notes: list[str] = []
        for name in sorted(map(str, twice)):
            rows = [row for row, other in enumerate(names) if other == name]
            for layer in _LAYERS:
                where = [str(self.values[layer][row]) if layer in self.values else "" for row in rows]
                new = [f"{name} ({place})" for place in where]
                if all(where) and len(set(where)) == len(rows) and not set(new) & set(map(str, names)):
                    for row, full in zip(rows, new, strict=True):
                        names[row] = full
                    notes.append(
                        Sentence(
                            '"{name}" stands in {lines}, each time in another {layer}: read as {names}.',
                            name=name,
                            lines=lines_of([self.lines[row] for row in rows]),
                            layer=Sentence(layer),
                            names=Several([Sentence('"{text}"', text=full) for full in new], N_(", ")),
                        )
                    )
                    break
        return notes


def _hidden(sheet: Sheet, rows: Sequence[Row]) -> list[str]:
    lines = [line for line, _ in rows if line in sheet.hidden]
    if not lines:
        return []
    return [
        Sentence(
            "Rows that the workbook hides were read too: {count} ({lines}).", count=len(lines), lines=lines_of(lines)
        )
    ]


def _against_totals(table: _Table, totals: Sequence[Row]) -> list[str]:
    """Compare the households of a row of totals with those that were read, and look for a total without a name."""
    households = [float(value) for value in table.values["households"]]
    notes: list[str] = []
    place = table.at["households"][0]
    whole = [row for row in totals if place < len(row[1]) and filled(row[1][place])]
    if whole and not table.problems:
        line, cells = whole[-1]
        column = replace(COLUMNS["households"], high=1e12, required=False)
        source = Source(column, table.names[place], [cells[place]], [line], table.at["households"][1].unit)
        stated = float(read_column(source).values[0])
        if stated == stated and stated not in {sum(households), *_subtotals(table, totals, line)}:
            notes.append(
                Sentence(
                    "The total in line {line} says {stated:,.0f} households, and the estates that were read have "
                    "{read:,.0f}.",
                    line=line,
                    stated=stated,
                    read=sum(households),
                )
            )
    above = 0.0
    for row, value in enumerate(households):
        above, before = above + value, above
        if row >= 3 and value >= 100 and value == before:
            notes.append(
                Sentence(
                    '"{name}" in line {line} has as many households as all rows above it together: is it a total? Then '
                    "take the row out, or call it total.",
                    name=table.values["estate"][row],
                    line=table.lines[row],
                )
            )
    return notes


def _subtotals(table: _Table, totals: Sequence[Row], line: int) -> set[float]:
    """Return the households between a row of totals and the one before it."""
    before = max((other for other, _ in totals if other < line), default=0)
    rows = [row for row, own in enumerate(table.lines) if before < own < line]
    return {sum(float(table.values["households"][row]) for row in rows)}


def _judgement(
    path: Path, faults: Sequence[str], problems: Mapping[int, Sequence[str]], rows: int, advice: Sequence[str]
) -> DistrictError:
    """Put what is wrong with columns and with rows into one message."""
    lines: list[Any] = [
        Sentence("line {line}: {problems}.", line=line, problems=Several(problems[line], _BETWEEN))
        for line in sorted(problems)
    ]
    each = _each_once(problems)
    show = each[:_SHOWN]
    parts: list[Any] = []
    if faults:
        error = DistrictError.listing(Sentence("{path} cannot be read as a district", path=path), list(faults))
        parts.append(error.args[0])
    if lines:
        message = N_("{path}: {count} of {rows} rows cannot be read; the first ten are:")
        if len(lines) > len(each) > len(show):
            message = N_("{path}: {count} of {rows} rows cannot be read; the first ten reasons are:")
        if len(each) == len(show):
            message = N_("{path}: {count} of {rows} rows cannot be read:")
        opening = Sentence(message, path=path, count=len(lines), rows=rows)
        parts.append(Several([opening, *(Sentence("  {line}", line=line) for line in (*show, *advice))], "\n"))
    error = DistrictError(Several(parts, "\n"))
    error.problems = (*faults, *lines)
    return error


def _each_once(problems: Mapping[int, Sequence[str]]) -> list[Any]:
    """Return what is wrong, by line; what several lines have in common is said once, with all of them."""
    common: dict[str, list[int]] = {
        problem: [] for problem, count in Counter(chain(*problems.values())).items() if count > 1
    }
    said: list[tuple[int, Any]] = []
    for line in sorted(problems):
        own = [problem for problem in problems[line] if problem not in common]
        if own:
            said.append((line, Sentence("line {line}: {problems}.", line=line, problems=Several(own, _BETWEEN))))
        for problem in problems[line]:
            if problem in common:
                common[problem].append(line)
    said += [
        (lines[0], Sentence("{lines}: {problem}.", lines=lines_of(lines), problem=problem))
        for problem, lines in common.items()
    ]
    return [sentence for _, sentence in sorted(said, key=itemgetter(0))]
