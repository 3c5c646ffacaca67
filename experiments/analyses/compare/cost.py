"""Order and cost: what each strategy changes, against the hours that it adds.

The same hours without branches are drawn beside the strategy that they match and joined to it by a line:
its length is what the branch does beyond its hours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.compare.comparison_findings import summary
from experiments.analyses.compare.comparison_view import HEADLINE, Effect, Reader
from experiments.analyses.compare.forest import marks, verdict_entries
from experiments.core.statistics.regions import BEYOND
from experiments.figures import style
from experiments.figures.label_placement import Box, leader, place
from experiments.figures.legend import Entry, draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, text_width
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import tick
from experiments.reporting.pages import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["cost"]

LEFT, RIGHT, EACH, GAP = 0.62, 0.1, 2.05, 0.36
SIZE = 7.5

Point = tuple[str, Effect, Effect]
Ends = tuple[float, float]


def cost(reader: Reader, lang: str) -> Figure:
    """Draw conflicts, filed cases and standing disputes against added hours a week."""
    entries = _key(reader, lang)
    top = key_height(entries, lang) + 0.28
    panels = [outcome for outcome in HEADLINE if any(reader.effect(name, outcome) for name in reader.arms)]
    height = top + len(panels) * EACH + (len(panels) - 1) * GAP + 0.42
    baseline = words.arm(reader.baseline, lang)
    title = Finding("comparison.title", parts=[_price(reader, policy) for policy in reader.policies])
    note = Finding("comparison.cost_note", sample=reader.sample, margin=reader.margin)
    sheet = Sheet(title.text(lang), _subtitle(reader).text(lang), note.text(lang), height, lang)
    draw_key(sheet, entries, 0)
    limits: Ends | None = None
    for row, outcome in enumerate(panels):
        start = top + row * (EACH + GAP)
        name = capital(words.noun(outcome, lang).name)
        head = gettext(lang, "{name}, % of {baseline}", name=name, baseline=baseline)
        sheet.text(0.05, start - 0.09, head, size=9, weight="bold")
        axes = sheet.axes(LEFT, start, WIDTH - LEFT - RIGHT, EACH)
        limits = _panel(axes, reader, outcome, lang, limits)
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


def _key(reader: Reader, lang: str) -> list[Entry]:
    drawn = [effect for outcome in HEADLINE for _name, _hours, effect in _points(reader, outcome)]
    entries = verdict_entries(drawn, lang, 4.8, width=0)
    if reader.controls:
        entries.append(Entry(gettext(lang, "open: control"), style.MUTED, "o", hollow=True, width=0))
    if any(reader.hours_controls(name) for name in reader.strategies):
        line = gettext(lang, "to the same hours without branches")
        entries.append(Entry(line, style.MUTED, dashes=(0, (3, 2)), width=0.9))
    return entries


def _panel(axes: Axes, reader: Reader, outcome: str, lang: str, limits: Ends | None) -> Ends:
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
    axes.xaxis.set_major_formatter(lambda value, _place: tick(value, "+,.0f"))
    at = {name: (hours.difference, effect.percent) for name, hours, effect in points}
    links = [(at[name], at[control]) for name in at for control in reader.hours_controls(name) if control in at]
    for (x0, y0), (x1, y1) in links:
        x, y = _bow(x0, y0, x1, y1, limits)
        axes.plot(x, y, color=style.MUTED, ls=(0, (3, 2)), lw=0.9, zorder=2)
    for name, hours, effect in points:
        (x0, y0), (marker, colour, size) = at[name], marks(effect)
        for xs, ys in (((hours.low, hours.high), (y0, y0)), ((x0, x0), effect.interval)):
            if all(map(math.isfinite, (*xs, *ys))):
                axes.plot(xs, ys, color=colour, lw=0.8, alpha=0.6, zorder=3)
        fill: dict[str, Any] = {"mfc": "white" if words.control_of(name) else colour, "mec": colour, "mew": 1.0}
        axes.plot(x0, y0, marker=marker, ms=4.8 * size, ls="none", zorder=4, **fill)
    _label(axes, points, links, lang)
    return limits


def _bow(x0: float, y0: float, x1: float, y1: float, limits: Ends) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a line between two points that bows to the right, beside the intervals between them."""
    step = np.linspace(0, 1, 40)
    reach = 0.035 * (limits[1] - limits[0])
    return x0 + (x1 - x0) * step + reach * 4 * step * (1 - step), y0 + (y1 - y0) * step


def _label(axes: Axes, points: Sequence[Point], links: Sequence[tuple[Ends, Ends]], lang: str) -> None:
    """Write the names beside their points, with a thin line where a name stands far from its point."""
    if not points:
        return
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    wide, high, frame = WIDTH - LEFT - RIGHT, EACH, axes.transAxes

    def inches(x: float, y: float) -> tuple[float, float]:
        return (x - left) / (right - left) * wide, (y - bottom) / (top - bottom) * high

    spots = [inches(hours.difference, effect.percent) for _name, hours, effect in points]
    obstacles: list[Box] = []
    for _name, hours, effect in points:
        (x0, y0), (x1, y1) = inches(hours.low, effect.interval[0]), inches(hours.high, effect.interval[1])
        x, y = inches(hours.difference, effect.percent)
        if all(map(math.isfinite, (x0, x1, y0, y1))):
            obstacles += [Box(x0, y, x1, y).grown(0.012), Box(x, y0, x, y1).grown(0.012)]
    for start, end in links:
        for x, y in zip(*_bow(*start, *end, axes.get_xlim()), strict=True):
            obstacles.append(Box(*inches(x, y), *inches(x, y)).grown(0.012))
    obstacles.append(Box(x, y, x, y).grown(0.012))
    obstacles.append(Box(0, inches(0, 0)[1], wide, inches(0, 0)[1]).grown(0.008))
    several = len({words.base_of(name) for name, _hours, _effect in points if words.base_of(name) != name}) > 1
    names = [words.arm(name, lang, short=not several) for name, _hours, _effect in points]
    sizes = [(text_width(name, SIZE, lang), SIZE * 1.05 / 72) for name in names]
    boxes = place(spots, sizes, obstacles, Box(0.03, 0.03, wide - 0.03, high - 0.03))
    for name, spot, box, (_arm, _hours, effect) in zip(names, spots, boxes, points, strict=True):
        colour = style.INK if effect.verdict in BEYOND else style.MUTED
        x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
        centred: dict[str, Any] = {"ha": "center", "va": "center_baseline", "parse_math": False}
        axes.text(x / wide, y / high, name, fontsize=SIZE, color=colour, transform=frame, zorder=6, **centred)
        if line := leader(spot, box):
            xs, ys = zip(*((x / wide, y / high) for x, y in line), strict=True)
            axes.plot(xs, ys, color="#8c8c8c", lw=0.5, transform=frame, zorder=1.5)


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
