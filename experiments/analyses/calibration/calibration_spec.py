"""What a calibration is asked to do, checked whole before the first run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from experiments.analyses.calibration import emulator
from experiments.analyses.calibration.posterior import SAMPLE, rounded
from experiments.analyses.calibration.target_set import TargetSet
from experiments.analyses.validation.figure_table import FIGURES
from experiments.analyses.validation.targets import Target
from experiments.core.design.plan import Plan
from experiments.core.option import Option
from experiments.core.spec import Count, Spec, Whole, whole

if TYPE_CHECKING:
    import pandas as pd


__all__ = ["CalibrationDesign", "CalibrationSpec"]


class CalibrationSpec(Spec):
    """A calibration.

    Attributes
    ----------
    targets
        Figures of data; only those that may be fitted are used.
    parameters
        For each ``"declared"``, or a range ``[low, high]``; all values of a range are held to be equally credible
        before.
    worlds
        Changes that make each world in which the targets are to be met; the scenario's alone has no name.
    changes
        What is set for these runs only, such as their length: it does not enter the scenario that is written.
    level
        Probability with which the right point may be ruled out.
    """

    analysis = "calibration"
    noun = "calibration"

    quick = {"points": 20, "waves": 2, "checks": 8, "estates": 60, "weeks": 104, "warmup": 26}

    targets: dict[str, Target]
    parameters: dict[str, Any]
    worlds: dict[str, dict[str, Any]] = {"": {}}
    changes: dict[str, Any] = Field(default_factory=dict)
    points: Annotated[Whole, Option("Points of a wave.")] = 24
    waves: Annotated[Count, Option("Waves at most.")] = 3
    replicates: Annotated[int, whole(2), Option("Runs of each point in each world.")] = 2
    checks: Annotated[int, whole(2), Option("Fresh runs from the plausibility region.")] = 20
    level: Annotated[float, Field(gt=0, lt=1, description="a probability between 0 and 1")] = 0.05
    discrepancy: Annotated[float, Option("Share of a figure by which the model may be wrong.", "SHARE")] = 0.0


@dataclass(frozen=True)
class CalibrationDesign:
    """A calibration that can be run: the specification, what is to be met, and the first wave."""

    spec: CalibrationSpec
    target_set: TargetSet
    plan: Plan = field(repr=False)

    @classmethod
    def of(cls, spec: CalibrationSpec) -> CalibrationDesign:
        """Check what is asked for; see `calibrate`."""
        from experiments.analyses.validation.patterns import Measured

        emulator.needed()
        target_set = TargetSet.build(spec.targets, list(spec.worlds), spec.discrepancy)
        figures = list(dict.fromkeys(item.figure for item in target_set.items))
        _checked(spec, figures)
        design: dict[str, Any] = {
            "question": spec.question,
            "points": spec.points,
            "replicates": spec.replicates,
            "seed": spec.seed,
            "outcomes": figures,
            "parameters": spec.parameters,
        }
        if list(spec.worlds) != [""]:
            design["arms"] = spec.worlds
        plan = replace(
            Plan.of(
                design,
                scenario=spec.scenario,
                district=spec.district,
                changes=spec.changes,
                model=spec.model or Measured,
            ),
            apart=True,
        )
        _runnable(plan, measured=spec.model is None)
        ranges = {axis.name: [axis.low, axis.high] for axis in plan.axes}
        return cls(spec.replace(parameters=ranges), target_set, plan)

    def values_at(self, shares: NDArray[np.float64]) -> pd.DataFrame:
        """Turn shares of the ways along the ranges into values, a column for each parameter."""
        import pandas as pd

        return pd.DataFrame({axis.name: axis.at(shares[:, place]) for place, axis in enumerate(self.plan.axes)})

    def written(self, shares: NDArray[np.float64]) -> dict[str, Any]:
        """Return a point's values as people write them: to three digits, without leaving the ranges."""
        values = {axis.name: axis.at([share])[0] for axis, share in zip(self.plan.axes, shares.tolist(), strict=True)}
        return {
            axis.name: values[axis.name] if axis.whole else min(max(rounded(values[axis.name]), axis.low), axis.high)
            for axis in self.plan.axes
        }


def _checked(spec: CalibrationSpec, figures: Sequence[str]) -> None:
    from experiments.analyses.validation.patterns import GROUND
    from sim.errors import ScenarioError, nearest

    known = [*FIGURES, *(statistic.name for statistic in GROUND)]
    for name in figures if spec.model is None else ():
        if name not in known:
            raise ScenarioError(
                f'"{name}" is no figure that the model measures.{nearest(name, known)} There are: {", ".join(known)}.'
            )
    least = max(emulator.FEWEST, 2 * len(spec.parameters))
    if spec.points < least:
        raise ScenarioError(f"points is {spec.points}: a whole number of at least {least} is needed here.")
    if spec.checks > SAMPLE:
        raise ScenarioError(f"checks is {spec.checks}: at most {SAMPLE} points of the plausibility region can be run.")


def _runnable(plan: Plan, measured: bool) -> None:
    from experiments.analyses.validation.patterns import YEAR
    from sim.errors import ScenarioError

    for axis in plan.axes:
        if axis.levels:
            raise ScenarioError(
                f"{axis.name} has levels and no range: only numbers with a range can be calibrated. "
                "Set it with --set, and compare calibrations."
            )
    weeks, warmup = plan.scenario.run.weeks, plan.scenario.run.warmup
    if measured and weeks - warmup < YEAR:
        raise ScenarioError(
            f"Figures are of whole years: run.weeks is {weeks} with {warmup} weeks of warm-up, and at "
            f"least {warmup + YEAR} are needed."
        )
    plan.design()
