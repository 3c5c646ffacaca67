"""Emulators: what a figure would be at points that were not run, and how sure of that one can be.

A Gaussian process (scikit-learn) is fitted to the means of the replicates at the points that were run, with the noise
that the replicates show.  How well it predicts is measured by leaving out each point in turn; where it is
overconfident, its variance is raised.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from experiments.core.statistics.gaussian_process import fitted, leave_one_out
from sim.core.errors import ScenarioError, StoreError

Array = NDArray[np.float64]

FEWEST = 8
"""Points below which nothing can be learnt of a figure."""
TRUSTED = 0.8
"""Share of points left out that must lie within two standard deviations of what was expected of them."""


def needed() -> None:
    """Raise the error that says how scikit-learn is installed, if it is not."""
    try:
        import sklearn.gaussian_process  # noqa: F401
    except ImportError:
        raise ScenarioError('Calibration needs scikit-learn: pip install "gongzhi[calibration]".') from None


@dataclass(frozen=True)
class Quality:
    """How well a figure is predicted at points that are left out in turn.

    `q2` is the share of the variance between points, less that of noise, that is predicted; NaN where points differ by
    no more than noise makes them differ.  `covered` is the share of points within two standard deviations, `inflation`
    by what the variance had to be raised, `noise` the standard deviation of a single run around the mean of its point.
    """

    q2: float
    covered: float
    inflation: float
    noise: float

    @property
    def sound(self) -> bool:
        """Whether what it foresees can be relied on within its own bounds."""
        return self.covered >= TRUSTED and not self.q2 < 0.0


class Emulator:
    """One figure as a function of the parameters: a fitted process of scikit-learn, in units of `scale` around the
    `centre`.

    What it expects is worked out in a few array operations, since samplers ask for millions of points.
    """

    def __init__(self, shares: Array, means: Array, noise: float, errors: Array) -> None:
        """Fit a figure's means over replicates, shape (points,), at `shares` of the ranges, shape (points, parameters).

        `noise` is the standard deviation of a single run, `errors` the noise variances of the means, shape (points,).
        """
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct

        self.centre, self.scale = float(means.mean()), float(means.std()) or 1.0
        # A plane, and around it what is smooth; a parameter that does nothing gets a long scale of its own.
        plane = ConstantKernel(1.0, (1e-4, 1e3)) * DotProduct(1.0, "fixed")
        smooth = ConstantKernel(0.3, (1e-4, 1e3)) * RBF(np.full(shares.shape[1], 1.0), (0.15, 30.0))
        # A little extra variance keeps the matrix invertible where there is no noise.
        alpha = errors / self.scale**2 + 1e-6
        figures = (means - self.centre) / self.scale
        process = fitted(plane + smooth, shares - 0.5, figures, alpha, n_restarts_optimizer=1, random_state=0)
        self.quality = _quality(process, noise, float(np.mean(errors)) / self.scale**2)
        plane, smooth = process.kernel_.k1, process.kernel_.k2
        self.plane, self.smooth = float(plane.k1.constant_value), float(smooth.k1.constant_value)
        # The lengths on which the smooth part forgets, shape (parameters,), and the points in units of these.
        self.lengths = np.broadcast_to(smooth.k2.length_scale, process.X_train_.shape[1:])
        self.taught = process.X_train_ / self.lengths
        # The inverse of the points' covariance times what was seen at them, and its root, transposed.
        self.alpha = process.alpha_
        self.root = solve_triangular(process.L_, np.eye(len(process.L_)), lower=True).T

    def predict(self, shares: Array) -> tuple[Array, Array]:
        """Expected value of the figure, noise averaged out, and the variance of not knowing it: shapes (points,)."""
        places = shares - 0.5
        scaled = places / self.lengths
        distance = (scaled**2).sum(axis=1)[:, None] + (self.taught**2).sum(axis=1) - 2.0 * scaled @ self.taught.T
        # The plane's inner product is of places as they are, and one for its height.
        inner = (places * self.lengths) @ self.taught.T + 1.0
        shared = self.plane * inner + self.smooth * np.exp(-0.5 * np.maximum(distance, 0.0))
        prior = self.plane * ((places**2).sum(axis=1) + 1.0) + self.smooth
        variance = np.maximum(prior - ((shared @ self.root) ** 2).sum(axis=1), 0.0)
        return shared @ self.alpha * self.scale + self.centre, variance * self.scale**2 * self.quality.inflation


def _quality(process: Any, noise: float, sampling: float) -> Quality:
    """Judge a process by leaving out each point in turn; `sampling` is the variance of means by noise, in its units."""
    weights, precisions = leave_one_out(process)
    variance = 1.0 / precisions
    missed = weights * variance
    squared = float(np.mean(missed**2 / variance))
    covered = float(np.mean(missed**2 <= 4.0 * variance))
    structure = float(process.y_train_.var()) - sampling
    q2 = float("nan")
    # Half as much structure as noise cannot be told from none with a few dozen points.
    if not structure < 0.5 * sampling:
        q2 = 1.0 - max(float(np.mean(missed**2)) - sampling, 0.0) / structure
    return Quality(q2, covered, max(squared, 1.0), noise)


@dataclass(frozen=True)
class Emulators:
    """All figures at once, in the order of the targets."""

    items: tuple[Emulator, ...]

    def predict(self, shares: Array) -> tuple[Array, Array]:
        """Expected values and their variances, each of shape (points, targets)."""
        means, variances = zip(*(emulator.predict(shares) for emulator in self.items), strict=True)
        return np.stack(means, axis=1), np.stack(variances, axis=1)


def emulators(
    labels: list[str], shares: Array, points: NDArray[np.intp], groups: NDArray[np.intp], runs: Array
) -> Emulators:
    """Fit all figures, whose `labels` are for messages, to the runs of some waves.

    `shares` are all points, shape (points, parameters), and `groups` the wave of each: noise is as large as in its
    wave.  `points` are those of each run, shape (runs,), and `runs` its figures, shape (runs, targets); NaN where one
    could not be measured.
    """
    fits = []
    for label, values in zip(labels, runs.T, strict=True):
        kept = np.isfinite(values)
        place, values = points[kept], values[kept]
        counts = np.bincount(place, minlength=len(shares)).astype(float)
        known = counts > 0
        if known.sum() < FEWEST:
            raise StoreError(
                f'Of "{label}" there are {known.sum()} points at which it was measured; at least {FEWEST} '
                "are needed. Runs that failed are named in experiment.json of each wave."
            )
        means = np.bincount(place, weights=values, minlength=len(shares)) / np.maximum(counts, 1.0)
        squares = np.bincount(place, weights=(values - means[place]) ** 2, minlength=len(shares))
        variance = np.empty(len(shares))
        for wave in np.unique(groups):
            own = (groups == wave) & known
            freedom = float((counts[own] - 1.0).sum())
            pooled = squares.sum() / max((counts - known).sum(), 1.0)
            variance[groups == wave] = squares[own].sum() / freedom if freedom > 0 else pooled
        noise = float(np.sqrt(variance[-1]))
        fits.append(Emulator(shares[known], means[known], noise, variance[known] / counts[known]))
    return Emulators(tuple(fits))
