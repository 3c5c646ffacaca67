"""Grievance, conflict and talk as functions (M2).

    h <- h 2^(-dt / tau) + S          conflict if h > threshold

Arrays in, arrays out; `Grievances` holds the state and calls these.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.core.ledger import heads

__all__ = ["boils_over", "faded", "heaviest", "listeners", "remains_by_week"]

_LONGEST: Final = 1024
"""Weeks after which a grievance counts as forgotten."""
_UPPER: Final = np.array(32, dtype=np.uint64)


def remains_by_week(half_life: float) -> NDArray[np.float32]:
    """What remains of a grievance after 0, 1, 2, ... weeks.

    Examples
    --------
    >>> remains_by_week(2.0)[[0, 2, 4]].tolist()
    [1.0, 0.5, 0.25]
    """
    return (2.0 ** (-np.arange(_LONGEST) / half_life)).astype(np.float32)


def faded(grievance: NDArray[np.float32], idle: NDArray[np.int64], remains: NDArray[np.float32]) -> NDArray[np.float32]:
    """Grievances as they are now, shape (n,).

    Parameters
    ----------
    grievance, idle
        As they were when they last changed, and the weeks since then, shape (n,).
    remains
        See `remains_by_week`.
    """
    return grievance * remains.take(idle, mode="clip")


def heaviest(person: NDArray[np.int64], push: NDArray[np.float32], over: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of everything that touched a person, the heaviest push, which names the conflict.

    Parameters
    ----------
    person, push
        Whom each push touches, and how hard, shape (n,).
    over
        Places of the pushes to persons who are above their thresholds.

    Returns
    -------
    NDArray
        Place of one push for each of these persons, in the order of the persons; the first of equal ones.

    Examples
    --------
    >>> heaviest(np.array([7, 3, 7, 5]), np.array([1, 1, 2, 9], dtype=np.float32), np.array([0, 1, 2])).tolist()
    [1, 2]
    """
    order = over[np.lexsort((-push[over], person[over]))]
    return order[heads(person[order])]


def listeners(
    speaker: NDArray[np.int64],
    adults: NDArray[np.int64],
    buildings: NDArray[np.int64],
    near: NDArray[np.bool_],
    word: NDArray[np.uint64],
) -> NDArray[np.int64]:
    """Who is told something: places among the adults of the speakers' estates, shape (n,).

    The adults of an estate live in its buildings in turn.  All who live in the building, or in the estate, are equally
    likely, and the speaker is one of them.

    Parameters
    ----------
    speaker, adults, buildings
        Place of each speaker among the adults of the estate, and how many adults and buildings there are.
    near
        Whether the speaker talks to the own building, else to the estate.
    word
        Word of chance, of which the upper half is used.

    Examples
    --------
    >>> place = np.full(4, 5)
    >>> listeners(place, place + 5, place - 3, place > 0, np.arange(4, dtype=np.uint64) << np.uint64(62)).tolist()
    [1, 3, 5, 7]
    """
    stride = np.where(near, buildings, 1)
    start = np.where(near, speaker % buildings, 0)
    pool = (adults - start + stride - 1) // stride
    place = ((word >> _UPPER) * pool.view(np.uint64)) >> _UPPER
    return start + stride * place.view(np.int64)


def boils_over(children: int, parents: int) -> bool:
    """Whether conflicts cause more conflicts than chance allows where each causes fewer than one.

    Examples
    --------
    >>> boils_over(461, 400), boils_over(460, 400), boils_over(900, 200)
    (True, False, False)
    """
    return parents > 200 and children > parents + 3.0 * parents**0.5
