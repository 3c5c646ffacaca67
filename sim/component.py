"""A component: one mechanism with its parameters, its outcomes, its steps in the week, its state and its behaviour.

Every mechanism of the study is a subclass, and so is every mechanism that a user adds: the model makes, schedules,
forks and saves them all in one way.  The base class knows which attributes are state (arrays that may be written),
which are fixed (arrays marked read-only), and that anything computed from parameters alone is made in `prepare`, so
that a fork under another scenario can make it anew.
"""

from __future__ import annotations

import copy
import inspect
import re
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MethodType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, Protocol, get_args, get_type_hints

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.agenda import Step
from sim.agents import Population
from sim.core.attributes import Attributes
from sim.core.codes import DESKS, INSTITUTIONS
from sim.core.errors import ComponentError, nearest, refusal
from sim.core.ledger import Ledger
from sim.core.message_catalogue import LANGUAGES, MODEL
from sim.parameters.parameter import Section

if TYPE_CHECKING:
    from sim.core.chance import Chance
    from sim.core.costs import Costs
    from sim.district import District

__all__ = [
    "Component",
    "Desk",
    "Model",
    "Outcome",
    "Stakeholders",
    "Step",
    "amounts",
    "components_of",
    "copy_state",
    "fixed",
    "function_problems",
    "is_component",
    "not_given",
    "number",
    "declared_in",
    "own_component",
    "own_components",
    "problems_of",
    "rows_in",
    "section_problems",
    "source_of",
    "unmeasured",
    "wrong_name",
]

Better = Literal["lower", "higher", "neither"]
Place = Literal["estate", "community", "street", "district"]


class Model(Protocol):
    """What a component needs of its model: the ground, the week, chance and accounts; and the mechanisms, by name.

    The mechanisms are made of this module, which can therefore not name their classes: they are `Any` here.  Who wants
    an editor to complete them in a component of one's own annotates ``model: sim.GovernanceModel`` in its class.
    """

    scenario: Any
    district: District
    chance: Chance
    costs: Costs
    members: NDArray[np.int64]
    in_service: NDArray[np.int64]
    seed: int
    week: int

    @property
    def policy_week(self) -> int:
        """First week in which a policy may act."""

    @property
    def policy_on(self) -> bool:
        """Whether policies may act this week."""

    def __getattr__(self, name: str) -> Any:
        """A mechanism, or what else a model has."""


def amounts(
    given: ArrayLike, shape: tuple[int, ...], what: str, least: float = -np.inf, most: float = np.inf
) -> NDArray[np.float64]:
    """Return what somebody gives to a mechanism as an array of its own: one number, or all of the shape.

    Parameters
    ----------
    given
        Numbers: one for all, or of the shape.
    shape
        That it must have.
    what
        Names it in messages.
    least, most
        The smallest and the largest number that are allowed.

    Raises
    ------
    ComponentError
        When it is something else.
    """
    try:
        values = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise ComponentError(f"{what} takes {_wanted(shape, least, most)}; not {given!r}.") from None
    if values.shape != shape and values.ndim:
        try:
            values = np.broadcast_to(values, shape)
        except ValueError:
            raise ComponentError(f"{what} has the shape {shape}, and not {values.shape}.") from None
    outside = values.size and ((least > -np.inf and values.min() < least) or (most < np.inf and values.max() > most))
    if outside or not np.isfinite(values.sum()):
        wrong = values[~(np.isfinite(values) & (values >= least) & (values <= most))]
        raise ComponentError(f"{what} takes {_wanted(shape, least, most)}; not {wrong[0]:g}.")
    return values


def _wanted(shape: tuple[int, ...], least: float, most: float) -> str:
    if most < np.inf:
        return refusal(f"numbers from {least:g} to {most:g}, one for all or of the shape {shape}")
    if least == 0.0:
        return refusal(f"numbers of 0 or more, one for all or of the shape {shape}")
    return refusal(f"numbers, one for all or of the shape {shape}")


def rows_in(given: Any, size: int, what: str) -> Any:
    """Return rows of something, as they were given: whole numbers, a mask, or a slice.

    Parameters
    ----------
    given
        The rows.
    size
        How many there are.
    what
        Names them in messages.

    Raises
    ------
    ComponentError
        When they are no rows of it.
    """
    if isinstance(given, slice):
        return given
    rows = np.asarray(given)
    whole = rows.dtype.kind in "iu" and (rows.size == 0 or (rows.min() >= 0 and rows.max() < size))
    if not whole and not (rows.dtype == bool and rows.shape == (size,)) and not (rows.size == 0 and rows.ndim == 1):
        raise ComponentError(f"{what} are rows from 0 to {size - 1}, or a mask of the shape {(size,)}; not {given!r}.")
    return given


