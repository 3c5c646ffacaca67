"""Joint branches: which neighbouring estates found one together (M9).

Neighbours are an estate's nearest ones of the same street within a radius: a joint branch answers to one
street's party committee, so it does not reach over the street's border.  As many estates as possible are
grouped, with members enough in each group, and then at the least total distance from the home estates.
Streets fall into parts that have no neighbours in common, which are decided one by one; a part of more than
`LARGEST` estates is cut in two across its longer side, and so on.

Each part is an integer programme (`packing`).  Where its limit of nodes, or of groups considered, is reached
before the best choice is proven, the best one found is kept, and where none was found a greedy one: groups in
order of distance for each estate.  Either way, estates left over then join the nearest group that has room.
The result tells how many parts are proven and how far the others are from the best at most.  It depends on
the estates' identities, places and members, never on the order of rows nor on the time that it takes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from sim.core.chance import combine, unit
from sim.policies.coverage.candidates import candidates
from sim.policies.coverage.packing import pack

if TYPE_CHECKING:
    from sim.district import District

__all__ = ["LARGEST", "GroupRules", "Grouping", "Sites", "group", "places"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

LARGEST = 200
"""Estates in a part at most."""
_KEPT = 128
"""Results remembered in a process, so that replicates of a design share them."""


class GroupRules(Protocol):
    """What a group must satisfy, and how long the best is looked for; the section `coverage` is an example.

    Attributes
    ----------
    radius
        Kilometres from a home to its farthest estate, at most.
    group_limit
        Estates in a group, at most.
    nearest
        Neighbours considered for each estate, at most.
    members_needed
        Members that a group must have together.
    node_limit
        Nodes of the search tree for each part, at most.
    """

    @property
    def radius(self) -> float: ...
    @property
    def group_limit(self) -> int: ...
    @property
    def nearest(self) -> int: ...
    @property
    def members_needed(self) -> int: ...
    @property
    def node_limit(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Sites:
    """Estates that may be grouped, shape (estates,) each.

    Attributes
    ----------
    x, y
        Places in kilometres.
    street
        Street of each estate; groups keep within one.
    members
        Formal members in each estate.
    identity
        Identities of the estates, all different.
    """

    x: Floats
    y: Floats
    street: Ints
    members: Ints
    identity: Words

    @classmethod
    def from_district(cls, district: District, members: Ints, rows: Ints) -> Self:
        """Take some rows of a district, with the members of each of its estates."""
        x, y, street = district.x[rows], district.y[rows], district.street[rows]
        return cls(x, y, street, members[rows], district.identity[rows])


@dataclass(frozen=True, slots=True)
class Grouping:
    """Joint groups of estates.

    Attributes
    ----------
    home
        Home of each estate's group, shape (estates,), -1 where it is in none; read-only.
    kilometres
        Total distance from the homes.
    parts, proven, fallbacks
        Parts decided; those in which the best choice is proven; those in which the greedy one was kept.
    missed
        Estates more that a better choice could cover, at most.
    slack
        Kilometres that a better choice could save in the parts where none could cover more, at most.
    """

    home: Ints
    kilometres: float
    parts: int
    proven: int
    fallbacks: int
    missed: int
    slack: float

    @property
    def optimal(self) -> bool:
        """Whether every part is proven."""
        return self.proven == self.parts


_memory: OrderedDict[bytes, Grouping] = OrderedDict()


def group(sites: Sites, rules: GroupRules) -> Grouping:
    """Group estates for joint branches.

    Examples
    --------
    >>> from sim.policies.coverage import CoverageSection
    >>> sites = Sites(np.array([0.0, 0.1, 0.2, 9.0]), np.zeros(4), np.zeros(4, dtype=int), np.array([1, 1, 2, 2]),
    ...               np.arange(4, dtype=np.uint64))
    >>> four = group(sites, CoverageSection(radius=1.0, members_needed=3))
    >>> four.home.tolist(), round(four.kilometres, 3), four.optimal
    ([1, 1, 1, -1], 0.2, True)
    """
    x, identity, needed = sites.x, sites.identity, rules.members_needed
    settings = (rules.radius, rules.group_limit, rules.nearest, needed, rules.node_limit)
    key = blake2b(repr((settings, x.size)).encode(), digest_size=16)
    for column in (x, sites.y, sites.street, sites.members, identity):
        key.update(np.ascontiguousarray(column).tobytes())
    digest = key.digest()
    if digest in _memory:
        _memory.move_to_end(digest)
        return _memory[digest]
    # From here on rows are in order of identity, whatever order they came in.
    order = np.argsort(identity, kind="stable")
    found = _group(
        places(x[order], sites.y[order], identity[order]),
        sites.street[order],
        np.minimum(sites.members[order], needed).astype(np.int64),
        identity[order],
        settings,
    )
    home = np.full(x.size, -1, dtype=np.int64)
    inside = found.home >= 0
    home[order[inside]] = order[found.home[inside]]
    home.setflags(write=False)
    result = Grouping(home, *(getattr(found, name) for name in Grouping.__slots__[1:]))
    _memory[digest] = result
    if len(_memory) > _KEPT:
        _memory.popitem(last=False)
    return result


def places(x: Floats, y: Floats, identity: Words) -> Floats:
    """Return places in kilometres, shape (estates, 2), moved by less than a millimetre.

    The move belongs to the identity, so that no two estates are at the same place or equally far away.
    """
    moves = np.column_stack([unit(combine(identity, axis)) for axis in (1, 2)])
    return np.column_stack([x, y]) + 1e-7 * moves


def _group(place: Floats, street: Ints, members: Ints, identity: Words, settings: tuple) -> Grouping:
    """Group estates whose rows are in order of identity."""
    radius, limit, nearest, needed, node_limit = settings
    home = np.full(members.size, -1, dtype=np.int64)
    parts = proven = fallbacks = missed = 0
    slack = 0.0
    metres_in_all = 0
    word = combine(identity, 3)
    for rows in _parts(place, street, radius, nearest):
        near, metres = _neighbours(place[rows], radius, nearest)
        groups = candidates(near, metres, members[rows], word[rows], limit, needed)
        if len(groups) == 0:
            continue
        packing = pack(groups, rows.size, int(members[rows].sum()) // needed, node_limit)
        local = np.full(rows.size, -1, dtype=np.int64)
        for row in packing.chosen.tolist():
            local[groups.member[row, : groups.size[row]]] = groups.home[row]
        if not packing.proven:
            _join(local, near, limit)
        inside = np.flatnonzero(local >= 0)
        home[rows[inside]] = rows[local[inside]]
        metres_here = int(_length(local, near, metres))
        metres_in_all += metres_here
        parts += 1
        proven += packing.proven
        fallbacks += packing.fallback
        if not packing.proven:
            more = max(packing.most - inside.size, 0)
            missed += more
            slack += 0.0 if more else max(metres_here - packing.least, 0.0) / 1000.0
    return Grouping(home, metres_in_all / 1000.0, parts, proven, fallbacks, missed, slack)


def _parts(place: Floats, street: Ints, radius: float, nearest: int) -> Iterator[Ints]:
    """Rows of estates that can be decided by themselves."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    for one in np.unique(street).tolist():
        todo = [np.flatnonzero(street == one)]
        while todo:
            rows = todo.pop()
            if rows.size < 2:
                continue
            near, _ = _neighbours(place[rows], radius, nearest)
            start, which = np.nonzero(near >= 0)
            links = coo_array((np.ones(start.size), (start, near[start, which])), shape=(rows.size, rows.size))
            count, label = connected_components(links, directed=False)
            for number in range(count):
                part = rows[label == number]
                if part.size > LARGEST:
                    todo += _halves(part, place[part])
                elif part.size > 1:
                    yield part


