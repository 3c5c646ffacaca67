"""Riders' care, and what the desk makes of reports, as formulas (M12).

A careless rider becomes careful with probability g(x) a week, x the share of careful riders at the station; a
careful one relapses or is followed by a newcomer with probability d = relapse + turnover.  Each week holds one of
these events at most, so in the mean the share follows, exactly,

    x <- x + (1 - x) g(x) - d x          g(x) = a + b x^n,  n = 1 (linear norm) or 2 (quadratic)

and at rest x* = a / (a + d) without a norm, 1 - d / b under a linear norm with a = 0, and under a quadratic one with
a = 0 there are two stable shares, of which one is zero, if and only if b > 4 d.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from sim.stakeholders.couriers.couriers_parameters import CouriersSection

__all__ = ["at_rest", "gain", "removed", "week_together"]

Floats = NDArray[np.float64]

_POWER: Final = {"none": 0, "linear": 1, "quadratic": 2}


def gain(share: ArrayLike, *, a: float, b: float, norm: str, most: float = 1.0) -> Floats:
    """Probability that a careless rider becomes careful in a week.

    Parameters
    ----------
    share
        x, careful riders at the station, any shape.
    a
        Services and own accord.
    b
        Strength of the norm.
    norm
        ``none``, ``linear`` or ``quadratic``.
    most
        What turnover leaves at most.

    Examples
    --------
    >>> gain([0.0, 0.5], a=0.01, b=0.1, norm="quadratic").tolist()
    [0.01, 0.035]
    """
    x = np.asarray(share, dtype=np.float64)
    if norm == "none":
        return np.full(x.shape, min(a, most))
    return np.minimum(a + b * (x if norm == "linear" else x * x), most)


def at_rest(*, a: float, b: float, d: float, norm: str) -> list[float]:
    """Shares of careful riders to which stations return after a small disturbance, in rising order.

    Parameters
    ----------
    a
        Services and own accord, per week.
    b
        Strength of the norm, per week.
    d
        Relapse and turnover, per week.
    norm
        ``none``, ``linear`` or ``quadratic``.

    Examples
    --------
    >>> [round(x, 3) for x in at_rest(a=0.0, b=0.1, d=0.02, norm="quadratic")]
    [0.0, 0.724]
    """
    power = _POWER[norm]
    drift = np.polynomial.Polynomial([a, -a - d])
    if power:
        drift += b * np.polynomial.Polynomial([0.0] * power + [1.0, -1.0])
    if not np.any(drift.coef):
        return [0.0]
    # A norm of next to nothing has a root far away, and its rounding errors would reach the others: leave it out, and
    # bring the others into place by Newton's steps.
    roots = drift.trim(1e-9 * np.abs(drift.coef).max()).roots()
    real, slope = roots[np.abs(roots.imag) < 1e-7].real, drift.deriv()
    for _ in range(3):
        move = np.divide(drift(real), slope(real), out=np.zeros_like(real), where=slope(real) != 0.0)
        real = np.where(np.abs(move) < 1e-3, real - move, real)
    real = np.unique(np.round(real, 12))
    real = real[(real >= 0.0) & (real <= 1.0)]
    # At rest where the drift falls through zero: from above it to the left, to below it to the right.
    step = 1e-6
    stable = [float(x) for x in real if (x <= 0.0 or drift(x - step) > 0.0) and (x >= 1.0 or drift(x + step) < 0.0)]
    return stable or [float(x) for x in real[:1]] or [0.0]


def week_together(
    draw: Floats,
    safe: NDArray[np.bool_],
    uses: NDArray[np.bool_],
    turns: Floats,
    a: float,
    p: CouriersSection,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Live a week of riders for whom all services are one: one draw, one event at most.

    Parameters
    ----------
    draw
        Uniform, shape (n,).
    safe, uses
        Who rides with care, and who uses the services.
    turns
        Probability that a careless rider becomes careful, see `gain`, shape (n,).
    a
        Probability of taking the services up.
    p
        The section `couriers`.

    Returns
    -------
    safe, uses, gone
        After the week, and who has left; what the leavers' rows hold means nothing, for others take their places.
    """
    draw = draw - (p.turnover * (1.0 - p.loyalty * uses) if p.loyalty else p.turnover)
    # Below the limit the careful become careless, and the careless careful.
    limit = np.where(safe, p.relapse, turns)
    after = (draw >= limit) == safe
    if a > 0.0:
        # A careful rider takes the services up as readily as a careless one; a relapse is the end of their use.
        takes = draw < np.where(safe, p.relapse + a, min(a, 1.0 - p.turnover))
        uses = (uses | takes) & ~(safe & (draw < p.relapse))
    return after, uses, draw < 0.0


def removed(worked: Floats, stock: Floats) -> Floats:
    """Share of each estate's hazards that the reports worked off remove, in [0, 1], shape (estates,).

    Examples
    --------
    >>> removed(np.array([1.0, 3.0, 0.0]), np.array([4.0, 2.0, 0.0])).tolist()
    [0.25, 1.0, 0.0]
    """
    share = np.divide(worked, stock, out=np.zeros(stock.size), where=stock > 0.0)
    return np.asarray(np.minimum(share, 1.0, out=share))
