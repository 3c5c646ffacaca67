"""The week as a plan: what happens, in which order, and how long the computer takes for it.

Whether conflicts are counted before or after the branch has mediated is a claim about the world, and so the
order of a week must be there to be read and changed.  It is data: a list of named lines that can be printed,
timed, and extended at a chosen place.

A week has stages (`STAGES`).  A component declares the steps that it takes in them; within a stage, steps follow each
other in the order of the components.  A line that calls a method of a component, or a function of the model, belongs to
whichever model lives the week, so that a fork or a copy has lines of its own.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from markupsafe import Markup

from sim.core.attributes import Attributes
from sim.core.errors import AgendaError, nearest, refusal, unknown
from sim.core.markup import Page, table, titled
from sim.core.message_catalogue import MODEL, N_
from sim.core.screen import columns, led, padded

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STAGES", "Agenda", "Line", "Step"]

gettext, pgettext = MODEL.gettext, MODEL.pgettext

STAGES: Final[dict[str, str]] = {
    "policy": "policies begin, emergencies go on",
    "claims": "desks open, and whoever needs hours asks for them",
    "staffing": "branches gather their hours and divide them",
    "rights": "hours are used to inspect and to decide",
    "help": "riders, captains and volunteers give a hand",
    "services": "enterprises give hours, and services act on conditions",
    "conditions": "what everybody did becomes the conditions of the week",
    "incidents": "incidents begin and end",
    "grievances": "incidents become grievances, and grievances conflicts",
    "voice": "who is in conflict bears it, settles it, files it, or joins others",
    "handling": "cases are handled",
    "waiting": "what is left of hours and patience",
    "attitudes": "residents learn from what they saw",
    "learning": "handlers learn and tire",
    "rules": "elections, evaluations and contracts",
    "record": "the week is written down",
}
"""The stages of a week, in order, with what they are."""


@dataclass(frozen=True, slots=True)
class Step(Attributes):
    """What a component does every week, as it declares it.

    Attributes
    ----------
    name
        Name of the component's method.
    doc
        What it is in the world, in a few words.
    equation
        Where docs/model.md describes it, e.g. ``"M6"``.
    stage
        Stage of the week in which it stands, see `STAGES`; after the steps of the components before it.
    before, after
        In the place of a stage: the line right before or after which it stands.
    every, phase
        It happens in weeks `phase`, `phase + every`, `phase + 2 every`, ...
    line
        Name of its line; ``"component.method"`` where not given.

    Examples
    --------
    >>> import sim
    >>> sim.Step("hold", doc="some estates celebrate", before="incidents.begin", every=4).every
    4
    """

    name: str
    doc: str
    equation: str = ""
    stage: str = ""
    before: str = ""
    after: str = ""
    every: int = 1
    phase: int = 0
    line: str = ""

    def line_of(self, component: str) -> str:
        """Name of the line that this step has as one of a component.

        Examples
        --------
        >>> Step("hold", doc="some estates celebrate", stage="conditions").line_of("festivals")
        'festivals.hold'
        """
        return self.line or f"{component}.{self.name}"

    def problems(self, component: str) -> list[str]:
        """Say what is wrong with this declaration, whatever stands in the week.

        Examples
        --------
        >>> Step("hold", doc="some estates celebrate", stage="voices").problems("festivals")[0][:50]
        'step "festivals.hold": unknown stage "voices". Did'
        """
        line, places = self.line_of(component), [self.stage, self.before, self.after]
        found = []
        if sum(map(bool, places)) != 1:
            found.append(f'step "{line}" needs one of stage=, before= and after=; stages are: {", ".join(STAGES)}.')
        elif self.stage and self.stage not in STAGES:
            hint = nearest(self.stage, STAGES)
            found.append(f'step "{line}": unknown stage "{self.stage}".{hint} Choose from: {", ".join(STAGES)}.')
        if wrong := _rhythm(self.every, self.phase):
            found.append(f'step "{line}": {wrong}.')
        return found


def _rhythm(every: Any, phase: Any) -> str:
    """Say what is wrong with the weeks in which something happens; empty where nothing is."""
    whole = all(isinstance(number, int | np.integer) and not isinstance(number, bool) for number in (every, phase))
    if whole and every >= 1 and 0 <= phase < every:
        return ""
    return refusal(f"every = {every!r} must be a whole number of at least 1, phase = {phase!r} one below it, from 0")


def _weeks(every: int, lang: str) -> str:
    """Say in which weeks a line happens."""
    return gettext(lang, "every") if every == 1 else gettext(lang, "each {number}th", number=every)


def _happens(doc: str, lang: str) -> str:
    """Say what a line is in the world; one of a user's own in the user's words."""
    return pgettext(lang, "line of the week", doc) if doc else ""


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a component, or of the model where the component is "", by name."""

    component: str
    name: str

    def of(self, model: Any) -> Callable[[], Any]:
        """Find it in a model."""
        owner = getattr(model, self.component) if self.component else model
        function: Callable[[], Any] = getattr(owner, self.name)
        return function


