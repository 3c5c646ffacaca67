"""Bundles (M4): cases of one incident that wait at one desk are one matter with several parties.

The first case leads; those that are filed at the same desk over the same incident while it waits attach to it.  The
parties of the matter are met once and its work is done once, with a marginal hour for each further party; the outcome
is told to all.  Whose patience ends leaves alone, and where it is the leader another takes the lead with what has
been done so far.  Pure functions over columns; `Disputes` calls them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["attach", "parties", "successors"]

Rows = NDArray[np.int64]
_NONE = -1
_INCIDENTS = 40
"""Bits for the number of an incident in that of a matter; a desk's is above them."""
_LOWER = (1 << _INCIDENTS) - 1


def attach(desk: NDArray, incident: Rows, rows: Rows, leading: Rows, lead_desk: NDArray, lead_incident: Rows) -> Rows:
    """Find for each new case the case that leads its matter, -1 where it leads itself.

    Parameters
    ----------
    desk, incident
        Of the new cases, shape (n,), in order of arrival; an incident of -1 is no common cause.
    rows
        Ledger rows of the new cases, shape (n,).
    leading, lead_desk, lead_incident
        Rows, desks and incidents of the cases that lead already, shape (m,).

    Examples
    --------
    >>> attach(np.array([3, 3, 3]), np.array([7, 7, 8]), np.array([10, 11, 12]),
    ...        np.array([4]), np.array([3]), np.array([8])).tolist()
    [-1, 10, 4]
    """
    # Desk and incident as one number, which is sorted in half the time; no common cause is 0 in its lower part.
    matter = np.concatenate([lead_desk, desk]).astype(np.int64)
    matter <<= _INCIDENTS
    matter += np.concatenate([lead_incident, incident])
    matter += 1
    # Those that lead come first; among the new ones, who came first.
    order = matter.argsort(kind="stable")
    matter = matter[order]
    same = np.zeros(order.size, dtype=bool)
    np.equal(matter[1:], matter[:-1], out=same[1:])
    same &= (matter & _LOWER) > 0
    head = np.maximum.accumulate(np.where(same, 0, np.arange(order.size)))
    case = np.concatenate([leading, rows])[order]
    lead = np.empty(order.size, dtype=np.int64)
    lead[order] = np.where(same, case[head], _NONE)
    return lead[leading.size:]


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
    first = np.ones(left.size, dtype=bool)
    np.not_equal(left[1:], left[:-1], out=first[1:])
    before, after = left[first], attached[at[first]]
    renewed = lead.copy()
    renewed[at] = after[before.searchsorted(lead[at])]
    renewed[at[first]] = _NONE
    return before, after, renewed
