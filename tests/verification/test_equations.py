"""The arithmetic of mechanisms as pure functions: where it is, that it knows no model, and what is known of it."""

from __future__ import annotations

import ast
import importlib
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, chisquare

from sim import Scenario
from sim.disputes.disputes_equations import finished, learnt, leaving, settlement_logit, severity
from sim.disputes.private_equations import chance_of_agreement, chance_of_ending, with_odds
from sim.policies.deliberation.deliberation_equations import closing, joined_pairs
from sim.policies.empowerment.empowerment_equations import awards_given, seen_share
from sim.policies.supervision.supervision_equations import heard, hours_per_weight, inspection_rates, released
from sim.residents.collective.collective_equations import chance_of_stir, received, shares
from sim.residents.grievances_equations import boils_over, faded, heaviest, listeners, remains_by_week
from sim.residents.voice_equations import nested_choice, perceived, utility_of, worth
from sim.stakeholders.committees.committees_equations import proxy_trust
from sim.stakeholders.couriers.couriers_equations import gain, removed, week_together
from tests.support.import_graph import module_of, tree
from tests.support.repository import ROOT, name_of, tracked

EQUATIONS = tracked(r"^sim/.*_equations\.py$")
DESKS = Scenario().desks
WORDS = st.integers(0, 2**64 - 1)


# Where they are --------------------------------------------------------------------------------------------


def test_equations_know_no_model() -> None:
    """Arrays and numbers in, arrays and numbers out: neither the model nor a component is named or imported."""
    wrong = []
    for path in EQUATIONS:
        for node in ast.walk(tree(path)):
            named = isinstance(node, ast.Name) and node.id in ("model", "self")
            taken = isinstance(node, ast.arg) and node.arg in ("model", "self")
            kept = isinstance(node, ast.ClassDef | ast.Global)
            whence = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            part = whence.startswith("sim.") and not whence.startswith(("sim.core.", "sim.parameters."))
            section = isinstance(node, ast.ImportFrom) and all(one.name.endswith("Section") for one in node.names)
            if named or taken or kept or (part and not section and not whence.endswith("_equations")):
                wrong.append(f"{name_of(path)}:{getattr(node, 'lineno', 0)}")
    assert len(EQUATIONS) >= 11 and not wrong


def test_every_equation_has_a_test_of_its_own() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in tracked(r"^tests/.*\.py$"))
    names = [name for path in EQUATIONS for name in importlib.import_module(module_of(path)).__all__]
    assert not [name for name in names if f"{name}(" not in tests and not name.isupper()]


def test_the_page_of_the_model_says_where_they_are() -> None:
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    assert not [name for path in EQUATIONS if (name := name_of(path).removeprefix("sim/")) not in page]


# M2 --------------------------------------------------------------------------------------------------------


@given(st.floats(0.5, 100.0), st.integers(0, 400), st.integers(0, 400))
def test_fading_twice_is_fading_once_for_as_long(half_life: float, first: int, second: int) -> None:
    remains = remains_by_week(half_life)
    start = np.array([8.0], dtype=np.float32)
    twice = faded(faded(start, np.array([first]), remains), np.array([second]), remains)
    assert twice == pytest.approx(faded(start, np.array([first + second]), remains), rel=1e-5, abs=1e-30)
    assert faded(start, np.array([first]), remains) == pytest.approx(
        8.0 * 0.5 ** (first / half_life), rel=1e-5, abs=1e-30
    )


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), min_size=1, max_size=30))
def test_the_heaviest_push_is_that_of_each_person(pushes: list[tuple[int, int]]) -> None:
    person, push = np.array(pushes).T
    over = (person % 2 == 0).nonzero()[0]
    found = heaviest(person, push.astype(np.float32), over)
    assert person[found].tolist() == sorted(set(person[over].tolist()))
    for place in found:
        same = [n for n in over if person[n] == person[place]]
        assert push[place] == push[same].max() and place == min(n for n in same if push[n] == push[place])


@settings(max_examples=50)
@given(st.integers(1, 40), st.integers(1, 7), st.integers(0, 39), st.lists(WORDS, min_size=1, max_size=20))
def test_a_listener_lives_in_the_building_or_in_the_estate(
    adults: int, buildings: int, who: int, draws: list[int]
) -> None:
    word = np.array(draws, dtype=np.uint64)
    speaker = np.full(word.size, who % adults)
    every = [np.full(word.size, number) for number in (adults, buildings)]
    near = listeners(speaker, *every, np.ones(word.size, dtype=bool), word)
    far = listeners(speaker, *every, np.zeros(word.size, dtype=bool), word)
    assert ((near >= 0) & (near < adults)).all() and (near % buildings == speaker % buildings).all()
    assert ((far >= 0) & (far < adults)).all()


