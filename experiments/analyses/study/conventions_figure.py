"""The figure of conventions: each policy's effect on each outcome of the headline, a row for every setting."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.study.convention_words import counted
from experiments.core.margin import MARGIN
from experiments.figures import style
from experiments.figures.legend import Entry, draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, text_width, wrap
from experiments.reporting import words
from experiments.reporting.catalogue import gettext, ngettext
from experiments.reporting.clauses import capital

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["conventions_figure", "note"]

ROW, HEAD, FOOT, GAP = 0.165, 0.36, 0.4, 0.12
"""Inches: a row, what stands above and below the panels, and the gap between two of them."""
SIZE = 7.0
BAND = "#ececec"


def note(replicates: int, lang: str = "en") -> str:
    """Say what each mark and line is; the report's caption says the same."""
    return ngettext(
        lang,
        "Mark: mean paired difference to no branch under the same convention, in per cent of the mean there, "
        "over {number} replicate on common random numbers. Bar: its 95% interval. Dotted line: the effect under "
        "the defaults. Grey band: within ±{margin:g}% nothing matters. Mark and colour: how the bar lies to zero "
        "and to the band. Bold: the effect turns, or is certainly less than half of that under the defaults. An "
        "arrow: beyond the axis.",
        "Mark: mean paired difference to no branch under the same convention, in per cent of the mean there, "
        "over {number} replicates on common random numbers. Bar: its 95% interval. Dotted line: the effect under "
        "the defaults. Grey band: within ±{margin:g}% nothing matters. Mark and colour: how the bar lies to zero "
        "and to the band. Bold: the effect turns, or is certainly less than half of that under the defaults. An "
        "arrow: beyond the axis.",
        replicates, margin=100 * MARGIN)


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
    count, column = len(settings), "words_zh" if lang == "zh" else "words"
    with style.drawing(lang):
        drawn = set(table["verdict"])
        entries = [
            Entry(words.verdict(name, lang), colour, marker, 4.6 * size)
            for name, (marker, colour, size) in style.VERDICT_MARKS.items() if name in drawn
        ]  # fmt: skip
        entries.append(Entry(gettext(lang, "equivalence band, ±{margin:g}%", margin=100 * MARGIN),
                             BAND, band=True))
        sheet = Sheet(counted(table, lang), "", note(int(table["replicates"].max()), lang),
                      HEAD + ROW * count + FOOT + key_height(entries, lang), lang)
        left = 0.1 + max(text_width(capital(str(row[column])), SIZE, lang, "bold") for row in settings)
        width = (WIDTH - left - GAP * (len(pairs) - 1) - 0.06) / len(pairs)
        for place, row in enumerate(settings):
            here = table[table["setting"] == row["setting"]]
            bold = not row["convention"] or here["beside"].isin(("turns", "halves")).any()
            sheet.text(0.05, HEAD + (place + 0.5) * ROW + 0.035, capital(str(row[column])), size=SIZE,
                       weight="bold" if bold else "normal")  # fmt: skip
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
        sheet.text(left + (WIDTH - left) / 2, HEAD + ROW * count + 0.32,
                   gettext(lang, "change against no branch, %"), align="center")
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
        _mark(axes, place + 0.5, row, ends[place].tolist(), (low, high))


def _reach(ends: Any) -> tuple[float, float]:
    """Choose an axis that shows the bulk of the intervals, zero and the band; what goes far beyond gets an arrow."""
    sure = ends[np.isfinite(ends).all(axis=1)]
    if not sure.size:
        return -10.0, 10.0
    middle = np.append(sure[:, 1], 0.0)
    low, high = np.quantile(middle, [0.02, 0.98])
    room = max(float(np.median(sure[:, 2] - sure[:, 0])), 0.08 * (high - low), 1.0)
    return float(min(low - room, -150 * MARGIN)), float(max(high + room, 150 * MARGIN))


def _mark(axes: Axes, at: float, row: Mapping[Any, Any], ends: list[float], span: tuple[float, float]) -> None:
    low, middle, high = ends
    if not math.isfinite(middle):
        return
    marker, colour, size = style.VERDICT_MARKS[str(row["verdict"])]
    if math.isfinite(low) and math.isfinite(high):
        cut = [max(span[0], min(span[1], end)) for end in (low, high)]
        axes.plot(cut, [at, at], color=colour, linewidth=1.1, zorder=2, solid_capstyle="butt")
    if span[0] <= middle <= span[1]:
        axes.plot(middle, at, marker, color=colour, markersize=4.2 * size, markeredgewidth=0.4,
                  markeredgecolor="white", zorder=3)  # fmt: skip
    edges = ((min(low, middle) < span[0], span[0], "<"), (max(high, middle) > span[1], span[1], ">"))
    for beyond, edge, arrow in edges:
        if beyond:
            axes.plot(edge, at, arrow, color=colour, markersize=4.0, markeredgewidth=0, zorder=4, clip_on=False)
