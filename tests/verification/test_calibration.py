"""The default scenario looks like the data it was fitted to (docs/model.md, section 5)."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from experiments.lab.patterns import figures, negative_binomial
from experiments.lab.targets import shipped

TARGETS = {name: target for name, target in shipped().items() if target.fitted}


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    """Mean over replicates of the default scenario at `none`: everyone, 52 + 156 weeks."""
    runs = []
    for seed in (101, 102, 103):
        model = sim.GovernanceModel(rng=seed)
        model.run(progress=False)
        runs.append(figures(model))
    return {name: float(np.mean([run[name] for run in runs])) for name in runs[0]}


@pytest.mark.parametrize("name", TARGETS)
def test_the_default_scenario_meets(measured: dict[str, float], name: str) -> None:
    target = TARGETS[name]
    assert target.low <= measured[name] <= target.high, f"{name} {measured[name]:.3f} {target.unit}"


@pytest.mark.slow
def test_with_every_policy_on_only_what_policies_repair_leaves_its_interval() -> None:
    """Inspections and fines repair what breaks: facility cases become fewer, and those of noise a larger share."""
    scenario = sim.Scenario().with_everything_on()
    runs = []
    for seed in (101, 102, 103):
        model = sim.GovernanceModel(scenario, rng=seed)
        model.run(progress=False)
        runs.append(figures(model))
    found = {name: float(np.mean([run[name] for run in runs])) for name in TARGETS}
    outside = {name for name, target in TARGETS.items() if not target.low <= found[name] <= target.high}
    assert outside <= {"share facility", "share noise"}


@pytest.mark.parametrize(("slope", "k"), [(0.92, 0.29), (1.1, 1.5)])
def test_the_estimator_recovers_known_values(slope: float, k: float) -> None:
    rng = np.random.default_rng(1)
    size = np.exp(rng.normal(6.0, 1.0, 20_000))
    mean = 5.0 * (size / 400.0) ** slope
    counts = rng.poisson(mean * rng.gamma(k, 1.0 / k, size.size))
    found = negative_binomial(counts, size)
    assert found == pytest.approx((slope, k), rel=0.05)
