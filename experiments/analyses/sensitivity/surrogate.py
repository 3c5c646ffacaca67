"""A surrogate: a Gaussian process in the place of runs, where runs are dear; wherever it is used, that is said.

The process is fitted to the means over replicates at the points of a Latin hypercube, with the noise that the
replicates show as its nugget, so that it stands for the expected outcome (Rasmussen and Williams 2006; scikit-learn).
How well it stands for it is measured by leaving out one point after the other, ``Q2 = 1 - (mean squared error - noise)
/ (variance - noise)``.  Below `LEAST_Q2` it is refused.

Its indices are those of its mean.  Their intervals come from drawing whole functions from the process, with resampled
rows, so that they hold both what the process does not know and what the sampling of its indices adds (Le Gratiet,
Cannamela and Iooss 2014).

The total index of a drawn function is a mean of squares, which is above zero whatever the parameter does.  What the
process does not predict could hang on any parameter, so that an index differs from zero only where its interval lies
above ``1 - Q2``; where errors happen to be below the noise, that share is taken as no less than its standard error.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analyses.sensitivity.cross_replicate import SEED, check_replicates
from experiments.analyses.sensitivity.sampling_design import SamplingDesign, saltelli
from experiments.analyses.sensitivity.sobol import Estimates, Indices, estimate_indices, indices_of, matrices
from experiments.core.design.axes import Axis
from experiments.core.statistics.gaussian_process import fitted, leave_one_out
from sim.core.errors import ScenarioError, StoreError

LEAST_Q2: Final = 0.7
"""Share of variance below which a surrogate does not stand for the model."""
COVERED: Final = 0.9
"""Share of a range that points must span, or a surrogate would say what it has not seen."""
DRAWS, FINE, COARSE = 200, 2048, 128
"""Functions drawn; rows on which the mean and each of the draws are evaluated."""

Array = NDArray[np.float64]


def checked_axes(axes: Sequence[Axis]) -> None:
    """Refuse what a smooth function of numbers cannot stand for: a choice of more than two levels."""
    if find_spec("sklearn") is None:
        raise ScenarioError('A surrogate is made by scikit-learn: pip install "gongzhi[sensitivity]".')
    for axis in axes:
        if len(axis.levels) > 2:
            raise ScenarioError(
                f"{axis.name} has {len(axis.levels)} levels without an order, for which a surrogate "
                "cannot stand: leave it out with --parameters, or leave out --surrogate."
            )


def checked_ranges(layout: SamplingDesign, where: str = "design.csv") -> None:
    """Refuse points that leave the declared ranges, or span too little of them; messages call the table `where`."""
    # A Latin hypercube has a point in the first and in the last of as many strips as there are points.
    least = min(COVERED, 1.0 - 2.0 / max(len(layout.points), 1))
    for axis in layout.axes:
        values = layout.points[axis.name].tolist()
        if axis.levels:
            seen, known = (sorted({str(value) for value in names}) for names in (values, axis.levels))
            fits, spanned, declared = seen == known, ", ".join(seen), ", ".join(known)
        else:
            # The ends that points can have: of whole numbers, those within the range.
            first, last = axis.at([0.0, 1.0])
            low, high, slack = min(values), max(values), 1e-6 * (last - first)
            inside = first - slack <= low and high <= last + slack
            fits = inside and high - low >= least * (last - first) - slack
            spanned, declared = f"{low:g} to {high:g}", f"{first:g} to {last:g}"
        if not fits:
            raise ScenarioError(
                f"{axis.name}: the points of {where} span {spanned}, and its declared range is {declared}. A surrogate "
                "that is read is worked out over declared ranges, and would say there what it has not seen: ranges of "
                "your own can be analysed with runs, but not with --surrogate --from."
            )


def surrogate_indices(layout: SamplingDesign, values: Array) -> Indices:
    """Fit a surrogate, and compute its indices, from `values` of shape (points, replicates); a point is left out where
    a run failed.  A surrogate is refused that does not predict what it has not seen.
    """
    whole = np.isfinite(values).all(axis=1)
    kept = values[whole]
    check_replicates(values)
    if len(kept) < 5 * len(layout.axes):
        raise StoreError(
            f"{len(kept)} points are too few for a surrogate of {len(layout.axes)} parameters: take at "
            f"least {5 * len(layout.axes)}, with --points."
        )
    process, quality, unresolved = _fitted(_shares(layout, layout.points[whole]), kept)
    if not quality >= LEAST_Q2:
        raise StoreError(
            f"The surrogate predicts {max(quality, 0.0):.0%} of the variance of points that it has not seen (Q2), and "
            f"at least {LEAST_Q2:.0%} are needed. Take more --points or --replicates, or leave out --surrogate."
        )
    fine = saltelli(layout.axes, FINE, SEED)
    a, b, ab, _ = matrices(fine, process.predict(_shares(layout, fine.points))[:, None])
    best = estimate_indices(a, b, ab, False, np.full((1, len(a)), 1.0 / len(a)))
    noise, lost = float(kept.var(axis=1, ddof=1).mean()), int(np.count_nonzero(~whole))
    facts = {"noise": noise, "rows": len(kept), "lost": lost, "quality": quality, "unresolved": unresolved}
    unmoved = np.zeros(len(layout.axes), dtype=bool)
    return indices_of(layout.names, best, _drawn(layout, process), unmoved, **facts)


def _shares(layout: SamplingDesign, points: pd.DataFrame) -> Array:
    return np.column_stack([axis.shares(points[axis.name].tolist()) for axis in layout.axes])


def _fitted(where: Array, values: Array) -> tuple[Any, float, float]:
    """Fit the process; return it with its Q2, and with the share below which it resolves nothing."""
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel

    count, replicates = values.shape
    mean, noises = values.mean(axis=1), values.var(axis=1, ddof=1) / replicates
    variance, noise = float(mean.var()), float(noises.mean())
    if not variance - noise > 0.0:
        return None, 0.0, 1.0
    kernel = ConstantKernel(1.0, (1e-2, 1e3)) * RBF(np.full(where.shape[1], 1.0), (5e-2, 1e2))
    alpha = max(noise / variance, 1e-8)
    process = fitted(kernel, where, mean, alpha, normalize_y=True, n_restarts_optimizer=2, random_state=SEED)
    weights, precisions = leave_one_out(process)
    errors = (weights / precisions) ** 2 * variance
    missed = float(errors.mean() - noise) / (variance - noise)
    # Without it, an error that happens to be below the noise would resolve everything.
    scatter = float(np.hypot(errors.std(ddof=1), noises.std(ddof=1))) / count**0.5 / (variance - noise)
    return process, 1.0 - missed, max(missed, scatter)


def _drawn(layout: SamplingDesign, process: Any) -> Estimates:
    """Variance and indices of functions drawn from the process, each on rows resampled once."""
    coarse = saltelli(layout.axes, COARSE, SEED + 1)
    mean, covariance = process.predict(_shares(layout, coarse.points), return_cov=True)
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    rng = np.random.default_rng(SEED)
    draws = []
    for _ in range(DRAWS):
        a, b, ab, _ = matrices(coarse, (mean + root @ rng.standard_normal(len(mean)))[:, None])
        weight = rng.multinomial(len(a), np.full(len(a), 1.0 / len(a)))[None] / len(a)
        draws.append(estimate_indices(a, b, ab, False, weight))
    spread, first, total = map(np.concatenate, zip(*draws, strict=True))
    return spread, first, total
