"""From a table of runs to the numbers that are analysed: one for each point of the design and each replicate.

The response is an outcome under one arm, or the difference of two in the same replicate and so under common random
numbers.  A table is taken only if it was made by the design.  A run that failed stands there without a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.sensitivity.sampling_design import SamplingDesign, read_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_runs", "responses"]

KEYS = ["point", "arm", "replicate"]


def read_runs(path: Path) -> pd.DataFrame:
    """Read a table of runs; an empty cell is a run that failed.

    Raises
    ------
    StoreError
        It cannot be read as one.
    """
    return read_table(path, dtype={"arm": str}, na_values=[""])


def responses(
    runs: pd.DataFrame, layout: SamplingDesign, outcome: str, arms: Sequence[str], where: str = "runs.csv"
) -> NDArray[np.float64]:
    """Return what is analysed, shape (points, replicates), in the outcome's unit; NaN where a run failed.

    Parameters
    ----------
    runs
        With the columns `point, arm, replicate`, the parameters of the design, and the outcome.
    arms
        One arm, whose outcome is the response, or two: the difference of the first from the second.
    where
        What the table is called in messages.

    Raises
    ------
    StoreError
        Naming what in the table is not of the design.
    """
    from sim.errors import StoreError

    missing = [name for name in (*KEYS, *layout.names, outcome) if name not in runs.columns]
    if missing:
        raise StoreError(f"{where} has no column {', '.join(missing[:6])}: it is not a table of this design.")
    kept = runs[runs["arm"].isin(list(arms))]
    for name in ("point", "replicate"):
        if kept[name].isna().any() or kept[name].dtype.kind not in "iu":
            raise StoreError(f'{where}: the column "{name}" must hold whole numbers.')
    if kept[outcome].dtype.kind not in "fiu":
        raise StoreError(f'{where}: the column "{outcome}" must hold numbers, or nothing where a run failed.')
    strange = sorted(set(kept["point"]) - set(range(len(layout.points))))
    if strange:
        raise StoreError(
            f"{where} holds point {strange[0]}, but the design has the points 0 to "
            f"{len(layout.points) - 1}: it is not a table of this design."
        )
    _same_places(kept, layout, where)
    twice = kept[kept.duplicated(KEYS)]
    if len(twice):
        raise StoreError(f"{where} holds {_named(twice.iloc[0])} more than once.")
    return _arranged(kept, layout, outcome, arms, where)


def _same_places(kept: pd.DataFrame, layout: SamplingDesign, where: str) -> None:
    """Refuse rows whose parameters are not those of their point."""
    from sim.errors import StoreError

    designed = layout.points.iloc[kept["point"].to_numpy()]
    wrong = np.zeros(len(kept), dtype=bool)
    for name in layout.names:
        stored, planned = kept[name].to_numpy(), designed[name].to_numpy()
        differs = _differ(stored, planned)
        if differs.any() and not wrong.any():
            first = int(np.flatnonzero(differs)[0])
            first_wrong = f"{name} is {stored[first]} at {_named(kept.iloc[first])}, and {planned[first]} in the design"
        wrong |= differs
    if wrong.any():
        points = kept["point"].to_numpy()[wrong]
        raise StoreError(
            f"{where} was not made by this design: {first_wrong}. {len(set(points.tolist()))} of "
            f"{len(layout.points)} points differ; rows of another order or of another design look so."
        )


def _differ(stored: NDArray[Any], planned: NDArray[Any]) -> NDArray[np.bool_]:
    if stored.dtype.kind in "fiu" and planned.dtype.kind in "fiu":
        return ~np.isclose(stored.astype(float), planned.astype(float), rtol=1e-9, atol=0.0)
    return np.array([str(left) != str(right) for left, right in zip(stored, planned, strict=True)], dtype=bool)


def _named(row: pd.Series) -> str:
    return f'point {row["point"]}, arm "{row["arm"]}", replicate {row["replicate"]}'


def _arranged(
    kept: pd.DataFrame, layout: SamplingDesign, outcome: str, arms: Sequence[str], where: str
) -> NDArray[np.float64]:
    from sim.errors import StoreError

    count = int(kept["replicate"].max()) + 1 if len(kept) else 0
    if not count:
        raise StoreError(f"{where} has no rows of the arm{'s' if len(arms) > 1 else ''} {' and '.join(arms)}.")
    values = np.full((len(arms), len(layout.points), count), np.nan)
    present = np.zeros(values.shape, dtype=bool)
    place = {arm: number for number, arm in enumerate(arms)}
    which = (kept["arm"].map(place).to_numpy(dtype=int), kept["point"].to_numpy(), kept["replicate"].to_numpy())
    if (which[2] < 0).any():
        raise StoreError(f"{where}: replicates are counted from 0.")
    values[which], present[which] = kept[outcome].to_numpy(dtype=float), True
    if not present.all():
        arm, point, replicate = (int(axis[0]) for axis in np.nonzero(~present))
        raise StoreError(
            f"{where} lacks {np.count_nonzero(~present)} runs of this design, the first of them point {point}, arm "
            f'"{arms[arm]}", replicate {replicate}. A run that failed must stand there with an empty {outcome}.'
        )
    return values[0] if len(arms) == 1 else values[0] - values[1]
