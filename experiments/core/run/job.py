"""One job: all arms of one replicate on one ground, in one process.

The weeks before a policy starts are the same in every arm, so they are run once and every arm forks from there.
Whether an arm may do so depends on the arm alone and never on what else is left to run, so a resumed experiment goes
exactly the way an uninterrupted one does.  Each arm is stored by the process that ran it in the moment it ends.
"""

import gc
import os
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from experiments.core.design.design import POLICY, SWITCHES, Run, start_week
from experiments.core.design.user_strategies import Plugin, register
from experiments.core.environment import fingerprint
from experiments.core.store.store import Store
from sim import District, GovernanceModel, Scenario
from sim.core.errors import GongzhiError, StoreError, own_line, refusal
from sim.core.stray_draws import stray_draws_noticed

Tick = Callable[[str], None]
"""Called with the key of a run when it has ended."""


@dataclass(frozen=True)
class Job:
    """What one process does.

    The means per estate begin at week `start`.  Of a user's own strategies and components, `plugins` are files, which
    are run before anything else of the job is read, and `strategies` those that were registered on the spot.
    """

    folder: str
    district: District = field(repr=False)
    seed: int
    start: int
    runs: tuple[Run, ...]
    model: Callable[..., Any] | None = None
    plugins: tuple[Plugin, ...] = ()
    strategies: Mapping[str, Any] = field(default_factory=dict)

    def __reduce__(self) -> tuple[Any, ...]:
        # A scenario may hold components of a plugin, which therefore comes first.
        return _sent, (self.plugins, vars(self))


def _sent(_plugins: tuple[Plugin, ...], values: dict[str, Any]) -> Job:
    """Make a job anew where it has been sent."""
    return Job(**values)


def shares_past(scenario: Scenario) -> bool:
    """Return whether the scenario's policy leaves the warm-up untouched."""
    return start_week(scenario) >= scenario.run.warmup


@lru_cache(maxsize=64)
def past(scenario: Scenario) -> Scenario:
    """Return the scenario of the warm-up: the same world, before and without any policy."""
    kind = type(scenario)
    parts = {name: getattr(_usual(kind) if name in POLICY else scenario, name) for name in kind.sections}
    for name in SWITCHES:
        room, _, switch = name.partition(".")
        parts[room] = parts[room].model_copy(update={switch: False})
    return kind(**parts)


@cache
def _usual(kind: type[Scenario]) -> Scenario:
    return kind()


class Trunk:
    """The warm-up that several arms share; only the last one is kept, since a model fills memory."""

    def __init__(self, job: Job) -> None:
        self.job, self.make = job, job.model or GovernanceModel
        self.before: Scenario | None = None
        self.model: Any = None
        self.error: BaseException | None = None

    def branch_off(self, scenario: Scenario, replay: Any) -> Any:
        """Return a model of `scenario` at its first policy week, or at week 0 if it has a past of its own."""
        if not shares_past(scenario):
            return self.make(scenario, self.job.district, self.job.seed, replay)
        before = past(scenario)
        if before != self.before:
            self.before, self.model, self.error = before, None, None
            try:
                model = self.make(before, self.job.district, self.job.seed, None)
                for _ in range(before.run.warmup):
                    model.step()
                self.model = model
            except (Exception, SystemExit) as error:
                self.error = error
        if self.error is not None:
            raise self.error
        return self.model.fork(scenario, replay=replay)


def do(job: Job, tick: Tick | None = None) -> dict[str, Any]:
    """Run a job's arms and store each as it ends.

    Returns the ``seconds`` that each run of this process took, without those of the store, and the ``environment``.
    """
    store = Store(job.folder)
    parent = os.getppid()
    seconds: dict[str, float] = {}
    for plugin in job.plugins:
        plugin.load()
    register(job.strategies)
    with _quick_collections():
        trunk = Trunk(job)
        for run in in_order(job.runs):
            # A killed laboratory leaves its workers behind: they stop here and do not write beside the next one.
            if os.getppid() != parent:
                break
            # A cluster gives the job of a worker that has gone to another one: what that worker ended stays.
            if store.status(run.key) == "missing":
                if seconds:
                    # A model and its rooms point at one another: the last one stays until a collection comes by.
                    gc.collect()
                seconds[run.key] = _run_arm(run, trunk, store, job.start)
            if tick is not None:
                tick(run.key)
        del trunk
        gc.collect()
    return {"seconds": seconds, "environment": fingerprint()}


@contextmanager
def _quick_collections() -> Iterator[None]:
    """Leave out of collections what is in memory already, which is a hundred times as much as a model adds."""
    mine = gc.get_freeze_count() == 0
    if mine:
        gc.freeze()
    try:
        yield
    finally:
        if mine:
            gc.unfreeze()


def in_order(runs: Sequence[Run]) -> list[Run]:
    """Order runs so that arms with one past stand together and replayed runs come before their replays.

    A replay differs from its source in policy sections alone, so the two have the same past.
    """
    pasts: dict[Scenario, int] = {}
    places = {run.key: pasts.setdefault(past(run.scenario), len(pasts)) for run in runs}
    return sorted(runs, key=lambda run: (places[run.key], run.source is not None))


def _run_arm(run: Run, trunk: Trunk, store: Store, start: int) -> float:
    """Run an arm and store it; return the seconds that the run took."""
    before = time.perf_counter()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        try:
            replay = None if run.source is None else _hours(store, run.source)
            model = trunk.branch_off(run.scenario, replay)
            with stray_draws_noticed():
                for _ in range(run.scenario.run.weeks - model.week):
                    model.step()
            outcomes, estates = model.outcomes, None
            if run.scenario.outcomes.record_estates:
                table = model.estate_outcomes
                late = table[table["week"] >= start].drop(columns="week")
                estates = late.groupby("estate", sort=False).mean().astype("float64").reset_index()
            hours = model.policy_hours if run.keep_hours else None
        except (Exception, SystemExit) as error:  # code of a user's own may end the program, and the others with it
            store.fail(run.key, _message(error), _texts(caught))
            return time.perf_counter() - before
    taken = time.perf_counter() - before
    store.save(run.key, outcomes, estates, hours, _texts(caught))
    return taken


def _hours(store: Store, source: str) -> Any:
    record = store.record(source)
    if record is not None and record["status"] == "failed":
        raise StoreError(f"the run whose hours it replays failed: {record['message']}")
    return store.hours(source)


def _message(error: BaseException) -> str:
    text = " ".join(str(error).split())
    if isinstance(error, SystemExit):
        return f"SystemExit: the code of a component or strategy ends the program ({text})"
    text = text if isinstance(error, GongzhiError) else f"{type(error).__name__}: {text}"
    moment = getattr(error, "moment", None)
    if moment is None:
        return text
    (week, line), own = moment, own_line(error)
    place = f"{line}, {own}" if own and own not in text else line
    return refusal(f"{text} (in week {week}: {place})")


def _texts(caught: Sequence[warnings.WarningMessage]) -> list[str]:
    return list(dict.fromkeys(f"{item.category.__name__}: {item.message}" for item in caught))
