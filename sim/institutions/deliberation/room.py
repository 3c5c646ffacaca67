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

from sim.chance import combine
from sim.institutions.deliberation.formulas import agenda
from sim.room import Room, fixed
from sim.stakeholders.committees.formulas import logistic
from sim.terms import CHARGING, TO_PLATFORM

__all__ = ["BODIES", "MEASURES", "Deliberation"]

BODIES: Final = ("firm", "committee", "branch")
FIRM, COMMITTEE, BRANCH, SOCIAL, RESIDENTS = range(5)
"""Who brings hours to a session."""

MEASURES: Final[dict[str, tuple[str, str]]] = {
    "platforms": ("platforms", "estates with a deliberation platform"),
    "platform_sessions": ("sessions", "sessions held this week"),
    "platform_cases": ("cases", "cases handled at platforms this week"),
    "platform_hours": ("hours per week", "hours that all who attended brought to sessions"),
}

_NUMBERS: Final = fixed(np.arange(3)[:, None])


class Deliberation(Room):
    """Sessions of the platforms, by estate.

    Attributes
    ----------
    here
        Whether firm, committee and branch stand this week, shape (3, estates).
    meets
        Whether at least two of firm, committee and branch stand, while the policy is on, shape (estates,).
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

    def prepare(self) -> None:
        self._stale = True
        p, model = self.parameters, self.model
        phase = model.chance.uniform("session week", 0, model.district.identity) * p.interval
        self._phase = fixed(phase.astype(np.int64))
        with np.errstate(divide="ignore"):
            # Certain attendance and certain absence are infinite logits, which captains do not move.
            self._attendance = float(np.log(p.attendance) - np.log1p(-p.attendance))
        self._desks = fixed(np.stack([
            np.arange(model.district.estates) + model.desks.block(kind).start for kind in BODIES]))

    def settle_in(self) -> None:
        estates = self.model.district.estates
        none = np.zeros(estates, dtype=np.bool_)
        self.meets, self.stands, self.due, self.held = none, none.copy(), none.copy(), none.copy()
        self.here = np.zeros((3, estates), dtype=np.bool_)
        self._most, self._need, self._asked = np.zeros((5, estates)), np.zeros(estates), np.zeros(estates)
        self.brought = np.zeros((5, estates))
        self._skill, self._knowledge = np.full(estates, 0.5), np.zeros(estates)

    @property
    def acts(self) -> bool:
        """Whether the policy is in force this week."""
        return self.parameters.enabled and self.model.policy_on

    def bodies(self) -> NDArray[np.bool_]:
        """Whether firm, committee (in office) and branch (of real people) stand, shape (3, estates)."""
        model = self.model
        return np.stack([model.contracts.present, model.committees.working(), model.branches.standing()])

    def body_desks(self) -> NDArray[np.int64]:
        """Desks of firm, committee and branch of each estate, shape (3, estates); a joint branch's more than once."""
        desks, model = self._desks.copy(), self.model
        desks[2] = model.desks.block("branch").start + np.maximum(model.branches.home, 0)
        return desks

    def convene(self) -> None:
        """Set up platforms, see where a session is due and who comes, and ask them for hours."""
        if not self.acts:
            if self.meets.any():
                self._close()
            return
        model, p = self.model, self.parameters
        bodies = self.bodies()
        if self._stale or not np.array_equal(bodies, self.here):
            self._set_up(bodies)
        self.held.fill(False)
        self._asked.fill(0.0)
        np.logical_and(self.stands, self._phase == model.week % p.interval, out=self.due)
        rows, desk = self._agendas()
        self.due.fill(False)
        if rows.size:
            self.due[desk] = True
            self._ask(rows, desk)
        model.branches.asked_platform[:] = self.by_home(self._asked) if rows.size else 0.0

    def _set_up(self, bodies: NDArray[np.bool_]) -> None:
        """Open and close platforms: a body has come or gone."""
        self.here, self._stale = bodies, False
        np.greater_equal(bodies.sum(axis=0), 2, out=self.meets)
        np.logical_and(self.meets, self.parameters.platform, out=self.stands)
        self.model.voice.access[TO_PLATFORM - 1] = np.where(self.stands, 0.0, -np.inf)

    def _close(self) -> None:
        """Leave nothing behind when the policy ends, as in a fork without it."""
        model = self.model
        self._stale = True
        model.voice.access[TO_PLATFORM - 1] = -np.inf
        model.desks.hours[model.desks.block("platform")] = 0.0
        model.branches.asked_platform[:] = 0.0
        for state in (self.meets, self.stands, self.due, self.held):
            state.fill(False)
        self.brought.fill(0.0)

    def by_home(self, hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """Hours asked of each branch, at the row of its home."""
        home = self.model.branches.home
        return np.bincount(np.maximum(home, 0), np.where(home >= 0, hours, 0.0), home.size)

    def _agendas(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Cases on the agendas of this week's sessions, and the estate of each."""
        disputes, block = self.model.disputes, self.model.desks.block("platform")
        desk = disputes.book.desk[disputes.queue]
        mine = ((desk >= block.start) & (desk < block.stop)).nonzero()[0]
        estate = desk[mine].astype(np.int64) - block.start
        now = self.due[estate]
        rows, desk = disputes.queue[mine[now]], estate[now]
        if rows.size == 0:
            return rows, desk
        on = agenda(desk, disputes.book.category[rows] == CHARGING, self.parameters.agenda)
        return rows[on], desk[on]

    def _ask(self, rows: NDArray[np.int64], desk: NDArray[np.int64]) -> None:
        """See who attends and what they can bring at most, and ask branches for their part of what is needed."""
        model, p = self.model, self.parameters
        estates = np.flatnonzero(self.due)
        who = combine(model.district.identity[None, estates], _NUMBERS)
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
        work = np.bincount(desk, model.disputes.book.left[rows], self.due.size)[estates]
        block = model.desks.block("platform")
        model.desks.skill[block][estates] = self._skill[estates]
        need = work / model.desks.speed()[block][estates]
        self._most[:, estates], self._need[estates] = most, need
        self._asked[estates] = most[BRANCH] * _part(need, most.sum(axis=0))

    def _inform(self, estates: NDArray[np.int64], most: NDArray[np.float64]) -> None:
        """Let the desk have the skill and the knowledge of those who attend, by the hours that they can bring."""
        model, p = self.model, self.parameters
        at = self.body_desks()[:, estates]
        weight = most[: SOCIAL + 1]
        total = np.maximum(weight.sum(axis=0), 1e-300)
        able = model.social_organisations.able(estates)
        skill = (weight[:3] * model.desks.skill[at]).sum(axis=0) + weight[SOCIAL] * able
        knows = (weight[:3] * model.desks.knowledge[at]).sum(axis=0) + weight[SOCIAL] * p.social_knowledge
        # Residents among themselves, without any body that brings hours, are as skilled as anyone, and know the place
        # as an authority does.
        alone = weight.sum(axis=0) == 0.0
        self._skill[estates] = np.where(alone, 0.5, skill / total)
        self._knowledge[estates] = np.where(alone, p.social_knowledge, knows / total)

    def gather(self) -> None:
        """Bring together the hours that the agendas take and that can be had: the platforms' hours of the week.

        Firms and committees bring what their desks have, branches what they have granted; whoever has more to
        give makes up for those who have less.
        """
        if not self.acts:
            return
        model = self.model
        self.brought.fill(0.0)
        office = model.desks.hours[model.desks.block("platform")]
        office.fill(0.0)
        if not self.held.any():
            return
        desks, brought, most = model.desks, self.brought, self._most * self.held
        brought[BRANCH] = self._asked * self.granted_by_branch()
        most[BRANCH] = 0.0
        for row, kind in ((FIRM, "firm"), (COMMITTEE, "committee")):
            np.minimum(most[row], desks.hours[desks.block(kind)], out=most[row])
        most *= _part(self._need - brought[BRANCH], most.sum(axis=0))
        brought[FIRM] = desks.take("firm", most[FIRM])
        brought[COMMITTEE] = desks.take("committee", most[COMMITTEE])
        brought[SOCIAL] = model.social_organisations.give(most[SOCIAL])
        brought[RESIDENTS] = most[RESIDENTS]
        np.sum(brought, axis=0, out=office)
        np.copyto(desks.knowledge[desks.block("platform")], self._knowledge, where=self.held)
        for bearer, row in (("firms", FIRM), ("committees", COMMITTEE), ("residents", RESIDENTS)):
            model.costs.book(bearer, "platform", hours=float(brought[row].sum()))

    def granted_by_branch(self) -> NDArray[np.float64]:
        """Share of the hours asked of each estate's branch that it had to give, shape (estates,)."""
        branches = self.model.branches
        asked = branches.asked_platform
        share = np.divide(branches.for_platform, asked, out=np.zeros_like(asked), where=asked > 0.0)
        return share[np.maximum(branches.home, 0)]

    def measures(self) -> dict[str, float]:
        """What platforms did this week; see `MEASURES`."""
        if not self.stands.any():
            return dict.fromkeys(MEASURES, 0.0)
        desks = self.model.desks
        return {
            "platforms": float(np.count_nonzero(self.stands)),
            "platform_sessions": float(np.count_nonzero(self.held)),
            "platform_cases": float(desks.handled[desks.block("platform")].sum()),
            "platform_hours": float(self.brought.sum()),
        }


def _part(need: NDArray[np.float64], total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of what they could bring that is needed, so that everybody goes home when the agenda is done."""
    return np.minimum(np.maximum(need, 0.0), total) / np.maximum(total, 1e-300)
