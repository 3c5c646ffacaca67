"""Utilities, perceptions and the choice among channels as functions (M3).

    U = base + w_T trust + w_P perceived success - w_W ln(1 + perceived wait) + w_h h + Gumbel noise

Arrays in, arrays out; `Voice` holds the state and calls these.

What a new door draws from is a nested choice without draws of its own.  Third parties form a nest with dissimilarity
lambda.  With O the third parties that are there without any branch, N the new ones, and the others of the choice (to
bear it, to settle it with the other side, to act together),

    nest utility = (1 - lambda) ln sum(exp U, O) + lambda ln sum(exp U, O and N)

and inside the nest the choice is by U.  No alternative but the new ones gains by their coming.  So whoever does not
take a new door can keep the choice made without it, and this is how the choice is drawn: the best of the old
alternatives and the best of the new ones, each with its own Gumbel noise, differ by a logistic number, and the new one
is taken where the difference exceeds the threshold that gives the nested probability.  At lambda = 1 both thresholds
are zero, and the larger of the two is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.core.codes import BY_BRANCH
from sim.core.operands import operand

__all__ = ["nested_choice", "nested_probabilities", "perceived", "thresholds", "utility_of", "worth"]

Floats = NDArray[np.float64]

_CLOSED: Final = operand(-np.inf)
_LEAST: Final = operand(1e-300)
"""Third parties so far below everything else count as if they weighed this much, so that they can be divided by."""


def _total(weight: Floats, alternatives: Iterable[int]) -> Floats:
    return reduce(np.add, [weight[k] for k in alternatives])


def _weights(utility: Floats, old: list[int], new: list[int], dissimilarity: float) -> tuple[Floats, ...]:
    """Weights in the choice, on one scale of each person's.

    Returns
    -------
    weight : shape (alternatives, n)
        exp U.
    doors, added, apart : shape (n,)
        Their sums over O, over N, and over those who go to nobody.
    growth : shape (n,)
        By how much N adds to ln sum(exp U, O).
    """
    utility = utility.T
    weight = utility - np.maximum.reduce(utility)
    np.exp(weight, out=weight)
    doors, added = np.maximum(_total(weight, old), _LEAST), np.maximum(_total(weight, new), _LEAST)
    apart = _total(weight, set(range(len(weight))).difference(old, new))
    return weight, doors, added, apart, np.log1p(added / doors)


def thresholds(utility: Floats, old: list[int], new: list[int], dissimilarity: float) -> tuple[Floats, Floats]:
    """How far the best new door must exceed the best old alternative, both with noise, to be taken.

    Parameters
    ----------
    utility
        Before noise, shape (n, alternatives); -inf for what is closed.
    old, new
        Columns of the third parties that are there without any branch, and of the new ones; at least one of the old
        ones is open.
    dissimilarity
        lambda, in (0, 1).

    Returns
    -------
    apart, inside : shape (n,)
        For those whose best old alternative is outside the nest, and for those whose is inside.

    Examples
    --------
    >>> u = np.array([[1.0, 0.5, 0.2, 0.4]])
    >>> apart, inside = thresholds(u, [1, 2], [3], 0.999999)
    >>> bool(abs(apart[0]) < 1e-4), bool(abs(inside[0]) < 1e-4)
    (True, True)
    >>> apart, inside = thresholds(u, [1, 2], [3], 0.2)
    >>> bool(apart[0] > 0.0 > inside[0])
    True
    """
    _, doors, added, apart, growth = _weights(utility, old, new, dissimilarity)
    # The difference of the best new and the best old alternative, both with noise, is logistic around the logarithm of
    # N over all old ones.  The odds that an old one is left are those of the closed form.
    leaving_nobody = np.log(added / (doors * np.expm1(dissimilarity * growth)))
    return leaving_nobody, -np.log1p(apart * np.expm1((1.0 - dissimilarity) * growth) / added)


def nested_probabilities(utility: Floats, old: list[int], new: list[int], dissimilarity: float) -> Floats:
    """Probability of every alternative, shape (n, alternatives): the closed form that the draws follow.

    Examples
    --------
    >>> nested_probabilities(np.zeros((1, 3)), [1], [2], 1.0).round(3).tolist()
    [[0.333, 0.333, 0.333]]
    """
    weight, doors, added, apart, growth = _weights(utility, old, new, dissimilarity)
    inside = np.exp((dissimilarity - 1.0) * growth)
    weight[[*old, *new]] *= inside
    return (weight / (apart + (doors + added) * inside)).T


def nested_choice(utility: Floats, noisy: Floats, old: list[int], new: list[int], dissimilarity: float) -> NDArray:
    """Choose where new third parties draw rather from old ones than from those who go to nobody, shape (n,).

    Parameters
    ----------
    utility, noisy
        Without and with noise, shape (alternatives, n); the latter is used up.
    old, new
        Rows of the third parties that are there without any branch, and of the two new ones.
    dissimilarity
        lambda, in (0, 1).

    Examples
    --------
    >>> low, high = np.array([[2.0], [0.0], [1.0], [-np.inf]]), np.array([[2.0], [0.0], [9.0], [-np.inf]])
    >>> nested_choice(low, low.copy(), [1], [2, 3], 0.5).tolist(), nested_choice(low, high, [1], [2, 3], 0.5).tolist()
    ([0], [2])
    """
    apart, inside = thresholds(utility.T, old, new, dissimilarity)
    doors = noisy.take(new, axis=0)
    for door in new:
        noisy[door] = _CLOSED
    best = noisy.argmax(axis=0)
    gap = reduce(np.maximum, doors) - np.maximum.reduce(noisy)
    in_nest = np.zeros(len(noisy), dtype=bool)
    for door in old:
        in_nest[door] = True
    np.copyto(apart, inside, where=in_nest[best])
    takes = (gap > apart).nonzero()[0]
    if takes.size:
        best[takes] = np.array(new)[doors.take(takes, axis=1).argmax(axis=0)]
    return best


def worth(
    success: Floats, wait: Floats, base: Floats, access: Floats, weight_success: float, weight_wait: float
) -> Floats:
    """What speaks for each channel apart from persons and bodies, in utility, shape (channels, estates).

    The first channel is to settle with the other side, which asks no third party: the wait does not speak against it.

    Parameters
    ----------
    success, wait
        As perceived, shape (channels, estates).
    base, access
        What speaks for each before anything is known, shape (channels, 1), and what eases it, -inf where it is closed,
        shape (channels, estates).
    weight_success, weight_wait
        Utility for each unit of success, and lost for each unit of the logarithm of the wait.

    Examples
    --------
    >>> perceived = np.full((2, 1), 0.5), np.full((2, 1), np.e - 1.0)
    >>> worth(*perceived, np.ones((2, 1)), np.zeros((2, 1)), 2.0, 1.0).tolist()
    [[2.0], [1.0]]
    """
    slow = np.log1p(wait)
    value = weight_success * success - weight_wait * slow
    value += base
    value += access
    value[0] += weight_wait * slow[0]
    return value


def utility_of(standing: Floats, trust: Floats, own: Floats, desks: slice, platform: int) -> Floats:
    """Utility of every channel but that of tolerating, shape (1 + channels, n); the first row is left empty.

    Parameters
    ----------
    standing
        What speaks for each channel in the person's estate, shape (channels, n).
    trust
        Weighted trust in firm, committee, branch and authority, shape (4, n).
    own
        What speaks for any action in the person: grievance, and awareness of rights, shape (n,).
    desks, platform
        Rows of the four, and that of the platform, which has the standing of the branch that convenes it.
    """
    # Channel by channel, since a step along few channels takes as long as one along many people.
    utility = np.empty((len(standing) + 1, own.size))
    utility[1:] = standing
    utility[desks] += trust
    utility[platform] += trust[BY_BRANCH]
    utility[1:] += own
    return utility


def perceived(own: Floats, edges: NDArray, circle_of: NDArray, prior: Floats, worth_of: float) -> Floats:
    """Turn experience into what is perceived, shape (2, channels, estates): success and wait.

    An estate's experience is shrunk to that of its community, and the community's to a prior, each as if it came on top
    of `worth_of` cases.

    Parameters
    ----------
    own
        Faded sums of cases, successes and weeks waited, shape (3, channels, estates), estates in order of community.
    edges, circle_of
        First estate of each community, and the community of each estate.
    prior
        Success and wait of the prior, each times `worth_of`, shape (2, 1, 1).
    worth_of
        Cases.

    Examples
    --------
    >>> own = np.array([10.0, 5.0, 20.0]).reshape(3, 1, 1)
    >>> first, prior = np.zeros(1, dtype=int), np.array([0.0, 0.0]).reshape(2, 1, 1)
    >>> perceived(own, first, first, prior, 10.0).ravel().tolist()
    [0.375, 1.5]
    """
    circle = np.add.reduceat(own, edges, axis=2)
    wider = (circle[1:] + prior) / (circle[0] + worth_of)
    wider *= worth_of
    return np.asarray((own[1:] + wider.take(circle_of, axis=2)) / (own[0] + worth_of))
