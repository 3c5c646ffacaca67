"""Places labels beside points so that none covers another, a point, or an interval.

Each label looks at positions around its point and takes the one that costs least: covering something costs most, then
a line to the point that crosses something, then distance.  Labels choose one after the other, those in the thickest
crowd first, and then once more each, knowing where the others went.  The result depends on the points alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Box", "leader", "overlaps", "place"]

ANGLES = (0, 180, 90, 270, 30, 150, 330, 210, 60, 120, 300, 240)
DISTANCES = (0.07, 0.11, 0.17, 0.25, 0.34, 0.44, 0.58, 0.75, 0.95)
NEAR = 0.12
SWEEPS = 3

Spot = tuple[float, float]
Boxes = NDArray[np.float64]


class Box(NamedTuple):
    """A rectangle in inches."""

    left: float
    bottom: float
    right: float
    top: float

    def grown(self, by: float) -> Box:
        """Return the rectangle with a rim around it."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)


def overlaps(a: Boxes, b: Boxes) -> float:
    """Return the area that two sets of rectangles share, summed over all pairs.

    Examples
    --------
    >>> overlaps(np.array([(0.0, 0.0, 2.0, 1.0)]), np.array([(1.0, 0.0, 3.0, 1.0), (5.0, 0.0, 6.0, 1.0)]))
    1.0
    """
    if not len(a) or not len(b):
        return 0.0
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    return float(np.clip(high - low, 0.0, None).prod(axis=2).sum())


def leader(point: Spot, box: Box) -> tuple[Spot, Spot] | None:
    """Return the line that ties a label to its point, or None where the label stands close enough without."""
    near = (min(max(point[0], box.left), box.right), min(max(point[1], box.bottom), box.top))
    return (point, near) if math.dist(near, point) > NEAR else None


def _rows(boxes: Sequence[Box]) -> Boxes:
    return np.array(boxes, float).reshape(-1, 4)


def _pieces(line: tuple[Spot, Spot] | None, skip: float = 0.0) -> Boxes:
    """Cut a line into small squares, leaving out those within `skip` of its start."""
    if line is None:
        return np.empty((0, 4))
    start, end = np.array(line[0]), np.array(line[1])
    length = math.dist(*line)
    steps = np.arange(skip, length, 0.03)[:, None]
    middles = start + (end - start) * steps / length
    return np.hstack([middles - 0.015, middles + 0.015])


def _candidates(point: Spot, size: tuple[float, float]) -> list[tuple[float, Box]]:
    found = []
    (x, y), (width, height) = point, size
    for distance in DISTANCES:
        for angle in ANGLES:
            east, north = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            middle_x = x + east * (distance + width / 2)
            middle_y = y + north * (distance + height / 2)
            box = Box(middle_x - width / 2, middle_y - height / 2, middle_x + width / 2, middle_y + height / 2)
            found.append((distance, box))
    return found


def place(
    points: Sequence[Spot], sizes: Sequence[tuple[float, float]], obstacles: Sequence[Box], frame: Box
) -> list[Box]:
    """Find a rectangle for each label.

    Parameters
    ----------
    points
        Where the points are, in inches.
    sizes
        Width and height of each label, in inches.
    obstacles
        What labels must not cover besides the points: intervals, lines cut into pieces.
    frame
        The room that labels must stay within.

    Returns
    -------
    list of Box
        In the order of the points.
    """
    marks = _rows([Box(x, y, x, y).grown(0.05) for x, y in points])
    blocked = np.vstack([marks, _rows(obstacles)])
    chosen: dict[int, Box] = {}

    def cost(index: int, distance: float, box: Box) -> float:
        others = [key for key in chosen if key != index]
        names = _rows([chosen[key] for key in others])
        lines = [_pieces(leader(points[key], chosen[key])) for key in others]
        outside = (max(0.0, frame.left - box.left) + max(0.0, box.right - frame.right)
                   + max(0.0, frame.bottom - box.bottom) + max(0.0, box.top - frame.top))
        rim = _rows([box.grown(0.015)])
        own = _pieces(leader(points[index], box), skip=0.07)
        total = 50 * outside + 0.01 * distance + 30 * overlaps(rim, names) + 20 * overlaps(rim, blocked)
        total += sum(10 * overlaps(rim, line) + 3 * overlaps(own, line) for line in lines)
        return total + 10 * overlaps(own, names) + 4 * overlaps(own, marks)

    def crowd(index: int) -> tuple[int, int]:
        x, y = points[index]
        return -sum(abs(x - a) < 0.7 and abs(y - b) < 0.25 for a, b in points), index

    for _sweep in range(SWEEPS):
        for index in sorted(range(len(points)), key=crowd):
            best = min(((cost(index, distance, box), k, box) for k, (distance, box) in
                        enumerate(_candidates(points[index], sizes[index]))), key=lambda found: found[:2])
            chosen[index] = best[2]
    return [chosen[index] for index in range(len(points))]
