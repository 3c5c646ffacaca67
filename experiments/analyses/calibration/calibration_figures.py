"""The figures of a calibration: what the data leave of each parameter, which hang together, and fresh runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from experiments.analyses.calibration import sentences
from experiments.analyses.calibration.sentences import figure_name, world_name
from experiments.figures import style
from experiments.figures.legend import Entry, draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, text_width, wrap
from experiments.reporting.catalogue import gettext
from experiments.reporting.numbers import rounded, written

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from experiments.analyses.calibration.calibration import Calibration

__all__ = ["marginals_figure", "marginals_note", "pairs_figure", "pairs_note", "predictive_figure", "predictive_note"]

BAND, BARS = "#e4e4e4", 24
ACROSS, PANEL, LABEL, GAP = 4, 0.95, 0.62, 0.16
"""Panels in a line, and in inches: a panel's height, what stands below it, and between panels."""
ROW, BEYOND = 0.2, 3.0
"""Height of a line of the check, and half widths of the data's interval beyond which an arrow stands for a value."""
PAIRS, DOTS = 6, 500
ENDS: tuple[Literal["left", "center", "right"], ...] = ("left", "center", "right")
MARKS = (("o", style.BLUE), ("s", style.VERMILLION), ("^", style.AMBER), ("D", style.PURPLE))


