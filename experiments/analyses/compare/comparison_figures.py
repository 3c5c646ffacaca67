"""The figures of a comparison, for people who present them.

Each title states what the numbers show, worked out from the numbers; each interval is named; marks differ in shape as
well as in colour.  Figures are made for the width of a page of A4, in English or Chinese.

Weekly series have levels above, whose intervals are wide because replicates differ in random numbers that all arms
share, and differences within replicates below, in which the common noise cancels.  On maps, differences of filed cases
and of standing disputes stand beside that of conflicts, on scales of their own, since the three may have different
signs in the same place.  Where changes are set against hours, the same hours without branches are joined by a line to
the strategy that they match: its length is what the branch does beyond its hours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.compare.comparison_findings import summary
from experiments.analyses.compare.comparison_view import HEADLINE, Effect, Reader
from experiments.analyses.compare.forest import coverages, forest, parts
from experiments.core.statistics.paired import paired
from experiments.core.statistics.regions import region
from experiments.figures import style
from experiments.figures.entry import Entry, verdict_entry, verdict_key
from experiments.figures.estate_maps import EDGE, FALL, GREY, RISE, STILL, EstateMap, Estates, kinds_of
from experiments.figures.page import Page
from experiments.figures.planes import Plane, Scale, Series
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import sentence
from sim.core.errors import OutcomeError, unknown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SPAN = 4
BEFORE = 26
LATE = 52
OUTCOMES = (*HEADLINE, "open")
STEPS = ((104, 52), (39, 26), (18, 13))
"""Above how many weeks their axis has a number every so many weeks."""

LINK = Entry("", style.MUTED, dashes=(0, (3, 2)), width=0.9)
Point = tuple[str, Effect, Effect]  # an arm, its hours, and its effect on an outcome

SIZES = (100, 500, 1000, 2000, 4000)
"""Households of which the key shows the marks."""


def series(reader: Reader, lang: str) -> Figure:
    """Draw the baseline, the strategy in focus, the same hours without branches, and the placebo."""
    arms = _series_arms(reader, lang)
    usual, own = ([name for name in names if name in reader.comparison.series] for names in (OUTCOMES, reader.own))
    outcomes = [*usual, *own]
    interval = Finding("comparison.mean_interval", sample=reader.sample).text(lang)
    shade = Entry(gettext(lang, "band: {interval}", interval=interval), style.PALE, band=True)
    return Page(
        title=_series_title(reader, usual or outcomes),
        subtitle=Finding("comparison.weekly", span=SPAN, baseline=reader.baseline, own=bool(reader.own)),
        note=Finding("comparison.weekly_note", sample=reader.sample),
        parts=[_series_plane(reader, arms, outcome, lang, levels) for levels in (True, False) for outcome in outcomes],
        key=[*arms.values(), shade],
        across=len(outcomes),
        share=("col", "none"),
    ).draw(lang)


def _series_arms(reader: Reader, lang: str) -> dict[str, Entry]:
    kinds = [("baseline", reader.baseline), ("focus", reader.focus)]
    kinds += zip(("arrangement", "third", "fourth"), reader.policies[1:], strict=False)
    kinds += [(kind, name) for kind in ("hours_matched", "placebo") if (name := reader.control(kind))]
    present, entries = set(reader.comparison.series["arm"].unique()), {}
    for kind, name in kinds:
        if name in present:
            colour, dashes, width = style.LINES[kind]
            entries[name] = Entry(capital(words.arm(name, lang, short=True)), colour, dashes=dashes, width=width)
    return entries


def apart_from(reader: Reader, arm: str, outcome: str) -> NDArray[np.float64]:
    """Return an arm's differences to the baseline, replicate by replicate and week by week."""
    own, base = reader.weekly(arm, outcome), reader.weekly(reader.baseline, outcome)
    shared = own.index.intersection(base.index)
    return own.loc[shared].to_numpy(float) - base.loc[shared].to_numpy(float)


def smooth(values: NDArray[np.float64], span: int = SPAN) -> NDArray[np.float64]:
    """Average each week with the `span - 1` weeks before it, so that no week knows the future.

    Weeks without a value, such as the first ones of standing disputes, count for nothing.

    Examples
    --------
    >>> smooth(np.array([[0.0, 2.0, 4.0, 6.0], [np.nan, np.nan, 4.0, 6.0]]), 2).tolist()
    [[0.0, 1.0, 3.0, 5.0], [nan, nan, 4.0, 5.0]]
    """
    import pandas as pd

    return pd.DataFrame(values.T).rolling(span, min_periods=1).mean().to_numpy().T


