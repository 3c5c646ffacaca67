"""The tornado: what each parameter does alone, from the usual values to either end of its range.

What happens where two of them change together is seen by screening and indices alone.  All points share their random
numbers, so that a bar's interval is that of a paired difference over replicates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.sensitivity.morris import NOT_ZERO, NOTHING, ZERO
from experiments.analyses.sensitivity.sampling_design import SamplingDesign
from experiments.core.statistics.paired import paired
from experiments.core.statistics.regions import side

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["bars"]


def bars(
    layout: SamplingDesign, values: NDArray[np.float64], confidence: float = 0.95, grain: float = 0.0
) -> pd.DataFrame:
    """Compute a bar for each parameter and end, the widest parameter first, with changes in the outcome's unit.

    `values` has the shape (points, replicates); a pair with a run that failed is left out.  `grain` is one step of the
    outcome's count (`statistics.exposure`).
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for point in range(1, len(layout.points)):
        name = str(layout.roles["parameter"].iloc[point])
        gap = paired(values[point], values[0], confidence=confidence, grain=grain)
        moved = bool(np.nan_to_num(values[point] - values[0]).any())
        clear = side(gap.ci_low, gap.ci_high) != 0
        rows.append(
            {
                "parameter": name,
                "value": layout.points[name].iloc[point],
                "usual": layout.points[name].iloc[0],
                "change": gap.difference,
                "ci_low": gap.ci_low,
                "ci_high": gap.ci_high,
                "replicates": gap.replicates,
                "lost": values.shape[1] - gap.replicates,
                "says": NOT_ZERO if clear else ZERO if moved or not gap.replicates else NOTHING,
            }
        )
    table = pd.DataFrame(rows)
    widest = table["change"].abs().fillna(0.0).groupby(table["parameter"]).max()
    place = table["parameter"].map(widest)
    return table.iloc[np.argsort(-place.to_numpy(), kind="stable")].reset_index(drop=True)
