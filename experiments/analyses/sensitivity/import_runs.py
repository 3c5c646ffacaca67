"""A table of runs that were made elsewhere: analysed if it is of the design that lies beside it, and refused if not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Unpack

from experiments.analyses.failed_runs import delivered
from experiments.analyses.sensitivity.responses import read_runs
from experiments.analyses.sensitivity.sampling_design import SamplingDesign
from experiments.analyses.sensitivity.sensitivity_result import Sensitivity
from experiments.analyses.sensitivity.sensitivity_spec import SensitivitySpec
from experiments.analyses.sensitivity.steps import Step
from experiments.analyses.sensitivity.surrogate import checked_axes, checked_ranges
from experiments.core.analysis_folder import claim
from experiments.core.spec import Running, WorldFields
from sim.paths import expanded

__all__ = ["reread", "reread_spec", "run_reread"]


def reread(runs: str | Path, arms: list[str], outcome: str, **fields: Unpack[WorldFields]) -> Sensitivity:
    """Analyse a table of runs.

    Parameters
    ----------
    runs
        A CSV with `point, arm, replicate`, the parameters and the outcome; ``design.csv`` lies beside it.
    arms
        One, or the policy and what it is set against, as they stand in the table.
    scenario
        Of whose parameters the design is.

    Raises
    ------
    StoreError
        The table was not made by the design, naming what differs.
    ScenarioError
        The runs are for a surrogate, and their points were placed over other ranges than the declared ones: indices
        from runs are of the points that there are, while a surrogate fills the ranges.
    """
    running, own = Running.split(fields)
    return delivered(run_reread(reread_spec(runs, arms, outcome, own), running))


def reread_spec(runs: str | Path, arms: Sequence[str], outcome: str, fields: Mapping[str, Any]) -> SensitivitySpec:
    """Make the spec of an analysis of runs that were made elsewhere."""
    from sim import Scenario

    path = expanded(runs).resolve()
    source = path.with_name("design.csv")
    layout = SamplingDesign.read(source, fields.get("scenario") or Scenario())
    if layout.kind == "surrogate":
        checked_axes(layout)
        checked_ranges(layout, str(source))
    return SensitivitySpec.of(
        {**fields, "arms": {arm: {} for arm in arms}, "outcome": outcome, "axes": layout.axes, "runs": str(path)}
    )


def run_reread(spec: SensitivitySpec, running: Running) -> Sensitivity:
    """Analyse the table of runs that a spec names."""
    path = Path(str(spec.runs))
    layout = SamplingDesign.read(path.with_name("design.csv"), spec.scenario)
    step = Step(layout, read_runs(path), spec.outcome, tuple(spec.arms), str(path))
    result = Sensitivity(spec, expanded(running.out or "."))
    result.analyse(step)
    claim(result.folder, spec, running)
    if not running.execution.only_stored:
        result.write()
    return result
