"""M8: Granovetter's crowds, in the pure function and in the running component; triggers, answers, success, hours."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from sim import GovernanceModel
from sim.core.codes import BY_AUTHORITY, NOISE, TO_COLLECTIVE
from sim.residents.collective.collective_equations import chance_of_answer, chance_of_success
from tests.support.closed_forms import equilibrium
from tests.support.quiet_models import level_ground, live

CHANNEL = TO_COLLECTIVE - 1


def stirred(changes: Mapping[str, object], estates: int = 1, adults: int = 100, shocks: int = 1) -> GovernanceModel:
    """Make estates whose residents are all sore, and let a shock begin in each and stir it up."""
    ground = level_ground(estates, 50, adults)
    model = live({"collective.trigger_shock": 1.0, "collective.weeks": 300, **changes}, ground)
    model.residents.grievance[:] = 10.0
    begin_shocks(model, np.repeat(np.arange(estates), shocks))
    model.authorities.staff()
    model.collective.stir()
    return model


def begin_shocks(model: GovernanceModel, estate: np.ndarray, shock: bool = True) -> np.ndarray:
    week = model.week
    rows = model.incidents.book.append(
        estate.size, estate=estate, category=NOISE, shock=shock, began=week, until=week + 1000, touches=1
    )
    model.incidents.active = np.concatenate([model.incidents.active, rows])
    return rows


def live_on(model: GovernanceModel, estate: int = 0) -> list[int]:
    """Let the crowd of one estate run until it stands still; return who took part in each week."""
    counts = []
    while model.collective.since[estate] >= 0:
        crowd = model.collective.estate == estate
        model.authorities.staff()
        before = model.collective.taking_part[estate]
        model.collective.act()
        ended = model.collective.since[estate] < 0
        counts.append(int(before if ended else model.collective.taking_part[estate]))
        assert ended or crowd.sum() == (model.collective.estate == estate).sum()
        model.week += 1
        model.collective.stir()
    return counts


# Granovetter ------------------------------------------------------------------------------------------


def normal_crowd(size: int, sd: float) -> np.ndarray:
    return norm.ppf((np.arange(size) + 0.5) / size, 0.25, sd)


def test_the_critical_spread_of_the_continuum_is_12_22_per_cent() -> None:
    """F(r) = r loses its lower solution where the curve and the diagonal touch."""
    share = np.linspace(0.0, 0.25, 100_001)
    critical = brentq(lambda sd: (norm.cdf((share - 0.25) / sd) - share).min(), 0.1, 0.15)
    assert critical == pytest.approx(0.1222, abs=5e-5)
    below, above = (equilibrium(normal_crowd(100_000, critical * x)) / 1e5 for x in (0.9999, 1.0005))
    assert below == pytest.approx(0.06, abs=0.005)
    assert above > 0.97


@pytest.mark.parametrize("sd", [0.05, 0.10, 0.12])
def test_below_the_critical_spread_a_crowd_stops_at_the_lower_solution(sd: float) -> None:
    solution = brentq(lambda r: norm.cdf((r - 0.25) / sd) - r, 0.0, 0.07)
    assert equilibrium(normal_crowd(100_000, sd)) / 1e5 == pytest.approx(solution, abs=2e-4)
    assert equilibrium(normal_crowd(100, sd)) == pytest.approx(100 * solution, abs=1.5) and solution < 0.06


@pytest.mark.parametrize("sd", [0.13, 0.2, 0.3])
def test_above_it_a_crowd_of_100_takes_part_but_for_the_last(sd: float) -> None:
    solution = brentq(lambda r: norm.cdf((r - 0.25) / sd) - r, 0.6, 1.0)
    assert equilibrium(normal_crowd(100, sd)) == pytest.approx(100 * solution, abs=1)


UNIFORM = np.arange(100)
CHANGED = np.array([0, 2, *range(2, 100)])


@pytest.mark.parametrize(("limits", "end"), [(UNIFORM, 100), (CHANGED, 1)])
def test_one_changed_threshold_decides_over_everybody(limits: np.ndarray, end: int) -> None:
    assert equilibrium(limits / 100) == end
    model = stirred({"collective.petition_persons": 1000})
    assert model.collective.person.size == 100
    model.collective.threshold[:] = limits / 100
    counts = live_on(model)
    assert counts[-1] == end
    assert counts == [*range(1, end + 1), end]


@pytest.mark.parametrize("sd", [0.10, 0.12, 0.13, 0.2])
def test_the_running_room_ends_where_the_pure_function_does(sd: float) -> None:
    model = stirred({"collective.petition_persons": 1000, "collective.weeks": 60})
    limits = normal_crowd(100, sd)
    model.collective.threshold[:] = np.random.default_rng(1).permutation(limits)
    assert live_on(model)[-1] == equilibrium(limits)


@pytest.mark.parametrize("instigators", [0, 1, 4, 20])
def test_instigators_count_among_those_who_take_part(instigators: int) -> None:
    model = stirred({"collective.petition_persons": 1000, "collective.weeks": 30})
    limits = normal_crowd(100, 0.1)
    crowds = model.collective
    crowds.threshold[:] = limits
    who = crowds.person[:instigators]
    model.disputes.gather(who, np.zeros(instigators, dtype=np.int64), np.full(instigators, -1))
    assert live_on(model)[-1] == equilibrium(limits, instigators)
    assert equilibrium(limits, 20) > 90 > 30 > equilibrium(limits, 0)


def test_a_resident_who_was_not_concerned_and_chooses_to_act_joins_the_crowd_once() -> None:
    model = stirred({"collective.concern": 1e1, "collective.threshold_mean": 5.0}, adults=30)
    model.residents.grievance[:] = 0.0
    crowds = model.collective
    crowds._keep(crowds.person < 0)
    gathered = np.array([4, 7])
    model.disputes.gather(gathered, np.zeros(2, dtype=np.int64), np.array([-1, -1]))
    for _ in range(2):
        crowds.act()
        assert crowds.person.tolist() in ([4, 7], []) and crowds.taking_part[0] in (2, 0)


def test_the_concerned_have_thresholds_with_the_moments_asked_for_and_keep_them() -> None:
    changes = {"collective.threshold_mean": 0.3, "collective.threshold_sd": 0.15}
    one, other = stirred(changes, 40, 250), stirred({**changes, "collective.concern": 2.0}, 40, 250)
    assert one.collective.person.size == 10_000
    assert one.collective.threshold.mean() == pytest.approx(0.3, abs=0.006)
    assert one.collective.threshold.std() == pytest.approx(0.15, abs=0.005)
    same = np.searchsorted(one.collective.person, other.collective.person)
    np.testing.assert_array_equal(one.collective.threshold[same], other.collective.threshold)


@pytest.mark.parametrize("concern", [0.5, 0.8, 1.5])
def test_the_concerned_are_those_whose_grievance_is_that_part_of_their_threshold(concern: float) -> None:
    model = live(
        {"collective.trigger_shock": 1.0, "collective.concern": concern, "grievances.half_life": 6.0},
        level_ground(3, 50, 200),
    )
    people = model.residents
    people.grievance[:] = np.linspace(0.0, 1.2, people.grievance.size)
    model.week = 6
    begin_shocks(model, np.array([0, 2]))
    model.collective.stir()
    faded = people.grievance / 2
    expected = np.flatnonzero((faded >= concern * people.threshold) & (people.estate != 1))
    assert model.collective.person.tolist() == expected.tolist()
    assert model.collective.since.tolist() == [6, -1, 6]  # stirred, even where nobody is concerned


# Triggers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shocks", [0, 1, 2])
@pytest.mark.parametrize("broken", [0, 3])
def test_estates_are_stirred_up_with_the_probability_of_their_triggers(shocks: int, broken: int) -> None:
    """1 - (1 - p)^shocks (1 - q)^broken."""
    estates, p, q = 2000, 0.25, 0.1
    model = live({"collective.trigger_shock": p, "collective.trigger_broken": q}, level_ground(estates, 10, 5))
    begin_shocks(model, np.repeat(np.arange(estates), shocks))
    begin_shocks(model, np.arange(estates), shock=False)
    model.tally.add("broken", np.full(estates, broken))
    model.collective.stir()
    expected = 1 - (1 - p) ** shocks * (1 - q) ** broken
    share = (model.collective.since >= 0).mean()
    assert share == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / estates) + 1e-12)
    open_ = model.voice.access[CHANNEL] == 0.0
    np.testing.assert_array_equal(open_, model.collective.since >= 0)
    assert np.all(model.voice.access[CHANNEL, ~open_] == -np.inf)


def test_a_shock_stirs_once_in_the_week_in_which_it_begins() -> None:
    model = stirred({"collective.weeks": 1}, adults=5)
    assert model.collective.since[0] == 0
    model.collective.act()
    assert model.collective.since[0] == -1 and model.voice.access[CHANNEL, 0] == -np.inf
    model.week += 1
    model.collective.stir()
    assert model.collective.since[0] == -1


@pytest.mark.parametrize("weeks", [1, 3, 6])
def test_the_stir_ends_after_its_weeks_when_nobody_begins(weeks: int) -> None:
    model = stirred({"collective.weeks": weeks, "collective.threshold_mean": 5.0})
    assert live_on(model) == [0] * weeks


# Answers and success ----------------------------------------------------------------------------------

ALL_JOIN = {
    "collective.threshold_mean": -5.0,
    "collective.weeks": 1,
    "collective.media": 0.0,
    "collective.petition_hours": 0.0,
    "collective.success_peak": 1.0,
}


@pytest.mark.parametrize("alone", [1 / 3, 0.6])
@pytest.mark.parametrize(("pressure", "adults"), [(0.0, 5), (0.4, 5), (0.4, 35)])
def test_officials_respond_to_a_third_and_more_under_pressure(alone: float, pressure: float, adults: int) -> None:
    """logit P = logit(alone) + pressure log2(1 + n / 5): the log-odds of Chen, Pan and Xu's third."""
    estates = 2500
    odds = alone / (1 - alone) * np.exp(pressure * np.log2(1 + adults / 5))
    changes = {"collective.respond": alone, "collective.pressure": pressure, "collective.success_most": 1.0}
    model = stirred({**ALL_JOIN, **changes}, estates, adults)
    model.collective.act()
    won = model.collective.measures()["petition_successes"] / model.collective.measures()["petitions"]
    assert won == pytest.approx(odds / (1 + odds), abs=4 * np.sqrt(0.25 / estates))
    assert chance_of_answer(np.array([adults]), 5, alone, pressure)[0] == pytest.approx(odds / (1 + odds))


