"""The report of a sweep: where an arm lowers each outcome, and which parameters that follows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.analyses.sweep.sweep_effects import (
    RangeEffect,
    RankEffect,
    is_categorical,
    range_effects,
    rank_effects,
    summary,
    treatment_arms,
)
from experiments.analyses.sweep.sweep_figure import described, sweep_figure
from experiments.analyses.sweep.sweep_findings import findings
from experiments.reporting.declared import level
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import amount, written
from experiments.reporting.provenance import ground_of, info_of

if TYPE_CHECKING:
    from experiments.analyses.result import Draw
    from experiments.analyses.sweep.swept import Swept

__all__ = ["document", "figures", "findings"]


def figures(result: Swept) -> dict[str, Draw]:
    """A figure for each outcome: how it, or what the arms change of it, follows each parameter."""
    return {outcome: partial(sweep_figure, result, outcome) for outcome in result.plan.outcomes}


def document(result: Swept, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    plan = result.plan
    return Document(
        title=Finding("common.question", text=plan.question, own=Finding("sweep.question", outcomes=plan.outcomes[:3])),
        findings=result.findings,
        figures=[(path, described(result, "sweep.caption", outcome=outcome)) for outcome, path in drawn.items()],
        tables=[_varied(result), _over(result), *_followed(result)],
        method=_method(result),
        limits=_limits(result),
        scenario=plan.scenario,
        info=info_of(result.store, result.outcome),
    )


def _method(result: Swept) -> list[Finding]:
    plan, design = result.plan, result.outcome.design
    ran = Finding(
        "sweep.runs",
        kind=plan.kind,
        points=len(result.points),
        parameters=result.points.shape[1],
        arms=[arm for arm in plan.arms if arm],
        ground=ground_of(design),
        weeks=plan.scenario.run.weeks,
        start=design.start,
        replicates=plan.replicates,
    )
    matters = (
        Finding("sweep.ranges_matter")
        if plan.kind == "one-at-a-time"
        else Finding("sweep.ranks_matter", shared=not plan.apart, replicates=plan.replicates)
    )
    return [ran, Finding("sweep.pairs", against=plan.baseline), matters]


def _limits(result: Swept) -> list[Finding]:
    plan = result.plan
    return [
        *([Finding("sweep.ran_once", shared=not plan.apart)] if plan.replicates == 1 else []),
        Finding("sweep.alone" if plan.kind == "one-at-a-time" else "sweep.turns_are_missed"),
        Finding("sweep.shares_of_ranges"),
    ]


def _varied(result: Swept) -> Shown:
    """Return what varied, over which values."""
    known = {row["name"]: row for row in result.plan.scenario.parameters()}
    rows = []
    for name in result.points.columns:
        values, row = result.points[name], known.get(str(name), {})
        over = (
            Finding("sweep.levels", values=list(dict.fromkeys(values)))
            if is_categorical(values)
            else (f"{level(values.min())} … {level(values.max())}")
        )
        rows.append(
            {
                "parameter": name,
                "over": over,
                "unit": Finding("common.parameter_unit", of=row),
                "usual": Finding("common.level", value=row.get("value")),
                "meaning": Finding("common.parameter_meaning", of=row),
            }
        )
    return Shown(Finding("sweep.varied"), pd.DataFrame(rows), "sweep.heads")


def _over(result: Swept) -> Shown:
    """Return each outcome, or what each arm changes of it, over the points."""
    base = result.plan.baseline
    rows: list[dict[str, Any]] = []
    for outcome in result.plan.outcomes:
        for arm in treatment_arms(result):
            over = summary(result, outcome, arm)
            ends = {name: amount(getattr(over, name), bool(base)) for name in ("lowest", "middle", "highest")}
            counts = {"falls": over.falls, "rises": over.rises, "unclear": over.unclear}
            rows.append(
                {
                    "outcome": Finding("common.noun", name=outcome, capital=True),
                    **({"arm": Finding("common.arm", name=arm)} if base else {}),
                    "unit": Finding("common.unit", outcome=outcome),
                    **ends,
                    **(counts if base else {}),
                }
            )
    caption = Finding("sweep.over_points", points=len(result.points), against=base)
    return Shown(caption, pd.DataFrame(rows), "sweep.heads")


def _followed(result: Swept) -> list[Shown]:
    """Return how each outcome follows every parameter, where that is known."""
    single, arms = result.plan.kind == "one-at-a-time", treatment_arms(result)
    rows: list[dict[str, Any]] = []
    for outcome in result.plan.outcomes:
        for arm in arms:
            start = {
                "outcome": Finding("common.noun", name=outcome, capital=True),
                **({"arm": Finding("common.arm", name=arm)} if len(arms) > 1 else {}),
            }
            if single:
                rows += [start | _range(effect) for effect in range_effects(result, outcome, arm)]
            else:
                rows += [start | _rank(effect) for effect in rank_effects(result, outcome, arm)]
    caption = Finding("sweep.ranges" if single else "sweep.ranks")
    return [Shown(caption, pd.DataFrame(rows), "sweep.heads")] if rows else []


def _rank(effect: RankEffect) -> dict[str, Any]:
    size, low, high = (written(value, "+.2f") for value in (effect.correlation, effect.low, effect.high))
    return {
        "parameter": effect.name,
        "rank": size,
        "over_points": f"{low} … {high}" if math.isfinite(effect.low) else "–",
        "p": "<0.001" if effect.p < 0.001 else written(effect.p, ".3f"),
    }


def _range(effect: RangeEffect) -> dict[str, Any]:
    low, high = (amount(end, signed=True) for end in (effect.change.ci_low, effect.change.ci_high))
    return {
        "parameter": effect.name,
        "from": Finding("common.level", value=effect.start),
        "to": Finding("common.level", value=effect.end),
        "change": amount(effect.change.difference, signed=True),
        "interval": f"{low} … {high}",
    }
