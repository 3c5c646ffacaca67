"""Emergencies in the whole model: event and policy apart, off is off, books balance, forks agree."""

from __future__ import annotations

import numpy as np
import pytest

from sim import GovernanceModel, Scenario
from sim.core.errors import ScenarioError
from sim.outcomes.definitions import measured_by

MEASURES = measured_by("emergency")

START = 20
BASE = {
    "district.estates": 24,
    "run.weeks": 60,
    "run.warmup": 12,
    "coverage.strategy": "full",
    "emergency.start_week": START,
}
EVENT = {"emergency.enabled": True, "emergency.seeds": 40, "emergency.reproduction": 2.5}
POLICY = {"emergency.switching": True}


def make(*changes: dict[str, object], **more: object) -> GovernanceModel:
    values: dict[str, object] = dict(BASE)
    for change in changes:
        values |= change
    values |= {f"emergency.{name}": value for name, value in more.items()}
    return GovernanceModel(Scenario().replace(values), rng=5)


def lived(model: GovernanceModel, weeks: int = 60) -> GovernanceModel:
    model.run(weeks=weeks, progress=False)
    return model


@pytest.fixture(scope="module")
def quiet() -> GovernanceModel:
    return lived(make())


@pytest.fixture(scope="module")
def event() -> GovernanceModel:
    return lived(make(EVENT))


@pytest.fixture(scope="module")
def policy() -> GovernanceModel:
    return lived(make(EVENT, POLICY))


def assert_same(one: GovernanceModel, other: GovernanceModel) -> None:
    here, there = one.outcomes, other.outcomes
    for name in here.columns:
        np.testing.assert_array_equal(here[name].to_numpy(), there[name].to_numpy(), err_msg=name)
    for name, column in one.disputes.book.arrays().items():
        np.testing.assert_array_equal(column, other.disputes.book.arrays()[name], err_msg=name)
    np.testing.assert_array_equal(one.residents.grievance, other.residents.grievance)
    np.testing.assert_array_equal(one.trust.estate_mean, other.trust.estate_mean)
    np.testing.assert_array_equal(one.branches.fatigue, other.branches.fatigue)


def test_off_is_the_model_without_the_room(quiet: GovernanceModel) -> None:
    without = make()
    for line in ("emergency.alert", "emergency.serve"):
        without.agenda.remove(line)
    assert_same(lived(without), quiet)
    assert not any(quiet.outcomes[name].any() for name in MEASURES)


@pytest.mark.parametrize(
    "changes",
    [
        {"emergency.switching": True},
        {"emergency.enabled": True, "emergency.seeds": 0, "emergency.switching": True},
        {"emergency.enabled": True, "emergency.event": "pulse", "emergency.pulse_weeks": 0},
        {"emergency.enabled": True, "emergency.event": "pulse", "emergency.pulse_hours": 0.0},
        {"emergency.enabled": True, "emergency.start_week": 60, "emergency.switching": True},
    ],
)
def test_without_an_event_the_policy_does_nothing(changes: dict[str, object], quiet: GovernanceModel) -> None:
    assert_same(lived(make(changes)), quiet)


def test_the_event_without_the_policy_runs_with_the_small_share(event: GovernanceModel) -> None:
    frame, p, district = event.outcomes, event.scenario, event.district
    assert not frame.loc[: START - 1, list(MEASURES)].any().any()
    assert frame.infected.max() > 0.05 and not frame.emergency_share.any() and not frame.guard_hours.any()
    most = p.emergency.own_share * (p.desks.hours_community * district.strength.sum() + p.desks.hours_district)
    assert 0 < frame.emergency_hours.max() <= most + 1e-9
    emergency = event.emergency
    np.testing.assert_array_equal(emergency.susceptible + emergency.infected + emergency.removed, district.adults)


def test_before_the_event_nobody_knows_of_it(event: GovernanceModel, quiet: GovernanceModel) -> None:
    for name in quiet.outcomes.columns:
        np.testing.assert_array_equal(event.outcomes[name][:START], quiet.outcomes[name][:START], err_msg=name)