def test_all_adults_of_the_building_hear_it_as_often_and_so_does_the_speaker() -> None:
    """The speaker is one of them: a chance of 1 over the adults of the building, as docs/model.md says."""
    number, adults, buildings = 60_000, 23, 4
    word = np.random.default_rng(5).integers(0, 2**64, number, dtype=np.uint64)
    every = [np.full(number, value) for value in (6, adults, buildings)]
    counts = np.bincount(listeners(*every, np.ones(number, dtype=bool), word), minlength=adults)
    neighbours = np.arange(6 % buildings, adults, buildings)
    assert counts.sum() == counts[neighbours].sum() and chisquare(counts[neighbours]).pvalue > 1e-3
    assert counts[6] / number == pytest.approx(1.0 / neighbours.size, abs=0.01)


def test_a_district_boils_over_where_three_deviations_are_exceeded() -> None:
    for parents in (201, 1000, 10_000):
        limit = parents + 3.0 * parents**0.5
        assert not boils_over(int(limit), parents) and boils_over(int(limit) + 1, parents)
    assert not boils_over(10**6, 200)


# M3 --------------------------------------------------------------------------------------------------------


def test_the_worth_of_a_channel_rises_with_success_and_falls_with_the_wait() -> None:
    success, wait = np.random.default_rng(1).random((2, 7, 5))
    base, access = np.arange(7.0)[:, None], np.zeros((7, 5))
    access[3, 2] = -np.inf
    value = worth(success, 4.0 * wait, base, access, 1.5, 0.5)
    expected = 1.5 * success - 0.5 * np.log(1.0 + 4.0 * wait) + base
    np.testing.assert_allclose(value[1:3], expected[1:3], rtol=1e-12)
    np.testing.assert_allclose(value[0], 1.5 * success[0], rtol=1e-12, atol=1e-12)
    assert value[3, 2] == -np.inf and np.isinf(value).sum() == 1


def test_trust_speaks_for_those_in_whom_it_is_and_for_the_platform() -> None:
    standing, trust, own = (
        np.zeros((7, 2)),
        np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]),
        np.array([0.5, 0.0]),
    )
    utility = utility_of(standing, trust, own, slice(2, 6), 6)
    assert utility[1:].tolist() == [[0.5, 0.0], [1.5, 2.0], [3.5, 4.0], [5.5, 6.0], [7.5, 8.0], [5.5, 6.0], [0.5, 0.0]]


def test_who_does_not_take_a_new_door_keeps_the_choice_made_without_it() -> None:
    rng = np.random.default_rng(2)
    utility, noise = rng.normal(size=(6, 4000)), rng.gumbel(size=(6, 4000))
    noisy = utility + noise
    without = noisy[:4].argmax(axis=0)
    taken = nested_choice(utility, noisy.copy(), [1, 2], [4, 5], 0.3)
    new = taken >= 4
    assert new.any() and (taken[~new] == without[~new]).all()
    assert (taken[new] == 4 + (noisy[5] > noisy[4])[new]).all()


def test_perception_goes_from_the_prior_to_the_own_experience() -> None:
    community = np.array([0, 0, 1])
    prior, edges = 5.0 * np.array([0.4, 2.0]).reshape(2, 1, 1), np.array([0, 2])
    nothing = perceived(np.zeros((3, 1, 3)), edges, community, prior, 5.0)
    np.testing.assert_allclose(nothing, np.broadcast_to([[[0.4]], [[2.0]]], (2, 1, 3)))
    much = 1e9 * np.array([1.0, 0.9, 3.0]).reshape(3, 1, 1) * np.array([1.0, 0.0, 0.0])
    success, wait = perceived(much, edges, community, prior, 5.0)
    np.testing.assert_allclose(success, [[0.9, 0.9, 0.4]], rtol=1e-6)
    np.testing.assert_allclose(wait, [[3.0, 3.0, 2.0]], rtol=1e-6)


def test_an_equal_agrees_by_the_law_of_every_settlement() -> None:
    grievance, threshold = np.array([2.0, 6.0, 18.0], dtype=np.float32), np.full(3, 6.0, dtype=np.float32)
    far = severity(grievance, threshold)
    np.testing.assert_allclose(far, np.log([1.0, 1.0, 3.0]), rtol=1e-6)
    none = np.zeros(3)
    logit = settlement_logit((np.full(3, 0.5), none), none, far, none, DESKS)
    chance = chance_of_agreement(grievance, threshold, 0.5, DESKS)
    np.testing.assert_allclose(np.log(chance / (1.0 - chance)), logit, rtol=1e-6)


