"""Two futures, lived pair by pair: what a session's thread does.

Replicate after replicate, both arms leave one past and live the same weeks in step, so that a page sees them grow side
by side.  What has been lived is kept by all that it depends on: where only the own arm's policy changes, its past and
the other arm are there already, and the answer takes half the time.

Two threads never look at one model: a page reads the tables and the frames that a `Life` has laid out, and the models
themselves only when they are done.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.core.design.design import seed_of
from experiments.core.log import log
from experiments.core.run.job import past
from experiments.core.statistics.exposure import Exposure, grain
from experiments.core.statistics.paired import Paired, paired
from experiments.dashboard.inquiry import WARMUP, Inquiry
from sim import GovernanceModel, Scenario
from sim.core.errors import GongzhiError
from sim.outcomes import definition

type Kept = OrderedDict[Hashable, Any]

TURNS: Final = threading.BoundedSemaphore(max(1, os.cpu_count() or 1))
"""Who lives a week holds one: pages take turns week by week, however many of them there are."""
PAUSE: Final = 0.25
"""Seconds between two looks at an experiment."""
PASTS, LIVES, FRAMED = 12, 96, 6
"""How many a session keeps: pasts, lives of which the table alone is there, and lives with frames and model."""


class Stopped(Exception):
    """The experiment is not wanted any more."""


class Memory:
    """What a session has lived before: the latest pasts and lives, by all that they depend on."""

    def __init__(self) -> None:
        self.pasts: Kept = OrderedDict()
        self.lives: Kept = OrderedDict()
        self.framed: Kept = OrderedDict()

    def recall(self, key: Hashable) -> Any:
        """Return a past or a life, which then is the latest; None of what is not there."""
        for kept in (self.framed, self.lives, self.pasts):
            if key in kept:
                kept.move_to_end(key)
                return kept[key]
        return None

    def keep(self, key: Hashable, lived: Any) -> None:
        """Keep a past or a life that has ended, and forget the one that nobody has wanted for longest."""
        kept, most = self.pasts, PASTS
        if isinstance(lived, Life):
            kept, most = (self.framed, FRAMED) if lived.framed else (self.lives, LIVES)
        kept[key] = lived
        kept.move_to_end(key)
        if len(kept) > most:
            kept.popitem(last=False)

    def clear(self) -> None:
        """Forget all."""
        for kept in (self.pasts, self.lives, self.framed):
            kept.clear()


@dataclass(frozen=True)
class Frame:
    """The estates at the end of a week: what a map shows, shape (estates,) each."""

    open: NDArray[np.float64]
    satisfaction: NDArray[np.float64]
    hazards: NDArray[np.float64]
    branch: NDArray[np.int8]

    @classmethod
    def of(cls, model: Any) -> Frame:
        """Look at a model."""
        households = model.district.households
        cases = np.bincount(model.disputes.book.estate[model.disputes.open], minlength=households.size)
        return cls(
            open=1000.0 * cases / households,
            satisfaction=np.array(model.satisfaction.mean, dtype=np.float64),
            hazards=np.array(model.hazards.charging, dtype=np.float64),
            branch=np.array(model.branches.kind, dtype=np.int8),
        )


@dataclass(eq=False)
class Life:
    """One arm in one replicate.

    Attributes
    ----------
    framed
        Whether it is looked at, as those of the first replicate: it has frames, one for each week after the warm-up,
        and its model when all weeks have been lived (`done`).
    table
        Outcomes by week after the warm-up, as they were when somebody last looked.
    """

    framed: bool
    model: Any = None
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    frames: list[Frame] = field(default_factory=list)
    done: bool = False

    @property
    def weeks(self) -> int:
        """Weeks after the warm-up in the table."""
        return len(self.table)

    def note(self) -> None:
        """Keep what a map shows of the week that has just been lived."""
        if self.framed:
            self.frames.append(Frame.of(self.model))

    def lay_out(self) -> None:
        """Let others see the weeks so far."""
        self.table = self.model.outcomes.iloc[WARMUP:]

    def end(self) -> None:
        """Lay out the whole life, and keep the model only where it is looked at."""
        self.lay_out()
        self.done = True
        if not self.framed:
            self.model = None


class Experiment:
    """An inquiry as it is being answered.

    Its `pairs` are the lives of each replicate that has begun, left and right; it is `running` until it has ended or
    been stopped.  `look` is called in the thread of the experiment whenever there is something new to see.
    """

    def __init__(self, inquiry: Inquiry, memory: Memory, look: Callable[[], None] = lambda: None) -> None:
        self.inquiry = inquiry
        self.memory = memory
        self.pairs: list[tuple[Life, Life]] = []
        self.error: Exception | None = None
        self.running = True
        self.warming = 0
        self._look = look
        self._stop = threading.Event()
        self._looked = 0.0

    # What is there -------------------------------------------------------------------------------

    @property
    def finished(self) -> list[tuple[Life, Life]]:
        """The pairs of which both lives have ended."""
        return [pair for pair in list(self.pairs) if all(life.done for life in pair)]

    @property
    def first(self) -> tuple[Life, Life] | None:
        """The first pair, of which there are frames and, at its end, models."""
        return self.pairs[0] if self.pairs else None

    def effect(self, outcome: str) -> Paired:
        """Compare right with left in an outcome: its mean over the weeks after the warm-up, pair by pair."""
        pairs = [(left.table, right.table) for left, right in self.finished]
        left, right = ([float(tables[side][outcome].mean()) for tables in pairs] for side in (0, 1))
        side = definition(outcome)
        step = grain(outcome, Exposure(float(self.inquiry.ground.households.sum()), self.inquiry.weeks))
        alike = all(before.equals(after) for before, after in pairs)  # as of two arms that are one
        return paired(right, left, side.better if side else "neither", grain=step, alike=alike)

    def weekly(self, outcome: str) -> NDArray[np.float64]:
        """Return an outcome by replicate, side and week, shape (replicates, 2, weeks); NaN where not lived yet."""
        pairs = [pair for pair in list(self.pairs) if all(life.weeks for life in pair)]
        values = np.full((len(pairs), 2, self.inquiry.weeks), np.nan)
        for number, pair in enumerate(pairs):
            for side, life in enumerate(pair):
                table = life.table  # another one may be laid out meanwhile
                values[number, side, : len(table)] = table[outcome].to_numpy(dtype=np.float64)
        return values

    # Living --------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Let it end before its next week."""
        self._stop.set()

    def live(self) -> None:
        """Live all pairs; nothing is raised, since this is the whole of a thread."""
        try:
            for replicate in range(self.inquiry.replicates):
                self._live_pair(replicate)
        except Stopped:
            pass
        except Exception as error:
            self.error = error
            if not isinstance(error, GongzhiError):  # the page has its words, and whoever serves it wants the place
                log.error("A run of the dashboard broke off: %r", error, exc_info=True)
        finally:
            self.running = False
            self._look()

    def _live_pair(self, replicate: int) -> None:
        inquiry, seed = self.inquiry, seed_of(self.inquiry.seed, 0, replicate)  # as in `gongzhi compare`
        left, right = inquiry.scenario(inquiry.left), inquiry.scenario(inquiry.right)
        keys = [self._key(left, seed), self._key(right, seed)]
        if inquiry.fork is not None:
            keys[1] = (*keys[0], inquiry.fork, *keys[1])
        lives = [self.memory.recall(key) or Life(framed=replicate == 0) for key in keys]
        self.pairs.append((lives[0], lives[1]))
        fresh = [(key, life) for key, life in zip(keys, lives, strict=True) if not life.done]
        for _, life in fresh:
            if life is lives[0] or inquiry.fork is None:
                own = left if life is lives[0] else right
                life.model = self._past(own, seed).fork(own)
            else:
                self._fork_late(life, left, right, seed)
        for week in range(WARMUP, WARMUP + inquiry.weeks):
            for _, life in fresh:
                if life.model.week <= week:
                    self._step(life.model)
                    life.note()
            self._show(life for _, life in fresh)
        for key, life in fresh:
            life.end()
            self.memory.keep(key, life)
        self._look()

    def _fork_late(self, life: Life, left: Scenario, right: Scenario, seed: int) -> None:
        """Let a life be the left-hand future until the week of the fork."""
        life.model = self._past(left, seed).fork(left)
        for _ in range(self.inquiry.fork or 0):
            self._step(life.model)
            life.note()
            self._show([life])
        life.model = life.model.fork(right)

    def _past(self, scenario: Scenario, seed: int) -> Any:
        """Return the district at the end of the warm-up, before any policy."""
        before = past(scenario)
        key = ("past", *self._key(before, seed))
        model = self.memory.recall(key)
        if model is None:
            self.warming = WARMUP
            model = GovernanceModel(before, district=self.inquiry.ground, rng=seed)
            for week in range(WARMUP):
                self.warming = WARMUP - week
                self._step(model)
                self._show([])
            self.warming = 0
            self.memory.keep(key, model)
        return model

    def _step(self, model: Any) -> None:
        if self._stop.is_set():
            raise Stopped
        with TURNS:
            model.step()

    def _show(self, lives: Iterable[Life]) -> None:
        """Let the page look, if it has not for a while."""
        now = time.monotonic()
        if now - self._looked >= PAUSE:
            for life in lives:
                life.lay_out()
            self._looked = now
            self._look()

    def _key(self, scenario: Scenario, seed: int) -> tuple[Hashable, ...]:
        return scenario.fingerprint(), self.inquiry.ground.fingerprint, seed