def test_the_event_touches_nothing_but_hours_and_trust(quiet: GovernanceModel) -> None:
    """With no hours to give and no distrust an epidemic is an infection and nothing else."""
    alone = lived(make(EVENT, own_share=0.0, distrust=False))
    for name in set(quiet.outcomes.columns) - set(MEASURES):
        np.testing.assert_array_equal(alone.outcomes[name], quiet.outcomes[name], err_msg=name)
    assert alone.outcomes.infected.max() > 0.05


def test_switching_serves_more_and_lets_fewer_fall_ill_at_the_cost_of_routine(
    event: GovernanceModel, policy: GovernanceModel
) -> None:
    with_, without = policy.outcomes, event.outcomes
    assert with_.emergency_share.max() == 1.0
    assert with_.guard_hours.sum() > 0 and with_.hours_residents.sum() > without.hours_residents.sum()
    assert policy.emergency.removed.sum() < event.emergency.removed.sum()
    on = with_.emergency_share > 0.9
    assert with_.mediation_hours[on].mean() < without.mediation_hours[on].mean()
    assert with_.routine_hours[on].mean() < without.routine_hours[on].mean()
    unmet = with_.emergency_unmet.sum() / with_.emergency_demand.sum()
    assert unmet < without.emergency_unmet.sum() / without.emergency_demand.sum()


@pytest.mark.parametrize("event_", ["epidemic", "pulse"])
def test_the_books_of_every_week_balance(event_: str) -> None:
    model = make(EVENT, POLICY, event=event_, pulse_weeks=10, moved=0.8)
    emergency = model.emergency

    def audit() -> None:
        measures, week = model.record.measured("emergency"), emergency.week_hours
        given = week["desks"] + week["branches"] + week["hands"] + week["volunteers"]
        assert given == pytest.approx(week["calls"] + week["served"] + week["idle"])
        assert measures["emergency_hours"] == pytest.approx(given)
        assert measures["emergency_demand"] == pytest.approx(week["served"] + measures["emergency_unmet"])
        booked = model.costs.hours
        desks = booked.get(("community", "emergency"), 0.0) + booked.get(("street_district", "emergency"), 0.0)
        assert desks == pytest.approx(week["desks"])
        assert booked.get(("residents", "emergency"), 0.0) == pytest.approx(week["volunteers"])
        branches = model.branches
        parts = branches.reporting + branches.mediating + branches.serving + branches.guarding
        np.testing.assert_allclose(branches.hours, parts)
        assert branches.guarding.sum() == pytest.approx(week["branches"])
        moved = model.scenario.emergency.moved * emergency.mode[model.district.community]
        np.testing.assert_array_equal(branches.moved, moved)
        assert np.all(emergency.to_reach >= 0) and not emergency.to_reach[~emergency.mode].any()
        assert not emergency.standing[~emergency.mode].any()
        assert np.all((emergency.fatigue >= 0) & (emergency.fatigue <= model.scenario.emergency.fatigue_most))

    model.agenda.add("audit", audit, doc="an auditor reads the books", before="record")
    lived(model)
    assert model.outcomes.emergency_hours.max() > 100


def test_a_pulse_ends_and_everything_stands_down() -> None:
    model = lived(make({"emergency.enabled": True}, POLICY, event="pulse", pulse_weeks=6))
    frame = model.outcomes
    assert np.flatnonzero(frame.emergency_demand).tolist() == [*range(START, START + 6)]
    assert np.flatnonzero(frame.emergency_share).tolist() == [*range(START, START + 6)]
    assert frame.emergency_demand.max() == pytest.approx(20 * model.district.households.sum() / 500)
    assert not model.branches.moved.any() and not model.branches.guarding.any()
    assert model.emergency.fatigue.any()  # it outlasts the event


def test_the_policy_waits_for_its_week() -> None:
    late = lived(make(EVENT, POLICY, {"coverage.start_week": START + 8}))
    assert np.flatnonzero(late.outcomes.emergency_share)[0] == START + 8


