"""The plausibility region: how credible each point is, given the data, where every point was equally so before.

It is computed as a posterior is, and is none in earnest: the errors of most targets are agreed tolerances, figures that
hang together are taken as independent, and the likelihoods of several worlds are averaged.  So its 95 % say how much of
the region lies there, by these rules, and are no probability that the truth does.

Figures are taken as normal around the data, with the variance of data, discrepancy and emulator.  A figure that is
required of several worlds is one figure: its logarithmic likelihood is the mean over the worlds, so that worlds which
agree count as one, and worlds which disagree pull from both sides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analyses.calibration.emulator import Emulators
from experiments.analyses.calibration.samplers import Measure, tempered_smc
from experiments.analyses.calibration.target_set import TargetSet
from experiments.core.design.axes import Axis

SAMPLE = 2000
"""Points that stand for the region."""
INTERVAL = (0.025, 0.975)
"""Quantiles between which 95 % of the region lie."""
NARROWED = 0.2
"""A parameter whose interval the data do not narrow by this share of the prior's is not identified."""
TOGETHER = 0.5
"""Rank correlation from which on two parameters are said to be identified together only."""
EDGE = (0.1, 0.35)
"""A region with so much of it (second) in the outermost part (first) of the range presses against its end."""


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


SUMMARY = ("parameter unit prior_low prior_high scenario mean ci_low ci_high narrower best identified presses").split()


def summary_of(
    axes: Sequence[Axis], drawn: pd.DataFrame, facts: Mapping[str, Mapping[str, Any]], best: Mapping[str, Any]
) -> pd.DataFrame:
    """Say of each parameter what was thought before and what is left, by the region's sample in columns."""
    rows = []
    for axis in axes:
        values, fact = drawn[axis.name].to_numpy(dtype=float), facts[axis.name]
        low, high = np.quantile(values, INTERVAL)
        narrower = 1.0 - (high - low) / ((INTERVAL[1] - INTERVAL[0]) * (axis.high - axis.low))
        shares = axis.shares(values)
        ends = {"low": float((shares < EDGE[0]).mean()), "high": float((shares > 1.0 - EDGE[0]).mean())}
        presses = max(ends, key=lambda end: ends[end])
        identified = bool(narrower >= NARROWED)
        before = (axis.name, fact["unit"], axis.low, axis.high, fact["value"])
        left = (values.mean(), low, high, narrower, best[axis.name], "yes" if identified else "not identified")
        rows.append((*before, *left, presses if identified and ends[presses] > EDGE[1] else ""))
    return pd.DataFrame(rows, columns=SUMMARY)


def pairs_of(drawn: pd.DataFrame) -> pd.DataFrame:
    """Return the rank correlation of every two parameters in the region, the strongest first."""
    matrix = np.atleast_2d(np.corrcoef(drawn.rank().to_numpy(), rowvar=False))
    names = list(drawn)
    rows = [(names[i], names[j], matrix[i, j]) for i, j in combinations(range(len(names)), 2)]
    table = pd.DataFrame(rows, columns=["first", "second", "correlation"])
    table["together"] = np.where(table["correlation"].abs() >= TOGETHER, "yes", "no")
    return table.sort_values("correlation", key=lambda column: -column.abs(), kind="stable", ignore_index=True)
