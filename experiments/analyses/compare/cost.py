"""Order and cost: what each strategy changes, against the hours that it adds.

The same hours without branches are drawn beside the strategy that they match and joined to it by a line:
its length is what the branch does beyond its hours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.compare.comparison_findings import summary
from experiments.analyses.compare.comparison_view import HEADLINE, Effect, Reader
from experiments.core.statistics.regions import BEYOND
from experiments.figures import style
from experiments.figures.legend import Entry, keyed_sheet
from experiments.figures.sheet import WIDTH
from experiments.figures.verdicts import verdict_entry, verdict_key
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import tick
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["cost"]

LEFT, RIGHT, TOP, EACH, GAP, FOOT = 0.62, 0.1, 0.28, 1.9, 0.36, 0.46
SIZE = 7.0
SIDES = tuple(
    np.array([reach * across, reach * up])
    for reach in (7.5, 13.0)
    for across, up in ((-1, 1), (-1, -1), (1, 1), (1, -1), (0, 1.1), (0, -1.1), (1.2, 0), (-1.2, 0))
)
"""Where a number may stand beside its mark, in points."""

Point = tuple[str, Effect, Effect]
Ends = tuple[float, float]


def cost(reader: Reader, lang: str) -> Figure:
    """Draw conflicts, filed cases and standing disputes against added hours a week."""
    panels = [outcome for outcome in HEADLINE if any(reader.effect(name, outcome) for name in reader.arms)]
    entries = _key(reader, panels, lang)
    height = TOP + len(panels) * (EACH + GAP) - GAP + FOOT
    title = Finding("comparison.title", parts=[_price(reader, policy) for policy in reader.policies])
    note = Finding("comparison.cost_note", sample=reader.sample, margin=reader.margin)
    sheet = keyed_sheet((title, _subtitle(reader), note), height, entries, lang)
    limits: Ends | None = None
    baseline = words.arm(reader.baseline, lang)
    for row, outcome in enumerate(panels):
        start = TOP + row * (EACH + GAP)
        name = capital(words.noun(outcome, lang).name)
        head = gettext(lang, "{name}, % of {baseline}", name=name, baseline=baseline)
        sheet.text(0.05, start - 0.09, head, size=9, weight="bold")
        axes = sheet.axes(LEFT, start, WIDTH - LEFT - RIGHT, EACH)
        limits = _panel(axes, reader, outcome, limits)
        if row == len(panels) - 1:
            axes.set_xlabel(sentence(lang, "comparison.added_hours", baseline=reader.baseline))
        else:
            axes.tick_params(labelbottom=False)
    return sheet.finished()


def _points(reader: Reader, outcome: str) -> list[Point]:
    points = []
    for name in reader.arms:
        hours, effect = reader.effect(name, "hours"), reader.effect(name, outcome)
        if hours and effect and math.isfinite(hours.difference) and math.isfinite(effect.percent):
            points.append((name, hours, effect))
    return points


def _numbers(reader: Reader) -> dict[str, int]:
    """Number the arms that are drawn in any panel, the same in each."""
    names = dict.fromkeys(name for outcome in HEADLINE for name, _hours, _effect in _points(reader, outcome))
    return {name: number for number, name in enumerate(names, start=1)}


def _key(reader: Reader, panels: Sequence[str], lang: str) -> list[Entry]:
    """Name the numbers, and below them marks and lines."""
    numbers = _numbers(reader)
    several = len({words.base_of(name) for name in numbers if words.base_of(name) != name}) > 1
    entries = [
        Entry(f"{number}  {words.arm(name, lang, short=not several)}", style.INK, width=0)
        for name, number in numbers.items()
    ]
    drawn = [effect for outcome in panels for _name, _hours, effect in _points(reader, outcome)]
    verdicts = verdict_key((effect.verdict for effect in drawn), lang, 4.8, width=0)
    entries += [replace(entry, fresh=not place) for place, entry in enumerate(verdicts)]
    if reader.controls:
        entries.append(Entry(gettext(lang, "open: control"), style.MUTED, "o", hollow=True, width=0))
    if any(reader.hours_controls(name) for name in reader.strategies):
        line = gettext(lang, "to the same hours without branches")
        entries.append(Entry(line, style.MUTED, dashes=(0, (3, 2)), width=0.9))
    return entries


def _panel(axes: Axes, reader: Reader, outcome: str, limits: Ends | None) -> Ends:
    points = _points(reader, outcome)
    margin = 100 * reader.margin
    x = np.array([hours.difference for _name, hours, _effect in points] or [0.0])
    across = [end for _name, hours, _effect in points for end in (hours.low, hours.high)]
    along = [end for _name, _hours, effect in points for end in (*effect.interval, effect.percent)]
    y = np.array([*filter(math.isfinite, along)] or [0.0])
    if limits is None:
        ends = np.array([*filter(math.isfinite, across)] or [0.0])
        left, right = min(0.0, x.min(), ends.min()), max(0.0, x.max(), ends.max())
        room = 0.16 * (right - left) or 1.0
        limits = left - room, right + room
    bottom, top = min(-1.4 * margin, float(y.min())), max(1.4 * margin, float(y.max()))
    room = 0.14 * (top - bottom)
    axes.set_xlim(*limits)
    axes.set_ylim(bottom - room, top + room)
    axes.axhspan(-margin, margin, color="#ececec", lw=0, zorder=0)
    axes.axhline(0, color=style.INK, lw=0.8, zorder=1)
    axes.axvline(0, color=style.PALE, lw=0.8, zorder=1)
    axes.locator_params(axis="y", nbins=6)
    axes.yaxis.set_major_formatter(lambda value, _place: tick(value))
    axes.xaxis.set_major_formatter(lambda value, _place: tick(value, "+,.10g"))
    at = {name: (hours.difference, effect.percent) for name, hours, effect in points}
    links = [(at[name], at[control]) for name in at for control in reader.hours_controls(name) if control in at]
    for (x0, y0), (x1, y1) in links:
        x, y = _bow(x0, y0, x1, y1, limits)
        axes.plot(x, y, color=style.MUTED, ls=(0, (3, 2)), lw=0.9, zorder=2)
    for name, hours, effect in points:
        (x0, y0), look = at[name], verdict_entry(effect.verdict, 4.8, hollow=bool(words.control_of(name)))
        for xs, ys in (((hours.low, hours.high), (y0, y0)), ((x0, x0), effect.interval)):
            if all(map(math.isfinite, (*xs, *ys))):
                axes.plot(xs, ys, color=look.colour, lw=0.8, alpha=0.6, zorder=3)
        axes.plot(x0, y0, zorder=4, **look.mark)
    _label(axes, points, _numbers(reader))
    return limits


def _bow(x0: float, y0: float, x1: float, y1: float, limits: Ends) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a line between two points that bows to the right, beside the intervals between them."""
    step = np.linspace(0, 1, 40)
    reach = 0.035 * (limits[1] - limits[0])
    return x0 + (x1 - x0) * step + reach * 4 * step * (1 - step), y0 + (y1 - y0) * step


