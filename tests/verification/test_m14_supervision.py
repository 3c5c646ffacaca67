"""M14: deterrence, targeting, lost capacity and honest figures, in the running model wherever it can be."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim import GovernanceModel
from sim.core.codes import FAILED, OPEN, SETTLED, WITHDRAWN
from sim.policies.supervision.supervision_equations import (
    authority_of_fine,
    expected_fine,
    form_share,
    premature_share,
)
from tests.support.closed_forms import bad_share, fine_threshold, reported_resolution
from tests.support.quiet_models import FIRST_EDITION
from tests.support.supervised_models import one_community, village, watch

# Inspections and fines ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "each"), [(2.0, 3.0), (6.0, 1.5), (50.0, 4.0)])
def test_inspections_are_the_hours_that_the_desk_gave(hours: float, each: float) -> None:
    """rate = hours / hours per inspection / estates of the community; a desk gives at most what it has."""
    ground = village(40)
    model = watch(
        {"supervision.hours_community": hours, "supervision.inspection_hours": each, "desks.hours_community": 20.0},
        ground,
        3,
    )
    given = min(hours, 20.0)
    number = np.bincount(ground.community)[ground.community]
    np.testing.assert_allclose(model.supervision.rate, given / each / number, rtol=1e-12)
    left = model.desks.hours[model.desks.block("community")]
    np.testing.assert_allclose(left, 20.0 - given, rtol=1e-12)
    assert model.outcomes["inspection_hours"].iloc[-1] == pytest.approx(given * ground.communities)


def test_each_tier_inspects_its_own_estates_with_its_own_hours() -> None:
    ground = village(60)
    tiers = {"district": 7.0, "street": 5.0, "community": 3.0}
    street = ground.street_of_community[ground.community]
    shared = {
        "district": np.full(60, 60.0),
        "street": np.bincount(street)[street].astype(float),
        "community": np.bincount(ground.community)[ground.community].astype(float),
    }
    switches = {f"supervision.{tier}": True for tier in tiers}
    model = watch(
        {
            **switches,
            **{f"supervision.hours_{tier}": hours for tier, hours in tiers.items()},
            "supervision.inspection_hours": 2.0,
        },
        ground,
        3,
    )
    expected = sum(tiers[tier] / 2.0 / shared[tier] for tier in tiers)
    np.testing.assert_allclose(model.supervision.rate, expected, rtol=1e-12)


@pytest.mark.parametrize(("detection", "fine"), [(0.3, 0.5), (0.8, 2.0)])
def test_violations_are_found_and_fined_as_often_as_invisible_work_is_missing(detection: float, fine: float) -> None:
    """Found ~ Poisson(rate x detection x (1 - u)); yuan move from firms to the purse, none is made."""
    ground = village(80)
    weeks = 150
    model = watch(
        {
            "supervision.hours_community": 10.0,
            "supervision.detection": detection,
            "firms.enabled": False,
            "supervision.fine_weeks": fine,
            "supervision.flat_area": 90.0,
        },
        ground,
        weeks,
    )
    table = model.outcomes.iloc[1:]
    u = model.contracts.invisible[0]
    expected = (10.0 / 3.0) * ground.communities * (weeks - 1)
    inspections = table["inspections"].sum()
    assert abs(inspections - expected) < 4 * np.sqrt(expected)
    found = (table["violations_found"] * table["inspections"]).sum()
    p = detection * (1 - u)
    assert abs(found - inspections * p) < 4 * np.sqrt(inspections * p * (1 - p))
    week_of_fee = 2.7 * 90.0 * 500 * 12 / 365.25 * 7
    assert table["fines_yuan"].sum() == pytest.approx(found * fine * week_of_fee, rel=1e-9)
    np.testing.assert_allclose(table["yuan_firms"], table["fines_yuan"])
    np.testing.assert_allclose(table["yuan_purse"], -table["fines_yuan"])


@pytest.mark.parametrize(("phi", "s"), [(0.9, 0.3), (1.0, 0.2), (0.8, 0.5)])
@pytest.mark.parametrize("aside", [0.95, 0.999, 1.001, 1.1])
def test_invisible_work_begins_exactly_at_the_threshold_of_the_expected_fine(
    phi: float, s: float, aside: float
) -> None:
    """u* = [P - (1 + s) V + pF]+ / (c (1 - s^2)): above 0 if and only if pF > (1 + s) V - P (M6)."""
    psi, cost, detection, hours = 0.5, 1.2, 0.3, 4.0
    threshold = (1 + s) * psi * phi - psi
    assert fine_threshold(psi, psi * phi, s) == pytest.approx(threshold)
    inspections = 13 * hours / 2.0 / 8
    fine = aside * threshold / (inspections * detection)
    model = watch(
        {
            "supervision.hours_community": hours,
            "supervision.inspection_hours": 2.0,
            "firms.fine": 0.0,
            "supervision.detection": detection,
            "supervision.fine_weeks": fine,
            "firms.substitution": s,
            "firms.visible_share": phi,
            "firms.owners_weight": psi,
            "firms.cost": cost,
        },
        one_community(8),
        40,
    )
    np.testing.assert_allclose(model.contracts.extra_fine, aside * threshold, rtol=1e-9)
    expected = max(aside - 1, 0.0) * threshold / (cost * (1 - s * s))
    assert np.all((model.contracts.invisible > 0) == (aside > 1))
    np.testing.assert_allclose(model.contracts.invisible, expected, atol=1e-6)


def test_the_fine_is_weighed_in_units_of_payoff() -> None:
    assert expected_fine(2.0, 0.3, 1.5, 3.0) == pytest.approx(0.3)
    model = watch({"supervision.payoff_weeks": 4.0}, village(20), 30)
    other = watch({"supervision.payoff_weeks": 1.0}, village(20), 30)
    np.testing.assert_allclose(4 * model.contracts.extra_fine, other.contracts.extra_fine)


@pytest.mark.parametrize("hours", [1.0, 30.0])
def test_a_ranking_weighs_as_much_as_firms_are_seen(hours: float) -> None:
    """psi = weight x psi of owners x (1 - exp(-inspections a quarter))."""
    ground = village(30)
    model = watch(
        {"supervision.hours_community": hours, "supervision.evaluator_weight": 0.4, "desks.hours_community": 100.0},
        ground,
        40,
    )
    number = np.bincount(ground.community)[ground.community]
    seen = 1 - np.exp(-13 * hours / 3.0 / number)
    np.testing.assert_allclose(model.contracts.supervisor_weight, 0.4 * 0.5 * seen, rtol=1e-9)
    assert np.all(model.contracts.supervisor_visible == 0.8)


@pytest.mark.parametrize("fine", [0.0, 0.5, 3.0])
def test_who_may_fine_has_authority_and_nobody_else(fine: float) -> None:
    model = watch({"supervision.fine_weeks": fine, "supervision.street": True}, village(20), 3)
    authority = model.desks.authority
    power = 1 - np.exp(-fine)
    assert authority_of_fine(fine, 1.0) == pytest.approx(power)
    for kind in ("firm", "committee", "branch", "community", "street", "district"):
        expected = power if kind in ("community", "street") else 0.0
        np.testing.assert_allclose(authority[model.desks.block(kind)], expected)


def test_a_tier_without_hours_has_nothing_to_threaten_with() -> None:
    model = watch(
        {"supervision.fine_weeks": 3.0, "supervision.street": True, "supervision.hours_street": 0.0}, village(20), 3
    )
    desks = model.desks
    assert not desks.authority[desks.block("street")].any()
    assert desks.authority[desks.block("community")].all()


# Targeting ----------------------------------------------------------------------------------------------


def weekly_steady_state(p: float, focus: float, release: float, mean_rate: float) -> float:
    """Share in the bad group where a week's entries and exits balance, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        x = (low + high) / 2
        good = mean_rate / (1 - x + focus * x)
        bad = focus * good
        enters = (1 - x) * -np.expm1(-good * p)
        leaves = x * np.exp(-bad * p) * -np.expm1(-bad * (1 - p) * release)
        low, high = (x, high) if enters > leaves else (low, x)
    return low


