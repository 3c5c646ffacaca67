"""Grievance, conflict and talk (M2).

What touches a person adds to a grievance that fades with time.  Above the person's own threshold the
person is *in conflict*: counted, and choosing what to do about it (M3).  Who came into conflict, and who
waits with an open case, talks about it; each listener's grievance grows a little, so that one conflict
may cause another.  The average number that it causes is the reproduction number n; with n >= 1 the
district would boil over whatever anyone did, and such a scenario is refused.

    h <- h 2^(-dt / tau) + S          conflict if h > threshold
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, fixed
from sim.core.chance import combine, poisson_levels, share, unit
from sim.core.errors import RunawayError
from sim.core.ledger import all_differ
from sim.parameters.parameter import Section, parameter, switch
from sim.residents.grievances_equations import boils_over, faded, heaviest, listeners, remains_by_week

__all__ = ["Conflicts", "Grievances", "GrievancesSection", "Returns"]

_PAST = 26
"""Weeks over which the reproduction number is measured."""
_NOBODY: Final = fixed(np.zeros(0, dtype=np.int64))
_FRESH: Final = np.array(1 << 63, dtype=np.uint64)


class GrievancesSection(Section):
    """Parameters of M2."""

    enabled: bool = switch("what touches people adds to grievances (off: nobody comes into conflict)")
    half_life: float = parameter(
        6.0,
        unit="weeks",
        low=0.1,
        high=520.0,
        sweep=(2.0, 12.0),
        status="assumed",
        source="prototype",
        doc="tau, time in which a grievance halves",
    )
    threshold_median: float = parameter(
        4.5,
        unit="grievance",
        low=1e-6,
        high=100.0,
        sweep=(3.0, 7.0),
        status="assumed",
        source="prototype; only filing rate x touch x threshold is identified",
        doc="grievance above which the median person is in conflict",
    )
    threshold_log_sd: float = parameter(
        0.5,
        unit="log",
        low=0.0,
        high=2.0,
        sweep=(0.3, 0.8),
        status="assumed",
        source="prototype",
        doc="spread of thresholds between persons (lognormal)",
    )
    relief_tolerating: float = parameter(
        0.4,
        unit="factor",
        low=0.0,
        high=1.0,
        sweep=(0.2, 0.8),
        status="assumed",
        source="prototype",
        doc="what remains of a grievance that is tolerated or vented",
    )
    relief_settled: float = parameter(
        0.9,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.6, 1.0),
        status="assumed",
        source="direction: procedural justice; size unknown",
        doc="J, share of the grievance that goes when the case ends in a settlement",
    )
    relief_failed: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="direction: of litigants who mediated in vain 76 % call the procedure fair, of those only tried "
        "62 % (Boston, n = 281; docs/evidence.md, 36b)",
        doc="J, share that goes when the case was handled without a settlement",
    )
    relief_withdrawn: float = parameter(
        0.1,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.5),
        status="assumed",
        source="no data known",
        doc="J, share that goes when the case was given up",
    )
    talk: bool = switch("people in conflict talk to others")
    contacts_conflict: float = parameter(
        0.3,
        unit="persons",
        low=0.0,
        high=50.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="prototype",
        doc="people told in the week after coming into conflict, mean",
    )
    contacts_open: float = parameter(
        0.2,
        unit="persons per week",
        low=0.0,
        high=50.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="prototype",
        doc="people told in each week in which a case is open, mean",
    )
    talk_gain: float = parameter(
        1.2,
        unit="grievance",
        low=0.0,
        high=50.0,
        sweep=(0.0, 2.4),
        status="assumed",
        source="prototype",
        doc="c, grievance that a listener gains",
    )
    talk_estate: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="prototype",
        doc="v, share of talk that goes to the whole estate instead of the own building",
    )
    recent_weeks: int = parameter(
        26,
        unit="weeks",
        low=1,
        high=520,
        sweep=(8, 52),
        status="assumed",
        source="no data known",
        doc="weeks over which an estate's recent conflicts are averaged: how sore it is, and how hot a spot",
    )


@dataclass(frozen=True, slots=True)
class Conflicts:
    """The persons who came into conflict this week, each once.

    Attributes
    ----------
    person, estate
        Rows, shape (n,).
    incident
        Ledger row of the cause (of the touch that weighed most).
    category
        Index into `CATEGORIES`.
    grievance
        h at the moment of conflict.
    parent
        Case that this one follows (broken agreement, handled in vain), else -1.
    matter
        Row of the person's matter with the cause.
    first
        Whether the matter begins with this conflict; else it returns.
    identity
        Word of chance that names the conflict, and the case that may come of it.
    """

    person: NDArray[np.int64]
    estate: NDArray[np.int64]
    incident: NDArray[np.int64]
    category: NDArray[np.uint8]
    grievance: NDArray[np.float32]
    parent: NDArray[np.int64]
    matter: NDArray[np.int64]
    first: NDArray[np.bool_]
    identity: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Returns:
    """Persons who come back this week to what they had taken to a desk, or to the other side, before.

    Attributes
    ----------
    person, incident, matter
        Rows, shape (n,).
    parent
        Row of the case that comes back, -1 for a word with the other side.
    grievance
        h when it was filed or begun.
    """

    person: NDArray[np.int64]
    incident: NDArray[np.int64]
    matter: NDArray[np.int64]
    parent: NDArray[np.int64]
    grievance: NDArray[np.float32]

    def take(self, rows: NDArray) -> Returns:
        """Return some of them."""
        return Returns(*(getattr(self, name)[rows] for name in self.__slots__))


class Grievances(Component):
    """Who resents what, and who has had enough.

    Attributes
    ----------
    now
        This week's `Conflicts`.
    recent
        Mean weekly conflicts of each estate over about the past `recent_weeks`, shape (estates,).
    caused, causing
        Conflicts that talk tipped over, and conflicts that could have caused them, in each week so far.
    """

    section = "grievances"
    factors: ClassVar[Mapping[str, str]] = {
        "push": "how hard touches push residents of an estate",
        "talk": "how much listeners in an estate gain from talk",
    }
    used_in: ClassVar[Mapping[str, str]] = {"push": "residents.suffer", "talk": "residents.suffer"}

    def prepare(self) -> None:
        p = self.parameters
        self._told_fresh, self._told_open = poisson_levels(p.contacts_conflict), poisson_levels(p.contacts_open)
        self._remains = fixed(remains_by_week(p.half_life))

    def settle_in(self) -> None:
        self.recent = np.zeros(self.model.district.estates)
        self._weeks = 0
        self.now = self._conflicts(_NOBODY, _NOBODY, None, _NOBODY.astype(np.float32))
        self.caused: list[int] = []
        self.causing: list[int] = []

    def suffer(self) -> None:
        """Add the week's touches and talk to grievances, and see who is in conflict."""
        model, harder, louder = self.model, self.take_factor("push"), self.take_factor("talk")
        if not self.parameters.enabled:
            return
        touches = model.incidents.touch()
        model.satisfaction.disturb(touches.person, touches.estate)
        listener, topic = self._talk()
        returns = self._due_back()
        back = _NOBODY if returns is None else returns.person
        # Touched, told, and last those whose old case may come back: nothing pushes them, they only fade to this week.
        person = np.concatenate([touches.person, listener, back])
        told, last = touches.person.size, person.size - back.size
        push = np.zeros(person.size, dtype=np.float32)
        push[:told] = touches.push
        push[told:last] = self.parameters.talk_gain
        if harder is not None:
            push[:told] *= harder[touches.estate]
        if louder is not None:
            push[told:last] *= louder[model.residents.estate[listener]]
        incident = np.concatenate([touches.incident, topic])
        grown = self._grow(person, push)
        people = model.residents
        moved, grown_now = person[:last], grown[:last]
        over = (grown_now > people.threshold.take(moved)).nonzero()[0]
        free = people.free(moved[over])
        busy, over = over[~free], over[free]
        order = heaviest(person, push, over)
        here = person[order]
        self._count_offspring(int(np.count_nonzero(order >= told)))
        self.now = now = self._conflicts(here, incident[order], returns, grown[last:])
        counts = np.bincount(now.estate, minlength=model.district.estates)
        self._weeks += 1
        self.recent += (counts - self.recent) / min(self._weeks, self.parameters.recent_weeks)
        self.causing.append(now.person.size)
        model.tally.count_each(("returns", "conflicts"), now.first, now.estate)
        if busy.size and model.scenario.outcomes.count_busy != "nobody":
            self._count_busy(person, incident, push, heaviest(person, push, busy))

    def _count_busy(self, person: NDArray, incident: NDArray, push: NDArray, order: NDArray[np.int64]) -> None:
        """Count people who would be in conflict over a cause of which they have no matter, were they not busy."""
        people = self.model.residents
        if self.model.scenario.outcomes.count_busy == "crossing":
            who = person[order]
            # Nothing relieves who waits for a desk: old anger that meets a new cause is no second conflict.
            pushed = np.bincount(person, push, minlength=people.threshold.size)[who]
            order = order[people.grievance.take(who) - pushed <= people.threshold.take(who)]
        first = self.model.matters.note(person[order], incident[order])
        self.model.tally.count("conflicts", people.estate[person[order[first]]])

    def _grow(self, person: NDArray, push: NDArray[np.float32]) -> NDArray[np.float32]:
        """Fade each person's grievance to this week, add the pushes, return the sums."""
        people = self.model.residents
        idle = self.model.week - people.grievance_week.take(person).astype(np.int64)
        # Writing the faded value is the same for every repeat of a person; the pushes then add up.
        people.set_grievance(person, faded(people.grievance.take(person), idle, self._remains))
        people.push_grievance(person, push)
        return people.grievance.take(person)

    def grievance_of(self, person: NDArray[np.int64]) -> NDArray[np.float32]:
        """Grievance of the given rows, faded to this week."""
        people = self.model.residents
        idle = self.model.week - people.grievance_week[person].astype(np.int64)
        return faded(people.grievance[person], idle, self._remains)

    def relieve(self, person: NDArray[np.int64], remains: NDArray | np.float32 | float) -> None:
        """Multiply the grievance of the given rows (each at most once) by what remains."""
        self.model.residents.set_grievance(person, self.grievance_of(person) * remains)

    def _talk(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Who is told what: listeners' rows and the incidents they are told of."""
        model, p = self.model, self.parameters
        if not p.talk:
            return _NOBODY, _NOBODY
        chance, people, book, waiting = model.chance, model.residents, model.disputes.book, model.disputes.open
        fresh = self.now.person.size
        # Who came into conflict last week speaks for having done so, and again for a case that is open.
        who = np.concatenate([self.now.identity ^ _FRESH, book.identity[waiting]])
        bits = chance.bits("contacts", model.week, who)
        draw = unit(bits)
        told = self._told_fresh.searchsorted(draw[:fresh]), self._told_open.searchsorted(draw[fresh:])
        contacts = np.concatenate(told)
        talks = contacts.nonzero()[0]
        if talks.size == 0:
            return _NOBODY, _NOBODY
        index = talks.repeat(contacts[talks])
        which = np.arange(index.size) - index.searchsorted(index)
        word = combine(bits[index], which)
        speaker = np.concatenate([self.now.person, book.person[waiting]])[index]
        topic = np.concatenate([self.now.incident, book.incident[waiting]])[index]
        estate = people.estate[speaker].astype(np.int64)
        first, adults = people.first[estate], model.district.adults[estate]
        near = share(word, 0) >= p.talk_estate
        return first + listeners(speaker - first, adults, model.district.buildings[estate], near, word), topic

    def _due_back(self) -> Returns | None:
        """Who may come back this week: each person once, still there, with nothing under way."""
        model, people = self.model, self.model.residents
        cases, talks = model.disputes.returning(), model.private.returning()
        if cases.size + talks.size == 0:
            return None
        book, other = model.disputes.book, model.private.book

        def both(case: NDArray, talk: NDArray) -> NDArray:
            return np.concatenate([case[cases], talk[talks]]) if talks.size else case[cases]

        person = both(book.person, other.person)
        # Identities count where somebody comes back to two things at once.
        once = all_differ(person)
        order = person.argsort() if once else np.lexsort((both(book.identity, other.identity), person))
        who, since = person[order], both(book.filed, other.began)[order]
        free = (people.arrival[who] <= since) & people.free(who)
        free[1:] &= who[1:] != who[:-1]
        kept = order[free]
        parent = np.full(person.size, -1)
        parent[: cases.size] = cases
        return Returns(
            person=who[free],
            incident=both(book.incident, other.incident)[kept],
            matter=both(book.matter, other.matter)[kept],
            parent=parent[kept],
            grievance=both(book.grievance, other.grievance)[kept],
        )

    def _conflicts(
        self,
        here: NDArray[np.int64],
        incident: NDArray[np.int64],
        returns: Returns | None,
        faded: NDArray[np.float32],
    ) -> Conflicts:
        """Put together who is in conflict: those pushed over, and those who come back to a grievance of old."""
        model, people, parent = self.model, self.model.residents, np.full(here.size, -1)
        matter, first = model.matters.enter(here, incident)
        if returns is not None and returns.person.size:
            if here.size:  # who is in conflict anyway does not come back
                back = returns.person
                free = here[np.minimum(here.searchsorted(back), here.size - 1)] != back
                if np.count_nonzero(free) < free.size:
                    returns, faded = returns.take(free), faded[free]
            back = returns.person
            people.add_grievance(back, np.maximum(returns.grievance - faded, 0.0))
            here, parent = np.concatenate([here, back]), np.concatenate([parent, returns.parent])
            incident = np.concatenate([incident, returns.incident])
            matter = np.concatenate([matter, returns.matter])
            first = np.concatenate([first, np.zeros(back.size, dtype=bool)])
        return Conflicts(
            person=here,
            estate=people.estate[here].astype(np.int64),
            incident=incident,
            category=model.incidents.book.category[incident],
            grievance=people.grievance[here],
            parent=parent,
            matter=matter,
            first=first,
            identity=model.chance.bits("conflict", model.week, people.identity(here)),
        )

    def _count_offspring(self, caused: int) -> None:
        """Keep the reproduction number, and refuse a district that boils over."""
        self.caused.append(caused)
        window = 8
        if len(self.caused) < window + 1:
            return
        children, parents = sum(self.caused[-window:]), sum(self.causing[-window:])
        if boils_over(children, parents):
            raise RunawayError(
                f"conflicts cause {children / parents:.2f} further conflicts each (weeks "
                f"{self.model.week - window + 1} to {self.model.week}); the model needs fewer than 1. Lower "
                f"grievances.contacts_conflict (now {self.parameters.contacts_conflict:g}), "
                f"grievances.contacts_open ({self.parameters.contacts_open:g}) or grievances.talk_gain "
                f"({self.parameters.talk_gain:g}), or raise grievances.threshold_median "
                f"({self.parameters.threshold_median:g})."
            )

    @property
    def reproduction(self) -> float:
        """Conflicts caused per conflict, over the past 26 weeks (nan before the second week)."""
        parents = sum(self.causing[-_PAST - 1 : -1])
        return sum(self.caused[-_PAST:]) / parents if parents else float("nan")

    def mean(self) -> NDArray[np.float64]:
        """Recent conflicts per adult and week, shape (estates,): how sore the estate is."""
        return self.recent / self.model.district.adults
