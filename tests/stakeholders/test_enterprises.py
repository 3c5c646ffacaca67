"""Enterprises in the living model: off is off, on does what it should, and the books balance."""

from __future__ import annotations

import numpy as np
import pytest

from sim import District, GovernanceModel, Scenario
from sim.core.errors import ScenarioError
from sim.outcomes.definitions import measured_by
from sim.stakeholders.enterprises.enterprises import NEW_BRANCH
from tests.support.quiet_models import FIRST_EDITION

MEASURES = measured_by("enterprises")

FUNCTIONS = ("political", "economic", "social")
POLICY = {f"enterprises.{name}": True for name in FUNCTIONS}
EARLY = {"run.warmup": 8, "run.weeks": 60, "enterprises.number": 8000}


@pytest.fixture(scope="module")
def ground() -> District:
    return District.synthetic(24, seed=3)


def lived(ground: District, changes: dict[str, object], weeks: int = 24, rng: int = 1) -> GovernanceModel:
    model = GovernanceModel(FIRST_EDITION.replace({**EARLY, **changes}), ground, rng=rng)
    model.run(weeks, progress=False)
    return model


def others(model: GovernanceModel) -> np.ndarray:
    return model.outcomes.drop(columns=list(MEASURES)).to_numpy()


def test_enterprises_alone_change_nothing_else(ground: District) -> None:
    on, off = lived(ground, {}), lived(ground, {"enterprises.enabled": False, **POLICY})
    np.testing.assert_array_equal(others(on), others(off))
    np.testing.assert_array_equal(on.incidents.conditions, off.incidents.conditions)
    assert on.outcomes.enterprise_exits.sum() > 0
    assert np.all(off.outcomes.enterprises == len(off.enterprises)) and np.all(off.outcomes.enterprise_survival == 1.0)
    assert off.outcomes.needs_unmet.sum() == 0


@pytest.mark.parametrize("name", [*FUNCTIONS, "all"])
def test_the_policy_does_nothing_before_its_week_and_something_after(ground: District, name: str) -> None:
    changes = POLICY if name == "all" else {f"enterprises.{name}": True}
    on, off = lived(ground, changes), lived(ground, {})
    np.testing.assert_array_equal(on.outcomes.iloc[:8].to_numpy(), off.outcomes.iloc[:8].to_numpy())
    assert not np.array_equal(on.outcomes.iloc[8:].to_numpy(), off.outcomes.iloc[8:].to_numpy())


def test_branches_are_founded_with_hours_of_the_streets_up_to_what_is_aimed_at(ground: District) -> None:
    on = lived(ground, {"enterprises.political": True, "collective.enabled": False}, 50)
    enterprises, p = on.enterprises, on.scenario.enterprises
    new = np.count_nonzero((enterprises.branch == NEW_BRANCH) & enterprises.present)
    assert new <= p.new_branches * np.max(on.outcomes.enterprises)
    assert on.outcomes.enterprises_organised.iloc[-1] > on.outcomes.enterprises_organised.iloc[5] + 0.3
    assert on.outcomes.enterprise_members_listed.iloc[-1] > 1.2 * on.outcomes.enterprise_members_listed.iloc[5]
    taken = on.outcomes.hours_street_district
    most = 0.25 * on.authorities.hours[ground.communities : -1].sum()
    assert np.all(taken <= most + 1e-9) and taken.iloc[8] == pytest.approx(most)
    # Every hour taken is in a branch, or in what has been done of the next.
    founded = np.count_nonzero(enterprises.branch == NEW_BRANCH)
    assert founded * 10.0 <= taken.sum() + 1e-6
    assert on.outcomes.hours_enterprises.iloc[-1] == pytest.approx(
        0.25 * 0.9 * (enterprises.members * (enterprises.branch > 0) * enterprises.present).sum(), rel=0.05
    )
    assert on.outcomes.enterprise_hours.sum() == 0


def test_only_clusters_with_members_enough_get_a_branch(ground: District) -> None:
    few = {"enterprises.political": True, "enterprises.members_per_employee": 0.0}
    none = lived(ground, few, 20)
    assert not (none.enterprises.branch == NEW_BRANCH).any() and none.outcomes.hours_street_district.sum() == 0
    assert none.enterprises.share_of_members() == 0.0
    hard = lived(
        ground,
        {"enterprises.political": True, "enterprises.members_needed": 100, "enterprises.employees_log_sd": 0.0},
        30,
    )
    assert not (hard.enterprises.branch == NEW_BRANCH).any()


def test_the_service_desk_meets_needs_for_the_purses_money_and_lowers_exits(ground: District) -> None:
    strong = {"enterprises.economic": True, "enterprises.service_hours": 8000.0, "enterprises.exit_rate": 0.02}
    on, off = lived(ground, strong, 58), lived(ground, {"enterprises.exit_rate": 0.02}, 58)
    assert on.outcomes.needs_met[20:].sum() > 20 > on.outcomes.needs_met[:8].sum() == 0
    assert on.outcomes.needs_unmet[20:].sum() < off.outcomes.needs_unmet[20:].sum()
    np.testing.assert_allclose(on.outcomes.yuan_purse[8:], 8000 * 24 / 1034 * 100.0)
    assert off.outcomes.yuan_purse.sum() == off.outcomes.needs_met.sum() == 0
    assert on.outcomes.enterprise_exits.sum() < off.outcomes.enterprise_exits.sum()
    assert on.outcomes.enterprises.iloc[-1] > off.outcomes.enterprises.iloc[-1]