@dataclass(frozen=True, slots=True)
class OfModel:
    """A function that is called with the model."""

    function: Callable[[Any], Any]

    def of(self, model: Any) -> Callable[[], Any]:
        """Bind it to a model."""
        return partial(self.function, model)


_PLACES: Final = ("stage", "after", "before")
"""Where a line may be told to stand."""
_SHOWN = 8
"""Lines that the short form names; ``print(model.agenda)`` has all."""


@dataclass(slots=True, eq=False)
class Line(Attributes):
    """One thing that happens in a week.

    Attributes
    ----------
    name
        By which other lines refer to it.
    function
        What is done.  A function with one parameter is called with the model, and so is every model's own: forks and
        copies carry it.  One without parameters belongs to this model alone.  What it returns is ignored.
    doc
        What it is in the world, in a few words.
    equation
        Where docs/model.md describes it, e.g. ``"M6"``.
    every, phase
        It happens in weeks `phase`, `phase + every`, `phase + 2 every`, ...
    stage
        Stage in which it stands, see `STAGES`; none where it was added at the end.
    calls, seconds
        How often it ran and how long it took together.

    Examples
    --------
    >>> import sim
    >>> line = sim.examples.small().agenda["record"]
    >>> line.doc, line.stage, line.every
    ('the week is written down', 'record', 1)
    """

    name: str
    function: Callable[..., Any]
    doc: str
    equation: str = ""
    every: int = 1
    phase: int = 0
    stage: str = ""
    calls: int = 0
    seconds: float = 0.0
    binding: Method | OfModel | None = None
    step: Method | None = None
    """The step of a component as which the line was planned."""

    @property
    def planned(self) -> bool:
        """Whether it does what a component has planned, so that a file needs to hold its name alone.

        Examples
        --------
        >>> import sim
        >>> week = sim.examples.small().agenda
        >>> next(iter(week)).planned
        True
        >>> week.replace(week.names[0], lambda model: None)
        >>> next(iter(week)).planned
        False
        """
        return self.step is not None and self.binding == self.step


