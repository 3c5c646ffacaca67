"""The one reading of intervals: regions are disjoint, exhaustive and monotone; and how many replicates decide."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.core.statistics.needed import POWER, chance_of_decision, replicates_needed
from experiments.core.statistics.paired import mean_intervals
from experiments.core.statistics.regions import BEYOND, OPEN, WITHIN, decided, region, side
from experiments.figures.style import VERDICT_MARKS
from experiments.reporting.words import VERDICTS, verdict

ENDS = st.floats(-5, 5)


def rivals(one: str, other: str) -> bool:
    """Whether two verdicts contradict each other, so that at least one of their intervals misses the truth."""
    if not (decided(one) and decided(other)) or one == other:
        return False
    return "equivalent" not in (one, other) or bool({one, other} & BEYOND)


def test_what_contradicts_what() -> None:
    assert rivals("helps", "equivalent") and rivals("better", "worse") and not rivals("equivalent", "worse")


def places(low: float, high: float, room: float) -> dict[str, bool]:
    """Each place by a condition of its own, as the table in the module has them."""
    zero, inside = low <= 0 <= high, -room <= low and high <= room
    return {
        "beyond up": low > room,
        "beyond down": high < -room,
        "within up": low > 0 and inside,
        "within down": high < 0 and inside,
        "across up": low > 0 and low <= room < high,
        "across down": high < 0 and low < -room <= high,
        "equivalent": zero and inside,
        "undecided": zero and not inside,
    }


WORDS = {
    "lower": {
        "beyond up": "harms",
        "beyond down": "helps",
        "within up": "worse",
        "within down": "better",
        "across up": "undecided_worse",
        "across down": "undecided_better",
    },
    "higher": {
        "beyond up": "helps",
        "beyond down": "harms",
        "within up": "better",
        "within down": "worse",
        "across up": "undecided_better",
        "across down": "undecided_worse",
    },
    "neither": {
        "beyond up": "rises",
        "beyond down": "falls",
        "within up": "higher",
        "within down": "lower",
        "across up": "undecided_higher",
        "across down": "undecided_lower",
    },
}


@given(ENDS, ENDS, st.floats(0, 4), st.sampled_from(list(WORDS)))
def test_every_interval_lies_in_one_region_and_in_no_other(one: float, other: float, room: float, good: Any) -> None:
    low, high = sorted((one, other))
    held = [name for name, holds in places(low, high, room).items() if holds]
    assert len(held) == 1
    assert region(low, high, room, good) == WORDS[good].get(held[0], held[0])


@given(ENDS, ENDS, ENDS, st.floats(0, 4), st.sampled_from(list(WORDS)))
def test_a_narrower_interval_inside_of_a_wider_one_never_says_its_rival(
    one: float, other: float, third: float, room: float, good: Any
) -> None:
    low, middle, high = sorted((one, other, third))
    whole = region(low, high, room, good)
    for ends in ((low, middle), (middle, high), (middle, middle)):
        assert not rivals(whole, region(*ends, room, good))
        if decided(whole):
            assert decided(region(*ends, room, good))


@given(ENDS, ENDS, ENDS, ENDS, st.floats(0, 4))
def test_of_two_rivals_at_least_one_interval_misses(a: float, b: float, c: float, d: float, room: float) -> None:
    one, other = tuple(sorted((a, b))), tuple(sorted((c, d)))
    if rivals(region(*one, room), region(*other, room)):
        assert max(one[0], other[0]) > min(one[1], other[1])  # no truth lies in both


def test_a_margin_of_nothing_leaves_the_sides_of_zero() -> None:
    words = [region(*ends, room=0.0) for ends in ((-2, -1), (1, 2), (-1, 1), (0, 0), (0, 1))]
    assert words == ["helps", "harms", "undecided", "equivalent", "undecided"]


def test_without_an_interval_nothing_is_decided() -> None:
    assert region(math.nan, math.nan, 1.0) == "undecided" and side(math.nan, 1.0) == 0
    assert not decided("undecided_better") and not rivals("undecided", "helps")


def test_every_word_has_a_name_a_meaning_and_a_mark_in_both_languages() -> None:
    words = {*BEYOND, *WITHIN, *OPEN, "undecided"}
    assert words == set(VERDICTS) == set(VERDICT_MARKS)
    for lang in ("en", "zh"):
        assert len({verdict(word, lang) for word in words}) == len(words)
    assert len({mark[:2] for mark in VERDICT_MARKS.values()}) == len(words)


MARGIN, SPREAD = 2.0, 1.1


def verdicts(samples: Any) -> list[str]:
    _, low, high, _ = mean_intervals(samples, axis=1)
    return [region(*ends, MARGIN) for ends in zip(low.tolist(), high.tolist(), strict=True)]


@pytest.mark.parametrize("truth", [0.0, 0.5, 1.0, 1.3, 3.0, -3.0])
def test_replicates_needed_decide_as_often_as_is_said(truth: float) -> None:
    needed = replicates_needed(truth, SPREAD, MARGIN)
    samples = np.random.default_rng(6).normal(truth, SPREAD, (3000, int(needed)))
    share = np.mean([decided(word) for word in verdicts(samples)])
    assert POWER - 0.05 <= share <= POWER + 0.08
    assert chance_of_decision(int(needed), truth, SPREAD, MARGIN) >= POWER
    assert needed == 2 or chance_of_decision(int(needed) - 1, truth, SPREAD, MARGIN) < POWER


@pytest.mark.parametrize("truth", [0.0, 0.5, 1.0, 1.3, 3.0])
def test_as_many_as_ten_pairs_ask_for_decide_in_three_of_four_cases(truth: float) -> None:
    rng, hits = np.random.default_rng(7), []
    for _ in range(300):
        pilot = rng.normal(truth, SPREAD, 10)
        needed = replicates_needed(float(pilot.mean()), float(pilot.std(ddof=1)), MARGIN)
        if needed < 3000:
            more = rng.normal(truth, SPREAD, max(int(needed) - 10, 0))
            hits.append(decided(verdicts(np.concatenate([pilot, more])[None])[0]))
    assert len(hits) > 280 and np.mean(hits) >= 0.75


def test_at_the_margin_no_number_decides() -> None:
    assert math.isnan(replicates_needed(2.0, SPREAD, MARGIN)) and math.isnan(replicates_needed(0.0, 1.0, 0.0))
    assert math.isnan(replicates_needed(1.0, math.nan, MARGIN)) and replicates_needed(0.0, 0.0, 0.0) == 2
    near, nearer = (replicates_needed(truth, SPREAD, MARGIN) for truth in (1.8, 1.9))
    assert nearer > 3 * near


@pytest.mark.parametrize("truth", [0.0, 0.5, 1.0, 1.3, 1.8, 2.0, 2.2, 3.0])
@pytest.mark.parametrize("number", [3, 5, 12])
def test_four_times_as_many_replicates_hardly_ever_turn_a_verdict_into_its_rival(truth: float, number: int) -> None:
    samples = np.random.default_rng(8).normal(truth, SPREAD, (2000, 4 * number))
    before, after = verdicts(samples[:, :number]), verdicts(samples)
    turned = [rivals(one, other) for one, other in zip(before, after, strict=True)]
    assert np.mean(turned) < 0.01
