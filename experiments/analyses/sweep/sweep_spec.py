"""What a sweep is: points, the arms that live each of them, and what is kept of every run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import Field

from experiments.core.design.axes import Axis
from experiments.core.design.plan import Plan
from experiments.core.option import Option
from experiments.core.spec import Count, Spec, Whole, WorldFields

if TYPE_CHECKING:
    from experiments.core.design.design import Design

__all__ = ["REPLACED", "PlanSpec", "SweepFields", "SweepSpec"]


REPLACED: Final = ("levels", "points", "replicates", "weeks", "seed", "question")
"""Fields that replace what a design says."""


class SweepFields(WorldFields, total=False):
    """Keywords of a sweep; see `sweep`."""

    replicates: int | None
    weeks: int | None
    levels: int | None
    points: int | None
    changes: Mapping[str, Any] | None


class PlanSpec(Spec):
    """A `Plan` as plain data, so that it does not depend on a design file or on what parameters declare.

    Attributes
    ----------
    design
        How points were placed: factorial, one-at-a-time, latin, sobol, morris or table.
    axes
        What varies, with its ranges; empty for a user's own table.
    points
        A list of values for each parameter, one for each point.
    arms
        Changes of each arm by its label.
    outcomes
        What is kept of every run.
    baseline
        Arm that the others are compared with at every point; empty where there is one arm.
    apart
        Whether each point lives in chance of its own.
    """

    keywords = {
        "levels": Annotated[int, Option("Points along each side of a grid.", usual="the design's")],
        "points": Annotated[int, Option("Points that fill a space.", usual="the design's")],
    }

    design: str
    axes: tuple[Axis, ...] = ()
    points: dict[str, list[Any]] = Field(default_factory=dict)
    arms: dict[str, dict[str, Any]]
    outcomes: tuple[str, ...]
    baseline: str = ""
    replicates: Annotated[Count, Option("Runs of every arm at every point, in all.", usual="the design's")] = 1
    seed: Annotated[Whole, Option("Seed, in place of the design's.", usual="the design's")] = 1
    apart: bool = False

    @classmethod
    def of_plan(cls, plan: Plan, **keywords: Any) -> Self:
        """Make the spec of a plan; `keywords` are fields that a plan does not have."""
        return cls.of(
            {
                "question": plan.question,
                "scenario": plan.scenario,
                "district": plan.district,
                "seed": plan.seed,
                "model": plan.model,
                "design": plan.kind,
                "axes": plan.axes,
                "points": {str(name): values for name, values in plan.points.to_dict("list").items()},
                "arms": {label: dict(changes) for label, changes in plan.arms.items()},
                "outcomes": tuple(plan.outcomes),
                "baseline": plan.baseline,
                "replicates": plan.replicates,
                "apart": plan.apart,
                **keywords,
            }
        )

    def plan(self) -> Plan:
        """Return the plan that can be run."""
        import pandas as pd

        table = pd.DataFrame(self.points) if self.points else pd.DataFrame(index=[0])
        return Plan(
            self.question,
            self.design,
            self.axes,
            table,
            self.arms,
            self.scenario,
            self.replicates,
            self.seed,
            self.outcomes,
            self.baseline,
            self.district,
            self.model,
            self.apart,
        )

    def joined(self, design: Design) -> Self:
        """Return the spec of all that a folder holds: its replicates."""
        return self.replace(replicates=design.replicates)


class SweepSpec(PlanSpec):
    """A sweep."""

    analysis = "sweep"
    noun = "sweep"

    @classmethod
    def asked_of(cls, design: str | Path | Mapping[str, Any] | Plan, fields: Mapping[str, Any]) -> Self:
        """Make the spec of a design: a file, a dictionary of what it would say, or a plan.

        Parameters
        ----------
        design
            The design.
        fields
            As in `SweepFields`, without those that say how it is run.
        """
        rest = dict(fields)
        replaced = {name: rest.pop(name, None) for name in REPLACED}
        from sim.errors import ScenarioError, nearest

        known = ("scenario", "district", "changes", "model")
        for name in rest:
            if name not in known:
                raise ScenarioError(
                    f'Unknown field "{name}" of a sweep.{nearest(name, [*known, *replaced])} '
                    f"Choose from: {', '.join([*known, *replaced])}."
                )
        return cls.of_plan(Plan.read(design, overrides=replaced, **rest))