class Agenda(Attributes, Page):
    """The ordered lines of a week.

    Parameters
    ----------
    model
        Whose week it is; none for a week by itself.

    Attributes
    ----------
    now
        Name of the line that happens now; None between two weeks.

    Examples
    --------
    >>> week, log = Agenda(), []
    >>> week.add("serve", lambda: log.append("firms"), doc="firms serve", equation="M6")
    >>> week.add("voice", lambda: log.append("residents"), doc="residents speak", before="serve")
    >>> week.insert(Line("elect", lambda: log.append("election"), doc="committees are elected", every=52))
    >>> week.run(1)
    >>> log
    ['residents', 'firms']
    >>> week.names
    ['voice', 'serve', 'elect']
    """

    def __init__(self, model: Any = None) -> None:
        self.model = model
        self.now: str | None = None
        self._lines: tuple[Line, ...] = ()
        self._past: list[tuple[int, tuple[Line, ...]]] = []

    def plan(self, steps: Iterable[tuple[str, Step]]) -> None:
        """Put the steps of components into their places.

        Parameters
        ----------
        steps
            Names of components with their steps, in the order of the components.

        Raises
        ------
        AgendaError
            With all steps whose neighbours are unknown.

        Examples
        --------
        >>> import sim
        >>> from types import SimpleNamespace
        >>> class Bells:
        ...     def ring(self) -> None:
        ...         print("ding")
        >>> week = Agenda(SimpleNamespace(bells=Bells()))
        >>> week.plan([("bells", Step("ring", doc="the bells ring", stage="conditions"))])
        >>> week.run(1)
        ding
        """
        waiting = []
        for component, step in steps:
            if step.stage:
                self._enter(component, step, self._end_of(step.stage), step.stage)
            else:
                waiting.append((component, step))
        while waiting:
            placed = [(component, step) for component, step in waiting if (step.before or step.after) in self]
            if not placed:
                known = [*self.names, *(step.line_of(component) for component, step in waiting)]
                raise AgendaError.listing(
                    "The week cannot be planned", [self._stray(component, step, known) for component, step in waiting]
                )
            for component, step in placed:
                place = self._place(step.before or step.after) + bool(step.after)
                self._enter(component, step, place, self[step.before or step.after].stage)
            waiting = [item for item in waiting if item not in placed]

    def _enter(self, component: str, step: Step, place: int, stage: str) -> None:
        method = Method(component, step.name)
        self._put(
            Line(
                step.line_of(component),
                method.of(self.model),
                step.doc,
                step.equation,
                step.every,
                step.phase,
                stage,
                binding=method,
                step=method,
            ),
            place,
        )

    @staticmethod
    def _stray(component: str, step: Step, known: list[str]) -> str:
        neighbour = step.before or step.after
        line = step.line_of(component)
        if neighbour in known:
            return f'step "{line}" and the line "{neighbour}" wait for each other; give one of them a stage.'
        hint = nearest(neighbour, known)
        return f'step "{line}" stands beside the line "{neighbour}", which the week does not have.{hint}'

    def _end_of(self, stage: str) -> int:
        """Where the next line of a stage goes."""
        order = list(STAGES)
        until = [place for place, line in enumerate(self._lines, 1) if line.stage in order[: order.index(stage) + 1]]
        return max(until, default=0)

    @property
    def names(self) -> list[str]:
        """The names of all lines, in order.

        Examples
        --------
        >>> import sim
        >>> sim.examples.small().agenda.names[-1]
        'record'
        """
        return [line.name for line in self._lines]

    def add(
        self,
        name: str,
        function: Callable[..., Any],
        *,
        doc: str,
        equation: str = "",
        **place: str,
    ) -> None:
        """Add what happens in every week: at the end, or in a place of its own.

        Parameters
        ----------
        name, function, doc, equation
            See `Line`.  A function with one parameter is called with the model: forks and copies carry it.
        **place
            `after` or `before`: the line right after or before which it stands; or `stage`, at whose end it stands.

        Raises
        ------
        AgendaError
            When the name is taken, the place is unknown, or the function cannot be called.

        Examples
        --------
        >>> week = Agenda()
        >>> week.add("ring", lambda: print("ding"), doc="the bells ring")
        >>> week.run(1)
        ding
        """
        for word in place:
            if word not in _PLACES:
                raise AgendaError(unknown("place", word, _PLACES))
        stage = place.pop("stage", "")
        if stage and place:
            raise AgendaError(f'line "{name}": stage = "{stage}" names a place, and so does {", ".join(place)} = ...')
        line = Line(name, function, doc, equation, stage=stage)
        self.insert(line, **place)

    def insert(self, line: Line, *, after: str | None = None, before: str | None = None) -> None:
        """Add a line, which need not happen in every week: right after or before another one, or at the end.

        The end is that of the line's stage, where it has one.

        Parameters
        ----------
        line
            What happens, and when.
        after, before
            Name of the neighbour; at most one of the two.

        Raises
        ------
        AgendaError
            When the name is taken, a neighbour is unknown, or `every` and `phase` make no sense.

        Examples
        --------
        >>> week = Agenda()
        >>> week.insert(Line("ring", lambda: print("ding"), doc="the bells ring", every=2))
        >>> for number in (1, 2, 3, 4):
        ...     week.run(number)
        ding
        ding
        """
        if not isinstance(line, Line):
            raise AgendaError(f"{line!r} is no Line; add a function with agenda.add(name, function, doc=...)")
        name, every, phase = line.name, line.every, line.phase
        if not isinstance(name, str) or not name.strip():
            raise AgendaError(f'{name!r} cannot name a line of the agenda; give it a text, e.g. "festivals.hold"')
        if not isinstance(line.doc, str):
            raise AgendaError(f'line "{name}": doc = {line.doc!r} must say in words what happens')
        if after is not None and before is not None:
            raise AgendaError(f'line "{name}" can stand after "{after}" or before "{before}", not both')
        if wrong := _rhythm(every, phase):
            raise AgendaError(f'line "{name}": {wrong}')
        if line.stage and line.stage not in STAGES:
            hint = nearest(line.stage, STAGES)
            raise AgendaError(f'line "{name}": unknown stage "{line.stage}".{hint} Choose from: {", ".join(STAGES)}.')
        place = self._end_of(line.stage) if line.stage else len(self._lines)
        if after is not None or before is not None:
            neighbour = str(before if after is None else after)
            place = self._place(neighbour) + (after is not None)
            line.stage = self[neighbour].stage
        self._bind(line, line.function)
        self._put(line, place)

    def _put(self, line: Line, place: int) -> None:
        if line.name in self:
            raise AgendaError(f'the agenda has a line "{line.name}" already; remove it or choose another name')
        self._lines = (*self._lines[:place], line, *self._lines[place:])

    def _bind(self, line: Line, function: Callable[..., Any]) -> None:
        """Let a line call a function, and know how another model would."""
        line.binding = self._binding(line.name, function)
        line.function = function if line.binding is None else line.binding.of(self.model)

    def _binding(self, line: str, function: Callable[..., Any]) -> Method | OfModel | None:
        if not callable(function):
            raise AgendaError(
                f'line "{line}" was given {function!r}, which cannot be called; give the function itself, '
                "without brackets: celebrate and not celebrate()"
            )
        owner = getattr(function, "__self__", None)
        if owner is not None and self.model is not None and not isinstance(owner, type):
            components = vars(self.model)
            name = "" if owner is self.model else next((key for key, own in components.items() if own is owner), None)
            if name is not None:
                return Method(name, function.__name__)
        try:
            parameters = inspect.signature(function).parameters.values()
        except (TypeError, ValueError):  # some built-in functions do not say what they take
            return None
        needed = [
            own.name
            for own in parameters
            if own.default is own.empty and own.kind not in (own.VAR_POSITIONAL, own.VAR_KEYWORD)
        ]
        if len(needed) > 1 or any(own.kind is own.KEYWORD_ONLY and own.name in needed for own in parameters):
            raise AgendaError(
                f'line "{line}": the function needs {", ".join(needed)}; '
                "a line is called with the model, or with nothing"
            )
        return OfModel(function) if needed else None

    def carried_to(self, model: Any) -> Agenda:
        """Return the same week for another model, with that model's own components.

        Raises
        ------
        AgendaError
            When lines call functions that belong to this model alone.

        Examples
        --------
        >>> import sim
        >>> model, other = sim.examples.small(seed=1), sim.examples.small(seed=2)
        >>> model.agenda.carried_to(other).names == other.agenda.names
        True
        """
        self._refuse_alone()
        other = Agenda(model)
        for line in self._lines:
            assert line.binding is not None
            function, binding = line.binding.of(model), line.binding
            rhythm = (line.equation, line.every, line.phase, line.stage)
            other._lines = (
                *other._lines,
                Line(line.name, function, line.doc, *rhythm, binding=binding, step=line.step),
            )
        return other

    def _refuse_alone(self) -> None:
        own = [f'"{line.name}"' for line in self._lines if line.binding is None]
        if own and self.model is not None:
            raise AgendaError(
                f"The week has functions that take nothing and so belong to this model alone: {', '.join(own)}. "
                "A fork or a copy would change this model's numbers with them. Let the function take the model "
                "(def function(model)), make it a step of a sim.Component, or take the line out first: "
                f"model.agenda.remove({own[0]})."
            )

    def rearrange(self, names: Iterable[str]) -> None:
        """Keep the lines of these names alone, in this order; KeyError where one of them is unknown.

        Examples
        --------
        >>> week = Agenda()
        >>> week.add("ring", lambda: None, doc="the bells ring")
        >>> week.add("pray", lambda: None, doc="people pray")
        >>> week.rearrange(["pray", "ring"])
        >>> week.names
        ['pray', 'ring']
        """
        lines = {line.name: line for line in self._lines}
        self._lines = tuple(lines[name] for name in names)

    def __getstate__(self) -> dict[str, Any]:
        self._refuse_alone()
        return vars(self) | {"now": None}  # a copy of half a week is not being lived

    def remove(self, name: str) -> Line:
        """Take a line out and return it.

        Examples
        --------
        >>> week = Agenda()
        >>> week.add("ring", lambda: None, doc="the bells ring")
        >>> week.remove("ring").doc
        'the bells ring'
        >>> len(week)
        0
        """
        place = self._place(name)
        line = self._lines[place]
        self._lines = (*self._lines[:place], *self._lines[place + 1 :])
        return line

    def replace(self, name: str, function: Callable[..., Any]) -> None:
        """Let another function do what a line does, at the same place; see `add`.

        Examples
        --------
        >>> week = Agenda()
        >>> week.add("ring", lambda: print("ding"), doc="the bells ring")
        >>> week.replace("ring", lambda: print("dong"))
        >>> week.run(1)
        dong
        """
        place = self._place(name)
        line = replace(self._lines[place])
        self._bind(line, function)
        self._lines = (*self._lines[:place], line, *self._lines[place + 1 :])

    def run(self, week: int) -> None:
        """Do everything that is due in a week, in order.

        A line that is added or taken out meanwhile counts from the next week on.

        Examples
        --------
        >>> week = Agenda()
        >>> week.add("ring", lambda: print("ding"), doc="the bells ring")
        >>> week.run(1)
        ding
        >>> week["ring"].calls
        1
        """
        if not self._past or self._past[-1][1] is not self._lines:
            self._past.append((week, self._lines))
        self._run(week, self._lines)

    def run_again(self, week: int) -> None:
        """Do what a week that has been was made of, whatever lines there are now.

        Examples
        --------
        >>> week = Agenda()
        >>> week.add("ring", lambda: print("ding"), doc="the bells ring")
        >>> week.run(1)
        ding
        >>> _ = week.remove("ring")
        >>> week.run_again(1)
        ding
        """
        self._run(week, next((lines for first, lines in reversed(self._past) if first <= week), self._lines))

    def _run(self, week: int, lines: tuple[Line, ...]) -> None:
        start = perf_counter()
        try:
            for line in lines:
                if line.every > 1 and week % line.every != line.phase:
                    continue
                self.now = line.name
                line.function()
                end = perf_counter()
                line.calls += 1
                line.seconds += end - start
                start = end
        except BaseException as error:
            error.add_note(f'This happened in week {week}, in the line "{self.now}" of the agenda.')
            with suppress(AttributeError):  # an error of a user's own may take no attributes
                error.moment = week, self.now  # type: ignore[attr-defined]
            raise
        finally:
            self.now = None

    def has_come(self, name: str) -> bool:
        """Whether the week that is being lived has come to a line; between two weeks it has not.

        Examples
        --------
        >>> week, log = Agenda(), []
        >>> week.add("ring", lambda: log.append(week.has_come("pray")), doc="the bells ring")
        >>> week.add("pray", lambda: log.append(week.has_come("ring")), doc="people pray")
        >>> week.run(1)
        >>> log, week.has_come("ring")
        ([False, True], False)
        """
        names = self.names
        return self.now in names and name in names[: names.index(self.now) + 1]

    def forget_times(self) -> None:
        """Set calls and seconds of all lines to zero.

        Examples
        --------
        >>> week = Agenda()
        >>> week.add("ring", lambda: None, doc="the bells ring")
        >>> week.run(1)
        >>> week.forget_times()
        >>> week["ring"].calls
        0
        """
        for line in self._lines:
            line.calls, line.seconds = 0, 0.0

    def rows(self) -> list[dict[str, Any]]:
        """List the lines with `order, stage, name, equation, every, calls, ms_per_call, share, doc`.

        Examples
        --------
        >>> import sim
        >>> model = sim.examples.small()
        >>> model.run(weeks=1)
        >>> row = model.agenda.rows()[0]
        >>> row["order"], row["stage"], row["calls"]
        (1, 'policy', 1)
        """
        total = sum(line.seconds for line in self._lines)
        return [
            {
                "order": order,
                "stage": line.stage,
                "name": line.name,
                "equation": line.equation,
                "every": line.every,
                "calls": line.calls,
                "ms_per_call": 1000.0 * line.seconds / line.calls if line.calls else 0.0,
                "share": line.seconds / total if total else 0.0,
                "doc": line.doc,
            }
            for order, line in enumerate(self._lines, start=1)
        ]

    def to_frame(self) -> pd.DataFrame:
        """Return `rows` as a table.

        Examples
        --------
        >>> import sim
        >>> sim.examples.small().agenda.to_frame()["stage"].unique().tolist()[:3]
        ['policy', 'claims', 'staffing']
        """
        import pandas as pd

        return pd.DataFrame(self.rows())

    def _place(self, name: str) -> int:
        names = self.names
        if name not in names:
            raise AgendaError(unknown("line of the agenda", name, names) if names else f"{name!r}: there are no lines.")
        return names.index(name)

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __getitem__(self, name: str) -> Line:
        return self._lines[self._place(name)]

    def _html(self, lang: str) -> Markup:
        names = ("", N_("stage"), N_("line"), N_("equation"), N_("weeks"), N_("calls"), "ms", "%", N_("what happens"))
        rows, stage = [], ""
        for row in self.rows():
            ran = row["calls"] > 0
            stage, before = row["stage"], stage
            rows.append(
                (
                    row["order"],
                    "" if stage == before else pgettext(lang, "stage of the week", stage),
                    row["name"],
                    row["equation"],
                    _weeks(row["every"], lang),
                    row["calls"],
                    f"{row['ms_per_call']:.3f}" if ran else "",
                    f"{100.0 * row['share']:.1f}" if ran else "",
                    _happens(row["doc"], lang),
                )
            )
        title = gettext(lang, "A week has {lines} lines", lines=len(self))
        return titled(title, table([name and gettext(lang, name) for name in names], rows, lang))

    def text(self, lang: str = "en") -> str:
        """Return what ``print`` shows, in a language, `en` or `zh`.

        Examples
        --------
        >>> week = Agenda()
        >>> week.add("ring", lambda: None, doc="the bells ring")
        >>> print(week.text())
           stage  line  equation  weeks  calls  ms/call  share  what happens
        1         ring            every      0        -      -  the bells ring
        """
        heads = ("", N_("stage"), N_("line"), N_("equation"), N_("weeks"), N_("calls"), N_("ms/call"))
        table = [[name and gettext(lang, name) for name in heads]]
        table[0] += [pgettext(lang, "unit", "share"), gettext(lang, "what happens")]
        stage = ""
        for row in self.rows():
            ran = row["calls"] > 0
            stage, before = row["stage"], stage
            table.append(
                [
                    str(row["order"]),
                    "" if stage == before else pgettext(lang, "stage of the week", stage),
                    row["name"],
                    row["equation"],
                    _weeks(row["every"], lang),
                    str(row["calls"]),
                    f"{row['ms_per_call']:.3f}" if ran else "-",
                    f"{row['share']:.1%}" if ran else "-",
                    _happens(row["doc"], lang),
                ]
            )
        widths = [max(map(columns, cells)) for cells in zip(*table, strict=True)]
        right = (0, 5, 6, 7)
        return "\n".join(
            "  ".join(
                led(cell, width) if place in right else padded(cell, width)
                for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
            ).rstrip()
            for cells in table
        )

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        names = self.names if len(self) <= _SHOWN else [*self.names[:_SHOWN], "..."]
        return f"<Agenda of {len(self)} lines: {', '.join(names)}>"
