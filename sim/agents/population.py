"""A population: the columns of one kind of agent in one model, and sets of some of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Self, overload

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from sim.agents.agent import Agent, Column, Derived, write
from sim.agents.agent_sets import AgentRows, Handles
from sim.agents.description import PLURALS, agents_page, enumerated, in_words, label_of, title_in
from sim.core.attributes import UnknownAttribute
from sim.core.errors import most_like, nearest
from sim.core.markup import Page
from sim.core.message_catalogue import MODEL

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Population", "Subset"]

gettext = MODEL.gettext


class _OfOnePopulation(Page, AgentRows):
    """What a population and its subsets share: a handle is a row."""

    population: Population

    def _views(self, handles: Handles) -> Iterator[Any]:
        population, kind = self.population, self.population.agent
        return (kind(population, row) for row in handles.tolist())

    def _handle(self, agent: Any) -> int | None:
        return agent.row if isinstance(agent, Agent) and agent.population is self.population else None

    def _subset(self, handles: Handles) -> Subset:
        return Subset(self.population, handles)

    def _values(self, name: str, handles: Handles) -> NDArray:
        return self.population.at(name, handles)

    def _assign(self, name: str, handles: Handles, value: Any) -> None:
        population = self.population
        if name not in population.agent.columns:
            raise UnknownAttribute(lambda: population.unknown(name))
        count = np.shape(value)[0] if np.ndim(value) == 1 else handles.size
        if count != handles.size:
            raise ValueError(f"column {name!r}: {count} values were given for {handles.size} agents")
        write(population.__dict__[name], handles, value, name)

    def _of_type(self, handles: Handles, agent_type: type) -> Handles:
        return handles if issubclass(self.population.agent, agent_type) else handles[:0]

    def _naming(self, label: str) -> Callable[[Any], Any]:
        population = self.population
        declared = population.agent.columns.get(label)
        return str if declared is None else partial(in_words, population.model, declared)

    def _html(self, lang: str) -> Markup:
        title = gettext(lang, "{name}: {count:,} agents", name=type(self.population).__name__, count=len(self))
        return agents_page(title, self.population, self._handles(), lang)

    def _shared(self, other: Any) -> NDArray[np.bool_]:
        if isinstance(other, _OfOnePopulation):
            same = other.population is self.population
            return np.isin(self._handles(), other._handles()) if same else np.zeros(len(self), dtype=bool)
        return super()._shared(other)


class Population(_OfOnePopulation):
    """All agents of one kind in one model, kept in columns.

    A column reads as an attribute: ``model.residents.trust`` is the array itself, to be changed in place.  An
    agent is ``model.residents[17]``, and everything that Mesa's `AgentSet` does, a population does too.

    Parameters
    ----------
    model
        In which the agents live.
    size
        Number of rows.
    present
        Which rows are agents at present, shape (size,); every row where not given.  Whole columns keep all
        rows; length, iteration, `get`, `select` and the like see those present.

    Attributes
    ----------
    agent
        Class of the agents, set by each subclass.
    first_id
        `unique_id` of row 0, given by the model.

    Examples
    --------
    >>> from sim.agents import Agent, Population, column
    >>> class Villager(Agent):
    ...     trust = column(np.float64, 0.5)
    >>> class Villagers(Population):
    ...     agent = Villager
    >>> villagers = Villagers(model=None, size=3)
    >>> villagers.trust[1] = 0.9
    >>> villagers[1].trust, villagers.select(villagers.trust > 0.6).to_list()
    (0.9, [<Villager 1: trust 0.9>])
    """

    agent: ClassVar[type[Agent]]
    computed: ClassVar[dict[str, Derived]] = {}
    size: int
    present: NDArray[np.bool_] | None
    first_id: int

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.computed = {
            name: item
            for base in reversed(cls.__mro__)
            for name, item in vars(base).items()
            if isinstance(item, Derived)
        }
        if "agent" not in vars(cls):
            return
        own = {"model", "size", "present", "first_id"}
        taken = [name for name in cls.agent.columns if name in own or hasattr(cls, name)]
        if taken:
            raise TypeError(f"{cls.__name__} cannot have a column {taken[0]!r}: the name has another meaning")
        known = [*cls.agent.columns, *cls.computed]
        for name in cls.agent.shown:
            if name not in known and not hasattr(cls.agent, name):
                raise TypeError(f"{cls.agent.__name__}.shown names no column {name!r}.{nearest(name, known)}")
        cls.agent.describe_columns(tuple(cls.computed.values()))

    def __init__(self, model: Any, size: int, present: NDArray[np.bool_] | None = None) -> None:
        if not hasattr(type(self), "agent"):
            raise TypeError(
                f"{type(self).__name__} has no class of agents: declare a class of your own with agent = YourAgent, "
                "class Charities(sim.Population): agent = Charity, and make that"
            )
        if present is not None:
            present = np.array(present)
            if present.dtype != bool or present.shape != (size,):
                raise ValueError(f"present must be true or false for each of {size} rows")
        self.__dict__.update(model=model, size=int(size), present=present, first_id=1)
        for name, declared in self.agent.columns.items():
            self.__dict__[name] = declared.new(self.size)

    @property
    def population(self) -> Population:  # type: ignore[override]
        """The population itself.

        Examples
        --------
        >>> import sim
        >>> firms = sim.examples.small().firms
        >>> firms.population is firms, firms.select(at_most=2).population is firms
        (True, True)
        """
        return self

    @property
    def rows(self) -> Handles:
        """The rows that are agents at present.

        Examples
        --------
        >>> import sim
        >>> firms = sim.examples.small().firms
        >>> firms.discard(firms[1])
        >>> firms.rows.tolist()
        [0, 2, 3]
        """
        return np.arange(self.size) if self.present is None else np.flatnonzero(self.present)

    def at(self, name: str, rows: Handles) -> NDArray:
        """Return a column, stored or computed, at some rows, as a copy.

        Examples
        --------
        >>> import sim
        >>> sim.examples.small().firms.at("unique_id", np.array([0, 2])).shape
        (2,)
        """
        if name in self.agent.columns:
            return self.__dict__[name][rows]
        if name in self.computed:
            return np.asarray(self.computed[name].function(self, rows))
        if name == "unique_id":
            return self.first_id + rows
        if not name.startswith("_") and hasattr(self.agent, name):
            return np.array([getattr(agent, name) for agent in self._views(rows)])
        raise UnknownAttribute(lambda: self.unknown(name))

    def unknown(self, name: str) -> str:
        """Say that a name is none of the columns, with the nearest one.

        Examples
        --------
        >>> import sim
        >>> print(sim.examples.small().stations.unknown("nothing").partition(" There")[0])
        Stations have no column 'nothing'.
        """
        known = [*self.agent.columns, *self.computed]
        begins = {column.partition("_")[0]: column for column in reversed(known)}
        begun = most_like(name, begins)  # of several words the first alone, as in trust_firm
        hint = nearest(name, known) or (begun and nearest(begins[begun], known))
        return f"{type(self).__name__} have no column {name!r}.{hint} There are: {', '.join(known) or 'none'}."

    def title_of(self, row: int) -> str:
        """Say what a row is, with the name that the district has for it.

        Parameters
        ----------
        row
            Its number.

        Examples
        --------
        >>> import sim
        >>> sim.examples.small().residents.title_of(17)
        'Resident 17'
        """
        kind = self.agent
        return title_in("en", kind.__name__, row, kind.row_is, label_of(self.model, kind.row_is, row))

    def describe(self) -> pd.DataFrame:
        """Return the columns as a table: unit and meaning, and the lowest, mean and highest value of those present.

        Examples
        --------
        >>> import sim
        >>> sim.examples.small().residents.describe().loc["threshold", ["type", "meaning"]].to_dict()
        {'type': 'float32', 'meaning': 'grievance above which the person is in conflict'}
        """
        import pandas as pd

        rows = []
        for name, item in (self.agent.columns | self.computed).items():
            values = self.at(name, self.rows)
            known = values[np.isfinite(values)] if values.dtype.kind in "biuf" else values[:0]
            span = (known.min(), known.mean(), known.max()) if known.size else (np.nan,) * 3
            rows.append((name, item.kind, item.unit, *map(float, span), item.doc))
        names = ["column", "type", "unit", "low", "mean", "high", "meaning"]
        return pd.DataFrame(rows, columns=names).set_index("column")

    def __dir__(self) -> list[str]:
        machinery = {"agent", "arrays", "at", "clear", "computed", "copy_from", "first_id", "isdisjoint", "pop"}
        machinery |= {"restore", "state", "unknown", "title_of", "population", "describe_columns"}
        return sorted(name for name in super().__dir__() if name[0] != "_" and name not in machinery)

    def __getattr__(self, name: str) -> Any:
        raise UnknownAttribute(lambda: name if name.startswith("_") else self.unknown(name))

    def __setattr__(self, name: str, value: Any) -> None:
        known = self.agent.columns
        if name in self.__dict__ and name not in known and name != "present":
            self.__dict__[name] = value
            return
        if name in known or name == "present":
            if value is self.__dict__.get(name):
                return
            raise AttributeError(
                f"column {name!r} cannot be replaced; change it in place: {name}[:] = ... or {name}[rows] = ..."
            )
        if name in self.computed:
            raise AttributeError(f"column {name!r} is computed and cannot be set")
        if name not in self.__dict__ and name[0] != "_" and not hasattr(type(self), name):
            if name not in self._annotated() and (hint := nearest(name, [*known, *self.computed], 0.8)):
                raise AttributeError(f"{type(self).__name__} have no column {name!r}.{hint}")
            if isinstance(value, np.ndarray | list) and self._taken_in() and name not in self._used():
                raise AttributeError(
                    f"{type(self).__name__} have no column {name!r}, and none can be added to a model that is there. "
                    f"Declare it in an agent class of your own, {name} = sim.column(...), or keep the array elsewhere."
                )
        object.__setattr__(self, name, value)

    def _taken_in(self) -> bool:
        """Whether the model has this population, so that its columns are settled."""
        populations = getattr(self.__dict__.get("model"), "populations", {})
        return populations.get(self.agent) is self

    @classmethod
    def _used(cls) -> set[str]:
        """Names that are annotated, or that the methods of the class use."""
        methods = [item for base in cls.__mro__[:-1] for item in vars(base).values() if hasattr(item, "__code__")]
        return cls._annotated().union(*(method.__code__.co_names for method in methods))

    @classmethod
    def _annotated(cls) -> set[str]:
        return {name for base in cls.__mro__[:-1] for name in base.__annotations__}

    def _handles(self) -> Handles:
        return self.rows

    def _values(self, name: str, handles: Handles) -> NDArray:
        # Everyone in order needs no gathering row by row.
        if self.present is None and handles.size == self.size and name in self.agent.columns:
            return self.__dict__[name].copy()
        return self.at(name, handles)

    def __len__(self) -> int:
        return self.size if self.present is None else int(np.count_nonzero(self.present))

    def __contains__(self, agent: object) -> bool:
        row = self._handle(agent)
        return row is not None and (self.present is None or bool(self.present[row]))

    @overload
    def __getitem__(self, item: int) -> Agent: ...
    @overload
    def __getitem__(self, item: Any) -> Any: ...
    def __getitem__(self, item: Any) -> Any:
        """Return the agent in a row; for a slice, a mask or rows, the set of those present."""
        if not isinstance(item, int | np.integer):
            if isinstance(item, str | float):
                raise TypeError(
                    f"{type(self).__name__} are asked for by row, e.g. [3], [:10] or [a mask], not by {item!r}; "
                    "select by a column as in .select(residents.estate == 3)"
                )
            return Subset(self, np.arange(self.size)[item])
        row = int(item) + self.size if item < 0 else int(item)
        if not 0 <= row < self.size:
            raise IndexError(f"{type(self).__name__} have rows 0 to {self.size - 1}, not {item}")
        if self.present is not None and not self.present[row]:
            raise IndexError(self._absent(row))
        return self.agent(self, row)

    def _absent(self, row: int) -> str:
        """Say in a sentence that a row is no agent, and which are."""
        kind, rows = self.agent.__name__, self.rows.tolist()
        what = f"; rows are {PLURALS[self.agent.row_is]}" if self.agent.row_is else ""
        if not rows:
            return f"there is no {kind} in row {row} at present{what}, and none of them has one"
        return (
            f"there is no {kind} in row {row} at present{what}, and {len(rows)} of {self.size} rows have one: "
            f"{enumerated(rows)}; list(...)[0] is the first"
        )

    def _mask(self, mask: NDArray[np.bool_], handles: Handles) -> Handles:
        # Comparing whole columns gives a mask over all rows; what `get` returns, over those present.
        return handles[mask[handles]] if mask.shape == (self.size,) else super()._mask(mask, handles)

    def _reorder(self, handles: Handles) -> Self:
        raise TypeError("a population keeps its rows in place; use the set that is returned without inplace")

    def _update(self, agents: Any) -> Self:
        return self._reorder(np.zeros(0, dtype=np.int64))

    def _row_of(self, agent: Any) -> int:
        row = self._handle(agent)
        if row is None:
            raise ValueError(f"{agent!r} is not a row of these {type(self).__name__}")
        return row

    def add(self, agent: Any) -> None:
        """Make the row of a view present (again).

        Examples
        --------
        >>> import sim
        >>> firms = sim.examples.small().firms
        >>> second = firms[1]
        >>> firms.discard(second)
        >>> firms.add(second)
        >>> len(firms)
        4
        """
        row = self._row_of(agent)
        if self.present is not None:
            self.present[row] = True

    def discard(self, agent: Any) -> None:
        """Make the row of a view absent; nothing happens where it is not one of ours.

        Examples
        --------
        >>> import sim
        >>> firms = sim.examples.small().firms
        >>> firms.discard(firms[1])
        >>> len(firms), firms.size
        (3, 4)
        """
        row = self._handle(agent)
        if row is None:
            return
        if self.present is None:
            self.__dict__["present"] = np.ones(self.size, dtype=bool)
        self.__dict__["present"][row] = False

    def remove(self, agent: Any) -> None:
        """Make the row of a view absent; KeyError where it is not here.

        Examples
        --------
        >>> import sim
        >>> firms = sim.examples.small().firms
        >>> second = firms[1]
        >>> firms.remove(second)
        >>> second in firms
        False
        """
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def clear(self) -> None:
        """Make all rows absent.

        Examples
        --------
        >>> import sim
        >>> couriers = sim.examples.small().couriers
        >>> couriers.clear()
        >>> len(couriers)
        0
        """
        self.__dict__["present"] = np.zeros(self.size, dtype=bool)

    def arrays(self) -> dict[str, NDArray]:
        """Return the state: every stored column and, where rows can be absent, `present` (no copies).

        Examples
        --------
        >>> import sim
        >>> firms = sim.examples.small().firms
        >>> sorted(firms.arrays()) == sorted(sim.Firm.columns)
        True
        """
        state = {name: self.__dict__[name] for name in self.agent.columns}
        return state if self.present is None else {**state, "present": self.present}

    def copy_from(self, arrays: Mapping[str, NDArray]) -> None:
        """Take over the state of `arrays()` of another population of the same kind and size, in place.

        Raises
        ------
        ValueError
            When a column is missing, unknown, or of another length or type; then nothing is changed.

        Examples
        --------
        >>> import sim
        >>> here, there = sim.examples.small(seed=1).residents, sim.examples.small(seed=1).residents
        >>> here.threshold[:] = 9.0
        >>> there.copy_from(here.arrays())
        >>> there.threshold[17].item()
        9.0
        """
        given = {name: np.asarray(values) for name, values in arrays.items()}
        expected = {name: column.dtype for name, column in self.agent.columns.items()}
        if self.present is not None or "present" in given:
            expected["present"] = np.dtype(bool)
        if self.present is not None and "present" not in given:
            given["present"] = np.ones(self.size, dtype=bool)
        wrong = expected.keys() ^ given.keys()
        for name in expected.keys() & given.keys():
            here, values = self.__dict__[name], given[name]
            same_form = values.shape == (self.size,) and values.dtype == expected[name]
            # A column that its owner has made read-only follows from the district and must agree.
            fixed = isinstance(here, np.ndarray) and not here.flags.writeable
            if not same_form or (fixed and not np.array_equal(here, values)):
                wrong.add(name)
        if wrong:
            raise ValueError(
                f"{type(self).__name__} cannot take over state: {', '.join(sorted(wrong))} missing, unknown, "
                f"not {self.size} values of the column's type, or read-only and different"
            )
        if self.present is None and "present" in given:
            self.__dict__["present"] = np.ones(self.size, dtype=bool)
        for name, values in given.items():
            if self.__dict__[name].flags.writeable:
                self.__dict__[name][:] = values

    def state(self) -> dict[str, Any]:
        """Return the columns, and what else the population keeps that does not follow from the district (no copies)."""
        own = {
            name: value
            for name, value in vars(self).items()
            if name not in ("model", "first_id", "size", "present")
            and name not in self.agent.columns
            and not (isinstance(value, np.ndarray) and not value.flags.writeable)
        }
        return {"columns": self.arrays(), "own": own}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over the `state` of another population of the same kind and size."""
        self.copy_from(state["columns"])
        self.__dict__.update(state["own"])

    def memory(self) -> list[dict[str, Any]]:
        """List the stored columns with type, unit, bytes and meaning.

        Examples
        --------
        >>> import sim
        >>> column = sim.examples.small().residents.memory()[0]
        >>> column["name"], column["dtype"], column["bytes"] // column["rows"]
        ('estate', 'int32', 4)
        """
        presence = Column(np.bool_, True, "", "whether the row is an agent")
        declared = {**self.agent.columns, "present": presence}
        return [
            {
                "name": name,
                "dtype": str(array.dtype),
                "unit": declared[name].unit,
                "rows": self.size,
                "bytes": array.nbytes,
                "doc": declared[name].doc,
            }
            for name, array in self.arrays().items()
        ]

    def to_frame(self) -> pd.DataFrame:
        """Return the agents present as a table, with stored and computed columns, indexed by row.

        Examples
        --------
        >>> import sim
        >>> sim.examples.small().firms.to_frame().index.tolist()
        [0, 1, 2, 3]
        """
        return Subset(self, self.rows).to_frame()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self):,} agents, {len(self.agent.columns)} columns>"


