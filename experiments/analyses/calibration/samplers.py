"""Samples of where a function of the parameters is high enough, drawn with many points that walk at once.

Points all over the unit cube close in by steps, in each of which points that fall behind are replaced by copies of
others and all then walk at random: `subset_simulation` draws evenly from the set on which a measure lies below a cut
(Au and Beck 2001), `tempered_smc` from the density of a likelihood (Del Moral, Doucet and Jasra 2006).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Measure = Callable[[Array], Array]
"""A number for each point, shape (points, parameters) to (points,)."""
MOVES, MOST = 4.0, 40
"""How often a point moves on average before it counts as one of its own, and steps in which it must have done so."""
KEPT = 0.5
"""Share of the points that survive a step."""
STALLED = 1e-3
"""Where a step brings the cut no further than this, there is nothing to be found below."""


class EvenSample(NamedTuple):
    """An even sample of a set, which is `share` of the cube: `points`, shape (number, parameters), and their `values`,
    all at most `cut`, which is the requested one or the lowest that could be reached.
    """

    points: Array
    values: Array
    share: float
    cut: float


def subset_simulation(
    measure: Measure, cut: float, parameters: int, number: int, rng: np.random.Generator
) -> EvenSample:
    """Sample evenly where a measure is at most `cut`; where it is so nowhere, where it is lowest.

    Examples
    --------
    >>> found = subset_simulation(lambda points: points[:, 0], 0.01, 2, 2000, np.random.default_rng(1))
    >>> bool(found.points[:, 0].max() <= 0.01), 0.008 < found.share < 0.0125
    (True, True)
    """
    points = _everywhere(parameters, number, rng)
    values = measure(points)
    share, level = 1.0, np.inf

    def accept(new: Array, old: Array) -> NDArray[np.bool_]:
        return new <= level

    while level > cut:
        before, level = level, max(cut, float(np.quantile(values, KEPT)))
        if level > cut and before - level < STALLED:
            return EvenSample(points, values, share, before)
        kept = np.flatnonzero(values <= level)
        share *= len(kept) / number
        chosen = kept[np.arange(number) % len(kept)]
        points, values = points[chosen], values[chosen]
        if len(kept) < number:
            points, values = _walk(points, values, measure, accept, rng)
    return EvenSample(points, values, share, level)


def tempered_smc(likelihood: Measure, parameters: int, number: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Sample the density that a logarithmic likelihood gives on the unit cube; return points and their likelihoods."""
    points = _everywhere(parameters, number, rng)
    values = likelihood(points)
    power = 0.0

    def accept(new: Array, old: Array) -> NDArray[np.bool_]:
        return np.log(rng.random(len(old))) < power * (new - old)

    while power < 1.0:
        step = _step(values, 1.0 - power)
        weights = np.exp(step * (values - values.max()))
        power = 1.0 if step >= 1.0 - power else power + step
        chosen = _systematic(weights, rng)
        points, values = _walk(points[chosen], values[chosen], likelihood, accept, rng)
    return points, values


def _everywhere(parameters: int, number: int, rng: np.random.Generator) -> Array:
    from scipy.stats.qmc import LatinHypercube

    return LatinHypercube(parameters, rng=rng).random(number)


def _step(values: Array, most: float) -> float:
    """Find the largest step after which the weights are worth `KEPT` of the points."""

    def worth(step: float) -> float:
        weights = np.exp(step * (values - values.max()))
        return float(weights.sum() ** 2 / (weights**2).sum())

    if worth(most) >= KEPT * len(values):
        return most
    low, high = 0.0, most
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if worth(middle) >= KEPT * len(values) else (low, middle)
    return high


def _systematic(weights: Array, rng: np.random.Generator) -> NDArray[np.intp]:
    """Draw as many points as there are, each as often as its weight says, to within one."""
    heights = np.cumsum(weights) / weights.sum()
    heights[-1] = 1.0
    return np.searchsorted(heights, (np.arange(len(weights)) + rng.random()) / len(weights), side="right")


def _walk(
    points: Array, values: Array, measure: Measure, accept: Callable[[Array, Array], NDArray[np.bool_]], rng: Any
) -> tuple[Array, Array]:
    """Let all points walk at random inside the cube (Metropolis), in steps of the shape of their cloud."""
    number, parameters = points.shape
    spread = np.cov(points, rowvar=False).reshape(parameters, parameters)
    cloud = np.linalg.cholesky(spread + 1e-12 * np.eye(parameters))
    points, values = points.copy(), values.copy()
    size, moved = 2.38 / np.sqrt(parameters), 0.0
    for _ in range(MOST):
        proposed = points + size * rng.standard_normal(points.shape) @ cloud.T
        inside = np.flatnonzero(((proposed >= 0.0) & (proposed <= 1.0)).all(axis=1))
        new = measure(proposed[inside]) if len(inside) else np.empty(0)
        taken = accept(new, values[inside])
        points[inside[taken]], values[inside[taken]] = proposed[inside[taken]], new[taken]
        rate = float(taken.sum()) / number
        moved += rate
        size *= np.exp(rate - 0.25)
        if moved >= MOVES:
            break
    return points, values
