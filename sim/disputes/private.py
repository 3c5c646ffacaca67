"""Settling with the other side (M3): slow, breakable, and only as wide as the other side's power.

Nobody mediates when a person has a word with the neighbour, the firm or the committee.  It takes some weeks, it may
lead to nothing and be tried again, and what was agreed may break, as a mediated agreement may.  An agreement always
relieves the person.  Whether it ends the *cause* depends on who the other side is: a neighbour can be quieter or park
elsewhere, as far as this neighbour makes the trouble; a firm does not mend the lift because one of forty residents
had a word, or does so with a probability that goes with its effort.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Step, fixed
from sim.core.chance import level, share, unit, waiting_levels
from sim.core.codes import CATEGORIES, COMMITTEE, NEIGHBOURLY, SELF
from sim.core.ledger import Ledger
from sim.core.operands import operand
from sim.disputes.private_equations import chance_of_agreement, chance_of_ending, with_odds
from sim.parameters.parameter import Section, parameter, switch

if TYPE_CHECKING:
    from sim.residents.grievances import Conflicts

__all__ = ["NEIGHBOURS", "PrivateSection", "PrivateSettlements"]

_COMMITTEE: Final = operand(COMMITTEE)
# In the order of CATEGORIES: service, facility, parking, noise, charging, fees, committee.
NEIGHBOURS: Final = fixed(np.isin(np.arange(len(CATEGORIES)), NEIGHBOURLY))
"""Matters between neighbours: the other side is whoever makes the trouble."""


class PrivateSection(Section):
    """Parameters of settling with the other side."""

    enabled: bool = switch("people in conflict may settle with the other side (off: this way is closed)")
    weeks: float = parameter(
        2.0,
        unit="weeks",
        low=0.0,
        high=52.0,
        sweep=(0.0, 6.0),
        status="assumed",
        source="nothing found (docs/evidence.md)",
        doc="mean weeks that coming to an end with the other side takes (geometric; 0: in the same week)",
    )
    standing: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.3, 0.7),
        status="assumed",
        source="that of an equal",
        doc="standing of the other side, in the place of trust in a third party",
    )
    ends_neighbour: float = parameter(
        0.4,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.1, 0.9),
        status="assumed",
        source="in dense British districts 41 % of those who make noise did not know that they disturb "
        "(docs/evidence.md, 15)",
        doc="that a neighbour with whom a person has come to an agreement stops (parking, noise, charging)",
    )
    neighbour_share: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.2, 1.0),
        status="assumed",
        source="no data known",
        doc="share of an incident's touches that one neighbour makes, and that end when this neighbour stops",
    )
    ends_other: float = parameter(
        0.1,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.5),
        status="assumed",
        source="nothing found on whether a firm acts on one complaint (docs/evidence.md)",
        doc="that a firm (service, facility, fees) or committee ends the cause because a single person had a word",
    )
    by_effort: bool = switch("firms end causes in proportion to their effort, committees to their integrity")
    holds: float = parameter(
        0.6,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.3, 1.0),
        status="assumed",
        source="nothing found; below mediated agreements (docs/evidence.md)",
        doc="that an agreement without a third party keeps",
    )
    break_delay: float = parameter(
        8.0,
        unit="weeks",
        low=1.0,
        high=104.0,
        sweep=(2.0, 26.0),
        status="assumed",
        source="that of mediated agreements",
        doc="mean weeks until an agreement that does not keep breaks",
    )
    retry: float = parameter(
        0.4,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="nothing found; that of cases handled in vain (docs/evidence.md)",
        doc="that who had a word in vain comes back to it",
    )
    return_delay: float = parameter(
        4.0,
        unit="weeks",
        low=1.0,
        high=52.0,
        sweep=(1.0, 12.0),
        status="assumed",
        source="that of cases handled in vain",
        doc="mean weeks until a word in vain is come back to",
    )


class PrivateSettlements(Component):
    """Who is talking to the other side, and what comes of it.

    Attributes
    ----------
    book
        Ledger of attempts, one row each, in order of their beginning.
    open
        Rows of attempts under way.
    """

    name = "private"
    section = "private"
    factors: ClassVar[Mapping[str, str]] = {"agreement": "odds that a talk with the other side in an estate succeeds"}
    used_in: ClassVar[Mapping[str, str]] = {"agreement": "private.conclude"}
    steps = (Step("conclude", doc="talks with the other side come to an end", equation="M3", stage="voice"),)

    def prepare(self) -> None:
        p = self.parameters
        with np.errstate(divide="ignore"):
            # From logarithms of the chances that a talk goes on for another week, and that a return waits for another.
            self._lasts = waiting_levels(float(np.log(p.weeks) - np.log1p(p.weeks)))[0]
            returns = np.log1p(-1.0 / np.array([p.return_delay, p.break_delay])).tolist()
        self._waits = waiting_levels(*returns)
        self._willing = fixed(np.where(NEIGHBOURS, p.ends_neighbour, p.ends_other))
        self._comes_back = fixed(np.array([p.retry, 1.0 - p.holds]))
        g = self.model.scenario.grievances
        self._remains = fixed(np.array([g.relief_tolerating, 1.0 - g.relief_settled], dtype=np.float32))

    def settle_in(self) -> None:
        self.book = Ledger(
            {
                "person": np.int32,
                "estate": np.int32,
                "category": np.uint8,
                "incident": np.int64,
                "matter": np.int64,
                "identity": np.uint64,
                "word": np.uint64,
                "grievance": np.float32,
                "began": np.int32,
                "due": np.int32,
                "agreed": np.bool_,
            },
            indices=("person", "estate", "category"),
        )
        none = np.zeros(0, dtype=np.int64)
        self.open, self._due, self._coming_back = none, none, none

    def begin(self, now: Conflicts, index: NDArray[np.int64]) -> None:
        """Let those who chose so talk to the other side.

        Parameters
        ----------
        now
            This week's conflicts.
        index
            Which of them chose to settle by themselves, shape (n,).
        """
        if index.size == 0:
            return
        person, identity, week = now.person[index], now.identity[index], self.model.week
        # One word of chance says how long it takes, whether the cause ends, what becomes of it, and when.
        word = self.model.chance.bits("private", 0, identity)
        rows = self.book.append(
            index.size,
            person=person,
            estate=now.estate[index],
            category=now.category[index],
            incident=now.incident[index],
            matter=now.matter[index],
            identity=identity,
            word=word,
            grievance=now.grievance[index],
            began=week,
            due=week + self._lasts[level(word, 0)],
        )
        self.model.residents.begin_talks(person)
        self.open = np.concatenate([self.open, rows])
        self.model.tally.count("self_begun", now.estate[index])

    def conclude(self) -> None:
        """Bring the talks that are due to an end: with an agreement, or in vain."""
        model, book, people = self.model, self.book, self.model.residents
        odds = self.take_factor("agreement")
        if self.open.size == 0:
            return
        due = book.due[self.open] <= model.week
        rows, self.open = self.open[due], self.open[~due]
        # Whoever has moved away has left the talk behind, and a newcomer has not begun it.
        rows = rows[people.arrival[book.person[rows]] <= book.began[rows]]
        if rows.size == 0:
            return
        person, estate = book.person[rows], book.estate[rows]
        people.end_talks(person)
        chance = self.probability(book.grievance[rows], person)
        if odds is not None:
            chance = with_odds(chance, odds[estate])
        agreed = unit(book.identity[rows]) < chance
        book.agreed[rows] = agreed
        model.grievances.relieve(person, self._remains.take(agreed))
        draws, ended = book.word[rows], rows[agreed]
        if ended.size:
            self._end_causes(ended, draws[agreed])
            model.matters.agree(book.matter[ended])
        model.tally.count_each(("self_failed", "self_settled"), agreed, estate)
        took = (model.week - book.began[rows]).astype(np.float64)
        model.voice.hear(estate, SELF - 1, agreed, took)
        self._return_later(rows, agreed, draws)

    def probability(self, grievance: NDArray[np.float32], person: NDArray[np.int64]) -> NDArray[np.float64]:
        """Probability of coming to an agreement, shape (n,)."""
        model = self.model
        return chance_of_agreement(
            grievance, model.residents.threshold[person], self.parameters.standing, model.scenario.desks
        )

    def _end_causes(self, rows: NDArray[np.int64], draws: NDArray[np.uint64]) -> None:
        """End what the other side can end, and does."""
        model, p, book = self.model, self.parameters, self.book
        category, estate = book.category[rows], book.estate[rows]
        neighbour, willing = NEIGHBOURS[category], self._willing[category]
        if p.by_effort:
            takes_care = np.where(
                category == _COMMITTEE, model.committees.integrity[estate], model.contracts.invisible[estate]
            )
            willing = chance_of_ending(willing, neighbour, takes_care)
        ends = share(draws, 1) < willing
        rows, neighbour = rows[ends], neighbour[ends]
        alone = neighbour if p.neighbour_share < 1.0 else np.zeros(rows.size, dtype=bool)
        whole, part = rows[~alone], rows[alone]
        model.incidents.settled(book.incident[whole], by="private", matter=book.matter[whole])
        model.incidents.quieten(book.incident[part], p.neighbour_share, matter=book.matter[part])

    def _return_later(self, rows: NDArray, agreed: NDArray[np.bool_], draws: NDArray[np.uint64]) -> None:
        """Draw which agreements will break, which vain words will be come back to, and when."""
        p = self.parameters
        if p.holds == 1.0 and p.retry == 0.0:
            return
        back = (share(draws, 2) < self._comes_back.take(agreed)).nonzero()[0]
        if back.size == 0:
            return
        weeks = self._waits[agreed[back].view(np.uint8), level(draws[back], 3)]
        self._due = np.concatenate([self._due, weeks + (self.model.week + 1)])
        self._coming_back = np.concatenate([self._coming_back, rows[back]])

    def returning(self) -> NDArray[np.int64]:
        """Attempts that come back this week: agreements that broke, and vain words to be come back to."""
        due = self._due <= self.model.week
        if not np.count_nonzero(due):
            return self._coming_back[:0]
        rows, later = self._coming_back[due], ~due
        self._due, self._coming_back = self._due[later], self._coming_back[later]
        broken = rows[self.book.agreed[rows]]
        self.model.matters.fall_apart(self.book.matter[broken])
        self.model.tally.count("self_broken", self.book.estate[broken])
        return rows
