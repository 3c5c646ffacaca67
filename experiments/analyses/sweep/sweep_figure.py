"""The figure of a sweep: an outcome, or what the arms change of it, along each parameter that varied."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.sweep.sweep_effects import (
    deviations,
    is_categorical,
    oat_points,
    range_effects,
    rank_effects,
    treatment_arms,
)
from experiments.analyses.sweep.sweep_findings import clauses
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
    from numpy.typing import NDArray

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
    arms = treatment_arms(result)[: len(MARKS)]
    title, *rest = clauses(result, outcome, arms[0])
    arm, against = arms[0] if len(arms) == 1 else "", result.plan.baseline
    measured = Finding("sweep.measured", outcome=outcome, alone=_alone(result), against=against, arm=arm)
    entries, form = _entries(result, outcome, arms, lang), "+,.10g" if _from_zero(result) else ",.10g"
    parts: list[Plane] = []
    for name in _order(result, outcome, arms[0])[:PANELS]:
        values, unit = result.points[name], _unit(result, name, lang)
        levels = {float(place): level(value, lang) for place, value in enumerate(dict.fromkeys(values))}
        named = is_categorical(values)
        scale = Scale((-0.5, len(levels) - 0.5), levels) if named else Scale(most=4)
        series = [line for arm, marks in entries.items() for line in _series(result, name, outcome, arm, marks)]
        look: dict[str, Any] = {"series": series, "x": scale, "y": Scale(form=form), "zero": _from_zero(result)}
        axis = name if named or not unit else f"{name}\n{unit}"
        parts.append(Plane("" if parts else measured, axis, high=1.3, **look))
    keyed = len(arms) > 1 or _judged(result, outcome, arms)
    return Page(
        title=title,
        subtitle=Finding("sweep.effect", clauses=rest),
        note=described(result, "sweep.note"),
        parts=parts,
        key=[look for marks in entries.values() for look in marks.values()] if keyed else [],
        across=ACROSS,
        share=("none", "all"),
    ).draw(lang)


def described(result: Swept, id: str, **values: Any) -> Finding:
    """Say what each mark and line of the figures is, and what is not drawn."""
    parameters, arms = result.points.shape[1], len(treatment_arms(result))
    kinds = [result.points[name] for name in result.points.columns]
    return Finding(
        id,
        **values,
        alone=_alone(result),
        points=len(result.points),
        replicates=result.plan.replicates,
        against=result.plan.baseline,
        parameters=parameters,
        panels=min(parameters, PANELS),
        arms=arms,
        drawn=min(arms, len(MARKS)),
        ordered=not all(map(is_categorical, kinds)),
        named=any(map(is_categorical, kinds)),
    )


def _alone(result: Swept) -> bool:
    """Tell whether each parameter was changed alone."""
    return result.plan.kind == "one-at-a-time"


def _order(result: Swept, outcome: str, arm: str) -> list[str]:
    """Name the parameters, the one that matters most first."""
    if _alone(result):
        first = [span.name for span in range_effects(result, outcome, arm)]
    else:
        first = [pull.name for pull in rank_effects(result, outcome, arm)]
    return [*first, *(str(name) for name in result.points.columns if name not in first)]


def _unit(result: Swept, name: str, lang: str) -> str:
    rows = result.plan.scenario.parameters()
    return next((declared.unit(row, lang) for row in rows if row["name"] == name), "")


def _judged(result: Swept, outcome: str, arms: list[str]) -> bool:
    """Tell whether marks can be coloured by what each point shows: one arm, intervals, and a better side."""
    coloured = len(arms) == 1 and not _alone(result)
    return bool(result.plan.baseline) and coloured and result.plan.replicates > 1 and better(outcome) != "neither"


def _rows(result: Swept, outcome: str, arm: str) -> pd.DataFrame:
    """Size and interval at each point, indexed by point; where one parameter changes, beside the usual point."""
    if _alone(result):
        return deviations(result, outcome, arm)
    table = result.table
    rows = table[(table["outcome"] == outcome) & (table["arm"] == arm)].set_index("point")
    effect = ["difference", "difference_low", "difference_high"]
    names = effect if result.plan.baseline else ["mean", "ci_low", "ci_high"]
    return rows[names].set_axis(["size", "low", "high"], axis=1)


def _from_zero(result: Swept) -> bool:
    """Tell whether sizes are differences."""
    return bool(result.plan.baseline) or _alone(result)


def _entries(result: Swept, outcome: str, arms: list[str], lang: str) -> dict[str, dict[str, Entry]]:
    """Return how the marks of each arm are drawn, by what they show where they can be coloured by that."""
    if not _judged(result, outcome, arms):
        return {
            arm: {"": Entry(capital(words.arm(arm, lang)), colour, mark, 3.6, width=0, edge="white")}
            for arm, (mark, colour) in zip(arms, MARKS, strict=False)
        }
    shown = set(_verdicts(_rows(result, outcome, arms[0]), outcome))
    labels = {name: sentence(lang, f"sweep.marks.{name}") for name in JUDGED if name in shown}
    return {arms[0]: {name: replace(verdict_entry(name, 4.0, width=0), label=label) for name, label in labels.items()}}


def _verdicts(rows: pd.DataFrame, outcome: str) -> NDArray[np.str_]:
    """Tell what each point shows: on which side of zero its interval lies."""
    sides = np.sign(rows["low"]).where(np.sign(rows["low"]) == np.sign(rows["high"]), 0).fillna(0)
    good = -1 if better(outcome) == "lower" else 1
    return np.select([good * sides > 0, good * sides < 0], ["helps", "harms"], "undecided")


def _series(result: Swept, name: str, outcome: str, arm: str, entries: dict[str, Entry]) -> list[Series]:
    """Return the marks of an arm over a parameter, and the means of those that are averaged together."""
    rows = _rows(result, outcome, arm).dropna(subset="size")
    if _alone(result):
        rows = rows.loc[[point for point in oat_points(result.points, name) if point in rows.index]]
    values = result.points[name]
    where, names = values.loc[rows.index], is_categorical(values)
    levels = list(dict.fromkeys(values))
    place = np.array([levels.index(value) for value in where] if names else where, dtype=float)
    groups = place
    if not names and values.nunique() > 2 * BINS:
        low, high = float(values.min()), float(values.max())
        groups = np.minimum(np.floor(BINS * (place - low) / max(high - low, 1e-300)), BINS - 1)
    size, kept = rows["size"].to_numpy(dtype=float), np.unique(groups)
    series = []
    if _alone(result) and result.plan.replicates > 1:
        series.append(Series(place, size, Entry(colour=style.MUTED), along=(rows["low"], rows["high"]), order=1))
    verdicts = _verdicts(rows, outcome) if "" not in entries else np.full(len(rows), "")
    series += [Series(place[verdicts == key], size[verdicts == key], look) for key, look in entries.items()]
    across, up = ([float(column[groups == group].mean()) for group in kept] for column in (place, size))
    # Names have no order, so that nothing joins their means.
    ink = style.INK if len(treatment_arms(result)) == 1 else next(iter(entries.values())).colour
    mean = Entry(colour=ink, marker="_" if names else "", size=16.0, width=1.2)
    return [*series, Series(across, up, mean, joined=not names, order=2)]
