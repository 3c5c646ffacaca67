"""M13: number, exit, service desk and hours of enterprises against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from sim import GovernanceModel
from sim.stakeholders.enterprises import EnterprisesSection, exit_factor
from sim.stakeholders.enterprises.enterprises_equations import usual_number
from tests.support.closed_forms import time_that_help_is_worth
from tests.support.enterprise_models import many, pass_weeks
from tests.support.quiet_models import level_ground, live


def clear(model: GovernanceModel, rows: slice) -> None:
    model.enterprises.present[rows] = False


@pytest.mark.parametrize(("exit_rate", "size"), [(0.1, 0.0), (0.05, 0.3), (0.15, 0.6)])
def test_the_number_at_rest_is_entry_over_exit(exit_rate: float, size: float) -> None:
    """N* = entry x E[1 / exit] over new enterprises, wherever the number starts; entries are Poisson."""
    model = many({"enterprises.exit_rate": exit_rate, "enterprises.exit_size": size})
    entry = model.enterprises.founding_rate
    clear(model, slice(0, 1000))
    number = pass_weeks(model, 320)[80:]
    # E[1 / exit] by quadrature over the lognormal sizes of new enterprises.
    mean, _ = integrate.quad(lambda z: np.exp(size * 1.2 * z) / exit_rate * stats.norm.pdf(z), -9, 9)
    assert entry * mean == pytest.approx(2000.0)
    assert usual_number(entry, exit_rate=exit_rate, exit_size=size, log_sd=1.2) == pytest.approx(2000.0)
    assert number.mean() == pytest.approx(2000.0, abs=45)
    assert np.all(model.enterprises.turned_away == 0)


@pytest.mark.parametrize("factor", [0.6, 1.8])
def test_the_number_of_enterprises_is_inversely_proportional_to_their_exit_rate(factor: float) -> None:
    """The same entry over exit x factor; the exit is moved by help or by time given, entry by nothing."""
    model = many({"enterprises.exit_rate": 0.1, "enterprises.time_cost": 4.0, "enterprises.met_lowers": 0.5})
    enterprises = model.enterprises
    number = []
    for _ in range(200):
        if factor > 1:
            enterprises.given[:] = (factor - 1) / 4.0 * 40.0 * enterprises.employees
        else:
            enterprises.help[:] = -np.log(1 - (1 - factor) / 0.5)
        number.extend(pass_weeks(model, 1))
    assert np.mean(number[60:]) == pytest.approx(200.0 / (0.1 * factor), rel=0.03)


def test_those_who_live_have_the_sizes_of_survivors_from_the_start() -> None:
    """Sizes of the living are lognormal, shifted by exit_size x log_sd^2: entry weighed with length of life."""
    model = many({"enterprises.exit_rate": 0.1, "enterprises.exit_size": 0.5}, number=6000)
    enterprises = model.enterprises
    first = np.log(enterprises.employees[enterprises.present] / 20.0)
    assert first.mean() == pytest.approx(0.5 * 1.2**2, abs=4 * 1.2 / np.sqrt(6000))
    pass_weeks(model, 60)
    later = np.log(enterprises.employees[enterprises.present] / 20.0)
    assert later.mean() == pytest.approx(0.5 * 1.2**2, abs=5 * 1.2 / np.sqrt(6000))
    new = enterprises.present & (enterprises.founded == 60)
    assert np.log(enterprises.employees[new] / 20.0).mean() == pytest.approx(0.0, abs=5 * 1.2 / np.sqrt(new.sum()))


def test_exits_are_binomial_and_entries_poisson() -> None:
    model = many({"enterprises.exit_rate": 0.02}, number=1500)
    closed, opened = [], []
    for _ in range(300):
        before = len(model.enterprises)
        pass_weeks(model, 1)
        closed.append((model.enterprises.closed - 0.02 * before) / np.sqrt(0.02 * 0.98 * before))
        opened.append(len(model.enterprises) - before + model.enterprises.closed)
    assert np.mean(closed) == pytest.approx(0.0, abs=4 / np.sqrt(300))
    assert np.var(closed) == pytest.approx(1.0, abs=0.35)
    assert np.mean(opened) == pytest.approx(30.0, abs=4 * np.sqrt(30 / 300))
    assert np.var(opened) / 30.0 == pytest.approx(1.0, abs=0.35)


def test_no_desk_means_the_usual_exit_on_average() -> None:
    """Strain comes to n x weeks, n the probability of a need in a week: the factor is then 1."""
    model = many(
        {
            "enterprises.need_rate": 0.05,
            "enterprises.unmet_raises": 0.4,
            "enterprises.exit_rate": 1e-5,
            "enterprises.effect_weeks": 20.0,
        }
    )
    enterprises = model.enterprises
    # A new enterprise has the usual exit, neither more nor less.
    np.testing.assert_allclose(enterprises.exit_of(enterprises.rows), 1e-5)
    pass_weeks(model, 120)
    strain, factor = [], []
    for _ in range(40):
        pass_weeks(model, 1)
        here = np.flatnonzero(enterprises.present)
        strain.append(enterprises.strain[here].mean())
        factor.append(enterprises.exit_of(here).mean() / 1e-5)
    need = 1 - np.exp(-0.05)
    assert enterprises.usual_strain == pytest.approx(20 * need)
    assert np.mean(strain) == pytest.approx(20 * need, rel=0.03)
    assert np.mean(factor) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("hours", [60.0, 120.0])
def test_the_desk_serves_first_come_first_served_against_a_plain_loop(hours: float) -> None:
    """Each week's hours go to the oldest need until they are gone; 96 hours of work come in a week."""
    model = many(
        {
            "enterprises.economic": True,
            "enterprises.need_patience": 0.0,
            "enterprises.exit_rate": 1e-5,
            "enterprises.service_hours": 1034 / 20 * hours,
        },
        number=600,
    )
    desk, rng = model.enterprise_desk, np.random.default_rng(3)
    assert desk.hours == pytest.approx(hours)
    line: list[tuple[int, float]] = []
    for _ in range(80):
        who = rng.choice(600, rng.poisson(12), replace=False)
        work = rng.exponential(8.0, who.size)
        desk.receive(who, model.enterprises.identity[who])
        desk.left[desk.left.size - who.size :] = work
        line += zip(who.tolist(), work.tolist(), strict=True)
        met, unmet = desk.work()
        total, done, rest = hours, [], []
        for one, left in line:
            give = min(left, total)
            total -= give
            if give < left:
                rest.append((one, left - give))
            else:
                done.append(one)
        line = rest
        assert met.tolist() == done and unmet.size == 0
        assert desk.who.tolist() == [one for one, _ in line]
        np.testing.assert_allclose(desk.left, [left for _, left in line], atol=1e-6)
        assert desk.spent == pytest.approx(hours - total)
        assert desk.met.sum() == len(done)
        model.week += 1
    assert (len(line) > 100) == (hours < 96)


