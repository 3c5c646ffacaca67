"""District, street, community, estate: who lies in whom, in one piece each.

Estates are divided by straight cuts across their longest extent, so that every street and, inside it,
every community is one convex patch.  A table that knows some of the hierarchy keeps it; the rest follows
the nearest estate that knows.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from sim.core.chance import Chance
from sim.core.sentence import Sentence
from sim.district.draft import Draft
from sim.district.ground import GroundSection

__all__ = [
    "apportion",
    "divide",
    "fill_hierarchy",
    "fresh",
    "inherit_streets",
    "layers",
    "nearest_known",
    "numbers",
    "patches",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def numbers(estates: int, ground: GroundSection) -> tuple[int, int]:
    """Return how many communities and streets so many estates have, at least one of each.

    Examples
    --------
    >>> numbers(1034, GroundSection()), numbers(30, GroundSection())
    ((101, 8), (3, 1))
    """
    communities = min(max(1, round(estates * ground.per_estate("communities"))), estates)
    return communities, streets_of(communities, ground)


def streets_of(communities: int, ground: GroundSection) -> int:
    """Return how many streets so many communities have, at least one."""
    return min(max(1, round(communities * (ground.streets / ground.communities))), communities)


def apportion(total: int, weights: Floats) -> Ints:
    """Share out a whole number by weight, at least one to each (largest remainder).

    Parameters
    ----------
    total
        At least as many as there are weights.
    weights
        Positive, shape (k,).

    Examples
    --------
    >>> apportion(10, np.array([1.0, 2.0, 7.0])).tolist()
    [2, 2, 6]
    """
    exact = (total - weights.size) * weights / weights.sum()
    shares = np.floor(exact).astype(np.int64)
    order = np.argsort(shares - exact, kind="stable")
    shares[order[: total - weights.size - int(shares.sum())]] += 1
    return shares + 1


def divide(xy: Floats, sizes: Ints) -> Ints:
    """Cut points into convex patches of given sizes.

    Parameters
    ----------
    xy
        Points, shape (n, 2).
    sizes
        Points in each patch, shape (k,), which sum to n.

    Returns
    -------
    ndarray
        Patch of each point, shape (n,).
    """
    label = np.zeros(len(xy), dtype=np.int64)
    work = [(np.arange(len(xy)), 0, len(sizes))]
    ends = np.concatenate([[0], np.cumsum(sizes)])
    while work:
        rows, first, last = work.pop()
        if last - first == 1:
            label[rows] = first
            continue
        middle = int(np.searchsorted(ends, (ends[first] + ends[last]) / 2))
        middle = min(max(middle, first + 1), last - 1)
        order = np.argsort(_along(xy[rows]), kind="stable")
        cut = ends[middle] - ends[first]
        work.append((rows[order[:cut]], first, middle))
        work.append((rows[order[cut:]], middle, last))
    return label


def _along(xy: Floats) -> Floats:
    """Coordinate along the longest extent of the points."""
    dx, dy = xy[:, 0] - xy[:, 0].mean(), xy[:, 1] - xy[:, 1].mean()
    angle = 0.5 * np.arctan2(2 * (dx @ dy), dx @ dx - dy @ dy)
    return np.cos(angle) * dx + np.sin(angle) * dy


def patches(xy: Floats, count: int, chance: Chance, what: str, ground: GroundSection) -> Ints:
    """Cut points into `count` patches of unequal sizes, each of at least one point."""
    numbers = np.arange(count, dtype=np.uint64)
    weights = np.exp(ground.patch_log_sd * chance.normal(f"district.size of {what}", 0, numbers))
    return divide(xy, apportion(len(xy), weights))


def layers(
    xy: Floats,
    communities: int,
    streets: int,
    chance: Chance,
    ground: GroundSection,
) -> tuple[Ints, Ints]:
    """Divide estates into streets and these into communities.

    Parameters
    ----------
    xy
        Positions, shape (E, 2).
    communities, streets
        How many of each; a street gets communities by its number of estates.
    chance, ground
        Of the district.

    Returns
    -------
    tuple of ndarray
        Community and street of each estate, shape (E,); numbers of communities run through the streets.
    """
    street = patches(xy, streets, chance, "streets", ground)
    sizes = np.bincount(street, minlength=streets)
    shares = _within(communities, sizes)
    community = np.zeros(len(xy), dtype=np.int64)
    first = 0
    for number, share in enumerate(shares.tolist()):
        rows = np.flatnonzero(street == number)
        community[rows] = first + patches(xy[rows], share, chance, f"communities of street {number}", ground)
        first += share
    return community, street


def _within(total: int, sizes: Ints) -> Ints:
    """Share out communities over streets by size, never more than a street has estates."""
    shares = np.minimum(apportion(total, sizes.astype(np.float64)), sizes)
    while shares.sum() < total:
        shares[np.argmax(sizes / shares * (shares < sizes))] += 1
    return shares


def fresh(prefix: str, count: int, width: int, taken: NDArray | None = None) -> NDArray:
    """Make names such as C001 that are not taken yet, shape (count,)."""
    used = set() if taken is None else set(np.unique(taken).tolist())
    names: list[str] = []
    number = 0
    width = max(width, len(str(count + len(used))))
    while len(names) < count:
        number += 1
        name = f"{prefix}{number:0{width}d}"
        if name not in used:
            names.append(name)
    return np.array(names, dtype=str)


def inherit_streets(draft: Draft) -> None:
    """Give an estate the street in which another estate of its community is known to lie."""
    community, street = draft["community"], draft["street"]
    told = (community != "") & (street != "")
    names, at = np.unique(community[told], return_index=True)
    if names.size:
        place = np.minimum(np.searchsorted(names, community), names.size - 1)
        same = names[place] == community
        heirs = int((same & (street == "")).sum())
        draft.fill("street", np.where(same, street[told][at][place], ""))
        if heirs:
            draft.note("street", heirs, Sentence("with that of others in their community"))


def nearest_known(xy: Floats, known: NDArray[np.bool_]) -> Ints:
    """Row of the nearest marked estate, for every estate, shape (E,)."""
    from scipy.spatial import cKDTree

    rows = np.flatnonzero(known)
    return rows[cKDTree(xy[rows]).query(xy)[1]]


def fill_hierarchy(draft: Draft) -> None:
    """Fill community and street, given the positions of all estates."""
    gaps = {name: int(draft.missing(name).sum()) for name in ("community", "street")}
    xy = np.column_stack([draft["x"], draft["y"]])
    if gaps["community"] == gaps["street"] == draft.size:
        communities, streets = numbers(draft.size, draft.ground)
        community, street = layers(xy, communities, streets, draft.chance, draft.ground)
        draft.fill("community", fresh("C", communities, 3)[community])
        draft.fill("street", fresh("S", streets, 1)[street])
        draft.note(
            "community", draft.size, Sentence("by dividing the district into {count} patches", count=communities)
        )
        draft.note("street", draft.size, Sentence("by dividing the district into {count} patches", count=streets))
        return
    if gaps["street"] < draft.size:
        counts = _fill_from_streets(draft, xy)
    else:
        counts = _fill_from_communities(draft, xy)
    for (name, way), count in counts.items():
        if count:
            draft.note(name, count, way)


def _fill_from_streets(draft: Draft, xy: Floats) -> Counter[tuple[str, str]]:
    """Some streets are known: a community takes one whole, and streets without communities are divided."""
    street, community = draft["street"], draft["community"]
    source = street[nearest_known(xy, street != "")]
    for name in np.unique(community[(street == "") & (community != "")]):
        rows = community == name
        source[rows] = source[_central(xy, rows)]
    inherited: str = Sentence("with that of the nearest known estate")
    counts = Counter({("street", inherited): int((street == "").sum())})
    draft.fill("street", source)
    for name in np.unique(draft["street"]):
        rows = np.flatnonzero(draft["street"] == name)
        known = draft["community"][rows] != ""
        if known.all():
            continue
        if known.any():
            filled = draft["community"][rows][nearest_known(xy[rows], known)]
            way = Sentence("with that of the nearest known estate of the street")
        else:
            count = numbers(rows.size, draft.ground)[0]
            part = patches(xy[rows], count, draft.chance, f"communities of {name}", draft.ground)
            filled = fresh("C", count, 3, draft["community"])[part]
            way = Sentence("by dividing streets of which no community is known")
        counts["community", way] += int((~known).sum())
        column = np.zeros(draft.size, dtype=filled.dtype)
        column[rows] = filled
        draft.fill("community", column)
    return counts


def _fill_from_communities(draft: Draft, xy: Floats) -> Counter[tuple[str, str]]:
    """No street is known: estates join the nearest community, and communities are joined to streets."""
    gaps = draft.fill("community", draft["community"][nearest_known(xy, draft["community"] != "")])
    names, member = np.unique(draft["community"], return_inverse=True)
    centre = np.column_stack([np.bincount(member, axis) for axis in xy.T]) / np.bincount(member)[:, None]
    streets = streets_of(names.size, draft.ground)
    part = patches(centre, streets, draft.chance, "streets", draft.ground)
    draft.fill("street", fresh("S", streets, 1)[part][member])
    inherited: str = Sentence("with that of the nearest known estate")
    linked: str
    if streets == 1:
        linked = Sentence("by joining {communities} communities to one street", communities=names.size)
    else:
        linked = Sentence(
            "by joining {communities} communities to {streets} streets", communities=names.size, streets=streets
        )
    return Counter({("community", inherited): int(gaps.sum()), ("street", linked): draft.size})


def _central(xy: Floats, rows: NDArray[np.bool_]) -> int:
    """Row of the marked estate that lies nearest to the middle of the marked ones."""
    inside = np.flatnonzero(rows)
    away = xy[inside] - xy[inside].mean(axis=0)
    return int(inside[np.argmin((away**2).sum(axis=1))])
