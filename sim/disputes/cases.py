"""The ledger of cases (M4): filing, bundling into matters, ending, and coming back.

A case is filed at a desk.  It first needs its parties: one or two, each met with a weekly probability (at a
platform they sit together, and none is needed).  Then it joins the desk's queue and takes hours of work.  Cases over
one incident at one desk are one matter (`bundles`).  Every case ends in exactly one way.  An agreement may break later,
and who was handled in vain may try again: both are new cases with a parent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from sim.component import Component, fixed
from sim.core.chance import level, lognormal_levels, share, waiting_levels
from sim.core.codes import (
    CHANNELS,
    COMMUNITY_DESK,
    ENDS,
    OPEN,
    SETTLED,
    TO_BRANCH,
    TO_COMMITTEE,
    TO_FIRM,
    TO_HOTLINE,
    TO_PLATFORM,
    WITHDRAWN,
)
from sim.core.ledger import Ledger, all_differ
from sim.core.markup import Page
from sim.core.operands import operand
from sim.disputes.bundles import attach, successors
from sim.disputes.case_history import ATTACHED, INFORMED, LEADS, new_history, new_origins
from sim.disputes.case_pages import cases_page
from sim.disputes.case_table import case_table
from sim.disputes.disputes_equations import severity
from sim.disputes.story import Story, story

if TYPE_CHECKING:
    import pandas as pd

    from sim.residents.grievances import Conflicts

__all__ = ["Cases"]

# In the order of CATEGORIES: service, facility, parking, noise, charging, fees, committee.
_COMPLEX: Final = fixed(np.array([0, 1, 0, 0, 1, 0, 1], dtype=bool))
_LARGE: Final = fixed(np.array([1, 1, 0, 0, 0, 1, 1], dtype=bool))
_FILED: Final = ("filed_firm", "filed_committee", "filed_branch", "hotline", "filed_platform")
"""What is counted of cases that are filed, by channel from `TO_FIRM` on."""
_ZERO, _ONE = operand(0), operand(1)
_DOORS: Final = {TO_FIRM: "firm", TO_COMMITTEE: "committee", TO_BRANCH: "branch", TO_PLATFORM: "platform"}


class Cases(Page, Component):
    """All cases, and where each of the open ones waits.

    Attributes
    ----------
    book
        Ledger of cases, one row each, in order of filing.
    waiting
        Rows of cases whose parties have not all been met.
    queue
        Rows of cases that wait for hours, in the order in which they joined their queues.
    attached
        Rows of cases that another case of the same matter leads.
    origins, history
        Ledgers of who filed each case where, and of what happened to it; nothing depends on them.
    """

    _instead = "story(3) tells one case, and to_frame() has them all"
    section = "desks"

    def prepare(self) -> None:
        p = self.parameters
        self.work_levels = lognormal_levels(p.work_log_sd)
        self.mean_work = fixed(np.where(_LARGE, p.work_large, p.work_small))
        self._marginal = operand(p.bundle_hours)
        self.handoffs = fixed(np.where(_COMPLEX, p.handoffs_complex, p.handoffs_simple).astype(np.uint8))
        first, second, third = p.send_up_first, p.send_up_second, p.send_up_third
        own = len(self.model.desks.own)
        self._send_up = fixed(np.array([first] * COMMUNITY_DESK + [second, third, 0.0] + [first] * own))
        with np.errstate(divide="ignore"):
            # Logarithm of the chance that a case in vain, or an agreement, waits another week to come back.
            returns = np.log1p(-1.0 / np.array([p.return_delay, p.break_delay])).tolist()
        self._waits = waiting_levels(*returns)
        self._comes_back = fixed(np.array([p.resubmission, 1.0 - p.agreement_holds]))
        g = self.model.scenario.grievances
        self._relief = fixed(np.array([0.0, g.relief_settled, g.relief_failed, g.relief_withdrawn], dtype=np.float32))
        starts = [self.model.desks.block(_DOORS[k]).start if k in _DOORS else 0 for k in range(len(CHANNELS))]
        self._first_desk = fixed(np.array(starts))

    def settle_in(self) -> None:
        self.book = Ledger(
            {
                "person": np.int32,
                "estate": np.int32,
                "category": np.uint8,
                "channel": np.uint8,
                "desk": self.model.desks.number_type,
                "filed": np.float64,
                "joined": np.float64,
                "work": np.float64,
                "left": np.float64,
                "severity": np.float32,
                "grievance": np.float32,
                "incident": np.int64,
                "identity": np.uint64,
                "parent": np.int64,
                "matter": np.int64,
                "lead": np.int64,
                "told": np.bool_,
                "handoffs": np.uint8,
                "sent_up": np.uint8,
                "end": np.uint8,
                "ended": np.float64,
                "broken": np.bool_,
            },
            indices=("person", "estate", "category", "channel", "desk", "end"),
        )
        self.origins = new_origins(self.model.desks.number_type)
        self.history = new_history(self.model.desks.number_type)
        none = np.zeros(0, dtype=np.int64)
        self.waiting, self.queue, self.attached = none, none, none
        self._due, self._coming_back = none, none

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
        work = self.mean_work[category] * self.work_levels[level(identity, 1)]
        grievance = now.grievance[index]
        rows = self.book.append(
            index.size,
            person=person,
            estate=estate,
            category=category,
            channel=channel,
            desk=desk,
            filed=moment,
            joined=moment,
            work=work,
            left=work,
            grievance=grievance,
            severity=severity(grievance, model.residents.threshold[person]),
            incident=now.incident[index],
            identity=identity,
            parent=now.parent[index],
            matter=now.matter[index],
            lead=-1,
            ended=np.nan,
            handoffs=np.where(channel == TO_PLATFORM, 0, self.handoffs[category]),
        )
        model.residents.set_case(person, rows)
        self.origins.append(index.size, arrival=model.residents.arrival[person], desk=desk)
        self._admit(rows)
        tally = model.tally
        tally.count("filed", estate)
        tally.count_each(_FILED, channel - TO_FIRM, estate)
        tally.count("to_authority", estate[channel == TO_HOTLINE])

    def _admit(self, rows: NDArray[np.int64]) -> None:
        """Take cases in at their desks: attached to a matter that waits there, or by themselves."""
        book = self.book
        if self.parameters.bundling and rows.size:
            rows = self._bundle(rows)
        ready = book.handoffs[rows] == 0
        if np.count_nonzero(ready):
            self.queue = np.concatenate([self.queue, rows[ready]])
            rows = rows[~ready]
        self.waiting = np.concatenate([self.waiting, rows])

    def _bundle(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Attach cases to the matters that wait at their desks; return those that wait by themselves."""
        book = self.book
        incident = book.incident[rows]
        # Over what this desk has settled already, whoever joins later is told.
        told = self.model.incidents.book.told[incident] == book.desk[rows] + _ONE
        if np.count_nonzero(told):
            alone, others = rows[told], ~told
            self._tell(alone)
            return np.concatenate([alone, self._join(rows[others], incident[others])])
        return self._join(rows, incident)

    def _join(self, rows: NDArray[np.int64], incident: NDArray[np.int64]) -> NDArray[np.int64]:
        """Attach cases to matters over their causes, or to each other; return those that wait by themselves."""
        book, causes = self.book, self.model.incidents.book
        leading = self.leading()
        # Only who leads a matter over one of these causes can be joined.
        leading = leading[causes.among(book.incident[leading], incident)]
        if leading.size == 0 and all_differ(incident):
            return rows
        case = np.concatenate([leading, rows])
        lead = attach(case, book.desk[case], book.incident[case], leading.size)
        joins = lead >= _ZERO
        at = joins.nonzero()[0]
        if at.size == 0:
            return rows
        joining, lead = rows[at], lead[at]
        book.lead[joining] = lead
        self.history.append(joining.size, case=joining, event=ATTACHED, moment=book.joined[joining])
        # One more at the table takes a marginal hour of the matter's work.
        np.add.at(book.left, lead, self._marginal)
        np.add.at(book.work, lead, self._marginal)
        self.attached = np.concatenate([self.attached, joining])
        return rows[~joins]

    def _tell(self, rows: NDArray[np.int64]) -> None:
        """Let cases need no more than to be told what was settled."""
        book = self.book
        moment = np.maximum(book.joined[rows], self.model.week)
        self.history.append(rows.size, case=rows, event=INFORMED, moment=moment)
        book.told[rows] = True
        book.handoffs[rows] = 0
        book.left[rows] = np.minimum(book.left[rows], self._marginal)

    def inform(self, rows: NDArray[np.int64]) -> None:
        """Tell open cases, each of which leads its matter, what was settled over their cause; they join the queues."""
        if rows.size == 0:
            return
        self._tell(rows)
        moves = self.book.among(self.waiting, rows)
        ready = self.waiting[moves]
        self.book.joined[ready] = np.maximum(self.book.joined[ready], self.model.week)
        self.waiting, self.queue = self.waiting[~moves], np.concatenate([self.queue, ready])

    def leading(self) -> NDArray[np.int64]:
        """Rows of the open cases that lead their matters.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=3)
        >>> leaders = model.disputes.leading()
        >>> bool((model.disputes.book.lead[leaders] < 0).all())
        True
        """
        return np.concatenate([self.waiting, self.queue])

    def parties_of(self, leaders: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Cases of these leaders' matters, the leaders first, and whose matter each is (a place in `leaders`).

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=3)
        >>> leaders = model.disputes.leading()
        >>> cases, of = model.disputes.parties_of(leaders[:2])
        >>> cases[:2].tolist() == leaders[:2].tolist(), of[:2].tolist()
        (True, [0, 1])
        """
        places = np.arange(leaders.size)
        if self.attached.size == 0:
            return leaders, places
        lead = self.book.lead[self.attached]
        theirs = self.book.among(lead, leaders).nonzero()[0]
        if theirs.size == 0:
            return leaders, places
        order = leaders.argsort(kind="stable")
        place = order[leaders.searchsorted(lead[theirs], sorter=order)]
        return np.concatenate([leaders, self.attached[theirs]]), np.concatenate([places, place])

    def _hand_over(self, gone: NDArray[np.int64]) -> NDArray[np.bool_] | None:
        """Let the longest attached take the place of leaders that go, with what has been done so far.

        Returns
        -------
        NDArray or None
            Where in `leading` there is a successor now; None where there is none.
        """
        if self.attached.size == 0 or gone.size == 0:
            return None
        book = self.book
        lead = book.lead[self.attached]
        leaderless = book.among(lead, gone)
        if not np.count_nonzero(leaderless):
            return None
        before, after, lead = successors(lead, self.attached, leaderless)
        book.lead[self.attached] = lead
        self.history.append(after.size, case=after, event=LEADS, moment=self.model.week + 1.0)
        for column in (book.handoffs, book.left, book.work, book.told):
            column[after] = column[before]
        # A case cannot wait for hours before it was filed.
        book.joined[after] = np.maximum(book.joined[before], book.filed[after])
        self.attached = self.attached[lead >= _ZERO]
        # For a moment whoever goes points to the successor.
        book.lead[before] = after
        line = self.leading()
        follows = book.lead[line]
        book.lead[before] = -1
        renewed = follows >= _ZERO
        np.copyto(line, follows, where=renewed)
        # In place, since whoever asked goes on with the same lines.
        self.waiting[:], self.queue[:] = line[: self.waiting.size], line[self.waiting.size :]
        return renewed

    # Ending ---------------------------------------------------------------------------------------

    def _end(self, rows: NDArray, end: NDArray | int, moment: NDArray | float) -> None:
        """Close cases and relieve their residents."""
        book = self.book
        book.end[rows] = end
        book.ended[rows] = moment
        person = book.person[rows]
        self.model.residents.set_case(person, -1)
        self.model.grievances.relieve(person, 1.0 - self._relief[book.end[rows]])

    def withdraw(self, rows: NDArray[np.int64]) -> None:
        """Close the cases of residents who move away."""
        if rows.size == 0:
            return
        self.attached = self.attached[~self.book.among(self.attached, rows)]
        self._hand_over(rows)
        self._end(rows, WITHDRAWN, self.model.week + 1.0)
        self.model.tally.count("withdrawn", self.book.estate[rows])
        self.waiting = self.waiting[self.book.end[self.waiting] == OPEN]
        self.queue = self.queue[self.book.end[self.queue] == OPEN]

    # Coming back ----------------------------------------------------------------------------------

    def _return_later(self, rows: NDArray, settled: NDArray[np.bool_], draws: NDArray[np.uint64]) -> None:
        """Draw which agreements will break, which vain attempts will be repeated, and when."""
        back = (share(draws, 1) < self._comes_back.take(settled)).nonzero()[0]
        if back.size == 0:
            return
        weeks = self._waits[settled[back].view(np.uint8), level(draws[back], 2)]
        self._due = np.concatenate([self._due, weeks + (self.model.week + 1)])
        self._coming_back = np.concatenate([self._coming_back, rows[back]])

    def weeks_kept(self, levels: NDArray) -> NDArray[np.int64]:
        """Weeks for which agreements hold that will break, by a level of chance, shape (n,).

        Examples
        --------
        >>> import numpy as np
        >>> import sim
        >>> model = sim.GovernanceModel({"district.estates": 2}, seed=1)
        >>> model.disputes.weeks_kept(np.array([0, 32768, 65535])).tolist()  # of 65,536 levels
        [88, 5, 0]
        """
        weeks: NDArray[np.int64] = self._waits[1, levels]
        return weeks

    def returning(self) -> NDArray[np.int64]:
        """Cases that come back this week: agreements that broke, and vain attempts to be repeated."""
        due = self._due <= self.model.week
        if not np.count_nonzero(due):
            return self._coming_back[:0]
        rows, later = self._coming_back[due], ~due
        self._due, self._coming_back = self._due[later], self._coming_back[later]
        broken = rows[self.book.end[rows] == SETTLED]
        self.book.broken[broken] = True
        self.model.matters.fall_apart(self.book.matter[broken])
        self.model.tally.count("broken", self.book.estate[broken])
        return rows

    @property
    def open(self) -> NDArray[np.int64]:
        """Rows of all open cases.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=3)
        >>> len(model.disputes) >= model.disputes.open.size > 0
        True
        """
        return np.concatenate([self.waiting, self.queue, self.attached])

    def to_frame(self) -> pd.DataFrame:
        """All cases as a table, with names in place of numbers; `CASE_COLUMNS` has the meanings.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=3)
        >>> cases = model.disputes.to_frame()
        >>> len(cases) == len(model.disputes)
        True
        >>> cases.columns[:3].tolist()
        ['person', 'person_id', 'still_there']
        """
        return case_table(self.model)

    def story(self, case: int, lang: str = "en") -> Story:
        """Tell one case from its beginning to its end, a sentence a line.

        Parameters
        ----------
        case
            Its row: the index of `to_frame`.
        lang
            `en` or `zh`.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=3)
        >>> story = model.disputes.story(0, lang="en")
        >>> len(story.splitlines()) > 1
        True
        """
        return story(self.model, case, lang)

    def _html(self, lang: str) -> Markup:
        return cases_page(self.model, lang)

    def __len__(self) -> int:
        return len(self.book)

    def __repr__(self) -> str:
        ends = np.bincount(self.book.end[: self.book.size], minlength=len(ENDS))
        counts = ", ".join(f"{count:,} {end}" for end, count in zip(ENDS, ends, strict=True))
        return f"<{type(self).__name__}: {self.book.size:,} cases, {counts}>"
