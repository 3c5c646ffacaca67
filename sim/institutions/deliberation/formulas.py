"""Platform and cross-appointment as formulas (M11)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.ledger import heads
from sim.stakeholders.committees.formulas import integrity_fixed_point, logistic

__all__ = [
    "PAIRS",
    "agenda",
    "closing",
    "gap",
    "independence",
    "joined_pairs",
    "most_settled",
    "raised_meeting",
    "reach_probability",
    "settled_in_the_mean",
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
        Of the waiting cases in order of arrival, shape (n,); lower ranks (0, 1, 2) come first, as in `sim.desk.serve`.
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


def reach_probability(meeting: ArrayLike, handoffs: int, patience: float) -> NDArray[np.float64]:
    """Probability that a case meets all its parties, at most one a week, before patience ends.

    With s = exp(-patience) the chance to get over a week, (pi s / (1 - (1 - pi) s))^H / s: weeks are negative
    binomial, and the last one need not be survived.

    Examples
    --------
    >>> float(reach_probability(1.0, 1, 0.5)), round(float(reach_probability(0.5, 1, 0.1)), 4)
    (1.0, 0.9131)
    """
    if handoffs == 0:
        return np.ones_like(np.asarray(meeting, dtype=np.float64))
    stays, met = np.exp(-patience), np.asarray(meeting, dtype=np.float64)
    return (met * stays / (1.0 - (1.0 - met) * stays)) ** handoffs / stays


def settled_in_the_mean(
    overlap: ArrayLike,
    *,
    meeting: float,
    handoffs: int,
    patience: float,
    loss: float,
    audit: float,
    recovery: float,
    capture: float,
    logit: float,
    interest: float,
    against_firm: float,
) -> NDArray[np.float64]:
    """Share of a committee's cases that are settled in the end, the welfare of overlap in the mean field.

    Overlap brings parties together sooner (fewer cases are given up), and lets capture go unseen (those handled
    meet a committee with an interest of its own).  The two are the product

        reach(pi_x) [1 - q + q logistic(c - g (1 - I_x)) / logistic(c)] logistic(c)

    with I_x the fixed point of integrity at audit (1 - w)^x and q the share of cases against the firm.

    Parameters
    ----------
    overlap
        x, any shape.
    meeting, handoffs, patience
        pi without overlap, parties that a case needs, and the rate at which residents give up.
    loss, audit, recovery, capture
        w; audit of the committee without overlap; recovery and capture of integrity (M7).
    logit, interest, against_firm
        c, settlement without conflict of interest; g, its weight (M4); q.
    """
    seen = audit * independence(loss, overlap)
    integrity = integrity_fixed_point(seen, recovery=recovery, capture=capture)
    settled = (1.0 - against_firm) * logistic(logit) + against_firm * logistic(logit - interest * (1.0 - integrity))
    return reach_probability(raised_meeting(meeting, overlap), handoffs, patience) * settled


def most_settled(**parameters: float) -> int:
    """Overlap at which most is settled in the mean field, of 0 to 3; see `settled_in_the_mean`.

    Examples
    --------
    >>> world = dict(handoffs=2, patience=0.12, audit=0.6, recovery=0.01, capture=0.02, logit=1.0, interest=1.0,
    ...              against_firm=0.5)
    >>> most_settled(meeting=0.95, loss=0.4, **world), most_settled(meeting=0.2, loss=0.0, **world)
    (0, 3)
    """
    return int(np.argmax(settled_in_the_mean(np.arange(4), **parameters)))  # type: ignore[arg-type]
