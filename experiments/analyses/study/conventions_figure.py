"""The figure of conventions: each policy's effect on each outcome of the headline, a row for every setting."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.study.conventions import counted
from experiments.analyses.study.verdict_marks import BAND, draw_mark, verdict_key
from experiments.core.margin import MARGIN
from experiments.figures import style
from experiments.figures.legend import draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, text_width, wrap
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.phrases import phrase

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["conventions_figure"]

ROW, HEAD, FOOT, GAP = 0.165, 0.36, 0.4, 0.12
"""Inches: a row, what stands above and below the panels, and the gap between two of them."""
SIZE = 7.0


def conventions_figure(table: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a panel for each policy and outcome.

    Parameters
    ----------
    table
        From `conventions.table_of`.
    lang
        `en` or `zh`.
    """
    pairs = list(dict.fromkeys(zip(table["policy"], table["outcome"], strict=True)))
    settings = table.drop_duplicates("setting").to_dict("records")
    count = len(settings)
    names = [capital(phrase(str(row["words"]), lang)) for row in settings]
    title = Finding("conventions.title", **counted(table))
    note = Finding("conventions.note", replicates=int(table["replicates"].max()), margin=MARGIN)
    with style.drawing(lang):
        entries = verdict_key(set(table["verdict"]), lang)
        height = HEAD + ROW * count + FOOT + key_height(entries, lang)
        sheet = Sheet(title.text(lang), "", note.text(lang), height, lang)
        left = 0.1 + max(text_width(name, SIZE, lang, "bold") for name in names)
        width = (WIDTH - left - GAP * (len(pairs) - 1) - 0.06) / len(pairs)
        for place, (row, name) in enumerate(zip(settings, names, strict=True)):
            cells = table[table["setting"] == row["setting"]]
            bold = not row["convention"] or cells["beside"].isin(("turns", "halves")).any()
            weight = "bold" if bold else "normal"
            sheet.text(0.05, HEAD + (place + 0.5) * ROW + 0.035, name, size=SIZE, weight=weight)
        named = ""
        for number, (policy, outcome) in enumerate(pairs):
            start = left + number * (width + GAP)
            rows = table[(table["policy"] == policy) & (table["outcome"] == outcome)].to_dict("records")
            axes = sheet.axes(start, HEAD, width, ROW * count)
            _panel(axes, rows)
            if policy != named:
                named = policy
                sheet.text(start, 0.13, capital(words.arm(str(policy), lang)), size=SIZE, weight="bold")
            noun = wrap(words.noun(str(outcome), lang).name, SIZE, width + GAP, lang)[0]
            sheet.text(start, 0.265, noun, size=SIZE, colour=style.MUTED)
        sheet.text(
            left + (WIDTH - left) / 2,
            HEAD + ROW * count + 0.32,
            gettext(lang, "change against no branch, %"),
            align="center",
        )
        draw_key(sheet, entries, HEAD + ROW * count + FOOT)
        return sheet.finished()


def _panel(axes: Axes, rows: list[dict[Any, Any]]) -> None:
    ends = 100.0 * np.array([[row["low"], row["relative"], row["high"]] for row in rows], dtype=float)
    low, high = _reach(ends)
    axes.set_ylim(len(rows), 0)
    axes.set_xlim(low, high)
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=4, prune="both")
    axes.spines["left"].set_visible(False)
    axes.axvspan(-100 * MARGIN, 100 * MARGIN, color=BAND, linewidth=0, zorder=0)
    axes.axvline(0.0, color=style.INK, linewidth=0.8, zorder=1)
    if math.isfinite(ends[0, 1]):
        axes.axvline(ends[0, 1], color=style.MUTED, linewidth=0.8, linestyle=":", zorder=1)
    before = rows[0]["convention"]
    for place, row in enumerate(rows):
        if row["convention"] != before:
            before = row["convention"]
            axes.axhline(place, color=style.PALE, linewidth=0.6, zorder=0)
        draw_mark(axes, place + 0.5, ends[place].tolist(), str(row["verdict"]), 4.2, (low, high))


def _reach(ends: Any) -> tuple[float, float]:
    """Choose an axis that shows the bulk of the intervals, zero and the band; what goes far beyond gets an arrow."""
    sure = ends[np.isfinite(ends).all(axis=1)]
    if not sure.size:
        return -10.0, 10.0
    middle = np.append(sure[:, 1], 0.0)
    low, high = np.quantile(middle, [0.02, 0.98])
    room = max(float(np.median(sure[:, 2] - sure[:, 0])), 0.08 * (high - low), 1.0)
    return float(min(low - room, -150 * MARGIN)), float(max(high + room, 150 * MARGIN))
