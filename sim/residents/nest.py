"""What a new door draws from (M3): a nested choice without draws of its own.

Third parties form a nest with dissimilarity lambda.  With O the third parties that are there without any branch, N the
new ones, and the others of the choice (to bear it, to settle it with the other side, to act together),

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

__all__ = ["nested_probabilities", "thresholds"]

Floats = NDArray[np.float64]


_LEAST: Final = np.array(1e-300)
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
    weight = utility.T - np.maximum.reduce(utility.T)
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
