"""Coverage: what each strategy covers, what each control keeps, and what a bad strategy is told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.core.chance import Chance
from sim.core.errors import StrategyError
from sim.policies.coverage import CoverageSection, Plan, State, parse, plan, unregister
from sim.policies.coverage.assignment import circuits
from sim.policies.coverage.grouping import Sites, group
from sim.policies.coverage.strategies import kinds_of

NONE, OWN, DISPATCHED, JOINT = sim.BranchKind


@pytest.fixture(scope="module")
def district() -> sim.District:
    return sim.District.synthetic(120, seed=2)


@pytest.fixture(scope="module")
def members(district: sim.District) -> np.ndarray:
    return district.members(0.005)


def state_of(district: sim.District, members: np.ndarray, **changes: object) -> State:
    estates = district.estates
    values: dict[str, object] = {
        "week": 52,
        "wave": 0,
        "waves": 4,
        "share": 0.5,
        "hours": 60.0,
        "second": "joint",
        "needed": 3,
        "conflicts": Chance(1).uniform("test", 0, district.identity) * district.households / 500.0,
        "committee": district.committee,
        "covered": np.zeros(estates, dtype=bool),
        "satisfaction": np.full(estates, 0.5),
        "strength": district.strength[district.community],
        "own_hours": 2.0 + 0.2 * members,
        "second_hours": np.full(estates, 2.5),
        "chance": Chance(9),
    }
    return State(**(values | changes))  # type: ignore[arg-type]


def made(district: sim.District, members: np.ndarray, name: str, **changes: object) -> Plan:
    return plan(name, district, members, state_of(district, members, **changes), CoverageSection(), 4)


def test_own_covers_just_the_estates_with_three_members(district, members) -> None:
    found = made(district, members, "own")
    assert ((found.kind == OWN) == (members >= 3)).all() and not (found.kind > OWN).any()
    assert (found.home[found.kind == OWN] == np.flatnonzero(found.kind == OWN)).all()


def test_full_is_own_first_and_the_second_kind_elsewhere(district, members) -> None:
    for second, kind in (("joint", JOINT), ("dispatched", DISPATCHED)):
        found = made(district, members, "full", second=second)
        assert (found.kind[members >= 3] == OWN).all()
        assert set(found.kind[members < 3]) <= {kind, NONE}
    assert (made(district, members, "full", second="dispatched").kind > 0).all()


def test_estates_that_find_no_joint_group_are_counted_and_have_no_branch(district, members) -> None:
    found = made(district, members, "full")
    assert found.ungrouped == (found.kind == NONE).sum()
    assert ((found.home >= 0) == (found.kind > 0)).all()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("hotspot", lambda d, s: s.conflicts),
        ("largest", lambda d, s: d.households),
        ("weakest", lambda d, s: -s.strength),
    ],
)
def test_a_targeted_share_is_the_foremost_share(district, members, name, key) -> None:
    state = state_of(district, members, second="dispatched", share=0.25)
    found = made(district, members, name, second="dispatched", share=0.25)
    order = key(district, state)
    assert (found.kind > 0).sum() == 30
    assert order[found.kind > 0].min() >= order[found.kind == 0].max()


@pytest.mark.parametrize("name", ["random", "hotspot", "largest", "weakest"])
def test_estates_covered_at_a_smaller_share_are_covered_at_a_larger_one(district, members, name) -> None:
    some = made(district, members, name, share=0.2, second="dispatched").kind > 0
    more = made(district, members, name, share=0.6, second="dispatched").kind > 0
    assert (more | ~some).all() and more.sum() > some.sum()


def test_phased_covers_whole_communities_step_by_step_and_everyone_in_the_end(district, members) -> None:
    before = np.zeros(district.estates, dtype=bool)
    for wave in range(4):
        found = made(district, members, "phased", wave=wave, second="dispatched")
        covered = found.kind > 0
        assert (covered | ~before).all() and covered.sum() > before.sum()
        for community in range(district.communities):
            assert len(set(covered[district.community == community])) == 1
        before = covered
    assert before.all()


def test_budget_spends_at_most_its_hours_on_the_best_estates(district, members) -> None:
    state = state_of(district, members, second="dispatched")
    chosen = made(district, members, "budget", second="dispatched").kind > 0
    cost = np.where(members >= 3, state.own_hours, state.second_hours)
    assert 0 < cost[chosen].sum() <= 60.0
    assert (state.conflicts / cost)[chosen].min() >= (state.conflicts / cost)[~chosen].max()


def test_what_is_covered_stays_as_it_is(district, members) -> None:
    covered = np.arange(district.estates) % 2 == 0
    found = made(district, members, "full", covered=covered)
    assert (found.kind[covered] == NONE).all() and (found.home[covered] == -1).all()


def test_shuffled_moves_everything_together_within_size_classes(district, members) -> None:
    plain, moved = made(district, members, "full"), made(district, members, "shuffled:full")
    target = np.empty(district.estates, dtype=int)
    target[moved.origin] = np.arange(district.estates)
    assert sorted(moved.origin) == list(range(district.estates)) and (moved.origin != target).any()
    assert (moved.kind == plain.kind[moved.origin]).all()
    assert (moved.members == members[moved.origin]).all()
    served = plain.home >= 0
    assert (moved.home[target[served]] == target[plain.home[served]]).all()
    ranks = np.lexsort((district.identity, district.households)).argsort() * 5 // district.estates
    assert (ranks == ranks[moved.origin]).all()


def test_a_placebo_has_the_names_of_its_strategy(district, members) -> None:
    plain, placebo = made(district, members, "full"), made(district, members, "placebo:full")
    assert placebo.phantom and not plain.phantom
    assert (plain.kind == placebo.kind).all() and (plain.home == placebo.home).all()


def test_a_secretary_serves_up_to_z_neighbouring_estates_of_one_community(district) -> None:
    rows = np.flatnonzero(np.arange(district.estates) % 3 > 0)
    home = circuits(district, rows, 4)
    assert (district.community[home] == district.community[rows]).all()
    sizes = np.bincount(home)
    assert sizes.max() <= 4
    for community in np.unique(district.community[rows]):
        mine = district.community[rows] == community
        assert len(set(home[mine])) == -(-mine.sum() // 4)


@settings(max_examples=30)
@given(st.integers(2, 24), st.integers(0, 10_000), st.floats(0.3, 3.0), st.integers(2, 5))
def test_joint_groups_are_neighbours_with_members_enough(size: int, seed: int, radius: float, limit: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.random(size) * 3, rng.random(size) * 3
    street, members = rng.integers(0, 2, size), rng.integers(0, 3, size)
    identity = rng.integers(0, 2**63, size).astype(np.uint64)
    rules = CoverageSection(radius=radius, group_limit=limit, nearest=8, members_needed=3, node_limit=10)
    found = group(Sites(x, y, street, members, identity), rules)
    for home in np.unique(found.home[found.home >= 0]):
        rows = np.flatnonzero(found.home == home)
        assert home in rows and 2 <= rows.size <= limit and members[rows].sum() >= 3
        assert len(set(street[rows])) == 1
        assert np.hypot(x[rows] - x[home], y[rows] - y[home]).max() <= radius + 1e-3
    order = rng.permutation(size)
    again = group(Sites(*(column[order] for column in (x, y, street, members, identity))), rules)
    back = np.where(again.home >= 0, order[again.home], -1)
    assert (back == found.home[order]).all()


def partitions(rows: list[int]) -> Iterator[list[tuple[int, ...]]]:
    """Every way to put some rows into groups of two or more, the others into none."""
    if not rows:
        yield []
        return
    first, rest = rows[0], rows[1:]
    yield from partitions(rest)
    for size in range(1, len(rest) + 1):
        for others in combinations(rest, size):
            left = [row for row in rest if row not in others]
            for more in partitions(left):
                yield [(first, *others), *more]


@pytest.mark.parametrize("seed", range(8))
def test_the_grouping_is_the_best_of_all_where_all_can_be_tried(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size, radius, limit = 7, 1.2, 4
    x, y, members = rng.random(size) * 2, rng.random(size) * 2, rng.integers(0, 3, size)
    identity = rng.integers(0, 2**63, size).astype(np.uint64)
    rules = CoverageSection(radius=radius, group_limit=limit, nearest=7, members_needed=3, node_limit=1000)
    found = group(Sites(x, y, np.zeros(size, dtype=int), members, identity), rules)
    distance = np.hypot(x[:, None] - x, y[:, None] - y)

    def cost(rows: tuple[int, ...]) -> float | None:
        if len(rows) > limit or members[list(rows)].sum() < 3:
            return None
        reach = [distance[home, list(rows)] for home in rows]
        fits = [one.sum() for one in reach if one.max() <= radius]
        return min(fits) if fits else None

    best = (0, 0.0)
    for groups in partitions(list(range(size))):
        costs = [cost(rows) for rows in groups]
        if None not in costs:
            best = min(best, (-sum(map(len, groups)), sum(costs)))  # type: ignore[type-var]
    assert found.optimal
    assert (found.home >= 0).sum() == -best[0]
    assert found.kilometres == pytest.approx(best[1], abs=0.005)


def test_the_node_limit_ends_the_search_with_something_valid(district, members) -> None:
    sparse = np.minimum(members, 1)
    rules = CoverageSection(radius=3.0, group_limit=4, nearest=8, members_needed=3, node_limit=1)
    found = group(Sites.from_district(district, sparse, np.arange(district.estates)), rules)
    assert (found.home >= 0).any() and found.proven <= found.parts
    for home in np.unique(found.home[found.home >= 0]):
        assert sparse[found.home == home].sum() >= 3


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ful", 'Did you mean "full"'),
        ("placebo:ful", 'Did you mean "full"'),
        ("placbo:full", 'Did you mean "placebo"'),
        ("placebo:shuffled:full", "control of a control"),
        ("", 'Unknown strategy ""'),
    ],
)
def test_unknown_names_are_told_with_the_nearest(name: str, says: str) -> None:
    with pytest.raises(sim.StrategyError, match=says):
        parse(name)


@pytest.mark.parametrize(
    "answer", [[0, 1], np.full(120, 7), np.full(120, -1), np.full(120, 0.5), ["owned"] * 120, None]
)
def test_a_strategy_that_answers_nonsense_is_told_so(district, members, answer) -> None:
    sim.strategy("nonsense")(lambda district, members, state: answer)
    try:
        with pytest.raises(sim.StrategyError, match="nonsense"):
            made(district, members, "nonsense")
    finally:
        unregister("nonsense")


def test_a_class_with_assign_and_names_for_kinds_is_a_strategy(district, members) -> None:
    @sim.strategy("big")
    class Big:
        """Dispatch to the big ones."""

        def assign(self, district, members, state) -> list[str]:  # noqa: ANN001
            return ["dispatched" if households > 800 else "none" for households in district.households]

    try:
        found = made(district, members, "big")
        assert ((found.kind == DISPATCHED) == (district.households > 800)).all()
    finally:
        unregister("big")


def test_built_in_names_and_odd_names_cannot_be_taken() -> None:
    for name in ("full", "a:b", "a b", ""):
        with pytest.raises(sim.StrategyError):
            sim.strategy(name)


@pytest.mark.parametrize("answer", [[True, False, True], np.array([True, False, True])])
def test_true_and_false_are_no_kinds_of_branch(answer: Any) -> None:
    with pytest.raises(StrategyError, match='"mine" gave true and false.*np.where'):
        kinds_of("mine", answer, 3)