def test_waiting_needs_are_given_up_at_the_rate_of_patience() -> None:
    model = many({"enterprises.need_rate": 0.3, "enterprises.need_patience": 0.25, "enterprises.exit_rate": 1e-5})
    pass_weeks(model, 60)
    unmet, waiting = [], []
    for _ in range(40):
        pass_weeks(model, 1)
        unmet.append(model.enterprise_desk.unmet.sum())
        waiting.append(model.enterprise_desk.who.size + unmet[-1])
    leaves = 1 - np.exp(-0.25)
    assert sum(unmet) / sum(waiting) == pytest.approx(leaves, abs=4 * np.sqrt(leaves / sum(waiting)))
    # All that arises is given up in the end: Little's law for a queue that nobody serves.
    arises = 2000 * (1 - np.exp(-0.3))
    assert np.mean(unmet) == pytest.approx(arises, rel=0.02)


def test_a_met_need_lowers_the_exit_saturating_and_for_a_time() -> None:
    model = many({"enterprises.met_lowers": 0.4, "enterprises.effect_weeks": 10.0, "enterprises.exit_rate": 0.003})
    enterprises = model.enterprises
    enterprises.help[:4] = [0.0, 1.0, 2.0, 50.0]
    expected = 0.003 * (1 - 0.4 * (1 - np.exp(-np.array([0.0, 1.0, 2.0, 50.0]))))
    np.testing.assert_allclose(enterprises.exit_of(np.arange(4)), expected)
    first, second, last = -np.diff(expected)
    assert first > second > 0 and last > 0 and expected[-1] == pytest.approx(0.003 * 0.6)
    pass_weeks(model, 5)
    np.testing.assert_allclose(enterprises.help[1], 0.9**5)


