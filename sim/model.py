"""The district lives: who is there, and how another future is tried from the same past.

The mechanisms are components, each named once, in order, in `sim.mechanisms`: what is built, what a week is, what a
fork copies and what a file holds follow from them.  ``print(model.agenda)`` shows the week with the time that each line
takes.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from copy import deepcopy
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from sim import snapshot
from sim.agenda import Agenda
from sim.agents import PopulatedModel, Population
from sim.component import (
    Component,
    Outcome,
    components_of,
    copy_state,
    function_problems,
    is_component,
    not_given,
    own_component,
    problems_of,
    unmeasured,
)
from sim.core.attributes import Attributes
from sim.core.chance import Chance
from sim.core.costs import Costs
from sim.core.errors import ComponentError, ScenarioError, StrategyError, nearest, refusal
from sim.core.progress_bar import progress_bar, watched
from sim.core.stray_draws import stray_draws_noticed
from sim.district import District
from sim.mechanisms import Mechanisms
from sim.model_page import model_page
from sim.outcomes import COLUMNS, Outcomes, Tally
from sim.recovery import Recovery
from sim.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

__all__ = ["GovernanceModel"]

_GROUND = ("run", "district", "ground")
"""Sections of the scenario that a fork cannot change: the past was lived with them."""
_PAST = ("seed", "district", "chance", "week", "members", "in_service", "own_outcomes")
"""Attributes that a fork has from its past, beside the components."""
_KEPT = frozenset({*_PAST, "agenda", "recovery"} - {"week", "members", "in_service"})
"""Attributes that are what they are made."""
_OWN = (*_PAST, "replay", "tally", "costs", "agenda", "recovery")
"""Attributes of a model that are no components."""
SHORT = 0.5
"""Seconds of running before a progress bar is worth seeing."""


def _whole(number: Any) -> int:
    """Return a whole number as Python's own, -1 for what is none."""
    try:
        return -1 if isinstance(number, bool) else operator.index(number)
    except TypeError:
        return -1


def _hours_to_replay(hours: Any) -> NDArray[np.float64] | None:
    """Return hours that a control replays, if they are numbers."""
    if hours is not None and np.asarray(hours).dtype.kind not in "biuf":
        raise StrategyError(
            f"replay is a {type(hours).__name__}; it must be hours by week and estate, such as the policy_hours of "
            "another model"
        )
    return hours


def _misplaced(scenario: Any) -> None:
    """Refuse a ground that stands where the scenario belongs."""
    table = isinstance(scenario, str | Path) and str(scenario).endswith(".csv")
    if isinstance(scenario, District) or table or hasattr(scenario, "to_csv"):
        raise ScenarioError(
            f"{type(scenario).__name__} stands where the scenario belongs; give the ground as district=..., e.g. "
            'GovernanceModel(district="estates.csv")'
        )


def _functions(outcomes: Any) -> dict[str, Any]:
    """Return outcomes that are given as functions, by name."""
    if outcomes is not None and not isinstance(outcomes, Mapping):
        raise ComponentError(
            f"outcomes = {outcomes!r}: functions of the model are given by the names of their columns, e.g. "
            'outcomes={"quiet": quiet}.'
        )
    return dict(outcomes or {})


_OTHERS = ("outcomes", "rng")
"""Keywords of a model that few calls need."""


def _parameters(others: Mapping[str, Any], scenario: type[Scenario]) -> dict[str, Any]:
    """Return the keywords that are parameters by dotted name; refuse those that a model does not have."""
    parameters = {name: value for name, value in others.items() if "." in name}
    for name in others:
        if name not in (*parameters, *_OTHERS):
            near = nearest(name, ["scenario", "district", "seed", "replay", "components", *_OTHERS])
            raise ScenarioError(
                f'Unknown argument "{name}" of a model.{near or scenario.meant(name)} Parameters are given as a '
                'dictionary, e.g. GovernanceModel({"coverage.strategy": "full"}, seed=1).'
            )
    return parameters


