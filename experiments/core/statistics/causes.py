"""Which parameters an effect follows over assumptions, and how much of its spread each explains.

Ranks of the effects are regressed on where each parameter stands in its range (a switch is 0 or 1, a choice of
several is a set of such), all at once, so that what one explains is not left as noise in the test of the others.  The
standardised coefficient gives the direction, its square the share of the variance of the ranks, which over the share
that is not noise (`spread.Spread.reliability`) is the share of the spread over assumptions.  Its test is Student's
(of a choice Fisher's), and p is adjusted after Holm for the number of parameters; noise is in the residuals, so that a
parameter is not called a cause of what luck does.  Points are independent draws, each with independent random numbers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.core.design.axes import Axis
from experiments.core.statistics.paired import holm, t_quantile
from experiments.core.statistics.regions import LEVEL

Floats = NDArray[np.float64]

THIRD: Final = 1 / 3


@dataclass(frozen=True)
class Cause:
    """What a parameter does to an effect over assumptions.

    Attributes
    ----------
    slope
        Standardised coefficient of its ranks, -1 to 1: above zero where the effect is larger (further up) where the
        parameter is; NaN for a choice of several.
    share, share_low, share_high
        Share of the spread over assumptions that it explains, with the 95 % interval; 0 to 1.
    effect_low, effect_high
        Mean effect in the third of the points where the parameter is lowest and highest; of a switch where it is off
        and on; of a choice of several the smallest and the largest mean over its levels.
    p
        Adjusted for the number of parameters.
    """

    name: str
    slope: float
    share: float
    share_low: float
    share_high: float
    effect_low: float
    effect_high: float
    p: float

    @property
    def clear(self) -> bool:
        """Whether it is more than chance produces among so many parameters."""
        return self.p < LEVEL


def causes(
    axes: Sequence[Axis], points: Sequence[Sequence[object]], effects: Floats, reliability: float = 1.0
) -> list[Cause]:
    """Regress an effect on all parameters at once.

    For each axis `points` has its values at the points; `effects`, shape (points,), are NaN where not known, and
    `reliability` is the share of their variance that is not noise.  The cause that explains most comes first; there
    are none where there are hardly more points than parameters.
    """
    known = np.isfinite(effects)
    columns = [_coded(axis, np.array(values, dtype=object)[known]) for axis, values in zip(axes, points, strict=True)]
    used = [place for place, coded in enumerate(columns) if coded.shape[1]]
    count = int(known.sum())
    freedom = count - 1 - sum(columns[place].shape[1] for place in used)
    values = effects[known]
    if freedom < 5 or not used or np.ptp(values) == 0.0:
        return []
    ranks = _ranks(values)
    design = np.hstack([columns[place] for place in used])
    inverse = np.linalg.pinv(design.T @ design)
    weights = inverse @ design.T @ ranks
    left = float(np.square(ranks - design @ weights).sum()) / freedom
    stops = np.cumsum([0, *(columns[place].shape[1] for place in used)])
    own = [slice(start, stop) for start, stop in pairwise(stops)]
    tests = [_tested(weights[part], inverse[part, part], left, freedom, count) for part in own]
    whole = max(reliability, 1e-9)
    causes = []
    for place, (slope, *parts, _), p in zip(used, tests, holm([test[-1] for test in tests]), strict=True):
        ends = _ends(axes[place], np.array(points[place], dtype=object)[known], values)
        share, low, high = (min(1.0, part / whole) if math.isfinite(part) else part for part in parts)
        causes.append(Cause(axes[place].name, slope, share, low, high, *ends, float(p)))
    return sorted(causes, key=lambda cause: (not cause.clear, -cause.share))


def marginal(axes: Sequence[Axis], points: Sequence[Sequence[object]], effects: Floats) -> Floats:
    """Share of the variance of an effect's ranks that each parameter explains alone, less what luck explains.

    With more parameters than points they cannot be regressed on all at once.  The shares, shape (parameters,), are
    adjusted for chance, so that of nothing the mean is zero and a share may be below.
    """
    known = np.isfinite(effects)
    count = int(known.sum())
    shares = np.zeros(len(axes))
    if count < 5 or np.ptp(effects[known]) == 0.0:
        return shares
    ranks = _ranks(effects[known])
    for place, (axis, values) in enumerate(zip(axes, points, strict=True)):
        coded = _coded(axis, np.array(values, dtype=object)[known])
        if coded.shape[1]:
            weights, *_ = np.linalg.lstsq(coded, ranks, rcond=None)
            left = float(np.square(ranks - coded @ weights).mean())
            shares[place] = 1.0 - left * (count - 1) / (count - 1 - coded.shape[1])
    return shares


def _ranks(values: Floats) -> Floats:
    """Standardised ranks."""
    from scipy.stats import rankdata

    ranks = rankdata(values)
    return (ranks - ranks.mean()) / ranks.std()


def _coded(axis: Axis, values: NDArray[np.object_]) -> Floats:
    """Where the points stand on an axis, standardised; a column for each level but one of a choice of several."""
    if axis.levels and len(axis.levels) > 2:
        columns = np.stack([values == level for level in axis.levels[1:]], axis=1).astype(np.float64)
    else:
        columns = axis.shares(values.tolist())[:, None]
    columns = columns - columns.mean(axis=0)
    spread = columns.std(axis=0)
    return columns[:, spread > 0.0] / spread[spread > 0.0]


def _tested(
    weights: Floats, inverse: Floats, left: float, freedom: int, count: int
) -> tuple[float, float, float, float, float]:
    """Slope, share of the variance with its interval, and p of one parameter."""
    from scipy.stats import f as fisher

    if len(weights) > 1:
        explained = float(weights @ np.linalg.pinv(inverse) @ weights)
        p = float(fisher.sf(explained / len(weights) / left, len(weights), freedom)) if left > 0.0 else 0.0
        share = max(0.0, (explained - len(weights) * left) / count)
        return math.nan, share, math.nan, math.nan, p
    slope, error = float(weights[0]), math.sqrt(left * float(inverse[0, 0]))
    reach = t_quantile(0.975, freedom) * error
    near = max(0.0, abs(slope) - reach)
    p = float(fisher.sf((slope / error) ** 2, 1, freedom)) if error > 0.0 else 0.0
    return slope, max(0.0, slope**2 - error**2), near**2, (abs(slope) + reach) ** 2, p


def _ends(axis: Axis, values: NDArray[np.object_], effects: Floats) -> tuple[float, float]:
    """Mean effect where the parameter is lowest and where it is highest."""
    if axis.levels:
        means = [float(effects[values == level].mean()) for level in axis.levels if (values == level).any()]
        return (means[0], means[-1]) if len(axis.levels) == 2 else (min(means), max(means))
    shares = axis.shares(values.tolist())
    low, high = np.quantile(shares, (THIRD, 1.0 - THIRD))
    return float(effects[shares <= low].mean()), float(effects[shares >= high].mean())
