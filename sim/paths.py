"""Paths as people write them: `~` is the home folder also where no shell has seen it, as in quotes or in a file."""

from __future__ import annotations

from pathlib import Path

__all__ = ["expanded"]


def expanded(path: str | Path) -> Path:
    """Return a path with `~` and `~name` in its place; a name that nobody has stays as it is, as in a shell.

    Examples
    --------
    >>> expanded("~/results") == Path.home() / "results", str(expanded("results/~old"))
    (True, 'results/~old')
    """
    path = Path(path)
    try:
        return path.expanduser()
    except RuntimeError:
        return path
