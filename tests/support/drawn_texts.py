"""Texts of a drawn figure that cannot be read: cut by the page's edge, or on top of each other."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from experiments.figures import style

__all__ = ["unreadable"]


def unreadable(figure: Any, slack: float = 1.0) -> list[str]:
    """Return what is wrong with a figure's texts, a line each; `slack` points of overlap do not count."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.set_dpi(200)
    renderer = FigureCanvasAgg(figure).get_renderer()
    # As figures are saved: without these settings hinting makes small letters wider than they are.
    with style.drawing("en"):
        figure.draw(renderer)
        return _faults(figure, renderer, slack)


def _faults(figure: Any, renderer: Any, slack: float) -> list[str]:
    from matplotlib.text import Text

    slack *= figure.dpi / 72.0
    width, height = figure.bbox.width, figure.bbox.height
    boxes: list[tuple[str, np.ndarray]] = []
    hidden = {id(label) for axes in figure.axes for label in _hidden(axes)}
    for text in figure.findobj(Text):
        if not text.get_text().strip() or not text.get_visible() or id(text) in hidden:
            continue
        box = text.get_window_extent(renderer)
        boxes.append((text.get_text(), np.array([box.x0, box.y0, box.x1, box.y1])))
    faults = [
        f'"{words}" leaves the page'
        for words, (left, low, right, high) in boxes
        if left < -slack or low < -slack or right > width + slack or high > height + slack
    ]
    for (one, first), (other, second) in combinations(boxes, 2):
        across = min(first[2], second[2]) - max(first[0], second[0])
        along = min(first[3], second[3]) - max(first[1], second[1])
        # A line's box holds room for the letters' tails, which may reach into the next line's.
        if across > slack and along > slack + 0.25 * min(first[3] - first[1], second[3] - second[1]):
            faults.append(f'"{one}" is on "{other}"')
    return faults


def _hidden(axes: Any) -> list[Any]:
    """Return labels that matplotlib holds but does not draw."""
    found = []
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        off = not axes.axison or not axes.get_visible() or not axis.get_visible()
        ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
        drawn = set() if off else {id(tick) for tick in axis._update_ticks()}
        found += [label for tick in ticks if id(tick) not in drawn for label in (tick.label1, tick.label2)]
        if off:
            found += [axis.label, axis.offsetText]
    return found