def test_volunteers_and_captains_come_with_hours_that_services_then_miss() -> None:
    helpers = {"services.volunteers": True, "deliberation.enabled": True, "emergency.moved": 0.6}
    with_, without = make(EVENT, POLICY, helpers), make(EVENT, helpers)
    joined: dict[int, np.ndarray] = {}
    for model in (with_, without):
        model.agenda.add(
            "look",
            lambda model=model: joined.update({id(model): model.services.hands.copy()}),
            doc="who joins the services",
            before="services.act",
        )
        lived(model, START + 3)
    mode = with_.emergency.mode[with_.district.community]
    assert mode.any() and with_.captains.inspecting[mode].sum() > 0
    np.testing.assert_allclose(joined[id(with_)][1], (1 - 0.6 * mode) * with_.captains.inspecting)
    np.testing.assert_allclose(joined[id(without)][1], without.captains.inspecting)
    volunteers = with_.volunteers
    np.testing.assert_allclose(volunteers.to_emergency, 0.6 * mode * volunteers.offered)
    np.testing.assert_allclose(joined[id(with_)][0], volunteers.to_services)
    assert np.all(volunteers.to_services + volunteers.to_emergency <= volunteers.offered + 1e-9)
    hands = volunteers.to_emergency.sum() + 0.6 * (mode * with_.captains.inspecting).sum()
    assert with_.emergency.week_hours["hands"] == pytest.approx(hands)
    assert not without.volunteers.to_emergency.any() and without.emergency.week_hours["hands"] == 0.0


def test_a_fork_lives_as_its_parent_does(policy: GovernanceModel) -> None:
    model = lived(make(EVENT, POLICY), START + 5)
    twin = model.fork()
    assert_same(lived(twin, 60 - START - 5), policy)
    assert_same(lived(model, 60 - START - 5), policy)


def test_a_fork_may_add_event_and_policy(policy: GovernanceModel) -> None:
    model = lived(make(), START - 2)
    twin = model.fork(policy.scenario)
    assert_same(lived(twin, 60 - START + 2), policy)


def test_a_fork_without_the_event_stands_down() -> None:
    model = lived(make(EVENT, POLICY), START + 8)
    assert model.emergency.mode.any()
    twin = lived(model.fork(model.scenario.replace({"emergency.enabled": False})), 5)
    assert not twin.emergency.mode.any() and not twin.branches.moved.any()
    assert not twin.outcomes[list(MEASURES)].iloc[-5:].any().any()
    assert model.emergency.mode.any() and model.branches.moved.any()


def test_a_fork_without_the_policy_switches_back() -> None:
    model = lived(make(EVENT, POLICY), START + 8)
    twin = lived(model.fork(model.scenario.replace({"emergency.switching": False})), 1)
    assert not twin.emergency.mode.any() and not twin.branches.moved.any()
    assert twin.outcomes.infected.iloc[-1] > 0


def test_an_estate_of_one_person_and_a_district_of_one_estate() -> None:
    model = GovernanceModel(
        Scenario().replace({**BASE, **EVENT, **POLICY, "district.estates": 1, "emergency.seeds": 10**6}), rng=1
    )
    lived(model, START + 3)
    emergency = model.emergency
    np.testing.assert_array_equal(emergency.susceptible + emergency.infected + emergency.removed, model.district.adults)
    assert not emergency.susceptible.any()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("event", "flood"),
        ("reproduction", -1.0),
        ("infectious_weeks", 0.0),
        ("seeds", -1),
        ("away", 1.1),
        ("off_below", 1.5),
        ("moved", -0.1),
        ("calls", 0.0),
        ("surge", 2.0),
        ("level", "street"),
        ("steps", 0),
        ("start_week", 1.5),
        ("switching", 1),
        ("trace_most", float("nan")),
    ],
)
def test_bad_parameters_are_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ScenarioError, match=f"emergency.{name}"):
        Scenario().replace({f"emergency.{name}": value})
