"""Sobol's indices: how the variance of the expected outcome divides among the parameters.

Over all points of the space, ``V = Var[m(x)]``.  The first-order index of a parameter is the share of V that goes when
it alone becomes known, ``Var[E[m | x_i]] / V``; the total index is the share that stays when all others are known, its
interactions included.  With the matrices A and B, and A with column i of B, they are estimated as usual::

    V    mean(y(A)**2 + y(B)**2) / 2 - mean(y)**2
    S_i  mean(y(B) * (y(AB_i) - y(A))) / V            (Saltelli et al. 2010)
    T_i  mean((y(A) - y(AB_i))**2) / 2 / V            (Jansen 1999)

Every one of these is quadratic in y, so that noise biases it.  Here every product is one of different replicates (see
`cross_replicate`), which has no such bias.  Intervals are percentiles over resampled rows, which have independent
random numbers; their places are those of one scrambled sequence, which fills the space more evenly than independent
ones, so that resampling makes intervals wide rather than narrow.

Every index is given with its interval, whether or not it differs from zero: a table of those alone that do would show
those that chance made large.  For the same reason none is cut at 0 or at 1, where an estimate may lie by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.sensitivity.cross_replicate import cross_product
from experiments.analyses.sensitivity.morris import NOT_ZERO, NOTHING, ZERO
from experiments.analyses.sensitivity.sampling_design import SamplingDesign

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Estimates", "Indices", "estimate_indices", "matrices", "sobol_indices", "summed", "table_of"]

Array = NDArray[np.float64]

LEAST: Final = 8
"""Least number of rows that are analysed."""


@dataclass(frozen=True)
class Indices:
    """Indices of all parameters, the largest total first, with what they are shares of.

    Attributes
    ----------
    variance
        Of the expected outcome over the points, in the square of its unit.
    noise
        Variance of a single run at one point.
    additive
        Sum of all first-order indices: what is short of 1 is interactions.
    rows, lost
        Rows that were used, and those in which a run failed.
    quality
        Share of variance that a surrogate predicts where it has not been; None where all comes from runs.
    unresolved
        Share of variance above which an index must lie to be told from zero: what a surrogate does not predict.
    """

    table: pd.DataFrame
    variance: float
    variance_low: float
    variance_high: float
    noise: float
    mean: float
    additive: float
    additive_low: float
    additive_high: float
    rows: int
    lost: int
    quality: float | None = None
    unresolved: float = 0.0

    @property
    def responds(self) -> bool:
        """Whether the expected outcome varies over the points at all, as far as can be told."""
        return self.variance_low > 0.0


def matrices(layout: SamplingDesign, values: Array) -> tuple[Array, Array, Array, int]:
    """Sort responses into A, B and AB; a row in which any run failed is left out whole, for all parameters alike.

    Returns
    -------
    (ndarray, ndarray, ndarray, int)
        Shapes (rows, replicates) twice and (parameters, rows, replicates), and the number of rows left out.
    """
    size = len(layout.axes) + 2
    blocks = values.reshape(-1, size, values.shape[1])
    whole = np.isfinite(blocks).all(axis=(1, 2))
    kept = blocks[whole]
    return kept[:, 0], kept[:, -1], np.moveaxis(kept[:, 1:-1], 0, 1), int(np.count_nonzero(~whole))


def sobol_indices(
    layout: SamplingDesign,
    values: Array,
    *,
    corrected: bool = True,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 1,
) -> Indices:
    """Estimate first-order and total indices.

    Parameters
    ----------
    values
        Shape (points, replicates), NaN where a run failed.
    corrected
        False for a deterministic outcome, such as a known function.

    Raises
    ------
    StoreError
        There is a single replicate, so that chance cannot be told from effects, or hardly a row is whole.
    """
    from sim.errors import StoreError

    if corrected and values.shape[1] < 2:
        raise StoreError("There is a single replicate: at least 2 are needed, or chance cannot be told from effects.")
    a, b, ab, lost = matrices(layout, values)
    rows = len(a)
    if rows < LEAST:
        raise StoreError(
            f"Only {rows} of {rows + lost} rows are whole, and {LEAST} are needed. A row is left out when "
            "the model refuses one of its points: narrow the ranges, or take more --points."
        )
    mean = float((a.mean() + b.mean()) / 2.0)
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(rows, np.full(rows, 1.0 / rows), size=resamples) / rows
    even = np.full((1, rows), 1.0 / rows)
    variance, best_first, best_total = estimate_indices(a, b, ab, corrected, even)
    spread, many_first, many_total = estimate_indices(a, b, ab, corrected, weights)
    half = 100.0 * (1.0 - confidence) / 2.0
    ends = [half, 100.0 - half]
    low, high = np.percentile(spread, ends)
    responds = bool(low > 0.0)
    unmoved = ~(a - ab).any(axis=(1, 2))
    table = table_of(
        layout.names,
        Estimates(best_first[0], _ends(many_first, ends)),
        Estimates(best_total[0], _ends(many_total, ends)),
        unmoved,
        responds,
    )
    replicates = values.shape[1]
    noise = float(np.concatenate([a, b]).var(axis=1, ddof=1).mean()) if replicates > 1 else 0.0
    return Indices(
        table,
        float(max(variance[0], 0.0)),
        float(max(low, 0.0)),
        float(max(high, 0.0)),
        noise,
        mean,
        *summed(best_first, many_first, ends),
        rows,
        lost,
    )


def _ends(many: Array, ends: list[float]) -> Array:
    """Percentiles of each column, leaving out the resamples in which nothing varied and no share is defined."""
    kept = many[np.isfinite(many).all(axis=1)]
    return np.percentile(kept, ends, axis=0) if len(kept) else np.full((2, many.shape[1]), np.nan)


def summed(first: Array, many: Array, ends: list[float]) -> tuple[float, float, float]:
    """Return the sum of first-order indices with its interval."""
    low, high = _ends(many.sum(axis=1, keepdims=True), ends)[:, 0]
    return float(first.sum()), float(low), float(high)


def estimate_indices(a: Array, b: Array, ab: Array, corrected: bool, weights: Array) -> tuple[Array, Array, Array]:
    """Estimate variance, first-order and total indices, for each weighting of the rows.

    `weights`, of shape (weightings, rows), each add up to 1; `corrected` says whether products are taken crosswise.
    The results have the shapes (weightings,) and twice (weightings, parameters).
    """
    # The mean of all cancels in expectation, and takes with it most of the scatter of the products.
    centre = (a.mean() + b.mean()) / 2.0
    a, b, ab = a - centre, b - centre, ab - centre
    square = (cross_product(a, a, corrected) + cross_product(b, b, corrected)) / 2.0
    first = cross_product(np.broadcast_to(b, ab.shape), ab - a, corrected)
    total = cross_product(a - ab, a - ab, corrected) / 2.0
    middle = np.tensordot(weights, (a + b) / 2.0, axes=1)
    variance = weights @ square - cross_product(middle, middle, corrected)
    with np.errstate(divide="ignore", invalid="ignore"):
        return variance, (weights @ first.T) / variance[:, None], (weights @ total.T) / variance[:, None]


class Estimates(NamedTuple):
    """Indices of all parameters, shape (parameters,), and the ends of their intervals, shape (2, parameters)."""

    values: Array
    ends: Array


def table_of(
    names: list[str],
    first: Estimates,
    total: Estimates,
    unmoved: NDArray[np.bool_],
    responds: bool,
    floor: float = 0.0,
) -> pd.DataFrame:
    """Put indices into a table, and say of each whether it differs from zero.

    `unmoved` parameters changed not one run; unless the outcome `responds` there is no variance to divide and no index;
    the lower end of an interval must lie above the `floor` for an index to differ from zero.
    """
    import pandas as pd

    columns: dict[str, list[object]] = {"parameter": list(names)}
    for kind, (estimate, ends) in (("first", first), ("total", total)):
        clear = (ends[0] > floor) & responds & ~unmoved
        columns[kind] = np.where(unmoved, 0.0, estimate if responds else np.nan).tolist()
        for end, value in zip(("low", "high"), ends, strict=True):
            columns[f"{kind}_{end}"] = np.where(unmoved, 0.0, value if responds else np.nan).tolist()
        columns[f"{kind}_says"] = np.where(unmoved, NOTHING, np.where(clear, NOT_ZERO, ZERO)).tolist()
    table = pd.DataFrame(columns)
    order = np.argsort(-np.nan_to_num(np.where(responds, total.values, 0.0)), kind="stable")
    return table.iloc[order].reset_index(drop=True)