class Subset(_OfOnePopulation):
    """Some agents of a population in some order; those that are no longer present drop out by themselves.

    Examples
    --------
    >>> import sim
    >>> residents = sim.examples.small().residents
    >>> residents.select(lambda resident: resident.estate == 3, at_most=5)
    <5 of Residents>
    """

    def __init__(self, population: Population, rows: Handles) -> None:
        self.population = population
        self._rows = np.asarray(rows, dtype=np.int64)

    @property
    def model(self) -> Any:
        """The model in which the agents live.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.firms[:2].model is model
        True
        """
        return self.population.model

    @property
    def rows(self) -> Handles:
        """The rows of these agents, in order.

        Examples
        --------
        >>> import sim
        >>> sim.examples.small().firms[::-1].rows.tolist()
        [3, 2, 1, 0]
        """
        present = self.population.present
        return self._rows if present is None else self._rows[present[self._rows]]

    def _handles(self) -> Handles:
        return self.rows

    def _reorder(self, handles: Handles) -> Self:
        self._rows = handles
        return self

    def _update(self, agents: Any) -> Self:
        return self._reorder(np.array([self.population._row_of(agent) for agent in agents], dtype=np.int64))

    def add(self, agent: Any) -> None:
        """Add an agent of the same population at the end.

        Examples
        --------
        >>> import sim
        >>> firms = sim.examples.small().firms
        >>> some = firms[:2]
        >>> some.add(firms[3])
        >>> some.rows.tolist()
        [0, 1, 3]
        """
        row = self.population._row_of(agent)
        if agent not in self:
            self._rows = np.append(self._rows, row)

    def discard(self, agent: Any) -> None:
        """Take an agent out of this set; it stays in the model.

        Examples
        --------
        >>> import sim
        >>> firms = sim.examples.small().firms
        >>> some = firms[:2]
        >>> some.discard(firms[0])
        >>> some.rows.tolist(), len(firms)
        ([1], 4)
        """
        row = self._handle(agent)
        if row is not None:
            self._rows = self._rows[self._rows != row]

    def remove(self, agent: Any) -> None:
        """Take an agent out of this set; KeyError where it is not here.

        Examples
        --------
        >>> import sim
        >>> firms = sim.examples.small().firms
        >>> some = firms[:2]
        >>> some.remove(firms[0])
        >>> some.rows.tolist(), len(firms)
        ([1], 4)
        """
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def to_frame(self) -> pd.DataFrame:
        """Return these agents as a table, with stored and computed columns, indexed by row.

        Examples
        --------
        >>> import sim
        >>> sim.examples.small().residents[:3].to_frame()["estate"].tolist()
        [0, 0, 0]
        """
        import pandas as pd

        rows, population = self.rows, self.population
        names = [*population.agent.columns, *population.computed]
        index = pd.Index(rows, name="row")
        return pd.DataFrame({name: population.at(name, rows) for name in names}, index=index)

    def __repr__(self) -> str:
        return f"<{len(self):,} of {type(self.population).__name__}>"
