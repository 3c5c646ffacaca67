"""A sweep as results of the EMA workbench, for its scenario discovery: PRIM, CART, feature scores, and its plots."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from experiments.adapters.names import identifier
from experiments.analyses.sweep.swept import Swept, stored_sweep
from sim.core.errors import ScenarioError, nearest

COLUMNS: Final = ("mean", "difference", "difference_low", "difference_high")
"""Of a sweep's table; all but the first follow the outcome's name."""

Results = tuple[pd.DataFrame, dict[str, NDArray[np.float64]]]


def ema_results(source: Swept | str | Path, arm: str | None = None) -> Results:
    """Turn a sweep, or the folder of one as far as it has been run, into the pair that EMA's analysis takes.

    Only experiments of an `arm` are kept where it is given.

    Returns
    -------
    experiments : DataFrame
        A row for each point and arm: the parameters under their names in Python (`branches__reporting_hours`), then
        `scenario` (the point), `policy` (the arm) and `model`.  Whole numbers are real ones here, since PRIM of EMA 3.0
        fails on others with pandas 3.
    outcomes : dict
        For each outcome an array of shape (rows,): its mean over replicates.  Where there is a baseline, also the
        paired difference from it and the ends of that difference's 95 % interval, under the outcome's name followed
        by `_difference`, `_difference_low` and `_difference_high`; zero in rows of the baseline itself.

    Examples
    --------
    >>> experiments, outcomes = ema_results("results/sweep-reporting", arm="full")     # doctest: +SKIP
    >>> harms = outcomes["standing_difference_low"] > 0                              # doctest: +SKIP
    """
    swept = source if isinstance(source, Swept) else stored_sweep(source)
    points, table = swept.points, swept.table
    if table.empty:
        raise ScenarioError("No run of the sweep has ended, so that there is nothing to analyse.")
    arms = [str(label) for label in dict.fromkeys(table["arm"])]
    if arm is not None:
        if arm not in arms:
            raise ScenarioError(f'"{arm}" is no arm of the sweep.{nearest(arm, arms)} There are: {", ".join(arms)}.')
        table = table[table["arm"] == arm]
    keys = table[["point", "arm"]].drop_duplicates()
    wide = table.set_index(["point", "arm", "outcome"]).unstack("outcome")
    wide = wide.reindex(list(keys.itertuples(index=False, name=None)))
    outcomes: dict[str, NDArray[np.float64]] = {}
    for outcome in dict.fromkeys(table["outcome"]):
        for column in COLUMNS:
            values = wide[column, outcome].to_numpy(dtype=np.float64)
            if column == "mean":
                outcomes[outcome] = values
            elif not np.isnan(values).all():
                outcomes[f"{outcome}_{column}"] = values
    chosen = points.iloc[keys["point"].to_numpy()].reset_index(drop=True)
    experiments = pd.DataFrame({identifier(str(name)): _column(chosen[name]) for name in chosen.columns})
    experiments["scenario"] = pd.Categorical(keys["point"].to_numpy())
    # A single arm without a name is what EMA calls the policy None.
    experiments["policy"] = pd.Categorical([str(label) or "None" for label in keys["arm"]])
    experiments["model"] = pd.Categorical(["gongzhi"] * len(experiments))
    return experiments, outcomes


def _column(values: pd.Series) -> pd.Series:
    """Give a column the type that EMA's analysis expects: real numbers, truth values, or categories."""
    if is_bool_dtype(values):
        return values
    return values.astype("float64" if is_numeric_dtype(values) else "category")
