"""Sweeps: the model at many points of what is not known, each run with every arm under common random numbers.

All points share their replicates' random numbers, so that two points differ by their parameters and by nothing else.  A
sweep is resumed, extended and spread over processes as a comparison is; what it holds is three tables:

- ``points.csv``: a row per point;
- ``runs.csv``: a row per run that has ended, well or not, with the point's parameters and the means of its outcomes;
- ``table.csv``: a row per point, arm and outcome: mean, interval, and the difference from the baseline's arm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final, Unpack

import numpy as np
import pandas as pd

from experiments.analyses.failed_runs import delivered
from experiments.analyses.result import Result, named_failures
from experiments.analyses.stored_runs import StepRuns, StoredRuns, means_of, run_stored
from experiments.analyses.sweep.sweep_spec import SweepFields, SweepSpec
from experiments.core.design.plan import Plan
from experiments.core.run.execute import Outcome
from experiments.core.spec import Running, Spec
from experiments.core.statistics.measures import better, unit
from experiments.core.statistics.paired import differences, mean_intervals
from experiments.core.store.store import Store, held
from experiments.reporting.finding import Finding
from sim.core.errors import StoreError
from sim.core.paths import expanded

TABLE: Final = tuple(
    "point arm outcome mean ci_low ci_high difference difference_low difference_high relative replicates unit "
    "better".split()
)
"""Columns of the table; the last of each kind are empty where there is no baseline."""


@dataclass
class Swept(StoredRuns):
    """A sweep that has been run, as far as its runs ended.

    Examples
    --------
    >>> from experiments import Execution, sweep
    >>> design = {"parameters": {"branches.reporting_hours": [0.0, 4.0]}, "points": 2, "outcomes": ["conflicts"]}
    >>> world = {"district.estates": 3, "run.weeks": 8, "run.warmup": 4}
    >>> swept = sweep({**design, "scenario": world}, execution=Execution(progress=False))
    >>> len(swept.points), list(swept.tables)
    (2, ['table', 'runs', 'points'])
    """

    plan: Plan
    outcome: Outcome
    store: Store = field(repr=False)
    spec: SweepSpec = field(init=False, repr=False)

    presented: ClassVar[str] = "experiments.analyses.sweep.sweep_report"

    def __post_init__(self) -> None:
        self.spec = SweepSpec.of_plan(self.plan)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        return {"table": self.table, "runs": self.runs, "points": self.points.rename_axis("point").reset_index()}

    @property
    def points(self) -> pd.DataFrame:
        """A row per point, a column per parameter.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.swept().points.shape
        (2, 1)
        """
        return self.plan.points

    @cached_property
    def step_runs(self) -> StepRuns:
        """The runs as a step of another analysis has them in its table, by point and arm."""
        places = {label: {"point": point, "arm": arm} for (point, arm), label in self.plan.labels.items()}
        return StepRuns(self.outcome, means_of(self.outcome, self.store, self.plan.outcomes), places)

    @cached_property
    def ended(self) -> pd.DataFrame:
        """One row per run that ended well: point, arm, replicate, the point's parameters, means of the outcomes.

        Examples
        --------
        >>> from experiments import ready
        >>> len(ready.swept().ended)
        4
        """
        return self._rows(self.step_runs.means)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """As `ended`, with the runs that failed, whose outcomes are empty."""
        means, failed = self.step_runs.means, self.outcome.failed
        gone = {(run.arm, run.district, run.replicate) for run in self.outcome.design.runs if run.key in failed}
        return self._rows(means.reindex([*means.index, *gone])) if gone else self.ended

    def _rows(self, means: pd.DataFrame) -> pd.DataFrame:
        place = {label: (*key, order) for order, (key, label) in enumerate(self.plan.labels.items())}
        known = means[means.index.get_level_values("arm").isin(list(place))]
        rows = [(*place[arm], replicate) for arm, _, replicate in known.index]
        places = pd.DataFrame(rows, columns=["point", "arm", "order", "replicate"])
        varied = self.points.iloc[places["point"]].reset_index(drop=True)
        table = pd.concat([places, varied, known.reset_index(drop=True)], axis=1)
        keys = ["point", "replicate", "order"]
        return table.sort_values(keys, kind="stable", ignore_index=True).drop(columns="order")

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per point, arm and outcome; see `TABLE`.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.swept().table[["point", "arm", "outcome"]].values.tolist()
        [[0, 'none', 'conflicts'], [0, 'full', 'conflicts'], [1, 'none', 'conflicts'], [1, 'full', 'conflicts']]
        """
        names, arms = list(self.plan.outcomes), list(self.plan.arms)
        runs = self.ended
        shape = (len(self.points), len(arms), 1 + int(runs["replicate"].max()) if len(runs) else 1, len(names))
        values = np.full(shape, np.nan)  # NaN where a run is not there
        values[runs["point"], runs["arm"].map(arms.index), runs["replicate"]] = runs[names]
        mean, low, high, count = mean_intervals(values, axis=2)
        columns = {"mean": mean, "ci_low": low, "ci_high": high, "replicates": count}
        if self.plan.baseline:
            baseline = values[:, [arms.index(self.plan.baseline)]]
            steps = [self.grain_of(name) for name in names]
            difference, below, above, _ = mean_intervals(differences(values, baseline), axis=2, grain=steps)
            usual = np.abs(mean_intervals(np.where(np.isfinite(values), baseline, np.nan), axis=2)[0])
            relative = np.divide(difference, usual, out=np.full(usual.shape, np.nan), where=usual > 0.0)
            columns |= {"difference": difference, "difference_low": below, "difference_high": above}
            columns["relative"] = relative
        ran = (count > 0).any(axis=2)
        point, arm = np.nonzero(ran)
        keys = {"point": point, "arm": np.array(arms, dtype=object)[arm]}
        table = pd.DataFrame({name: np.repeat(which, len(names)) for name, which in keys.items()})
        table = table.assign(outcome=names * point.size, **{name: part[ran].ravel() for name, part in columns.items()})
        table["replicates"] = table["replicates"].astype(np.int64)
        table["unit"], table["better"] = table["outcome"].map(unit), table["outcome"].map(better)
        return table.reindex(columns=list(TABLE))

    def effects(self, outcome: str, arm: str | None = None) -> pd.Series:
        """What an arm, by default the only other one, changes at each point, indexed by point.

        Its difference from the baseline; with a single arm, the outcome itself.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.swept().effects("conflicts").index.tolist()
        [0, 1]
        """
        rows, baseline = self.table[self.table["outcome"] == outcome].set_index("point"), self.plan.baseline
        if not baseline:
            return rows["mean"]
        treatment = arm or next(label for label in self.plan.arms if label != baseline)
        return rows.loc[rows["arm"] == treatment, "difference"]

    @property
    def counted(self) -> list[Finding]:
        return [Finding("common.points", number=len(self.points))]

    def complaints(self) -> list[str]:
        """Name the runs that failed by their points."""
        labels = self.plan.labels.items()
        places = {label: f"point {point}" + (f", arm {arm}" if arm else "") for (point, arm), label in labels}
        failed = self.outcome.failed
        runs = [run for run in self.outcome.design.runs if run.key in failed]
        return named_failures([(places.get(run.arm, "point -1"), failed[run.key]) for run in runs])


