"""Disputes: the ledger of cases, and the life of a case (M4).

A case is filed at a desk.  It first needs its parties: one or two, each met with a weekly probability (at a
platform they sit together, and none is needed).  Then it joins the desk's queue and takes hours of work.  Handled
to the end it is *settled* or *failed*; waiting too long it is sent up to the next desk or *withdrawn*.  Every case
ends in exactly one way.  An agreement may break later, and who was handled in vain may try again: both are new
cases with a parent.

Whether handling settles a case is logit in the resident's trust in the handler, the handler's knowledge of
the place, what the handler can make the other party lose, how far the grievance goes, and the handler's own
interest in the matter: the same coefficients for whoever sits at the desk.  What is *reported* as resolved is
another matter: a handler under pressure may report, or close, what is not resolved (M14).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.chance import level, lognormal_levels, share
from sim.desk import serve
from sim.disputes.frame import case_table
from sim.disputes.settlement import INSTITUTION_OF_KIND, settlement_logit
from sim.ledger import Ledger
from sim.room import Room, fixed
from sim.terms import (
    CHANNELS,
    CHARGING,
    COMMUNITY_DESK,
    FAILED,
    OPEN,
    PLATFORM_DESK,
    SETTLED,
    TO_BRANCH,
    TO_COMMITTEE,
    TO_FIRM,
    TO_HOTLINE,
    TO_PLATFORM,
    WITHDRAWN,
)

if TYPE_CHECKING:
    import pandas as pd

    from sim.everyday.grievances import Conflicts

__all__ = ["Disputes"]

# In the order of CATEGORIES: service, facility, parking, noise, charging, fees, committee.
_COMPLEX: Final = fixed(np.array([0, 1, 0, 0, 1, 0, 1], dtype=np.uint8))
_LARGE: Final = fixed(np.array([1, 1, 0, 0, 0, 1, 1], dtype=bool))
_CHANNEL_OF_KIND: Final = fixed(np.array([1, 2, 3, TO_PLATFORM - 1, 4, 4, 4]))
"""Row of voice's experience, by kind of desk."""
_DOORS: Final = {TO_FIRM: "firm", TO_COMMITTEE: "committee", TO_BRANCH: "branch", TO_PLATFORM: "platform"}
_MEDIATORS: Final = fixed(np.array([0, 1, 1, 1, 1, 1, 1], dtype=bool))
"""Third parties: everyone but the firm, which is a party itself."""


