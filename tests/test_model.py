"""The whole model: what a policy cannot touch stays identical to the bit, and one past can have two futures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim

SMALL = {"district.estates": 60, "run.weeks": 60, "run.warmup": 20}
CONTROLS = ("placebo:full", "shuffled:full", "hours_matched:full", "hours_matched_tied:full")
STRATEGIES = ("own", "dispatched", "joint", "full", "random", "hotspot", "largest", "weakest", "phased", "budget")


@pytest.fixture(scope="module")
def scenario() -> sim.Scenario:
    return sim.Scenario().replace(SMALL)


@pytest.fixture(scope="module")
def past(scenario: sim.Scenario) -> sim.GovernanceModel:
    """A district at the end of its warm-up; tests fork it and leave it as it is."""
    model = sim.GovernanceModel(scenario, rng=5)
    model.run(weeks=20, progress=False)
    return model


@pytest.fixture(scope="module")
def none(past: sim.GovernanceModel) -> pd.DataFrame:
    model = past.fork()
    model.run(progress=False)
    return model.outcomes


def lived(past: sim.GovernanceModel, changes: dict[str, object], **more: object) -> sim.GovernanceModel:
    model = past.fork(past.scenario.replace(changes), **more)
    model.run(progress=False)
    return model


def test_a_fork_with_the_same_scenario_lives_the_same_future(
    past: sim.GovernanceModel,
    none: pd.DataFrame,
) -> None:
    again = past.fork()
    again.run(progress=False)
    pd.testing.assert_frame_equal(again.outcomes, none, check_exact=True)


@pytest.mark.parametrize("strategy", ["full", "dispatched"])
def test_a_fork_equals_a_run_from_the_beginning(
    past: sim.GovernanceModel,
    scenario: sim.Scenario,
    strategy: str,
) -> None:
    whole = sim.GovernanceModel(scenario.replace({"coverage.strategy": strategy}), rng=5)
    whole.run(progress=False)
    forked = lived(past, {"coverage.strategy": strategy})
    pd.testing.assert_frame_equal(forked.outcomes, whole.outcomes, check_exact=True)


def test_a_fork_leaves_its_parent_alone(past: sim.GovernanceModel, none: pd.DataFrame) -> None:
    lived(past, {"coverage.strategy": "full"})
    after = past.fork()
    after.run(progress=False)
    pd.testing.assert_frame_equal(after.outcomes, none, check_exact=True)


def test_a_fork_cannot_change_the_ground(past: sim.GovernanceModel) -> None:
    with pytest.raises(sim.ScenarioError, match="district.members_rate"):
        past.fork(past.scenario.replace({"district.members_rate": 0.01}))


@pytest.mark.parametrize("strategy", [*STRATEGIES, *CONTROLS])
def test_without_branches_every_strategy_equals_none_exactly(
    past: sim.GovernanceModel,
    none: pd.DataFrame,
    strategy: str,
) -> None:
    replay = lived(past, {"coverage.strategy": "full", "branches.enabled": False}).policy_hours
    model = lived(past, {"coverage.strategy": strategy, "branches.enabled": False}, replay=replay)
    pd.testing.assert_frame_equal(model.outcomes, none, check_exact=True)


@pytest.mark.parametrize("strategy", ["own", "full", "dispatched", "joint"])
def test_a_placebo_without_a_channel_equals_none_exactly(
    past: sim.GovernanceModel,
    none: pd.DataFrame,
    strategy: str,
) -> None:
    model = lived(past, {"coverage.strategy": f"placebo:{strategy}", "branches.attraction": False})
    pd.testing.assert_frame_equal(model.outcomes, none, check_exact=True)


def test_a_placebo_with_a_channel_takes_no_hours_but_attracts(
    past: sim.GovernanceModel,
    none: pd.DataFrame,
) -> None:
    model = lived(past, {"coverage.strategy": "placebo:full"})
    assert model.outcomes.hours.tolist() == none.hours.tolist()
    assert model.outcomes.filed[20:].sum() > none.filed[20:].sum()


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_policy_changes_nothing_before_it_starts(
    past: sim.GovernanceModel,
    none: pd.DataFrame,
    strategy: str,
) -> None:
    model = lived(past, {"coverage.strategy": strategy, "coverage.start_week": 40})
    pd.testing.assert_frame_equal(model.outcomes[:40], none[:40], check_exact=True)
    assert not model.outcomes[40:].equals(none[40:])


@pytest.mark.parametrize(
    ("mode", "kind"), [("hours_matched", 0), ("hours_matched_tied", 0), ("hours_matched_net", 1), ("hours_offered", 2)]
)
def test_matched_hours_are_the_hours_that_the_strategy_took(past: sim.GovernanceModel, mode: str, kind: int) -> None:
    """Worked, worked less reporting, or offered; the last are all that the strategy's own record counts."""
    full = lived(past, {"coverage.strategy": "full"})
    matched = lived(past, {"coverage.strategy": f"{mode}:full"}, replay=full.policy_hours)
    np.testing.assert_allclose(matched.outcomes.extra_hours, full.policy_hours[kind].sum(axis=1), rtol=1e-12)
    if mode == "hours_offered":
        np.testing.assert_allclose(matched.outcomes.hours, full.outcomes.hours, rtol=1e-12)
    again = lived(past, {"coverage.strategy": f"{mode}:full"}, replay=full.policy_hours[kind])
    pd.testing.assert_frame_equal(again.outcomes, matched.outcomes, check_exact=True)
    assert matched.outcomes.branches.sum() == 0
    assert (matched.outcomes.extra_hours[20:] > 0).all()


