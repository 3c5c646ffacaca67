"""One row of a population, seen as a Mesa agent, and the declaration of its columns.

A view holds no state: it knows its population and its row.  Two views of the same row are equal, and a view
made for one model can never read or write another model's numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, overload

import mesa
import numpy as np
from markupsafe import Markup
from numpy.typing import DTypeLike, NDArray

from sim.agents.description import MOST, Declared, agent_page, brief, document, in_words, label_of, title_in
from sim.core.attributes import UnknownAttribute
from sim.core.errors import nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Agent", "Column", "Derived", "Rows", "column", "derived", "write"]


class Rows(Protocol):
    """What an agent asks of the population of which it is a row; columns are among the attributes."""

    size: int
    first_id: int

    @property
    def model(self) -> Any:
        """The model in which the agents live."""

    @property
    def computed(self) -> Mapping[str, Derived]:
        """Columns that are computed when they are read."""

    def unknown(self, name: str) -> str:
        """Say that a name is none of the columns, with the nearest one."""

    def title_of(self, row: int) -> str:
        """What a row is, with its name."""

    def add(self, agent: Any) -> None:
        """Make the row of an agent present."""

    def discard(self, agent: Any) -> None:
        """Make the row of an agent absent."""


class Column:
    """The declaration of a column: its type, default, unit and meaning; on a view, the value of its row."""

    def __init__(self, dtype: DTypeLike, default: Any, unit: str, doc: str) -> None:
        self.dtype = np.dtype(dtype)
        self.default, self.unit, self.doc = default, unit, doc
        self.words: Sequence[str] = ()
        self.of = ""
        self.name = ""
        self.__doc__ = f"{doc} ({unit})" if unit else doc

    @property
    def kind(self) -> str:
        """The type of its values."""
        return str(self.dtype)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: Agent | None, owner: type) -> Any:
        return self if agent is None else agent.population.__dict__[self.name].item(agent.row)

    def __set__(self, agent: Agent, value: Any) -> None:
        write(agent.population.__dict__[self.name], agent.row, value, self.name)

    def new(self, size: int) -> NDArray:
        """Make the storage, shape (size,)."""
        if self.dtype != object and not self.default:
            return np.zeros(size, dtype=self.dtype)
        return np.full(size, self.default, dtype=self.dtype)


def column(
    dtype: DTypeLike, default: Any = 0, *, unit: str = "", doc: str = "", words: Sequence[str] = (), of: str = ""
) -> Any:
    """Declare a column, once, in the body of an agent class.

    Parameters
    ----------
    dtype
        NumPy type of the values.
    default
        Value with which every row begins.
    unit, doc
        In words, for tables.
    words
        What the numbers 0, 1, 2, ... stand for, where they are codes.
    of
        What the numbers are rows of, e.g. `estate`, where names stand in the district.

    Examples
    --------
    >>> class Villager(Agent):
    ...     trust = column(np.float32, 0.5, unit="share", doc="trust in the firm")
    >>> Villager.columns["trust"].default
    0.5
    """
    try:
        declared = Column(dtype, default, unit, doc)
        declared.new(1)
    except (TypeError, ValueError):
        raise TypeError(f"a column of type {dtype!r} with the default {default!r} cannot be made") from None
    declared.words, declared.of = tuple(words), of
    return declared


class Derived:
    """A column that is computed when it is read; on a population, the values of all rows."""

    words: Sequence[str] = ()
    of = ""
    kind = "computed"

    def __init__(self, function: Callable[[Any, NDArray[np.int64]], NDArray], unit: str) -> None:
        self.function, self.unit = function, unit
        self.name, self.__doc__ = function.__name__, function.__doc__

    @property
    def doc(self) -> str:
        """Its meaning."""
        return self.__doc__ or ""

    def __get__(self, population: Rows | None, owner: type) -> Any:
        if population is None:
            return self
        values = np.asarray(self.function(population, np.arange(population.size))).view()
        values.setflags(write=False)  # what is written into it would be lost
        return values


type _Computation = Callable[[Any, NDArray[np.int64]], NDArray]


@overload
def derived(function: _Computation) -> Any: ...
@overload
def derived(*, unit: str = "") -> Callable[[_Computation], Any]: ...
def derived(function: _Computation | None = None, *, unit: str = "") -> Any:
    """Declare a computed column in the body of a `Population`.

    The function takes the population and an array of rows and returns one value for each of them.  On the
    population the name then reads as a whole column, on an agent as its value; it cannot be written.

    Examples
    --------
    >>> import sim
    >>> class Rider(sim.Agent):
    ...     trips = sim.column("int32", unit="trips")
    >>> class Riders(sim.Population):
    ...     agent = Rider
    ...
    ...     @sim.derived(unit="share")
    ...     def tired(self, rows):
    ...         return self.trips[rows] / 100
    >>> riders = Riders(model=None, size=2)
    >>> riders.trips[1] = 30
    >>> float(riders[1].tired)
    0.3
    """
    if function is None:
        return lambda computation: Derived(computation, unit)
    return Derived(function, unit)


def write(array: NDArray, rows: Any, value: Any, name: str) -> None:
    """Write values into rows of a column, refusing what the column's type cannot hold.

    Raises
    ------
    TypeError
        When a number would be cut (1.5 or 300 into small whole numbers) or a text is given for a number.
    """
    if not array.flags.writeable:
        raise ValueError(f"column {name!r} is fixed: it follows from the district and cannot be changed")
    given = np.asarray(value)
    if array.dtype.kind in "biuf":
        if given.dtype.kind not in "biuf":
            raise TypeError(f"column {name!r} holds {array.dtype}, which cannot be {value!r}")
        if array.dtype.kind != "f":
            with np.errstate(invalid="ignore"):
                stored = given.astype(array.dtype)
            if not np.array_equal(stored, given):
                raise TypeError(f"column {name!r} holds {array.dtype}, which cannot keep {value!r} unchanged")
            given = stored
    array[rows] = given if array.dtype != object else value


class Agent(mesa.Agent):
    """A Mesa agent that is a view of one row of a population.

    Parameters
    ----------
    population
        To which the row belongs.
    row
        Number of the row, from 0.

    Attributes
    ----------
    columns
        The declared columns, by name; ``help`` of the class lists them with units and meanings.
    row_is
        What a row is by number, where the district has names for it: `estate`, `firm`, `community` or `street`.
    shown
        Columns, stored or computed, whose values the short form gives; the first ones where empty.

    Examples
    --------
    >>> import sim
    >>> class Club(sim.Agent):
    ...     members = sim.column("float64", unit="persons", doc="riders in the club")
    >>> class Clubs(sim.Population):
    ...     agent = Club
    >>> Clubs(model=None, size=2)[1]
    <Club 1: members 0>
    """

    __slots__ = ("population", "row")
    columns: ClassVar[dict[str, Column]] = {}
    row_is: ClassVar[str] = ""
    shown: ClassVar[tuple[str, ...]] = ()
    _summary: ClassVar[str] = ""
    estate_from: ClassVar[str] = ""
    """Attribute that is the row of the estate where the agent is: `row`, or a column; of none if it has no place."""
    population: Rows
    row: int

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {name: item for name, item in vars(cls).items() if isinstance(item, Column)}
        taken = [name for name in own if hasattr(Agent, name)]
        if taken:
            raise TypeError(f"{cls.__name__} cannot have a column {taken[0]!r}: every agent has that already")
        inherited = {
            name: item for base in reversed(cls.__mro__[1:]) for name, item in getattr(base, "columns", {}).items()
        }
        cls.columns = {**inherited, **own}
        placed = "estate" in cls.columns and cls.columns["estate"].of == "estate"
        cls.estate_from = "row" if cls.row_is == "estate" else "estate" if placed else ""
        cls._summary = vars(cls).get("__doc__") or ""
        cls.describe_columns(())

    @classmethod
    def describe_columns(cls, computed: Sequence[Declared]) -> None:
        """Let `help` of the class list its columns, and those that its population computes."""
        cls.__doc__ = document(cls._summary, [*cls.columns.values(), *computed])

    def __init__(self, population: Rows, row: int | None = None) -> None:
        """Look at a row; a population does so, ``model.residents[17]``."""
        if row is None or not hasattr(population, "agent"):
            raise TypeError(
                f"a {type(self).__name__} is a row of a population, and is not made one by one; "
                "ask the model's population for it, e.g. model.residents[17]"
            )
        object.__setattr__(self, "population", population)
        object.__setattr__(self, "row", row)

    @property
    def model(self) -> Any:
        """The model in which the agent lives.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.residents[17].model is model
        True
        """
        return self.population.model

    @property
    def unique_id(self) -> int:
        """The agent's number, unique in its model.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> first, second = model.residents[0], model.residents[1]
        >>> second.unique_id - first.unique_id
        1
        """
        return self.population.first_id + self.row

    @property
    def pos(self) -> Any:
        """Cell of the district's grid, column and row; none of an agent without a place.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> resident = model.residents[17]
        >>> resident.pos == tuple(model.district.cells[resident.estate].tolist())
        True
        """
        if not self.estate_from:
            return None
        return tuple(self.model.district.cells[getattr(self, self.estate_from)].tolist())

    def remove(self) -> None:
        """Leave the model: the row is no longer present.

        Examples
        --------
        >>> import sim
        >>> committees = sim.examples.small().committees
        >>> first = next(iter(committees))
        >>> first.remove()
        >>> first in committees
        False
        """
        self.model.deregister_agent(self)

    def __getitem__(self, name: str) -> Any:
        if not isinstance(name, str):
            raise TypeError(
                f"a {type(self).__name__} is asked for its columns by name, e.g. [{list(self.columns)[0]!r}]"
            )
        return getattr(self, name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in ("population", "row"):
            raise AttributeError(name)
        found = self.population.computed.get(name)
        if found is not None:
            return np.asarray(found.function(self.population, np.array([self.row]))).item(0)
        raise UnknownAttribute(lambda: self.population.unknown(name))

    def __setattr__(self, name: str, value: Any) -> None:
        if hasattr(getattr(type(self), name, None), "__set__"):
            object.__setattr__(self, name, value)
            return
        if name in self.population.computed:
            raise AttributeError(f"{name!r} of a {type(self).__name__} is computed and cannot be set")
        hint = nearest(name, self.columns)
        raise AttributeError(f"a {type(self).__name__} has no column {name!r} to set.{hint}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Agent):
            return NotImplemented
        return self.row == other.row and self.population is other.population

    def __hash__(self) -> int:
        return hash((id(self.population), self.row))

    def _declared(self) -> dict[str, Declared]:
        return {**type(self).columns, **self.population.computed}

    def _values(self, names: Sequence[str]) -> list[tuple[Declared, Any]]:
        declared = self._declared()
        return [(declared[name], getattr(self, name)) for name in names if name in declared]

    def describe(self) -> pd.DataFrame:
        """Return all columns of the agent as a table: value (a name or word where it is a code), unit and meaning.

        Examples
        --------
        >>> import sim
        >>> sim.examples.small().residents[17].describe().loc["estate", ["value", "meaning"]].to_dict()
        {'value': 'E0001', 'meaning': 'row of the estate'}
        """
        import pandas as pd

        return pd.DataFrame(self._rows()).set_index("column")

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "column": item.name,
                "value": in_words(self.model, item, value),
                "unit": item.unit,
                "meaning": item.doc,
            }
            for item, value in self._values(tuple(self._declared()))
        ]

    def __dir__(self) -> list[str]:
        own = [name for kind in type(self).__mro__ if kind is not mesa.Agent for name in vars(kind) if name[0] != "_"]
        hidden = {"columns", "shown", "row_is", "estate_from", "describe_columns", "add", "discard"}
        return sorted({*(name for name in own if name not in hidden), *self._declared(), "population", "row"})

    def _html(self, lang: str) -> Markup:
        kind, model = type(self), self.model
        title = title_in(lang, kind.__name__, self.row, kind.row_is, label_of(model, kind.row_is, self.row))
        return agent_page(title, model, self._values(tuple(self._declared())), lang)

    def _repr_html_(self) -> str:
        return str(self._html("en"))

    def __repr__(self) -> str:
        names = self.shown or tuple(type(self).columns)[:MOST]
        values = brief(self.model, self._values(names))
        more = ", ..." if not self.shown and len(self._declared()) > MOST else ""
        return f"<{self.population.title_of(self.row)}{': ' if values else ''}{values}{more}>"
