"""The deliberation platform (M11): firm, committee and branch at one table, with residents and social organisations.

A platform is a desk of its own.  Its parties sit together, so a case that is brought there needs no handoffs; in
exchange it waits for the next session.  Every m weeks the first n cases of the queue are on the agenda.  The session
is held if enough bodies attend, and works on the agenda as long as the people have hours who came.  All these hours
are taken from somewhere: the bodies' own desks, residents' evenings, what the community bought from its social
organisation.

Only cases that residents bring to the platform are on its agenda.  What waits at another desk stays there: the
platform is chosen, or not, like any other channel, and is judged by its own waits.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Outcome, Step, fixed
from sim.core.chance import combine
from sim.core.codes import CHARGING, TO_PLATFORM
from sim.policies.deliberation.deliberation_equations import agenda
from sim.stakeholders.committees.committees_equations import logistic

__all__ = ["BODIES", "Deliberation"]

BODIES: Final = ("firm", "committee", "branch")
FIRM, COMMITTEE, BRANCH, SOCIAL, RESIDENTS = range(5)
"""Who brings hours to a session."""

_NUMBERS: Final = fixed(np.arange(3)[:, None])


class Deliberation(Component):
    """Sessions of the platforms, by estate.

    Attributes
    ----------
    here
        Whether firm, committee and branch stand this week, shape (3, estates).
    meets
        Whether at least two of firm, committee and branch stand, while the policy is on, shape (estates,).
    since
        Week in which bodies last came or went, -1 before the first.
    stands
        Whether a platform stands, shape (estates,).
    due
        Whether a session with an agenda is due this week, shape (estates,).
    held
        Whether a session is held this week, shape (estates,).
    brought
        Hours brought this week, shape (5, estates): firm, committee, branch, social organisation, residents.
    """

    section = "deliberation"
    outcomes = (
        Outcome(
            "platforms",
            unit="platforms",
            unit_zh="个",
            label="platforms",
            zh="议事平台数",
            off=0,
            meaning="estates with a deliberation platform",
        ),
        Outcome(
            "platform_sessions",
            unit="sessions per week",
            unit_zh="场/周",
            label="platform sessions",
            zh="议事平台场次",
            off=0,
            meaning="sessions held this week",
        ),
        Outcome(
            "platform_cases",
            unit="cases per week",
            unit_zh="件/周",
            label="platform cases",
            zh="议事平台办件",
            off=0,
            meaning="cases handled at platforms this week",
        ),
        Outcome(
            "platform_hours",
            unit="hours per week",
            unit_zh="工时/周，全区",
            label="platform hours",
            zh="议事平台工时",
            off=0,
            meaning="hours that all who attended brought to sessions",
        ),
    )
    steps = (
        Step("convene", doc="platforms call sessions and ask for hours", equation="M11", stage="claims"),
        Step("gather", doc="who attends a session brings hours to it", equation="M11", stage="conditions"),
    )

    def prepare(self) -> None:
        self._stale = True
        p, model = self.parameters, self.model
        phase = model.chance.uniform("session week", 0, model.district.identity) * p.interval
        self._phase = fixed(phase.astype(np.int64))
        with np.errstate(divide="ignore"):
            # Certain attendance and certain absence are infinite logits, which captains do not move.
            self._attendance = float(np.log(p.attendance) - np.log1p(-p.attendance))
        self._seats = fixed(combine(model.district.identity[None], _NUMBERS))
        self._desks = fixed(
            np.stack([np.arange(model.district.estates) + model.desks.block(kind).start for kind in BODIES])
        )

    def settle_in(self) -> None:
        estates = self.model.district.estates
        none = np.zeros(estates, dtype=np.bool_)
        self.meets, self.stands, self.due, self.held = none, none.copy(), none.copy(), none.copy()
        self.here, self.since = np.zeros((3, estates), dtype=np.bool_), -1
        self._most, self._need, self._asked = np.zeros((5, estates)), np.zeros(estates), np.zeros(estates)
        self.brought, self._listed = np.zeros((5, estates)), np.zeros(0, dtype=np.int64)
        self._skill, self._knowledge = np.full(estates, 0.5), np.zeros(estates)

    @property
    def acts(self) -> bool:
        """Whether the policy is in force this week."""
        return self.parameters.enabled and self.model.policy_on

    def bodies(self) -> NDArray[np.bool_]:
        """Whether firm, committee (in office) and branch (of real people) stand, shape (3, estates)."""
        model = self.model
        return np.array([model.contracts.present, model.committees.working(), model.branches.standing()])

    def body_desks(self) -> NDArray[np.int64]:
        """Desks of firm, committee and branch of each estate, shape (3, estates); a joint branch's more than once."""
        desks, model = self._desks.copy(), self.model
        desks[2] = model.desks.block("branch").start + model.branches.place
        return desks

    def convene(self) -> None:
        """Set up platforms, see where a session is due and who comes, and ask them for hours."""
        if not self.acts:
            if np.count_nonzero(self.meets):
                self._close()
            return
        model, p = self.model, self.parameters
        bodies = self.bodies()
        if self._stale or (bodies != self.here).any():
            self._set_up(bodies)
        self.held.fill(False)
        self.due.fill(False)
        self._asked.fill(0.0)
        rows, estate = self._agendas(self.stands & (self._phase == model.week % p.interval))
        self._listed = rows
        if rows.size:
            self.due[estate] = True
            self._ask(rows, estate)
            model.branches.add_to_inputs(asked_platform=self.by_home(self._asked))

    def _set_up(self, bodies: NDArray[np.bool_]) -> None:
        """Open and close platforms: a body has come or gone."""
        self.here, self.since, self._stale = bodies, self.model.week, False
        np.greater_equal(bodies.sum(axis=0), 2, out=self.meets)
        np.logical_and(self.meets, self.parameters.platform, out=self.stands)
        self.model.voice.close_channel(TO_PLATFORM)
        self.model.voice.open_channel(TO_PLATFORM, self.stands)

    def _close(self) -> None:
        """Leave nothing behind when the policy ends, as in a fork without it."""
        model = self.model
        self._stale = True
        model.voice.close_channel(TO_PLATFORM)
        model.desks.set_hours("platform", 0.0)
        for state in (self.meets, self.stands, self.due, self.held):
            state.fill(False)
        self.brought.fill(0.0)

    def by_home(self, hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """Hours asked of each branch, at the row of its home; nothing is asked where none stands."""
        return np.bincount(self.model.branches.place, hours, hours.size)

    def _agendas(self, due: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Cases on the agendas of the sessions that are due, and the estate of each."""
        disputes, desks = self.model.disputes, self.model.desks
        book, block = disputes.book, desks.block("platform")
        sits = np.zeros(desks.size, dtype=np.bool_)
        sits[block] = due
        rows = disputes.queue[sits[book.desk[disputes.queue]]]
        estate = book.desk[rows] - block.start
        if rows.size == 0:
            return rows, estate
        on = agenda(estate, disputes.rank(rows), self.parameters.agenda)
        return rows[on], estate[on]

    def off_agenda(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which of these cases (places in `rows`) wait at a platform and are not on this week's agenda.

        A session works through its agenda: what has come in since it was drawn up waits, unless it is dangerous.
        """
        if not np.count_nonzero(self.held):
            return np.zeros(0, dtype=np.int64)
        block, book = self.model.desks.block("platform"), self.model.disputes.book
        desk = book.desk[rows]
        at = ((desk >= block.start) & (desk < block.stop) & (book.category[rows] != CHARGING)).nonzero()[0]
        return at[~np.isin(rows[at], self._listed)]

    def _ask(self, rows: NDArray[np.int64], estate: NDArray[np.int64]) -> None:
        """See who attends and what they can bring at most, and ask branches for their part of what is needed."""
        model, p = self.model, self.parameters
        estates = self.due.nonzero()[0]
        who = self._seats[:, estates]
        likely = logistic(self._attendance + model.captains.pull()[estates])
        attend = self.here[:, estates] & (model.chance.uniform("platform attendance", model.week, who) < likely)
        held = attend.sum(axis=0) >= p.quorum
        estates, attend = estates[held], attend[:, held]
        if estates.size == 0:
            return
        self.held[estates] = True
        most = np.empty((5, estates.size))
        np.multiply(attend, p.body_hours, out=most[:3])
        most[SOCIAL] = model.social_organisations.offer(estates)
        most[RESIDENTS] = p.resident_hours
        self._inform(estates, most)
        work = np.bincount(estate, model.disputes.book.left[rows], self.due.size)[estates]
        block = model.desks.block("platform")
        model.desks.set_skill("platform", self._skill[estates], estates)
        need = work / model.desks.speed()[block][estates]
        self._most[:, estates], self._need[estates] = most, need
        self._asked[estates] = most[BRANCH] * _part(need, most.sum(axis=0))

    def _inform(self, estates: NDArray[np.int64], most: NDArray[np.float64]) -> None:
        """Let the desk have the skill and the knowledge of those who attend, by the hours that they can bring."""
        model, p = self.model, self.parameters
        at = self.body_desks()[:, estates]
        weight = most[: SOCIAL + 1]
        theirs = np.empty((2, *weight.shape))
        theirs[0, :SOCIAL], theirs[1, :SOCIAL] = model.desks.skill[at], model.desks.knowledge[at]
        theirs[0, SOCIAL], theirs[1, SOCIAL] = model.social_organisations.able(estates), p.social_knowledge
        theirs *= weight
        total = weight.sum(axis=0)
        mean = theirs.sum(axis=1)
        mean /= np.maximum(total, 1e-300)
        # Residents among themselves, without any body that brings hours, are as skilled as anyone, and know the place
        # as an authority does.
        alone = total == 0.0
        if alone.any():
            mean[:, alone] = np.array([[0.5], [p.social_knowledge]])
        self._skill[estates], self._knowledge[estates] = mean

    def gather(self) -> None:
        """Bring together the hours that the agendas take and that can be had: the platforms' hours of the week.

        Firms and committees bring what their desks have, branches what they have granted; whoever has more to
        give makes up for those who have less.
        """
        if not self.acts:
            return
        model = self.model
        self.brought.fill(0.0)
        model.desks.set_hours("platform", 0.0)
        if not np.count_nonzero(self.held):
            return
        desks, brought, most = model.desks, self.brought, self._most * self.held
        brought[BRANCH] = self._asked * self.granted_by_branch()
        most[BRANCH] = 0.0
        bodies = ((FIRM, "firm"), (COMMITTEE, "committee"))
        for row, kind in bodies:
            np.minimum(most[row], desks.hours[desks.block(kind)], out=most[row])
        most *= _part(self._need - brought[BRANCH], most.sum(axis=0))
        for row, kind in bodies:
            brought[row] = desks.take(kind, most[row])
        brought[SOCIAL] = model.social_organisations.give(most[SOCIAL])
        brought[RESIDENTS] = most[RESIDENTS]
        desks.set_hours("platform", brought.sum(axis=0))
        desks.set_knowledge("platform", self._knowledge[self.held], self.held)
        spent = brought.sum(axis=1)
        for bearer, row in (("firms", FIRM), ("committees", COMMITTEE), ("residents", RESIDENTS)):
            model.costs.book(bearer, "platform", hours=float(spent[row]))

    def granted_by_branch(self) -> NDArray[np.float64]:
        """Share of the hours asked of each estate's branch that it had to give, shape (estates,)."""
        branches = self.model.branches
        asked = branches.asked_platform
        share = np.divide(branches.for_platform, asked, out=np.zeros(asked.size), where=asked > 0.0)
        return share[branches.place]

    def new_hours(self) -> NDArray[np.float64]:
        """Hours that social organisations and residents brought this week, shape (estates,).

        Those of firms, committees and branches were theirs before.
        """
        hours: NDArray[np.float64] = self.brought[SOCIAL:].sum(axis=0)
        return hours

    def measures(self) -> dict[str, float]:
        """What platforms did this week."""
        if not np.count_nonzero(self.stands):
            return {}
        desks = self.model.desks
        return {
            "platforms": float(np.count_nonzero(self.stands)),
            "platform_sessions": float(np.count_nonzero(self.held)),
            "platform_cases": float(desks.handled[desks.block("platform")].sum()),
            "platform_hours": float(self.brought.sum()),
        }


def _part(need: NDArray[np.float64], total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of what they could bring that is needed, so that everybody goes home when the agenda is done."""
    part = np.maximum(need, 0.0)
    np.minimum(part, total, out=part)
    part /= np.maximum(total, 1e-300)
    return part