def test_a_control_without_its_strategy_says_how_to_run_it(scenario: sim.Scenario) -> None:
    with pytest.raises(sim.StrategyError, match="compare"):
        sim.GovernanceModel(scenario.replace({"coverage.strategy": "hours_matched:full"}), rng=1)


def test_recording_estates_changes_nothing_and_adds_up(past: sim.GovernanceModel, none: pd.DataFrame) -> None:
    model = lived(past, {"outcomes.record_estates": True})
    pd.testing.assert_frame_equal(model.outcomes, none, check_exact=True)
    table = model.estate_outcomes
    assert table.week.min() == 20 and len(table) == 40 * 60
    thousand = model.district.households.sum() / 1000
    for name in ("conflicts", "filed", "hotline", "settled", "standing", "unresolved_filed", "open"):
        by_week = table.groupby("week")[name].sum() / thousand
        np.testing.assert_allclose(by_week, none[name][20:], rtol=1e-6)


def test_two_live_models_never_share_a_number(scenario: sim.Scenario) -> None:
    alone = sim.GovernanceModel(scenario, rng=7)
    alone.run(weeks=15, progress=False)
    one, two = sim.GovernanceModel(scenario, rng=7), sim.GovernanceModel(scenario, rng=8)
    for _ in range(15):
        one.step()
        two.step()
    pd.testing.assert_frame_equal(one.outcomes, alone.outcomes, check_exact=True)
    assert not one.outcomes.equals(two.outcomes)
    for name, column in one.residents.arrays().items():
        assert not np.shares_memory(column, two.residents.arrays()[name])


def test_stepping_and_running_are_the_same(scenario: sim.Scenario) -> None:
    stepped, ran = sim.GovernanceModel(scenario, rng=3), sim.GovernanceModel(scenario, rng=3)
    for _ in range(6):
        stepped.step()
    ran.run(weeks=6, progress=False)
    pd.testing.assert_frame_equal(stepped.outcomes, ran.outcomes, check_exact=True)
    assert stepped.steps == ran.steps == stepped.week == 6


@pytest.mark.parametrize("switch", ["services.enabled", "branches.enabled", "coverage.enabled"])
def test_a_switch_with_nothing_to_switch_off_changes_nothing(
    past: sim.GovernanceModel,
    none: pd.DataFrame,
    switch: str,
) -> None:
    pd.testing.assert_frame_equal(lived(past, {switch: False}).outcomes, none, check_exact=True)


