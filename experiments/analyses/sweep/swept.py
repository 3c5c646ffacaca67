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
from typing import TYPE_CHECKING, Any, ClassVar, Final, Unpack

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.result import named_failures
from experiments.analyses.stored_runs import StepRuns, StoredRuns, means_of, run_stored
from experiments.analyses.sweep.sweep_spec import SweepFields, SweepSpec
from experiments.core.design.plan import Plan
from experiments.core.run.execute import Outcome
from experiments.core.spec import Running, Spec
from experiments.core.statistics.measures import better, unit
from experiments.core.statistics.paired import differences, mean_intervals
from experiments.core.store.store import Store, held
from experiments.reporting.finding import Finding
from sim.paths import expanded

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Swept", "run_plan", "run_sweep", "stored_sweep", "sweep"]

TABLE: Final = (
    "point",
    "arm",
    "outcome",
    "mean",
    "ci_low",
    "ci_high",
    "difference",
    "difference_low",
    "difference_high",
    "relative",
    "replicates",
    "unit",
    "better",
)
"""Columns of the table; the last of each kind are empty where there is no baseline."""


@dataclass
class Swept(StoredRuns):
    """A sweep that has been run, as far as its runs ended.

    Attributes
    ----------
    spec
        The plan as plain data.
    plan, outcome, store
        What was wanted, what came of it, and where it is.
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
        """`table`, `runs` and `points`."""
        return {"table": self.table, "runs": self.runs, "points": self.points.rename_axis("point").reset_index()}

    @property
    def points(self) -> pd.DataFrame:
        """The points, shape (points, parameters)."""
        return self.plan.points

    @cached_property
    def step_runs(self) -> StepRuns:
        """The runs as a step of another analysis has them in its table."""
        places = {label: {"point": point, "arm": arm} for (point, arm), label in self.plan.labels.items()}
        return StepRuns(self.outcome, means_of(self.outcome, self.store, self.plan.outcomes), places)

    @cached_property
    def ended(self) -> pd.DataFrame:
        """One row per run that ended well: point, arm, replicate, the point's parameters, means of the outcomes."""
        return self._rows(self.step_runs.means)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """As `ended`, with the runs that failed, whose outcomes are empty."""
        means, failed = self.step_runs.means, self.outcome.failed
        gone = {(run.arm, run.district, run.replicate) for run in self.outcome.design.runs if run.key in failed}
        return self._rows(means.reindex([*means.index, *gone])) if gone else self.ended

    def _rows(self, means: pd.DataFrame) -> pd.DataFrame:
        import pandas as pd

        order = {label: number for number, label in enumerate(self.plan.labels.values())}
        place = {label: key for key, label in self.plan.labels.items()}
        known = means[means.index.get_level_values("arm").isin(list(place))]
        keys = [(*place[arm], replicate, order[arm]) for arm, _, replicate in known.index]
        places = pd.DataFrame(keys, columns=["point", "arm", "replicate", "order"])
        varied = self.points.iloc[places["point"]].reset_index(drop=True)
        table = pd.concat([places, varied, known.reset_index(drop=True)], axis=1)
        table = table.sort_values(["point", "replicate", "order"], kind="stable", ignore_index=True)
        return table.drop(columns="order")

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per point, arm and outcome; see `TABLE`."""
        import pandas as pd

        names, arms = list(self.plan.outcomes), list(self.plan.arms)
        values = self._values
        mean, low, high, count = mean_intervals(values, axis=2)
        columns = {"mean": mean, "ci_low": low, "ci_high": high, "replicates": count}
        if self.plan.baseline:
            baseline = values[:, [arms.index(self.plan.baseline)]]
            steps = [self.grain_of(name) for name in names]
            difference, below, above, _ = mean_intervals(differences(values, baseline), axis=2, grain=steps)
            usual = np.abs(mean_intervals(np.where(np.isfinite(values), baseline, np.nan), axis=2)[0])
            relative = np.divide(difference, usual, out=np.full(usual.shape, np.nan), where=usual > 0.0)
            columns |= {
                "difference": difference,
                "difference_low": below,
                "difference_high": above,
                "relative": relative,
            }
        ran = (count > 0).any(axis=2)
        point, arm = np.nonzero(ran)
        keys = {"point": point, "arm": np.array(arms, dtype=object)[arm]}
        table = pd.DataFrame({name: np.repeat(which, len(names)) for name, which in keys.items()})
        table = table.assign(outcome=names * point.size, **{name: part[ran].ravel() for name, part in columns.items()})
        table["replicates"] = table["replicates"].astype(np.int64)
        table["unit"], table["better"] = table["outcome"].map(unit), table["outcome"].map(better)
        return table.reindex(columns=list(TABLE))

    @property
    def _values(self) -> NDArray[np.float64]:
        """Means of all runs, shape (points, arms, replicates, outcomes); NaN where a run is not there."""
        runs, arms = self.ended, list(self.plan.arms)
        replicates = 1 + int(runs["replicate"].max()) if len(runs) else 1
        values = np.full((len(self.points), len(arms), replicates, len(self.plan.outcomes)), np.nan)
        place = {arm: number for number, arm in enumerate(arms)}
        values[runs["point"], runs["arm"].map(place), runs["replicate"]] = runs[list(self.plan.outcomes)]
        return values

    def effects(self, outcome: str, arm: str | None = None) -> pd.Series:
        """What an arm changes at each point: its difference from the baseline, indexed by point.

        Parameters
        ----------
        outcome
            One of the plan's.
        arm
            By default the only other arm; with a single arm, the outcome itself.
        """
        if not self.plan.baseline:
            rows = self.table[self.table["outcome"] == outcome]
            return rows.set_index("point")["mean"]
        treatments = [label for label in self.plan.arms if label != self.plan.baseline]
        rows = self.table[(self.table["outcome"] == outcome) & (self.table["arm"] == (arm or treatments[0]))]
        return rows.set_index("point")["difference"]

    @property
    def counted(self) -> list[Finding]:
        """How many points there are."""
        return [Finding("common.points", number=len(self.points))]

    def complaints(self) -> list[str]:
        """Name the runs that failed by their points."""
        place = {label: key for key, label in self.plan.labels.items()}
        failures = []
        for run in self.outcome.design.runs:
            if run.key in self.outcome.failed:
                point, arm = place.get(run.arm, (-1, ""))
                failures.append((f"point {point}{f', arm {arm}' if arm else ''}", self.outcome.failed[run.key]))
        return named_failures(failures)


def sweep(design: str | Path | Mapping[str, Any] | Plan, **fields: Unpack[SweepFields]) -> Swept:
    """Run a sweep; what a folder holds already is not run again.

    Parameters
    ----------
    design
        A design file, what it would say as a dictionary, or a `Plan`.
    scenario, district
        What the design changes, and where.
    changes
        Parameters that are set whatever scenario and design say.
    out
        Folder; without one, results go when the result does.  `store` is another word for it.
    extend
        Add replicates to what the folder holds.
    command
        As the user typed it, for the record.
    execution
        Workers and the like.
    **fields
        Also the other fields of `SweepSpec`: ``gongzhi sweep --help`` says what they are.

    Examples
    --------
    >>> result = sweep({"parameters": {"branches.reporting_hours": "declared"}, "points": 20,
    ...                 "arms": ["none", "full"]})                              # doctest: +SKIP
    >>> result.table                                                            # doctest: +SKIP
    """
    running, own = Running.split(fields)
    return run_sweep(SweepSpec.asked_of(design, own), running)


def run_sweep(spec: SweepSpec, running: Running) -> Swept:
    """Run a sweep, or read it where nothing may be run."""
    return run_plan(spec.plan(), running, spec)


def stored_sweep(folder: str | Path) -> Swept:
    """Read a sweep from its folder, as far as it has been run.

    Raises
    ------
    StoreError
        The folder holds no sweep.
    """
    from sim.errors import StoreError

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