def test_a_group_of_the_smallest_size_raises_a_third_by_a_tenth() -> None:
    assert chance_of_answer(np.array([0, 5]), 5, 1 / 3, 0.4) == pytest.approx([1 / 3, 0.427], abs=1e-3)


@pytest.mark.parametrize("peak", [0.2, 0.4, 0.8])
def test_success_rises_with_participation_up_to_the_peak_and_falls_beyond(peak: float) -> None:
    share = np.linspace(0, 1, 1001)
    chance = chance_of_success(share, 0.6, peak)
    assert chance.max() == pytest.approx(0.6) and share[chance.argmax()] == pytest.approx(peak)
    assert np.all(np.diff(chance[share <= peak]) > 0) and np.all(np.diff(chance[share >= peak]) < 0)
    assert chance[0] == 0.0


@pytest.mark.parametrize("peak", [0.5, 1.0, 2.0])
def test_the_room_succeeds_as_often_as_the_curve_says(peak: float) -> None:
    estates, x = 2500, 1 / peak
    changes = {"collective.success_peak": peak, "collective.success_most": 0.9, "collective.respond": 0.999}
    model = stirred({**ALL_JOIN, **changes}, estates, 6)
    model.collective.act()
    won = model.collective.measures()["petition_successes"] / model.collective.measures()["petitions"]
    assert won == pytest.approx(0.999 * 0.9 * x * np.exp(1 - x), abs=0.04)


