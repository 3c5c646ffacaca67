"""The figure of a study: every arm's effect on each outcome, with its interval and verdict."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.figures.verdicts import band_entry, ink_of, verdict_entry, verdict_key
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import Move, capital
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import amount, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from experiments.analyses.study.study_comparison import StudyComparison

__all__ = ["study_figure"]


def study_figure(result: StudyComparison, lang: str = "en") -> Figure:
    """Draw a panel for each outcome with a row for each arm."""
    study, table = result.spec.study, result.table
    brings, price, *_ = result.findings
    rows = table[(table["against"] == study.baseline) & (table["strategy"] != study.baseline)]
    arms = list(dict.fromkeys(rows["strategy"]))
    by_cell = {(row["strategy"], row["outcome"]): row for row in rows.to_dict("records")}
    shown = [name for name in study.outcomes if name in set(rows["outcome"])]
    verdicts = {str(row["verdict"]) for row in by_cell.values() if row["outcome"] in shown}
    return IntervalRows(
        title=Finding("common.headline", arm=study.focus, moves=brings.values["moves"]),
        subtitle=price,
        note=Finding("study.note", replicates=int(table["replicates"].max()), base=study.baseline),
        rows=[Row(capital(words.arm(arm, lang))) for arm in arms],
        panels=[
            _panel(outcome, [by_cell.get((arm, outcome)) for arm in arms], result.margin, lang) for outcome in shown
        ],
        key=[*verdict_key(verdicts, lang), band_entry(result.margin, lang)],
        names=1.6,
    ).draw(lang)


def _panel(outcome: str, rows: Sequence[dict[Any, Any] | None], margin: float, lang: str) -> Panel:
    """Return an outcome's changes, in per cent where there is enough to be a share of."""
    moves = [Move.of(row) for row in rows if row is not None]
    base = next((abs(move.base) for move in moves), 0.0)
    largest = max((abs(move.difference) for move in moves), default=0.0)
    per_cent = math.isfinite(base) and base > 0 and largest < 10 * base
    scale = 100.0 / base if per_cent else 1.0
    level = amount(base) if math.isfinite(base) else "–"
    return Panel(
        title=capital(words.noun(outcome, lang).name),
        axis=gettext(lang, "change, {unit}", unit="%" if per_cent else words.unit(outcome, lang)),
        points=[[_point(row, scale)] if row is not None else [] for row in rows],
        under=gettext(lang, "baseline: {level}", level=level),
        numbers=[_number(row, scale, per_cent) for row in rows],
        unit="%" if per_cent else "",
        band=(-100 * margin, 100 * margin) if per_cent else None,
    )


def _point(row: dict[Any, Any], scale: float) -> Point:
    move = Move.of(row)
    return Point.of((move.low, move.difference, move.high), verdict_entry(str(row["verdict"])), scale)


def _number(row: dict[Any, Any] | None, scale: float, per_cent: bool) -> tuple[str, str]:
    if row is None or not math.isfinite(row["difference"]):
        return "", ""
    size = scale * Move.of(row).difference
    number = percent(size, signed=True)[:-1] if per_cent else amount(size, signed=True)
    return number if number.strip("+−0.") else "0", ink_of(str(row["verdict"]))
