"""The figure of the systems: what switching each one on moves, in per cent, with its interval and verdict."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.core.margin import MARGIN
from experiments.core.statistics.regions import BEYOND
from experiments.figures import style
from experiments.figures.legend import Entry, draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, text_width, wrap
from experiments.reporting import words
from experiments.reporting.catalogue import N_, gettext, ngettext
from experiments.reporting.clauses import capital, listed
from experiments.reporting.numbers import amount, percent
from experiments.reporting.phrases import phrase

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["counted", "note", "systems_figure"]

ROW, HEAD, FOOT, NUMBER, NAMES, NUMBERS = 0.19, 0.28, 0.4, 0.35, 2.35, 0.55
BAND = "#ececec"


def counted(table: pd.DataFrame, outcome: str, lang: str = "en") -> str:
    """Say how many systems lower an outcome by more than the margin, and how many raise it, without a full stop."""
    rows = table[table["outcome"] == outcome]
    certain = rows[rows["verdict"].isin(BEYOND)]
    noun, plural = words.noun(outcome, lang)
    margin = f"{100 * MARGIN:g}%"
    lower, higher = (
        (N_("{n} lower them by more than {margin} ({names})"), N_("{n} raise them by more than {margin} ({names})"))
        if plural else
        (N_("{n} lower it by more than {margin} ({names})"), N_("{n} raise it by more than {margin} ({names})")))
    parts = []
    for kept, message in ((certain["difference"] < 0, lower), (certain["difference"] > 0, higher)):
        names = listed([phrase(str(name), lang) for name in certain.loc[kept, "system"]], lang)
        if names:
            parts.append(gettext(lang, message, n=int(kept.sum()), margin=margin, names=names))
    n = len(rows)
    if not parts:
        return gettext(
            lang,
            "None of {n} systems is shown to move {noun} by more than {margin}",
            n=n, noun=noun, margin=margin)
    told = listed(parts, lang)
    return gettext(lang, "{noun}: of {n} systems, {told}", noun=capital(noun), n=n, told=told)


def note(replicates: int, lang: str) -> str:
    """Say what each mark and bar is; the report's caption says the same."""
    return ngettext(
        lang,
        "Mark and number: mean paired difference, system on less off, over {number} replicate on common random "
        "numbers, in per cent of the mean with it off (without a mark: in its unit, since there is nothing to "
        "take per cent of). Bar: 95% interval of that mean. An arrow: beyond the axis. Mark and colour: verdict, "
        "from wider intervals that hold for all rows together. Grey band: within ±{margin:g}% nothing matters.",
        "Mark and number: mean paired difference, system on less off, over {number} replicates on common random "
        "numbers, in per cent of the mean with it off (without a mark: in its unit, since there is nothing to "
        "take per cent of). Bar: 95% interval of that mean. An arrow: beyond the axis. Mark and colour: verdict, "
        "from wider intervals that hold for all rows together. Grey band: within ±{margin:g}% nothing matters.",
        replicates, margin=100 * MARGIN)


def systems_figure(table: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a row for each system and outcome.

    Parameters
    ----------
    table
        From `systems_table.table_of`.
    lang
        `en` or `zh`.
    """
    rows = table.to_dict("records")
    count = len(rows)
    with style.drawing(lang):
        drawn = {str(row["verdict"]) for row in rows}
        entries = [
            Entry(words.verdict(name, lang), colour, marker, 4.6 * size)
            for name, (marker, colour, size) in style.VERDICT_MARKS.items() if name in drawn
        ]  # fmt: skip
        band = f"±{100 * MARGIN:g}%"
        entries.append(Entry(gettext(lang, "equivalence band, {band}", band=band), BAND, band=True))
        height = HEAD + ROW * count + FOOT + key_height(entries, lang)
        replicates = int(table["replicates"].max())
        sheet = Sheet(counted(table, "conflicts", lang), "", note(replicates, lang), height, lang)
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
            told = _mark(axes, place + 0.5, row, reach)
            certain = row["verdict"] in BEYOND
            colour = style.VERDICT_MARKS[str(row["verdict"])][1] if certain else style.MUTED
            sheet.text(WIDTH - 0.02, HEAD + (place + 0.5) * ROW + 0.035, told, size=7.5, align="right", colour=colour)
        draw_key(sheet, entries, HEAD + ROW * count + FOOT)
        return sheet.finished()


def _reach(table: pd.DataFrame) -> float:
    """Choose an axis that shows the bulk of the changes; one that goes far beyond gets an arrow and its number."""
    sizes = 100.0 * np.abs(table["relative"].to_numpy(dtype=float))
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    if not sizes.size:
        return 10.0
    return float(max(1.1 * min(sizes.max(), 2.0 * np.quantile(sizes, 0.75)), 300 * MARGIN))


def _mark(axes: Any, at: float, row: dict[Any, Any], reach: float) -> str:
    """Draw a row's mark and bar where it has a percentage; return its number as text."""
    difference, base = float(row["difference"]), abs(float(row["without"]))
    if not (math.isfinite(base) and base > 0 and math.isfinite(difference)):
        return amount(difference, signed=True)
    marker, colour, size = style.VERDICT_MARKS.get(str(row["verdict"]), style.VERDICT_MARKS["undecided"])
    low, middle, high = (100.0 * float(row[name]) / base for name in ("ci_low", "difference", "ci_high"))
    if math.isfinite(low) and math.isfinite(high):
        ends = [max(-reach, min(reach, end)) for end in (low, high)]
        axes.plot(ends, [at, at], color=colour, linewidth=1.1, zorder=2, solid_capstyle="butt")
    if abs(middle) <= reach:
        axes.plot(middle, at, marker, color=colour, markersize=4.4 * size, markeredgewidth=0.4, markeredgecolor="white",
                  zorder=3)  # fmt: skip
    for beyond, edge, arrow in ((low < -reach, -reach, "<"), (high > reach, reach, ">")):
        if beyond:
            axes.plot(0.985 * edge, at, arrow, color=colour, markersize=4.2, markeredgewidth=0, zorder=4, clip_on=False)
    told = percent(middle, signed=True)
    return told if told.strip("+−0.%") else "0%"
