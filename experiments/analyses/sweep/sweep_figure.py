"""The figure of a sweep: an outcome, or what the arms change of it, along each parameter that varied."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.sweep import sweep_effects as find
from experiments.core.statistics.measures import better
from experiments.figures import style
from experiments.figures.entry import Entry, verdict_entry
from experiments.figures.page import Page
from experiments.figures.planes import Plane, Scale, Series
from experiments.reporting import declared, words
from experiments.reporting.clauses import capital
from experiments.reporting.declared import level
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.analyses.sweep.swept import Swept

__all__ = ["described", "sweep_figure"]

ACROSS, BINS, PANELS = 3, 5, 12
MARKS = tuple(
    zip("os^DvP", (style.BLUE, style.VERMILLION, style.AMBER, style.PURPLE, "#009E73", style.MUTED), strict=True)
)
"""Of the arms, where there are several."""
JUDGED = ("helps", "harms", "undecided")


def sweep_figure(result: Swept, outcome: str, lang: str = "en") -> Figure:
    """Draw a panel for each parameter, the one that matters most first."""
    plan, single, arms = result.plan, find.is_one_at_a_time(result), find.treatment_arms(result)[: len(MARKS)]
    title, *rest = find.clauses(result, outcome, arms[0])
    arm = arms[0] if len(arms) == 1 else ""
    measured = Finding("sweep.measured", outcome=outcome, alone=single, against=plan.baseline, arm=arm)
    rows = {arm: _sizes(result, outcome, arm) for arm in arms}
    # Marks are coloured by what each point shows, where there are one arm, intervals, and a better side.
    judged = bool(plan.baseline) and len(arms) == 1 and not single and plan.replicates > 1
    judged = judged and better(outcome) != "neither"
    entries = _entries(rows, judged, lang)
    from_zero = bool(plan.baseline) or single  # sizes are differences
    units = {row["name"]: declared.unit(row, lang) for row in plan.scenario.parameters()}
    follow = find.range_effects if single else find.rank_effects
    matters = [effect.name for effect in follow(result, outcome, arms[0])]
    parts: list[Plane] = []
    for name in list(dict.fromkeys([*matters, *map(str, result.points)]))[:PANELS]:
        values, unit = result.points[name], units.get(name, "")
        levels = {float(place): level(value, lang) for place, value in enumerate(dict.fromkeys(values))}
        named = find.is_categorical(values)
        scale = Scale((-0.5, len(levels) - 0.5), levels) if named else Scale(most=4)
        series = [line for arm in arms for line in _series(result, name, rows[arm], entries[arm])]
        look: dict[str, Any] = {"series": series, "x": scale, "zero": from_zero}
        look["y"] = Scale(form="+,.10g" if from_zero else ",.10g")
        axis = name if named or not unit else f"{name}\n{unit}"
        parts.append(Plane("" if parts else measured, axis, high=1.3, **look))
    return Page(
        title=title,
        subtitle=Finding("sweep.effect", clauses=rest),
        note=described(result, "sweep.note"),
        parts=parts,
        key=[look for marks in entries.values() for look in marks.values()] if judged or len(arms) > 1 else [],
        across=ACROSS,
        share=("none", "all"),
    ).draw(lang)


def described(result: Swept, id: str, **values: Any) -> Finding:
    """Say what each mark and line of the figures is, and what is not drawn."""
    parameters, arms = result.points.shape[1], len(find.treatment_arms(result))
    named = [find.is_categorical(result.points[name]) for name in result.points]
    return Finding(
        id,
        **values,
        alone=find.is_one_at_a_time(result),
        points=len(result.points),
        replicates=result.plan.replicates,
        against=result.plan.baseline,
        parameters=parameters,
        panels=min(parameters, PANELS),
        arms=arms,
        drawn=min(arms, len(MARKS)),
        ordered=not all(named),
        named=any(named),
    )


def _sizes(result: Swept, outcome: str, arm: str) -> pd.DataFrame:
    """Size and interval at each point, indexed by point, and on which side of zero the interval lies.

    Where one parameter changes, they are those beside the usual point.
    """
    if find.is_one_at_a_time(result):
        rows = find.deviations(result, outcome, arm)
    else:
        table, effect = result.table, ["difference", "difference_low", "difference_high"]
        rows = table[(table["outcome"] == outcome) & (table["arm"] == arm)].set_index("point")
        rows = rows[effect if result.plan.baseline else ["mean", "ci_low", "ci_high"]]
        rows = rows.set_axis(["size", "low", "high"], axis=1)
    sides = np.sign(rows["low"]).where(np.sign(rows["low"]) == np.sign(rows["high"]), 0).fillna(0)
    good = sides * (-1 if better(outcome) == "lower" else 1)
    return rows.assign(shows=np.select([good > 0, good < 0], ["helps", "harms"], "undecided"))


def _entries(rows: dict[str, pd.DataFrame], judged: bool, lang: str) -> dict[str, dict[str, Entry]]:
    """Return how the marks of each arm are drawn, by what they show where they are coloured by that."""
    if not judged:
        return {
            arm: {"": Entry(capital(words.arm(arm, lang)), colour, mark, 3.6, width=0, edge="white")}
            for arm, (mark, colour) in zip(rows, MARKS, strict=False)
        }
    ((arm, sizes),) = rows.items()
    labels = {name: sentence(lang, f"sweep.marks.{name}") for name in JUDGED if name in set(sizes["shows"])}
    return {arm: {name: replace(verdict_entry(name, 4.0, width=0), label=label) for name, label in labels.items()}}


def _series(result: Swept, name: str, rows: pd.DataFrame, entries: dict[str, Entry]) -> list[Series]:
    """Return the marks of an arm over a parameter, and the means of those that are averaged together."""
    rows, values, single = rows.dropna(subset="size"), result.points[name], find.is_one_at_a_time(result)
    if single:
        rows = rows.loc[[point for point in find.oat_points(result.points, name) if point in rows.index]]
    where, names = values.loc[rows.index], find.is_categorical(values)
    levels = list(dict.fromkeys(values))
    place = np.array([levels.index(value) for value in where] if names else where, dtype=float)
    groups = place
    if not names and values.nunique() > 2 * BINS:
        low, high = float(values.min()), float(values.max())
        groups = np.minimum(np.floor(BINS * (place - low) / max(high - low, 1e-300)), BINS - 1)
    size, kept = rows["size"].to_numpy(dtype=float), np.unique(groups)
    series = []
    if single and result.plan.replicates > 1:
        series.append(Series(place, size, Entry(colour=style.MUTED), along=(rows["low"], rows["high"]), order=1))
    for shows, look in entries.items():
        shown = (rows["shows"].to_numpy() == shows) | (shows == "")
        series.append(Series(place[shown], size[shown], look))
    across, up = ([float(column[groups == group].mean()) for group in kept] for column in (place, size))
    # Names have no order, so that nothing joins their means.
    ink = style.INK if len(find.treatment_arms(result)) == 1 else next(iter(entries.values())).colour
    mean = Entry(colour=ink, marker="_" if names else "", size=16.0, width=1.2)
    return [*series, Series(across, up, mean, joined=not names, order=2)]
