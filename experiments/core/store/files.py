"""Files that are either whole or absent: written under another name, synced, and renamed into place."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow

__all__ = ["TEMPORARY", "checksum", "from_parquet", "remove_leftovers", "replace_file", "to_npz", "to_parquet"]

TEMPORARY = "gongzhi-store-"
"""How the names of folders begin that are made where none is named, and go when the program ends."""


def replace_file(path: Path, data: bytes, listed: bool = True) -> None:
    """Write a file so that a reader, even after a power cut, sees the old or the new one whole.

    Parameters
    ----------
    path, data
        Where, and what.
    listed
        Wait until the folder is on the disk too; False where another file follows that does so for both.
    """
    # Two processes may write one file at once, on one machine or on two: each writes one of its own first.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    if listed:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    # Not every system lets a folder be opened; where it does not, the rename itself is what there is.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove_leftovers(folder: Path) -> None:
    """Remove what interrupted writes left behind."""
    for path in folder.glob(".*.tmp*"):
        with suppress(OSError):
            path.unlink()


def checksum(data: bytes) -> str:
    """Return the SHA-256 of some bytes.

    Examples
    --------
    >>> checksum(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(data).hexdigest()


def to_parquet(frame: pd.DataFrame) -> bytes:
    """Turn a table into the bytes of a Parquet file, without its index.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"week": [0, 1], "conflicts": [0.5, float("nan")], "estate": ["east", "west"]})
    >>> pd.read_parquet(io.BytesIO(to_parquet(table))).equals(table)
    True
    """
    import numpy as np
    import pyarrow
    import pyarrow.parquet

    # Numbers of one kind as one block, without statistics and a dictionary of those that occur twice: pandas' way of
    # describing each column takes five times as long.
    columns: dict[str, pyarrow.Array] = dict.fromkeys(map(str, frame.columns))
    for kind in (np.dtype("float64"), np.dtype("int64")):
        block = frame.loc[:, [found == kind for found in frame.dtypes]]
        for name, values in zip(block.columns, np.ascontiguousarray(block.to_numpy().T), strict=True):
            columns[str(name)] = pyarrow.array(values, from_pandas=True)
    others = [name for name, column in columns.items() if column is None]
    columns |= {name: pyarrow.array(frame[name], from_pandas=True) for name in others}
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), buffer, use_dictionary=others or False, write_statistics=False)
    return buffer.getvalue()


def from_parquet(path: Path, columns: Sequence[str] | None = None) -> pyarrow.Table:
    """Read a Parquet file, whole or some of its columns, in their order.

    Raises
    ------
    KeyError
        Naming the first column that is not there.
    """
    import pyarrow.parquet

    wanted = None if columns is None else list(columns)
    with pyarrow.parquet.ParquetFile(path, pre_buffer=False) as file:
        table = file.read(columns=wanted, use_threads=False)
    missing = [name for name in wanted or () if name not in table.column_names]
    if missing:
        raise KeyError(f"there is no column {missing[0]}")
    return table if wanted is None else table.select(wanted)


def to_npz(hours: np.ndarray) -> bytes:
    """Turn hours by week and estate into the bytes of a compressed NumPy file."""
    import numpy as np

    buffer = io.BytesIO()
    np.savez_compressed(buffer, hours=hours)
    return buffer.getvalue()
