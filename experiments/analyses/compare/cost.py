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

LINK = Entry("", style.MUTED, dashes=(0, (3, 2)), width=0.9)

Point = tuple[str, Effect, Effect]


def cost(reader: Reader, lang: str) -> Figure:
    """Draw conflicts, filed cases and standing disputes against added hours a week."""
    outcomes = [outcome for outcome in HEADLINE if any(reader.effect(name, outcome) for name in reader.arms)]
    panels = {outcome: _points(reader, outcome) for outcome in outcomes}
    drawn = [point for points in panels.values() for point in points]
    numbers = {name: str(number) for number, name in enumerate(dict.fromkeys(name for name, *_ in drawn), start=1)}
    linked = any(control in numbers for name in numbers for control in reader.hours_controls(name))
    baseline = words.arm(reader.baseline, lang)
    parts = [
        Plane(
            gettext(lang, "{name}, % of {baseline}", name=capital(words.noun(outcome, lang).name), baseline=baseline),
            sentence(lang, "comparison.added_hours", baseline=reader.baseline) if outcome == outcomes[-1] else "",
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
    known = ((name, reader.effect(name, "hours"), reader.effect(name, outcome)) for name in reader.arms)
    return [
        (name, hours, effect)
        for name, hours, effect in known
        if hours and effect and math.isfinite(hours.difference) and math.isfinite(effect.percent)
    ]


def _key(drawn: Sequence[Point], numbers: Mapping[str, str], linked: bool, lang: str) -> list[Entry]:
    """Name the numbers, and then marks and lines."""
    short = len({words.base_of(name) for name in numbers if words.base_of(name) != name}) < 2
    entries = [
        Entry(words.arm(name, lang, short=short), style.INK, f"${number}$", size=3.5 + 2 * len(number), width=0)
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
    at = {name: np.array([hours.difference, effect.percent]) for name, hours, effect in points}
    step = np.linspace(0, 1, 40)
    bow = 0.05 * np.ptp([0.0, *(x for x, _ in at.values())]) * 4 * step * (1 - step)
    links = []
    for name, start in at.items():
        for control in filter(at.__contains__, reader.hours_controls(name)):
            x, y = start[:, None] + (at[control] - start)[:, None] * step
            links.append(Series(x + bow, y, LINK, joined=True, order=2))
    return links


def _price(reader: Reader, policy: str) -> Finding:
    """What a policy costs and what it changes."""
    hours = reader.effect(policy, "hours")
    if hours is None or not math.isfinite(hours.difference):
        return summary(reader, policy)
    effects = reader.effects(policy)
    return Finding("comparison.hours_added", policy=policy, hours=hours, effects=effects, margin=reader.margin)


def _subtitle(reader: Reader) -> Finding:
    """What the same hours do without branches, and how much of the hours reporting takes, policy by policy."""
    pooled, taken = [], []
    for policy in reader.policies:
        name = policy if len(reader.policies) > 1 else ""
        if (control := f"hours_matched:{policy}") in reader.controls:
            effects = reader.effects(control)
            pooled.append(Finding("comparison.hours_pooled", policy=name, effects=effects, margin=reader.margin))
        reporting, hours = reader.effect(policy, "reporting_hours"), reader.effect(policy, "hours")
        if reporting and hours and math.isfinite(reporting.difference):
            share = reporting.difference / hours.difference if hours.difference > 0 else None
            taken.append(Finding("comparison.reporting", policy=name, hours=reporting.difference, share=share))
    return Finding("comparison.paragraph", parts=[*pooled, *taken])
