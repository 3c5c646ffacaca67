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

from experiments.analyses.compare.comparison_findings import summary
from experiments.analyses.compare.comparison_view import HEADLINE, Effect, Reader
from experiments.figures import style
from experiments.figures.entry import Entry, verdict_entry, verdict_key
from experiments.figures.page import Page
from experiments.figures.planes import Plane, Scale, Series
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["cost"]

LINK = Entry("", style.MUTED, dashes=(0, (3, 2)), width=0.9)

Point = tuple[str, Effect, Effect]


def cost(reader: Reader, lang: str) -> Figure:
    """Draw conflicts, filed cases and standing disputes against added hours a week."""
    panels = {outcome: _points(reader, outcome) for outcome in HEADLINE}
    panels = {
        outcome: points
        for outcome, points in panels.items()
        if any(reader.effect(name, outcome) for name in reader.arms)
    }
    drawn = [point for points in panels.values() for point in points]
    numbers = {name: str(number) for number, name in enumerate(dict.fromkeys(name for name, *_ in drawn), start=1)}
    linked = any(control in numbers for name in numbers for control in reader.hours_controls(name))
    baseline = words.arm(reader.baseline, lang)
    parts = [
        Plane(
            gettext(lang, "{name}, % of {baseline}", name=capital(words.noun(outcome, lang).name), baseline=baseline),
            sentence(lang, "comparison.added_hours", baseline=reader.baseline) if outcome == [*panels][-1] else "",
            series=[*_links(reader, points), *(_mark(*point, numbers) for point in points)],
            x=Scale(form="+,.10g", most=8),
            y=Scale(form="+,.10g", most=6),
            high=1.9,
            band=(-100 * reader.margin, 100 * reader.margin),
            zero=True,
            starts=(0.0,),
            room=(0.16, 0.14),
        )
        for outcome, points in panels.items()
    ]
    return Page(
        title=Finding("comparison.title", parts=[_price(reader, policy) for policy in reader.policies]),
        subtitle=_subtitle(reader),
        note=Finding("comparison.cost_note", sample=reader.sample, margin=reader.margin, linked=linked),
        parts=parts,
        key=_key(drawn, numbers, linked, lang),
        across=1,
        share=("all", "none"),
    ).draw(lang)


def _points(reader: Reader, outcome: str) -> list[Point]:
    points = []
    for name in reader.arms:
        hours, effect = reader.effect(name, "hours"), reader.effect(name, outcome)
        if hours and effect and math.isfinite(hours.difference) and math.isfinite(effect.percent):
            points.append((name, hours, effect))
    return points


def _key(drawn: Sequence[Point], numbers: Mapping[str, str], linked: bool, lang: str) -> list[Entry]:
    """Name the numbers, and then marks and lines."""
    several = len({words.base_of(name) for name in numbers if words.base_of(name) != name}) > 1
    entries = [
        Entry(words.arm(name, lang, short=not several), style.INK, f"${number}$", size=3.5 + 2 * len(number), width=0)
        for name, number in numbers.items()
    ]
    entries += verdict_key((effect.verdict for _name, _hours, effect in drawn), lang, 4.8, width=0)
    if any(map(words.control_of, numbers)):
        entries.append(Entry(gettext(lang, "open: control"), style.MUTED, "o", hollow=True, width=0))
    if linked:
        entries.append(replace(LINK, label=gettext(lang, "to the same hours without branches")))
    return entries


def _mark(name: str, hours: Effect, effect: Effect, numbers: Mapping[str, str]) -> Series:
    look = verdict_entry(effect.verdict, 4.8, hollow=bool(words.control_of(name)))
    ends: dict[str, Any] = {"across": (hours.low, hours.high), "along": effect.interval}
    return Series(hours.difference, effect.percent, look, **ends, numbers=[numbers[name]])


def _links(reader: Reader, points: Sequence[Point]) -> list[Series]:
    """Join a strategy to its hours by a line that bows to the right, beside the intervals between them."""
    at = {name: (hours.difference, effect.percent) for name, hours, effect in points}
    reach, step = 0.05 * np.ptp([0.0, *(x for x, _ in at.values())]), np.linspace(0, 1, 40)
    return [
        Series(
            x0 + (at[control][0] - x0) * step + reach * 4 * step * (1 - step),
            y0 + (at[control][1] - y0) * step,
            LINK,
            joined=True,
            order=2,
        )
        for name, (x0, y0) in at.items()
        for control in reader.hours_controls(name)
        if control in at
    ]


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
