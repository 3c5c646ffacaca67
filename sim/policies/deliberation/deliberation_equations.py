"""Platform and cross-appointment as formulas (M11)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.core.ledger import heads

__all__ = [
    "PAIRS",
    "agenda",
    "closing",
    "gap",
    "independence",
    "joined_pairs",
    "raised_meeting",
]

PAIRS: Final = ((1, 2), (0, 2), (0, 1))
"""Pairs of bodies (0 firm, 1 committee, 2 branch), in the order in which they take seats in one another."""


def raised_meeting(meeting: ArrayLike, overlap: ArrayLike) -> NDArray[np.float64]:
    """Probability of meeting a party in a week where bodies overlap, 1 - (1 - pi) (1/2)^x.

    Examples
    --------
    >>> raised_meeting(0.36, [0, 1, 2, 3]).round(3).tolist()
    [0.36, 0.68, 0.84, 0.92]
    """
    meeting = np.asarray(meeting, dtype=np.float64)
    # Nothing is rounded where nothing overlaps, so that x = 0 leaves pi as it is to the last bit.
    return np.where(np.asarray(overlap) == 0, meeting, 1.0 - (1.0 - meeting) * 0.5 ** np.asarray(overlap))


def independence(loss: float, overlap: ArrayLike) -> NDArray[np.float64]:
    """What is left of the chance to see, and to say, that someone shirks or is captured, (1 - w)^x.

    Examples
    --------
    >>> independence(0.2, [0, 1, 2]).round(3).tolist()
    [1.0, 0.8, 0.64]
    """
    return (1.0 - loss) ** np.asarray(overlap, dtype=np.float64)


def joined_pairs(bodies: NDArray[np.bool_], overlap: int) -> NDArray[np.bool_]:
    """Which pairs of bodies hold seats in one another, shape (3, estates), rows as in `PAIRS`.

    Three bodies make three pairs, two make one: nobody sits in a body that does not exist.

    Parameters
    ----------
    bodies
        Whether firm, committee and branch stand, shape (3, estates).
    overlap
        x, pairs wanted.

    Examples
    --------
    >>> bodies = np.array([[True, True], [True, True], [True, False]])
    >>> joined_pairs(bodies, 2).sum(axis=0).tolist()
    [2, 1]
    """
    there = np.stack([bodies[one] & bodies[other] for one, other in PAIRS])
    return there & (there.cumsum(axis=0) <= overlap)


def gap(knowledge: NDArray[np.float64], bodies: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What the best-informed body of an estate knows more than each of them, shape (3, estates).

    Examples
    --------
    >>> gap(np.array([[0.25], [0.5], [0.75]]), np.array([[True], [True], [False]])).T.tolist()
    [[0.25, 0.0, 0.0]]
    """
    more = (knowledge * bodies).max(axis=0) - knowledge
    np.maximum(more, 0.0, out=more)
    more *= bodies
    return more


def closing(share: float, overlap: ArrayLike) -> NDArray[np.float64]:
    """Share of that gap which closes in a week, 1 - (1 - share)^x: nobody ever knows more than the best did.

    Examples
    --------
    >>> closing(0.5, [0, 1, 2]).tolist()
    [0.0, 0.5, 0.75]
    """
    return 1.0 - (1.0 - share) ** np.asarray(overlap, dtype=np.float64)


def agenda(
    desk: NDArray[np.int64],
    rank: NDArray[np.int64],
    most: int,
) -> NDArray[np.int64]:
    """Which of the waiting cases are on the agenda: the first of each desk, in the order in which it serves them.

    Parameters
    ----------
    desk, rank
        Of the waiting cases in order of arrival, shape (n,); lower ranks (0, 1, 2) come first, as in `desk.serve`.
    most
        Length of an agenda.

    Returns
    -------
    NDArray
        Indices into the cases, at most `most` for each desk.

    Examples
    --------
    >>> agenda(np.array([4, 4, 2, 4]), np.array([1, 1, 1, 0], dtype=np.uint8), 2).tolist()
    [2, 3, 0]
    """
    order = (3 * desk + rank).argsort(kind="stable")
    number = np.arange(order.size)
    return order[number - np.maximum.accumulate(np.where(heads(desk[order]), number, 0)) < most]
