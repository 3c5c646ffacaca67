"""A table that grows: one array per column, rows appended in order of arrival and never moved.

Incidents and cases are kept in ledgers.  A row's number is its name for the whole run, so that a case can
point to the incident that caused it and to the case that it follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

from sim.core.attributes import Attributes, UnknownName
from sim.core.operands import operand

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Ledger", "all_differ", "distinct", "heads"]


_FEW: Final = 60
"""Rows up to which Python's own set is faster than sorting an array."""
_YES, _NO = operand(True), operand(False)


def distinct(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return rows in order, each once: ``numpy.unique`` without its overhead, which counts where rows are few.

    Examples
    --------
    >>> distinct(np.array([4, 2, 4])).tolist()
    [2, 4]
    """
    if rows.size <= _FEW:
        return np.array(sorted(set(rows.tolist())), dtype=np.int64)
    rows = rows.copy()
    rows.sort()
    return rows[heads(rows)]


def all_differ(numbers: NDArray[np.int64]) -> bool:
    """Whether a few numbers are all different, so that what puts equal ones together can be left out.

    Of many it is not worth finding out, and the answer is no.

    Examples
    --------
    >>> all_differ(np.array([4, 2])), all_differ(np.array([4, 2, 4]))
    (True, False)
    """
    return numbers.size <= _FEW and len(set(numbers.tolist())) == numbers.size


def heads(line: NDArray) -> NDArray[np.bool_]:
    """Mark the first of each run of equal values in a sorted line, shape (n,).

    Examples
    --------
    >>> heads(np.array([2, 2, 5, 7, 7])).tolist()
    [True, False, True, True, False]
    """
    first = np.empty(line.size, dtype=bool)
    first[:1] = True
    np.not_equal(line[1:], line[:-1], out=first[1:])
    return first


class Ledger(Attributes):
    """Columns of equal length that grow by half of what they are.

    Parameters
    ----------
    columns
        Name and type of every column.
    capacity
        Rows to make room for at first.
    indices
        Columns that are used as indices.  They are kept as wide as an index, since a narrower one is converted at each
        use, which takes longer than the use itself where rows are few.

    Attributes
    ----------
    size
        Rows in use.  A column read as an attribute is the whole storage; rows from `size` on are unused, and there
        is always one: a row of -1, which stands for none, reads zeros.

    Examples
    --------
    >>> book = Ledger({"who": np.int32, "hours": np.float32})
    >>> book.append(2, who=[4, 7], hours=1.5).tolist()
    [0, 1]
    >>> book.who[:book.size].tolist()
    [4, 7]
    """

    size: int

    def __init__(self, columns: dict[str, DTypeLike], capacity: int = 1024, indices: Iterable[str] = ()) -> None:
        self.columns = {name: np.dtype(kind) for name, kind in columns.items()}
        self.indices = tuple(indices)
        self.size = 0
        self.capacity = capacity
        self._marks = np.zeros(capacity + 1, dtype=bool)
        for name, kind in self.columns.items():
            self.__dict__[name] = np.zeros(capacity, dtype=np.int64 if name in self.indices else kind)

    def __len__(self) -> int:
        return self.size

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.size:,} rows of {', '.join(self.columns)}>"

    def to_frame(self) -> pd.DataFrame:
        """Return the rows in use as a table.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=3)
        >>> len(model.disputes.book.to_frame()) == len(model.disputes)
        True
        """
        import pandas as pd

        return pd.DataFrame({name: array.copy() for name, array in self.arrays().items()})

    def __getattr__(self, name: str) -> Any:
        raise UnknownName("the ledger", name, None, vars(self).get("columns", ()))

    def append(self, count: int, **values: Any) -> NDArray[np.int64]:
        """Add `count` rows and return their numbers; a column that is not given stays zero."""
        first, last = self.size, self.size + count
        if last >= self.capacity:
            self._grow(last + 1)
        self.size = last
        columns, added = self.__dict__, slice(first, last)
        for name, value in values.items():
            columns[name][added] = value
        return np.arange(first, last)

    def _grow(self, needed: int) -> None:
        self.capacity = max(needed, self.capacity * 3 // 2)
        self._marks = np.zeros(self.capacity + 1, dtype=bool)
        for name in self.columns:
            old = self.__dict__[name]
            new = np.zeros(self.capacity, dtype=old.dtype)
            new[: old.size] = old
            self.__dict__[name] = new

    def among(self, rows: NDArray[np.int64], chosen: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each of `rows` is one of the `chosen`, shape of `rows`; -1 stands for no row and may be in both.

        The same as ``numpy.isin``, without sorting: rows are places in a table, and are marked there.

        Examples
        --------
        >>> book = Ledger({"who": np.int32})
        >>> rows = book.append(4, who=0)
        >>> book.among(np.array([3, -1, 0, 3]), np.array([3, 2])).tolist()
        [True, False, False, True]
        """
        marks = self._marks
        marks[chosen] = _YES
        found = marks[rows]
        marks[chosen] = _NO
        return found

    def arrays(self) -> dict[str, NDArray]:
        """Return the rows in use, column by column, in the type that was declared (views, but copies of indices)."""
        return {name: self.__dict__[name][: self.size].astype(kind, copy=False) for name, kind in self.columns.items()}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray], indices: Iterable[str] = ()) -> Ledger:
        """Make a ledger that holds these columns, all of one length."""
        lengths = {array.size for array in arrays.values()}
        if len(lengths) != 1:
            raise ValueError("the columns of a ledger must have one length")
        size = lengths.pop()
        ledger = cls({name: array.dtype for name, array in arrays.items()}, max(size, 1024), indices)
        ledger.append(size, **arrays)
        return ledger

    def copy(self) -> Ledger:
        """Return an independent copy with the same rows."""
        other = Ledger.__new__(Ledger)
        other.columns, other.size, other.capacity = self.columns, self.size, self.capacity
        other.indices = self.indices
        other._marks = np.zeros(self.capacity + 1, dtype=bool)
        for name in self.columns:
            old = self.__dict__[name]
            new = np.zeros(self.capacity, dtype=old.dtype)
            new[: self.size] = old[: self.size]
            other.__dict__[name] = new
        return other
