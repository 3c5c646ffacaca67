"""M9: hours, knowledge and skill of branches against the equations; dispatched hours are not new hours."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim import BranchKind, District, GovernanceModel
from sim.core.codes import CHARGING, NOISE, PARKING
from sim.policies.coverage import Plan
from tests.support.quiet_models import FIRST_EDITION, level_ground, live

OFFERED = 2
"""Row of the hours that were offered, among those that policies took."""
OWN, DISPATCHED, JOINT = BranchKind.OWN, BranchKind.DISPATCHED, BranchKind.JOINT


def plan(kind: np.ndarray, home: np.ndarray, members: np.ndarray, phantom: bool = False) -> Plan:
    """Found branches as told, whatever a coverage strategy would have said."""
    own = np.arange(np.size(kind))
    return Plan(np.asarray(kind, dtype=np.int8), np.asarray(home), np.asarray(members, dtype=np.int64), own, phantom)


def own_branches(model: GovernanceModel, members: np.ndarray) -> None:
    estates = model.district.estates
    model.branches.establish(plan(np.full(estates, OWN), np.arange(estates), members))


def open_desks(model: GovernanceModel) -> None:
    model.authorities.staff()
    model.branches.staff()


def branch_desks(model: GovernanceModel) -> slice:
    return model.desks.block("branch")


@pytest.mark.parametrize(
    ("secretary", "each", "active", "fatigue", "base", "target", "targets", "mediation"),
    [
        (2.0, 0.5, 0.4, 0.0, 1.0, 0.1, 5, 0.7),
        (0.0, 2.0, 0.8, 0.25, 0.0, 0.0, 0, 1.0),
        (6.0, 0.2, 0.2, 0.6, 6.0, 1.0, 20, 0.0),
        (3.0, 1.0, 0.5, 0.1, 2.0, 0.25, 10, 0.5),
    ],
)
def test_hours_of_an_own_branch_are_those_of_the_equation(
    secretary: float,
    each: float,
    active: float,
    fatigue: float,
    base: float,
    target: float,
    targets: int,
    mediation: float,
) -> None:
    """h_s + hours per member x active share x members x (1 - fatigue), of these reporting o1 + o2 targets."""
    members = np.arange(40)
    model = live(
        {
            "branches.secretary_hours": secretary,
            "branches.hours_per_member": each,
            "branches.active_share": active,
            "branches.reporting_hours": base,
            "branches.reporting_per_target": target,
            "branches.targets": targets,
            "branches.mediation_share": mediation,
        },
        level_ground(40),
    )
    own_branches(model, members)
    branches = model.branches
    branches.fatigue[:] = fatigue
    open_desks(model)
    given = secretary + each * active * members * (1 - fatigue)
    reporting = np.minimum(given, base + target * targets)
    np.testing.assert_allclose(branches.hours, given, rtol=1e-12)
    np.testing.assert_allclose(branches.reporting, reporting, rtol=1e-12)
    np.testing.assert_allclose(branches.mediating, mediation * (given - reporting), rtol=1e-12)
    np.testing.assert_allclose(branches.serving, (1 - mediation) * (given - reporting), rtol=1e-12, atol=1e-12)
    assert np.array_equal(model.desks.hours[branch_desks(model)], branches.mediating)
    np.testing.assert_allclose(branches.hours_by_estate()[OFFERED], given, rtol=1e-12)
    assert not branches.dispatched.any()


@pytest.mark.parametrize("spent", [0.0, 0.3])
def test_worked_hours_leave_out_time_on_call_and_net_hours_leave_out_reports(spent: float) -> None:
    model = live(
        {"branches.reporting_hours": 0.5, "branches.secretary_hours": 4.0, "branches.targets": 0}, level_ground(6)
    )
    own_branches(model, np.full(6, 5))
    open_desks(model)
    branches = model.branches
    model.desks.spent[branch_desks(model)] = spent * branches.mediating
    worked, net, offered = branches.hours_by_estate()
    np.testing.assert_allclose(offered, branches.hours)
    np.testing.assert_allclose(worked, branches.hours - (1.0 - spent) * branches.mediating)
    np.testing.assert_allclose(net, worked - 0.5)


def test_a_station_costs_hours_and_eases_access() -> None:
    model = live(
        {"branches.station": True, "branches.station_hours": 0.8, "branches.station_access": 0.35},
        level_ground(5),
    )
    own_branches(model, np.full(5, 20))
    open_desks(model)
    np.testing.assert_allclose(model.branches.reporting, 1.0 + 0.1 * 5 + 0.8)
    assert np.all(model.branches.access == 0.35)


@pytest.mark.parametrize("targets", [10, 40])
def test_a_paper_branch_has_no_hours_for_cases_and_still_opens_a_channel(targets: int) -> None:
    """o1 + o2 x targets >= h_s + members' hours: it attracts cases and serves none."""
    model = live(
        {
            "branches.secretary_hours": 1.0,
            "branches.reporting_per_target": 0.5,
            "branches.targets": targets,
            "voice.enabled": True,
        },
        level_ground(6),
    )
    members = np.full(6, 4)
    given = 1.0 + 0.5 * 0.4 * 4
    assert 1.0 + 0.5 * targets >= given
    assert np.all(model.branches.access == -np.inf)
    own_branches(model, members)
    open_desks(model)
    branches = model.branches
    assert not branches.mediating.any() and not branches.serving.any()
    assert not model.desks.hours[branch_desks(model)].any()
    np.testing.assert_allclose(branches.reporting, given)
    assert np.all(branches.access == 0.0) and len(branches) == 6


