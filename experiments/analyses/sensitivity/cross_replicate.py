"""Products of different replicates, in which noise cancels, so that an estimate is one of the expected outcome.

Let ``y[r](x)`` be the outcome at a point in replicate r: its expectation m(x) and noise, which is of mean zero and
independent between replicates, though not between points that share random numbers.  Anything quadratic in m, estimated
from means over replicates, counts noise as if it were an effect: ``E[mean(y)**2] = m**2 + noise / R``.  The
product of *different* replicates does not::

    E[ y[r](x) * y[s](x') ] = m(x) * m(x')     for r != s

whatever the distribution of the noise, and however much of it points share.  The price is that a difference from
nothing can come out below zero.
"""

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import StoreError

Array = NDArray[np.float64]

SEED = 1
"""Of resamples."""

ENDS = [100.0 * (1.0 - 0.95) / 2.0, 97.5]
"""Percentiles of resamples between which an interval of 95 % lies."""


def check_replicates(values: Array, corrected: bool = True) -> None:
    """Refuse runs that cannot be crossed where they have to be, shape (points, replicates)."""
    if corrected and values.shape[1] < 2:
        raise StoreError("There is a single replicate: at least 2 are needed, or chance cannot be told from effects.")


def cross_product(first: Array, second: Array, corrected: bool = True) -> Array:
    """Mean product over all pairs of different replicates, which are the last axis.

    Not `corrected`, it is the product of the means: for deterministic outcomes, or to see what noise does.

    Examples
    --------
    >>> cross_product(np.array([1.0, 3.0]), np.array([1.0, 3.0])).item()
    3.0
    >>> cross_product(np.array([1.0, 3.0]), np.array([1.0, 3.0]), corrected=False).item()
    4.0
    """
    if not corrected:
        return first.mean(axis=-1) * second.mean(axis=-1)
    count = first.shape[-1]
    both = first.sum(axis=-1) * second.sum(axis=-1) - (first * second).sum(axis=-1)
    return both / (count * (count - 1))


def signed_size(effects: Array, corrected: bool = True) -> Array:
    """Size of an effect, its sign taken from the other replicates, which are the last axis; not `corrected`, of the
    mean.

    The size of a mean is never zero, however little there is.  Here each replicate is counted as positive where it
    agrees in sign with the mean of the others and as negative where not.  Without noise this is the size; of noise
    alone its expectation is zero; in between it is a little too small, never too large.

    Examples
    --------
    >>> signed_size(np.array([-2.0, -4.0])).item(), signed_size(np.array([-2.0, 4.0])).item()
    (3.0, -3.0)
    """
    if not corrected:
        return np.abs(effects.mean(axis=-1))
    rest = effects.sum(axis=-1, keepdims=True) - effects
    return (np.sign(rest) * effects).mean(axis=-1)
