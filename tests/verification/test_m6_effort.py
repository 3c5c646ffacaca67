"""M6: a firm's effort against the closed forms and a fine grid, and the sign of one more evaluator."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.stakeholders.firms import FirmsSection, backlog, effort, learnt_hazard, repair_rate

weight = st.floats(0.0, 4.0)
share = st.floats(0.0, 1.0)
judges = st.lists(st.tuples(weight, share), min_size=1, max_size=4)


def worth(v, u, psi, phi, fine, cost, substitution):
    seen, total = float(np.dot(psi, phi)), float(np.sum(psi))
    return seen * v + (total - seen) * u - fine * (1 - u) - cost / 2 * (v * v + u * u + 2 * substitution * v * u)


def solve(psi, phi, fine, cost, substitution):
    v, u = effort(np.array(psi)[:, None], np.array(phi), fine=fine, cost=cost, substitution=substitution)
    return float(v[0]), float(u[0])


def test_the_default_effort_is_the_formula_of_the_specification() -> None:
    psi, phi, s, fine, c = 0.5, 0.4, 0.3, 0.1, 1.2
    total, seen = psi, psi * phi
    v, u = solve([psi], [phi], fine, c, s)
    assert u == pytest.approx((total - (1 + s) * seen + fine) / (c * (1 - s * s)), abs=1e-14)
    assert v == pytest.approx((seen - s * (total - seen + fine)) / (c * (1 - s * s)), abs=1e-14)


@given(judges, st.floats(0.0, 1.0), st.floats(0.3, 4.0), st.floats(0.0, 0.95))
def test_inside_the_square_both_formulas_hold(found, fine, cost, s) -> None:
    psi, phi = zip(*found, strict=True)
    total, seen = sum(psi), float(np.dot(psi, phi))
    u = (total - (1 + s) * seen + fine) / (cost * (1 - s * s))
    v = (seen - s * (total - seen + fine)) / (cost * (1 - s * s))
    assume(0 <= u <= 1 and 0 <= v <= 1)
    assert solve(psi, phi, fine, cost, s) == (pytest.approx(v, abs=1e-9), pytest.approx(u, abs=1e-9))


@given(judges, st.floats(0.0, 2.0), st.floats(0.1, 4.0), st.floats(0.0, 1.6))
def test_no_point_of_a_fine_grid_is_better(found, fine, cost, s) -> None:
    psi, phi = zip(*found, strict=True)
    v, u = solve(psi, phi, fine, cost, s)
    assert 0.0 <= v <= 1.0 and 0.0 <= u <= 1.0
    axis = np.linspace(0.0, 1.0, 101)
    grid = worth(axis[:, None], axis[None, :], psi, phi, fine, cost, s)
    assert worth(v, u, psi, phi, fine, cost, s) >= grid.max() - 1e-9


@given(judges, st.floats(0.0, 2.0), st.floats(0.1, 4.0), st.floats(0.0, 0.95))
def test_a_numerical_optimiser_finds_the_same_point(found, fine, cost, s) -> None:
    from scipy.optimize import minimize

    psi, phi = zip(*found, strict=True)
    v, u = solve(psi, phi, fine, cost, s)
    best = minimize(
        lambda x: -worth(x[0], x[1], psi, phi, fine, cost, s),
        [0.5, 0.5],
        method="L-BFGS-B",
        bounds=[(0, 1), (0, 1)],
        options={"ftol": 1e-15, "gtol": 1e-10},
    )
    assert -best.fun <= worth(v, u, psi, phi, fine, cost, s) + 1e-9
    assert np.hypot(best.x[0] - v, best.x[1] - u) < 2e-3


@pytest.mark.parametrize(
    ("psi", "phi", "fine", "cost", "s", "v", "u"),
    [
        (0.0, 0.5, 0.0, 1.0, 0.3, 0.0, 0.0),  # nobody judges: nothing is done
        (9.0, 0.5, 0.0, 1.0, 0.3, 1.0, 1.0),  # everybody judges hard: everything is done
        (0.5, 1.0, 0.0, 1.0, 0.3, 0.5, 0.0),  # only the visible is judged
        (0.5, 0.0, 0.0, 1.0, 0.3, 0.0, 0.5),  # only the invisible is judged
        (2.0, 1.0, 0.0, 1.0, 0.3, 1.0, 0.0),
        (0.0, 0.5, 5.0, 1.0, 0.3, 0.0, 1.0),  # a fine alone
        (4.0, 0.9, 0.0, 1.0, 0.3, 1.0, 0.1),  # one side is full, the other stops inside
    ],
)
def test_corners_and_sides_are_exact(psi, phi, fine, cost, s, v, u) -> None:
    assert solve([psi], [phi], fine, cost, s) == (pytest.approx(v, abs=1e-12), pytest.approx(u, abs=1e-12))


def test_estates_do_not_disturb_one_another() -> None:
    psi = np.array([[0.5, 0.0, 9.0, 4.0]])
    v, u = effort(psi, [0.4], fine=0.1, cost=1.2, substitution=0.3)
    alone = [solve([x], [0.4], 0.1, 1.2, 0.3) for x in psi[0]]
    assert [(a, b) for a, b in zip(v, u, strict=True)] == alone


def test_shares_may_differ_between_estates_and_the_fine_too() -> None:
    v, u = effort([[0.5, 0.5]], [[0.4, 0.2]], fine=np.array([0.1, 0.2]), cost=1.2, substitution=0.3)
    assert (v[0], u[0]) == solve([0.5], [0.4], 0.1, 1.2, 0.3)
    assert (v[1], u[1]) == solve([0.5], [0.2], 0.2, 1.2, 0.3)


@given(
    owners=st.floats(0.2, 0.8),
    owners_share=st.floats(0.0, 0.9),
    added=st.floats(0.01, 0.2),
    phi=share,
    s=st.floats(0.0, 0.8),
    fine=st.floats(0.0, 0.3),
)
def test_one_more_evaluator_lowers_real_service_exactly_when_it_looks_at_the_visible(
    owners, owners_share, added, phi, s, fine
) -> None:
    threshold = 1 / (1 + s)
    assume(abs(phi - threshold) > 1e-3)
    before = solve([owners], [owners_share], fine, 1.2, s)
    after = solve([owners, added], [owners_share, phi], fine, 1.2, s)
    assume(all(0.0 < x < 1.0 for x in (*before, *after)))
    assert (after[1] < before[1]) == (phi > threshold)


def test_at_the_threshold_an_evaluator_changes_nothing_in_what_is_hard_to_see() -> None:
    s = 0.3
    before = solve([0.5], [0.4], 0.1, 1.2, s)
    after = solve([0.5, 0.1], [0.4, 1 / (1 + s)], 0.1, 1.2, s)
    assert after[1] == pytest.approx(before[1], abs=1e-12)
    assert after[0] > before[0]


def test_deferred_maintenance_settles_at_wear_over_repair() -> None:
    d0, base, rho, finding = 0.02, 0.02, 0.08, 0.15
    draws = np.random.default_rng(1).random((4, 500))
    age, u, inspection, repairs = draws * np.array([[60], [1], [0.2], [0.01]])
    firms = FirmsSection(wear=d0, repair_base=base, repair_effort=rho, finding=finding)
    settled = backlog(age, u, firms, inspection=inspection, repairs=repairs)
    rate = 1.0 / (1.0 / (finding + inspection) + 1.0 / (base + rho * u))
    assert np.allclose(settled, (d0 * (1 + age / 20) - repairs) / rate)
    stock = np.ones(500)
    for _ in range(3000):
        stock = stock + d0 * (1 + age / 20) - rate * stock - repairs
    assert np.allclose(stock, settled, rtol=1e-9)


def test_one_stock_settles_where_what_is_hidden_and_what_is_known_together_do() -> None:
    """Damage is first not known and then known; the two stocks in a row have the fixed point of the one stock."""
    d0, base, rho, finding = 0.02, 0.02, 0.08, 0.15
    age, u, inspection = np.random.default_rng(2).random((3, 500)) * np.array([[60], [1], [0.2]])
    wear, found, mended = d0 * (1 + age / 20), finding + inspection, base + rho * u
    hidden, known = np.zeros(500), np.zeros(500)
    for _ in range(3000):
        seen = found * hidden
        hidden, known = hidden + wear - seen, known + seen - mended * known
    firms = FirmsSection(wear=d0, repair_base=base, repair_effort=rho, finding=finding)
    settled = backlog(age, u, firms, inspection=inspection)
    assert np.allclose(hidden + known, settled, rtol=1e-9)


@given(u=st.floats(0.0, 1.0), inspection=st.floats(0.0, 50.0))
def test_no_inspection_repairs_faster_than_the_firm_mends(u: float, inspection: float) -> None:
    without, with_it = (
        float(repair_rate(u, repair_base=0.02, repair_effort=0.08, finding=0.15, inspection=found))
        for found in (0.0, inspection)
    )
    assert without <= with_it <= 0.02 + 0.08 * u


def test_beliefs_are_the_mean_of_a_gamma_posterior() -> None:
    prior, strength, rng = 0.02, 50.0, np.random.default_rng(3)
    hazard = rng.gamma(prior * strength, 1 / strength, 400_000)
    seen = rng.poisson(hazard * 30.0)
    for count in (0, 1, 2):
        expected = hazard[seen == count].mean()
        assert learnt_hazard(count, 30.0, prior=prior, strength=strength) == pytest.approx(expected, rel=0.02)