def marginals_figure(made: Calibration, lang: str = "en") -> Figure:
    """Draw a panel for each parameter: the plausibility region over the range that was thought possible."""
    entries = [
        Entry(gettext(lang, "plausibility region"), style.BLUE, band=True),
        Entry(gettext(lang, "before: all values of the range equally credible"), BAND, band=True),
        Entry(gettext(lang, "95% of the region"), style.INK, width=2.2),
        Entry(gettext(lang, "best value"), style.VERMILLION, marker="v", width=0),
        Entry(gettext(lang, "value before"), style.INK, marker="|", size=8, width=0),
    ]
    lines = -(-len(made.axes) // ACROSS)
    height = lines * (PANEL + LABEL) + key_height(entries, lang)
    with style.drawing(lang):
        sheet = Sheet(_narrowed(made, lang), sentences.pressed(made, lang), marginals_note(made, lang), height, lang)
        width = (WIDTH - 0.1 + GAP) / ACROSS
        for place, row in enumerate(made.summary.to_dict("records")):
            line, column = divmod(place, ACROSS)
            left, top = 0.05 + column * width, line * (PANEL + LABEL)
            panel = sheet.axes(left, top + 0.06, width - GAP, PANEL - 0.06)
            _marginal(panel, row, made.drawn[row["parameter"]].to_numpy(dtype=float))
            middle = left + (width - GAP) / 2
            told = _told(row, lang)
            for step, (text, colour) in enumerate(((row["parameter"], style.INK), (told, style.MUTED))):
                text = wrap(text, 7, width - 0.02, lang)[0]
                sheet.text(middle, top + PANEL + 0.3 + 0.14 * step, text, size=7, colour=colour, align="center")
        draw_key(sheet, entries, lines * (PANEL + LABEL))
        return sheet.finished()


def _narrowed(made: Calibration, lang: str) -> str:
    table = made.summary
    unknown = list(table.loc[table["identified"] != "yes", "parameter"])
    known = len(table) - len(unknown)
    if not unknown:
        return gettext(lang, "The data narrow all {known} parameters", known=known)
    names = sentences.listed(unknown, lang)
    return gettext(
        lang,
        "The data narrow {known} of {table} parameters, and hardly {names}",
        known=known, table=len(table), names=names)


def _told(row: dict[Any, Any], lang: str) -> str:
    if row["identified"] != "yes":
        return gettext(lang, "not identified")
    return gettext(lang, "{narrower:.0f}% narrower", narrower=100 * row['narrower'])


def _marginal(panel: Axes, row: dict[Any, Any], values: np.ndarray) -> None:
    low, high = row["prior_low"], row["prior_high"]
    heights, edges = np.histogram(values, bins=BARS, range=(low, high), density=True)
    even = 1.0 / (high - low)
    top = max(float(heights.max()), 1.3 * even)
    panel.fill_between([low, high], 0.0, even, color=BAND, lw=0, zorder=0)
    panel.stairs(heights, edges, fill=True, color=style.BLUE, alpha=0.75, lw=0, zorder=1)
    panel.plot([low, high], [even, even], color=style.MUTED, lw=0.7, ls=(0, (2, 1.5)), zorder=2)
    panel.plot([row["ci_low"], row["ci_high"]], [-0.08 * top] * 2, color=style.INK, lw=2.2, solid_capstyle="butt",
               clip_on=False, zorder=3)
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


def marginals_note(made: Calibration, lang: str = "en") -> str:
    """Say what every mark is."""
    return gettext(
        lang,
        "Blue: density of the plausibility region over the range ({shares:,} points). Grey: what was thought "
        "before, evenly spread. Black bar below: 95% of the region. Triangle: best value. Stroke: value of the "
        "scenario before. Not identified: the interval is less than a fifth narrower than before.",
        shares=len(made.shares))


def predictive_figure(made: Calibration, lang: str = "en") -> Figure:
    """Draw a line for each figure: the data's interval, fresh runs of the region, and those at the best values."""
    table = made.predictive
    worlds = list(dict.fromkeys(table["world"]))
    figures = list(dict.fromkeys(table["figure"]))
    names = {figure: figure_name(figure, lang) for figure in figures}
    entries = [Entry(gettext(lang, "interval of the data"), BAND, band=True)]
    for (mark, colour), world in zip(MARKS, worlds, strict=False):
        who = f"{world_name(world, lang)}: " if world else ""
        label = gettext(lang, "{who}runs at the best values (mean, its 95% interval)", who=who)
        entries.append(Entry(label, colour, marker=mark, fresh=True))
        runs = gettext(lang, "90% of runs of the plausibility region")
        entries.append(Entry(runs, colour, width=3.2))
    line = ROW * max(len(worlds), 1) + 0.07
    wanted = {figure: f"[{rounded(row['target_low'])}, {rounded(row['target_high'])}]"
              for figure, row in table.drop_duplicates("figure").set_index("figure").iterrows()}
    numbers = 0.5 + max(text_width(text, 7, lang) for text in wanted.values())
    edge = max(text_width(name, 7.5, lang) for name in names.values()) + 0.15
    height = len(figures) * line + 0.42 + key_height(entries, lang)
    with style.drawing(lang):
        note = predictive_note(made, lang)
        sheet = Sheet(sentences.met(made, lang), sentences.outside(made, lang), note, height, lang)
        panel = sheet.axes(edge, 0.0, WIDTH - edge - numbers - 0.1, len(figures) * line)
        panel.set_xlim(-BEYOND, BEYOND)
        panel.set_ylim(len(figures) * line, 0.0)
        panel.axvspan(-1.0, 1.0, color=BAND, lw=0, zorder=0)
        for place, figure in enumerate(figures):
            rows = table[table["figure"] == figure].to_dict("records")
            sheet.text(0.05, (place + 0.5) * line + 0.04, names[figure], size=7.5)
            for step, row in enumerate(rows):
                at = place * line + 0.035 + ROW * (step + 0.5)
                mark, colour = MARKS[step% len(MARKS)]
                _checked(panel, row, at, mark, colour)
                sheet.text(WIDTH - numbers, at + 0.04, rounded(row["best"]), size=7)
                if not step:
                    sheet.text(WIDTH - numbers + 0.45, at + 0.04, wanted[figure], size=7, colour=style.MUTED)
            if place:
                panel.axhline(place * line, color=style.PALE, lw=0.5, zorder=0)
        panel.set_yticks([])
        panel.spines["left"].set_visible(False)
        panel.set_xticks([-3, -2, -1, 0, 1, 2, 3], ["−3", "−2", "−1", "0", "1", "2", "3"])
        panel.set_xlabel(gettext(
            lang,
            "distance from the middle of the data's interval, in half its width"), fontsize=7.5)  # fmt: skip
        draw_key(sheet, entries, len(figures) * line + 0.42)
        return sheet.finished()


def _checked(panel: Axes, row: dict[Any, Any], at: float, mark: str, colour: str) -> None:
    middle, half = (row["target_low"] + row["target_high"]) / 2, (row["target_high"] - row["target_low"]) / 2

    def place(value: float) -> float:
        return float(np.clip((value - middle) / half, -BEYOND, BEYOND))

    panel.plot([place(row["model_low"]), place(row["model_high"])], [at, at], color=colour, lw=3.2, alpha=0.45,
               solid_capstyle="butt", zorder=1)
    panel.plot([place(row["best_low"]), place(row["best_high"])], [at, at], color=colour, lw=1.1, zorder=2)
    beyond = abs(row["best"] - middle) > BEYOND * half
    shown = (">" if row["best"] > middle else "<") if beyond else mark
    panel.plot(place(row["best"]), at, marker=shown, color=colour, ms=4.6, ls="none", clip_on=False, zorder=3)


def predictive_note(made: Calibration, lang: str = "en") -> str:
    """Say what every mark is."""
    n, again = len(made.check.points), made.again.plan.replicates
    return gettext(
        lang,
        "Grey band: interval of the data. Wide bar: 90% of {n} fresh runs, one at each of {n} points of the "
        "plausibility region (parameters and chance). Mark and thin bar: mean of {again} fresh runs at the best "
        "values, and its 95% interval. An arrow: beyond the axis. Numbers: mean at the best values, and the "
        "data's interval.",
        n=n, again=again)


def pairs_figure(made: Calibration, lang: str = "en") -> Figure:
    """Draw the pairs of parameters whose correlation in the plausibility region is strongest."""
    rows = made.pairs.head(PAIRS).to_dict("records")
    across = min(len(rows), 3)
    lines = -(-len(rows) // across)
    side = 1.55
    dots = gettext(lang, "points of the plausibility region")
    entries = [Entry(dots, style.BLUE, marker="o", size=3, width=0),
               Entry(gettext(lang, "best values"), style.VERMILLION, marker="X", width=0)]
    height = lines * (side + 0.7) + key_height(entries, lang)
    limits = {axis.name: (axis.low, axis.high) for axis in made.axes}
    some = made.drawn.iloc[:: max(len(made.drawn) // DOTS, 1)]
    with style.drawing(lang):
        title = sentences.together(made, lang).removesuffix(gettext(lang, "."))
        sheet = Sheet(title, "", pairs_note(made, lang), height, lang)
        width = (WIDTH - 0.1) / across
        for place, row in enumerate(rows):
            line, column = divmod(place, across)
            left, top = 0.05 + column * width + 0.62, line * (side + 0.7) + 0.2
            panel = sheet.axes(left, top, width - 0.75, side)
            one, other = row["first"], row["second"]
            panel.plot(some[one], some[other], "o", ms=1.6, mew=0, color=style.BLUE, alpha=0.45)
            panel.plot(made.best[one], made.best[other], "X", ms=6, color=style.VERMILLION, mec="white", mew=0.6)
            panel.set_xlim(*limits[one])
            panel.set_ylim(*limits[other])
            panel.set_xticks(limits[one], [rounded(end) for end in limits[one]])
            panel.set_yticks(limits[other], [rounded(end) for end in limits[other]])
            for label, where in zip(panel.get_xticklabels(), ENDS[::2], strict=True):
                label.set_horizontalalignment(where)
            panel.set_xlabel(one, fontsize=7, labelpad=1)
            panel.set_ylabel(other, fontsize=7, labelpad=-8)
            told = gettext(lang, "rank correlation") + f" {written(row['correlation'], '+.2f')}"
            sheet.text(left, top - 0.06, told, size=7.5)
        draw_key(sheet, entries, lines * (side + 0.7))
        return sheet.finished()


def pairs_note(made: Calibration, lang: str = "en") -> str:
    """Say what every mark is."""
    shown, all_ = min(len(made.pairs), PAIRS), len(made.pairs)
    return gettext(
        lang,
        "The {shown} of {all} pairs with the strongest rank correlation in the plausibility region. Axes are the "
        "ranges that were thought possible. From 0.5 on either side the data fix a combination of both rather "
        "than each.",
        shown=shown, all=all_)
