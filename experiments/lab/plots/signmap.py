"""The figure of a sign map: points over two parameters, with a mark for what the policy does there."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.lab.plots import style
from experiments.lab.plots.words import noun

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from experiments.lab.signmap import SignMap

__all__ = ["signmap_figure"]

WORDS = {"helps": "helps", "equivalent": "nothing that matters", "harms": "harms", "undecided": "undecided"}
SHADES = {"helps": "#cfe3f1", "equivalent": "#f0f0f0", "harms": "#f7d9c8", "undecided": "#ffffff"}


def signmap_figure(made: SignMap, boundary: Mapping[str, Any] | None = None) -> Figure:
    """Draw a panel for each opponent.

    Parameters
    ----------
    made
        The map; over the first two parameters that vary.
    boundary
        ``words`` and a function ``at`` of the first parameter (an array) that gives the second: the border that
        the mean field expects.
    """
    from matplotlib.figure import Figure

    across, up = list(made.plan.points.columns)[:2]
    with style.drawing("en"):
        figure = Figure(figsize=(4.4 * len(made.against), 4.6), layout="constrained")
        panels = figure.subplots(1, len(made.against), squeeze=False, sharey=True)[0]
        for panel, other in zip(panels, made.against, strict=True):
            _panel(panel, made, other, across, up)
            if boundary is not None:
                _border(panel, made, boundary["at"], across, up)
            panel.set_title(f'against "{other}"', size=8, loc="left")
            panel.set_xlabel(across, size=8)
        panels[0].set_ylabel(up, size=8)
        handles: dict[str, Any] = {}
        for panel in panels:
            for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
                handles.setdefault(label, handle)
        if boundary is not None and panels[0].lines:
            handles[boundary["words"]] = panels[0].lines[-1]
        labels = list(handles)
        figure.legend([handles[label] for label in labels], labels, loc="outside lower left", ncols=min(len(labels), 5),
                      fontsize=7.5, frameon=False)
        figure.suptitle("\n".join(textwrap.wrap(_title(made), 52 * len(made.against))), x=0.01, ha="left", size=10,
                        weight="bold")
    return figure


def _title(made: SignMap) -> str:
    table = made.table
    parts = []
    for other in made.against:
        signs = table.loc[table["against"] == other, "sign"]
        counts = {sign: int((signs == sign).sum()) for sign in WORDS}
        told = ", ".join(f"{WORDS[sign]} at {count}" for sign, count in counts.items() if count)
        parts.append(f'against "{other}": {told}')
    opening = f'What "{made.policy}" does to {noun(made.outcome).name} at {len(made.plan.points)} points, '
    return opening + "; ".join(parts)


def _panel(panel: Axes, made: SignMap, other: str, across: str, up: str) -> None:
    rows = made.table[made.table["against"] == other]
    columns, lines = (np.unique(made.plan.points[name]) for name in (across, up))
    if columns.size * lines.size == len(made.plan.points) and min(columns.size, lines.size) > 1:
        _shade(panel, rows, columns, lines, across, up)
    for sign in WORDS:
        here = rows[rows["sign"] == sign]
        if len(here):
            marker, colour, size = style.VERDICT_MARKS[sign]
            panel.scatter(here[across], here[up], marker=marker, s=34 * size**2, color=colour, label=WORDS[sign],
                          edgecolors="white", linewidths=0.5, zorder=3)


def _shade(panel: Axes, rows: Any, columns: np.ndarray, lines: np.ndarray, across: str, up: str) -> None:
    """Shade the cells of a grid, so that regions are seen before marks are read."""
    from matplotlib.colors import ListedColormap

    signs = list(WORDS)
    cells = np.full((lines.size, columns.size), signs.index("undecided"), dtype=float)
    places = np.searchsorted(lines, rows[up]), np.searchsorted(columns, rows[across])
    cells[places] = [signs.index(sign) for sign in rows["sign"]]
    colours = ListedColormap([SHADES[sign] for sign in signs])
    panel.pcolormesh(_edges(columns), _edges(lines), cells, cmap=colours, vmin=-0.5, vmax=len(signs) - 0.5, zorder=0)


def _edges(middles: np.ndarray) -> np.ndarray:
    between = (middles[1:] + middles[:-1]) / 2
    return np.concatenate([[2 * middles[0] - between[0]], between, [2 * middles[-1] - between[-1]]])


def _border(panel: Axes, made: SignMap, at: Callable[[np.ndarray], np.ndarray], across: str, up: str) -> None:
    low, high = panel.get_xlim()
    bottom, top = panel.get_ylim()
    where = np.linspace(low, high, 200)
    heights = np.asarray(at(where), dtype=float)
    kept = (heights >= bottom) & (heights <= top)
    if kept.any():
        panel.plot(where[kept], heights[kept], color=style.INK, linewidth=1.4, linestyle=(0, (4, 2)), zorder=4)
    panel.set_xlim(low, high)
    panel.set_ylim(bottom, top)