def fixed(array: NDArray) -> NDArray:
    """Mark an array as never changing; forks share it instead of copying it."""
    array.setflags(write=False)
    return array


@dataclass(frozen=True, slots=True)
class Outcome(Attributes):
    """What a component measures every week: a column of `model.outcomes`.

    Attributes
    ----------
    name
        Of the column.
    unit, unit_zh
        In words, in English and in Chinese.
    better
        Its better side: lower, higher or neither (None).
    label, zh
        A noun for sentences, in English and in Chinese.
    meaning
        In a sentence.
    measure
        Method or attribute of the component that has the week's number; the outcome's name where not given.
    off
        Its value where the parameter `enabled` is false; measured then too where not given.
    plural
        Whether the noun's verb is plural.

    Examples
    --------
    >>> import sim
    >>> sim.Outcome("festivals", unit="estates", better="higher", label="festivals").unit
    'estates'
    """

    name: str
    unit: str = ""
    better: Better | None = None
    label: str = ""
    zh: str = ""
    meaning: str = ""
    measure: str = ""
    unit_zh: str = ""
    off: float | None = None
    plural: bool = True

    def value_of(self, component: Any) -> float:
        """Return the week's number.

        Raises
        ------
        ComponentError
            When it is none.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> Outcome("festivals").value_of(SimpleNamespace(parameters=None, festivals=lambda: 3))
        3.0
        """
        if self.off is not None and not getattr(component.parameters, "enabled", True):
            return self.off
        value = getattr(component, self.measure or self.name)
        return number(value() if callable(value) else value, self.name)


def number(value: Any, outcome: str) -> float:
    """Return what was measured as a number.

    Raises
    ------
    ComponentError
        When it is none.
    """
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ComponentError(f'outcome "{outcome}" must be one number a week, not {value!r}') from None
    except OverflowError:  # a whole number without end, whose digits would fill the message
        raise ComponentError(f'outcome "{outcome}" must be one number a week, and is beyond all decimals') from None


@dataclass(frozen=True, slots=True)
class Desk(Attributes):
    """Desks of a component's own, at which cases wait and are settled as at every other (M4).

    They are desks of `model.desks` like those of firms or communities, under a kind of their own: the component gives
    them hours every week (``model.desks.set_hours``), and cases come to them by ``model.disputes.refer``.

    Attributes
    ----------
    kind
        By which `model.desks` knows them.
    per
        What each of them serves: one desk for every estate, community or street, or one for the district.
    trusted_as
        The institution whose standing is theirs: residents trust them as much as they trust it, and what they learn
        of them they learn of it.  One of firm, committee, branch, authority.
    label, zh
        How sentences name one of them, in English and in Chinese, e.g. ``"the charity of {place}"``.

    Examples
    --------
    >>> Desk("charity", per="street", trusted_as="committee", label="the charity of {place}").title("Yuehai")
    'the charity of Yuehai'
    """

    kind: str
    per: Place = "district"
    trusted_as: str = "authority"
    label: str = ""
    zh: str = ""

    def title(self, place: str, lang: str = "en") -> str:
        """Name one of these desks, for sentences.

        Examples
        --------
        >>> Desk("charity", per="street", label="the charity of {place}").title("Yuehai")
        'the charity of Yuehai'
        >>> Desk("night_watch").title("")
        'the desk night watch'
        """
        usual = "the desk " + self.kind.replace("_", " ") + (" of {place}" if place else "")
        return ((self.zh if lang == "zh" else "") or self.label or usual).replace("{place}", place)


_OWN: Final[dict[tuple[str, str], type[Component]]] = {}
"""Components of users by module and class: the latest of each."""


