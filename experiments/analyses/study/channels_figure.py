"""The figure of desks: what switching them on does to conflicts, and to the touches that are averted, by channel."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

from experiments.analyses.study.desks import editions, row_of
from experiments.core.margin import MARGIN
from experiments.figures import style
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.figures.legend import Entry
from experiments.figures.verdicts import verdict_entry, verdict_key
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import sentence
from experiments.reporting.words import noun

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["channels_figure"]

CHANNELS = {
    "averted_desk": (style.BLUE, ""),
    "averted_early": ("#93bdd6", "///"),
    "averted_private": (style.VERMILLION, "..."),
}


def channels_figure(table: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a row for each world of `desks.table_of`."""
    rows = table[table["outcome"] == "conflicts"].to_dict("records")
    names = [sentence(lang, "channels.world", name=row["world"], of=row["of"], reason=row["reason"]) for row in rows]
    averted = [table[table["world"] == row["world"]].set_index("outcome")["difference"] for row in rows]
    points = [
        [Point.of((row["low"], row["relative"], row["high"]), verdict_entry(str(row["verdict"])), 100.0)]
        for row in rows
    ]
    axes = gettext(lang, "conflicts, change with desks, %"), gettext(lang, "touches averted, change")
    channels = [
        Entry(noun(outcome, lang).name, colour, band=True, hatch=hatch, fresh=outcome == "averted_desk")
        for outcome, (colour, hatch) in CHANNELS.items()
    ]
    changes = [(world, 100 * float(row_of(table, world, "conflicts")["relative"])) for world in editions(table)]
    return IntervalRows(
        title=Finding("channels.title", changes=changes),
        note=Finding("channels.note", replicates=int(table["replicates"].max()), margin=MARGIN),
        rows=[Row(capital(name)) for name in names],
        panels=[
            Panel("", axes[0], points, band=(-100 * MARGIN, 100 * MARGIN)),
            Panel("", axes[1], [[] for _ in rows], also=partial(_stack, averted)),
        ],
        key=[*verdict_key((str(row["verdict"]) for row in rows), lang), *channels],
        size=7,
        names=3,
    ).draw(lang)


def _stack(averted: Sequence[Any], axes: Axes) -> None:
    """Stack what is averted more to the right of zero, and what is averted less to the left."""
    for place, changes in enumerate(averted):
        ends = {1: 0.0, -1: 0.0}
        for outcome, (colour, hatch) in CHANNELS.items():
            size = float(changes[outcome])
            if math.isfinite(size) and size:
                way = 1 if size > 0 else -1
                edge: dict[str, Any] = {"height": 0.6, "hatch": hatch, "edgecolor": "white", "linewidth": 0.4}
                axes.barh(place + 0.5, size, left=ends[way], color=colour, **edge)
                ends[way] += size
