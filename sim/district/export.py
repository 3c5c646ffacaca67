"""Writing a district as a table from which the same district can be read again."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from sim.core.errors import DistrictError

__all__ = ["write_table"]


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
    if path.is_dir():
        raise DistrictError(f"{path} is a folder; name a file in it, e.g. {path / 'district.csv'}.")
    cells = [[_cell(value) for value in column.tolist()] for column in columns.values()]
    # Spreadsheets show Chinese names only where a byte order mark tells them that the file is UTF-8.
    plain = all(cell.isascii() for column in cells for cell in column)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8" if plain else "utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(zip(*cells, strict=True))
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise DistrictError(f"{path} cannot be written: {error.strerror}.") from None


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
