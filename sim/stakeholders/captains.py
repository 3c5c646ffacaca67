"""Building captains (M11): a neighbour who looks after the staircase and calls on people.

Captains see early what breaks (their hours go to the inspection of buildings) and bring people to meetings.  Both are
bounded by how many can be found and by how tired they are.  In the week of an owners' meeting or of a platform's
session part of their hours goes to calling; a week has no more hours for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from sim.agents import Agent, column
from sim.component import Outcome, Stakeholders, Step
from sim.stakeholders.fatigue import follow_load

if TYPE_CHECKING:
    from sim.policies.deliberation.deliberation_parameters import DeliberationSection

__all__ = ["Captain", "Captains"]

_YEAR: Final = 52


class Captain(Agent):
    """The captains of an estate's buildings; row = estate.

    Examples
    --------
    >>> import sim
    >>> model = sim.examples.small({"deliberation.enabled": True})
    >>> list(model.captains)[0]
    <Captain 0, estate "E0001": number ...>
    """

    row_is = "estate"
    number = column(np.int32, unit="persons", doc="captains who can be found")
    fatigue = column(np.float64, unit="share", doc="share of them who have given up")
    calling = column(np.float64, unit="hours per week", doc="hours for calling on people this week")
    inspecting = column(np.float64, unit="hours per week", doc="hours for looking after buildings this week")


class Captains(Stakeholders):
    """The captains of every estate; `present` where there are any."""

    agent: ClassVar[type[Agent]] = Captain
    section: ClassVar[str] = "deliberation"
    outcomes = (
        Outcome(
            "captains",
            unit="persons",
            unit_zh="人",
            better="higher",
            label="active captains",
            zh="在岗楼栋长",
            off=0,
            meaning="building captains who are active",
        ),
        Outcome(
            "captain_hours",
            unit="hours per week",
            unit_zh="工时/周，全区",
            label="captains' hours",
            zh="楼栋长工时",
            off=0,
            meaning="hours of building captains, for inspection and calling",
        ),
    )
    steps = (
        Step("work", doc="building captains call on people and look after buildings", equation="M11", stage="help"),
    )
    present: NDArray[np.bool_]

    def places(self, model: Any) -> NDArray[np.bool_]:
        """One row for each estate; `prepare` says where there are captains."""
        return np.zeros(model.district.estates, dtype=np.bool_)

    def settle_in(self) -> None:
        """Begin before anybody calls on captains."""
        self.at_work = False

    @property
    def parameters(self) -> DeliberationSection:
        """The section `deliberation` of the scenario."""
        return self.model.scenario.deliberation

    def prepare(self) -> None:
        """Count who can be found: `captain_share` of the buildings, rounded by chance of the estate."""
        p, district = self.parameters, self.model.district
        wanted = p.captain_share * district.buildings
        number = np.floor(wanted + self.model.chance.uniform("captains", 0, district.identity))
        self.number[:] = number if p.enabled and p.captains else 0.0
        self.present[:] = self.number > 0

    def active(self) -> NDArray[np.float64]:
        """Captains at work, shape (estates,): where bodies meet whom they can serve, and who are not tired."""
        return self.number * (1.0 - self.fatigue) * self.model.deliberation.meets

    def watching(self) -> NDArray[np.float64]:
        """Captains who are about in their buildings, shape (estates,): all who are at work."""
        return self.active() if self.at_work else np.zeros(self.size)

    def pull(self) -> NDArray[np.float64]:
        """What captains who call on people add to the logit of attendance, shape (estates,); bounded."""
        p = self.parameters
        if p.captain_calling == 0.0:
            return np.zeros(self.size)
        pull = self.active()
        pull *= 100.0
        pull /= self.model.committees.owners
        np.minimum(pull, p.captain_most, out=pull)
        pull *= p.captain_turnout
        return pull

    def work(self) -> None:
        """Give the week's hours: first to calling, where a meeting or session is due, then to inspection."""
        model, p = self.model, self.parameters
        if not model.deliberation.acts or not p.captains:
            if self.at_work:
                self._rest()
            return
        self.at_work = True
        hours = p.captain_hours * self.active()
        owners_meet = model.committees.meeting_week == model.week % _YEAR
        owners_meet &= model.committees.present
        np.multiply(hours, p.captain_calling, out=self.calling)
        self.calling *= owners_meet | model.deliberation.due
        np.subtract(hours, self.calling, out=self.inspecting)
        if not model.scenario.services.enabled:
            self.inspecting.fill(0.0)
        # Where nobody called there is nothing to follow: founding meetings, for one, are not known beforehand.
        if np.count_nonzero(owners_meet):
            model.committees.set_inputs(turnout_captains=self.pull() * owners_meet)
        else:
            model.committees.set_inputs(turnout_captains=0.0)
        model.services.join("captains", self.inspecting)
        model.costs.book("residents", "captains", hours=float(self.calling.sum() + self.inspecting.sum()))
        self._tire(hours)

    def _tire(self, offered: NDArray[np.float64]) -> None:
        """Let fatigue follow the share of their hours that was used."""
        p = self.parameters
        used = self.calling + self.inspecting
        follow_load(self.fatigue, used, offered, most=p.captain_fatigue, pace=p.captain_fatigue_pace)

    def _rest(self) -> None:
        """Leave nothing behind when the policy ends, as in a fork without it."""
        self.at_work = False
        self.model.committees.set_inputs(turnout_captains=0.0)
        for state in (self.calling, self.inspecting, self.fatigue):
            state.fill(0.0)

    def measures(self) -> dict[str, float]:
        """What captains did this week."""
        if not np.count_nonzero(self.present):
            return {}
        return {
            "captains": float(self.active().sum()),
            "captain_hours": float(self.calling.sum() + self.inspecting.sum()),
        }