def test_only_a_body_ends_a_cause_as_far_as_it_takes_care() -> None:
    willing, care = np.array([0.4, 0.4]), np.array([0.25, 0.25])
    assert chance_of_ending(willing, np.array([True, False]), care).tolist() == [0.4, 0.1]


@given(st.floats(0.01, 0.99), st.floats(0.01, 50.0), st.floats(0.01, 50.0))
def test_odds_multiply(chance: float, first: float, second: float) -> None:
    one, odds = np.array([chance]), chance / (1.0 - chance)
    found = with_odds(with_odds(one, np.array([first])), np.array([second])).item()
    assert found / (1.0 - found) == pytest.approx(odds * first * second, rel=1e-6)


# M4 --------------------------------------------------------------------------------------------------------


@given(st.floats(0.0, 10.0), st.floats(0.1, 10.0), st.floats(0.0, 1.0), st.floats(0.0, 5.0))
def test_a_case_is_done_within_the_week_and_after_it_could_begin(
    spent: float, more: float, late: float, own: float
) -> None:
    hours = spent + more
    moment = float(finished(7.0, *(np.array([value]) for value in (spent, hours, 7.0 + late, min(own, spent)))).item())
    assert 7.0 <= moment <= 8.0 and moment >= min(7.0 + late, 8.0)
    assert moment >= min(7.0 + spent / hours, 8.0) - 1e-12


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 5.0))
def test_patience_has_no_memory(first: float, second: float, patience: float) -> None:
    stays = [1.0 - leaving(np.array([part]), patience).item() for part in (first, second, first + second)]
    assert stays[0] * stays[1] == pytest.approx(stays[2], rel=1e-12)


def test_weights_of_a_settlement_are_those_declared() -> None:
    zero, one = np.zeros(1), np.ones(1)
    at_rest = settlement_logit((zero, zero), zero, zero, zero, DESKS)
    cases = {
        "legitimacy": ((one, zero), zero, zero, zero),
        "knowledge": ((zero, one), zero, zero, zero),
        "authority": ((zero, zero), one, zero, zero),
        "severity": ((zero, zero), zero, one, zero),
        "interest": ((zero, zero), zero, zero, one),
    }
    assert at_rest.item() == DESKS.settle_constant
    for name, given_ in cases.items():
        sign = -1.0 if name in ("severity", "interest") else 1.0
        weight = getattr(DESKS, f"settle_{name}")
        assert (settlement_logit(*given_, DESKS) - at_rest).item() == pytest.approx(sign * weight)


def test_knowledge_stands_still_where_learning_and_leaking_balance() -> None:
    gained = -np.expm1(-0.02 * 3.0 / 2.0)
    balance = np.array([gained / (gained + 0.004)])
    assert learnt(balance, np.array([3.0]), np.array([2.0]), 0.02, 0.004).item() == pytest.approx(0.0, abs=1e-15)
    assert learnt(np.zeros(1), np.zeros(1), np.ones(1), 0.02, 0.004).item() == 0.0


# M7, M10, M11 ----------------------------------------------------------------------------------------------


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=4))
def test_one_proxy_of_several_that_takes_care_is_enough(trusts: list[float]) -> None:
    held = proxy_trust(*(np.array(trust) for trust in trusts))
    assert float(held) == pytest.approx(1.0 - np.prod(1.0 - np.array(trusts)), abs=1e-12)
    assert proxy_trust(*(np.array(trust) for trust in (*trusts, 0.0))) == held


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_captured_branch_sees_only_what_shows(visible: float, captured: float) -> None:
    assert 1.0 - seen_share(visible, captured) == pytest.approx((1.0 - visible) * (1.0 - captured), abs=1e-12)


def test_awards_are_one_on_average_weights_and_follow_what_is_visible() -> None:
    serving, mediating = np.array([3.0, 2.0, 0.0, 0.0]), np.array([1.0, 0.0, 5.0, 0.0])
    assert awards_given(serving, mediating, 0.5).tolist() == [1.0, 1.0, 1.0, 0.0]
    assert awards_given(serving, mediating, 1.0).tolist() == [1.5, 2.0, 0.0, 0.0]


@given(st.floats(0.0, 1.0), st.integers(0, 3), st.integers(0, 3))
def test_seats_close_a_gap_each_by_its_share_of_what_is_left(share: float, first: int, second: int) -> None:
    left = [1.0 - float(closing(share, overlap)) for overlap in (first, second, first + second)]
    assert left[0] * left[1] == pytest.approx(left[2], abs=1e-12)