def _label(axes: Axes, points: Sequence[Point], numbers: Mapping[str, int]) -> None:
    """Write each arm's number beside its mark, on the first side that no mark and no other number takes."""
    from matplotlib.patheffects import withStroke

    spots = axes.transData.transform([(hours.difference, effect.percent) for _name, hours, effect in points])
    spots *= 72 / axes.figure.dpi
    taken = [*spots]
    look: dict[str, Any] = {
        "fontsize": SIZE,
        "path_effects": [withStroke(linewidth=2, foreground="white")],
        "zorder": 6,
    }
    for place, (name, hours, effect) in enumerate(points):
        beside = np.array([*taken[:place], *taken[place + 1 :], (math.inf, math.inf)])
        room = [float(np.abs((spots[place] + side - beside) / (6.0, 7.0)).max(axis=1).min()) for side in SIDES]
        side = SIDES[next((number for number, gap in enumerate(room) if gap >= 1.0), int(np.argmax(room)))]
        taken.append(spots[place] + side)
        look["color"] = style.INK if effect.verdict in BEYOND else style.MUTED
        centred: dict[str, Any] = {"ha": "center", "va": "center", "textcoords": "offset points"}
        axes.annotate(str(numbers[name]), (hours.difference, effect.percent), (side[0], side[1]), **centred, **look)


def _price(reader: Reader, policy: str) -> Finding:
    """What a policy costs and what it changes."""
    hours = reader.effect(policy, "hours")
    if hours is None or not math.isfinite(hours.difference):
        return summary(reader, policy)
    return Finding("comparison.hours_added", policy=policy, hours=hours, **_changes(reader, policy))


def _changes(reader: Reader, arm: str) -> dict[str, Any]:
    return {"effects": reader.effects(arm), "margin": reader.margin}


def _subtitle(reader: Reader) -> Finding:
    """What the same hours do without branches, and how much of the hours reporting takes, policy by policy."""
    named = {policy: policy if len(reader.policies) > 1 else "" for policy in reader.policies}
    pooled = [
        Finding("comparison.hours_pooled", policy=name, **_changes(reader, f"hours_matched:{policy}"))
        for policy, name in named.items()
        if f"hours_matched:{policy}" in reader.controls
    ]
    taken = []
    for policy, name in named.items():
        reporting, hours = reader.effect(policy, "reporting_hours"), reader.effect(policy, "hours")
        if reporting and hours and math.isfinite(reporting.difference):
            share = reporting.difference / hours.difference if hours.difference > 0 else None
            taken.append(Finding("comparison.reporting", policy=name, hours=reporting.difference, share=share))
    return Finding("comparison.paragraph", parts=[*pooled, *taken])
