"""History matching: which parameters can be ruled out, and where to run next.

A point is implausible where some figure lies further from the data than chance, what the emulator does not know, the
data's own interval and the model's discrepancy can account for (Craig and others 1997; Andrianakis and others 2015 for
models with chance).  The measure is the largest distance over all figures, in standard deviations; the cut is so high
that a point that is right is ruled out with no more than a stated probability, however many figures there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.calibration.aims import Aims
from experiments.analyses.calibration.emulator import Emulators
from experiments.analyses.calibration.particles import Nested, nested

__all__ = ["Region", "cut_of", "distances", "region", "spaced"]

SAMPLE = 1500
"""Points that stand for what is left."""

EXACT = 1 / 3
"""Where emulators know a figure to this share of the data's standard deviation, they add a twentieth to it, and another
wave would teach little."""


def cut_of(level: float, figures: int) -> float:
    """Find the largest distance that is not implausible: Bonferroni's, for normal errors.

    Parameters
    ----------
    level
        Probability with which a point that is right may be ruled out.
    figures
        How many chances there are.

    Examples
    --------
    >>> round(cut_of(0.05, 1), 2), round(cut_of(0.05, 24), 2)
    (1.96, 3.08)
    """
    from scipy.special import ndtri

    return float(-ndtri(level / (2 * figures)))


def distances(aims: Aims, made: Emulators, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each figure lies from the data, in standard deviations of all that is uncertain, shape (points, aims).

    The variance is that of the data, of the model's discrepancy, and of the emulator; the noise of replicates is part
    of the last, as what the emulator was taught with.
    """
    mean, variance = made.predict(shares)
    return np.abs(mean - aims.values) / np.sqrt(variance + aims.variances)


@dataclass(frozen=True)
class Region:
    """What is not ruled out.

    Attributes
    ----------
    found
        An even sample of it, and its share of what was thought possible.
    wanted
        The cut that was asked for; where nothing lies below it, `found` is what comes nearest.
    exact
        Whether the emulators know the figures there so well that another wave would teach little.
    """

    found: Nested
    wanted: float
    exact: bool

    @property
    def empty(self) -> bool:
        """Whether every point is ruled out."""
        return self.found.cut > self.wanted

    @property
    def share(self) -> float:
        """What is left of the prior, as a share."""
        return 0.0 if self.empty else self.found.share


def region(aims: Aims, made: Emulators, parameters: int, level: float, rng: np.random.Generator) -> Region:
    """Sample what is not ruled out."""
    cut = cut_of(level, len(aims))
    found = nested(lambda points: distances(aims, made, points).max(axis=1), cut, parameters, SAMPLE, rng)
    variance = made.predict(found.points)[1]
    return Region(found, cut, bool((variance.mean(axis=0) <= EXACT**2 * aims.variances).all()))


def spaced(points: NDArray[np.float64], number: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Choose points that fill a sample's space: of some drawn at random, always the one furthest from those chosen.

    Parameters
    ----------
    points
        Shape (many, parameters).
    number
        How many are wanted.  Few are offered for each, since of many the outermost corners alone would be chosen.
    """
    offered = points[rng.choice(len(points), size=min(5 * number, len(points)), replace=False)]
    chosen = [int(np.argmin(((offered - offered.mean(axis=0)) ** 2).sum(axis=1)))]
    nearest = ((offered - offered[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < number:
        chosen.append(int(np.argmax(nearest)))
        nearest = np.minimum(nearest, ((offered - offered[chosen[-1]]) ** 2).sum(axis=1))
    return offered[chosen]
