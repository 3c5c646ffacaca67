"""Grievance, conflict and talk (M2).

What touches a person adds to a grievance that fades with time.  Above the person's own threshold the
person is *in conflict*: counted, and choosing what to do about it (M3).  Who came into conflict, and who
waits with an open case, talks about it; each listener's grievance grows a little, so that one conflict
may cause another.  The average number that it causes is the reproduction number n; with n >= 1 the
district would boil over whatever anyone did, and such a scenario is refused.

    h <- h 2^(-dt / tau) + S          conflict if h > threshold
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.chance import poisson_levels
from sim.errors import RunawayError
from sim.parameter import Section, parameter, switch
from sim.room import Room, fixed

__all__ = ["Conflicts", "Grievances", "GrievancesSection"]

_LONGEST = 1024
"""Weeks after which a grievance counts as forgotten."""
_MEMORY = 26
"""Weeks over which an estate's recent conflicts are averaged."""


class GrievancesSection(Section):
    """Parameters of M2."""

    enabled: bool = switch("what touches people adds to grievances (off: nobody comes into conflict)")
    half_life: float = parameter(
        6.0, unit="weeks", low=0.1, high=520.0, sweep=(2.0, 12.0), status="assumed", source="prototype",
        doc="tau, time in which a grievance halves")
    threshold_median: float = parameter(
        4.5, unit="grievance", low=1e-6, high=100.0, sweep=(3.0, 7.0), status="assumed",
        source="prototype; only filing rate x touch x threshold is identified",
        doc="grievance above which the median person is in conflict")
    threshold_log_sd: float = parameter(
        0.5, unit="log", low=0.0, high=2.0, sweep=(0.3, 0.8), status="assumed", source="prototype",
        doc="spread of thresholds between persons (lognormal)")
    relief_tolerating: float = parameter(
        0.4, unit="factor", low=0.0, high=1.0, sweep=(0.2, 0.8), status="assumed", source="prototype",
        doc="what remains of a grievance that is tolerated or vented")
    relief_settled: float = parameter(
        0.9, unit="share", low=0.0, high=1.0, sweep=(0.6, 1.0), status="assumed",
        source="direction: procedural justice; size unknown",
        doc="J, share of the grievance that goes when the case ends in a settlement")
    relief_failed: float = parameter(
        0.3, unit="share", low=0.0, high=1.0, sweep=(0.0, 0.6), status="assumed",
        source="direction: being heard helps; size unknown",
        doc="J, share that goes when the case was handled without a settlement")
    relief_withdrawn: float = parameter(
        0.1, unit="share", low=0.0, high=1.0, sweep=(0.0, 0.5), status="assumed", source="no data known",
        doc="J, share that goes when the case was given up")
    talk: bool = switch("people in conflict talk to others")
    contacts_conflict: float = parameter(
        0.3, unit="persons", low=0.0, high=50.0, sweep=(0.0, 1.0), status="assumed", source="prototype",
        doc="people told in the week after coming into conflict, mean")
    contacts_open: float = parameter(
        0.2, unit="persons per week", low=0.0, high=50.0, sweep=(0.0, 0.6), status="assumed",
        source="prototype", doc="people told in each week in which a case is open, mean")
    talk_gain: float = parameter(
        1.2, unit="grievance", low=0.0, high=50.0, sweep=(0.0, 2.4), status="assumed", source="prototype",
        doc="c, grievance that a listener gains")
    talk_estate: float = parameter(
        0.3, unit="share", low=0.0, high=1.0, sweep=(0.0, 1.0), status="assumed", source="prototype",
        doc="v, share of talk that goes to the whole estate instead of the own building")


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
    """

    person: NDArray[np.int64]
    estate: NDArray[np.int64]
    incident: NDArray[np.int64]
    category: NDArray[np.uint8]
    grievance: NDArray[np.float32]
    parent: NDArray[np.int64]


class Grievances(Room):
    """Who resents what, and who has had enough.

    Attributes
    ----------
    now
        This week's `Conflicts`.
    recent
        Mean weekly conflicts of each estate over about the past 26 weeks, shape (estates,).
    caused, causing
        Conflicts that talk tipped over, and conflicts that could have caused them, in each week so far.
    """

    section = "grievances"

    def prepare(self) -> None:
        p = self.parameters
        self._told_fresh, self._told_open = poisson_levels(p.contacts_conflict), poisson_levels(p.contacts_open)
        self._decay = fixed((2.0 ** (-np.arange(_LONGEST) / p.half_life)).astype(np.float32))

    def settle_in(self) -> None:
        self.recent = np.zeros(self.model.district.estates)
        self._weeks = 0
        self.now = self._conflicts(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
        self.caused: list[int] = []
        self.causing: list[int] = []

    def suffer(self) -> None:
        """Add the week's touches and talk to grievances, and see who is in conflict."""
        model = self.model
        if not self.parameters.enabled:
            return
        touches = model.incidents.touch()
        person, push, incident = touches.person, touches.push, touches.incident
        model.satisfaction.disturb(person, touches.estate)
        told = person.size
        if self.parameters.talk:
            listener, topic = self._talk()
            if listener.size:
                person = np.concatenate([person, listener])
                push = np.concatenate([push, np.full(listener.size, self.parameters.talk_gain, np.float32)])
                incident = np.concatenate([incident, topic])
        grown = self._grow(person, push)
        people = model.residents
        over = ((grown > people.threshold[person]) & (people.case[person] < 0)).nonzero()[0]
        # Of everything that touched a person this week, the heaviest push names the conflict.
        order = over[np.lexsort((-push[over], person[over]))]
        lead = np.ones(order.size, dtype=bool)
        lead[1:] = person[order[1:]] != person[order[:-1]]
        order = order[lead]
        self._count_offspring(int((order >= told).sum()))
        self.now = self._conflicts(person[order], incident[order])
        self._add_returning()
        counts = np.bincount(self.now.estate, minlength=model.district.estates)
        self._weeks += 1
        self.recent += (counts - self.recent) / min(self._weeks, _MEMORY)
        self.causing.append(self.now.person.size)
        model.tally.add("conflicts", counts)

    def _grow(self, person: NDArray, push: NDArray[np.float32]) -> NDArray[np.float32]:
        """Fade each person's grievance to this week, add the pushes, return the sums."""
        people, week = self.model.residents, self.model.week
        grievance = people.grievance
        idle = np.minimum(week - people.grievance_week[person], _LONGEST - 1)
        # Writing the faded value is the same for every repeat of a person; the pushes then add up.
        grievance[person] = grievance[person] * self._decay[idle]
        people.grievance_week[person] = week
        np.add.at(grievance, person, push)
        return grievance[person]

    def grievance_of(self, person: NDArray[np.int64]) -> NDArray[np.float32]:
        """Grievance of the given rows, faded to this week."""
        people = self.model.residents
        idle = np.minimum(self.model.week - people.grievance_week[person], _LONGEST - 1)
        return people.grievance[person] * self._decay[idle]

    def relieve(self, person: NDArray[np.int64], remains: NDArray | float) -> None:
        """Multiply the grievance of the given rows (each at most once) by what remains."""
        people = self.model.residents
        people.grievance[person] = self.grievance_of(person) * remains
        people.grievance_week[person] = self.model.week

    def _talk(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Who is told what: listeners' rows and the incidents they are told of."""
        model, p = self.model, self.parameters
        chance, week, people = model.chance, model.week, model.residents
        waiting, topic = model.disputes.talked_about()
        speaker = np.concatenate([self.now.person, waiting])
        topics = np.concatenate([self.now.incident, topic])
        fresh = self.now.person.size
        who = people.identity(speaker)
        who[:fresh] += np.uint64(1 << 63)
        draw = chance.uniform("contacts", week, who)
        told = self._told_fresh.searchsorted(draw[:fresh]), self._told_open.searchsorted(draw[fresh:])
        contacts = np.concatenate(told)
        talks = contacts.nonzero()[0]
        if talks.size == 0:
            return speaker[:0], topics[:0]
        repeat = contacts[talks]
        index = talks.repeat(repeat)
        ends = repeat.cumsum()
        which = np.arange(ends[-1]) - np.repeat(ends - repeat, repeat)
        word = chance.bits("listener", week, who[index] + which.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
        estate = people.estate[speaker[index]].astype(np.int64)
        first, adults = people.first[estate], model.district.adults[estate]
        buildings = model.district.buildings[estate]
        near = (word & np.uint64(0xFFFF)).astype(np.float64) >= p.talk_estate * 65536.0
        stride = np.where(near, buildings, 1)
        start = np.where(near, (speaker[index] - first) % buildings, 0)
        pool = (adults - start + stride - 1) // stride
        place = (((word >> np.uint64(32)) * pool.astype(np.uint64)) >> np.uint64(32)).astype(np.int64)
        return first + start + stride * place, topics[index]

    def _add_returning(self) -> None:
        """Add those whose agreement broke, or whose case was handled in vain and who try again."""
        model = self.model
        parents = model.disputes.returning()
        if parents.size == 0:
            return
        book, people = model.disputes.book, model.residents
        person = book.person[parents].astype(np.int64)
        # One return a person and week; who moved away, has a case or is in conflict anyway does not return.
        order = person.argsort(kind="stable")
        parents, person = parents[order], person[order]
        free = (people.arrival[person] <= book.filed[parents]) & (people.case[person] < 0)
        free[1:] &= person[1:] != person[:-1]
        here = self.now.person
        if here.size:
            free &= here[np.minimum(np.searchsorted(here, person), here.size - 1)] != person
        parents, person = parents[free], person[free]
        if parents.size == 0:
            return
        again = book.grievance[parents] - self.grievance_of(person)
        self._grow(person, np.maximum(again, 0.0).astype(np.float32))
        extra = self._conflicts(person, book.incident[parents].astype(np.int64), parents)
        both = (np.concatenate([getattr(self.now, f), getattr(extra, f)]) for f in Conflicts.__slots__)
        self.now = Conflicts(*both)

    def _conflicts(self, person: NDArray, incident: NDArray, parent: NDArray | None = None) -> Conflicts:
        people = self.model.residents
        return Conflicts(
            person=person, estate=people.estate[person].astype(np.int64), incident=incident,
            category=self.model.incidents.book.category[incident], grievance=people.grievance[person],
            parent=np.full(person.size, -1, dtype=np.int64) if parent is None else parent)

    def _count_offspring(self, caused: int) -> None:
        """Keep the reproduction number, and refuse a district that boils over."""
        self.caused.append(caused)
        window = 8
        if len(self.caused) < window + 1:
            return
        children, parents = sum(self.caused[-window:]), sum(self.causing[-window:])
        # Growth beyond what chance allows: with n < 1 children stay below parents.
        if parents > 200 and children > parents + 3.0 * np.sqrt(parents):
            raise RunawayError(
                f"conflicts cause {children / parents:.2f} further conflicts each (weeks "
                f"{self.model.week - window + 1} to {self.model.week}); the model needs fewer than 1. Lower "
                f"grievances.contacts_conflict (now {self.parameters.contacts_conflict:g}), "
                f"grievances.contacts_open ({self.parameters.contacts_open:g}) or grievances.talk_gain "
                f"({self.parameters.talk_gain:g}), or raise grievances.threshold_median "
                f"({self.parameters.threshold_median:g}).")

    @property
    def reproduction(self) -> float:
        """Conflicts caused per conflict, over the past 26 weeks (nan before the second week)."""
        parents = sum(self.causing[-_MEMORY - 1: -1])
        return sum(self.caused[-_MEMORY:]) / parents if parents else float("nan")

    def mean(self) -> NDArray[np.float64]:
        """Recent conflicts per adult and week, shape (estates,): how sore the estate is."""
        return self.recent / self.model.district.adults
