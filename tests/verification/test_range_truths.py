"""The range over assumptions against known truths: ends, shares and causes of made-up worlds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from experiments.core.design.axes import Axis
from experiments.core.design.points import latin
from experiments.core.statistics.causes import causes, marginal
from experiments.core.statistics.spread import spread_of

POINTS, TWICE, SIMULATED = 64, 24, 80

Draw = Callable[[np.random.Generator, int], np.ndarray]

TRUTHS: dict[str, Draw] = {
    "normal": lambda rng, n: rng.normal(-0.03, 0.06, n),
    "skewed": lambda rng, n: 0.02 - rng.gamma(1.5, 0.05, n),
    "of two kinds": lambda rng, n: np.where(rng.random(n) < 0.3, -0.15, 0.0) + rng.normal(0.0, 0.02, n),
}


def measured(rng: np.random.Generator, truth: np.ndarray, noise: np.ndarray | float) -> np.ndarray:
    """Runs of points, shape (points, 2), of which the first few are lived twice."""
    runs = truth[:, None] + np.broadcast_to(noise, truth.shape)[:, None] * rng.normal(size=(truth.size, 2))
    runs[TWICE:, 1] = np.nan
    return runs


@pytest.mark.parametrize("uneven", [False, True])
@pytest.mark.parametrize("noise", [0.02, 0.05, 0.08])
@pytest.mark.parametrize("name", TRUTHS)
def test_the_range_is_that_of_the_effects_and_not_of_chance(name: str, noise: float, uneven: bool) -> None:
    rng = np.random.default_rng(7)
    low, high = np.quantile(TRUTHS[name](rng, 200_000), (0.05, 0.95))
    found, plain, lower = [], [], []
    for _ in range(SIMULATED):
        truth = TRUTHS[name](rng, POINTS)
        size = np.exp(rng.normal(0.0, 0.7, POINTS)) if uneven else np.ones(POINTS)
        runs = measured(rng, truth, noise * np.sqrt(size))
        spread = spread_of(runs, size)
        found.append(spread.ends())
        plain.append(np.quantile(runs[:, 0], (0.05, 0.95)))
        lower.append(spread.shares(0.03)[0] - (truth < -0.03).mean())
    ends, naive = np.array(found), np.array(plain)
    width = float(np.diff(ends, axis=1).mean() / (high - low))
    assert 0.85 < width < 1.25, "the width is that of the truth"
    assert np.abs(ends.mean(axis=0) - (low, high)).max() < 0.25 * (high - low), "and so are the ends"
    if noise >= 0.05:
        assert float(np.diff(naive, axis=1).mean() / (high - low)) > width + 0.1, "which plain quantiles have not"
    # Of two kinds the smaller is hard to count once chance is as wide as what lies between them.
    assert abs(np.mean(lower)) < (0.16 if noise < 0.08 else 0.25), "shares of worlds are those of the truth"


def test_effects_without_chance_keep_every_digit() -> None:
    values = np.linspace(-0.2, 0.1, 40)
    spread = spread_of(np.repeat(values[:, None], 2, axis=1))
    assert spread.chance == 0.0 and spread.reliability == 1.0
    assert np.allclose(spread.effects, spread.mean + (values - spread.mean) * np.sqrt(1 + 1 / 40), atol=1e-6)
    assert spread.mean == pytest.approx(values.mean())


def test_a_spread_of_nothing_but_chance_is_hardly_a_range() -> None:
    rng = np.random.default_rng(3)
    widths = [np.ptp(spread_of(measured(rng, np.full(POINTS, -0.05), 0.06)).ends()) for _ in range(SIMULATED)]
    assert np.mean(widths) / (2 * 1.645 * 0.06) < 0.35


def test_where_all_points_are_equally_noisy_tau_is_what_is_left_of_the_variance() -> None:
    rng = np.random.default_rng(5)
    runs = measured(rng, rng.normal(0.0, 0.1, POINTS), 0.05)[:TWICE]
    spread = spread_of(runs)
    chance = float(runs.var(axis=1, ddof=1).mean())
    assert spread.chance**2 == pytest.approx(chance)
    assert spread.deviation**2 == pytest.approx(runs.mean(axis=1).var(ddof=1) - chance / 2, rel=1e-6)


def test_without_a_second_run_nothing_is_taken_out_and_few_points_are_no_range() -> None:
    values = np.random.default_rng(1).normal(size=30)
    runs = np.stack([values, np.full(30, np.nan)], axis=1)
    assert spread_of(runs).deviation == pytest.approx(values.std(ddof=1), rel=1e-6)
    assert np.isnan(spread_of(runs[:5]).ends()).all() and np.isnan(spread_of(runs[:5]).shares(0.1)).all()
    assert spread_of(np.full((20, 2), np.nan)).points == 0


AXES = [
    Axis("large", 0.0, 1.0),
    Axis("small", 1.0, 100.0, log=True),
    Axis("switch", levels=(False, True)),
    Axis("choice", levels=("a", "b", "c")),
    *(Axis(f"nothing {n}") for n in range(12)),
]


def world(rng: np.random.Generator, noise: float, effect: float = 1.0) -> tuple[list[list[object]], np.ndarray]:
    points = latin(AXES, POINTS, int(rng.integers(1 << 30)))
    columns = [points[axis.name].tolist() for axis in AXES]
    value = 0.12 * AXES[0].shares(columns[0]) - 0.06 * AXES[1].shares(columns[1]) + 0.05 * np.array(columns[2])
    value = value + 0.04 * (np.array(columns[3]) == "b")
    return columns, effect * value - 0.1 + rng.normal(0.0, noise, POINTS)


def test_causes_are_found_with_their_direction_and_size_and_the_largest_comes_first() -> None:
    rng = np.random.default_rng(11)
    found = [{cause.name: cause for cause in causes(AXES, *world(rng, 0.01))} for _ in range(20)]
    assert all(next(iter(one)) == "large" for one in found)
    assert all(one["large"].slope > 0 > one["small"].slope and one["switch"].slope > 0 for one in found)
    assert all(one["large"].clear for one in found)
    # Variances of the parts: uniform over a range r**2 / 12, a switch r**2 / 4, one of three r**2 * 2 / 9.
    parts = np.array([0.12**2 / 12, 0.06**2 / 12, 0.05**2 / 4, 0.04**2 * 2 / 9])
    share = np.mean([one["large"].share for one in found])
    assert share == pytest.approx(parts[0] / (parts.sum() + 0.01**2), abs=0.08)
    low, high = (np.mean([getattr(one["large"], f"effect_{end}") for one in found]) for end in ("low", "high"))
    assert high - low == pytest.approx(0.12 * 2 / 3, abs=0.01)
    held = [one["large"].share_low <= parts[0] / (parts.sum() + 0.01**2) <= one["large"].share_high for one in found]
    assert np.mean(held) > 0.8


def test_what_is_not_chance_alone_explains_the_spread_over_assumptions() -> None:
    rng = np.random.default_rng(13)
    shares = [
        next(c for c in causes(AXES, *world(rng, 0.05), reliability=0.45) if c.name == "large").share for _ in range(40)
    ]
    parts = np.array([0.12**2 / 12, 0.06**2 / 12, 0.05**2 / 4, 0.04**2 * 2 / 9])
    assert np.mean(shares) == pytest.approx(parts[0] / parts.sum(), abs=0.12)


def test_chance_is_called_a_cause_in_one_of_twenty_tables_at_most() -> None:
    rng = np.random.default_rng(17)
    tables = [causes(AXES, *world(rng, 1.0, effect=0.0)) for _ in range(120)]
    assert np.mean([any(cause.clear for cause in table) for table in tables]) < 0.1


def test_too_few_points_have_no_causes_and_constant_effects_neither() -> None:
    columns, effects = world(np.random.default_rng(1), 0.01)
    assert causes(AXES, [column[:20] for column in columns], effects[:20]) == []
    assert causes(AXES, columns, np.zeros(POINTS)) == []


def test_alone_a_parameter_explains_its_share_and_nothing_explains_nothing() -> None:
    rng = np.random.default_rng(19)
    shares = np.mean([marginal(AXES, *world(rng, 0.02)) for _ in range(60)], axis=0)
    assert shares[0] > shares[1:].max() and np.abs(shares[4:]).max() < 0.02