def snake_case(name: str) -> str:
    """Write the name of a class as that of an attribute.

    Examples
    --------
    >>> snake_case("SocialOrganisations")
    'social_organisations'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


class Component(Attributes):
    """Base of every mechanism.

    Parameters
    ----------
    model
        The model that this component belongs to.

    Attributes
    ----------
    name
        Attribute of the model under which the component is found; from the name of the class where not given.
    section
        Name of the component's section in the scenario; the component's own name where it declares `Parameters`.
    parameters
        That section; None without one.
    inputs
        Arrays that others may write, with `set_inputs` and `add_to_inputs`; everything else is the component's own.
    weekly
        Further arrays, to which others may only add, with `add_to_inputs`: they begin every week at nothing, where a
        step of the component calls `forget_inputs`.
    factors
        Conditions that others may multiply for a week, with `multiply_inputs`: by name what they are.  They are as
        usual again when the component has used them, with `take_factor`.
    used_in
        Lines of the week in which weekly inputs and factors are used, by name; from there on nobody can touch them
        any more in that week.
    forgotten_in
        Line of the week in which the weekly inputs are forgotten; only from there on can anybody add to them.
    outcomes, steps
        What it measures and what it does every week.
    desks
        Desks of its own, at which cases are handled; see `Desk`.
    Parameters
        Its section, where it brings one of its own.
    zh
        Chinese of what is written in English in it, for reports: meanings, units and sources of its parameters.

    Examples
    --------
    >>> import sim
    >>> class Bells(sim.Component):
    ...     outcomes = [sim.Outcome("rung", unit="times", meaning="how often the bells have rung")]
    ...     steps = [sim.Step("ring", doc="the bells ring", stage="conditions")]
    ...     def settle_in(self) -> None:
    ...         self.rung = 0
    ...     def ring(self) -> None:
    ...         self.rung += 1
    >>> small = sim.Scenario().replace({"district.estates": 12})
    >>> model = sim.GovernanceModel(small, rng=1, components=[Bells])
    >>> model.run(weeks=3)
    >>> model.bells.rung, model.outcomes.rung.tolist()
    (3, [1.0, 2.0, 3.0])
    """

    name: ClassVar[str] = ""
    section: ClassVar[str] = ""
    inputs: ClassVar[tuple[str, ...]] = ()
    weekly: ClassVar[tuple[str, ...]] = ()
    factors: ClassVar[Mapping[str, str]] = {}
    used_in: ClassVar[Mapping[str, str]] = {}
    forgotten_in: ClassVar[str] = ""
    outcomes: ClassVar[Sequence[Outcome]] = ()
    steps: ClassVar[Sequence[Step]] = ()
    desks: ClassVar[Sequence[Desk]] = ()
    zh: ClassVar[Mapping[str, str]] = {}
    model: Model

    def __init_subclass__(cls, own: bool = True, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "name" not in vars(cls):
            cls.name = snake_case(cls.__name__)
        if "section" not in vars(cls) and getattr(cls, "Parameters", None) is not None:
            cls.section = cls.name
        for name, kind in (("outcomes", Outcome), ("steps", Step), ("desks", Desk)):
            if isinstance(vars(cls).get(name), kind):  # one, which stands for a list of one
                setattr(cls, name, (getattr(cls, name),))
        if own and not cls.__module__.startswith("sim."):
            _OWN.pop((cls.__module__, cls.__qualname__), None)
            _OWN[cls.__module__, cls.__qualname__] = cls

    def __init__(self, model: Any = None) -> None:
        if model is None:
            raise self._alone()
        self.model = model
        self.parameters: Any = getattr(model.scenario, self.section) if self.section else None
        self.prepare()
        self._derived = frozenset(vars(self))
        if self.factors:
            self._factors: dict[str, NDArray[np.float64]] = {}
        self.settle_in()

    def __repr__(self) -> str:
        about = (type(self).__doc__ or "").strip().partition("\n")[0].rstrip(".")
        where = f"; parameters in scenario.{self.section}" if self.section else ""
        return f"<{type(self).__name__}{': ' if about else ''}{about}{where}>"

    @classmethod
    def _alone(cls) -> ComponentError:
        name = cls.__name__
        return ComponentError(
            f"{name} is made by a model: give the class itself, GovernanceModel(components=[{name}])."
        )

    @classmethod
    def untranslated(cls) -> list[str]:
        """List what a Chinese report would show in English: words for which neither `zh` nor the model has Chinese.

        Examples
        --------
        >>> import sim
        >>> class Bells(sim.Component):
        ...     outcomes = [sim.Outcome("rung", unit="times a day"), sim.Outcome("cast", unit="hours", zh="Glocken")]
        >>> Bells.untranslated()
        ['times a day', 'rung']
        """
        own = getattr(cls, "Parameters", None)
        rows = own().rows() if own else ()
        kinds = {"doc": "parameter", "unit": "unit", "source": "source"}
        texts = [(row[key], context) for row in rows for key, context in kinds.items()]
        texts += [(one.unit, "unit") for one in cls.outcomes if not one.unit_zh]
        texts = [pair for pair in texts if not (cls.zh.get(pair[0]) or MODEL.translation(LANGUAGES[1], *pair))]
        named = [one.label or one.name for one in cls.outcomes if not one.zh]
        named += [one.label or one.kind for one in cls.desks if not one.zh]
        return [text for text in dict.fromkeys((*(text for text, _ in texts), *named)) if text]

    def state(self) -> dict[str, Any]:
        """Return all that the component keeps and that does not follow from parameters and district (no copies)."""
        return {name: value for name, value in vars(self).items() if name not in self._derived and name != "_derived"}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over the `state` of another component of the same kind."""
        self.__dict__.update(state)

    def prepare(self) -> None:
        """Compute what follows from parameters and district alone.

        Examples
        --------
        >>> import sim
        >>> class Markets(sim.Component):
        ...     def prepare(self) -> None:
        ...         self.stalls = self.model.district.households // 100
        >>> sim.GovernanceModel({"district.estates": 2}, seed=1, components=[Markets]).markets.stalls.shape
        (2,)
        """

    def settle_in(self) -> None:
        """Make the state with which the first week begins.

        Examples
        --------
        >>> import sim
        >>> class Bells(sim.Component):
        ...     def settle_in(self) -> None:
        ...         self.rung = 0
        >>> sim.GovernanceModel({"district.estates": 2}, seed=1, components=[Bells]).bells.rung
        0
        """

    def set_inputs(self, **values: ArrayLike) -> None:
        """Write what one other makes of this component: whole arrays among its `inputs`.

        Examples
        --------
        >>> import sim
        >>> class Weather(sim.Component):
        ...     inputs = ("rain",)
        ...     def settle_in(self) -> None:
        ...         self.rain = np.zeros(self.model.district.estates)
        >>> weather = sim.GovernanceModel({"district.estates": 2}, seed=1, components=[Weather]).weather
        >>> weather.set_inputs(rain=[4.0, 0.5])
        >>> weather.rain.tolist()
        [4.0, 0.5]
        """
        own = self.__dict__
        for name, value in values.items():
            if name not in self.inputs:
                self._refuse_input(name)
            own[name][:] = amounts(value, own[name].shape, f"{self.name}.{name}")

    def add_to_inputs(self, **values: ArrayLike) -> None:
        """Add to arrays among the `inputs` and the `weekly` ones, beside what others make of them.

        Examples
        --------
        >>> import sim
        >>> class Gifts(sim.Component):
        ...     weekly = ("rice",)
        ...     def settle_in(self) -> None:
        ...         self.rice = np.zeros(self.model.district.estates)
        >>> gifts = sim.GovernanceModel({"district.estates": 2}, seed=1, components=[Gifts]).gifts
        >>> gifts.add_to_inputs(rice=[1.0, 2.0])
        >>> gifts.add_to_inputs(rice=1.0)
        >>> gifts.rice.tolist()
        [2.0, 3.0]
        """
        for name, value in values.items():
            if name in self.weekly:
                self.require_time(name, self.used_in.get(name, ""), self.forgotten_in)
            elif name not in self.inputs:
                self._refuse_input(name)
            array = self.__dict__[name]
            np.add(array, amounts(value, array.shape, f"{self.name}.{name}"), out=array, casting="unsafe")

    def forget_inputs(self) -> None:
        """Begin a week: nobody has added to the `weekly` inputs.

        Examples
        --------
        >>> import sim
        >>> class Gifts(sim.Component):
        ...     weekly = ("rice",)
        ...     steps = [sim.Step("forget_inputs", doc="nothing is given yet", stage="policy")]
        ...     def settle_in(self) -> None:
        ...         self.rice = np.zeros(self.model.district.estates)
        >>> gifts = sim.GovernanceModel({"district.estates": 2}, seed=1, components=[Gifts]).gifts
        >>> gifts.add_to_inputs(rice=5.0)
        >>> gifts.forget_inputs()
        >>> gifts.rice.tolist()
        [0.0, 0.0]
        """
        for name in self.weekly:
            self.__dict__[name].fill(0)

    def multiply_inputs(self, **values: ArrayLike) -> None:
        """Multiply conditions among the `factors`, beside what others make of them, until they have been used once.

        Parameters
        ----------
        **values
            Numbers of 0 or more, 1 as usual: one for all, or of the shape that `factor_shape` says.

        Raises
        ------
        ComponentError
            When they are none.

        Examples
        --------
        >>> import sim
        >>> grievances = sim.GovernanceModel({"district.estates": 2}, seed=1).grievances
        >>> grievances.multiply_inputs(push=2.0)
        >>> grievances.multiply_inputs(push=[1.0, 3.0])
        >>> grievances.take_factor("push").tolist(), grievances.take_factor("push")
        ([2.0, 6.0], None)
        """
        for name, value in values.items():
            if name not in self.factors:
                self._refuse_input(name)
            self.require_time(name, self.used_in.get(name, ""))
            shape = self.factor_shape(name)
            factor = amounts(value, shape, f"{self.name}.{name}", least=0.0)
            self._factors[name] = factor * self._factors.get(name, np.ones(shape))

    def require_time(self, name: str, used_in: str, forgotten_in: str = "") -> None:
        """Refuse to touch something of the week that has been used, or that would be forgotten before it is.

        Parameters
        ----------
        name
            What is touched.
        used_in, forgotten_in
            Lines of the week in which it is used, and forgotten; none where empty.

        Raises
        ------
        ComponentError
            When the week has come to the one line, or not yet to the other.

        Examples
        --------
        >>> import sim
        >>> class Late(sim.Component):
        ...     steps = [sim.Step("push", doc="somebody comes too late", stage="voice")]
        ...     def push(self) -> None:
        ...         self.model.grievances.multiply_inputs(push=2.0)
        >>> sim.GovernanceModel({"district.estates": 2}, seed=1, components=[Late]).step()
        Traceback (most recent call last):
        sim.ComponentError: grievances.push has been used in this week, in the line "residents.suffer"...
        """
        agenda = vars(self.model).get("agenda")
        if agenda is None:  # the model is being made
            return
        if used_in and agenda.has_come(used_in):
            raise ComponentError(
                f'{self.name}.{name} has been used in this week, in the line "{used_in}"; "{agenda.now}" must '
                f'stand before it, with before="{used_in}" or in an earlier stage.'
            )
        if agenda.now is not None and forgotten_in in agenda and not agenda.has_come(forgotten_in):
            raise ComponentError(
                f'{self.name}.{name} is set anew every week, in the line "{forgotten_in}", and what '
                f'"{agenda.now}" adds before would be lost; "{agenda.now}" must stand after it, with '
                f'after="{forgotten_in}" or in a later stage.'
            )

    def factor_shape(self, name: str) -> tuple[int, ...]:
        """Shape of a condition among the `factors`: one number for each estate.

        Examples
        --------
        >>> import sim
        >>> sim.GovernanceModel({"district.estates": 2}, seed=1).grievances.factor_shape("push")
        (2,)
        """
        return (self.model.district.estates,)

    def factor(self, name: str) -> NDArray[np.float64] | None:
        """Return what others make of a condition this week; None where nobody does.

        Examples
        --------
        >>> import sim
        >>> grievances = sim.GovernanceModel({"district.estates": 2}, seed=1).grievances
        >>> grievances.multiply_inputs(push=1.5)
        >>> grievances.factor("push").tolist()
        [1.5, 1.5]
        """
        return self._factors.get(name)

    def take_factor(self, name: str) -> NDArray[np.float64] | None:
        """Return what others have made of a condition, None where nobody has; it is as usual from now on.

        Examples
        --------
        >>> import sim
        >>> grievances = sim.GovernanceModel({"district.estates": 2}, seed=1).grievances
        >>> grievances.multiply_inputs(push=1.5)
        >>> grievances.take_factor("push").tolist()
        [1.5, 1.5]
        >>> grievances.take_factor("push") is None
        True
        """
        return self._factors.pop(name, None)

    def _refuse_input(self, name: str) -> None:
        if name in self.weekly:
            raise AttributeError(f"{name!r} of {self.name} begins every week at 0; add to it, with add_to_inputs")
        if name in self.factors:
            raise AttributeError(f"{name!r} of {self.name} is multiplied, with multiply_inputs")
        every = (*self.inputs, *self.weekly, *self.factors)
        raise AttributeError(
            f"{name!r} of {self.name} is not for others to write.{nearest(name, every)} Inputs: {every}"
        )

    def copy_into(self, other: Any, twins: Mapping[int, Any]) -> None:
        """Give a blank component of another model, with that model's parameters, a copy of this one's state.

        Parameters
        ----------
        other
            The blank component, whose `prepare` is called when all components have their state.
        twins
            The other model and its components, by the `id` of those that they are copied from.
        """
        copy_state(self, other, twins)
        if self.section:
            other.parameters = getattr(other.model.scenario, self.section)


