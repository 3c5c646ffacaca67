"""A user's mechanisms: festivals that make noise, and clubs of riders, whose agents have columns."""

from __future__ import annotations

from typing import Any

import numpy as np

import sim

__all__ = ["Club", "Clubs", "Festivals"]


class Festivals(sim.Component):
    """Some estates hold a festival in a week, and remember how often."""

    class Parameters(sim.Section):
        """How many, and how loud."""

        enabled: bool = sim.switch("estates hold festivals")
        share: float = sim.parameter(
            0.2, unit="share per week", low=0, high=1, status="assumed", source="none", doc="estates that celebrate"
        )

    outcomes = (
        sim.Outcome("festivals", unit="estates", label="festivals", zh="Festivals", off=0.0, measure="count"),
        sim.Outcome("held", unit="festivals", better="lower", meaning="festivals since the first week"),
    )
    steps = (sim.Step("hold", stage="conditions", doc="some estates celebrate"),)

    def settle_in(self) -> None:
        """Begin without a festival."""
        self.now = np.zeros(self.model.district.estates, dtype=bool)
        self.held = 0

    def hold(self) -> None:
        """Let some estates celebrate."""
        draw = self.model.chance.uniform("festival", self.model.week, self.model.district.identity)
        self.now[:] = draw < self.parameters.share * self.parameters.enabled
        self.held += int(self.now.sum())

    def count(self) -> int:
        """Estates that celebrate."""
        return int(self.now.sum())


class Club(sim.Agent):
    """A club of riders."""

    members = sim.column(np.int64, 5, unit="persons", doc="riders in the club")


class Clubs(sim.Stakeholders):
    """A club in each community, which grows by one a week."""

    agent = Club
    section = "couriers"
    outcomes = (sim.Outcome("club_members", unit="persons", measure="total"),)
    steps = (sim.Step("grow", after="couriers.ride", doc="clubs take in members"),)

    def places(self, model: Any) -> int:
        """One in each community."""
        return int(model.district.communities)

    def grow(self) -> None:
        """Take in a member each."""
        self.members += 1

    def total(self) -> int:
        """Members of all clubs."""
        return int(self.members.sum())
