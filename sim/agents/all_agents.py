"""A Mesa model whose agents live in populations.

Mesa's `Model` keeps every agent in a dictionary.  Here `model.agents` is everyone in all populations, made
when asked for, and `model.agents_by_type[Resident]` is the population itself.  Ordinary Mesa agents, which a
user may add, live beside them.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterator
from typing import Any, Self

import mesa
import numpy as np
from markupsafe import Markup
from mesa.experimental.scenarios import Scenario as MesaScenario
from numpy.typing import NDArray

from sim.agents.agent import Agent
from sim.agents.agent_sets import AgentRows, Handles
from sim.agents.population import Population
from sim.core.interrupts import HeldBack
from sim.core.markup import Page, table, titled
from sim.core.message_catalogue import MODEL, N_

__all__ = ["Everyone", "PopulatedModel"]

gettext = MODEL.gettext


class Everyone(Page, AgentRows):
    """Agents of any kind in a model, in an order; a handle is an agent's `unique_id`.

    Parameters
    ----------
    model
        In which they live.
    handles
        Which of them; everyone where not given.

    Examples
    --------
    >>> import sim
    >>> agents = sim.examples.small().agents
    >>> agents.groupby(type).map(len)[sim.Firm]
    4
    """

    def __init__(self, model: PopulatedModel, handles: Handles | None = None) -> None:
        self.model = model
        self._chosen = handles

    def _everyone(self) -> Handles:
        parts = [population.rows + population.first_id for population in self.model.populations.values()]
        others = [agent.unique_id for agent in self.model.other_agents]
        return np.concatenate([*parts, np.array(others, dtype=np.int64)])

    def _handles(self) -> Handles:
        if self._chosen is None:
            return self._everyone()
        there = np.zeros(self._chosen.size, dtype=bool)
        for population, places in self._parts(self._chosen):
            if population is None:
                others = [agent.unique_id for agent in self.model.other_agents]
                there[places] = np.isin(self._chosen[places], others)
            elif population.present is None:
                there[places] = True
            else:
                there[places] = population.present[self._chosen[places] - population.first_id]
        return self._chosen[there]

    def _parts(self, handles: Handles) -> list[tuple[Population | None, NDArray[np.intp]]]:
        """Say which places of `handles` belong to which population, None for ordinary Mesa agents."""
        parts: list[tuple[Population | None, NDArray[np.intp]]] = []
        left = np.ones(handles.size, dtype=bool)
        for population in self.model.populations.values():
            mine = (handles >= population.first_id) & (handles < population.first_id + population.size)
            left &= ~mine
            parts.append((population, np.flatnonzero(mine)))
        parts.append((None, np.flatnonzero(left)))
        return [(population, places) for population, places in parts if places.size]

    def _others(self, handles: Handles) -> list[Any]:
        by_id = {agent.unique_id: agent for agent in self.model.other_agents}
        return [by_id[handle] for handle in handles.tolist()]

    def _views(self, handles: Handles) -> Iterator[Any]:
        # Long runs of one population are the rule; only at their ends is it looked up anew.
        owner = np.full(handles.size, -1)
        populations = list(self.model.populations.values())
        for number, population in enumerate(populations):
            first = population.first_id
            owner[(handles >= first) & (handles < first + population.size)] = number
        pairs = zip(owner.tolist(), handles.tolist(), strict=True)
        for number, run in itertools.groupby(pairs, operator.itemgetter(0)):
            if number < 0:
                yield from self._others(np.array([handle for _, handle in run]))
            else:
                population = populations[number]
                yield from (population.agent(population, handle - population.first_id) for _, handle in run)

    def _handle(self, agent: Any) -> int | None:
        return agent.unique_id if isinstance(agent, mesa.Agent) and agent.model is self.model else None

    def _subset(self, handles: Handles) -> Everyone:
        return Everyone(self.model, handles)

    def _values(self, name: str, handles: Handles) -> NDArray:
        found = []
        for population, places in self._parts(handles):
            if population is None:
                part = np.array([getattr(agent, name) for agent in self._others(handles[places])])
            else:
                part = population.at(name, handles[places] - population.first_id)
            found.append((part, places))
        if not found:
            return np.zeros(0)
        values = np.concatenate([part for part, _ in found])
        ordered = np.empty_like(values)
        ordered[np.concatenate([places for _, places in found])] = values
        return ordered

    def _assign(self, name: str, handles: Handles, value: Any) -> None:
        each = isinstance(value, np.ndarray) and value.ndim == 1
        if each and value.size != handles.size:
            raise ValueError(f"{value.size} values were given for {handles.size} agents")
        for population, places in self._parts(handles):
            part = value[places] if each else value
            if population is not None:
                population._assign(name, handles[places] - population.first_id, part)
                continue
            for place, agent in enumerate(self._others(handles[places])):
                setattr(agent, name, part[place] if each else part)

    def _of_type(self, handles: Handles, agent_type: type) -> Handles:
        keep = np.zeros(handles.size, dtype=bool)
        for population, places in self._parts(handles):
            if population is None:
                keep[places] = [isinstance(agent, agent_type) for agent in self._others(handles[places])]
            else:
                keep[places] = issubclass(population.agent, agent_type)
        return handles[keep]

    def _is_there(self, agent: Any) -> bool:
        return agent in self.model.agents_by_type.get(type(agent), ())

    def __contains__(self, agent: object) -> bool:
        if self._chosen is None:
            return self._handle(agent) is not None and self._is_there(agent)
        return super().__contains__(agent)

    def __len__(self) -> int:
        if self._chosen is None:
            return sum(map(len, self.model.populations.values())) + len(self.model.other_agents)
        return self._handles().size

    def _reorder(self, handles: Handles) -> Self:
        if self._chosen is None:
            raise TypeError("model.agents is everyone and keeps its order; use the set that is returned")
        self._chosen = handles
        return self

    def _update(self, agents: Any) -> Self:
        return self._reorder(np.array([agent.unique_id for agent in agents], dtype=np.int64))

    def add(self, agent: Any) -> None:
        """Add an agent of this model to the set; to everyone, make it present.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> some = model.agents.select(agent_type=sim.Firm)
        >>> some.add(model.residents[17])
        >>> len(some)
        5
        """
        handle = self._handle(agent)
        if handle is None:
            raise ValueError(f"{agent!r} is not an agent of this model")
        if self._chosen is None:
            self.model.register_agent(agent)
        elif agent not in self:
            self._chosen = np.append(self._chosen, handle)

    def discard(self, agent: Any) -> None:
        """Take an agent out of the set; out of everyone, out of the model.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> some = model.agents.select(agent_type=sim.Firm)
        >>> some.discard(model.firms[0])
        >>> len(some), len(model.firms)
        (3, 4)
        """
        if agent not in self:
            return
        if self._chosen is None:
            self.model.deregister_agent(agent)
        else:
            self._chosen = self._chosen[self._chosen != agent.unique_id]

    def remove(self, agent: Any) -> None:
        """Take an agent out of the set; KeyError where it is not here.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> some = model.agents.select(agent_type=sim.Firm)
        >>> some.remove(model.firms[0])
        >>> len(some), len(model.firms)
        (3, 4)
        """
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def _html(self, lang: str) -> Markup:
        handles = self._handles()
        counts = [
            (type(self.model.other_agents).__name__ if population is None else type(population).__name__, places.size)
            for population, places in self._parts(handles)
        ]
        title = gettext(lang, "{count:,} agents", count=handles.size)
        return titled(title, table([gettext(lang, N_("population")), gettext(lang, N_("agents"))], counts, lang))

    def __repr__(self) -> str:
        return f"<{len(self):,} agents of {type(self.model).__name__}>"


class PopulatedModel(mesa.Model):
    """A `mesa.Model` with populations.

    Parameters
    ----------
    rng
        Seed or generator for `random` and `rng`.

    Attributes
    ----------
    populations
        By class of agent.
    scenario
        The parameters with which the model was made; None before they are set.
    """

    populations: dict[type[Agent], Population]
    # A plain attribute in the place of Mesa's property, so that a notebook can complete what it holds.
    scenario: Any = None

    def __init__(self, *, rng: Any = None) -> None:
        super().__init__(rng=rng)
        self.populations = {}

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "scenario":
            # Mesa assigns a scenario of its own in __init__ and writes into it; ours is frozen.
            if isinstance(value, MesaScenario):
                return
            if self.scenario is not None:
                raise AttributeError("a model keeps its scenario; continue under another one with model.fork(scenario)")
        super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        machinery = {"add_population", "advance_clock", "agent_id_counter", "agent_types", "deregister_agent"}
        machinery |= {"other_agents", "register_agent", "remove_all_agents", "run_for", "run_until", "schedule_event"}
        machinery |= {"schedule_recurring", "reset_randomizer", "reset_rng", "remove_scheduled_event"}
        machinery |= {"batch", "clear_all_subscriptions", "data_registry", "notify", "observables", "observe"}
        machinery |= {"subscribers", "suppress", "unobserve"}
        return sorted(name for name in super().__dir__() if name[0] != "_" and name not in machinery)

    def add_population(self, population: Population) -> None:
        """Take a population in and number its agents.

        Examples
        --------
        >>> import sim
        >>> class Rider(sim.Agent):
        ...     trips = sim.column("int64", 4, unit="trips per week")
        >>> class Riders(sim.Population):
        ...     agent = Rider
        >>> model = sim.examples.small()
        >>> model.add_population(Riders(model, 3))
        >>> model.agents_by_type[Rider]
        <Riders: 3 agents, 1 columns>
        """
        if not isinstance(population, Population):
            raise TypeError(
                f"{population!r} is not a Population; make one with a class of your own, Charities(model, 3)"
            )
        kind = population.agent
        if kind in self.populations:
            raise ValueError(f"the model has a population of {kind.__name__} already")
        population.first_id = self.agent_id_counter
        self.agent_id_counter += population.size
        self.populations[kind] = population
        self._agents_by_type[kind] = population

    def advance_clock(self, steps: int) -> None:
        """Set Mesa's count of steps, its time and its schedule, as if so many steps had been made.

        Examples
        --------
        >>> model = PopulatedModel(rng=1)
        >>> model.advance_clock(4)
        >>> model.steps, model.time
        (4, 4.0)
        """
        self._default_schedule.pause()
        self.steps, self.time = steps, float(steps)
        self._default_schedule.resume()

    # Mesa 3.5.1 plans the next step when one has ended well: after an error or an interrupt none would ever come, and
    # `step` would return at once, for ever.

    def _mend_clock(self) -> None:
        planned = self._default_schedule._current_event
        if planned is None or planned not in self._event_list._events:
            self.advance_clock(self.whole_steps)

    def _do_step(self) -> None:
        with HeldBack():  # for `run_for` and `run_until`, which may be many steps
            super()._do_step()

    def _advance_time(self, until: float) -> None:
        try:
            super()._advance_time(until)
        except BaseException:
            self.advance_clock(self.whole_steps)
            raise

    def _wrapped_step(self) -> None:
        self._mend_clock()
        with HeldBack():
            super()._wrapped_step()

    def run_for(self, duration: float) -> None:
        """Let so much of Mesa's time pass; a step takes 1.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run_for(2)
        >>> model.week
        2
        """
        self._mend_clock()
        super().run_for(duration)

    def run_until(self, end_time: float) -> None:
        """Let Mesa's time pass until it is so late.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run_until(2)
        >>> model.week
        2
        """
        self._mend_clock()
        super().run_until(end_time)

    @property
    def whole_steps(self) -> int:
        """Steps that have been made from beginning to end, as far as is known.

        Examples
        --------
        >>> import sim
        >>> sim.examples.small().whole_steps
        0
        """
        return self.steps

    @property
    def other_agents(self) -> Any:
        """Ordinary Mesa agents, which live in no population.

        Examples
        --------
        >>> import mesa
        >>> model = PopulatedModel(rng=1)
        >>> visitor = mesa.Agent(model)
        >>> list(model.other_agents) == [visitor]
        True
        """
        return self._all_agents

    @property
    def agents(self) -> Everyone:
        """Everyone in all populations, and ordinary Mesa agents.

        Examples
        --------
        >>> import sim
        >>> agents = sim.examples.small().agents
        >>> len(agents.select(agent_type=sim.Firm))
        4
        """
        return Everyone(self)

    @agents.setter
    def agents(self, agents: Any) -> None:
        raise AttributeError("model.agents cannot be set: it is everyone in the model's populations")

    def register_agent(self, agent: Any) -> None:
        """Make an agent present; an ordinary Mesa agent is registered as Mesa does.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> first = next(iter(model.committees))
        >>> model.deregister_agent(first)
        >>> model.register_agent(first)
        >>> first in model.committees
        True
        """
        if isinstance(agent, Agent):
            agent.population.add(agent)
        else:
            super().register_agent(agent)

    def deregister_agent(self, agent: Any) -> None:
        """Make an agent absent; an ordinary Mesa agent is deregistered as Mesa does.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> first = next(iter(model.committees))
        >>> model.deregister_agent(first)
        >>> first in model.committees
        False
        """
        if isinstance(agent, Agent):
            agent.population.discard(agent)
        else:
            super().deregister_agent(agent)

    def remove_all_agents(self) -> None:
        """Make everyone absent.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.remove_all_agents()
        >>> len(model.agents)
        0
        """
        for population in self.populations.values():
            population.clear()
        super().remove_all_agents()
