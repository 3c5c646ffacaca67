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
    study, rows = result.spec.study, _beside_baseline(result)
    brings, price, *_ = result.findings
    by_outcome = {name: cells.to_dict("records") for name, cells in rows.groupby("outcome")}
    panels = [_outcome(by_outcome[name], result.margin, lang) for name in study.outcomes if name in by_outcome]
    verdicts = rows.loc[rows["outcome"].isin(study.outcomes), "verdict"]
    return IntervalRows(
        title=Finding("common.headline", arm=study.focus, moves=brings.values["moves"]),
        subtitle=price,
        note=Finding("study.note", replicates=int(result.table["replicates"].max()), base=study.baseline),
        rows=[Row(capital(words.arm(arm, lang))) for arm in dict.fromkeys(rows["strategy"])],
        panels=panels,
        key=[*verdict_key(verdicts, lang), *[band_entry(result.margin, lang)] * any(panel.band for panel in panels)],
        names=1.6,
    ).draw(lang)


def _beside_baseline(result: StudyComparison) -> pd.DataFrame:
    table, baseline = result.table, result.spec.study.baseline
    return table[(table["against"] == baseline) & (table["strategy"] != baseline)]


def _outcome(rows: Sequence[dict[Any, Any]], margin: float, lang: str) -> Panel:
    """Return an outcome's changes, in per cent where there is enough to be a share of."""
    outcome, moves, marks = rows[0]["outcome"], list(map(Move.of, rows)), [row["verdict"] for row in rows]
    base, largest = abs(moves[0].base), max(abs(move.difference) for move in moves)
    per_cent = math.isfinite(base) and base > 0 and largest < 10 * base
    scale, lowest = (100.0 / base, least(outcome)) if per_cent else (1.0, -math.inf)
    points, numbers = [], []
    for move, verdict in zip(moves, marks, strict=True):
        ends, size = (move.low, move.difference, move.high), scale * move.difference
        points.append([Point.of(ends, verdict_entry(verdict), scale, lowest)])
        number = percent(size, signed=True).removesuffix("%") if per_cent else amount(size, signed=True)
        shown = "" if not math.isfinite(size) else number if number.strip("+−0.") else "0"
        numbers.append((shown, ink_of(verdict)))
    return Panel(
        title=capital(words.noun(outcome, lang).name),
        axis=gettext(lang, "change, {unit}", unit="%" if per_cent else words.unit(outcome, lang)),
        points=points,
        under=gettext(lang, "baseline: {level}", level=amount(base)),
        numbers=numbers,
        unit="%" if per_cent else "",
        band=(-100 * margin, 100 * margin) if per_cent else None,
    )


def document(result: StudyComparison, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    study, design, table = result.spec.study, result.outcome.design, _beside_baseline(result)
    replicates, base = int(result.table["replicates"].max()), study.baseline
    runs = Finding(
        "study.runs",
        ground=ground_of(design),
        arms=len(study.arms),
        weeks=design.scenario.run.weeks,
        replicates=replicates,
        start=design.start,
        shared=_typed(study.world),
    )
    by_outcome = [row for _, rows in table.groupby("outcome", sort=False) for row in rows.to_dict("records")]
    effects = [{**row, "move": Move.of(row)} for row in by_outcome]
    columns = "outcome arm base mean difference interval per_cent together verdict unit"
    arms = [{"arm": arm, "changes": ", ".join(_typed(changes))} for arm, changes in study.arms.items()]
    return Document(
        title=Finding("common.question", text=study.question),
        findings=result.findings,
        figures=[(drawn[study.name], Finding("study.caption", title=study.title, replicates=replicates, base=base))],
        tables=[
            Shown.of(Finding("study.effects", base=base), effects, columns, "study.cell"),
            Shown.of(Finding("study.arms"), arms, "arm changes", "study.arm_cell"),
        ],
        method=[
            runs,
            Finding("study.pairs", base=base),
            Finding("study.judged", margin=result.margin, base=base),
        ],
        limits=[Finding("study.one_value"), *([Finding("common.single_replicate")] if replicates == 1 else [])],
        scenario=result.scenario,
        info=result.info,
    )


def _typed(changes: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in changes.items()]