class OneSweepResult(Result):
    """A result that is worked out from the runs of one sweep."""

    swept: Swept

    @property
    def stores(self) -> list[Store]:
        return [self.swept.store]

    @property
    def warnings(self) -> list[str]:
        return self.swept.warnings

    @property
    def runs(self) -> pd.DataFrame:
        return self.swept.runs


def sweep(design: str | Path | Mapping[str, Any] | Plan, **fields: Unpack[SweepFields]) -> Swept:
    """Run a sweep; what a folder holds already is not run again.

    Parameters
    ----------
    design
        A design file, what it would say as a dictionary, or a `Plan`.
    **fields
        `scenario`, `district`, `changes`: what the design changes, where, and what is set whatever both say.  `out` (or
        `store`): the folder; without one, results go when the result does.  `extend`: whether replicates are added to
        what it holds.  `execution`, `command`: workers and the like, and what the user typed, for the record.  Also the
        other fields of `SweepSpec`: ``gongzhi sweep --help`` says what they are.

    Examples
    --------
    >>> varied = {"branches.reporting_hours": "declared"}
    >>> sweep({"parameters": varied, "points": 20, "arms": ["none", "full"]}).table  # doctest: +SKIP
    """
    running, own = Running.split(fields)
    return delivered(run_sweep(SweepSpec.asked_of(design, own), running))


def run_sweep(spec: SweepSpec, running: Running) -> Swept:
    """Run a sweep, or read it where nothing may be run."""
    return run_plan(spec.plan(), running, spec)


def stored_sweep(folder: str | Path) -> Swept:
    """Read a sweep from its folder, as far as it has been run; refuse a folder of another analysis."""
    place = expanded(folder)
    record, command = held(place)
    if record.get("analysis") != SweepSpec.analysis:
        raise StoreError(f"{place} holds no sweep, but another analysis: {record.get('analysis')}.")
    return run_sweep(SweepSpec.read(record, place), Running.reading(place, command, unfinished=True))


def run_plan(plan: Plan, running: Running, spec: Spec | None = None) -> Swept:
    """Run a plan in a folder of its own; a step of another analysis has no spec there."""
    design = plan.design(stored=running.execution.only_stored)

    def result_in(outcome: Outcome, home: Store) -> Swept:
        return Swept(replace(plan, replicates=outcome.design.replicates), outcome, home)

    return run_stored(design, running, result_in, spec, plan.question)
