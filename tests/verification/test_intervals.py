r"""How often intervals hold the truth: for differences that the model makes, and for families with long tails.

``paired_differences.csv`` has the paired differences of full coverage and of the arrangement from no branches in 200 or
300 replicates on each of four synthetic grounds, as means over the weeks after the start of the policy: on the whole
district, where the headline is told, on the ground of the further arms of a comparison, and on two that are smaller::

    gongzhi compare full arrangement --replicates 200 --weeks 104 --seed 3 --assumptions 0
    gongzhi compare full arrangement --estates 120 --set run.warmup=26 --weeks 65 --replicates 300 --seed 3 \
        --assumptions 0
    gongzhi compare full --estates 60 --weeks 112 --replicates 300 --seed 7 --assumptions 0
    gongzhi compare full --estates 30 --set run.warmup=24 --weeks 72 --replicates 300 --assumptions 0

Samples of a few replicates are drawn from them with replacement; the truth is then the mean of all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments.core.statistics.exposure import Exposure, grain
from experiments.core.statistics.paired import mean_intervals

REAL = pd.read_csv(Path(__file__).with_name("paired_differences.csv"))
SAMPLED = [(str(policy), int(households)) for policy, households in REAL.groupby(["policy", "households"]).groups]
"""Policies, and the households of their grounds."""
SAMPLES = 20_000
OUTCOMES = [name for name in REAL.columns if name not in ("policy", "households", "weeks", "replicate")]

USUAL = (0.93, 0.97)
"""Share of intervals of 95 % that hold the truth, at least and at most."""
ROUNDED = 0.005
"""More that is due to samples of a few hundred pairs, and to counts."""
OTHERWISE = {
    # On the smallest ground the mean hangs on four pairs of 300, seven standard deviations away, that most samples of
    # ten do not have: 0.91 there, and Student's as often.
    ("satisfaction", 18403): (0.90, 0.97),
    # In half or three quarters of all pairs of a small ground nothing happens, and an interval must reckon with one
    # event that it has not seen.
    # A petition is about as rare on the smallest ground.
    ("petitions", 18403): (0.93, 0.99),
    ("committees", 18403): (0.93, 1.0),
    ("committees", 38180): (0.93, 1.0),
    ("committees", 77351): (0.93, 1.0),
}


def pairs_of(policy: str, households: int) -> pd.DataFrame:
    """Return the pairs of a policy on a ground."""
    return REAL[(REAL["policy"] == policy) & (REAL["households"] == households)]


def covered(population: Any, truth: float, number: int, step: float = 0.0) -> tuple[float, float]:
    """Share of samples whose interval holds the truth: the laboratory's and Student's."""
    rng = np.random.default_rng(11)
    samples = population[rng.integers(0, len(population), (SAMPLES, number))]
    _, low, high, _ = mean_intervals(samples, axis=1, grain=step, alike=False)
    with np.errstate(invalid="ignore"):
        reach = stats.t.ppf(0.975, number - 1) * samples.std(axis=1, ddof=1) / np.sqrt(number)
    student = np.abs(samples.mean(axis=1) - truth) <= reach
    return float(((low <= truth) & (truth <= high)).mean()), float(student.mean())


@pytest.mark.slow
@pytest.mark.parametrize("number", [5, 10])
@pytest.mark.parametrize(("policy", "households"), SAMPLED)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_intervals_of_the_models_differences_hold_the_truth(
    outcome: str, policy: str, households: int, number: int
) -> None:
    here = pairs_of(policy, households)
    differences = here[outcome].to_numpy(float)
    step = grain(outcome, Exposure(households, float(here["weeks"].iloc[0])))
    share, student = covered(differences, differences.mean(), number, step)
    low, high = OTHERWISE.get((outcome, households), USUAL)
    assert low - ROUNDED <= share <= high + ROUNDED and share >= student


def family(name: str) -> tuple[Any, float]:
    """A large population of a distribution, and its mean."""
    rng, size = np.random.default_rng(12), 200_000
    drawn = {
        "normal": lambda: rng.normal(size=size),
        "t, 3 degrees": lambda: rng.standard_t(3, size),
        "gamma, shape 2": lambda: rng.gamma(2.0, size=size),
        "lognormal, sigma 0.5": lambda: np.exp(rng.normal(0.0, 0.5, size)),
        "exponential": lambda: rng.exponential(size=size),
        "lognormal, sigma 1": lambda: np.exp(rng.normal(0.0, 1.0, size)),
        "rare jumps": lambda: rng.normal(0.0, 0.3, size) + np.where(rng.random(size) < 0.05, 5.0, 0.0),
    }[name]()
    return drawn, float(drawn.mean())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "five", "ten"),
    [
        ("normal", 0.955, 0.95),
        ("t, 3 degrees", 0.96, 0.96),
        ("gamma, shape 2", 0.93, 0.94),
        ("lognormal, sigma 0.5", 0.93, 0.93),
        # No interval from five numbers holds a mean that hangs on events which most samples do not have.  These are
        # measured, and better than Student's (0.885 and 0.90; 0.82 and 0.84; 0.77 and 0.60), and not what is promised.
        ("exponential", 0.91, 0.925),
        ("lognormal, sigma 1", 0.85, 0.875),
        ("rare jumps", 0.79, 0.61),
    ],
)
def test_intervals_of_skewed_families_hold_the_truth_as_often_as_is_said(name: str, five: float, ten: float) -> None:
    population, truth = family(name)
    for number, least in ((5, five), (10, ten)):
        share, student = covered(population, truth, number)
        assert least <= share <= 0.98 and share >= student


@pytest.mark.slow
def test_the_longer_side_costs_little_where_nothing_is_skewed() -> None:
    rng = np.random.default_rng(13)
    for number, most in ((3, 1.3), (5, 1.18), (10, 1.09), (40, 1.03)):
        samples = rng.normal(size=(SAMPLES, number))
        _, low, high, _ = mean_intervals(samples, axis=1)
        reach = stats.t.ppf(0.975, number - 1) * samples.std(axis=1, ddof=1) / np.sqrt(number)
        assert 1.0 <= (high - low).mean() / (2 * reach).mean() <= most


TESTS = {656214: (5, 90), 77351: (8, 340)}
"""Of a ground, the replicates and the number of rows that are judged together in `make compare`."""

TOGETHER = {"conflicts": 0.11, "filed": 0.08, "standing": 0.24, "open": 0.07}
"""Share of families of rows, all like this one, of which some interval may miss; 0.05 is what is aimed at."""


@pytest.mark.slow
@pytest.mark.parametrize(("policy", "households"), [pair for pair in SAMPLED if pair[1] in TESTS])
def test_simultaneous_intervals_miss_about_as_seldom_as_is_said(policy: str, households: int) -> None:
    """Far out in the tails a handful of pairs is no longer normal; docs/reading-results.md says by how much."""
    number, tests = TESTS[households]
    here, rng, missed = pairs_of(policy, households), np.random.default_rng(1), {}
    for outcome in TOGETHER:
        values = here[outcome].to_numpy(float)
        step = grain(outcome, Exposure(households, float(here["weeks"].iloc[0])))
        samples = values[rng.integers(0, len(values), (400_000, number))]
        _, low, high, _ = mean_intervals(samples, axis=1, confidence=1 - 0.05 / tests, grain=step, alike=False)
        missed[outcome] = tests * float(((low > values.mean()) | (high < values.mean())).mean())
    assert all(missed[outcome] < most for outcome, most in TOGETHER.items()), missed
    assert np.mean(list(missed.values())) < 0.11, missed


@pytest.mark.parametrize(("policy", "households"), SAMPLED)
def test_a_sample_of_each_outcome_is_covered(policy: str, households: int) -> None:
    here = pairs_of(policy, households)
    for outcome in ("conflicts", "standing", "satisfaction", "trust_branch", "committees"):
        values = here[outcome].to_numpy(float)
        step = grain(outcome, Exposure(households, float(here["weeks"].iloc[0])))
        _, low, high, _ = mean_intervals(values.reshape(-1, 5), axis=1, grain=step, alike=False)
        # Of 60 samples of five, 95 % are 57; three standard errors of a share are 5 samples.
        missed = low.size - ((low <= values.mean()) & (values.mean() <= high)).sum()
        assert missed <= 0.05 * low.size + 3.0 * np.sqrt(0.0475 * low.size)


def test_the_interval_scales_shifts_and_mirrors_with_its_sample() -> None:
    rng = np.random.default_rng(14)
    samples = rng.gamma(1.0, size=(200, 6))
    _, low, high, _ = mean_intervals(samples, axis=1)
    _, lower, higher, _ = mean_intervals(3.0 * samples + 7.0, axis=1)
    assert np.allclose(lower, 3.0 * low + 7.0) and np.allclose(higher, 3.0 * high + 7.0)
    _, mirrored, image, _ = mean_intervals(-samples, axis=1)
    assert np.allclose(mirrored, -high) and np.allclose(image, -low)
