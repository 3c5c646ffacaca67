"""Designs: what is run, from which seed, under which key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from experiments import Design
from experiments.core.design.design import seed_of
from experiments.core.run.job import in_order, past, shares_past
from sim.core.errors import ScenarioError

GROUND = sim.District.synthetic(estates=12)


def design(arms, scenario=None, **others):
    return Design.of(arms, scenario or sim.Scenario(), [GROUND], **others)


@given(st.integers(0, 2**40), st.integers(0, 50), st.integers(0, 50))
def test_neighbouring_master_seeds_share_no_replicate(master, replicate, other):
    assert seed_of(master, 0, replicate) != seed_of(master + 1, 0, other)
    assert 0 <= seed_of(master, 0, replicate) < 2**63


def test_replicates_have_seeds_of_their_own_whatever_the_number_of_replicates():
    few, many = (design(["none"], replicates=count).runs for count in (3, 30))
    assert len({run.seed for run in many}) == 30
    assert [run.key for run in few] == [run.key for run in many[:3]]


def test_the_baseline_is_added_first():
    assert design(["own", "full"]).labels == ["none", "own", "full"]
    assert design(["own", "none"]).labels == ["own", "none"]


def test_arms_of_ones_own_have_the_first_as_baseline():
    made = design({"as is": {}, "busy": {"branches.enabled": False}})
    assert made.labels == ["as is", "busy"] and made.baseline == "as is"


def test_the_arm_whose_hours_are_replayed_is_added_before_its_control():
    made = design(["none", "hours_matched:full", "own"])
    assert made.labels == ["none", "full", "hours_matched:full", "own"]
    runs = {run.arm: run for run in made.runs if run.replicate == 0}
    assert runs["hours_matched:full"].source == runs["full"].key
    assert runs["full"].keep_hours and not runs["own"].keep_hours


def test_a_control_replays_the_arm_with_its_own_changes():
    changes = {"coverage.second": "dispatched"}
    made = design(
        {
            "none": "none",
            "full": "full",
            "full, dispatched": {"coverage.strategy": "full", **changes},
            "its hours": {"coverage.strategy": "hours_matched:full", **changes},
        }
    )
    runs = {run.arm: run for run in made.runs if run.replicate == 0}
    assert runs["its hours"].source == runs["full, dispatched"].key
    assert len(made.arms) == 4


@pytest.mark.parametrize("change", [{"run.warmup": 51}, {"trust.enabled": False}, {"coverage.strategy": "own"}])
def test_keys_tell_scenarios_apart(change):
    base = design({"a": {}}, replicates=1)
    other = design({"a": {}}, sim.Scenario().replace(change), replicates=1)
    assert base.runs[0].key != other.runs[0].key


def test_keys_tell_grounds_seeds_and_models_apart():
    base = design(["none"], replicates=1).runs[0].key
    ground = Design.of(["none"], sim.Scenario(), [sim.District.synthetic(estates=13)], replicates=1)
    others = [ground, design(["none"], seed=2), design(["none"], model=lambda *_: None)]
    assert base not in {other.runs[0].key for other in others}


def test_two_labels_of_one_scenario_are_one_run():
    made = design({"as is": {}, "none": "none"}, replicates=2)
    assert len(made.runs) == 4 and len({run.key for run in made.runs}) == 2


@pytest.mark.parametrize(
    ("arms", "others", "says"),
    [
        ([], {}, "No arms"),
        (["own"], {"replicates": 0}, "replicates is 0"),
        (["own"], {"replicates": 2.5}, "replicates is 2.5"),
        (["own"], {"seed": "a"}, "seed is a"),
        ({"": {}}, {}, "label"),
        ({"a\nb": {}}, {}, "label"),
        ({"longer": {"run.weeks": 300}}, {}, "all arms must share"),
        ({"wrong": {"coverage.strategi": "own"}}, {}, 'Arm "wrong".*Did you mean "coverage.strategy"'),
    ],
)
def test_a_design_that_cannot_be_run_is_refused_in_words(arms, others, says):
    with pytest.raises(ScenarioError, match=f"(?s){says}"):
        design(arms, **others)


def test_arms_share_a_past_exactly_when_their_policy_starts_after_it():
    base = sim.Scenario()
    assert shares_past(base.replace({"coverage.strategy": "full"}))
    assert shares_past(base.replace({"coverage.start_week": 60}))
    assert not shares_past(base.replace({"coverage.start_week": 51}))


def test_the_past_forgets_policies_and_nothing_else():
    base = sim.Scenario().replace({"trust.enabled": False})
    policy = base.replace({"coverage.strategy": "full", "services.enabled": False, "branches.enabled": False})
    assert past(policy) == base


def test_runs_with_one_past_stand_together_and_sources_before_their_replays():
    made = design(
        {
            "control": "hours_matched:full",
            "other world": {"trust.enabled": False},
            "none": "none",
            "full": "full",
        },
        replicates=1,
    )
    assert [run.arm for run in in_order(made.runs)] == ["none", "full", "control", "other world"]


def test_a_design_is_a_table_with_a_row_for_each_run():
    table = design(["none", "own"], replicates=3).to_frame()
    assert len(table) == 6 and table["run"].is_unique
    assert table.groupby("replicate")["seed"].nunique().eq(1).all()
