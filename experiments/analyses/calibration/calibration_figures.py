"""The figures of a calibration: what the data leave of each parameter, which hang together, and fresh runs."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from experiments.figures import style
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.figures.legend import Entry, keyed_sheet
from experiments.figures.sheet import WIDTH, wrap
from experiments.reporting.catalogue import gettext
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import rounded, written
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from experiments.analyses.calibration.calibration import Calibration

__all__ = ["marginals_figure", "notes", "pairs_figure", "predictive_figure"]

BAND, BARS = "#e4e4e4", 24
ACROSS, PANEL, LABEL, GAP = 4, 0.95, 0.62, 0.16
"""Panels in a line, and in inches: a panel's height, what stands below it, and between panels."""
BEYOND = 3.0
"""Half widths of the data's interval beyond which an arrow stands for a value of the check."""
PAIRS, DOTS = 6, 500
ENDS: tuple[Literal["left", "center", "right"], ...] = ("left", "center", "right")
MARKS = (("o", style.BLUE), ("s", style.VERMILLION), ("^", style.AMBER), ("D", style.PURPLE))


def notes(result: Calibration) -> dict[str, Finding]:
    """Name every band, bar and mark of each figure."""
    points, again = len(result.check.points), result.again.plan.replicates
    return {
        "posterior": Finding("calibration.posterior_note", points=len(result.shares)),
        "check": Finding("calibration.check_note", points=points, again=again),
        "pairs": Finding("calibration.pairs_note", shown=min(len(result.pairs), PAIRS), all=len(result.pairs)),
    }


def _said(result: Calibration, lang: str, *ids: str) -> str:
    """Return what was found of something; empty where nothing was."""
    return "".join(finding.text(lang) for finding in result.findings if finding.id in ids)


