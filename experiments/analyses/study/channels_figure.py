"""The figure of desks: what switching them on does to conflicts, and to the touches that are averted, by channel."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from experiments.analyses.study.desks import editions, row_of
from experiments.analyses.study.verdict_marks import BAND, draw_mark, verdict_key
from experiments.core.margin import MARGIN
from experiments.figures import style
from experiments.figures.legend import Entry, draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, text_width
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.pages import sentence
from experiments.reporting.words import noun

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["channels_figure"]

ROW, HEAD, FOOT, GAP, SIZE = 0.24, 0.22, 0.45, 0.25, 7.0
CHANNELS = {
    "averted_desk": (style.BLUE, ""),
    "averted_early": ("#93bdd6", "///"),
    "averted_private": (style.VERMILLION, "..."),
}


def channels_figure(table: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a row for each world.

    Parameters
    ----------
    table
        From `desks.table_of`.
    lang
        `en` or `zh`.
    """
    rows = table[table["outcome"] == "conflicts"].to_dict("records")
    changes = [(world, 100 * float(row_of(table, world, "conflicts")["relative"])) for world in editions(table)]
    title = Finding("channels.title", changes=changes)
    note = Finding("channels.note", replicates=int(table["replicates"].max()), margin=MARGIN)
    names = [
        capital(sentence(lang, "channels.world", name=row["world"], of=row["of"], reason=row["reason"])) for row in rows
    ]
    with style.drawing(lang):
        entries = verdict_key({str(row["verdict"]) for row in rows}, lang)[:-1]
        entries += [
            Entry(noun(outcome, lang).name, colour, band=True, hatch=hatch, fresh=not place)
            for place, (outcome, (colour, hatch)) in enumerate(CHANNELS.items())
        ]
        height = HEAD + ROW * len(rows) + FOOT + key_height(entries, lang)
        sheet = Sheet(title.text(lang), "", note.text(lang), height, lang)
        left = 0.15 + max(text_width(name, SIZE, lang) for name in names)
        width = (WIDTH - left - GAP - 0.1) / 2
        for place, name in enumerate(names):
            sheet.text(0.05, HEAD + (place + 0.5) * ROW + 0.035, name, size=SIZE)
        first, second = (sheet.axes(left + side * (width + GAP), HEAD, width, ROW * len(rows)) for side in (0, 1))
        for axes in (first, second):
            axes.set_ylim(len(rows), 0)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
            axes.locator_params(axis="x", nbins=5)
        first.axvspan(-100 * MARGIN, 100 * MARGIN, color=BAND, linewidth=0, zorder=0)
        for place, row in enumerate(rows):
            ends = [100.0 * float(row[end]) for end in ("low", "relative", "high")]
            draw_mark(first, place + 0.5, ends, str(row["verdict"]))
            averted = table[table["world"] == row["world"]].set_index("outcome")["difference"]
            _averted(second, place + 0.5, averted)
        for axes in (first, second):
            axes.axvline(0.0, color=style.INK, linewidth=0.8, zorder=1)
        first.set_xlabel(gettext(lang, "conflicts, change with desks, %"), labelpad=2)
        second.set_xlabel(gettext(lang, "touches averted, change"), labelpad=2)
        draw_key(sheet, entries, HEAD + ROW * len(rows) + FOOT)
        return sheet.finished()


def _averted(axes: Axes, at: float, changes: Any) -> None:
    """Stack what is averted more to the right of zero, and what is averted less to the left."""
    ends = {1: 0.0, -1: 0.0}
    for outcome, (colour, hatch) in CHANNELS.items():
        size = float(changes[outcome])
        if math.isfinite(size) and size:
            way = 1 if size > 0 else -1
            axes.barh(at, size, left=ends[way], height=0.6, color=colour, hatch=hatch, edgecolor="white", linewidth=0.4)
            ends[way] += size
