"""Where results live: in the folder that was named, or in a temporary one that goes when the result does."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path

from experiments.lab.store.store import Store

__all__ = ["PREFIX", "housed"]

PREFIX = "gongzhi-store-"
"""What the name of a temporary folder begins with."""


def housed[Result](folder: str | Path | None, make: Callable[[Store], Result]) -> Result:
    """Make a result that is kept in a store.

    Parameters
    ----------
    folder
        Of the store; None for a temporary one, which goes with the result, or at once if none comes of it.
    make
        Makes the result, given the store.

    Examples
    --------
    >>> class Result:
    ...     def __init__(self, store):
    ...         self.folder = store.folder
    >>> made = housed(None, Result)
    >>> place = made.folder
    >>> place.exists()
    True
    >>> del made
    >>> place.exists()
    False
    """
    if folder is not None:
        return make(Store(folder))
    place = tempfile.mkdtemp(prefix=PREFIX)
    try:
        result = make(Store(place))
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    weakref.finalize(result, shutil.rmtree, place, ignore_errors=True)
    return result