@pytest.mark.parametrize(("focus", "release"), [(1.0, 1.0), (5.0, 0.5), (10.0, 1.0)])
@pytest.mark.parametrize("detection", [0.4, 0.9])
@pytest.mark.parametrize("mean_rate", [0.03, 0.3])
def test_two_groups_reach_their_steady_state(focus: float, release: float, detection: float, mean_rate: float) -> None:
    """x = p / (p + focus release (1 - p)), p = detection (1 - u), where inspections are rare; else week by week."""
    estates = 1000
    model = watch(
        {
            "supervision.targeting": "two_group",
            "supervision.focus": focus,
            "supervision.release": release,
            "supervision.detection": detection,
            "supervision.hours_community": mean_rate * estates,
            "supervision.inspection_hours": 1.0,
            "desks.hours_community": 500.0,
            "firms.enabled": False,
            "supervision.fine_weeks": 0.0,
        },
        one_community(estates, 10),
        2,
    )
    p = detection * (1 - model.contracts.invisible[0])
    rare = p / (p + focus * release * (1 - p))
    assert bad_share(p, focus, release) == pytest.approx(rare)
    assert weekly_steady_state(p, focus, release, 1e-6) == pytest.approx(rare, abs=1e-4)
    supervision, seen = model.supervision, []
    for _ in range(900):
        vars(model)["week"] += 1
        model.authorities.staff()
        supervision.command()
        supervision.inspect()
        seen.append(supervision.bad.mean())
        assert supervision.rate.sum() == pytest.approx(mean_rate * estates)
    assert np.mean(seen[400:]) == pytest.approx(weekly_steady_state(p, focus, release, mean_rate), abs=0.025)


