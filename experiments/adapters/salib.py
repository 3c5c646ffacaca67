"""A problem of SALib from the declared parameters, and the way back from its samples to scenarios.

SALib samples real numbers between bounds, and knows no whole numbers, switches or words.  These get bounds that are cut
into as many equal parts as they have values, so that each value comes up as often as any other.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from experiments.adapters.names import Wanted, chosen_axes, usual_uncertainties
from experiments.core.design.axes import Axis
from experiments.core.design.plan import Plan
from sim import District, Scenario
from sim.core.errors import ScenarioError


class Problem(dict[str, Any]):
    """What SALib wants, with the keys `num_vars`, `names` and `bounds`; and the way back to points of `axes` in a
    `scenario`.

    Examples
    --------
    >>> problem = salib_problem({"services.effect": [0.0, 0.3], "branches.targets": "declared"})
    >>> problem["bounds"]
    [[0.0, 0.3], [0.0, 21.0]]
    >>> problem.points([[0.15, 20.9], [0.3, 0.2]]).values.tolist()
    [[0.15, 20.0], [0.3, 0.0]]
    """

    def __init__(self, axes: tuple[Axis, ...], scenario: Scenario) -> None:
        bounds = [_bounds(axis) for axis in axes]
        super().__init__(num_vars=len(axes), names=[axis.name for axis in axes], bounds=bounds)
        self.axes, self.scenario = axes, scenario

    def points(self, samples: ArrayLike) -> pd.DataFrame:
        """Turn samples within the bounds, shape (n, parameters), into points: whole numbers, switches and words where
        the parameters are such.
        """
        table = np.asarray(samples, dtype=np.float64)
        if table.ndim != 2 or table.shape[1] != len(self.axes):
            raise ScenarioError(
                f"The samples have the shape {table.shape}: (n, {len(self.axes)}) is needed, a column "
                f"for each of {', '.join(self['names'])}."
            )
        low, high = np.array(self["bounds"], dtype=np.float64).T
        room = 1e-9 * (high - low)
        outside = ~((table >= low - room) & (table <= high + room))
        if outside.any():
            row, column = (int(place[0]) for place in np.nonzero(outside))
            raise ScenarioError(
                f"Sample {row} has {self['names'][column]} = {table[row, column]:g}, outside of its "
                f"bounds {low[column]:g} to {high[column]:g}: these samples are of another problem."
            )
        shares = (table - low) / (high - low)
        return pd.DataFrame({axis.name: axis.at(shares[:, place]) for place, axis in enumerate(self.axes)})

    def scenarios(self, samples: ArrayLike) -> list[Scenario]:
        """Turn samples into scenarios."""
        rows = self.points(samples).to_dict("records")
        return [self.scenario.replace({str(name): value for name, value in row.items()}) for row in rows]

    def plan(
        self, samples: ArrayLike, entries: Mapping[str, Any] | None = None, *, district: District | None = None
    ) -> Plan:
        """Turn samples into a sweep, which can be stopped, continued and spread over machines; its points are in their
        order.

        `entries` are what else a design file would say: `question`, `arms`, `baseline`, `outcomes`, `replicates`,
        `weeks`, `seed`, `scenario`.  `district` is the user's own ground.
        """
        for ours in ("design", "parameters", "levels", "points", "trajectories", "file"):
            if ours in (entries or {}):
                raise ScenarioError(f"{ours} is told by the samples: leave it out.")
        parameters = {name: {"levels": [self.scenario.get(name)]} for name in self["names"]}
        design = {**(entries or {}), "design": "factorial", "parameters": parameters}
        plan = Plan.of(design, scenario=self.scenario, district=district)
        return replace(plan, kind="SALib", axes=self.axes, points=self.points(samples))


def salib_problem(parameters: Wanted = None, scenario: Scenario | None = None) -> Problem:
    """Make a problem of SALib from declared parameters: for any of its samplers and analyses, and the way back.

    Parameters
    ----------
    parameters
        Names whose declared ranges are meant, or for each name what a design file would say: `"declared"`, a range
        `[low, high]`, or `{"levels": [...]}`.  By default everything that is weakly known.
    scenario
        What all else is; by default the standard one.

    Examples
    --------
    >>> problem = salib_problem(["branches.reporting_hours", "coverage.second"])
    >>> problem["bounds"]
    [[0.0, 6.0], [0.0, 2.0]]
    >>> [scenario.coverage.second for scenario in problem.scenarios([[1.0, 0.3], [1.0, 1.7]])]
    ['joint', 'dispatched']
    """
    world = Scenario() if scenario is None else scenario
    axes = chosen_axes(parameters, usual_uncertainties(world), world)
    if not axes:
        raise ScenarioError("The problem varies nothing: name at least one parameter.")
    return Problem(axes, world)


def _bounds(axis: Axis) -> list[float]:
    if axis.levels:
        return [0.0, float(len(axis.levels))]
    if axis.whole:
        # One more than the highest, since every whole number stands for the stretch up to the next.
        return [float(math.ceil(axis.low)), float(math.floor(axis.high) + 1)]
    return [axis.low, axis.high]
