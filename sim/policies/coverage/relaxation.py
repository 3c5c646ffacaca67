"""The linear relaxation of the choice among groups: how good can it get, and which groups could matter?

Groups are brought in as they are wanted, so that the programme stays small whatever their number.  Rows are
added that every whole choice keeps and fractional ones break:

* members are shared out, so there are at most so many groups as all members together are enough for;
* of three estates, groups that hold two or all three of them are chosen at most once (subset-row
  inequalities: Jepsen, Petersen, Spoorendonk and Pisinger 2008, Operations Research 56(2));
* the number of estates covered is whole, so its bound is rounded down.

With them the relaxation mostly is whole by itself, and otherwise tells closely what a group is worth.
"""

from __future__ import annotations

from itertools import count

import numpy as np
from numpy.typing import NDArray

from sim.policies.coverage.candidates import Candidates

__all__ = ["SMALL", "Relaxation", "triples"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SMALL = 1e-6
"""What counts as nothing, in metres and in shares."""
_ROUNDS, _CUTS = 30, 80
"""Rounds of tightening, and rows added in each, at most."""
_CUTS_OF_ESTATE = 8
"""Rows that hold the same estate, added in one round at most."""
_VIOLATED = 1e-4
"""By how much a row must be broken to be worth adding."""
_NEAREST = 5
"""Groups among so many nearest neighbours are there from the start."""
_BROUGHT_IN = 600
"""Groups brought in at a time."""


class Relaxation:
    """A linear programme over groups of estates.

    Parameters
    ----------
    groups
        To choose from.
    estates
        How many estates there are.
    enough
        Groups for which all members together are enough.
    penalty
        What an estate left out costs.
    farthest
        More than the distances of any choice together.
    price
        Distance less the penalty for each estate, by group; to be minimised.

    Attributes
    ----------
    value
        Least price that any choice can have.
    share
        Share of each group that the relaxation chooses.
    reduced
        By how much the price rises at least when a group is forced in.
    """

    def __init__(
        self, groups: Candidates, estates: int, enough: int, penalty: float, farthest: float, price: Floats
    ) -> None:
        self.estates, self.price = estates, price
        self._member, self._size, self._penalty, self._farthest = groups.member, groups.size, penalty, farthest
        self._active = groups.rank < _NEAREST
        self._active[np.argmin(price)] = True
        self._rows: list[Floats] = [groups.shares.astype(np.float64)]
        self._most: list[float] = [float(enough)]
        self._known: set[tuple[int, int, int]] = set()
        self._weight = np.zeros(0)
        self.value = -np.inf
        self.share = np.zeros(price.size)
        self.reduced = price

    @property
    def is_whole(self) -> bool:
        """Whether the relaxation chooses whole groups only: then nothing is better."""
        return bool((np.minimum(self.share, 1.0 - self.share) < SMALL).all())

    @property
    def most_covered(self) -> float:
        """Estates that a choice can cover, at most.

        A choice that covers more must win by coverage what it loses by distance, never more than `farthest`.
        """
        return float(np.floor((self._farthest - self.value) / self._penalty + SMALL))

    def rows(self, groups: Ints, binding: bool = False) -> tuple[Floats, Floats]:
        """Return the rows of the programme for some groups, and how much each may hold.

        Parameters
        ----------
        groups
            Rows of the groups.
        binding
            Leave out added rows that the last solution does not touch.
        """
        cover = np.zeros((self.estates + 1, groups.size))
        cover[self._member[groups], np.arange(groups.size)[:, None]] = 1.0
        added = [row for row in range(len(self._rows)) if not binding or self._weight[self.estates + row] < -SMALL]
        rows = np.vstack([cover[:-1], *(self._rows[row][groups] for row in added)])
        return rows, np.concatenate([np.ones(self.estates), [self._most[row] for row in added]])

    def tighten(self) -> bool:
        """Solve, bring in groups that are missing, add rows that are broken, and so on; False if it fails."""
        for turn in count():
            if not self._solve():
                return False
            missing = self._bring_in()
            broken = turn < _ROUNDS and self._add_rows(missing)
            if not (missing or broken):
                break
        return True

    def _solve(self) -> bool:
        """Solve for the groups that are in."""
        from scipy.optimize import linprog

        active = np.flatnonzero(self._active)
        rows, most = self.rows(active)
        answer = linprog(
            self.price[active], A_ub=rows, b_ub=most, bounds=(0.0, 1.0), method="highs-ds", options={"presolve": False}
        )
        if not answer.success:
            return False
        self._weight = answer.ineqlin.marginals
        self.value = float(answer.fun)
        self.share = np.zeros(self.price.size)
        self.share[active] = answer.x
        weight = np.append(self._weight[: self.estates], 0.0)
        self.reduced = self.price - weight[self._member].sum(axis=1)
        for row, weight_of_row in zip(self._rows, self._weight[self.estates :], strict=True):
            if weight_of_row:
                self.reduced -= weight_of_row * row
        return True

    def _bring_in(self) -> bool:
        """Bring in groups that would lower the price; False where there are none."""
        missing = np.flatnonzero((self.reduced < -SMALL) & ~self._active)
        self._active[missing[np.argsort(self.reduced[missing], kind="stable")[:_BROUGHT_IN]]] = True
        return missing.size > 0

    def _add_rows(self, missing: bool) -> bool:
        """Add rows that the solution breaks; False where there are none."""
        before = len(self._rows)
        # Only where no group is missing does the solution bound what can be covered.
        if not missing and self._size @ self.share > self.most_covered + _VIOLATED:
            self._rows.append(self._size.astype(np.float64))
            self._most.append(self.most_covered)
        part = np.flatnonzero((self.share > SMALL) & (self.share < 1.0 - SMALL))
        for three in triples(self._member[part], self.share[part], self.estates):
            if three in self._known:
                continue
            self._known.add(three)
            inside = np.zeros(self.estates + 1)
            inside[list(three)] = 1.0
            self._rows.append((inside[self._member].sum(axis=1) >= 2.0).astype(np.float64))
            self._most.append(1.0)
        return len(self._rows) > before


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
        The worst first, as many as are worth adding at once.
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
    sums = pairs[place, third] - 2.0 * ((inside[first] * inside[second] * inside[third]) @ share)
    chosen: list[tuple[int, int, int]] = []
    used = np.zeros(rows.size, dtype=np.int64)
    for row in np.argsort(-np.round(sums, 6), kind="stable").tolist():
        if sums[row] <= 1.0 + _VIOLATED or len(chosen) == _CUTS:
            break
        three = [first[row], second[row], third[row]]
        if used[three].max() < _CUTS_OF_ESTATE:
            used[three] += 1
            chosen.append((int(rows[three[0]]), int(rows[three[1]]), int(rows[three[2]])))
    return chosen
