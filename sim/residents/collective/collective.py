"""Collective action in the estates (M8).

An external shock or a broken agreement stirs an estate up.  While it is stirred, acting together is a channel like
any other, and its *concerned* residents watch one another: each takes part once a large enough share of them does.
When the crowd has stopped growing, or the stir is over, the action ends: a group large enough petitions the district
or goes to the media; a smaller one fades away.  Officials respond or do not, and what they were asked for succeeds or
does not.  Success ends the cause and relieves who took part; failure costs the authorities trust.

The component holds the crowds of all stirred estates in flat arrays, one row for each concerned resident, and leaves
who-follows-whom to the pure functions of `thresholds`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Outcome, Step
from sim.core.chance import combine, share
from sim.core.codes import BY_AUTHORITY, TO_COLLECTIVE
from sim.residents.collective.collective_equations import (
    chance_of_answer,
    chance_of_stir,
    chance_of_success,
    join,
    received,
)

__all__ = ["Collective"]

_CHANNEL: Final = TO_COLLECTIVE - 1
_NONE, _UNANSWERED, _IN_VAIN, _SUCCESS = range(4)


class Collective(Component):
    """Stirred estates, their crowds, and what came of them.

    Attributes
    ----------
    since
        Week in which the estate was stirred up, -1 where it is calm, shape (estates,).
    taking_part
        Residents who take part this week, shape (estates,).
    share
        The same as a share of the concerned, shape (estates,).
    person, estate, threshold, instigator, joined
        The concerned of all stirred estates: row, estate, share that must take part before this person does, whether
        the person chose to act whatever others do, whether it takes part; shape (concerned,).
    """

    section = "collective"
    factors: ClassVar[Mapping[str, str]] = {"stir": "probability that the week's triggers stir an estate up"}
    used_in: ClassVar[Mapping[str, str]] = {"stir": "collective.stir"}
    outcomes = (
        Outcome(
            "collective",
            unit="per 1,000 households and week",
            unit_zh="每千户每周",
            better="lower",
            label="participants in collective action",
            zh="集体行动人数",
            off=0,
            meaning="residents who take part in collective action",
        ),
        Outcome(
            "petitions",
            unit="per 1,000 households and week",
            unit_zh="每千户每周",
            better="lower",
            label="petitions",
            zh="集体上访",
            off=0,
            meaning="collective actions that went to the authorities or the media",
        ),
        Outcome(
            "petition_successes",
            unit="per 1,000 households and week",
            unit_zh="每千户每周",
            better="higher",
            label="successful petitions",
            zh="集体上访诉求得到满足",
            off=0,
            meaning="such actions that got what they asked for",
        ),
        Outcome(
            "stirred",
            unit="share",
            unit_zh="0 至 1",
            better="lower",
            label="share of estates stirred up",
            zh="群情激动的小区占比",
            plural=False,
            off=0,
            meaning="estates that are stirred up",
        ),
    )
    steps = (
        Step("stir", doc="shocks and broken agreements stir estates up", equation="M8", stage="grievances"),
        Step("act", doc="crowds grow, petition, succeed or fail", equation="M8", stage="voice"),
    )

    def prepare(self) -> None:
        self._thousand = self.model.district.households.sum() / 1000.0

    def settle_in(self) -> None:
        estates = self.model.district.estates
        self.since = np.full(estates, -1, dtype=np.int64)
        self.taking_part = np.zeros(estates, dtype=np.int64)
        self.share = np.zeros(estates)
        self._restart()
        self._looked = 0
        self._participants = self._petitions = self._successes = 0

    def _restart(self) -> None:
        """Begin with nobody: empty flat arrays."""
        none = np.zeros(0, dtype=np.int64)
        self.person, self.estate, self.threshold = none, none, np.zeros(0)
        self.instigator, self.joined = np.zeros(0, dtype=bool), np.zeros(0, dtype=bool)
        # What each action is about: external shocks, and the incidents that instigators bring along.
        self.topic, self.topic_estate = none, none
        self.any = False

    # Before residents choose ----------------------------------------------------------------------

    def stir(self) -> None:
        """Let this week's shocks and broken agreements stir estates up, and find out who is concerned."""
        self._participants = self._petitions = self._successes = 0
        easier = self.take_factor("stir")
        if not self.parameters.enabled:
            if self.any:
                self._calm(self.since >= 0)
            return
        model, p = self.model, self.parameters
        shocks, broken = self._new_shocks(), model.tally.of("broken")
        if shocks.size == 0 and np.count_nonzero(broken) == 0:
            return
        shaken = model.incidents.book.estate[shocks]
        count = np.bincount(shaken, minlength=broken.size)
        touched = ((count + broken > 0) & (self.since < 0)).nonzero()[0]
        chance = chance_of_stir(count[touched], broken[touched], p.trigger_shock, p.trigger_broken)
        if easier is not None:
            chance *= easier[touched]
        u = model.chance.uniform("stirred", model.week, model.district.identity[touched])
        stirred = touched[u < chance]
        if stirred.size:
            self.any = True
            self.since[stirred] = model.week
            model.voice.open_channel(TO_COLLECTIVE, stirred)
            self._add(self._concerned(stirred))
        if self.any and shaken.size:
            about = self.since[shaken] >= 0
            self._note(shocks[about], shaken[about])

    def _new_shocks(self) -> NDArray[np.int64]:
        """Rows of the external shocks that began this week."""
        book, first = self.model.incidents.book, self._looked
        self._looked = book.size
        shocks = first + book.shock[first : book.size].nonzero()[0]
        return shocks[book.began[shocks] == self.model.week] if shocks.size else shocks

    def _concerned(self, estates: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows of the residents whose grievance is a good part of what they put up with."""
        people, adults = self.model.residents, self.model.district.adults[estates]
        ends = adults.cumsum()
        rows = np.arange(ends[-1]) + (people.first[estates] - (ends - adults)).repeat(adults)
        limit = self.parameters.concern * people.threshold[rows]
        # Grievances only fade, so that they need be looked up as of this week in a few residents alone.
        some = (people.grievance[rows] >= limit).nonzero()[0]
        rows, limit = rows[some], limit[some]
        return rows[self.model.grievances.grievance_of(rows) >= limit]

    def _add(self, rows: NDArray[np.int64], instigator: bool = False) -> None:
        """Count residents, none of whom is yet, among the concerned."""
        people, p = self.model.residents, self.parameters
        # The inclination to follow is the person's own, for as long as that person lives there.
        who = combine(people.identity(rows), people.arrival[rows].astype(np.int64))
        threshold = p.threshold_mean + p.threshold_sd * self.model.chance.normal("joining in", 0, who)
        self.person = np.concatenate([self.person, rows])
        self.estate = np.concatenate([self.estate, people.estate[rows].astype(np.int64)])
        self.threshold = np.concatenate([self.threshold, threshold])
        self.instigator = np.concatenate([self.instigator, np.full(rows.size, instigator)])
        self.joined = np.concatenate([self.joined, np.zeros(rows.size, dtype=bool)])

    def _note(self, incident: NDArray[np.int64], estate: NDArray[np.int64]) -> None:
        self.topic = np.concatenate([self.topic, incident])
        self.topic_estate = np.concatenate([self.topic_estate, estate])

    # After residents have chosen ------------------------------------------------------------------

    def act(self) -> None:
        """Let crowds grow by a week; end those that do not, and see what comes of them."""
        if not self.any:
            return
        model, p = self.model, self.parameters
        self._forget_movers()
        self._instigate()
        self.joined = join(self.threshold, self.instigator, self.estate, self.share)
        before, estates, joined = self.taking_part, self.since.size, self.joined.nonzero()[0]
        self.taking_part = np.bincount(self.estate[joined], minlength=estates)
        size = np.bincount(self.estate, minlength=estates)
        self.share = self.taking_part / np.maximum(size, 1)
        self._participants = joined.size
        model.costs.book("residents", "collective action", hours=p.hours_participant * self._participants)
        stands_still = (self.taking_part > 0) & (self.taking_part <= before)
        ended = (self.since >= 0) & (stands_still | (model.week + 1 - self.since >= p.weeks))
        if np.count_nonzero(ended):
            self._conclude(ended)
            self._calm(ended)

    def _forget_movers(self) -> None:
        """Who has moved away since the estate was stirred up belongs no more."""
        stays = self.model.residents.arrival[self.person] <= self.since[self.estate]
        if np.count_nonzero(stays) < stays.size:
            self._keep(stays)

    def _instigate(self) -> None:
        """Let those who chose to act together this week begin, or join, whatever others do."""
        person, estate, incident = self.model.disputes.gathered
        here = (self.since[estate] >= 0).nonzero()[0]
        if here.size == 0:
            return
        person, estate, incident = person[here], estate[here], incident[here]
        known = np.isin(person, self.person)
        self.instigator |= np.isin(self.person, person)
        self._add(person[~known], instigator=True)
        self._note(incident, estate)

    def _conclude(self, ended: NDArray[np.bool_]) -> None:
        """Take the larger of the ended actions to the authorities or the media, and live with the result."""
        model, p = self.model, self.parameters
        asks = (ended & (self.taking_part >= p.petition_persons)).nonzero()[0]
        if asks.size == 0:
            return
        draws = model.chance.bits("petition", model.week, model.district.identity[asks])
        public = share(draws, 0) < p.media
        heard = self._receive(asks, public)
        answer = heard * chance_of_answer(self.taking_part[asks], p.petition_persons, p.respond, p.pressure)
        success = chance_of_success(self.share[asks], p.success_most, p.success_peak)
        answered = share(draws, 1) < answer
        succeeded = answered & (share(draws, 2) < success)
        result = np.full(ended.size, _NONE)
        result[asks] = np.where(succeeded, _SUCCESS, np.where(answered, _IN_VAIN, _UNANSWERED))
        self._petitions, self._successes = asks.size, int(np.count_nonzero(succeeded))
        self._relieve(result)
        self._teach(result, asks[public])
        model.voice.hear(asks, np.full(asks.size, _CHANNEL), succeeded, model.week + 1.0 - self.since[asks])
        self._end_causes(result)

    def _receive(self, asks: NDArray[np.int64], public: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Take the hours for hearing petitions from the desks; return how far each is heard, in [0, 1]."""
        model, p = self.model, self.parameters
        if p.petition_hours == 0.0:
            return np.ones(asks.size)
        street = model.district.street_of_community[model.district.community[asks]]
        at_street = p.petition_hours * np.bincount(street[public], minlength=model.district.streets)
        at_district = np.array([p.petition_hours * np.count_nonzero(~public)])
        heard = np.empty(asks.size)
        for level, asked, mine, desk in (
            ("street", at_street, public, street),
            ("district", at_district, ~public, np.zeros_like(street)),
        ):
            if mine.any():
                granted = model.authorities.take(level, asked, "petitions")
                heard[mine] = (granted / np.maximum(asked, 1e-300))[desk[mine]]
        return heard

    def _relieve(self, result: NDArray[np.int64]) -> None:
        """A petition relieves those who took part as the end of a case does: settled, failed or not handled."""
        g = self.model.scenario.grievances
        relief = np.array([0.0, g.relief_withdrawn, g.relief_failed, g.relief_settled], dtype=np.float32)
        took = self.joined & (result[self.estate] > _NONE)
        self.model.grievances.relieve(self.person[took], 1.0 - relief[result[self.estate[took]]])

    def _teach(self, result: NDArray[np.int64], public: NDArray[np.int64]) -> None:
        """Those who were received learn what authorities are worth; in public, all who took part do."""
        took = (self.joined & (result[self.estate] > _NONE)).nonzero()[0]
        estate = self.estate[took]
        order = np.lexsort((self.threshold[took], ~self.instigator[took], estate))
        took, estate = took[order], estate[order]
        open_to_all = np.zeros(self.since.size, dtype=bool)
        open_to_all[public] = True
        learns = received(estate, self.parameters.representatives, self.since.size) | open_to_all[estate]
        took, estate = took[learns], estate[learns]
        self.model.trust.learn(self.person[took], estate, np.full(took.size, BY_AUTHORITY), result[estate] == _SUCCESS)

    def _end_causes(self, result: NDArray[np.int64]) -> None:
        """End what successful petitions were about.

        A settlement among the parties cannot end an external shock, because who causes it (a building site, a plan,
        a road) is no party.  A petition goes to those above, to whom that somebody answers.
        """
        won = self.topic[(result[self.topic_estate] == _SUCCESS) & (self.topic >= 0)]
        self.model.incidents.settled(won, by="petition")
        if self.parameters.ends_shocks:
            self.model.incidents.stop(won, by="petition")

    # Afterwards -----------------------------------------------------------------------------------

    def _calm(self, ended: NDArray[np.bool_]) -> None:
        """Close the channel in estates that are stirred no more, and forget their crowds."""
        self.model.voice.close_channel(TO_COLLECTIVE, ended)
        self._keep(~ended[self.estate])
        goes_on = ~ended[self.topic_estate]
        self.topic, self.topic_estate = self.topic[goes_on], self.topic_estate[goes_on]
        self.since[ended] = -1
        self.taking_part[ended] = 0
        self.share[ended] = 0.0
        self.any = bool(np.count_nonzero(self.since >= 0))

    def _keep(self, rows: NDArray[np.bool_]) -> None:
        self.person, self.estate, self.threshold = self.person[rows], self.estate[rows], self.threshold[rows]
        self.instigator, self.joined = self.instigator[rows], self.joined[rows]

    def measures(self) -> dict[str, float]:
        """Return the week's outcomes."""
        k = self._thousand
        return {
            "collective": self._participants / k,
            "petitions": self._petitions / k,
            "petition_successes": self._successes / k,
            "stirred": float(np.count_nonzero(self.since >= 0)) / self.since.size if self.any else 0.0,
        }
