"""Places labels beside points so that none covers another, a point, or an interval.

Each label looks at positions around its point and takes the one that costs least: covering something costs
most, then a line to the point that crosses something, then distance. Labels choose one after the other,
those in the thickest crowd first, and then once more each, knowing where the others went. The result
depends on the points alone.
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


def overlaps(a: Boxes, b: Boxes) -> NDArray[np.float64]:
    """Return, for each rectangle of `a`, the area that it shares with those of `b`, summed.

    Examples
    --------
    >>> boxes = np.array([(1.0, 0.0, 3.0, 1.0), (5.0, 0.0, 6.0, 1.0)])
    >>> overlaps(np.array([(0.0, 0.0, 2.0, 1.0)]), boxes).tolist()
    [1.0]
    """
    wide = np.minimum(a[:, None, 2], b[None, :, 2]) - np.maximum(a[:, None, 0], b[None, :, 0])
    high = np.minimum(a[:, None, 3], b[None, :, 3]) - np.maximum(a[:, None, 1], b[None, :, 1])
    return (np.maximum(wide, 0.0) * np.maximum(high, 0.0)).sum(axis=1)


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


class _Choices:
    """All positions that one label may take, with the part of their cost that no other label changes."""

    def __init__(self, index: int, points: Boxes, size: tuple[float, float], blocked: Boxes, frame: Box) -> None:
        point = (float(points[index, 0]), float(points[index, 1]))
        width, height = size
        distance, angle = (part.ravel() for part in np.meshgrid(DISTANCES, np.radians(ANGLES), indexing="ij"))
        middle_x = point[0] + np.cos(angle) * (distance + width / 2)
        middle_y = point[1] + np.sin(angle) * (distance + height / 2)
        boxes = np.stack([middle_x - width / 2, middle_y - height / 2, middle_x + width / 2, middle_y + height / 2], 1)
        self.boxes = [Box(*map(float, row)) for row in boxes]
        self.rims = boxes + np.array([-0.015, -0.015, 0.015, 0.015])
        self.lines = [_pieces(leader(point, box)) for box in self.boxes]
        own = [_pieces(leader(point, box), skip=0.07) for box in self.boxes]
        self.owner = np.repeat(np.arange(len(own)), [len(pieces) for pieces in own])
        self.own = np.vstack(own)
        marks = np.hstack([points - 0.05, points + 0.05])
        room = np.maximum(0, np.array(frame[:2]) - boxes[:, :2]).sum(1) + np.maximum(
            0, boxes[:, 2:] - np.array(frame[2:])
        ).sum(1)
        self.cost = 50 * room + 0.015 * distance + 20 * overlaps(self.rims, marks)
        self.cost += 7 * overlaps(self.rims, blocked)
        self.cost += 15 * self._on_lines(marks) + 0.1 * self._nearer_another(index, points)

    def _on_lines(self, obstacles: Boxes) -> NDArray[np.float64]:
        return np.bincount(self.owner, overlaps(self.own, obstacles), minlength=len(self.boxes))

    def _nearer_another(self, index: int, points: Boxes) -> NDArray[np.float64]:
        """Return which positions without a line stand closer to another point than to their own."""
        boxes = self.rims[:, None]
        gap = np.maximum(np.maximum(boxes[..., :2] - points[None], points[None] - boxes[..., 2:]), 0)
        far = np.hypot(gap[..., 0], gap[..., 1])
        nearest = np.delete(far, index, axis=1).min(axis=1, initial=math.inf)
        bare = np.array([not len(line) for line in self.lines])
        return bare & (nearest < far[:, index] + 0.05) & (nearest < 0.3)

    def best(self, names: Boxes, lines: Boxes) -> int:
        """Return the cheapest position, given the other labels and their lines."""
        cost = self.cost + 30 * overlaps(self.rims, names) + 10 * overlaps(self.rims, lines)
        return int(np.argmin(np.round(cost + self._on_lines(np.vstack([names, lines])) * 10, 9)))


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
    where = np.array(points, float).reshape(-1, 2)
    blocked = _rows(obstacles)
    choices = [_Choices(index, where, size, blocked, frame) for index, size in enumerate(sizes)]
    near = (np.abs(where[:, None] - where[None]) < (0.7, 0.25)).all(axis=2).sum(axis=1)
    chosen: dict[int, int] = {}
    for _sweep in range(SWEEPS):
        for index in np.argsort(-near, kind="stable").tolist():
            rest = [key for key in chosen if key != index]
            names = _rows([choices[key].boxes[chosen[key]] for key in rest])
            lines = np.vstack([_rows([]), *(choices[key].lines[chosen[key]] for key in rest)])
            chosen[index] = choices[index].best(names, lines)
    return [choices[index].boxes[chosen[index]] for index in range(len(points))]
