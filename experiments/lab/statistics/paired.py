"""What can be concluded from paired runs: pure functions of arrays, each tested against a closed form.

Two arms that share their draws are compared replicate by replicate.  The difference is then a sample of as
many independent numbers as there are replicates, and everything here is the classical treatment of such a
sample: Student's interval for its mean, Holm's adjustment for asking many questions at once, and a verdict in
words that also knows the word *equivalent*, since "not different from zero" is not "no difference that
matters".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Better", "Paired", "holm", "intervals", "paired", "replicates_for", "t_quantile", "verdict"]

Better = Literal["lower", "higher", "neither"]
"""Which direction of an outcome is the good one, where one is."""


@dataclass(frozen=True)
class Paired:
    """One arm against another in one outcome.

    Attributes
    ----------
    mean, baseline_mean
        Means of the two arms over the pairs used, in the outcome's unit.
    difference, ci_low, ci_high
        Mean difference and Student's interval for it; the interval is NaN with fewer than two pairs.
    relative
        Difference over the absolute baseline mean, NaN where that is zero.
    helped
        Share of pairs in which the difference is to the better side; NaN where no side is better.
    p
        Two-sided p of Student's test that the mean difference is zero; 1 where all differences are zero.
    replicates
        Number of pairs used.
    spread
        Standard deviation of the differences.
    variance_saved
        Variance of a difference of independent runs over that of the paired ones: how many times as many
        replicates an unpaired comparison would need.
    """

    mean: float
    baseline_mean: float
    difference: float
    ci_low: float
    ci_high: float
    relative: float
    helped: float
    p: float
    replicates: int
    spread: float
    variance_saved: float


def t_quantile(probability: float, freedom: float) -> float:
    """Quantile of Student's t distribution.

    Examples
    --------
    >>> round(t_quantile(0.975, 9), 4)
    2.2622
    """
    from scipy.special import stdtrit

    return float(stdtrit(freedom, probability))


def intervals(values: ArrayLike, axis: int = 0, confidence: float = 0.95) -> tuple[NDArray[np.float64], ...]:
    """Means of many outcomes at once, with Student's intervals; a NaN is a replicate that is not there.

    Parameters
    ----------
    values, axis
        Numbers of any shape, and the axis that counts replicates.
    confidence
        Coverage of each interval.

    Returns
    -------
    tuple of arrays
        Mean, lower end, upper end, and how many replicates there are, without that axis.  Without any replicate the
        mean is NaN, with fewer than two the interval.

    Examples
    --------
    >>> [part.round(3).tolist() for part in intervals([[-1.0, 2.0], [-0.5, 2.0], [-1.5, math.nan]])]
    [[-1.0, 2.0], [-2.242, 2.0], [0.242, 2.0], [3.0, 2.0]]
    """
    from scipy.special import stdtrit

    table = np.asarray(values, float)
    known = np.isfinite(table)
    count = known.sum(axis=axis).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(known, table, 0.0).sum(axis=axis) / count
        squares = np.square(np.where(known, table - np.expand_dims(mean, axis), 0.0)).sum(axis=axis)
        freedom = np.where(count > 1, count - 1, np.nan)
        reach = stdtrit(freedom, 0.5 + confidence / 2) * np.sqrt(squares / freedom / count)
    return mean, mean - reach, mean + reach, count


def paired(values: ArrayLike, baseline: ArrayLike, better: Better = "lower", confidence: float = 0.95) -> Paired:
    """Compare two arms pair by pair.

    Parameters
    ----------
    values, baseline
        One number per replicate, in the same order; a pair with a NaN on either side is left out.
    better
        The good direction of the outcome.
    confidence
        Coverage of the interval.

    Examples
    --------
    >>> result = paired([1.0, 2.0, 3.0], [2.0, 2.5, 4.5])
    >>> result.difference, result.helped, round(result.ci_low, 3), round(result.ci_high, 3)
    (-1.0, 1.0, -2.242, 0.242)
    """
    from scipy.special import stdtr

    first, second = np.asarray(values, float), np.asarray(baseline, float)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"Two lists of one length are compared, not {first.shape} with {second.shape}.")
    complete = np.isfinite(first) & np.isfinite(second)
    first, second = first[complete], second[complete]
    count = len(first)
    if count == 0:
        gap = math.nan
        return Paired(gap, gap, gap, gap, gap, gap, gap, gap, 0, gap, gap)
    differences = first - second
    mean, base, difference = float(first.mean()), float(second.mean()), float(differences.mean())
    identical = not differences.any()
    spread = float(differences.std(ddof=1)) if count > 1 else math.nan
    if count == 1:
        low = high = p = math.nan
    elif identical:
        low = high = 0.0
        p = 1.0
    else:
        error = spread / math.sqrt(count)
        reach = t_quantile(0.5 + confidence / 2, count - 1) * error
        low, high = difference - reach, difference + reach
        p = 0.0 if error == 0 else float(2 * stdtr(count - 1, -abs(difference) / error))
    return Paired(
        mean=mean,
        baseline_mean=base,
        difference=difference,
        ci_low=low,
        ci_high=high,
        relative=difference / abs(base) if base else math.nan,
        helped=_helped(differences, better),
        p=p,
        replicates=count,
        spread=spread,
        variance_saved=_variance_saved(first, second, spread),
    )


def _helped(differences: NDArray[np.float64], better: Better) -> float:
    if better == "neither":
        return math.nan
    good = differences < 0 if better == "lower" else differences > 0
    return float(good.mean())


def _variance_saved(first: NDArray[np.float64], second: NDArray[np.float64], spread: float) -> float:
    if len(first) < 2:
        return math.nan
    apart = float(first.var(ddof=1) + second.var(ddof=1))
    if spread > 0:
        return apart / spread**2
    return math.inf if apart > 0 else math.nan


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """Adjust p values for being many (Holm's step-down method); NaN is no test and stays NaN.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p, float)
    adjusted = np.full(values.shape, np.nan)
    tests = np.flatnonzero(~np.isnan(values))
    order = tests[np.argsort(values[tests], kind="stable")]
    steps = values[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(order) else steps
    return adjusted


def verdict(
    result: Paired, p_adjusted: float, margin: float, better: Better = "lower", level: float = 0.05,
    scale: float | None = None,
) -> str:
    """Say in one word what a comparison shows.

    *equivalent*: the whole interval lies within plus or minus `margin` of the baseline's mean (or of `scale`, for an
    index that has no such mean), so that no
    difference which matters is left, even if one is detectable. *helps* and *harms*: the difference is not
    zero at `level` after adjustment for the number of tests; *rises* and *falls*: the same where no direction of the
    outcome has been declared the better one. *undecided*: none of these, so far.

    Examples
    --------
    >>> verdict(paired([1.0, 2.0, 3.1], [2.0, 3.0, 4.0]), p_adjusted=0.001, margin=0.02)
    'helps'
    >>> verdict(paired([2.0, 3.0], [2.0, 3.0]), p_adjusted=1.0, margin=0.02)
    'equivalent'
    """
    room = margin * (abs(result.baseline_mean) if scale is None else scale)
    if result.replicates and -room <= result.ci_low and result.ci_high <= room:
        return "equivalent"
    if not p_adjusted < level or result.difference == 0:
        return "undecided"
    if better == "neither":
        return "falls" if result.difference < 0 else "rises"
    return "helps" if (result.difference < 0) == (better == "lower") else "harms"


def replicates_for(spread: float, half_width: float, confidence: float = 0.95) -> float:
    """Find how many replicates in all give an interval of plus or minus `half_width`.

    Parameters
    ----------
    spread
        Standard deviation of the paired differences, as estimated so far.
    half_width
        Wanted half width of the interval, in the outcome's unit.

    Returns
    -------
    float
        The smallest whole number n >= 2 with t(n - 1) spread / sqrt(n) <= half_width; NaN where it cannot be
        told: the spread is unknown, or no width is wanted and there is a spread.

    Examples
    --------
    >>> replicates_for(spread=1.0, half_width=0.5)
    18.0
    """
    if math.isnan(spread) or math.isnan(half_width):
        return math.nan
    if spread == 0:
        return 2.0
    if half_width <= 0:
        return math.nan
    probability = 0.5 + confidence / 2

    def enough(count: int) -> bool:
        return t_quantile(probability, count - 1) * spread <= half_width * math.sqrt(count)

    high = 2
    while not enough(high):
        high *= 2
        if high > 2**40:
            return math.nan
    low = high // 2
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return float(high)
