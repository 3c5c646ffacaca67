"""Files that are either whole or absent: written under another name, synced, and renamed into place."""

from __future__ import annotations

import hashlib
import io
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["checksum", "remove_leftovers", "replace_file", "to_npz", "to_parquet"]


def replace_file(path: Path, data: bytes) -> None:
    """Write a file so that a reader, even after a power cut, sees the old or the new one whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
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
    for path in folder.glob(".*.tmp"):
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
    """Turn a table into the bytes of a Parquet file."""
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


def to_npz(hours: np.ndarray) -> bytes:
    """Turn hours by week and estate into the bytes of a compressed NumPy file."""
    import numpy as np

    buffer = io.BytesIO()
    np.savez_compressed(buffer, hours=hours)
    return buffer.getvalue()
