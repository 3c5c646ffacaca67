"""What a calibration is to meet: figures of data, each in one or several worlds, as numbers with a spread.

A city of which data exist had some policies and not others.  Where nobody knows which, the same figure is required of
the model in several worlds, and counts as one (see `posterior`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analyses.validation.targets import Target
from sim.core.errors import ScenarioError

Array = NDArray[np.float64]

WIDTH = 4.0
"""An interval of a target is read as one of about 95 %: so many standard deviations wide."""


@dataclass(frozen=True)
class TargetSet:
    """All that is to be met at once, a world after the other.

    `table` has a row per figure and world, which has no name where it is the only one.  Of shape (targets,) are the
    `values` of the data, `low` and `high`, the ends of their intervals, `variances`, how uncertain they are and how
    wrong the model may be, and `weights`, what each counts: a figure that is required of several worlds counts once in
    all.
    """

    table: pd.DataFrame
    values: Array
    low: Array
    high: Array
    variances: Array
    weights: Array

    @classmethod
    def build(cls, targets: Mapping[str, Target], worlds: Sequence[str], discrepancy: float = 0.0) -> Self:
        """Ask every figure that may be fitted of every world; refuse targets of which there is none, or no width.

        `discrepancy` is by what share of a figure the model itself may be wrong even at its best parameters.

        Examples
        --------
        >>> given = {"reply": Target(15, 12, 18), "kept back": Target(1, 0, 2, fitted=False)}
        >>> targets = TargetSet.build(given, ["", "policies"])
        >>> targets.labels, targets.weights.tolist(), targets.variances.tolist()
        (['reply', 'reply (policies)'], [0.5, 0.5], [2.25, 2.25])
        """
        fitted = {name: target for name, target in targets.items() if target.fitted}
        if not fitted:
            raise ScenarioError("No target may be fitted: at least one needs kind = fitted.")
        if narrow := [name for name, target in fitted.items() if not target.low < target.high]:
            raise ScenarioError(f'The interval of "{narrow[0]}" has no width: no model can be fitted to it.')
        if isinstance(discrepancy, bool) or not 0.0 <= discrepancy < 1.0:
            raise ScenarioError(f"discrepancy is {discrepancy}: a share from 0 to below 1 is needed.")
        rows = [
            (name, world, target.unit, target.value, target.low, target.high)
            for world in worlds
            for name, target in fitted.items()
        ]
        table = pd.DataFrame(rows, columns="figure world unit target target_low target_high".split())
        values, low, high = table[["target", "target_low", "target_high"]].to_numpy(dtype=float).T
        variances = ((high - low) / WIDTH) ** 2 + (discrepancy * values) ** 2
        weights = 1.0 / table.groupby("figure")["figure"].transform("size").to_numpy(dtype=float)
        return cls(table, values, low, high, variances, weights)

    def __len__(self) -> int:
        return len(self.table)

    @property
    def labels(self) -> list[str]:
        """Each figure, and its world where it has a name, in order."""
        rows = zip(self.table["figure"], self.table["world"], strict=True)
        return [f"{figure} ({world})" if world else figure for figure, world in rows]

    @property
    def figures(self) -> list[str]:
        return list(dict.fromkeys(self.table["figure"]))

    def within(self, values: Array) -> NDArray[np.bool_]:
        """Whether values lie in the intervals of the targets, shape as given: (..., targets)."""
        return (self.low <= values) & (values <= self.high)

    def inside(self, least: Array, most: Array) -> NDArray[np.str_]:
        """Say whether means lie in the intervals of the targets, as far as their own intervals let one say so.

        Examples
        --------
        >>> targets = TargetSet.build(dict.fromkeys("abc", Target(15, 12, 18)), [""])
        >>> targets.inside(np.array([13, 17, 19]), np.array([14, 19, 20])).tolist()
        ['yes', 'undecided', 'no']
        """
        sure, out = (self.low <= least) & (most <= self.high), (most < self.low) | (least > self.high)
        return np.select([sure, out], ["yes", "no"], "undecided")
