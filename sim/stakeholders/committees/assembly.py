"""Owners' meetings, owner by owner (M7).

For the estates that meet in a week, and only for those, every owner household decides whether to take part
and how it would vote.  A draw belongs to the household, so it does not matter which other estates meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.chance import Chance, combine
from sim.stakeholders.committees.committees_equations import is_quorate

__all__ = ["Assembly", "assemble"]

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


def assemble(
    chance: Chance,
    week: int,
    identity: NDArray[np.uint64],
    owners: NDArray[np.int64],
    attends: NDArray[np.float64],
    opposes: NDArray[np.float64],
    *,
    areas: NDArray,
    quorum: float,
    majority: float,
) -> Assembly:
    """Hold the meetings of a week.

    Parameters
    ----------
    chance, week
        Where draws come from.
    identity, owners
        Estates that meet, and their owner households (at least 1), shape (meetings,).
    attends, opposes
        Probabilities that an owner takes part, and that an owner is against the firm, shape (meetings,).
    areas
        The areas that flats may have, shape (65536,), all alike in number; a flat keeps its area.
    quorum, majority
        Share of owners and of area needed; share of participants that must be exceeded.

    Examples
    --------
    >>> meeting = assemble(Chance(1), 0, np.array([7], dtype=np.uint64), np.array([30]), np.array([1.0]),
    ...                    np.array([0.0]), areas=np.ones(65536), quorum=2 / 3, majority=0.5)
    >>> meeting.attendance.tolist(), meeting.valid.tolist(), meeting.against.tolist()
    ([1.0], [True], [False])
    """
    meeting = np.repeat(np.arange(owners.size), owners)
    starts = np.cumsum(owners) - owners
    household = combine(identity[meeting], np.arange(meeting.size) - starts[meeting])
    area = areas[(chance.bits("area of the flat", 0, household) >> _AREA).view(np.int64)]
    # One word of 64 bits serves an owner for both decisions.
    word = chance.bits("owner at the meeting", week, household)
    comes = (word >> _HALF) < _of_2_to_32(attends)[meeting]
    no = comes & ((word & _LOW) < _of_2_to_32(opposes)[meeting])
    count = np.add.reduceat(comes, starts, dtype=np.int64)
    votes = np.add.reduceat(no, starts, dtype=np.int64)
    total = np.add.reduceat(area, starts, dtype=np.float64)
    represented = np.add.reduceat(area * comes, starts, dtype=np.float64)
    valid = is_quorate(count, owners, represented, total, quorum)
    return Assembly(attendance=count / owners, valid=valid, against=votes > majority * count)


def _of_2_to_32(probability: NDArray[np.float64]) -> NDArray[np.uint64]:
    """How many of the 2^32 values of half a word lie below a probability."""
    return np.ceil(probability * 2.0**32).astype(np.uint64)
