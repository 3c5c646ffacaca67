"""Bundles (M4): cases of one incident that wait at one desk are one matter with several parties.

The first case leads; those that are filed at the same desk over the same incident while it waits attach to it.  The
parties of the matter are met once and its work is done once, with a marginal hour for each further party; the outcome
is told to all.  Whose patience ends leaves alone, and where it is the leader another takes the lead with what has
been done so far.  Pure functions over columns; `Disputes` calls them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.core.ledger import heads
from sim.core.operands import operand

__all__ = ["attach", "parties", "successors"]

Rows = NDArray[np.int64]
_NONE, _ZERO = operand(-1), operand(0)
_INCIDENTS: Final = operand(40)
"""Bits for the number of an incident in that of a matter; a desk's is above them, and so in 64 bits."""


def attach(case: Rows, desk: NDArray, incident: Rows, leading: int) -> Rows:
    """Find for each new case the case that leads its matter, -1 where it leads itself.

    Parameters
    ----------
    case, desk, incident
        Ledger rows of cases, their desks and incidents, shape (m + n,): first those that lead already, then the new
        ones in order of arrival.  An incident of -1 is no common cause.
    leading
        m, how many lead already.

    Returns
    -------
    NDArray
        Leading row of each new case, shape (n,).

    Examples
    --------
    >>> attach(np.array([4, 10, 11, 12]), np.array([3, 3, 3, 3]), np.array([8, 7, 7, 8]), 1).tolist()
    [-1, 10, 4]
    """
    # Desk and incident as one number, which is sorted in half the time.
    matter = (desk << _INCIDENTS) + incident
    # The order is that of arrival within a matter, so the first of its line leads.
    order = matter.argsort(kind="stable")
    lead = case[order[matter[order].searchsorted(matter[leading:])]]
    lead[(lead == case[leading:]) | (incident[leading:] < _ZERO)] = _NONE
    return lead


def parties(lead: Rows, of: Rows) -> NDArray[np.int64]:
    """Count the parties of each matter: its leader and those attached.

    Parameters
    ----------
    lead
        Leading row of every attached case, shape (m,).
    of
        Rows of leaders, each once, shape (n,).

    Examples
    --------
    >>> parties(np.array([5, 5, 9]), np.array([9, 5, 2])).tolist()
    [2, 3, 1]
    """
    count = np.ones(of.size, dtype=np.int64)
    if lead.size and of.size:
        order = of.argsort()
        place = np.minimum(of.searchsorted(lead, sorter=order), of.size - 1)
        found = order[place]
        here = of[found] == lead
        np.add.at(count, found[here], 1)
    return count


def successors(lead: Rows, attached: Rows, leaderless: NDArray[np.bool_]) -> tuple[Rows, Rows, Rows]:
    """Find who takes the lead where leaders go: the longest attached.

    Parameters
    ----------
    lead, attached
        Leading row and row of every attached case, shape (m,).
    leaderless
        Whether the leader of each goes, shape (m,).

    Returns
    -------
    before, after, lead
        Leaders that go and have a successor, their successors, and the leading row of every attached case afterwards
        (-1 for the successors themselves).

    Examples
    --------
    >>> before, after, lead = successors(np.array([5, 5, 9]), np.array([6, 8, 10]), np.array([True, True, False]))
    >>> before.tolist(), after.tolist(), lead.tolist()
    ([5], [6], [-1, 6, 9])
    """
    at = leaderless.nonzero()[0]
    at = at[np.lexsort((attached[at], lead[at]))]
    left = lead[at]
    first = heads(left).nonzero()[0]
    heirs = at[first]
    before, after = left[first], attached[heirs]
    renewed = lead.copy()
    renewed[at] = after[before.searchsorted(left)]
    renewed[heirs] = _NONE
    return before, after, renewed
