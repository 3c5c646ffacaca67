"""Routine services (S9): appearance inspection, security patrol and traffic guidance.

With mediation, these are what a branch does; volunteers, building captains, couriers and people from enterprises
join in.  Each service acts on its own condition of M1 and on nothing else: inspection finds sooner what is broken
(who mends it is the firm), patrol removes charging hazards, traffic guidance frees the lanes.  An hour for 500
households changes its condition by a few per cent, whoever gives it; how many is not known, and swept.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Step, fixed
from sim.parameters.parameter import Section, parameter, switch

__all__ = ["HANDS", "Services", "ServicesSection"]

HANDS: Final = ("volunteers", "captains", "couriers", "enterprises")
"""Who may join the services of the branches.  Captains look after their building (inspection), couriers keep the
lanes free (traffic guidance); the others go where branches' people go."""


class ServicesSection(Section):
    """Parameters of the routine services."""

    enabled: bool = switch("branches, and whoever joins them, give hours to routine services")
    effect: float = parameter(
        0.03,
        unit="per weekly hour for 500 households",
        low=0.0,
        high=5.0,
        sweep=(0.0, 0.2),
        status="assumed",
        source="28 % less crime in 84 warden areas of England, about seven wardens each: 0.005 to 0.025 if an "
        "area has 2,000 to 10,000 households (docs/evidence.md, 51)",
        doc="log change of a condition by an hour of its service; of inspection, the share of damage found",
    )
    share_inspection: float = parameter(
        1 / 3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.1, 0.6),
        status="assumed",
        source="no data known",
        doc="routine hours that go to appearance inspection",
    )
    share_patrol: float = parameter(
        1 / 3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.1, 0.6),
        status="assumed",
        source="no data known",
        doc="routine hours that go to patrol, of what inspection leaves at most; traffic guidance has the rest",
    )
    hazard_renewal: float = parameter(
        0.05,
        unit="share per week",
        low=0.0,
        high=1.0,
        sweep=(0.01, 0.2),
        status="assumed",
        source="no data known",
        doc="how fast charging hazards that a patrol removed come back",
    )
    volunteers: bool = switch("residents volunteer where somebody organises them, as a policy", default=False)
    volunteer_share: float = parameter(
        0.15,
        unit="share of adults",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.25),
        status="data",
        source="registered volunteers: Shenzhen 15.5 % of residents in October 2020, 20 % in December 2022; "
        "Ningbo 22 % (docs/evidence.md, 9, 10, 12)",
        doc="residents who would help if asked",
    )
    volunteer_response: float = parameter(
        0.6,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.28, 0.9),
        status="data",
        source="Ningbo 2023: 62.6 % of registered volunteers active in the year; counties 28 % (recorded hours) "
        "to 90 % (docs/evidence.md, 12)",
        doc="of these, who answer the call where trust in the branch is 1/2",
    )
    volunteer_trust: float = parameter(
        4.0,
        unit="logit per unit of trust",
        low=0.0,
        high=50.0,
        sweep=(0.0, 8.0),
        status="assumed",
        source="direction: people follow whom they trust; size unknown",
        doc="how much more answer where the branch is trusted more",
    )
    volunteer_mobilisation: bool = switch(
        "a branch's active members call on their neighbours to volunteer", default=False
    )
    volunteer_calling: float = parameter(
        0.5,
        unit="logit per active member and 100 adults",
        low=0.0,
        high=50.0,
        sweep=(0.0, 2.0),
        status="assumed",
        source="direction: people volunteer when somebody whom they know asks them; size unknown",
        doc="what the first members who call on their neighbours add to the answer",
    )
    volunteer_calling_most: float = parameter(
        1.0,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.3, 2.0),
        status="assumed",
        source="nobody is asked twice by the same branch to the same effect; size unknown",
        doc="what any number of members can add to the answer at most",
    )
    volunteer_hours: float = parameter(
        0.13,
        unit="hours per week",
        low=0.0,
        high=40.0,
        sweep=(0.05, 0.5),
        status="data",
        source="Ningbo 2022: 4.2 hours a registered volunteer and year, 62.6 % of them active: 6.6 hours a year "
        "(docs/evidence.md, 11, 12)",
        doc="a volunteer's whole weekly budget, whoever asks for it",
    )
    volunteer_demand: float = parameter(
        2.0,
        unit="hours per week and 500 households",
        low=0.0,
        high=100.0,
        sweep=(0.5, 6.0),
        status="assumed",
        source="no data known",
        doc="most hours that routine services ask of volunteers",
    )
    volunteer_fatigue: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="that of branch members",
        doc="share of their hours that constant full load costs volunteers in the end",
    )
    volunteer_fatigue_pace: float = parameter(
        0.05,
        unit="share per week",
        low=0.0,
        high=1.0,
        sweep=(0.01, 0.2),
        status="assumed",
        source="that of branch members",
        doc="how fast volunteers' fatigue follows load",
    )


class Services(Component):
    """What routine hours do to the conditions of each estate.

    Attributes
    ----------
    hands
        Hours that others than branches give this week, shape (4, estates), rows as in `HANDS`.
    joined
        Hours of the last week in which services acted, all hands together, shape (estates,).
    gained
        What the skill of hands makes their hours worth beyond hours, this week, shape (estates,).
    """

    section = "services"
    steps = (
        Step("act", doc="inspection, patrol and traffic guidance act on conditions", equation="S9", stage="services"),
    )

    def prepare(self) -> None:
        self._pace = fixed(self.parameters.effect * 500.0 / self.model.district.households)

    def settle_in(self) -> None:
        self.hands = np.zeros((len(HANDS), self.model.district.estates))
        self.joined, self.gained = np.zeros((2, self.model.district.estates))
        self._at_work = False

    def join(self, source: str, hours: NDArray[np.float64], worth: NDArray[np.float64] | None = None) -> None:
        """Let others join the routine services this week.

        Parameters
        ----------
        source
            One of `HANDS`.
        hours
            Hours given in each estate, shape (estates,).
        worth
            Plain hours that they are worth, where those who give them are more skilled than others.
        """
        if self.parameters.enabled:
            self.hands[HANDS.index(source)] += hours if worth is None else worth
            if worth is not None:
                self.gained += worth - hours

    def act(self) -> None:
        """Let the week's routine hours act on this week's conditions."""
        model, p = self.model, self.parameters
        branches = model.branches
        joined = bool(np.count_nonzero(self.hands))
        np.add.reduce(self.hands, axis=0, out=self.joined)
        self.joined -= self.gained
        self.gained.fill(0.0)
        if not p.enabled or not (branches.any or joined or self._at_work):
            return
        self._at_work = branches.any or joined
        volunteers, captains, couriers, enterprises = self.hands
        hours = volunteers + enterprises
        if branches.any:
            hours += branches.serving[branches.place] * branches.weight
        patrol = min(p.share_patrol, 1.0 - p.share_inspection)
        traffic = 1.0 - p.share_inspection - patrol
        captains += p.share_inspection * hours
        model.contracts.set_inputs(inspection_rate=captains * self._pace)
        couriers += traffic * hours
        couriers *= self._pace
        model.hazards.set_inputs(guided=np.exp(np.negative(couriers, out=couriers)))
        hours *= patrol
        hours *= self._pace
        np.expm1(np.negative(hours, out=hours), out=hours)
        model.hazards.remove(np.negative(hours, out=hours))
        self.hands.fill(0.0)
