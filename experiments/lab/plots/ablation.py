"""The figure of an ablation: each part's share of a policy's effect, what it does alone, what is lost without it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from experiments.lab.plots import style
from experiments.lab.plots.words import noun, unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.lab.ablation import Ablation

__all__ = ["ablation_figure"]

ROWS = (
    ("shapley", "ci", "share of the effect (Shapley)", "o", style.BLUE, 0.0),
    ("alone", "alone", "alone", "^", style.AMBER, 0.22),
    ("left_out", "left_out", "when left out", "X", style.VERMILLION, 0.44),
)


def ablation_figure(made: Ablation, policy: str) -> Figure:
    """Draw a panel for each outcome with a row for each part, what is left without any, and the whole."""
    from matplotlib.figure import Figure

    outcomes = list(made.swept.plan.outcomes)
    names = [*made.parts, "what is left", "whole"]
    with style.drawing("en"):
        figure = Figure(figsize=(2.9 * len(outcomes) + 1.6, 1.7 + 0.5 * len(names)), layout="constrained")
        panels = figure.subplots(1, len(outcomes), squeeze=False, sharey=True)[0]
        places = np.arange(len(names), dtype=float)
        for panel, outcome in zip(panels, outcomes, strict=True):
            table = made.table[made.table["outcome"] == outcome].set_index("part").loc[names]
            panel.axvline(0.0, color="0.4", linewidth=0.8)
            for column, interval, label, marker, colour, shift in ROWS:
                value = table[column].to_numpy(dtype=float)
                low, high = (table[f"{interval}_{end}"].to_numpy(dtype=float) for end in ("low", "high"))
                kept = np.isfinite(value)
                panel.errorbar(
                    value[kept], places[kept] + shift, xerr=[(value - low)[kept], (high - value)[kept]], fmt=marker,
                    color=colour, markersize=5, linewidth=1.1, label=label,
                )  # fmt: skip
            panel.set_title(noun(outcome).name, size=8.5, loc="left")
            panel.set_xlabel(f"change ({unit(outcome)})", size=7)
            panel.axhline(len(names) - 2.4, color="0.8", linewidth=0.8)
        panels[0].set_yticks(places + 0.2, names)
        panels[0].set_ylim(len(names) - 0.3, -0.4)
        handles, labels = panels[0].get_legend_handles_labels()
        told = [f"{label}, 95 % interval" for label in labels]
        figure.legend(handles, told, loc="outside lower left", ncols=3, fontsize=7.5, frameon=False)
        figure.suptitle("\n".join(textwrap.wrap(_title(made, policy), 34 * len(outcomes))), x=0.01, ha="left", size=10,
                        weight="bold")
    return figure


def _title(made: Ablation, policy: str) -> str:
    outcome = made.swept.plan.outcomes[0]
    table = made.table[made.table["outcome"] == outcome].set_index("part")
    clear = table.loc[list(made.parts)]
    clear = clear[(clear["ci_low"] > 0) | (clear["ci_high"] < 0)]
    what = noun(outcome).name
    if clear.empty:
        return f"No part of {policy} clearly moves {what}"
    ordered = clear["shapley"].sort_values(key=lambda column: -column.abs(), kind="stable")
    told = ", ".join(f"{part} {value:+.2g}" for part, value in ordered.items())
    whole = table.loc["whole", "shapley"]
    return f"What {policy} changes of {what}, {whole:+.2g} in all: {told}".replace("-", "−")
