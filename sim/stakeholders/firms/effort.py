"""The decision of a firm as formulas (M6): one agent, two tasks, any number of judges.

Each quarter the firm of an estate chooses visible effort v and invisible effort u in [0, 1] to maximise

    fee A r + sum_e psi_e [phi_e v + (1 - phi_e) u] - pF (1 - u) + R u - (c/2) (v^2 + u^2 + 2 s v u)

Every evaluator e threatens replacement with weight psi_e and looks at a mix of visible (share phi_e) and
invisible effort (Holmstrom and Milgrom 1991).  A reward R for what inspections find done draws as
the fine pF drives: inside of the square, u* = [P - (1 + s) V + pF + R] / (c (1 - s^2)), with P the weights of all
evaluators and V these times their visible shares.  The fees of the quarter do not depend
on the quarter's effort, so they do not move the choice; they pay for the office's hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from sim.stakeholders.firms.firms_parameters import FirmsSection

    Floats = NDArray[np.float64]

__all__ = ["backlog", "effort", "learnt_hazard"]


def effort(
    weights: ArrayLike,
    visible_shares: ArrayLike,
    *,
    fine: ArrayLike = 0.0,
    reward: ArrayLike = 0.0,
    cost: float,
    substitution: float,
) -> tuple[Floats, Floats]:
    """Effort that the firm of each estate finds best.

    Parameters
    ----------
    weights
        psi, shape (evaluators, estates).
    visible_shares
        phi, shape (evaluators, estates) or (evaluators,).
    fine
        pF, a number or shape (estates,).
    reward
        R, a number or shape (estates,).
    cost
        c > 0.
    substitution
        s >= 0.  From 1 on the two tasks drive each other out, and one of them is left at a limit.

    Returns
    -------
    visible, invisible
        v* and u*, shape (estates,), exact on the borders of [0, 1] too.

    Examples
    --------
    >>> v, u = effort([[0.5]], [0.4], fine=0.1, cost=1.2, substitution=0.3)
    >>> round(float(v[0]), 4), round(float(u[0]), 4)
    (0.0733, 0.3114)
    """
    psi = np.atleast_2d(np.asarray(weights, dtype=np.float64))
    phi = np.asarray(visible_shares, dtype=np.float64)
    if phi.ndim == 1:
        phi = phi[:, None]
    total, seen = psi.sum(axis=0), (psi * phi).sum(axis=0)
    gain_visible = seen
    gain_invisible = total - seen + np.asarray(fine, dtype=np.float64) + np.asarray(reward, dtype=np.float64)
    s = substitution
    edges = [np.zeros_like(total), np.ones_like(total)]
    visible = [np.clip(gain_visible / cost - s * u, 0.0, 1.0) for u in edges] + edges
    invisible = edges + [np.clip(gain_invisible / cost - s * v, 0.0, 1.0) for v in edges]
    if s < 1.0:
        scale = cost * (1.0 - s * s)
        inner_v = (gain_visible - s * gain_invisible) / scale
        inner_u = (gain_invisible - s * gain_visible) / scale
        inside = (inner_v >= 0.0) & (inner_v <= 1.0) & (inner_u >= 0.0) & (inner_u <= 1.0)
        # Strictly concave: where the unconstrained optimum is allowed it is the best, else the best is on
        # the border, of which each of the four sides has its own optimum.
        visible.append(np.where(inside, inner_v, visible[0]))
        invisible.append(np.where(inside, inner_u, invisible[0]))
    v, u = np.array(visible), np.array(invisible)
    worth = gain_visible * v + gain_invisible * u - cost / 2 * (v * v + u * u + 2 * s * v * u)
    best = worth.argmax(axis=0)
    if s < 1.0:
        best[inside] = len(visible) - 1
    column = np.arange(total.size)
    return v[best, column], u[best, column]


def repair_rate(
    invisible: ArrayLike,
    *,
    repair_base: float,
    repair_effort: float,
    finding: float,
    inspection: ArrayLike = 0.0,
) -> Floats:
    """Share of deferred maintenance that is repaired in a week: what is broken is found first, then mended (M1).

    The mean time from breakage to repair is the time till it is found, ``1 / (f0 + inspection)``, and then the time
    till it is mended, ``1 / (rho0 + rho u)``.  Whoever inspects shortens the first; only the firm shortens the second.

    Parameters
    ----------
    invisible
        u, shape (estates,) or a number.
    repair_base, repair_effort, finding
        rho0, rho and f0, shares per week.
    inspection
        Share of what is not yet known that others' inspection finds in a week.

    Examples
    --------
    >>> float(repair_rate(0.0, repair_base=0.25, repair_effort=0.0, finding=0.25))
    0.125
    """
    mended = repair_base + repair_effort * np.asarray(invisible, dtype=np.float64)
    found = finding + np.asarray(inspection, dtype=np.float64)
    return np.minimum(mended * found / (mended + found), 1.0)


def backlog(
    age: ArrayLike,
    invisible: ArrayLike,
    firms: FirmsSection,
    *,
    inspection: ArrayLike = 0.0,
    repairs: ArrayLike = 0.0,
) -> Floats:
    """Deferred maintenance at which wear and repair balance, D* (M1, facility).

    Parameters
    ----------
    age
        Years, shape (estates,).
    invisible
        u, shape (estates,) or a number.
    firms
        Has d0 (``wear``), the years at which wear has doubled (``wear_age``), and what `repair_rate` needs.
    inspection
        See `repair_rate`.
    repairs
        What others repair in a week whatever the stock.

    Examples
    --------
    >>> from sim.stakeholders.firms import FirmsSection
    >>> p = FirmsSection(wear=0.02, wear_age=20.0, repair_base=0.02, repair_effort=0.08, finding=0.16)
    >>> round(float(backlog(20.0, 0.25, p)), 6)
    1.25
    """
    inflow = firms.wear * (1.0 + np.asarray(age) / firms.wear_age) - np.asarray(repairs)
    rate = repair_rate(
        invisible,
        repair_base=firms.repair_base,
        repair_effort=firms.repair_effort,
        finding=firms.finding,
        inspection=inspection,
    )
    return np.maximum(inflow, 0.0) / rate


def learnt_hazard(seen: ArrayLike, exposure: ArrayLike, *, prior: float, strength: float) -> Floats:
    """Replacement hazard that a firm believes in after what it has seen (Gamma prior, Poisson news).

    Parameters
    ----------
    seen
        Replacements observed.
    exposure
        Contract-years over which they were observed.
    prior, strength
        Hazard expected at first, and the contract-years that this expectation is worth.

    Examples
    --------
    >>> float(learnt_hazard(0.0, 0.0, prior=0.01, strength=400.0))
    0.01
    """
    return (prior * strength + np.asarray(seen, dtype=np.float64)) / (strength + np.asarray(exposure))
