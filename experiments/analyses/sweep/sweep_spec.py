"""What a sweep is: points, the arms that are run at each of them, and what is kept of every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final, Self

import pandas as pd
from pydantic import Field

from experiments.core.design.axes import Axis
from experiments.core.design.design import Design
from experiments.core.design.plan import Plan
from experiments.core.design.points import factorial, one_at_a_time
from experiments.core.option import Option
from experiments.core.spec import Count, Spec, Whole, WorldFields
from sim.core.errors import ScenarioError, nearest

REPLACED: Final = ("levels", "points", "replicates", "weeks", "seed", "question")
"""Fields that replace what a design says."""
SHARED: Final = "question axes scenario replicates seed outcomes baseline district model apart".split()
"""Fields that a plan and its spec have in common."""
NESTING: Final = ("factorial", "one-at-a-time", "table")
"""Designs of which a smaller one is a part of a larger one."""


class SweepFields(WorldFields, total=False):
    """Keywords of a sweep; see `sweep`."""

    replicates: int | None
    weeks: int | None
    levels: int | None
    points: int | None
    changes: Mapping[str, Any] | None


def single_point(
    spec: Spec, arms: Mapping[str, Any], outcomes: tuple[str, ...], baseline: str, replicates: int, seed: int
) -> Plan:
    """Return the plan of an analysis that compares arms in its scenario, without varying anything else."""
    world = (spec.scenario, replicates, seed, outcomes, baseline, spec.district, spec.model)
    return Plan(spec.question, spec.analysis, (), pd.DataFrame(index=[0]), arms, *world)


class PlanSpec(Spec):
    """A `Plan` as plain data, so that it does not depend on a design file or on what parameters declare.

    `design` says how points were placed: factorial, one-at-a-time, latin, sobol, morris or table; of a user's own table
    there are no `axes`.  `points` are lists of values by parameter, `arms` changes by label.  The other arms are
    compared with the `baseline` at every point, which is empty where there is one arm; points that stand `apart` have
    independent random numbers.
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
        fields = {name: getattr(plan, name) for name in SHARED}
        fields["points"] = {str(name): values for name, values in plan.points.to_dict("list").items()}
        fields["arms"] = {label: dict(changes) for label, changes in plan.arms.items()}
        return cls.of({**fields, "design": plan.kind, **keywords})

    def plan(self) -> Plan:
        table = pd.DataFrame(self.points) if self.points else pd.DataFrame(index=[0])
        shared = {name: getattr(self, name) for name in SHARED}
        return Plan(kind=self.design, points=table, arms=self.arms, **shared)

    def joined(self, design: Design) -> Self:
        """Return the spec of all that a folder holds: its replicates."""
        return self.replace(replicates=design.replicates)


class SweepSpec(PlanSpec):
    """A sweep."""

    analysis = "sweep"
    noun = "sweep"
    merging = ("arms", "replicates")

    def misfits(self, other: Spec, free: Sequence[str] = ()) -> list[str]:
        """As of any analysis; besides, points must nest and all arms be held against one baseline."""
        lines = super().misfits(other, (*free, "points", "axes", "baseline"))
        if not isinstance(other, SweepSpec) or self.design != other.design:
            return lines
        if self.baseline and other.baseline and self.baseline != other.baseline:
            lines.append(f"baseline: {self.baseline} there, {other.baseline} now")
        if (self.points, self.axes) == (other.points, other.axes):
            return lines
        if self.design not in NESTING:
            lines.append(
                f'points: those of design = "{self.design}" are placed together, so that few are no part of many; '
                "levels of a factorial or one-at-a-time design do nest, and so do the rows of a table"
            )
        elif list(self.points) != list(other.points):
            lines.append(f"parameters: {', '.join(self.points)} there, {', '.join(other.points)} now")
        elif self.design == "one-at-a-time" and _rows(self)[0] != _rows(other)[0]:
            lines.append("the usual values")
        return lines

    def merged(self, other: Self) -> Self:
        """As of any analysis, with the points of both: all rows of tables, all combinations of all levels."""
        both = super().merged(other)
        arms = list(both.arms)
        baseline = self.baseline or other.baseline
        if not baseline and len(arms) > 1:
            baseline = "none" if "none" in arms else arms[0]
        if (self.points, self.axes) == (other.points, other.axes):
            return both.replace(baseline=baseline)
        levels = {name: _levels(self.points[name], other.points[name]) for name in self.points}
        listed = [Axis(name, levels=values) for name, values in levels.items()]
        if self.design == "table":
            rows = list(dict.fromkeys([*_rows(self), *_rows(other)]))
            points = pd.DataFrame(rows, columns=list(levels), dtype=object)
        elif self.design == "factorial":
            points = factorial(listed)
        else:
            points = one_at_a_time(listed, usual=_rows(self)[0])
        axes = [_wider(*pair, levels[pair[0].name]) for pair in zip(self.axes, other.axes, strict=True)]
        return both.replace(baseline=baseline, points=points.to_dict("list"), axes=tuple(axes))

    @classmethod
    def asked_of(cls, design: str | Path | Mapping[str, Any] | Plan, fields: Mapping[str, Any]) -> Self:
        """Make the spec of a design, a file, a dictionary of what it would say, or a plan, and of `SweepFields`."""
        rest = dict(fields)
        replaced = {name: rest.pop(name, None) for name in REPLACED}
        known = ["scenario", "district", "changes", "model", *REPLACED]
        if unknown := [name for name in rest if name not in known]:
            hint = nearest(unknown[0], known)
            raise ScenarioError(f'Unknown field "{unknown[0]}" of a sweep.{hint} Choose from: {", ".join(known)}.')
        return cls.of_plan(Plan.read(design, overrides=replaced, **rest))


def _rows(spec: PlanSpec) -> list[tuple[Any, ...]]:
    return list(zip(*spec.points.values(), strict=True))


def _levels(first: Sequence[Any], second: Sequence[Any]) -> tuple[Any, ...]:
    """Return all values of a parameter, each once: numbers as they rise, others as they come."""
    values = dict.fromkeys([*first, *second])
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    return tuple(sorted(values)) if numbers else tuple(values)


def _wider(first: Axis, second: Axis, levels: tuple[Any, ...]) -> Axis:
    """Return the axis over which two together go."""
    if first == second:
        return first
    if first.levels or second.levels:
        return replace(first, levels=levels)
    return replace(first, low=min(first.low, second.low), high=max(first.high, second.high))