def test_a_desk_without_hours_is_no_desk(ground: District) -> None:
    on = lived(ground, {"enterprises.economic": True, "enterprises.service_hours": 0.0})
    np.testing.assert_array_equal(on.outcomes.to_numpy(), lived(ground, {}).outcomes.to_numpy())


def test_needs_are_met_given_up_waiting_or_gone_with_their_enterprise(ground: District) -> None:
    model = lived(ground, {"enterprises.economic": True, "enterprises.exit_rate": 0.02}, 0)
    desk, enterprises = model.enterprise_desk, model.enterprises
    for _ in range(40):
        model.run(1, progress=False)
        assert enterprises.present[desk.who].all()
        assert np.all(desk.left > 0) and desk.who.size == desk.left.size == desk.kind.size == desk.until.size
        assert desk.spent <= desk.hours + 1e-9
    number = model.outcomes.enterprises
    opened = np.diff(number) + model.outcomes.enterprise_exits[1:]
    assert np.all(opened >= 0) and opened.sum() > 0


def test_hours_of_members_reach_the_estates_and_the_conditions(ground: District) -> None:
    giving = {"enterprises.social": True, "enterprises.hours_per_member": 2.0}
    on, off = lived(ground, giving), lived(ground, {})
    np.testing.assert_allclose(on.outcomes.enterprise_hours, on.outcomes.hours_enterprises)
    assert on.outcomes.enterprise_hours[8:].min() > 0
    assert on.hazards.charging.mean() < off.hazards.charging.mean()
    idle = lived(ground, {**giving, "services.enabled": False})
    assert idle.outcomes.hours_enterprises.sum() == 0 and not idle.enterprises.given.any()


def test_time_given_costs_enterprises_their_life(ground: District) -> None:
    dear = {**POLICY, "enterprises.economic": False, "enterprises.time_cost": 1000.0, "enterprises.exit_rate": 0.01}
    on, off = lived(ground, dear, 40), lived(ground, {"enterprises.exit_rate": 0.01}, 40)
    assert on.outcomes.enterprise_exits.sum() > off.outcomes.enterprise_exits.sum()
    assert on.outcomes.enterprise_survival.mean() < off.outcomes.enterprise_survival.mean()


def test_a_fork_lives_as_its_parent_and_may_take_another_policy(ground: District) -> None:
    parent = lived(ground, POLICY, 14)
    ends = parent.scenario.replace({"enterprises.social": False, "enterprises.political": False})
    same, other = parent.fork(), parent.fork(ends)
    for model in (parent, same, other):
        model.run(10, progress=False)
    np.testing.assert_array_equal(same.outcomes.to_numpy(), parent.outcomes.to_numpy())
    assert not other.enterprises.given.any() and other.outcomes.enterprise_hours.iloc[-1] == 0
    with pytest.raises(ScenarioError, match=r"enterprises\.number"):
        parent.fork(parent.scenario.replace({"enterprises.number": 2000}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("exit_rate", 0.0),
        ("number", 0),
        ("by_need", 1.2),
        ("met_lowers", 0.9),
        ("effect_weeks", 0.5),
        ("working_week", 0.0),
        ("need_rate", -1.0),
        ("members_needed", 2.5),
    ],
)
def test_nonsense_is_refused(name: str, value: object) -> None:
    with pytest.raises(ScenarioError, match=f"enterprises.{name}"):
        Scenario().replace({f"enterprises.{name}": value})


def test_where_no_place_is_left_founders_are_turned_away(ground: District) -> None:
    model = lived(ground, {"enterprises.exit_rate": 0.5, "enterprises.exit_size": 1.0}, 0)
    enterprises = model.enterprises
    enterprises.present[:] = True
    enterprises.employees[:] = 1e15
    who = enterprises.identity.copy()
    enterprises.live()
    assert enterprises.closed == 0 and enterprises.turned_away > 0
    np.testing.assert_array_equal(enterprises.identity, who)


def test_the_smallest_district_has_enterprises() -> None:
    model = GovernanceModel(Scenario().replace({"district.estates": 1, "coverage.start_week": 0, **POLICY}), rng=1)
    model.run(60, progress=False)
    assert model.enterprises.usual == 2 and set(MEASURES) <= set(model.outcomes.columns)


@pytest.mark.parametrize("size", [0.0, 0.4, 1.0])
def test_nobody_is_likelier_to_close_than_the_bound_by_which_the_week_looks_for_them(
    ground: District, size: float
) -> None:
    model = lived(ground, {**POLICY, "enterprises.exit_size": size, "enterprises.need_rate": 0.5})
    enterprises = model.enterprises
    exits = enterprises.exit_of(enterprises.rows)
    assert enterprises.given.any() and enterprises.strain.max() > enterprises.usual_strain
    assert exits.max() <= enterprises._most_exit() <= 1.0
