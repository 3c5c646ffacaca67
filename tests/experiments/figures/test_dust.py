"""What is no result is shown as none: rounding, percentages of next to nothing, a minus before zero."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.analyses.ablation.ablation_report import Piece
from experiments.analyses.compare.comparison_view import Effect, Reader
from experiments.core.statistics.paired import paired
from experiments.figures.entry import Entry
from experiments.figures.interval_rows import Point
from experiments.reporting.clauses import Move
from experiments.reporting.dust import least, only_dust, per_cent
from experiments.reporting.numbers import amount, percent
from experiments.reporting.template_rendering import sentence
from tests.support.synthetic_comparison import comparison

FEW = ["own", "full", "hours_matched:full"]


def on_screen(effect):
    return tuple(sentence("en", f"comparison.screen_{cell}", effect=effect) for cell in ("change", "judged"))


def of_hours(table):
    return (table["strategy"] == "own") & (table["outcome"] == "hours")


def test_two_orders_of_one_sum_are_no_difference():
    level = np.array([4400.1, 4391.7, 4420.3, 4408.9])
    found = paired(level + np.array([1, -1, 2, 1]) * 9.1e-13, level, "lower")
    assert (found.difference, found.ci_low, found.ci_high, found.p) == (0.0, 0.0, 0.0, 1.0)


def test_rounding_is_shown_as_no_difference():
    """Also where a table that was made elsewhere holds it."""
    result = comparison(arms=FEW, weeks=60, replicates=4)
    here = of_hours(result.table)
    for name, value in (
        ("mean", 4405.25 + 2e-12),
        ("baseline_mean", 4405.25),
        ("difference", 2e-12),
        ("ci_low", -1e-12),
        ("ci_high", 5e-12),
        ("p_adjusted", 0.203),
        ("helped", 0.25),
        ("verdict", "undecided"),
        ("variance_saved", 1e25),
        ("relative", 5e-16),
    ):
        result.table.loc[here, name] = value
    effect = Reader(result).effect("own", "hours")
    assert (effect.difference, effect.low, effect.high, effect.percent, effect.p) == (0, 0, 0, 0, 1)
    assert effect.kind == "same" and effect.verdict == "equivalent"
    row = result.table[of_hours(result.table)].to_dict("records")[0]
    assert on_screen(effect) == ("exactly the same", "")
    assert "not change at all" in sentence("en", "clauses.clause", move=Move.of(row))


@pytest.mark.parametrize("size", [1e-15, 1e-12])
@pytest.mark.parametrize("level", [1e-6, 1.0, 2059.0, 1e9])
def test_what_is_rounding_follows_from_the_level(level, size):
    assert only_dust(size * level, -size * level, 3 * size * level, level)
    assert not only_dust(1e-6 * level, size * level, 2e-6 * level, level)
    assert only_dust(size * level, math.nan, math.nan, level)


def test_an_exact_zero_and_a_difference_from_nothing_are_no_rounding():
    assert not only_dust(0.0, 0.0, 0.0, 4.0) and not only_dust(1e-14, 0.0, 2e-14, 0.0)


def test_an_index_is_never_told_in_per_cent_of_its_level():
    effect = Effect("order", 0.0223, 0.01, 0.0346, -0.03, "helps", together=(0.004, 0.0406))
    assert on_screen(effect) == ("+0.0223 [+0.0100, +0.0346]", "[+0.00400, +0.0406] helps")
    told = effect.size("en") + effect.ends("en")
    assert "%" not in told.replace("95%", "") and "0.022" in told
    assert math.isnan(per_cent("vitality", 0.01, 1.0)) and per_cent("filed", 1.0, 4.0) == 25.0
    result = comparison(arms=FEW, weeks=60, replicates=4)
    rows = result.table["outcome"] == "satisfaction"
    result.table.loc[rows, "outcome"] = "order"
    result.table.loc[rows, ["difference", "baseline_mean", "ci_low", "ci_high"]] = [0.0223, -0.03, 0.01, 0.0346]
    effect = Reader(result).effect("full", "order")
    assert math.isnan(effect.percent) and effect.ends("en", named=False) == "+0.010 to +0.035"


def test_no_minus_and_no_plus_stand_before_zero():
    for value in (-1e-3, 1e-3, -1e-15, 1e-15, 0.0, -0.0):
        assert percent(value, signed=True) == percent(value) == "0%"
        assert amount(value * 1e-6, signed=True) == "0"
    effect = Effect("filed", -1e-4, -3e-4, 1e-4, 4.0, "equivalent", together=(-9e-5, 9e-5))
    assert on_screen(effect) == ("0% [−0.01, 0]", "[0, 0] equivalent")


def test_no_interval_in_per_cent_reaches_below_the_loss_of_all() -> None:
    """Wherever one is shown: on a card, in a cell, in a figure, on a page; the table keeps what was worked out."""
    result = comparison(arms=FEW, weeks=60, replicates=4)
    here = (result.table["strategy"] == "own") & (result.table["outcome"] == "standing")
    base = float(result.table.loc[here, "baseline_mean"].iloc[0])
    for name, value in (
        ("difference", -0.8),
        ("ci_low", -1.3),
        ("ci_high", -0.3),
        ("sim_low", -1.6),
        ("sim_high", 0.1),
    ):
        result.table.loc[here, name] = value * base
    effect = Reader(result).effect("own", "standing")
    assert effect is not None
    ends = (*effect.interval, *effect.wider)
    assert ends == pytest.approx((-100.0, -30.0, -100.0, 10.0)) and effect.low == pytest.approx(-1.3 * base)
    assert "−100% to −30.0%" in effect.ends("en") and "−100% to −30.0%" in sentence(
        "en", "comparison.chance", effect=effect
    )
    assert Point.of((-1.3, -0.8, -0.3), Entry(), 100.0, least("standing")).low == -100.0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_effect_relative_to_its_own_mean_ends_where_nothing_is_left(lang: str) -> None:
    share = [-74.6, -109.0, -50.1]
    region = {"found": "helps", "claimed": "helps", "sides": []}
    largest = {
        "sign": "helps",
        "policy": "full",
        "against": "none",
        "size": share[0],
        "low": share[1],
        "high": share[2],
    }
    told = [
        sentence(lang, "conventions.effect", outcome="standing", share=share),
        sentence(lang, "common.relative", outcome="standing", share=share),
        sentence(lang, "signs.region", outcome="standing", effect=share, **region),
        sentence(lang, "signmap.largest", outcome="standing", where=[], **largest),
    ]
    assert all("−100%" in text and "109" not in text for text in told), told
    assert "−109%" in sentence(lang, "common.relative", outcome="bells", share=share)


def test_a_piece_of_an_effect_may_be_more_than_all_there_is() -> None:
    assert "−122% to −50.0%" in Piece("standing", -0.3, -0.49, -0.2, 0.4).ends("en")
