"""Systems of longitude and latitude in use in China, and the way from one to another.

Chinese maps show positions in GCJ-02, which moves WGS-84 by some hundred metres, and Baidu's in BD-09, which moves
GCJ-02 once more.  The formulas are those published with eviltransform (github.com/googollee/eviltransform) and
coordtransform (github.com/wandergis/coordtransform), both under the MIT licence; GCJ-02 uses the ellipsoid of Krasovsky
1940.  The inverse of GCJ-02 has no closed form and is found by repeated correction.
"""

from __future__ import annotations

import math
from typing import Final

__all__ = ["bd09_to_gcj02", "gcj02_to_bd09", "gcj02_to_wgs84", "to_wgs84", "wgs84_to_gcj02"]

Point = tuple[float, float]
"""Longitude and latitude in degrees."""

_RADIUS: Final = 6_378_245.0
"""Semi-major axis of Krasovsky 1940, metres."""
_ECCENTRICITY: Final = 0.006_693_421_622_965_943_23
"""Its first eccentricity, squared."""
_BAIDU: Final = math.pi * 3000.0 / 180.0
_ROUNDS: Final = 30


def _shift(longitude: float, latitude: float) -> Point:
    """Return by how many degrees GCJ-02 moves a point."""
    x, y = longitude - 105.0, latitude - 35.0
    root = math.sqrt(abs(x))
    both = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    angle = math.radians(latitude)
    flat = 1.0 - _ECCENTRICITY * math.sin(angle) ** 2
    north = math.degrees(north / (_RADIUS * (1.0 - _ECCENTRICITY) / (flat * math.sqrt(flat))))
    east = math.degrees(east / (_RADIUS / math.sqrt(flat) * math.cos(angle)))
    return east, north


def wgs84_to_gcj02(longitude: float, latitude: float) -> Point:
    """Return a point of WGS-84 in GCJ-02.

    Examples
    --------
    >>> tuple(round(degree, 4) for degree in wgs84_to_gcj02(116.404, 39.915))
    (116.4102, 39.9164)
    """
    east, north = _shift(longitude, latitude)
    return longitude + east, latitude + north


def gcj02_to_wgs84(longitude: float, latitude: float) -> Point:
    """Return a point of GCJ-02 in WGS-84, to far less than a millimetre.

    Examples
    --------
    >>> tuple(round(degree, 6) for degree in gcj02_to_wgs84(*wgs84_to_gcj02(113.93, 22.53)))
    (113.93, 22.53)
    """
    east, north = longitude, latitude
    for _ in range(_ROUNDS):
        there = wgs84_to_gcj02(east, north)
        east, north = east + longitude - there[0], north + latitude - there[1]
    return east, north


def gcj02_to_bd09(longitude: float, latitude: float) -> Point:
    """Return a point of GCJ-02 in BD-09.

    Examples
    --------
    >>> tuple(round(degree, 4) for degree in gcj02_to_bd09(116.404, 39.915))
    (116.4104, 39.9213)
    """
    radius = math.hypot(longitude, latitude) + 0.000_02 * math.sin(latitude * _BAIDU)
    angle = math.atan2(latitude, longitude) + 0.000_003 * math.cos(longitude * _BAIDU)
    return radius * math.cos(angle) + 0.006_5, radius * math.sin(angle) + 0.006


def bd09_to_gcj02(longitude: float, latitude: float) -> Point:
    """Return a point of BD-09 in GCJ-02, by the published inverse, which is right to about a decimetre.

    Examples
    --------
    >>> tuple(round(degree, 4) for degree in bd09_to_gcj02(116.404, 39.915))
    (116.3976, 39.9087)
    """
    x, y = longitude - 0.006_5, latitude - 0.006
    radius = math.hypot(x, y) - 0.000_02 * math.sin(y * _BAIDU)
    angle = math.atan2(y, x) - 0.000_003 * math.cos(x * _BAIDU)
    return radius * math.cos(angle), radius * math.sin(angle)


def to_wgs84(longitude: float, latitude: float, datum: str) -> Point:
    """Return a point of a system, ``wgs84``, ``gcj02`` or ``bd09``, in WGS-84."""
    if datum == "bd09":
        longitude, latitude = bd09_to_gcj02(longitude, latitude)
    return (longitude, latitude) if datum == "wgs84" else gcj02_to_wgs84(longitude, latitude)
