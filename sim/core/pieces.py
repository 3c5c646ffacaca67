"""A long table in pieces, so that what is worked out on the way takes no more memory than a piece needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["pieces"]

_MOST: Final = 1 << 15


def pieces(sizes: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield groups in order, some at a time, and the rows of theirs: about 32,768, but always whole groups.

    Parameters
    ----------
    sizes
        Rows of each group, which follow one another, shape (groups,).

    Examples
    --------
    >>> [(groups.tolist(), rows.size) for groups, rows in pieces(np.array([20_000, 9_000, 20_000]))]
    [([0, 1], 29000), ([2], 20000)]
    """
    ends = sizes.cumsum()
    for groups in np.array_split(np.arange(sizes.size), min(sizes.size, 1 + int(ends[-1]) // _MOST)):
        yield groups, np.arange(ends[groups[0]] - sizes[groups[0]], ends[groups[-1]])
