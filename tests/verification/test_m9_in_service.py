"""M9: members who live in an estate and are registered elsewhere give hours to its branch, and found none."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim import BranchKind, District, GovernanceModel, Scenario
from sim.policies.coverage import Plan
from sim.stakeholders.in_service import elsewhere, engaged
from tests.support.quiet_models import FIRST_EDITION, level_ground, live
from tests.support.small_runs import differing, full, run

OWN, DISPATCHED, JOINT = BranchKind.OWN, BranchKind.DISPATCHED, BranchKind.JOINT


def founded(changes: dict[str, Any], kind: np.ndarray, home: np.ndarray, members: np.ndarray) -> GovernanceModel:
    """A quiet model with branches as told, whose desks have opened for the week."""
    rows = np.arange(np.size(kind))
    model = live(changes, level_ground(rows.size))
    model.branches.establish(Plan(kind.astype(np.int8), home, members.astype(np.int64), rows))
    return model


def staffed(model: GovernanceModel) -> np.ndarray:
    """Hours of all branches after staffing."""
    model.authorities.staff()
    model.branches.staff()
    return model.branches.hours.copy()


# How many -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.03, 0.15, 0.3])
def test_their_number_is_poisson_of_the_rate_of_households(rate: float) -> None:
    district = District.synthetic(1034, seed=1)
    mean = rate * district.households
    drawn = district.in_service(rate, district.members(0.005))
    # The share of the distribution below each count, with the count itself spread evenly: uniform if it is Poisson.
    below, at = stats.poisson.cdf(drawn - 1, mean), stats.poisson.pmf(drawn, mean)
    assert stats.kstest(below + np.linspace(0, 1, 1034) * at, "uniform").pvalue > 1e-3
    assert drawn.sum() == pytest.approx(mean.sum(), abs=4 * np.sqrt(mean.sum()))


def test_a_higher_rate_never_loses_one_and_there_are_never_more_members_than_adults() -> None:
    district = District.synthetic(200, seed=3)
    registered = district.members(0.5)
    before = np.zeros(200, dtype=np.int64)
    for rate in (0.0, 0.01, 0.15, 0.3, 1.0, 3.0):
        drawn = district.in_service(rate, registered)
        assert np.all(drawn >= before) and np.all(drawn + registered <= district.adults)
        before = drawn
    assert np.any(before + registered == district.adults) and not district.in_service(0.0, registered).any()


def test_their_draw_is_apart_from_that_of_registered_members_and_belongs_to_seed_and_estate(tmp_path: Path) -> None:
    district = District.synthetic(1034, seed=1)
    none = np.zeros(1034, dtype=np.int64)
    drawn, mean = district.in_service(0.15, none), 0.15 * district.households
    unusual = (drawn - mean) / np.sqrt(mean)
    assert abs(np.corrcoef(unusual, district.members_draw)[0, 1]) < 4 / np.sqrt(1034)
    assert not np.array_equal(drawn, District.synthetic(1034, seed=2).in_service(0.15, none))
    path = tmp_path / "district.csv"
    district.to_csv(path)
    assert np.array_equal(District.from_csv(path, seed=7).in_service(0.15, none), drawn)


def test_in_service_members_are_residents_and_none_is_a_registered_member_too() -> None:
    model = live({"district.members_rate": 0.05, "district.in_service_rate": 0.2}, level_ground(30, 40))
    people = model.residents
    registered, elsewhere_too = people.member, people.in_service
    assert not np.any(registered & elsewhere_too)
    for column, number in ((registered, model.members), (elsewhere_too, model.in_service)):
        assert np.array_equal(np.bincount(people.estate[column], minlength=30), number)
    assert model.members.any() and model.in_service.any()


# What they give -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reach", "each", "active", "fatigue", "activity"),
    [(0.2, 0.2, 0.4, 0.0, 1.0), (1.0, 0.7, 0.8, 0.25, 1.5), (0.05, 0.05, 0.2, 0.6, 0.5), (0.5, 2.0, 1.0, 0.1, 1.0)],
)
@pytest.mark.parametrize("kind", [OWN, DISPATCHED, JOINT])
def test_hours_are_those_of_the_equation(
    kind: int, reach: float, each: float, active: float, fatigue: float, activity: float
) -> None:
    """h_s + a (h m + rho h' s) (1 - F) A, summed over the estates that the branch serves."""
    estates = np.arange(12)
    home = estates if kind == OWN else 3 * (estates // 3)
    members = estates % 4
    changes = {
        "branches.reach": reach,
        "branches.in_service_hours": each,
        "branches.active_share": active,
        "branches.hours_per_member": 0.5,
        "branches.secretary_hours": 2.0,
    }
    model = founded(changes, np.full(12, kind), home, members)
    branches = model.branches
    branches.fatigue[:], branches.activity[:] = fatigue, activity
    hours = staffed(model)
    homes = np.unique(home)
    registered, living = np.bincount(home, members, 12)[homes], np.bincount(home, model.in_service, 12)[homes]
    secretary = branches.dispatched[homes] if kind == DISPATCHED else 2.0
    given = secretary + active * (0.5 * registered + reach * each * living) * (1 - fatigue) * activity
    np.testing.assert_allclose(hours[homes], given, rtol=1e-12)
    np.testing.assert_array_equal(branches.in_service[homes], living)
    assert hours.sum() == pytest.approx(given.sum()) and living.sum() == model.in_service.sum() > 0


@pytest.mark.parametrize("reach", [0.1, 0.25, 0.5])
def test_twice_the_reach_is_twice_their_hours(reach: float) -> None:
    estates, members = np.arange(9), np.arange(9)
    without, once, twice = (
        staffed(founded({"branches.reach": part}, np.full(9, OWN), estates, members))
        for part in (0.0, reach, 2 * reach)
    )
    np.testing.assert_allclose(twice - without, 2 * (once - without), rtol=1e-9)
    assert np.all(once > without)


def test_their_hours_are_booked_to_members_and_divided_like_all_others() -> None:
    """One budget: reporting first, then what others ask for, then mediation and services; the sum is what was given."""
    changes = {"branches.reach": 1.0, "branches.reporting_hours": 3.0, "branches.mediation_share": 0.7}
    model = founded(changes, np.full(6, OWN), np.arange(6), np.full(6, 4))
    branches = model.branches
    branches.moved[:] = 0.2
    branches.asked_rights[:], branches.asked_platform[:], branches.asked_supervision[:] = 1.0, 2.0, 1000.0
    given = staffed(model)
    left = given - branches.reporting
    np.testing.assert_allclose(branches.guarding, 0.2 * left)
    np.testing.assert_allclose(branches.for_rights, 1.0)
    np.testing.assert_allclose(branches.for_platform, 2.0)
    np.testing.assert_allclose(branches.for_supervision, 0.8 * left - 3.0)
    assert not branches.mediating.any() and np.all(model.in_service > 20)
    np.testing.assert_allclose(model.record._hours()["hours_members"], given.sum())


def test_whom_the_branch_reaches_tells_it_what_happens() -> None:
    model = founded({"branches.reach": 0.5}, np.full(5, OWN), np.arange(5), np.full(5, 4))
    np.testing.assert_allclose(model.branches.eyes(), 0.4 * (model.members + 0.5 * model.in_service))


# What they do not do ------------------------------------------------------------------------------


@cache
def lived(strategy: str, *changes: tuple[str, Any]) -> GovernanceModel:
    world = {
        "district.estates": 40,
        "district.members_rate": 0.005,
        "coverage.strategy": strategy,
        "run.warmup": 2,
        "run.weeks": 6,
    }
    model = GovernanceModel(FIRST_EDITION.replace({**world, **dict(changes)}), rng=1)
    model.run(progress=False)
    return model


@pytest.mark.parametrize("strategy", ["own", "full", "joint", "largest"])
def test_which_branches_are_founded_does_not_depend_on_them(strategy: str) -> None:
    usual = lived(strategy).branches
    many = lived(strategy, ("branches.reach", 1.0), ("district.in_service_rate", 0.5)).branches
    none = lived(strategy, ("branches.reach", 1.0), ("district.in_service_rate", 0.0)).branches
    for other in (many, none):
        for column in ("kind", "home", "members", "insiders"):
            assert np.array_equal(getattr(usual, column), getattr(other, column)), column
        desks, others = usual.model.desks, other.model.desks
        branch = desks.block("branch")
        assert np.array_equal(desks.skill[branch], others.skill[branch])
    assert many.hours.sum() > usual.hours.sum() == none.hours.sum()


@pytest.mark.parametrize("world", ["full", "hours_matched:full"])
def test_without_reach_or_switched_off_they_are_nowhere(world: str) -> None:
    """To the byte, with everything else on, whatever their number and hours."""
    # Members of enterprises who report where they live are members in service there.
    changes = {"district.in_service_rate": 0.5, "branches.in_service_hours": 3.0, "enterprises.listed_reach": 0.0}
    if world != "full":
        models = [lived(world.partition(":")[2], *one) for one in ((), tuple(changes.items()))]
        assert np.array_equal(models[0].policy_hours, models[1].policy_hours)
        return
    usual = run(full({"branches.reach": 0.0, "enterprises.listed_reach": 0.0}))
    assert not differing(usual, run(full({**changes, "branches.reach": 0.0})))
    assert not differing(usual, run(full({**changes, "branches.reach": 1.0, "branches.in_service": False})))
    assert differing(usual, run(full({**changes, "branches.reach": 1.0})))


def test_shuffled_branches_have_the_hours_of_the_plan_that_was_shuffled() -> None:
    changes = (("branches.reach", 1.0), ("coverage.second", "dispatched"), ("branches.dispatched_hours", 0.0))
    plain, shuffled = lived("full", *changes), lived("shuffled:full", *changes)
    assert not np.array_equal(plain.branches.in_service, shuffled.branches.in_service)
    assert plain.branches.in_service.sum() == shuffled.branches.in_service.sum()


def test_a_branch_in_name_only_reaches_nobody() -> None:
    placebo = lived("placebo:full", ("branches.reach", 1.0))
    assert not placebo.branches.hours.any() and engaged(placebo) is not None and not engaged(placebo).any()


# One budget each ----------------------------------------------------------------------------------


def test_who_gives_hours_as_a_member_is_not_asked_again_as_a_volunteer() -> None:
    small = {"district.estates": 8, "run.weeks": 6, "coverage.strategy": "full", "run.warmup": 2}
    world = Scenario().replace(small).with_everything_on()
    world = world.replace({"enterprises.social": False, "enterprises.listed_reach": 0.0})
    plain, reached = (GovernanceModel(world.replace({"branches.reach": reach}), rng=2) for reach in (0.0, 0.8))
    for model in (plain, reached):
        model.run(weeks=2, progress=False)
        model.coverage.assign()
        model.volunteers.offer()
    busy = engaged(reached)
    assert engaged(plain) is None and busy is not None
    share = 0.8 * 0.4 * reached.in_service / reached.district.adults * reached.branches.served
    np.testing.assert_allclose(busy, share)
    np.testing.assert_allclose(reached.volunteers.answering, plain.volunteers.answering * (1 - share))


@pytest.mark.parametrize("giving", [0.0, 0.1, 0.5])
def test_who_gives_hours_through_an_enterprise_is_not_asked_again_at_home(giving: float) -> None:
    changes = {"enterprises.social": True, "enterprises.giving_share": giving, "branches.reach": 1.0}
    model = founded({**changes, "coverage.start_week": 0}, np.full(60, OWN), np.arange(60), np.full(60, 4))
    model.enterprises.branch[:] = 1
    persons = giving * model.enterprises.listed.sum()
    assert elsewhere(model) == pytest.approx(min(persons / model.in_service.sum(), 1.0))
    assert (elsewhere(model) > 0.0) == (giving > 0.0)
    hours = staffed(model)
    given = 2.0 + 0.4 * (0.5 * 4 + 0.2 * model.in_service * (1 - elsewhere(model)))
    np.testing.assert_allclose(hours, given, rtol=1e-12)


def test_a_fork_may_reach_more_of_them() -> None:
    world = FIRST_EDITION.replace(
        {"district.estates": 10, "run.warmup": 3, "run.weeks": 8, "coverage.strategy": "full"}
    )
    past = GovernanceModel(world, rng=3)
    past.run(weeks=3, progress=False)
    usual, more = past.fork(), past.fork(world.replace({"branches.reach": 0.5}))
    whole = GovernanceModel(world.replace({"branches.reach": 0.5}), rng=3)
    for model in (usual, more, whole):
        model.run(weeks=8 - model.week, progress=False)
    assert more.branches.hours.sum() > usual.branches.hours.sum()
    assert not differing(more.outcomes.iloc[3:], whole.outcomes.iloc[3:])
