"""Results by the stores that hold their runs: of a single design, and of several steps with a folder for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analyses.result import Result
from experiments.core.design.design import Design, Run
from experiments.core.design.user_strategies import check
from experiments.core.run.execute import Outcome, run_design
from experiments.core.spec import Running, Spec
from experiments.core.statistics.exposure import exposure_of, grain
from experiments.core.statistics.measures import unit
from experiments.core.store.store import Store, housed
from experiments.reporting.provenance import info_of
from sim import Scenario
from sim.core.errors import ScenarioError, nearest
from sim.outcomes import ESTATE_COLUMNS

RUN = ["arm", "district", "replicate"]  # what names a run in a table of means: the arm by its label


@dataclass(frozen=True)
class StepRuns:
    """What the table of an analysis' runs is made of, for those of one step.

    `means` are those of the runs that ended well, as the analysis uses them: indexed by `RUN`, a column for each
    outcome.  `places` say what the table calls each arm of the design, by column: the point, the arm.  An arm that is
    not among them only lends its hours to another.
    """

    outcome: Outcome
    means: pd.DataFrame = field(repr=False)
    places: Mapping[str, Mapping[str, Any]] = field(repr=False)


def runs_table(steps: Mapping[str, StepRuns]) -> pd.DataFrame:
    """Return a row for each run that has ended, well or not, in the order of the designs.

    Columns are `step`, where steps have names (of their folders); those of `places`; `district`, `replicate`, `seed`,
    `status`, done or failed; every parameter in which the arms differ; and the means of the outcomes, empty where a run
    failed.
    """
    arms = {
        (step, arm.label): arm
        for step, part in steps.items()
        for arm in part.outcome.design.arms
        if arm.label in part.places
    }
    values = {
        name: {key: arm.scenario.get(name) for key, arm in arms.items()}
        for name in dict.fromkeys(name for arm in arms.values() for name in arm.changes)
    }
    varied = {name: column for name, column in values.items() if len(set(map(str, column.values()))) > 1}
    parts = []
    for step, part in steps.items():
        ended = part.outcome.done | part.outcome.failed.keys()
        runs = [run for run in part.outcome.design.runs if run.arm in part.places and run.key in ended]
        rows = [
            {
                **({"step": step} if step else {}),
                **part.places[run.arm],
                "district": run.district,
                "replicate": run.replicate,
                "seed": run.seed,
                "status": "failed" if run.key in part.outcome.failed else "done",
                **{name: column[step, run.arm] for name, column in varied.items()},
            }
            for run in runs
        ]
        means = part.means.reindex(run_index(runs)).reset_index(drop=True)
        parts.append(pd.concat([pd.DataFrame(rows), means], axis=1))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def means_of(outcome: Outcome, store: Store, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the means of outcomes, by default of all, over the weeks that count, of every run that ended well.

    Indexed by `RUN`; a column for each outcome.
    """
    runs = [run for run in outcome.design.runs if run.key in outcome.done]
    if names is None:
        names = [name for name in (store.outcomes(runs[0].key).columns if runs else ()) if name != "week"]
    # One run is read at a time, so that a sweep of thousands needs no memory for their weeks.
    means = [store.means(run.key, names, outcome.design.start) for run in runs]
    return pd.DataFrame(np.array(means).reshape(len(runs), len(names)), run_index(runs), list(names))


def run_index(runs: Sequence[Run]) -> pd.MultiIndex:
    """Return the index of means: `RUN` of each run."""
    return pd.MultiIndex.from_tuples([(run.arm, run.district, run.replicate) for run in runs], names=RUN)