class Stakeholders(Component, Population):
    """Base of mechanisms whose state is agents: a population with parameters, outcomes and steps.

    The agents' class, `agent`, declares the columns; `places` says how many rows there are.

    Examples
    --------
    >>> import sim
    >>> class Club(sim.Agent):
    ...     members = sim.column("int64", 7, unit="persons", doc="riders in the club")
    >>> class Clubs(sim.Stakeholders):
    ...     agent = Club
    ...     def places(self, model):
    ...         return model.district.communities
    >>> small = sim.Scenario().replace({"district.estates": 12})
    >>> model = sim.GovernanceModel(small, rng=1, components=[Clubs])
    >>> len(model.clubs) == len(model.agents_by_type[Club]) == model.district.communities
    True
    >>> int(model.fork().clubs.members.sum()) == 7 * len(model.clubs)
    True
    """

    model: Any
    __repr__ = Population.__repr__
    if not TYPE_CHECKING:
        __getitem__ = Population.__getitem__
        __getattr__ = Population.__getattr__

    def __init__(self, model: Any = None) -> None:
        if model is None:
            raise self._alone()
        size, present = self._size_of(self.places(model))
        Population.__init__(self, model, size, present)
        self.prepare()
        if self.factors:
            self._factors = {}
        self.settle_in()

    def _size_of(self, places: Any) -> tuple[int, NDArray[np.bool_] | None]:
        """Number of rows, and which of them are agents; refuse what is neither."""
        given = np.asarray(places)
        if given.dtype == bool and given.ndim == 1:
            return given.size, given
        if given.ndim == 0 and given.dtype.kind in "iu" and given >= 0:
            return int(given), None
        raise ComponentError(
            f'component "{self.name}": places(self, model) must return a whole number of 0 or more, or a list of true '
            f"and false, and returned {places!r}."
        )

    def places(self, model: Any) -> int | NDArray[np.bool_]:
        """Number of rows; or, where rows can be empty, which of them are agents at first.

        Examples
        --------
        >>> import sim
        >>> class Guard(sim.Agent):
        ...     shifts = sim.column("int64", 3, unit="shifts per week")
        >>> class Guards(sim.Stakeholders):
        ...     agent = Guard
        ...     def places(self, model):
        ...         return model.district.households > 500  # large estates alone have one
        >>> guards = sim.GovernanceModel({"district.estates": 12}, seed=1, components=[Guards]).guards
        >>> len(guards), guards.size
        (5, 12)
        """
        raise TypeError(f"{type(self).__name__} must say in places(self, model) how many agents there can be")

    @property
    def parameters(self) -> Any:
        """The section of the scenario.

        Examples
        --------
        >>> import sim
        >>> model = sim.GovernanceModel({"district.estates": 2}, seed=1)
        >>> model.firms.parameters is model.scenario.firms
        True
        """
        return getattr(self.model.scenario, self.section) if self.section else None

    def state(self) -> dict[str, Any]:
        """Return the columns, and what else the population keeps that does not follow from the district (no copies)."""
        return Population.state(self)

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over the `state` of another population of the same kind and size."""
        Population.restore(self, state)

    def copy_into(self, other: Any, twins: Mapping[int, Any]) -> None:
        """Give a blank population of another model a copy of this one's state; see `Component.copy_into`."""
        copy_state(self, other, twins)


