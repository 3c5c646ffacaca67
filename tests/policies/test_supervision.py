"""Supervision as a policy: off it is not there, on it does what it says, and a fork is the same world."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import GovernanceModel, Scenario
from sim.core.errors import ScenarioError
from sim.outcomes.definitions import measured_by
from tests.support.quiet_models import FIRST_EDITION

MEASURES = measured_by("supervision")

SMALL: dict[str, object] = {
    "district.estates": 20,
    "run.warmup": 6,
    "run.weeks": 80,
    "district.members_rate": 0.01,
    "incidents.rate_noise": 1.0,
}
ON: dict[str, object] = {"supervision.enabled": True}
FULL: dict[str, object] = {"coverage.strategy": "full"}
TIERS = ("district", "street", "community", "estate")
LINES = ("supervision.command", "supervision.inspect", "supervision.announce")


def live(changes: dict[str, object], weeks: int = 40, without_lines: bool = False) -> GovernanceModel:
    model = GovernanceModel(FIRST_EDITION.replace({**SMALL, **changes}), rng=5)
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
def watched() -> GovernanceModel:
    return live({**ON, **FULL})


@pytest.mark.parametrize(
    "changes",
    [
        {"supervision.fine_weeks": 3.0, "supervision.rank_pressure": 2.0, "supervision.targets": 20},
        {**ON, **{f"supervision.{tier}": False for tier in TIERS}},
    ],
)
def test_off_nothing_is_written(plain: GovernanceModel, changes: dict[str, object]) -> None:
    assert same(plain, live(changes))


def test_without_its_lines_the_week_is_the_same(plain: GovernanceModel) -> None:
    assert same(plain, live({}, without_lines=True))


def test_before_the_policy_starts_nothing_happens() -> None:
    assert same(live({}, 6), live(ON, 6))


def test_every_switch_of_what_it_does_at_zero_leaves_the_world_alone(plain: GovernanceModel) -> None:
    """No hours, fine, ranking, rank pressure or targets: supervision in name only changes nothing."""
    names = {f"supervision.hours_{tier}": 0.0 for tier in TIERS}
    nothing = {"fine_weeks": 0.0, "rank_pressure": 0.0, "targets": 0, "evaluator_weight": 0.0}
    assert same(plain, live({**ON, **names, **{f"supervision.{name}": value for name, value in nothing.items()}}))


@pytest.mark.parametrize("tier", TIERS)
def test_each_tier_takes_hours_from_its_own_people(tier: str) -> None:
    alone = {f"supervision.{other}": other == tier for other in TIERS}
    quiet = {"supervision.targets": 0}
    off, on = live(FULL, 8), live({**ON, **FULL, **alone, **quiet}, 8)
    for level in ("community", "street", "district"):
        block = on.desks.block(level)
        taken = off.desks.hours[block] - on.desks.hours[block]
        hours = on.scenario.get(f"supervision.hours_{level}") if level == tier else 0.0
        np.testing.assert_allclose(taken, hours, atol=1e-9)
    b, before = on.branches, off.branches
    assert b.for_supervision.any() == (tier == "estate")
    np.testing.assert_allclose(
        b.mediating + b.serving + b.for_supervision, before.mediating + before.serving, atol=1e-9
    )
    table = on.outcomes.iloc[-1]
    assert table["inspection_hours"] > 0
    if tier == "estate":
        assert table["inspection_hours"] == pytest.approx(b.for_supervision.sum())


def test_fines_leave_firms_and_reach_the_purse(watched: GovernanceModel) -> None:
    table = watched.outcomes
    assert table["fines_yuan"].sum() > 0
    np.testing.assert_allclose(table["yuan_firms"], table["fines_yuan"])
    np.testing.assert_allclose(table["yuan_firms"] + table["yuan_purse"], 0.0, atol=1e-9)


def test_only_firms_that_are_there_are_inspected(watched: GovernanceModel) -> None:
    assert not watched.supervision.rate[~watched.contracts.present].any()
    assert not watched.supervision.found[~watched.contracts.present].any()


@pytest.mark.parametrize("targeting", ["random", "complaints", "two_group"])
def test_targeting_moves_inspections_and_makes_none(targeting: str) -> None:
    model = live({**ON, "supervision.targeting": targeting, "supervision.estate": False})
    expected = model.outcomes["inspection_hours"].iloc[-1] / model.scenario.supervision.inspection_hours
    assert model.supervision.rate.sum() == pytest.approx(expected)


def test_targets_are_reported_on(watched: GovernanceModel) -> None:
    p, b = watched.scenario.branches, watched.branches
    owed = p.reporting_hours + p.reporting_per_target * (p.targets + watched.scenario.supervision.targets)
    assert np.all(b.reporting <= owed + 1e-12)
    assert np.isclose(b.reporting, owed).any()
    assert np.all(b.extra_targets == watched.scenario.supervision.targets * b.present)


def test_two_policies_add_their_targets_and_take_away_their_own() -> None:
    both = {**ON, **FULL, "empowerment.enabled": True, "empowerment.accountability": False}
    model = live(both, 20)
    assert np.all(model.branches.extra_targets == 8 * model.branches.present)
    for gone, left in (("supervision", 3), ("empowerment", 5)):
        child = model.fork(model.scenario.replace({f"{gone}.enabled": False}))
        child.run(weeks=2, progress=False)
        assert np.all(child.branches.extra_targets == left * child.branches.present)


@pytest.mark.parametrize("targeting", ["random", "complaints", "two_group"])
def test_a_fork_lives_on_as_its_parent_would(targeting: str) -> None:
    parent = live({**ON, **FULL, "supervision.targeting": targeting}, 20)
    child = parent.fork()
    parent.run(weeks=15, progress=False)
    child.run(weeks=15, progress=False)
    pd.testing.assert_frame_equal(parent.outcomes, child.outcomes, check_exact=True)


def test_a_saved_model_goes_on_as_if_it_had_never_stopped(tmp_path: Path) -> None:
    whole = live({**ON, **FULL, "supervision.targeting": "two_group"}, 25)
    whole.save(tmp_path / "model.npz")
    other = GovernanceModel.load(tmp_path / "model.npz")
    for model in (whole, other):
        model.run(weeks=16, progress=False)
    new = other.outcomes
    pd.testing.assert_frame_equal(whole.outcomes.iloc[-len(new) :], new.iloc[-len(new) :], check_exact=True)


def test_a_fork_can_end_supervision(watched: GovernanceModel) -> None:
    child = watched.fork(watched.scenario.replace({"supervision.enabled": False}))
    child.run(weeks=2, progress=False)
    c, desks = child.contracts, child.desks
    for column in (
        c.extra_fine,
        c.supervisor_weight,
        c.supervisor_visible,
        c.burden,
        desks.premature,
        desks.formalism,
        desks.unworked,
        desks.authority,
        child.branches.extra_targets,
        child.branches.asked_supervision,
    ):
        assert not column.any()
    assert watched.contracts.extra_fine.any()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("detection", 1.5),
        ("fine_weeks", -1.0),
        ("targeting", "friends"),
        ("inspection_hours", 0.0),
        ("scruple", 0.0),
        ("focus", 0.5),
        ("targets", -1),
        ("memory", 0.0),
        ("payoff_weeks", 0.0),
    ],
)
def test_nonsense_is_refused(name: str, value: object) -> None:
    with pytest.raises(ScenarioError, match=name):
        Scenario().replace({f"supervision.{name}": value})
