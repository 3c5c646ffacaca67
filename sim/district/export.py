"""Writing a district as a table from which the same district can be read again."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from sim.core.errors import DistrictError
from sim.core.paths import write_whole
from sim.core.sentence import Sentence

__all__ = ["INNER", "cell_text", "require_ending", "write_table", "write_text"]

INNER: Final = ("members_draw",)
"""Columns of a district's own table that no person reads."""
_ENDINGS: Final = (".xlsx", ".csv")


def write_table(columns: Mapping[str, NDArray], path: Path) -> None:
    """Write columns as CSV, whole or not at all.

    Parameters
    ----------
    columns
        By name, all of one length; numbers are written so that they are read back to the last bit, and NaN
        as an empty cell.
    path
        The file, replaced if it exists.

    Raises
    ------
    DistrictError
        When it cannot be written.
    """
    cells = [[cell_text(value) for value in column.tolist()] for column in columns.values()]
    body = io.StringIO()
    writer = csv.writer(body)
    writer.writerow(columns)
    writer.writerows(zip(*cells, strict=True))
    write_text(body.getvalue(), path)


def write_text(text: str, path: Path, marked: bool = True) -> None:
    """Write a text as UTF-8, whole or not at all.

    Parameters
    ----------
    text, path
        The text, and the file, replaced if it exists.
    marked
        Whether it begins with a byte order mark where it is not all ASCII: spreadsheets show Chinese names only then,
        and readers of JSON refuse it.

    Raises
    ------
    DistrictError
        When it cannot be written.
    """
    if path.is_dir():
        raise DistrictError(f"{path} is a folder; name a file in it, e.g. {path / 'district.csv'}.")
    try:
        write_whole(path, text.encode("utf-8-sig" if marked and not text.isascii() else "utf-8"))
    except OSError as error:
        raise DistrictError(f"{path} cannot be written: {error.strerror}.") from None


def require_ending(path: Path) -> None:
    """Raise an error where the name of a table says neither that it is a workbook nor that it is CSV."""
    if path.suffix.casefold() not in _ENDINGS:
        raise DistrictError(
            Sentence("{path} must end in .xlsx or .csv, since a table is written as one of the two.", path=path)
        )


def cell_text(value: Any) -> str:
    """Return a value as a cell of a CSV file: a number to its last digit, NaN as nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
