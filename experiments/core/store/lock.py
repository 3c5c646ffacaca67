"""One experiment at a time in one folder: a lock of the system's, which ends with the process that holds it.

A note beside it says which process that is.  The note alone counts where it names another host, since not every network
file system shows one machine the locks of another.
"""

from __future__ import annotations

import errno
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = ["hold"]

NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP)
"""What a file system answers that knows no locks."""


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold a folder, with the note `path` in it; raise StoreError where a living process does."""
    try:
        lock = _locked(path)
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        try:
            path.write_text(json.dumps({"pid": os.getpid(), "host": platform.node()}), encoding="utf-8")
        except OSError as error:
            raise _unwritable(path, error) from None
        yield
    finally:
        # Who is about to lock the file that is removed sees that it is gone, and makes another.
        for file in (path, Path(lock.lock_file)):
            with suppress(OSError):
                file.unlink()
        lock.release()


def _locked(path: Path) -> BaseFileLock:
    from filelock import FileLock, SoftFileLock, Timeout

    from sim.errors import StoreError

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
        found = json.loads(path.read_text(encoding="utf-8"))
        return int(found["pid"]), str(found["host"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""


def _unwritable(path: Path, error: OSError) -> Exception:
    from sim.errors import StoreError

    return StoreError(
        f"Nothing can be written to {path.parent}: {error.strerror or error}. What was finished is kept; once there is "
        "room, the same command goes on from there."
    )