def _halves(rows: Ints, place: Floats) -> list[Ints]:
    """Cut a part in two across its longer side."""
    axis = int(np.argmax(np.ptp(place, axis=0)))
    order = np.argsort(place[:, axis], kind="stable")
    half = rows.size // 2
    return [np.sort(rows[order[:half]]), np.sort(rows[order[half:]])]


def _neighbours(place: Floats, radius: float, nearest: int) -> tuple[Ints, Ints]:
    """Nearest neighbours of each place and their distances in whole metres; -1 where there are no more."""
    from scipy.spatial import cKDTree

    count = min(nearest, len(place) - 1)
    distance, near = cKDTree(place).query(place, k=count + 1, distance_upper_bound=radius + 1e-6)
    distance, near = distance[:, 1:], near[:, 1:].astype(np.int64)
    near[near == len(place)] = -1
    return near, np.where(near >= 0, np.rint(1000.0 * np.where(near >= 0, distance, 0.0)), 0.0).astype(np.int64)


def _join(home: Ints, near: Ints, limit: int) -> None:
    """Let estates that were left over join the nearest group with room, nearest first in their own list."""
    size = np.bincount(home[home >= 0], minlength=home.size)
    for row in np.flatnonzero(home < 0).tolist():
        for other in near[row].tolist():
            # The home must count this estate among its neighbours too, as every other member's does.
            if other >= 0 and home[other] == other and size[other] < limit and row in near[other]:
                home[row] = other
                size[other] += 1
                break


def _length(home: Ints, near: Ints, metres: Ints) -> int:
    """Total distance from the homes, in metres."""
    rows = np.flatnonzero((home >= 0) & (home != np.arange(home.size)))
    return int((metres[home[rows]] * (near[home[rows]] == rows[:, None])).sum())
