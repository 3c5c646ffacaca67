"""Volunteers: who would help, who comes, and one weekly budget for whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import BranchKind, GovernanceModel, Scenario
from sim.core.chance import unit
from sim.core.codes import BY_BRANCH
from sim.core.errors import ScenarioError
from sim.policies.coverage import Plan
from tests.support.quiet_models import level_ground
from tests.support.quiet_models import live as quiet

NOW: dict[str, object] = {"coverage.start_week": 0, "services.volunteers": True}
Live = Callable[..., GovernanceModel]


def organised(changes: dict[str, object] | None = None, estates: int = 6) -> GovernanceModel:
    """A level district with a branch in every estate but the last, whose volunteers were called this week."""
    model = quiet(NOW | (changes or {}), level_ground(estates))
    rows = np.arange(estates)
    kind = np.where(rows < estates - 1, BranchKind.OWN, 0).astype(np.int8)
    home = np.where(kind > 0, rows, -1)
    model.branches.establish(Plan(kind, home, np.full(estates, 9, dtype=np.int64), rows, False))
    model.volunteers.offer()
    return model


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3])
def test_a_share_of_adults_would_help(live: Live, share: float) -> None:
    """Counted person by person, by the identity of their home."""
    model = live(NOW | {"services.volunteer_share": share})
    people = model.residents
    draw = unit(model.chance.bits("volunteer", 0, people.identity(np.arange(people.size))))
    count = np.bincount(people.estate, draw < share, model.district.estates)
    assert np.array_equal(model.volunteers.number, count)
    assert count.sum() == pytest.approx(share * people.size, abs=4 * np.sqrt(share * people.size) + 1)


def test_no_volunteer_comes_where_nobody_organises_them() -> None:
    volunteers = organised().volunteers
    assert volunteers.number[-1] > 0 and volunteers.offered[-1] == 0.0
    assert np.all(volunteers.offered[:-1] > 0)


def test_a_platform_organises_volunteers_too() -> None:
    model = quiet(NOW | {"deliberation.enabled": True}, level_ground(4))
    model.committees.present[:], model.committees.failed[:], model.contracts.present[:] = True, 0, True
    model.deliberation.convene()
    model.volunteers.offer()
    assert not model.branches.any and np.all(model.volunteers.offered > 0)


@pytest.mark.parametrize(("response", "weight"), [(0.5, 4.0), (0.2, 8.0), (0.8, 0.0), (0.0, 4.0), (1.0, 4.0)])
def test_more_come_where_the_branch_is_trusted(response: float, weight: float) -> None:
    """Logit in trust: `response` at trust 1/2, never below 0 or above 1."""
    model = organised(
        {"services.volunteer_response": response, "services.volunteer_trust": weight, "trust.spread": 0.0}, estates=6
    )
    trust = np.array([0.0, 0.25, 0.5, 0.75, 1.0, 0.5])
    model.trust.estate_mean[BY_BRANCH] = trust
    got = model.volunteers.response()
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        odds = np.divide(response, 1.0 - response) * np.exp(weight * (trust - 0.5))
        want = np.where(response == 1.0, 1.0, odds / (1.0 + odds))
    np.testing.assert_allclose(got, want, rtol=1e-12)
    assert np.all((got >= 0.0) & (got <= 1.0))


def test_hours_offered_are_given_or_not_asked_for() -> None:
    """Offered = services + emergency + what nobody asked for; booked on residents."""
    model = organised({"services.volunteer_demand": 3.0})
    volunteers = model.volunteers
    np.testing.assert_allclose(volunteers.offered[:-1], (volunteers.number * volunteers.response())[:-1])
    asked = np.array([1.0, 0.0, 1e6, 2.5, 4.0, 3.0])
    given = volunteers.give(asked)
    assert np.array_equal(given, np.minimum(asked, volunteers.offered))
    left = volunteers.available()
    volunteers.serve()
    assert np.array_equal(volunteers.to_services, np.minimum(3.0, left))
    np.testing.assert_allclose(
        volunteers.offered, volunteers.to_services + volunteers.to_emergency + volunteers.left, rtol=1e-12
    )
    assert model.services.hands[0] == pytest.approx(volunteers.to_services)
    assert model.costs.hours_of("residents") == pytest.approx(
        volunteers.to_services.sum() + volunteers.to_emergency.sum()
    )


def test_looking_at_what_is_left_takes_nothing() -> None:
    volunteers = organised().volunteers
    volunteers.available()[:] = 0.0
    assert np.array_equal(volunteers.left, volunteers.offered)


def test_fatigue_follows_load_and_lowers_hours() -> None:
    """F(t) = F_max load (1 - (1 - pace)^t) under constant load; the next week's hours are less by F."""
    model = organised({"services.volunteer_fatigue": 0.4, "services.volunteer_fatigue_pace": 0.1})
    volunteers = model.volunteers
    fresh = volunteers.offered.copy()
    for week in range(1, 15):
        volunteers.offer()
        volunteers.give(volunteers.available() * np.array([1.0, 0.5, 0.0, 1.0, 1.0, 1.0]))
        volunteers.tire()
        want = 0.4 * np.array([1.0, 0.5, 0.0]) * (1 - 0.9**week)
        np.testing.assert_allclose(volunteers.fatigue[:3], want, rtol=1e-12, atol=0)
    volunteers.offer()
    np.testing.assert_allclose(volunteers.offered, fresh * (1 - volunteers.fatigue), rtol=1e-12)


