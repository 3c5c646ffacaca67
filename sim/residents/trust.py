"""Trust (M5): in the firm, the committee, the branch and the authorities.

A success moves trust up by ``a+ (1 - T)``, a failure down by ``a- T``.  Own experience is rare, so people
also learn from others: about 60 hear of each outcome, which moves the mean of the estate.  A person's
trust is kept as the estate's mean ``G`` and a deviation ``D`` that both drift home by 1 % a week, so that
nobody needs to be visited until something happens to them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Step, fixed
from sim.core.chance import fields, normal_levels
from sim.core.codes import INSTITUTIONS
from sim.core.pieces import pieces
from sim.parameters.parameter import Section, parameter, switch
from sim.residents.fading import Fading

__all__ = ["Trust", "TrustSection"]


class TrustSection(Section):
    """Parameters of M5, trust."""

    enabled: bool = switch("trust learns from outcomes (off: it stays where it began)")
    gain: float = parameter(
        0.06,
        unit="share of the distance to 1",
        low=0.0,
        high=1.0,
        sweep=(0.03, 0.12),
        status="assumed",
        source="prototype",
        doc="a+, what a success adds",
    )
    loss: float = parameter(
        0.18,
        unit="share of trust",
        low=0.0,
        high=1.0,
        sweep=(0.06, 0.3),
        status="assumed",
        source="direction: negative news weighs more (Poortinga and Pidgeon 2004, n = 396); no ratio found "
        "(docs/evidence.md, 63)",
        doc="a-, what a failure takes",
    )
    drift: float = parameter(
        0.01,
        unit="share per week",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.05),
        status="assumed",
        source="prototype",
        doc="return to the baseline",
    )
    audience: float = parameter(
        60.0,
        unit="persons",
        low=0.0,
        high=10000.0,
        sweep=(0.0, 300.0),
        status="assumed",
        source="prototype",
        doc="people of the estate who hear of an outcome",
    )
    voice: float = parameter(
        0.03,
        unit="share of the distance to 1",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.06),
        status="literature",
        source="direction: Shapiro and Brett 1993, 158 grievances, being heard counts beside the outcome "
        "(abstract; docs/evidence.md, 39); size unknown",
        doc="what being heard at a deliberation platform adds to trust, whatever came of it",
    )
    baseline: float = parameter(
        0.5,
        unit="trust",
        low=0.0,
        high=1.0,
        sweep=(0.3, 0.7),
        status="assumed",
        source="one value for all institutions, so that none is favoured by assumption",
        doc="trust in an institution of which nothing is known",
    )
    spread: float = parameter(
        0.12,
        unit="trust",
        low=0.0,
        high=0.5,
        sweep=(0.0, 0.25),
        status="assumed",
        source="no data known",
        doc="standard deviation between the residents of an estate at first",
    )


class Trust(Component):
    """Trust of residents in institutions.

    Attributes
    ----------
    estate_mean
        G, shape (4, estates).
    deviation
        D at the week of its last change, shape (attitude rows, 4).
    changed
        That week, shape (attitude rows,).
    deviation_sum
        Sum of D over the attitude rows of each estate, faded to this week, shape (4, estates).
    """

    section = "trust"
    steps = (Step("pass_week", doc="trust drifts home", equation="M5", stage="attitudes"),)

    def prepare(self) -> None:
        drift = self.parameters.drift if self.parameters.enabled else 0.0
        self._left = Fading(1.0 - drift)
        p = self.parameters
        heard = np.minimum(p.audience / self.model.district.adults, 1.0 - 1e-9)
        # How far one outcome moves an estate's mean, as a rate.
        self._up, self._down = fixed(-np.log1p(-p.gain * heard)), fixed(-np.log1p(-p.loss * heard))
        self._levels = fixed((self.parameters.spread * normal_levels()).astype(np.float32))

    def settle_in(self) -> None:
        people = self.model.residents
        p = self.parameters
        rows, estates = people.attitude_rows, self.model.district.estates
        self.estate_mean = np.full((len(INSTITUTIONS), estates), p.baseline)
        self.deviation = np.empty((rows, len(INSTITUTIONS)), dtype=np.float32)
        self.changed = np.zeros(rows, dtype=np.int16)
        self.deviation_sum = np.empty((len(INSTITUTIONS), estates))
        for some, row in pieces(people.attitudes):
            fresh = self._fresh(people.identity(people.attitude_person(some, row)), 0)
            self.deviation[row] = fresh
            first = people.attitude_first[some] - row[0]
            self.deviation_sum[:, some] = np.add.reduceat(fresh, first, axis=0, dtype=np.float64).T

    def _fresh(self, who: NDArray[np.uint64], week: int) -> NDArray[np.float32]:
        """Draw first deviations, shape (n, 4): one field of a word of chance for each institution."""
        return self._levels[fields(self.model.chance.bits("trust", week, who))]

    def _faded(self, row: NDArray[np.int64]) -> NDArray[np.float32]:
        """What is left today of the deviations in these rows, shape (n,)."""
        week = self.model.week
        return self._left.until(week)[week - self.changed[row].astype(np.int64)]

    def of(self, person: NDArray[np.int64], estate: NDArray[np.int64]) -> NDArray[np.float64]:
        """Trust of the given residents in every institution, shape (n, 4), in [0, 1]."""
        row = self.model.residents.attitude_row(person, estate)
        trust = self.deviation.take(row, axis=0) * self._faded(row)[:, None]
        trust += self.estate_mean.take(estate, axis=1).T
        return np.minimum(np.maximum(trust, 0.0, out=trust), 1.0, out=trust)

    def in_one(
        self,
        person: NDArray[np.int64],
        estate: NDArray[np.int64],
        institution: NDArray[np.int64] | int,
    ) -> NDArray[np.float32]:
        """Trust of each of the given residents in one institution, their own or all the same, shape (n,), in [0, 1]."""
        row = self.model.residents.attitude_row(person, estate)
        trust = self.deviation.ravel()[row * len(INSTITUTIONS) + institution] * self._faded(row)
        trust += self.estate_mean.ravel()[institution * self.model.district.estates + estate]
        return np.minimum(np.maximum(trust, 0.0, out=trust), 1.0, out=trust)

    def mean(self, institution: int | str) -> NDArray[np.float64]:
        """Mean trust of each estate in an institution, shape (estates,), in [0, 1]."""
        k = INSTITUTIONS.index(institution) if isinstance(institution, str) else institution
        return self.means(k)

    def means(self, institutions: int | slice = slice(None)) -> NDArray[np.float64]:
        """Mean trust of each estate in several institutions, shape (institutions, estates), in [0, 1]."""
        mean = self.deviation_sum[institutions] / self.model.residents.attitudes
        mean += self.estate_mean[institutions]
        return np.minimum(np.maximum(mean, 0.0, out=mean), 1.0, out=mean)

    def learn(
        self,
        person: NDArray[np.int64],
        estate: NDArray[np.int64],
        institution: NDArray[np.int64],
        success: NDArray[np.bool_],
    ) -> None:
        """Let residents, and those whom they tell, learn from how their cases went.

        Parameters
        ----------
        person, estate, institution
            Rows and institution of each outcome, shape (n,); each person at most once.
        success
            Whether the outcome was a settlement.
        """
        p = self.parameters
        if not p.enabled or person.size == 0:
            return
        trust = self.in_one(person, estate, institution)
        step = np.where(success, p.gain * (1.0 - trust), -p.loss * trust)
        self._move(person, estate, institution, step)
        estates = self.model.district.estates
        cell = institution * estates + estate
        size = len(INSTITUTIONS) * estates
        up = np.bincount(cell, np.where(success, self._up[estate], 0.0), size).reshape(-1, estates)
        down = np.bincount(cell, np.where(success, 0.0, self._down[estate]), size).reshape(-1, estates)
        # Many outcomes in one week act one after the other: their sum as a rate keeps G inside [0, 1].
        total = up + down
        self.estate_mean += (up / np.maximum(total, 1e-300) - self.estate_mean) * -np.expm1(-total)

    def feel_heard(self, person: NDArray[np.int64], estate: NDArray[np.int64], institution: NDArray[np.int64]) -> None:
        """Let residents (each at most once) gain trust from having been heard, whatever came of it."""
        if self.parameters.enabled:
            trust = self.in_one(person, estate, institution)
            self._move(person, estate, institution, self.parameters.voice * (1.0 - trust))

    def _move(self, person: NDArray, estate: NDArray, institution: NDArray, step: NDArray) -> None:
        """Change deviations; only those who have an attitude row of their own write to it."""
        people, week = self.model.residents, self.model.week
        if people.sampled:
            own = people.has_own_attitude(person, estate).nonzero()[0]
            person, estate, institution, step = person[own], estate[own], institution[own], step[own]
        row = people.attitude_row(person, estate)
        self.deviation[row] = self.deviation.take(row, axis=0) * self._faded(row)[:, None]
        self.changed[row] = week
        self.deviation[row, institution] += step
        cell = institution * self.model.district.estates + estate
        self.deviation_sum += np.bincount(cell, step, self.deviation_sum.size).reshape(self.deviation_sum.shape)

    def pass_week(self) -> None:
        """Let everybody's trust drift home by a week."""
        if self.parameters.enabled:
            self.estate_mean += self.parameters.drift * (self.parameters.baseline - self.estate_mean)
            self.deviation_sum *= 1.0 - self.parameters.drift

    def reset(self, institution: int | str, estates: NDArray[np.bool_]) -> None:
        """Forget what an estate thinks of an institution, e.g. of a firm that has been replaced."""
        k = INSTITUTIONS.index(institution) if isinstance(institution, str) else institution
        self.estate_mean[k, estates] = self.parameters.baseline

    def begin(self, institution: int | str, estates: NDArray[np.int64], more: NDArray[np.float64]) -> None:
        """Let estates trust an institution that is new to them more, or less, than one of which nothing is known.

        Parameters
        ----------
        institution
            Number or name.
        estates
            Rows, each once, shape (n,).
        more
            What is added to their mean, which stays within 0 and 1, shape (n,).
        """
        k = INSTITUTIONS.index(institution) if isinstance(institution, str) else institution
        self.estate_mean[k, estates] = np.clip(self.estate_mean[k, estates] + more, 0.0, 1.0)

    def newcomers(self, person: NDArray[np.int64], estate: NDArray[np.int64]) -> None:
        """Give those who moved in attitudes of their own (each person once, in order of rows)."""
        people, week = self.model.residents, self.model.week
        own = people.has_own_attitude(person, estate)
        person, estate = person[own], estate[own]
        if person.size == 0:
            return
        row = people.attitude_row(person, estate)
        fresh = self._fresh(people.identity(person), week)
        change = fresh - self.deviation[row] * self._faded(row)[:, None]
        self.deviation[row] = fresh
        self.changed[row] = week
        # Persons come in order of their estates, so each estate's changes stand together.
        heads = np.diff(estate, prepend=-1).nonzero()[0]
        self.deviation_sum[:, estate[heads]] += np.add.reduceat(change, heads, axis=0, dtype=np.float64).T