def test_the_bad_group_is_inspected_more_often_out_of_the_same_hours() -> None:
    ground = village(30)
    model = watch(
        {"supervision.targeting": "two_group", "supervision.focus": 4.0, "supervision.fine_weeks": 0.0}, ground, 20
    )
    bad = model.supervision.bad.copy()
    assert 0 < bad.sum() < 30
    model.supervision._plan()
    rate, weight = model.supervision.rate, np.where(bad, 4.0, 1.0)
    total = np.bincount(ground.community, weight)[ground.community]
    np.testing.assert_allclose(rate, 2.0 / 3.0 * weight / total, rtol=1e-12)


def test_complaints_lead_inspections_to_where_people_file() -> None:
    changes = {
        "district.estates": 24,
        "run.warmup": 1,
        "supervision.enabled": True,
        "supervision.estate": False,
        "supervision.targeting": "complaints",
        "supervision.memory": 4.0,
        "supervision.complaints_floor": 0.1,
        "incidents.rate_noise": 1.0,
    }
    model = GovernanceModel(FIRST_EDITION.replace(changes), rng=1)
    model.run(weeks=30, progress=False)
    book, known = model.disputes.book, np.zeros(24)
    week = book.filed[: book.size].astype(int)
    for past in range(1, 29):
        filed = np.bincount(book.estate[: book.size][week == past], minlength=24)
        known += (filed - known) * (1 - np.exp(-1 / 4.0))
    np.testing.assert_allclose(model.supervision.complaints, known, rtol=1e-9, atol=1e-12)
    weights = model.supervision.weights()
    np.testing.assert_allclose(weights, (known + 0.1) * model.contracts.present)
    assert np.corrcoef(model.supervision.rate, weights)[0, 1] > 0.5


# Ranks, targets and honest figures ----------------------------------------------------------------------


@pytest.mark.parametrize("pressure", [0.0, 0.3, 0.8, 2.0])
@pytest.mark.parametrize("callback", [0.0, 0.2, 0.7])
@pytest.mark.parametrize(("penalty", "scruple"), [(1.0, 1.0), (3.0, 0.5), (0.5, 4.0)])
def test_the_premature_share_is_what_pays_best(
    pressure: float, callback: float, penalty: float, scruple: float
) -> None:
    q = np.linspace(0, 1, 100_001)
    payoff = (pressure - callback * penalty) * q - scruple * q**2 / 2
    best = premature_share(pressure, callback, penalty, scruple)
    assert best == pytest.approx(q[payoff.argmax()], abs=1e-5)
    model = watch(
        {
            "supervision.rank_pressure": pressure,
            "supervision.callback": callback,
            "supervision.penalty": penalty,
            "supervision.scruple": scruple,
            "supervision.unworked": 0.25,
        },
        village(6),
        2,
    )
    for kind in ("firm", "branch", "community", "street"):
        assert np.all(model.desks.premature[model.desks.block(kind)] == best)
        assert np.all(model.desks.unworked[model.desks.block(kind)] == 0.25 * best)
    for kind in ("committee", "platform", "district"):
        assert not model.desks.premature[model.desks.block(kind)].any()


def figures(pressure: float, unworked: float = 0.0, constant: float = 0.6, weeks: int = 80) -> GovernanceModel:
    """A busy small district of which only the ranks of handlers are changed."""
    changes = {
        "district.estates": 24,
        "run.warmup": 1,
        "supervision.enabled": True,
        "supervision.fine_weeks": 0.0,
        "supervision.evaluator_weight": 0.0,
        "supervision.targets": 0,
        "incidents.rate_noise": 1.5,
        "supervision.callback": 0.1,
        "supervision.penalty": 1.0,
        "supervision.rank_pressure": pressure,
        "supervision.unworked": unworked,
        "desks.settle_constant": constant,
    }
    model = GovernanceModel(FIRST_EDITION.replace(changes), rng=4)
    model.run(weeks=weeks, progress=False)
    return model


