"""Conversions between WGS-84, GCJ-02 and BD-09 give the published points, and lead back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.district.projection import Plane
from sim.district.reading.datums import (
    bd09_to_gcj02,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    to_wgs84,
    wgs84_to_gcj02,
)

places = st.tuples(st.floats(73.5, 135.0), st.floats(18.0, 53.5))


def metres(first: tuple[float, float], second: tuple[float, float]) -> float:
    east = (first[0] - second[0]) * math.cos(math.radians(first[1]))
    return math.hypot(east, first[1] - second[1]) * 111_200


def test_the_points_published_with_coordtransform() -> None:
    assert wgs84_to_gcj02(116.404, 39.915) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-12)
    assert gcj02_to_bd09(116.404, 39.915) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-12)
    assert bd09_to_gcj02(116.404, 39.915) == pytest.approx((116.39762729119315, 39.90865673957631), abs=1e-12)


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_the_points_published_with_eviltransform(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    """It takes another radius of the earth, which is worth a metre."""
    assert metres(wgs84_to_gcj02(*wgs), gcj) < 1.0
    assert metres(gcj02_to_wgs84(*gcj), wgs) < 1.0


@given(places)
def test_there_and_back(place: tuple[float, float]) -> None:
    assert metres(gcj02_to_wgs84(*wgs84_to_gcj02(*place)), place) < 1e-3
    assert metres(bd09_to_gcj02(*gcj02_to_bd09(*place)), place) < 1.0
    assert metres(to_wgs84(*gcj02_to_bd09(*wgs84_to_gcj02(*place)), "bd09"), place) < 1.0
    assert to_wgs84(*place, "wgs84") == place


@given(st.floats(113.7, 114.1), st.floats(22.4, 22.7))
def test_distances_in_a_district_are_those_of_any_system(longitude: float, latitude: float) -> None:
    """So that a table whose system is not known can still be used."""
    here, there = (longitude, latitude), (longitude + 0.05, latitude + 0.05)
    true = metres(here, there)
    assert metres(wgs84_to_gcj02(*here), wgs84_to_gcj02(*there)) == pytest.approx(true, rel=0.005)


@given(st.lists(st.tuples(st.floats(113.7, 114.1), st.floats(22.4, 22.7)), min_size=1, max_size=9))
def test_a_plane_leads_back_to_degrees(points: list[tuple[float, float]]) -> None:
    plane = Plane.of(points)
    for point in points:
        assert metres(plane.degrees(*plane.kilometres(*point)), point) < 1.0
