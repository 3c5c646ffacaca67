"""The model as a model of the EMA workbench, for exploratory modelling and the search for robust policies.

Every experiment runs the same replicates, so that policies are compared on common random numbers.  A run that fails is
what EMA calls an experiment error: it is logged, its outcomes are masked, and the other experiments are not affected.
"""

import math
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, TypedDict, Unpack

import numpy as np
import pandas as pd

from experiments.adapters.names import STRATEGY, Wanted, chosen_axes, identifier, usual_levers, usual_uncertainties
from experiments.core.design.axes import Axis
from experiments.core.design.design import Design
from experiments.core.design.grounds import grounds
from experiments.core.design.plan import outcomes_of
from experiments.core.design.user_strategies import check, registered
from experiments.core.run.job import Job, do
from experiments.core.statistics.measures import better
from experiments.core.store.files import TEMPORARY
from experiments.core.store.store import Store
from sim import District, Scenario
from sim.core.errors import ScenarioError, StoreError
from sim.core.paths import expanded

LABEL = "run"


@dataclass(frozen=True)
class Function:
    """What EMA calls for every experiment: values by name in, outcomes by name out.

    It runs the same replicates every time, with the random numbers that a sweep would give them, so that it returns
    what a sweep returns and points differ by their parameters alone.  Runs are kept in `folder`, unless it is None;
    `strategies` are the user's own, registered where the function is called.
    """

    scenario: Scenario = field(repr=False)
    district: District = field(repr=False)
    replicates: int
    seed: int
    outcomes: tuple[str, ...]
    series: tuple[str, ...] = ()
    folder: str | None = None
    model: Callable[..., Any] | None = field(default=None, repr=False)
    strategies: Mapping[str, Any] = field(default_factory=dict, repr=False)
    levers: tuple[str, ...] = ()

    @property
    def constants(self) -> dict[str, Any]:
        """What is the same at every point, by name."""
        length = {name: self.scenario.get(name) for name in ("run.weeks", "run.warmup")}
        ground = {"district": self.district.fingerprint, "district.estates": self.district.estates}
        return {**ground, **length, "replicates": self.replicates, "seed": self.seed}

    def design(self, changes: Mapping[str, Any]) -> Design:
        """Return the runs at one point."""
        sizes: dict[str, Any] = {"replicates": self.replicates, "seed": self.seed, "model": self.model}
        return Design.of({LABEL: dict(changes)}, self.scenario, [self.district], **sizes)

    def __call__(self, **given: Any) -> dict[str, Any]:
        """Run one experiment; where a replicate failed, raise EMA's `ExperimentError`.

        For each of `outcomes` there is the mean over the weeks from the end of the warm-up on and over replicates, and
        for each of `series`, followed by `_by_week`, an array of shape (weeks,).
        """
        for name, value in self.constants.items():
            if given.pop(name, value) != value:
                raise ScenarioError(
                    f"{identifier(name)} is a constant of this model, {value!r}: to change it, make "
                    "another model with ema_model."
                )
        # EMA 3.0 writes the levers of one policy into the scenario that the next one meets, under EMA's names.
        for name in self.levers:
            given.pop(identifier(name), None)
        design = self.design(given)
        with ExitStack() as stack:
            store = Store(self.folder or stack.enter_context(tempfile.TemporaryDirectory(prefix=TEMPORARY)))
            store.runs.mkdir(exist_ok=True)
            tables = [self._run_replicate(design, store, replicate) for replicate in range(self.replicates)]
        late = [table.loc[table["week"] >= design.start, list(self.outcomes)].mean().to_numpy() for table in tables]
        outcomes: dict[str, Any] = dict(zip(self.outcomes, np.mean(late, axis=0).tolist(), strict=True))
        for name in self.series:
            outcomes[f"{name}_by_week"] = np.mean([table[name].to_numpy(dtype=np.float64) for table in tables], axis=0)
        return {**outcomes, "TIME": np.arange(self.scenario.run.weeks, dtype=np.float64)}

    def _run_replicate(self, design: Design, store: Store, replicate: int) -> pd.DataFrame:
        """Run one replicate, or read it where it is stored; a control is preceded by the run that it replays."""
        runs = tuple(run for run in design.runs if run.replicate == replicate)
        own = next(run for run in runs if run.arm == LABEL)
        if store.status(own.key) == "missing":
            if own.source is not None and not store.has_hours(own.source):
                store.forget(own.source)  # it was run for its own sake, and its hours were not kept
            ground, strategies = self.district, self.strategies
            do(Job(str(store.folder), ground, own.seed, design.start, runs, self.model, strategies=strategies))
        record = store.record(own.key)
        if record is None or record["status"] != "done":
            why = "it was interrupted" if record is None else record["message"]
            text = f"replicate {replicate} (seed {own.seed}) failed: {why}"
            raise workbench().util.ExperimentError(text, dict(design.arms[-1].changes))
        return store.outcomes(own.key, list(dict.fromkeys(["week", *self.outcomes, *self.series])))


class EmaFields(TypedDict, total=False):
    """Keywords of a model of the EMA workbench; see `ema_model`."""

    outcomes: Sequence[str] | None
    series: Sequence[str]
    scenario: Scenario | None
    district: District | None
    replicates: int
    weeks: int | None
    seed: int
    store: str | Path | None
    name: str
    model: Callable[..., Any] | None


