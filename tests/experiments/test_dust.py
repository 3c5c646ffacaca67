"""What is no result is shown as none: rounding, percentages of next to nothing, a minus before zero."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from experiments.lab.compare.summary import _change
from experiments.lab.plots import sentences
from experiments.lab.plots.clauses import Move, clause
from experiments.lab.plots.dust import only_dust, per_cent
from experiments.lab.plots.reading import Reader
from experiments.lab.report import write
from experiments.lab.statistics.paired import paired
from tests.experiments.made_up import comparison

FEW = ["own", "full", "hours_matched:full"]


def of_hours(table):
    return (table["strategy"] == "own") & (table["outcome"] == "hours")


@pytest.fixture
def dusty():
    """A comparison in which one difference of hours is that of two orders of one sum, as the statistics give it."""
    result = comparison(arms=FEW, weeks=60, replicates=4)
    level = np.array([4400.1, 4391.7, 4420.3, 4408.9])
    found = paired(level + np.array([1, -1, 2, 1]) * 9.1e-13, level, "lower")
    assert 0 < abs(found.difference) < 1e-11 and found.variance_saved > 1e20 and 0 < found.p < 1
    here = of_hours(result.table)
    for name, value in (
        ("mean", found.mean), ("baseline_mean", found.baseline_mean), ("difference", found.difference),
        ("ci_low", found.ci_low), ("ci_high", found.ci_high), ("p_adjusted", 0.203), ("helped", 0.25),
        ("verdict", "undecided"), ("variance_saved", found.variance_saved), ("relative", found.relative),
    ):  # fmt: skip
        result.table.loc[here, name] = value
    return result


def test_rounding_is_shown_as_no_difference(dusty, tmp_path):
    effect = Reader(dusty).effect("own", "hours")
    assert (effect.difference, effect.low, effect.high, effect.percent, effect.p) == (0, 0, 0, 0, 1)
    assert effect.change == "same" and effect.verdict == "equivalent"
    page = write(dusty, tmp_path / "report.html", {}, "en").read_text(encoding="utf-8")
    assert "−0%" not in page and "0.20" not in page and not re.search(r"\d{1,3}(,\d{3}){4}", page)
    row = dusty.table[of_hours(dusty.table)].to_dict("records")[0]
    assert _change(row) == "the same but for rounding"
    assert "not change at all" in clause(Move.of(row))


@pytest.mark.parametrize("size", [1e-15, 1e-12])
@pytest.mark.parametrize("level", [1e-6, 1.0, 2059.0, 1e9])
def test_what_is_rounding_follows_from_the_level(level, size):
    assert only_dust(size * level, -size * level, 3 * size * level, level)
    assert not only_dust(1e-6 * level, size * level, 2e-6 * level, level)
    assert only_dust(size * level, math.nan, math.nan, level)


def test_an_exact_zero_and_a_difference_from_nothing_are_no_rounding():
    assert not only_dust(0.0, 0.0, 0.0, 4.0) and not only_dust(1e-14, 0.0, 2e-14, 0.0)


def test_an_index_is_never_told_in_per_cent_of_its_level():
    row = {"outcome": "order", "mean": -0.0077, "baseline_mean": -0.03, "difference": 0.0223, "ci_low": 0.01,
           "ci_high": 0.0346, "verdict": "helps"}  # fmt: skip
    assert _change(row) == "+0.0223 helps"
    told = clause(Move.of(row))
    assert "%" not in told.replace("95%", "") and "0.022" in told
    assert math.isnan(per_cent("vitality", 0.01, 1.0)) and per_cent("filed", 1.0, 4.0) == 25.0
    result = comparison(arms=FEW, weeks=60, replicates=4)
    rows = result.table["outcome"] == "satisfaction"
    result.table.loc[rows, "outcome"] = "order"
    result.table.loc[rows, ["difference", "baseline_mean", "ci_low", "ci_high"]] = [0.0223, -0.03, 0.01, 0.0346]
    effect = Reader(result).effect("full", "order")
    assert math.isnan(effect.percent) and sentences.between(effect) == "+0.010 to +0.035"


def test_no_minus_and_no_plus_stand_before_zero():
    for value in (-1e-3, 1e-3, -1e-15, 1e-15, 0.0, -0.0):
        assert sentences.percent(value, signed=True) == sentences.percent(value) == "0%"
        assert sentences.amount(value * 1e-6, signed=True) == "0"
    row = {"outcome": "filed", "mean": 4.0, "baseline_mean": 4.0, "difference": -1e-4, "ci_low": -3e-4, "ci_high": 1e-4}
    assert _change({**row, "verdict": "equivalent"}) == "0.0 % ±0.0 equivalent"


def test_pairing_that_divides_by_very_much_is_not_told_to_the_last_digit(tmp_path):
    result = comparison(arms=FEW, weeks=60, replicates=4)
    result.table.loc[of_hours(result.table), "variance_saved"] = 49_301_374_238_643_513_611_780_096.0
    page = write(result, tmp_path / "report.html", {}, "en").read_text(encoding="utf-8")
    assert "&gt;10,000" in page and "49,301" not in page
