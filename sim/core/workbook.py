"""Workbooks: pages of rows written as .xlsx, numbers as numbers and texts as texts, never as formulas."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from unicodedata import east_asian_width

from sim.core.errors import StoreError
from sim.core.paths import write_whole
from sim.core.sentence import Sentence

__all__ = ["Worksheet", "require_excel", "write_workbook"]

_MOST_ROWS: Final = 1_048_576
_LONGEST: Final = 32_767
_WIDEST: Final = 60
_EXACT: Final = 10**15
_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_TITLES: Final = re.compile(r"[\\/*?:\[\]']")
_MARKED: Final = "FFF2CC"


@dataclass(frozen=True)
class Worksheet:
    """One sheet of a workbook.

    Parameters
    ----------
    title
        Its name.
    header
        First row; none where empty.
    rows
        Below it.
    marked
        Row and column of cells with a coloured ground, counted from 0 below the header.
    choices
        By column, what its cells may hold, offered as a list.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]
    marked: Collection[tuple[int, int]] = ()
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)


def require_excel() -> None:
    """Raise an error where the extra is missing that writes workbooks."""
    try:
        import openpyxl  # noqa: F401
    except ModuleNotFoundError:
        raise StoreError(
            Sentence(
                'Workbooks are written by the extra "excel": install it with {command}, or write CSV.',
                command='pip install "gongzhi[excel]"',
            )
        ) from None


def write_workbook(path: Path, pages: Sequence[Worksheet]) -> Path:
    """Write a workbook, whole or not at all.

    Parameters
    ----------
    path
        The file, replaced if it exists.
    pages
        One at least.

    Raises
    ------
    StoreError
        When it cannot be written, a sheet would have more rows than a workbook can hold, or the extra is missing.
    """
    require_excel()
    for page in pages:
        if len(page.rows) >= _MOST_ROWS:
            raise StoreError(
                Sentence(
                    '{path} cannot be written: sheet "{sheet}" would have {count} rows, more than a workbook can hold. '
                    "The CSV file has them all.",
                    path=path,
                    sheet=page.title,
                    count=f"{len(page.rows):,}",
                )
            )
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    book.remove(book.active)
    ground = PatternFill("solid", fgColor=_MARKED)
    titles: set[str] = set()
    for page in pages:
        sheet = book.create_sheet(_title(page.title, titles))
        first = 1 if page.header else 0
        rows = [page.header, *page.rows] if page.header else list(page.rows)
        for line, cells in enumerate(rows, 1):
            for place, value in enumerate(cells, 1):
                kept = _cell(value)
                if kept is None:
                    continue
                cell = sheet.cell(line, place, kept)
                if isinstance(kept, str):
                    cell.data_type = "s"  # a text that begins with = is no formula
        for place in range(1, len(rows[0]) + 1 if rows else 1):
            texts = [
                str(cells[place - 1]) for cells in rows[:200] if place <= len(cells) and cells[place - 1] is not None
            ]
            width = max((sum(1 + (east_asian_width(sign) in "WF") for sign in text) for text in texts), default=8)
            sheet.column_dimensions[get_column_letter(place)].width = min(max(width + 2, 8), _WIDEST)
            if width > _WIDEST:
                for line in range(1, len(rows) + 1):
                    sheet.cell(line, place).alignment = Alignment(wrap_text=True, vertical="top")
        if first:
            sheet.freeze_panes = "A2"
            for cell in sheet[1]:
                cell.font = Font(bold=True)
        for row, place in page.marked:
            sheet.cell(row + first + 1, place + 1).fill = ground
        for place, choices in page.choices.items():
            allowed = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
            letter = get_column_letter(place + 1)
            allowed.add(f"{letter}2:{letter}20001")
            sheet.add_data_validation(allowed)
    body = io.BytesIO()
    book.save(body)
    try:
        write_whole(path, body.getvalue())
    except OSError as error:
        raise StoreError(Sentence("{path} cannot be written: {reason}.", path=path, reason=error.strerror)) from None
    return path


def _title(text: str, taken: set[str]) -> str:
    """Return a name that a sheet may have and no other has."""
    bare = _NOT_IN_TITLES.sub(" ", text)[:31].strip() or "1"
    title, number = bare, 2
    while title.casefold() in taken:
        title = f"{bare[:27]} {number}"
        number += 1
    taken.add(title.casefold())
    return title


def _cell(value: Any) -> Any:
    """Return a value as a cell takes it: what is no number as an empty cell, and a text without forbidden signs."""
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    if isinstance(value, int) and abs(value) >= _EXACT:
        return str(value)  # a spreadsheet would round it
    if value is None or isinstance(value, bool | int | float):
        return value
    return _FORBIDDEN.sub(" ", str(value))[:_LONGEST]
