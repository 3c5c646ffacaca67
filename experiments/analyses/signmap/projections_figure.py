"""A sign map over points that fill a space: every pair of parameters as a panel, all points in each of them.

A projection hides what the other parameters do: where marks of all kinds lie side by side, the pair alone decides
little.  That is what the figure is for; it draws no border between regions, since there is none in a projection.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.signmap.sequential import SIGNS
from experiments.analyses.signmap.signmap_findings import judged, note, signs
from experiments.analyses.signmap.signmap_key import draw_mark, entries, mark, parameter
from experiments.analyses.signmap.signmap_view import SignMapView
from experiments.analyses.signmap.terciles import contrasts
from experiments.figures import style
from experiments.figures.legend import keyed_sheet
from experiments.figures.sheet import WIDTH, text_width

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["limits_of", "projections_figure", "scatter", "spread"]

MOST: Final = 6
"""Parameters that are drawn at most: those whose terciles differ most."""

LEFT, GAP, FOOT = 0.74, 0.13, 0.60


def projections_figure(view: SignMapView, shares: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a triangle of panels of a map against one opponent."""
    names = _shown(view, shares)
    count = max(len(names) - 1, 1)
    size = min((WIDTH - LEFT - 0.06 - GAP * (count - 1)) / count, 3.4)
    keys = entries(view, lang)
    height = count * (size + GAP) - GAP + 0.24
    about = note(view, "signmap.projections_note", left_out=len(view.names) - len(names))
    sheet = keyed_sheet((signs(view, title=True), judged(view), about), height + FOOT, keys, lang)
    for line, up in enumerate(names[1:]):
        for place, across in enumerate(names[: line + 1]):
            axes = sheet.axes(LEFT + place * (size + GAP), 0.2 + line * (size + GAP), size, size)
            scatter(axes, view, view.table, (across, up), size)
            axes.tick_params(labelsize=6.5, labelleft=place == 0, labelbottom=line == count - 1)
            if place == 0:
                axes.set_ylabel(_label(view, up, size, lang), size=7.5 if size > 1.8 else 6.2)
            if line == count - 1:
                axes.set_xlabel(_label(view, across, size, lang), size=7.5 if size > 1.8 else 6.2)
    return sheet.finished()


def _shown(view: SignMapView, shares: pd.DataFrame) -> list[str]:
    """The parameters whose terciles differ most, in the design's order."""
    ranked = contrasts(shares[shares["against"].isin(view.against)])
    first = list(dict.fromkeys(ranked["parameter"]))[:MOST]
    return [name for name in view.names if name in first]


def _label(view: SignMapView, name: str, size: float, lang: str) -> str:
    """Name a parameter, with its unit where there is room for it."""
    text = parameter(name, view.scenario, lang)
    widest = max(text_width(line, 7.5 if size > 1.8 else 6.2, lang) for line in text.split("\n"))
    return text if widest <= size + GAP else name


def _numbers(view: SignMapView, name: str, values: Sequence[Any]) -> NDArray[np.float64]:
    levels = view.levels(name)
    return np.asarray([levels.index(value) for value in values] if view.is_categorical(name) else values, dtype=float)


def spread(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Set points that lie on one another beside one another: steps of a small square lattice, shape (n, 2).

    Examples
    --------
    >>> spread(np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.0, 0.0])).tolist()
    [[-0.5, 0.0], [0.5, 0.0], [0.0, 0.0]]
    """
    steps = np.zeros((x.size, 2))
    places: dict[tuple[float, float], list[int]] = {}
    for number, place in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
        places.setdefault(place, []).append(number)
    for same in places.values():
        side = int(np.ceil(np.sqrt(len(same))))
        tall = -(-len(same) // side)
        for number, point in enumerate(same):
            steps[point] = number % side - (side - 1) / 2, number // side - (tall - 1) / 2
    return steps


def limits_of(view: SignMapView, name: str) -> tuple[float, float]:
    """Return the ends of an axis: those of the points, and a rim."""
    levels = view.levels(name)
    if view.is_categorical(name):
        return -0.4, len(levels) - 0.6
    rim = 0.06 * (levels[-1] - levels[0] or 1.0)
    return levels[0] - rim, levels[-1] + rim


def scatter(axes: Axes, view: SignMapView, rows: pd.DataFrame, names: tuple[str, str], size: float) -> None:
    """Draw all points over two parameters, in a panel of so many inches; what helps and harms comes last."""
    x, y = (_numbers(view, name, rows[name].tolist()) for name in names)
    steps = spread(x, y)
    inch = [(high - low) / size for low, high in (limits_of(view, name) for name in names)]
    x, y = (values + 0.075 * step * scale for values, step, scale in zip((x, y), steps.T, inch, strict=True))
    scale = 4.6 if size > 2 else 3.6 if size > 1.4 else 2.9
    sign_of, ended = rows["sign"].to_numpy(), rows["ended"].to_numpy()
    for sign in reversed(SIGNS):
        for hollow in (True, False):
            shown = (sign_of == sign) & ((ended == "given up") == hollow)
            if shown.any():
                draw_mark(axes, x[shown], y[shown], mark(sign, "given up" if hollow else ""), scale)
    across, up = names
    for axis, name, limit in ((axes.xaxis, across, axes.set_xlim), (axes.yaxis, up, axes.set_ylim)):
        if view.is_categorical(name):
            levels = view.levels(name)
            axis.set_ticks(range(len(levels)), [str(level) for level in levels])
        else:
            axis.set_major_locator(_locator(size))
        limit(*limits_of(view, name))
    axes.grid(color=style.PALE, linewidth=0.3)
    axes.set_axisbelow(True)


def _locator(size: float) -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=5 if size > 1.8 else 3)
