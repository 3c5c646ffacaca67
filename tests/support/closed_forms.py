"""Closed forms to which the model is held: where it must come to rest, and how often, where that is known on paper.

The model does not use them; equations that it does use are in its own files `*_equations.py`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.policies.deliberation.deliberation_equations import independence, raised_meeting
from sim.residents.collective.collective_equations import join, shares
from sim.stakeholders.committees.committees_equations import integrity_fixed_point, logistic, needed

Floats = NDArray[np.float64]


def equilibrium(threshold: ArrayLike, instigators: int = 0) -> int:
    """Persons of one crowd who take part in the end.

    Parameters
    ----------
    threshold
        Thresholds as shares, shape (n,).
    instigators
        How many, the first ones, take part whatever others do.

    Examples
    --------
    >>> equilibrium(np.arange(100) / 100)
    100
    >>> equilibrium(np.array([0, 2, *range(2, 100)]) / 100)
    1
    """
    limit = np.asarray(threshold, dtype=np.float64)
    crowd = np.zeros(limit.size, dtype=np.int64)
    first = np.arange(limit.size) < instigators
    before, taking = -1, np.zeros(limit.size, dtype=bool)
    while np.count_nonzero(taking) > before:
        before = int(np.count_nonzero(taking))
        taking = join(limit, first, crowd, shares(taking, crowd, 1))
    return before


def quorum_probability(attendance: ArrayLike, owners: ArrayLike, quorum: float = 2 / 3) -> NDArray[np.float64]:
    """Probability of a quorum by count where owners decide on their own: the tail of a binomial.

    Examples
    --------
    >>> round(float(quorum_probability(0.5, 3)), 6)
    0.5
    """
    from scipy.special import bdtrc

    least = needed(owners, quorum)
    tail = bdtrc(np.maximum(least - 1.0, 0.0), np.asarray(owners, dtype=np.int64), np.asarray(attendance))
    return np.where(least <= 0, 1.0, tail)


def time_that_help_is_worth(help: ArrayLike, *, lowers: float, cost: float) -> NDArray[np.float64]:
    """Share of the working time at which what is given costs as much as help saves; beyond it, the policy harms.

    Examples
    --------
    >>> float(time_that_help_is_worth(np.log(2.0), lowers=0.4, cost=4.0))
    0.05
    """
    return lowers * -np.expm1(-np.asarray(help, dtype=np.float64)) / cost


def captured_share(pressure: ArrayLike, recovery: float) -> Floats:
    """Capture at which pressure and recovery balance, k (1 - c) = r c.

    Examples
    --------
    >>> float(captured_share(0.01, 0.03))
    0.25
    """
    pressure = np.asarray(pressure, dtype=np.float64)
    return np.asarray(pressure / (pressure + recovery))


def motivation_fixed_point(awards: ArrayLike, crowding: float, recovery: float) -> Floats:
    """Members' own motivation at which crowding-out and recovery balance, m = r / (r + k a).

    Examples
    --------
    >>> float(motivation_fixed_point(1.0, 0.01, 0.01))
    0.5
    """
    return np.asarray(recovery / (recovery + crowding * np.asarray(awards, dtype=np.float64)))


def activity_fixed_point(awards: ArrayLike, incentive: float, crowding: float, recovery: float) -> Floats:
    """Activity under lasting awards, m + i a; above 1 exactly where i (r + k a) > k.

    Examples
    --------
    >>> float(activity_fixed_point(1.0, 0.5, 0.01, 0.01))
    1.0
    """
    paid = incentive * np.asarray(awards, dtype=np.float64)
    return np.asarray(motivation_fixed_point(awards, crowding, recovery) + paid)


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


def fine_threshold(total: ArrayLike, seen: ArrayLike, substitution: float) -> Floats:
    """Expected fine and reward, pF + R, from which on a firm does some of the hard-to-see work, (1 + s) V - P or 0.

    Holds while visible effort is inside (0, 1).

    Parameters
    ----------
    total, seen
        P, the weights of all evaluators, and V, these times their visible shares.
    substitution
        s.

    Examples
    --------
    >>> round(float(fine_threshold(0.5, 0.45, 0.3)), 12)
    0.085
    """
    return np.maximum((1.0 + substitution) * np.asarray(seen, dtype=np.float64) - np.asarray(total), 0.0)


def bad_share(violation: ArrayLike, focus: float, release: float) -> Floats:
    """Share of estates in the group that is inspected more often, in the long run (Harrington 1988).

    An inspection finds a violation with probability p.  The good group is inspected at rate l, the bad one at
    `focus` l, so x l focus release (1 - p) leave and (1 - x) l p enter: whatever l is,
    x = p / (p + focus release (1 - p)).

    Examples
    --------
    >>> float(bad_share(0.5, 2.0, 0.5))
    0.5
    """
    p = np.asarray(violation, dtype=np.float64)
    leave = focus * release * (1.0 - p)
    return np.divide(p, p + leave, out=np.zeros_like(p), where=p > 0.0)


def reported_resolution(true: ArrayLike, premature: ArrayLike) -> Floats:
    """Resolution that is reported, true + (1 - true) premature.

    Examples
    --------
    >>> float(reported_resolution(0.5, 0.5))
    0.75
    """
    true = np.asarray(true, dtype=np.float64)
    return np.asarray(true + (1.0 - true) * np.asarray(premature))
