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

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analyses.sensitivity.cross_replicate import ENDS, SEED, check_replicates, cross_product
from experiments.analyses.sensitivity.morris import NOT_ZERO, NOTHING, ZERO
from experiments.analyses.sensitivity.sampling_design import SamplingDesign
from sim.core.errors import StoreError

Array = NDArray[np.float64]

Estimates = tuple[Array, Array, Array]
"""Variance, shape (weightings,), and first-order and total indices, shape (weightings, parameters)."""
LEAST: Final = 8
"""Least number of rows that are analysed."""


@dataclass(frozen=True)
class Indices:
    """Indices of all parameters, the largest total first, with what they are shares of.

    `variance`, with its interval, is that of the expected outcome over the points, in the square of its unit, and
    `noise` that of a single run at one point.  What the sum of all first-order indices, `additive` with its interval,
    is short of 1 is interactions.  `rows` were used, and `lost` those in which a run failed.  `quality` is the share of
    variance that a surrogate predicts where it has not been, None where all comes from runs; an index must lie above
    `unresolved`, which is what the surrogate does not predict, to be told from zero.
    """

    table: pd.DataFrame
    variance: tuple[float, ...]
    additive: tuple[float, ...]
    noise: float
    rows: int
    lost: int
    quality: float | None = None
    unresolved: float = 0.0

    @property
    def responds(self) -> bool:
        """Whether the expected outcome varies over the points at all, as far as can be told."""
        return self.variance[1] > 0.0


def matrices(layout: SamplingDesign, values: Array) -> tuple[Array, Array, Array, int]:
    """Sort responses into A and B, shape (rows, replicates), and AB, shape (parameters, rows, replicates); a row in
    which any run failed is left out whole, for all parameters alike, and counted.
    """
    size = len(layout.axes) + 2
    blocks = values.reshape(-1, size, values.shape[1])
    whole = np.isfinite(blocks).all(axis=(1, 2))
    kept = blocks[whole]
    return kept[:, 0], kept[:, -1], np.moveaxis(kept[:, 1:-1], 0, 1), int(np.count_nonzero(~whole))


def sobol_indices(layout: SamplingDesign, values: Array, *, corrected: bool = True, resamples: int = 2000) -> Indices:
    """Estimate first-order and total indices; refuse a single replicate, and hardly a whole row.

    `values` have the shape (points, replicates), NaN where a run failed; `corrected` is False for a deterministic
    outcome, such as a known function.
    """
    check_replicates(values, corrected)
    a, b, ab, lost = matrices(layout, values)
    rows = len(a)
    if rows < LEAST:
        raise StoreError(
            f"Only {rows} of {rows + lost} rows are whole, and {LEAST} are needed. A row is left out when "
            "the model refuses one of its points: narrow the ranges, or take more --points."
        )
    rng = np.random.default_rng(SEED)
    weights = rng.multinomial(rows, np.full(rows, 1.0 / rows), size=resamples) / rows
    even = np.full((1, rows), 1.0 / rows)
    best, many = (estimate_indices(a, b, ab, corrected, weighting) for weighting in (even, weights))
    noise = float(np.concatenate([a, b]).var(axis=1, ddof=1).mean()) if values.shape[1] > 1 else 0.0
    return indices_of(layout.names, best, many, ~(a - ab).any(axis=(1, 2)), noise=noise, rows=rows, lost=lost)


def indices_of(names: list[str], best: Estimates, many: Estimates, unmoved: NDArray[np.bool_], **facts: Any) -> Indices:
    """Put together the best estimates and those of resamples or draws, with the percentiles of these as intervals.

    `unmoved` parameters changed not one run; `facts` are the other attributes of `Indices`.  Unless the outcome
    responds there is no variance to divide and no index; the lower end of an interval must lie above what is unresolved
    for an index to differ from zero.
    """
    low, high = np.percentile(many[0], ENDS)
    responds, floor = bool(low > 0.0), facts.get("unresolved", 0.0)
    columns: dict[str, Any] = {"parameter": names}
    for kind, values, drawn in (("first", best[1][0], many[1]), ("total", best[2][0], many[2])):
        interval = _ends(drawn)
        for name, value in ((kind, values), (f"{kind}_low", interval[0]), (f"{kind}_high", interval[1])):
            columns[name] = np.where(unmoved, 0.0, value if responds else np.nan)
        clear = (interval[0] > floor) & responds & ~unmoved
        columns[f"{kind}_says"] = np.where(unmoved, NOTHING, np.where(clear, NOT_ZERO, ZERO)).tolist()
    order = np.argsort(-np.nan_to_num(np.where(responds, best[2][0], 0.0)), kind="stable")
    table = pd.DataFrame(columns).iloc[order].reset_index(drop=True)
    variance = tuple(np.maximum((best[0][0], low, high), 0.0).tolist())
    additive = (float(best[1].sum()), *_ends(many[1].sum(axis=1, keepdims=True))[:, 0].tolist())
    return Indices(table, variance, additive, **facts)


def _ends(many: Array) -> Array:
    """Percentiles of each column, leaving out the resamples in which nothing varied and no share is defined."""
    kept = many[np.isfinite(many).all(axis=1)]
    return np.percentile(kept, ENDS, axis=0) if len(kept) else np.full((2, many.shape[1]), np.nan)


def estimate_indices(a: Array, b: Array, ab: Array, corrected: bool, weights: Array) -> Estimates:
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
