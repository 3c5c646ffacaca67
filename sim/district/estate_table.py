"""A user's own district: a CSV file with one row for each estate, read whole and judged whole.

The file may be in UTF-8, with or without a byte order mark, or in GB18030, with commas, semicolons or tabs,
and with English or Chinese column names.  Whatever is wrong with it is said in one message: all bad rows
are counted and the first ten shown, each with its line in the file, the column, the value, and what is
allowed.
"""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.core.errors import DistrictError, nearest
from sim.core.paths import expanded
from sim.district.checks import Findings, check_rows
from sim.district.columns import COLUMNS, MOST_ESTATES, Cell, Column
from sim.district.ground import GroundSection
from sim.district.projection import flatten

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_table"]

Row = tuple[int, list[str]]


def read_table(
    path: str | Path | pd.DataFrame,
    columns: Mapping[str, str] | None = None,
    ground: GroundSection | None = None,
) -> tuple[dict[str, list[Cell]], list[str]]:
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

    Returns
    -------
    tuple
        Values by column name for a `Draft`, and notes on how the file was read.

    Raises
    ------
    DistrictError
        One message with everything that is wrong.
    """
    path, text = _source(path)
    header, rows = _rows(path, text)
    if not isinstance(columns, Mapping | None):
        raise DistrictError(f'columns = {columns!r} must be a dictionary, e.g. {{"estate": "its name in the table"}}.')
    at, unread = _find(path, header, dict(columns or {}))
    values: dict[str, list[Cell]] = {name: [] for name in at}
    problems: dict[int, list[str]] = {}
    for line, cells in rows:
        # Empty cells beyond the header are a spreadsheet's habit; anything else may be a shifted row.
        sound = len(cells) >= len(header) and not any(cell.strip() for cell in cells[len(header) :])
        if not sound:
            problems[line] = [f"the row has {len(cells)} cells where the header has {len(header)}"]
        for name, place in at.items():
            column = COLUMNS[name]
            value = column.nothing
            if sound:
                try:
                    value = column.read(cells[place])
                except ValueError:
                    problems.setdefault(line, []).append(_rejected(header[place], cells[place], column))
            values[name].append(value)
    lines = [line for line, _ in rows]
    adults = (GroundSection() if ground is None else ground).adults_per_household
    check_rows(Findings(values, {name: header[place] for name, place in at.items()}, lines, problems, adults))
    if problems:
        raise _judgement(path, problems, len(rows))
    return values, [f"Read {len(rows)} estates from {path.name}.", *unread, *flatten(values)]


def _source(given: Any) -> tuple[Path, str]:
    """Return the name of a table and its text: of a file, or of a pandas table."""
    if hasattr(given, "to_csv") and hasattr(given, "columns"):
        named = given.reset_index() if given.index.name else given
        return Path("table"), str(named.to_csv(index=False))
    if not isinstance(given, str | os.PathLike):
        raise DistrictError(
            f"{type(given).__name__} is not a table of estates. Give the path of a CSV file or a pandas table with a "
            f"row for each estate and the columns {', '.join(n for n, column in COLUMNS.items() if column.required)}."
        )
    path = expanded(given)  # type: ignore[arg-type]
    return path, _text(path)


def _text(path: Path) -> str:
    """Read and decode the file."""
    try:
        if not path.exists():
            beside = [other.name for other in path.parent.glob("*.csv")] if path.parent.is_dir() else []
            raise DistrictError(f"{path}: there is no such file.{nearest(path.name, beside)}")
        if path.is_dir():
            raise DistrictError(f"{path} is a folder; name a CSV file in it.")
        if not path.is_file():
            raise DistrictError(f"{path} is not an ordinary file; save the table as a CSV file first.")
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, DistrictError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise DistrictError(f"{path} cannot be read: {reason}.") from None
    if not raw.strip():
        raise DistrictError(f"{path} is empty; it needs a header and one row for each estate.")
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise DistrictError(f"{path} is a workbook, not a CSV file; save the sheet as CSV (UTF-8) first.")
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DistrictError(f"{path} is neither UTF-8 nor GB18030 text; save it as CSV (UTF-8).")


def _rows(path: Path, text: str) -> tuple[list[str], list[Row]]:
    """Split the text into a header and the rows that hold anything, each with its line in the file."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise DistrictError(f"{path}, line {reader.line_num}: not a CSV file ({error}).") from None
    if not rows:
        raise DistrictError(f"{path} holds only blanks; it needs a header and one row for each estate.")
    header = [" ".join(cell.split()) for cell in rows.pop(0)[1]]
    while header and not header[-1]:
        header.pop()
    if len(rows) > MOST_ESTATES:
        raise DistrictError(f"{path} has {len(rows)} rows; a district has at most {MOST_ESTATES} estates.")
    twice = [name for name, count in Counter(name for name in header if name).items() if count > 1]
    if twice:
        raise DistrictError(
            f"{path}: every column needs a name of its own; {_listed(twice)} "
            f"{'stands' if len(twice) == 1 else 'stand'} in the header more than once."
        )
    if not rows:
        raise DistrictError(f"{path} has a header but no rows; it needs one row for each estate.")
    return header, rows


