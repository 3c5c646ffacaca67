"""Queue and settlement as functions (M4): hours to cases, moments of meeting and of ending, and the odds of agreement.

    logit P(settled) = constant + legitimacy trust + knowledge K + authority P - severity ln(h / threshold) - interest C

Arrays in, arrays out; the components hold the state and call these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.core.ledger import all_differ
from sim.core.operands import operand

if TYPE_CHECKING:
    from sim.disputes.desks_parameters import DesksSection

__all__ = ["DUST", "RANKS", "finished", "leaving", "learnt", "serve", "settlement_logit", "severity"]

Floats = NDArray[np.float64]

DUST: Final = 1e-9
"""Share of hours, of a desk or of a case's need, that rounding may make and that is nobody's time."""
_NOTHING, _PER_DUST, _ALMOST = operand(0.0), operand(1e9), operand(1.0 - DUST)

RANKS: Final = 4
"""Ranks of cases at a desk: what is dangerous, what goes on, what is over, what is not on a session's agenda."""


def serve(
    desk: NDArray[np.int64],
    work: NDArray[np.float64],
    hours: NDArray[np.float64],
    pace: float | None = None,
    rank: NDArray[np.integer] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give out each desk's hours to its cases, first come first served.

    Parameters
    ----------
    desk
        Desk of each case, shape (n,), cases in order of arrival.
    work
        Hours that each case still needs, shape (n,).
    hours
        Hours that each desk has, shape (desks,).
    pace
        Most hours that one case can take in this step, e.g. the length of the step where one person
        works on a case at a time; no limit by default.
    rank
        0 to 3, shape (n,): cases of a lower rank go before the others of their desk.

    Returns
    -------
    granted : shape (n,)
        Hours given to each case; their sum over a desk never exceeds the desk's hours.
    spent : shape (n,)
        Hours that the desk had given when it was done with the case.

    Examples
    --------
    >>> granted, spent = serve(np.array([0, 1, 0]), np.array([2.0, 1.0, 5.0]), np.array([4.0, 9.0]))
    >>> granted.tolist()
    [2.0, 1.0, 2.0]
    """
    need = work if pace is None else np.minimum(work, pace)
    if all_differ(desk):
        # Nobody waits behind another: there is no line to put in order.
        has = hours[desk]
        give = _given(need, has, has)
        return give, np.minimum(give, has)
    line = desk if rank is None else RANKS * desk + rank
    # Numbers of 16 bits are sorted in one pass.
    order = (line.astype(np.uint16) if RANKS * hours.size < 2**16 else line).argsort(kind="stable")
    need, at = need[order], desk[order]
    before = np.add.accumulate(need) - need
    ahead = before - before[at.searchsorted(at)]
    has = hours[at]
    give = _given(need, has - ahead, has)
    granted, spent = np.empty((2, give.size))
    granted[order] = give
    spent[order] = np.minimum(ahead + give, has)
    return granted, spent


def _given(need: Floats, free: Floats, has: Floats) -> Floats:
    """Hours that each case gets of those that its desk has free when its turn comes, shape (n,).

    Differences of a long running sum leave rounding dust: what is dust is not given, and a case that is done but for
    dust is done.
    """
    give = np.minimum(np.maximum(free, _NOTHING), need)
    np.copyto(give, _NOTHING, where=give * _PER_DUST < np.minimum(need, has))
    np.copyto(give, need, where=give > need * _ALMOST)
    return give


def finished(week: float, spent: Floats, hours: Floats, begin: Floats, granted: Floats) -> Floats:
    """Moment at which cases are done, in weeks, shape (n,).

    A desk spreads its hours evenly over the week; a case cannot be done before it could begin.

    Parameters
    ----------
    week
        The week in which they are done.
    spent, granted
        Hours that the desk had given when it was done with each case, and those for the case itself, shape (n,).
    hours
        Hours of the case's desk, shape (n,).
    begin
        Moment from which work on the case could begin, shape (n,).

    Examples
    --------
    >>> finished(3, np.array([2.0, 2.0]), np.array([8.0, 8.0]), np.array([3.0, 3.5]), np.array([1.0, 1.0])).tolist()
    [3.25, 3.625]
    """
    has = np.maximum(hours, 1e-300)
    return np.minimum(np.maximum(week + spent / has, begin + granted / has), week + 1.0)


def leaving(waited: Floats, patience: float) -> Floats:
    """Probability that patience ends in a part of a week, shape (n,).

    Examples
    --------
    >>> leaving(np.array([0.0, 0.5, 1.0]), 2.0 * np.log(2.0)).round(6).tolist()
    [0.0, 0.5, 0.75]
    """
    return -np.expm1(-patience * waited)


def severity(grievance: NDArray[np.float32], threshold: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far grievances exceed their thresholds: the logarithm of the ratio, at least 0, shape (n,)."""
    return np.log(np.maximum(grievance / threshold, 1.0))


def settlement_logit(
    standing: tuple[NDArray, NDArray],
    power: Floats,
    far: NDArray | float,
    interest: Floats,
    p: DesksSection,
) -> Floats:
    """Log odds of a settlement, shape (n,): one equation for whoever sits at the desk.

    Parameters
    ----------
    standing
        Trust of each resident in the handler, and the handler's knowledge of the place, shape (n,) each.
    power
        What the desk can make a firm or a committee lose, shape (n,).
    far
        How far each grievance exceeds its threshold, see `severity`, shape (n,) or a number.
    interest
        The handler's own interest in the matter, shape (n,).
    p
        The section `desks`, for its weights.
    """
    legitimacy, knowledge = standing
    return np.asarray(
        p.settle_constant
        + p.settle_legitimacy * legitimacy
        + p.settle_knowledge * knowledge
        + p.settle_authority * power
        - p.settle_severity * far
        - p.settle_interest * interest
    )


def learnt(knowledge: Floats, handled: Floats, serves: Floats, gain: float, leak: float) -> Floats:
    """What desks learn of the place in a week, less what people who leave take along, shape (desks,).

    Parameters
    ----------
    knowledge
        What each desk knows, in [0, 1].
    handled, serves
        Cases that it brought to an end, and estates that it serves.
    gain, leak
        What a case teaches of what is not yet known, and what a week loses of what is.

    Examples
    --------
    >>> learnt(np.array([0.5]), np.array([0.0]), np.array([1.0]), 0.02, 0.004).tolist()
    [-0.002]
    """
    grown = -np.expm1(-gain * handled / serves)
    return grown * (1.0 - knowledge) - leak * knowledge
