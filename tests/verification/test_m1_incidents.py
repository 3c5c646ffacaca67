"""M1: incidents against the closed forms of counting processes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sim import GovernanceModel
from sim.core.codes import CHARGING, NOISE
from tests.support.quiet_models import level_ground, live, suffer

ESTATE_SCOPE = ("service", "fees", "committee")
BUILDING_SCOPE = ("facility", "parking", "noise", "charging")


def incidents_of(model: GovernanceModel) -> dict[str, np.ndarray]:
    return model.incidents.book.arrays()


@pytest.mark.parametrize(("touched", "households"), [(0.02, 200), (0.02, 1000), (1.0, 500), (5.0, 200)])
def test_conflicts_are_poisson_where_touches_are_single_and_compound_where_they_are_not(
    touched: float, households: int
) -> None:
    """Clusters C ~ Poisson(m): mean b (H/500)^beta m T, variance / mean = E[C^2] / E[C] = 1 + m -> 1."""
    estates, weeks, rate, beta = 300, 20, min(20.0, 1.0 / touched), 1.1
    model = live(
        {
            "incidents.rate_charging": rate,
            "incidents.touched_charging": touched,
            "incidents.size_elasticity": beta,
        },
        level_ground(estates, households, adults=4000),
    )
    suffer(model, weeks)
    counts = model.tally.of("conflicts")
    mean = rate * (households / 500) ** beta * touched * weeks
    index = 1.0 + touched
    assert counts.mean() == pytest.approx(mean, abs=4 * np.sqrt(index * mean / estates))
    # The fourth moment of a compound Poisson sum gives the standard error of its variance.
    fourth = 1 + 7 * touched + 6 * touched**2 + touched**3
    error = np.sqrt((2 + fourth / (index**2 * mean)) / estates)
    assert np.mean((counts - mean) ** 2) / mean == pytest.approx(index, rel=4 * error)


def test_the_lasting_differences_between_estates_are_gamma_with_mean_one_and_variance_nu() -> None:
    district = level_ground(2000, 10)
    for nu in (0.5, 2.1, 3.5):
        xi = live({"incidents.heterogeneity": nu}, district).incidents.character
        assert stats.kstest(xi, stats.gamma(1 / nu, scale=nu).cdf).pvalue > 1e-3


@pytest.mark.parametrize("nu", [0.5, 2.1])
def test_across_estates_conflicts_are_negative_binomial_with_k_one_over_nu(nu: float) -> None:
    estates, weeks, touched = 1500, 12, 0.02
    model = live(
        {
            "incidents.heterogeneity": nu,
            "incidents.rate_charging": 20.0,
            "incidents.touched_charging": touched,
        },
        level_ground(estates, 500, adults=800),
        rng=3,
    )
    suffer(model, weeks)
    counts, mean = model.tally.of("conflicts"), 20.0 * touched * weeks

    def p_value(k: float) -> float:
        law = stats.nbinom(k, k / (k + mean))
        edges = np.unique(law.ppf(np.linspace(0, 1, 13)[1:-1]))
        chance = np.diff(np.concatenate([[0.0], law.cdf(edges), [1.0]]))
        seen = np.bincount(np.searchsorted(edges, counts), minlength=chance.size)
        return stats.chisquare(seen, estates * chance).pvalue

    assert p_value(1 / nu) > 1e-3
    assert p_value(1.6 / nu) < 1e-3 and p_value(1 / (1.6 * nu)) < 1e-3, "the test must be able to tell"


def partners(size: np.ndarray) -> tuple[float, float]:
    """E[C (C - 1)] / E[C] of clusters of the given sizes, and its standard error."""
    pairs = size * (size - 1.0)
    found = pairs.sum() / size.sum()
    return found, np.sqrt(np.sum((pairs - found * size) ** 2)) / size.sum()


@pytest.mark.parametrize(
    ("touched", "spread", "end"), [(3.0, 0.0, 1.0), (8.0, 0.0, 0.5), (3.0, 0.7, 1.0), (2.0, 0.5, 0.3)]
)
def test_a_conflict_has_the_partners_that_its_cluster_gives_it(touched: float, spread: float, end: float) -> None:
    """C ~ Poisson(m) a week with m lognormal: E[C (C - 1)] / E[C] = m e^{s^2}, however long they last."""
    model = live(
        {
            "incidents.rate_noise": 0.3,
            "incidents.touched_noise": touched,
            "incidents.extent_log_sd": spread,
            "incidents.own_end": end,
        },
        level_ground(250, 500, adults=4000),
        rng=2,
    )
    sizes = []
    for _ in range(30):
        suffer(model, 1)
        cluster = np.bincount(model.grievances.now.incident)
        sizes.append(cluster[cluster > 0])
    found, error = partners(np.concatenate(sizes))
    # The weeks of one incident share its m: at most as if each incident were seen (2 - e) / e times.
    assert found == pytest.approx(touched * np.exp(spread**2), abs=4 * error * np.sqrt((2 - end) / end))


@pytest.mark.parametrize(("touched", "spread", "end"), [(3.0, 0.0, 0.5), (1.0, 0.0, 0.3), (2.0, 0.5, 0.3)])
def test_the_reach_of_an_incident_lasts_as_long_as_the_incident(touched: float, spread: float, end: float) -> None:
    """C = m L, m Poisson and L geometric: E[C (C - 1)] / E[C] = (1 + m e^{s^2}) (2 - e) / e - 1."""
    model = live(
        {
            "incidents.rate_noise": 1.0,
            "incidents.touched_noise": touched,
            "incidents.extent_log_sd": spread,
            "incidents.own_end": end,
        },
        level_ground(250, 500, adults=4000),
        rng=2,
    )
    causes = []
    for _ in range(40):
        suffer(model, 1)
        causes.append(model.grievances.now.incident)
    book, at = incidents_of(model), np.concatenate(causes)
    # Only incidents that began early enough to be seen to their end, whatever their length.
    found, error = partners(np.bincount(at, minlength=book["began"].size)[book["began"] <= 15])
    assert found == pytest.approx((1 + touched * np.exp(spread**2)) * (2 - end) / end - 1, abs=4 * error)


@pytest.mark.parametrize("spread", [0.5, 1.4])
def test_severity_is_lognormal_with_mean_one_and_common_to_all_whom_an_incident_touches(
    spread: float,
) -> None:
    model = live(
        {
            "incidents.rate_noise": 20.0,
            "incidents.touched_noise": 4.0,
            "incidents.common_severity_log_sd": spread,
        },
        level_ground(150, 500, adults=500),
    )
    model.incidents.begin()
    touches = model.incidents.touch()
    severity = incidents_of(model)["severity"]
    np.testing.assert_allclose(touches.push, severity[touches.incident], rtol=1e-6)
    assert stats.kstest(np.log(severity), stats.norm(-(spread**2) / 2, spread).cdf).pvalue > 1e-3


@pytest.mark.parametrize("spread", [0.3, 0.9])
def test_severity_of_a_touch_is_lognormal_with_mean_one(spread: float) -> None:
    model = live(
        {
            "incidents.rate_noise": 20.0,
            "incidents.touched_noise": 4.0,
            "incidents.own_severity_log_sd": spread,
        },
        level_ground(150, 500, adults=500),
    )
    model.incidents.begin()
    push = model.incidents.touch().push.astype(float)
    assert push.mean() == pytest.approx(1.0, abs=4 * np.sqrt((np.exp(spread**2) - 1) / push.size))
    assert stats.kstest(np.log(push), stats.norm(-(spread**2) / 2, spread).cdf).pvalue > 1e-3


@pytest.mark.parametrize("end", [1.0, 0.5, 0.27, 0.1])
def test_incidents_last_geometrically_with_mean_one_over_e(end: float) -> None:
    """P(L = k) = e (1 - e)^(k - 1), counted in weeks in which the incident is under way."""
    model = live(
        {"incidents.rate_noise": 20.0, "incidents.touched_noise": 40.0, "incidents.own_end": end},
        level_ground(100, 500, adults=10),
    )
    alive = np.zeros(200_000, dtype=np.int64)
    model.incidents.begin()
    begun = model.incidents.book.size
    for _ in range(400):
        rows = model.incidents.active
        alive[rows] += 1
        if not (rows < begun).any():
            break
        model.week += 1
        model.incidents.conditions[:] = 0.0
        model.incidents.begin()
    length = alive[:begun]
    assert length.mean() == pytest.approx(1 / end, abs=1e-12 + 4 * np.sqrt((1 - end) / end**2 / begun))
    top = int(np.ceil(np.log(50 / begun) / np.log1p(-end))) if end < 1 else 1
    law = np.append(end * (1 - end) ** np.arange(top), (1 - end) ** top)
    seen = np.bincount(np.minimum(length, top + 1), minlength=top + 2)[1:]
    assert seen[law == 0].sum() == 0
    if end < 1:
        assert stats.chisquare(seen, begun * law).pvalue > 1e-3


@pytest.mark.parametrize("end", [0.25, 0.6])
def test_the_number_under_way_is_rate_over_e(end: float) -> None:
    """Poisson arrivals, geometric stays: the number under way is Poisson with mean b / e."""
    rate, estates = 0.4, 500
    model = live(
        {"incidents.rate_noise": rate, "incidents.touched_noise": 40.0, "incidents.own_end": end},
        level_ground(estates, 500, adults=10),
    )
    suffer(model, 60)
    model.incidents.begin()
    book, active = incidents_of(model), model.incidents.active
    counts = np.bincount(book["estate"][active], minlength=estates)
    assert counts.mean() == pytest.approx(rate / end, abs=4 * np.sqrt(rate / end / estates))
    assert counts.var() / counts.mean() == pytest.approx(1.0, abs=4 * np.sqrt((2 + end / rate) / estates))


@pytest.mark.parametrize("beta", [1.0, 1.1, 1.2])
@pytest.mark.parametrize("scope", ["building", "estate"])
def test_incidents_and_touches_grow_with_size_once_and_never_twice(beta: float, scope: str) -> None:
    """Building scope: incidents (H/500)^beta, each touches H^0 people.  Estate scope: H^0, and H^1 people."""
    sizes, each, weeks = np.array([100, 300, 1000, 3000]), 60, 15
    building = scope == "building"
    share, touched, rate = 0.02, 4.0, 0.3
    names = BUILDING_SCOPE if building else ESTATE_SCOPE
    changes: dict[str, object] = {f"incidents.rate_{name}": rate for name in names}
    changes |= {
        f"incidents.{'touched' if building else 'share'}_{name}": touched if building else share for name in names
    }
    model = live({**changes, "incidents.size_elasticity": beta}, level_ground(240, np.tile(sizes, each)))
    touches = np.zeros(4)
    for _ in range(weeks):
        suffer(model, 1)
        model.week -= 1  # the same week's touches again: a draw does not depend on being made
        person = model.incidents.touch().person
        touches += np.bincount(model.residents.estate[person] % 4, minlength=4)
        model.week += 1
    book = incidents_of(model)
    counts = np.bincount(book["estate"] % 4, minlength=4)
    growth = (sizes / 500) ** beta if building else np.ones(4)
    expected = rate * len(names) * each * weeks * growth
    assert np.all(np.abs(counts - expected) < 4 * np.sqrt(expected)), (counts, expected)
    met = np.full(4, touched) if building else share * np.rint(1.9 * sizes)
    error = np.sqrt(expected * (met + met**2))
    assert np.all(np.abs(touches - expected * met) < 4 * error), (touches, expected * met)
    slope = np.polyfit(np.log(sizes), np.log(touches), 1, w=np.sqrt(expected))[0]
    assert slope == pytest.approx(beta if building else 1.0, abs=0.1)


def test_touches_of_a_building_incident_fall_evenly_on_the_people_of_one_building() -> None:
    buildings = 7
    model = live(
        {"incidents.rate_noise": 20.0, "incidents.touched_noise": 20.0},
        level_ground(100, 500, adults=700, buildings=buildings),
    )
    model.incidents.begin()
    touches = model.incidents.touch()
    place = touches.person - model.residents.first[model.residents.estate[touches.person]]
    where = place % buildings
    first = np.full(model.incidents.book.size, -1)
    first[touches.incident] = where
    assert np.all(first[touches.incident] == where)
    assert stats.chisquare(np.bincount(first[first >= 0])).pvalue > 1e-3
    assert stats.chisquare(np.bincount(place // buildings)).pvalue > 1e-3
    assert np.all(model.residents.estate[touches.person] == incidents_of(model)["estate"][touches.incident])


def test_conditions_multiply_the_rate_of_their_category_and_of_no_other() -> None:
    estates, weeks, rate = 200, 10, 0.5
    model = live({"incidents.rate_noise": rate, "incidents.rate_charging": rate}, level_ground(estates, 500))
    model.incidents.conditions[CHARGING, ::2] = 3.0
    model.incidents.conditions[CHARGING, 1::2] = 0.0
    suffer(model, weeks)
    book = incidents_of(model)
    for category, factor in ((CHARGING, (3.0, 0.0)), (NOISE, (1.0, 1.0))):
        for parity in (0, 1):
            seen = np.count_nonzero((book["category"] == category) & (book["estate"] % 2 == parity))
            mean = rate * factor[parity] * weeks * estates / 2
            assert seen == pytest.approx(mean, abs=4 * np.sqrt(mean))


def test_settlement_ends_an_incident_and_never_a_shock() -> None:
    model = live(
        {
            "incidents.rate_noise": 1.0,
            "incidents.shock_rate": 1.0,
            "incidents.own_end": 0.001,
            "incidents.shock_end": 0.001,
            "incidents.settlement_ends": True,
        },
        level_ground(100, 500, adults=50),
    )
    suffer(model, 3)
    active, shock = model.incidents.active, incidents_of(model)["shock"]
    assert shock[active].any() and not shock[active].all()
    settled = active[::2]
    model.incidents.settled(settled, "desk")
    suffer(model, 1)
    still = np.isin(settled, model.incidents.active)
    long = incidents_of(model)["until"][settled] >= model.week
    assert np.array_equal(still, shock[settled] & long)
    others = active[1::2]
    assert np.isin(others[incidents_of(model)["until"][others] >= model.week], model.incidents.active).all()


def test_settlement_ends_nothing_where_the_switch_is_off() -> None:
    model = live({"incidents.rate_noise": 2.0, "incidents.own_end": 0.001}, level_ground(50, 500, adults=50))
    suffer(model, 2)
    active = model.incidents.active
    model.incidents.settled(active, "desk")
    suffer(model, 1)
    assert np.isin(active[incidents_of(model)["until"][active] >= model.week], model.incidents.active).all()


@pytest.mark.parametrize("end", [0.1, 0.25])
def test_shocks_come_at_their_rate_last_as_long_as_they_should_and_touch_their_share(end: float) -> None:
    estates, weeks, rate, share, adults = 400, 20, 0.2, 0.05, 400
    model = live(
        {"incidents.shock_rate": rate, "incidents.shock_end": end, "incidents.shock_share": share},
        level_ground(estates, 500, adults=adults),
    )
    touches = incident_weeks = 0
    for _ in range(weeks):
        model.incidents.begin()
        touches += model.incidents.touch().person.size
        incident_weeks += model.incidents.active.size
        model.week += 1
    book = incidents_of(model)
    number = book["began"].size
    assert book["shock"].all()
    assert number == pytest.approx(rate * estates * weeks, abs=4 * np.sqrt(rate * estates * weeks))
    length = book["until"] - book["began"]
    assert length.mean() == pytest.approx(1 / end, abs=4 * np.sqrt((1 - end) / end**2 / number))
    # Were the number touched drawn once for all weeks of a shock, the sum would vary (2 - e) / e times more.
    error = np.sqrt(incident_weeks * share * adults * (2 - end) / end)
    assert touches == pytest.approx(incident_weeks * share * adults, abs=4 * error)


@pytest.mark.parametrize("effort", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("repairs", [0.0, 0.004])
@pytest.mark.parametrize("inspection", [0.0, 0.1])
def test_constant_effort_gives_the_stock_of_deferred_maintenance(
    effort: float, repairs: float, inspection: float
) -> None:
    """D* = (d0 (1 + age/20) - repairs) (1/(f0 + inspection) + 1/(rho0 + rho u)), for buildings of every age."""
    wear, base, extra, finding = 0.03, 0.02, 0.05, 0.2
    age = np.arange(50)
    district = replace(level_ground(50, 300), year=2021 - age)
    model = live(
        {"firms.wear": wear, "firms.repair_base": base, "firms.repair_effort": extra, "firms.finding": finding},
        district,
    )
    contracts = model.contracts
    contracts.invisible[:] = effort
    contracts.inspection_rate[:] = inspection
    contracts.repairs[:] = repairs
    for week in range(1200):
        model.week = week
        contracts.serve()
    till_mended = 1 / (finding + inspection) + 1 / (base + extra * effort)
    np.testing.assert_allclose(contracts.deferred, (wear * (1 + age / 20) - repairs) * till_mended, rtol=1e-6)
