"""Figures of a search for the best use of hours: what each strategy averts for the hours it takes, and the race."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from experiments.analyses.budget.budget_findings import answer, joined, name_of, row_of
from experiments.analyses.budget.search import ALWAYS, DESKS, FULL, FULL_DESKS, RATE, Search
from experiments.core.statistics.measures import better, unit
from experiments.core.statistics.regions import side
from experiments.figures import style
from experiments.figures.legend import Entry, draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, wrap
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.numbers import tick
from experiments.reporting.words import noun
from experiments.reporting.words import unit as unit_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["front_caption", "front_figure", "race_caption", "race_figure"]

LEFT, RIGHT, FIRST, OTHERS, GAP = 0.72, 0.12, 2.9, 1.55, 0.42
ROW, NAMES = 0.235, 3.35


class Line(NamedTuple):
    """How a strategy is drawn."""

    marker: str
    colour: str
    dashes: Any
    width: float = 1.1
    hollow: bool = False


LINES: Final[dict[str, Line]] = {
    "best": Line("o", style.BLUE, "-", 1.9),
    DESKS: Line("X", style.VERMILLION, (0, (5, 1.6)), 1.5),
    "hotspot": Line("^", style.AMBER, (0, (3, 1, 1, 1))),
    "largest": Line("s", style.PURPLE, (0, (1.2, 1.2))),
    "random": Line("D", "#8a8a8a", "-", 0.9),
    "weakest": Line("v", "#4d4d4d", (0, (4, 2, 1, 2)), 0.9),
    "budget": Line("P", style.INK, (0, (2, 2)), 0.9, hollow=True),
    FULL: Line("*", style.INK, "-"),
    FULL_DESKS: Line("X", style.VERMILLION, "-", hollow=True),
}
"""Marks and dashes tell strategies apart in grey as well."""


def front_figure(made: Search, lang: str = "en") -> Figure:
    """Draw what is averted against hours really spent: the outcome asked about, and the usual ones below."""
    lang, _ = style.language(lang)
    outcomes = list(dict.fromkeys([made.outcome, *ALWAYS]))
    drawn = [name for name in LINES if name == "best" or name in set(made.front["strategy"])]
    entries = [Entry(name_of(made, name, lang), LINES[name].colour, LINES[name].marker, dashes=LINES[name].dashes,
                     width=0.0 if name in (FULL, FULL_DESKS) else LINES[name].width, hollow=LINES[name].hollow)
               for name in drawn]
    top = key_height(entries, lang) + 0.3
    heights = [FIRST, *[OTHERS] * (len(outcomes) - 1)]
    sheet = Sheet(answer(made, lang), _held(made, lang), front_caption(made, lang),
                  top + sum(heights) + GAP * (len(heights) - 1) + 0.45, lang)
    with style.drawing(lang):
        draw_key(sheet, entries, 0)
        start = top
        for outcome, height in zip(outcomes, heights, strict=True):
            sheet.text(0.05, start - 0.1, _axis(outcome, lang), size=8.5, weight="bold")
            axes = sheet.axes(LEFT, start, WIDTH - LEFT - RIGHT, height)
            _panel(axes, made, outcome, drawn)
            start += height + GAP
            if outcome == outcomes[-1]:
                axes.set_xlabel(gettext(lang, "cadre hours a week really spent in the whole district"))
            else:
                axes.tick_params(labelbottom=False)
        return sheet.finished()


def _held(made: Search, lang: str) -> str:
    told, estates = joined([f"{hours:g}" for hours in made.hours], lang, "or"), made.district.estates
    return gettext(
        lang,
        "Every strategy is held to {told} hours a week in every replicate; {estates} estates. Above the line at "
        "0 a strategy is better than no branches; more or fewer filed cases are neither.",
        told=told, estates=estates)


def front_caption(made: Search, lang: str = "en") -> str:
    """Say what every bar and mark of the front is."""
    count = int(made.front["replicates"].max())
    return gettext(
        lang,
        "Bars: 95 % intervals of means over {count} replicates with fresh random numbers, which did not choose the "
        "winner: upright of the paired difference from no branches, level of the hours; where none is seen it is "
        "smaller than its mark. Lines start at no branches and no hours.",
        count=count)


def _axis(outcome: str, lang: str) -> str:
    name = noun(outcome, lang).name
    if better(outcome) == "neither":
        return gettext(lang, "{name} added a week in the whole district", name=capital(name))
    if unit(outcome) == RATE:
        return gettext(lang, "{name} averted a week in the whole district", name=capital(name))
    return gettext(lang, "{name}, improvement ({unit_of})", name=capital(name), unit_of=unit_of(outcome))


def _panel(axes: Axes, made: Search, outcome: str, drawn: Sequence[str]) -> None:
    axes.axhline(0.0, color=style.INK, linewidth=0.8, zorder=1)
    for place, name in enumerate(drawn):
        line = LINES[name]
        spots = [None] if name in (FULL, FULL_DESKS) else list(made.hours)
        rows = [row_of(made, hours, name, outcome) for hours in spots]
        x, y, *ends = (np.array([float(row[column]) for row in rows])
                       for column in ("hours", "averted", "averted_low", "averted_high"))
        if better(outcome) == "neither":  # not averted, since that would be good
            y, ends = -y, [-end for end in reversed(ends)]
        bars = {column: np.array([float(row[column]) for row in rows]) for column in ("hours_low", "hours_high")}
        if spots != [None]:
            axes.plot([0.0, *x], [0.0, *y], color=line.colour, linestyle=line.dashes, linewidth=line.width, zorder=3)
        axes.errorbar(
            x, y, xerr=[x - bars["hours_low"], bars["hours_high"] - x],
            yerr=[y - ends[0], ends[1] - y], fmt=line.marker, color=line.colour,
            markersize=7.5 if line.marker == "*" else 5.2, markerfacecolor="white" if line.hollow else line.colour,
            linewidth=0.9, zorder=4 + (len(drawn) - place) / 100.0,
        )  # fmt: skip
    axes.set_xlim(left=0.0)
    axes.margins(y=0.08)
    axes.yaxis.set_major_formatter(lambda value, _: tick(value))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")


def race_figure(made: Search, hours: float, lang: str = "en") -> Figure:
    """Draw what each candidate showed in the race for a number of hours, the winner first."""
    lang, _ = style.language(lang)
    last = made.raced[made.raced["budget"] == hours].groupby("candidate", sort=False).tail(1)
    last = last.sort_values(["heat", "place"], ascending=[False, True], kind="stable")
    heats = int(last["heat"].max())
    entries = [Entry(gettext(lang, "dropped in heat {heat}", heat=heat), *_shade(heat, heats), width=1.0)
               for heat in range(1, heats + 1)]
    entries += [Entry(gettext(lang, "chosen"), style.BLUE, "o", width=1.6),
                Entry(gettext(lang, "the chosen one with fresh random numbers"), style.INK, "D", hollow=True)]
    top = key_height(entries, lang) + 0.1
    body = ROW * len(last) + 0.1
    sheet = Sheet(_race_title(made, hours, last, lang), "", race_caption(made, hours, lang), top + body + 0.5, lang)
    with style.drawing(lang):
        draw_key(sheet, entries, 0)
        axes = sheet.axes(NAMES, top, WIDTH - NAMES - RIGHT, body)
        axes.axvline(0.0, color=style.INK, linewidth=0.8, zorder=1)
        for place, (_, row) in enumerate(last.iterrows()):
            colour, marker = _shade(int(row["heat"]), heats) if row["dropped"] else (style.BLUE, "o")
            _mark(axes, row, place, colour, marker)
            weight = "normal" if row["dropped"] else "bold"
            lines = wrap(_words(made, str(row["candidate"]), lang), 7.0, NAMES - 0.2, lang, weight)
            sheet.text(NAMES - 0.08, top + 0.05 + ROW * (place + 0.62), lines[0] + " …" * (len(lines) > 1), size=7.0,
                       align="right", weight=weight)
        _mark(axes, row_of(made, hours, "best"), 0, style.INK, "D", shift=0.3, hollow=True)
        axes.set_ylim(len(last) - 0.5 + 0.05 / ROW, -0.5 - 0.05 / ROW)
        axes.set_yticks([])
        axes.xaxis.set_major_formatter(lambda value, _: tick(value))
        name = noun(made.outcome, lang).name
        axes.set_xlabel(gettext(
            lang,
            "{name}, difference from no branches\n({unit_of})",
            name=name, unit_of=unit_of(made.outcome, lang)))
        return sheet.finished()


def race_caption(made: Search, hours: float, lang: str = "en") -> str:
    """Say what every bar and mark of the race is."""
    planned = made.races[hours].planned
    runs = ", ".join(f"{heat.entrants} × {heat.replicates}" for heat in planned)
    return gettext(
        lang,
        "Bars: 95 % intervals of the mean paired difference over all replicates that a candidate ran. Heats: {runs} "
        "new replicates. Intervals are not adjusted for choosing among many, which flatters the winner: what it "
        "does with fresh random numbers stands below it. Weights, the three largest: + first where there is more of "
        "it, − where there is less.",
        runs=runs)


def _mark(
    axes: Axes, row: pd.Series, place: float, colour: str, marker: str, shift: float = 0.0, hollow: bool = False
) -> None:
    value, low, high = (float(row[name]) for name in ("difference", "ci_low", "ci_high"))
    if math.isfinite(low) and math.isfinite(high):
        axes.plot([low, high], [place + shift] * 2, color=colour, linewidth=1.1, zorder=2)
    axes.plot(value, place + shift, marker=marker, color=colour, markersize=4.6, linestyle="none", zorder=3,
              markerfacecolor="white" if hollow else colour)


def _shade(heat: int, heats: int) -> tuple[str, str]:
    """Colour and mark of candidates that were dropped in a heat; darker the farther they came."""
    marks = ("|", "s", "^", "v", "P", "X")
    grey = 0.72 - 0.5 * (heat - 1) / max(heats - 1, 1)
    return f"{grey:.2f}", marks[min(heat - 1, len(marks) - 1)]


def _race_title(made: Search, hours: float, last: pd.DataFrame, lang: str) -> str:
    first, second = last.iloc[0], last.iloc[1]
    name = _words(made, str(first["candidate"]), lang)
    clear = side(second["behind_low"], second["behind_high"]) != 0
    rest = gettext(lang, "clearly ahead of the next") if clear else gettext(lang, "not clearly ahead of the next")
    return gettext(
        lang,
        "Within {hours:g} hours a week “{name}” does best among {last} candidates, {rest}",
        hours=hours, name=name, last=len(last), rest=rest)


def _words(made: Search, candidate: str, lang: str) -> str:
    from experiments.analyses.budget.candidates import in_words

    return in_words(made.candidates[candidate], lang, most=3)
