"""Known parameters of the real model are found again, as often as the posterior says.

One sweep of a small district over two parameters teaches the emulators.  A hundred districts then live once each, in
chance of their own, at parameters drawn from the prior; each is calibrated as if it were data whose interval is that
of a single run.  The 95 % interval of the posterior, as `summary.csv` has it, must hold the truth in at least 90 of the
100 districts, for each parameter and for both at once; and the rank of the truth in the posterior must be evenly spread
(Talts and others 2018), which it is not where intervals are too wide.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from experiments import Execution, Plan, sweep
from experiments.analyses.calibration import posterior
from experiments.analyses.calibration.calibration import figures_of
from experiments.analyses.calibration.emulator import emulators
from experiments.analyses.calibration.target_set import TargetSet
from experiments.analyses.validation.patterns import Measured
from experiments.analyses.validation.targets import Target

FIGURES = ("share noise", "reply", "authority", "volume")
DESIGN = {
    "parameters": {"incidents.rate_noise": "declared", "desks.meeting": "declared"},
    "outcomes": list(FIGURES),
    "scenario": {"district.estates": 100, "run.warmup": 26, "run.weeks": 78},
}
MANY = 100


def lived(folder: Path, **size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Run a design of which no two points share chance; return points as shares, point of each run, and figures."""
    plan = replace(Plan.of({**DESIGN, **size}, model=Measured), apart=True)
    swept = sweep(plan, store=folder, execution=Execution(progress=False))
    assert not swept.outcome.failed
    shares = np.stack([axis.shares(swept.points[axis.name].tolist()) for axis in plan.axes], axis=1)
    place, runs = figures_of(swept, TargetSet.build({name: Target(1, 0, 2) for name in FIGURES}, [""]))
    return shares, place, runs


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Calibrate a hundred districts whose parameters are known."""
    folder = tmp_path_factory.mktemp("recovery")
    shares, place, runs = lived(folder / "reference", points=40, replicates=4)
    made = emulators(list(FIGURES), shares, place, np.zeros(len(shares), dtype=int), runs)
    truth, _, seen = lived(folder / "districts", points=MANY, replicates=1, seed=77)
    found: dict[str, list[Any]] = {"truth": [], "low": [], "high": [], "rank": [], "joint": []}
    for number in range(MANY):
        targets = {
            name: Target(value, value - 2 * one.quality.noise, value + 2 * one.quality.noise)
            for name, value, one in zip(FIGURES, seen[number].tolist(), made.items, strict=True)
        }
        target_set = TargetSet.build(targets, [""])
        drawn = posterior.sample(target_set, made, 2, np.random.default_rng(number), number=1000)
        credible = posterior.likelihood(target_set, made)
        found["truth"].append(truth[number])
        found["low"].append(np.quantile(drawn, posterior.INTERVAL[0], axis=0))
        found["high"].append(np.quantile(drawn, posterior.INTERVAL[1], axis=0))
        found["rank"].append((drawn < truth[number]).mean(axis=0))
        found["joint"].append(credible(truth[[number]])[0] >= np.quantile(credible(drawn), 0.05))
    return {name: np.array(values) for name, values in found.items()}


@pytest.mark.slow
def test_the_interval_of_each_parameter_holds_the_truth_in_at_least_90_of_100_districts(calibrated: Any) -> None:
    held = (calibrated["low"] <= calibrated["truth"]) & (calibrated["truth"] <= calibrated["high"])
    assert (held.sum(axis=0) >= 90).all(), held.sum(axis=0)


@pytest.mark.slow
def test_the_most_credible_95_percent_hold_both_at_once_in_at_least_90_of_100_districts(calibrated: Any) -> None:
    assert calibrated["joint"].sum() >= 90


@pytest.mark.slow
def test_the_rank_of_the_truth_in_the_posterior_is_evenly_spread(calibrated: Any) -> None:
    for ranks in calibrated["rank"].T:
        assert stats.kstest(ranks, "uniform").pvalue > 0.01


@pytest.mark.slow
def test_the_posterior_is_not_merely_wide(calibrated: Any) -> None:
    """A 95 % interval of the prior is 0.95 of its range; and what is found follows the truth."""
    width = (calibrated["high"] - calibrated["low"]) / 0.95
    assert (width.mean(axis=0) < 0.8).all(), width.mean(axis=0)
    middle = (calibrated["high"] + calibrated["low"]) / 2
    for found, true in zip(middle.T, calibrated["truth"].T, strict=True):
        assert stats.spearmanr(found, true).statistic > 0.5
