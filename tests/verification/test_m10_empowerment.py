"""M10: three rights and their costs against closed forms, in the running model wherever it can be."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from sim import District
from sim.core.codes import CHARGING, COMMITTEE, FEES, NOISE, PARKING, SERVICE
from sim.policies.empowerment.empowerment_equations import failing, knapsack
from sim.policies.empowerment.projects import UNIT
from tests.support.closed_forms import activity_fixed_point, captured_share, motivation_fixed_point
from tests.support.empowered_models import MANY, govern, only, run, village

# (a) evaluate and select --------------------------------------------------------------------------------


@pytest.mark.parametrize("s", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("beside", [-0.1, -0.02, 0.02, 0.08])
def test_a_branch_that_judges_lowers_real_service_exactly_when_it_looks_at_what_shows(s: float, beside: float) -> None:
    """u* moves by psi_b [1 - (1 + s) phi_b] / (c (1 - s^2)): down if and only if phi_b > 1/(1 + s)."""
    threshold, chi, psi, cost = 1 / (1 + s), 0.5, 0.5, 1.2
    phi = threshold + beside
    world = {"firms.substitution": s, "firms.visible_share": 0.5, "firms.owners_weight": psi, "firms.cost": cost}
    before = run(govern({**world, "empowerment.enabled": False}, village(6)), 40).contracts
    after = run(govern({**world, **only("evaluation", weight=chi, visible_share=phi)}, village(6)), 40).contracts
    for contracts in (before, after):
        assert np.all((contracts.invisible > 0) & (contracts.invisible < 1) & (contracts.visible > 0))
    moved = after.invisible - before.invisible
    assert np.all(np.sign(moved) == -np.sign(beside))
    np.testing.assert_allclose(moved, chi * psi * (1 - (1 + s) * phi) / (cost * (1 - s * s)), rtol=1e-4)


@pytest.mark.parametrize("asked", [0.5, 1.0, 4.0])
def test_a_branch_weighs_as_much_as_the_share_of_hours_that_it_can_give(asked: float) -> None:
    """psi_b = chi psi x hours granted / hours asked; what is left after reporting is all that there is."""
    hours = {
        "branches.secretary_hours": 2.0,
        "branches.reporting_hours": 1.0,
        "branches.targets": 0,
        "empowerment.regulations": 0.0,
    }
    model = run(govern({**hours, **only("evaluation", evaluation_hours=asked, weight=0.6)}, village(4), 0), 40)
    share = min(1.0, 1.0 / asked)
    np.testing.assert_allclose(model.branches.for_rights, asked * share, rtol=1e-12)
    np.testing.assert_allclose(model.contracts.branch_weight, 0.6 * 0.5 * share, rtol=1e-12)
    np.testing.assert_allclose(model.desks.authority[model.desks.block("branch")], 0.6 * share, rtol=1e-12)


@pytest.mark.parametrize(("chi", "limit", "noise"), [(1.0, 0.9, 0.05), (0.4, 1.3, 0.1), (0.7, 1.1, 0.0)])
def test_firms_go_as_often_as_score_error_and_weight_say(chi: float, limit: float, noise: float) -> None:
    """P(out) = chi Phi((limit x usual - score) / noise), once a year for each estate."""
    estates, phi = 400, 0.6
    model = govern(only("evaluation", weight=chi, visible_share=phi, limit=limit, noise=noise), village(estates, 20))
    run(model, 26)
    c = model.contracts
    usual = phi * c.reference_visible + (1 - phi) * c.reference_invisible
    score = phi * c.visible + (1 - phi) * c.invisible
    assert np.ptp(score) < 1e-3
    p = chi * (norm.cdf((limit * usual - score[0]) / noise) if noise else float(limit * usual > score[0]))
    before = c.replaced.sum()
    run(model, 52)
    out = int(c.replaced.sum() - before)
    assert abs(out - estates * p) <= 4 * np.sqrt(estates * p * (1 - p)) + 1e-9
    assert model.outcomes["evaluated_out"].iloc[-52:].sum() == out


def test_an_hour_less_makes_a_score_less_sure() -> None:
    assert failing(0.3, 0.2, 0.1, 0.25) == pytest.approx(norm.cdf(-0.5))
    assert failing(0.3, 0.2, 0.1, 1.0) == pytest.approx(norm.cdf(-1.0))


@pytest.mark.parametrize(("chi", "capture", "recovery"), [(0.5, 0.02, 0.01), (1.0, 0.05, 0.02)])
@pytest.mark.parametrize("audit", [0.2, 0.9])
def test_capture_reaches_its_fixed_point_and_turns_the_eye_to_what_shows(
    chi: float, capture: float, recovery: float, audit: float
) -> None:
    """c* = k chi (1 - audit) / (k chi (1 - audit) + r); phi = phi_b + (1 - phi_b) c*; a conflict of interest."""
    model = govern(only("evaluation", weight=chi, capture=capture, recovery=recovery, visible_share=0.5), village(4))
    model.committees.attendance[:] = audit
    run(model, 700)
    expected = captured_share(capture * chi * (1 - audit), recovery)
    assert expected == pytest.approx(1 / (1 + recovery / (capture * chi * (1 - audit))))
    np.testing.assert_allclose(model.evaluation.captured, expected, rtol=2e-3)
    np.testing.assert_allclose(model.contracts.branch_visible, 0.5 + 0.5 * expected, rtol=2e-3)
    np.testing.assert_allclose(model.branches.conflicted, expected, rtol=2e-3)


def test_evaluation_is_captured_only_where_no_committee_meets() -> None:
    ground = replace(village(4), committee=np.array([True, False, True, False]))
    model = govern(only("evaluation", capture=0.02), ground)
    model.committees.attendance[:] = 1.0
    run(model, 60)
    assert not model.evaluation.captured[[0, 2]].any() and np.all(model.evaluation.captured[[1, 3]] > 0.05)


def test_a_veto_and_what_it_costs_a_committee() -> None:
    """Vetting veto x (1 - captured); skill veto x error; logit of attendance autonomy (1 - (1 - chi)(1 - veto))."""
    model = run(govern(only("evaluation", weight=0.5, veto=0.4, veto_error=0.25, autonomy=1.5), village(3)), 40)
    committees = model.committees
    np.testing.assert_allclose(committees.vetting, 0.4)
    np.testing.assert_allclose(committees.vetting_cost, 0.1)
    np.testing.assert_allclose(committees.autonomy_cost, 1.5 * 0.7)


# (b) micro-projects -------------------------------------------------------------------------------------


def brute_force(value: np.ndarray, cost: np.ndarray, budget: int) -> float:
    best = 0.0
    for bits in product((0, 1), repeat=value.size):
        take = np.array(bits, dtype=bool)
        if cost[take].sum() <= budget:
            best = max(best, float(value[take].sum()))
    return best


@given(st.data())
def test_the_chosen_set_is_the_best_that_the_budget_pays(data: st.DataObject) -> None:
    shape = (data.draw(st.integers(1, 4)), data.draw(st.integers(1, 7)))
    numbers = st.lists(st.integers(0, 30), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1])
    value = np.array(data.draw(numbers), dtype=float).reshape(shape)
    cost = np.array(data.draw(numbers)).reshape(shape) + 1
    budget = data.draw(st.integers(0, 80))
    chosen = knapsack(value, cost, budget)
    assert np.all((cost * chosen).sum(axis=1) <= budget)
    assert not chosen[value == 0].any()
    for row in range(shape[0]):
        assert value[row][chosen[row]].sum() == pytest.approx(brute_force(value[row], cost[row], budget))


@pytest.mark.parametrize("budget", [60_000.0, 200_000.0, 500_000.0])
def test_at_full_weight_on_need_the_running_model_chooses_the_optimum(budget: float) -> None:
    """alpha = 1: households x backlog repaired, at ceil((fixed + yuan x households x backlog) / 1000) thousands."""
    ground = District.synthetic(48, seed=3)
    ground = replace(ground, committee=np.ones(48, dtype=bool))
    model = govern(
        {
            **only(
                "micro_projects",
                need_weight=1.0,
                budget=budget,
                consent_trust=0.0,
                project_fixed=15_000.0,
                project_yuan=200.0,
                project_scope=0.5,
            ),
            "committees.out_of_office": 0.0,
        },
        ground,
    )
    amount = 0.5 * model.contracts.deferred
    need = ground.households * amount
    cost = np.ceil((15_000.0 + 200.0 * need) / 1000.0).astype(int)
    run(model, 1)
    begun = model.micro_projects.begun > 0
    some = 0
    for community in range(ground.communities):
        here = ground.community == community
        assert cost[here & begun].sum() <= budget / 1000
        best = brute_force(need[here], cost[here], int(budget / 1000))
        assert need[here & begun].sum() == pytest.approx(best, rel=1e-12)
        some += 0 < (here & begun).sum() < here.sum()
    assert some > 0 or budget == 500_000.0


def test_projects_chosen_by_visibility_serve_less_need_than_those_chosen_by_need() -> None:
    ground = District.synthetic(48, seed=3)
    got = []
    for alpha in (1.0, 0.0):
        model = govern({**only("micro_projects", need_weight=alpha, budget=200_000.0, consent_trust=0.0)}, ground)
        need = ground.households * model.contracts.deferred
        run(model, 1)
        got.append(need[model.micro_projects.begun > 0].sum())
    assert got[1] < got[0]


@pytest.mark.parametrize(("members", "weeks"), [(MANY, 13), (MANY, 4)])
def test_a_project_repairs_what_it_says_for_what_it_costs(members: int, weeks: int) -> None:
    """Against the same estate without it: d <- (1 - r) d - scope D / weeks for as many weeks; yuan and hours booked."""
    scope, fixed, yuan = 0.5, 20_000.0, 250.0
    changes = only(
        "micro_projects", project_weeks=weeks, project_scope=scope, budget=1e7, consent_trust=0.0, project_hours=0.7
    )
    changes |= {"committees.out_of_office": 0.0, "services.enabled": False}
    with_it = govern(changes, village(5), members)
    without = govern({"empowerment.enabled": False, "services.enabled": False}, village(5), members)
    start = with_it.contracts.deferred.copy()
    for done in range(1, weeks + 4):
        run(with_it, 1), run(without, 1)
        p = with_it.scenario.firms
        mended = p.repair_base + p.repair_effort * without.contracts.invisible[0]
        r = 1 / (1 / p.finding + 1 / mended)
        worked = min(done, weeks)
        d = -scope * start / weeks * (1 - (1 - r) ** worked) / r * (1 - r) ** (done - worked)
        np.testing.assert_allclose(with_it.contracts.deferred - without.contracts.deferred, d, rtol=1e-5)
        ratio = with_it.incidents.conditions / without.incidents.conditions
        lasts = with_it.micro_projects.left > 0
        np.testing.assert_allclose(ratio[FEES], np.where(lasts, 1.3, 1.0))
        np.testing.assert_allclose(ratio[[SERVICE, PARKING, NOISE, CHARGING, COMMITTEE]], 1.0)
        assert np.all(with_it.branches.for_rights == (0.7 if done <= weeks else 0.0))
    cost = np.ceil((fixed + yuan * 500 * scope * start) / UNIT) * UNIT
    table = with_it.outcomes
    assert table["projects_yuan"].sum() == pytest.approx(cost.sum(), rel=1e-12)
    assert table["yuan_purse"].sum() == pytest.approx(cost.sum(), rel=1e-12)
    assert not with_it.contracts.repairs.any()


def test_a_branch_without_hours_leads_its_project_more_slowly() -> None:
    """With half of the hours it asks for, a project takes twice the weeks, and costs the same."""
    hours = {
        "branches.secretary_hours": 1.5,
        "branches.reporting_hours": 1.0,
        "branches.targets": 0,
        "empowerment.regulations": 0.0,
        "committees.out_of_office": 0.0,
    }
    model = govern(
        {**hours, **only("micro_projects", project_hours=1.0, project_weeks=5, consent_trust=0.0, budget=1e7)},
        village(3),
        members=0,
    )
    run(model, 9)
    assert np.all(model.micro_projects.left == 0.5)
    run(model, 2)
    assert not model.micro_projects.left.any()
    table = model.outcomes
    assert (table["projects_yuan"] > 0).sum() == 10


def test_a_contested_project_finds_consent_as_often_as_the_branch_is_trusted() -> None:
    ground = replace(village(800, 20), committee=np.zeros(800, dtype=bool))
    model = govern(only("micro_projects", budget=1e7), ground)
    trust = model.trust.mean("branch")
    run(model, 1)
    begun = int((model.micro_projects.begun > 0).sum())
    assert abs(begun - trust.sum()) < 4 * np.sqrt((trust * (1 - trust)).sum())


# (c) awards ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("incentive", "crowding", "recovery"), [(0.3, 0.05, 0.05), (0.6, 0.02, 0.1), (0.2, 0.1, 0.05)])
@pytest.mark.parametrize("visible", [0.5, 0.8])
def test_awards_move_members_at_once_and_wear_out_their_motivation(
    incentive: float, crowding: float, recovery: float, visible: float
) -> None:
    """m* = r / (r + k a), activity m* + i a, with a = 2 (w s + (1 - w)(1 - s)), s = 0.3 the routine share of hours."""
    model = govern(
        only("awards", incentive=incentive, crowding=crowding, motivation_recovery=recovery, reward_visible=visible),
        village(3),
    )
    a = 2 * (visible * 0.3 + (1 - visible) * 0.7)
    run(model, 2)
    first = model.branches.activity[0]
    assert first == pytest.approx(1 - crowding * a + incentive * a, rel=1e-12)
    run(model, 300)
    np.testing.assert_allclose(model.awards.given, a, rtol=1e-12)
    m = recovery / (recovery + crowding * a)
    np.testing.assert_allclose(model.awards.motivation, m, rtol=1e-6)
    assert motivation_fixed_point(a, crowding, recovery) == pytest.approx(m)
    np.testing.assert_allclose(model.branches.activity, m + incentive * a, rtol=1e-6)
    assert activity_fixed_point(a, incentive, crowding, recovery) == pytest.approx(m + incentive * a)
    assert (model.branches.activity[0] > 1) == (incentive * (recovery + crowding * a) > crowding)
    p = model.scenario.branches
    expected = p.secretary_hours + p.hours_per_member * p.active_share * MANY * (m + incentive * a)
    np.testing.assert_allclose(model.branches.hours, expected, rtol=1e-6)


def test_a_branch_that_patrols_is_praised_more_than_one_that_mediates() -> None:
    given_at = []
    for share in (0.9, 0.1):
        model = govern({**only("awards", reward_visible=0.9), "branches.mediation_share": share}, village(2))
        given_at.append(run(model, 3).awards.given[0])
    assert given_at == [pytest.approx(2 * (0.9 * 0.1 + 0.1 * 0.9)), pytest.approx(2 * (0.9 * 0.9 + 0.1 * 0.1))]
