"""What varies for other programs, and SALib: samples become scenarios and sweeps, and nothing is lost on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from experiments import Execution, salib_problem, sweep
from experiments.adapters.names import identifier, usual_levers, usual_uncertainties
from experiments.core.design.arms import of_the_ground
from experiments.core.design.axes import axes_of
from sim.core.errors import ScenarioError
from sim.policies import arrangement

SERIAL = Execution(executor="serial", progress=False)
WORLD = sim.Scenario().replace({"district.estates": 4, "run.warmup": 4, "run.weeks": 10})
VARIED: dict[str, Any] = {"branches.reporting_hours": "declared", "branches.targets": [2, 9]}


# What varies ------------------------------------------------------------------------------------------------


def test_everything_weakly_known_is_an_uncertainty_or_a_lever_and_nothing_is_both() -> None:
    world = sim.Scenario()
    unknown, policy = usual_uncertainties(world), usual_levers(world)
    assert not set(unknown) & set(policy) and not any(map(of_the_ground, (*unknown, *policy)))
    axes_of({**unknown, **policy}, world)
    assumed = {
        row["name"] for row in world.parameters() if row["status"] == "assumed" and not of_the_ground(row["name"])
    }
    assert assumed <= set(unknown) | set(policy)
    assert not {name for name in unknown if world.get(name) in (True, False) and name.endswith("enabled")}


def test_every_policy_of_the_study_is_a_lever() -> None:
    default = sim.Scenario()
    switched = {name for name, value in arrangement.changes().items() if default.get(name) != value}
    assert len(switched) > 8 and switched <= set(usual_levers(default))


def test_every_name_is_an_identifier_and_leads_back() -> None:
    for name in sim.Scenario.names():
        assert identifier(name).isidentifier() and identifier(name).replace("__", ".", 1) == name


# SALib ------------------------------------------------------------------------------------------------------


def test_every_whole_number_switch_and_word_comes_up_equally_often() -> None:
    problem = salib_problem({"branches.targets": [0, 4], "couriers.norm": "declared", "couriers.medical": "declared"})
    low, high = np.array(problem["bounds"]).T
    steps = (np.arange(30) + 0.5)[:, None] / 30
    made = problem.points(low + steps * (high - low))
    assert all(set(made[name].value_counts()) == {30 // count} for name, count in zip(made, (5, 3, 2), strict=True))
    assert made["couriers.medical"].dtype == bool and made["branches.targets"].dtype == np.int64


@given(st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3))
def test_samples_within_the_bounds_are_scenarios_within_the_ranges(shares: list[float]) -> None:
    ranges = {"branches.targets": [2, 9], "services.effect": [0.05, 0.15], "coverage.second": "declared"}
    problem = salib_problem(ranges)
    low, high = np.array(problem["bounds"]).T
    (made,) = problem.scenarios([low + np.array(shares) * (high - low)])
    assert 2 <= made.branches.targets <= 9 and 0.05 - 1e-9 <= made.services.effect <= 0.15 + 1e-9
    assert made.coverage.second in ("joint", "dispatched")


def test_samples_of_another_problem_are_refused() -> None:
    problem = salib_problem(VARIED)
    with pytest.raises(ScenarioError, match=r"shape \(3,\): \(n, 2\) is needed"):
        problem.points([0.1, 0.2, 0.3])
    with pytest.raises(ScenarioError, match="Sample 1 has branches.targets = 10.5, outside of its bounds 2 to 10"):
        problem.points([[1.0, 3.0], [1.0, 10.5]])
    with pytest.raises(ScenarioError, match="outside"):
        problem.points([[float("nan"), 3.0]])
    with pytest.raises(ScenarioError, match="points is told by the samples"):
        problem.plan([[1.0, 3.0]], {"points": 8})


def test_the_indices_of_the_ishigami_function_are_the_published_ones() -> None:
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol
    from SALib.test_functions import Ishigami

    names = ["voice.base_self", "voice.base_firm", "voice.base_hotline"]
    problem = salib_problem(dict.fromkeys(names, [-np.pi, np.pi]))
    made = problem.points(sobol.sample(problem, 1024, calc_second_order=False, seed=1))
    found = analysis.analyze(problem, Ishigami.evaluate(made.to_numpy()), calc_second_order=False, seed=1)
    assert np.allclose(found["S1"], [0.3139, 0.4424, 0.0], atol=0.02)
    assert np.allclose(found["ST"], [0.5576, 0.4424, 0.2437], atol=0.02)


def test_what_salib_samples_is_run_as_a_sweep_and_an_idle_parameter_has_no_index() -> None:
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol

    problem = salib_problem({"incidents.rate_noise": [0.1, 2.0], "couriers.yuan_food": "declared"}, WORLD)
    samples = sobol.sample(problem, 4, calc_second_order=False, seed=1)
    result = sweep(problem.plan(samples, {"outcomes": ["conflicts"]}), execution=SERIAL)
    assert len(result.points) == len(samples) and result.plan.kind == "SALib"
    found = analysis.analyze(problem, result.effects("conflicts").to_numpy(), calc_second_order=False, seed=1)
    assert found["ST"][1] == 0.0 < found["ST"][0]