@pytest.mark.parametrize(("asked", "cap", "sent"), [(10.0, 0.5, 1), (10.0, 0.5, 3), (4.0, 0.5, 2), (20.0, 0.2, 4)])
def test_dispatched_hours_leave_the_community_desk_at_most_the_capped_share_of_it(
    asked: float, cap: float, sent: int
) -> None:
    """Out of a desk of C hours go min(n x hours, cap x C), shared evenly; the sum is kept."""
    district = District.synthetic(120, seed=2)
    model = live({"branches.dispatched_hours": asked, "branches.dispatched_cap": cap}, district)
    community = district.community
    rank = np.arange(district.estates) - np.searchsorted(community, community)
    home = np.where(rank < sent, np.arange(district.estates), -1)
    model.branches.establish(plan(np.where(home >= 0, DISPATCHED, 0), home, np.zeros(district.estates)))
    model.authorities.staff()
    before = model.desks.hours.copy()
    model.branches.staff()
    block = model.desks.block("community")
    number = np.bincount(community[home >= 0], minlength=district.communities)
    lost = before[block] - model.desks.hours[block]
    np.testing.assert_allclose(lost, np.minimum(number * asked, cap * before[block]), rtol=1e-12)
    got = np.bincount(community, model.branches.dispatched, district.communities)
    np.testing.assert_allclose(got, lost, rtol=1e-12)
    here = home >= 0
    np.testing.assert_allclose(model.branches.dispatched[here], (lost / number)[community[here]], rtol=1e-12)
    assert not model.branches.dispatched[~here].any()
    others = [model.desks.block(kind) for kind in ("firm", "committee", "street", "district")]
    assert all(np.array_equal(model.desks.hours[one], before[one]) for one in others)
    total = model.desks.hours[block].sum() + model.branches.hours.sum()
    assert total == pytest.approx(before[block].sum(), rel=1e-12)
    np.testing.assert_allclose(model.branches.hours_by_estate(), 0.0, atol=1e-12)


