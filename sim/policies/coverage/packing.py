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

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.core.chance import unit
from sim.policies.coverage.candidates import Candidates
from sim.policies.coverage.relaxation import SMALL, Relaxation

__all__ = ["Packing", "greedy", "pack"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FEW, _MANY = 300, 800
"""Groups among which the integer programme decides at first (twice over), and at most."""
_EXACT = 0.25
"""Metres by which a bound may err for reasons of arithmetic, and by which ties differ; distances are whole."""


@dataclass(frozen=True, slots=True)
class Packing:
    """A choice of groups.

    Attributes
    ----------
    chosen
        Rows of the candidates.
    proven
        Whether nothing better exists among the candidates.
    fallback
        Whether the greedy choice was kept because nothing better was found within the limits.
    most
        Estates that a choice can cover, at most.
    least
        Metres that a choice which covers so many needs, at least.
    """

    chosen: Ints
    proven: bool
    fallback: bool
    most: int
    least: float


def pack(groups: Candidates, estates: int, enough: int, node_limit: int) -> Packing:
    """Choose the best groups.

    Parameters
    ----------
    groups
        To choose from, at least one.
    estates
        How many estates there are; `groups.member` counts from 0.
    enough
        Groups for which all members together are enough.
    node_limit
        Nodes of the search tree at most, each time that the integer programme is asked.
    """
    farthest = 1.0 + estates * float((groups.cost / groups.size).max())
    penalty = 4.0 * farthest
    # Ties are broken by identity: all such additions together stay below a quarter of a metre.
    price = groups.cost + unit(groups.word) * (_EXACT / estates) - penalty * groups.size
    best = greedy(groups, estates)
    relaxation = Relaxation(groups, estates, enough, penalty, farthest, price)
    if not relaxation.tighten():
        return Packing(best, False, True, estates, 0.0)
    proven, fallback = relaxation.is_whole, False
    if proven:
        best = np.flatnonzero(relaxation.share > 0.5)
    else:
        best, proven, fallback = _search(best, groups, relaxation, node_limit)
    most = int(groups.size[best].sum()) if proven else int(relaxation.most_covered)
    return Packing(best, proven, fallback, most, max(relaxation.value + penalty * most, 0.0))


def _search(best: Ints, groups: Candidates, relaxation: Relaxation, node_limit: int) -> tuple[Ints, bool, bool]:
    """Look for something better than a first choice: what was found, whether proven, whether nothing was."""
    price = relaxation.price
    value, fallback = price[best].sum(), True
    order = np.argsort(relaxation.reduced, kind="stable")
    rising = relaxation.reduced[order]
    pool = np.union1d(order[:_FEW], _undecided(groups, relaxation, order))
    for _ in range(2):
        found, complete = _decide(pool, relaxation, node_limit)
        if found is not None and price[found].sum() < value - SMALL:
            best, fallback, value = found, False, price[found].sum()
        # No other group can be part of anything better than what is known.
        wanted = order[: np.searchsorted(rising, value - relaxation.value + _EXACT)]
        if complete and np.isin(wanted, pool).all():
            return best, True, False
        if not complete:
            break
        pool = np.union1d(wanted[:_MANY], best)
    return best, False, fallback


def _undecided(groups: Candidates, relaxation: Relaxation, order: Ints) -> Ints:
    """Groups of the estates that the relaxation leaves open, the most promising first."""
    decided = np.zeros(relaxation.estates + 1, dtype=bool)
    decided[groups.member[relaxation.share > 1.0 - SMALL]] = True
    decided[relaxation.estates] = False
    return order[~decided[groups.member[order]].any(axis=1)][:_FEW]


def _decide(pool: Ints, relaxation: Relaxation, node_limit: int) -> tuple[Ints | None, bool]:
    """Ask the integer programme for the best choice from a pool, and whether it finished."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows, most = relaxation.rows(pool, binding=True)
    with _silent():
        answer = milp(
            relaxation.price[pool],
            integrality=np.ones(pool.size),
            bounds=Bounds(0.0, 1.0),
            constraints=LinearConstraint(rows, -np.inf, most),
            options={"node_limit": node_limit, "mip_rel_gap": 0.0},
        )
    if answer.x is None:
        return None, False
    return pool[answer.x > 0.5], answer.status == 0


@contextmanager
def _silent() -> Iterator[None]:
    """Keep what the solver prints past Python, whatever it is told, off the user's screen."""
    try:
        kept = os.dup(1)
    except OSError:
        yield  # There is no screen.
        return
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        yield
    finally:
        # The solver's words wait in C's buffer; they must leave it before the screen is back.
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).fflush(None)
        os.dup2(kept, 1)
        os.close(kept)


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
