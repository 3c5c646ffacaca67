"""What can be concluded from paired runs: pure functions of arrays, each tested against a closed form or by simulation.

Two arms that share their draws are compared replicate by replicate.  The difference is then a sample of as many
independent numbers as there are replicates.  Its mean has an interval that is Student's, with two additions for what a
handful of replicates cannot show by itself.

**Skew.**  A difference of rare and unequal events has a long tail on one side: most samples lie on the other side, with
a mean too close to it and a spread too small, and Student's interval misses the truth in up to one of eight samples
instead of one of twenty.  Towards the tail the interval reaches further by the factor

    1 + min(|g| (1 + 2 t^2) / (6 t sqrt(n)), 0.6),

with g the skewness of the n differences (unbiased third moment over the cube of the spread) and t Student's quantile at
97.5 %.  That is Johnson's (1978) correction with Chen's (1995) second term, except that the other end stays Student's:
the skewness that few pairs show may lengthen the interval, and never shortens it or moves it away from zero.  The
factor is the same at every confidence, so that p is the confidence at which the interval begins to hold zero.
`tests/verification/test_intervals.py` measures how often it holds the truth.

**Counts.**  Counts of few events may be equal in all pairs by accident, and a spread of zero says nothing then.  Of
n numbers that go by steps of a *grain* (one event in what was observed, `exposure.grain`) the smallest spread that is
not zero is grain / sqrt(n), where one of them differs by one step.  The spread of a count is taken as no smaller.  Two
pairs with one more case each so give an interval of 1 plus or minus 6.4, and it takes four such pairs to leave zero
out.  Arms of which no outcome differs in any pair are the same, and their interval is zero.

Differences that are no more than rounding of the two numbers are taken as zero.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtri, stdtr, stdtrit

from sim.outcomes import Better

FURTHEST: Final = 0.6
"""Largest share by which skewness lengthens a side; the skewness of three or four pairs is hardly known."""

DUST: Final = 1e-12
"""Relative size up to which a number is rounding: sums of a run's weeks in another order differ by less."""


