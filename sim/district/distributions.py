"""How large, how built, how old and how dear the estates are, together.

The four belong together: newer estates charge more, larger ones a little more, and have more buildings.
Each column follows the quantiles of the 569 estates of Nanshan that were listed in 2020; what holds them
together is a Gaussian copula with the rank correlations of that list.  Where a user's table knows some of
them, the rest are drawn given those.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.core.message_catalogue import N_
from sim.core.sentence import Sentence, Several
from sim.district.columns import ColumnName
from sim.district.draft import Draft

__all__ = ["CORRELATION", "MARGINALS", "fill_marginals", "normal_scores", "ranks"]

Floats = NDArray[np.float64]

MARGINALS: Final = {
    "households": (
        (0.0005, 0.005, 0.01, 0.025, 0.05, 0.10, 0.25, 0.5, 0.75, 0.90, 0.95, 0.975, 0.99, 0.9995),
        (3, 7, 13.5, 40, 64, 128, 245, 468, 815, 1340, 1690, 2210, 3480, 5300),
    ),
    "buildings": (
        (0.10, 0.25, 0.5, 0.75, 0.90, 0.95, 0.99, 0.9995),
        (1, 3, 5, 9, 16, 24, 37, 235),
    ),
    "year": (
        (0.0005, 0.005, 0.05, 0.10, 0.25, 0.5, 0.75, 0.90, 0.95, 0.9995),
        (1970, 1981, 1988, 1992, 1997, 2002, 2006, 2012, 2015, 2019),
    ),
    "fee": (
        (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.9995),
        (0.4, 0.77, 0.85, 1.85, 2.7, 3.5, 8.0, 16, 26),
    ),
}
"""Quantiles of the listed estates: shares of estates, and the values that they stay below (data)."""

_SPEARMAN: Final = np.array(
    [
        [1.0, 0.48, 0.20, 0.25],
        [0.48, 1.0, -0.20, -0.10],
        [0.20, -0.20, 1.0, 0.65],
        [0.25, -0.10, 0.65, 1.0],
    ]
)
"""Rank correlations of households, buildings, year and fee among the listed estates (data)."""

CORRELATION: Final = 2 * np.sin(np.pi / 6 * _SPEARMAN)
"""The same as correlations of the normal scores; exact for a Gaussian copula."""

ENOUGH: Final = 30
"""Known cells from which a table's own distribution is used instead of Nanshan's (assumed)."""


def ranks(values: Floats) -> Floats:
    """Rank values from 1, ties sharing their mean rank, shape as given.

    Examples
    --------
    >>> ranks(np.array([5.0, 1.0, 5.0])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return ((2 * last - counts + 1) / 2.0)[inverse]


def normal_scores(values: Floats) -> Floats:
    """Turn values into the normal quantiles of their ranks, shape as given."""
    from scipy.special import ndtri

    return ndtri((ranks(values) - 0.5) / values.size)


def fill_marginals(draft: Draft) -> None:
    """Fill households, buildings, year and fee, and keep their normal scores in `draft.latent`.

    Where a column is empty throughout, its quantiles are taken in equal slices with one draw in each, so
    that a small district too has the right sizes.  Where a column has at least `ENOUGH` known cells, the gaps
    follow the table's own distribution.
    """
    from scipy.special import ndtr

    draft.latent = latent = _latent(draft)
    for place, name in enumerate(MARGINALS):
        gaps = draft.missing(name)
        if not gaps.any():
            continue
        known = draft[name][~gaps]
        if known.size == 0:
            slices = (ranks(latent[:, place]) - 1 + draft.uniform(f"{name} in its slice")) / draft.size
            value = quantile(name, slices)
        elif known.size < ENOUGH:
            value = quantile(name, ndtr(latent[:, place]))
        else:
            value = np.quantile(known, ndtr(latent[:, place]))
        value = np.round(value, 2) if name == "fee" else np.maximum(np.rint(value), 1.0)
        if name == "buildings":
            value = np.minimum(value, draft["households"])
        whose = Sentence("the listed estates of Nanshan")
        if known.size >= ENOUGH:
            whose = Sentence("the table's own {count}", count=known.size)
        others = Several([ColumnName(other) for other in MARGINALS if other != name], N_(", "))
        draft.fill(
            name, value, Sentence("from the distribution of {whose}, given {others}", whose=whose, others=others)
        )


def quantile(name: str, share: Floats) -> Floats:
    """Read a column's quantiles off the list, linear in normal score and (but for year) logarithm.

    Parameters
    ----------
    name
        A key of `MARGINALS`.
    share
        Shares of estates in (0, 1), any shape.

    Examples
    --------
    >>> quantile("households", np.array([0.5])).round(6).tolist()
    [468.0]
    """
    from scipy.special import ndtri

    shares, values = (np.array(row, dtype=np.float64) for row in MARGINALS[name])
    if name == "year":
        return np.interp(ndtri(share), ndtri(shares), values)
    return np.exp(np.interp(ndtri(share), ndtri(shares), np.log(values)))


def _latent(draft: Draft) -> Floats:
    """Normal scores of the four columns: from ranks where known, drawn given the known ones elsewhere."""
    names = tuple(MARGINALS)
    gaps = np.stack([draft.missing(name) for name in names], axis=1)
    noise = np.stack([draft.normal(name) for name in names], axis=1)
    score = np.zeros(gaps.shape)
    for place, name in enumerate(names):
        known = ~gaps[:, place]
        if known.any():
            score[known, place] = normal_scores(draft[name][known])
    if draft.made_up and draft.size >= ENOUGH:
        # Freed of their sampling error, the draws give every seed the same rank correlations.
        noise -= noise.mean(axis=0)
        noise = np.linalg.solve(np.linalg.cholesky(np.cov(noise.T)), noise.T).T
    for pattern in np.unique(gaps, axis=0):
        rows = (gaps == pattern).all(axis=1)
        if pattern.any():
            score[np.ix_(rows, pattern)] = _given(score[rows], noise[rows], pattern)
    return score


def _given(score: Floats, noise: Floats, drawn: NDArray[np.bool_]) -> Floats:
    """Draw the columns marked `drawn` from the normal distribution given the other columns."""
    known = ~drawn
    spread = CORRELATION[np.ix_(drawn, drawn)]
    if not known.any():
        return noise @ np.linalg.cholesky(spread).T
    across = CORRELATION[np.ix_(drawn, known)]
    weight = np.linalg.solve(CORRELATION[np.ix_(known, known)], across.T).T
    left = np.linalg.cholesky(spread - weight @ across.T)
    return score[:, known] @ weight.T + noise[:, drawn] @ left.T
