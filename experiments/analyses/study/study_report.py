"""What a study has found: what its policy brings, what it costs, and what every other arm brings."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.analyses.result import Draw
from experiments.analyses.study.study_comparison import Study, StudyComparison
from experiments.core.statistics.effect import DOWN, UP
from experiments.figures.entry import band_entry, ink_of, verdict_entry, verdict_key
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import Move, capital
from experiments.reporting.document import Document, Shown
from experiments.reporting.dust import least
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import amount, percent
from experiments.reporting.provenance import ground_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def findings(result: StudyComparison) -> list[Finding]:
    """Find what the policy brings, what it costs, and what every other arm brings."""
    return table_findings(result.spec.study, result.table)


def table_findings(study: Study, table: pd.DataFrame) -> list[Finding]:
    """Find them in the table of a study's comparison."""
    rows = table[table["against"] == study.baseline].to_dict("records")
    moves = {(str(row["strategy"]), str(row["outcome"])): Move.of(row) for row in rows}
    brought = {arm: [moves[arm, name] for name in study.benefits if (arm, name) in moves] for arm in study.arms}
    rest = [arm for arm in study.arms if brought[arm] and arm not in (study.focus, study.baseline)]
    return [
        Finding("study.brings", focus=study.focus, base=study.baseline, moves=brought[study.focus]),
        _price(study, moves),
        *(Finding("study.arm_brings", arm=arm, moves=brought[arm]) for arm in rest),
    ]


def _price(study: Study, moves: Mapping[tuple[str, str], Move]) -> Finding:
    """Find what the policy costs, and which of its parts moves the first benefit most."""
    paid = [moves[study.focus, name] for name in study.costs if (study.focus, name) in moves]
    benefit = study.benefits[0]
    parts = {name: moves[name, benefit] for name in study.parts if (name, benefit) in moves}
    clear = [(name, move) for name, move in parts.items() if move.kind in DOWN | UP]
    return Finding(
        "study.price",
        # A price is reported, not judged: whether it is worth paying is for those who pay it.
        paid=[replace(move, verdict="") for move in paid if move.difference],
        benefit=benefit,
        parts=list(parts),
        largest=max(clear, key=lambda pair: abs(pair[1].difference), default=None),
    )


def figures(result: StudyComparison) -> dict[str, Draw]:
    """Every arm's effect on each outcome."""
    return {result.spec.study.name: lambda lang: study_figure(result, lang)}


def study_figure(result: StudyComparison, lang: str = "en") -> Figure:
    """Draw a panel for each outcome with a row for each arm."""
    study, table = result.spec.study, result.table
    brings, price, *_ = result.findings
    rows = table[(table["against"] == study.baseline) & (table["strategy"] != study.baseline)]
    shown = [name for name in study.outcomes if name in set(rows["outcome"])]
    arms = list(dict.fromkeys(rows["strategy"]))
    by_cell = {(row["strategy"], row["outcome"]): row for row in rows.to_dict("records")}
    verdicts = {str(row["verdict"]) for row in by_cell.values() if row["outcome"] in shown}
    panels = [
        _outcome(outcome, [by_cell.get((arm, outcome)) for arm in arms], result.margin, lang) for outcome in shown
    ]
    return IntervalRows(
        title=Finding("common.headline", arm=study.focus, moves=brings.values["moves"]),
        subtitle=price,
        note=Finding("study.note", replicates=int(table["replicates"].max()), base=study.baseline),
        rows=[Row(capital(words.arm(arm, lang))) for arm in arms],
        panels=panels,
        key=[*verdict_key(verdicts, lang), *[band_entry(result.margin, lang)] * any(panel.band for panel in panels)],
        names=1.6,
    ).draw(lang)


def _outcome(outcome: str, rows: Sequence[dict[Any, Any] | None], margin: float, lang: str) -> Panel:
    """Return an outcome's changes, in per cent where there is enough to be a share of."""
    moves = [None if row is None else Move.of(row) for row in rows]
    known = [move for move in moves if move is not None]
    base = next((abs(move.base) for move in known), 0.0)
    largest = max((abs(move.difference) for move in known), default=0.0)
    per_cent = math.isfinite(base) and base > 0 and largest < 10 * base
    scale, lowest = (100.0 / base, least(outcome)) if per_cent else (1.0, -math.inf)
    points, numbers = [], []
    for row, move in zip(rows, moves, strict=True):
        verdict = "" if row is None else str(row["verdict"])
        ends = None if move is None else (move.low, move.difference, move.high)
        points.append([Point.of(ends, verdict_entry(verdict), scale, lowest)] if ends else [])
        size = scale * move.difference if move is not None and math.isfinite(move.difference) else math.nan
        number = percent(size, signed=True).removesuffix("%") if per_cent else amount(size, signed=True)
        shown = "" if math.isnan(size) else number if number.strip("+−0.") else "0"
        numbers.append((shown, ink_of(verdict)))
    return Panel(
        title=capital(words.noun(outcome, lang).name),
        axis=gettext(lang, "change, {unit}", unit="%" if per_cent else words.unit(outcome, lang)),
        points=points,
        under=gettext(lang, "baseline: {level}", level=amount(base) if math.isfinite(base) else "–"),
        numbers=numbers,
        unit="%" if per_cent else "",
        band=(-100 * margin, 100 * margin) if per_cent else None,
    )


def document(result: StudyComparison, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    study, design, table = result.spec.study, result.outcome.design, result.table
    replicates = int(table["replicates"].max())
    shared = [f"{name} = {json.dumps(value)}" for name, value in study.world.items()]
    runs = Finding(
        "study.runs",
        ground=ground_of(design),
        arms=len(study.arms),
        weeks=design.scenario.run.weeks,
        replicates=replicates,
        start=design.start,
        shared=shared,
    )
    caption = Finding("study.caption", title=study.title, replicates=replicates, base=study.baseline)
    return Document(
        title=Finding("common.question", text=study.question),
        findings=result.findings,
        figures=[(drawn[study.name], caption)],
        tables=[_effects(table, study.baseline), _arms(study)],
        method=[
            runs,
            Finding("study.pairs", base=study.baseline),
            Finding("study.judged", margin=result.margin, base=study.baseline),
        ],
        limits=[Finding("study.one_value"), *([Finding("common.single_replicate")] if replicates == 1 else [])],
        scenario=result.scenario,
        info=result.info,
    )


def _effects(table: pd.DataFrame, baseline: str) -> Shown:
    kept = table[(table["against"] == baseline) & (table["strategy"] != baseline)]
    records = [row for _, rows in kept.groupby("outcome", sort=False) for row in rows.to_dict("records")]
    rows = [{**row, "move": Move.of(row)} for row in records]
    columns = "outcome arm base mean difference interval per_cent together verdict unit"
    return Shown.of(Finding("study.effects", base=baseline), rows, columns, "study.cell")


def _arms(study: Study) -> Shown:
    rows = []
    for arm, changes in study.arms.items():
        listed = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in changes.items()]
        rows.append({"arm": arm, "changes": ", ".join(listed)})
    return Shown.of(Finding("study.arms"), rows, "arm changes", "study.arm_cell")
