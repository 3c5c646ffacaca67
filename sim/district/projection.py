"""Positions that a table gives in degrees of longitude and latitude, as maps do, laid on a plane."""

from __future__ import annotations

import math
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from sim.core.sentence import Sentence
from sim.district.columns import Cell

__all__ = ["MOST_DEGREES", "Plane", "flatten", "in_china", "widest"]

_LONGITUDES: Final = (73.0, 136.0)
_LATITUDES: Final = (3.0, 54.0)
MOST_DEGREES: Final = 3.0
"""How far apart the estates of one district may lie."""
_KM_A_DEGREE: Final = 111.2


@dataclass(frozen=True)
class Plane:
    """A plane that touches the earth: where its origin lies, in degrees, and how much narrower a degree is eastwards.

    Examples
    --------
    >>> plane = Plane.of([(113.9, 22.5), (114.0, 22.5)])
    >>> plane.kilometres(114.0, 22.5), plane.degrees(0.0, 1.112)
    ((10.274, 0.0), (113.9, 22.51))
    """

    west: float
    south: float
    narrower: float

    @classmethod
    def of(cls, points: Sequence[tuple[float, float]]) -> Self:
        """Lay a plane under points of longitude and latitude."""
        (west, _), (south, north) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
        return cls(west, south, math.cos(math.radians((south + north) / 2)))

    def kilometres(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return a place on the plane, to the metre."""
        return (
            round((longitude - self.west) * _KM_A_DEGREE * self.narrower, 3),
            round((latitude - self.south) * _KM_A_DEGREE, 3),
        )

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Return a place of the plane in degrees, to seven decimals, which is a centimetre."""
        return (
            round(self.west + x / (_KM_A_DEGREE * self.narrower), 7),
            round(self.south + y / _KM_A_DEGREE, 7),
        )


def widest(points: Sequence[tuple[float, float]]) -> float:
    """Return how many degrees points lie apart at most, along either axis."""
    return max(max(axis) - min(axis) for axis in zip(*points, strict=True))


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
    points = [(float(x), float(y)) for x, y in pairs if not math.isnan(float(x))]
    if len(points) < 2 or not all(in_china(*point) for point in points) or widest(points) >= MOST_DEGREES:
        return []
    plane = Plane.of(points)
    laid = [
        plane.kilometres(float(x), float(y)) if x == x else (x, y)
        for x, y in zip(values["x"], values["y"], strict=True)
    ]
    values["x"], values["y"] = [x for x, _ in laid], [y for _, y in laid]
    return [Sentence("x and y look like degrees of longitude and latitude and were turned into kilometres.")]


def in_china(longitude: float, latitude: float) -> bool:
    """Return whether a place lies within China's longitudes and latitudes.

    Examples
    --------
    >>> in_china(113.9, 22.5), in_china(22.5, 113.9)
    (True, False)
    """
    return _LONGITUDES[0] <= longitude <= _LONGITUDES[1] and _LATITUDES[0] <= latitude <= _LATITUDES[1]
