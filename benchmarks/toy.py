"""The complaint toy: a yardstick for "how fast is a week", written as Mesa users write a model.

Residents of 1,034 estates get aggrieved, complain, are mediated or give up.  One Python object for each
resident and estate, behaviour as methods, activation by `AgentSet.do`, the district's series in a
`DataCollector`.  Nothing here belongs to the laboratory's own model.
"""

from __future__ import annotations

from typing import Final

import mesa
import numpy as np

__all__ = ["Toy"]

ESTATES: Final = 1034
QUIET, AGGRIEVED, DISPUTE = range(3)
PATIENCE: Final = 8
"""Ticks after which an unmediated dispute is abandoned."""


def between(low: float, value: float, high: float) -> float:
    """Return `value`, moved to the nearer bound where it lies outside."""
    return low if value < low else high if value > high else value


class Estate(mesa.Agent):
    """A housing estate with a quality of service and a number of mediations a tick.

    Parameters
    ----------
    model
        The toy.
    quality
        Between 0 and 1.
    mediations
        Disputes that can be mediated in a tick.
    """

    def __init__(self, model: Toy, quality: float, mediations: int) -> None:
        super().__init__(model)
        self.quality = quality
        self.mediations = mediations
        self.residents: list[Resident] = []
        self.disputes: list[Resident] = []
        self.open_rate: list[float] = []

    def mediate(self) -> None:
        """Mediate the oldest disputes; those that stay open age, and are abandoned in the end."""
        still_open = []
        for turn, resident in enumerate(self.disputes):
            if turn < self.mediations and self.random.random() < 0.7:
                resident.leave(satisfaction=0.1, trust=0.05)
                continue
            resident.timer += 1
            if resident.timer < PATIENCE:
                still_open.append(resident)
            else:
                resident.leave(satisfaction=-0.2, trust=-0.1)
        self.disputes = still_open

    def adjust(self) -> None:
        """Let quality follow satisfaction, and record the estate's open disputes."""
        number = len(self.residents)
        mean = sum([resident.satisfaction for resident in self.residents]) / number
        self.quality = between(0.05, self.quality + 0.01 * (0.7 - mean), 0.95)
        self.open_rate.append(1000.0 * len(self.disputes) / number)


class Resident(mesa.Agent):
    """A resident who may get aggrieved, complain, and be content again.

    Parameters
    ----------
    model
        The toy.
    estate
        Where the resident lives.
    propensity, satisfaction, trust
        The resident's own.
    """

    def __init__(self, model: Toy, estate: Estate, propensity: float, satisfaction: float, trust: float) -> None:
        super().__init__(model)
        self.estate = estate
        self.propensity = propensity
        self.satisfaction = satisfaction
        self.trust = trust
        self.state = QUIET
        self.timer = 0
        estate.residents.append(self)

    def react(self) -> None:
        """Get aggrieved, or turn a grievance of the last tick into a dispute or let it go."""
        if self.state == QUIET:
            if self.random.random() < 0.02 * self.propensity * (1.0 - self.estate.quality):
                self.state = AGGRIEVED
        elif self.state == AGGRIEVED:
            if self.random.random() < 1.0 - self.trust:
                self.state = DISPUTE
                self.timer = 0
                self.estate.disputes.append(self)
            else:
                self.state = QUIET

    def leave(self, satisfaction: float, trust: float) -> None:
        """End the dispute, better or worse off."""
        self.state = QUIET
        self.satisfaction += satisfaction
        self.trust = between(0.0, self.trust + trust, 1.0)

    def settle_down(self) -> None:
        """Draw satisfaction towards the quality of the estate."""
        self.satisfaction += 0.05 * (self.estate.quality - self.satisfaction)


class Toy(mesa.Model):
    """The toy district.

    Parameters
    ----------
    residents
        Number of residents over all estates.
    rng
        Seed.
    """

    def __init__(self, residents: int, rng: int = 1) -> None:
        super().__init__(rng=rng)
        draw = np.random.default_rng(rng)
        weights = draw.lognormal(0.0, 0.7, ESTATES)
        sizes = 1 + draw.multinomial(residents - ESTATES, weights / weights.sum())
        quality = draw.uniform(0.4, 0.9, ESTATES)
        mediations = np.floor(0.003 * sizes + draw.uniform(0.0, 1.0, ESTATES)).astype(int)
        estates = Estate.create_agents(self, ESTATES, quality.tolist(), mediations.tolist())
        homes = [estate for estate, size in zip(estates, sizes.tolist(), strict=True) for _ in range(size)]
        Resident.create_agents(
            self,
            residents,
            homes,
            draw.lognormal(0.0, 0.5, residents).tolist(),
            draw.normal(0.55, 0.1, residents).tolist(),
            draw.uniform(0.3, 0.9, residents).tolist(),
        )
        self.size = residents
        self.datacollector = mesa.DataCollector(model_reporters={"open": Toy.open_rate})

    def open_rate(self) -> float:
        """Open disputes per 1,000 residents of the district."""
        return 1000.0 * sum(len(estate.disputes) for estate in self.agents_by_type[Estate]) / self.size

    def step(self) -> None:
        """Run one tick."""
        residents, estates = self.agents_by_type[Resident], self.agents_by_type[Estate]
        residents.do("react")
        estates.do("mediate")
        residents.do("settle_down")
        estates.do("adjust")
        self.datacollector.collect(self)