@pytest.mark.parametrize(("pressure", "unworked"), [(0.0, 0.0), (0.4, 0.0), (1.0, 0.0), (0.8, 0.5)])
def test_reported_resolution_is_the_true_one_and_what_is_claimed_of_the_rest(pressure: float, unworked: float) -> None:
    """Week by week, reported = true + (1 - true) x premature / failed; premature / failed is q* among the ranked."""
    model = figures(pressure, unworked)
    table = model.outcomes.iloc[1:]
    table = table[table["settled"] + table["failed"] > 0]
    claimed = (table["premature"] / table["failed"].where(table["failed"] > 0, 1.0)).to_numpy()
    np.testing.assert_allclose(
        table["resolution_reported"], reported_resolution(table["resolution_true"], claimed), rtol=1e-12
    )
    book = model.disputes.book
    end, desk = book.end[: book.size], book.desk[: book.size].astype(np.int64)
    later = book.ended[: book.size] >= 1
    names = ("firm", "branch", "community", "street")
    ranked = np.zeros(model.desks.size, dtype=bool)
    for name in names:
        ranked[model.desks.block(name)] = True
    failed = int(((end == FAILED) & later & ranked[desk]).sum())
    premature = round(model.outcomes["premature"].sum() * model.district.households.sum() / 1000)
    q = max(pressure - 0.1, 0.0)
    if unworked == 0.0:
        assert stats.binomtest(premature, failed, q).pvalue > 1e-3 if q else premature == 0
    else:
        assert premature > q * failed


def test_rank_pressure_lifts_what_is_reported_far_above_what_is_true() -> None:
    """Documented: 0.53 reported before a ranking, 0.97 after; what is true does not move where all cases are worked."""
    true, reported = [], []
    for pressure in (0.0, 1.04):
        table = figures(pressure, constant=-0.65).outcomes
        ended = (table["settled"] + table["failed"]).sum()
        true.append(table["settled"].sum() / ended)
        reported.append((table["settled"] + table["premature"]).sum() / ended)
    assert reported[0] == true[0] == pytest.approx(0.53, abs=0.03)
    assert true[1] == true[0]
    assert reported[1] > 0.9  # short of 0.97 by what committees, whom nobody ranks, report as it is
    assert reported_resolution(0.53, premature_share(1.04, 0.1, 1.0, 1.0)) == pytest.approx(0.97, abs=0.005)


def test_cases_closed_without_work_lower_true_resolution_and_every_case_ends_once() -> None:
    honest, skipping = figures(0.9, 0.0), figures(0.9, 1.0)
    assert skipping.outcomes["settled"].sum() < honest.outcomes["settled"].sum()
    book = skipping.disputes.book
    end = book.end[: book.size]
    assert np.isin(end, (OPEN, SETTLED, FAILED, WITHDRAWN)).all()
    assert np.array_equal(np.sort(skipping.disputes.open), np.flatnonzero(end == OPEN))


@pytest.mark.parametrize(("targets", "each"), [(0, 0.01), (5, 0.01), (20, 0.05)])
def test_a_desk_works_with_what_form_leaves_of_its_capacity(targets: int, each: float) -> None:
    """An overloaded desk spends exactly C (1 - f), f = 1 - exp(-each x targets)."""
    changes = {
        "district.estates": 24,
        "run.warmup": 1,
        "supervision.enabled": True,
        "incidents.rate_noise": 3.0,
        "incidents.rate_service": 0.5,
        "desks.hours_community": 4.0,
        "supervision.hours_community": 1.0,
        "supervision.targets": targets,
        "supervision.formalism": each,
        "supervision.rank_pressure": 0.0,
        "supervision.burden_per_target": 0.1,
    }
    model = GovernanceModel(FIRST_EDITION.replace(changes), rng=1)
    model.run(weeks=40, progress=False)
    desks, block = model.desks, model.desks.block("community")
    f = 1 - np.exp(-each * targets)
    assert form_share(targets, each) == pytest.approx(f)
    queue = model.disputes.queue
    busy = np.bincount(model.disputes.book.desk[queue], minlength=desks.size)[block] > 0
    assert busy.sum() >= 2
    np.testing.assert_allclose(desks.hours[block], 4.0 * model.district.strength - 1.0)
    np.testing.assert_allclose(desks.spent[block][busy], (desks.hours[block] * (1 - f))[busy], rtol=1e-9)
    assert np.all(desks.spent <= desks.hours * (1 - desks.formalism) + 1e-9)
    office = desks.hours[desks.block("firm")]
    p, contracts = model.scenario.firms, model.contracts
    paid = p.hours_per_500 * model.district.households / 500 / p.fee_share
    expected = np.maximum(paid * contracts.fee_share - 0.1 * targets, 0.0) * contracts.present
    if model.week % 13 != 1:  # else fees have moved since the offices opened
        np.testing.assert_allclose(office, expected, rtol=1e-9)
