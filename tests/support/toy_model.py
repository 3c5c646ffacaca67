"""A toy in place of the model: as cheap as a few numbers a week, and as strict about what may move what.

Every draw is a hash of seed, week and estate, so that two arms share them; a branch lowers an estate's level.
The toy forks, keeps policy hours and replays them, as the model does.
"""

from __future__ import annotations

import copy
import os
import signal
import time
import warnings
from typing import Any

import numpy as np
import pandas as pd

EFFECT = {"none": 0.0, "own": 0.05, "full": 0.2, "hours_matched:full": 0.1, "hours_matched_tied:full": 0.12}


def draws(seed: int, week: int, count: int) -> np.ndarray:
    """Uniform draws by seed, week and estate."""
    who = np.arange(count, dtype=np.uint64)
    with np.errstate(over="ignore"):
        mixed = (who + np.uint64(seed % 2**32)) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(week * 7919)
        mixed ^= mixed >> np.uint64(30)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(27)
        mixed *= np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return mixed / 2.0**64


class ToyModel:
    """Conflicts follow an autoregression around a level that branches lower."""

    def __init__(self, scenario: Any, district: Any, rng: int, replay: np.ndarray | None = None) -> None:
        self.scenario, self.district, self.seed, self.replay = scenario, district, rng, replay
        self.week = 0
        self.level = np.ones(district.estates)
        self.rows: list[list[float]] = []
        self.by_estate: list[np.ndarray] = []
        self.hours: list[np.ndarray] = []

    def step(self) -> None:
        strategy = self.scenario.coverage.strategy
        start = self.scenario.coverage.start_week
        active = self.week >= (self.scenario.run.warmup if start is None else start)
        count = self.district.estates
        effect = EFFECT.get(strategy, 0.02) if active else 0.0
        hours = np.full(count, 10.0 * effect)
        if self.replay is not None:
            hours = self.replay[self.week]
            effect = 0.05 * float(hours.mean())
        noise = draws(self.seed, self.week, count)
        self.level = 0.8 * self.level + 0.2 * (1.0 - effect) * 2 * noise
        filed = self.level * (0.5 + effect)
        self.rows.append([self.level.mean(), filed.mean(), self.level.mean() * 0.4, float(hours.sum())])
        self.by_estate.append(np.stack([self.level, filed, self.level * 0.4]))
        self.hours.append(hours)
        self.week += 1

    def fork(self, scenario: Any, replay: np.ndarray | None = None) -> ToyModel:
        other = copy.copy(self)
        other.scenario, other.replay = scenario, replay
        other.rows, other.by_estate, other.hours = list(self.rows), list(self.by_estate), list(self.hours)
        return other

    @property
    def outcomes(self) -> pd.DataFrame:
        frame = pd.DataFrame(self.rows, columns=["conflicts", "filed", "standing", "hours"])
        frame.insert(0, "week", np.arange(len(frame)))
        return frame

    @property
    def estate_outcomes(self) -> pd.DataFrame:
        names = self.district.names
        stacked = np.concatenate(self.by_estate, axis=1)
        return pd.DataFrame(
            {
                "week": np.repeat(np.arange(len(self.by_estate)), len(names)),
                "estate": np.tile(names, len(self.by_estate)),
                "conflicts": stacked[0],
                "filed": stacked[1],
                "standing": stacked[2],
            }
        )

    @property
    def policy_hours(self) -> np.ndarray:
        return np.array(self.hours)


def toy(scenario: Any, district: Any, rng: int, replay: np.ndarray | None = None) -> ToyModel:
    """The toy as it is."""
    return ToyModel(scenario, district, rng, replay)


class SlowToy(ToyModel):
    """Takes its time, so that it can be interrupted."""

    def step(self) -> None:
        time.sleep(0.0015)
        super().step()


class SlowerToy(ToyModel):
    """Takes long enough to be caught also where the one who catches has to wait for a core."""

    def step(self) -> None:
        time.sleep(0.006)
        super().step()


def slower(scenario: Any, district: Any, rng: int, replay: np.ndarray | None = None) -> ToyModel:
    """A toy of which a hundred runs take some twenty seconds."""
    return SlowerToy(scenario, district, rng, replay)


def slow(scenario: Any, district: Any, rng: int, replay: np.ndarray | None = None) -> ToyModel:
    """A toy that can be caught in the middle of a run."""
    return SlowToy(scenario, district, rng, replay)


class Failing(ToyModel):
    """Fails late in `own`, on some seeds."""

    def step(self) -> None:
        super().step()
        if self.scenario.coverage.strategy == "own" and self.week == 15 and self.seed % 2:
            raise ZeroDivisionError("injected")


def failing(scenario: Any, district: Any, rng: int, replay: np.ndarray | None = None) -> ToyModel:
    """A toy of which some runs fail."""
    return Failing(scenario, district, rng, replay)


class Dying(ToyModel):
    """Takes its process along in `own`, unless a file says that it may live."""

    def step(self) -> None:
        super().step()
        if self.scenario.coverage.strategy == "own" and self.week == 15:
            os.kill(os.getpid(), signal.SIGKILL)


def dying(scenario: Any, district: Any, rng: int, replay: np.ndarray | None = None) -> ToyModel:
    """A toy one of whose arms kills its process, as a lack of memory would."""
    return Dying(scenario, district, rng, replay)


def warning(scenario: Any, district: Any, rng: int, replay: np.ndarray | None = None) -> ToyModel:
    """A toy that warns."""
    warnings.warn("the toy is only a toy", RuntimeWarning, stacklevel=1)
    return ToyModel(scenario, district, rng, replay)


ARMS = ["none", "own", "full", "hours_matched:full", "hours_matched_tied:full"]
SMALL = {"run.weeks": 30, "run.warmup": 10, "district.estates": 12}
