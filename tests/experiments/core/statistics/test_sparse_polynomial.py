"""Sparse polynomials: one is recovered exactly, an interval holds what it promises, and noise is not foreseen."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.core.statistics.sparse_polynomial import (
    FEWEST,
    LEAST_Q2,
    LEVEL,
    Array,
    SparsePolynomial,
    basis,
    candidates,
    ends,
)


def cubic(inputs: Array) -> Array:
    a, b, c = inputs.T
    return np.asarray(1.0 + 2.0 * a - b**3 + 0.5 * a * c**2 + a * b * c)


def test_a_polynomial_is_recovered_exactly() -> None:
    """All terms are products of Legendre polynomials, and of these few."""
    draws = np.random.default_rng(1)
    inputs, others = draws.uniform(-1.0, 1.0, (40, 3)), draws.uniform(-1.0, 1.0, (100, 3))
    fitted = SparsePolynomial.fit(inputs, cubic(inputs))
    value, low, high = fitted.predict(others)
    np.testing.assert_allclose(value, cubic(others), atol=2e-6)  # seven digits are kept
    np.testing.assert_allclose(low, high, atol=2e-6)
    assert fitted.q2 == pytest.approx(1.0) and fitted.sound
    assert set(fitted.terms) == {((0, 1),), ((1, 1),), ((1, 3),), ((0, 1), (2, 2)), ((0, 1), (1, 1), (2, 1))}


def test_a_few_terms_are_picked_out_of_many_inputs() -> None:
    """Of sixteen inputs at sixty-four points, more terms are tried than points are there."""
    draws = np.random.default_rng(2)
    inputs = draws.uniform(-1.0, 1.0, (64, 16))
    fitted = SparsePolynomial.fit(inputs, 3.0 * inputs[:, 4] - inputs[:, 7] * inputs[:, 9])
    assert len(list(candidates(inputs))) > 2 * len(inputs)
    assert set(fitted.terms) == {((4, 1),), ((7, 1), (9, 1))}


@pytest.mark.parametrize("points", [24, 64])
def test_the_interval_holds_the_share_of_runs_that_it_names(points: int) -> None:
    """With noise, a curve that no cubic is, and inputs that do nothing; CV+ errs to the safe side."""
    draws = np.random.default_rng(3)
    inside = []
    for _ in range(60):
        inputs, others = draws.uniform(-1.0, 1.0, (points, 4)), draws.uniform(-1.0, 1.0, (200, 4))
        seen, shown = (
            np.exp(places[:, 0]) + places[:, 1] * places[:, 2] + 0.5 * draws.standard_normal(len(places))
            for places in (inputs, others)
        )
        _, low, high = SparsePolynomial.fit(inputs, seen).predict(others)
        inside.append(float(np.mean((low <= shown) & (shown <= high))))
    error = float(np.std(inside)) / math.sqrt(len(inside))
    assert LEVEL - 4.0 * error <= np.mean(inside) <= LEVEL + 0.08
    assert min(inside) > 2.0 * LEVEL - 1.0 - 0.25  # what holds whatever the model is, give or take one design


def test_what_is_noise_has_no_sliders() -> None:
    """Q2 is of points that were left out, so that terms chosen for their luck do not raise it."""
    draws = np.random.default_rng(4)
    q2 = [SparsePolynomial.fit(draws.uniform(-1.0, 1.0, (48, 6)), draws.standard_normal(48)).q2 for _ in range(30)]
    assert max(q2) < LEAST_Q2 and np.mean(q2) < 0.05


def test_what_is_the_same_everywhere_has_no_q2() -> None:
    fitted = SparsePolynomial.fit(np.random.default_rng(5).uniform(-1.0, 1.0, (20, 2)), np.full(20, 0.3))
    assert math.isnan(fitted.q2) and not fitted.sound and fitted.terms == ()


def test_an_input_has_no_higher_degree_than_its_values_carry() -> None:
    """Two levels carry a line and no curve."""
    levels = np.array([[-1.0, -1.0], [1.0, 0.0], [-1.0, 1.0], [1.0, -1.0]])
    assert {term for term in candidates(levels) if len(term) == 1} == {((0, 1),), ((1, 1),), ((1, 2),)}


def test_the_basis_is_orthogonal_over_the_whole_range() -> None:
    """Legendre's polynomials over [-1, 1], so that no coefficient stands for another."""
    fine = np.linspace(-1.0, 1.0, 20_001)[:, None]
    columns = basis([((0, 1),), ((0, 2),), ((0, 3),)], fine)
    products = columns.T @ columns / len(fine)
    np.testing.assert_allclose(products, np.diag([1.0, 1 / 3, 1 / 5, 1 / 7]), atol=2e-4)


def test_the_ends_of_an_interval_are_those_of_the_conformal_rule() -> None:
    """The k-th smallest with k = floor(0.1 (n + 1)) and ceil(0.9 (n + 1)), which rounding does not change."""
    assert FEWEST >= 9 and ends(9) == (0, 8) and ends(19) == (1, 17) and ends(29) == (2, 26)


def test_a_fit_is_the_same_twice() -> None:
    inputs = np.random.default_rng(6).uniform(-1.0, 1.0, (30, 3))
    first, second = (SparsePolynomial.fit(inputs, cubic(inputs) ** 2) for _ in range(2))
    assert first.terms == second.terms and first.coefficients.tobytes() == second.coefficients.tobytes()
