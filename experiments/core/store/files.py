"""Files that are either whole or absent, in a folder that one process at a time writes to.

A file is written under another name, synced, and renamed into place.  A folder is held by a lock of the system's, which
ends with its process, and a note says which process that is.  The note alone counts where it names another host, since
not every network file system shows one machine the locks of another.
"""

import errno
import io
import json
import os
import platform
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet
from filelock import BaseFileLock, FileLock, SoftFileLock, Timeout

from sim.core.errors import StoreError

TEMPORARY = "gongzhi-store-"
"""How the names of folders begin that are made where none is named, and go when the program ends."""

NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP)
"""What a file system answers that knows no locks."""


def replace_file(path: Path, data: bytes, listed: bool = True) -> None:
    """Write a file so that a reader, even after a power cut, sees the old or the new one whole.

    If `listed`, wait until the folder is on the disk too, unless another file follows that does so for both.
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
        # Not every system lets a folder be opened; where it does not, the rename itself is what there is.
        with suppress(OSError):
            handle = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def remove_leftovers(folder: Path) -> None:
    """Remove what interrupted writes left behind."""
    for path in folder.glob(".*.tmp*"):
        with suppress(OSError):
            path.unlink()


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold a folder, with the note `path` in it; raise StoreError where a running process does."""
    with _explained(path):
        lock = _locked(path)
    try:
        with _explained(path):
            path.write_text(json.dumps({"pid": os.getpid(), "host": platform.node()}), encoding="utf-8")
        yield
    finally:
        # Who is about to lock the file that is removed sees that it is gone, and makes another.
        for file in (path, Path(lock.lock_file)):
            with suppress(OSError):
                file.unlink()
        lock.release()


def _locked(path: Path) -> BaseFileLock:
    lock: BaseFileLock = FileLock(path.with_name(f"{path.name}-guard"))
    try:
        try:
            lock.acquire(timeout=0)
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise
            Path(lock.lock_file).unlink(missing_ok=True)
            lock = SoftFileLock(path.with_name(f"{path.name}-mark"))
            lock.acquire(timeout=0)
        pid, host = _noted(path)
        if host in ("", platform.node()):
            return lock
        lock.release()
    except Timeout:
        pid, host = _noted(path)
    who = f"process {pid}" if host else "another process"
    if host not in ("", platform.node()):
        who += f" on {host}"
    elif pid == os.getpid():
        who += " (this one)"
    raise StoreError(
        f"{path.parent} is in use by {who}. Wait for it to end, or give another folder; if no such process runs any "
        f"more, delete {path}."
    )


def _noted(path: Path) -> tuple[int, str]:
    """Return the process that a note names, and its host; none where there is no such note."""
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        return int(note["pid"]), str(note["host"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"Nothing can be written to {path.parent}: {error.strerror or error}. What was finished is kept; once "
            "there is room, the same command goes on from there."
        ) from None


def to_parquet(frame: pd.DataFrame) -> bytes:
    """Turn a table into the bytes of a Parquet file, without its index.

    Examples
    --------
    >>> table = pd.DataFrame({"week": [0, 1], "conflicts": [0.5, float("nan")], "estate": ["east", "west"]})
    >>> pd.read_parquet(io.BytesIO(to_parquet(table))).equals(table)
    True
    """
    # Numbers of one kind as one block, without statistics and a dictionary of those that occur twice: pandas' way of
    # describing each column takes five times as long.
    columns: dict[str, Any] = {str(name): frame[name] for name in frame.columns}
    for kind in ("float64", "int64"):
        block = frame.loc[:, frame.dtypes == kind]
        columns |= zip(map(str, block.columns), np.ascontiguousarray(block.to_numpy().T), strict=True)
    rest = [name for name, column in columns.items() if isinstance(column, pd.Series)]
    columns = {name: pyarrow.array(column, from_pandas=True) for name, column in columns.items()}
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), buffer, use_dictionary=rest or False, write_statistics=False)
    return buffer.getvalue()


def from_parquet(path: Path, columns: Sequence[str] | None = None) -> pyarrow.Table:
    """Read a Parquet file, whole or some of its columns in their order; a KeyError names one that is not there."""
    with pyarrow.parquet.ParquetFile(path, pre_buffer=False) as file:
        table = file.read(columns=None if columns is None else list(columns), use_threads=False)
    if columns is None:
        return table
    if missing := [name for name in columns if name not in table.column_names]:
        raise KeyError(f"there is no column {missing[0]}")
    return table.select(list(columns))