class StoredRuns(Result):
    """A result whose runs are in one store; a dataclass that is one of these has both as fields."""

    outcome: Outcome
    store: Store

    @property
    def folder(self) -> Path:
        """Where the runs, tables, figures and reports are.

        Examples
        --------
        >>> from experiments import ready
        >>> (ready.swept().folder / "points.csv").exists()
        True
        """
        return self.store.folder

    @property
    def finished(self) -> bool:
        return bool(self.outcome.done)

    @property
    def warnings(self) -> list[str]:
        return self.outcome.warnings

    @cached_property
    def step_runs(self) -> StepRuns:
        """The runs as a table of them has them, of which this may be a step.

        Examples
        --------
        >>> from experiments import ready
        >>> list(ready.swept().step_runs.means)
        ['conflicts']
        """
        places = {arm.label: {"arm": arm.label} for arm in self.outcome.design.arms}
        return StepRuns(self.outcome, means_of(self.outcome, self.store), places)

    @cached_property
    def runs(self) -> pd.DataFrame:
        return runs_table({"": self.step_runs})

    @property
    def info(self) -> dict[str, Any]:
        """What the folder says of the runs: question, command, versions, revision, seeds, failed runs, warnings.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.swept().info["complete"]
        True
        """
        return info_of(self.store, self.outcome)

    def grain_of(self, outcome: str, share: float = 1.0) -> float:
        """Return one step of an outcome's count (`statistics.exposure`), over all households or a share of them.

        Examples
        --------
        >>> from experiments import ready
        >>> result = ready.swept()
        >>> result.grain_of("conflicts", share=0.5) > result.grain_of("conflicts")
        True
        """
        seen = exposure_of(self.outcome.design)
        return grain(outcome, replace(seen, households=share * seen.households))

    def by_estate(self, outcome: str) -> pd.DataFrame:
        """Return an outcome of every estate in its unit, the mean over a run's measured weeks.

        It is one of `sim.outcomes.ESTATE_COLUMNS`, of runs that keep them (`keeping_estates`).  There is a row for each
        run that ended, by `RUN`, and a column for each estate.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.swept().by_estate("conflicts").shape
        (4, 3)
        """
        design, counted = self.outcome.design, _of_households(outcome)
        runs, rows = [], []
        for run in design.runs:
            table = self.store.estates(run.key) if run.key in self.outcome.done else None
            if table is not None:
                size = design.grounds[run.district].households / 1000.0 if counted else 1.0
                runs.append(run)
                rows.append(table[outcome].to_numpy(np.float64) / size)
        names = list(design.grounds[0].names)
        return pd.DataFrame(np.array(rows).reshape(len(rows), len(names)), run_index(runs), names)

    def over_estates(self, outcome: str, estates: NDArray[np.bool_]) -> pd.Series:
        """Return an outcome as in `by_estate`, over some estates of the first district together: a value for each run.

        Parameters
        ----------
        outcome
            One of `sim.outcomes.ESTATE_COLUMNS`.
        estates
            Which of them, shape (estates,).

        Examples
        --------
        >>> from experiments import ready
        >>> ready.swept().over_estates("conflicts", np.array([True, False, True])).shape
        (4,)
        """
        ground = self.outcome.design.grounds[0]
        weights = (ground.households if _of_households(outcome) else ground.adults)[estates]
        return self.by_estate(outcome).loc[:, estates] @ (weights / weights.sum())


class SteppedRuns(Result):
    """A result of several steps, its `step_results`, each with the runs of its own folder."""

    @property
    def step_results(self) -> Sequence[StoredRuns]:
        return ()

    @cached_property
    def runs(self) -> pd.DataFrame:
        return runs_table({part.folder.name: part.step_runs for part in self.step_results})


def _of_households(outcome: str) -> bool:
    """Return whether an outcome is counted over households, as cases are; a feeling is a mean over adults."""
    return unit(outcome).startswith("per 1,000 households")


def keeping_estates(scenario: Scenario, outcome: str) -> Scenario:
    """Return a scenario whose runs keep what happens in each estate; raise an error where an outcome is not kept so."""
    if outcome not in ESTATE_COLUMNS:
        raise ScenarioError(
            f'Unknown outcome of estates "{outcome}".{nearest(outcome, ESTATE_COLUMNS)} '
            f"Choose from: {', '.join(ESTATE_COLUMNS)}."
        )
    return scenario.replace({"outcomes.record_estates": True})


def run_stored[Made: Result](
    design: Design, running: Running, make: Callable[[Outcome, Store], Made], spec: Spec | None, question: str = ""
) -> Made:
    """Run what is missing of a design, make its result and write the tables; or read it, where nothing may be run.

    `spec` is that of the analysis; None of a step of another, whose question is given.  A strategy that there is not is
    refused before the first step, and so is a folder that holds something else.
    """
    info = {"question": question or (spec.question if spec else ""), "command": running.command}

    def result_in(home: Store) -> Made:
        return make(run_design(design, home, running.execution, extend=running.extend, info=info, spec=spec), home)

    if not running.execution.only_stored:
        for strategy in dict.fromkeys(arm.strategy for arm in design.arms):
            check(strategy)
    return run_housed(running, result_in)


def run_housed[Made: Result](running: Running, make: Callable[[Store], Made]) -> Made:
    """Make a result in its folder, or one that goes when the result does; write its tables unless it is only read."""
    result = housed(running.out, make)
    if not running.execution.only_stored:
        result.write()
    return result
