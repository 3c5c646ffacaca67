"""Help with owners' meetings, week by week.

In the weeks before an annual meeting somebody must go from door to door, answer questions and collect ballots; where
there is no committee, owners who would have one need to find each other and to know the rules.  A branch can give
hours to that, and so can the community's desk: the same hours with the same effect, whoever gives them.  They raise
the attendance and the rate of founding attempts, in proportion at first and never by more than a given amount.  There
is no other effect: a meeting that is helped decides as it would have, and a committee that is helped is no better.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Outcome, Step
from sim.policies.meetings.meetings_parameters import MeetingsSection
from sim.stakeholders.committees import saturating
from sim.stakeholders.committees.committees import YEAR

__all__ = ["MeetingHelp"]


_DUST = 1e-300
"""Hours below which nothing is asked for: shares of less would be no numbers."""


class MeetingHelp(Component):
    """Hours that help owners to hold meetings, and what has been prepared with them.

    Attributes
    ----------
    acting
        Whether anything of the policy is in force.
    wanted
        Hours that each estate asks for this week, shape (estates,).
    given
        Hours that it got, shape (estates,).
    prepared
        Hours that it got so far; a share 1 / `notice` of them has worn off each week, shape (estates,).
    """

    section = "meetings"
    outcomes = (
        Outcome(
            "meeting_help_hours",
            unit="hours per week",
            unit_zh="工时/周，全区",
            label="hours of help with owners' meetings",
            zh="协助召开业主大会工时",
            off=0,
            meaning="hours of branches and communities that helped owners to hold meetings",
        ),
    )
    steps = (
        Step("ask", doc="owners' meetings that are due ask branches for help", equation="M7", stage="claims"),
        Step("give", doc="helpers call on owners to come, or to found one", equation="M7", stage="staffing"),
    )
    parameters: MeetingsSection

    def settle_in(self) -> None:
        estates = self.model.district.estates
        self.acting = False
        self.wanted, self.given, self.prepared = np.zeros((3, estates))
        self._asked = np.zeros(estates)

    def ask(self) -> None:
        """Before branches staff their week: see which meetings are due, and ask branches for hours."""
        model, p = self.model, self.parameters
        if not (p.enabled and model.policy_on):
            if self.acting:
                self._lay_down()
            return
        self.acting = True
        committees, branches = model.committees, model.branches
        due = (committees.meeting_week - model.week) % YEAR < p.notice
        np.multiply(committees.present & due, p.hours, out=self.wanted)
        self.wanted += committees.can_found() * p.founding_hours
        self.wanted *= committees.owners / 100.0
        served = branches.standing() if p.branch else np.False_
        self._asked = np.bincount(branches.place, self.wanted * served, self.wanted.size)
        branches.add_to_inputs(asked_meetings=np.minimum(self._asked, p.hours_branch))

    def give(self) -> None:
        """After branches have staffed their week: give what they granted, and what the community adds."""
        if not self.acting:
            return
        model, p = self.model, self.parameters
        branches, committees = model.branches, model.committees
        granted = branches.granted("meetings", np.minimum(self._asked, p.hours_branch))
        share = np.divide(granted, self._asked, out=np.zeros(self.given.size), where=self._asked > _DUST)
        np.multiply(self.wanted, share[branches.place] * branches.standing(), out=self.given)
        if p.community:
            self.given += self._from_communities(np.maximum(self.wanted - self.given, 0.0))
        self.prepared *= 1.0 - 1.0 / p.notice
        self.prepared += self.given
        each = self.prepared * (100.0 / committees.owners)
        committees.set_inputs(
            turnout_help=saturating(each, p.turnout, p.turnout_most),
            founding_help=saturating(each, p.founding, p.founding_most),
        )

    def _from_communities(self, missing: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take what is missing from the communities' desks, at most what each is asked for, shape (estates,)."""
        model, community = self.model, self.model.district.community
        total = np.bincount(community, missing, model.district.communities)
        granted = model.authorities.take(
            "community", np.minimum(total, self.parameters.hours_community), "owners' meetings"
        )
        share = np.divide(granted, total, out=np.zeros(total.size), where=total > _DUST)
        return missing * share[community]

    def _lay_down(self) -> None:
        """Leave owners to themselves: a future without the policy."""
        model = self.model
        self.settle_in()
        model.committees.set_inputs(turnout_help=0.0, founding_help=0.0)

    def measures(self) -> dict[str, float]:
        """Return the week's outcomes."""
        return {"meeting_help_hours": float(self.given.sum())}
