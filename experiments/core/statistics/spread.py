"""How far an effect reaches over assumptions, with sampling noise taken out of its spread.

An effect is measured at many points of what is not known.  What is measured at point i is the effect there, theta_i,
and noise: y_i = theta_i + e_i.  The spread of the y is wider than that of the theta, and more so the smaller the
ground: read as a range over assumptions it would mistake luck for ignorance.  So some points are run twice, with
independent random numbers.  How far the two differ says how large the noise is, and the measured effects are drawn
together about their mean until their variance is what is left without it:

    s^2    = mean over points of (variance between the runs of one point) / h_i
    tau^2  : sum of (y_i - mu)^2 / (tau^2 + s^2 h_i / n_i) = points - 1, or 0 where that needs less than 0
    mu     = mean of the y_i, each weighted by 1 / (tau^2 + s^2 h_i / n_i)
    y_i*   = mu + (y_i - mu) sqrt((tau^2 + se^2) / (tau^2 + s^2 h_i / n_i))

with n_i the runs of point i, se the standard error of mu, and h_i how noisy the point is beside others: a share of a
rare thing is noisier than that of a frequent one.  The equation for tau is Paule and Mandel's (1982); where all
points are equally noisy it says that tau^2 is the variance of the y less that of the noise.  The y* have the mean and
the variance of the effect in a new world (to first order), which the posterior means of an empirical Bayes estimate
have not: those are drawn together too far (Louis 1984; Ghosh 1992).  Ends of the range are quantiles of the y*, and
shares of worlds are counted among them.  What is assumed is that the noise has about the shape of the effects' own
spread; `tests/verification/test_range_truths.py` measures what comes of it for effects that are normal, skewed and of
two kinds. A spread that is nothing but noise is seldom measured as exactly zero: with 64 points of which 24 are run
twice, about a quarter of the width that noise alone would make is left.
"""

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

SHARE: Final = 0.9
"""Central share of the worlds that a range holds."""

LEAST: Final = 8
"""Points below which nothing is said of a range."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """Effects over assumptions.

    Attributes
    ----------
    effects, measured
        The y* and the y, shape (points,); NaN where no run of the point ended.
    deviation
        tau, standard deviation over assumptions.
    chance
        s, standard deviation of the noise in a single run.
    reliability
        Share of the variance of what was measured at a usual point that is not noise, 0 to 1.
    """

    effects: Floats = field(repr=False)
    measured: Floats = field(repr=False)
    mean: float
    deviation: float
    chance: float
    reliability: float

    @property
    def points(self) -> int:
        """Points at which the effect is known."""
        return int(np.isfinite(self.effects).sum())

    def ends(self, share: float = SHARE) -> tuple[float, float]:
        """Ends of the central share of worlds; NaN where too few points are known.

        Examples
        --------
        >>> exact = spread_of(np.repeat(np.arange(1001.0)[:, None], 2, axis=1))
        >>> [round(end) for end in exact.ends()]
        [49, 951]
        """
        known = self.effects[np.isfinite(self.effects)]
        if known.size < LEAST:
            return math.nan, math.nan
        half = (1.0 - share) / 2.0
        low, high = np.quantile(known, (half, 1.0 - half), method="median_unbiased")
        return float(low), float(high)

    def shares(self, room: float) -> tuple[float, float, float]:
        """Shares of worlds in which the effect lies below -room, within it, and above it.

        Examples
        --------
        >>> spread_of(np.repeat(np.linspace(-1.0, 1.0, 9)[:, None], 2, axis=1)).shares(0.3)
        (0.3333333333333333, 0.3333333333333333, 0.3333333333333333)
        """
        known = self.effects[np.isfinite(self.effects)]
        if known.size < LEAST:
            return math.nan, math.nan, math.nan
        below, above = float((known < -room).mean()), float((known > room).mean())
        return below, float((np.abs(known) <= room).mean()), above


def spread_of(runs: ArrayLike, noisiness: ArrayLike | None = None) -> Spread:
    """Take sampling noise out of the spread of measured effects, shape (points, runs of a point), NaN where not there.

    The `noisiness`, shape (points,), has the h: how large the variance of the noise is at each point beside others; by
    default alike.  Without a point that has two runs, nothing is known of the noise, and nothing is taken out.
    """
    table = np.asarray(runs, dtype=np.float64)
    known = np.isfinite(table)
    count = known.sum(axis=1)
    present = count > 0
    size = np.ones(len(table)) if noisiness is None else np.where(present, np.asarray(noisiness, dtype=np.float64), 1.0)
    sums = np.where(known, table, 0.0).sum(axis=1)
    measured = np.divide(sums, count, out=np.full(len(table), np.nan), where=present)
    within = np.square(np.where(known, table - measured[:, None], 0.0)).sum(axis=1) / size
    freedom = np.maximum(count - 1, 0).sum()
    chance = float(within.sum() / freedom) if freedom else 0.0
    values, error = measured[present], (chance * size[present]) / count[present]
    between, mean = _between(values, error)
    whole = between + error
    # A new world differs from the mean by tau and by how little the mean is known.
    new = between + (1.0 / float((1.0 / whole).sum()) if values.size and whole.min() > 0.0 else 0.0)
    drawn = np.divide(new, whole, out=np.zeros(values.size), where=whole > 0.0)
    effects = np.full(len(table), np.nan)
    effects[present] = mean + (values - mean) * np.sqrt(drawn)
    typical = between + float(np.median(error)) if values.size else 0.0
    reliability = between / typical if typical > 0.0 else 1.0
    return Spread(effects, measured, mean, math.sqrt(between), math.sqrt(chance), reliability)


def _between(values: Floats, error: Floats) -> tuple[float, float]:
    """Variance between points, and their mean, by Paule and Mandel's equation; `error` is the noise variance."""
    if values.size < 2:
        return 0.0, float(values.mean()) if values.size else math.nan

    def at(between: float) -> tuple[float, float]:
        weights = 1.0 / (between + error)
        mean = float(weights @ values / weights.sum())
        return float(weights @ np.square(values - mean)) - (values.size - 1), mean

    variance = float(values.var(ddof=1))
    if not error.min() > 0.0:
        error = np.maximum(error, 1e-12 * variance)
    if variance == 0.0:
        return 0.0, float(values.mean())
    low, high = 0.0, variance
    if at(0.0)[0] <= 0.0:
        return 0.0, at(0.0)[1]
    while at(high)[0] > 0.0:
        high *= 2.0
    for _ in range(80):
        middle = (low + high) / 2.0
        low, high = (middle, high) if at(middle)[0] > 0.0 else (low, middle)
    between = (low + high) / 2.0
    return between, at(between)[1]
