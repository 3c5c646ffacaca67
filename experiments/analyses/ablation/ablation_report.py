"""What an ablation has found: the effect of a policy as a whole, and what each of its parts carries of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analyses.ablation.ablation import Ablation
from experiments.analyses.ablation.ablation_figure import LEFT, WHOLE, Piece, ablation_figure, move_of, rows_of
from experiments.analyses.result import Draw
from experiments.core.statistics.effect import DOWN, UP
from experiments.reporting.clauses import Move
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.provenance import ground_of, info_of


def findings(result: Ablation) -> list[Finding]:
    """Find, for each outcome, what the parts carry, and where they do more or less together than alone."""
    outcomes = result.swept.plan.outcomes
    carried = [carried_by(result, outcome) for outcome in outcomes]
    return carried + [finding for outcome in outcomes if (finding := joined(result, outcome))]


def carried_by(result: Ablation, outcome: str) -> Finding:
    """Find what the policy changes, and what parts carry of it: a clear share, an unclear one, nothing."""
    rows = rows_of(result, outcome)
    moves = {item: move_of(result, outcome, row) for item, row in rows.items() if item != WHOLE}
    clear = [(item, move) for item, move in moves.items() if move.kind in {"single", *DOWN, *UP}]
    shares = Finding(
        "ablation.shares_in",
        outcome=outcome,
        shares=sorted(clear, key=lambda pair: -abs(pair[1].difference)),
        vague=[item for item, move in moves.items() if move.kind == "zero"],
        nothing=[item for item, move in moves.items() if move.kind == "same" and item != LEFT],
    )
    whole = move_of(result, outcome, rows[WHOLE])
    return Finding("ablation.carried", policy=result.spec.name, whole=whole, shares=shares)


def joined(result: Ablation, outcome: str) -> Finding | None:
    """Find whether the parts do together what they would do one by one; None where that cannot be decided."""
    gap = result.together(outcome)
    if gap is None or gap.replicates < 2:
        return None
    base = result.base(outcome)
    together, summed = (Move(outcome, value, value, value, base) for value in (gap.mean, gap.baseline_mean))
    if gap.difference == 0 or gap.ci_low <= 0 <= gap.ci_high:
        return Finding("ablation.adds", outcome=outcome, together=together, apart=summed)
    between = Piece(outcome, gap.difference, gap.ci_low, gap.ci_high, base)
    return Finding("ablation.does_not_add", outcome=outcome, together=together, apart=summed, gap=between)


def figures(result: Ablation) -> dict[str, Draw]:
    """How the effect is divided among the parts."""
    return {"ablation": lambda lang: ablation_figure(result).draw(lang)}


def document(result: Ablation, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    plan, design, policy = result.swept.plan, result.swept.outcome.design, result.spec.name
    replicates, sampled = int(result.table["replicates"].max()), len(result.sampled)
    caption = Finding("ablation.caption", policy=policy, replicates=replicates, sampled=sampled)
    size = {"weeks": plan.scenario.run.weeks, "start": design.start, "replicates": plan.replicates}
    return Document(
        title=Finding("common.question", text=plan.question, own=Finding("ablation.question", policy=policy)),
        findings=result.findings,
        figures=[(drawn["ablation"], caption)],
        tables=[*(_values(result, outcome) for outcome in plan.outcomes), _parts(result)],
        method=[
            Finding("ablation.method", policy=policy, parts=result.parts, sets=len(result.labels), sampled=sampled),
            Finding("ablation.runs", ground=ground_of(design), **size),
            Finding("ablation.per_cent"),
        ],
        limits=[Finding("ablation.hours_left")] + [Finding("common.single_replicate")] * (plan.replicates == 1),
        scenario=plan.scenario,
        info=info_of(result.swept.store, result.swept.outcome),
    )


def _values(result: Ablation, outcome: str) -> Shown:
    """Return the values of an outcome's parts, in per cent where there is a mean to take them of."""
    rows = []
    for item, row in rows_of(result, outcome).items():
        cells: dict[str, Finding | str] = {"part": Finding("common.part", name=item)}
        for value, interval in (("shapley", "ci"), ("alone", "alone"), ("left_out", "left_out")):
            move = move_of(result, outcome, row, value, interval)
            known = item in result.parts or value == "shapley"
            cells[value] = Finding("common.size", move=move) if known else "–"
            cells[f"{value}_interval"] = Finding("common.ends", move=move) if known else "–"
        rows.append(cells)
    caption = Finding("ablation.values", outcome=outcome, base=result.base(outcome))
    return Shown(caption, pd.DataFrame(rows), "ablation.heads")


def _parts(result: Ablation) -> Shown:
    """Return what takes each part out: what the full set sets otherwise than the set without it."""
    every, arms = frozenset(result.parts), result.swept.plan.arms
    full = arms[result.labels[every]]
    changes = {WHOLE: dict(full)}
    for item in result.parts:
        out = arms[result.labels[every - {item}]]
        changes[item] = {key: value for key, value in out.items() if full.get(key, "") != value}
    columns = {
        "part": [Finding("common.part", name=item) for item in changes],
        "set_to": [", ".join(f"{key} = {_value(value)}" for key, value in what.items()) for what in changes.values()],
    }
    return Shown(Finding("ablation.parts"), pd.DataFrame(columns), "ablation.heads")


def _value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
