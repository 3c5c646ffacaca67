"""Figures of a search for the best use of hours: what each strategy averts for the hours it takes, and the race."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from experiments.analyses.budget.budget_spec import ALWAYS, DESKS, FULL, FULL_DESKS, is_per_week
from experiments.analyses.budget.candidate_rules import description
from experiments.core.statistics.measures import better
from experiments.core.statistics.regions import side
from experiments.figures import style
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.figures.legend import Entry, keyed_sheet
from experiments.figures.sheet import WIDTH, text_width
from experiments.reporting.catalogue import gettext
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import tick
from experiments.reporting.template_rendering import sentence
from experiments.reporting.words import noun, unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from experiments.analyses.budget.budget_result import Search

__all__ = ["front_figure", "front_note", "last_heats", "race_figure", "race_note"]

LEFT, RIGHT, FIRST, OTHERS, GAP = 0.72, 0.12, 2.9, 1.55, 0.42
NAMES = 3.3


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
    heights = [FIRST, *[OTHERS] * (len(outcomes) - 1)]
    held = Finding("budget.held", hours=list(result.hours), estates=result.district.estates)
    height = 0.3 + sum(heights) + GAP * (len(heights) - 1) + 0.45
    with style.drawing(lang):
        sheet = keyed_sheet((title, held, front_note(result)), height, entries, lang)
        start = 0.3
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
        marks, *_ = axes.errorbar(
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
        marks.set_clip_on(False)  # at no hours, half of a mark lies beyond the axis
    axes.set_xlim(left=0.0)
    axes.margins(y=0.08)
    axes.yaxis.set_major_formatter(lambda value, _: tick(value))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")


def race_figure(result: Search, hours: float, lang: str = "en") -> Figure:
    """Draw what each candidate showed in the race for a number of hours, the winner first."""
    last = last_heats(result, hours)
    heats = int(last["heat"].max())
    dropped = [_dropped(heat, heats, lang) for heat in range(1, heats + 1)]
    chosen = Entry(gettext(lang, "chosen"), style.BLUE, "o", width=1.6)
    fresh = Entry(sentence(lang, "budget.labels.fresh"), style.INK, "D", hollow=True)
    rows: list[Row] = []
    points = []
    for row in last.to_dict("records"):
        bold = not row["dropped"]
        rows.append(Row(_fitting(result, row, bold, lang), bold=bold))
        points.append([_point(row, dropped[int(row["heat"]) - 1] if row["dropped"] else chosen)])
    rows.insert(1, Row(""))
    points.insert(1, [_point(result.row(hours, "best"), fresh)])
    axis = gettext(
        lang,
        "{name}, difference from no branches\n({unit_of})",
        name=noun(result.outcome, lang).name,
        unit_of=unit(result.outcome, lang),
    )
    return IntervalRows(
        title=_race_title(result, hours, last),
        note=race_note(result),
        rows=rows,
        panels=[Panel("", axis, points)],
        key=[*dropped, chosen, fresh],
        size=7,
        names=NAMES,
    ).draw(lang)


def _fitting(result: Search, row: Mapping[Any, Any], bold: bool, lang: str) -> str:
    """Return a candidate with as many of its weights as stand in a line, three at most."""
    text = _line(result, row).text(lang)
    for most in (3, 2, 1):
        if most < 3:
            text = description(result.candidates[row["candidate"]], most=most).text(lang) + " …"
        if text_width(text, 7, lang, "bold" if bold else "normal") <= NAMES:
            break
    return text


def race_note(result: Search) -> Finding:
    """Find what every bar and mark of a race is."""
    return Finding("budget.race_note", rungs=[(rung.entrants, rung.replicates) for rung in result.planned])


def last_heats(result: Search, hours: float) -> pd.DataFrame:
    """Return the last heat that each candidate ran within a number of hours, the winner first."""
    last = result.raced[result.raced["budget"] == hours].groupby("candidate", sort=False).tail(1)
    return last.sort_values(["heat", "place"], ascending=[False, True], kind="stable")


def _point(row: Mapping[Any, Any], look: Entry) -> Point:
    return Point.of((row["ci_low"], row["difference"], row["ci_high"]), look)


def _dropped(heat: int, heats: int, lang: str) -> Entry:
    """Colour and mark of candidates that were dropped in a heat; darker the farther they came."""
    marks = ("|", "s", "^", "v", "P", "X")
    grey = 0.72 - 0.5 * (heat - 1) / max(heats - 1, 1)
    label = gettext(lang, "dropped in heat {heat}", heat=heat)
    return Entry(label, f"{grey:.2f}", marks[min(heat - 1, len(marks) - 1)], width=1.0)


def _race_title(result: Search, hours: float, last: pd.DataFrame) -> Finding:
    clear = side(last["behind_low"].iloc[1], last["behind_high"].iloc[1]) != 0
    rule = _line(result, last.iloc[0])
    return Finding("budget.race_title", hours=hours, rule=rule, candidates=len(last), clear=clear)


def _line(result: Search, row: Mapping[Any, Any]) -> Finding:
    """Return a candidate in a line."""
    return description(result.candidates[row["candidate"]], most=3)
