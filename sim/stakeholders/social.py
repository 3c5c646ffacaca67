"""Social organisations (M11): mediators and professionals whom a community buys for its platforms.

Each community has one.  The hours of a week are shared by the sessions that the community's estates hold in that
week; what no session uses is paid for all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.agents import Agent, column
from sim.component import Outcome, Stakeholders, Step
from sim.core.chance import combine
from sim.district.draft import hashed

if TYPE_CHECKING:
    from sim.policies.deliberation.deliberation_parameters import DeliberationSection

__all__ = ["SocialOrganisation", "SocialOrganisations"]


class SocialOrganisation(Agent):
    """The social organisation of a community; row = community.

    Examples
    --------
    >>> import sim
    >>> model = sim.examples.small({"deliberation.enabled": True})
    >>> model.social_organisations[0]
    <SocialOrganisation 0, community "C001": mediators ...>
    """

    row_is = "community"
    mediators = column(np.float64, unit="hours per week", doc="mediators' hours that the community buys")
    professionals = column(np.float64, unit="hours per week", doc="professionals' hours that it buys")
    skill = column(np.float64, unit="skill", doc="how well its people handle cases, 1/2 is average")
    used = column(np.float64, unit="hours per week", doc="hours that sessions used this week")


class SocialOrganisations(Stakeholders):
    """The social organisations of all communities."""

    agent: ClassVar[type[Agent]] = SocialOrganisation
    section: ClassVar[str] = "deliberation"
    outcomes = (
        Outcome(
            "social_hours",
            unit="hours per week",
            unit_zh="工时/周，全区",
            label="social organisations' hours used",
            zh="社会组织使用工时",
            off=0,
            meaning="hours of social organisations that sessions used",
        ),
        Outcome(
            "social_hours_bought",
            unit="hours per week",
            unit_zh="工时/周，全区",
            label="social organisations' hours bought",
            zh="购买社会组织工时",
            off=0,
            meaning="hours of social organisations that were paid for",
        ),
    )
    steps = (Step("open", doc="communities buy mediators' hours", equation="M11", stage="claims"),)

    def places(self, model: Any) -> int:
        """One in each community."""
        return model.district.communities

    @property
    def parameters(self) -> DeliberationSection:
        """The section `deliberation` of the scenario."""
        return self.model.scenario.deliberation

    def prepare(self) -> None:
        """Compute hours and skill, which follow from the parameters and the community's name."""
        p, district = self.parameters, self.model.district
        street = hashed(district.street_names)[district.street_of_community]
        who = combine(street, hashed(district.community_names).view(np.int64))
        able = self.model.chance.uniform("social organisation", 0, who)
        bought = p.enabled and p.social_organisations and p.platform
        self.mediators[:] = p.mediator_hours * bought
        self.professionals[:] = p.professional_hours * bought
        self.skill[:] = p.social_skill_low + (p.social_skill_high - p.social_skill_low) * able

    def offer(self, estates: NDArray[np.int64]) -> NDArray[np.float64]:
        """Hours for the session of each of these estates, shape (n,): the community's are shared equally."""
        community = self.model.district.community[estates]
        sessions = np.bincount(community, minlength=self.size)
        return (self.mediators + self.professionals)[community] / sessions[community]

    def able(self, estates: NDArray[np.int64]) -> NDArray[np.float64]:
        """Skill of the people who come to each of these estates, shape (n,): the mean by hours of both kinds.

        Professionals (lawyers, engineers, accountants) are more skilled than the organisation's mediators: of what is
        missing to the most skilled they make up the part `professional_edge`.
        """
        p, community = self.parameters, self.model.district.community[estates]
        skill = self.skill[community]
        if p.professional_edge:
            hours = self.mediators + self.professionals
            part = np.divide(self.professionals, hours, out=np.zeros(self.size), where=hours > 0.0)[community]
            skill = skill + part * p.professional_edge * (1.0 - skill)
        return skill

    def give(self, hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give hours to the sessions, shape (estates,); never more than were bought."""
        community = self.model.district.community
        asked = np.bincount(community, hours, self.size)
        has = self.mediators + self.professionals
        np.minimum(asked, has, out=self.used)
        part = np.divide(self.used, asked, out=np.zeros(self.size), where=asked > 0.0)
        return hours * part[community]

    def open(self) -> None:
        """Begin the week: pay for the hours bought, in communities where a platform stands."""
        model, p = self.model, self.parameters
        self.used.fill(0.0)
        if not model.deliberation.acts or not p.social_organisations:
            return
        stands = self._stands()
        model.costs.book(
            "purse",
            "social organisations",
            yuan=float(
                p.mediator_yuan * (self.mediators @ stands) + p.professional_yuan * (self.professionals @ stands)
            ),
        )

    def _stands(self) -> NDArray[np.float64]:
        """1 for each community in which a platform stands, shape (communities,)."""
        stands = np.zeros(self.size)
        stands[self.model.district.community[self.model.deliberation.stands]] = 1.0
        return stands

    def measures(self) -> dict[str, float]:
        """Hours used and bought this week."""
        if not np.count_nonzero(self.model.deliberation.stands):
            return {}
        return {
            "social_hours": float(self.used.sum()),
            "social_hours_bought": float((self.mediators + self.professionals) @ self._stands()),
        }
