"""M5: trust and satisfaction against stationary means, and against people who are visited every week."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import GovernanceModel
from sim.core.codes import BY_AUTHORITY, BY_FIRM, INSTITUTIONS
from tests.support.quiet_models import FIRST_EDITION, level_ground, live

GROUND = level_ground(3, 20)
ALONE = {"trust.drift": 0.0, "trust.audience": 0.0}


def outcomes(model: GovernanceModel, share: float, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Draw who has an outcome this week, and with which institution."""
    people = model.residents
    person = np.flatnonzero(rng.random(people.size) < share)
    return person, people.estate[person].astype(np.int64), rng.integers(0, len(INSTITUTIONS), person.size)


def sums_of_rows(model: GovernanceModel, deviation: np.ndarray, changed: np.ndarray, pace: float) -> np.ndarray:
    """Add up the attitude rows of every estate, each faded to this week."""
    faded = deviation.astype(float) * ((1 - pace) ** (model.week - changed)).reshape(-1, *[1] * (deviation.ndim - 1))
    return np.add.reduceat(faded, model.residents.attitude_first, axis=0).T


@pytest.mark.parametrize("chance", [0.1, 0.5, 0.8])
@pytest.mark.parametrize(("gain", "loss"), [(0.06, 0.18), (0.1, 0.1), (0.05, 0.3)])
def test_without_drift_and_audience_mean_trust_has_its_closed_form(chance: float, gain: float, loss: float) -> None:
    """E[T] = p a+ / (p a+ + (1 - p) a-)."""
    model = live({**ALONE, "trust.gain": gain, "trust.loss": loss}, level_ground(2, 500, adults=2000))
    rng, everyone = np.random.default_rng(1), np.arange(model.residents.size)
    estate = model.residents.estate.astype(np.int64)
    for week in range(150):
        model.week = week
        model.trust.learn(everyone, estate, np.full(everyone.size, BY_FIRM), rng.random(everyone.size) < chance)
        model.trust.pass_week()
    trust = model.trust.of(everyone, estate)
    expected = chance * gain / (chance * gain + (1 - chance) * loss)
    error = trust[:, BY_FIRM].std() / np.sqrt(everyone.size)
    assert trust[:, BY_FIRM].mean() == pytest.approx(expected, abs=4 * error)
    assert trust[:, BY_AUTHORITY].mean() == pytest.approx(0.5, abs=4 * 0.12 / np.sqrt(everyone.size))


@pytest.mark.parametrize("trust", [0.2, 0.5, 0.9])
def test_one_outcome_moves_trust_by_the_steps_of_the_equation(trust: float) -> None:
    model = live({**ALONE, "trust.baseline": trust, "trust.spread": 0.0}, level_ground(2, 500, adults=500))
    person = np.array([3, 4])
    model.trust.learn(person, np.zeros(2, dtype=np.int64), np.full(2, BY_FIRM), np.array([True, False]))
    found = model.trust.of(np.array([3, 4, 5]), np.zeros(3, dtype=np.int64))[:, BY_FIRM]
    np.testing.assert_allclose(found, [trust + 0.06 * (1 - trust), trust - 0.18 * trust, trust], rtol=1e-6)


@pytest.mark.parametrize("audience", [20.0, 60.0, 300.0])
@pytest.mark.parametrize("success", [True, False])
def test_an_outcome_moves_the_estates_mean_by_its_step_times_the_audience(audience: float, success: bool) -> None:
    """G moves by a+ (1 - G) or -a- G, times audience / A; with five alike, one after the other."""
    adults, start = 1000, 0.6
    for number in (1, 5):
        model = live(
            {"trust.audience": audience, "trust.baseline": start, "trust.spread": 0.0},
            level_ground(3, 500, adults=adults),
        )
        person = np.arange(number)
        model.trust.learn(person, np.zeros(number, dtype=np.int64), np.full(number, BY_FIRM), np.full(number, success))
        expected = start
        for _ in range(number):
            expected += audience / adults * (0.06 * (1 - expected) if success else -0.18 * expected)
        assert model.trust.estate_mean[BY_FIRM, 0] == pytest.approx(expected, rel=1e-9)
        assert np.all(model.trust.estate_mean[:, 1:] == start)
        assert np.all(model.trust.estate_mean[BY_FIRM + 1 :] == start)


