"""A district in the making: a table with gaps, the chance that fills them, and the notes of what was filled.

The generated district and a user's table take the same road.  A draft starts with what is known (nothing
but a number of estates, or a full table), and each part of the ground fills its own columns given all that
stands there already.  Draws belong to an estate's name, so a row added to a table moves nobody else's draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.core.chance import Chance
from sim.core.message_catalogue import N_
from sim.core.sentence import Sentence, Several
from sim.district.columns import COLUMNS, ColumnName
from sim.district.ground import GroundSection

__all__ = ["Draft", "hashed", "top"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def hashed(names: ArrayLike) -> NDArray[np.uint64]:
    """Turn names into identities, 64 bits each.

    Parameters
    ----------
    names
        Texts, shape (n,).

    Examples
    --------
    >>> bool(hashed(["E0001"])[0] == hashed(["E0000", "E0001"])[1])
    True
    """
    digests = (blake2b(str(name).encode(), digest_size=8).digest() for name in np.asarray(names).tolist())
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def top(score: Floats, count: int, among: Bools) -> Bools:
    """Mark the `count` highest scores among the rows allowed; fewer where fewer are allowed."""
    rows = np.flatnonzero(among)
    chosen = np.zeros(score.size, dtype=bool)
    chosen[rows[np.argsort(-score[rows], kind="stable")[: max(count, 0)]]] = True
    return chosen


class Draft:
    """Columns with gaps.

    Parameters
    ----------
    columns
        What is known, by column name, each of shape (E,): NaN or an empty text where a cell is empty, and
        `estate` in any order.  Columns that are not given are empty throughout.
    seed
        Seed of everything that is filled.
    ground
        What it is filled with; the section's defaults where not given.

    Attributes
    ----------
    ground
        The same.
    values : dict of str to ndarray
        All columns of `COLUMNS`, rows in order of the estates' names, so that the order of the input never
        matters.
    latent : ndarray
        Normal scores of households, buildings, year and fee, shape (E, 4), once those are filled.
    notes : list of str
        What was filled and how.
    made_up : bool
        Whether the district is generated as a whole, so that its statistics can be held and not only drawn.
    """

    latent: Floats

    def __init__(self, columns: Mapping[str, ArrayLike], seed: int, ground: GroundSection | None = None) -> None:
        self.ground = GroundSection() if ground is None else ground
        names = np.asarray(columns["estate"], dtype=str)
        order = np.argsort(names, kind="stable")
        self.values: dict[str, NDArray] = {}
        for name, column in COLUMNS.items():
            kind = str if column.is_text else np.float64
            given = columns.get(name)
            if given is None:
                self.values[name] = np.full(names.size, column.nothing, dtype=kind)
            else:
                self.values[name] = np.asarray(given, dtype=kind)[order]
        self.size = names.size
        self.identity = hashed(self.values["estate"])
        self.chance = Chance(seed)
        self.notes: list[str] = []
        self.made_up = "households" not in columns

    def __getitem__(self, name: str) -> NDArray:
        return self.values[name]

    def missing(self, name: str) -> Bools:
        """Mark the empty cells of a column, shape (E,)."""
        column = self.values[name]
        return column == "" if COLUMNS[name].is_text else np.isnan(column)

    def fill(self, name: str, value: ArrayLike, how: str = "") -> Bools:
        """Put values into the empty cells of a column and leave the others alone.

        Parameters
        ----------
        name
            The column.
        value
            One value, or one for every row.
        how
            Words for the note, which is taken down where cells were empty; no note when empty.

        Returns
        -------
        ndarray
            The cells that were filled, shape (E,).
        """
        gaps = self.missing(name)
        count = int(gaps.sum())
        if count:
            value = np.broadcast_to(np.asarray(value), gaps.shape)
            column = self.values[name]
            if column.dtype.kind == "U":  # a text longer than all the known ones would be cut off
                column = column.astype(np.promote_types(column.dtype, value.dtype))
            else:
                column = column.copy()
            column[gaps] = value[gaps]
            self.values[name] = column
            if how:
                self.note(name, count, how)
        return gaps

    def note(self, name: str, count: int, how: str) -> None:
        """Take down that cells of a column were filled."""
        names = Several([ColumnName(own) for own in name.split(", ")], N_(", "))
        self.notes.append(
            Sentence("{name}: {count} of {all} estates filled {how}.", name=names, count=count, all=self.size, how=how)
        )

    def uniform(self, decision: str) -> Floats:
        """Draw a uniform in (0, 1) for every estate, which belongs to its name."""
        return self.chance.uniform(f"district.{decision}", 0, self.identity)

    def normal(self, decision: str) -> Floats:
        """Draw a standard normal for every estate, which belongs to its name."""
        return self.chance.normal(f"district.{decision}", 0, self.identity)

    def logistic(self, decision: str) -> Floats:
        """Draw a standard logistic for every estate, which belongs to its name."""
        u = self.uniform(decision)
        return np.log(u) - np.log1p(-u)
