"""Deterrence, targeting, formalism and honesty as formulas (M14)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

__all__ = [
    "authority_of_fine",
    "expected_fine",
    "expected_reward",
    "form_share",
    "guidance_share",
    "heard",
    "hours_per_weight",
    "inspection_rates",
    "premature_share",
    "released",
]


def premature_share(pressure: float, callback: float, penalty: float, scruple: float) -> float:
    """Share q of unsolved cases that a handler claims as resolved.

    A handler gains `pressure` for every case that counts as resolved, loses `penalty` where a call-back finds it
    out, and finds each further claim harder: max over q in [0, 1] of ``(pressure - callback penalty) q - scruple
    q^2 / 2``, so q = (pressure - callback penalty) / scruple, between 0 and 1.

    Examples
    --------
    >>> premature_share(1.0, 0.25, 2.0, 1.0), premature_share(0.2, 0.5, 1.0, 1.0), premature_share(5.0, 0.0, 1.0, 1.0)
    (0.5, 0.0, 1.0)
    """
    return min(max((pressure - callback * penalty) / scruple, 0.0), 1.0)


def expected_fine(inspections: ArrayLike, detection: float, fine_weeks: float, payoff_weeks: float = 1.0) -> Floats:
    """Expected penalty of a quarter for leaving invisible work undone, pF, in units of payoff.

    Examples
    --------
    >>> float(expected_fine(2.0, 0.25, 1.0, 2.0))
    0.25
    """
    return np.asarray(inspections, dtype=np.float64) * (detection * fine_weeks / payoff_weeks)


def expected_reward(inspections: ArrayLike, detection: float, reward_weeks: float, payoff_weeks: float = 1.0) -> Floats:
    """Reward of a quarter for each unit of invisible work, R, in units of payoff.

    Every inspection that finds no violation is rewarded.  L inspections find L [1 - detection (1 - u)] times none, so
    another unit of u brings L detection rewards more: the same as with the fine.  What is paid whatever the firm does,
    L (1 - detection) rewards, moves no decision, and is the purse's all the same.

    Examples
    --------
    >>> float(expected_reward(2.0, 0.25, 1.0, 2.0))
    0.25
    """
    return np.asarray(inspections, dtype=np.float64) * (detection * reward_weeks / payoff_weeks)


def guidance_share(hours: ArrayLike, effect: float) -> Floats:
    """Share of what owners do not see of a committee that guidance sees, 1 - exp(-effect hours), in [0, 1).

    A committee's integrity then comes to rest at r / (r + k (1 - audit) (1 - share)), r and k those of M7.

    Examples
    --------
    >>> guidance_share([0.0, 1.0], 0.0).tolist()
    [0.0, 0.0]
    """
    return np.asarray(-np.expm1(-effect * np.asarray(hours, dtype=np.float64)))


def authority_of_fine(fine_weeks: float, scale: float) -> float:
    """Authority of a desk that may fine, 1 - exp(-fine / scale), in [0, 1).

    Examples
    --------
    >>> authority_of_fine(0.0, 1.0)
    0.0
    """
    return float(-np.expm1(-fine_weeks / scale))


def form_share(targets: float, each: float) -> float:
    """Share of capacity lost to form, 1 - exp(-each targets), in [0, 1).

    Examples
    --------
    >>> form_share(0, 0.01)
    0.0
    """
    return float(-np.expm1(-each * targets))


def inspection_rates(invisible: Floats, detection: float, rate: Floats) -> Floats:
    """Rates of inspections that find a violation and of those that find none, shape (2, estates).

    Inspections come singly and at random: the two are independent Poisson streams.

    Examples
    --------
    >>> inspection_rates(np.array([0.5]), 0.5, np.array([4.0])).tolist()
    [[1.0], [3.0]]
    """
    rates = np.empty((2, rate.size))
    caught, spared = rates
    np.subtract(1.0, invisible, out=caught)
    caught *= detection
    np.subtract(1.0, caught, out=spared)
    rates *= rate
    return rates


def hours_per_weight(hours: Floats, total: Floats) -> Floats:
    """Hours that a tier has for each unit of weight of its estates, shape (n,); 0 where nothing has weight.

    Examples
    --------
    >>> hours_per_weight(np.array([6.0, 6.0]), np.array([3.0, 0.0])).tolist()
    [2.0, 0.0]
    """
    return np.asarray(np.divide(hours, total, out=np.zeros(total.size), where=total > 0.0))


def heard(complaints: Floats, filed: NDArray, memory: float) -> Floats:
    """By how much a week of filings changes what is known of complaints, which fades to 1/e in `memory` weeks.

    Examples
    --------
    >>> heard(np.array([2.0]), np.array([2]), 10.0).tolist()
    [0.0]
    """
    return np.asarray((filed - complaints) * -np.expm1(-1.0 / memory))


def released(draw: Floats, clean: NDArray[np.integer], release: float) -> NDArray[np.bool_]:
    """Which estates leave the group that is watched: each clean inspection lets one go with this probability.

    Examples
    --------
    >>> released(np.array([0.7, 0.8]), np.array([1, 1]), 0.25).tolist()
    [False, True]
    """
    return draw >= (1.0 - release) ** clean
