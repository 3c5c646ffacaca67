"""The figure of a study: every arm's effect on each outcome, with its interval and verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.analyses.study.verdict_marks import BAND, draw_mark, verdict_key
from experiments.core.statistics.regions import BEYOND
from experiments.figures import style
from experiments.figures.legend import draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, wrap
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

ROW, HEAD, LINE, FOOT, NUMBERS, NAMES, ACROSS = 0.27, 0.4, 0.14, 0.42, 0.5, 1.75, 3
"""Inches: a row, what stands above and below a panel, the numbers beside it, the arms' names; and panels in a line."""


def study_figure(result: StudyComparison, lang: str = "en") -> Figure:
    """Draw a panel for each outcome with a row for each arm.

    Parameters
    ----------
    result
        A study's comparison.
    lang
        `en` or `zh`.
    """
    study, table = result.spec.study, result.table
    brings, price, *_ = result.findings
    title = Finding("study.headline", arm=study.focus, moves=brings.values["moves"])
    note = Finding("study.note", replicates=int(table["replicates"].max()), base=study.baseline)
    rows = table[(table["against"] == study.baseline) & (table["strategy"] != study.baseline)]
    arms = list(dict.fromkeys(rows["strategy"]))
    by_cell = {(row["strategy"], row["outcome"]): row for row in rows.to_dict("records")}
    shown = [name for name in study.outcomes if name in set(rows["outcome"])]
    lines = -(-len(shown) // ACROSS)
    with style.drawing(lang):
        width = (WIDTH - NAMES) / ACROSS
        titles = {name: wrap(capital(words.noun(name, lang).name), 8, width - 0.1, lang, "bold") for name in shown}
        head = HEAD + LINE * (max(map(len, titles.values()), default=1) - 1)
        each = head + ROW * len(arms) + FOOT
        verdicts = {str(row["verdict"]) for row in by_cell.values() if row["outcome"] in shown}
        entries = verdict_key(verdicts, lang, result.margin)
        height = lines * each + key_height(entries, lang)
        sheet = Sheet(title.text(lang), price.text(lang), note.text(lang), height, lang)
        for place, outcome in enumerate(shown):
            line, column = divmod(place, ACROSS)
            top = line * each + head - HEAD
            if not column:
                _names(sheet, arms, top + HEAD)
            effects = [by_cell.get((arm, outcome)) for arm in arms]
            moves = [None if row is None else Move.of(row) for row in effects]
            judged = [str(row["verdict"]) if row is not None else "" for row in effects]
            left = NAMES + column * width
            for step, text in enumerate(reversed(titles[outcome])):
                sheet.text(left, top + 0.16 - LINE * step, text, size=8, weight="bold")
            _panel(sheet, outcome, list(zip(moves, judged, strict=True)), (left, top, width), result.margin)
        draw_key(sheet, entries, lines * each)
        return sheet.finished()


def _names(sheet: Sheet, arms: Sequence[str], top: float) -> None:
    for place, arm in enumerate(arms):
        lines = wrap(capital(words.arm(arm, sheet.lang)), 7.5, NAMES - 0.15, sheet.lang)[:2]
        middle = top + (place + 0.5) * ROW + 0.035 - 0.06 * (len(lines) - 1)
        for step, line in enumerate(lines):
            sheet.text(0.05, middle + 0.12 * step, line, size=7.5)


def _panel(
    sheet: Sheet,
    outcome: str,
    effects: Sequence[tuple[Move | None, str]],
    place: tuple[float, float, float],
    margin: float,
) -> None:
    """Draw an outcome's changes with their verdicts, a row each; the place is left, top and width."""
    lang, (left, top, width) = sheet.lang, place
    moves = [move for move, _ in effects if move is not None]
    base = next((abs(move.base) for move in moves), 0.0)
    largest = max((abs(move.difference) for move in moves), default=0.0)
    per_cent = bool(np.isfinite(base) and base > 0 and largest < 10 * base)
    scale = 100.0 / base if per_cent else 1.0
    axes = sheet.axes(left, top + HEAD, width - NUMBERS - 0.1, ROW * len(effects))
    axes.set_ylim(len(effects), 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    if per_cent:
        axes.axvspan(-100 * margin, 100 * margin, color=BAND, linewidth=0, zorder=0)
    axes.axvline(0.0, color=style.INK, linewidth=0.8, zorder=1)
    for row, (move, verdict) in enumerate(effects):
        if move is None or not np.isfinite(move.difference):
            continue
        draw_mark(axes, row + 0.5, [scale * end for end in (move.low, move.difference, move.high)], verdict, 4.6)
        size = scale * move.difference
        number = percent(size, signed=True)[:-1] if per_cent else amount(size, signed=True)
        number = number if number.strip("+−0.") else "0"
        colour = style.VERDICT_MARKS[verdict][1] if verdict in BEYOND else style.MUTED
        sheet.text(
            left + width - 0.12, top + HEAD + (row + 0.5) * ROW + 0.035, number, size=7.5, align="right", colour=colour
        )
    level = amount(base) if np.isfinite(base) else "–"
    sheet.text(left, top + 0.3, gettext(lang, "baseline: {level}", level=level), size=7, colour=style.MUTED)
    if per_cent:
        sheet.text(left + width - 0.12, top + 0.3, "%", size=7.5, align="right", colour=style.MUTED)
    unit = wrap("%" if per_cent else words.unit(outcome, lang), 7.5, width - 0.9, lang)[0]
    axes.set_xlabel(gettext(lang, "change, {unit}", unit=unit), labelpad=2, size=7.5)
    axes.locator_params(axis="x", nbins=3)