@pytest.mark.parametrize("strain", [0.0, 0.7, 3.0])
def test_an_unmet_need_raises_the_exit(strain: float) -> None:
    model = many({"enterprises.unmet_raises": 0.5, "enterprises.need_rate": 0.02})
    model.enterprises.strain[:] = strain
    usual = 26.0 * (1 - np.exp(-0.02))
    expected = 0.0025 * (1 + 0.5 * strain) / (1 + 0.5 * usual)
    np.testing.assert_allclose(model.enterprises.exit_of(np.arange(5)), expected)


@pytest.mark.parametrize(("lowers", "cost", "help"), [(0.3, 4.0, 1.0), (0.5, 20.0, 0.4), (0.1, 1.0, 3.0)])
def test_the_net_hazard_changes_sign_where_saving_equals_cost(lowers: float, cost: float, help: float) -> None:
    """cost x share = lowers (1 - exp(-help)); below it a policy lowers the exit, above it raises it."""
    worth = lowers * (1 - np.exp(-help)) / cost
    assert float(time_that_help_is_worth(help, lowers=lowers, cost=cost)) == pytest.approx(worth)
    p = EnterprisesSection(unmet_raises=0.3, met_lowers=lowers, time_cost=cost)
    assert float(exit_factor(0.5, help, worth, 0.5, p)) == pytest.approx(1.0)
    base = {"enterprises.met_lowers": lowers, "enterprises.time_cost": cost, "enterprises.exit_rate": 0.05}
    exits = {}
    for part in (0.0, 0.5, 0.999999, 1.5):
        model = many(base, number=8000)
        if part:
            model.enterprises.help[:] = help
            model.enterprises.given[:] = part * worth * 40.0 * model.enterprises.employees
        pass_weeks(model, 1)
        exits[part] = model.enterprises.closed
    # Common random numbers: the same enterprises draw the same, so that saving and cost cancel to the last exit.
    assert exits[0.5] < exits[0.0] == exits[0.999999] < exits[1.5]


@pytest.mark.parametrize("by_need", [0.0, 0.35, 1.0])
def test_hours_given_by_members_are_hours_received_by_estates(by_need: float) -> None:
    model = many(
        {
            "enterprises.social": True,
            "enterprises.by_need": by_need,
            "enterprises.hours_per_member": 0.8,
            "enterprises.giving_share": 0.25,
            "enterprises.organised_before": 0.4,
        },
        number=900,
        estates=30,
    )
    enterprises, district = model.enterprises, model.district
    clear(model, slice(0, 50))
    model.grievances.recent[:] = np.arange(30.0)
    enterprises.give()
    organised = (enterprises.branch > 0) & enterprises.present
    hours = 0.8 * 0.25 * 0.9 * (organised * enterprises.members)
    np.testing.assert_allclose(enterprises.given, hours)
    assert hours.sum() > 100
    hands = model.services.hands[3]
    assert hands.sum() == pytest.approx(hours.sum(), rel=1e-12)
    assert model.costs.hours_of("enterprises") == pytest.approx(hours.sum(), rel=1e-12)
    # By need: hours per household go with recent conflicts per household.  Else to the community, by size squared.
    need = model.grievances.recent / model.grievances.recent.sum() * hours.sum()
    size = district.households.astype(float) ** 2
    seen = np.zeros(30)
    for row in np.flatnonzero(hours):
        near = district.community == district.community[enterprises.estate[row]]
        seen[near] += hours[row] * size[near] / size[near].sum()
    np.testing.assert_allclose(hands, by_need * need + (1 - by_need) * seen, rtol=1e-10)


def test_time_given_raises_the_exit_by_its_share_of_the_working_time() -> None:
    model = many({"enterprises.time_cost": 6.0, "enterprises.working_week": 50.0, "enterprises.exit_rate": 0.01})
    model.enterprises.given[:3] = 0.02 * 50.0 * model.enterprises.employees[:3]
    np.testing.assert_allclose(model.enterprises.exit_of(np.arange(4)), 0.01 * np.array([1.12, 1.12, 1.12, 1.0]))


def test_most_of_the_districts_members_belong_to_enterprises() -> None:
    """The study: over 70 %; members at home are 0.005 a household."""
    model = live({}, level_ground(400, households=638))
    enterprises = model.enterprises
    expected = 0.1 * 20 * np.exp(1.2**2 / 2 + 0.1 * 1.2**2) * len(enterprises)
    assert enterprises.members[enterprises.present].sum() == pytest.approx(expected, rel=0.2)
    assert enterprises.share_of_members() > 0.7
