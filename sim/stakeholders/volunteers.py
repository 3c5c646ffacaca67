"""Volunteers (S9, S10): residents with an hour to spare, and one weekly budget for whoever asks.

Some residents would help if asked; more of them come where the branch is trusted.  Somebody must organise them, so
there are volunteers only where a branch of real people or a platform stands.  Their hours of a week are one budget:
an emergency asks first, then the routine services, and what nobody asked for stays with the volunteers.  Fatigue
follows load and lowers hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.agents import Agent, column
from sim.component import Outcome, Stakeholders, Step, fixed
from sim.core.chance import unit
from sim.core.codes import BY_BRANCH
from sim.stakeholders import in_service
from sim.stakeholders.committees.committees_equations import logistic
from sim.stakeholders.fatigue import follow_load
from sim.stakeholders.member_calls import pull_of_members

if TYPE_CHECKING:
    from sim.policies.services import ServicesSection

__all__ = ["Volunteer", "Volunteers"]


class Volunteer(Agent):
    """The volunteers of an estate; row = estate.

    Examples
    --------
    >>> import sim
    >>> model = sim.examples.small({"services.volunteers": True})
    >>> list(model.volunteers)[0]
    <Volunteer ..., estate ...: ...>
    """

    row_is = "estate"
    number = column(np.int32, unit="persons", doc="residents who would help if asked")
    answering = column(np.float64, unit="persons", doc="of these, who answer the call this week")
    fatigue = column(np.float64, unit="share", doc="share of their hours lost to fatigue")
    offered = column(np.float64, unit="hours per week", doc="the week's budget")
    left = column(np.float64, unit="hours per week", doc="what is left of it")
    to_services = column(np.float64, unit="hours per week", doc="given to routine services this week")
    to_emergency = column(np.float64, unit="hours per week", doc="given to an emergency this week")


class Volunteers(Stakeholders):
    """The volunteers of every estate; `present` where there are any."""

    agent: ClassVar[type[Agent]] = Volunteer
    section: ClassVar[str] = "services"
    factors: ClassVar[Mapping[str, str]] = {"response": "share of an estate's volunteers who answer the call"}
    used_in: ClassVar[Mapping[str, str]] = {"response": "volunteers.offer"}
    outcomes = (
        Outcome(
            "volunteers",
            unit="persons",
            unit_zh="人",
            better="higher",
            label="volunteers",
            zh="志愿者",
            off=0,
            meaning="volunteers who answer the call this week",
        ),
        Outcome(
            "volunteer_hours",
            unit="hours per week",
            unit_zh="工时/周，全区",
            label="volunteers' hours",
            zh="志愿服务工时",
            off=0,
            meaning="hours that volunteers gave, to services and to an emergency",
        ),
    )
    steps = (
        Step("offer", doc="volunteers say how many hours they have", equation="S9", stage="help"),
        Step("serve", doc="volunteers join the routine services", equation="S9", after="emergency.serve"),
        Step("tire", doc="volunteers' fatigue follows load", equation="S9", stage="learning"),
    )
    present: NDArray[np.bool_]

    def places(self, model: Any) -> NDArray[np.bool_]:
        """One row for each estate; `prepare` says where there are volunteers."""
        return np.zeros(model.district.estates, dtype=np.bool_)

    @property
    def parameters(self) -> ServicesSection:
        """The section `services` of the scenario."""
        return self.model.scenario.services

    def prepare(self) -> None:
        """Count who would help: a share of the adults, drawn by their identity.

        Whoever moves out is followed by somebody of the same mind, so the number stays.
        """
        people, p = self.model.residents, self.parameters
        self.number.fill(0)
        if p.volunteers:
            willing = self.would_help(np.arange(people.size))
            self.number[:] = np.add.reduceat(willing, people.first, dtype=np.int64)
        self.present[:] = self.number > 0
        self._wanted = fixed(p.volunteer_demand * self.model.district.households / 500.0)
        # Where all answer or none, trust moves nobody: the logit is infinite.
        certain = p.volunteer_response in (0.0, 1.0)
        self._usual = None if certain else float(np.log(p.volunteer_response / (1.0 - p.volunteer_response)))

    def would_help(self, residents: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each of these residents would help if asked, shape (n,)."""
        model = self.model
        draw = unit(model.chance.bits("volunteer", 0, model.residents.identity(residents)))
        return draw < self.parameters.volunteer_share

    @property
    def acts(self) -> bool:
        """Whether volunteers are called on this week."""
        return self.parameters.volunteers and self.model.policy_on

    def response(self) -> NDArray[np.float64]:
        """Share of them who answer the call, shape (estates,): a logit, so within 0 and 1.

        It rises with trust in the branch, and with members who call on their neighbours where they do.
        """
        p = self.parameters
        if self._usual is None:
            return np.full(self.size, p.volunteer_response)
        logit = self.model.trust.mean(BY_BRANCH)
        logit -= 0.5
        logit *= p.volunteer_trust
        logit += self._usual
        if p.volunteer_mobilisation:
            logit += pull_of_members(self.model)
        return logistic(logit)

    def organised(self) -> NDArray[np.bool_]:
        """Where somebody organises volunteers: a branch of real people or a platform, shape (estates,)."""
        return self.model.branches.standing() | self.model.deliberation.stands

    def offer(self) -> None:
        """Begin the week with a fresh budget of hours."""
        readier = self.take_factor("response")
        if not self.acts:
            if np.count_nonzero(self.offered) or np.count_nonzero(self.fatigue):
                for state in (
                    self.answering,
                    self.offered,
                    self.left,
                    self.to_services,
                    self.to_emergency,
                    self.fatigue,
                ):
                    state.fill(0.0)
            return
        np.multiply(self.number, self.response(), out=self.answering)
        if readier is not None:
            np.minimum(self.answering * readier, self.number, out=self.answering)
        self.answering *= self.organised()
        busy = in_service.engaged(self.model)
        if busy is not None:  # who gives hours as a member has no second budget
            self.answering *= 1.0 - busy
        np.subtract(1.0, self.fatigue, out=self.offered)
        self.offered *= self.parameters.volunteer_hours
        self.offered *= self.answering
        self.left[:] = self.offered
        self.to_services.fill(0.0)
        self.to_emergency.fill(0.0)

    def available(self) -> NDArray[np.float64]:
        """Hours that are left of this week's budget, shape (estates,)."""
        return self.left.copy()

    def give(self, hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give hours to an emergency, shape (estates,); return what there was, at most what was asked for."""
        return self._give(hours, self.to_emergency, "emergency")

    def serve(self) -> None:
        """Join the routine services with what they ask for and is left."""
        model, p = self.model, self.parameters
        if not self.acts or not p.enabled:
            return
        model.services.join("volunteers", self._give(self._wanted, self.to_services, "services"))

    def _give(self, asked: NDArray[np.float64], account: NDArray[np.float64], use: str) -> NDArray[np.float64]:
        granted = np.minimum(np.maximum(asked, 0.0), self.left)
        self.left -= granted
        account += granted
        self.model.costs.book("residents", f"volunteers: {use}", hours=float(granted.sum()))
        return granted

    def tire(self) -> None:
        """Let fatigue follow load, the share of the budget that was asked for."""
        if not self.acts:
            return
        p = self.parameters
        used = self.to_services + self.to_emergency
        follow_load(self.fatigue, used, self.offered, most=p.volunteer_fatigue, pace=p.volunteer_fatigue_pace)

    def measures(self) -> dict[str, float]:
        """Who came and for how long."""
        if not self.acts:
            return {}
        return {
            "volunteers": float(self.answering.sum()),
            "volunteer_hours": float(self.to_services.sum() + self.to_emergency.sum()),
        }
