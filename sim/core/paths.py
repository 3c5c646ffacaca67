"""Paths as people write them, `~` being the home folder also where no shell has seen it; and files that are whole."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from sim.core.errors import PathError

__all__ = ["expanded", "named_file", "write_whole"]


def expanded(path: str | Path) -> Path:
    """Return a path with `~` and `~name` in its place; a name that nobody has stays as it is, as in a shell.

    Examples
    --------
    >>> expanded("~/results") == Path.home() / "results", str(expanded("results/~old"))
    (True, 'results/~old')

    Raises
    ------
    PathError
        When it is no path at all.
    """
    if not isinstance(path, str | os.PathLike):
        raise PathError(f'{path!r} is no path; give the name of a file or folder as a text, e.g. "results/mine".')
    path = Path(path)
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def named_file(path: str | Path) -> Path:
    """Return a path as `expanded` does, of a file that has a name.

    Raises
    ------
    PathError
        When it has none, as a folder such as ``"."``.
    """
    file = expanded(path)
    if not file.name:
        raise PathError(f'"{path}" is no name of a file, but a folder.')
    return file


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is whole, or as it was before; an OSError or ValueError says why it cannot be."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError, ValueError):  # a path that is itself impossible leaves nothing to clean up
            unfinished.unlink(missing_ok=True)
        raise
