"""Empowerment as a policy: off it is not there, on it does what it says, and a fork is the same world."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import GovernanceModel, Scenario
from sim.core.errors import ScenarioError
from sim.outcomes.definitions import measured_by
from sim.stakeholders.committees.committees import YEAR

MEASURES = measured_by("empowerment")

SMALL: dict[str, object] = {
    "district.estates": 20,
    "run.warmup": 6,
    "run.weeks": 80,
    "district.members_rate": 0.01,
    "coverage.strategy": "full",
    "incidents.rate_noise": 1.0,
}
ON: dict[str, object] = {"empowerment.enabled": True}
LINES = ("empowerment.claim", "empowerment.exercise", "empowerment.account", "empowerment.judge")


def live(changes: dict[str, object], weeks: int = 40, without_lines: bool = False) -> GovernanceModel:
    model = GovernanceModel(Scenario().replace({**SMALL, **changes}), rng=5)
    if without_lines:
        for line in LINES:
            model.agenda.remove(line)
    model.run(weeks=weeks, progress=False)
    return model


def same(one: GovernanceModel, other: GovernanceModel) -> bool:
    columns = [name for name in one.outcomes if name not in MEASURES]
    try:
        pd.testing.assert_frame_equal(one.outcomes[columns], other.outcomes[columns], check_exact=True)
    except AssertionError:
        return False
    return True


@pytest.fixture(scope="module")
def plain() -> GovernanceModel:
    return live({})


@pytest.fixture(scope="module")
def empowered() -> GovernanceModel:
    return live(ON, 70)


@pytest.mark.parametrize(
    "changes",
    [
        {"empowerment.weight": 1.0, "empowerment.budget": 1e7, "empowerment.incentive": 1.0},
        {**ON, "empowerment.evaluation": False, "empowerment.micro_projects": False, "empowerment.awards": False},
    ],
)
def test_off_nothing_is_written(plain: GovernanceModel, changes: dict[str, object]) -> None:
    assert same(plain, live(changes))


def test_without_its_lines_the_week_is_the_same(plain: GovernanceModel) -> None:
    assert same(plain, live({}, without_lines=True))


@pytest.mark.parametrize("strategy", ["none", "placebo:full"])
def test_without_people_in_a_branch_there_are_no_rights(strategy: str) -> None:
    only = {"coverage.strategy": strategy}
    assert same(live(only), live({**only, **ON}))


def test_before_the_policy_starts_nothing_happens() -> None:
    late = {"coverage.start_week": 30}
    off, on = live(late, 30), live({**late, **ON}, 30)
    assert same(off, on)


@pytest.mark.parametrize(
    ("right", "column"),
    [("evaluation", "evaluation_hours"), ("micro_projects", "projects_yuan"), ("awards", "motivation")],
)
def test_each_right_can_be_switched_off_alone(right: str, column: str, empowered: GovernanceModel) -> None:
    without = live({**ON, f"empowerment.{right}": False})
    idle = 1.0 if right == "awards" else 0.0
    assert (without.outcomes[column] == idle).all()
    assert (empowered.outcomes[column] != idle).any()


def test_hours_for_rights_leave_mediation_and_services(plain: GovernanceModel) -> None:
    """In the first week, before anyone is more or less active, every hour for rights is one less for the rest."""
    on = live({**ON, "empowerment.regulations": 0.0}, 7).branches
    off = live({}, 7).branches
    np.testing.assert_allclose(on.hours, off.hours, rtol=1e-12)
    assert on.for_rights.sum() > 0
    np.testing.assert_allclose(
        on.mediating + on.serving + on.for_rights, off.mediating + off.serving, rtol=1e-12, atol=1e-12
    )


def test_the_week_of_a_branch_adds_up(empowered: GovernanceModel) -> None:
    b = empowered.branches
    parts = b.reporting + b.mediating + b.serving + b.guarding + b.for_rights + b.for_platform + b.for_supervision
    np.testing.assert_allclose(b.hours, parts, rtol=1e-12)
    assert np.all(b.for_rights <= b.asked_rights + 1e-12)


def test_money_for_projects_is_the_purses_and_within_the_budget(empowered: GovernanceModel) -> None:
    table = empowered.outcomes
    spent = table["projects_yuan"].sum()
    assert 0 < spent == pytest.approx(table["yuan_purse"].sum())
    years = 1 + (empowered.week - 1 - empowered.policy_week) // YEAR
    budget = empowered.scenario.empowerment.budget
    assert spent <= years * budget * empowered.district.communities
    assert ((table["projects_yuan"] > 0) <= (table["projects"].shift(fill_value=0) + table["projects"] > 0)).all()


def test_states_stay_in_their_bounds(empowered: GovernanceModel) -> None:
    m = empowered
    assert np.all((m.awards.motivation > 0) & (m.awards.motivation <= 1))
    assert np.all((m.evaluation.captured >= 0) & (m.evaluation.captured <= 1))
    assert np.all((m.desks.authority >= 0) & (m.desks.authority <= 1))
    assert np.all((m.desks.skill >= 0) & (m.desks.skill <= 1))
    assert np.all(m.micro_projects.left >= 0)
    for name in MEASURES:
        assert np.isfinite(m.outcomes[name]).all()


@pytest.mark.parametrize("week", [3, 20, 58])
def test_a_fork_lives_on_as_its_parent_would(week: int) -> None:
    parent = live(ON, week)
    child = parent.fork()
    parent.run(weeks=12, progress=False)
    child.run(weeks=12, progress=False)
    pd.testing.assert_frame_equal(parent.outcomes, child.outcomes, check_exact=True)


def test_a_saved_model_goes_on_as_if_it_had_never_stopped(tmp_path: Path) -> None:
    whole = live(ON, 25)
    whole.save(tmp_path / "model.npz")
    other = GovernanceModel.load(tmp_path / "model.npz")
    for model in (whole, other):
        model.run(weeks=16, progress=False)
    new = other.outcomes
    pd.testing.assert_frame_equal(whole.outcomes.iloc[-len(new) :], new.iloc[-len(new) :], check_exact=True)


def test_a_fork_can_take_the_rights_away(empowered: GovernanceModel) -> None:
    child = empowered.fork(empowered.scenario.replace({"empowerment.enabled": False}))
    child.run(weeks=3, progress=False)
    c, committees, branches = child.contracts, child.committees, child.branches
    for column in (
        c.branch_weight,
        c.branch_visible,
        c.repairs,
        committees.vetting,
        committees.vetting_cost,
        committees.autonomy_cost,
        branches.asked_rights,
        branches.for_rights,
        branches.extra_targets,
        branches.conflicted,
    ):
        assert not column.any()
    assert np.all(branches.activity == 1.0)
    assert not child.desks.authority[child.desks.block("branch")].any()
    assert empowered.contracts.branch_weight.any()


def test_a_fork_can_take_one_right_away(empowered: GovernanceModel) -> None:
    for right in ("evaluation", "micro_projects", "awards"):
        child = empowered.fork(empowered.scenario.replace({f"empowerment.{right}": False}))
        child.run(weeks=2, progress=False)
        assert child.contracts.branch_weight.any() == (right != "evaluation")
        assert child.desks.authority.any() == (right != "evaluation")
        assert child.micro_projects.left.any() == (right != "micro_projects")
        assert bool((child.branches.activity != 1.0).any()) == (right != "awards")
        assert child.branches.extra_targets.max() == 2


def test_a_fork_can_begin_with_the_rights_in_the_midst_of_the_policy() -> None:
    parent = live({}, 20)
    child = parent.fork(parent.scenario.replace({"empowerment.enabled": True}))
    child.run(weeks=45, progress=False)
    assert child.outcomes["rights_held"].iloc[:20].eq(0).all() and child.outcomes["rights_held"].iloc[20] == 1.0
    assert child.outcomes["projects"].iloc[:58].eq(0).all() and child.outcomes["projects"].iloc[58] > 0


def test_branches_of_several_estates_hold_rights_in_all_of_them() -> None:
    model = live({**ON, "coverage.second": "joint", "empowerment.accountability": False}, 42)
    joint = (model.branches.kind == 3) & model.contracts.present
    assert joint.any()
    attention = model.evaluation.attention
    home = model.branches.home
    np.testing.assert_allclose(attention[joint], attention[home][joint], rtol=1e-9)
    weight = np.bincount(home[home >= 0], (model.evaluation.power() * model.branches.weight)[home >= 0], home.size)
    authority = model.desks.authority[model.desks.block("branch")]
    np.testing.assert_allclose(authority, np.where(model.branches.present, weight, 0.0), atol=1e-12)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("weight", 1.5),
        ("visible_share", -0.1),
        ("budget", -1.0),
        ("project_weeks", 0),
        ("recovery", 0.0),
        ("motivation_recovery", 0.0),
        ("suspension", 0),
        ("need_weight", 2.0),
        ("enabled", 1),
    ],
)
def test_nonsense_is_refused(name: str, value: object) -> None:
    with pytest.raises(ScenarioError, match=name):
        Scenario().replace({f"empowerment.{name}": value})