def own_components(name: str) -> list[type[Component]]:
    """List the components of a user that have been declared under a name, the latest first."""
    return [kind for kind in reversed(_OWN.values()) if kind.name == name]


def own_component(name: str, declared: str = "") -> type[Component] | None:
    """Return the component of a user under a name; None where there is none.

    Parameters
    ----------
    name
        The component's name.
    declared
        Where it was declared (`declared_in`): where several have the name, that one; else the latest.
    """
    kinds = own_components(name)
    return next((kind for kind in kinds if declared_in(kind) == declared), kinds[0] if kinds else None)


def declared_in(component: type[Component]) -> str:
    """Module and name of the class of a component, which tell it from another one that is called the same."""
    return f"{component.__module__}:{component.__qualname__}"


def not_given(component: type[Component]) -> str:
    """Say how a component of a user becomes part of a model, as the end of a message about a name of it."""
    name = component.__name__
    return refusal(
        f" {name} is a component of yours that was not given: GovernanceModel(..., components=[{name}]), "
        f"Scenario.including({name}), or --plugin with its file."
    )


def source_of(component: type[Component]) -> str:
    """File that declares a component, for messages; empty in a notebook."""
    module = sys.modules.get(component.__module__)
    file = getattr(module, "__file__", None)
    return Path(file).name if file else ""


