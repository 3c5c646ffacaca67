"""Help with owners' meetings (M7): what hours bring about against closed forms, and where the hours come from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import ArrayLike

from sim import BranchKind, District, GovernanceModel
from sim.policies.coverage import Plan
from sim.stakeholders.committees import saturating
from sim.stakeholders.committees.committees import YEAR
from tests.support.closed_forms import quorum_probability
from tests.support.quiet_models import level_ground, live
from tests.support.small_runs import differing, full, run

BARE: dict[str, object] = {
    "meetings.enabled": True,
    "coverage.start_week": 0,
    "branches.reporting_hours": 0.0,
    "branches.targets": 0,
    "branches.secretary_hours": 60.0,
    "meetings.hours_branch": 200.0,
    "meetings.notice": 1,
    "meetings.community": False,
    "committees.founding": 0.0,
    "committees.turnout_grievance": 0.0,
    "committees.turnout_trust": 0.0,
    "committees.turnout_estates": 0.0,
    "committees.turnout_meetings": 0.0,
    "committees.crowding": False,
    "committees.area_log_sd": 0.0,
    "committees.out_of_office": 0.0,
    "committees.term": 520,
}
"""Attendance follows from the constant and from help alone; branches have hours enough."""


def helped(changes: Mapping[str, object], district: District, kind: int = BranchKind.OWN) -> GovernanceModel:
    """A world of owners with a committee in every estate and branches that were founded at once."""
    model = live({**BARE, **changes}, district)
    rows = np.arange(district.estates)
    model.committees.present[:], model.committees.failed[:] = True, 0
    model.branches.establish(Plan(np.full(rows.size, kind, dtype=np.int8), rows, np.zeros(rows.size, np.int64), rows))
    return model


def pass_week(model: GovernanceModel, meet: bool = True, supervision: ArrayLike = 0.0) -> None:
    """Staff, ask, give and meet, without anything else but hours that supervision asks for."""
    model.branches.open()
    model.branches.add_to_inputs(asked_supervision=supervision)
    model.authorities.staff()
    model.meeting_help.ask()
    model.branches.staff()
    model.meeting_help.give()
    if meet:
        model.committees.meet()
    model.week += 1


def pull(hours: float, gain: float, most: float) -> float:
    return most * (1.0 - np.exp(-gain * hours / most)) if most else 0.0


@pytest.mark.parametrize(("slope", "most"), [(0.15, 1.0), (2.0, 0.3), (0.0, 1.0), (1.0, 0.0)])
def test_help_rises_in_proportion_at_first_and_never_beyond_its_bound(slope: float, most: float) -> None:
    x = np.array([0.0, 1e-6, 0.1, 1.0, 10.0, 1e6])
    found = saturating(x, slope, most)
    assert found[0] == 0.0 and np.all(np.diff(found) >= 0.0) and np.all(found <= most)
    if most:
        assert found[1] == pytest.approx(slope * 1e-6, rel=1e-4, abs=1e-15)
        assert found[-1] == pytest.approx(most if slope else 0.0)


@pytest.mark.parametrize("hours", [0.0, 0.5, 2.0, 8.0, 90.0])
def test_attendance_and_quorum_with_so_many_hours(hours: float) -> None:
    """Logit = constant + most (1 - exp(-turnout h / most)); a quorum is the tail of the binomial at that attendance."""
    district = level_ground(300, households=60)
    model = helped({"meetings.hours": hours, "committees.turnout": 0.3}, district)
    committees = model.committees
    owners = int(committees.owners[0])
    expected = 1.0 / (1.0 + np.exp(-0.3 - pull(hours, 0.15, 1.0)))
    seen = np.zeros(300)
    for _ in range(YEAR):
        due = committees.meeting_week == model.week % YEAR
        pass_week(model)
        np.testing.assert_allclose(committees.turnout_help[due], pull(hours, 0.15, 1.0), rtol=1e-12)
        assert not committees.turnout_help[~due].any()
        seen[due] = committees.attendance[due]
    assert np.all(committees.meetings == 1)
    sd = np.sqrt(expected * (1.0 - expected) / (300 * owners))
    assert abs(seen.mean() - expected) < 4 * sd
    valid, tail = committees.quorate.mean(), float(quorum_probability(expected, owners))
    assert abs(valid - tail) < 4 * np.sqrt(tail * (1.0 - tail) / 300)


@pytest.mark.parametrize("notice", [1, 4, 13])
def test_what_is_prepared_is_a_geometric_sum(notice: int) -> None:
    """h (1 - (1 - 1/n)^n) n by the meeting, after n weeks of h hours; and it wears off by 1/n a week."""
    model = helped({"meetings.hours": 1.0, "meetings.notice": notice}, level_ground(30, households=200))
    committees, help_ = model.committees, model.meeting_help
    prepared, keep = np.zeros(30), 1.0 - 1.0 / notice
    for week in range(YEAR + 20):
        due = committees.meeting_week == week
        soon = (committees.meeting_week - week) % YEAR < notice
        pass_week(model, meet=False)
        prepared = keep * prepared + soon * committees.owners / 100.0
        np.testing.assert_allclose(help_.prepared, prepared, rtol=1e-12, atol=1e-15)
        # Who meets in the first weeks of the run had no whole notice.
        if notice <= week < YEAR and due.any():
            each = help_.prepared[due] * 100.0 / committees.owners[due]
            np.testing.assert_allclose(each, notice * (1.0 - keep**notice), rtol=1e-12)


@pytest.mark.parametrize(
    ("hours", "gain", "most"), [(0.0, 1.0, 1.0), (0.5, 1.0, 1.0), (0.5, 3.0, 0.4), (2.0, 1.0, 2.0)]
)
def test_initiators_come_forward_at_a_rate_that_rises_with_help(hours: float, gain: float, most: float) -> None:
    """1 - exp(-rate exp(help)) a week; only where there is no committee and owners could found one."""
    rate, weeks, estates = 0.01, 150, 200
    model = helped(
        {
            "meetings.founding_hours": hours,
            "meetings.founding": gain,
            "meetings.founding_most": most,
            "committees.founding": rate,
            "committees.turnout": -10.0,
        },
        level_ground(estates, households=200),
    )
    committees = model.committees
    committees.present[:] = False
    for _ in range(weeks):
        pass_week(model)
    can = committees._founding > 0.0
    help_ = pull(hours, gain, most)
    np.testing.assert_allclose(committees.founding_help[can], help_, rtol=1e-12)
    assert not committees.founding_help[~can].any()
    expected = weeks * can.sum() * -np.expm1(-rate * committees.owners[0] / 500.0 * np.exp(help_))
    assert abs(committees.attempts.sum() - expected) < 4 * np.sqrt(expected)


def test_hours_are_those_of_the_branchs_one_week() -> None:
    """Asked for at most `hours_branch`, granted after all others, and missing from mediation and services."""
    model = helped(
        {"meetings.hours": 40.0, "meetings.hours_branch": 9.0, "meetings.notice": 52, "branches.secretary_hours": 12.0},
        level_ground(6),
    )
    branches = model.branches
    pass_week(model, meet=False, supervision=[0.0, 2.0, 5.0, 8.0, 12.0, 50.0])
    np.testing.assert_allclose(branches.asked_meetings, 9.0)
    granted = np.minimum(9.0, 12.0 - np.minimum(branches.asked_supervision, 12.0))
    np.testing.assert_allclose(branches.for_meetings, granted, rtol=1e-12, atol=1e-12)
    left = 12.0 - branches.for_supervision - granted
    np.testing.assert_allclose(branches.mediating, 0.7 * left, atol=1e-12)
    np.testing.assert_allclose(branches.hours, 12.0)
    np.testing.assert_allclose(model.meeting_help.given, granted, rtol=1e-12, atol=1e-12)
    assert model.meeting_help.measures() == {"meeting_help_hours": pytest.approx(granted.sum())}


def test_a_joint_branch_divides_its_hours_by_what_each_estate_asks_for() -> None:
    model = live(
        {**BARE, "meetings.hours": 2.0, "meetings.notice": 52, "branches.secretary_hours": 5.0},
        level_ground(4, households=[100, 200, 300, 500]),
    )
    model.committees.present[:] = [True, True, False, True]
    home = np.array([1, 1, 1, -1])
    model.branches.establish(
        Plan(np.where(home >= 0, BranchKind.JOINT, 0).astype(np.int8), home, np.ones(4, np.int64), np.arange(4))
    )
    model.branches.members[:] = 0.0
    pass_week(model, meet=False)
    wanted = model.meeting_help.wanted
    asked = wanted[:3].sum()
    np.testing.assert_allclose(model.branches.asked_meetings, [0.0, asked, 0.0, 0.0])
    granted = min(asked, 5.0)
    np.testing.assert_allclose(model.meeting_help.given, [*(granted * wanted[:3] / asked), 0.0])


@pytest.mark.parametrize(("branch", "cap"), [(True, 2.0), (False, 2.0), (False, 0.0), (False, 1e3), (True, 1e3)])
def test_the_community_adds_what_branches_cannot_give_and_its_desk_misses_it(branch: bool, cap: float) -> None:
    """The same hours with the same effect: given = branch + community; desk before = desk after + taken."""
    district = District.synthetic(60, seed=3)
    model = helped(
        {
            "meetings.community": True,
            "meetings.branch": branch,
            "meetings.hours_community": cap,
            "meetings.notice": 26,
            "branches.secretary_hours": 3.0,
        },
        district,
    )
    model.authorities.staff()
    block = model.desks.block("community")
    before = model.desks.hours[block].copy()
    model.meeting_help.ask()
    model.branches.staff()
    model.meeting_help.give()
    help_ = model.meeting_help
    taken = before - model.desks.hours[block]
    by_branch = model.branches.for_meetings if branch else np.zeros(60)
    assert branch == bool(model.branches.for_meetings.any())
    missing = np.bincount(district.community, help_.wanted - by_branch, district.communities)
    np.testing.assert_allclose(taken, np.minimum(np.minimum(missing, cap), before), rtol=1e-9, atol=1e-9)
    assert help_.given.sum() == pytest.approx(by_branch.sum() + taken.sum(), rel=1e-12)
    assert model.costs.hours.get(("community", "owners' meetings"), 0.0) == pytest.approx(taken.sum())
    assert np.all(help_.given <= help_.wanted * (1.0 + 1e-12))
    each = help_.given * 100.0 / model.committees.owners
    np.testing.assert_allclose(model.committees.turnout_help, saturating(each, 0.15, 1.0), rtol=1e-12)


@pytest.mark.parametrize("kind", ["phantom", "paper"])
def test_branches_without_people_or_hours_help_nobody(kind: str) -> None:
    model = live(
        {**BARE, "branches.secretary_hours": 2.0, "branches.reporting_hours": 2.0 * (kind == "paper")}, level_ground(8)
    )
    rows = np.arange(8)
    model.branches.establish(
        Plan(np.full(8, BranchKind.OWN, dtype=np.int8), rows, np.zeros(8, np.int64), rows, kind == "phantom")
    )
    for _ in range(YEAR):
        pass_week(model, meet=False)
        assert not model.meeting_help.given.any() and not model.committees.turnout_help.any()


def test_help_without_hours_is_no_help() -> None:
    """To the bit, in a world in which everything is at work."""
    nothing = {"meetings.hours": 0.0, "meetings.founding_hours": 0.0}
    assert not differing(run(full(nothing)), run(full({"meetings.enabled": False})))
    assert not differing(
        run(full({"meetings.hours_branch": 0.0, "meetings.hours_community": 0.0})),
        run(full({"meetings.enabled": False})),
    )


def test_hours_that_bring_about_nothing_are_only_missed_elsewhere() -> None:
    """Without an effect on attendance and founding, help is a cost; committees differ only through what it costs."""
    model = helped({"meetings.turnout": 0.0, "meetings.founding": 0.0}, level_ground(20))
    bare = helped({"meetings.enabled": False}, level_ground(20))
    for _ in range(YEAR):
        pass_week(model)
        pass_week(bare)
    for name, array in model.committees.arrays().items():
        assert np.array_equal(array, bare.committees.arrays()[name]), name