def band(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean over replicates and the half width of its 95 % interval (NaN with one replicate)."""
    from scipy.special import stdtrit

    n = len(values)
    mean = values.mean(axis=0)
    if n < 2:
        return mean, np.full_like(mean, math.nan)
    return mean, values.std(axis=0, ddof=1) / math.sqrt(n) * float(stdtrit(n - 1, 0.975))


def _series_plane(reader: Reader, arms: Mapping[str, Entry], outcome: str, lang: str, levels: bool) -> Plane:
    """Return the levels of an outcome week by week, or the differences to the baseline."""
    weeks = np.sort(reader.comparison.series["week"].unique()).astype(float) - reader.warmup
    shown = weeks >= -BEFORE
    lines = []
    for order, (arm, look) in enumerate(arms.items()):
        values = reader.weekly(arm, outcome).to_numpy(float) if levels else apart_from(reader, arm, outcome)
        if len(values) and (levels or arm != reader.baseline):
            mean, half = (numbers[shown] for numbers in band(smooth(values)))
            lines.append(
                Series(weeks[shown], mean, look, None, (mean - half, mean + half), True, shaded=True, order=3 + order)
            )
    step = next((step for most, step in STEPS if weeks[-1] > most), 4)
    name = capital(words.noun(outcome, lang).name)
    if outcome in reader.own:
        name = gettext(lang, "{name}, {unit}", name=name, unit=words.unit(outcome, lang))
    return Plane(
        title=name if levels else "",
        axis="" if levels else gettext(lang, "weeks since the start"),
        under="" if levels else gettext(lang, "difference"),
        series=lines,
        x=Scale((weeks[shown][0], weeks[-1]), {week: f"{week:g}" for week in np.arange(0, weeks[-1] + 1, step)}),
        # An interval may reach below zero, a rate cannot.
        y=Scale(floor=0.0) if levels else Scale(form="+,.10g"),
        zero=not levels,
        starts=(0.0,),
    )


def late(reader: Reader, arm: str, outcome: str, weeks: int = LATE) -> Effect:
    """Return an arm's effect in the last weeks of the run, with a 95 % interval of its own.

    The verdict is that of `statistics.regions`, in words that know no better side.  It is read from an interval as
    wide as those of the table, which hold for all its rows together: a title must not be surer than the table.
    """
    differences = apart_from(reader, arm, outcome)[:, -weeks:].mean(axis=1)
    level = float(reader.weekly(reader.baseline, outcome).to_numpy(float)[:, -weeks:].mean())
    if not len(differences):
        differences = np.array([math.nan])
    result = paired(differences, np.zeros(len(differences)), "neither")
    verdict = region(*result.interval(reader.confidence), reader.margin * abs(level), "neither")
    return Effect(outcome, result.difference, result.ci_low, result.ci_high, level, verdict, strategy=arm)


def _series_title(reader: Reader, outcomes: list[str]) -> Finding:
    """How the last weeks of each policy compare with the baseline, outcome by outcome."""
    if reader.focus == reader.baseline or not outcomes:
        return Finding("common.arm", name=reader.baseline)
    measured = reader.comparison.series["week"].nunique() - reader.warmup
    weeks = max(1, min(LATE, measured))
    parts: list[Finding] = []
    for policy in reader.policies:
        # Where the last weeks are all that is measured, the table has their effect.
        table = [reader.effect(policy, outcome) if weeks == measured else None for outcome in outcomes]
        effects = [
            effect or late(reader, policy, outcome, weeks) for effect, outcome in zip(table, outcomes, strict=True)
        ]
        named = 0 if parts else weeks
        parts.append(Finding("comparison.late", policy=policy, effects=effects, weeks=named, margin=reader.margin))
    return Finding("comparison.title", parts=parts)


def maps(reader: Reader, lang: str) -> Figure:
    """Draw five maps: the baseline, the strategy in focus, and the differences in three outcomes."""
    district, base, focus = reader.comparison.district, reader.baseline, reader.focus
    levels = {name: rates(reader, name, "conflicts") for name in (base, focus)}
    changes = {
        outcome: rates(reader, focus, outcome) - rates(reader, base, outcome)
        for outcome in HEADLINE
        if outcome in reader.comparison.estates
    }
    x, y, households = (np.asarray(values, float) for values in (district.x, district.y, district.households))
    estates = Estates(x, y, households, tuple(map(str, district.names)))
    both = np.concatenate([*levels.values()])
    low, high = np.nanquantile(both, [0.02, 0.98]) if len(both) else (0.0, 1.0)
    label = gettext(lang, "conflicts per 1,000 households, week")
    parts = [
        EstateMap(capital(words.arm(name, lang)), estates=estates, values=values, measure=label, span=(low, high))
        for name, values in levels.items()
    ]
    label = gettext(lang, "per 1,000 households, week")
    for outcome, change in changes.items():
        name = gettext(lang, "Difference: {name}", name=words.noun(outcome, lang).name)
        parts.append(EstateMap(capital(name), estates=estates, values=change, measure=label))
    kinds = {FALL: gettext(lang, "fall"), RISE: gettext(lang, "rise"), STILL: gettext(lang, "no change")}
    drawn = {mark for change in changes.values() for mark, rows in kinds_of(change).items() if rows.any()}
    largest = max(500.0, float(households.max(initial=0.0)))
    counts = [(outcome, int((change < 0).sum()), int((change > 0).sum())) for outcome, change in changes.items()]
    sizes = [
        replace(estates.entry(size), label=gettext(lang, "{households:,} households", households=size))
        for size in SIZES
        if size <= largest
    ]
    marks = [Entry(text, GREY, mark, 5.0, width=0, edge=EDGE) for mark, text in kinds.items() if mark in drawn]
    return Page(
        title=Finding("comparison.falls", policy=focus, outcomes=counts, total=len(district.names)),
        subtitle=Finding("comparison.rises", outcomes=counts, effects=reader.effects(focus), margin=reader.margin),
        note=Finding("comparison.map_note"),
        parts=parts,
        axis=gettext(lang, "axes in km"),
        key=[*sizes, *marks],
    ).draw(lang)


def rates(reader: Reader, arm: str, outcome: str) -> NDArray[np.float64]:
    """Return an outcome per 1,000 households and week by estate, in the district's order; NaN if missing."""
    district, rows = reader.comparison.district, reader.comparison.estates
    rows = rows[rows["arm"] == arm]
    counts = rows.set_index(rows["estate"].astype(str))[outcome].astype(float).reindex(list(map(str, district.names)))
    return counts.to_numpy() / np.asarray(district.households, float) * 1000


def cost(reader: Reader, lang: str) -> Figure:
    """Draw conflicts, filed cases and standing disputes against added hours a week."""
    outcomes = [outcome for outcome in HEADLINE if any(reader.effect(name, outcome) for name in reader.arms)]
    panels = {outcome: _cost_points(reader, outcome) for outcome in outcomes}
    drawn = [point for points in panels.values() for point in points]
    numbers = {name: str(number) for number, name in enumerate(dict.fromkeys(name for name, *_ in drawn), start=1)}
    linked = any(control in numbers for name in numbers for control in reader.hours_controls(name))
    baseline = words.arm(reader.baseline, lang)
    parts = [
        Plane(
            gettext(lang, "{name}, % of {baseline}", name=capital(words.noun(outcome, lang).name), baseline=baseline),
            sentence(lang, "comparison.added_hours", baseline=reader.baseline) if outcome == outcomes[-1] else "",
            series=[*_links(reader, points), *(_cost_mark(*point, numbers) for point in points)],
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
        subtitle=_cost_subtitle(reader),
        note=Finding("comparison.cost_note", sample=reader.sample, margin=reader.margin, linked=linked),
        parts=parts,
        key=_cost_key(drawn, numbers, linked, lang),
        across=1,
        share=("all", "none"),
    ).draw(lang)


def _cost_points(reader: Reader, outcome: str) -> list[Point]:
    known = ((name, reader.effect(name, "hours"), reader.effect(name, outcome)) for name in reader.arms)
    return [
        (name, hours, effect)
        for name, hours, effect in known
        if hours and effect and math.isfinite(hours.difference) and math.isfinite(effect.percent)
    ]


def _cost_key(drawn: Sequence[Point], numbers: Mapping[str, str], linked: bool, lang: str) -> list[Entry]:
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


def _cost_mark(name: str, hours: Effect, effect: Effect, numbers: Mapping[str, str]) -> Series:
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


def _cost_subtitle(reader: Reader) -> Finding:
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


FIGURES: Final[dict[str, Callable[[Reader, str], Figure]]] = {
    "effects": forest,
    "coverages": coverages,
    "parts": parts,
    "series": series,
    "maps": maps,
    "cost": cost,
}
"""Name of the file, and what draws it."""


def draw(comparison: Any, name: str = "effects", lang: str = "en") -> Figure:
    """Draw one figure of a comparison, which shows itself in a notebook, in English without a font for Chinese.

    Raises
    ------
    ValueError
        If there is no figure of that name, or the comparison lacks what it shows.
    """
    if not hasattr(comparison, "series"):
        raise OutcomeError(
            f"draw shows the result of a comparison, not a {type(comparison).__name__}. A model is drawn by "
            "sim.plot(model); any other result has result.figure()."
        )
    reader = Reader(comparison)
    if name not in FIGURES:
        raise OutcomeError(unknown("figure", name, FIGURES))
    if name not in (known := available(reader)):
        has = ", ".join(known) or "none"
        raise ValueError(f'This comparison has no data for the figure "{name}". It has for: {has}.')
    return style.shown(partial(FIGURES[name], reader), lang)


def available(reader: Reader) -> list[str]:
    """Return the names of the figures for which a comparison holds data."""
    weekly, places = (
        set() if table is None or not len(table) else set(table["arm"].unique())
        for table in (reader.comparison.series, reader.comparison.estates)
    )
    has_rows = any(reader.effects(name) for name in reader.strategies)
    pair, ground = {reader.baseline, reader.focus}, reader.further or reader
    shown = {
        "effects": has_rows,
        "coverages": bool(reader.further and (reader.further.strategies or reader.further.covers)),
        "parts": has_rows and (len(ground.components()) > 1 or bool(ground.lesser)),
        "series": len(pair) > 1 and pair <= weekly,
        "maps": len(pair) > 1 and pair <= places,
        "cost": has_rows and any(reader.effect(name, "hours") for name in reader.strategies),
    }
    return [name for name in FIGURES if shown[name]]