@pytest.mark.parametrize(
    ("switch", "always", "at_first"),
    [
        ("committees.enabled", ["hours", "branches"], []),
        ("satisfaction.enabled", ["hours"], ["committee_hours", "conflicts", "filed"]),
    ],
)
def test_a_switch_leaves_the_rest_identical(
    past: sim.GovernanceModel,
    none: pd.DataFrame,
    switch: str,
    always: list[str],
    at_first: list[str],
) -> None:
    """Satisfaction acts within a year on fees and votes alone, and on all else only then."""
    outcomes = lived(past, {switch: False}).outcomes
    assert not outcomes.equals(none)
    pd.testing.assert_frame_equal(outcomes[always], none[always], check_exact=True)
    weeks = slice(20, 26)
    pd.testing.assert_frame_equal(outcomes[at_first][weeks], none[at_first][weeks], check_exact=True)


@pytest.mark.slow
def test_sampling_attitudes_moves_results_by_their_sampling_error_only() -> None:
    results = {}
    for sample in (0.02, 0.2, 1.0):
        scenario = sim.Scenario().replace(
            {"district.estates": 250, "district.sample": sample, "run.weeks": 104, "coverage.strategy": "full"}
        )
        model = sim.GovernanceModel(scenario, rng=2)
        model.run(progress=False)
        results[sample] = model.outcomes[52:][["conflicts", "filed", "open", "hours"]].mean()
        assert len(model.residents) == model.district.adults.sum()
    for sample in (0.02, 0.2):
        ratio = results[sample] / results[1.0]
        assert (ratio - 1).abs().max() < 0.03, f"sample {sample}: {ratio.to_dict()}"


def test_the_order_of_rows_does_not_matter(tmp_path, scenario: sim.Scenario) -> None:  # noqa: ANN001
    district = sim.District.synthetic(40, seed=3)
    path = tmp_path / "estates.csv"
    district.to_csv(path)
    table = pd.read_csv(path)
    table.sample(frac=1.0, random_state=1).to_csv(path, index=False)
    shuffled = sim.District.from_csv(path)
    runs = []
    for ground in (district, shuffled):
        model = sim.GovernanceModel(scenario.replace({"coverage.strategy": "full"}), ground, rng=4)
        model.run(weeks=30, progress=False)
        runs.append(model.outcomes)
    pd.testing.assert_frame_equal(*runs, check_exact=True)


@pytest.mark.parametrize("seed", [-1, 1.5, "one", True])
def test_a_seed_must_be_a_whole_number(seed: object) -> None:
    with pytest.raises(sim.ScenarioError, match="seed"):
        sim.GovernanceModel(rng=seed)  # type: ignore[arg-type]


def test_a_seed_is_kept_when_none_is_given(scenario: sim.Scenario) -> None:
    model = sim.GovernanceModel(scenario)
    model.run(weeks=5, progress=False)
    again = sim.GovernanceModel(scenario, rng=model.seed)
    again.run(weeks=5, progress=False)
    pd.testing.assert_frame_equal(model.outcomes, again.outcomes, check_exact=True)


def test_pairing_saves_at_least_tenfold_variance() -> None:
    """The paired difference of conflicts between `full` and `none` varies far less than an unpaired one."""
    scenario = sim.Scenario().replace({"district.estates": 60, "run.weeks": 50, "run.warmup": 20})
    pairs = []
    for seed in range(6):
        past = sim.GovernanceModel(scenario, rng=1000 + seed)
        past.run(weeks=20, progress=False)
        arms = []
        for strategy in ("none", "full"):
            model = past.fork(scenario.replace({"coverage.strategy": strategy}))
            model.run(progress=False)
            arms.append(model.outcomes.conflicts[20:].mean())
        pairs.append(arms)
    none, full = np.array(pairs).T
    assert (none.var(ddof=1) + full.var(ddof=1)) / (full - none).var(ddof=1) > 10.0
