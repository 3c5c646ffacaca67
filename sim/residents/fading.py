"""What a steady weekly loss leaves of something: ``left ** weeks``, in a table that grows with time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.component import fixed

__all__ = ["Fading"]

_AT_FIRST = 4096
"""Weeks for which the table is made; twice as many whenever a model comes to its end."""


class Fading:
    """Shares left after 0, 1, 2, ... weeks.

    Parameters
    ----------
    left
        Share that a week leaves, in [0, 1].

    Examples
    --------
    >>> Fading(0.5).until(3)[:4].tolist()
    [1.0, 0.5, 0.25, 0.125]
    """

    def __init__(self, left: float) -> None:
        self._left = left
        self._table = self._powers(_AT_FIRST)

    def _powers(self, weeks: int) -> NDArray[np.float32]:
        return fixed((self._left ** np.arange(weeks)).astype(np.float32))

    def until(self, week: int) -> NDArray[np.float32]:
        """Return the shares left after 0 to at least `week` weeks."""
        if week >= self._table.size:
            self._table = self._powers(2 * max(week, self._table.size))
        return self._table
