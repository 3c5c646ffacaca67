"""Hazards of the place: improvised charging, and lanes that are blocked (M1, M12).

Charging hazards are a stock: wires hung from windows and batteries in stairwells come back as fast as people
bring them, and patrols and reports remove them.

    Z <- Z + renewal (source - Z) - removed Z

Riders raise `source` and block lanes, patrol and their own reports remove hazards, traffic guidance frees lanes.
The stock is measured against an estate as usual: without couriers and without patrol it is 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Step
from sim.core.codes import CHARGING, PARKING

__all__ = ["Hazards"]


class Hazards(Component):
    """Stock of charging hazards, and how free the lanes are, by estate.

    Attributes
    ----------
    charging
        Z, shape (estates,).
    source
        Level to which the stock returns by itself, 1 as usual, shape (estates,).
    lanes
        How much couriers add to parking trouble, 1 as usual, shape (estates,).
    guided
        How much traffic guidance leaves of it, shape (estates,).
    """

    section = "services"
    inputs = ("source", "lanes", "guided")
    factors: ClassVar[Mapping[str, str]] = {
        "source": "level to which charging hazards of an estate return",
        "lanes": "how much riders add to parking trouble in an estate",
    }
    used_in: ClassVar[Mapping[str, str]] = {"source": "hazards.build", "lanes": "hazards.build"}
    steps = (Step("build", doc="hazards come and go, and make conditions", equation="M12", stage="conditions"),)

    def settle_in(self) -> None:
        estates = self.model.district.estates
        self.charging = np.ones(estates)
        self.source = np.ones(estates)
        self.lanes = np.ones(estates)
        self.guided = np.ones(estates)
        self._stays = np.ones(estates)

    def remove(self, share: NDArray[np.float64]) -> None:
        """Remove a share of each estate's charging hazards this week, shape (estates,), in [0, 1]; calls add up."""
        self._stays *= 1.0 - share

    def build(self) -> None:
        """Let hazards come and go, and make this week's conditions of charging and parking of them."""
        stock, removed = self.charging, 1.0 - self._stays
        removed *= stock
        more, narrower = self.take_factor("source"), self.take_factor("lanes")
        change = (self.source if more is None else self.source * more) - stock
        change *= self.parameters.hazard_renewal
        change -= removed
        stock += change
        np.maximum(stock, 0.0, out=stock)
        self._stays.fill(1.0)
        incidents = self.model.incidents
        incidents.set_condition(CHARGING, incidents.ground[CHARGING] * stock)
        parking = incidents.ground[PARKING] * self.lanes
        parking *= self.guided
        if narrower is not None:
            parking *= narrower
        incidents.set_condition(PARKING, parking)