def test_off_changes_nothing_and_offers_nothing(live: Live) -> None:
    """Whatever their parameters say."""
    runs = []
    for changes in ({}, {"services.volunteer_share": 0.5, "services.volunteer_hours": 9.0}):
        model = live({"run.warmup": 4, "run.weeks": 40, "coverage.strategy": "full"} | changes)
        model.run(weeks=12, progress=False)
        assert not model.volunteers.available().any() and len(model.volunteers) == 0
        assert not model.volunteers.give(np.ones(40)).any()
        runs.append(model.outcomes)
    pd.testing.assert_frame_equal(*runs, check_exact=True)


def test_volunteers_make_services_better_and_cost_residents_hours(live: Live) -> None:
    base = {"run.warmup": 4, "run.weeks": 60, "coverage.strategy": "full"}
    plain, helped = (live(base | {"services.volunteers": on}) for on in (False, True))
    for model in (plain, helped):
        model.run(weeks=30, progress=False)
    before, after = plain.outcomes, helped.outcomes
    pd.testing.assert_frame_equal(before[:4], after[:4], check_exact=True)
    np.testing.assert_allclose(
        (after["hours_residents"] - before["hours_residents"])[5:6], after["volunteer_hours"][5:6]
    )
    assert after["hazards"].iloc[-1] < before["hazards"].iloc[-1]
    assert np.all(after["volunteer_hours"][4:] > 0) and np.all(after["volunteers"][4:] > 0)


def test_before_the_policy_starts_nobody_is_called(live: Live) -> None:
    model = live({"services.volunteers": True, "coverage.strategy": "full", "run.warmup": 6, "run.weeks": 20})
    model.run(weeks=6, progress=False)
    assert not model.outcomes["volunteer_hours"].any() and not model.volunteers.fatigue.any()


# No pool ever gives more than it has, whoever asks, in whatever order ---------------------------------------------


@cache
def pool_of_hours() -> GovernanceModel:
    """One district for all examples: each begins the week anew."""
    return organised(estates=6)


ASKERS = ("emergency", "services", "community", "street", "firm", "committee")


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(ASKERS), st.floats(0.0, 60.0), st.integers(0, 5)), max_size=25))
def test_no_pool_gives_more_than_it_has_whoever_asks(claims: list[tuple[str, float, int]]) -> None:
    """Volunteers, firms, committees and authorities, asked in random order for random hours."""
    model = pool_of_hours()
    model.services.hands.fill(0.0)
    model.authorities.staff()
    model.contracts.serve()
    model.committees.work()
    volunteers, desks = model.volunteers, model.desks
    volunteers.offer()
    before = {kind: desks.hours[desks.block(kind)].copy() for kind in ("community", "street", "firm", "committee")}
    before["volunteers"] = volunteers.offered.copy()
    given_out = {name: np.zeros_like(hours) for name, hours in before.items()}
    for who, hours, place in claims:
        if who == "services":
            earlier = volunteers.to_services.copy()
            volunteers.serve()
            granted, pool, asked = volunteers.to_services - earlier, "volunteers", None
        else:
            pool = "volunteers" if who == "emergency" else who
            asked = np.zeros_like(before[pool])
            asked[place % asked.size] = hours
            if who == "emergency":
                granted = volunteers.give(asked)
            elif who in ("firm", "committee"):
                granted = desks.take(who, asked)
            else:
                granted = model.authorities.take(who, asked, "test")
        assert np.all(granted >= 0.0)
        assert asked is None or np.all(granted <= asked)
        given_out[pool] += granted
    for name, hours in before.items():
        left = volunteers.left if name == "volunteers" else desks.hours[desks.block(name)]
        assert np.all(left >= 0.0)
        np.testing.assert_allclose(given_out[name] + left, hours, rtol=1e-9, atol=1e-9)


@settings(max_examples=60)
@given(
    st.lists(st.floats(0.0, 30.0), min_size=4, max_size=4), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.integers(0, 30)
)
def test_a_branch_has_one_week_whatever_asks_for_it(
    asked: list[float],
    moved: float,
    fatigue: float,
    members: int,
) -> None:
    """Reporting, emergency, rights, platform, supervision, meetings, mediation, services: no more than the week."""
    model = pool_of_hours()
    branches = model.branches
    branches.asked_rights[:], branches.asked_platform[:], branches.asked_supervision[:] = asked[:3]
    branches.asked_meetings[:] = asked[3]
    branches.moved[:], branches.fatigue[:] = moved, fatigue
    branches.members[:] = members
    model.authorities.staff()
    branches.staff()
    week = (2.0 + 0.5 * 0.4 * members * (1.0 - fatigue)) * (branches.kind > 0)
    uses = (
        branches.reporting,
        branches.guarding,
        branches.for_rights,
        branches.for_platform,
        branches.for_supervision,
        branches.for_meetings,
        branches.mediating,
        branches.serving,
    )
    assert all(np.all(use >= -1e-12) for use in uses)
    np.testing.assert_allclose(sum(uses), week, rtol=1e-9, atol=1e-9)
    for wanted, granted in (
        (branches.asked_rights, branches.for_rights),
        (branches.asked_platform, branches.for_platform),
        (branches.asked_meetings, branches.for_meetings),
    ):
        assert np.all(granted <= wanted + 1e-12)


@pytest.mark.parametrize(
    "name", ["volunteer_share", "volunteer_response", "volunteer_hours", "volunteer_demand", "volunteer_fatigue"]
)
def test_negative_numbers_are_refused(name: str) -> None:
    with pytest.raises(ScenarioError, match=name):
        Scenario().replace({f"services.{name}": -0.5})
