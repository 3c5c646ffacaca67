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

from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["nested_probabilities", "thresholds"]

Floats = NDArray[np.float64]


_FURTHEST: Final = 300.0
"""Utilities this far above the best door count as if they were no further, so that no product of two overflows."""
_LEAST: Final = 1e-300


def _total(weight: Floats, alternatives: list[int]) -> Floats:
    return reduce(np.add, [weight[k] for k in alternatives])


def _weights(utility: Floats, old: list[int], new: list[int], dissimilarity: float) -> tuple[Floats, ...]:
    """Weights in the choice, on one scale of each person's.

    Returns
    -------
    weight : shape (alternatives, n)
        exp U.
    doors, added, apart : shape (n,)
        Their sums over O, over N, and over those who go to nobody.
    gained, lost : shape (n,)
        What the nest weighs more than O, and less than O and N.
    """
    by_alternative = np.ascontiguousarray(utility.T)
    best = reduce(np.maximum, [by_alternative[k] for k in (*old, *new)])
    weight = np.exp(np.minimum(by_alternative - best, _FURTHEST))
    doors, added = np.maximum(_total(weight, old), _LEAST), _total(weight, new)
    apart = _total(weight, [k for k in range(len(weight)) if k not in old and k not in new])
    growth = np.log1p(added / doors)
    gained = doors * np.expm1(dissimilarity * growth)
    lost = (doors + added) * -np.expm1((dissimilarity - 1.0) * growth)
    return weight, doors, added, apart, gained, lost


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
    _, doors, added, apart, gained, lost = _weights(utility, old, new, dissimilarity)
    nest = doors + gained
    # The difference of the best new and the best old alternative, both with noise, is logistic around the logarithm of
    # N over all old ones.  The odds that an old one is left are those of the closed form.
    return np.log(added / gained), np.log(added * nest / (apart * lost + nest * added))


def nested_probabilities(utility: Floats, old: list[int], new: list[int], dissimilarity: float) -> Floats:
    """Probability of every alternative, shape (n, alternatives): the closed form that the draws follow.

    Examples
    --------
    >>> nested_probabilities(np.zeros((1, 3)), [1], [2], 1.0).round(3).tolist()
    [[0.333, 0.333, 0.333]]
    """
    weight, doors, added, apart, gained, _ = _weights(utility, old, new, dissimilarity)
    weight[[*old, *new]] *= (doors + gained) / (doors + added)
    return (weight / (apart + doors + gained)).T
