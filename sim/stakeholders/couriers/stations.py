"""Courier stations: where riders start from, and whose example they see (M12)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.agents import Agent, column, derived
from sim.component import Stakeholders
from sim.core.chance import share
from sim.district.draft import hashed
from sim.stakeholders.proportion import number_of

__all__ = ["Station", "Stations"]

_SPREAD = 0.2
"""Side of the square, in kilometres, in which a station stands around the estate beside it."""


class Station(Agent):
    """A courier station beside an estate.

    Examples
    --------
    >>> import sim
    >>> model = sim.examples.small()
    >>> model.stations[0]
    <Station 0: ...>
    """

    x = column(np.float64, unit="km", doc="position, east")
    y = column(np.float64, unit="km", doc="position, north")
    shown = ("estate", "riders", "careful")
    estate = column(np.int64, doc="row of the estate beside which it stands", of="estate")
    community = column(np.int64, doc="number of its community", of="community")


class Stations(Stakeholders):
    """All courier stations of the district."""

    agent: ClassVar[type[Agent]] = Station
    section: ClassVar[str] = "couriers"

    def places(self, model: Any) -> int:
        """Number of stations, in proportion to the district."""
        return number_of(model.scenario.couriers.stations, model.district)

    def settle_in(self) -> None:
        """Let stations stand where many households are."""
        district = self.model.district
        bits = self.model.chance.bits("station", 0, self.identity())
        reach = np.cumsum(district.households, dtype=np.float64)
        # Two fields make a uniform fine enough for the largest district.
        draw = (share(bits, 0) - 0.5 / 65536 + share(bits, 1) / 65536) * reach[-1]
        estate = np.searchsorted(reach, draw, side="right")
        self.estate[:] = estate
        self.community[:] = district.community[estate]
        self.x[:] = district.x[estate] + _SPREAD * (share(bits, 2) - 0.5)
        self.y[:] = district.y[estate] + _SPREAD * (share(bits, 3) - 0.5)
        for name in self.agent.columns:
            self.__dict__[name].setflags(write=False)

    def identity(self) -> NDArray[np.uint64]:
        """Identity of every station: a hash of its name, as with estates."""
        return hashed([f"station {row}" for row in range(self.size)])

    @derived(unit="riders")
    def riders(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Riders of the station."""
        return np.bincount(self.model.couriers.station, minlength=self.size)[rows]

    @derived(unit="share")
    def careful(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Share of the station's riders who ride with care."""
        couriers = self.model.couriers
        safe = np.bincount(couriers.station, couriers.safe, self.size)
        return (safe / np.bincount(couriers.station, minlength=self.size))[rows]
