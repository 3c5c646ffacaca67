"""One step of an analysis: a design, run as a sweep whose units have independent random numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses.sensitivity.sampling_design import SamplingDesign
from experiments.analyses.sensitivity.sensitivity_spec import SensitivitySpec
from experiments.analyses.stored_runs import StepRuns
from experiments.analyses.sweep.sweep_spec import single_point
from experiments.analyses.sweep.swept import Swept
from experiments.core.design.design import Design
from experiments.core.environment import digest
from experiments.core.run.execute import run_design
from experiments.core.spec import Running
from experiments.core.store.store import Store

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Step", "run_method"]

DOES = {
    "morris": "Screening",
    "sobol": "Indices",
    "surrogate": "Runs for a surrogate",
    "tornado": "Each parameter alone",
}


@dataclass(frozen=True)
class Step:
    """A design that was run, or a table that was read.

    `runs` has a row per run: `point, arm, replicate`, parameters, outcomes; these are empty where it failed.  A table
    that was read may have more columns and arms, in any order.  `outcome` and `arms` are the response, `where` is what
    the table is called in messages, `info` ``experiment.json``, and `stored` the runs as the analysis has them in its
    own table.
    """

    layout: SamplingDesign
    runs: pd.DataFrame = field(repr=False)
    outcome: str
    arms: tuple[str, ...]
    where: str = "runs.csv"
    info: Mapping[str, Any] = field(default_factory=dict, repr=False)
    stored: StepRuns | None = field(default=None, repr=False)

    @property
    def failed(self) -> int:
        """Number of runs that failed."""
        return int(self.counted[self.outcome].isna().sum())

    @property
    def lost(self) -> list[dict[Any, Any]]:
        """Rows of the runs that failed."""
        return self.counted[self.counted[self.outcome].isna()].to_dict("records")

    @property
    def replicates(self) -> int:
        """Replicates of every point."""
        return int(self.counted["replicate"].nunique())

    @property
    def counted(self) -> pd.DataFrame:
        return self.runs[self.runs["arm"].isin(list(self.arms))]


class _Design(Design):
    """A design of very many points, whose record names a point by a digest instead of by hundreds of values."""

    def record(self) -> dict[str, Any]:
        """Return what identifies this design; that points are the same is seen from their digests."""
        arms = {
            arm.label: {"coverage.strategy": arm.strategy, "point": digest(json.dumps(dict(arm.changes)))[:16]}
            for arm in self.arms
        }
        return super().record() | {"arms": arms}


def run_method(spec: SensitivitySpec, layout: SamplingDesign, replicates: int, running: Running) -> Step:
    """Run a design in a folder of its own within the analysis'; what is there is not run again.

    Raises
    ------
    GongzhiError
        Before the first run: the folder holds another design, or a point cannot be run.
    """
    home = Store(Path(running.out or ".") / layout.kind)
    path = home.folder / "design.csv"
    layout.checked_against(path, "Give another folder (--out, or out= in Python).")
    baseline = "" if len(spec.arms) == 1 else list(spec.arms)[-1]
    plan = single_point(spec, spec.arms, spec.outcomes, baseline, replicates, spec.seed)
    plan = replace(plan, kind=layout.kind, axes=layout.axes, points=layout.points)
    many = len(layout.points) * len(spec.arms) * replicates
    running.tell(f"{DOES[layout.kind]}: {len(layout.axes)} parameters, {len(layout.points)} points, {many} runs.")
    # Points of one unit share random numbers, those of different units do not.
    wide = plan.design(layout.units.tolist(), stored=running.execution.only_stored)
    design = _Design(**{part.name: getattr(wide, part.name) for part in fields(wide)})
    info = {"question": spec.question, "command": running.command}
    try:
        swept = Swept(plan, run_design(design, home, running.execution, info=info), home)
    finally:
        # Whatever stopped it, the folder says which design it holds a part of.
        if (home.folder / "experiment.json").exists() and not path.exists():
            home.write(path.name, layout.to_csv())
    runs = swept.runs
    if not running.execution.only_stored:
        home.write("runs.csv", runs.to_csv(index=False, lineterminator="\n"))
    return Step(
        layout, runs, spec.outcome, tuple(spec.arms), str(home.folder / "runs.csv"), home.read(), swept.step_runs
    )
