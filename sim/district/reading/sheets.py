"""Sheets: rows of cells as they stand in a CSV file, a workbook or a pandas table, each with its line.

Nothing is understood here.  A cell of a CSV file is a text; one of a workbook may be a number, a date or a switch, and
what is merged, hidden or a formula that nobody has worked out is written down beside the rows.
"""

from __future__ import annotations

import csv
import io
import os
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from sim.core.errors import DistrictError, nearest
from sim.core.message_catalogue import N_
from sim.core.paths import expanded
from sim.core.sentence import Sentence, Several
from sim.district.columns import COLUMNS

__all__ = ["Raw", "Row", "Sheet", "filled", "joined", "open_sheets", "quoted"]

Raw = Any
"""A text, a number, a switch, a date, or None."""
Row = tuple[int, list[Raw]]

_MOST_BYTES: Final = 500_000_000
_MOST_MERGED: Final = 2_000_000
_MERGED: Final = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"""
)
_LONGEST: Final = 40


@dataclass(frozen=True)
class Sheet:
    """Rows that hold anything, and what is odd about them.

    Parameters
    ----------
    path
        The file.
    rows
        Line in the file and cells, of every row that is not blank.
    name
        Of the sheet; empty for a CSV file.
    merged
        First and last line and column of the ranges of cells that are one.
    hidden
        Lines that are not shown.
    uncomputed
        Line and column of formulas whose value the file does not hold.
    """

    path: Path
    rows: list[Row]
    name: str = ""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: frozenset[int] = frozenset()
    uncomputed: frozenset[tuple[int, int]] = frozenset()


def filled(cell: Raw) -> bool:
    """Return whether a cell holds anything."""
    return cell is not None and not (isinstance(cell, str) and not cell.strip())


def quoted(cell: Raw) -> str:
    """Return a cell in quotes, shortened."""
    text = " ".join(str(cell).split())
    return Sentence('"{text}"', text=text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "...")


def joined(names: Sequence[str]) -> Sentence | Several:
    """List names, the first thirty."""
    shown = [quoted(name)[1:-1] for name in names if name]
    listed = Several(shown[:30], N_(", "))
    return Sentence("{list} and {count} more", list=listed, count=len(shown) - 30) if len(shown) > 30 else listed


def open_sheets(
    given: Any, sheet: str | None, suits: Callable[[Sheet], bool], resembles: Callable[[Sheet], bool] | None = None
) -> Sheet:
    """Open a table.

    Parameters
    ----------
    given
        The file, or a pandas table.
    sheet
        Of a workbook, the sheet by its name; where not given, the only one that suits.
    suits
        Whether a sheet looks like a table of estates.
    resembles
        Whether it looks like one that lacks something: read where it is the only one, so that what it lacks is said.

    Raises
    ------
    DistrictError
        When there is nothing that could be read.
    """
    if hasattr(given, "to_csv") and hasattr(given, "columns"):
        # An index that has a name is a column, unless there is one of that name, which then is the one that is meant.
        named = given.reset_index() if given.index.name and given.index.name not in given.columns else given
        return _from_text(Path("table"), str(named.to_csv(index=False)))
    if not isinstance(given, str | os.PathLike):
        raise DistrictError(
            Sentence(
                "{type} is not a table of estates. Give the path of a CSV file or a pandas table with a row for each "
                "estate and the columns {columns}.",
                type=type(given).__name__,
                columns=", ".join(name for name, column in COLUMNS.items() if column.required),
            )
        )
    path = expanded(given)  # type: ignore[arg-type]
    raw = _bytes(path)
    if raw.startswith(b"PK\x03\x04"):
        return _from_workbook(path, raw, sheet, suits, resembles)
    if sheet is not None:
        raise DistrictError(Sentence("{path} is not a workbook and has no sheets: leave out --sheet.", path=path))
    return _from_text(path, _text(path, raw))


def _bytes(path: Path) -> bytes:
    try:
        if not path.exists():
            home = path.parent
            beside = [other.name for end in ("csv", "xlsx") for other in home.glob(f"*.{end}")] if home.is_dir() else []
            hint = nearest(path.name, beside)
            raise DistrictError(Sentence("{path}: there is no such file.{hint}", path=path, hint=hint))
        if path.is_dir():
            raise DistrictError(Sentence("{path} is a folder; name a CSV file in it.", path=path))
        if not path.is_file():
            raise DistrictError(
                Sentence("{path} is not an ordinary file; save the table as a CSV file first.", path=path)
            )
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, DistrictError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise DistrictError(Sentence("{path} cannot be read: {reason}.", path=path, reason=reason)) from None
    if not raw.strip():
        raise DistrictError(Sentence("{path} is empty; it needs a header and one row for each estate.", path=path))
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise DistrictError(
            Sentence(
                "{path} is a workbook that is protected by a password or in the old format .xls: open it, remove the "
                "password, and save it as .xlsx or as CSV (UTF-8).",
                path=path,
            )
        )
    return raw


def _text(path: Path, raw: bytes) -> str:
    """Decode the file."""
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DistrictError(Sentence("{path} is neither UTF-8 nor GB18030 text; save it as CSV (UTF-8).", path=path))


def _from_text(path: Path, text: str) -> Sheet:
    """Split a text into the rows that hold anything, each with its line in the file."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    if not first.count(separator):  # a title above the header
        separator = max(",;\t", key=text[:20_000].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, [*cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise DistrictError(
            Sentence("{path}, line {line}: not a CSV file ({error}).", path=path, line=reader.line_num, error=error)
        ) from None
    return Sheet(path, rows)


def _from_workbook(
    path: Path,
    raw: bytes,
    sheet: str | None,
    suits: Callable[[Sheet], bool],
    resembles: Callable[[Sheet], bool] | None = None,
) -> Sheet:
    sheets = _sheets_of(path, raw)
    if sheet is not None:
        names = [one.name for one, _ in sheets]
        if sheet not in names:
            raise DistrictError(
                Sentence(
                    '{path} has no sheet "{sheet}".{hint} It has: {names}.',
                    path=path,
                    sheet=sheet,
                    hint=nearest(sheet, names),
                    names=joined(names),
                )
            )
        return next(one for one, _ in sheets if one.name == sheet)
    used = [one for one, shown in sheets if shown and one.rows]
    likely = [one for one in used if suits(one)]
    if len(likely) > 1:
        raise DistrictError(
            Sentence(
                "{path} has several sheets that could be the table of estates: {names}. Name one with --sheet, e.g. "
                '--sheet "{first}".',
                path=path,
                names=joined([one.name for one in likely]),
                first=likely[0].name,
            )
        )
    if not likely and resembles is not None:
        near = [one for one in used if resembles(one)]
        likely = near if len(near) == 1 else []
    if not likely and len(used) > 1:
        raise DistrictError(
            Sentence(
                "{path} has no sheet with the columns of a table of estates; its sheets are {names}. Name one with "
                '--sheet, e.g. --sheet "{first}", to see what it lacks.',
                path=path,
                names=joined([one.name for one in used]),
                first=used[0].name,
            )
        )
    if not used:
        raise DistrictError(Sentence("{path} is empty; it needs a header and one row for each estate.", path=path))
    return (likely or used)[0]


def _sheets_of(path: Path, raw: bytes) -> list[tuple[Sheet, bool]]:
    """Return all sheets of a workbook, and whether each is shown."""
    formulas = _require_workbook(path, raw)
    try:
        import openpyxl
    except ModuleNotFoundError:
        raise DistrictError(
            Sentence(
                '{path} is a workbook, which only the extra "excel" can read: install it with {command}, or save the '
                "sheet as CSV (UTF-8).",
                path=path,
                command='pip install "gongzhi[excel]"',
            )
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that are not understood, and are not needed
            book = openpyxl.load_workbook(io.BytesIO(raw), data_only=True)
            written = openpyxl.load_workbook(io.BytesIO(raw)) if formulas else None
    except Exception as error:
        raise DistrictError(
            Sentence(
                "{path} is a workbook that cannot be read ({error}): open it and save it again, or save the sheet as "
                "CSV (UTF-8).",
                path=path,
                error=f"{type(error).__name__}: {error}",
            )
        ) from None
    sheets = []
    for page in book.worksheets:
        sheet = _sheet_of(path, page)
        if written is not None:
            sheet = replace(sheet, uncomputed=_uncomputed(page, written[page.title]))
        sheets.append((sheet, page.sheet_state == "visible"))
    return sheets


def _require_workbook(path: Path, raw: bytes) -> bool:
    """Refuse what is no workbook; return whether it holds formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            names = packed.namelist()
            if "xl/workbook.xml" not in names:
                raise DistrictError(
                    Sentence(
                        "{path} is a packed file that is not an Excel workbook (.xlsx): open it where it was made, and "
                        "save it as .xlsx or as CSV (UTF-8).",
                        path=path,
                    )
                )
            if sum(part.file_size for part in packed.infolist()) > _MOST_BYTES:
                raise DistrictError(
                    Sentence("{path} is a workbook of more than 500 MB: save the one sheet as CSV (UTF-8).", path=path)
                )
            pages = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
            formulas = False
            for name in pages:
                page = packed.read(name)
                formulas |= b"<f" in page
                _require_small_merges(page)
            return formulas
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        if isinstance(error, DistrictError):
            raise
        raise DistrictError(
            Sentence(
                "{path} is a workbook that cannot be read ({error}): open it and save it again, or save the sheet as "
                "CSV (UTF-8).",
                path=path,
                error=error,
            )
        ) from None


def _require_small_merges(page: bytes) -> None:
    """Raise a ValueError where merged cells cover more than any table: each of them is made when a sheet is opened."""
    covered = 0
    for area in _MERGED.findall(page):
        left, first, right, last = (_number(part) if part.isalpha() else int(part) for part in area)
        covered += (abs(last - first) + 1) * (abs(right - left) + 1)
    if covered > _MOST_MERGED:
        raise ValueError(f"{covered:,} cells are merged")


def _number(letters: bytes) -> int:
    """Return the number of a column, 1 for A."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _sheet_of(path: Path, page: Any) -> Sheet:
    # Only cells that there are: a colour in the last row and column would otherwise make a billion empty ones.
    lines: dict[int, dict[int, Raw]] = {}
    for (line, place), cell in page._cells.items():
        if filled(cell.value):
            lines.setdefault(line, {})[place] = cell.value
    rows = [(line, [cells.get(place) for place in range(1, max(cells) + 1)]) for line, cells in sorted(lines.items())]
    merged = [(area.min_row, area.max_row, area.min_col - 1, area.max_col - 1) for area in page.merged_cells.ranges]
    hidden = frozenset(line for line, shape in page.row_dimensions.items() if shape.hidden)
    return Sheet(path, rows, page.title, sorted(merged), hidden & lines.keys())


def _uncomputed(page: Any, formulas: Any) -> frozenset[tuple[int, int]]:
    """Return where a sheet has formulas and the same sheet, read for its values, has none."""
    known = {place for place, cell in page._cells.items() if cell.value is not None}
    places = {place for place, cell in formulas._cells.items() if cell.data_type == "f"} - known
    return frozenset((line, column - 1) for line, column in places)
