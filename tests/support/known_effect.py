"""A toy whose policy has an effect that is known: nothing, help or harm by two parameters, under noise."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd

from tests.support.toy_model import ToyModel

__all__ = ["SPREAD", "Known", "effect_of", "known"]

BASE, SPREAD = 10.0, 0.02


class Known(ToyModel):
    """A toy whose policy changes conflicts by a share that its parameters tell, under noise of each point's own."""

    def step(self) -> None:
        self.week += 1

    @property
    def outcomes(self) -> pd.DataFrame:
        strategy, told = self.scenario.coverage.strategy, effect_of(self.scenario)
        name = f"{self.seed} {strategy} {self.scenario.branches.reporting_hours} {self.scenario.services.effect}"
        chance = np.random.default_rng(list(hashlib.blake2b(name.encode(), digest_size=8).digest()))
        value = BASE * (1.0 + (told if strategy == "full" else 0.0)) + BASE * SPREAD * chance.normal()
        return pd.DataFrame({"week": np.arange(self.week), "conflicts": value})

    @property
    def estate_outcomes(self) -> pd.DataFrame:
        names = self.district.names
        weeks = np.repeat(np.arange(self.week), len(names))
        return pd.DataFrame({"week": weeks, "estate": np.tile(names, self.week), "conflicts": 0.0})

    @property
    def policy_hours(self) -> np.ndarray:
        return np.ones((self.week, self.district.estates))


def effect_of(scenario: Any) -> float:
    """What full coverage changes: nothing where services are bad, else from good to bad with the paperwork."""
    return (scenario.branches.reporting_hours - 3.0) / 10.0 if scenario.services.effect >= 0.1 else 0.0


def known(scenario: Any, district: Any, rng: int, replay: Any = None) -> Known:
    return Known(scenario, district, rng, replay)
