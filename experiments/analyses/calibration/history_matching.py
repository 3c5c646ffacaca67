"""History matching: which parameters can be ruled out, and where to run next.

A point is implausible where some figure lies further from the data than the emulator's uncertainty, the data's own
interval and the model's discrepancy can account for (Craig and others 1997; Andrianakis and others 2015 for stochastic
models).  The measure is the largest distance over all figures, in standard deviations.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from experiments.analyses.calibration.emulator import Emulators
from experiments.analyses.calibration.samplers import subset_simulation
from experiments.analyses.calibration.target_set import TargetSet

SAMPLE = 1500
"""Points that stand for what is left."""
EXACT = 1 / 3
"""Where emulators know a figure to this share of the data's standard deviation, they add a twentieth to it, and another
wave would teach little."""


def cutoff(level: float, figures: int) -> float:
    """Largest distance that is not implausible: Bonferroni's, so that a right point is ruled out with probability
    `level`.

    Examples
    --------
    >>> round(cutoff(0.05, 1), 2), round(cutoff(0.05, 24), 2)
    (1.96, 3.08)
    """
    return float(-ndtri(level / (2 * figures)))


def distances(targets: TargetSet, emulators: Emulators, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance of each figure from the data, in standard deviations of all that is uncertain, by point and target."""
    mean, variance = emulators.predict(shares)
    return np.abs(mean - targets.values) / np.sqrt(variance + targets.variances)


class Region(NamedTuple):
    """What is not ruled out, a `share` of the prior: an even sample of it, or where it is `empty`, of what comes
    nearest, since all lies beyond the `cutoff`.

    `nearest` is the least distance of the `points`, shape (points, parameters).  The region is `exact` where the
    emulators know the figures so well that another wave would teach little.
    """

    points: NDArray[np.float64]
    nearest: float
    share: float
    cutoff: float
    empty: bool
    exact: bool


def region(targets: TargetSet, emulators: Emulators, parameters: int, level: float, rng: np.random.Generator) -> Region:
    """Sample what is not ruled out."""
    cut = cutoff(level, len(targets))

    def furthest(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return distances(targets, emulators, points).max(axis=1)

    left = subset_simulation(furthest, cut, parameters, SAMPLE, rng)
    _, variance = emulators.predict(left.points)
    empty, exact = left.cut > cut, bool((variance.mean(axis=0) <= EXACT**2 * targets.variances).all())
    return Region(left.points, float(left.values.min()), 0.0 if empty else left.share, cut, empty, exact)


def maximin_subset(points: NDArray[np.float64], number: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Choose points that fill a sample's space: of some drawn at random, always the one furthest from those chosen.

    Few are offered for each, since of many the outermost corners alone would be chosen.
    """
    offered = points[rng.choice(len(points), size=min(5 * number, len(points)), replace=False)]
    chosen = [int(np.argmin(((offered - offered.mean(axis=0)) ** 2).sum(axis=1)))]
    nearest = ((offered - offered[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < number:
        chosen.append(int(np.argmax(nearest)))
        nearest = np.minimum(nearest, ((offered - offered[chosen[-1]]) ** 2).sum(axis=1))
    return offered[chosen]
