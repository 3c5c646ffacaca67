"""The tornado: what each parameter does alone, from the usual values to either end of its range.

What happens where two of them change together is seen by screening and indices alone.  All points share their random
numbers, so that a bar's interval is that of a paired difference over replicates.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analyses.sensitivity.morris import NOT_ZERO, NOTHING, ZERO
from experiments.analyses.sensitivity.sampling_design import SamplingDesign
from experiments.core.statistics.paired import paired
from experiments.core.statistics.regions import side


def bars(layout: SamplingDesign, values: NDArray[np.float64]) -> pd.DataFrame:
    """Compute a bar for each parameter and end, the widest parameter first, with changes in the outcome's unit.

    `values` has the shape (points, replicates); a pair with a run that failed is left out.
    """
    rows = []
    for point, name in layout.roles["parameter"].iloc[1:].items():
        value, usual = layout.points[name].iloc[[point, 0]]
        gap = paired(values[point], values[0])
        moved = bool(np.nan_to_num(values[point] - values[0]).any())
        clear = side(gap.ci_low, gap.ci_high) != 0
        says = NOT_ZERO if clear else ZERO if moved or not gap.replicates else NOTHING
        lost = values.shape[1] - gap.replicates
        rows.append((name, value, usual, gap.difference, gap.ci_low, gap.ci_high, gap.replicates, lost, says))
    table = pd.DataFrame(rows, columns="parameter value usual change ci_low ci_high replicates lost says".split())
    widest = table["change"].abs().fillna(0.0).groupby(table["parameter"]).transform("max")
    return table.iloc[np.argsort(-widest.to_numpy(), kind="stable")].reset_index(drop=True)
