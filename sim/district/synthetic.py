"""A district made up from statistics alone, as large as Nanshan or as any other size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.core.chance import Chance
from sim.core.errors import DistrictError
from sim.core.sentence import Sentence
from sim.district.columns import MOST_ESTATES
from sim.district.draft import Draft
from sim.district.ground import GroundSection
from sim.district.hierarchy import fresh, layers, numbers
from sim.district.imputation import complete
from sim.district.layout import scatter
from sim.district.portfolios import HONEST

__all__ = ["make_up"]


def make_up(estates: int, seed: int, ground: GroundSection | None = None) -> dict[str, Any]:
    """Make up a district.

    Parameters
    ----------
    estates
        From 1 to 20,000; communities, streets, firms and committees are in proportion.
    seed
        Whole number.
    ground
        What it is made with; the section's defaults where not given.

    Returns
    -------
    dict
        The fields of `sim.District` by name.

    Raises
    ------
    DistrictError
        When the number of estates or the seed is not allowed.
    """
    estates = _whole(estates, "estates", 1, MOST_ESTATES)
    seed = _whole(seed, "seed", -(2**63), 2**63 - 1)
    if ground is None or isinstance(ground, Mapping):
        ground = GroundSection(**(ground or {}))
    if not isinstance(ground, GroundSection):
        raise DistrictError(
            f"ground = {ground!r} must be the section ground of a scenario, or a dictionary of its values."
        )
    chance = Chance(seed)
    xy = scatter(estates, chance, ground)
    communities, streets = numbers(estates, ground)
    community, street = layers(xy, communities, streets, chance, ground)
    order = np.argsort(community, kind="stable")
    draft = Draft(
        {
            "estate": fresh("E", estates, 4),
            "x": xy[order, 0],
            "y": xy[order, 1],
            "community": fresh("C", communities, 3)[community[order]],
            "street": fresh("S", streets, 1)[street[order]],
        },
        seed,
        ground,
    )
    fields = complete(draft)
    fields["remarks"] = (
        Sentence(
            "Synthetic district of {estates} estates, seed {seed}: sizes, ages, fees, positions and portfolios "
            "after the statistics of Nanshan's listed estates (569 of 1,034); nobody's real estate.",
            estates=estates,
            seed=seed,
        ),
        HONEST,
        Sentence(
            "Assumed, without a source for single estates: kinds, owners, what makes a committee likelier, cars, "
            "spaces, density, strength of communities.  Members are counted when a model asks, as Poisson of the "
            "rate of members a household."
        ),
    )
    return fields


def _whole(value: Any, name: str, low: int, high: int) -> int:
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or not low <= value <= high:
        raise DistrictError(f"{name} = {value!r} must be a whole number from {low} to {high}.")
    return int(value)
