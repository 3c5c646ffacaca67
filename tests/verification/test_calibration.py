"""The default scenario looks like the data it was fitted to (docs/model.md, section 6), with policies off and on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from experiments.analyses.validation.patterns import figures, negative_binomial
from experiments.analyses.validation.targets import shipped
from experiments.presets.questions import fitted

TARGETS = {name: target for name, target in shipped().items() if target.fitted}
SHIPPED = Path(sim.__file__).with_name("calibrated.toml")


PARAMETERS, WORLDS = fitted()


@pytest.fixture(scope="module", params=list(WORLDS))
def measured(request: pytest.FixtureRequest) -> dict[str, float]:
    """Mean over replicates of the default scenario in one of the worlds: everyone, 52 + 156 weeks."""
    scenario, runs = sim.Scenario().replace(WORLDS[request.param]), []
    for seed in (101, 102, 103):
        model = sim.GovernanceModel(scenario, rng=seed)
        model.run(progress=False)
        runs.append(figures(model))
    return {name: float(np.mean([run[name] for run in runs])) for name in runs[0]}


@pytest.mark.slow
def test_the_default_scenario_meets_every_target(measured: dict[str, float]) -> None:
    found = {name: measured[name] for name in TARGETS}
    assert {name: value for name, value in found.items() if not TARGETS[name].low <= value <= TARGETS[name].high} == {}


def test_the_shipped_file_is_the_default_scenario() -> None:
    assert sim.Scenario.load(SHIPPED) == sim.Scenario()
    text = SHIPPED.read_text(encoding="utf-8")
    assert all(f"\n{name.partition('.')[2]} = " in text for name in PARAMETERS)


@pytest.mark.slow
def test_calibration_finds_the_shipped_values_plausible(tmp_path: Path) -> None:
    """The whole calibration once more, over ranges around them: half an hour.

    Data leave most rates open, so that the best point of another calibration is another one (docs/model.md, section 6).
    """
    from experiments import Execution
    from experiments.analyses.calibration import calibrate

    made = calibrate(
        shipped(),
        PARAMETERS,
        worlds=WORLDS,
        replicates=2,
        seed=1,
        store=tmp_path / "calibrate",
        execution=Execution(progress=False),
    )
    default, region = sim.Scenario(), made.summary.set_index("parameter")
    outside = {
        name: float(default.get(name))
        for name in PARAMETERS
        if not region.loc[name, "ci_low"] <= float(default.get(name)) <= region.loc[name, "ci_high"]
    }
    assert outside == {}
    assert {"desks.meeting", "committees.founding"} <= set(region.index[region["identified"] == "yes"])


@pytest.mark.parametrize(("slope", "k"), [(0.92, 0.29), (1.1, 1.5)])
def test_the_estimator_recovers_known_values(slope: float, k: float) -> None:
    rng = np.random.default_rng(1)
    size = np.exp(rng.normal(6.0, 1.0, 20_000))
    mean = 5.0 * (size / 400.0) ** slope
    counts = rng.poisson(mean * rng.gamma(k, 1.0 / k, size.size))
    found = negative_binomial(counts, size)
    assert found == pytest.approx((slope, k), rel=0.05)
