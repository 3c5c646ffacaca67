"""The best choice among groups that share estates: an integer programme, kept small enough to be quick.

Choose groups so that no estate is in two, as many estates as possible are in one, and the distances are
least.  The programme is

    minimise  sum over groups (distance - penalty x size) x chosen
    so that   sum over groups with estate e of chosen <= 1      for every estate e

with a penalty for an estate left out that no saving of distance can pay.  Its linear relaxation (see
`relaxation`) bounds what can be reached.  A group whose reduced cost exceeds the difference between the best
choice known and that bound cannot be part of a better choice; `scipy.optimize.milp` decides among the rest,
stopped by a number of nodes and never by the clock.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.chance import unit
from sim.institutions.coverage.candidates import Candidates
from sim.institutions.coverage.relaxation import SMALL, Relaxation

__all__ = ["Packing", "greedy", "pack"]

Ints = NDArray[np.int64]

_FEW, _MANY = 300, 800
"""Groups among which the integer programme decides at first, and at most."""


@dataclass(frozen=True, slots=True)
class Packing:
    """A choice of groups.

    Attributes
    ----------
    chosen
        Rows of the candidates.
    proven
        Whether nothing better exists among the candidates.
    bound
        Metres that no choice can beat, an estate left out counting as the penalty; -inf where not known.
    fallback
        Whether the greedy choice was kept, for want of a better one.
    """

    chosen: Ints
    proven: bool
    bound: float
    fallback: bool


def pack(groups: Candidates, estates: int, most: int, penalty: float, node_limit: int) -> Packing:
    """Choose the best groups.

    Parameters
    ----------
    groups
        To choose from, at least one.
    estates
        How many estates there are; `groups.member` counts from 0.
    most
        Groups for which all members together are enough.
    penalty
        Metres for an estate left out; more than the total distance of any choice.
    node_limit
        Nodes of the search tree at most, each time that the integer programme is asked.
    """
    # Ties are broken by identity: all such additions together stay below half a metre.
    price = groups.cost + unit(groups.word) / (2.0 * estates) - penalty * groups.size
    left_out = penalty * estates
    best, fallback = greedy(groups, estates), True
    value = price[best].sum()
    relaxation = Relaxation(groups, estates, most, price)
    if not relaxation.tighten():
        return Packing(best, False, -np.inf, True)
    bound = relaxation.value
    if relaxation.is_whole:
        return Packing(np.flatnonzero(relaxation.share > 0.5), True, bound + left_out, False)
    order = np.argsort(relaxation.reduced, kind="stable")
    rising = relaxation.reduced[order]
    proven = False
    for largest in (_FEW, _MANY):
        size = min(_wanted(rising, value - bound), largest)
        found, complete = _decide(np.sort(order[:size]), price, relaxation, node_limit)
        if found is not None and price[found].sum() < value - SMALL:
            best, fallback, value = found, False, price[found].sum()
        proven = complete and _wanted(rising, value - bound) <= size
        if proven or not complete:
            break
    return Packing(best, proven, value + left_out if proven else bound + left_out, fallback and not proven)


def _wanted(rising: NDArray[np.float64], gap: float) -> int:
    """How many groups can be part of something better than what is known."""
    return int(np.searchsorted(rising, gap + SMALL, side="right"))


def _decide(
    pool: Ints, price: NDArray[np.float64], relaxation: Relaxation, node_limit: int
) -> tuple[Ints | None, bool]:
    """Ask the integer programme for the best choice from a pool, and whether it finished."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows, most = relaxation.rows(pool, binding=True)
    answer = milp(
        price[pool], integrality=np.ones(pool.size), bounds=Bounds(0.0, 1.0),
        constraints=LinearConstraint(rows, -np.inf, most),
        options={"node_limit": node_limit, "mip_rel_gap": 0.0})
    if answer.x is None:
        return None, False
    return pool[answer.x > 0.5], answer.status == 0


def greedy(groups: Candidates, estates: int) -> Ints:
    """Choose groups one by one, least distance for each estate first, ties by identity.

    Parameters
    ----------
    groups
        To choose from.
    estates
        How many estates there are.

    Returns
    -------
    ndarray
        Rows of the chosen groups, which share no estate.
    """
    taken = np.zeros(estates + 1, dtype=bool)
    chosen = []
    for row in np.lexsort((groups.word, groups.cost / groups.size)).tolist():
        member = groups.member[row, : groups.size[row]]
        if not taken[member].any():
            taken[member] = True
            chosen.append(row)
    return np.array(chosen, dtype=np.int64)
