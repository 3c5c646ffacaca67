"""The statistics against closed forms, hand calculation and SciPy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from experiments.core.statistics.exposure import Exposure, grain
from experiments.core.statistics.paired import differences, holm, mean_intervals, paired
from experiments.core.statistics.regions import region, together

FIRST = np.array([2.9, 3.4, 2.2, 3.9, 2.7, 3.1])
SECOND = np.array([3.1, 3.9, 2.9, 4.0, 3.3, 3.2])


def chens_factor(sample):
    """How much further an interval reaches towards the tail, by the formula on paper."""
    n = len(sample)
    t = stats.t.ppf(0.975, n - 1)
    g = stats.skew(sample) * n**2 / ((n - 1) * (n - 2)) / (n / (n - 1)) ** 1.5
    return 1 + min(abs(g) * (1 + 2 * t**2) / (6 * t * math.sqrt(n)), 0.6), np.sign(g)


def test_the_interval_is_students_towards_the_short_side_and_longer_towards_the_tail():
    result = paired(FIRST, SECOND)
    student = stats.ttest_rel(FIRST, SECOND).confidence_interval(0.95)
    factor, towards = chens_factor(FIRST - SECOND)
    assert towards < 0 and 1 < factor < 1.6
    middle = FIRST.mean() - SECOND.mean()
    assert result.difference == pytest.approx(middle, rel=1e-12)
    assert result.ci_high == pytest.approx(student.high, rel=1e-10)
    assert middle - result.ci_low == pytest.approx(factor * (middle - student.low), rel=1e-9)


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.99])
def test_p_is_the_confidence_at_which_the_interval_begins_to_hold_zero(confidence):
    for values in (FIRST, FIRST - 2 * (FIRST - SECOND)):
        result = paired(values, SECOND)
        low, high = result.interval(confidence)
        assert (low <= 0 <= high) == (result.p >= 1 - confidence)
        low, high = result.interval(1 - result.p)
        assert min(abs(low), abs(high)) == pytest.approx(0, abs=1e-9)


def test_symmetric_differences_get_students_interval_and_p():
    values = np.array([0.2, -0.4, 0.8, 0.2 + 0.6, 0.2 - 0.6, 0.2 + 0.0])
    result, expected = paired(values, np.zeros(6)), stats.ttest_1samp(values, 0)
    interval = expected.confidence_interval(0.95)
    assert (result.ci_low, result.ci_high) == pytest.approx((interval.low, interval.high), rel=1e-9)
    assert result.p == pytest.approx(expected.pvalue, rel=1e-9)


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
    assert region(result.ci_low, result.ci_high, 0.0) == "equivalent"
    zero = paired([0.0, 0.0], [0.0, 0.0], grain=1.0)
    assert region(zero.ci_low, zero.ci_high, 0.02) == "equivalent" and math.isnan(zero.relative)


def test_a_difference_that_never_varies_is_certain_where_nothing_is_counted():
    result = paired([2.0, 3.0, 4.0], [1.0, 2.0, 3.0])
    assert (result.ci_low, result.ci_high, result.p) == (1.0, 1.0, 0.0)


@pytest.mark.parametrize("number", [2, 3, 4, 10])
def test_counts_that_differ_alike_in_all_pairs_are_known_to_one_event(number):
    """The smallest spread of n counts that is not zero: one of them is one event off."""
    more, fewer = np.arange(number) + 1.0, np.arange(number) + 0.0
    result = paired(more, fewer, grain=1.0)
    one_off = np.r_[np.ones(number - 1), 2.0]
    reach = stats.t.ppf(0.975, number - 1) * one_off.std(ddof=1) / math.sqrt(number)
    assert (result.ci_low, result.ci_high) == pytest.approx((1 - reach, 1 + reach), rel=1e-9)
    assert (result.ci_low < 0) == (number < 4) and 0 < result.p < 1
    assert result.spread == 0


def test_counts_that_agree_in_all_pairs_of_arms_that_differ_elsewhere_are_no_certainty():
    same = paired([3.0, 5.0, 4.0], [3.0, 5.0, 4.0], grain=1.0)
    accident = paired([3.0, 5.0, 4.0], [3.0, 5.0, 4.0], grain=1.0, alike=False)
    assert (same.ci_low, same.ci_high) == (0.0, 0.0)
    assert accident.ci_low == -accident.ci_high == pytest.approx(-stats.t.ppf(0.975, 2) / 3)


def test_a_spread_above_one_event_is_what_it_is():
    assert paired(FIRST, SECOND, grain=0.1) == paired(FIRST, SECOND)


def test_rounding_is_no_difference():
    sums = np.array([0.1 + 0.2, 1e6 + 1e-9, 3.0])
    assert differences(sums, [0.3, 1e6, 3.0]).tolist() == [0.0, 0.0, 0.0]
    constant = paired([0.1 + 0.2 + 25.0, 26.3, 25.9], [0.3, 1.3, 0.9])
    assert constant.spread == 0 and constant.ci_low == constant.ci_high


def test_the_grain_is_one_event_of_what_was_observed():
    seen = Exposure(households=19_000, weeks=48)
    assert grain("conflicts", seen) == 1000 / 19_000 / 48
    assert grain("petitions", Exposure(19_000, 48, runs=4)) == 1000 / 19_000 / 48 / 4
    assert grain("platform_sessions", seen) == grain("evaluated_out", seen) == 1 / 48 and grain("branches", seen) == 1
    assert grain("hours", seen) == grain("trust_branch", seen) == grain("covered", seen) == grain("own", seen) == 0


def test_one_pair_gives_a_difference_and_no_interval():
    result = paired([2.0], [1.0])
    assert result.difference == 1.0 and math.isnan(result.ci_low) and math.isnan(result.p)
    assert region(result.ci_low, result.ci_high, 0.5) == "undecided"
    assert all(map(math.isnan, result.interval(0.9)))


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


def test_the_interval_of_variance_saved_covers_as_often_as_it_says():
    rng = np.random.default_rng(8)
    shared, own = rng.normal(size=(1500, 8)), rng.normal(size=(2, 1500, 8))
    truth = (4**2 + 1) / 1  # of a shared part with deviation 4 and parts of their own with deviation 1
    hits = []
    for common, (one, other) in zip(4 * shared, own.swapaxes(0, 1), strict=True):
        result = paired(common + one, common + other)
        assert result.variance_saved_low <= result.variance_saved <= result.variance_saved_high
        hits.append(result.variance_saved_low <= truth <= result.variance_saved_high)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.02)


def test_variance_saved_of_independent_runs_is_one():
    rng = np.random.default_rng(4)
    result = paired(rng.normal(size=20_000), rng.normal(size=20_000))
    assert result.variance_saved == pytest.approx(1.0, abs=0.02)


def test_interval_covers_as_often_as_it_says():
    rng = np.random.default_rng(5)
    samples = rng.normal(0.3, 1.0, size=(2000, 6))
    zeros = np.zeros(6)
    hits = [result.ci_low <= 0.3 <= result.ci_high for result in (paired(row, zeros) for row in samples)]
    assert 0.94 <= np.mean(hits) <= 0.98


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


def test_intervals_that_hold_together_are_those_of_bonferroni_and_p_says_the_same():
    pairs = [paired(FIRST + shift, SECOND) for shift in (0.0, 0.4, 1.0)]
    same = paired(SECOND, SECOND)
    confidence, adjusted = together([*pairs, same], [True, True, True, False])
    assert confidence == pytest.approx(1 - 0.05 / 3)
    assert adjusted == pytest.approx([*(min(1, 3 * one.p) for one in pairs), 1.0])
    for one, p in zip(pairs, adjusted, strict=False):
        low, high = one.interval(confidence)
        assert (p < 0.05) == (low > 0 or high < 0)
    assert together([paired([1.0], [2.0])], [True])[0] == 0.95


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_intervals_of_many_outcomes_are_those_of_each(axis):
    rng = np.random.default_rng(5)
    values = rng.lognormal(size=(4, 5, 6))
    values[rng.random(values.shape) < 0.3] = np.nan
    apart = np.moveaxis(values, axis, -1)
    apart[0, 0, 1:] = apart[1, 1] = np.nan
    found = mean_intervals(values, axis=axis, confidence=0.9)
    for place in np.ndindex(found[0].shape):
        sample = apart[place]
        alone = paired(sample, np.zeros(sample.size), confidence=0.9)
        expected = [alone.mean, alone.ci_low, alone.ci_high, alone.replicates]
        assert np.allclose([part[place] for part in found], expected, rtol=1e-13, equal_nan=True)
    assert found[3][0, 0] <= 1 and found[3][1, 1] == 0
