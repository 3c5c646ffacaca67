"""Satisfaction with life in the estate (M5).

    sat <- sat + 0.05 (condition - sat)

where ``condition`` is what the estate offers, less a little for every incident that touches the person and
for every week with an unresolved case.  As with trust, a person is the estate's level plus a deviation that
fades by itself, so only those to whom something happened are visited; the means are exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Step, fixed
from sim.core.codes import CATEGORIES
from sim.parameters.parameter import Section, parameter, switch
from sim.residents.fading import Fading

__all__ = ["Satisfaction", "SatisfactionSection"]


class SatisfactionSection(Section):
    """Parameters of M5, satisfaction."""

    enabled: bool = switch("satisfaction follows conditions (off: it stays where it began)")
    pace: float = parameter(
        0.05,
        unit="share per week",
        low=0.0,
        high=0.99,
        sweep=(0.02, 0.1),
        status="assumed",
        source="prototype",
        doc="how fast satisfaction follows what is lived through",
    )
    touch_cost: float = parameter(
        0.05,
        unit="satisfaction per touch",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.1),
        status="assumed",
        source="prototype",
        doc="how much each incident that touches a person lowers the person's condition",
    )
    case_cost: float = parameter(
        0.1,
        unit="satisfaction",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.2),
        status="assumed",
        source="prototype",
        doc="how much an unresolved case lowers the person's condition",
    )
    weight_service: float = parameter(
        0.4,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.2, 0.6),
        status="assumed",
        source="no data known",
        doc="weight of service among the conditions; the other categories share the rest equally",
    )


class Satisfaction(Component):
    """How content residents are.

    Attributes
    ----------
    level
        What the estate's own condition makes of satisfaction, shape (estates,).
    mean
        Mean satisfaction of each estate, shape (estates,), in [0, 1].
    deviation, changed
        Person's deviation from the level, and the week of its last change, shape (attitude rows,).
    """

    section = "satisfaction"
    steps = (Step("follow", doc="satisfaction follows conditions", equation="M5", stage="attitudes"),)

    def prepare(self) -> None:
        p = self.parameters
        pace = p.pace if p.enabled else 0.0
        self._left = Fading(1.0 - pace)
        rest = (1.0 - p.weight_service) / (len(CATEGORIES) - 1)
        self._weights = fixed(np.array([p.weight_service] + [rest] * (len(CATEGORIES) - 1)))

    def settle_in(self) -> None:
        rows, estates = self.model.residents.attitude_rows, self.model.district.estates
        self.level = self.condition()
        self.deviation = np.zeros(rows, dtype=np.float32)
        self.changed = np.zeros(rows, dtype=np.int16)
        self.deviation_sum = np.zeros(estates)
        self.mean = self.level.copy()

    def condition(self) -> NDArray[np.float64]:
        """What the estate offers, shape (estates,): 1 where nothing goes wrong, 1/2 at average conditions."""
        g = self.model.incidents.conditions
        return 1.0 - self._weights @ (g / (1.0 + g))

    def disturb(self, person: NDArray[np.int64], estate: NDArray[np.int64] | None = None) -> None:
        """Charge each touch to the person whom it met (persons may repeat); `estate` saves looking theirs up."""
        if self.parameters.enabled:
            self._charge(person, estate, self.parameters.touch_cost)

    def wait(self, person: NDArray[np.int64], estate: NDArray[np.int64] | None = None) -> None:
        """Charge a week with an open case to each of the given persons."""
        if self.parameters.enabled:
            self._charge(person, estate, self.parameters.case_cost)

    def _charge(self, person: NDArray[np.int64], estate: NDArray[np.int64] | None, cost: float) -> None:
        people, week = self.model.residents, self.model.week
        estate = people.estate[person] if estate is None else estate
        # The week's pace will fade this charge too, at its end.
        impulse = self.parameters.pace * cost / (1.0 - self.parameters.pace)
        self.deviation_sum -= impulse * np.bincount(estate, minlength=self.deviation_sum.size)
        if people.sampled:
            own = people.has_own_attitude(person, estate)
            row = people.attitude_row(person[own], estate[own])
        else:
            row = person
        deviation = self.deviation
        faded = deviation.take(row)
        faded *= self._left.until(week).take(week - self.changed.take(row).astype(np.int64))
        deviation[row] = faded
        self.changed[row] = week
        np.subtract.at(deviation, row, np.float32(impulse))

    def of(self, person: NDArray[np.int64]) -> NDArray[np.float64]:
        """Satisfaction of the given residents, shape (n,), in [0, 1]."""
        people = self.model.residents
        estate = people.estate[person]
        row = people.attitude_row(person, estate)
        week = self.model.week
        own = self.deviation[row] * self._left.until(week)[week - self.changed[row]]
        return np.clip(self.level[estate] + own, 0.0, 1.0)

    def follow(self) -> None:
        """Let satisfaction follow the week's conditions."""
        p = self.parameters
        if not p.enabled:
            return
        self.level += p.pace * (self.condition() - self.level)
        self.deviation_sum *= 1.0 - p.pace
        mean = self.level + self.deviation_sum / self.model.district.adults
        np.minimum(np.maximum(mean, 0.0, out=mean), 1.0, out=self.mean)

    def newcomers(self, person: NDArray[np.int64], estate: NDArray[np.int64]) -> None:
        """Let those who moved in begin at the estate's level (each person at most once)."""
        people, week = self.model.residents, self.model.week
        own = people.has_own_attitude(person, estate)
        row = people.attitude_row(person[own], estate[own])
        left = self.deviation[row] * self._left.until(week)[week - self.changed[row]]
        scale = self.model.district.adults / people.attitudes
        gone = np.bincount(estate[own], left, self.deviation_sum.size)
        self.deviation_sum -= gone * scale
        self.deviation[row] = 0.0
        self.changed[row] = week
