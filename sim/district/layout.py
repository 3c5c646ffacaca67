"""Where the estates lie: in clusters, as housing between hills, parks and factories does.

Estates gather in clusters and clusters around towns; how tight the clusters are is set so that the index
of Clark and Evans (mean distance to the nearest estate over that of a random scatter) has the figure of
the listed estates.  Positions that a table leaves open are drawn near those of the same community or street.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.core.chance import Chance
from sim.core.sentence import Sentence
from sim.district.draft import Draft, hashed
from sim.district.ground import GroundSection
from sim.district.hierarchy import divide

__all__ = ["clark_evans", "fill_positions", "scatter", "spacing"]

Floats = NDArray[np.float64]

_FEWEST: Final = 30
"""Below so many estates the index says too little to be aimed at, and a fixed tightness is taken."""


def spacing(xy: Floats) -> Floats:
    """Distance of every point to its nearest neighbour, shape (n,); infinite for a single point."""
    from scipy.spatial import cKDTree

    if len(xy) < 2:
        return np.full(len(xy), np.inf)
    return cKDTree(xy).query(xy, k=2)[0][:, 1]


def clark_evans(xy: Floats) -> float:
    """Index of Clark and Evans over the convex hull of the points: 1 is random, below is clustered.

    Parameters
    ----------
    xy
        Positions, shape (n, 2).

    Returns
    -------
    float
        NaN where the points span no area.
    """
    from scipy.spatial import ConvexHull, QhullError

    if len(xy) < 4:
        return float("nan")
    try:
        area = ConvexHull(xy).volume
    except QhullError:
        return float("nan")
    return float(2 * spacing(xy).mean() * np.sqrt(len(xy) / area))


def scatter(estates: int, chance: Chance, ground: GroundSection) -> Floats:
    """Draw positions in kilometres, shape (estates, 2), rounded to the metre.

    Parameters
    ----------
    estates
        How many.
    chance, ground
        Of the district.
    """
    side = np.sqrt(ground.per_estate("area") * estates)
    towns = max(1, round(estates / ground.town_estates))
    clusters = max(1, round(estates / ground.cluster_estates))
    town = _plane("town", towns, chance.uniform) * side
    cluster = np.arange(clusters, dtype=np.uint64)
    near = town[(chance.uniform("district.town of cluster", 0, cluster) * towns).astype(np.int64)]
    near = near + ground.town_spread * side * _plane("cluster near its town", clusters, chance.normal)
    far = _plane("cluster", clusters, chance.uniform) * side
    alone = chance.uniform("district.cluster lies apart", 0, cluster) < ground.clusters_apart
    centre = np.where(alone[:, None], far, np.abs(near))
    centre = side - np.abs(side - centre)  # what would fall outside is folded back
    share = np.cumsum(-np.log(chance.uniform("district.size of cluster", 0, cluster)))
    chosen = chance.uniform("district.cluster of estate", 0, np.arange(estates, dtype=np.uint64)) * share[-1]
    offset = _plane("estate in its cluster", estates, chance.normal)
    middle = centre[np.searchsorted(share, chosen)]
    return np.round(middle + _tightness(middle, offset, ground) * offset, 3)


def _plane(what: str, count: int, draw: Callable[[str, int, NDArray[np.uint64]], Floats]) -> Floats:
    rows = np.arange(count, dtype=np.uint64)
    return np.column_stack([draw(f"district.{axis} of {what}", 0, rows) for axis in "xy"])


def _tightness(middle: Floats, offset: Floats, ground: GroundSection) -> float:
    """Spread of the clusters, in kilometres, at which the index of Clark and Evans has its figure."""
    if len(middle) < _FEWEST:
        return ground.tightness
    low, high = np.log(1e-3), np.log(3.0)
    for _ in range(14):
        half = (low + high) / 2
        if clark_evans(middle + np.exp(half) * offset) < ground.clark_evans:
            low = half
        else:
            high = half
    return float(np.exp((low + high) / 2))


def fill_positions(draft: Draft) -> None:
    """Fill x and y where they are empty, near the others of the same community or street where known."""
    gaps = draft.missing("x")
    if gaps.all():
        xy = _patchwork(draft)
        how: str = Sentence("by the generator, in clusters")
        if (draft["street"] != "").any() or (draft["community"] != "").any():
            how = Sentence("by the generator, in clusters, each street and community in one patch")
    else:
        xy, how = _beside(draft, gaps)
    draft.fill("x", xy[:, 0])
    draft.fill("y", xy[:, 1])
    if gaps.any():
        draft.note("x, y", int(gaps.sum()), how)


def _patchwork(draft: Draft) -> Floats:
    """No position is known: scatter points and give every known street and community its own patch."""
    points = scatter(draft.size, draft.chance, draft.ground)
    rows, spots = np.arange(draft.size), np.arange(draft.size)
    parts = [(rows, spots)]
    for level in ("street", "community"):
        finer = []
        for rows, spots in parts:
            _, group, sizes = np.unique(draft[level][rows], return_inverse=True, return_counts=True)
            patch = divide(points[spots], sizes)
            finer += [(rows[group == number], spots[patch == number]) for number in range(sizes.size)]
        parts = finer
    xy = np.empty_like(points)
    for rows, spots in parts:
        xy[rows] = points[spots]
    return xy


def _beside(draft: Draft, gaps: NDArray[np.bool_]) -> tuple[Floats, str]:
    """Put estates without a position beside a known one of the same community, street or district."""
    xy = np.column_stack([draft["x"], draft["y"]])
    known = np.flatnonzero(~gaps)
    pick, offset = (
        draft.uniform("estate to lie beside"),
        np.column_stack([draft.normal("x beside"), draft.normal("y beside")]),
    )
    usual = draft.ground.tightness
    reach = _reach(xy[known], usual)
    todo, counts = gaps.copy(), {"community": 0, "street": 0}
    for level in counts:
        for name in np.unique(draft[level][todo]).tolist():
            group = draft[level] == name
            anchors = known[group[known]]
            rows = np.flatnonzero(todo & group)
            if name and anchors.size:
                _settle(xy, rows, anchors, pick, offset, min(reach, _reach(xy[anchors], usual)))
                todo[rows] = False
                counts[level] += rows.size
    lost = np.flatnonzero(todo)
    # A community or street of which no position is known gathers around one estate, not all over the place.
    group = np.where(draft["community"] != "", draft["community"], draft["street"])[lost]
    whose = np.where(group == "", draft["estate"][lost], group)
    pick[lost] = draft.chance.uniform("district.place of a lost group", 0, hashed(whose))
    _settle(xy, lost, known, pick, offset, reach)
    return np.round(xy, 3), Sentence(
        "beside known estates: {community} of the same community, {street} of the same street, {lost} anywhere in the "
        "district",
        community=counts["community"],
        street=counts["street"],
        lost=lost.size,
    )


def _reach(xy: Floats, usual: float) -> float:
    """How far from a known estate a filled one may lie, in kilometres: their median spacing, else `usual`."""
    near = spacing(xy)
    near = near[np.isfinite(near) & (near > 0)]
    return float(np.median(near)) if near.size else usual


def _settle(xy: Floats, rows: NDArray, anchors: NDArray, pick: Floats, offset: Floats, reach: float) -> None:
    beside = anchors[(pick[rows] * anchors.size).astype(np.int64)]
    xy[rows] = xy[beside] + reach * offset[rows]
