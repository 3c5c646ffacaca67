"""What was drawn on an axis of matplotlib's, in the axis's own numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["bars", "marks"]


def marks(axes: Any) -> list[tuple[float, float]]:
    """Return the points that are marked, but for arrows within a fiftieth of the end of an axis."""
    low, high = axes.get_xlim()
    points = [
        (float(x), float(y), line.get_marker() in "<>")
        for line in axes.lines
        if line.get_marker() not in (None, "None", "")
        for x, y in zip(np.atleast_1d(line.get_xdata()), np.atleast_1d(line.get_ydata()), strict=True)
    ]
    return [(x, y) for x, y, arrow in points if not (arrow and min(x - low, high - x) < 0.02 * (high - low))]


def bars(axes: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the straight lines between two points, in the axes' own numbers."""
    lines = [line for line in axes.lines if len(line.get_xdata()) == 2 and line.get_transform() == axes.transData]
    ends = [(np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)) for line in lines]
    groups = [part for part in axes.collections if hasattr(part, "get_segments")]
    return ends + [tuple(np.asarray(segment, float).T) for group in groups for segment in group.get_segments()]
