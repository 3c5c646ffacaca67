"""M15: hysteresis, the delay of calling, hours conserved, fatigue, trust, and the time in which the backlog clears."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from sim import BranchKind, District, GovernanceModel
from sim.core.codes import BY_AUTHORITY, NOISE, TO_HOTLINE
from sim.policies.coverage import Plan
from tests.support.quiet_models import in_conflict, level_ground, live

EVENT: dict[str, object] = {
    "emergency.enabled": True,
    "emergency.start_week": 0,
    "emergency.own_share": 0.0,
    "emergency.trace_most": 0.0,
    "emergency.distrust": False,
    "run.warmup": 1,
    "coverage.start_week": 0,
}
PULSE: dict[str, object] = {**EVENT, "emergency.event": "pulse", "emergency.switching": True}


def one_community(district: District) -> District:
    """The same estates, all in one community, whose desk is of average strength."""
    zero = np.zeros(district.estates, dtype=np.int64)
    return replace(
        district,
        community=zero,
        street=zero.copy(),
        community_names=district.community_names[:1],
        street_names=district.street_names[:1],
        street_of_community=np.zeros(1, dtype=np.int64),
        strength=np.ones(1),
    )


# Switching --------------------------------------------------------------------------------------------


def lasting(model: GovernanceModel, demand: float) -> np.ndarray:
    """Let every community ask for `demand` times its desk's hours, and decide."""
    emergency, district = model.emergency, model.district
    has = model.scenario.desks.hours_community * district.strength
    count = np.bincount(district.community, minlength=district.communities)
    emergency.demand[:] = 0.0
    emergency.demand[2] = (demand * has / count)[district.community]
    emergency._switch()
    return emergency.mode.copy()


@pytest.mark.parametrize("level", ["community", "district"])
def test_the_mode_has_hysteresis(level: str) -> None:
    changes = {"emergency.on_above": 0.5, "emergency.off_below": 0.4, "emergency.level": level}
    model = live({**PULSE, **changes}, level_ground(30))
    model.emergency.began, model.emergency.going_on = 0, True
    seen = [lasting(model, x).all() for x in (0.1, 0.49, 0.51, 0.3, 0.21, 0.19, 0.4, 0.49, 0.6)]
    assert seen == [False, False, True, True, True, False, False, False, True]


@pytest.mark.parametrize(("off", "switches"), [(0.4, 1), (0.9, 1), (1.0, 40)])
def test_a_demand_that_trembles_between_the_thresholds_does_not_flap(off: float, switches: int) -> None:
    model = live({**PULSE, "emergency.on_above": 0.5, "emergency.off_below": off}, level_ground(30))
    model.emergency.began, model.emergency.going_on = 0, True
    modes = [False] + [bool(lasting(model, 0.51 if week % 2 == 0 else 0.47).all()) for week in range(40)]
    assert np.count_nonzero(np.diff(modes)) == switches


def test_communities_switch_for_themselves_and_a_district_at_once() -> None:
    ground = level_ground(40)
    for level in ("community", "district"):
        model = live({**PULSE, "emergency.level": level}, ground)
        emergency = model.emergency
        emergency.began, emergency.going_on = 0, True
        emergency.demand[2] = np.where(ground.community == 0, 1000.0, 0.0)
        emergency._switch()
        assert emergency.mode.tolist() == [level == "district" or c == 0 for c in range(ground.communities)]


@pytest.mark.parametrize("desk", [20.0, 60.0])
@pytest.mark.parametrize("moved", [0.2, 0.8])
@pytest.mark.parametrize("calls", [2.0, 12.0])
@pytest.mark.parametrize("members", [0, 30])
def test_the_delay_is_the_calls_over_the_hours_at_hand(desk: float, moved: float, calls: float, members: int) -> None:
    """People to reach / (hours at hand x calls per hour), in weeks; a branch shortens it through its hours only."""
    ground = one_community(level_ground(4, 500, 1000))
    model = live(
        {
            **PULSE,
            "desks.hours_community": desk,
            "emergency.moved": moved,
            "emergency.calls": calls,
            "emergency.surge": 0.02,
            "emergency.pulse_hours": 5000.0,
            "emergency.pulse_weeks": 500,
        },
        ground,
    )
    here = 0.0
    if members:
        kind = np.full(4, BranchKind.OWN, dtype=np.int8)
        model.branches.establish(Plan(kind, np.arange(4), np.full(4, members), np.arange(4), False))
        here = 4 * (2.0 + 0.5 * 0.4 * members - 1.5)
    expected = 80 / (moved * (desk + here) * calls)
    for week in range(400):
        model.week = week
        model.emergency.alert()
        model.authorities.staff()
        model.branches.staff()
        model.emergency.serve()
        if model.emergency.standing[0] > 0.0:
            break
    assert week + 1.0 - model.emergency.standing[0] == pytest.approx(expected, rel=1e-9)
    assert (model.emergency.week_hours["volunteers"] > 0.0) and not model.emergency.to_reach.any()


