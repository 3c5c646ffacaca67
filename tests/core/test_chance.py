"""Common random numbers: draws are what they should be, and belong to identities and to nothing else."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import District, GovernanceModel, Scenario
from sim.core.chance import (
    LEVELS,
    Chance,
    combine,
    level,
    lognormal_levels,
    normal_levels,
    poisson_quantile,
    share,
    unit,
)

MANY = 100_000
PEOPLE = np.arange(MANY, dtype=np.uint64) + np.uint64(0x1234_5678_9ABC_DEF0)
"""Neighbours in one estate: identities that differ by one, the hardest case for a hash."""

seeds = st.integers(0, 2**63 - 1)
means = st.floats(0.0, 500.0)


def together(one: np.ndarray, two: np.ndarray) -> float:
    """P value of independence of two uniforms, on a 16 x 16 table."""
    table = np.histogram2d(one, two, bins=16, range=[[0, 1], [0, 1]])[0]
    return stats.chisquare(table.ravel()).pvalue


# What is drawn -----------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.floats(1e-9, 1 - 1e-9), means), min_size=1, max_size=30))
def test_poisson_counts_are_the_quantiles_of_scipy(pairs: list[tuple[float, float]]) -> None:
    u, mean = (np.array(column) for column in zip(*pairs, strict=True))
    expected = np.where(mean > 0, stats.poisson.ppf(u, np.maximum(mean, 1e-300)), 0)
    found = poisson_quantile(u, mean)
    # Where the uniform falls on a step of the distribution but for rounding, either side is right.
    edge = np.abs(stats.poisson.cdf(np.minimum(found, expected), mean) - u) < 1e-12
    assert np.all((found == expected) | edge)


@pytest.mark.parametrize("mean", [0.001, 0.3, 1.9, 2.1, 9.9, 10.1, 80.0, 2000.0])
@pytest.mark.parametrize("size", [50, 20_000])
def test_poisson_counts_are_the_quantiles_of_scipy_for_short_and_long_arrays(mean: float, size: int) -> None:
    u = Chance(1).uniform("test", 0, PEOPLE[:size])
    assert np.array_equal(poisson_quantile(u, np.full(size, mean)), stats.poisson.ppf(u, mean))


@given(st.floats(1e-9, 1 - 1e-9), means, means)
def test_a_larger_mean_never_lowers_a_count(u: float, one: float, two: float) -> None:
    low, high = poisson_quantile(np.array([u, u]), np.array([min(one, two), max(one, two)]))
    assert low <= high


def test_counts_do_not_depend_on_how_many_are_drawn_together() -> None:
    u = Chance(2).uniform("test", 0, PEOPLE[:3000])
    mean = np.geomspace(0.01, 60.0, 3000)
    whole = poisson_quantile(u, mean)
    parts = np.concatenate([poisson_quantile(u[k : k + 100], mean[k : k + 100]) for k in range(0, 3000, 100)])
    assert np.array_equal(whole, parts)


@pytest.mark.parametrize("mean", [0.5, 8.0, 300.0])
def test_counts_stay_sensible_at_the_ends_of_the_unit_interval(mean: float) -> None:
    """The smallest and the largest uniform that 53 bits can give are 2^-54 and 1 - 2^-53."""
    low, high = poisson_quantile(np.array([2.0**-54, 1 - 2.0**-53]), np.array([mean, mean]))
    assert 0 <= low <= mean
    assert high == pytest.approx(stats.poisson.ppf(1 - 2.0**-53, mean), abs=2)


def test_uniforms_lie_strictly_between_zero_and_one_whatever_the_bits() -> None:
    words = np.array([0, 1, 2**11 - 1, 2**11, 2**63, 2**64 - 2**11, 2**64 - 1], dtype=np.uint64)
    u = unit(words)
    assert np.all((u > 0) & (u < 1))
    for field in range(4):
        part = share(words, field)
        assert np.all((part > 0) & (part < 1))


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=50))
def test_a_uniform_is_the_middle_of_one_of_two_to_the_52_slices(words: list[int]) -> None:
    found = unit(np.array(words, dtype=np.uint64)).tolist()
    assert [Fraction(u) for u in found] == [Fraction(2 * (word >> 12) + 1, 2**53) for word in words]


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
@pytest.mark.parametrize(("decision", "week"), [("touch", 0), ("channel", 207)])
def test_draws_of_neighbours_are_uniform(seed: int, decision: str, week: int) -> None:
    assert stats.kstest(Chance(seed).uniform(decision, week, PEOPLE), "uniform").pvalue > 1e-3


def test_draws_of_one_person_over_weeks_are_uniform() -> None:
    chance, who = Chance(5), PEOPLE[:1]
    draws = np.array([chance.uniform("touch", week, who)[0] for week in range(5000)])
    assert stats.kstest(draws, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(draws[1:], draws[:-1])[0, 1]) < 4 / np.sqrt(5000)


def test_draws_of_one_person_over_seeds_are_uniform() -> None:
    draws = np.array([Chance(seed).uniform("touch", 3, PEOPLE[:1])[0] for seed in range(5000)])
    assert stats.kstest(draws, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(draws[1:], draws[:-1])[0, 1]) < 4 / np.sqrt(5000)


def test_every_bit_is_a_fair_coin_and_independent_of_its_neighbour() -> None:
    bits = Chance(7).bits("touch", 1, PEOPLE)
    coins = np.unpackbits(bits.view(np.uint8)).reshape(MANY, 64).astype(float)
    limit = 5 * 0.5 / np.sqrt(MANY)
    assert np.all(np.abs(coins.mean(axis=0) - 0.5) < limit)
    flips = np.mean(coins[1:] != coins[:-1], axis=0)
    assert np.all(np.abs(flips - 0.5) < limit)


def test_the_four_fields_of_a_word_are_uniform_and_independent() -> None:
    bits = Chance(8).bits("incident", 4, PEOPLE)
    fields = [share(bits, k) for k in range(4)]
    for k, field in enumerate(fields):
        assert stats.kstest(field, "uniform").pvalue > 1e-3
        assert np.array_equal(level(bits, k), np.rint(field * LEVELS - 0.5))
    for one, two in combinations(fields, 2):
        assert together(one, two) > 1e-3


def test_normal_draws_and_tables_are_normal() -> None:
    assert stats.kstest(Chance(9).normal("test", 0, PEOPLE), "norm").pvalue > 1e-3
    table = normal_levels()
    assert table.size == LEVELS and not table.flags.writeable
    assert abs(table.mean()) < 1e-9 and table.std() == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("spread", [0.0, 0.6, 1.6])
def test_lognormal_tables_have_mean_one_and_the_spread_asked_for(spread: float) -> None:
    table = lognormal_levels(spread).astype(float)
    assert table.mean() == pytest.approx(1.0, rel=1e-6)
    assert np.log(table).std() == pytest.approx(spread, abs=1e-3)
    assert np.all(np.diff(table) >= 0)


def test_poisson_draws_have_their_mean_and_variance() -> None:
    for mean in (0.2, 5.0, 40.0):
        counts = Chance(3).poisson("test", 0, PEOPLE, np.full(MANY, mean))
        assert counts.mean() == pytest.approx(mean, abs=4 * np.sqrt(mean / MANY))
        assert counts.var() == pytest.approx(mean, abs=4 * np.sqrt((2 * mean**2 + mean) / MANY))


# To whom it belongs --------------------------------------------------------------------------------------


def test_draws_differ_independently_by_decision_week_seed_and_person() -> None:
    base = Chance(11).uniform("touch", 10, PEOPLE)
    others = {
        "another decision": Chance(11).uniform("channel", 10, PEOPLE),
        "a decision of nearly the same name": Chance(11).uniform("touch ", 10, PEOPLE),
        "the next week": Chance(11).uniform("touch", 11, PEOPLE),
        "the next year": Chance(11).uniform("touch", 62, PEOPLE),
        "the next seed": Chance(12).uniform("touch", 10, PEOPLE),
        "a far seed": Chance(11 + 2**32).uniform("touch", 10, PEOPLE),
        "the next person": Chance(11).uniform("touch", 10, PEOPLE + np.uint64(1)),
        "the same place of another estate": Chance(11).uniform("touch", 10, PEOPLE ^ np.uint64(1 << 63)),
        "the first child": Chance(11).uniform("touch", 10, combine(PEOPLE, 0)),
    }
    for name, other in others.items():
        assert together(base, other) > 1e-3, name
        assert not np.any(base == other), name


def test_a_replicate_of_one_seed_is_no_replicate_of_another() -> None:
    """Seeds and weeks must not add up: week 1 of seed 0 is not week 0 of seed 1."""
    seen = {
        int(Chance(seed).key(decision, week)) for seed in range(30) for week in range(30) for decision in ("a", "b")
    }
    assert len(seen) == 30 * 30 * 2


@given(seeds, st.integers(0, 5000), st.permutations(range(20)))
def test_a_draw_belongs_to_an_identity_and_not_to_a_place_in_line(seed: int, week: int, order: list[int]) -> None:
    who, chance = PEOPLE[:20], Chance(seed)
    draws = chance.uniform("move", week, who)
    assert np.array_equal(chance.uniform("move", week, who[order]), draws[order])
    alone = [chance.uniform("move", week, who[k : k + 1])[0] for k in order[:3]]
    assert alone == draws[order[:3]].tolist()


@given(seeds, st.lists(st.integers(0, 2**64 - 1), max_size=10))
def test_newcomers_move_nobodys_draw(seed: int, newcomers: list[int]) -> None:
    who = PEOPLE[:50]
    more = np.concatenate([np.array(newcomers, dtype=np.uint64), who])
    for draw in (Chance(seed).uniform, Chance(seed).normal, Chance(seed).bits):
        assert np.array_equal(draw("move", 3, more)[len(newcomers) :], draw("move", 3, who))


@given(seeds)
def test_draws_do_not_depend_on_what_was_drawn_before(seed: int) -> None:
    fresh, used = Chance(seed), Chance(seed)
    for week in range(5):
        used.uniform("something else", week, PEOPLE[:7])
        used.uniform("move", week, PEOPLE[:3])
    assert np.array_equal(fresh.uniform("move", 9, PEOPLE[:5]), used.uniform("move", 9, PEOPLE[:5]))


def test_drawing_leaves_the_identities_as_they_were() -> None:
    who = PEOPLE[:100].copy()
    chance = Chance(1)
    chance.uniform("move", 1, who)
    chance.poisson("move", 1, who, np.ones(100))
    combine(who, np.arange(100))
    assert np.array_equal(who, PEOPLE[:100])


def test_children_of_causes_have_identities_of_their_own() -> None:
    causes = PEOPLE[:2000]
    children = combine(causes[:, None], np.arange(50)[None, :])
    everyone = np.concatenate([children.ravel(), causes, combine(children[:, 0], 0)])
    assert np.unique(everyone).size == everyone.size
    assert np.array_equal(children[7], combine(causes[7:8], np.arange(50)))


# In the living model ---------------------------------------------------------------------------------------


def with_newcomers(district: District, estate: int, number: int) -> District:
    adults = district.adults.copy()
    adults[estate] += number
    return replace(district, adults=adults)


def test_a_newcomer_moves_no_other_residents_draw() -> None:
    """Seven more adults in one estate: in other communities the same people suffer, talk and choose the same.

    Within the community people hear how talks end, those of newcomers too.
    """
    scenario = Scenario().replace(
        {"desks.enabled": False, "trust.enabled": False, "committees.enabled": False, "firms.enabled": False}
    )
    ground = District.synthetic(30, seed=4)
    there = 11
    models = [GovernanceModel(scenario, district, rng=6) for district in (ground, with_newcomers(ground, there, 7))]
    counts = []
    for _ in range(12):
        week = []
        for model in models:
            model.step()
            far = ground.community != ground.community[there]
            elsewhere = far[model.residents.estate]
            people = {
                name: column[elsewhere]
                for name, column in model.residents.arrays().items()
                if name not in ("case", "matter")
            }
            # Rows of ledgers are numbered in order of arrival, newcomers' included.
            people["case"] = model.residents.case[elsewhere] >= 0
            people["matter"] = model.residents.matter[elsewhere] >= 0
            now = model.grievances.now
            here = far[now.estate]
            place = now.person - model.residents.first[now.estate]
            week.append((people, now.estate[here], place[here], now.category[here], now.grievance[here]))
        (one, *first), (two, *second) = week
        assert all(np.array_equal(one[name], two[name]) for name in one)
        assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
        counts.append(first[0].size)
    assert sum(counts) > 50
    for model in models:
        assert len(model.residents) == model.district.adults.sum()


def test_an_estate_more_in_the_district_leaves_the_draws_of_the_others_alone() -> None:
    ground, scenario = District.synthetic(30, seed=4), Scenario()
    all_of_them = GovernanceModel(scenario, ground, rng=6)
    keep = np.arange(30) != all_of_them.incidents.base.sum(axis=0).argmax()
    names = (
        "names households adults buildings x y community street kind year fee firm committee spaces cars "
        "density owners members_known members_draw"
    ).split()
    smaller = replace(ground, **{name: getattr(ground, name)[keep] for name in names})
    without = GovernanceModel(scenario, smaller, rng=6)
    rows = np.flatnonzero(keep)[without.residents.estate]
    place = np.arange(rows.size) - without.residents.first[without.residents.estate]
    same = all_of_them.residents.first[rows] + place
    for name in ("threshold", "owner", "aware"):
        assert np.array_equal(getattr(all_of_them.residents, name)[same], getattr(without.residents, name))
    assert np.array_equal(all_of_them.trust.deviation[same], without.trust.deviation)
    assert np.array_equal(all_of_them.incidents.character[keep], without.incidents.character)
    for model in (all_of_them, without):
        model.incidents.conditions[:] = 1.0
    gone = 0
    for week in range(8):
        for model in (all_of_them, without):
            model.week = week
            model.incidents.begin()
        one, two = (model.incidents.touch() for model in (all_of_them, without))
        here = keep[all_of_them.residents.estate[one.person]]
        assert np.array_equal(np.searchsorted(same, one.person[here]), two.person)
        assert np.array_equal(one.push[here], two.push)
        gone += np.count_nonzero(~here)
    assert gone > 0
