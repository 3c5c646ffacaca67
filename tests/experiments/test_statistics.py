"""The statistics against closed forms, hand calculation and SciPy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from experiments.lab.statistics.paired import holm, intervals, paired, replicates_for, t_quantile, verdict

FIRST = np.array([2.9, 3.4, 2.2, 3.9, 2.7, 3.1])
SECOND = np.array([3.1, 3.9, 2.9, 4.0, 3.3, 3.2])


def test_interval_and_p_are_those_of_the_paired_t_test():
    result = paired(FIRST, SECOND)
    expected = stats.ttest_rel(FIRST, SECOND)
    interval = expected.confidence_interval(0.95)
    assert result.difference == pytest.approx(FIRST.mean() - SECOND.mean(), rel=1e-12)
    assert result.p == pytest.approx(expected.pvalue, rel=1e-10)
    assert (result.ci_low, result.ci_high) == pytest.approx((interval.low, interval.high), rel=1e-10)


def test_three_pairs_by_hand():
    # Differences -1, -0.5, -1.5: mean -1, deviation 0.5, error 0.5 / sqrt(3), t(2) quantile 4.30265.
    result = paired([1.0, 2.0, 3.0], [2.0, 2.5, 4.5])
    reach = 4.302652729911275 * 0.5 / math.sqrt(3)
    assert result.difference == -1.0
    assert result.ci_low == pytest.approx(-1 - reach) and result.ci_high == pytest.approx(-1 + reach)
    assert result.relative == pytest.approx(-1 / 3)
    assert result.helped == 1.0 and result.replicates == 3


def test_share_helped_follows_the_better_direction_and_ties_do_not_help():
    values, baseline = [1.0, 2.0, 3.0, 4.0], [2.0, 2.0, 2.0, 2.0]
    assert paired(values, baseline, "lower").helped == 0.25
    assert paired(values, baseline, "higher").helped == 0.5
    assert math.isnan(paired(values, baseline, "neither").helped)


def test_no_difference_at_all_is_equivalent_with_p_one_and_an_interval_of_zero():
    result = paired(SECOND, SECOND)
    assert (result.difference, result.ci_low, result.ci_high, result.p) == (0.0, 0.0, 0.0, 1.0)
    assert verdict(result, 1.0, margin=0.0) == "equivalent"
    zero = paired([0.0, 0.0], [0.0, 0.0])
    assert verdict(zero, 1.0, margin=0.02) == "equivalent" and math.isnan(zero.relative)


def test_a_difference_that_never_varies_is_certain():
    result = paired([2.0, 3.0, 4.0], [1.0, 2.0, 3.0])
    assert (result.ci_low, result.ci_high, result.p) == (1.0, 1.0, 0.0)
    assert verdict(result, 0.0, margin=0.02) == "harms"


def test_one_pair_gives_a_difference_and_no_interval():
    result = paired([2.0], [1.0])
    assert result.difference == 1.0 and math.isnan(result.ci_low) and math.isnan(result.p)
    assert verdict(result, math.nan, margin=0.5) == "undecided"


def test_broken_pairs_are_left_out():
    result = paired([1.0, math.nan, 3.0, 4.0], [2.0, 5.0, math.nan, 4.5])
    assert result.replicates == 2 and result.difference == -0.75
    assert paired([math.nan], [1.0]).replicates == 0


def test_unequal_lists_are_refused():
    with pytest.raises(ValueError, match="one length"):
        paired([1.0], [1.0, 2.0])


def test_variance_saved_is_the_ratio_of_variances():
    result = paired(FIRST, SECOND)
    expected = (FIRST.var(ddof=1) + SECOND.var(ddof=1)) / (FIRST - SECOND).var(ddof=1)
    assert result.variance_saved == pytest.approx(expected, rel=1e-12)
    assert paired([2.0, 3.0], [1.0, 2.0]).variance_saved == math.inf
    assert math.isnan(paired([1.0, 1.0], [1.0, 1.0]).variance_saved)


def test_variance_saved_of_independent_runs_is_one():
    rng = np.random.default_rng(4)
    result = paired(rng.normal(size=20_000), rng.normal(size=20_000))
    assert result.variance_saved == pytest.approx(1.0, abs=0.02)


def test_interval_covers_as_often_as_it_says():
    rng = np.random.default_rng(5)
    samples = rng.normal(0.3, 1.0, size=(2000, 6))
    zeros = np.zeros(6)
    hits = [result.ci_low <= 0.3 <= result.ci_high for result in (paired(row, zeros) for row in samples)]
    assert np.mean(hits) == pytest.approx(0.95, abs=0.015)


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_leaves_what_is_no_test_alone():
    adjusted = holm([0.01, math.nan, 0.04])
    assert adjusted[0] == 0.02 and math.isnan(adjusted[1]) and adjusted[2] == 0.04
    assert holm([]).size == 0 and np.isnan(holm([math.nan])).all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_never_lowers_a_p_keeps_the_order_and_stays_within_bonferroni(values):
    p = np.array(values)
    adjusted = holm(p)
    order = np.argsort(p, kind="stable")
    assert (adjusted >= p).all() and (adjusted <= np.minimum(1, p * len(p)) + 1e-15).all()
    assert (np.diff(adjusted[order]) >= 0).all()


@pytest.mark.parametrize(
    ("shift", "better", "expected"),
    [
        (-0.5, "lower", "helps"),
        (0.5, "lower", "harms"),
        (0.5, "higher", "helps"),
        (-0.5, "higher", "harms"),
        (0.5, "neither", "undecided"),
        (-0.5, "neither", "undecided"),
    ],
)
def test_verdict_knows_which_way_is_better(shift, better, expected):
    noise = np.array([0.01, -0.01, 0.02, -0.02])
    result = paired(3 + shift + noise, np.full(4, 3.0), better)
    assert verdict(result, result.p, margin=0.02, better=better) == expected


def test_verdict_is_equivalent_only_if_the_whole_interval_is_inside_the_margin():
    result = paired([3.01, 3.02, 3.03], [3.0, 3.0, 3.0])
    reach = t_quantile(0.975, 2) * 0.01 / math.sqrt(3)
    assert verdict(result, 0.5, margin=(0.02 + reach) / 3 + 1e-9) == "equivalent"
    assert verdict(result, 0.5, margin=(0.02 + reach) / 3 - 1e-6) == "undecided"


def test_verdict_needs_the_adjusted_p():
    result = paired(FIRST, SECOND)
    assert result.p < 0.05
    assert verdict(result, 0.2, margin=0.0) == "undecided"
    assert verdict(result, 0.04, margin=0.0) == "helps"


@pytest.mark.parametrize(("spread", "half_width"), [(1.0, 0.5), (2.0, 0.1), (0.3, 1.0), (5.0, 0.01)])
def test_replicates_needed_is_the_smallest_number_that_gives_the_precision(spread, half_width):
    count = int(replicates_for(spread, half_width))

    def reach(number: int) -> float:
        return stats.t.ppf(0.975, number - 1) * spread / math.sqrt(number)

    assert reach(count) <= half_width
    assert count == 2 or reach(count - 1) > half_width


def test_replicates_needed_where_it_cannot_be_told():
    assert math.isnan(replicates_for(1.0, 0.0)) and math.isnan(replicates_for(math.nan, 1.0))
    assert replicates_for(0.0, 0.0) == 2


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_intervals_of_many_outcomes_are_those_of_each(axis):
    rng = np.random.default_rng(5)
    values = rng.lognormal(size=(4, 5, 6))
    values[rng.random(values.shape) < 0.3] = np.nan
    apart = np.moveaxis(values, axis, -1)
    apart[0, 0, 1:] = apart[1, 1] = np.nan
    found = intervals(values, axis=axis, confidence=0.9)
    for place in np.ndindex(found[0].shape):
        sample = apart[place]
        alone = paired(sample, np.zeros(sample.size), confidence=0.9)
        expected = [alone.mean, alone.ci_low, alone.ci_high, alone.replicates]
        assert np.allclose([part[place] for part in found], expected, rtol=1e-13, equal_nan=True)
    assert found[3][0, 0] <= 1 and found[3][1, 1] == 0
