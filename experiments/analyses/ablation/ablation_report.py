"""What an ablation has found: a policy's effect as a whole, and what each of its parts carries of it."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analyses.ablation.ablation import LEFT, WHOLE, Ablation
from experiments.analyses.result import Draw
from experiments.core.statistics.effect import DOWN, UP
from experiments.figures import style
from experiments.figures.entry import Entry
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.reporting.clauses import Move
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import percent
from experiments.reporting.provenance import ground_of, info_of

ENDS = {"shapley": "ci", "alone": "alone", "left_out": "left_out"}
"""Values of a row, with what the columns of their intervals begin with."""
LOOKS = [
    Entry(Finding("ablation.mark", value=value), colour, mark)
    for value, mark, colour in zip(ENDS, "o^X", (style.BLUE, style.AMBER, style.VERMILLION), strict=True)
]


class Piece(Move):
    """A piece of a change, in proportion to what there is without the policy: more than all of it may be lost."""

    @property
    def least(self) -> float:
        return -math.inf


def moves_of(result: Ablation, outcome: str, value: str = "shapley") -> dict[str, Move]:
    """Return one of the values of each part as a change of the mean without the policy; what is left and the whole have
    a share alone.
    """
    rows = result.table[result.table["outcome"] == outcome].set_index("part")
    rows = rows if value == "shapley" else rows.drop([LEFT, WHOLE])
    columns, base = [value, f"{ENDS[value]}_low", f"{ENDS[value]}_high"], result.base(outcome)
    return {part: Piece(outcome, size, low, high, base) for part, size, low, high in rows[columns].itertuples()}


def findings(result: Ablation) -> list[Finding]:
    """Find, for each outcome, what the parts carry, and where they do more or less together than alone."""
    outcomes = result.swept.plan.outcomes
    carried = [_carried(result, outcome) for outcome in outcomes]
    return carried + [finding for outcome in outcomes if (finding := _joined(result, outcome))]


def _carried(result: Ablation, outcome: str) -> Finding:
    """Find what the policy changes, and what parts carry of it: a clear share, an unclear one, nothing."""
    moves = moves_of(result, outcome)
    whole = moves.pop(WHOLE)
    clear = [(item, move) for item, move in moves.items() if move.kind in {"single", *DOWN, *UP}]
    shares = Finding(
        "ablation.shares_in",
        outcome=outcome,
        shares=sorted(clear, key=lambda pair: -abs(pair[1].difference)),
        vague=[item for item, move in moves.items() if move.kind == "zero"],
        nothing=[item for item, move in moves.items() if move.kind == "same" and item != LEFT],
    )
    return Finding("ablation.carried", policy=result.spec.name, whole=whole, shares=shares)


def _joined(result: Ablation, outcome: str) -> Finding | None:
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


def ablation_figure(result: Ablation) -> IntervalRows:
    """Return a panel for each outcome with a row for each part, what is left without any, and the whole."""
    outcomes, names = result.swept.plan.outcomes, [*result.spec.parts, LEFT, WHOLE]
    moves = [moves_of(result, outcome)[WHOLE] for outcome in outcomes[:3]]
    title = Finding("common.headline", arm=result.spec.name, moves=moves)
    subtitle, note = result.findings[0].values["shares"], Finding("ablation.note", **_size(result))
    rows = [Row(Finding("common.part", name=name), bold=name == WHOLE, line=name == WHOLE) for name in names]
    return IntervalRows(title, rows, [_panel(result, outcome) for outcome in outcomes], LOOKS, subtitle, note)


def _size(result: Ablation) -> dict[str, int]:
    return {"replicates": int(result.table["replicates"].max()), "sampled": len(result.spec.sampled)}


def _panel(result: Ablation, outcome: str) -> Panel:
    base, values = result.base(outcome), [moves_of(result, outcome, value) for value in ENDS]
    per_cent = math.isfinite(base) and base != 0
    scale = 100.0 / abs(base) if per_cent else 1.0
    numbers = [
        (
            "0" if move.kind == "same" else percent(scale * move.difference, signed=True).removesuffix("%"),
            style.INK if move.kind in DOWN | UP else style.MUTED,
        )
        for move in values[0].values()
    ]
    return Panel(
        title=Finding("common.noun", name=outcome, capital=True),
        under=Finding("ablation.without", base=base),
        axis=Finding("common.change", outcome=outcome, per_cent=per_cent),
        points=[
            [
                Point.of((move.low, move.difference, move.high), look, scale)
                for look, moves in zip(LOOKS, values, strict=True)
                if (move := moves.get(name))
            ]
            for name in values[0]
        ],
        numbers=numbers if per_cent else (),
        unit="%" if per_cent else "",
    )


def document(result: Ablation, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    plan, design, spec = result.swept.plan, result.swept.outcome.design, result.spec
    sampled, sets, parts = len(spec.sampled), len(spec.labels), list(spec.parts)
    size = {"weeks": plan.scenario.run.weeks, "start": design.start, "replicates": plan.replicates}
    return Document(
        title=Finding("common.question", text=plan.question, own=Finding("ablation.question", policy=spec.name)),
        findings=result.findings,
        figures=[(drawn["ablation"], Finding("ablation.caption", policy=spec.name, **_size(result)))],
        tables=[*(_values(result, outcome) for outcome in plan.outcomes), _parts(result)],
        method=[
            Finding("ablation.method", policy=spec.name, parts=parts, sets=sets, sampled=sampled),
            Finding("ablation.runs", ground=ground_of(design), **size),
            Finding("ablation.per_cent"),
        ],
        limits=[Finding("ablation.hours_left")] + [Finding("common.single_replicate")] * (plan.replicates == 1),
        scenario=plan.scenario,
        info=info_of(result.swept.store, result.swept.outcome),
    )


def _values(result: Ablation, outcome: str) -> Shown:
    """Return the values of an outcome's parts, in per cent where there is a mean to take them of."""
    names = [*result.spec.parts, LEFT, WHOLE]
    cells: dict[str, list[Finding | str]] = {"part": [Finding("common.part", name=name) for name in names]}
    for value in ENDS:
        moves = [moves_of(result, outcome, value).get(name) for name in names]
        for column, text in ((value, "common.size"), (f"{value}_interval", "common.ends")):
            cells[column] = [Finding(text, move=move) if move else "–" for move in moves]
    caption = Finding("ablation.values", outcome=outcome, base=result.base(outcome))
    return Shown(caption, pd.DataFrame(cells), "ablation.heads")


def _parts(result: Ablation) -> Shown:
    """Return what takes each part out: what the full set sets otherwise than the set without it."""
    labels, arms, every = result.spec.labels, result.swept.plan.arms, frozenset(result.spec.parts)
    full = arms[labels[every]]
    changes = {WHOLE: dict(full)}
    for item in result.spec.parts:
        out = arms[labels[every - {item}]]
        changes[item] = {key: value for key, value in out.items() if full.get(key, "") != value}
    columns = {
        "part": [Finding("common.part", name=item) for item in changes],
        "set_to": [", ".join(f"{key} = {_value(value)}" for key, value in what.items()) for what in changes.values()],
    }
    return Shown(Finding("ablation.parts"), pd.DataFrame(columns), "ablation.heads")


def _value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