def test_without_hours_at_hand_nobody_is_ever_called() -> None:
    model = live({**PULSE, "desks.hours_community": 0.0, "emergency.pulse_weeks": 50}, level_ground(5))
    for week in range(20):
        model.week = week
        model.emergency.alert()
        model.authorities.staff()
        model.emergency.serve()
    assert model.emergency.mode.all() and not model.emergency.standing.any()
    assert model.emergency.week_hours["volunteers"] == 0.0 and np.all(model.emergency.to_reach > 0)


def served_week(changes: Mapping[str, object], members: int = 20) -> GovernanceModel:
    model = live({**PULSE, "emergency.pulse_weeks": 60, **changes}, level_ground(12, 400, 800))
    kind = np.full(12, BranchKind.OWN, dtype=np.int8)
    model.branches.establish(Plan(kind, np.arange(12), np.full(12, members), np.arange(12), False))
    model.emergency.alert()
    model.authorities.staff()
    model.branches.staff()
    return model


@pytest.mark.parametrize("demand", [0.5, 3.0, 12.0, 100.0])
@pytest.mark.parametrize("own", [0.0, 0.1])
@pytest.mark.parametrize("calls", [1.0, 1000.0])
def test_hours_are_conserved(demand: float, own: float, calls: float) -> None:
    changes = {"emergency.pulse_hours": demand, "emergency.own_share": own, "emergency.calls": calls}
    model = served_week({**changes, "emergency.on_above": 0.0})
    desks = model.desks
    before = desks.hours.copy()
    model.emergency.serve()
    week = model.emergency.week_hours
    gone = before - desks.hours
    authority = gone[desks.block("community").start :]
    assert not gone[: desks.block("community").start].any() and np.all(desks.hours >= 0)
    assert week["desks"] == pytest.approx(authority.sum()) and week["desks"] == pytest.approx(
        sum(model.authorities.taken.values())
    )
    given = week["desks"] + week["branches"] + week["hands"] + week["volunteers"]
    assert given == pytest.approx(week["calls"] + week["served"] + week["idle"])
    asked = demand * 400 / 500 * 12
    measures = model.emergency.measures()
    assert week["served"] + measures["emergency_unmet"] == pytest.approx(asked)
    assert measures["emergency_hours"] == pytest.approx(given)
    assert model.costs.hours.get(("residents", "emergency"), 0.0) == pytest.approx(week["volunteers"])
    assert np.all((model.emergency.coverage >= 0) & (model.emergency.coverage <= 1))
    assert model.emergency.coverage @ model.emergency.demand.sum(axis=0) == pytest.approx(week["served"])


@pytest.mark.parametrize("moved", [0.2, 0.8])
def test_hours_moved_to_an_emergency_are_missing_in_routine(moved: float) -> None:
    model = served_week({"emergency.moved": moved, "emergency.pulse_hours": 500.0})
    usual = served_week({"emergency.switching": False, "emergency.pulse_hours": 500.0})
    branches = model.branches
    left = usual.branches.mediating + usual.branches.serving
    np.testing.assert_allclose(branches.guarding, moved * left)
    np.testing.assert_allclose(branches.mediating, (1 - moved) * usual.branches.mediating)
    np.testing.assert_allclose(branches.serving, (1 - moved) * usual.branches.serving)
    model.emergency.serve()
    usual.emergency.serve()
    community = model.desks.block("community")
    np.testing.assert_allclose(model.desks.hours[community], (1 - moved) * usual.desks.hours[community])
    assert not usual.branches.guarding.any()


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2])
def test_without_switching_only_the_small_share_is_there(share: float) -> None:
    changes = {"emergency.switching": False, "emergency.pulse_hours": 500.0, "emergency.own_share": share}
    model = served_week(changes)
    had = model.desks.hours.copy()
    model.emergency.serve()
    community, district = model.desks.block("community"), model.desks.block("district")
    np.testing.assert_allclose(model.desks.hours[community], (1 - share) * had[community])
    np.testing.assert_allclose(model.desks.hours[district], (1 - share) * had[district])
    given = share * (had[community].sum() + had[district].sum())
    assert model.emergency.measures()["emergency_hours"] == pytest.approx(given)
    assert model.emergency.week_hours["served"] == pytest.approx(given)
    assert model.emergency.measures()["guard_hours"] == 0.0