def marginals_figure(result: Calibration, lang: str = "en") -> Figure:
    """Draw a panel for each parameter: the plausibility region over the range that was thought possible."""
    entries = [
        Entry(gettext(lang, "plausibility region"), style.BLUE, band=True),
        Entry(sentence(lang, "calibration.marks.before"), BAND, band=True),
        Entry(gettext(lang, "95% of the region"), style.INK, width=2.2),
        Entry(gettext(lang, "best value"), style.VERMILLION, marker="v", width=0),
        Entry(gettext(lang, "value before"), style.INK, marker="|", size=8, width=0),
    ]
    lines = -(-len(result.axes) // ACROSS)
    with style.drawing(lang):
        table = result.summary
        unknown = list(table.loc[table["identified"] != "yes", "parameter"])
        title = Finding("calibration.hardly", all=len(table), unknown=unknown)
        pressed = _said(result, lang, "calibration.pressed")
        sheet = keyed_sheet((title, pressed, notes(result)["posterior"]), lines * (PANEL + LABEL), entries, lang)
        width = (WIDTH - 0.1 + GAP) / ACROSS
        for place, row in enumerate(result.summary.to_dict("records")):
            line, column = divmod(place, ACROSS)
            left, top = 0.05 + column * width, line * (PANEL + LABEL)
            panel = sheet.axes(left, top + 0.06, width - GAP, PANEL - 0.06)
            _marginal(panel, row, result.drawn[row["parameter"]].to_numpy(dtype=float))
            middle = left + (width - GAP) / 2
            narrower = _how_narrow(row, lang)
            for step, (text, colour) in enumerate(((row["parameter"], style.INK), (narrower, style.MUTED))):
                text = wrap(text, 7, width - 0.02, lang)[0]
                sheet.text(middle, top + PANEL + 0.3 + 0.14 * step, text, size=7, colour=colour, align="center")
        return sheet.finished()


def _how_narrow(row: dict[Any, Any], lang: str) -> str:
    if row["identified"] != "yes":
        return gettext(lang, "not identified")
    return gettext(lang, "{narrower:.0f}% narrower", narrower=100 * row["narrower"])


def _marginal(panel: Axes, row: dict[Any, Any], values: np.ndarray) -> None:
    low, high = row["prior_low"], row["prior_high"]
    heights, edges = np.histogram(values, bins=BARS, range=(low, high), density=True)
    even = 1.0 / (high - low)
    top = max(float(heights.max()), 1.3 * even)
    panel.fill_between([low, high], 0.0, even, color=BAND, lw=0, zorder=0)
    panel.stairs(heights, edges, fill=True, color=style.BLUE, alpha=0.75, lw=0, zorder=1)
    panel.plot([low, high], [even, even], color=style.MUTED, lw=0.7, ls=(0, (2, 1.5)), zorder=2)
    panel.plot(
        [row["ci_low"], row["ci_high"]],
        [-0.08 * top] * 2,
        color=style.INK,
        lw=2.2,
        solid_capstyle="butt",
        clip_on=False,
        zorder=3,
    )
    panel.plot(row["best"], 1.1 * top, marker="v", color=style.VERMILLION, ms=4.5, ls="none", clip_on=False, zorder=4)
    if low <= row["scenario"] <= high:
        panel.plot(row["scenario"], 1.1 * top, marker="|", color=style.INK, ms=8, mew=1.2, ls="none", zorder=3)
    panel.set_xlim(low, high)
    panel.set_ylim(-0.16 * top, 1.2 * top)
    panel.set_yticks([])
    panel.spines["left"].set_visible(False)
    panel.set_xticks([low, (low + high) / 2, high], [rounded(low), rounded((low + high) / 2), rounded(high)])
    for label, side in zip(panel.get_xticklabels(), ENDS, strict=True):
        label.set_horizontalalignment(side)


def predictive_figure(result: Calibration, lang: str = "en") -> Figure:
    """Draw a line for each figure: the data's interval, fresh runs of the region, and those at the best values."""
    table = result.predictive
    worlds = list(dict.fromkeys(table["world"]))
    key = [Entry(gettext(lang, "interval of the data"), BAND, band=True)]
    marks: dict[Any, tuple[Entry, Entry]] = {}
    for (mark, colour), world in zip(itertools.cycle(MARKS), worlds, strict=False):
        label = Finding("calibration.runs_at_best", world=world)
        region = sentence(lang, "calibration.marks.region")
        marks[world] = Entry(label, colour, mark, fresh=True), Entry(region, colour, width=3.2, alpha=0.45)
        key += marks[world]
    rows: list[Row] = []
    points, numbers, before = [], [], ""
    for row in table.to_dict("records"):
        first = row["figure"] != before
        before = row["figure"]
        data = f"[{rounded(row['target_low'])}, {rounded(row['target_high'])}]" if first else ""
        rows.append(
            Row(Finding("validation.figure", name=before) if first else "", line=first and len(rows) > 0, beside=data)
        )
        points.append([_checked(row, *marks[row["world"]])])
        numbers.append((rounded(row["best"]), style.INK))
    axis = sentence(lang, "calibration.marks.distance")
    panel = Panel("", axis, points, numbers=numbers, zero=False, band=(-1.0, 1.0), span=(-BEYOND, BEYOND))
    return IntervalRows(
        title=_said(result, lang, "calibration.met").removesuffix(gettext(lang, ".")),
        subtitle=_said(result, lang, "calibration.outside"),
        note=notes(result)["check"],
        rows=rows,
        panels=[panel],
        key=key,
        size=7.5,
        names=3,
    ).draw(lang)


def _checked(row: dict[Any, Any], best: Entry, region: Entry) -> Point:
    """Put fresh runs on the scale of the data's interval, whose ends are -1 and 1."""
    middle, half = (row["target_low"] + row["target_high"]) / 2, (row["target_high"] - row["target_low"]) / 2
    names = ("best_low", "best", "best_high", "model_low", "model_high")
    low, mean, high, *wide = (float((row[name] - middle) / half) for name in names)
    return Point(low, mean, high, best, (wide[0], wide[1]), region)


def pairs_figure(result: Calibration, lang: str = "en") -> Figure:
    """Draw the pairs of parameters whose correlation in the plausibility region is strongest."""
    rows = result.pairs.head(PAIRS).to_dict("records")
    across = min(len(rows), 3)
    lines = -(-len(rows) // across)
    side = 1.55
    dots = gettext(lang, "points of the plausibility region")
    entries = [
        Entry(dots, style.BLUE, marker="o", size=3, width=0),
        Entry(gettext(lang, "best values"), style.VERMILLION, marker="X", width=0),
    ]
    limits = {axis.name: (axis.low, axis.high) for axis in result.axes}
    sample = result.drawn.iloc[:: max(len(result.drawn) // DOTS, 1)]
    with style.drawing(lang):
        title = _said(result, lang, "calibration.together", "calibration.separate")
        texts = (title.removesuffix(gettext(lang, ".")), "", notes(result)["pairs"])
        sheet = keyed_sheet(texts, lines * (side + 0.7), entries, lang)
        width = (WIDTH - 0.1) / across
        for place, row in enumerate(rows):
            line, column = divmod(place, across)
            left, top = 0.05 + column * width + 0.62, line * (side + 0.7) + 0.2
            panel = sheet.axes(left, top, width - 0.75, side)
            first, second = row["first"], row["second"]
            panel.plot(sample[first], sample[second], "o", ms=1.6, mew=0, color=style.BLUE, alpha=0.45)
            look: dict[str, Any] = {"ms": 6, "color": style.VERMILLION, "mec": "white", "mew": 0.6, "clip_on": False}
            panel.plot(result.best[first], result.best[second], "X", zorder=4, **look)
            panel.set_xlim(*limits[first])
            panel.set_ylim(*limits[second])
            panel.set_xticks(limits[first], [rounded(end) for end in limits[first]])
            panel.set_yticks(limits[second], [rounded(end) for end in limits[second]])
            for label, where in zip(panel.get_xticklabels(), ENDS[::2], strict=True):
                label.set_horizontalalignment(where)
            panel.set_xlabel(first, fontsize=7, labelpad=1)
            panel.set_ylabel(second, fontsize=7, labelpad=-8)
            correlation = written(row["correlation"], "+.2f")
            sheet.text(left, top - 0.06, f"{gettext(lang, 'rank correlation')} {correlation}", size=7.5)
        return sheet.finished()