def test_trust_drifts_home_geometrically() -> None:
    """|T - baseline| falls by (1 - drift) a week, for the estate and for everybody in it."""
    model = live({"trust.drift": 0.03, "trust.spread": 0.05}, level_ground(3, 500, adults=200))
    everyone, estate = np.arange(model.residents.size), model.residents.estate.astype(np.int64)
    model.trust.estate_mean += 0.2
    start = model.trust.of(everyone, estate)
    for week in range(1, 41):
        model.trust.pass_week()
        model.week = week
    np.testing.assert_allclose(model.trust.of(everyone, estate) - 0.5, (start - 0.5) * 0.97**40, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("audience", [0.0, 60.0])
@pytest.mark.parametrize("drift", [0.0, 0.01, 0.1])
def test_trust_kept_lazily_equals_trust_of_people_visited_every_week(drift: float, audience: float) -> None:
    """Dense: T += a+ (1 - T) or -a- T; all of the estate move with G; then T and G drift home."""
    adults, gain, loss = 400, 0.06, 0.18
    model = live(
        {"trust.drift": drift, "trust.audience": audience, "trust.spread": 0.05},
        level_ground(8, 500, adults=adults),
    )
    rng, everyone = np.random.default_rng(2), np.arange(model.residents.size)
    home = model.residents.estate.astype(np.int64)
    dense, mean = model.trust.of(everyone, home), np.full((len(INSTITUTIONS), 8), 0.5)
    for week in range(80):
        model.week = week
        person, estate, institution = outcomes(model, 0.01, rng)
        # One outcome for each estate and institution, so that their order in the week does not matter.
        _, one = np.unique(institution * 8 + estate, return_index=True)
        person, estate, institution = person[one], estate[one], institution[one]
        success = rng.random(person.size) < 0.5
        model.trust.learn(person, estate, institution, success)
        trust = np.clip(dense[person, institution], 0.0, 1.0)
        dense[person, institution] += np.where(success, gain * (1 - trust), -loss * trust)
        before = mean[institution, estate]
        change = audience / adults * np.where(success, gain * (1 - before), -loss * before)
        mean[institution, estate] += change
        for k, e, step in zip(institution, estate, change, strict=True):
            dense[home == e, k] += step
        np.testing.assert_allclose(model.trust.of(everyone, home), np.clip(dense, 0, 1), atol=2e-6)
        model.trust.pass_week()
        mean += drift * (0.5 - mean)
        dense += drift * (0.5 - dense)
        model.week = week + 1
        for k in range(len(INSTITUTIONS)):
            by_estate = dense[:, k].reshape(8, adults).mean(axis=1)
            np.testing.assert_allclose(model.trust.mean(k), by_estate, atol=2e-6)
    np.testing.assert_allclose(model.trust.of(everyone, home), np.clip(dense, 0, 1), atol=2e-6)


@settings(max_examples=15)
@given(gain=st.floats(0, 1), loss=st.floats(0, 1), audience=st.floats(0, 10_000), seed=st.integers(0, 99))
def test_trust_stays_between_zero_and_one(gain: float, loss: float, audience: float, seed: int) -> None:
    model = live({"trust.gain": gain, "trust.loss": loss, "trust.audience": audience, "trust.spread": 0.5}, GROUND)
    rng, everyone = np.random.default_rng(seed), np.arange(model.residents.size)
    home = model.residents.estate.astype(np.int64)
    for week in range(6):
        model.week = week
        person, estate, institution = outcomes(model, 0.5, rng)
        model.trust.learn(person, estate, institution, rng.random(person.size) < rng.random())
        model.trust.pass_week()
        trust = model.trust.of(everyone, home)
        assert np.all((trust >= 0) & (trust <= 1))
        assert np.all((model.trust.estate_mean >= 0) & (model.trust.estate_mean <= 1))
        for k in INSTITUTIONS:
            mean = model.trust.mean(k)
            assert np.all((mean >= 0) & (mean <= 1))


@pytest.mark.parametrize("sample", [1.0, 0.2])
def test_sums_kept_by_the_week_equal_sums_of_rows_in_the_living_model(sample: float) -> None:
    scenario = FIRST_EDITION.replace(
        {
            "district.estates": 30,
            "district.sample": sample,
            "residents.moving_tenants": 0.05,
            "incidents.rate_noise": 2.0,
            "run.warmup": 10,
            "coverage.strategy": "own",
        }
    )
    model = GovernanceModel(scenario, rng=3)
    start = model.trust.estate_mean.copy()
    model.run(weeks=30, progress=False)
    trust, satisfaction, n = model.trust, model.satisfaction, model.residents.attitudes
    assert not np.array_equal(trust.estate_mean, start)
    sums = sums_of_rows(model, trust.deviation, trust.changed, scenario.trust.drift)
    np.testing.assert_allclose(trust.deviation_sum, sums, atol=2e-5, rtol=1e-5)
    for k in range(len(INSTITUTIONS)):
        np.testing.assert_allclose(trust.mean(k), trust.estate_mean[k] + sums[k] / n, atol=1e-6)
    if sample == 1.0:
        sums = sums_of_rows(model, satisfaction.deviation, satisfaction.changed, scenario.satisfaction.pace)
        np.testing.assert_allclose(satisfaction.deviation_sum, sums, atol=2e-4, rtol=1e-5)
        np.testing.assert_allclose(satisfaction.mean, satisfaction.level + sums / n, atol=1e-6)


def test_a_sampled_person_writes_only_a_row_of_its_own() -> None:
    model = live({"district.sample": 0.2, "trust.audience": 0.0}, level_ground(2, 500, adults=500))
    estate, n = np.zeros(1, dtype=np.int64), model.residents.attitudes[0]
    assert n == 100
    everyone, home = np.arange(1000), model.residents.estate.astype(np.int64)
    before = model.trust.of(everyone, home)
    for person, writes in ((7, True), (107, False)):
        model.trust.learn(np.array([person]), estate, np.array([BY_FIRM]), np.array([True]))
        after = model.trust.of(everyone, home)
        moved = np.flatnonzero((after != before).any(axis=1))
        assert moved.tolist() == ([7, 107, 207, 307, 407] if writes else [])
        before = after


@pytest.mark.parametrize("pace", [0.02, 0.05, 0.2])
def test_satisfaction_kept_lazily_equals_that_of_people_visited_every_week(pace: float) -> None:
    """Dense: sat <- sat + pace (condition - 0.05 touches - 0.1 open case - sat), for everybody every week."""
    model = live({"satisfaction.pace": pace}, level_ground(6, 500, adults=300))
    people, satisfaction = model.residents, model.satisfaction
    rng, everyone = np.random.default_rng(4), np.arange(people.size)
    dense = satisfaction.of(everyone)
    for week in range(60):
        model.week = week
        model.incidents.conditions[:] = rng.gamma(4.0, 0.25, model.incidents.conditions.shape)
        touched = rng.integers(0, people.size, 60)
        waiting = rng.choice(people.size, 40, replace=False)
        satisfaction.disturb(touched)
        satisfaction.wait(waiting)
        satisfaction.follow()
        cost = 0.05 * np.bincount(touched, minlength=people.size)
        cost[waiting] += 0.1
        dense += pace * (satisfaction.condition()[people.estate] - cost - dense)
        model.week = week + 1
        np.testing.assert_allclose(satisfaction.of(everyone), dense, atol=2e-6)
        np.testing.assert_allclose(satisfaction.mean, dense.reshape(6, 300).mean(axis=1), atol=2e-6)


@pytest.mark.parametrize(("touches", "waits"), [(1, False), (3, False), (0, True), (2, True)])
def test_a_steady_cost_lowers_satisfaction_by_that_cost(touches: int, waits: bool) -> None:
    """sat* = condition - 0.05 touches a week - 0.1 with a case always open."""
    model = live({"satisfaction.pace": 0.1}, level_ground(2, 500, adults=50))
    person = np.array([4])
    for week in range(300):
        model.week = week
        model.satisfaction.disturb(np.repeat(person, touches))
        if waits:
            model.satisfaction.wait(person)
        model.satisfaction.follow()
    model.week += 1
    expected = model.satisfaction.condition()[0] - 0.05 * touches - 0.1 * waits
    assert model.satisfaction.of(person)[0] == pytest.approx(expected, abs=1e-5)


def test_mean_satisfaction_is_that_of_everyone_whatever_the_sample() -> None:
    ground, means = level_ground(5, 500, adults=400), []
    for sample in (1.0, 0.2, 0.02):
        model = live({"district.sample": sample}, ground)
        rng = np.random.default_rng(5)
        for week in range(20):
            model.week = week
            model.satisfaction.disturb(rng.integers(0, model.residents.size, 100))
            model.satisfaction.wait(rng.choice(model.residents.size, 30, replace=False))
            model.satisfaction.follow()
        means.append(model.satisfaction.mean)
    np.testing.assert_allclose(means[1], means[0], rtol=1e-9)
    np.testing.assert_allclose(means[2], means[0], rtol=1e-9)


@pytest.mark.parametrize("component", ["trust", "satisfaction"])
def test_switched_off_attitudes_stay_where_they_began(component: str) -> None:
    model = live({f"{component}.enabled": False}, level_ground(3, 500, adults=100))
    people = model.residents
    everyone, home = np.arange(people.size), people.estate.astype(np.int64)

    def read() -> np.ndarray:
        return model.trust.of(everyone, home) if component == "trust" else model.satisfaction.of(everyone)

    before = read()
    for week in range(10):
        model.week = week
        model.incidents.conditions[:] = 2.0
        model.trust.learn(everyone, home, np.full(people.size, BY_FIRM), everyone % 2 == 0)
        model.satisfaction.disturb(everyone)
        model.satisfaction.wait(everyone)
        model.trust.pass_week()
        model.satisfaction.follow()
    assert np.array_equal(read(), before)
