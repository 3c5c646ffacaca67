"""A toy model with two populations, for the tests beside it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.agents import Agent, PopulatedModel, Population, column, derived


class Villager(Agent):
    """A toy agent."""

    trust = column(np.float32, 0.5, unit="share", doc="trust in the firm")
    house = column(np.int16, doc="number of the house")
    owner = column(np.bool_, doc="owns the house")
    name = column(object, "nobody")

    def move(self, house: int = 1) -> int:
        self.house = self.house + house
        return self.house


class Villagers(Population):
    """A toy population."""

    agent = Villager

    @derived(unit="share")
    def distrust(self, rows: np.ndarray) -> np.ndarray:
        """One less trust."""
        return 1 - self.trust[rows]


class Shop(Agent):
    """Another toy agent."""

    trust = column(np.float64, 0.25)
    hours = column(np.float64, 8.0)


class Shops(Population):
    """Another toy population."""

    agent = Shop


class Village(PopulatedModel):
    """A toy model."""

    def __init__(self, size: int = 6, present: Any = None, rng: int = 1) -> None:
        super().__init__(rng=rng)
        self.villagers = Villagers(self, size)
        open_shops = np.array([True, False, True, True])
        self.shops = Shops(self, 4, present=open_shops if present is None else present)
        self.add_population(self.villagers)
        self.add_population(self.shops)

    def step(self) -> None:
        self.villagers.house += 1


def rows(agents: Any) -> list[int]:
    """Rows of agents, in order."""
    return [agent.row for agent in agents]
