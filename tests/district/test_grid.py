"""The grid of estates is Mesa's, and belongs to whoever asked for it."""

from __future__ import annotations

import mesa
import numpy as np
import pytest
from mesa.discrete_space import FixedAgent, OrthogonalMooreGrid

from sim.district import District
from sim.district.grid import CELL, cells


@pytest.fixture(scope="module")
def district() -> District:
    return District.synthetic(estates=200, seed=2)


def test_grid_has_a_cell_for_every_estate_and_counts_them(district: District) -> None:
    grid = district.grid()
    assert isinstance(grid, OrthogonalMooreGrid)
    assert grid.estates.data.sum() == district.estates
    assert grid.households.data.sum() == district.households.sum()
    for row in (0, 57, 199):
        cell = grid[tuple(district.cells[row].tolist())]
        assert cell.estates >= 1 and len(cell.neighborhood) <= 8


def test_estates_of_one_cell_are_near_and_positions_keep_their_order(district: District) -> None:
    corner = np.array([district.x.min(), district.y.min()])
    offset = np.column_stack([district.x, district.y]) - corner - district.cells * CELL
    assert (offset >= 0).all() and (offset < CELL).all()


def test_any_number_of_agents_may_stand_in_a_cell_and_grids_are_not_shared(district: District) -> None:
    one, other = district.grid(), district.grid()
    model = mesa.Model(rng=1)
    place = tuple(district.cells[0].tolist())
    for _ in range(5):
        FixedAgent(model).cell = one[place]
    assert len(one[place].agents) == 5 and not other[place].agents


@pytest.mark.parametrize("far", [0.0, 1e-9, 3.0, 5000.0])
def test_a_wide_or_flat_district_gets_a_grid_of_sensible_size(far: float) -> None:
    cell = cells(np.array([0.0, far]), np.array([-far, -far]))
    assert cell.min() == 0 and cell.max() <= 128
