"""The plausibility region: how credible each point is, given the data, where every point was equally so before.

It is computed as a posterior is, and is none in earnest: the errors of most targets are agreed tolerances, figures that
hang together are taken as independent, and the likelihoods of several worlds are averaged.  So its 95 % say how much of
the region lies there, by these rules, and are no probability that the truth does.

Figures are taken as normal around the data, with the variance of data, discrepancy and emulator.  A figure that is
required of several worlds is one figure: its logarithmic likelihood is the mean over the worlds, so that worlds which
agree count as one, and worlds which disagree pull from both sides.
"""

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.calibration.emulator import Emulators
from experiments.analyses.calibration.samplers import Measure, tempered_smc
from experiments.analyses.calibration.target_set import TargetSet

SAMPLE = 2000
"""Points that stand for the region."""
INTERVAL = (0.025, 0.975)
"""Quantiles between which 95 % of the region lie."""


def likelihood(targets: TargetSet, emulators: Emulators) -> Measure:
    """Return the logarithmic likelihood as a function of points, each of a share of the way along every range."""

    def of(shares: NDArray[np.float64]) -> NDArray[np.float64]:
        mean, variance = emulators.predict(shares)
        total = variance + targets.variances
        return -0.5 * (((mean - targets.values) ** 2 / total + np.log(total)) * targets.weights).sum(axis=1)

    return of


def sample(
    targets: TargetSet, emulators: Emulators, parameters: int, rng: np.random.Generator, number: int = SAMPLE
) -> NDArray[np.float64]:
    """Draw from the region, shape (number, parameters)."""
    return tempered_smc(likelihood(targets, emulators), parameters, number, rng)[0]


def best_of(targets: TargetSet, emulators: Emulators, drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find the most credible point, among those at which all figures are expected in their intervals if there are any.

    `drawn` is the region's sample, shape (points, parameters).
    """
    from scipy.optimize import minimize

    credible = likelihood(targets, emulators)
    values = credible(drawn)

    def loss(point: NDArray[np.float64]) -> float:
        return -float(credible(point[None])[0])

    top = minimize(loss, drawn[values.argmax()], method="L-BFGS-B", bounds=[(0.0, 1.0)] * drawn.shape[1]).x
    if targets.within(emulators.predict(top[None])[0]).all():
        return top
    meets = targets.within(emulators.predict(drawn)[0]).all(axis=1)
    return drawn[meets][values[meets].argmax()] if meets.any() else top
