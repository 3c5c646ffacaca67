"""Property firms: what they write every week, how they decide every quarter, and how they are replaced."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.codes import BY_FIRM, FACILITY, FEES, SERVICE
from sim.stakeholders.firms import FirmsSection, backlog, effort
from sim.stakeholders.firms.contracts import QUARTER


def live_quarter(model) -> None:
    """Let a quarter go by for firms alone."""
    model.week += QUARTER - model.week % QUARTER
    model.contracts.bargain()


def test_firms_begin_at_the_effort_of_the_specification(live) -> None:
    contracts, p = live().contracts, FirmsSection()
    v, u = effort([[0.5]], [0.4], fine=0.1, cost=1.2, substitution=0.3)
    assert np.all(contracts.visible == v) and np.all(contracts.invisible == u)
    assert np.all(contracts.belief == p.replacement_prior)
    contracts.choose_effort()
    assert np.all(contracts.invisible == u)


def test_conditions_have_mean_one_where_firms_know_nothing(live) -> None:
    model = live()
    p = model.scenario.firms
    conditions, months = model.incidents.conditions, []
    for week in range(2 * QUARTER):
        model.week = week
        model.contracts.serve()
        assert np.allclose(conditions[SERVICE], 1.0)
        age = p.reference_year - model.district.year
        wear = (1 + age / 20) / (1 + p.reference_age / 20)
        assert np.allclose(conditions[FACILITY], wear)
        months.append(conditions[FEES].copy())
    assert np.allclose(np.mean(months, axis=0), 1.0)
    assert np.ptp(np.array(months)[:, 0]) > 1.0


def test_less_invisible_effort_means_more_service_incidents(live) -> None:
    model = live({"firms.service_exponent": 2.0})
    contracts, usual = model.contracts, model.contracts.reference_invisible
    contracts.invisible[:] = 0.0
    contracts.invisible[0] = 1.0
    contracts.serve()
    service = model.incidents.conditions[SERVICE]
    assert service[0] == 0.0
    assert np.allclose(service[1:], (1 - usual) ** -2.0)


def test_the_stock_of_deferred_maintenance_reaches_its_closed_form(live) -> None:
    model = live()
    contracts, p = model.contracts, model.scenario.firms
    usual = backlog(p.reference_age, contracts.reference_invisible, p)
    contracts.invisible[:] = np.linspace(0.0, 1.0, contracts.size)
    contracts.inspection_rate[:] = np.linspace(0.1, 0.0, contracts.size)
    contracts.repairs[:5] = 0.005
    contracts.repairs[5] = 9.0
    contracts.deferred[:] = 3.0
    for _ in range(1500):
        contracts.serve()
    expected = backlog(
        p.reference_year - model.district.year,
        contracts.invisible,
        p,
        inspection=contracts.inspection_rate,
        repairs=contracts.repairs,
    )
    assert np.allclose(contracts.deferred, expected)
    assert contracts.deferred[5] == 0.0
    assert np.allclose(model.incidents.conditions[FACILITY] * usual, contracts.deferred)


def test_fees_collected_buy_the_desks_hours(live) -> None:
    model = live({"firms.hours_per_500": 4.0, "firms.fee_share": 0.8})
    office = model.desks.hours[model.desks.block("firm")]
    model.contracts.serve()
    assert np.allclose(office, 4.0 * model.district.households / 500.0)
    model.contracts.fee_share[:] = 0.4
    model.contracts.serve()
    assert np.allclose(office, 2.0 * model.district.households / 500.0)
    assert model.firms.hours.sum() == pytest.approx(office.sum())


def test_an_estate_without_a_firm_has_no_office_and_average_conditions(live) -> None:
    model = live()
    model.contracts.present[3] = False
    model.contracts.firm[3] = -1
    model.contracts.belief[:] = 0.05
    live_quarter(model)
    model.contracts.serve()
    assert model.desks.hours[model.desks.block("firm")][3] == 0.0
    assert model.incidents.conditions[SERVICE, 3] == pytest.approx(1.0)
    assert not model.contracts.replace(np.arange(40) == 3).any()


def test_the_share_of_fees_settles_where_satisfaction_puts_it(live) -> None:
    model = live()
    model.satisfaction.mean[:] = 0.7
    for _ in range(200):
        model.contracts.collect()
    p = model.scenario.firms
    assert np.allclose(model.contracts.fee_share, p.fee_share + p.fee_satisfaction * 0.2)


def test_arrears_spread_within_a_community_and_not_beyond(live) -> None:
    model = live()
    community = model.district.community
    sore = np.flatnonzero(community == np.bincount(community).argmax())
    before = model.contracts.fee_share.copy()
    model.satisfaction.mean[:] = 0.5
    model.satisfaction.mean[sore[0]] = 0.0
    for _ in range(4):
        model.contracts.collect()
    after = model.contracts.fee_share
    assert after[sore[0]] < after[sore[1]] < before[sore[1]]
    elsewhere = community != community[sore[0]]
    assert np.allclose(after[elsewhere], before[elsewhere])


def test_effort_changes_only_at_the_end_of_a_quarter(live) -> None:
    model = live()
    model.firms.news[:] = 3.0
    before = model.contracts.invisible.copy()
    for week in range(QUARTER):
        model.week = week
        model.contracts.bargain()
    assert np.array_equal(model.contracts.invisible, before)
    model.week = QUARTER
    model.contracts.bargain()
    assert np.all(model.contracts.invisible > before)


def test_a_firm_learns_from_its_own_losses_and_from_its_neighbours(live) -> None:
    model = live({"firms.prior_strength": 20.0})
    contracts, district = model.contracts, model.district
    lost = np.zeros(district.estates, dtype=bool)
    lost[7] = True
    loser, place = contracts.firm[7], district.community[7]
    assert contracts.replace(lost).tolist() == lost.tolist()
    live_quarter(model)
    touched = (contracts.firm == loser) | (district.community == place)
    assert np.all(contracts.belief[touched] > model.scenario.firms.replacement_prior)
    assert np.all(contracts.belief[~touched] < model.scenario.firms.replacement_prior)
    assert np.all(contracts.invisible[touched] > contracts.invisible[~touched].max())


def test_belief_stays_at_the_prior_when_it_is_strong(live) -> None:
    model = live({"firms.prior_strength": 1e6})
    live_quarter(model)
    assert np.allclose(model.contracts.belief, 0.01, rtol=1e-3)


def test_news_of_firms_fades_by_its_memory(live) -> None:
    model = live({"firms.news_memory": 1.0})
    model.firms.news[:] = 1.0
    for _ in range(4):
        live_quarter(model)
    assert np.allclose(model.firms.news, np.exp(-1.0))
    for _ in range(200):
        live_quarter(model)
    fade = np.exp(-0.25)
    assert np.allclose(model.contracts.exposure[model.contracts.present], 0.25 / (1 - fade))


def test_a_replaced_firm_is_followed_by_another_and_by_a_fresh_start(live) -> None:
    model = live({"firms.fresh_start": 1.0})
    contracts = model.contracts
    contracts.fee_share[:] = np.linspace(0.2, 0.9, contracts.size)
    model.trust.estate_mean[BY_FIRM] = 0.1
    before, share = contracts.firm.copy(), contracts.fee_share.copy()
    model.week = 60
    where = np.zeros(contracts.size, dtype=bool)
    where[[1, 5, 30]] = True
    assert np.array_equal(contracts.replace(where), where & contracts.present)
    assert np.all(contracts.firm[where] != before[where])
    assert np.array_equal(contracts.firm[~where], before[~where])
    assert np.all((contracts.firm >= 0) & (contracts.firm < model.firms.size))
    assert contracts.since[where].tolist() == [60, 60, 60] and contracts.replaced.sum() == 3
    community = model.district.community
    for estate in np.flatnonzero(where):
        assert contracts.fee_share[estate] == pytest.approx(share[community == community[estate]].mean())
    assert np.all(model.trust.estate_mean[BY_FIRM][where] == model.scenario.trust.baseline)
    assert np.all(model.trust.estate_mean[BY_FIRM][~where] == 0.1)
    assert model.firms.portfolio.sum() == np.count_nonzero(contracts.present)
    assert model.firms.lost.sum() == 3


def test_the_new_firm_is_picked_by_its_presence_nearby(live) -> None:
    model = live({"firms.local_advantage": 1000.0})
    contracts, community = model.contracts, model.district.community
    where = np.ones(contracts.size, dtype=bool)
    before = contracts.firm.copy()
    contracts.replace(where)
    others = [set(before[community == community[e]]) - {before[e]} for e in range(contracts.size)]
    could = [e for e in range(contracts.size) if others[e]]
    local = [contracts.firm[e] in others[e] for e in could]
    assert could and np.mean(local) > 0.8


def test_without_local_advantage_all_other_firms_are_alike(live) -> None:
    counts = np.zeros(live().firms.size)
    model = live({"firms.local_advantage": 0.0})
    where = np.arange(40) == 0
    first = model.contracts.firm[0]
    for week in range(1500):
        model.week = week
        model.contracts.firm[0] = first
        model.contracts.replace(where)
        counts[model.contracts.firm[0]] += 1
    assert counts[first] == 0
    others = np.delete(counts, first)
    expected = 1500 / others.size
    assert ((others - expected) ** 2 / expected).sum() < others.size + 5 * np.sqrt(2 * others.size)


def test_a_firms_successor_does_not_depend_on_what_other_firms_are_replaced(live) -> None:
    one, two = live({"firms.local_advantage": 0.0}), live({"firms.local_advantage": 0.0})
    where = np.arange(40) == 9
    one.contracts.replace(where)
    two.contracts.replace(where | (np.arange(40) == 2))
    assert one.contracts.firm[9] == two.contracts.firm[9]


def test_switched_off_nothing_moves(live) -> None:
    model = live({"firms.enabled": False})
    contracts = model.contracts
    state = {name: values.copy() for name, values in contracts.arrays().items()}
    model.satisfaction.mean[:] = 0.0
    assert not contracts.replace(np.ones(40, dtype=bool)).any()
    for week in range(3 * QUARTER):
        model.week = week
        contracts.serve()
        contracts.bargain()
    assert all(np.array_equal(values, state[name]) for name, values in contracts.arrays().items())
    assert np.all(model.incidents.conditions[[SERVICE, FACILITY, FEES]] == 1.0)
    assert np.all(contracts.fee_share == 1.0)
    office = model.desks.hours[model.desks.block("firm")]
    assert np.allclose(office, 3.0 * model.district.households / 500.0)


def test_two_models_never_share_a_contract(live) -> None:
    one, two = live(), live()
    one.contracts.invisible[:] = 0.9
    one.contracts.replace(np.ones(40, dtype=bool))
    assert np.all(two.contracts.invisible == two.contracts.reference_invisible)
    assert two.contracts.replaced.sum() == 0


def test_a_fork_continues_as_the_whole_run(live) -> None:
    model = live()
    model.run(weeks=20)
    other = model.fork()
    model.run(weeks=20)
    other.run(weeks=20)
    for name in ("firms", "contracts"):
        one, two = getattr(model, name).arrays(), getattr(other, name).arrays()
        assert all(np.array_equal(one[column], two[column]) for column in one)


def test_every_parameter_has_a_source_and_a_range_to_sweep() -> None:
    for row in FirmsSection().rows("firms."):
        assert row["source"] and row["doc"] and row["unit"]
        assert row["sweep_low"] is None or row["sweep_low"] <= row["default"] <= row["sweep_high"]