@dataclass(frozen=True)
class Paired:
    """One arm against another in one outcome.

    Attributes
    ----------
    mean, baseline_mean
        Means of the two arms over the pairs used, in the outcome's unit.
    difference, ci_low, ci_high
        Mean difference and its interval; the interval is NaN with fewer than two pairs.
    relative
        Difference over the absolute baseline mean, NaN where that is zero.
    helped
        Share of pairs in which the difference is to the better side; NaN where no side is better.
    p
        Two-sided p that the mean difference is zero; 1 where all differences are zero.
    spread
        Standard deviation of the differences.
    error_low, error_high
        Standard error of the mean difference, lengthened where the differences are skewed: the interval at a confidence
        reaches as many of them down and up as Student's quantile says.
    variance_saved, variance_saved_low, variance_saved_high
        Variance of a difference of independent runs over that of the paired ones: how many times as many
        replicates an unpaired comparison would need; with its interval, see `_variance_saved`.
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
    error_low: float
    error_high: float
    variance_saved: float
    variance_saved_low: float
    variance_saved_high: float

    def interval(self, confidence: float) -> tuple[float, float]:
        """The interval at another confidence.

        Examples
        --------
        >>> [round(end, 2) for end in paired([1.0, 2.0, 3.0], [2.0, 2.5, 4.5]).interval(0.9)]
        [-1.84, -0.16]
        """
        if self.replicates < 2:
            return math.nan, math.nan
        reach = t_quantile(0.5 + confidence / 2, self.replicates - 1)
        return self.difference - reach * self.error_low, self.difference + reach * self.error_high


def t_quantile(probability: float, freedom: float) -> float:
    """Quantile of Student's t distribution.

    Examples
    --------
    >>> round(t_quantile(0.975, 9), 4)
    2.2622
    """
    return float(stdtrit(freedom, probability))


def differences(values: ArrayLike, baseline: ArrayLike) -> NDArray[np.float64]:
    """Differences, pair by pair; what is only rounding of the two numbers is zero.

    Examples
    --------
    >>> differences([0.1 + 0.2, 1.0], [0.3, 2.0]).tolist()
    [0.0, -1.0]
    """
    first, second = np.asarray(values, float), np.asarray(baseline, float)
    gap = first - second
    with np.errstate(invalid="ignore"):
        dust = np.abs(gap) <= DUST * np.maximum(np.abs(first), np.abs(second))
    return np.where(dust, 0.0, gap)


def mean_intervals(
    values: ArrayLike, axis: int = 0, confidence: float = 0.95, grain: ArrayLike = 0.0, alike: bool = True
) -> tuple[NDArray[np.float64], ...]:
    """Mean, lower end, upper end and number of replicates of many outcomes at once; a NaN is one that is not there.

    Values of any shape lose the `axis` that counts replicates.  Without any replicate the mean is NaN, with fewer than
    two the interval.  The `grain`, one step of a count and 0 where there is none, has the shape of the means, or of its
    last axes; counts that are all zero are known to be so if they are `alike`, rather than by accident.

    Examples
    --------
    >>> [part.round(3).tolist() for part in mean_intervals([[-1.0, 2.0], [-0.5, 2.0], [-1.5, math.nan]])]
    [[-1.0, 2.0], [-2.242, 2.0], [0.242, 2.0], [3.0, 2.0]]
    """
    mean, below, above, _, count = _errors(np.asarray(values, float), axis, np.asarray(grain, float), alike)
    reach = stdtrit(np.where(count > 1, count - 1, np.nan), 0.5 + confidence / 2)
    return mean, mean - reach * below, mean + reach * above, count


def _errors(
    table: NDArray[np.float64], axis: int, grain: NDArray[np.float64], alike: bool = True
) -> tuple[NDArray[np.float64], ...]:
    """Mean, its standard error downwards and upwards, spread and number of the numbers that are there."""
    known = np.isfinite(table)
    count = known.sum(axis=axis).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(known, table, 0.0).sum(axis=axis) / count
        deviation = np.where(known, table - np.expand_dims(mean, axis), 0.0)
        freedom = np.where(count > 1, count - 1, np.nan)
        variance = np.square(deviation).sum(axis=axis) / freedom
        largest = np.where(known, np.abs(table), 0.0).max(axis=axis, initial=0.0)
        variance = np.where(np.sqrt(variance) <= DUST * largest, 0.0 * variance, variance)
        spread = np.sqrt(variance)
        least = np.where(alike & (largest == 0.0), 0.0, grain / np.sqrt(count))
        floored = np.where(np.isnan(spread), spread, np.maximum(spread, least))
        third = np.power(deviation, 3).sum(axis=axis) * count / (freedom * (count - 2))
        skew = np.where((count > 2) & (spread > 0.0), third / floored**3, 0.0)
        quantile = stdtrit(freedom, 0.975)
        longer = np.minimum(np.abs(skew) * (1 + 2 * quantile**2) / (6 * quantile * np.sqrt(count)), FURTHEST)
        error = floored / np.sqrt(count)
        below = error * np.where(skew < 0.0, 1.0 + longer, 1.0)
        above = error * np.where(skew > 0.0, 1.0 + longer, 1.0)
    return mean, below, above, spread, count


def paired(
    values: ArrayLike,
    baseline: ArrayLike,
    better: Better = "lower",
    confidence: float = 0.95,
    grain: float = 0.0,
    alike: bool | None = None,
) -> Paired:
    """Compare two arms pair by pair: one number per replicate, in the same order.

    A pair with a NaN on either side is left out.  The `grain` is one step of a count (`exposure.grain`), 0 where there
    is none.  Two arms are `alike` that are the same in all outcomes, or, by default, in this one; where they are not,
    counts that happen to agree in all pairs are no certainty.

    Examples
    --------
    >>> result = paired([1.0, 2.0, 3.0], [2.0, 2.5, 4.5])
    >>> result.difference, result.helped, round(result.ci_low, 3), round(result.ci_high, 3)
    (-1.0, 1.0, -2.242, 0.242)
    >>> once = paired([3.0, 5.0], [2.0, 4.0], grain=1.0)
    >>> once.difference, round(once.ci_low, 2), round(once.ci_high, 2)
    (1.0, -5.35, 7.35)
    """
    first, second = np.asarray(values, float), np.asarray(baseline, float)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"Two lists of one length are compared, not {first.shape} with {second.shape}.")
    complete = np.isfinite(first) & np.isfinite(second)
    first, second = first[complete], second[complete]
    count = len(first)
    if count == 0:
        gap = math.nan
        return Paired(gap, gap, gap, gap, gap, gap, gap, gap, 0, gap, gap, gap, gap, gap, gap)
    gaps = differences(first, second)
    known = _errors(gaps, 0, np.asarray(grain, float), alike is None or alike)
    difference, below, above, spread = (float(part) for part in known[:4])
    base = float(second.mean())
    reach = t_quantile(0.5 + confidence / 2, count - 1) if count > 1 else math.nan
    saved, saved_low, saved_high = _variance_saved(first, second, gaps, spread)
    return Paired(
        mean=float(first.mean()),
        baseline_mean=base,
        difference=difference,
        ci_low=difference - reach * below,
        ci_high=difference + reach * above,
        relative=difference / abs(base) if base else math.nan,
        helped=math.nan if better == "neither" else float(np.mean(gaps > 0 if better == "higher" else gaps < 0)),
        p=_p(difference, below if difference > 0 else above, count),
        replicates=count,
        spread=spread,
        error_low=below,
        error_high=above,
        variance_saved=saved,
        variance_saved_low=saved_low,
        variance_saved_high=saved_high,
    )


def _p(difference: float, error: float, count: int) -> float:
    """Two-sided p of no difference: one less the confidence at which the interval begins to hold zero."""
    if count < 2:
        return math.nan
    if difference == 0 or error == 0:
        return float(difference == 0)
    return float(2 * stdtr(count - 1, -abs(difference) / error))


def _variance_saved(
    first: NDArray[np.float64], second: NDArray[np.float64], gaps: NDArray[np.float64], spread: float
) -> tuple[float, float, float]:
    """How much pairing saves, with a 95 % interval.

    The variances of two arms add up to half of those of their sum and their difference, so that what is saved is
    (1 + R) / 2, with R the variance of the sums over that of the differences.  Where both arms vary alike, sums and
    differences of normal numbers are independent, and R over its true value has Fisher's F distribution with n - 1 and
    n - 1 degrees of freedom: of ten pairs, R is known to a factor of 4.  Long tails make it wider still.
    """
    count = len(first)
    if count < 2:
        return (math.nan,) * 3
    unpaired = float(first.var(ddof=1) + second.var(ddof=1))
    if not spread > 0:
        return (math.inf if unpaired > 0 and gaps.any() else math.nan,) * 3
    ratio = float((first + second).var(ddof=1)) / spread**2
    factor = float(fdtri(count - 1, count - 1, 0.975))
    return unpaired / spread**2, (1.0 + ratio / factor) / 2, (1.0 + ratio * factor) / 2


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """Adjust p values for being many (Holm's step-down method); NaN is no test and stays NaN.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p, float)
    adjusted = np.full(values.shape, np.nan)
    order = np.argsort(values, kind="stable")[: np.count_nonzero(~np.isnan(values))]  # NaN are last
    adjusted[order] = np.minimum(np.maximum.accumulate(values[order] * np.arange(len(order), 0, -1)), 1.0)
    return adjusted
