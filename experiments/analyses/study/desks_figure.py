"""The figure of desks: what switching them on does to conflicts, and to the touches that are averted, by channel."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from experiments.core.margin import MARGIN
from experiments.figures import style
from experiments.figures.legend import Entry, draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, text_width
from experiments.reporting.catalogue import gettext, ngettext
from experiments.reporting.clauses import capital
from experiments.reporting.words import noun, verdict

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["desks_figure", "note"]

ROW, HEAD, FOOT, GAP, SIZE = 0.24, 0.22, 0.45, 0.25, 7.0
BAND = "#ececec"
CHANNELS = {
    "averted_desk": (style.BLUE, ""), "averted_early": ("#93bdd6", "///"), "averted_private": (style.VERMILLION, "..."),
}  # fmt: skip


def note(replicates: int, lang: str = "en") -> str:
    """Say what each mark and bar is; the report's caption says the same."""
    return ngettext(
        lang,
        "Left: mean paired difference of conflicts, desks on less off, in per cent, over {number} replicate on "
        "common random numbers, and its 95% interval; grey band: within ±{margin:g}% nothing matters. Right: how "
        "many more touches are averted with desks than without, by who ended the cause; to the left, fewer.",
        "Left: mean paired difference of conflicts, desks on less off, in per cent, over {number} replicates on "
        "common random numbers, and its 95% interval; grey band: within ±{margin:g}% nothing matters. Right: how "
        "many more touches are averted with desks than without, by who ended the cause; to the left, fewer.",
        replicates, margin=100 * MARGIN)


def desks_figure(table: pd.DataFrame, title: str, lang: str = "en") -> Figure:
    """Draw a row for each world.

    Parameters
    ----------
    table
        From `desks.table_of`.
    title
        The finding.
    lang
        `en` or `zh`.
    """
    column = "world_zh" if lang == "zh" else "world"
    rows = table[table["outcome"] == "conflicts"].to_dict("records")
    with style.drawing(lang):
        drawn = {str(row["verdict"]) for row in rows}
        entries = [
            Entry(verdict(name, lang), colour, marker, 4.6 * size)
            for name, (marker, colour, size) in style.VERDICT_MARKS.items() if name in drawn
        ]  # fmt: skip
        entries += [Entry(noun(outcome, lang).name, colour, band=True, hatch=hatch, fresh=not place)
                    for place, (outcome, (colour, hatch)) in enumerate(CHANNELS.items())]
        height = HEAD + ROW * len(rows) + FOOT + key_height(entries, lang)
        sheet = Sheet(title, "", note(int(table["replicates"].max()), lang), height, lang)
        left = 0.15 + max(text_width(capital(str(row[column])), SIZE, lang) for row in rows)
        width = (WIDTH - left - GAP - 0.1) / 2
        for place, row in enumerate(rows):
            sheet.text(0.05, HEAD + (place + 0.5) * ROW + 0.035, capital(str(row[column])), size=SIZE)
        first, second = (sheet.axes(left + side * (width + GAP), HEAD, width, ROW * len(rows)) for side in (0, 1))
        for axes in (first, second):
            axes.set_ylim(len(rows), 0)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
            axes.locator_params(axis="x", nbins=5)
        first.axvspan(-100 * MARGIN, 100 * MARGIN, color=BAND, linewidth=0, zorder=0)
        for place, row in enumerate(rows):
            _change(first, place + 0.5, row)
            here = table[table["world"] == row["world"]].set_index("outcome")["difference"]
            _averted(second, place + 0.5, here)
        for axes in (first, second):
            axes.axvline(0.0, color=style.INK, linewidth=0.8, zorder=1)
        first.set_xlabel(gettext(lang, "conflicts, change with desks, %"), labelpad=2)
        second.set_xlabel(gettext(lang, "touches averted, change"), labelpad=2)
        draw_key(sheet, entries, HEAD + ROW * len(rows) + FOOT)
        return sheet.finished()


def _change(axes: Axes, at: float, row: dict[Any, Any]) -> None:
    low, middle, high = (100.0 * float(row[name]) for name in ("low", "relative", "high"))
    if not math.isfinite(middle):
        return
    marker, colour, size = style.VERDICT_MARKS[str(row["verdict"])]
    if math.isfinite(low):
        axes.plot([low, high], [at, at], color=colour, linewidth=1.1, zorder=2, solid_capstyle="butt")
    axes.plot(middle, at, marker, color=colour, markersize=4.4 * size, markeredgewidth=0.4, markeredgecolor="white",
              zorder=3)  # fmt: skip


def _averted(axes: Axes, at: float, changes: Any) -> None:
    """Stack what is averted more to the right of zero, and what is averted less to the left."""
    ends = {1: 0.0, -1: 0.0}
    for outcome, (colour, hatch) in CHANNELS.items():
        size = float(changes[outcome])
        if math.isfinite(size) and size:
            way = 1 if size > 0 else -1
            axes.barh(at, size, left=ends[way], height=0.6, color=colour, hatch=hatch, edgecolor="white", linewidth=0.4)
            ends[way] += size
