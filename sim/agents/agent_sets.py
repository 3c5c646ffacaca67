"""What every set of agents can do, in Mesa's words and at the speed of arrays.

Mesa's own sets hold the agents; these hold an array of *handles* (rows, or numbers unique in the model), and
make views only where a function of the user's wants to see them.
"""

from __future__ import annotations

import operator
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any, Literal, Self

import numpy as np
from markupsafe import Markup
from mesa.agentset import AbstractAgentSet, GroupBy
from numpy.typing import NDArray

from sim.agents.description import enumerated
from sim.core.markup import Page, paragraph, table, titled
from sim.core.message_catalogue import MODEL, N_

__all__ = ["AgentRows", "Groups", "Handles"]

Handles = NDArray[np.int64]

# Python's own functions run through an array number by number; these are the same thing on whole arrays.
_ON_ARRAYS: dict[Any, Callable] = {sum: np.sum, min: np.min, max: np.max, any: np.any, all: np.all}


gettext = MODEL.gettext

MANY = 20
"""Groups that a notebook shows."""


class Groups(Page, GroupBy):
    """Mesa's `GroupBy`, which aggregates whole columns where its groups are sets of ours.

    Parameters
    ----------
    groups
        By name.
    label
        What the agents were grouped by, where that has a name.
    named
        Gives the word for the name of a group, e.g. for the row of an estate.

    Examples
    --------
    >>> import sim
    >>> stations = sim.examples.small().stations
    >>> stations.groupby(lambda station: station.row > 2)
    <2 groups: False (3), True (2)>
    """

    def __init__(self, groups: dict[Any, Any], label: str = "", named: Callable[[Any], Any] = str) -> None:
        super().__init__(groups)
        self._label, self._named = label, named

    def _html(self, lang: str) -> Markup:
        rows = [(self._named(name), len(group)) for name, group in list(self.groups.items())[:MANY]]
        title = gettext(lang, "{count:,} groups", count=len(self.groups))
        parts = [table([self._label or gettext(lang, N_("group")), gettext(lang, N_("agents"))], rows, lang)]
        if len(self.groups) > MANY:
            parts.append(paragraph(gettext(lang, "The first {count:,} are shown.", count=MANY), quiet=True))
        return titled(title, *parts)

    def __repr__(self) -> str:
        shown = [f"{self._named(name)} ({len(group):,})" for name, group in self.groups.items()]
        by = f" by {self._label}" if self._label else ""
        return f"<{len(self.groups):,} groups{by}{': ' if shown else ''}{enumerated(shown)}>"

    def agg(self, attr_name: str, func: Callable) -> dict[Any, Any]:
        """Aggregate an attribute over each group.

        Examples
        --------
        >>> import sim
        >>> sim.examples.small().stations.groupby("row").agg("row", len)
        {0: 1, 1: 1, 2: 1, 3: 1, 4: 1}
        """
        if all(isinstance(group, AgentRows) for group in self.groups.values()):
            return {name: group.agg(attr_name, func) for name, group in self.groups.items()}
        return super().agg(attr_name, func)


