"""M7: quorum, integrity and skill against their closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.core.chance import Chance, combine, lognormal_levels
from sim.stakeholders.committees import (
    CommitteesSection,
    attendance_probability,
    integrity_fixed_point,
    is_quorate,
    needed,
    skill_after,
)
from sim.stakeholders.committees.assembly import Meetings, assemble
from tests.support.closed_forms import quorum_probability

TWO_THIRDS = 2 / 3
RULES = CommitteesSection(quorum=TWO_THIRDS, majority=0.5)


def hold(estates: int, owners: int, attends: float, *, area_log_sd: float = 0.0, against: float = 0.5):
    """Let many estates of one size meet."""
    week = 3
    identity = combine(np.arange(estates, dtype=np.uint64), owners)
    meetings = Meetings(identity, *(np.full(estates, value) for value in (owners, attends, against)))
    return assemble(Chance(11), week, meetings, lognormal_levels(area_log_sd), RULES)


def binomial_tail(least: int, n: int, p: float) -> float:
    return sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(least, n + 1))


@given(st.integers(1, 120), st.floats(0.0, 1.0), st.sampled_from([0.0, 0.5, TWO_THIRDS, 0.75, 1.0]))
def test_the_probability_of_a_quorum_is_a_binomial_tail(n, p, quorum) -> None:
    least = math.ceil(round(n * quorum * 12) / 12)
    assert needed(n, quorum) == least
    assert quorum_probability(p, n, quorum) == pytest.approx(binomial_tail(least, n, p), abs=1e-9)


@pytest.mark.parametrize(("owners", "attends"), [(1, 0.6), (6, 0.5), (12, 0.6), (30, 0.6), (60, 0.7)])
def test_meetings_with_equal_flats_are_valid_as_often_as_the_binomial_says(owners, attends) -> None:
    estates = 6000
    valid = hold(estates, owners, attends).valid.mean()
    expected = float(quorum_probability(attends, owners))
    assert abs(valid - expected) < 4 * math.sqrt(expected * (1 - expected) / estates)


def test_large_estates_stay_below_the_quorum_where_small_ones_pass_by_luck() -> None:
    sizes = np.array([6, 15, 30, 60, 150, 300, 900])
    expected = quorum_probability(0.6, sizes)
    assert np.all(np.diff(expected) < 0)
    assert expected[0] > 0.5 and expected[-1] < 1e-4
    assert hold(2000, 6, 0.6, area_log_sd=0.4).valid.mean() > 0.35
    assert not hold(200, 900, 0.6, area_log_sd=0.4).valid.any()


def test_where_attendance_exceeds_the_quorum_large_estates_reach_it_more_surely() -> None:
    sizes = np.array([6, 60, 300, 900])
    expected = quorum_probability(0.72, sizes)
    assert expected[-1] > 0.999 and expected[-1] > expected[1] > 0.5


def test_a_quorum_by_area_can_only_make_it_harder() -> None:
    equal, unequal = hold(4000, 24, 0.65), hold(4000, 24, 0.65, area_log_sd=0.8)
    assert np.array_equal(equal.attendance, unequal.attendance)
    assert not (unequal.valid & ~equal.valid).any()
    assert unequal.valid.sum() < equal.valid.sum()


def test_two_thirds_of_the_owners_with_the_small_flats_are_no_quorum() -> None:
    assert not is_quorate(2, 3, 1.9, 3.0, TWO_THIRDS)
    assert is_quorate(2, 3, 2.0, 3.0, TWO_THIRDS)
    assert not is_quorate(1, 3, 2.9, 3.0, TWO_THIRDS)


def test_more_than_half_of_those_who_came_must_agree() -> None:
    held = hold(5000, 3, 1.0, against=0.5)
    expected = binomial_tail(2, 3, 0.5)
    assert held.against.mean() == pytest.approx(expected, abs=0.03)
    # With two who came, one against is not more than half.
    assert hold(5000, 2, 1.0, against=0.5).against.mean() == pytest.approx(0.25, abs=0.03)


def test_who_else_meets_changes_nobodys_meeting() -> None:
    identity, owners = combine(np.arange(5, dtype=np.uint64), 1), np.array([4, 30, 7, 90, 12])
    areas = lognormal_levels(0.4)
    p, q = np.full(5, 0.65), np.full(5, 0.5)
    together = assemble(Chance(5), 9, Meetings(identity, owners, p, q), areas, RULES)
    some = np.array([3, 1])
    apart = assemble(Chance(5), 9, Meetings(identity[some], owners[some], p[some], q[some]), areas, RULES)
    for name in ("attendance", "valid", "against"):
        assert np.array_equal(getattr(together, name)[some], getattr(apart, name))


def test_better_turnout_only_adds_participants() -> None:
    low, high = hold(500, 40, 0.5), hold(500, 40, 0.6)
    assert np.all(high.attendance >= low.attendance)
    assert not (low.valid & ~high.valid).any()


def test_attendance_rises_with_grievance_and_trust_and_falls_with_a_trusted_proxy() -> None:
    p = CommitteesSection(turnout_grievance=1.0, grievance_reference=0.001, turnout_trust=1.0)
    weights = {"constant": 0.4, "crowding_out": 0.5, "committees": p}
    neutral = attendance_probability(0.001, 0.5, 0.5, **weights)
    assert neutral == pytest.approx(1 / (1 + math.exp(-0.4)))
    assert attendance_probability(0.01, 0.5, 0.5, **weights) > neutral
    assert attendance_probability(0.001, 0.9, 0.5, **weights) > neutral
    assert attendance_probability(0.001, 0.5, 0.9, **weights) < neutral
    assert attendance_probability(0.001, 0.5, 0.9, **{**weights, "crowding_out": 0.0}) == neutral


def test_integrity_settles_where_recovery_and_capture_balance() -> None:
    audit, capture, start = np.random.default_rng(2).random((3, 500))
    for recovery in (0.005, 0.1):
        settled = integrity_fixed_point(audit, recovery=recovery, capture=0.2 * capture)
        assert np.allclose(settled, recovery / (recovery + 0.2 * capture * (1 - audit)))
        integrity = start
        for _ in range(3000):
            integrity = integrity + recovery * (1 - integrity) - 0.2 * capture * (1 - audit) * integrity
        assert np.allclose(integrity, settled, atol=1e-5)


def test_full_audit_keeps_a_committee_honest() -> None:
    assert integrity_fixed_point(1.0, recovery=0.01, capture=0.5) == 1.0


def test_unused_skill_decays_geometrically_and_use_fills_it_up() -> None:
    skill = np.array([0.8, 0.8])
    for _ in range(100):
        skill = skill_after(skill, [0, 2], gain=0.05, decay=0.01)
    assert skill[0] == pytest.approx(0.8 * 0.99**100)
    assert skill[1] == pytest.approx(1 - 0.2 * 0.95**200)


def test_skill_with_a_case_now_and_then_settles_where_gain_and_decay_balance() -> None:
    often, gain, decay, rng = 0.2, 0.05, 0.01, np.random.default_rng(4)
    skill, kept = np.full(4000, 0.5), []
    for week in range(600):
        skill = skill_after(skill, rng.random(4000) < often, gain=gain, decay=decay)
        if week >= 400:
            kept.append(skill.mean())
    assert np.mean(kept) == pytest.approx(often * gain / (often * gain + (1 - often) * decay), abs=0.005)
