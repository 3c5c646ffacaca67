"""What was drawn on an axis of matplotlib's, in the axis's own numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["bars", "marks"]


def marks(axes: Any) -> list[tuple[float, float]]:
    """Return the points that are marked, but for arrows within a fiftieth of the end of an axis."""
    low, high = axes.get_xlim()
    points = [
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]), line.get_marker() in "<>")
        for line in axes.lines
        if len(line.get_xdata()) == 1
    ]
    return [(x, y) for x, y, arrow in points if not (arrow and min(x - low, high - x) < 0.02 * (high - low))]


def bars(axes: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the straight lines between two points, in the axes' own numbers."""
    lines = [line for line in axes.lines if len(line.get_xdata()) == 2 and line.get_transform() == axes.transData]
    return [(np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)) for line in lines]
