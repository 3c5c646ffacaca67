"""Meetings, quorum, capture and skill as formulas (M7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from sim.stakeholders.committees.committees_parameters import CommitteesSection

__all__ = [
    "attendance_probability",
    "integrity_fixed_point",
    "is_quorate",
    "logistic",
    "needed",
    "proxy_trust",
    "saturating",
    "skill_after",
]

_DUST = 1e-9


def logistic(x: ArrayLike) -> NDArray[np.float64]:
    """1 / (1 + exp(-x)), without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(x, dtype=np.float64)))


def saturating(x: ArrayLike, slope: float, most: float) -> NDArray[np.float64]:
    """What rises in proportion at first and never beyond a bound, most (1 - exp(-slope x / most)).

    Parameters
    ----------
    x
        What it rises with, at least 0.
    slope, most
        Rise with the first of x, and the bound; nothing rises where the bound is 0.

    Examples
    --------
    >>> saturating([0.0, 0.001, 1000.0], 2.0, 0.5).round(6).tolist()
    [0.0, 0.001996, 0.5]
    """
    x = np.asarray(x, dtype=np.float64)
    if most == 0.0:
        return np.zeros_like(x)
    return most * -np.expm1(x * -min(slope / most, 1e290))


def attendance_probability(
    grievance: ArrayLike,
    trust: ArrayLike,
    proxy: ArrayLike,
    constant: ArrayLike,
    crowding_out: float,
    committees: CommitteesSection,
) -> NDArray[np.float64]:
    """Probability that an owner takes part in a meeting.

    Every term is zero at its reference, so that changing a weight does not move the average: grievance at
    ``grievance_reference``, trust and proxy at 1/2.

    Parameters
    ----------
    grievance
        Conflicts per adult and week; the term saturates.
    trust
        In the committee, in [0, 1].
    proxy
        Trust in a capable proxy, in [0, 1], see `proxy_trust`.
    constant
        Logit at the references, with what is particular to the estate and the meeting.
    crowding_out
        Weight of a trusted proxy in logits, 0 where crowding-out is off.
    committees
        Has the weights of grievance and trust in logits (``turnout_grievance``, ``turnout_trust``), and the reference.

    Examples
    --------
    >>> from sim.stakeholders.committees import CommitteesSection
    >>> p = CommitteesSection(grievance_reference=0.001)
    >>> float(attendance_probability(0.001, 0.5, 0.5, constant=0.0, crowding_out=0.5, committees=p))
    0.5
    """
    p = committees
    sore = np.asarray(grievance) / (np.asarray(grievance) + p.grievance_reference) - 0.5
    trusting = np.asarray(trust) - 0.5
    spared = np.asarray(proxy) - 0.5
    return logistic(
        np.asarray(constant) + p.turnout_grievance * sore + p.turnout_trust * trusting - crowding_out * spared
    )


def proxy_trust(*trusts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Trust that at least one of several proxies takes care, 1 - prod(1 - T).

    Give 0 for a proxy that is not there or has no hours.

    Examples
    --------
    >>> float(proxy_trust(np.array(0.5), np.array(0.5)))
    0.75
    """
    # Written as a sum, so that a proxy that is not there changes nothing to the last bit.
    held = np.asarray(trusts[0])
    for trust in trusts[1:]:
        held = held + (1.0 - held) * trust
    return held


def needed(owners: ArrayLike, quorum: float) -> NDArray[np.int64]:
    """Fewest participants that make a quorum by count.

    Examples
    --------
    >>> needed([3, 4, 300], 2 / 3).tolist()
    [2, 3, 200]
    """
    return np.ceil(np.asarray(owners) * quorum - _DUST).astype(np.int64)


def is_quorate(
    count: ArrayLike, owners: ArrayLike, area: ArrayLike, area_total: ArrayLike, quorum: float
) -> NDArray[np.bool_]:
    """Whether those who take part are enough by count and by area.

    Examples
    --------
    >>> bool(is_quorate(2, 3, 190.0, 300.0, 2 / 3))
    False
    """
    enough = np.asarray(count) >= needed(owners, quorum)
    return enough & (np.asarray(area) >= quorum * np.asarray(area_total) * (1.0 - _DUST))


def integrity_fixed_point(audit: ArrayLike, *, recovery: float, capture: ArrayLike) -> NDArray[np.float64]:
    """Integrity at which recovery and capture balance, I* = r / (r + k (1 - audit)).

    Examples
    --------
    >>> float(integrity_fixed_point(0.5, recovery=0.01, capture=0.02))
    0.5
    """
    return recovery / (recovery + np.asarray(capture) * (1.0 - np.asarray(audit)))


def skill_after(skill: ArrayLike, handled: ArrayLike, *, gain: float, decay: float) -> NDArray[np.float64]:
    """Skill after a week in which so many cases were handled: it grows with use and decays without.

    Examples
    --------
    >>> skill_after([0.5, 0.5], [1, 0], gain=0.1, decay=0.02).tolist()
    [0.55, 0.49]
    """
    skill, handled = np.asarray(skill, dtype=np.float64), np.asarray(handled)
    learnt = 1.0 - (1.0 - skill) * (1.0 - gain) ** handled
    return np.where(handled > 0, learnt, skill * (1.0 - decay))
