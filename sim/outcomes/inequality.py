"""For whom: the spread of satisfaction and trust, and what different groups of estates live through.

A mean that falls may hide a group for which it rises.  Estates are grouped by kind, and halved by size, fee and age;
satisfaction and trust are given with the level that the worst-off tenth of adults does not reach, and with Gini's
index over the adults' estates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.component import fixed
from sim.core.codes import INSTITUTIONS
from sim.district import EstateKind

if TYPE_CHECKING:
    from sim.district import District

__all__ = ["BURDENS", "FEELINGS", "GROUPS", "SPREAD", "Spread", "low_and_uneven"]

GROUPS: Final = ("commodity", "village", "building", "small", "large", "cheap", "dear", "old", "new")
"""Groups of estates, by kind, size, fee and age; an estate belongs to one of each sort."""

BURDENS: Final = ("conflicts", "standing")
FEELINGS: Final = ("satisfaction", *(f"trust_{name}" for name in INSTITUTIONS))

SPREAD: Final = (
    *(f"{name}_p10" for name in FEELINGS),
    *(f"{name}_gini" for name in FEELINGS),
    *(f"{burden}_{group}" for burden in BURDENS for group in GROUPS),
)
"""What is measured here, in order."""


def low_and_uneven(
    values: NDArray[np.float64], weights: NDArray[np.float64], share: float = 0.1
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Value that the worst-off do not exceed, and Gini's index, for each row.

    Parameters
    ----------
    values
        Not negative, shape (rows, n).
    weights
        Shape (n,), with sum 1.
    share
        Of the weight; the first result is the smallest value that at least this share does not exceed.

    Examples
    --------
    >>> low, uneven = low_and_uneven(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([0.5, 0.5]))
    >>> low.tolist(), uneven.tolist()
    ([0.0, 1.0], [0.5, 0.0])
    """
    rows = np.arange(len(values))
    order = values.argsort(axis=1)
    ordered, part = values[rows[:, None], order], weights[order]
    below = part.cumsum(axis=1)
    low = ordered[rows, (below >= share * (1.0 - 1e-12)).argmax(axis=1)]
    part *= ordered
    total = part.sum(axis=1)
    # Gini's index is the sum of w_i x_i (2 F_i - w_i - 1) over the sum of w_i x_i, F the weight up to and with i.
    below *= 2.0
    below -= weights[order]
    below -= 1.0
    unequal = np.einsum("ij,ij->i", part, below)
    return low, np.divide(unequal, total, out=np.zeros(rows.size), where=total > 0.0)


class Spread:
    """Groups and weights of a district, which never change.

    Parameters
    ----------
    district
        The ground.
    """

    def __init__(self, district: District) -> None:
        def halves(values: NDArray) -> list[NDArray[np.bool_]]:
            # Ties go by identity, so that halves are halves whatever the values and the order of rows.
            rank = np.lexsort((district.identity, values)).argsort()
            upper = rank >= (values.size + 1) // 2
            return [~upper, upper]

        kinds = [district.kind == kind for kind in EstateKind]
        splits = [half for values in (district.households, district.fee, district.year) for half in halves(values)]
        groups = np.array([*kinds, *splits], dtype=float)
        households = groups @ district.households / 1000.0
        self._rates = fixed(groups / np.where(households > 0.0, households, np.nan)[:, None])
        self._adults = fixed(district.adults / district.adults.sum())

    def measures(self, burdens: NDArray, feelings: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the columns of `SPREAD` for many weeks at once, shape (weeks, columns).

        Parameters
        ----------
        burdens
            Each week's conflicts and standing disputes, shape (weeks, 2, estates).
        feelings
            Mean satisfaction, and mean trust in each institution, shape (weeks, 5, estates).

        Notes
        -----
        The rate of a group without an estate is NaN.
        """
        weeks, kinds, estates = feelings.shape
        low, uneven = low_and_uneven(feelings.reshape(-1, estates).astype(np.float64), self._adults)
        rates = burdens @ self._rates.T
        return np.hstack([low.reshape(weeks, kinds), uneven.reshape(weeks, kinds), rates.reshape(weeks, -1)])