@pytest.mark.parametrize("smallest", [1, 5, 6, 7])
def test_only_a_group_large_enough_petitions(smallest: int) -> None:
    model = stirred({**ALL_JOIN, "collective.petition_persons": smallest}, 3, 6)
    model.collective.act()
    thousand = model.district.households.sum() / 1000
    assert model.collective.measures()["petitions"] * thousand == pytest.approx(3 * (smallest <= 6))
    assert model.collective.measures()["collective"] * thousand == pytest.approx(18)


# What it takes, and what it changes -------------------------------------------------------------------


@pytest.mark.parametrize("media", [0.0, 1.0])
@pytest.mark.parametrize("hours", [2.0, 40.0])
def test_petitions_take_their_hours_from_the_desks_and_are_heard_as_far_as_these_go(media: float, hours: float) -> None:
    changes = {
        "collective.media": media,
        "collective.petition_hours": hours,
        "collective.pressure": 0.0,
        "collective.respond": 0.999,
        "collective.success_most": 1.0,
    }
    model = stirred({**ALL_JOIN, **changes}, 20, 6)
    level = "street" if media else "district"
    block = model.desks.block(level)
    had = model.desks.hours[block].sum()
    model.collective.act()
    given = had - model.desks.hours[block].sum()
    assert given == pytest.approx(min(20 * hours, had))
    assert model.costs.hours["street_district", "petitions"] == pytest.approx(given)
    assert model.authorities.taken[level] == pytest.approx(given)
    won = model.collective.measures()["petition_successes"] / model.collective.measures()["petitions"]
    expected = 0.999 * given / (20 * hours)
    assert won == pytest.approx(expected, abs=4 * np.sqrt(expected * (1.001 - expected) / 20))


