"""The figures of a calibration: what the data leave of each parameter, which hang together, and fresh runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from experiments.figures import style
from experiments.figures.legend import Entry, draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, text_width, wrap
from experiments.reporting.catalogue import gettext
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import rounded, written
from experiments.reporting.pages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from experiments.analyses.calibration.calibration import Calibration

__all__ = ["marginals_figure", "notes", "pairs_figure", "predictive_figure"]

BAND, BARS = "#e4e4e4", 24
ACROSS, PANEL, LABEL, GAP = 4, 0.95, 0.62, 0.16
"""Panels in a line, and in inches: a panel's height, what stands below it, and between panels."""
ROW, BEYOND = 0.2, 3.0
"""Height of a line of the check, and half widths of the data's interval beyond which an arrow stands for a value."""
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
    height = lines * (PANEL + LABEL) + key_height(entries, lang)
    with style.drawing(lang):
        table = result.summary
        unknown = list(table.loc[table["identified"] != "yes", "parameter"])
        title = Finding("calibration.hardly", all=len(table), unknown=unknown)
        pressed = _said(result, lang, "calibration.pressed")
        sheet = Sheet(title.text(lang), pressed, notes(result)["posterior"].text(lang), height, lang)
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
        draw_key(sheet, entries, lines * (PANEL + LABEL))
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
    figures = list(dict.fromkeys(table["figure"]))
    names = {figure: Finding("validation.figure", name=figure).text(lang) for figure in figures}
    entries = [Entry(gettext(lang, "interval of the data"), BAND, band=True)]
    for (mark, colour), world in zip(MARKS, worlds, strict=False):
        label = Finding("calibration.runs_at_best", world=world).text(lang)
        entries.append(Entry(label, colour, marker=mark, fresh=True))
        entries.append(Entry(sentence(lang, "calibration.marks.region"), colour, width=3.2))
    line = ROW * max(len(worlds), 1) + 0.07
    intervals = {
        figure: f"[{rounded(row['target_low'])}, {rounded(row['target_high'])}]"
        for figure, row in table.drop_duplicates("figure").set_index("figure").iterrows()
    }
    numbers = 0.5 + max(text_width(text, 7, lang) for text in intervals.values())
    edge = max(text_width(name, 7.5, lang) for name in names.values()) + 0.15
    height = len(figures) * line + 0.42 + key_height(entries, lang)
    with style.drawing(lang):
        title = _said(result, lang, "calibration.met").removesuffix(gettext(lang, "."))
        subtitle, note = _said(result, lang, "calibration.outside"), notes(result)["check"].text(lang)
        sheet = Sheet(title, subtitle, note, height, lang)
        panel = sheet.axes(edge, 0.0, WIDTH - edge - numbers - 0.1, len(figures) * line)
        panel.set_xlim(-BEYOND, BEYOND)
        panel.set_ylim(len(figures) * line, 0.0)
        panel.axvspan(-1.0, 1.0, color=BAND, lw=0, zorder=0)
        for place, figure in enumerate(figures):
            rows = table[table["figure"] == figure].to_dict("records")
            sheet.text(0.05, (place + 0.5) * line + 0.04, names[figure], size=7.5)
            for step, row in enumerate(rows):
                at = place * line + 0.035 + ROW * (step + 0.5)
                mark, colour = MARKS[step % len(MARKS)]
                _checked(panel, row, at, mark, colour)
                sheet.text(WIDTH - numbers, at + 0.04, rounded(row["best"]), size=7)
                if not step:
                    sheet.text(WIDTH - numbers + 0.45, at + 0.04, intervals[figure], size=7, colour=style.MUTED)
            if place:
                panel.axhline(place * line, color=style.PALE, lw=0.5, zorder=0)
        panel.set_yticks([])
        panel.spines["left"].set_visible(False)
        panel.set_xticks([-3, -2, -1, 0, 1, 2, 3], ["−3", "−2", "−1", "0", "1", "2", "3"])
        panel.set_xlabel(sentence(lang, "calibration.marks.distance"), fontsize=7.5)
        draw_key(sheet, entries, len(figures) * line + 0.42)
        return sheet.finished()


def _checked(panel: Axes, row: dict[Any, Any], at: float, mark: str, colour: str) -> None:
    middle, half = (row["target_low"] + row["target_high"]) / 2, (row["target_high"] - row["target_low"]) / 2

    def place(value: float) -> float:
        return float(np.clip((value - middle) / half, -BEYOND, BEYOND))

    panel.plot(
        [place(row["model_low"]), place(row["model_high"])],
        [at, at],
        color=colour,
        lw=3.2,
        alpha=0.45,
        solid_capstyle="butt",
        zorder=1,
    )
    panel.plot([place(row["best_low"]), place(row["best_high"])], [at, at], color=colour, lw=1.1, zorder=2)
    beyond = abs(row["best"] - middle) > BEYOND * half
    shown = (">" if row["best"] > middle else "<") if beyond else mark
    panel.plot(place(row["best"]), at, marker=shown, color=colour, ms=4.6, ls="none", clip_on=False, zorder=3)


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
    height = lines * (side + 0.7) + key_height(entries, lang)
    limits = {axis.name: (axis.low, axis.high) for axis in result.axes}
    sample = result.drawn.iloc[:: max(len(result.drawn) // DOTS, 1)]
    with style.drawing(lang):
        title = _said(result, lang, "calibration.together", "calibration.separate")
        sheet = Sheet(title.removesuffix(gettext(lang, ".")), "", notes(result)["pairs"].text(lang), height, lang)
        width = (WIDTH - 0.1) / across
        for place, row in enumerate(rows):
            line, column = divmod(place, across)
            left, top = 0.05 + column * width + 0.62, line * (side + 0.7) + 0.2
            panel = sheet.axes(left, top, width - 0.75, side)
            first, second = row["first"], row["second"]
            panel.plot(sample[first], sample[second], "o", ms=1.6, mew=0, color=style.BLUE, alpha=0.45)
            panel.plot(result.best[first], result.best[second], "X", ms=6, color=style.VERMILLION, mec="white", mew=0.6)
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
        draw_key(sheet, entries, lines * (side + 0.7))
        return sheet.finished()