def components_of(annotated: type) -> tuple[type[Component], ...]:
    """List the components that a class annotates as attributes, in order, those of its bases first.

    Raises
    ------
    TypeError
        When an attribute is called otherwise than its component.
    """
    kinds = get_type_hints(annotated)
    names = dict.fromkeys(name for base in reversed(annotated.__mro__) for name in inspect.get_annotations(base))
    found = {name: kinds[name] for name in names if name in kinds and is_component(kinds[name])}
    for name, kind in found.items():
        if name != kind.name:
            raise TypeError(f"{annotated.__name__}.{name} holds the component {kind.name!r}")
    return tuple(found.values())


# What a model copies ------------------------------------------------------------------------------------------------


def copy_state(component: Any, other: Any, twins: Mapping[int, Any]) -> None:
    """Copy all that an object keeps: what is writable is copied, everything fixed is shared."""
    other.__dict__.update(duplicate_state(component, vars(component), twins))


def duplicate_state(component: Any, state: Mapping[str, Any], twins: Mapping[int, Any]) -> dict[str, Any]:
    """Copy what a component keeps, by name.

    Raises
    ------
    ComponentError
        When something cannot be copied, such as an open file or a generator; it is named.
    """
    copies: dict[str, Any] = {}
    for name, value in state.items():
        try:
            copies[name] = duplicate(value, twins)
        except TypeError as error:
            raise ComponentError(
                f'component "{getattr(component, "name", type(component).__name__)}": what it keeps in "{name}", a '
                f"{type(value).__name__}, cannot be copied, and a fork is a copy ({error}). Keep numbers, texts, "
                "arrays, lists and dictionaries, and make the rest where it is needed."
            ) from None
    return copies


