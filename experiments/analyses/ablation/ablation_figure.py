"""The figure of an ablation: each part's share of a policy's effect, what it does alone, what is lost without it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from experiments.core.statistics.effect import DOWN, UP
from experiments.figures import style
from experiments.figures.entry import Entry
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.reporting.clauses import Move
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import percent

if TYPE_CHECKING:
    from experiments.analyses.ablation.ablation import Ablation

__all__ = ["LEFT", "WHOLE", "ablation_figure", "move_of", "rows_of"]

VALUES = (
    ("shapley", "ci", "o", style.BLUE),
    ("alone", "alone", "^", style.AMBER),
    ("left_out", "left_out", "X", style.VERMILLION),
)
"""Of a row: column, its interval, mark and colour."""
LEFT, WHOLE = "what is left", "whole"
"""Rows of an ablation's table that are no part."""


def rows_of(result: Ablation, outcome: str) -> dict[str, dict[str, Any]]:
    """Return an outcome's rows by part; what is left and the whole come last."""
    rows = result.table[result.table["outcome"] == outcome].to_dict("records")
    return {str(row["part"]): {str(key): value for key, value in row.items()} for row in rows}


class Piece(Move):
    """A piece of a change, in proportion to what there is without the policy: more than all of it may be lost."""

    @property
    def least(self) -> float:
        return -math.inf


def move_of(result: Ablation, outcome: str, row: dict[str, Any], value: str = "shapley", interval: str = "ci") -> Move:
    """Return one of a row's three values as a change, in proportion to what there is without the policy."""
    size, low, high = (float(row[name]) for name in (value, f"{interval}_low", f"{interval}_high"))
    return Piece(outcome, size, low, high, result.base(outcome))


def ablation_figure(result: Ablation) -> IntervalRows:
    """Return a panel for each outcome with a row for each part, what is left without any, and the whole."""
    outcomes = list(result.swept.plan.outcomes)
    names = list(rows_of(result, outcomes[0]))
    moves = [move_of(result, outcome, rows_of(result, outcome)[WHOLE]) for outcome in outcomes[:3]]
    return IntervalRows(
        title=Finding("common.headline", arm=result.spec.name, moves=moves),
        subtitle=result.findings[0].values["shares"],
        note=Finding("ablation.note", replicates=int(result.table["replicates"].max()), sampled=len(result.sampled)),
        rows=[Row(Finding("common.part", name=name), bold=name == WHOLE, line=name == WHOLE) for name in names],
        panels=[_panel(result, outcome) for outcome in outcomes],
        key=_looks(),
    )


def _looks() -> list[Entry]:
    return [Entry(Finding("ablation.mark", value=value), colour, mark) for value, _, mark, colour in VALUES]


def _panel(result: Ablation, outcome: str) -> Panel:
    rows, base = rows_of(result, outcome), result.base(outcome)
    per_cent = math.isfinite(base) and base != 0
    scale = 100.0 / abs(base) if per_cent else 1.0
    moves = [move_of(result, outcome, row) for row in rows.values()]
    sizes = [percent(scale * move.difference, signed=True).removesuffix("%") for move in moves]
    numbers = [
        ("0" if move.kind == "same" else size, style.INK if move.kind in DOWN | UP else style.MUTED)
        for move, size in zip(moves, sizes, strict=True)
    ]
    return Panel(
        title=Finding("common.noun", name=outcome, capital=True),
        under=Finding("ablation.without", base=base),
        axis=Finding("common.change", outcome=outcome, per_cent=per_cent),
        points=[
            [
                Point.of((row[f"{interval}_low"], row[value], row[f"{interval}_high"]), look, scale)
                for look, (value, interval, _, _) in zip(_looks(), VALUES, strict=True)
                if name in result.parts or value == "shapley"
            ]
            for name, row in rows.items()
        ],
        numbers=numbers if per_cent else (),
        unit="%" if per_cent else "",
    )
