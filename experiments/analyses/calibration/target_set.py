"""What a calibration is to meet: figures of data, each in one or several worlds, as numbers with a spread.

A city of which data exist had some policies and not others.  Where nobody knows which, the same figure is required of
the model in several worlds, and counts as one (see `posterior`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.validation.targets import Target
from sim.core.errors import ScenarioError

WIDTH = 4.0
"""An interval of a target is read as one of about 95 %: so many standard deviations wide."""


class WorldTarget(NamedTuple):
    """One figure in one world; the only world may have no name."""

    figure: str
    world: str
    target: Target


@dataclass(frozen=True)
class TargetSet:
    """All that is to be met at once, a world after the other.

    `discrepancy` is by what share of a figure the model itself may be wrong even at its best parameters.
    """

    items: tuple[WorldTarget, ...]
    discrepancy: float = 0.0

    @classmethod
    def build(cls, targets: Mapping[str, Target], worlds: Sequence[str], discrepancy: float = 0.0) -> TargetSet:
        """Ask every figure that may be fitted of every world; refuse targets of which there is none, or no width.

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
        items = tuple(WorldTarget(name, world, target) for world in worlds for name, target in fitted.items())
        return cls(items, float(discrepancy))

    def __len__(self) -> int:
        return len(self.items)

    @property
    def labels(self) -> list[str]:
        """Each figure, and its world where it has a name, in order."""
        return [f"{figure} ({world})" if world else figure for figure, world, _ in self.items]

    @property
    def figures(self) -> list[str]:
        return list(dict.fromkeys(item.figure for item in self.items))

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """The figures of the data, shape (targets,)."""
        return np.array([item.target.value for item in self.items])

    @cached_property
    def variances(self) -> NDArray[np.float64]:
        """How uncertain they are, and how wrong the model may be, as variances, shape (targets,)."""
        spread = np.array([(item.target.high - item.target.low) / WIDTH for item in self.items])
        return spread**2 + (self.discrepancy * self.values) ** 2

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """What each counts, shape (targets,): a figure that is required of several worlds counts once in all."""
        figures = [item.figure for item in self.items]
        return np.array([1.0 / figures.count(figure) for figure in figures])

    def within(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether values lie in the intervals of the targets, shape as given: (..., targets)."""
        low, high = (np.array([getattr(item.target, end) for item in self.items]) for end in ("low", "high"))
        return (low <= values) & (values <= high)
