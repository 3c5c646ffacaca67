"""For whom: the spread of satisfaction and trust, and what different groups of estates live through.

A mean that falls may hide a group for which it rises.  Estates are grouped by kind, and halved by size, fee and age;
satisfaction and trust are given with the level that the worst-off tenth of adults does not reach, and with Gini's
index over the adults' estates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.district import EstateKind
from sim.room import fixed
from sim.terms import INSTITUTIONS

if TYPE_CHECKING:
    from sim.district import District

__all__ = ["SPREAD", "Spread", "gini", "quantile"]

GROUPS: Final = {
    "commodity": "commodity housing",
    "village": "urban villages",
    "building": "single buildings",
    "small": "the smaller half of estates",
    "large": "the larger half of estates",
    "cheap": "the half of estates with lower fees",
    "dear": "the half of estates with higher fees",
    "old": "the older half of estates",
    "new": "the newer half of estates",
}
"""Groups of estates, by kind, size, fee and age; an estate belongs to one of each sort."""

BURDENS: Final = ("conflicts", "unresolved")
FEELINGS: Final = ("satisfaction", *(f"trust_{name}" for name in INSTITUTIONS))

SPREAD: Final[dict[str, tuple[str, str]]] = {
    **{f"{name}_p10": ("0 to 1", f"{name.replace('_', ' in the ')}: mean that a tenth of adults' estates do not reach")
       for name in FEELINGS},
    **{f"{name}_gini": ("0 to 1", f"{name.replace('_', ' in the ')}: Gini's index over the means of adults' estates")
       for name in FEELINGS},
    **{f"{burden}_{group}": ("per 1,000 households and week", f"{burden} in {words}")
       for burden in BURDENS for group, words in GROUPS.items()},
}


def quantile(values: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Smallest value that at least `share` of the weight does not exceed, for each row.

    Examples
    --------
    >>> quantile(np.array([[0.2, 0.6, 0.4]]), np.array([1.0, 1.0, 2.0]), 0.5).tolist()
    [0.4]
    """
    order = values.argsort(axis=1)
    reached = weights[order].cumsum(axis=1) >= share * weights.sum() * (1.0 - 1e-12)
    return np.take_along_axis(values, order, axis=1)[np.arange(len(values)), reached.argmax(axis=1)]


def gini(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gini's index of non-negative values with weights, for each row; 0 where all are 0.

    Examples
    --------
    >>> gini(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([1.0, 1.0])).tolist()
    [0.5, 0.0]
    """
    order = values.argsort(axis=1)
    ordered, part = np.take_along_axis(values, order, axis=1), (weights / weights.sum())[order]
    below = part.cumsum(axis=1)
    total = (part * ordered).sum(axis=1)
    unequal = (part * ordered * (2.0 * below - part - 1.0)).sum(axis=1)
    return np.divide(unequal, total, out=np.zeros(len(values)), where=total > 0.0)


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
        self._adults = fixed(district.adults.astype(np.float64))

    def measures(self, burdens: NDArray, feelings: NDArray[np.float64]) -> dict[str, float]:
        """Return the columns of `SPREAD`.

        Parameters
        ----------
        burdens
            The week's conflicts and unresolved cases, shape (2, estates).
        feelings
            Mean satisfaction, and mean trust in each institution, shape (5, estates).

        Notes
        -----
        The rate of a group without an estate is NaN.
        """
        low, uneven = quantile(feelings, self._adults, 0.1), gini(feelings, self._adults)
        rates = burdens @ self._rates.T
        return dict(zip(SPREAD, (*low.tolist(), *uneven.tolist(), *rates.ravel().tolist()), strict=True))
