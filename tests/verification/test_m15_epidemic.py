"""M15: the epidemic against the final size, and its persons one by one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from sim.policies.emergency.epidemic import prevalence, recovery, scatter, step
from tests.support.quiet_models import level_ground, live

EVENT: dict[str, object] = {
    "emergency.enabled": True,
    "emergency.start_week": 0,
    "emergency.own_share": 0.0,
    "emergency.trace_most": 0.0,
    "emergency.distrust": False,
    "run.warmup": 1,
    "coverage.start_week": 0,
}


def final_size(reproduction: float, first: float = 0.0) -> float:
    """Share ever infected: 1 - z = (1 - first) exp(-R z)."""
    return brentq(lambda z: 1.0 - z - (1.0 - first) * np.exp(-reproduction * z), 1e-9 + first, 1.0)


def test_the_closed_form_is_the_published_number() -> None:
    assert final_size(1.5) == pytest.approx(0.5828, abs=5e-5)


@pytest.mark.parametrize("reproduction", [1.2, 1.5, 2.5])
@pytest.mark.parametrize(("weeks", "steps"), [(1.0, 1), (1.0, 7), (3.0, 7), (0.5, 30)])
def test_one_mixed_population_ends_at_the_final_size_whatever_the_step(
    reproduction: float, weeks: float, steps: int
) -> None:
    people, seeds, gone = 1e6, 1.0, 0.0
    sound, ill = np.array([people - seeds]), np.array([seeds])
    recovers = recovery(weeks, steps)
    for _ in range(int(600 * weeks * steps)):
        met = prevalence(ill, np.array([people]), np.zeros(1, dtype=np.int64), 0.0, 0.0)
        new, well = step(sound, ill, reproduction * recovers * met, recovers)
        sound, ill, gone = sound - new, ill + new - well, gone + well
    assert sound[0] + ill[0] + gone[0] == pytest.approx(people)
    assert 1.0 - sound[0] / people == pytest.approx(final_size(reproduction), abs=1e-4)


@pytest.mark.parametrize("reproduction", [1.2, 1.5, 2.5])
@pytest.mark.parametrize("estates", [1, 20])
def test_the_running_room_ends_at_the_final_size_in_the_limit_of_one_population(
    reproduction: float, estates: int
) -> None:
    people, seeds = 300_000, 300
    model = live(
        {
            **EVENT,
            "emergency.reproduction": reproduction,
            "emergency.away": 1.0,
            "emergency.far": 1.0,
            "emergency.seeds": seeds,
        },
        level_ground(estates, 500, people // estates),
    )
    emergency = model.emergency
    while emergency.infected.any() or model.week == 0:
        emergency.alert()
        model.week += 1
    assert emergency.removed.sum() / people == pytest.approx(final_size(reproduction, seeds / people), abs=0.002)


def test_below_one_an_infection_dies_out() -> None:
    model = live({**EVENT, "emergency.reproduction": 0.6, "emergency.seeds": 50}, level_ground(20, 500, 5000))
    for week in range(60):
        model.week = week
        model.emergency.alert()
    assert not model.emergency.infected.any()
    assert model.emergency.removed.sum() < 50 / (1 - 0.6) * 1.5


@pytest.mark.parametrize(("reproduction", "most"), [(3.0, 0.5), (2.5, 0.4)])
def test_tracing_of_everybody_divides_the_reproduction_and_no_more(reproduction: float, most: float) -> None:
    people = 300_000
    model = live(
        {
            **EVENT,
            "emergency.reproduction": reproduction,
            "emergency.away": 1.0,
            "emergency.far": 1.0,
            "emergency.seeds": 60,
            "emergency.trace_most": most,
            "emergency.own_share": 1.0,
            "desks.hours_community": 2000.0,
            "desks.hours_district": 10000.0,
            "emergency.hours_testing": 0.0,
            "emergency.hours_tracing": 0.01,
            "emergency.hours_supply": 0.0,
        },
        level_ground(10, 500, people // 10),
    )
    emergency = model.emergency
    while emergency.infected.any() or model.week == 0:
        emergency.alert()
        model.authorities.staff()
        emergency.serve()
        assert np.all(emergency.coverage == 1.0)
        model.week += 1
    # The first week is over before anybody is traced.
    assert emergency.removed.sum() / people == pytest.approx(final_size(reproduction * (1 - most)), abs=0.015)


@pytest.mark.parametrize(("away", "far"), [(0.0, 0.5), (0.4, 0.0), (0.4, 0.5)])
def test_an_infection_travels_as_far_as_people_do(away: float, far: float) -> None:
    model = live(
        {**EVENT, "emergency.away": away, "emergency.far": far, "emergency.seeds": 1, "emergency.reproduction": 4.0},
        level_ground(40, 500, 2000),
    )
    emergency, community = model.emergency, model.district.community
    model.emergency.alert()
    first = int((emergency.infected + emergency.removed).argmax())
    for week in range(1, 40):
        model.week = week
        emergency.alert()
    assert emergency.removed[first] > 1000
    reached = emergency.removed > 0
    if away == 0.0:
        assert reached.sum() == 1
    elif far == 0.0:
        np.testing.assert_array_equal(reached, community == community[first])
    else:
        assert reached.all()


def test_people_meet_as_often_wherever_they_go() -> None:
    """With the same share infected everywhere, that share is met; sums of contacts are conserved."""
    community, people = np.array([0, 0, 1, 1, 1]), np.array([10.0, 90.0, 50.0, 5.0, 45.0])
    for away, far in ((0.0, 0.0), (0.5, 0.3), (1.0, 1.0)):
        met = prevalence(0.2 * people, people, community, away, far)
        np.testing.assert_allclose(met, 0.2)
        met = prevalence(np.array([5.0, 0, 3.0, 0, 0]), people, community, away, far)
        assert met @ people == pytest.approx(8.0)


def test_persons_are_whole_and_conserved_in_every_estate() -> None:
    ground = level_ground(30, 500, np.arange(30, 630, 20))
    model = live({**EVENT, "emergency.seeds": 25, "emergency.reproduction": 3.0}, ground)
    emergency = model.emergency
    for week in range(40):
        model.week = week
        emergency.alert()
        total = emergency.susceptible + emergency.infected + emergency.removed
        np.testing.assert_array_equal(total, model.district.adults)
        for persons in (emergency.susceptible, emergency.infected, emergency.removed):
            assert np.all(persons >= 0) and np.array_equal(persons, np.floor(persons))
        if week == 0:
            assert emergency.infected.sum() + emergency.removed.sum() >= 25
    assert emergency.removed.sum() > 0.5 * model.district.adults.sum()


def test_rounding_by_chance_keeps_expected_numbers() -> None:
    draws = np.random.default_rng(1).random((2, 200_000))
    sound, ill = np.full(200_000, 40.0), np.full(200_000, 3.0)
    new, well = step(sound, ill, np.full(200_000, 0.01), 0.25, draws)
    assert new.mean() == pytest.approx(40 * (1 - np.exp(-0.01)), abs=0.005)
    assert well.mean() == pytest.approx(0.75, abs=0.005)
    assert set(np.unique(new)) == {0.0, 1.0} and set(np.unique(well)) == {0.0, 1.0}


def test_seeds_fall_on_larger_estates_in_proportion() -> None:
    rng = np.random.default_rng(2)
    people = np.array([100, 200, 300, 400])
    hits = sum(scatter(people, 1, rng.random(4)) for _ in range(20_000))
    np.testing.assert_allclose(hits / 20_000, people / 1000, atol=0.015)
    assert scatter(people, 11, rng.random(4)).sum() == 11
