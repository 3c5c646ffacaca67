"""The report of a sweep: where an arm lowers each outcome, and which parameters that follows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analyses.explorer import Explored, Response, explorer
from experiments.analyses.result import Draw
from experiments.analyses.sweep import sweep_effects as find
from experiments.analyses.sweep.sweep_figure import described, sweep_figure
from experiments.analyses.sweep.swept import Swept
from experiments.reporting.declared import level
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import amount, written
from experiments.reporting.provenance import ground_of, info_of


def findings(result: Swept) -> list[Finding]:
    """Find, of each outcome under each arm, at how many points it changes, and which parameters it follows."""
    return [Finding("sweep.effect", clauses=find.clauses(result, outcome, arm)) for outcome, arm in _effects(result)]


def figures(result: Swept) -> dict[str, Draw]:
    """A figure for each outcome: how it, or what the arms change of it, follows each parameter."""
    return {outcome: partial(sweep_figure, result, outcome) for outcome in result.plan.outcomes}


def document(result: Swept, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    plan, design = result.plan, result.outcome.design
    shared, single = not plan.apart, find.is_one_at_a_time(result)
    matters = Finding("sweep.ranks_matter", shared=shared, replicates=plan.replicates)
    sizes = {"points": len(result.points), "parameters": result.points.shape[1], "replicates": plan.replicates}
    when = {"weeks": plan.scenario.run.weeks, "start": design.start}
    arms = [arm for arm in plan.arms if arm]
    seen = []
    for outcome, arm in _effects(result):
        values = result.effects(outcome, arm or None).reindex(plan.points.index).to_numpy(float)
        seen.append(Response(outcome, arm, plan.baseline, values))
    return Document(
        title=Finding("common.question", text=plan.question, own=Finding("sweep.question", outcomes=plan.outcomes[:3])),
        findings=result.findings,
        figures=[(path, described(result, "sweep.caption", outcome=outcome)) for outcome, path in drawn.items()],
        tables=[_varied(result), _over(result), *_followed(result)],
        method=[
            Finding("sweep.runs", kind=plan.kind, arms=arms, ground=ground_of(design), **sizes, **when),
            Finding("sweep.pairs", against=plan.baseline),
            Finding("sweep.ranges_matter") if single else matters,
        ],
        limits=[
            *([Finding("sweep.ran_once", shared=shared)] if plan.replicates == 1 else []),
            Finding("sweep.alone" if single else "sweep.turns_are_missed"),
            Finding("sweep.shares_of_ranges"),
        ],
        sections={"explore": explorer(Explored.of_plan(plan, seen, design))},
        scenario=plan.scenario,
        info=info_of(result.store, result.outcome),
    )


def _effects(result: Swept) -> list[tuple[str, str]]:
    """Return every outcome under every arm whose effect is analysed."""
    return list(product(result.plan.outcomes, find.treatment_arms(result)))


def _varied(result: Swept) -> Shown:
    known = {row["name"]: row for row in result.plan.scenario.parameters()}
    facts = [known.get(str(name), {}) for name in result.points]
    columns = {
        "parameter": list(result.points),
        "over": [_values(result.points[name]) for name in result.points],
        "unit": [Finding("common.parameter_unit", of=row) for row in facts],
        "usual": [Finding("common.level", value=row.get("value")) for row in facts],
        "meaning": [Finding("common.parameter_meaning", of=row) for row in facts],
    }
    return Shown(Finding("sweep.varied"), pd.DataFrame(columns), "sweep.heads")


def _values(values: pd.Series) -> Finding | str:
    if find.is_categorical(values):
        return Finding("sweep.levels", values=list(dict.fromkeys(values)))
    return f"{level(values.min())} … {level(values.max())}"


def _over(result: Swept) -> Shown:
    """Return each outcome, or what each arm changes of it, over the points."""
    base, effects = result.plan.baseline, _effects(result)
    over = [find.summary(result, *effect) for effect in effects]
    columns: dict[str, list[Any]] = {
        "outcome": [Finding("common.noun", name=outcome, capital=True) for outcome, _ in effects],
        "arm": [Finding("common.arm", name=arm) for _, arm in effects],
        "unit": [Finding("common.unit", outcome=outcome) for outcome, _ in effects],
        **{end: [amount(getattr(part, end), bool(base)) for part in over] for end in ("lowest", "middle", "highest")},
        **{sign: [getattr(part, sign) for part in over] for sign in ("falls", "rises", "unclear")},
    }
    shown = pd.DataFrame(columns) if base else pd.DataFrame(columns).drop(columns=["arm", "falls", "rises", "unclear"])
    caption = Finding("sweep.over_points", points=len(result.points), against=base)
    return Shown(caption, shown, "sweep.heads")


def _followed(result: Swept) -> list[Shown]:
    """Return how each outcome follows every parameter, where that is known."""
    single = find.is_one_at_a_time(result)
    rows = [
        {"outcome": Finding("common.noun", name=outcome, capital=True), "arm": Finding("common.arm", name=arm), **cells}
        for outcome, arm in _effects(result)
        for cells in (_ranges if single else _ranks)(result, outcome, arm)
    ]
    if not rows:
        return []
    shown = pd.DataFrame(rows) if len(find.treatment_arms(result)) > 1 else pd.DataFrame(rows).drop(columns="arm")
    return [Shown(Finding("sweep.ranges" if single else "sweep.ranks"), shown, "sweep.heads")]


def _ranks(result: Swept, outcome: str, arm: str) -> Iterator[dict[str, Any]]:
    for effect in find.rank_effects(result, outcome, arm):
        size, low, high = (written(value, "+.2f") for value in (effect.correlation, effect.low, effect.high))
        yield {
            "parameter": effect.name,
            "rank": size,
            "over_points": f"{low} … {high}" if math.isfinite(effect.low) else "–",
            "p": "<0.001" if effect.p < 0.001 else written(effect.p, ".3f"),
        }


def _ranges(result: Swept, outcome: str, arm: str) -> Iterator[dict[str, Any]]:
    for effect in find.range_effects(result, outcome, arm):
        change = effect.change
        yield {
            "parameter": effect.name,
            "from": Finding("common.level", value=effect.start),
            "to": Finding("common.level", value=effect.end),
            "change": amount(change.difference, signed=True),
            "interval": f"{amount(change.ci_low, signed=True)} … {amount(change.ci_high, signed=True)}",
        }
