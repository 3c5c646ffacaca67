"""The owners' committees of the district and their year (M7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.agents import Agent, column
from sim.component import Stakeholders, Step, fixed
from sim.core.chance import lognormal_levels
from sim.core.codes import BY_BRANCH, BY_COMMITTEE, BY_FIRM, COMMITTEE
from sim.district import EstateKind
from sim.stakeholders.committees.assembly import Assembly, Meetings, assemble
from sim.stakeholders.committees.committees_equations import (
    attendance_probability,
    integrity_fixed_point,
    logistic,
    proxy_trust,
    skill_after,
)

if TYPE_CHECKING:
    from sim.stakeholders.committees.committees_parameters import CommitteesSection

__all__ = ["YEAR", "Committee", "Committees"]

YEAR = 52
"""Weeks between two annual meetings."""

Rows = NDArray[np.int64]


class Committee(Agent):
    """The owners' committee of an estate; row = estate.

    Examples
    --------
    >>> import sim
    >>> model = sim.examples.small()
    >>> list(model.committees)[0]
    <Committee ..., estate ...: ...>
    """

    row_is = "estate"
    hours = column(np.float64, unit="hours per week", doc="hours for cases this week")
    integrity = column(np.float64, unit="share", doc="I, 1 independent of the firm, 0 captured")
    skill = column(np.float64, unit="share", doc="how well it handles cases, 1/2 is average")
    attendance = column(np.float64, unit="share", doc="owners who took part in the last meeting, its audit")
    turnout_captains = column(np.float64, unit="logit", doc="attendance that building captains bring")
    turnout_help = column(np.float64, unit="logit", doc="attendance that help with meetings brings")
    founding_help = column(np.float64, unit="log", doc="what help with meetings adds to the log rate of founding")
    autonomy_cost = column(np.float64, unit="logit", doc="attendance lost where others lead the committee")
    audit_factor = column(np.float64, 1.0, unit="factor", doc="how independent those are who audit the committee")
    guidance = column(np.float64, unit="share", doc="of what owners do not see of it, what its guides from above see")
    watch = column(np.float64, 1.0, unit="factor", doc="how independent the committee is that judges the firm")
    vetting = column(np.float64, unit="share", doc="lost integrity that vetting spares a newly elected committee")
    vetting_cost = column(np.float64, unit="share", doc="skill of new members that wrong vetoes cost")
    term_end = column(np.int32, unit="week", doc="week of the meeting at which it must be elected anew")
    failed = column(np.int16, unit="meetings", doc="elections failed in a row")
    founded = column(np.int32, unit="week", doc="week of its founding, -1 if it was there at first")
    campaign_end = column(np.int32, unit="week", doc="week in which quarrels about an election end")
    attempts = column(np.int32, unit="meetings", doc="founding meetings held, valid or not")
    meetings = column(np.int32, unit="meetings", doc="annual meetings held")
    quorate = column(np.int32, unit="meetings", doc="annual meetings that had a quorum")
    motions = column(np.int32, unit="votes", doc="votes held about replacing the firm")


class Committees(Stakeholders):
    """All owners' committees; `present` where one exists, working or not."""

    agent: ClassVar[type[Agent]] = Committee
    section: ClassVar[str] = "committees"
    inputs = (
        "turnout_captains",
        "turnout_help",
        "founding_help",
        "autonomy_cost",
        "audit_factor",
        "guidance",
        "watch",
        "vetting",
        "vetting_cost",
    )
    factors: ClassVar[Mapping[str, str]] = {"attendance": "odds that an owner of an estate takes part in a meeting"}
    used_in: ClassVar[Mapping[str, str]] = {"attendance": "committees.meet"}
    steps = (
        Step("work", doc="committees open their desks; integrity makes conditions", equation="M7", stage="conditions"),
        Step("meet", doc="owners meet, elect, replace firms", equation="M7", stage="rules"),
    )
    present: NDArray[np.bool_]

    def places(self, model: Any) -> NDArray[np.bool_]:
        """One row for each estate; committees that there are at first."""
        return model.district.committee

    @property
    def parameters(self) -> CommitteesSection:
        """The section `committees` of the scenario."""
        return self.model.scenario.committees

    def prepare(self) -> None:
        """Compute what follows from parameters and district alone.

        `owners` counts owner households.  Committee incidents are measured against a committee with usual
        attendance, so that their mean is 1 in a district with the usual share of committees: a constant of
        the parameters, which no policy moves.
        """
        p, district, chance = self.parameters, self.model.district, self.model.chance
        self.owners = fixed(np.maximum(np.rint(district.households * district.owners), 1.0).astype(np.int64))
        week = chance.uniform("annual meeting", 0, district.identity) * YEAR
        self.meeting_week = fixed(week.astype(np.int32))
        self._areas = lognormal_levels(p.area_log_sd)
        lasting = p.turnout + p.turnout_estates * chance.normal("turnout of the estate", 0, district.identity)
        self._inclination = fixed(lasting)
        usual = logistic(p.turnout)
        self.reference_integrity = float(integrity_fixed_point(usual, recovery=p.recovery, capture=p.capture))
        # An urban village belongs to its collective, which holds no owners' meeting.
        can_found = district.kind != EstateKind.URBAN_VILLAGE
        self._founding = fixed(p.founding * self.owners / 500.0 * can_found)
        self._crowding = p.crowding_out if p.crowding else 0.0
        self._mobilising = p.mobilising if p.mobilisation else 0.0
        # The most that trust and help can make of it: estates below need no look at theirs.
        helped = self.model.scenario.meetings
        most = 0.5 * (self._crowding + self._mobilising) + helped.enabled * helped.founding_most
        self._founding_ceiling = fixed(-np.expm1(-self._founding * np.exp(most)))
        campaigns = 1.0 + p.campaign_lift * min(p.campaign_weeks / p.term, 1.0)
        ordinary = campaigns * (1.0 + p.integrity_effect * (1.0 - self.reference_integrity))
        mean = p.usual_share + p.absent_share * (1.0 - p.usual_share)
        self._scale = 1.0 / (ordinary * mean) if mean > 0.0 else 0.0
        self._absent_level = p.absent_share * ordinary

    def settle_in(self) -> None:
        """Begin with committees in the midst of their terms."""
        p, district = self.parameters, self.model.district
        self.integrity[:] = self.reference_integrity
        self.skill[:] = p.skill_new
        self.attendance[:] = logistic(self._inclination)
        self.founded[:] = -1
        years = p.term // YEAR
        past = self.model.chance.uniform("term", 0, district.identity) * years
        self.term_end[:] = self.meeting_week + YEAR * past.astype(np.int32)
        if p.attempts > 1:
            idle = self.model.chance.uniform("out of office", 0, district.identity) < p.out_of_office
            idle &= self.present
            self.failed[idle] = 1
            self.term_end[idle] = self.meeting_week[idle]
        self.hours[self.working()] = p.hours

    def working(self) -> NDArray[np.bool_]:
        """Where a committee exists and is in office, shape (estates,)."""
        return self.present & np.logical_not(self.failed)

    def can_found(self) -> NDArray[np.bool_]:
        """Where there is no committee and owners could found one, shape (estates,)."""
        return ~self.present & (self._founding > 0.0)

    def mean_attendance(self) -> float:
        """Owners who took part in the last meeting, mean share over committees in being (0 without any)."""
        return float(self.attendance @ self.present) / max(len(self), 1)

    def work(self) -> None:
        """Open for the week: set the condition of committee incidents, and the desks' hours and skill.

        Where there is no committee, quarrels about having one go on at `absent_share`.
        """
        p, model = self.parameters, self.model
        np.multiply(self.working(), p.hours, out=self.hours)
        model.desks.set_hours("committee", self.hours)
        model.desks.set_skill("committee", self.skill)
        level = 1.0 - self.integrity
        level *= p.integrity_effect
        level += 1.0
        np.copyto(level, self._absent_level, where=~self.present)
        lift = self.campaign_end > model.week
        level *= 1.0 + p.campaign_lift * lift
        level *= self._scale
        model.incidents.set_condition(COMMITTEE, level)

    def meet(self) -> None:
        """Hold the week's annual and founding meetings, and let skill and integrity move by a week."""
        if self.parameters.enabled:
            self._hold_meetings()
        self.take_factor("attendance")

    def _hold_meetings(self) -> None:
        self._practise()
        week = self.model.week
        annual = (self.present & (self.meeting_week == week % YEAR)).nonzero()[0]
        founding = self._initiate()
        if annual.size + founding.size == 0:
            return
        rows = np.concatenate([annual, founding])
        assembly = self._assemble(rows)
        self.attendance[rows] = assembly.attendance
        self.attempts[founding] += 1
        self.campaign_end[founding] = week + self.parameters.campaign_weeks
        first = annual.size
        self._found(founding[assembly.valid[first:]])
        if first:
            self.meetings[annual] += 1
            self.quorate[annual[assembly.valid[:first]]] += 1
            self._elect(annual, assembly.valid[:first])
            self._judge_firm(annual, assembly)

    def _practise(self) -> None:
        """Let skill follow use, and integrity the firm's favours where few people look."""
        p, model = self.parameters, self.model
        handled = model.desks.handled[model.desks.block("committee")]
        self.skill[:] = skill_after(self.skill, handled, gain=p.skill_gain, decay=p.skill_decay)
        lost = 1.0 - self.attendance * self.audit_factor
        lost *= 1.0 - self.guidance
        lost *= self.integrity
        lost *= model.contracts.present
        lost *= p.capture
        integrity = self.integrity
        integrity += p.recovery * (1.0 - integrity) - lost

    def proxy(self) -> NDArray[np.float64]:
        """Trust that firm or branch look after things, if they have hours to do so, shape (estates,)."""
        model = self.model
        trust, desks = model.trust, model.desks
        by_firm = trust.mean(BY_FIRM) * (desks.hours[desks.block("firm")] > 0.0)
        if not model.branches.any:
            return by_firm
        # A branch whose reporting eats its hours, or that exists in name only, is no proxy for anything.
        return proxy_trust(by_firm, trust.mean(BY_BRANCH) * model.branches.works())

    def _moved(self, rows: Rows) -> NDArray[np.float64]:
        """What a branch moves owners to by being trusted or not, in logits and log rates, shape (n,)."""
        model = self.model
        if self._mobilising == 0.0 or not model.branches.any:
            return np.zeros(rows.size)
        return self._mobilising * (model.trust.mean(BY_BRANCH) - 0.5)[rows] * model.branches.works()[rows]

    def _initiate(self) -> Rows:
        """Find the estates without a committee in which initiators come forward this week."""
        model = self.model
        draw = model.chance.of_the_same("founding", model.week, model.district.identity)
        rows = ((draw < self._founding_ceiling) & ~self.present).nonzero()[0]
        if rows.size == 0:
            return rows
        discouraged = self._crowding * (self.proxy()[rows] - 0.5)
        encouraged = self.founding_help[rows] + self._moved(rows)
        return rows[draw[rows] < -np.expm1(-self._founding[rows] * np.exp(encouraged - discouraged))]

    def attendance_probability(self, rows: Rows) -> NDArray[np.float64]:
        """Probability that an owner takes part in a meeting this week, shape (n,)."""
        p, model = self.parameters, self.model
        mood = model.chance.normal("turnout of the meeting", model.week, model.district.identity[rows])
        constant = (
            self._inclination[rows]
            + p.turnout_meetings * mood
            + (self.turnout_captains[rows] - self.autonomy_cost[rows])
            + (self.turnout_help[rows] + self._moved(rows))
        )
        odds = self.factor("attendance")
        if odds is not None:
            with np.errstate(divide="ignore"):
                constant += np.log(odds[rows])
        return attendance_probability(
            model.grievances.mean()[rows],
            model.trust.mean(BY_COMMITTEE)[rows],
            self.proxy()[rows],
            constant=constant,
            crowding_out=self._crowding,
            committees=p,
        )

    def _assemble(self, rows: Rows) -> Assembly:
        p, model = self.parameters, self.model
        who = model.district.identity[rows]
        shared = p.vote_meetings * model.chance.normal("opinion of the firm", model.week, who)
        against = logistic(shared + p.vote_slope * (1.0 - model.satisfaction.mean[rows] - p.vote_midpoint))
        meetings = Meetings(who, self.owners[rows], self.attendance_probability(rows), against)
        return assemble(model.chance, model.week, meetings, self._areas, p)

    def _next_election(self) -> Rows:
        """Week of the last annual meeting that a committee elected now lives to see, shape (estates,)."""
        end = self.model.week + self.parameters.term
        return end - (end - self.meeting_week) % YEAR

    def _found(self, rows: Rows) -> None:
        """Found committees where the first meeting was valid."""
        if rows.size == 0:
            return
        model = self.model
        self.present[rows] = True
        self.integrity[rows], self.skill[rows] = self._newly_elected(rows)
        self.failed[rows] = 0
        self.founded[rows] = model.week
        self.term_end[rows] = self._next_election()[rows]
        fresh = np.zeros(self.size, dtype=np.bool_)
        fresh[rows] = True
        model.trust.reset(BY_COMMITTEE, fresh)

    def _newly_elected(self, rows: Rows) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Integrity and skill of members elected now, after whatever vetting of candidates there is."""
        p = self.parameters
        integrity = p.integrity_new + self.vetting[rows] * (1.0 - p.integrity_new)
        return integrity, p.skill_new * (1.0 - self.vetting_cost[rows])

    def _elect(self, rows: Rows, valid: NDArray[np.bool_]) -> None:
        """Elect committees anew at the end of their terms; without a quorum they stop working, then lapse."""
        p, week = self.parameters, self.model.week
        due = self.term_end[rows] <= week
        if not np.count_nonzero(due):
            return
        self.campaign_end[rows[due]] = week + p.campaign_weeks
        elected = rows[due & valid]
        self.failed[elected] = 0
        self.term_end[elected] = self._next_election()[elected]
        integrity, skill = self._newly_elected(elected)
        self.integrity[elected] += p.renewal * (integrity - self.integrity[elected])
        self.skill[elected] += p.renewal * (skill - self.skill[elected])
        missed = rows[due & ~valid]
        self.failed[missed] += 1
        lapsed = missed[self.failed[missed] >= p.attempts]
        self.present[lapsed] = False
        self.failed[lapsed] = 0

    def _judge_firm(self, annual: Rows, assembly: Assembly) -> None:
        """Put the replacement of the firm to the vote, where a working committee dares to."""
        p, model = self.parameters, self.model
        dissatisfied = 1.0 - model.satisfaction.mean[annual]
        dares = p.motion * dissatisfied * self.integrity[annual] * self.watch[annual]
        draw = model.chance.uniform("motion", model.week, model.district.identity[annual])
        valid, against = assembly.valid[: annual.size], assembly.against[: annual.size]
        can = valid & self.working()[annual] & model.contracts.present[annual]
        moved = can & (draw < dares)
        if not np.count_nonzero(moved):
            return
        self.motions[annual[moved]] += 1
        decided = np.zeros(self.size, dtype=np.bool_)
        decided[annual[moved & against]] = True
        model.contracts.replace(decided)