def duplicate(value: Any, twins: Mapping[int, Any]) -> Any:
    """Copy a piece of state: writable arrays and ledgers are copied, everything fixed is shared.

    Parameters
    ----------
    value
        An attribute of a component.
    twins
        What takes the place of the model and of its components, by their `id`.
    """
    if id(value) in twins:
        return twins[id(value)]
    if isinstance(value, np.ndarray):
        return value.copy() if value.flags.writeable else value
    if isinstance(value, Ledger):
        return value.copy()
    if isinstance(value, list):
        return [duplicate(item, twins) for item in value]
    if isinstance(value, tuple):
        return tuple(duplicate(item, twins) for item in value)
    if isinstance(value, dict):
        return {key: duplicate(item, twins) for key, item in value.items()}
    if isinstance(value, MethodType) and id(value.__self__) in twins:
        return getattr(twins[id(value.__self__)], value.__name__)
    ours = type(value).__module__.partition(".")[0] in ("sim", "builtins")
    if ours and not isinstance(value, set | bytearray | Iterator):
        return value  # numbers and texts, and records that nobody changes
    return copy.deepcopy(value, dict(twins))


# What is wrong with components of users -----------------------------------------------------------------------------


def section_problems(components: Iterable[type[Component]], sections: Mapping[str, Any]) -> list[str]:
    """Say what is wrong with the sections of components that are added to a scenario.

    Parameters
    ----------
    components
        In order.
    sections
        Sections of the scenario to which they are added, by name.
    """
    problems, known = [], dict(sections)
    for component in components:
        if not is_component(component):
            problems.append(_no_component(component))
            continue
        own, name = getattr(component, "Parameters", None), component.section
        if own is None:
            if name and name not in known:
                problems.append(
                    f'component "{component.name}": unknown section "{name}".{nearest(name, known)} '
                    f"Choose from: {', '.join(known)}; or declare class Parameters(sim.Section)."
                )
            continue
        if not (isinstance(own, type) and issubclass(own, Section)):
            problems.append(f'component "{component.name}": Parameters must be a subclass of sim.Section.')
        elif name in known:
            problems.append(
                f'component "{component.name}": the scenario has a section "{name}" already; choose another name.'
            )
        known[name] = own
    return problems


def problems_of(
    components: Sequence[Any], shipped: Sequence[type[Component]], taken: Container[str], columns: Iterable[str]
) -> list[str]:
    """Say what is wrong with the components of a user, their sections left out.

    Parameters
    ----------
    components
        Of the user.
    shipped
        Of the model, in order.
    taken
        Attributes that the model has otherwise.
    columns
        Names of the outcomes of the model.
    """
    problems: list[str] = []
    names = [component.name for component in shipped]
    measured, kinds = list(columns), list(DESKS)
    for component in components:
        if not is_component(component):
            problems.append(_no_component(component))
            continue
        name = component.name
        if name in names or name in taken or not name.isidentifier() or name.startswith("_"):
            reason = "the model has one already" if name in names else "the model has another attribute of this name"
            reason = (
                reason if name.isidentifier() and name[0] != "_" else "it must be a name in Python, without a leading _"
            )
            problems.append(f'component "{name}" cannot be called so: {reason}; set name = "..." in its class.')
        names.append(name)
        if not isinstance(component.zh, Mapping):
            problems.append(f'component "{name}": zh must be a dictionary, {{"english": "chinese"}}.')
        problems += _wrong_init(component)
        problems += _wrong_steps(component)
        for outcome in component.outcomes:
            problems += _wrong_outcome(name, outcome, measured)
        for desk in component.desks:
            problems += _wrong_desk(name, desk, kinds)
    return problems + _wrong_neighbours([one for one in components if is_component(one)], shipped)


def unmeasured(component: Any) -> list[str]:
    """Say which outcomes of a component have neither an attribute nor a method before the first week.

    A component of the model may work out many at once, in `measures`.
    """
    if hasattr(component, "measures") and type(component).__module__.startswith("sim."):
        return []
    return [
        f'component "{component.name}": outcome "{outcome.name}" needs an attribute or a method "{own}"; set it in '
        "settle_in, or give measure=."
        for outcome in component.outcomes
        if not hasattr(component, own := outcome.measure or outcome.name)
    ]


def is_component(component: Any) -> bool:
    """Whether this is a component's class."""
    return isinstance(component, type) and issubclass(component, Component)


def _no_component(given: Any) -> str:
    """Say that something is no component's class."""
    what = f"{type(given).__name__}(...)" if isinstance(given, Component) else repr(given)
    return f"{what} is not a subclass of sim.Component; give the class itself."


