"""Disputes: what happens in a week to the cases that are open (M4).

Cases meet their parties, desks give hours to them and settle them or not, and who waits too long goes up or gives up.

Whether handling settles a case is logit in the resident's trust in the handler, the handler's knowledge of
the place, what the handler can make the other party lose, how far the grievance goes, and the handler's own
interest in the matter: the same coefficients for whoever sits at the desk.  What is *reported* as resolved is
another matter: a handler under pressure may report, or close, what is not resolved (M14).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from sim.component import Step, fixed
from sim.core.chance import share
from sim.core.codes import (
    CHARGING,
    COMMUNITY_DESK,
    DESKS,
    FAILED,
    FIRM_DESK,
    OPEN,
    PLATFORM_DESK,
    SETTLED,
    TO_PLATFORM,
    WITHDRAWN,
)
from sim.core.errors import CaseError
from sim.disputes.bundles import parties
from sim.disputes.case_history import MET, REFERRED, SENT_UP
from sim.disputes.cases import Cases
from sim.disputes.disputes_equations import finished, leaving, serve
from sim.disputes.settlement import odds_of_cases

__all__ = ["Disputes"]

_OUTCOMES: Final = fixed(np.array([FAILED, SETTLED]))
"""How a matter that has been handled ends, by whether it was settled."""
_CHANNEL_OF_KIND: Final = fixed(np.array([1, 2, 3, TO_PLATFORM - 1, 4, 4, 4]))
"""Row of voice's experience, by kind of desk; a user's own desk gives experience of the institution as which it is
trusted."""


class Disputes(Cases):
    """The week of the open cases.

    Attributes
    ----------
    replies
        Days from filing to the end of handling, of this week's handled cases.
    gathered
        Who chose to act together with others this week instead of filing: persons, estates, incidents.

    Examples
    --------
    >>> import sim
    >>> model = sim.examples.small()
    >>> model.run(weeks=3)
    >>> model.disputes.open.size > 0
    True
    """

    factors: ClassVar[Mapping[str, str]] = {
        "patience": "rate at which residents of an estate lose patience with an open case",
        "agreement": "odds that handling settles a case of an estate",
    }
    used_in: ClassVar[Mapping[str, str]] = {"patience": "disputes.lose_patience", "agreement": "disputes.handle"}
    steps = (
        Step("meet", doc="cases meet their parties and join queues", equation="M4", stage="handling"),
        Step("handle", doc="desks give hours to cases and settle them, or not", equation="M4", stage="handling"),
        Step("lose_patience", doc="who waits too long goes up or gives up", equation="M4", stage="waiting"),
        Step("reflect", doc="residents learn from how cases went", equation="M5", stage="attitudes"),
    )

    def prepare(self) -> None:
        super().prepare()
        own = self.model.desks.institution[len(DESKS) :] + 1
        self._channel_of_kind = fixed(np.concatenate([_CHANNEL_OF_KIND, own]))

    def settle_in(self) -> None:
        super().settle_in()
        none = np.zeros(0, dtype=np.int64)
        self.replies = np.zeros(0)
        self.gathered = (none, none, none)
        self._lessons: list[tuple[NDArray, NDArray, NDArray]] = []

    def gather(self, person: NDArray[np.int64], estate: NDArray[np.int64], incident: NDArray[np.int64]) -> None:
        """Note who chose to act together with others this week instead of filing, and over which incidents."""
        self.gathered = (person, estate, incident)

    # Handling -------------------------------------------------------------------------------------

    def meet(self) -> None:
        """Meet the parties of waiting cases; a case that has met them all joins its queue."""
        waiting, book, week = self.waiting, self.book, self.model.week
        if waiting.size == 0 or not self.parameters.enabled:
            return
        chance = self.model.desks.meets(book.desk[waiting], book.estate[waiting], book.category[waiting])
        u = self.model.chance.uniform("meeting", week, book.identity[waiting])
        met = u < chance
        if self.parameters.handoff_loss > 0.0:
            met &= ~self._lose(waiting, met)
            # Another of the same matter may stand in the place of a case that was lost.
            kept = book.end[waiting] == OPEN
            waiting, chance, u, met = waiting[kept], chance[kept], u[kept], met[kept]
        book.handoffs[waiting[met]] -= 1
        # Given that the party is met this week, u / pi is the moment at which it is.
        moment = np.maximum(week + u[met] / chance[met], book.joined[waiting[met]])
        self.history.append(moment.size, case=waiting[met], event=MET, moment=moment)
        ready = met & (book.handoffs[waiting] == 0)
        rows, moment = waiting[ready], moment[ready[met]]
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
            self._hand_over(gone)
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
        desks.forget_work()
        self.replies = np.zeros(0)
        if queue.size == 0 or not self.parameters.enabled:
            return
        if np.count_nonzero(desks.unworked):
            queue = self._close_unworked(queue)
        desk, left, rank = book.desk[queue], book.left[queue], self.rank(queue)
        rank[model.deliberation.off_agenda(queue)] = 3
        week = model.week
        begin = np.maximum(book.joined[queue], week)
        if desks.tied is not None:
            left, begin = self._handle_tied(queue, desk, left, rank, begin)
        pace = desks.speed()
        need = left / pace[desk]
        hours = desks.available()
        granted, spent = serve(desk, need, hours, rank=rank)
        done = granted >= need
        book.left[queue] = np.where(done, 0.0, left - granted * pace[desk])
        desks.spend(desk, granted)
        if not np.count_nonzero(done):
            return
        rows, at = queue[done], desk[done]
        finish = finished(week, spent[done], hours[at], begin[done], granted[done])
        desks.count_handled(at)
        self.queue = queue[~done]
        self._conclude(rows, at, finish)

    def rank(self, queue: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which cases go first at their desks: what is dangerous, then what goes on, then what is over."""
        rank = (self.book.category[queue] != CHARGING).astype(np.int64)
        if self.parameters.living_first:
            rank *= 2 - self.model.incidents.under_way(self.book.incident[queue])
        return rank

    def _handle_tied(
        self,
        queue: NDArray,
        desk: NDArray,
        left: NDArray,
        rank: NDArray,
        begin: NDArray,
    ) -> tuple[NDArray, NDArray]:
        """Let community workers who are tied to one estate serve its cases at the community's desk first."""
        desks, book = self.model.desks, self.book
        mine = (desks.kind[desk] == COMMUNITY_DESK).nonzero()[0]
        estate, tied = book.estate[queue[mine]], desks.tied
        assert tied is not None
        pace = desks.speed()[desk[mine]]
        granted, _ = serve(estate, left[mine] / pace, tied, rank=rank[mine])
        left = left.copy()
        after = left[mine] - granted * pace
        left[mine] = np.where(after > 1e-9 * book.work[queue[mine]], after, 0.0)
        desks.spend_tied(desk[mine], granted)
        begin = begin.copy()
        has = tied[estate]
        begin[mine] += np.divide(granted, has, out=np.zeros(mine.size), where=has > 0)
        return left, begin

    def _conclude(self, rows: NDArray, desk: NDArray, finish: NDArray) -> None:
        """Settle or fail the matters that have been handled, and tell the outcome to all their parties."""
        model, book, p = self.model, self.book, self.parameters
        kind = model.desks.kind[desk]
        logit = odds_of_cases(model, rows, desk, kind, model.frontline.accompany(rows, kind))
        everyone, of = self.parties_of(rows)
        draws = model.chance.bits("settlement", model.week, book.identity[everyone])
        if everyone.size > rows.size and p.settle_numbers:
            logit += p.settle_numbers * np.log(parties(book.lead[self.attached], rows))
        settled = share(draws[: rows.size], 0) < 1.0 / (1.0 + np.exp(-logit))
        settled |= book.told[rows]
        model.incidents.mark_told(book.incident[rows[settled]], desk[settled])
        if everyone.size > rows.size:
            self.attached = self.attached[~book.among(self.attached, everyone)]
            rows, desk, kind, settled = everyone, desk[of], kind[of], settled[of]
            finish = np.maximum(finish[of], book.filed[rows])
        self._end(rows, _OUTCOMES.take(settled), finish)
        incident = book.incident[rows]
        alive, over = model.incidents.under_way(incident), incident[settled]
        model.incidents.settled(over, by="desk", matter=book.matter[rows[settled]])
        model.matters.agree(book.matter[rows[settled]])
        self.replies = np.concatenate([self.replies, (finish - book.filed[rows]) * 7.0])
        self._lessons.append((rows, kind, settled))
        tally, estate = model.tally, book.estate[rows]
        tally.count_each(("failed", "settled"), settled, estate)
        tally.count("settled_alive", estate[settled & alive])
        # Third parties are everyone but the firm, which is a party itself.
        tally.count("mediated", estate[kind != FIRM_DESK])
        if np.count_nonzero(model.desks.premature):
            claimed = ~settled & (share(draws, 3) < model.desks.premature[desk])
            tally.count("premature", estate[claimed])
        self._return_later(rows, settled, draws)
        model.frontline.coordinate(over)

    def _close_unworked(self, queue: NDArray) -> NDArray[np.int64]:
        """Close, without any work, a share of the cases that joined this week; return the queue that is left."""
        model, book, week = self.model, self.book, self.model.week
        closing = model.desks.unworked[book.desk[queue]] * (book.joined[queue] >= week)
        closed = model.chance.uniform("unworked", week, book.identity[queue]) < closing
        if not np.count_nonzero(closed):
            return queue
        rows, _ = self.parties_of(queue[closed])
        self.attached = self.attached[~book.among(self.attached, rows)]
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

    def lose_patience(self) -> None:
        """Send up, or withdraw, the cases whose residents have waited long enough."""
        self.take_factor("agreement")
        sooner = self.take_factor("patience")
        model, book, week = self.model, self.book, self.model.week
        rows = self.open
        if rows.size == 0:
            return
        open_time = np.minimum(week + 1.0 - book.filed[rows], 1.0)
        if sooner is not None:
            open_time *= sooner[book.estate[rows]]
        draws = model.chance.bits("patience", week, book.identity[rows])
        lost = share(draws, 0) < leaving(open_time, self.parameters.patience)
        if not np.count_nonzero(lost):
            return
        impatient = rows[lost]
        self._leave(impatient, lost)
        desk = book.desk[impatient]
        kind = model.desks.kind[desk]
        up = share(draws[lost], 1) < self._send_up[kind]
        goes, stops = up.nonzero()[0], (~up).nonzero()[0]
        book.lead[impatient] = -1
        sent = impatient[goes]
        self._send(sent, desk[goes], kind[goes])
        self._give_up(impatient[stops], kind[stops])
        # Whoever gave a desk up has learnt that it did not help, wherever the case goes next.
        self._lessons.append((sent, kind[goes], np.zeros(sent.size, dtype=bool)))

    def _leave(self, rows: NDArray[np.int64], lost: NDArray[np.bool_]) -> None:
        """Take cases from where they wait (marked among all that are open); others of their matters go on."""
        stays, waits, leads = ~lost, self.waiting.size, self.waiting.size + self.queue.size
        self.attached = self.attached[stays[leads:]]
        renewed = self._hand_over(rows)
        if renewed is not None:
            stays[:leads] |= renewed  # a successor stands where the leader stood
        self.waiting, self.queue = self.waiting[stays[:waits]], self.queue[stays[waits:leads]]

    def _send(self, rows: NDArray, desk: NDArray, kind: NDArray) -> None:
        """Move cases to the desk above, where they must find their parties anew."""
        model, book = self.model, self.book
        if rows.size == 0:
            return
        desks, estate = model.desks, book.estate[rows]
        local = (kind < COMMUNITY_DESK) | (kind >= len(DESKS))
        self.history.append(rows.size, case=rows, event=SENT_UP, moment=model.week + 1.0, desk=desk)
        # A joint branch may sit in another community than the estate, whose own community is responsible for it.
        book.desk[rows] = np.where(local, desks.community_of_estate[estate], desks.above[desk])
        book.sent_up[rows] += 1
        book.joined[rows] = model.week + 1.0
        book.handoffs[rows] = self.handoffs[book.category[rows]]
        if np.count_nonzero(book.told[rows]):
            book.told[rows] = False
        model.tally.count("escalated", estate)
        model.tally.count("to_authority", estate[local])
        self._admit(rows)

    # To other desks -------------------------------------------------------------------------------

    def refer(self, rows: NDArray[np.int64], desk: NDArray[np.int64]) -> None:
        """Pass open cases on to other desks, which must meet the parties anew; the work done so far counts.

        Whoever waits in the same matter goes along.  Desks of a component of one's own get their cases in this way, in
        a step before ``disputes.meet`` or after ``disputes.handle``.

        Parameters
        ----------
        rows
            Cases that lead their matters, each once: some of `leading()`.
        desk
            Number of the desk to which each of them goes, e.g. from ``model.desks.at``, shape (n,).

        Raises
        ------
        CaseError
            When a case is not open, or another one leads its matter, or there is no such desk.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=3)
        >>> disputes = model.disputes
        >>> first = disputes.leading()[:1]
        >>> district = np.array([model.desks.block("district").start])
        >>> disputes.refer(first, district)
        >>> disputes.book.desk[first].tolist() == district.tolist()
        True
        """
        rows, desk = self._whole(rows, "cases"), self._whole(desk, "desks")
        book, week = self.book, self.model.week
        if rows.size == 0:
            return
        self._require_referable(rows, desk)
        everyone, of = self.parties_of(rows)
        moment = np.maximum(book.joined[everyone], week)
        self.history.append(everyone.size, case=everyone, event=REFERRED, moment=moment, desk=book.desk[everyone])
        book.desk[everyone], book.joined[everyone] = desk[of], moment
        book.handoffs[rows] = self.handoffs[book.category[rows]]
        # What another desk had settled over the cause binds nobody here.
        book.told[rows] = False
        self.waiting = self.waiting[~book.among(self.waiting, rows)]
        self.queue = self.queue[~book.among(self.queue, rows)]
        self._admit(rows)
        self._follow(rows[book.lead[rows] >= 0])

    @staticmethod
    def _whole(given: Any, what: str) -> NDArray[np.int64]:
        numbers = np.asarray(given)
        if numbers.dtype.kind not in "iu" and numbers.size:
            raise CaseError(f"refer takes {what} by number, and was given {given!r}.")
        return numbers.astype(np.int64, copy=False)

    def _require_referable(self, rows: NDArray[np.int64], desk: NDArray[np.int64]) -> None:
        """Raise the error that says which cases cannot be passed on, or that there is no such desk."""
        if rows.ndim != 1 or rows.shape != desk.shape:
            raise CaseError(f"refer needs one desk for each case, not {desk.shape} desks for {rows.shape} cases.")
        strange = rows[~np.isin(rows, self.leading())]
        if strange.size or np.unique(rows).size < rows.size:
            what = f"case {strange[0]} is none" if strange.size else "a case was given twice"
            raise CaseError(
                f"refer takes open cases that lead their matters, each once, from model.disputes.leading(); {what}."
            )
        if desk.min() < 0 or desk.max() >= self.model.desks.size:
            kinds = ", ".join(self.model.desks.kinds)
            raise CaseError(f"refer: desks are 0 to {self.model.desks.size - 1:,}, in blocks {kinds}.")

    def _follow(self, joined: NDArray[np.int64]) -> None:
        """Let those whose leaders have joined another matter at their new desk join it with them."""
        book = self.book
        if joined.size == 0 or self.attached.size == 0:
            return
        rows = self.attached[book.among(book.lead[self.attached], joined)]
        lead = book.lead[book.lead[rows]]
        book.lead[rows] = lead
        for hours in (book.left, book.work):
            np.add.at(hours, lead, self._marginal)

    # Afterwards -----------------------------------------------------------------------------------

    def reflect(self) -> None:
        """Let residents learn from the week: trust, and what they expect of each channel."""
        model, book = self.model, self.book
        if self._lessons:
            rows, kind, success = (np.concatenate(part) for part in zip(*self._lessons, strict=True))
            person, estate = book.person[rows], book.estate[rows]
            institution = model.desks.institution[kind]
            model.trust.learn(person, estate, institution, success)
            sat = (kind == PLATFORM_DESK).nonzero()[0]
            if sat.size:
                heard = sat[(book.end[rows[sat]] != WITHDRAWN) & (book.end[rows[sat]] != OPEN)]
                model.trust.feel_heard(person[heard], estate[heard], institution[heard])
            weeks = np.where(np.isnan(book.ended[rows]), model.week + 1.0, book.ended[rows]) - book.filed[rows]
            model.voice.hear(estate, self._channel_of_kind[kind], success, weeks)
            self._lessons = []
        waiting = self.open
        if waiting.size:
            model.satisfaction.wait(book.person[waiting], book.estate[waiting])
