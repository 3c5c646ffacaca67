"""Evaluation, capture, crowding-out and the choice of projects as formulas (M10)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

__all__ = [
    "awards_given",
    "failing",
    "knapsack",
    "say",
    "seen_share",
]


def seen_share(visible: float, captured: ArrayLike) -> Floats:
    """Visible share by which a branch judges: a captured one looks more at what shows.

    Examples
    --------
    >>> float(seen_share(0.6, 0.5))
    0.8
    """
    return visible + (1.0 - visible) * np.asarray(captured, dtype=np.float64)


def failing(score: ArrayLike, limit: ArrayLike, noise: float, attention: ArrayLike) -> Floats:
    """Probability that a score with error lies below a limit; the error falls with the root of the hours.

    Parameters
    ----------
    score, limit
        phi v + (1 - phi) u, and what it must reach.
    noise
        Standard deviation of the error where all hours were granted.
    attention
        Share of the hours that were granted, above 0.

    Examples
    --------
    >>> failing([0.2, 0.2], 0.2, 0.1, [1.0, 0.25]).tolist()
    [0.5, 0.5]
    >>> failing([0.1, 0.3], 0.2, 0.0, 1.0).tolist()
    [1.0, 0.0]
    """
    from scipy.special import ndtr

    short = np.asarray(limit, dtype=np.float64) - np.asarray(score, dtype=np.float64)
    if noise == 0.0:
        return np.asarray(short > 0.0, dtype=np.float64)
    # Beyond all bounds of an error of next to nothing lies certainty.
    with np.errstate(over="ignore"):
        return np.asarray(ndtr(short * np.sqrt(np.asarray(attention, dtype=np.float64)) / noise))


def say(weight: float, veto: float) -> float:
    """What the branch decides in the committee's place: by its verdict on firms or its veto of candidates.

    Examples
    --------
    >>> say(0.5, 0.5), say(0.0, 0.0)
    (0.75, 0.0)
    """
    return 1.0 - (1.0 - weight) * (1.0 - veto)


def awards_given(serving: Floats, mediating: Floats, visible: float) -> Floats:
    """Awards that a branch is recommended for: 1 on average weights, more where what counts is what it does.

    Examples
    --------
    >>> awards_given(np.array([1.0, 0.0, 0.0]), np.array([1.0, 2.0, 0.0]), 0.8).round(9).tolist()
    [1.0, 0.4, 0.0]
    """
    done = serving + mediating
    praised = visible * serving
    praised += (1.0 - visible) * mediating
    praised *= 2.0
    return np.divide(praised, done, out=np.zeros(done.shape), where=done > 0.0)


def knapsack(value: Floats, cost: NDArray[np.int64], budget: int) -> NDArray[np.bool_]:
    """Choose the projects of greatest total value that a budget can pay, exactly, for many communities at once.

    Dynamic programme over whole units of cost: best[w] after k projects is the greatest value for at most w units.

    Parameters
    ----------
    value
        At least 0; a project worth nothing is never chosen; shape (communities, projects).
    cost
        In whole units, above 0, same shape.
    budget
        Units that each community may spend.

    Returns
    -------
    NDArray
        Which projects are chosen, same shape.

    Examples
    --------
    >>> knapsack(np.array([[6.0, 5.0, 5.0]]), np.array([[6, 5, 5]]), 10).tolist()
    [[False, True, True]]
    """
    communities, projects = value.shape
    # More than all projects together cost is never spent.
    most = min(budget, int(cost.sum(axis=1).max(initial=0)))
    purse = np.arange(most + 1)
    best = np.zeros((communities, most + 1))
    taken = np.zeros((projects, communities, most + 1), dtype=np.bool_)
    for k in range(projects):
        left = purse - cost[:, k, None]
        without = np.take_along_axis(best, np.maximum(left, 0), axis=1) + value[:, k, None]
        taken[k] = (left >= 0) & (without > best)
        np.copyto(best, without, where=taken[k])
    chosen = np.zeros((communities, projects), dtype=np.bool_)
    everyone, left_over = np.arange(communities), np.full(communities, most)
    for k in range(projects - 1, -1, -1):
        chosen[:, k] = taken[k, everyone, left_over]
        left_over -= cost[:, k] * chosen[:, k]
    return chosen
