"""Sparse polynomials: what an outcome would be between points that were run, and how wrong that may be.

A report carries such a polynomial for its sliders, so that it must be short, and evaluated by a few lines of any
language.  Terms are products of Legendre polynomials of at most third degree.  They are taken up one by one, each time
the one that lies nearest to what is left to explain (orthogonal matching pursuit, Pati and others 1993), as many as
leave-one-out errors say (Blatman and Sudret 2011).

How good it is was not seen by the fit: points are left out in tenths, terms are chosen anew without them, and ``Q2`` is
the share of the variance between points that is predicted of those left out.  The interval is the conformal one of
cross-validation, CV+ (Barber and others 2021): of about `LEVEL` of points as those of the design it holds what a run
shows, noise and misfit included.  Where points are drawn independently it is proved of no fewer than ``2 LEVEL - 1``
of them, less at most one in ``FOLDS + 1``, whatever the model is (their theorem 4).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Term = tuple[tuple[int, int], ...]
"""A product: of each input in it, the degree."""

LEAST_Q2: Final = 0.5
"""Share of the variance below which a polynomial does not stand for the model."""
LEVEL: Final = 0.9
"""Share of the points that an interval holds."""
FEWEST: Final = 16
"""Points of which fewer say too little of what is between them."""
FOLDS: Final = 10
DEGREE: Final = 3
WHOLE: Final = 5
"""Inputs up to which all products of at most that degree are tried; of more, those of two straight lines."""


@dataclass(frozen=True)
class SparsePolynomial:
    """A polynomial of inputs from -1 to 1, and those that were fitted without a tenth of the points.

    Attributes
    ----------
    coefficients
        Of all terms of any of the fits, shape (1 + folds, 1 + terms): first those of all points; the first of each is
        the constant.
    residuals, fold
        By how much the fit that did not see a point missed it, and which of the fits that is; shape (points,).
    q2
        NaN where all points show the same.
    """

    terms: tuple[Term, ...]
    coefficients: Array
    residuals: Array
    fold: NDArray[np.intp]
    q2: float

    @property
    def sound(self) -> bool:
        """Whether it stands for the model."""
        return self.q2 >= LEAST_Q2

    def predict(self, inputs: Array) -> tuple[Array, Array, Array]:
        """Return value, and both ends of its interval, at inputs of shape (points, inputs); each of shape (points,)."""
        values = basis(self.terms, inputs) @ self.coefficients.T
        without = values[:, 1:][:, self.fold]
        low, high = ends(len(self.residuals))
        lows = np.sort(without - self.residuals, axis=1)[:, low]
        highs = np.sort(without + self.residuals, axis=1)[:, high]
        return values[:, 0], lows, highs

    @classmethod
    def fit(cls, inputs: Array, values: Array) -> SparsePolynomial:
        """Fit what was seen, shape (points,), at inputs from -1 to 1, shape (points, inputs).

        Examples
        --------
        >>> inputs = np.linspace(-1.0, 1.0, 20)[:, None]
        >>> fitted = SparsePolynomial.fit(inputs, 2.0 + inputs[:, 0] ** 2)
        >>> [round(float(value), 3) for (value,) in fitted.predict(np.array([[0.5]]))], round(fitted.q2, 3)
        ([2.25, 2.25, 2.25], 1.0)
        """
        fold = np.random.default_rng(0).permutation(len(values)) % FOLDS
        terms = list(candidates(inputs))
        columns = basis(terms, inputs)[:, 1:]
        seen = [np.full(len(values), True), *(fold != left for left in range(FOLDS))]
        fits = np.array([_pursued(columns[part], values[part]) for part in seen])
        kept = np.flatnonzero(np.any(fits[:, 1:] != 0.0, axis=0))
        # What a page holds, so that its sliders say what is said here.
        coefficients = _short(fits[:, [0, *(kept + 1)]])
        used = tuple(terms[place] for place in kept)
        predicted = (basis(used, inputs) @ coefficients.T)[np.arange(len(values)), fold + 1]
        spread = float(np.sum((values - values.mean()) ** 2))
        same = float(np.ptp(values)) <= 1e-9 * float(np.abs(values).max())
        q2 = math.nan if same else 1.0 - float(np.sum((values - predicted) ** 2)) / spread
        return cls(used, coefficients, _short(np.abs(values - predicted)), fold, q2)


def ends(points: int) -> tuple[int, int]:
    """Return which of so many sorted values are the ends of an interval, counted from zero.

    Examples
    --------
    >>> ends(16), ends(99)
    ((0, 15), (9, 89))
    """
    # Rounded, since 0.9 times 20 is a little above 18.
    low = math.floor(round((1.0 - LEVEL) * (points + 1), 9))
    return max(low, 1) - 1, min(math.ceil(round(LEVEL * (points + 1), 9)), points) - 1


def basis(terms: Sequence[Term], inputs: Array) -> Array:
    """Return the constant and each term at each of the inputs, shape (points, 1 + terms)."""
    legendre = np.ones((DEGREE + 1, *inputs.shape))
    legendre[1] = inputs
    legendre[2] = (3.0 * inputs**2 - 1.0) / 2.0
    legendre[3] = (5.0 * inputs**3 - 3.0 * inputs) / 2.0
    products = [np.prod([legendre[degree, :, place] for place, degree in term], axis=0) for term in terms]
    return np.stack([np.ones(len(inputs)), *products], axis=1)


def candidates(inputs: Array) -> Iterator[Term]:
    """Give the terms that are tried: no degree that an input has too few values for."""
    most = [min(DEGREE, len(np.unique(column)) - 1) for column in inputs.T]
    for size in (1, 2, 3) if len(most) <= WHOLE else (1, 2):
        highest = DEGREE if size == 1 or len(most) <= WHOLE else 2
        for places in combinations(range(len(most)), size):
            for degrees in product(*(range(1, most[place] + 1) for place in places)):
                if sum(degrees) <= highest:
                    yield tuple(zip(places, degrees, strict=True))


def _pursued(columns: Array, values: Array) -> Array:
    """Return the constant and the coefficient of each column, most of them zero."""
    points, count = columns.shape
    means = columns.mean(axis=0)
    free = centred = columns - means
    left = values - values.mean()
    smallest = 1e-12 * float(np.linalg.norm(values)) + 1e-300
    sizes = np.linalg.norm(centred, axis=0)
    leverage = np.full(points, 1.0 / points)
    taken: list[int] = []
    best, chosen = _left_out(left, leverage, 0), 0
    for number in range(1, min(count, points // 3) + 1):
        norms = np.linalg.norm(free, axis=0)
        usable = norms > 1e-6 * np.maximum(sizes, 1e-300)
        if not usable.any() or float(np.linalg.norm(left)) <= smallest:
            break
        pulls = np.where(usable, np.abs(left @ free) / np.maximum(norms, 1e-300), -1.0)
        place = int(np.argmax(pulls))
        direction = free[:, place] / norms[place]
        left = left - direction * (direction @ left)
        free = free - np.outer(direction, direction @ free)
        leverage = leverage + direction**2
        taken.append(place)
        error = _left_out(left, leverage, number)
        if error < best:
            best, chosen = error, number
    fitted = np.zeros(1 + count)
    if own := taken[:chosen]:
        fitted[[1 + place for place in own]] = np.linalg.lstsq(centred[:, own], values - values.mean(), rcond=None)[0]
    fitted[0] = values.mean() - float(means @ fitted[1:])
    return fitted


def _left_out(left: Array, leverage: Array, terms: int) -> float:
    """Mean squared error of points left out one by one, raised for the terms that were chosen by them."""
    points = len(left)
    errors = left / np.maximum(1.0 - leverage, 1e-9)
    return float(np.mean(errors**2)) * (points / (points - terms - 1.0)) ** 2


def _short(values: Array) -> Array:
    """Round to what a page holds."""
    return np.array([float(f"{value:.7g}") for value in values.ravel()]).reshape(values.shape)
