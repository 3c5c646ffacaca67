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

import numpy as np
from numpy.typing import NDArray

__all__ = ["nested_probabilities", "thresholds"]

Floats = NDArray[np.float64]


def _sums(utility: Floats, old: list[int], new: list[int], dissimilarity: float) -> tuple[Floats, Floats, Floats]:
    """Logarithms of the sums of exponentials: old alternatives, all with the nest, and the nest less all its doors."""
    doors = np.logaddexp.reduce(utility[:, old], axis=1)
    every = np.logaddexp(doors, np.logaddexp.reduce(utility[:, new], axis=1))
    nest = (1.0 - dissimilarity) * doors + dissimilarity * every
    nobody = np.delete(np.arange(utility.shape[1]), [*old, *new])
    apart = np.logaddexp.reduce(utility[:, nobody], axis=1)
    return np.logaddexp(apart, doors), np.logaddexp(apart, nest), nest - every


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
    before, after, lost = _sums(utility, old, new, dissimilarity)
    doors = np.logaddexp.reduce(utility[:, new], axis=1)
    with np.errstate(divide="ignore"):
        # ln P(kept) - ln P(left), and the location of the logistic difference.
        kept = before - after
        apart = doors - before + kept - np.log(-np.expm1(kept))
        kept = kept + lost
        inside = doors - before + kept - np.log(-np.expm1(kept))
    return apart, inside


def nested_probabilities(utility: Floats, old: list[int], new: list[int], dissimilarity: float) -> Floats:
    """Probability of every alternative, shape (n, alternatives): the closed form that the draws follow.

    Examples
    --------
    >>> nested_probabilities(np.zeros((1, 3)), [1], [2], 1.0).round(3).tolist()
    [[0.333, 0.333, 0.333]]
    """
    _, total, lost = _sums(utility, old, new, dissimilarity)
    probability = np.exp(utility - total[:, None])
    probability[:, [*old, *new]] *= np.exp(lost)[:, None]
    return probability
