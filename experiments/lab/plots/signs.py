"""The figure of signs: each world of a sweep by the two parameters that matter most, and the policy's effect there."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.lab.plots import style
from experiments.lab.plots.words import noun
from experiments.lab.signs import good_side

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["signs_figure"]


def two_that_matter(points: Sequence[Mapping[str, float]], effects: pd.Series) -> tuple[str, str]:
    """Name the two parameters with which the effect is most strongly rank-correlated."""
    import pandas as pd

    frame = pd.DataFrame(list(points)).assign(effect=effects.to_numpy())
    strength = frame.rank().corr()["effect"].drop("effect").abs().sort_values(ascending=False, kind="stable")
    return str(strength.index[0]), str(strength.index[1])


def signs_figure(policies: Mapping[str, Any], swept: Mapping[str, Any], table: pd.DataFrame) -> Figure:
    """Draw a panel for each policy.

    Parameters
    ----------
    policies
        What was tried.
    swept
        For each policy the points, and the mean effect at each.
    table
        The regions that were confirmed, for the title.
    """
    from matplotlib.figure import Figure

    both = [name for name, policy in policies.items()
            if set(table.loc[table["policy"] == policy.name, "found"]) >= {"helps", "harms"}]
    with style.drawing("en"):
        across = 3
        lines = -(-len(swept) // across)
        figure = Figure(figsize=(8.4, 0.9 + 2.7 * lines), layout="constrained")
        axes = figure.subplots(lines, across, squeeze=False)
        for panel, (name, (points, effects)) in zip(axes.flat, swept.items(), strict=False):
            first, second = two_that_matter(points, effects)
            size = 100 * effects.to_numpy()
            reach = max(np.nanpercentile(np.abs(size), 90), 1e-9)
            good = good_side(policies[name].outcome) * size > 0
            for mask, marker, colour in ((good, "o", style.BLUE), (~good, "X", style.VERMILLION)):
                panel.scatter(
                    [point[first] for point, keep in zip(points, mask, strict=True) if keep],
                    [point[second] for point, keep in zip(points, mask, strict=True) if keep],
                    s=8 + 70 * np.minimum(np.abs(size[mask]) / reach, 1.0), marker=marker, color=colour,
                    edgecolors="white", linewidths=0.4,
                )  # fmt: skip
            judged = noun(policies[name].outcome).name
            panel.set_title(f"{policies[name].name}\n{judged}; full size = {reach:.2g} %", loc="left", size=7.5)
            panel.set_xlabel(first, size=7)
            panel.set_ylabel(second, size=7)
        for panel in list(axes.flat)[len(swept):]:
            panel.set_axis_off()
        title = f"{len(both)} of {len(swept)} policies help in one region of what is not known and harm in another"
        figure.suptitle("\n".join(textwrap.wrap(title, 100)), x=0.01, ha="left", size=10, weight="bold")
        note = "Each mark is a world, with and without the policy: circles help, crosses harm, size is the effect."
        figure.supxlabel(note, size=7, x=0.01, ha="left")
    return figure
