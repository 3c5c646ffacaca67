"""A sign map as its figures and its findings see it: signs at points, against one comparator or several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.analyses.signmap.boundaries import AnalyticBoundary
from experiments.analyses.signmap.sequential import SIGNS
from experiments.core.design.axes import Axis
from sim import Scenario

MOST_PANELS: Final = 6
"""Panels in a row at most; levels of a third or fourth parameter beyond it are shown as projections."""


@dataclass(frozen=True)
class SignMapView:
    """A sign map as it is shown: signs at points, with what was asked.

    `axes` has the parameters that vary, with their axes where there are any; `scenario` is the one under the policy;
    `sizes` are the replicates at each interim analysis; `own_chance` says whether each point has independent random
    numbers; `boundaries` are where on paper the sign of this outcome changes.
    """

    table: pd.DataFrame = field(repr=False)
    points: pd.DataFrame = field(repr=False)
    axes: Mapping[str, Axis | None]
    scenario: Scenario = field(repr=False)
    policy: str
    against: tuple[str, ...]
    outcome: str
    margin: float
    sizes: tuple[int, ...]
    own_chance: bool
    boundaries: tuple[AnalyticBoundary, ...]

    @property
    def names(self) -> list[str]:
        return list(self.axes)

    @property
    def is_grid(self) -> bool:
        """Whether the points are all combinations of levels, of few enough parameters for panels."""
        sizes = [len(self.levels(name)) for name in self.names]
        return (
            2 <= len(sizes) <= 4
            and int(np.prod(sizes)) == len(self.points)
            and min(sizes[:2]) > 1
            and all(size <= MOST_PANELS for size in sizes[2:])
        )

    @property
    def in_panels(self) -> bool:
        """Whether each point is in one panel; else it is in all of them, as a projection."""
        return self.is_grid or len(self.names) == 2

    @property
    def in_terciles(self) -> bool:
        return len(self.names) > 2 or not self.is_grid

    def levels(self, name: str) -> list[Any]:
        """Values that a parameter takes, in order: by size, or as the design lists them."""
        axis, values = self.axes[name], list(dict.fromkeys(self.points[name].tolist()))
        if axis is not None and axis.levels:
            return [level for level in axis.levels if level in values]
        return sorted(values, key=lambda value: (isinstance(value, str), value))

    def is_categorical(self, name: str) -> bool:
        return any(isinstance(level, str | bool) for level in self.levels(name))

    def only(self, comparator: str) -> SignMapView:
        return replace(self, table=self.rows(comparator), against=(comparator,))

    def rows(self, comparator: str) -> pd.DataFrame:
        return self.table[self.table["against"] == comparator]

    def counts(self, comparator: str) -> dict[str, int]:
        signs = self.rows(comparator)["sign"]
        return {sign: int((signs == sign).sum()) for sign in SIGNS}
