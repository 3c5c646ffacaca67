"""Figures of a search for the best use of hours: what each strategy averts for the hours it takes, and the race."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from experiments.analyses.budget.budget_spec import ALWAYS, DESKS, FULL, FULL_DESKS, is_per_week
from experiments.analyses.budget.candidate_rules import description
from experiments.core.statistics.measures import better
from experiments.core.statistics.regions import side
from experiments.figures import style
from experiments.figures.legend import Entry, draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, wrap
from experiments.reporting.catalogue import gettext
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import tick
from experiments.reporting.pages import sentence
from experiments.reporting.words import noun, unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from experiments.analyses.budget.budget_result import Search

__all__ = ["front_figure", "front_note", "last_heats", "race_figure", "race_note"]

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


def front_figure(result: Search, title: Finding, lang: str = "en") -> Figure:
    """Draw what is averted against hours really spent: the outcome asked about, and the usual ones below."""
    outcomes = list(dict.fromkeys([result.outcome, *ALWAYS]))
    drawn = [name for name in LINES if name == "best" or name in set(result.front["strategy"])]
    entries = []
    for name in drawn:
        line, label = LINES[name], sentence(lang, "budget.strategy", name=name)
        width = 0.0 if name in (FULL, FULL_DESKS) else line.width
        entries.append(Entry(label, line.colour, line.marker, dashes=line.dashes, width=width, hollow=line.hollow))
    top = key_height(entries, lang) + 0.3
    heights = [FIRST, *[OTHERS] * (len(outcomes) - 1)]
    held = Finding("budget.held", hours=list(result.hours), estates=result.district.estates)
    sheet = Sheet(
        title.text(lang),
        held.text(lang),
        front_note(result).text(lang),
        top + sum(heights) + GAP * (len(heights) - 1) + 0.45,
        lang,
    )
    with style.drawing(lang):
        draw_key(sheet, entries, 0)
        start = top
        for outcome, height in zip(outcomes, heights, strict=True):
            neutral = better(outcome) == "neither"
            above = Finding("budget.axis", outcome=outcome, per_week=is_per_week(outcome), neutral=neutral)
            sheet.text(0.05, start - 0.1, above.text(lang), size=8.5, weight="bold")
            axes = sheet.axes(LEFT, start, WIDTH - LEFT - RIGHT, height)
            _panel(axes, result, outcome, drawn)
            start += height + GAP
            if outcome == outcomes[-1]:
                axes.set_xlabel(sentence(lang, "budget.labels.spent"))
            else:
                axes.tick_params(labelbottom=False)
        return sheet.finished()


def front_note(result: Search) -> Finding:
    """Find what every bar and mark of the front is."""
    return Finding("budget.front_note", replicates=int(result.front["replicates"].max()))


def _panel(axes: Axes, result: Search, outcome: str, drawn: Sequence[str]) -> None:
    axes.axhline(0.0, color=style.INK, linewidth=0.8, zorder=1)
    for place, name in enumerate(drawn):
        line = LINES[name]
        spots = [None] if name in (FULL, FULL_DESKS) else list(result.hours)
        rows = [result.row(hours, name, outcome) for hours in spots]
        x, y, *ends = (
            np.array([float(row[column]) for row in rows])
            for column in ("hours", "averted", "averted_low", "averted_high")
        )
        if better(outcome) == "neither":  # not averted, since that would be good
            y, ends = -y, [-end for end in reversed(ends)]
        bars = {column: np.array([float(row[column]) for row in rows]) for column in ("hours_low", "hours_high")}
        if spots != [None]:
            axes.plot([0.0, *x], [0.0, *y], color=line.colour, linestyle=line.dashes, linewidth=line.width, zorder=3)
        axes.errorbar(
            x,
            y,
            xerr=[x - bars["hours_low"], bars["hours_high"] - x],
            yerr=[y - ends[0], ends[1] - y],
            fmt=line.marker,
            color=line.colour,
            markersize=7.5 if line.marker == "*" else 5.2,
            markerfacecolor="white" if line.hollow else line.colour,
            linewidth=0.9,
            zorder=4 + (len(drawn) - place) / 100.0,
        )
    axes.set_xlim(left=0.0)
    axes.margins(y=0.08)
    axes.yaxis.set_major_formatter(lambda value, _: tick(value))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")


def race_figure(result: Search, hours: float, lang: str = "en") -> Figure:
    """Draw what each candidate showed in the race for a number of hours, the winner first."""
    last = last_heats(result, hours)
    heats = int(last["heat"].max())
    entries = [
        Entry(gettext(lang, "dropped in heat {heat}", heat=heat), *_shade(heat, heats), width=1.0)
        for heat in range(1, heats + 1)
    ]
    entries += [
        Entry(gettext(lang, "chosen"), style.BLUE, "o", width=1.6),
        Entry(sentence(lang, "budget.labels.fresh"), style.INK, "D", hollow=True),
    ]
    top = key_height(entries, lang) + 0.1
    body = ROW * len(last) + 0.1
    sheet = Sheet(_race_title(result, hours, last).text(lang), "", race_note(result).text(lang), top + body + 0.5, lang)
    with style.drawing(lang):
        draw_key(sheet, entries, 0)
        axes = sheet.axes(NAMES, top, WIDTH - NAMES - RIGHT, body)
        axes.axvline(0.0, color=style.INK, linewidth=0.8, zorder=1)
        for place, (_, row) in enumerate(last.iterrows()):
            colour, marker = _shade(int(row["heat"]), heats) if row["dropped"] else (style.BLUE, "o")
            _mark(axes, row, place, colour, marker)
            weight = "normal" if row["dropped"] else "bold"
            lines = wrap(_line(result, row).text(lang), 7.0, NAMES - 0.2, lang, weight)
            sheet.text(
                NAMES - 0.08,
                top + 0.05 + ROW * (place + 0.62),
                lines[0] + " …" * (len(lines) > 1),
                size=7.0,
                align="right",
                weight=weight,
            )
        _mark(axes, result.row(hours, "best"), 0, style.INK, "D", shift=0.3, hollow=True)
        axes.set_ylim(len(last) - 0.5 + 0.05 / ROW, -0.5 - 0.05 / ROW)
        axes.set_yticks([])
        axes.xaxis.set_major_formatter(lambda value, _: tick(value))
        below = gettext(
            lang,
            "{name}, difference from no branches\n({unit_of})",
            name=noun(result.outcome, lang).name,
            unit_of=unit(result.outcome, lang),
        )
        axes.set_xlabel(below)
        return sheet.finished()


def race_note(result: Search) -> Finding:
    """Find what every bar and mark of a race is."""
    return Finding("budget.race_note", rungs=[(rung.entrants, rung.replicates) for rung in result.planned])


def last_heats(result: Search, hours: float) -> pd.DataFrame:
    """Return the last heat that each candidate ran within a number of hours, the winner first."""
    last = result.raced[result.raced["budget"] == hours].groupby("candidate", sort=False).tail(1)
    return last.sort_values(["heat", "place"], ascending=[False, True], kind="stable")


def _mark(
    axes: Axes, row: pd.Series, place: float, colour: str, marker: str, shift: float = 0.0, hollow: bool = False
) -> None:
    value, low, high = (float(row[name]) for name in ("difference", "ci_low", "ci_high"))
    if math.isfinite(low) and math.isfinite(high):
        axes.plot([low, high], [place + shift] * 2, color=colour, linewidth=1.1, zorder=2)
    axes.plot(
        value,
        place + shift,
        marker=marker,
        color=colour,
        markersize=4.6,
        linestyle="none",
        zorder=3,
        markerfacecolor="white" if hollow else colour,
    )


def _shade(heat: int, heats: int) -> tuple[str, str]:
    """Colour and mark of candidates that were dropped in a heat; darker the farther they came."""
    marks = ("|", "s", "^", "v", "P", "X")
    grey = 0.72 - 0.5 * (heat - 1) / max(heats - 1, 1)
    return f"{grey:.2f}", marks[min(heat - 1, len(marks) - 1)]


def _race_title(result: Search, hours: float, last: pd.DataFrame) -> Finding:
    clear = side(last["behind_low"].iloc[1], last["behind_high"].iloc[1]) != 0
    rule = _line(result, last.iloc[0])
    return Finding("budget.race_title", hours=hours, rule=rule, candidates=len(last), clear=clear)


def _line(result: Search, row: pd.Series) -> Finding:
    """Return a candidate in a line."""
    return description(result.candidates[row["candidate"]], most=3)
