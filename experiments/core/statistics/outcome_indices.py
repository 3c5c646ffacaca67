"""Order and vitality: the two sides of the goal, each beside its parts.

A policy that buys calm with dead enterprises or silent residents has not succeeded.  Both indices are relative to the
baseline in the same replicate, so the baseline has order 0 and vitality 1:

    order    = 1 - mean of (conflicts, standing disputes, hazards, collective action),
                   each over its value in the baseline
    vitality =     mean of (working committees, residents' own initiatives, enterprise survival, rider retention),
                   each over its value in the baseline

A part that is zero or missing in the baseline, such as survival where enterprises are switched off, is left out.
"""

from typing import Final

import numpy as np
import pandas as pd

PARTS: Final[dict[str, tuple[str, ...]]] = {
    "order": ("conflicts", "standing", "hazards", "collective"),
    "vitality": ("committees", "initiatives", "enterprise_survival", "rider_retention"),
}
"""Columns that each index is made of."""

INDICES: Final = tuple(PARTS)


def with_indices(means: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Add order and vitality to the means of runs, which are indexed by arm, district and replicate.

    They have the columns of `PARTS` as far as these were measured.  Where the baseline's run failed, indices are NaN.

    Examples
    --------
    >>> index = pd.MultiIndex.from_tuples([("none", 0, 0), ("own", 0, 0)], names=["arm", "district", "replicate"])
    >>> means = pd.DataFrame({"standing": [2.0, 1.0], "hazards": [1.0, 1.0]}, index=index)
    >>> with_indices(means, "none")["order"].tolist()
    [0.0, 0.25]
    """
    extended = means.copy()
    has_baseline = baseline in means.index.get_level_values("arm")
    for index, names in PARTS.items():
        parts = means[[name for name in names if name in means.columns]]
        if not has_baseline:
            extended[index] = np.nan
            continue
        base = parts.xs(baseline, level="arm").reindex(means.index.droplevel("arm")).to_numpy()
        ratio = np.divide(parts.to_numpy(), base, out=np.full(base.shape, np.nan), where=base > 0.0)
        known = np.isfinite(ratio)
        total, count = np.where(known, ratio, 0.0).sum(axis=1), known.sum(axis=1)
        mean = np.divide(total, count, out=np.full(len(means), np.nan), where=count > 0)
        extended[index] = 1.0 - mean if index == "order" else mean
    return extended
