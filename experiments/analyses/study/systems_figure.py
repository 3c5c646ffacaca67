"""The figure of the systems: what switching each one on moves, in per cent, with its interval and verdict."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.study.systems_table import counted
from experiments.analyses.study.verdict_marks import BAND, draw_mark, verdict_key
from experiments.core.margin import MARGIN
from experiments.core.statistics.regions import BEYOND
from experiments.figures import style
from experiments.figures.legend import draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, text_width, wrap
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import amount, percent
from experiments.reporting.phrases import phrase

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["systems_figure"]

ROW, HEAD, FOOT, NUMBER, NAMES, NUMBERS = 0.19, 0.28, 0.4, 0.35, 2.35, 0.55


def systems_figure(table: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a row for each system and outcome.

    Parameters
    ----------
    table
        From `systems.table_of`.
    lang
        `en` or `zh`.
    """
    rows = table.to_dict("records")
    count = len(rows)
    title = Finding("systems.title", **counted(table, "conflicts"))
    note = Finding("systems.note", replicates=int(table["replicates"].max()), margin=MARGIN)
    with style.drawing(lang):
        entries = verdict_key(set(table["verdict"]), lang)
        height = HEAD + ROW * count + FOOT + key_height(entries, lang)
        sheet = Sheet(title.text(lang), "", note.text(lang), height, lang)
        outcomes = max(text_width(words.noun(str(row["outcome"]), lang).name, 7.5, lang) for row in rows)
        left = NAMES + outcomes + 0.15
        axes = sheet.axes(left, HEAD, WIDTH - NUMBERS - left, ROW * count)
        axes.set_ylim(count, 0)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        reach = _reach(table)
        axes.set_xlim(-reach, reach)
        axes.axvspan(-100 * MARGIN, 100 * MARGIN, color=BAND, linewidth=0, zorder=0)
        axes.axvline(0.0, color=style.INK, linewidth=0.8, zorder=1)
        axes.set_xlabel(gettext(lang, "change when the system is on, %"), labelpad=2)
        before = ""
        for place, row in enumerate(rows):
            if row["contrast"] != before:
                before = str(row["contrast"])
                sheet.text(0.05, HEAD + (place + 0.5) * ROW + 0.035, before, size=7.5, weight="bold")
                name = capital(phrase(str(row["system"]), lang))
                for line, part in enumerate(wrap(name, 7.5, NAMES - NUMBER - 0.15, lang, "bold")):
                    sheet.text(NUMBER, HEAD + (place + line + 0.5) * ROW + 0.035, part, size=7.5, weight="bold")
                axes.axhline(place, color=style.PALE, linewidth=0.6, zorder=0)
            noun = words.noun(str(row["outcome"]), lang).name
            sheet.text(NAMES, HEAD + (place + 0.5) * ROW + 0.035, noun, size=7.5, colour=style.MUTED)
            text = _mark(axes, place + 0.5, row, reach)
            certain = row["verdict"] in BEYOND
            colour = style.VERDICT_MARKS[str(row["verdict"])][1] if certain else style.MUTED
            sheet.text(WIDTH - 0.02, HEAD + (place + 0.5) * ROW + 0.035, text, size=7.5, align="right", colour=colour)
        draw_key(sheet, entries, HEAD + ROW * count + FOOT)
        return sheet.finished()


def _reach(table: pd.DataFrame) -> float:
    """Choose an axis that shows the bulk of the changes; one that goes far beyond gets an arrow and its number."""
    sizes = 100.0 * np.abs(table["relative"].to_numpy(dtype=float))
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    if not sizes.size:
        return 10.0
    return float(max(1.1 * min(sizes.max(), 2.0 * np.quantile(sizes, 0.75)), 300 * MARGIN))


def _mark(axes: Axes, at: float, row: dict[Any, Any], reach: float) -> str:
    """Draw a row's mark and bar where it has a percentage; return its number as text."""
    difference, base = float(row["difference"]), abs(float(row["without"]))
    if not (math.isfinite(base) and base > 0 and math.isfinite(difference)):
        return amount(difference, signed=True)
    ends = [100.0 * float(row[name]) / base for name in ("ci_low", "difference", "ci_high")]
    draw_mark(axes, at, ends, str(row["verdict"]), span=(-reach, reach))
    return percent(ends[1], signed=True)
