"""The figure of a sweep: an outcome, or what the arms change of it, along each parameter that varied."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from experiments.lab.plots import style
from experiments.lab.plots.words import noun, unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from experiments.lab.sweep import Swept

__all__ = ["rank_correlations", "sweep_figure"]

ACROSS, BINS = 3, 5
MARKS = (("o", style.BLUE), ("s", style.VERMILLION), ("^", style.AMBER), ("D", style.PURPLE))


def rank_correlations(points: pd.DataFrame, effect: pd.Series) -> pd.Series:
    """Spearman's rank correlation of an effect with each parameter that has more than one number, strongest first."""
    import pandas as pd
    from scipy.stats import rankdata

    known = effect.dropna()
    found = {}
    for name in points.columns:
        values = points.loc[known.index, name]
        if not _named(values) and values.nunique() > 1 and known.nunique() > 1:
            found[str(name)] = float(np.corrcoef(rankdata(values), rankdata(known))[0, 1])
    return pd.Series(found, dtype=float).sort_values(key=lambda column: -column.abs(), kind="stable")


def sweep_figure(result: Swept, outcome: str) -> Figure:
    """Draw a panel for each parameter; each mark is a point, the line joins means of fifths of the range."""
    from matplotlib.figure import Figure

    plan = result.plan
    arms = [arm for arm in plan.arms if arm != plan.baseline] if plan.baseline else [""]
    effects = {arm: result.effects(outcome, arm) for arm in arms}
    first = next(iter(effects.values()))
    order = rank_correlations(result.points, first)
    names = [*order.index, *(name for name in result.points.columns if name not in order.index)][:12]
    with style.drawing("en"):
        lines = -(-len(names) // ACROSS)
        figure = Figure(figsize=(8.4, 1.1 + 2.3 * lines), layout="constrained")
        panels = figure.subplots(lines, ACROSS, squeeze=False, sharey=True)
        for panel, name in zip(panels.flat, names, strict=False):
            for (arm, effect), (mark, colour) in zip(effects.items(), MARKS, strict=False):
                _panel(panel, result.points[name], effect, mark, colour, arm)
            if plan.baseline:
                panel.axhline(0.0, color="0.4", linewidth=0.8, zorder=0)
            panel.set_xlabel(name, size=7)
        for panel in list(panels.flat)[len(names):]:
            panel.set_axis_off()
        for row in panels:
            row[0].set_ylabel(f"{noun(outcome).name}{': change' if plan.baseline else ''}\n({unit(outcome)})", size=7)
        if len(arms) > 1:
            panels.flat[0].legend(fontsize=6.5, frameon=False)
        figure.suptitle("\n".join(textwrap.wrap(_title(result, outcome, order), 96)), x=0.01, ha="left", size=10,
                        weight="bold")
        against = f' against "{plan.baseline}"' if plan.baseline else ""
        note = (f"Each mark is one of {len(result.points)} points{against}, mean of {plan.replicates} replicate"
                f"{'s' if plan.replicates > 1 else ''}; lines join means of fifths of each range, bars are means.")
        figure.supxlabel(note, size=7, x=0.01, ha="left")
    return figure


def _named(values: pd.Series) -> bool:
    """Tell whether levels are names or switches, which have no order."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    return is_bool_dtype(values) or not is_numeric_dtype(values)


def _title(result: Swept, outcome: str, order: pd.Series) -> str:
    what = noun(outcome).name
    subject = f"What the arms change of {what}" if result.plan.baseline else what[:1].upper() + what[1:]
    if order.empty:
        return f"{subject} at {len(result.points)} points"
    if not _clear(float(order.iloc[0]), len(result.points), len(order)):
        return f"No single parameter clearly moves {subject[0].lower() + subject[1:]} at {len(result.points)} points"
    way = "rises" if order.iloc[0] > 0 else "falls"
    return f"{subject} {way} most clearly with {order.index[0]} (rank correlation {order.iloc[0]:+.2f})"


def _clear(correlation: float, points: int, parameters: int) -> bool:
    """Tell whether the strongest of some rank correlations is more than chance makes of that many (Bonferroni)."""
    from scipy.special import stdtr

    if points < 4 or abs(correlation) >= 1.0:
        return points >= 4
    t = abs(correlation) * np.sqrt((points - 2) / (1.0 - correlation**2))
    return bool(2.0 * stdtr(points - 2, -t) * parameters < 0.05)


def _panel(panel: Axes, values: pd.Series, effect: pd.Series, mark: str, colour: str, label: str) -> None:
    where = values.loc[effect.index]
    if _named(where):
        levels = list(dict.fromkeys(values))
        place = np.array([levels.index(value) for value in where], dtype=float)
        panel.set_xticks(range(len(levels)), [str(level) for level in levels], size=6.5)
        groups = place
    else:
        place = where.to_numpy(dtype=float)
        low, high = float(values.min()), float(values.max())
        groups = np.minimum(np.floor(BINS * (place - low) / max(high - low, 1e-300)), BINS - 1)
    size = effect.to_numpy()
    panel.scatter(place, size, s=9, marker=mark, color=colour, alpha=0.55, linewidths=0.0, label=label)
    kept = [group for group in np.unique(groups) if np.isfinite(size[groups == group]).any()]
    middle = [float(place[groups == group].mean()) for group in kept]
    means = [float(np.nanmean(size[groups == group])) for group in kept]
    # Names have no order, so that nothing joins their means.
    panel.plot(middle, means, "_" if _named(where) else "-", color=colour, linewidth=1.6, markersize=14)
