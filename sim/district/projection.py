"""Positions that a table gives in degrees of longitude and latitude, as maps do, laid on a plane."""

from __future__ import annotations

import math
from collections.abc import MutableMapping
from typing import Final

from sim.district.columns import Cell

__all__ = ["flatten"]

_LONGITUDES: Final = (73.0, 136.0)
_LATITUDES: Final = (3.0, 54.0)
_WIDEST: Final = 3.0
_KM_A_DEGREE: Final = 111.2


def flatten(values: MutableMapping[str, list[Cell]]) -> list[str]:
    """Turn degrees into kilometres where a table's positions can only be degrees.

    Read as kilometres, a whole city in degrees would lie within walking distance.  Positions are taken for
    degrees when there are at least two, all in China's longitudes and latitudes, and less than three apart.

    Parameters
    ----------
    values
        Columns of a table; `x` and `y` are replaced where they are degrees.

    Returns
    -------
    list of str
        A note when that was done.

    Examples
    --------
    >>> table = {"x": [113.9, 114.0], "y": [22.5, 22.5]}
    >>> len(flatten(table)), table["x"]
    (1, [0.0, 10.274])
    """
    pairs = zip(values.get("x", ()), values.get("y", ()), strict=False)
    placed = [(float(x), float(y)) for x, y in pairs if not math.isnan(float(x))]
    if len(placed) < 2:
        return []
    (west, east), (south, north) = ((min(axis), max(axis)) for axis in zip(*placed, strict=True))
    fits = (
        _LONGITUDES[0] <= west
        and east <= _LONGITUDES[1]
        and _LATITUDES[0] <= south
        and north <= _LATITUDES[1]
        and max(east - west, north - south) < _WIDEST
    )
    if not fits:
        return []
    narrower = math.cos(math.radians((south + north) / 2))
    values["x"] = [round((float(x) - west) * _KM_A_DEGREE * narrower, 3) for x in values["x"]]
    values["y"] = [round((float(y) - south) * _KM_A_DEGREE, 3) for y in values["y"]]
    return ["x and y look like degrees of longitude and latitude and were turned into kilometres."]