class AgentRows(AbstractAgentSet):
    """An ordered set of agents that are rows of columns."""

    model: Any

    @abstractmethod
    def _handles(self) -> Handles:
        """Return the handles of all agents, in order."""

    @abstractmethod
    def _views(self, handles: Handles) -> Iterator[Any]:
        """Yield the agents behind handles."""

    @abstractmethod
    def _handle(self, agent: Any) -> int | None:
        """Return the handle of an agent, None where it cannot belong here."""

    @abstractmethod
    def _subset(self, handles: Handles) -> AgentRows:
        """Return a new set with these handles in this order."""

    @abstractmethod
    def _values(self, name: str, handles: Handles) -> NDArray:
        """Return an attribute of these agents; AttributeError where it does not exist."""

    @abstractmethod
    def _assign(self, name: str, handles: Handles, value: Any) -> None:
        """Set an attribute of these agents."""

    @abstractmethod
    def _of_type(self, handles: Handles, agent_type: type) -> Handles:
        """Keep the handles of agents of a type."""

    @abstractmethod
    def _reorder(self, handles: Handles) -> Self:
        """Take these handles instead, in place, where the set can do that."""

    @property
    def random(self) -> Random:
        """The model's generator of the standard library.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.firms.random is model.random
        True
        """
        return self.model.random

    @property
    def rng(self) -> np.random.Generator:
        """The model's NumPy generator.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.firms.rng is model.rng
        True
        """
        return self.model.rng

    def __len__(self) -> int:
        return self._handles().size

    def __iter__(self) -> Iterator[Any]:
        return self._views(self._handles())

    def __reversed__(self) -> Iterator[Any]:
        return self._views(self._handles()[::-1])

    def __contains__(self, agent: object) -> bool:
        handle = self._handle(agent)
        return handle is not None and bool((self._handles() == handle).any())

    def __getitem__(self, item: Any) -> Any:
        """Return the agent at a position; for a slice, a mask or positions, the set of them."""
        handles = self._handles()
        if isinstance(item, int | np.integer):
            return next(self._views(handles[np.array([item])]))
        return self._subset(handles[item])

    def to_list(self) -> list[Any]:
        """Return all agents in a list.

        Examples
        --------
        >>> import sim
        >>> len(sim.examples.small().firms.to_list())
        4
        """
        return list(self)

    def index(self, agent: Any) -> int:
        """Return the position of an agent; ValueError where it is not here.

        Examples
        --------
        >>> import sim
        >>> firms = sim.examples.small().firms
        >>> firms[::-1].index(firms[0])
        3
        """
        if agent not in self:
            raise ValueError(f"{agent!r} is not in this set")
        return int(np.flatnonzero(self._handles() == self._handle(agent))[0])

    def count(self, agent: Any) -> int:
        """Return 1 if the agent is here, else 0.

        Examples
        --------
        >>> import sim
        >>> firms = sim.examples.small().firms
        >>> firms.count(firms[0]), firms[1:].count(firms[0])
        (1, 0)
        """
        return int(agent in self)

    def copy(self) -> AgentRows:
        """Return a new set of the same agents.

        Examples
        --------
        >>> import sim
        >>> firms = sim.examples.small().firms
        >>> some = firms.copy()
        >>> some.discard(firms[0])
        >>> len(some), len(firms)
        (3, 4)
        """
        return self._subset(self._handles())

    __copy__ = copy

    def _mask(self, mask: NDArray[np.bool_], handles: Handles) -> Handles:
        if mask.shape != (handles.size,):
            raise ValueError(f"a mask needs {handles.size} values, one for each agent, not {mask.shape}")
        return handles[mask]

    def select(
        self,
        filter_func: Callable[[Any], bool] | NDArray[np.bool_] | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> AgentRows:
        """Select agents by a mask (fast) or a function, by type, and at most so many of them.

        Parameters
        ----------
        filter_func
            A boolean array with a value for each agent, e.g. ``agents.get("trust") < 0.3``, or a function
            that is asked agent by agent.
        at_most
            A number, or a share of this set where it is a float up to 1.
        inplace
            Change this set instead of making another.
        agent_type
            Only agents of this class.

        Examples
        --------
        >>> import sim
        >>> residents = sim.examples.small().residents
        >>> owners = residents.select(residents.owner)
        >>> bool(owners.get("owner").all())
        True
        >>> residents.select(lambda resident: resident.estate == 3, at_most=5)
        <5 of Residents>
        """
        if not (filter_func is None or callable(filter_func) or isinstance(filter_func, np.ndarray | list)):
            raise TypeError(
                f"agents are selected by a mask, e.g. agents.get({str(filter_func)!r}) > 0, or by a function, "
                f"not by {filter_func!r}"
            )
        if isinstance(at_most, bool) or not isinstance(at_most, int | float | np.integer | np.floating):
            raise TypeError(f"at_most = {at_most!r} must be a number of agents, or a share of them up to 1.0")
        handles = self._handles()
        most = int(handles.size * at_most) if isinstance(at_most, float) and at_most <= 1.0 else at_most
        if isinstance(filter_func, np.ndarray | list):
            mask = np.asarray(filter_func)
            if mask.dtype != bool:
                raise TypeError(f"a mask must hold true and false, not {mask.dtype}")
            handles, filter_func = self._mask(mask, handles), None
        if agent_type is not None:
            handles = self._of_type(handles, agent_type)
        if filter_func is not None:
            kept: list[int] = []
            for handle, agent in zip(handles.tolist(), self._views(handles), strict=True):
                if len(kept) >= most:
                    break
                if filter_func(agent):
                    kept.append(handle)
            handles = np.array(kept, dtype=np.int64)
        if most < handles.size:
            handles = handles[: max(int(most), 0)]
        return self._reorder(handles) if inplace else self._subset(handles)

    def shuffle(self, inplace: bool = False) -> AgentRows:
        """Return the agents in random order, drawn from the model's `rng`.

        Examples
        --------
        >>> import sim
        >>> firms = sim.examples.small().firms
        >>> sorted(firms.shuffle().get("unique_id")) == sorted(firms.get("unique_id"))
        True
        """
        handles = self.rng.permutation(self._handles())
        return self._reorder(handles) if inplace else self._subset(handles)

    def sort(self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False) -> AgentRows:
        """Return the agents sorted by a column or function, largest first by default; ties keep order.

        Examples
        --------
        >>> import sim
        >>> residents = sim.examples.small().residents
        >>> residents.sort("estate")[0].estate, residents.sort("estate", ascending=True)[0].estate
        (11, 0)
        """
        handles = self._handles()
        keys = self._keys(key, handles)
        if keys.dtype == object:
            places = sorted(range(keys.size), key=keys.__getitem__, reverse=not ascending)
            order = np.array(places, dtype=np.int64)
        elif ascending:
            order = np.argsort(keys, kind="stable")
        else:
            order = keys.size - 1 - np.argsort(keys[::-1], kind="stable")[::-1]
        return self._reorder(handles[order]) if inplace else self._subset(handles[order])

    def _keys(self, key: Callable[[Any], Any] | str, handles: Handles) -> NDArray:
        """Return what to sort or group by, one for each handle; objects where it is not a column."""
        if isinstance(key, str):
            if "." not in key:
                return self._values(key, handles)
            key = operator.attrgetter(key)
        keys = np.empty(handles.size, dtype=object)
        for place, agent in enumerate(self._views(handles)):
            keys[place] = key(agent)
        return keys

    def groupby(self, by: Callable[[Any], Any] | str, result_type: Literal["agentset", "list"] = "agentset") -> Groups:
        """Group the agents by a column or a function; groups come in the order of their first agent.

        Examples
        --------
        >>> import sim
        >>> by_tenure = sim.examples.small().residents.groupby("owner")
        >>> sorted(by_tenure.groups), len(by_tenure)
        ([False, True], 2)
        """
        handles = self._handles()
        keys = self._keys(by, handles)
        places: dict[Any, Handles]
        if keys.dtype == object:
            lists: dict[Any, list[int]] = {}
            for place, name in enumerate(keys):
                lists.setdefault(name, []).append(place)
            places = {name: np.array(found) for name, found in lists.items()}
        else:
            names, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
            ends = np.cumsum(np.bincount(inverse, minlength=names.size))
            parts = np.split(np.argsort(inverse, kind="stable"), ends[:-1]) if names.size else []
            places = {names[group].item(): parts[group] for group in np.argsort(first)}
        sets = {name: self._subset(handles[found]) for name, found in places.items()}
        label = by if isinstance(by, str) else ""
        if result_type == "agentset":
            return Groups(sets, label, self._naming(label))
        return Groups({name: list(each) for name, each in sets.items()}, label, self._naming(label))

    def _naming(self, label: str) -> Callable[[Any], Any]:
        """Return what gives the word for a value of a column."""
        return str

    def do(self, method: str | Callable, *args: Any, **kwargs: Any) -> Self:
        """Call a method or function on each agent that is still there when its turn comes.

        Examples
        --------
        >>> import sim
        >>> def move_in(resident, week):
        ...     resident.arrival = week
        >>> residents = sim.examples.small().residents
        >>> residents[:3].do(move_in, week=2).get("arrival").tolist()
        [2, 2, 2]
        """
        self._call(self._handles(), method, args, kwargs)
        return self

    def shuffle_do(self, method: str | Callable, *args: Any, **kwargs: Any) -> Self:
        """Call a method or function on each agent, in random order.

        Examples
        --------
        >>> import sim
        >>> met = []
        >>> firms = sim.examples.small().firms
        >>> _ = firms.shuffle_do(lambda firm: met.append(firm.row))
        >>> sorted(met)
        [0, 1, 2, 3]
        """
        self._call(self.rng.permutation(self._handles()), method, args, kwargs)
        return self

    def map(self, method: str | Callable, *args: Any, **kwargs: Any) -> list[Any]:
        """Call a method or function on each agent and return the results.

        Examples
        --------
        >>> import sim
        >>> sim.examples.small().residents[:2].map(lambda resident: resident.estate)
        [0, 0]
        """
        return self._call(self._handles(), method, args, kwargs)

    def _call(self, handles: Handles, method: str | Callable, args: tuple, kwargs: dict) -> list[Any]:
        call = operator.methodcaller(method, *args, **kwargs) if isinstance(method, str) else None
        results = []
        for agent in self._views(handles):
            if self._is_there(agent):
                results.append(call(agent) if call else method(agent, *args, **kwargs))  # type: ignore[operator]
        return results

    def _is_there(self, agent: Any) -> bool:
        return agent in agent.population

    def get(
        self,
        attr_names: str | Iterable[str],
        handle_missing: Literal["error", "default"] = "error",
        default_value: Any = None,
    ) -> Any:
        """Return an attribute of all agents as an array; for several names, a list of values per agent.

        Examples
        --------
        >>> import sim
        >>> residents = sim.examples.small().residents
        >>> residents[:3].get("arrival").tolist()
        [0, 0, 0]
        >>> residents[:2].get(["arrival", "estate"])
        [[0, 0], [0, 0]]
        >>> residents[:2].get("hobby", handle_missing="default", default_value="none").tolist()
        ['none', 'none']
        """
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing must be 'error' or 'default', not {handle_missing!r}")
        handles = self._handles()
        if isinstance(attr_names, str):
            return self._get_one(attr_names, handles, handle_missing, default_value)
        found = [self._get_one(name, handles, handle_missing, default_value).tolist() for name in attr_names]
        if not found:
            return [[] for _ in range(handles.size)]
        return [list(values) for values in zip(*found, strict=True)]

    def _get_one(self, name: str, handles: Handles, handle_missing: str, default_value: Any) -> NDArray:
        try:
            return self._values(name, handles)
        except AttributeError:
            if handle_missing == "error":
                raise
        missing = object()
        values = [getattr(agent, name, missing) for agent in self._views(handles)]
        if all(value is missing for value in values):
            return np.full(handles.size, default_value, dtype=None if default_value is not None else object)
        result = np.empty(handles.size, dtype=object)
        result[:] = [default_value if value is missing else value for value in values]
        return result

    def set(self, attr_name: str, value: Any) -> Self:
        """Set an attribute of all agents to one value, or to one value each.

        Examples
        --------
        >>> import sim
        >>> residents = sim.examples.small().residents
        >>> residents[:3].set("threshold", [2.0, 3.0, 4.0]).get("threshold").tolist()
        [2.0, 3.0, 4.0]
        """
        self._assign(attr_name, self._handles(), value)
        return self

    def agg(self, attribute: str, func: Callable | Iterable[Callable]) -> Any:
        """Apply one function, or several, to an attribute of all agents.

        Examples
        --------
        >>> import sim
        >>> residents = sim.examples.small().residents
        >>> [int(value) for value in residents.agg("estate", [min, max])]
        [0, 11]
        """
        values = self.get(attribute)
        if len(values) == 0 and any(each in (min, max) for each in ([func] if callable(func) else list(func))):
            raise ValueError(f"there are no agents in this set, so {attribute!r} has no lowest and no highest value")
        if callable(func):
            return _ON_ARRAYS.get(func, func)(values)
        return [_ON_ARRAYS.get(each, each)(values) for each in func]

    def _shared(self, other: Any) -> NDArray[np.bool_]:
        """Say for each of our agents whether it is in another collection."""
        theirs = [handle for agent in other if (handle := self._handle(agent)) is not None]
        return np.isin(self._handles(), np.array(theirs, dtype=np.int64))

    def __and__(self, other: Any) -> AgentRows:
        return self._subset(self._handles()[self._shared(other)])

    def __sub__(self, other: Any) -> AgentRows:
        return self._subset(self._handles()[~self._shared(other)])

    def __or__(self, other: Any) -> AgentRows:
        handles = [self._handle(agent) for agent in other if agent not in self]
        if None in handles:
            raise ValueError("agents of different populations cannot be joined; select from model.agents")
        return self._subset(np.concatenate([self._handles(), np.array(handles, dtype=np.int64)]))

    def __xor__(self, other: Any) -> AgentRows:
        both = self & other
        return (self | other) - both