def ema_model(uncertainties: Wanted = None, levers: Wanted = None, **fields: Unpack[EmaFields]) -> Any:
    """Make a model of the EMA workbench, for `SequentialEvaluator`, `MultiprocessingEvaluator` and the like.

    Parameters
    ----------
    uncertainties
        What nobody chooses: names whose declared ranges are meant, or for each name what a design file would say.  By
        default every weakly known parameter.
    levers
        What a policy chooses, likewise; an empty list for nothing.  By default the coverage strategy, what comes
        second, and the switches of the other policies.
    outcomes
        Become `ScalarOutcome`: means over the weeks from the end of the warm-up on and over replicates, to be minimised
        or maximised where the outcome has a better side.  By default those of a comparison.
    series
        Become `TimeSeriesOutcome`, called `conflicts_by_week` and so on, beside `TIME`.
    replicates, seed
        Runs of every experiment, and the master seed of their random numbers, which all experiments share.
    weeks
        In place of what the scenario says.
    store
        Folder that keeps the runs, so that experiments which ended are not run again; without one nothing is kept.
    model
        Another model than the laboratory's own; as in `Design`.  EMA shows it under its `name`.

    Examples
    --------
    >>> model = ema_model(["branches.reporting_hours"], ["coverage.strategy"], outcomes=["conflicts"])
    >>> [parameter.name for parameter in [*model.uncertainties, *model.levers]]
    ['branches__reporting_hours', 'coverage__strategy']
    """
    ema, name = workbench(), fields.get("name", "gongzhi")
    if not str(name).isidentifier():
        raise ScenarioError(f'"{name}" cannot name a model of EMA: letters, digits and underscores are needed.')
    world, weeks = Scenario.of(fields.get("scenario")), fields.get("weeks")
    if weeks is not None:
        world = world.replace({"run.weeks": weeks})
    policy = chosen_axes(levers, usual_levers(world), world)
    chosen = {axis.name for axis in policy}
    usual = {key: what for key, what in usual_uncertainties(world).items() if key not in chosen}
    unknown = chosen_axes(uncertainties, usual, world)
    for both in (axis.name for axis in unknown if axis.name in chosen):
        raise ScenarioError(f"{both} cannot be an uncertainty and a lever: leave it out of one of them.")
    for axis in (*unknown, *policy):
        for strategy in axis.levels if axis.name == STRATEGY else ():
            check(str(strategy), str(strategy))
    series, store = fields.get("series", ()), fields.get("store")
    simulation = Function(
        world,
        grounds(world, fields.get("district"), 1)[0],
        fields.get("replicates", 3),
        fields.get("seed", 1),
        outcomes_of(fields.get("outcomes"), world),
        outcomes_of(list(series), world) if series else (),
        None if store is None else _folder(store),
        fields.get("model"),
        registered(),
        tuple(axis.name for axis in policy),
    )
    simulation.design({})  # refuses replicates and a seed that cannot be
    model = ema.Model(name, function=simulation)
    model.uncertainties = [_parameter(ema, axis, world.get(axis.name)) for axis in unknown]
    model.levers = [_parameter(ema, axis, world.get(axis.name)) for axis in policy]
    kinds = {"lower": ema.ScalarOutcome.MINIMIZE, "higher": ema.ScalarOutcome.MAXIMIZE}
    scalars = [ema.ScalarOutcome(key, kinds.get(better(key), ema.ScalarOutcome.INFO)) for key in simulation.outcomes]
    by_week = ["TIME", *(f"{key}_by_week" for key in simulation.series)] if simulation.series else []
    lines = [ema.TimeSeriesOutcome(key, shape=(world.run.weeks,), dtype=float) for key in by_week]
    model.outcomes = [*scalars, *lines]
    model.constants = [ema.Constant(identifier(key), value, key) for key, value in simulation.constants.items()]
    # EMA 3.0 takes a policy for the one before where both have the same name, and gives an experiment that failed the
    # outcomes of the one before it.
    model.initialized = _never
    model.reset_model = partial(_forget, model)
    return model


def workbench() -> ModuleType:
    """Import EMA; what it says about programs that it could use besides is no news here."""
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "ipyparallel not installed", UserWarning)
            import ema_workbench
    except ImportError:
        raise ScenarioError('The EMA workbench is not installed: pip install "gongzhi[ema]".') from None
    return ema_workbench


def _never(policy: Any) -> bool:
    return False


def _forget(model: Any) -> None:
    model._outcomes_output = {}


def _parameter(ema: ModuleType, axis: Axis, usual: Any) -> Any:
    name, keywords = identifier(axis.name), {"default": usual, "variable_name": axis.name}
    if axis.levels == (False, True):
        return ema.BooleanParameter(name, **keywords)
    if axis.levels:
        return ema.CategoricalParameter(name, list(dict.fromkeys(axis.levels)), **keywords)
    if axis.whole:
        return ema.IntegerParameter(name, math.ceil(axis.low), math.floor(axis.high), **keywords)
    return ema.RealParameter(name, axis.low, axis.high, **keywords)


def _folder(store: str | Path) -> str:
    """Make the folder in which runs are kept; refuse one that holds anything else."""
    folder = expanded(store).resolve()
    try:
        strangers = sorted(path.name for path in folder.iterdir() if path.name != "runs") if folder.exists() else []
        if strangers:
            raise StoreError(f"{folder} holds other files ({', '.join(strangers[:3])}): give a new or an empty folder.")
        (folder / "runs").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"Runs cannot be kept in {folder}: {error.strerror or error}.") from None
    return str(folder)