class GovernanceModel(Attributes, PopulatedModel, Mechanisms):
    """A district and its weeks.

    Parameters
    ----------
    scenario
        All parameters: a `Scenario`, a dictionary such as ``{"coverage.strategy": "full"}``, or the path of a TOML
        file; the defaults where not given.
    district
        The ground: a `District`, a pandas table or the path of a CSV file with a row for each estate, or a number of
        estates to make up; a synthetic one of ``district.estates`` estates where not given.  The scenario stays as it
        is given: its ``district.estates`` counts for nothing then, and `parameters` has the number that there is.
    seed
        Seed of all randomness, a whole number >= 0; drawn afresh (and kept in the attribute) where not given.
    replay
        Hours that a control such as ``hours_matched:full`` replays: by week and estate, shape (weeks, estates), or the
        `policy_hours` of another model, of which the control takes the kind that it names.
    components
        Mechanisms of one's own, subclasses of `sim.Component`; the scenario carries them, see `Scenario.including`.
    **others
        `outcomes`: columns of one's own for `model.outcomes`, by name a function of the model that is called every
        week.  `rng`: another word for `seed`, as Mesa has it.  And parameters by dotted name, as Mesa's tools pass
        them: ``**{"coverage.strategy": "full"}``.

    Raises
    ------
    GongzhiError
        When something is wrong with what was given: before the first step, in one message.

    Examples
    --------
    >>> model = GovernanceModel({"district.estates": 12}, seed=1)
    >>> model.run(weeks=4)
    >>> model.outcomes.week.tolist()
    [0, 1, 2, 3]
    """

    record: Outcomes

    components: ClassVar[tuple[type[Component], ...]]
    """The mechanisms, and the record: in this order they are made, and take their steps within a stage of the week."""

    def __init__(
        self,
        scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
        district: District | pd.DataFrame | str | Path | int | None = None,
        seed: int | None = None,
        replay: NDArray[np.float64] | None = None,
        *,
        components: Sequence[type[Component]] | type[Component] = (),
        **others: Any,
    ) -> None:
        """Make the district and all that is in it before the first week; what is given, the class says."""
        parameters = _parameters(others, Scenario)
        _misplaced(scenario)
        components = [components] if isinstance(components, type) else components
        seed = self._seed_of(others.get("rng"), seed)
        super().__init__(rng=seed)
        self.seed = seed
        self.own_outcomes = _functions(others.get("outcomes"))
        world = self._scenario_with(self._scenario_given(scenario, components), components)
        self.scenario = world.replace(parameters) if parameters else world
        ground = self.scenario.district
        self.district = (
            District.synthetic(ground.estates, ground.seed, self.scenario.ground)
            if district is None
            else District.of(district, ground.seed, self.scenario.ground)
        )
        self.replay = _hours_to_replay(replay)
        self.chance = Chance(seed)
        self.week = 0
        self.members = self.district.members(ground.members_rate)
        self.in_service = self.district.in_service(ground.in_service_rate, self.members)
        self.tally, self.costs = Tally(self.district.estates), Costs()
        kinds = (*GovernanceModel.components, *self.scenario.components)
        self._build(kinds)
        self.agenda = Agenda(self)
        self.agenda.plan((kind.name, step) for kind in kinds for step in kind.steps)
        plain = type(self).__init__ is GovernanceModel.__init__
        self.recovery = Recovery(self, [kind.name for kind in GovernanceModel.components] if plain else [])

    def __setattr__(self, name: str, value: Any) -> None:
        known = self.__dict__
        if name in known and (name in _KEPT or isinstance(known[name], Component)):
            raise AttributeError(
                f"a model keeps its {name}, of which all that it has lived hangs; change a scenario or a district "
                "and make another model, or change what a mechanism has in place, by its methods"
            )
        if name == "week" and self.steps and "recovery" in known and known["recovery"].whole:
            raise AttributeError(
                "a model counts its weeks itself: model.run(weeks=...) goes on, and no week that was lived is undone; "
                "keep model.fork() of a week to return to"
            )
        super().__setattr__(name, value)

    @staticmethod
    def _scenario_given(scenario: Any, components: Sequence[type[Component]]) -> Scenario:
        """Return the scenario that is meant; a dictionary or a file may name parameters of components."""
        written = isinstance(scenario, Mapping | str | Path)
        if written and components and all(map(is_component, components)):
            return Scenario.including(*components).of(scenario)
        return Scenario.of(scenario)

    def _scenario_with(self, scenario: Scenario, components: Sequence[type[Component]]) -> Scenario:
        """Let the scenario carry components, those of a subclass too, or refuse them in one message."""
        shipped, kinds = GovernanceModel.components, type(self).components
        inherited = [] if kinds is shipped else [kind for kind in kinds if kind not in shipped]
        own = list(dict.fromkeys([*scenario.components, *inherited, *components]))
        if not own and not self.own_outcomes:
            return scenario
        living = {kind.name for kind in own if is_component(kind) and isinstance(vars(self).get(kind.name), kind)}
        taken = {*dir(type(self)), *vars(self), *_OWN} - living
        problems = problems_of(own, shipped, taken, COLUMNS)
        problems += [
            refusal(f'component "{kind.name}" is given twice.') for kind in own if list(components).count(kind) > 1
        ]
        added = [kind for kind in own if is_component(kind) and kind not in scenario.components]
        problems += scenario.problems_of(added)
        outcomes = [outcome for kind in own if is_component(kind) for outcome in kind.outcomes]
        measured = [outcome.name for outcome in outcomes if isinstance(outcome, Outcome)]
        problems += function_problems(self.own_outcomes, (*COLUMNS, *measured))
        if problems:
            raise ComponentError.listing("The components cannot be used", problems)
        return scenario.with_components(added)

    @staticmethod
    def _seed_of(rng: int | None, seed: int | None = None) -> int:
        if rng is not None and seed is not None:
            raise ScenarioError(f"seed = {seed!r} and rng = {rng!r} are two words for one seed; give one of them")
        name, rng = ("seed", seed) if rng is None else ("rng", rng)
        if rng is None:
            return int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> np.uint64(1))
        number = _whole(rng)
        if number < 0:
            raise ScenarioError(f"{name} = {rng!r} is not a seed; it must be a whole number >= 0")
        return number

    def _build(self, components: Iterable[type[Component]]) -> None:
        """Make components, lower ones first."""
        problems = []
        for kind in components:
            component = kind(self)
            setattr(self, kind.name, component)
            if isinstance(component, Population):
                self.add_population(component)
            problems += unmeasured(component)
        if problems:
            raise ComponentError.listing("The components cannot be used", problems)

    @property
    def mechanisms(self) -> dict[str, Component]:
        """Every component of this model by name, in order: the shipped ones, and those of its scenario.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> list(model.mechanisms)[:3]
        ['desks', 'residents', 'incidents']
        """
        kinds = (*GovernanceModel.components, *self.scenario.components)
        return {kind.name: getattr(self, kind.name) for kind in kinds}

    @property
    def policy_week(self) -> int:
        """First week in which a policy may act: ``coverage.start_week``, or the end of the warm-up.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.policy_week
        26
        """
        start = self.scenario.coverage.start_week
        return self.scenario.run.warmup if start is None else start

    @property
    def policy_on(self) -> bool:
        """Whether policies may act this week.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.policy_on
        False
        """
        return self.week >= self.policy_week

    # For Mesa's tools ------------------------------------------------------------------------------

    @property
    def grid(self) -> Any:
        """Mesa's grid of the district, with the agents that have a place, for `SpaceRenderer`; see `sim.mesa_views`.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.grid.dimensions == model.district.grid().dimensions
        True
        """
        grid = self.__dict__.get("_grid")
        if grid is None:
            from sim.mesa_views import DistrictGrid

            grid = self._grid = DistrictGrid.of(self)
        if hasattr(grid, "look"):
            grid.look()
        return grid

    @grid.setter
    def grid(self, grid: Any) -> None:
        self._grid = grid

    @cached_property
    def datacollector(self) -> Any:
        """The outcomes as a Mesa `DataCollector`, for `batch_run` and Mesa's plots; one of your own may be assigned.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=2)
        >>> len(model.datacollector.get_model_vars_dataframe())
        2
        """
        from sim.mesa_views import OutcomeCollector

        return OutcomeCollector(self)

    # Running --------------------------------------------------------------------------------------

    def step(self) -> None:
        """Live one week, whole or not at all.

        After an error within it the model is not whole; then everything refuses to go on before `recover`.  An
        interrupt waits for the end of the week; a second one does not.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.step()
        >>> model.week
        1
        """
        with self.recovery.week() as week:
            self.agenda.run(week)

    def _mend_clock(self) -> None:
        self.recovery.require_end()
        super()._mend_clock()

    @property
    def whole_steps(self) -> int:
        """Weeks that have been lived from beginning to end.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.step()
        >>> model.whole_steps
        1
        """
        return self.week

    def recover(self) -> None:
        """Take the model back to the beginning of a week in which an error or an interrupt has stopped it.

        The weeks since the call of `run` are lived again, to the byte, with the lines that the agenda then had.  A
        model that `step` was called on is lived again from week 0; a warning says what may have been lost by that.

        Raises
        ------
        UnfinishedWeekError
            When there is nothing to go back to, as in a fork or a loaded model on which `step` was called.

        Examples
        --------
        >>> import contextlib
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.agenda.add("fall", lambda model: 1 / (1 - model.week), doc="an error in week 1", before="record")
        >>> with contextlib.suppress(ZeroDivisionError):
        ...     model.run(weeks=2)
        >>> model.recover()
        >>> model.week
        1
        """
        self.recovery.recover()

    def run(self, weeks: int | None = None, progress: bool | None = None) -> None:
        """Live some weeks.

        Parameters
        ----------
        weeks
            How many; by default as many as are left of ``run.weeks``.
        progress
            Whether to show a progress bar; by default when a person is watching, at a terminal or in a notebook.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=3)
        >>> model.week
        3
        """
        left = max(self.scenario.run.weeks - self.week, 0) if weeks is None else _whole(weeks)
        if left < 0:
            raise ScenarioError(f"weeks = {weeks!r} cannot be lived; it must be a whole number >= 0")
        with self.recovery.kept(left), stray_draws_noticed():
            if progress is False:
                for _ in range(left):
                    self.step()
                return
            hidden = progress is None and not watched()
            for _ in progress_bar(range(left), hidden=hidden, desc="weeks", unit="week", leave=False, delay=SHORT):
                self.step()

    def fork(
        self,
        scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
        replay: NDArray[np.float64] | None = None,
    ) -> Self:
        """Return an independent model with the same past and, if wanted, another future.

        Parameters
        ----------
        scenario
            Parameters from now on: a `Scenario` or the path of its file, or a dictionary of changes such as
            ``{"coverage.strategy": "full"}``; the same where not given.  The sections `run` and `district` must agree.
        replay
            Hours that a control replays.

        Raises
        ------
        ScenarioError
            When the scenario changes what the past was lived with.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=3)
        >>> other = model.fork({"coverage.strategy": "none"})
        >>> other.run(weeks=1)
        >>> model.week, other.week
        (3, 4)
        """
        self.recovery.require_whole()
        scenario = self._scenario_from(scenario)
        changed = [name for name in self.scenario.differences(scenario) if name.split(".")[0] in _GROUND]
        if changed:
            raise ScenarioError(
                f"a fork cannot change {', '.join(changed)}: the past was lived with it. "
                "Make a new GovernanceModel instead."
            )
        missing = [kind.name for kind in self.scenario.components if kind not in scenario.components]
        if missing:
            raise ScenarioError(
                f"a fork cannot leave out the component {', '.join(missing)}: the past was lived with it. Change the "
                "scenario of this model, model.scenario.replace({...})."
            )
        scenario = self._scenario_with(scenario.with_components_first(self.scenario.components), ())
        self._refuse_strangers("A fork")
        other = object.__new__(type(self))
        PopulatedModel.__init__(other, rng=self.seed)
        other.scenario = scenario
        for name in _PAST:
            setattr(other, name, getattr(self, name))
        other.replay = self.replay if replay is None else _hours_to_replay(replay)
        other.tally, other.costs = Tally(self.district.estates), Costs()
        mechanisms = self.mechanisms
        blank = {name: object.__new__(type(component)) for name, component in mechanisms.items()}
        other.__dict__.update(blank)
        twins: dict[int, Any] = {id(component): blank[name] for name, component in mechanisms.items()}
        twins[id(self)] = other
        for name, component in mechanisms.items():
            component.copy_into(blank[name], twins)
        for population in self.populations.values():
            if id(population) not in twins:
                twins[id(population)] = object.__new__(type(population))
                copy_state(population, twins[id(population)], twins)
            other.add_population(twins[id(population)])
        for name, thing in vars(self).items():
            if isinstance(thing, Population):
                other.__dict__[name] = twins[id(thing)]
        for component in blank.values():
            component.prepare()
        agenda = self.agenda.carried_to(other)
        added = [kind for kind in scenario.components if kind not in self.scenario.components]
        other._build(added)
        agenda.plan((kind.name, step) for kind in added for step in kind.steps)
        other.agenda = agenda
        other.recovery = Recovery(other)
        if "datacollector" in vars(self):
            other.datacollector = deepcopy(self.datacollector, {id(self): other})
        other.running = self.week < scenario.run.weeks
        other.advance_clock(self.steps)
        return other

    def _scenario_from(self, given: Any) -> Scenario:
        """Return the scenario of a fork: this model's with changes, or another one."""
        own: Scenario = self.scenario
        if given is None or isinstance(given, Scenario):
            return own if given is None else given
        return own.replace(given) if isinstance(given, Mapping) else type(own).of(given)

    def __copy__(self) -> Self:
        # A shallow copy would share every number with this model.
        return self.fork()

    def _refuse_strangers(self, what: str) -> None:
        """Ordinary Mesa agents hold on to their model, and can be part of no other."""
        kinds = sorted({type(agent).__name__ for agent in self.other_agents})
        if kinds:
            raise ScenarioError(
                f"{what} cannot carry ordinary Mesa agents ({', '.join(kinds)}): let them be rows of a population, "
                "class Mine(sim.Stakeholders), and give it to the model as a component (docs/extending.md)."
            )

    def save(self, path: str | Path) -> None:
        """Write the model as it stands between two weeks to a ``.npz`` file, from which `load` goes on.

        Parameters
        ----------
        path
            Ends in ``.npz``; an older file of that name is replaced once the new one is complete.

        Raises
        ------
        SnapshotError
            When the file cannot be written, or the model has functions of its own that no file can hold.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> import sim
        >>> model = sim.examples.small()
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     model.save(Path(folder) / "model.npz")
        ...     again = sim.GovernanceModel.load(Path(folder) / "model.npz")
        >>> again.seed == model.seed
        True
        """
        self.recovery.require_whole()
        self._refuse_strangers("A file")
        snapshot.save(self, path)

    @classmethod
    def load(cls, path: str | Path, outcomes: Mapping[str, Callable[[Any], float]] | None = None) -> Self:
        """Read a saved model; what it lives from now on is to the byte what the saved one would have lived.

        A strategy of the user's own must be registered before, and the file of a component of the user's own imported.

        Parameters
        ----------
        path
            As given to `save`.
        outcomes
            The functions of outcomes that the saved model was given.

        Raises
        ------
        SnapshotError
            When the file is missing, damaged, no saved model, or one of another version.

        Examples
        --------
        >>> import sim
        >>> sim.GovernanceModel.load("no-such-file.npz")
        Traceback (most recent call last):
        sim.SnapshotError: ...
        """
        return snapshot.load(cls, path, outcomes)

    # Looking --------------------------------------------------------------------------------------

    @property
    def outcomes(self) -> pd.DataFrame:
        """What was measured, one row per week; ``sim.outcomes.describe()`` has units and meanings.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=3)
        >>> model.outcomes["week"].tolist()
        [0, 1, 2]
        """
        self.recovery.require_unbroken()
        return self.record.to_frame()

    @property
    def estate_outcomes(self) -> pd.DataFrame:
        """One row per week and estate, when ``outcomes.record_estates`` is on.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small({"outcomes.record_estates": True})
        >>> model.run(weeks=2)
        >>> len(model.estate_outcomes)
        24
        """
        self.recovery.require_unbroken()
        return self.record.estates_to_frame()

    @property
    def policy_hours(self) -> NDArray[np.float64]:
        """Hours that policies newly took from people, shape (3, weeks so far, estates).

        Hours worked, hours worked less reporting, and hours offered, whether used or not; what a control replays.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=2)
        >>> model.policy_hours.shape
        (3, 2, 12)
        """
        self.recovery.require_unbroken()
        return self.record.policy_hours

    def parameters(self) -> pd.DataFrame:
        """The full table of parameters: name, value, default, unit, range, status, source, meaning.

        The number of estates is that of the district, also where it was given beside a scenario that names another.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> table = model.parameters().set_index("name")
        >>> table.loc["branches.hours_per_member", "unit"]
        'hours per week'
        """
        import pandas as pd

        table = pd.DataFrame(self.scenario.parameters())
        table.loc[table["name"] == "district.estates", "value"] = self.district.estates
        return table

    def _html(self, lang: str) -> Markup:
        return model_page(self, lang)

    def _repr_html_(self) -> str:
        return str(self._html("en"))

    def _elsewhere(self, name: str) -> str:
        """Say where a name is found that is no attribute: in a component that was not given, an outcome, a section."""
        kind = own_component(name)
        if kind is not None:
            return not_given(kind)
        record = vars(self).get("record")  # a model that could not be made whole has none
        if record is not None and name in record.definitions:
            return f" Did you mean model.outcomes.{name}?"
        return f" Did you mean model.scenario.{name}?" if record is not None and name in self.scenario.sections else ""

    def __repr__(self) -> str:
        estates = self.district.estates
        ground = f"{estates:,} estate{'s' if estates != 1 else ''}"
        ground += " of a district of its own" if estates != self.scenario.district.estates else ""
        half = ", which is not whole: recover()" if self.recovery.broken else ""
        return (
            f"<GovernanceModel: {ground}, {len(self.residents):,} residents, week {self.week}{half}, seed {self.seed}>"
        )


GovernanceModel.components = components_of(GovernanceModel)
