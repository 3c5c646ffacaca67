"""Owners' meetings, owner by owner (M7).

For the estates that meet in a week, and only for those, every owner household decides whether to take part
and how it would vote.  A draw belongs to the household, so it does not matter which other estates meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.core.chance import Chance, combine
from sim.stakeholders.committees.committees_equations import is_quorate

if TYPE_CHECKING:
    from sim.stakeholders.committees.committees_parameters import CommitteesSection

__all__ = ["Assembly", "Meetings", "assemble"]

_HALF: Final = np.uint64(32)
_LOW: Final = np.uint64((1 << 32) - 1)
_AREA: Final = np.uint64(48)


@dataclass(frozen=True, slots=True)
class Assembly:
    """How the meetings of a week went, shape (meetings,) each.

    Attributes
    ----------
    attendance
        Share of owners who took part.
    valid
        Whether they were a quorum, by count and by area.
    against
        Whether more of those who took part than the majority asked for are against the firm.
    """

    attendance: NDArray[np.float64]
    valid: NDArray[np.bool_]
    against: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Meetings:
    """The meetings that are held in a week, shape (meetings,) each.

    Attributes
    ----------
    identity, owners
        Estates that meet, and their owner households (at least 1).
    attends, opposes
        Probabilities that an owner takes part, and that an owner is against the firm.
    """

    identity: NDArray[np.uint64]
    owners: NDArray[np.int64]
    attends: NDArray[np.float64]
    opposes: NDArray[np.float64]


def assemble(chance: Chance, week: int, meetings: Meetings, areas: NDArray, committees: CommitteesSection) -> Assembly:
    """Hold the meetings of a week.

    Parameters
    ----------
    chance, week
        Where draws come from.
    meetings
        Who meets.
    areas
        The areas that flats may have, shape (65536,), all alike in number; a flat keeps its area.
    committees
        Has the share of owners and of area needed (``quorum``), and that of participants which must be exceeded
        (``majority``).

    Examples
    --------
    >>> from sim.stakeholders.committees import CommitteesSection
    >>> one = Meetings(np.array([7], dtype=np.uint64), np.array([30]), np.array([1.0]), np.array([0.0]))
    >>> held = assemble(Chance(1), 0, one, np.ones(65536), CommitteesSection())
    >>> held.attendance.tolist(), held.valid.tolist(), held.against.tolist()
    ([1.0], [True], [False])
    """
    owners = meetings.owners
    meeting = np.repeat(np.arange(owners.size), owners)
    starts = np.cumsum(owners) - owners
    household = combine(meetings.identity[meeting], np.arange(meeting.size) - starts[meeting])
    area = areas[(chance.bits("area of the flat", 0, household) >> _AREA).view(np.int64)]
    # One word of 64 bits serves an owner for both decisions.
    word = chance.bits("owner at the meeting", week, household)
    comes = (word >> _HALF) < _of_2_to_32(meetings.attends)[meeting]
    no = comes & ((word & _LOW) < _of_2_to_32(meetings.opposes)[meeting])
    count = np.add.reduceat(comes, starts, dtype=np.int64)
    votes = np.add.reduceat(no, starts, dtype=np.int64)
    total = np.add.reduceat(area, starts, dtype=np.float64)
    represented = np.add.reduceat(area * comes, starts, dtype=np.float64)
    valid = is_quorate(count, owners, represented, total, committees.quorum)
    return Assembly(attendance=count / owners, valid=valid, against=votes > committees.majority * count)


def _of_2_to_32(probability: NDArray[np.float64]) -> NDArray[np.uint64]:
    """How many of the 2^32 values of half a word lie below a probability."""
    return np.ceil(probability * 2.0**32).astype(np.uint64)
