"""A district as GeoJSON (RFC 7946): a point for every estate, in degrees of WGS-84, with its columns."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.core.errors import DistrictError
from sim.core.sentence import Sentence
from sim.district.export import INNER, write_text
from sim.district.projection import Plane

if TYPE_CHECKING:
    from sim.district.district import District

__all__ = ["feature_collection", "plane_at", "write_geojson"]


def plane_at(longitude: float, latitude: float) -> Plane:
    """Return the plane whose origin lies at a place, in degrees of WGS-84."""
    return Plane(longitude, latitude, math.cos(math.radians(latitude)))


def feature_collection(
    district: District, plane: Plane | None = None, filled: Mapping[str, np.ndarray] | None = None
) -> dict[str, Any]:
    """Return a district as a collection of features.

    Parameters
    ----------
    district
        Whose positions are kilometres.
    plane
        Where these lie on the earth; by default what the table said.
    filled
        By column, the rows that were filled; each feature then names the columns that are not its table's.

    Raises
    ------
    DistrictError
        When it is not known where the district lies.
    """
    plane = plane or district.plane
    if plane is None:
        raise DistrictError(
            Sentence(
                "The positions of this district are kilometres on a plane, and the table does not say where it lies: "
                "name "
                "the system of its longitude and latitude with --coordinates, or the place of x = y = 0 with --origin, "
                "e.g. --origin 113.93,22.53 (WGS-84)."
            )
        )
    columns = {name: column.tolist() for name, column in district.columns().items() if name not in INNER}
    marks = {name: rows.tolist() for name, rows in (filled or {}).items()}
    features = []
    for row, name in enumerate(columns["estate"]):
        point = plane.degrees(columns["x"][row], columns["y"][row])
        properties = {key: _plain(cells[row]) for key, cells in columns.items()}
        if filled is not None:
            properties["filled"] = [key for key, rows in marks.items() if rows[row]]
        features.append(
            {
                "type": "Feature",
                "id": name,
                "geometry": {"type": "Point", "coordinates": list(point)},
                "properties": properties,
            }
        )
    return {"type": "FeatureCollection", "features": features}


def write_geojson(collection: Mapping[str, Any], path: Path) -> None:
    """Write a collection of features, whole or not at all."""
    write_text(json.dumps(collection, ensure_ascii=False, allow_nan=False) + "\n", path, marked=False)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else int(value) if value.is_integer() else value
    return value
