"""The grid of estates: Mesa's discrete space, one cell for each patch of ground that can hold estates.

This is the only place of the ground that knows Mesa.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from mesa.discrete_space import OrthogonalMooreGrid

__all__ = ["CELL", "MOST_CELLS", "cells", "make_grid"]

CELL: Final = 0.5
"""Side of a cell in kilometres."""
MOST_CELLS: Final = 128
"""Cells along the longer side at most; a wider district gets larger cells."""


def cells(x: NDArray[np.float64], y: NDArray[np.float64], side: float = CELL) -> NDArray[np.int64]:
    """Coordinates of every estate's cell, counted from the south-western corner.

    Parameters
    ----------
    x, y
        Positions in kilometres, shape (E,).
    side
        Side of a cell; wider where the district is so wide that cells would be too many.

    Returns
    -------
    ndarray
        Column and row, shape (E, 2).
    """
    xy = np.column_stack([x, y])
    xy = xy - xy.min(axis=0)
    side = max(side, float(xy.max()) / (MOST_CELLS - 1))
    return (xy // side).astype(np.int64)


def make_grid(
    cell: NDArray[np.int64], layers: dict[str, NDArray[Any]], kind: type[OrthogonalMooreGrid] | None = None
) -> OrthogonalMooreGrid:
    """Make a Mesa grid in which any number of agents may stand in a cell.

    Parameters
    ----------
    cell
        Cell of every estate, shape (E, 2).
    layers
        Property layers by name: one number for every estate, shape (E,), summed in its cell.
    kind
        Class of the grid; Mesa's own where not given.

    Returns
    -------
    OrthogonalMooreGrid
        A new grid without agents, whose cells touch eight others.
    """
    from random import Random

    from mesa.discrete_space import OrthogonalMooreGrid

    width, height = (int(side) + 1 for side in cell.max(axis=0))
    # Its generator moves agents only when a user asks Mesa to; it never takes part in a run.
    grid = (kind or OrthogonalMooreGrid)((width, height), torus=False, capacity=None, random=Random(0))
    for name, value in layers.items():
        layer = grid.create_property_layer(name, default_value=0, dtype=np.int64)
        np.add.at(layer.data, (cell[:, 0], cell[:, 1]), value)
    return grid