@pytest.mark.parametrize("switch", ["branches.mediation", "services.enabled"])
def test_dispatched_hours_that_a_switched_off_service_cannot_use_stay_at_the_desk(switch: str) -> None:
    """Hours are conserved: what leaves the community's desk is what dispatched secretaries give."""
    model = live({switch: False}, level_ground(40))
    estates = np.arange(40)
    model.branches.establish(plan(np.full(40, DISPATCHED), 4 * (estates // 4), np.zeros(40)))
    model.authorities.staff()
    before = model.desks.hours[model.desks.block("community")].sum()
    model.branches.staff()
    after = model.desks.hours[model.desks.block("community")].sum()
    assert after + model.branches.hours.sum() == pytest.approx(before, rel=1e-12)


def test_a_joint_branch_pools_members_and_dilutes_knowledge() -> None:
    """h_s + h x active x (sum of members); knowledge 0.4 / g^0.3; policy hours over estates by households."""
    households = np.array([100, 300, 600, 500, 500, 200])
    members = np.array([1, 2, 1, 2, 1, 7])
    model = live({"branches.insider_share": 0.0}, level_ground(6, households))
    home = np.array([1, 1, 1, 3, 3, -1])
    model.branches.establish(plan(np.where(home >= 0, JOINT, 0), home, members))
    open_desks(model)
    branches = model.branches
    assert branches.members[[1, 3]].tolist() == [4.0, 3.0] and branches.reach[[1, 3]].tolist() == [3.0, 2.0]
    assert len(branches) == 2 and branches.rows.tolist() == [1, 3]
    given = np.array([2 + 0.2 * 4, 2 + 0.2 * 3])
    np.testing.assert_allclose(branches.hours[[1, 3]], given)
    assert not branches.hours[[0, 2, 4, 5]].any()
    knowledge = model.desks.knowledge[branch_desks(model)]
    np.testing.assert_allclose(knowledge[[1, 3]], [0.4 / 3**0.3, 0.4 / 2**0.3])
    np.testing.assert_allclose(
        branches.hours_by_estate()[OFFERED],
        [given[0] * 0.1, given[0] * 0.3, given[0] * 0.6, given[1] * 0.5, given[1] * 0.5, 0.0],
    )
    assert np.isfinite(branches.access).tolist() == [True] * 5 + [False]


@pytest.mark.parametrize(("kind", "start"), [(OWN, 0.6), (DISPATCHED, 0.25), (JOINT, 0.4)])
def test_branches_start_with_the_knowledge_of_their_kind_and_insiders_bring_more(kind: int, start: float) -> None:
    """K = K0 + (1 - K0) x insider knowledge x insiders, for every kind alike."""
    members = np.full(200, 10)
    for share in (0.0, 0.3):
        model = live({"branches.insider_share": share, "branches.insider_knowledge": 0.4}, level_ground(200))
        model.branches.establish(plan(np.full(200, kind), np.arange(200), members))
        inside = model.branches.insiders
        if share == 0.0:
            assert not inside.any()
        else:
            assert inside.mean() == pytest.approx(share, abs=4 * np.sqrt(share / 10 / 200))
        expected = start + (1 - start) * 0.4 * inside
        np.testing.assert_allclose(model.desks.knowledge[branch_desks(model)], expected, rtol=1e-12)


@pytest.mark.parametrize("gain", [0.005, 0.02])
@pytest.mark.parametrize("cases", [0.2, 1.0, 3.0])
@pytest.mark.parametrize("serves", [1, 4])
def test_knowledge_reaches_its_fixed_point(gain: float, cases: float, serves: int) -> None:
    """K* = g c / (g c + leak), c cases a week and estate, up to second order in g c."""
    leak = 0.004
    model = live({"desks.knowledge_gain": gain, "desks.knowledge_leak": leak}, level_ground(8))
    desks = model.desks
    desks.serves[:] = serves
    desks.handled[:] = cases
    desks.knowledge[:] = np.linspace(0, 1, desks.size)
    for _ in range(6000):
        desks.learn()
    rate = gain * cases / serves
    assert np.ptp(desks.knowledge) < 1e-6
    assert desks.knowledge[0] == pytest.approx(rate / (rate + leak), rel=rate / 2)
    once = 1 - (1 - gain) ** (cases / serves)  # each case teaches the share g of what is not yet known
    assert desks.knowledge[0] == pytest.approx(once / (once + leak), rel=gain)


def test_without_cases_knowledge_leaks_away_geometrically() -> None:
    model = live({"desks.knowledge_leak": 0.01}, level_ground(3))
    model.desks.knowledge[:] = 0.6
    for _ in range(50):
        model.desks.learn()
    np.testing.assert_allclose(model.desks.knowledge, 0.6 * 0.99**50)


@pytest.mark.parametrize("members", [1, 3, 12])
def test_a_secretary_is_the_best_of_the_members(members: int) -> None:
    """Best of m uniform draws: P(skill <= low + (high - low) x) = x^m; of 5 on the community's list."""
    low, high, estates = 0.2, 0.8, 1500
    for kind, draws in ((OWN, members), (JOINT, members), (DISPATCHED, 5)):
        model = live({}, level_ground(estates, 10))
        model.branches.establish(plan(np.full(estates, kind), np.arange(estates), np.full(estates, members)))
        skill = model.desks.skill[branch_desks(model)]
        assert stats.kstest((skill - low) / (high - low), stats.beta(draws, 1).cdf).pvalue > 1e-3


def test_more_members_never_find_a_worse_secretary() -> None:
    before = np.zeros(100)
    for members in range(1, 30, 4):
        model = live({}, level_ground(100, 10))
        own_branches(model, np.full(100, members))
        skill = model.desks.skill[branch_desks(model)]
        assert np.all(skill >= before)
        before = skill.copy()


@pytest.mark.parametrize("load", [0.0, 0.5, 1.0])
def test_fatigue_follows_load(load: float) -> None:
    """F* = most x load, reached at the pace of the equation."""
    model = live({"branches.fatigue_most": 0.4, "branches.fatigue_pace": 0.1}, level_ground(4))
    own_branches(model, np.full(4, 30))
    open_desks(model)
    model.desks.spent[branch_desks(model)] = load * model.branches.mediating
    for week in range(1, 80):
        model.branches.tire()
        if week in (5, 79):
            np.testing.assert_allclose(model.branches.fatigue, 0.4 * load * (1 - 0.9**week), atol=1e-12)


@pytest.mark.parametrize("kept", [1.0, 1e6])
def test_hours_kept_from_earlier_weeks_tire_nobody_beyond_a_full_load(kept: float) -> None:
    """However few hours this week has: F goes to its most, and hours stay hours."""
    model = live({"desks.bank_weeks": 4.0}, level_ground(3))
    own_branches(model, np.full(3, 6))
    open_desks(model)
    branches, desks = model.branches, model.desks
    branches.mediating[:] = 1e-6
    for _ in range(400):
        desks.spent[branch_desks(model)] = kept
        branches.tire()
    most = model.scenario.branches.fatigue_most
    np.testing.assert_allclose(branches.fatigue, most, rtol=1e-6)


@pytest.mark.parametrize(("rate", "share"), [(0.002, 0.17), (0.005, 0.46), (0.01, 0.70), (0.02, 0.87)])
def test_the_share_of_estates_that_may_have_a_branch_of_their_own(rate: float, share: float) -> None:
    assert np.mean(District.synthetic().members(rate) >= 3) == pytest.approx(share, abs=0.03)


@pytest.mark.parametrize("rate", [0.002, 0.01])
@pytest.mark.parametrize("strategy", ["own", "full"])
def test_an_own_branch_is_founded_where_three_members_live_and_nowhere_else(strategy: str, rate: float) -> None:
    model = GovernanceModel(
        FIRST_EDITION.replace(
            {
                "district.estates": 100,
                "district.members_rate": rate,
                "coverage.strategy": strategy,
                "run.warmup": 1,
            }
        ),
        rng=1,
    )
    model.run(weeks=2, progress=False)
    assert np.array_equal(model.branches.kind == OWN, model.members >= 3)
    assert np.array_equal(model.branches.home[model.members >= 3], np.flatnonzero(model.members >= 3))


@pytest.mark.parametrize("phantom", [False, True])
def test_a_branch_in_name_only_opens_a_channel_and_takes_no_hours(phantom: bool) -> None:
    model = live({}, level_ground(5))
    model.branches.establish(plan(np.full(5, OWN), np.arange(5), np.full(5, 9), phantom))
    open_desks(model)
    assert np.all(model.branches.access == 0.0)
    assert model.branches.hours.any() == (not phantom)
    assert len(model.branches) == (0 if phantom else 5)
    assert model.branches.hours_by_estate().any() == (not phantom)


def test_routine_hours_act_each_on_its_own_condition_and_on_no_other() -> None:
    """Dose x = effect x hours x 500 / H: parking e^-x, Z* = r / (r + 1 - e^-x), repair rate + x."""
    effect, households, renewal = 0.1, 400, 0.05
    model = live(
        {
            "services.effect": effect,
            "services.share_inspection": 0.5,
            "services.share_patrol": 0.3,
            "services.hazard_renewal": renewal,
            "branches.mediation_share": 0.0,
        },
        level_ground(4, households),
    )
    own_branches(model, np.array([0, 10, 40, 100]))
    for _ in range(400):
        open_desks(model)
        model.services.act()
        model.hazards.build()
    dose = effect * model.branches.serving * 500 / households
    conditions = model.incidents.conditions
    np.testing.assert_allclose(conditions[PARKING], np.exp(-0.2 * dose))
    np.testing.assert_allclose(model.contracts.inspection_rate, 0.5 * dose)
    removed = 1 - np.exp(-0.3 * dose)
    np.testing.assert_allclose(conditions[CHARGING], renewal / (renewal + removed), rtol=1e-6)
    assert np.all(conditions[NOISE] == 1.0)
    assert dose.max() > 0.5


@pytest.mark.parametrize("switch", ["branches.enabled", "branches.attraction", "branches.mediation"])
def test_switches_close_the_channel(switch: str) -> None:
    model = live({switch: False}, level_ground(5))
    own_branches(model, np.full(5, 9))
    open_desks(model)
    assert np.all(model.branches.access == -np.inf)
    assert model.branches.mediating.any() == (switch == "branches.attraction")
