"""The table of outcomes: a pandas table that names the nearest column where one is asked for that it does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.core.attributes import UnknownName
from sim.core.errors import unknown

__all__ = ["OutcomeTable", "UnknownColumn"]


class UnknownColumn(KeyError):
    """A column that a table does not have.

    Examples
    --------
    >>> print(UnknownColumn("nothing"))
    nothing
    """

    def __str__(self) -> str:  # a KeyError would show its message in quotes
        return str(self.args[0])


UnknownColumn.__name__ = UnknownColumn.__qualname__ = "KeyError"
UnknownColumn.__module__ = "builtins"


class _AnyTable(type):
    """Every pandas table is one of outcomes: only messages differ, and comparisons in tests look at classes."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, pd.DataFrame)


class OutcomeTable(pd.DataFrame, metaclass=_AnyTable):
    """What was measured, one row per week; all that pandas makes of it are ordinary tables.

    Examples
    --------
    >>> import sim
    >>> model = sim.examples.small()
    >>> model.run(weeks=1)
    >>> model.outcomes.conflict
    Traceback (most recent call last):
    AttributeError: the table of outcomes has no "conflict". Did you mean "conflicts"? It has: week, ...
    >>> type(model.outcomes.head()).__name__
    'DataFrame'
    >>> pd.testing.assert_frame_equal(model.outcomes.head(), model.outcomes)
    """

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    if not TYPE_CHECKING:  # a type checker would take every name for a column

        def __getattr__(self, name: str) -> Any:
            try:
                return super().__getattr__(name)
            except AttributeError:
                if name.startswith("_") or hasattr(type(self), name):
                    raise
            raise UnknownName("the table of outcomes", name, None, map(str, self.columns))

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)
        except KeyError:
            if not isinstance(key, str):
                raise
        raise UnknownColumn(unknown("outcome", key, map(str, self.columns)))

    def __reduce__(self) -> Any:
        # Where it is sent, and in a file, it is an ordinary table.
        return pd.DataFrame, (pd.DataFrame(self),)


# For people, and in messages that name what they gave, it is the table that they know.
OutcomeTable.__name__ = OutcomeTable.__qualname__ = "DataFrame"