def test_without_hours_at_the_desk_nobody_is_heard() -> None:
    changes = {"desks.hours_district": 0.0, "collective.respond": 0.999, "collective.success_most": 1.0}
    model = stirred({**ALL_JOIN, "collective.petition_hours": 1.0, **changes}, 20, 6)
    model.collective.act()
    measures = model.collective.measures()
    assert measures["petitions"] > 0.0 and measures["petition_successes"] == 0.0


@pytest.mark.parametrize("ends_shocks", [True, False])
@pytest.mark.parametrize("most", [0.0, 1.0])
def test_success_ends_the_cause_and_failure_does_not(ends_shocks: bool, most: float) -> None:
    changes = {
        "collective.ends_shocks": ends_shocks,
        "collective.success_most": most,
        "collective.respond": 0.999,
        "collective.pressure": 10.0,
        "incidents.settlement_ends": True,
    }
    model = stirred({**ALL_JOIN, **changes}, 4, 8)
    quarrel = begin_shocks(model, np.arange(4), shock=False)
    model.disputes.gather(model.residents.first.copy(), np.arange(4), quarrel)
    model.collective.act()
    ended = model.incidents.book.ended[:8]
    assert ended[:4].tolist() == [most == 1.0 and ends_shocks] * 4
    assert ended[4:].tolist() == [most == 1.0] * 4


@pytest.mark.parametrize(("respond", "most", "relief"), [(0.999, 1.0, 0.9), (0.999, 0.0, 0.3), (0.001, 0.0, 0.1)])
def test_who_took_part_is_relieved_as_by_the_end_of_a_case(respond: float, most: float, relief: float) -> None:
    changes = {
        "collective.respond": respond,
        "collective.success_most": most,
        "collective.pressure": 0.0,
        "collective.success_peak": 0.5,
    }
    model = stirred({**ALL_JOIN, **changes}, 1, 50)
    model.collective.threshold[20:] = 2.0
    model.collective._keep(model.collective.person < 40)
    model.collective.act()
    assert (model.collective.measures()["petition_successes"] > 0) == (relief == 0.9)
    grievance = model.residents.grievance
    np.testing.assert_allclose(grievance[:20], 10 * (1 - relief), rtol=1e-5)
    np.testing.assert_allclose(grievance[20:], 10)


@pytest.mark.parametrize("media", [0.0, 1.0])
@pytest.mark.parametrize("respond", [0.999, 0.001])
def test_representatives_learn_what_authorities_are_worth_and_in_public_everybody(media: float, respond: float) -> None:
    changes = {
        "collective.respond": respond,
        "collective.success_most": 1.0,
        "collective.media": media,
        "trust.audience": 0.0,
        "trust.spread": 0.0,
        "collective.pressure": 0.0,
    }
    model = stirred({**ALL_JOIN, **changes}, 1, 12)
    order = np.argsort(model.collective.threshold)
    model.collective.act()
    trust = model.trust.of(np.arange(12), np.zeros(12, dtype=np.int64))
    after = 0.5 + 0.06 * 0.5 if respond > 0.5 else 0.5 - 0.18 * 0.5
    learnt = order if media else order[:5]
    np.testing.assert_allclose(trust[learnt, BY_AUTHORITY], after, rtol=1e-5)
    rest = np.setdiff1d(np.arange(12), learnt)
    np.testing.assert_allclose(trust[rest, BY_AUTHORITY], 0.5, rtol=1e-6)
    np.testing.assert_allclose(trust[:, :BY_AUTHORITY], 0.5, rtol=1e-6)


def test_taking_part_costs_residents_their_hours() -> None:
    model = stirred({"collective.hours_participant": 3.0, "collective.petition_persons": 1000})
    model.collective.threshold[:] = UNIFORM / 100
    for week in range(1, 6):
        model.costs.clear()
        model.collective.act()
        assert model.costs.hours == {("residents", "collective action"): 3.0 * week}


def test_who_moves_away_takes_part_no_more() -> None:
    model = stirred({"collective.petition_persons": 1000, "collective.threshold_mean": -5.0})
    model.collective.act()
    assert model.collective.taking_part[0] == 100
    model.residents.arrival[10:40] = 1
    model.week += 1
    model.collective._forget_movers()
    assert model.collective.person.tolist() == [*range(10), *range(40, 100)]
