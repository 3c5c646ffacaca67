"""Writing a district as a table from which the same district can be read again."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from sim.core.errors import DistrictError

__all__ = ["cell_text", "write_table", "write_text"]


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


def write_text(text: str, path: Path) -> None:
    """Write a text as UTF-8, whole or not at all.

    Raises
    ------
    DistrictError
        When it cannot be written.
    """
    if path.is_dir():
        raise DistrictError(f"{path} is a folder; name a file in it, e.g. {path / 'district.csv'}.")
    # Spreadsheets show Chinese names only where a byte order mark tells them that the file is UTF-8.
    plain = text.isascii() or path.suffix == ".geojson"
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8" if plain else "utf-8-sig", newline="")
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise DistrictError(f"{path} cannot be written: {error.strerror}.") from None


def cell_text(value: Any) -> str:
    """Return a value as a cell of a CSV file: a number to its last digit, NaN as nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
