"""The desks of communities, streets and the district (S1).

Governance reaches down from the district over streets and communities.  A community's desk takes the
hotline's cases and those that nobody below could hold; its hours follow the strength that earlier programmes
left the community.  A dispatched secretary's hours are hours of this desk, and leave it.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.agents import Agent, column
from sim.component import Stakeholders, Step
from sim.core.codes import COMMUNITY_DESK, DESKS
from sim.core.errors import ComponentError, unknown

__all__ = ["Authorities", "Authority"]


_LEVELS = ("community", "street", "district")


class Authority(Agent):
    """A community's, a street's or the district's desk.

    Examples
    --------
    >>> import sim
    >>> model = sim.examples.small()
    >>> model.authorities[0]
    <Authority 0, community ...: hours ...>
    """

    shown = ("hours",)
    level = column(np.uint8, default=COMMUNITY_DESK, doc="whose desk it is", words=DESKS)
    hours = column(np.float64, unit="hours per week", doc="hours of the desk before anyone is sent away")


class Authorities(Stakeholders):
    """All desks above the estate, in the order communities, streets, district."""

    agent: ClassVar[type[Agent]] = Authority
    section: ClassVar[str] = "desks"
    steps = (Step("staff", doc="community, street and district open their desks", equation="M4", stage="claims"),)

    def places(self, model: Any) -> int:
        """One for each desk above the estate."""
        above: slice = model.desks.above_estate
        return above.stop - above.start

    def settle_in(self) -> None:
        """Take the desks' levels."""
        self.level[:] = self.model.desks.kind[self.model.desks.above_estate]
        self.extra: NDArray[np.float64] | None = None

    def title_of(self, row: int) -> str:
        district = self.model.district
        names = [*district.community_names, *district.street_names]
        name = f' "{names[row]}"' if row < len(names) else ""
        return f"Authority {row}, {DESKS[int(self.level[row])]}{name}"

    def prepare(self) -> None:
        """Set the desks' hours from the scenario and the communities' strength."""
        p = self.model.scenario.desks
        communities = self.model.district.communities
        self.hours[:communities] = p.hours_community * self.model.district.strength
        self.hours[communities:-1] = p.hours_street
        self.hours[-1] = p.hours_district
        self.taken = dict.fromkeys(_LEVELS, 0.0)

    def staff(self) -> None:
        """Open the desks for the week, with such extra hands as a control has lent them."""
        self.model.desks.open(self.hours)
        self.taken = dict.fromkeys(_LEVELS, 0.0)
        self.extra = self._reinforce()

    def take(self, level: str, asked: NDArray[np.float64], use: str) -> NDArray[np.float64]:
        """Take hours of this week from the desks of a level, for something else than cases.

        Parameters
        ----------
        level
            ``community``, ``street`` or ``district``.
        asked
            Hours wanted from each desk of the level, shape (desks of the level,).
        use
            What for, for the book of costs.

        Returns
        -------
        NDArray
            Hours that the desks had to give, at most those asked for; their cases wait for these hours.
        """
        if level not in _LEVELS:
            raise ComponentError(unknown("level", level, _LEVELS))
        model = self.model
        granted = model.desks.take(level, asked)
        total = float(granted.sum())
        self.taken[level] += total
        model.costs.book("community" if level == "community" else "street_district", use, hours=total)
        return granted

    def _reinforce(self) -> NDArray[np.float64] | None:
        """Add the hours that a control replays: pooled at the community's desk, or tied to each estate."""
        model = self.model
        replay = model.coverage.replay()
        if replay is None:
            return None
        mode, hours = replay
        if mode == "tied":
            model.desks.tie(hours)
        else:
            pooled = np.bincount(model.district.community, hours, model.district.communities)
            model.desks.add_hours("community", pooled)
        return hours
