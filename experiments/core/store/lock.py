"""One experiment at a time in one folder: a lock that a killed process does not leave behind for good.

The lock is a file that can be created only once and says which process holds it.  A process that was killed
cannot remove it; the next one then sees that the holder is gone and takes over.  Who looks at a lock waits until
others have looked, so that of two who find a dead holder one takes over.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["hold"]


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold the lock file `path`; raise StoreError where a living process does."""
    content = json.dumps({"pid": os.getpid(), "host": platform.node(), "born": _born(os.getpid())})
    with _in_turn(path.parent):
        _acquire(path, content)
    try:
        yield
    finally:
        # A person may have removed the lock, and another process taken its place.
        with suppress(OSError):
            if path.read_text(encoding="utf-8") == content:
                path.unlink()


@contextmanager
def _in_turn(folder: Path) -> Iterator[None]:
    """Wait for other processes that look at the lock of a folder; where a system cannot, do not wait."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        # Some network file systems know no such locks.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _acquire(path: Path, content: str) -> None:
    from sim.errors import StoreError

    for _ in range(3):
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            holder = _holder(path)
            if holder is not None:
                raise StoreError(
                    f"{path.parent} is in use by process {holder}. Wait for it to end, or give another "
                    f"folder; if no such process runs any more, delete {path}."
                ) from None
            with suppress(FileNotFoundError):
                path.unlink()
            continue
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(content)
        except OSError as error:
            with suppress(OSError):
                path.unlink()
            raise StoreError(
                f"Nothing can be written to {path.parent}: {error.strerror or error}. What was finished is kept; once "
                "there is room, the same command goes on from there."
            ) from None
        return
    raise StoreError(f"{path} comes back as soon as it is removed: another process is starting here.")


def _holder(path: Path) -> str | None:
    """Name the living process that holds the lock, or return None where it is gone."""
    found = _read(path)
    if found is None:
        # Either being written this moment, or its holder was killed between creating and writing it.
        time.sleep(0.2)
        found = _read(path)
    if found is None:
        return None
    pid, host, born = found
    if host != platform.node():
        return f"{pid} on {host}"
    if pid == os.getpid():
        return f"{pid} (this one)"
    return str(pid) if _alive(pid) and _born(pid) == born else None


def _read(path: Path) -> tuple[int, str, str] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return int(found["pid"]), str(found["host"]), str(found["born"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _alive(pid: int) -> bool:
    if os.name == "nt":
        # On Windows os.kill(pid, 0) would end the process, so a lock there is trusted.
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _born(pid: int) -> str:
    """Return when a process started, in the system's ticks: a later one with its number differs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
