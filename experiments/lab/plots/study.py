"""The figure of a study: every arm's effect on each outcome, with its interval and verdict."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.lab.plots import style, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["study_figure"]

_ROW, _GAP, _PANEL, _LEFT, _ACROSS = 0.26, 0.7, 2.1, 1.9, 3
"""Inches: a row, what lies between two lines of panels, a panel, the arms' names; and panels in a line."""


def study_figure(table: pd.DataFrame, baseline: str, outcomes: Sequence[str], title: str, note: str) -> Figure:
    """Draw a panel for each outcome with a row for each arm.

    Parameters
    ----------
    table
        Of a comparison.
    baseline
        What the arms are compared with.
    outcomes
        One panel each, three in a row.
    title
        The finding.
    note
        Below the panels: size of the comparison.
    """
    from matplotlib.figure import Figure

    rows = table[(table["against"] == baseline) & (table["strategy"] != baseline)]
    arms = list(dict.fromkeys(rows["strategy"]))
    shown = [name for name in outcomes if name in set(rows["outcome"])]
    lines = -(-len(shown) // _ACROSS)
    with style.drawing("en"):
        heading = textwrap.wrap(title, 112)
        top = 0.17 * len(heading) + 0.25
        height = top + lines * (_ROW * len(arms) + _GAP) + 0.45
        width = _LEFT + _ACROSS * _PANEL + 0.3
        figure = Figure(figsize=(width, height))
        figure.text(0.08 / width, 1 - 0.12 / height, "\n".join(heading), size=9.5, weight="bold", va="top")
        for place, outcome in enumerate(shown):
            line, column = divmod(place, _ACROSS)
            bottom = height - top - (line + 1) * (_ROW * len(arms) + _GAP) + 0.42
            left = (_LEFT + column * _PANEL) / width
            axes = figure.add_axes((left, bottom / height, (_PANEL - 0.25) / width, _ROW * len(arms) / height))
            _panel(axes, rows[rows["outcome"] == outcome], arms, outcome, names=column == 0)
        figure.text(0.08 / width, 0.1 / height, note, size=7, color=style.MUTED, va="bottom")
        _key(figure, width, height)
    return figure


def _panel(axes: Axes, rows: Any, arms: Sequence[str], outcome: str, names: bool) -> None:
    found = {row["strategy"]: row for row in rows.to_dict("records")}
    base = abs(next(iter(found.values()))["baseline_mean"]) if found else 0.0
    per_cent = bool(np.isfinite(base) and base > 0)
    scale = 100.0 / base if per_cent else 1.0
    axes.axvline(0, color=style.MUTED, linewidth=0.7)
    for place, arm in enumerate(arms):
        row = found.get(arm)
        if row is None or not np.isfinite(row["difference"]):
            continue
        marker, colour, size = style.VERDICT_MARKS.get(row["verdict"], style.VERDICT_MARKS["undecided"])
        low, high = (scale * row[end] for end in ("ci_low", "ci_high"))
        axes.plot([low, high], [place, place], color=colour, linewidth=1.2)
        axes.plot(scale * row["difference"], place, marker, color=colour, markersize=4.5 * size, markeredgewidth=0.4,
                  markeredgecolor="white")
    axes.set_ylim(len(arms) - 0.5, -0.5)
    axes.set_yticks(range(len(arms)), [textwrap.fill(arm, 28, break_on_hyphens=False) for arm in arms] if names else [])
    axes.tick_params(axis="y", length=0)
    axes.locator_params(axis="x", nbins=4)
    unit = "change, %" if per_cent else f"change, {words.unit(outcome)}"
    axes.set_xlabel(textwrap.fill(unit, 34), labelpad=1.5, size=7)
    axes.set_title(words.noun(outcome).name, loc="left", size=8, pad=3)


def _key(figure: Figure, width: float, height: float) -> None:
    """Name the marks below the panels."""
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], color=colour, marker=marker, linestyle="", markersize=4.5 * size, label=words.verdict(name))
        for name, (marker, colour, size) in style.VERDICT_MARKS.items()
    ]
    figure.legend(handles=marks, loc="lower right", ncols=len(marks), fontsize=7, handletextpad=0.2, columnspacing=1.0,
                  bbox_to_anchor=(1.0 - 0.05 / width, 0.02 / height))
