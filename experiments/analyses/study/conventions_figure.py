"""The figure of conventions: each policy's effect on each outcome of the headline, a row for every setting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.study.conventions import counted
from experiments.core.margin import MARGIN
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.figures.verdicts import band_entry, verdict_entry, verdict_key
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.phrases import phrase

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["conventions_figure"]


def conventions_figure(table: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a panel for each policy and outcome of `conventions.table_of`."""
    pairs = list(dict.fromkeys(zip(table["policy"], table["outcome"], strict=True)))
    rows, before = [], None
    for setting in table.drop_duplicates("setting").to_dict("records"):
        cells = table[table["setting"] == setting["setting"]]
        bold = not setting["convention"] or cells["beside"].isin(("turns", "halves")).any()
        line = before is not None and setting["convention"] != before
        rows.append(Row(capital(phrase(str(setting["words"]), lang)), bold=bool(bold), line=line))
        before = setting["convention"]
    panels, named = [], ""
    for policy, outcome in pairs:
        shown = table[(table["policy"] == policy) & (table["outcome"] == outcome)]
        title = capital(words.arm(str(policy), lang)) if policy != named else ""
        panels.append(_panel(shown, title, words.noun(str(outcome), lang).name))
        named = policy
    return IntervalRows(
        title=Finding("conventions.title", **counted(table)),
        note=Finding("conventions.note", replicates=int(table["replicates"].max()), margin=MARGIN),
        rows=rows,
        panels=panels,
        key=[*verdict_key(table["verdict"], lang), band_entry(MARGIN, lang)],
        axis=gettext(lang, "change against no branch, %"),
        across=len(panels),
        size=7,
        names=3,
    ).draw(lang)


def _panel(rows: pd.DataFrame, title: str, outcome: str) -> Panel:
    """Return a policy's effects on an outcome; a dotted line is the effect in the usual setting."""
    ends = 100.0 * rows[["low", "relative", "high"]].to_numpy(dtype=float)
    marks = [verdict_entry(str(verdict), 4.2) for verdict in rows["verdict"]]
    points = [[Point.of(row, look)] for row, look in zip(ends, marks, strict=True)]
    band = (-100 * MARGIN, 100 * MARGIN)
    return Panel(title, "", points, under=outcome, band=band, guide=float(ends[0, 1]), span=_reach(ends))


def _reach(ends: Any) -> tuple[float, float]:
    """Choose an axis that shows the bulk of the intervals, zero and the band; what goes far beyond gets an arrow."""
    sure = ends[np.isfinite(ends).all(axis=1)]
    if not sure.size:
        return -10.0, 10.0
    middle = np.append(sure[:, 1], 0.0)
    low, high = np.quantile(middle, [0.02, 0.98])
    room = max(float(np.median(sure[:, 2] - sure[:, 0])), 0.08 * (high - low), 1.0)
    return float(min(low - room, -150 * MARGIN)), float(max(high + room, 150 * MARGIN))