def test_only_bodies_that_stand_are_joined_and_no_more_than_asked_for() -> None:
    bodies = np.array([[n >> k & 1 for n in range(8)] for k in range(3)], dtype=bool)
    number = bodies.sum(axis=0)
    for overlap in range(4):
        pairs = joined_pairs(bodies, overlap)
        assert pairs.sum(axis=0).tolist() == np.minimum(number * (number - 1) // 2, overlap).tolist()


# M8 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("shocks", "broken"), [(0, 0), (1, 0), (2, 3)])
def test_one_trigger_of_several_is_enough(shocks: int, broken: int) -> None:
    chance = chance_of_stir(np.array([shocks]), np.array([broken]), 0.3, 0.1).item()
    assert chance == pytest.approx(1.0 - binom.pmf(0, shocks, 0.3) * binom.pmf(0, broken, 0.1))


@given(st.lists(st.integers(0, 6), max_size=40), st.integers(0, 4))
def test_so_many_of_each_crowd_are_received(crowd: list[int], places: int) -> None:
    rows = np.array(sorted(crowd), dtype=np.int64)
    goes = received(rows, places, 7)
    assert np.bincount(rows[goes], minlength=7).tolist() == [min(crowd.count(n), places) for n in range(7)]


def test_shares_are_of_the_own_crowd() -> None:
    assert shares(np.array([True, False, True]), np.array([0, 0, 1]), 3).tolist() == [0.5, 1.0, 0.0]


# M12 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loyalty", [0.0, 0.5])
def test_a_week_of_riders_has_the_probabilities_of_the_page(loyalty: float) -> None:
    """On an even grid of draws the shares are the probabilities: leave, relapse, become careful, take up."""
    p = SimpleNamespace(turnover=0.05, loyalty=loyalty, relapse=0.04)
    draw = (np.arange(200_000) + 0.5) / 200_000
    for safe in (True, False):
        for user in (True, False):
            turns = gain(np.full(draw.size, 0.5), a=0.03, b=0.1, norm="linear")
            was, used = np.full(draw.size, safe), np.full(draw.size, user)
            after, uses, gone = week_together(draw, was, used, turns, 0.03, p)  # type: ignore[arg-type]
            leaves = 0.05 * (1.0 - loyalty * user)
            assert gone.mean() == pytest.approx(leaves, abs=1e-5)
            stays = ~gone
            changed = (after[stays] != safe).sum() / draw.size
            assert changed == pytest.approx(0.04 if safe else 0.08, abs=1e-5)
            using = uses[stays].sum() / draw.size
            expected = (1.0 - leaves - 0.04 * safe) if user else 0.03
            assert using == pytest.approx(expected, abs=1e-5)


def test_reports_remove_what_they_are_of_what_there_is() -> None:
    worked, stock = np.array([1.0, 5.0, 0.0]), np.array([4.0, 5.0, 0.0])
    assert (stock * (1.0 - removed(worked, stock))).tolist() == [3.0, 0.0, 0.0]


# M14 -------------------------------------------------------------------------------------------------------


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 20.0))
def test_inspections_find_something_or_nothing(invisible: float, detection: float, rate: float) -> None:
    found, clean = inspection_rates(np.array([invisible]), detection, np.array([rate]))
    assert found.item() == pytest.approx(rate * detection * (1.0 - invisible))
    assert found.item() + clean.item() == pytest.approx(rate) and clean.item() >= 0.0


def test_hours_are_used_up_in_proportion_to_weights() -> None:
    weight, tier = np.array([1.0, 3.0, 0.0]), np.array([0, 0, 1])
    each = hours_per_weight(np.array([8.0, 8.0]), np.bincount(tier, weight, 2))
    assert (each[tier] * weight).tolist() == [2.0, 6.0, 0.0]


def test_complaints_are_remembered_as_an_average_that_fades() -> None:
    known = np.zeros(1)
    for _ in range(10):
        known += heard(known, np.array([3]), 10.0)
    assert known.item() == pytest.approx(3.0 * (1.0 - np.exp(-1.0)))


def test_each_clean_inspection_releases_independently() -> None:
    draw = (np.arange(100_000) + 0.5) / 100_000
    for clean in (0, 1, 4):
        freed = released(draw, np.full(draw.size, clean), 0.2)
        assert freed.mean() == pytest.approx(1.0 - 0.8**clean, abs=1e-5)
