"""A sign map over points that fill a space: every pair of parameters as a panel, all points in each of them.

A projection hides what the other parameters do: where marks of all kinds lie side by side, the pair alone decides
little.  That is what the figure is for; it draws no border between regions, since there is none in a projection.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.signmap import signmap_view as mapped
from experiments.analyses.signmap.signmap_view import SIGN_WORDS, Mapped
from experiments.analyses.signmap.thirds import contrasts
from experiments.figures import style
from experiments.figures.legend import draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, text_width
from experiments.reporting.catalogue import gettext

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["limits_of", "projections_figure", "scatter", "spread"]

MOST: Final = 6
"""Parameters that are drawn at most: those whose thirds differ most."""

LEFT, GAP, FOOT = 0.74, 0.13, 0.60


def projections_figure(made: Mapped, other: str, shares: pd.DataFrame) -> Figure:
    """Draw a triangle of panels for one opponent."""
    made = made.alone(other)
    names = _shown(made, other, shares)
    count = max(len(names) - 1, 1)
    size = min((WIDTH - LEFT - 0.06 - GAP * (count - 1)) / count, 3.4)
    keys = mapped.entries(made)
    height = count * (size + GAP) - GAP + 0.24
    text = mapped.note(made) + gettext(made.lang, " Each panel shows all points, whatever their other parameters.")
    left_out = len(made.names) - len(names)
    if left_out:
        text += gettext(
            made.lang,
            " {left_out} parameters whose thirds differ least are not drawn; thirds.csv has them.",
            left_out=left_out)
    body = height + FOOT + key_height(keys, made.lang)
    sheet = Sheet(mapped.title(made), mapped.subtitle(made), text, body, made.lang)
    rows = made.rows(other)
    for line, up in enumerate(names[1:]):
        for place, across in enumerate(names[: line + 1]):
            axes = sheet.axes(LEFT + place * (size + GAP), 0.2 + line * (size + GAP), size, size)
            scatter(axes, made, rows, across, up, size)
            axes.tick_params(labelsize=6.5, labelleft=place == 0, labelbottom=line == count - 1)
            if place == 0:
                axes.set_ylabel(_label(made, up, size), size=7.5 if size > 1.8 else 6.2)
            if line == count - 1:
                axes.set_xlabel(_label(made, across, size), size=7.5 if size > 1.8 else 6.2)
    draw_key(sheet, keys, height + FOOT)
    return sheet.finished()


def _shown(made: Mapped, other: str, shares: pd.DataFrame) -> list[str]:
    """The parameters whose thirds differ most, in the design's order."""
    found = contrasts(shares[shares["against"] == other])
    first = list(dict.fromkeys(found["parameter"]))[:MOST]
    return [name for name in made.names if name in first]


def _label(made: Mapped, name: str, size: float) -> str:
    """Name a parameter, with its unit where there is room for it."""
    text = mapped.parameter(name, made.world, made.lang)
    widest = max(text_width(line, 7.5 if size > 1.8 else 6.2, made.lang) for line in text.split("\n"))
    return text if widest <= size + GAP else name


def _numbers(made: Mapped, name: str, values: Sequence[Any]) -> NDArray[np.float64]:
    levels = made.levels(name)
    if any(isinstance(level, str | bool) for level in levels):
        return np.array([levels.index(value) for value in values], dtype=float)
    return np.asarray(values, dtype=float)


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
    for here in places.values():
        side = int(np.ceil(np.sqrt(len(here))))
        tall = -(-len(here) // side)
        for number, point in enumerate(here):
            steps[point] = number % side - (side - 1) / 2, number // side - (tall - 1) / 2
    return steps


def limits_of(made: Mapped, name: str) -> tuple[float, float]:
    """Return the ends of an axis: those of the points, and a rim."""
    levels = made.levels(name)
    if any(isinstance(level, str | bool) for level in levels):
        return -0.4, len(levels) - 0.6
    rim = 0.06 * (levels[-1] - levels[0] or 1.0)
    return levels[0] - rim, levels[-1] + rim


def scatter(axes: Axes, made: Mapped, rows: pd.DataFrame, across: str, up: str, size: float) -> None:
    """Draw all points over two parameters, in a panel of so many inches; what helps and harms comes last."""
    x, y = (_numbers(made, name, rows[name].tolist()) for name in (across, up))
    steps = spread(x, y)
    inch = [(high - low) / size for low, high in (limits_of(made, name) for name in (across, up))]
    x, y = (one + 0.075 * step * scale for one, step, scale in zip((x, y), steps.T, inch, strict=True))
    scale = 4.6 if size > 2 else 3.6 if size > 1.4 else 2.9
    signs, ended = rows["sign"].to_numpy(), rows["ended"].to_numpy()
    for sign in reversed(SIGN_WORDS):
        for hollow in (True, False):
            here = (signs == sign) & ((ended == "given up") == hollow)
            if here.any():
                look = mapped.mark(sign, "given up" if hollow else "")
                axes.plot(x[here], y[here], marker=look["marker"], markersize=scale * look["size"], linestyle="none",
                          markerfacecolor=look["face"], markeredgecolor=look["edge"], markeredgewidth=0.4)
    for axis, name, limit in ((axes.xaxis, across, axes.set_xlim), (axes.yaxis, up, axes.set_ylim)):
        levels = made.levels(name)
        if any(isinstance(level, str | bool) for level in levels):
            axis.set_ticks(range(len(levels)), [str(level) for level in levels])
        else:
            axis.set_major_locator(_locator(size))
        limit(*limits_of(made, name))
    axes.grid(color=style.PALE, linewidth=0.3)
    axes.set_axisbelow(True)


def _locator(size: float) -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=5 if size > 1.8 else 3)