def _find(path: Path, header: list[str], mapping: dict[str, str]) -> tuple[dict[str, int], list[str]]:
    """Find the place of every column of ours, and note which of the file's columns are not read."""
    problems: list[str] = []
    at: dict[str, int] = {}
    for ours, theirs in mapping.items():
        if ours not in COLUMNS:
            problems.append(
                f'"{ours}" is not a column of a district.{nearest(str(ours), COLUMNS)} There are: {", ".join(COLUMNS)}.'
            )
        elif " ".join(str(theirs).split()) not in header:
            problems.append(
                f'{ours} is mapped to "{theirs}", which the file does not have.'
                f"{nearest(str(theirs), header)} It has: {_listed(header)}."
            )
        else:
            at[ours] = header.index(" ".join(str(theirs).split()))
    for place, times in Counter(at.values()).items():
        if times > 1:
            who = " and ".join(ours for ours, other in at.items() if other == place)
            problems.append(f'{who} are mapped to the same column "{header[place]}".')
    names = {name.casefold(): ours for ours, column in COLUMNS.items() for name in (ours, *column.also)}
    taken = set(at.values())
    for place, name in enumerate(header):
        found = names.get(name.casefold())
        if found is None or found in mapping or place in taken:
            continue
        if found in at:
            problems.append(f'"{header[at[found]]}" and "{name}" are both read as {found}; map the right one.')
        at[found] = place
    for ours, column in COLUMNS.items():
        if column.required and ours not in at and ours not in mapping:
            problems.append(_lacking(ours, header, set(at.values())))
    if problems:
        raise DistrictError.listing(f"{path} cannot be read as a district", problems)
    return at, _unread(header, at)


def _lacking(ours: str, header: list[str], taken: set[int]) -> str:
    """Say that a required column is missing, and how to name it."""
    free = [name for place, name in enumerate(header) if name and place not in taken]
    like = [name for name in free if ours in name.casefold()] or free
    guess = nearest(ours, like)
    if not guess and like != free:
        guess = f' Did you mean "{like[0]}"?'
    example = guess.split('"')[1] if guess else "its name in the file"
    also = ", ".join(COLUMNS[ours].also)
    return (
        f"there is no column {ours} ({also}).{guess} The file has: {_listed(header)}. "
        f'Map it with columns={{"{ours}": "{example}"}}, or --map {ours}="{example}".'
    )


def _unread(header: Sequence[str], at: Mapping[str, int]) -> list[str]:
    """Note the columns of the file that were passed over, with what they might have been."""
    used = set(at.values())
    free = [name for place, name in enumerate(header) if name and place not in used]
    if not free:
        return []
    note = f"Not read: {_listed(free)}."
    open_names = [ours for ours in COLUMNS if ours not in at]
    hints = []
    for ours in open_names:
        like = [name for name in free if ours in name.casefold().replace("-", "_").split("_")]
        if len(like) == 1:
            hints.append(f"{ours}={like[0]}")
    return [note + (f" Map what belongs to the district, e.g. {', '.join(hints)}." if hints else "")]


def _judgement(path: Path, problems: Mapping[int, list[str]], rows: int) -> DistrictError:
    """Put the bad rows into one message."""
    lines = [f"line {line}: {'; '.join(found)}." for line, found in sorted(problems.items())]
    show = lines[:10]
    opening = f"{path}: {len(lines)} of {rows} rows cannot be read"
    opening += "; the first ten are" if len(lines) > len(show) else ""
    error = DistrictError("\n".join([f"{opening}:", *(f"  {text}" for text in show)]))
    error.problems = tuple(lines)
    return error


def _rejected(name: str, cell: str, column: Column) -> str:
    """Say what a cell holds and what it may hold."""
    if not cell.strip():
        return f"{name} is empty; it must be {column.allowed}"
    return f"{name} = {_shown(cell)} must be {column.allowed}"


def _shown(cell: str) -> str:
    text = " ".join(cell.split())
    return '"' + (text if len(text) <= 40 else text[:37] + "...") + '"'


def _listed(names: Sequence[str]) -> str:
    shown = [_shown(name)[1:-1] for name in names if name]
    return ", ".join(shown[:30]) + (f" and {len(shown) - 30} more" if len(shown) > 30 else "")
