"""Files that are either whole or absent: written under another name, synced, and renamed into place."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

__all__ = ["checksum", "remove_leftovers", "replace_file"]


def replace_file(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or the next start after a power cut, sees the old or the new one whole."""
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
