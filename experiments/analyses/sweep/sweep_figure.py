"""The figure of a sweep: an outcome, or what the arms change of it, along each parameter that varied."""

from __future__ import annotations

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
from experiments.figures.legend import Entry, keyed_sheet
from experiments.figures.sheet import WIDTH, wrap
from experiments.reporting import declared, words
from experiments.reporting.clauses import capital
from experiments.reporting.declared import level
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import tick
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from experiments.analyses.sweep.swept import Swept

__all__ = ["described", "sweep_figure"]

ACROSS, BINS, PANELS = 3, 5, 12
MARKS = (
    ("o", style.BLUE),
    ("s", style.VERMILLION),
    ("^", style.AMBER),
    ("D", style.PURPLE),
    ("v", "#009E73"),
    ("P", style.MUTED),
)
"""Of the arms, where there are several."""
JUDGED = ("helps", "harms", "undecided")
HEAD, LEFT, GAP, HEIGHT, LABEL = 0.22, 0.5, 0.22, 1.3, 0.62
"""Inches: heading of all panels, numbers beside the first, between panels, a panel, and what stands below it."""


def sweep_figure(result: Swept, outcome: str, lang: str = "en") -> Figure:
    """Draw a panel for each parameter, the one that matters most first.

    Parameters
    ----------
    result, outcome
        A sweep and one of its outcomes.
    lang
        `en` or `zh`.
    """
    lang, _ = style.language(lang)
    arms = treatment_arms(result)[: len(MARKS)]
    names = _order(result, outcome, arms[0])[:PANELS]
    title, *rest = clauses(result, outcome, arms[0])
    subtitle = Finding("sweep.effect", clauses=rest)
    measured = Finding(
        "sweep.measured",
        outcome=outcome,
        alone=_alone(result),
        against=result.plan.baseline,
        arm=arms[0] if len(arms) == 1 else "",
    )
    lines = -(-len(names) // ACROSS)
    with style.drawing(lang):
        entries = _key(result, outcome, arms, lang)
        texts = (title, subtitle, described(result, "sweep.note"))
        sheet = keyed_sheet(texts, HEAD + lines * (HEIGHT + LABEL), entries, lang)
        sheet.text(0.05, 0.12, measured.text(lang), size=8, weight="bold")
        width = (WIDTH - LEFT + GAP - 0.08) / ACROSS
        limits = _limits(result, outcome, arms)
        for place, name in enumerate(names):
            line, column = divmod(place, ACROSS)
            left, top = LEFT + column * width, HEAD + line * (HEIGHT + LABEL)
            panel = sheet.axes(left, top, width - GAP, HEIGHT)
            panel.set_ylim(*limits)
            panel.tick_params(labelleft=not column)
            if _from_zero(result):
                panel.yaxis.set_major_formatter(lambda value, _place: tick(value, "+,.10g"))
                panel.axhline(0.0, color=style.INK, linewidth=0.8, zorder=0)
            for arm, (mark, colour) in zip(arms, MARKS, strict=False):
                _panel(panel, result, name, outcome, arm, mark, colour, lang)
            middle = left + (width - GAP) / 2
            sheet.text(middle, top + HEIGHT + 0.3, name, size=7.5, align="center")
            unit = (
                "" if is_categorical(result.points[name]) else wrap(_unit(result, name, lang), 7, width - 0.05, lang)[0]
            )
            sheet.text(middle, top + HEIGHT + 0.43, unit, size=7, colour=style.MUTED, align="center")
        return sheet.finished()


def described(result: Swept, id: str, **values: Any) -> Finding:
    """Say what each mark and line of the figures is, and what is not drawn."""
    parameters, arms = result.points.shape[1], len(treatment_arms(result))
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


def _key(result: Swept, outcome: str, arms: list[str], lang: str) -> list[Entry]:
    if _judged(result, outcome, arms):
        return [
            Entry(sentence(lang, f"sweep.marks.{name}"), colour, mark, 4.4 * size, width=0)
            for name, (mark, colour, size) in ((name, style.VERDICT_MARKS[name]) for name in JUDGED)
        ]
    if len(arms) < 2:
        return []
    return [
        Entry(capital(words.arm(arm, lang)), colour, mark, 4.4, width=0)
        for arm, (mark, colour) in zip(arms, MARKS, strict=False)
    ]


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


def _limits(result: Swept, outcome: str, arms: list[str]) -> tuple[float, float]:
    """Return limits that hold all marks, and the intervals where these are drawn."""
    columns = ["size", "low", "high"] if _alone(result) else ["size"]
    values = np.concatenate([_rows(result, outcome, arm)[columns].to_numpy(dtype=float).ravel() for arm in arms])
    values = values[np.isfinite(values)]
    if not values.size:
        return -1.0, 1.0
    low, high = float(values.min()), float(values.max())
    if _from_zero(result):
        low, high = min(low, 0.0), max(high, 0.0)
    room = 0.06 * (high - low) or 0.1 * abs(high) or 1.0
    return low - room, high + room


def _panel(panel: Axes, result: Swept, name: str, outcome: str, arm: str, mark: str, colour: str, lang: str) -> None:
    rows = _rows(result, outcome, arm).dropna(subset="size")
    if _alone(result):
        rows = rows.loc[[point for point in oat_points(result.points, name) if point in rows.index]]
    values = result.points[name]
    where = values.loc[rows.index]
    place, groups = _places(panel, values, where, lang)
    size = rows["size"].to_numpy(dtype=float)
    if _alone(result) and result.plan.replicates > 1:
        panel.vlines(place, rows["low"], rows["high"], color=style.MUTED, linewidth=0.9, zorder=1)
    _marks(panel, result, outcome, rows, place, mark, colour)
    kept = np.unique(groups)
    means = [float(size[groups == group].mean()) for group in kept]
    middle = [float(place[groups == group].mean()) for group in kept]
    # Names have no order, so that nothing joins their means.
    ink = style.INK if len(treatment_arms(result)) == 1 else colour
    if is_categorical(where):
        panel.plot(middle, means, "_", color=ink, markersize=16, markeredgewidth=1.4, zorder=2)
    else:
        panel.plot(middle, means, "-", color=ink, linewidth=1.2, zorder=2)


def _places(
    panel: Axes, values: pd.Series, where: pd.Series, lang: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where points stand along the axis, and which of them are averaged together."""
    if is_categorical(values):
        levels: list[Any] = list(dict.fromkeys(values))
        panel.set_xticks(range(len(levels)), [level(value, lang) for value in levels])
        panel.set_xlim(-0.5, len(levels) - 0.5)
        place = np.array([levels.index(value) for value in where], dtype=float)
        return place, place
    place = where.to_numpy(dtype=float)
    panel.locator_params(axis="x", nbins=4)
    if values.nunique() <= 2 * BINS:
        return place, place
    low, high = float(values.min()), float(values.max())
    return place, np.minimum(np.floor(BINS * (place - low) / max(high - low, 1e-300)), BINS - 1)


def _marks(
    panel: Axes, result: Swept, outcome: str, rows: pd.DataFrame, place: NDArray[np.float64], mark: str, colour: str
) -> None:
    size = rows["size"].to_numpy(dtype=float)
    if not _judged(result, outcome, treatment_arms(result)):
        panel.plot(place, size, mark, color=colour, markersize=3.6, alpha=0.75, markeredgewidth=0, zorder=3)
        return
    good = -1 if better(outcome) == "lower" else 1
    up, down = (rows["low"] > 0).to_numpy(), (rows["high"] < 0).to_numpy()
    helps, harms = (up, down) if good > 0 else (down, up)
    for verdict, mask in (("undecided", ~(up | down)), ("harms", harms), ("helps", helps)):
        shape, tint, scale = style.VERDICT_MARKS[verdict]
        panel.plot(place[mask], size[mask], shape, color=tint, markersize=3.8 * scale, markeredgewidth=0, zorder=3)