class Disputes(Room):
    """All cases, and what happens to those that are open.

    Attributes
    ----------
    book
        Ledger of cases, one row each, in order of filing.
    waiting
        Rows of cases whose parties have not all been met.
    queue
        Rows of cases that wait for hours, in the order in which they joined their queues.
    replies
        Days from filing to the end of handling, of this week's handled cases.
    gathered
        Who chose to act together with others this week instead of filing: persons, estates, incidents.
    """

    section = "desks"

    def prepare(self) -> None:
        p = self.parameters
        self._work = lognormal_levels(p.work_log_sd)
        self._mean_work = fixed(np.where(_LARGE, p.work_large, p.work_small))
        self._handoffs = fixed(np.where(_COMPLEX, p.handoffs_complex, p.handoffs_simple).astype(np.uint8))
        first, second, third = p.send_up_first, p.send_up_second, p.send_up_third
        self._send_up = fixed(np.array([first] * COMMUNITY_DESK + [second, third, 0.0]))
        with np.errstate(divide="ignore"):
            # Logarithm of the chance that a case in vain, or an agreement, waits another week to come back.
            self._log_stays = fixed(np.log1p(-1.0 / np.array([p.return_delay, p.break_delay])))
        g = self.model.scenario.grievances
        self._relief = fixed(
            np.array([0.0, g.relief_settled, g.relief_failed, g.relief_withdrawn], dtype=np.float32))
        starts = [self.model.desks.block(_DOORS[k]).start if k in _DOORS else 0 for k in range(len(CHANNELS))]
        self._first_desk = fixed(np.array(starts))

    def settle_in(self) -> None:
        self.book = Ledger({
            "person": np.int32, "estate": np.int32, "category": np.uint8, "channel": np.uint8,
            "desk": self.model.desks.number_type, "filed": np.float64, "joined": np.float64,
            "work": np.float64, "left": np.float64, "severity": np.float32, "grievance": np.float32,
            "incident": np.int64, "identity": np.uint64, "parent": np.int64, "matter": np.int64, "handoffs": np.uint8,
            "sent_up": np.uint8, "end": np.uint8, "ended": np.float64, "broken": np.bool_})
        none = np.zeros(0, dtype=np.int64)
        self.waiting, self.queue = none, none
        self._due, self._coming_back = none, none
        self.replies = np.zeros(0)
        self.gathered = (none, none, none)
        self._lessons: list[tuple[NDArray, NDArray, NDArray]] = []

    # Filing ---------------------------------------------------------------------------------------

    def file(self, now: Conflicts, index: NDArray, channel: NDArray) -> None:
        """Open a case for the conflicts `index`, each at the desk behind its channel.

        Parameters
        ----------
        now
            This week's conflicts.
        index
            Which of them file, shape (n,).
        channel
            Channel of each (index into `CHANNELS`), shape (n,).
        """
        model, week = self.model, self.model.week
        person, estate, category = now.person[index], now.estate[index], now.category[index]
        # The word of chance that names the case also says when in the week it arrives, and how much work it is.
        identity = now.identity[index]
        moment = week + share(identity, 0)
        order = moment.argsort(kind="stable")
        index, channel, person, estate = index[order], channel[order], person[order], estate[order]
        category, identity, moment = category[order], identity[order], moment[order]
        desks, home = model.desks, model.branches.home
        here = self._first_desk[channel] + np.where(channel == TO_BRANCH, home[estate], estate)
        desk = np.where(channel == TO_HOTLINE, desks.community_of_estate[estate], here)
        work = self._mean_work[category] * self._work[level(identity, 1)]
        grievance = now.grievance[index]
        rows = self.book.append(
            index.size, person=person, estate=estate, category=category, channel=channel, desk=desk,
            filed=moment, joined=moment, work=work, left=work, grievance=grievance,
            severity=np.log(np.maximum(grievance / model.residents.threshold[person], 1.0)),
            incident=now.incident[index], identity=identity, parent=now.parent[index],
            matter=now.matter[index], ended=np.nan,
            handoffs=np.where(channel == TO_PLATFORM, 0, self._handoffs[category]))
        model.residents.case[person] = rows
        ready = self.book.handoffs[rows] == 0
        if np.count_nonzero(ready):
            self.queue = np.concatenate([self.queue, rows[ready]])
            rows = rows[~ready]
        self.waiting = np.concatenate([self.waiting, rows])
        tally = model.tally
        tally.count("filed", estate)
        for door, name in _DOORS.items():
            tally.count(f"filed_{name}", estate[channel == door])
        for event in ("hotline", "to_authority"):
            tally.count(event, estate[channel == TO_HOTLINE])

    # Handling -------------------------------------------------------------------------------------

    def meet(self) -> None:
        """Meet the parties of waiting cases; a case that has met them all joins its queue."""
        waiting, book, week = self.waiting, self.book, self.model.week
        if waiting.size == 0 or not self.parameters.enabled:
            return
        chance = self.model.desks.meeting[book.estate[waiting]]
        u = self.model.chance.uniform("meeting", week, book.identity[waiting])
        met = u < chance
        if self.parameters.handoff_loss > 0.0:
            kept = ~self._lose(waiting, met)
            waiting, chance, u, met = waiting[kept], chance[kept], u[kept], met[kept]
        book.handoffs[waiting[met]] -= 1
        ready = met & (book.handoffs[waiting] == 0)
        rows = waiting[ready]
        # Given that the party is met this week, u / pi is the moment at which it is.
        moment = np.maximum(week + u[ready] / chance[ready], book.joined[rows])
        book.joined[rows] = moment
        self.queue = np.concatenate([self.queue, rows[moment.argsort(kind="stable")]])
        self.waiting = waiting[~ready]

    def _lose(self, rows: NDArray, met: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Let some cases get lost between the party that was met and the next; tell which."""
        model, book = self.model, self.book
        u = model.chance.uniform("handoff", model.week, book.identity[rows])
        lost = met & (u < self.parameters.handoff_loss)
        if np.count_nonzero(lost):
            gone = rows[lost]
            self._give_up(gone, model.desks.kind[book.desk[gone]])
        return lost

    def _give_up(self, rows: NDArray, kind: NDArray) -> None:
        """End cases without a result, at the end of the week; who had hoped for a desk has learnt."""
        self._end(rows, WITHDRAWN, self.model.week + 1.0)
        self._lessons.append((rows, kind, np.zeros(rows.size, dtype=bool)))
        self.model.tally.count("withdrawn", self.book.estate[rows])

    def handle(self) -> None:
        """Give the week's hours of every desk to its queue, and end the cases that are done."""
        model, book = self.model, self.book
        desks, queue = model.desks, self.queue
        desks.handled[:] = 0.0
        desks.spent[:] = 0.0
        self.replies = np.zeros(0)
        if queue.size == 0 or not self.parameters.enabled:
            return
        if np.count_nonzero(desks.unworked):
            queue = self._close_unworked(queue)
        desk, left, urgent = book.desk[queue], book.left[queue], book.category[queue] == CHARGING
        week = model.week
        begin = np.maximum(book.joined[queue], week)
        if desks.tied is not None:
            left, begin = self._handle_tied(queue, desk, left, urgent, begin)
        pace = desks.speed()
        need = left / pace[desk]
        hours = desks.hours * (1.0 - desks.formalism)
        granted, spent = serve(desk, need, hours, urgent=urgent)
        done = granted >= need
        book.left[queue] = np.where(done, 0.0, left - granted * pace[desk])
        desks.spent += np.bincount(desk, granted, desks.size)
        if not np.count_nonzero(done):
            return
        rows, at = queue[done], desk[done]
        has = hours[at]
        # A desk spreads its hours evenly over the week; a case cannot be done before it could begin.
        has = np.maximum(has, 1e-300)
        finish = np.minimum(np.maximum(week + spent[done] / has, begin[done] + granted[done] / has), week + 1.0)
        desks.handled += np.bincount(at, minlength=desks.size)
        self.queue = queue[~done]
        self._conclude(rows, at.astype(np.int64), finish)

    def _handle_tied(
        self, queue: NDArray, desk: NDArray, left: NDArray, urgent: NDArray, begin: NDArray,
    ) -> tuple[NDArray, NDArray]:
        """Let community workers who are tied to one estate serve its cases at the community's desk first."""
        desks, book = self.model.desks, self.book
        mine = (desks.kind[desk] == COMMUNITY_DESK).nonzero()[0]
        estate, tied = book.estate[queue[mine]], desks.tied
        assert tied is not None
        pace = desks.speed()[desk[mine]]
        granted, _ = serve(estate.astype(np.uint32), left[mine] / pace, tied, urgent=urgent[mine])
        left = left.copy()
        after = left[mine] - granted * pace
        left[mine] = np.where(after > 1e-9 * book.work[queue[mine]], after, 0.0)
        desks.spent += np.bincount(desk[mine], granted, desks.size)
        begin = begin.copy()
        has = tied[estate]
        begin[mine] += np.divide(granted, has, out=np.zeros(mine.size), where=has > 0)
        return left, begin

    def _conclude(self, rows: NDArray, desk: NDArray, finish: NDArray) -> None:
        """Settle or fail the cases that have been handled."""
        model, book = self.model, self.book
        kind = model.desks.kind[desk]
        draws = model.chance.bits("settlement", model.week, book.identity[rows])
        settled = share(draws, 0) < 1.0 / (1.0 + np.exp(-settlement_logit(model, rows, desk, kind)))
        self._end(rows, np.where(settled, SETTLED, FAILED), finish)
        alive = model.incidents.under_way(book.incident[rows])
        model.incidents.settled(book.incident[rows[settled]], by="desk")
        model.matters.agree(book.matter[rows[settled]])
        self.replies = np.concatenate([self.replies, (finish - book.filed[rows]) * 7.0])
        self._lessons.append((rows, kind, settled))
        tally, estate = model.tally, book.estate[rows]
        tally.count("settled", estate[settled])
        tally.count("settled_alive", estate[settled & alive])
        tally.count("failed", estate[~settled])
        tally.count("mediated", estate[_MEDIATORS[kind]])
        if np.count_nonzero(model.desks.premature):
            claimed = ~settled & (share(draws, 3) < model.desks.premature[desk])
            tally.count("premature", estate[claimed])
        self._return_later(rows, settled, draws)

    def _close_unworked(self, queue: NDArray) -> NDArray[np.int64]:
        """Close, without any work, a share of the cases that joined this week; return the queue that is left."""
        model, book, week = self.model, self.book, self.model.week
        closing = model.desks.unworked[book.desk[queue]] * (book.joined[queue] >= week)
        closed = model.chance.uniform("unworked", week, book.identity[queue]) < closing
        if not np.count_nonzero(closed):
            return queue
        rows = queue[closed]
        kind = model.desks.kind[book.desk[rows]]
        self._end(rows, FAILED, np.maximum(book.joined[rows], week))
        self.replies = (book.ended[rows] - book.filed[rows]) * 7.0
        solved = np.zeros(rows.size, dtype=bool)
        self._lessons.append((rows, kind, solved))
        for event in ("failed", "premature"):
            model.tally.count(event, book.estate[rows])
        self._return_later(rows, solved, model.chance.bits("settlement", week, book.identity[rows]))
        self.queue = queue[~closed]
        return self.queue

    def _return_later(self, rows: NDArray, settled: NDArray[np.bool_], draws: NDArray[np.uint64]) -> None:
        """Draw which agreements will break, which vain attempts will be repeated, and when."""
        model, p = self.model, self.parameters
        again = np.where(settled, 1.0 - p.agreement_holds, p.resubmission)
        back = (share(draws, 1) < again).nonzero()[0]
        if back.size == 0:
            return
        log_stays = self._log_stays[settled[back].view(np.uint8)]
        weeks = 1 + np.floor(np.log(share(draws[back], 2)) / log_stays)
        self._due = np.concatenate([self._due, model.week + weeks.astype(np.int64)])
        self._coming_back = np.concatenate([self._coming_back, rows[back]])

    def _end(self, rows: NDArray, end: NDArray | int, moment: NDArray | float) -> None:
        """Close cases and relieve their residents."""
        book, people = self.book, self.model.residents
        book.end[rows] = end
        book.ended[rows] = moment
        person = book.person[rows].astype(np.int64)
        people.case[person] = -1
        self.model.grievances.relieve(person, 1.0 - self._relief[book.end[rows]])

    def lose_patience(self) -> None:
        """Send up, or withdraw, the cases whose residents have waited long enough."""
        model, book, week = self.model, self.book, self.model.week
        rows = np.concatenate([self.waiting, self.queue])
        if rows.size == 0:
            return
        open_time = np.minimum(week + 1.0 - book.filed[rows], 1.0)
        draws = model.chance.bits("patience", week, book.identity[rows])
        lost = share(draws, 0) < -np.expm1(-self.parameters.patience * open_time)
        if not np.count_nonzero(lost):
            return
        queued = self.waiting.size
        impatient, stays = rows[lost], ~lost
        self.waiting, self.queue = self.waiting[stays[:queued]], self.queue[stays[queued:]]
        desk = book.desk[impatient].astype(np.int64)
        kind = model.desks.kind[desk]
        up = share(draws[lost], 1) < self._send_up[kind]
        self._send(impatient[up], desk[up])
        self._give_up(impatient[~up], kind[~up])
        # Whoever gave a desk up has learnt that it did not help, wherever the case goes next.
        self._lessons.append((impatient[up], kind[up], np.zeros(np.count_nonzero(up), dtype=bool)))

    def _send(self, rows: NDArray, desk: NDArray) -> None:
        """Move cases to the desk above, where they must find their parties anew."""
        model, book = self.model, self.book
        if rows.size == 0:
            return
        desks, estate = model.desks, book.estate[rows]
        local = desks.kind[desk] < COMMUNITY_DESK
        # A joint branch may sit in another community than the estate, whose own community is responsible for it.
        book.desk[rows] = np.where(local, desks.community_of_estate[estate], desks.above[desk])
        book.sent_up[rows] += 1
        book.joined[rows] = model.week + 1.0
        book.handoffs[rows] = self._handoffs[book.category[rows]]
        model.tally.count("escalated", estate)
        model.tally.count("to_authority", estate[local])
        ready = book.handoffs[rows] == 0
        self.queue = np.concatenate([self.queue, rows[ready]])
        self.waiting = np.concatenate([self.waiting, rows[~ready]])

    # Afterwards -----------------------------------------------------------------------------------

    def reflect(self) -> None:
        """Let residents learn from the week: trust, and what they expect of each channel."""
        model, book = self.model, self.book
        if self._lessons:
            rows, kind, success = (np.concatenate(part) for part in zip(*self._lessons, strict=True))
            person, estate = book.person[rows].astype(np.int64), book.estate[rows].astype(np.int64)
            model.trust.learn(person, estate, INSTITUTION_OF_KIND[kind], success)
            sat = (kind == PLATFORM_DESK).nonzero()[0]
            if sat.size:
                heard = sat[(book.end[rows[sat]] != WITHDRAWN) & (book.end[rows[sat]] != OPEN)]
                model.trust.feel_heard(person[heard], estate[heard], INSTITUTION_OF_KIND[kind[heard]])
            weeks = np.where(np.isnan(book.ended[rows]), model.week + 1.0, book.ended[rows]) - book.filed[rows]
            model.voice.hear(estate, _CHANNEL_OF_KIND[kind], success, weeks)
            self._lessons = []
        waiting = self.open
        if waiting.size:
            model.satisfaction.wait(book.person[waiting].astype(np.int64), book.estate[waiting])

    def returning(self) -> NDArray[np.int64]:
        """Cases that come back this week: agreements that broke, and vain attempts to be repeated."""
        due = self._due <= self.model.week
        if not np.count_nonzero(due):
            return self._coming_back[:0]
        rows = self._coming_back[due]
        self._due, self._coming_back = self._due[~due], self._coming_back[~due]
        broken = rows[self.book.end[rows] == SETTLED]
        self.book.broken[broken] = True
        self.model.matters.fall_apart(self.book.matter[broken])
        self.model.tally.count("broken", self.book.estate[broken])
        return rows

    def withdraw(self, rows: NDArray[np.int64]) -> None:
        """Close the cases of residents who move away."""
        if rows.size == 0:
            return
        self._end(rows, WITHDRAWN, self.model.week + 1.0)
        self.model.tally.count("withdrawn", self.book.estate[rows])
        self.waiting = self.waiting[self.book.end[self.waiting] == OPEN]
        self.queue = self.queue[self.book.end[self.queue] == OPEN]

    @property
    def open(self) -> NDArray[np.int64]:
        """Rows of all open cases."""
        return np.concatenate([self.waiting, self.queue])

    def to_frame(self) -> pd.DataFrame:
        """All cases as a table, with names in place of numbers."""
        return case_table(self.model)
