"""The linear relaxation of the choice among groups: how good can it get, and which groups could matter?

Groups are brought in as they are wanted, so that the programme stays small whatever their number.  Rows are
added that every whole choice keeps and fractional ones break:

* of three estates, groups that hold two or all three of them are chosen at most once (subset-row
  inequalities: Jepsen, Petersen, Spoorendonk and Pisinger 2008, Operations Research 56(2));
* the number of estates covered is whole, so it is at most the relaxation's, rounded down;
* members are shared out, so there are at most so many groups as all members together are enough for.

With them the relaxation mostly is whole by itself, and otherwise tells closely what a group is worth.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.institutions.coverage.candidates import Candidates

__all__ = ["SMALL", "Relaxation", "triples"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SMALL = 1e-6
"""What counts as nothing, in metres and in shares."""
_ROUNDS, _CUTS = 30, 40
"""Rounds of tightening, and rows added in each, at most."""
_CUTS_OF_ESTATE = 5
"""Rows that hold the same estate, added in one round at most."""
_VIOLATED = 1e-4
"""By how much a row must be broken to be worth adding."""
_NEAREST = 4
"""Groups among so many nearest neighbours are there from the start."""
_BROUGHT_IN = 400
"""Groups brought in at a time."""


class Relaxation:
    """A linear programme over groups of estates.

    Parameters
    ----------
    groups
        To choose from.
    estates
        How many estates there are.
    most
        Groups for which all members together are enough.
    price
        To be minimised, by group.

    Attributes
    ----------
    value
        Least price that any choice can have.
    share
        Share of each group that the relaxation chooses.
    reduced
        By how much the price rises at least when a group is forced in.
    """

    def __init__(self, groups: Candidates, estates: int, most: int, price: Floats) -> None:
        self._member, self._size, self._estates, self._price = groups.member, groups.size, estates, price
        self._active = groups.rank < _NEAREST
        self._active[np.argmin(price)] = True
        self._cuts: list[Floats] = [groups.shares.astype(np.float64)]
        self._most: list[float] = [float(most)]
        self._known: set[tuple[int, int, int]] = set()
        self._weight = np.zeros(0)
        self.value = -np.inf
        self.share = np.zeros(price.size)
        self.reduced = price

    @property
    def is_whole(self) -> bool:
        """Whether the relaxation chooses whole groups only: then nothing is better."""
        return bool((np.minimum(self.share, 1.0 - self.share) < SMALL).all())

    def rows(self, groups: Ints, binding: bool = False) -> tuple[Floats, Floats]:
        """Return the rows of the programme for some groups, and how much each may hold.

        Parameters
        ----------
        groups
            Rows of the groups.
        binding
            Leave out added rows that the last solution does not touch.
        """
        cover = np.zeros((self._estates + 1, groups.size))
        cover[self._member[groups], np.arange(groups.size)[:, None]] = 1.0
        added = [row for row in range(len(self._cuts))
                 if not binding or self._weight[self._estates + row] < -SMALL]
        rows = np.vstack([cover[:-1], *(self._cuts[row][groups] for row in added)])
        return rows, np.concatenate([np.ones(self._estates), [self._most[row] for row in added]])

    def tighten(self) -> bool:
        """Solve, add rows that the solution breaks, and so on; False where the solver gives up."""
        for _ in range(_ROUNDS):
            if not self._solve():
                return False
            if self.is_whole or not self._add_rows():
                return True
        return self._solve()

    def _solve(self) -> bool:
        """Solve, bringing in groups until none is missing."""
        from scipy.optimize import linprog

        while True:
            active = np.flatnonzero(self._active)
            rows, most = self.rows(active)
            answer = linprog(self._price[active], A_ub=rows, b_ub=most, bounds=(0.0, 1.0), method="highs-ds")
            if not answer.success:
                return False
            self._weight = answer.ineqlin.marginals
            self.reduced = self._reduce()
            missing = np.flatnonzero((self.reduced < -SMALL) & ~self._active)
            if missing.size == 0:
                break
            self._active[missing[np.argsort(self.reduced[missing], kind="stable")[:_BROUGHT_IN]]] = True
        self.value = float(answer.fun)
        self.share = np.zeros(self._price.size)
        self.share[active] = answer.x
        return True

    def _reduce(self) -> Floats:
        """Reduced costs of all groups, in the programme or not."""
        weight = np.append(self._weight[: self._estates], 0.0)
        reduced = self._price - weight[self._member].sum(axis=1)
        for cut, weight_of_cut in zip(self._cuts, self._weight[self._estates:], strict=True):
            if weight_of_cut:
                reduced -= weight_of_cut * cut
        return reduced

    def _add_rows(self) -> bool:
        """Add rows that the solution breaks; False where there are none."""
        before = len(self._cuts)
        covered = float(self._size @ self.share)
        if covered - np.floor(covered + SMALL) > _VIOLATED:
            self._cuts.append(self._size.astype(np.float64))
            self._most.append(np.floor(covered + SMALL))
        part = np.flatnonzero((self.share > SMALL) & (self.share < 1.0 - SMALL))
        for three in triples(self._member[part], self.share[part], self._estates):
            if three in self._known:
                continue
            self._known.add(three)
            inside = np.zeros(self._estates + 1)
            inside[list(three)] = 1.0
            self._cuts.append((inside[self._member].sum(axis=1) >= 2.0).astype(np.float64))
            self._most.append(1.0)
        return len(self._cuts) > before


def triples(member: Ints, share: Floats, estates: int) -> list[tuple[int, int, int]]:
    """Find three estates of which two or more are together in groups chosen more than once in all.

    Parameters
    ----------
    member
        Estates of groups that are partly chosen, shape (groups, limit), unused places `estates`.
    share
        How much of each group is chosen, strictly between 0 and 1.
    estates
        How many estates there are.

    Returns
    -------
    list of tuple
        The worst first, so many as are worth adding at once.
    """
    inside = np.zeros((estates + 1, share.size))
    inside[member, np.arange(share.size)[:, None]] = 1.0
    rows = np.flatnonzero(inside[:-1].any(axis=1))
    inside = inside[rows]
    together = (inside * share) @ inside.T
    # Each of the three pairs must be together somewhere, or the rows of single estates hold already.
    first, second = np.nonzero(np.triu(together, 1) > SMALL)
    pairs = together[first, second][:, None] + together[first] + together[second]
    meets = (together[first] > SMALL) & (together[second] > SMALL) & (np.arange(rows.size) > second[:, None])
    place, third = np.nonzero(meets & (pairs > 1.0 + _VIOLATED))
    first, second = first[place], second[place]
    # Groups with all three were counted three times instead of once.
    whole = (inside[first] * inside[second] * inside[third]) @ share
    sums = pairs[place, third] - 2.0 * whole
    chosen: list[tuple[int, int, int]] = []
    used = np.zeros(rows.size, dtype=np.int64)
    for row in np.argsort(-np.round(sums, 6), kind="stable").tolist():
        if sums[row] <= 1.0 + _VIOLATED or len(chosen) == _CUTS:
            break
        three = (first[row], second[row], third[row])
        if max(used[list(three)]) < _CUTS_OF_ESTATE:
            used[list(three)] += 1
            chosen.append((int(rows[three[0]]), int(rows[three[1]]), int(rows[three[2]])))
    return chosen
