"""Fatigue follows load: one law for members, captains and volunteers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["follow_load"]


def follow_load(
    fatigue: NDArray[np.float64],
    used: NDArray[np.float64],
    able: NDArray[np.float64],
    *,
    most: float,
    pace: float,
) -> None:
    """Let fatigue follow load for a week, dF = pace (most load - F), in place.

    Parameters
    ----------
    fatigue
        F, share of hours lost to it, shape (n,).
    used, able
        Hours worked, and hours that there were: their ratio is the load, 0 where there were none.
    most, pace
        F at constant full load in the end, and how fast it comes.

    Examples
    --------
    >>> fatigue = np.zeros(2)
    >>> follow_load(fatigue, np.array([1.0, 0.0]), np.array([2.0, 0.0]), most=0.5, pace=0.2)
    >>> fatigue.tolist()
    [0.05, 0.0]
    """
    step = np.divide(used, able, out=np.zeros(fatigue.size), where=able > 0.0)
    step *= most
    step -= fatigue
    step *= pace
    fatigue += step