def test_fatigue_of_volunteers_follows_load_and_outlasts_the_event() -> None:
    """F = most (1 - (1 - pace)^t) under full load, then F (1 - pace)^t."""
    most, pace, weeks = 0.4, 0.1, 30
    model = live(
        {
            **PULSE,
            "emergency.fatigue_most": most,
            "emergency.fatigue_pace": pace,
            "emergency.pulse_weeks": weeks,
            "emergency.pulse_hours": 10_000.0,
            "emergency.calls": 1000.0,
            "emergency.surge": 0.001,
        },
        level_ground(5, 500, 1000),
    )
    for week in range(weeks + 20):
        model.week = week
        model.emergency.alert()
        model.authorities.staff()
        model.emergency.serve()
        if week < weeks:
            expected = most * (1 - (1 - pace) ** (week + 1))
        else:
            expected = most * (1 - (1 - pace) ** weeks) * (1 - pace) ** (week + 1 - weeks)
        np.testing.assert_allclose(model.emergency.fatigue, expected)
    assert not model.emergency.mode.any() and model.emergency.fatigue.min() > 0.03


def test_who_guards_tires_as_who_mediates() -> None:
    model = served_week({"emergency.moved": 0.6, "emergency.pulse_hours": 500.0})
    model.branches.tire()
    p = model.scenario.branches
    np.testing.assert_allclose(model.branches.fatigue, p.fatigue_pace * p.fatigue_most * 0.6 / (0.6 + 0.4 * 0.7))


def test_unmet_needs_cost_the_authorities_trust_and_met_ones_gain_it() -> None:
    """One resident of each estate a week: T - a- T or T + a+ (1 - T), and an audience that hears of it."""
    for own, hours in ((0.0, 20.0), (1.0, 2000.0)):
        model = live(
            {
                **PULSE,
                "emergency.switching": False,
                "emergency.distrust": True,
                "emergency.own_share": own,
                "desks.hours_community": hours,
                "emergency.pulse_hours": 1.0,
                "trust.spread": 0.0,
            },
            level_ground(10, 500, 950),
        )
        model.emergency.alert()
        model.authorities.staff()
        model.emergency.serve()
        share = 60 / 950
        after = 0.5 * (1 - 0.18 * share) if own == 0.0 else 1 - 0.5 * (1 - 0.06 * share)
        np.testing.assert_allclose(model.trust.estate_mean[BY_AUTHORITY], after)
        changed = model.trust.deviation[:, BY_AUTHORITY]
        np.testing.assert_allclose(changed[changed != 0], -0.09 if own == 0.0 else 0.03, rtol=1e-5)
        assert np.count_nonzero(changed) == 10
        np.testing.assert_allclose(model.trust.estate_mean[:BY_AUTHORITY], 0.5)


# The backlog ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "moved", "weeks"), [(6, 0.8, 10), (7, 0.5, 15), (8, 0.6, 6)])
def test_the_backlog_clears_in_the_time_of_the_fluid(rate: int, moved: float, weeks: int) -> None:
    """A pulse leaves B = weeks (lambda - (1 - moved) mu) cases of an hour; these take B / (mu - lambda) weeks."""
    hours, start = 10.0, 4
    model = live(
        {
            **PULSE,
            "emergency.start_week": start,
            "emergency.moved": moved,
            "emergency.pulse_weeks": weeks,
            "emergency.pulse_hours": 1000.0,
            "emergency.surge": 0.0,
            "desks.hours_community": hours,
            "desks.work_small": 1.0,
            "desks.work_log_sd": 0.0,
            "desks.handoffs_simple": 0,
            "desks.patience": 0.0,
            "desks.resubmission": 0.0,
            "desks.agreement_holds": 1.0,
            "collective.enabled": False,
        },
        one_community(level_ground(1, 500, 2000)),
    )

    def file() -> None:
        person = model.week * rate + np.arange(rate)
        model.disputes.file(in_conflict(model, person, category=NOISE), np.arange(rate), np.full(rate, TO_HOTLINE))

    model.agenda.add("file", file, doc="cases come at a steady pace", after="residents.voice")
    backlog = []
    for _ in range(120):
        model.step()
        backlog.append(model.disputes.book.left[model.disputes.queue].sum())
    backlog = np.array(backlog)
    assert not backlog[:start].any()
    grown = np.arange(1, weeks + 1) * (rate - (1 - moved) * hours)
    np.testing.assert_allclose(backlog[start : start + weeks], grown, rtol=1e-9)
    last = start + weeks - 1
    clearing = np.flatnonzero(backlog[last:] < 1e-6)[0]
    assert clearing == np.ceil(grown[-1] / (hours - rate) - 1e-9)
    assert not backlog[last + clearing :].any()
