"""What every district promises, wherever it came from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim.district import District


@pytest.fixture(scope="session")
def check_whole() -> Callable[[District], None]:
    """A function that fails where a district breaks one of its promises."""
    return _check


def _check(district: District) -> None:
    """Everything that any district promises."""
    estates, communities, streets = district.estates, district.communities, district.streets
    for name in (
        "names",
        "identity",
        "households",
        "adults",
        "buildings",
        "x",
        "y",
        "community",
        "street",
        "kind",
        "year",
        "fee",
        "firm",
        "committee",
        "spaces",
        "cars",
        "density",
        "owners",
        "members_known",
        "members_draw",
    ):
        array = getattr(district, name)
        assert array.shape == (estates,), name
        assert not array.flags.writeable, name
        assert array.dtype.kind != "f" or np.isfinite(array).all(), name
    assert district.identity.dtype == np.uint64 and np.unique(district.identity).size == estates
    assert district.kind.dtype == np.int8 and district.committee.dtype == bool
    assert district.households.min() >= 1 and district.adults.min() >= 1
    assert (district.buildings >= 1).all() and (district.buildings <= district.households).all()
    assert ((district.owners >= 0) & (district.owners <= 1)).all()
    assert ((district.members_draw > 0) & (district.members_draw < 1)).all()
    assert (district.spaces >= 0).all() and (district.cars >= 0).all() and (district.density > 0).all()
    assert (np.diff(district.community) >= 0).all() and (np.diff(district.street) >= 0).all()
    assert np.array_equal(np.unique(district.community), np.arange(communities))
    assert np.array_equal(np.unique(district.street), np.arange(streets))
    assert np.array_equal(district.street_of_community[district.community], district.street)
    assert district.strength.shape == (communities,) and (district.strength > 0).all()
    assert set(np.unique(district.firm)) - {-1} == set(range(district.firms))
    keys = list(
        zip(
            district.street_names[district.street],
            district.community_names[district.community],
            district.names,
            strict=True,
        )
    )
    assert keys == sorted(keys)
