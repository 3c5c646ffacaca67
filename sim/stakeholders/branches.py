"""Estate party branches (M9): kind, hours, knowledge, standing.

A branch is people with hours, knowledge of the place and standing with residents.  An own branch is founded
where at least three formal members live; elsewhere the community dispatches a secretary, whose hours leave
its desk, or neighbouring estates found a joint branch, which pools hours and dilutes knowledge.

    hours = secretary's own + active share x (hours per member x members + reach x hours of an in-service member
            x in-service members) x (1 - fatigue) - reporting

What reporting leaves is claimed by an emergency, by rights, by seats at the platform and by supervision, in this
order, and the rest goes to mediation (a desk like any other) and to routine services: an active member has one
weekly budget, whoever asks for it.  A branch whose
reporting eats its hours is a *paper branch*: it attracts cases and serves none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.agents import Agent, column
from sim.component import Stakeholders, Step, fixed
from sim.core.codes import BY_BRANCH
from sim.parameters.parameter import Section, parameter, switch
from sim.stakeholders import in_service, repute
from sim.stakeholders.fatigue import follow_load

if TYPE_CHECKING:
    from sim.policies.coverage import Plan

__all__ = ["Branch", "Branches", "BranchesSection"]

_OWN, _DISPATCHED, _JOINT = 1, 2, 3


class BranchesSection(Section):
    """Parameters of M9."""

    enabled: bool = switch("branches exist (off: every coverage strategy has no effect at all)")
    mediation: bool = switch("branches mediate: they open a channel and give hours to cases")
    attraction: bool = switch("residents may file with their branch (off: it is no channel for them)")
    hours_per_member: float = parameter(
        0.5,
        unit="hours per week",
        low=0.0,
        high=40.0,
        sweep=(0.2, 2.0),
        status="assumed",
        source="times active_share 10 hours a year; registered volunteers of Ningbo give 4.2, the strictest "
        "rule found asks 50 (docs/evidence.md, 8, 11)",
        doc="an active member's whole weekly budget for public matters, whoever asks for it",
    )
    active_share: float = parameter(
        0.4,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.2, 0.8),
        status="assumed",
        source="Xinyang 2020: over 300 of 999 members who had reported came forward within half a day "
        "(docs/evidence.md, 7)",
        doc="members who are active",
    )
    in_service: bool = switch("members who live in an estate and are registered elsewhere give hours to its branch")
    reach: float = parameter(
        0.15,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="data",
        source="Foshan 2020: 95,800 members reported to communities, 10 per 1,000 residents, of 67; Beijing in "
        "the epidemic 0.07 (docs/evidence.md, 2, 3)",
        doc="in-service members of its estates whom a branch reaches",
    )
    in_service_hours: float = parameter(
        0.2,
        unit="hours per week",
        low=0.0,
        high=40.0,
        sweep=(0.05, 0.7),
        status="assumed",
        source="with active_share 4.2 hours a year for each, what registered volunteers of Ningbo gave in 2022",
        doc="an active in-service member's whole weekly budget for public matters, whoever asks for it",
    )
    secretary_hours: float = parameter(
        2.0,
        unit="hours per week",
        low=0.0,
        high=60.0,
        sweep=(0.0, 6.0),
        status="assumed",
        source="prototype; among the most influential and least known",
        doc="h_s, the secretary's own hours in an own or joint branch",
    )
    reporting_hours: float = parameter(
        1.0,
        unit="hours per week",
        low=0.0,
        high=60.0,
        sweep=(0.0, 6.0),
        status="assumed",
        source="direction: the study's five regulations; 82.7 % of 162 community workers call their load heavy "
        "(docs/evidence.md, 53a); no share of time found",
        doc="o1, reporting that a branch owes whatever it does",
    )
    reporting_per_target: float = parameter(
        0.1,
        unit="hours per week",
        low=0.0,
        high=10.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="prototype",
        doc="o2, reporting for each target",
    )
    targets: int = parameter(
        5,
        unit="targets",
        low=0,
        high=200,
        sweep=(0, 20),
        status="assumed",
        source="the study's five regulations standardise the branch's work; that each is one target is assumed",
        doc="targets set for a branch",
    )
    fatigue_most: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="no data known",
        doc="share of members' hours that constant full load costs in the end",
    )
    fatigue_pace: float = parameter(
        0.05,
        unit="share per week",
        low=0.0,
        high=1.0,
        sweep=(0.01, 0.2),
        status="assumed",
        source="no data known",
        doc="how fast fatigue follows load",
    )
    estates_per_secretary: int = parameter(
        4,
        unit="estates",
        low=1,
        high=50,
        sweep=(1, 8),
        status="assumed",
        source="prototype",
        doc="z, estates that a dispatched secretary looks after",
    )
    dispatched_hours: float = parameter(
        10.0,
        unit="hours per week",
        low=0.0,
        high=60.0,
        sweep=(4.0, 20.0),
        status="assumed",
        source="prototype",
        doc="hours of a dispatched secretary, taken from the community's desk",
    )
    dispatched_cap: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.2, 0.8),
        status="assumed",
        source="prototype",
        doc="most of a community desk's hours that may be dispatched",
    )
    knowledge_own: float = parameter(
        0.6,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.8),
        status="assumed",
        source="swept over one range for all kinds, equality included",
        doc="local knowledge with which an own branch starts",
    )
    knowledge_dispatched: float = parameter(
        0.25,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.8),
        status="assumed",
        source="swept over one range for all kinds, equality included",
        doc="local knowledge with which a dispatched branch starts",
    )
    knowledge_joint: float = parameter(
        0.4,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.8),
        status="assumed",
        source="swept over one range for all kinds, equality included",
        doc="local knowledge with which a joint branch starts, before dilution",
    )
    joint_dilution: float = parameter(
        0.3,
        unit="exponent",
        low=0.0,
        high=2.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="prototype",
        doc="knowledge of a joint branch of g estates is divided by g to this power, and its secretary's standing",
    )
    insider_share: float = parameter(
        0.1,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.3),
        status="assumed",
        source="no data known",
        doc="members who sit in the committee or work for the firm: they know it, and are interested",
    )
    insider_knowledge: float = parameter(
        0.2,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.4),
        status="assumed",
        source="no data known",
        doc="knowledge that a branch of insiders alone would add, of what is not yet known",
    )
    capability_low: float = parameter(
        0.2,
        unit="skill",
        low=0.0,
        high=1.0,
        sweep=(0.1, 0.4),
        status="assumed",
        source="no data known",
        doc="skill of the least able person",
    )
    capability_high: float = parameter(
        0.8,
        unit="skill",
        low=0.0,
        high=1.0,
        sweep=(0.6, 1.0),
        status="assumed",
        source="no data known",
        doc="skill of the ablest person; secretaries are the best of those at hand",
    )
    candidates: int = parameter(
        5,
        unit="persons",
        low=1,
        high=100,
        sweep=(1, 20),
        status="assumed",
        source="no data known",
        doc="persons on the community's list from whom a dispatched secretary is the best",
    )
    repute: bool = switch("trust in a new branch begins with its secretary's standing")
    repute_trust: float = parameter(
        0.3,
        unit="trust per unit of standing",
        low=0.0,
        high=2.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="direction: the study has secretaries picked for standing; size unknown",
        doc="by how much residents trust a new branch more for its secretary's standing",
    )
    repute_usual: float = parameter(
        0.5,
        unit="standing",
        low=0.0,
        high=1.0,
        sweep=(0.5, 0.85),
        status="assumed",
        source="standing of a person taken at random; at 0.85, about that of the secretaries, picking moves no mean",
        doc="standing with which trust in a new branch begins at trust.baseline",
    )
    mediation_share: float = parameter(
        0.7,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="prototype",
        doc="hours after reporting that go to mediation; the rest goes to routine services",
    )
    station: bool = switch("branches have a service station", default=False)
    station_access: float = parameter(
        0.3,
        unit="utility",
        low=0.0,
        high=5.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="no data known",
        doc="how much easier a station makes it to come to the branch",
    )
    station_hours: float = parameter(
        1.0,
        unit="hours per week",
        low=0.0,
        high=60.0,
        sweep=(0.0, 4.0),
        status="assumed",
        source="no data known",
        doc="hours that running a station takes",
    )
    station_languages: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="direction: the study's residents are international, and the station is where they are served; size "
        "unknown",
        doc="share of `voice.foreign_barrier` that a station takes away on the way to the branch",
    )


class Branch(Agent):
    """A branch, at the row of its home estate; the other estates of a joint branch point to it.

    Examples
    --------
    >>> import sim
    >>> model = sim.examples.small({"coverage.start_week": 0})
    >>> model.run(weeks=1)
    >>> list(model.branches)[0]
    <Branch 1, estate "E0002": kind own, members 6, ...>
    """

    row_is = "estate"
    shown = ("kind", "members", "in_service", "reach", "hours", "reporting", "fatigue")
    kind = column(np.int8, doc="branch that serves the estate", words=("none", "own", "dispatched", "joint"))
    home = column(np.int64, default=-1, doc="row of the branch's home estate, -1 where none serves", of="estate")
    served = column(np.bool_, doc="whether a branch of real people serves the estate")
    place = column(np.int64, doc="row at which the estate's share of its branch is kept: its home, or 0 without one")
    members = column(np.float64, unit="persons", doc="formal members of the branch")
    in_service = column(np.float64, unit="persons", doc="members who live in its estates, registered elsewhere")
    reach = column(np.float64, unit="estates", doc="estates that the branch serves")
    hours = column(np.float64, unit="hours per week", doc="hours given to the branch this week, all kinds")
    reporting = column(np.float64, unit="hours per week", doc="of these, reporting (and running a station)")
    mediating = column(np.float64, unit="hours per week", doc="of these, mediation")
    serving = column(np.float64, unit="hours per week", doc="of these, routine services")
    guarding = column(np.float64, unit="hours per week", doc="of these, to an emergency")
    for_rights = column(np.float64, unit="hours per week", doc="of these, to the rights of empowerment")
    for_platform = column(np.float64, unit="hours per week", doc="of these, to the platform and seats in other bodies")
    for_supervision = column(np.float64, unit="hours per week", doc="of these, to supervising firm and committee")
    asked_rights = column(np.float64, unit="hours per week", doc="hours that the rights ask for this week")
    asked_platform = column(np.float64, unit="hours per week", doc="hours that platform and seats ask for this week")
    asked_supervision = column(np.float64, unit="hours per week", doc="hours that supervision asks for this week")
    repute = column(np.float64, unit="standing", doc="secretary's standing with residents, from 0 to 1")
    for_meetings = column(np.float64, unit="hours per week", doc="of these, to help owners hold meetings")
    asked_meetings = column(np.float64, unit="hours per week", doc="hours that owners' meetings ask for this week")
    moved = column(np.float64, unit="share", doc="share of what reporting leaves that an emergency takes this week")
    activity = column(np.float64, 1.0, unit="factor", doc="how active members are, against an ordinary branch")
    extra_targets = column(np.float64, unit="targets", doc="targets set on top, each to be reported on")
    conflicted = column(np.float64, unit="share", doc="how far the firm has won the branch over")
    dispatched = column(np.float64, unit="hours per week", doc="of these, taken from the community's desk")
    fatigue = column(np.float64, unit="share", doc="share of members' hours lost to fatigue")
    insiders = column(np.float64, unit="share", doc="members who sit in the committee or work for the firm")
    access = column(
        np.float64,
        default=-np.inf,
        unit="utility",
        doc="what eases filing with the branch, -inf where it is no channel; by estate served",
    )
    since = column(np.int64, default=-1, unit="week", doc="week of founding, by estate served")


class Branches(Stakeholders):
    """All branches; rows are estates, and a row is an agent where a branch has its home."""

    agent: ClassVar[type[Agent]] = Branch
    section: ClassVar[str] = "branches"
    inputs = ("moved", "activity", "conflicted")
    weekly = ("asked_rights", "asked_platform", "asked_supervision", "asked_meetings", "extra_targets")
    used_in: ClassVar[Mapping[str, str]] = dict.fromkeys(weekly, "branches.staff")
    forgotten_in = "branches.open"
    steps = (
        Step("open", doc="nobody has asked branches for hours yet, nor set targets", equation="M9", stage="claims"),
        Step("staff", doc="members and secretaries give hours, and report", equation="M9", stage="staffing"),
        Step("tire", doc="fatigue follows load", equation="M9", stage="learning"),
    )

    def places(self, model: Any) -> NDArray[np.bool_]:
        """No branch at first."""
        return np.zeros(model.district.estates, dtype=bool)

    def prepare(self) -> None:
        """Count the members of each estate who are active, and those in service, which no week changes."""
        self._active = fixed(self.parameters.active_share * self.model.members)
        self._in_service = fixed(self.model.in_service.astype(np.float64))

    def settle_in(self) -> None:
        """Begin without branches."""
        self.phantom = False
        self.any = False
        self.weight = np.zeros(self.size)

    @property
    def parameters(self) -> BranchesSection:
        """The section `branches` of the scenario."""
        return self.model.scenario.branches

    def establish(self, plan: Plan) -> None:
        """Found the branches of a plan; estates that already have theirs keep it.

        Parameters
        ----------
        plan
            Kind and home of each estate's branch; `members` it rests on; whether it exists in name only.
        """
        model, p = self.model, self.parameters
        if not p.enabled:
            return
        new = (plan.kind > 0) & (self.kind == 0)
        if not new.any():
            return
        estates = np.flatnonzero(new)
        home = plan.home[estates]
        self.phantom = plan.phantom
        self.any = True
        self.kind[estates], self.home[estates], self.since[estates] = plan.kind[estates], home, model.week
        served = self.home >= 0
        count = model.district.estates
        np.logical_and(served, not plan.phantom, out=self.served)
        np.maximum(self.home, 0, out=self.place)
        self.reach[:] = np.bincount(self.home[served], minlength=count)
        members = plan.members[served].astype(np.float64)
        self.members[:] = np.bincount(self.home[served], members, count)
        living = model.in_service[plan.origin[served]].astype(np.float64)
        self.in_service[:] = np.bincount(self.home[served], living, count)
        here = self.present
        assert here is not None
        here[:] = (self.reach > 0) & (not plan.phantom)
        households = model.district.households.astype(np.float64)
        self.weight[served] = (
            households / np.maximum(np.bincount(self.home[served], households[served], count)[self.home], 1.0)
        )[served]
        if p.attraction and p.mediation:
            self.access[estates] = p.station_access if p.station else 0.0
        self._appoint(plan, np.unique(home))
        if p.repute and not plan.phantom:
            # Trust in a new branch begins with its secretary; a branch in name only has nobody to be known.
            usual, weight, dilution = p.repute_usual, p.repute_trust, p.joint_dilution
            known = repute.standing_in_estates(
                self.repute[home], self.reach[home], usual=usual, weight=weight, dilution=dilution
            )
            model.trust.begin(BY_BRANCH, estates, known)

    def _appoint(self, plan: Plan, homes: NDArray[np.int64]) -> None:
        """Pick secretaries, and bring in what the branch knows and whom it is entangled with."""
        model, p = self.model, self.parameters
        kind, members, size = self.kind[homes], self.members[homes], self.reach[homes]
        who = model.district.identity[plan.origin[homes]]
        list_length = np.where(kind == _DISPATCHED, p.candidates, np.maximum(members, 1.0))
        best = model.chance.uniform("secretary", 0, who) ** (1.0 / list_length)
        model.desks.set_skill("branch", p.capability_low + (p.capability_high - p.capability_low) * best, homes)
        self.repute[homes] = repute.best_standing(model.chance, who, list_length)
        inside = model.chance.poisson("insiders", 0, who, p.insider_share * members)
        self.insiders[homes] = np.minimum(inside / np.maximum(members, 1.0), 1.0)
        knows = np.select(
            [kind == _OWN, kind == _DISPATCHED, kind == _JOINT],
            [p.knowledge_own, p.knowledge_dispatched, p.knowledge_joint / size**p.joint_dilution],
        )
        known = knows + (1.0 - knows) * p.insider_knowledge * self.insiders[homes]
        model.desks.set_knowledge("branch", known, homes)
        model.desks.serve_estates("branch", size, homes)

    def open(self) -> None:
        """Begin the week: from here on, whoever needs hours of branches asks for them, and targets are set."""
        self.forget_inputs()

    def granted(self, use: str, asked: NDArray[np.float64]) -> NDArray[np.float64]:
        """Hours granted this week to one of those who asked for hours for a use, shape (estates,).

        Parameters
        ----------
        use
            ``rights``, ``platform``, ``supervision`` or ``meetings``.
        asked
            Hours that this one has asked for, by home, shape (estates,).
        """
        total: NDArray[np.float64] = getattr(self, f"asked_{use}")
        share = np.divide(asked, total, out=np.zeros(total.size), where=total > 0.0)
        share *= getattr(self, f"for_{use}")
        return share

    def staff(self) -> None:
        """Gather the week's hours: members', secretaries', dispatched; report; divide what is left."""
        if not self.any or self.phantom:
            return
        model, p = self.model, self.parameters
        here, desks = self.present, model.desks
        sent = here & (self.kind == _DISPATCHED)
        anyone_sent = np.count_nonzero(sent) > 0
        given = self.members * (p.hours_per_member * p.active_share)
        each = in_service.hours_each(model)
        if each > 0.0:
            given += self.in_service * each
        given *= 1.0 - self.fatigue
        given *= self.activity
        # Who is sent brings the community's hours; every other branch has a secretary of its own.
        given += p.secretary_hours * (here ^ sent)
        given *= here
        if anyone_sent:
            self.dispatched[:] = self._dispatch(sent)
            given += self.dispatched
        else:
            self.dispatched.fill(0.0)
        owed = self.extra_targets + p.targets
        owed *= p.reporting_per_target
        owed += p.reporting_hours
        if p.station:
            owed += p.station_hours
        np.minimum(given, owed, out=self.reporting)
        left = given - self.reporting
        claimed = self._grant(left)
        left -= claimed
        np.multiply(left, p.mediation_share if p.mediation else 0.0, out=self.mediating)
        routine = 1.0 - p.mediation_share if model.scenario.services.enabled else 0.0
        np.multiply(left, routine, out=self.serving)
        np.add(self.reporting, self.mediating, out=self.hours)
        self.hours += self.serving
        self.hours += claimed
        if anyone_sent:
            self._send_back(given - self.hours)
        desks.set_hours("branch", self.mediating)

    def _grant(self, left: NDArray[np.float64]) -> NDArray[np.float64]:
        """Grant what others ask of the branch's hours, first come first served; return the sum, shape (estates,)."""
        np.multiply(left, self.moved, out=self.guarding)
        claimed, free = self.guarding.copy(), np.empty_like(left)
        for asked, granted in (
            (self.asked_rights, self.for_rights),
            (self.asked_platform, self.for_platform),
            (self.asked_supervision, self.for_supervision),
            (self.asked_meetings, self.for_meetings),
        ):
            # Sums of parts may exceed the whole by rounding dust, which is nobody's time.
            np.subtract(left, claimed, out=free)
            np.maximum(free, 0.0, out=free)
            np.minimum(asked, free, out=granted)
            claimed += granted
        return np.minimum(claimed, left, out=claimed)

    def _dispatch(self, sent: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Take dispatched secretaries' hours from their communities' desks, at most the capped share."""
        model, p = self.model, self.parameters
        community, block = model.district.community, model.desks.block("community")
        asked = np.bincount(community, sent * p.dispatched_hours, model.district.communities)
        allowed = np.minimum(asked, p.dispatched_cap * model.desks.hours[block])
        model.desks.add_hours("community", -allowed)
        share = np.divide(allowed, asked, out=np.zeros_like(asked), where=asked > 0)
        return sent * p.dispatched_hours * share[community]

    def _send_back(self, unused: NDArray[np.float64]) -> None:
        """Leave to the community's desk what a switched-off service would have taken of dispatched hours."""
        model = self.model
        spare = np.minimum(np.maximum(unused, 0.0), self.dispatched)
        self.dispatched -= spare
        model.desks.add_hours("community", np.bincount(model.district.community, spare, model.district.communities))

    def tire(self) -> None:
        """Let fatigue follow load."""
        if not self.any or self.phantom:
            return
        p, desks = self.parameters, self.model.desks
        block = desks.block("branch")
        # Whoever guards in an emergency is fully at work.
        able, used = self.mediating + self.guarding, desks.spent[block] + self.guarding
        if desks.parameters.bank_weeks > 0.0:
            # Whoever works off hours kept from earlier weeks has a full load, and no more.
            np.minimum(used, able, out=used)
        follow_load(self.fatigue, used, able, most=p.fatigue_most, pace=p.fatigue_pace)

    def hours_by_estate(self) -> NDArray[np.float64]:
        """Hours that branches newly took from people this week, shape (3, estates): worked, less reporting, offered.

        Hours on call for cases that do not come are offered and not worked.  A joint branch's hours are divided over
        its estates by households.  Hours that a dispatched secretary brings are not new: they left the community's
        desk.
        """
        if not self.any:
            return np.zeros((3, self.hours.size))
        desks = self.model.desks
        worked = self.hours - self.mediating + desks.spent[desks.block("branch")]
        offered = self.hours - np.minimum(self.dispatched, self.hours)
        kinds = np.array([worked, worked - self.reporting, offered])
        if np.count_nonzero(self.dispatched):
            new = np.ones(self.hours.size)
            kinds[:2] *= np.divide(offered, self.hours, out=new, where=self.dispatched > 0.0)
        return np.maximum(kinds, 0.0).take(self.home, axis=1) * self.weight

    def eyes(self) -> NDArray[np.float64]:
        """People of the branch who live or pass in each estate and would tell it what they see, shape (estates,).

        Its active members there, in-service ones whom it reaches among them, captains, and volunteers who patrol.
        """
        model = self.model
        seeing = self._active + in_service.active_share(model) * self._in_service
        if model.captains.at_work:
            seeing += model.captains.watching()
        seeing += model.volunteers.answering
        seeing *= self.served
        return seeing

    def standing(self) -> NDArray[np.bool_]:
        """Where a branch of real people serves the estate, shape (estates,); the column itself, not to be changed."""
        return self.served

    def works(self) -> NDArray[np.bool_]:
        """Where a branch has hours for residents this week, shape (estates,).

        Not where reporting eats its hours, nor where it exists in name only.
        """
        return (self.home >= 0) & ((self.mediating + self.serving)[self.home] > 0.0)

    def covered(self) -> float:
        """Share of estates that a branch with people serves."""
        return 0.0 if self.phantom else float(np.count_nonzero(self.kind)) / self.kind.size
