"""Joint groups: the choice among candidates, its limits, its fallback, its memory."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.policies.coverage import CoverageSection, grouping, packing
from sim.policies.coverage.candidates import Candidates, candidates
from sim.policies.coverage.grouping import Grouping, Sites, group
from sim.policies.coverage.relaxation import triples

RULES = CoverageSection(radius=1.5, group_limit=5, nearest=6, members_needed=3, node_limit=10)


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """Begin every test without remembered results."""
    grouping._memory.clear()


@pytest.fixture(scope="module")
def ground() -> Sites:
    district = sim.District.synthetic(150, seed=4)
    members = district.members(0.005)
    rows = np.flatnonzero(members < 3)
    return Sites.from_district(district, members, rows)


def small(seed: int, size: int = 9) -> tuple[Candidates, np.ndarray]:
    """Candidates among a few estates, and the members there."""
    rng = np.random.default_rng(seed)
    place, members = rng.random((size, 2)), rng.integers(0, 3, size)
    near, metres = grouping._neighbours(place, 1.0, size - 1)
    return candidates(near, metres, members, rng.integers(0, 2**63, size).astype(np.uint64), 5, 3), members


def best_of_all(groups: Candidates, estates: int) -> tuple[int, int]:
    """Most estates covered and least metres, by going through every choice."""
    masks = (1 << np.where(groups.member < estates, groups.member, 62)).sum(axis=1) & ((1 << estates) - 1)
    lines = list(zip(masks.tolist(), groups.size.tolist(), groups.cost.tolist(), strict=True))
    best = {0: (0, 0)}
    for estate in range(estates):
        for taken, (covered, metres) in list(best.items()):
            for mask, size, cost in lines:
                if mask & -mask == 1 << estate and not mask & taken:
                    found = (covered - size, metres + cost)
                    best[taken | mask] = min(best.get(taken | mask, found), found)
    covered, metres = min(best.values())
    return -covered, metres


def check(found: Grouping, ground: Sites) -> None:
    """Assert that groups are groups."""
    x, y, street, members = ground.x, ground.y, ground.street, ground.members
    for home in np.unique(found.home[found.home >= 0]):
        rows = np.flatnonzero(found.home == home)
        assert home in rows and 2 <= rows.size <= RULES.group_limit and members[rows].sum() >= RULES.members_needed
        assert np.unique(street[rows]).size == 1
        assert np.hypot(x[rows] - x[home], y[rows] - y[home]).max() <= RULES.radius + 1e-3


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_the_chosen_groups_are_the_best_of_all_choices(seed: int) -> None:
    groups, members = small(seed)
    if len(groups) == 0:
        return
    found = packing.pack(groups, members.size, int(members.sum()) // 3, 1000)
    assert found.proven
    chosen = found.chosen
    places = groups.member[chosen][groups.member[chosen] < members.size]
    assert np.unique(places).size == places.size
    assert (groups.size[chosen].sum(), groups.cost[chosen].sum()) == best_of_all(groups, members.size)


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_added_rows_hold_for_every_whole_choice(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups, members = small(seed)
    if len(groups) == 0:
        return
    for three in triples(groups.member, rng.random(len(groups)) * 0.8 + 0.1, members.size):
        inside = np.isin(groups.member, three).sum(axis=1) >= 2
        pairs = groups.member[inside]
        shared = (pairs[:, None, :, None] == pairs[None, :, None, :]) & (pairs < members.size)[:, None, :, None]
        assert shared.any(axis=(2, 3)).all()  # any two of them share an estate, so one at most is chosen


def test_the_solver_is_stopped_by_nodes_and_never_by_the_clock(monkeypatch) -> None:
    district = sim.District.synthetic(300, seed=1)
    seen, real = [], scipy.optimize.milp

    def watched(*values, **words):  # noqa: ANN002, ANN003
        seen.append(dict(words["options"]))  # the solver empties the dictionary
        return real(*values, **words)

    monkeypatch.setattr(scipy.optimize, "milp", watched)
    members = np.minimum(district.members(0.005), 2)
    group(Sites.from_district(district, members, np.arange(district.estates)), RULES)
    assert seen and all(options == {"node_limit": 10, "mip_rel_gap": 0.0} for options in seen)


def test_without_an_answer_from_the_programme_the_greedy_choice_stands(ground, monkeypatch) -> None:
    best = group(ground, RULES)
    grouping._memory.clear()
    monkeypatch.setattr(scipy.optimize, "milp", lambda *_, **__: SimpleNamespace(x=None, status=1))
    monkeypatch.setattr(scipy.optimize, "linprog", lambda *_, **__: SimpleNamespace(success=False))
    found = group(ground, RULES)
    check(found, ground)
    assert not found.optimal and found.fallbacks == found.parts > 0
    assert 0 < (found.home >= 0).sum() <= (best.home >= 0).sum()
    assert (found.home >= 0).sum() + found.missed >= (best.home >= 0).sum()


def test_large_parts_are_cut_in_two_and_stay_valid(ground, monkeypatch) -> None:
    monkeypatch.setattr(grouping, "LARGEST", 12)
    found = group(ground, RULES)
    check(found, ground)
    assert (found.home >= 0).sum() > 0.7 * found.home.size


def test_a_second_asking_is_answered_from_memory_and_other_content_is_not(ground) -> None:
    first = group(ground, RULES)
    assert group(deepcopy(ground), RULES) is first
    members = ground.members.copy()
    members[0] += 1
    assert group(replace(ground, members=members), RULES) is not first
    assert group(ground, RULES.model_copy(update={"radius": 1.0})) is not first


def test_memory_is_bounded(ground, monkeypatch) -> None:
    monkeypatch.setattr(grouping, "_KEPT", 3)
    for radius in (0.1, 0.2, 0.3, 0.4, 0.5):
        group(ground, RULES.model_copy(update={"radius": radius}))
    assert len(grouping._memory) == 3


def test_the_same_question_has_the_same_answer_when_asked_anew(ground) -> None:
    first = group(ground, RULES)
    grouping._memory.clear()
    again = group(ground, RULES)
    assert again is not first and (again.home == first.home).all()


def test_estates_at_one_place_are_told_apart_by_identity_not_by_row() -> None:
    rng = np.random.default_rng(5)
    identity = rng.integers(0, 2**63, 12).astype(np.uint64)
    zero, members = np.zeros(12), np.ones(12, dtype=np.int64)
    first = group(Sites(zero, zero, zero.astype(int), members, identity), RULES)
    order = rng.permutation(12)
    second = group(Sites(zero, zero, zero.astype(int), members, identity[order]), RULES)
    assert (order[second.home] == first.home[order]).all() and (first.home >= 0).all()


@pytest.mark.parametrize(("x", "members"), [([0.0], [5]), ([0.0, 9.0], [5, 5]), ([0.0, 0.1, 0.2], [0, 0, 2])])
def test_whoever_cannot_be_grouped_is_in_no_group(x: list[float], members: list[int]) -> None:
    size = len(x)
    zero, identity = np.zeros(size), np.arange(size, dtype=np.uint64)
    found = group(Sites(np.array(x), zero, zero.astype(int), np.array(members), identity), RULES)
    assert (found.home == -1).all() and found.kilometres == 0.0
