"""The front line (M4): going to a cause before anybody files, speaking for residents, bringing their cases together.

A desk or branch with hours to spare goes to a living cause that it knows of.  It knows of what its people who live or
pass there see:

    P(seen in a week) = 1 - exp(-sight x eyes x knowledge of the place)

with one coefficient for all.  A branch has the eyes of its active members, of captains and of volunteers who patrol, a
committee those of its members, a community's desk those of its grid workers.  The parties must be met, the work is that
of a case, and whether it ends in a settlement follows the law of every settlement (M4), with the estate's mean trust in
the handler in the place of a complainant's; nobody has complained, so no grievance stands against it.

A branch with hours to spare also sits at the firm's table for the residents, and lets those who wait elsewhere over a
cause know when it has been settled.  All of this takes hours of the desk's week, after its own cases.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Outcome, Step, fixed
from sim.core.chance import level, offspring, share
from sim.core.codes import FIRM_DESK
from sim.core.ledger import Ledger
from sim.core.operands import operand
from sim.disputes.disputes_equations import DUST, serve
from sim.disputes.settlement import Handling, logit_of
from sim.parameters.parameter import Section, parameter, switch

__all__ = ["Frontline", "FrontlineSection"]
_HANDLERS: Final = ("branch", "committee", "community")
_FIRM, _NONE, _DUST, _NOTHING, _WHOLE = map(operand, (FIRM_DESK, -1, DUST, 0.0, 1.0))


class FrontlineSection(Section):
    """Parameters of the front line."""

    early: bool = switch("handlers with hours to spare go to causes that they know of, before anybody files")
    sight: float = parameter(
        0.05,
        unit="per week",
        low=0.0,
        high=10.0,
        sweep=(0.0, 0.3),
        status="assumed",
        source="no share of disputes seen before filing found; a province counts 0.22 found in sweeps for each "
        "mediated, Kunming 1.3 matters an hour of patrol (docs/evidence.md, 34, 49)",
        doc="rate at which one person who lives or passes there, and knows the place fully, sees a living cause",
    )
    grid_workers: float = parameter(
        1.4,
        unit="persons per 1,000 adults",
        low=0.0,
        high=100.0,
        sweep=(1.0, 2.0),
        status="data",
        source="1,978 basic grids in Nanshan in 2025, one worker each assumed, per 1,000 of the adults of 2019 "
        "(docs/evidence.md, 44, 45)",
        doc="grid workers of a community's desk who pass through its estates",
    )
    committee_members: float = parameter(
        7.0,
        unit="persons",
        low=0.0,
        high=50.0,
        sweep=(5.0, 11.0),
        status="assumed",
        source="committees have 5 to 11 members",
        doc="members of a working committee, who live in the estate",
    )
    coordinates: bool = switch("a branch informs open cases at other desks when a matter over their cause is settled")
    speaks: bool = switch("a branch sits at the firm's table for the residents")
    speaking_hours: float = parameter(
        1.0,
        unit="hours",
        low=0.0,
        high=50.0,
        sweep=(0.5, 3.0),
        status="assumed",
        source="no data known",
        doc="hours that a branch gives to a matter in which it speaks for residents",
    )


class Frontline(Component):
    """Causes that handlers look after before anybody files, and branches at other tables.

    Attributes
    ----------
    book
        Ledger of visits to causes, one row each: incident, desk, parties still to be met, work left.
    open
        Rows of visits under way.
    """

    section = "frontline"
    outcomes = (
        Outcome(
            "early_seen",
            unit="per 1,000 households and week",
            unit_zh="每千户每周",
            label="causes gone to before anybody filed",
            zh="未诉先办的起因",
            off=0,
            meaning="causes to which a handler went before anybody had filed with it",
        ),
        Outcome(
            "early_settled",
            unit="per 1,000 households and week",
            unit_zh="每千户每周",
            label="causes settled before anybody filed",
            zh="未诉先解的起因",
            off=0,
            meaning="causes settled before anybody filed over them",
        ),
        Outcome(
            "early_hours",
            unit="hours per week",
            unit_zh="工时/周，全区",
            label="hours for causes before anybody filed",
            zh="未诉先办起因的工时",
            off=0,
            meaning="hours of desks that went to such causes",
        ),
        Outcome(
            "speaking_hours",
            unit="hours per week",
            unit_zh="工时/周，全区",
            label="hours of speaking for residents",
            zh="为居民代言的工时",
            off=0,
            meaning="hours of branches that spoke for residents, or informed them",
        ),
    )
    steps = (Step("mediate", doc="hours to spare go to causes before anybody files", equation="M4", stage="handling"),)

    def prepare(self) -> None:
        desks, district = self.model.desks, self.model.district
        committee = desks.block("committee")
        self._branch = operand(desks.block("branch").start)
        own = [np.zeros(district.estates, dtype=np.int64), np.arange(committee.start, committee.stop)]
        self._desks = fixed(np.array([*own, desks.community_of_estate]))
        self._thousand = float(district.households.sum()) / 1000.0
        self._sight = operand(-self.parameters.sight)
        passing = self.parameters.grid_workers * district.adults / 1000.0
        members = np.full(district.estates, self.parameters.committee_members)
        self._eyes = fixed(np.array([np.zeros(district.estates), members, passing]))

    def settle_in(self) -> None:
        self.book = Ledger(
            {
                "incident": np.int64,
                "estate": np.int32,
                "category": np.uint8,
                "desk": np.int32,
                "identity": np.uint64,
                "handoffs": np.uint8,
                "left": np.float64,
            },
            indices=("estate", "category", "desk"),
        )
        self.open = np.zeros(0, dtype=np.int64)
        self._breaking, self._due = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        self._seen, self._settled, self._hours, self._speaking = 0, 0, 0.0, 0.0

    # Before anybody files -------------------------------------------------------------------------

    def mediate(self) -> None:
        """Meet the parties of the causes in hand, work on them, and look for others."""
        self._seen, self._settled, self._hours = 0, 0, 0.0
        model = self.model
        if not self.parameters.early or not model.scenario.desks.enabled:
            return
        if self._due.size:
            self._fall_apart()
        self.open = self.open[model.incidents.under_way(self.book.incident[self.open])]
        unseen = self._unseen()
        who = offspring(model.incidents.book.identity[unseen], len(_HANDLERS))
        asked = {"early meeting": self.book.identity[self.open], "early sight": who}
        meeting, sight = model.chance.uniforms(model.week, asked)
        ready = self._meet(meeting)
        if ready.size:
            self._work(ready, model.desks.left())
        self._look(unseen, who, sight, model.desks.left())

    def _unseen(self) -> NDArray[np.int64]:
        """Living causes to which nobody has gone before anybody filed; shocks are nobody's to settle."""
        rows, book = self.model.incidents.active, self.model.incidents.book
        return rows[~(book.ended[rows] | book.visited[rows] | book.shock[rows])]

    def _meet(self, u: NDArray[np.float64]) -> NDArray[np.int64]:
        """Meet some of the parties; return the visits under way that need no further ones."""
        book, model, rows = self.book, self.model, self.open
        missing = book.handoffs[rows]
        met = u < model.desks.meets(book.desk[rows], book.estate[rows], book.category[rows])
        missing -= np.minimum(missing, met)
        book.handoffs[rows] = missing
        return rows[np.logical_not(missing)]

    def _work(self, rows: NDArray[np.int64], spare: NDArray[np.float64]) -> None:
        """Give the hours to spare to causes whose parties have been met."""
        book, model = self.book, self.model
        desk, left = book.desk[rows], book.left[rows]
        pace = model.desks.speed()[desk]
        need = left / pace
        granted, _ = serve(desk, need, spare)
        self._hours += float(np.add.reduce(model.desks.spend(desk, granted)))
        done = granted >= need
        left -= granted * pace
        left[done] = _NOTHING
        book.left[rows] = left
        self._conclude(rows[done])

    def _conclude(self, rows: NDArray[np.int64]) -> None:
        """Settle the causes that have been worked on, or not; nobody goes there a second time."""
        if rows.size == 0:
            return
        book, model = self.book, self.model
        self.open = self.open[~book.among(self.open, rows)]
        desk, estate = book.desk[rows], book.estate[rows]
        kind = model.desks.kind[desk]
        trust = model.trust.means()[model.desks.institution[kind], estate]
        knowledge = model.desks.knowledge[desk]
        logit = logit_of(model, Handling(estate, book.category[rows], desk, kind, trust, knowledge, 0.0))
        u = share(model.chance.bits("early settlement", model.week, book.identity[rows]), 0)
        settled = u < _WHOLE / (_WHOLE + np.exp(-logit))
        model.desks.count_handled(desk)
        done = settled.nonzero()[0]
        if done.size == 0:
            return
        incident = book.incident[rows[done]]
        model.incidents.mark_told(incident, desk[done])
        model.incidents.settled(incident, by="early")
        self._break_later(rows[done])
        self._settled += incident.size
        # Who waits at this desk over the cause is told; a branch lets those know who wait elsewhere.
        waits, cases = self._waiting_over(incident), model.disputes.book
        if waits.size:
            here = model.incidents.book.told[cases.incident[waits]] == cases.desk[waits] + 1
            model.disputes.inform(waits[here])
            self._coordinate(waits[~here])

    def _break_later(self, rows: NDArray[np.int64]) -> None:
        """Draw which early agreements will break, and when: the law of those at a desk."""
        model, disputes = self.model, self.model.disputes
        if not model.scenario.incidents.broken_resumes or rows.size == 0:
            return
        draws = model.chance.bits("early settlement", model.week, self.book.identity[rows])
        breaks = (share(draws, 1) < 1.0 - model.scenario.desks.agreement_holds).nonzero()[0]
        self._breaking = np.concatenate([self._breaking, self.book.incident[rows[breaks]]])
        self._due = np.concatenate([self._due, model.week + 1 + disputes.weeks_kept(level(draws[breaks], 2))])

    def _fall_apart(self) -> None:
        """Let causes go on over which an early agreement breaks this week."""
        due = self._due <= self.model.week
        if np.count_nonzero(due):
            self.model.incidents.resume(self._breaking[due])
            self._breaking, self._due = self._breaking[~due], self._due[~due]

    def _look(
        self, rows: NDArray[np.int64], who: NDArray[np.uint64], u: NDArray[np.float64], spare: NDArray[np.float64]
    ) -> None:
        """See causes, and take those in hand for which there are hours to spare.

        Parameters
        ----------
        rows
            Causes to which nobody has gone, shape (n,).
        who, u
            Identity of the visit that each handler may pay to each of them, and a uniform for it, shape (handlers, n).
        spare
            Hours that each desk can still work, shape (desks,).
        """
        model, p, book = self.model, self.parameters, self.model.incidents.book
        if rows.size == 0 or p.sight == 0.0:
            return
        # What follows from the estate is worked out once for each, and not for each of its causes.
        desk_at, estate = self.desks_at(), book.estate[rows]
        sight = -np.expm1(self._sight * self.eyes() * model.desks.knowledge[desk_at])
        sees = u < sight.take(estate, axis=1)
        free = sees * spare[desk_at].take(estate, axis=1)
        goes = np.maximum.reduce(free).nonzero()[0]
        if goes.size == 0:
            return
        # Where several see the same, whoever has most hours to spare goes there.
        first = free.take(goes, axis=1).argmax(axis=0)
        rows, who, estate = rows[goes], who[first, goes], estate[goes]
        desk = desk_at[first, estate]
        model.incidents.mark_visited(rows)
        category, disputes = book.category[rows], model.disputes
        work = disputes.mean_work[category] * disputes.work_levels[level(who, 1)]
        visits = self.book.append(
            rows.size,
            incident=rows,
            estate=estate,
            category=category,
            desk=desk,
            identity=who,
            handoffs=disputes.handoffs[category],
            left=work,
        )
        self.open = np.concatenate([self.open, visits])
        self._seen += rows.size

    def desks_at(self) -> NDArray[np.int64]:
        """Desks of the branch, committee and community of each estate, shape (3, estates)."""
        desks = self._desks.copy()
        np.add(self.model.branches.place, self._branch, out=desks[0])
        return desks

    def eyes(self) -> NDArray[np.float64]:
        """People of branch, committee and community who live or pass in each estate, shape (3, estates)."""
        eyes = self._eyes.copy()
        eyes[0] = self.model.branches.eyes()
        eyes[1] *= self.model.committees.working()
        return eyes

    # Branches at other tables ---------------------------------------------------------------------

    def _afford(self, estate: NDArray[np.int64], hours: float) -> NDArray[np.int64]:
        """Which of these (places, first come first served) find so many hours at their branches; they are spent."""
        desks, branches = self.model.desks, self.model.branches
        desk = self._branch + branches.place[estate]
        spare = desks.left()[desk]
        can = (branches.standing()[estate] & (spare > (1.0 - DUST) * hours)).nonzero()[0]
        if can.size == 0:
            return can
        if can.size > 1:
            can = can[desk[can].argsort(kind="stable")]
            line = desk[can]
            turn = np.arange(1, line.size + 1) - line.searchsorted(line)
            # The last one of a branch may find a rounding error less than it needs.
            can = can[(turn - _DUST) * hours < spare[can]]
        desks.spend(desk[can], hours)
        self._speaking += can.size * hours
        return can

    def accompany(self, rows: NDArray[np.int64], kind: NDArray) -> NDArray[np.int64]:
        """Where the estate's branch sits at the firm's table for the residents: places among these cases.

        Parameters
        ----------
        rows, kind
            Ledger rows of the cases that are being concluded, and the kinds of their desks.
        """
        model, p = self.model, self.parameters
        if not p.speaks or not self._branches_act():
            return rows[:0]
        at = (kind == _FIRM).nonzero()[0]
        if at.size == 0:
            return at
        return at[self._afford(model.disputes.book.estate[rows[at]], p.speaking_hours)]

    def coordinate(self, incident: NDArray[np.int64]) -> None:
        """Let branches inform those who wait elsewhere over causes about which a matter has been settled."""
        if self.parameters.coordinates and self._branches_act():
            causes = incident[incident > _NONE]
            if causes.size:
                self._coordinate(self._waiting_over(causes))

    def _coordinate(self, rows: NDArray[np.int64]) -> None:
        """Let the branches inform those of these cases who do not know yet."""
        model, book = self.model, self.model.disputes.book
        if rows.size == 0 or not self.parameters.coordinates or not self._branches_act():
            return
        told = book.told[rows]
        if np.count_nonzero(told):
            rows = rows[~told]
        if rows.size:
            model.disputes.inform(rows[self._afford(book.estate[rows], model.scenario.desks.bundle_hours)])

    def _waiting_over(self, incident: NDArray[np.int64]) -> NDArray[np.int64]:
        """Open cases over these incidents that lead their matters."""
        leading = self.model.disputes.leading()
        causes = self.model.disputes.book.incident[leading]
        return leading[self.model.incidents.book.among(causes, incident)]

    def _branches_act(self) -> bool:
        """Whether there are branches, and not in name only."""
        return self.model.branches.any and not self.model.branches.phantom

    def measures(self) -> dict[str, float]:
        """What went on before anybody filed, and at other tables."""
        speaking, self._speaking = self._speaking, 0.0
        return {
            "early_seen": self._seen / self._thousand,
            "early_settled": self._settled / self._thousand,
            "early_hours": self._hours,
            "speaking_hours": speaking,
        }
