"""Which estates could found a joint branch together: all groups worth considering, and no others.

A group is a home estate and some of its nearest neighbours.  It is worth considering when it has members
enough, and when it cannot be split into two groups that have members enough as well and lie as close: then
the two cover the same estates at no more distance.  What is left out can be left out without loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Candidates", "candidates"]

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Groups of estates, in an order that depends on the estates' identities alone.

    Attributes
    ----------
    member
        Estates of each group, shape (groups, limit); unused places hold the number of estates.
    home
        Estate in the middle, shape (groups,).
    size
        Number of estates.
    cost
        Total distance from the home to the others, in whole metres.
    rank
        How far down the home's list of neighbours the group reaches.
    shares
        For how many groups its members would be enough.
    word
        A number made of the estates' identities, the same for the same set of estates in any order.
    """

    member: Ints
    home: Ints
    size: Ints
    cost: Ints
    rank: Ints
    shares: Ints
    word: Words

    def __len__(self) -> int:
        return self.home.size

    def take(self, rows: NDArray) -> Candidates:
        """Return some of the groups."""
        return Candidates(*(getattr(self, name)[rows] for name in self.__slots__))


def candidates(near: Ints, metres: Ints, members: Ints, word: Words, limit: int, needed: int) -> Candidates:
    """List the groups worth considering.

    Parameters
    ----------
    near
        Neighbours of each estate, nearest first, shape (estates, nearest); -1 where there are no more.
    metres
        Their distances, same shape.
    members
        Formal members in each estate.
    word
        A number for each estate, made of its identity.
    limit
        Estates in a group at most.
    needed
        Members that a group must have.
    """
    found = [_of_size(size, near, metres, members, word, limit, needed) for size in range(2, limit + 1)]
    every = Candidates(*(np.concatenate([getattr(one, name) for one in found]) for name in Candidates.__slots__))
    # One line for each set of estates: the home that lies best.
    order = np.lexsort((every.home, every.cost, every.word))
    first = np.ones(order.size, dtype=bool)
    first[1:] = every.word[order[1:]] != every.word[order[:-1]]
    every = every.take(order[first])
    return every.take(np.flatnonzero(~_splits(every, word)))


def _of_size(size: int, near: Ints, metres: Ints, members: Ints, word: Words, limit: int, needed: int) -> Candidates:
    """All groups of one size with members enough, a line for each home."""
    estates, nearest = near.shape
    places = np.array(list(combinations(range(nearest), size - 1)), dtype=np.int64).reshape(-1, size - 1)
    # Neighbours are sorted, so the last place is the farthest, and missing neighbours come last.
    others = near[:, places]
    total = members[:, None] + members[others].sum(axis=2)
    home, choice = np.nonzero((others[:, :, -1:] >= 0).all(axis=2) & (total >= needed))
    member = np.full((home.size, limit), estates, dtype=np.int64)
    member[:, 0] = home
    member[:, 1:size] = others[home, choice]
    return Candidates(
        member=member,
        home=home,
        size=np.full(home.size, size, dtype=np.int64),
        cost=metres[home[:, None], places[choice]].sum(axis=1),
        rank=places[choice, -1],
        shares=total[home, choice] // needed,
        word=word[member[:, :size]].sum(axis=1, dtype=np.uint64),
    )


def _splits(every: Candidates, word: Words) -> NDArray[np.bool_]:
    """Mark groups that two smaller ones replace at no more distance."""
    splits = np.zeros(len(every), dtype=bool)
    never = np.int64(1) << 60

    def cost_of(words: Words) -> Ints:
        place = np.minimum(np.searchsorted(every.word, words), len(every) - 1)
        return np.where(every.word[place] == words, every.cost[place], never)

    for size in range(4, every.member.shape[1] + 1):
        rows = np.flatnonzero(every.size == size)
        if rows.size == 0:
            continue
        words, whole, cost = word[every.member[rows, :size]], every.word[rows], every.cost[rows]
        # Taking out three estates finds nothing more before there are six.
        for few in (2, 3) if size >= 6 else (2,):
            for part in combinations(range(size), few):
                some = words[:, part].sum(axis=1, dtype=np.uint64)
                splits[rows] |= cost_of(some) + cost_of(whole - some) <= cost
    return splits
