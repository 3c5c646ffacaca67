"""What Mesa's own tools look at: a grid with agents on it, and a data collector that holds the outcomes.

`SpaceRenderer` and `SolaraViz` draw `model.grid`; `batch_run` and Mesa's plots read `model.datacollector`.  Neither has
a part in a week: both are made when they are asked for, and show the model as it then is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from mesa import DataCollector
from mesa.discrete_space import OrthogonalMooreGrid

from sim.district.grid import make_grid
from sim.residents.residents import Resident

__all__ = ["DistrictGrid", "OutcomeCollector"]


class DistrictGrid(OrthogonalMooreGrid):
    """The district's grid with what stands on it.

    Its property layers are `estates` and `households`, and of the estates in a cell `open_cases` and the mean
    `satisfaction`, NaN where there is no estate.

    Attributes
    ----------
    model
        Whose agents these are.
    """

    model: Any

    @classmethod
    def of(cls, model: Any) -> DistrictGrid:
        """Make the grid of a model."""
        district = model.district
        layers = {"estates": np.ones(district.estates, dtype=np.int64), "households": district.households}
        grid = make_grid(district.cells, layers, cls)
        assert isinstance(grid, DistrictGrid)
        grid.model = model
        for name in ("open_cases", "satisfaction"):
            grid.create_property_layer(name, default_value=0.0, dtype=np.float64)
        return grid

    @property
    def agents(self) -> list[Any]:
        """All agents that have a place, but for the residents, who are too many; and agents of Mesa's own."""
        populations = self.model.populations.items()
        placed = [
            agent for kind, members in populations if kind.estate_from and kind is not Resident for agent in members
        ]
        return [*placed, *self.all_cells.agents]

    def look(self) -> None:
        """Bring the layers up to date."""
        model, cells = self.model, self.model.district.cells
        book = model.disputes.book
        cases = np.bincount(book.estate[model.disputes.open], minlength=len(cells))
        adults = model.district.adults.astype(np.float64)
        shape = (self.width, self.height)
        cases_by_cell, content, people = (np.zeros(shape) for _ in range(3))
        for total, value in ((cases_by_cell, cases), (content, adults * model.satisfaction.mean), (people, adults)):
            np.add.at(total, (cells[:, 0], cells[:, 1]), value)
        self._mesa_property_layers["open_cases"].data[:] = cases_by_cell
        mean = np.divide(content, people, out=np.full(shape, np.nan), where=people > 0.0)
        self._mesa_property_layers["satisfaction"].data[:] = mean


class OutcomeCollector(DataCollector):
    """A model's outcomes as Mesa's data collector shows them: a value of each outcome for each week.

    Nothing need be collected, and what a user collects goes into a `DataCollector` of the user's own.

    Parameters
    ----------
    model
        The model.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._columns: tuple[int, dict[str, list[Any]]] = (-1, {})
        super().__init__()

    @property
    def model_vars(self) -> dict[str, list[Any]]:
        """The values of each outcome, one for each week."""
        if self._columns[0] != self._model.week:
            self._columns = (self._model.week, self.get_model_vars_dataframe().to_dict("list"))
        return self._columns[1]

    @model_vars.setter
    def model_vars(self, values: Any) -> None:
        pass

    @property
    def _collection_steps(self) -> list[int]:
        return list(range(1, self._model.week + 1))

    @_collection_steps.setter
    def _collection_steps(self, steps: Any) -> None:
        pass

    def collect(self, model: Any) -> None:
        """Do nothing: the outcomes are there."""

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """Return the outcomes, a row for each week."""
        outcomes: pd.DataFrame = self._model.outcomes
        return outcomes
