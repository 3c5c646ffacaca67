"""What a calibration is made of, each against a closed form: samplers, emulators, implausibility, posterior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy import stats

from experiments.analyses.calibration import history_matching, posterior
from experiments.analyses.calibration.emulator import Emulator, Emulators, emulators
from experiments.analyses.calibration.samplers import subset_simulation, tempered_smc
from experiments.analyses.calibration.target_set import TargetSet
from experiments.analyses.validation.targets import Target

NOISE = 0.05


@dataclass
class Plane:
    """An emulator that knows: figures are a plane, without any error of their own."""

    slopes: np.ndarray
    heights: np.ndarray

    def predict(self, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return shares @ self.slopes.T + self.heights, np.zeros((len(shares), len(self.heights)))


def targets_around(values: Any, deviations: Any, names: Any = None) -> TargetSet:
    names = names or [f"figure {place}" for place in range(len(values))]
    pairs = zip(names, values, deviations, strict=True)
    return TargetSet.build({name: Target(value, value - 2 * sd, value + 2 * sd) for name, value, sd in pairs}, [""])


def test_the_posterior_of_a_linear_gaussian_toy_is_the_conjugate_one() -> None:
    slopes = np.array([[1.0, 0.5, 0.0], [0.0, 1.0, -1.0], [0.3, 0.0, 1.0], [1.0, 1.0, 1.0]])
    truth, deviations = np.array([0.45, 0.55, 0.5]), np.array([0.05, 0.06, 0.07, 0.09])
    plane: Any = Plane(slopes, np.arange(4.0))
    target_set = targets_around(plane.predict(truth[None])[0][0] + 0.02, deviations)
    drawn = posterior.sample(target_set, plane, 3, np.random.default_rng(4), number=8000)
    precision = slopes.T @ np.diag(1 / deviations**2) @ slopes
    covariance = np.linalg.inv(precision)
    mean = covariance @ slopes.T @ ((target_set.values - plane.heights) / deviations**2)
    spread = np.sqrt(np.diag(covariance))
    assert (np.abs(mean - 0.5) + 4 * spread < 0.5).all(), "the ranges must not cut the posterior for this to be exact"
    assert np.abs(drawn.mean(axis=0) - mean) == pytest.approx(0.0, abs=0.06 * spread.max())
    assert drawn.std(axis=0) == pytest.approx(spread, rel=0.05)
    assert np.corrcoef(drawn.T) == pytest.approx(covariance / np.outer(spread, spread), abs=0.05)
    assert posterior.best_of(target_set, plane, drawn) == pytest.approx(mean, abs=1e-3)


def test_the_same_figure_asked_of_two_worlds_that_agree_counts_once() -> None:
    target = {"one": Target(0.5, 0.3, 0.7)}
    once, twice = TargetSet.build(target, [""]), TargetSet.build(target, ["off", "on"])
    single: Any = Plane(np.array([[1.0]]), np.zeros(1))
    double: Any = Plane(np.array([[1.0], [1.0]]), np.zeros(2))
    points = np.linspace(0, 1, 7)[:, None]
    assert posterior.likelihood(once, single)(points) == pytest.approx(posterior.likelihood(twice, double)(points))


def test_worlds_that_disagree_pull_the_best_point_between_them() -> None:
    target_set = TargetSet.build({"one": Target(0.5, 0.3, 0.7)}, ["off", "on"])
    apart: Any = Plane(np.array([[1.0], [1.0]]), np.array([0.1, -0.1]))
    drawn = posterior.sample(target_set, apart, 1, np.random.default_rng(1), number=500)
    assert posterior.best_of(target_set, apart, drawn)[0] == pytest.approx(0.5, abs=0.01)


def test_the_best_point_meets_all_intervals_where_some_point_does() -> None:
    """A narrow target pulls the most credible point so far that a wide one is missed, though both can be met."""
    targets = {"narrow": Target(0.5, 0.49, 0.51), "lopsided": Target(0.9, 0.5, 0.91)}
    target_set = TargetSet.build(targets, [""])
    plane: Any = Plane(np.array([[1.0], [1.0]]), np.array([0.0, -0.003]))
    drawn = posterior.sample(target_set, plane, 1, np.random.default_rng(1), number=500)
    best = posterior.best_of(target_set, plane, drawn)
    assert target_set.within(plane.predict(best[None])[0]).all()


@pytest.mark.parametrize(("edge", "parameters"), [(0.3, 2), (0.05, 4)])
def test_the_share_of_a_set_is_its_volume(edge: float, parameters: int) -> None:
    found = subset_simulation(lambda points: points.max(axis=1), edge, parameters, 2000, np.random.default_rng(2))
    assert found.share == pytest.approx(edge**parameters, rel=0.25)
    assert (found.points <= edge).all()
    assert (found.points.mean(axis=0) / edge).tolist() == pytest.approx([0.5] * parameters, abs=0.04)


def test_a_set_that_is_empty_ends_where_it_is_nearest() -> None:
    found = subset_simulation(lambda points: 1.0 + points[:, 0], 0.5, 2, 500, np.random.default_rng(3))
    assert found.cut >= 1.0 and found.points[:, 0].max() < 0.01


def test_a_bounded_posterior_stays_within_its_ranges() -> None:
    drawn, values = tempered_smc(lambda points: 5.0 * points[:, 0], 1, 4000, np.random.default_rng(5))
    assert drawn.min() >= 0.0 and drawn.max() <= 1.0
    assert drawn.mean() == pytest.approx(np.exp(5) / np.expm1(5) - 0.2, abs=0.01)
    assert values == pytest.approx(5.0 * drawn[:, 0])


def curved(shares: np.ndarray) -> np.ndarray:
    one, two = shares[:, 0], shares[:, 1]
    return np.stack([np.sin(2 * one) + two, one * two, np.exp(-one) + 0.5 * two**2], axis=1)


def taught(rng: np.random.Generator, points: int = 24, replicates: int = 2) -> Emulators:
    """Emulators of a noisy, curved toy, from a design of their own."""
    shares = stats.qmc.LatinHypercube(2, rng=rng).random(points)
    place = np.repeat(np.arange(points), replicates)
    runs = curved(shares)[place] + rng.normal(0.0, NOISE, (len(place), 3))
    return emulators(["a", "b", "c"], shares, place, np.zeros(points, dtype=int), runs)


@pytest.mark.slow
def test_the_point_that_is_right_is_ruled_out_no_more_often_than_stated() -> None:
    level, many, out, left = 0.1, 80, 0, []
    for number in range(many):
        rng = np.random.default_rng(number)
        made = taught(rng)
        truth, deviations = rng.random((1, 2)), np.array([0.1, 0.05, 0.05])
        target_set = targets_around(curved(truth)[0] + rng.normal(0.0, deviations), deviations)
        cut = history_matching.cutoff(level, len(target_set))
        out += int(history_matching.distances(target_set, made, truth).max() > cut)
        left.append((history_matching.distances(target_set, made, rng.random((300, 2))).max(axis=1) <= cut).mean())
    assert out <= stats.binom.ppf(0.99, many, level)
    assert np.mean(left) < 0.5, "and yet most of what is wrong is ruled out"


def test_noise_is_known_from_replicates_and_leaving_out_tells_how_good_an_emulator_is() -> None:
    made = taught(np.random.default_rng(1), points=40)
    rng = np.random.default_rng(9)
    fresh = rng.random((200, 2))
    mean, variance = made.predict(fresh)
    for place, one in enumerate(made.items):
        assert one.quality.noise == pytest.approx(NOISE, rel=0.35)
        assert one.quality.sound and one.quality.q2 > 0.9
        missed = np.abs(mean[:, place] - curved(fresh)[:, place])
        assert (missed <= 2 * np.sqrt(variance[:, place])).mean() > 0.85
        assert np.sqrt((missed**2).mean()) < NOISE, "the mean is known better than one run tells it"


def test_an_emulator_foresees_what_scikit_learn_does(monkeypatch: pytest.MonkeyPatch) -> None:
    from sklearn.gaussian_process import GaussianProcessRegressor

    seen: list[Any] = []
    fit = GaussianProcessRegressor.fit
    monkeypatch.setattr(GaussianProcessRegressor, "fit", lambda self, *given: (seen.append(self), fit(self, *given))[1])
    rng = np.random.default_rng(3)
    shares = rng.random((20, 2))
    one = Emulator(shares, curved(shares)[:, 0], 0.1, np.full(20, 0.001))
    fresh = rng.random((50, 2))
    mean, spread = seen[0].predict(fresh - 0.5, return_std=True)
    assert one.predict(fresh)[0] == pytest.approx(mean * one.scale + one.centre)
    variance = (spread * one.scale) ** 2 * one.quality.inflation
    assert one.predict(fresh)[1] == pytest.approx(variance, rel=1e-6, abs=1e-12)


def test_a_figure_that_nothing_moves_is_no_fault_of_its_emulator() -> None:
    rng = np.random.default_rng(6)
    shares, place = rng.random((20, 2)), np.repeat(np.arange(20), 2)
    made = emulators(["still"], shares, place, np.zeros(20, dtype=int), rng.normal(5.0, 1.0, (40, 1)))
    quality = made.items[0].quality
    assert quality.sound and not quality.q2 < 0.5
    assert made.predict(rng.random((50, 2)))[0].mean() == pytest.approx(5.0, abs=0.6)


def test_quality_is_that_of_leaving_out_each_point_in_turn() -> None:
    from sklearn.gaussian_process import GaussianProcessRegressor

    rng = np.random.default_rng(7)
    shares, errors = rng.random((14, 2)), np.full(14, 0.002)
    means = curved(shares)[:, 0] + np.sin(15 * shares[:, 1]) + rng.normal(0.0, 0.045, 14)
    one = Emulator(shares, means, 0.06, errors)
    missed, variances = [], []
    kernel = kernel_of(one)
    for place in range(14):
        rest = np.arange(14) != place
        process = GaussianProcessRegressor(kernel, alpha=errors[rest] / one.scale**2 + 1e-6, optimizer=None)
        process.fit(shares[rest] - 0.5, (means[rest] - one.centre) / one.scale)
        mean, spread = process.predict(shares[[place]] - 0.5, return_std=True)
        missed.append(mean[0] - (means[place] - one.centre) / one.scale)
        variances.append(spread[0] ** 2 + errors[place] / one.scale**2 + 1e-6)
    squared = np.array(missed) ** 2
    assert one.quality.covered == pytest.approx((squared <= 4 * np.array(variances)).mean())
    assert one.quality.inflation == pytest.approx(max((squared / variances).mean(), 1.0), rel=1e-6)
    chance = 0.002 / one.scale**2
    assert one.quality.q2 == pytest.approx(1 - max(squared.mean() - chance, 0) / (1 - chance), rel=1e-6)


def kernel_of(emulator: Emulator) -> Any:
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct

    return ConstantKernel(emulator.plane) * DotProduct(1.0) + ConstantKernel(emulator.smooth) * RBF(emulator.lengths)