def _wrong_init(component: type[Component]) -> list[str]:
    """Say that a component is made with its model, where its `__init__` takes something else."""
    needed = [one for one in inspect.signature(component.__init__).parameters.values() if one.default is one.empty]
    places = [one for one in needed if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    if component.__init__ in (Component.__init__, Stakeholders.__init__) or len(places) == 2:
        return []
    return [
        f'component "{component.name}": __init__ must take self and the model, and call super().__init__(model); leave '
        "it out, and make what the component keeps in settle_in(self)."
    ]


def _wrong_steps(component: type[Component]) -> list[str]:
    problems = []
    for step in component.steps:
        if not isinstance(step, Step):
            problems.append(f'component "{component.name}": steps holds {step!r}; declare sim.Step("method", doc=...).')
            continue
        method = getattr(component, step.name, None)
        if not callable(method):
            own = [name for name in dir(component) if not name.startswith("_") and callable(getattr(component, name))]
            problems.append(
                f'component "{component.name}": step "{step.name}" is no method of {component.__name__}.'
                f"{nearest(step.name, own)}"
            )
        elif len(inspect.signature(method).parameters) > 1:
            problems.append(f'component "{component.name}": the method "{step.name}" of a step takes nothing but self.')
        problems += step.problems(component.name)
    return problems


def wrong_name(outcome: Any, measured: Container[str]) -> str:
    """Say what is wrong with the name of an outcome, beside those that are measured."""
    if not isinstance(outcome, str) or not outcome.isidentifier():
        return f'outcome "{outcome}" cannot be called so: it must be a name in Python.'
    if outcome == "week" or outcome in measured:
        return f'outcome "{outcome}" cannot be called so: the model has one already.'
    return ""


def function_problems(functions: Mapping[str, Any], columns: Iterable[str]) -> list[str]:
    """Say what is wrong with outcomes that are given as functions, beside columns of the model."""
    problems = [wrong_name(name, tuple(columns)) for name in functions]
    for name, function in functions.items():
        if not callable(function):
            problems.append(f'outcome "{name}": {function!r} is not a function of the model.')
        elif not _takes_a_model(function):
            problems.append(f'outcome "{name}": its function must take the model, and need nothing else.')
    return [problem for problem in problems if problem]


def _takes_a_model(function: Callable[..., Any]) -> bool:
    try:
        inspect.signature(function).bind(None)
    except TypeError:
        return False
    except ValueError:  # some built-in functions do not say what they take
        return True
    return True


def _wrong_outcome(component: str, outcome: Any, measured: list[str]) -> list[str]:
    if not isinstance(outcome, Outcome):
        return [f'component "{component}": outcomes holds {outcome!r}; declare sim.Outcome("name", unit=...).']
    problems = []
    wrong = wrong_name(outcome.name, measured)
    if wrong:
        problems.append(f'component "{component}": {wrong}')
    if outcome.better is not None and outcome.better not in get_args(Better):
        problems.append(
            f'component "{component}": outcome "{outcome.name}": better = "{outcome.better}" must be one of '
            f"{', '.join(get_args(Better))}, or None."
        )
    measured.append(outcome.name)
    return problems


def _wrong_desk(component: str, desk: Any, kinds: list[str]) -> list[str]:
    """Say what is wrong with a desk, beside kinds of desks that there are; add its own to them."""
    if not isinstance(desk, Desk):
        return [f'component "{component}": desks holds {desk!r}; declare sim.Desk("kind", per="community").']
    problems = []
    where = f'component "{component}": desk "{desk.kind}"'
    if not isinstance(desk.kind, str) or not desk.kind.isidentifier():
        problems.append(f"{where} cannot be called so: it must be a name in Python.")
    elif desk.kind in kinds:
        problems.append(f"{where} cannot be called so: the model has desks of this kind already.")
    for name, choices in (("per", get_args(Place)), ("trusted_as", INSTITUTIONS)):
        if (value := getattr(desk, name)) not in choices:
            problems.append(
                f'{where}: {name} = "{value}" must be one of {", ".join(choices)}.{nearest(str(value), choices)}'
            )
    kinds.append(desk.kind)
    return problems


def _wrong_neighbours(components: Sequence[type[Component]], shipped: Sequence[type[Component]]) -> list[str]:
    """Say which lines of the week stand twice, or beside lines that there are not."""
    steps = [(one, step) for one in (*shipped, *components) for step in one.steps if isinstance(step, Step)]
    lines = [step.line_of(one.name) for one, step in steps]
    problems = []
    for component in components:
        for step in component.steps:
            if not isinstance(step, Step):
                continue
            line, neighbour = step.line_of(component.name), step.before or step.after
            if lines.count(line) > 1:
                problems.append(f'component "{component.name}": the week has a line "{line}" already.')
            if neighbour and neighbour not in lines:
                problems.append(
                    f'step "{line}" stands beside the line "{neighbour}", which the week does not have.'
                    f"{nearest(neighbour, lines)} print(model.agenda) lists them."
                )
    return problems
