"""The columns of `model.outcomes`: their units and what they mean."""

from __future__ import annotations

from typing import Final

from sim.outcomes.definitions import DEFINITIONS, INDEX
from sim.outcomes.tally import EVENTS

__all__ = ["COLUMNS", "ESTATE_COLUMNS", "EVENTS", "MEASURING"]

COLUMNS: Final[dict[str, tuple[str, str]]] = {
    one.name: (one.unit, one.meaning) for one in DEFINITIONS.values() if one.component != INDEX
}
"""Unit and meaning of every column of `model.outcomes`, beside `week`."""

MEASURING: Final = tuple(
    dict.fromkeys(one.component for one in DEFINITIONS.values() if one.component not in ("record", "spread", INDEX))
)
"""Components that measure something themselves: their names in the model."""

ESTATE_COLUMNS: Final = (
    "conflicts",
    "filed",
    "hotline",
    "settled",
    "standing",
    "unresolved_filed",
    "open",
    "satisfaction",
)
