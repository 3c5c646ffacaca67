"""A week is whole or did not happen: what a model needs to be taken back to the beginning of a week that broke off.

An error within a week leaves some components in this week and others in the next.  To copy every component before
every week would cost as much as the week.  Nothing is copied, then, but at the beginning of `GovernanceModel.run`:
since a draw is a function of (seed, decision, week, who), the weeks from there on are what they were when they are
lived again.  Of a large district even that copy is small before the first week: what is as it was built, by its
checksum, is built again when it is needed.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.agenda import Line
from sim.agents import Population
from sim.component import declared_in, duplicate, duplicate_state, own_component
from sim.core.costs import Costs
from sim.core.errors import RunawayError, UnfinishedWeekError
from sim.outcomes import Tally

__all__ = ["Recovery"]

_Path = tuple[str | int, ...]
"""Where a piece of state is: name of the component, then names and places within what it keeps."""

_LONG: Final = 13
"""Weeks of a run before which a copy of every component takes no notable time, however large the district."""
_SHORT: Final = 2
"""The same for a small district."""
_SMALL: Final = 100_000
"""Residents of a small district, at most."""
_LARGE: Final = 1_000
"""Entries of an array that is looked at for being level."""
_MOST_WEEKS: Final = 2**15 - 2
"""Weeks that a model can live: columns keep the week of a change, and the one after it, in two bytes."""


@dataclass(frozen=True)
class _Copy:
    """A whole model at the beginning of a week."""

    week: int
    states: dict[str, Any]
    random: Any
    rng: dict[str, Any]
    calls: list[tuple[Line, int, float]]


@dataclass(frozen=True)
class _Level:
    """An array with one and the same entry throughout, as most of a model's are before its first week."""

    entry: NDArray[Any]
    shape: tuple[int, ...]


@dataclass(frozen=True)
class _Built:
    """An array that is as it was built: where it is among the states of a model, and its checksum."""

    path: _Path
    checksum: int


class Recovery:
    """Whether a model's weeks are whole, and the way back.

    Parameters
    ----------
    model
        The model.
    parts
        Names of components that a model made anew builds again to the bit; their arrays as they are now are those.

    Attributes
    ----------
    begun
        The last week that was begun.
    whole
        Whether it has ended, too.
    """

    # Any: all of a model, which its module cannot name to one that it imports.
    def __init__(self, model: Any, parts: Iterable[str] = ()) -> None:
        self.model = model
        large = len(model.residents) > _SMALL
        self._checksums = dict(_checksums({name: getattr(model, name).state() for name in parts})) if large else {}
        self.begun = self._first = -1
        self._copy: _Copy | None = None
        self._back_to: int | None = None
        self._rows: list[Any] = []

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {f'week {self.target} broke off' if self.broken else 'every week is whole'}>"

    @property
    def whole(self) -> bool:
        """Whether every week that was begun has ended."""
        return self._back_to is None and self.begun != self.model.week

    @property
    def broken(self) -> bool:
        """Whether a week has broken off, and is not being lived either."""
        return not self.whole and self.model.agenda.now is None

    def require_whole(self) -> None:
        """Raise an error where a week has broken off, or is being lived."""
        self.require_end()
        self.require_unbroken()

    def require_end(self) -> None:
        """Raise an error while a week is being lived."""
        now = self.model.agenda.now
        if now is not None:
            raise UnfinishedWeekError(
                f'Week {self.model.week} is being lived, in the line "{now}": a fork, a file or a further week must '
                "wait for its end. Do it between two weeks, after model.step() or model.run(weeks=...)."
            )

    def require_unbroken(self) -> None:
        """Raise an error where a week has broken off; one that is being lived may go on."""
        if self.broken:
            raise UnfinishedWeekError(
                f"Week {self.target} broke off and is not whole. model.recover() takes the model back to its "
                "beginning; then run() and step() go on from there."
            )

    @property
    def target(self) -> int:
        """The week to whose beginning the model is taken back."""
        return self.model.week if self._back_to is None else self._back_to

    @contextmanager
    def week(self) -> Iterator[int]:
        """Live the model's next week, of which the number is given, in a ``with`` block."""
        model = self.model
        self.require_whole()
        week = model.week
        if week > _MOST_WEEKS:
            raise RunawayError(f"a model can live {_MOST_WEEKS:,} weeks, which have passed")
        if self._first < 0:
            self._first = week
        # From this line on the week has begun, and it ends with the assignment to `model.week`: whenever an interrupt
        # comes, one of the two is true.
        self.begun = week
        try:
            yield week
        except BaseException as error:
            model.agenda.now = None
            error.add_note(
                f"Week {week} is not whole. model.recover() takes the model back to its beginning; put right what "
                "went wrong, and run() goes on."
            )
            raise
        if week + 1 >= model.scenario.run.weeks:
            model.running = False
        model.week = week + 1

    @contextmanager
    def kept(self, weeks: int) -> Iterator[None]:
        """Keep a copy of the model as it is, until so many weeks have been lived in a ``with`` block."""
        self.require_whole()
        if weeks >= (_SHORT if len(self.model.residents) <= _SMALL else _LONG):
            self._copy = self._copied(self.model)
        try:
            yield
        finally:
            if self.whole:
                self._copy = None

    def recover(self) -> None:
        """Take the model back; see `GovernanceModel.recover`."""
        self.require_end()
        if self.whole:
            return
        model = self.model
        if self._copy is None and self._first != 0:
            raise UnfinishedWeekError(
                f"There is no way back to the beginning of week {self.target}: this model began its life in week "
                f"{self._first}, as a fork or from a file, and step() keeps no copy. Fork it or load it again."
            )
        if self._back_to is None:
            self._rows = model.record.rows[: model.week]
            self._back_to = model.week
        target, begin = self._back_to, self._copy or self._at_first()
        self._restore(begin)
        while model.week < target:
            model.agenda.run_again(model.week)
            model.week += 1
        rows = zip(self._rows, model.record.rows, strict=False)
        changed = [week for week, pair in enumerate(rows) if not np.array_equal(*pair, equal_nan=True)]
        self.begun = target - 1
        model.running = target < model.scenario.run.weeks
        model.advance_clock(target)
        self._back_to, self._rows = None, []
        self._warn(begin.week, target, changed)
        self._copy = None

    def _warn(self, first: int, target: int, changed: list[int]) -> None:
        """Say what the weeks that were lived again may lack, and where they are others than before."""
        lacking = []
        if self._copy is None:
            lacking.append("what was changed by hand, which run() would have kept")
        if target > first and _owner(self.model, "step") is not _owner(self.model, "recover"):
            lacking.append("what a step() of your own did besides")
        if len(self.model.other_agents):
            lacking.append("the past of ordinary Mesa agents, which are as the error left them")
        again = f"Weeks {first} to {target - 1} were lived again. " if target > first else ""
        if changed:
            again += f"Week {changed[0]} is another one than before. "
            lacking.append("numbers that a line of your own keeps for itself")
        if lacking:
            warnings.warn(f"{again}Not recovered: {'; '.join(lacking)}.", stacklevel=4)
        for kind in self.model.scenario.components:
            if own_component(kind.name, declared_in(kind)) not in (kind, None):
                warnings.warn(
                    f'The component "{kind.name}" goes on with the class that it was made of, and {kind.__name__} has '
                    'been declared anew since. To take the new one: model.save("here.npz"), then '
                    'model = GovernanceModel.load("here.npz").',
                    stacklevel=4,
                )

    def _copied(self, model: Any) -> _Copy:
        """Copy the state of a model of the same components; what points at one of them points at this model's."""
        twins = self._twins(model)
        known = self._checksums if model is self.model else {}
        return _Copy(
            week=model.week,
            states={
                name: duplicate_state(part, _folded(part.state(), known, (name,)), twins)
                for name, part in _parts(model).items()
            },
            random=model.random.getstate(),
            rng=model.rng.bit_generator.state,
            calls=[(line, line.calls, line.seconds) for line in model.agenda],
        )

    def _anew(self) -> Any:
        """Make the model anew, as it was before its first week."""
        model = self.model
        try:
            more: dict[str, Any] = {"outcomes": model.own_outcomes} if model.own_outcomes else {}
            return type(model)(
                scenario=model.scenario, district=model.district, rng=model.seed, replay=model.replay, **more
            )
        except TypeError as error:
            raise UnfinishedWeekError(
                f"There is no way back to the beginning of week {self.target}: step() keeps no copy, and "
                f"{type(model).__name__} cannot be made anew from scenario, district, rng and replay. Make it yourself."
            ) from error

    def _at_first(self) -> _Copy:
        """The model before its first week."""
        begin = self._copied(self._anew())
        begin.calls.clear()
        return begin

    def _twins(self, model: Any) -> dict[int, Any]:
        """This model and its components, by the `id` of those of another one, or of its own."""
        own = self.model.mechanisms
        return {id(model): self.model, **{id(part): own[name] for name, part in model.mechanisms.items()}}

    def _restore(self, begin: _Copy) -> None:
        model = self.model
        parts, twins = _parts(model), self._twins(model)
        if strangers := parts.keys() - begin.states.keys():
            raise UnfinishedWeekError(
                f"There is no way back to the beginning of week {self.target} for the {', '.join(sorted(strangers))}: "
                "it was added by hand, and step() keeps no copy. Make the model anew."
            )
        built = _Anew(self)
        states = {name: _unfolded(duplicate(begin.states[name], twins), built) for name in parts}
        model.week = begin.week
        model.tally, model.costs = Tally(model.district.estates), Costs()
        for name, part in parts.items():
            _settle(part, states[name])
        for part in parts.values():
            if hasattr(part, "prepare"):
                part.prepare()
        model.random.setstate(begin.random)
        model.rng.bit_generator.state = begin.rng
        model.agenda.forget_times()
        for line, calls, seconds in begin.calls:
            line.calls, line.seconds = calls, seconds


class _Anew:
    """The arrays of a model made anew, which is made when the first of them is needed."""

    def __init__(self, recovery: Recovery) -> None:
        self.recovery = recovery

    @cached_property
    def states(self) -> dict[str, Any]:
        return {name: part.state() for name, part in _parts(self.recovery._anew()).items()}

    def array(self, built: _Built) -> NDArray[Any]:
        value: Any = self.states
        for step in built.path:
            value = value[step]
        if _checksum(value) != built.checksum:
            what = " ".join(map(str, built.path))
            raise UnfinishedWeekError(
                f"There is no way back to the beginning of week {self.recovery.target}: built again, the model has "
                f'another "{what}". Make the model anew yourself.'
            )
        return value


def _folded(value: Any, checksums: Mapping[_Path, int] = MappingProxyType({}), path: _Path = ()) -> Any:
    """Keep of every large array that is level its entry alone, and of one that is as it was built its checksum.

    What is fixed is shared in a copy, and stays as it is.
    """
    match value:
        case dict():
            return {name: _folded(item, checksums, (*path, name)) for name, item in value.items()}
        case list() | tuple():
            return type(value)(_folded(item, checksums, (*path, place)) for place, item in enumerate(value))
        case np.ndarray() if value.flags.writeable and _is_level(value):
            return _Level(value.flat[:1], value.shape)
        case np.ndarray() if path in checksums and _checksum(value) == checksums[path]:
            return _Built(path, checksums[path])
    return value


def _unfolded(value: Any, built: _Anew | None = None) -> Any:
    """Give back what `_folded` was given."""
    match value:
        case dict():
            return {name: _unfolded(item, built) for name, item in value.items()}
        case list() | tuple():
            return type(value)(_unfolded(item, built) for item in value)
        case _Level(entry, shape):
            return np.broadcast_to(entry, shape).copy()
        case _Built() if built is not None:
            return built.array(value)
    return value


def _checksums(value: Any, path: _Path = ()) -> Iterator[tuple[_Path, int]]:
    """Yield where the large arrays of a piece of state are, with checksums, but for those that are level or fixed."""
    match value:
        case dict():
            for name, item in value.items():
                yield from _checksums(item, (*path, name))
        case list() | tuple():
            for place, item in enumerate(value):
                yield from _checksums(item, (*path, place))
        case np.ndarray() if value.flags.writeable and _is_large(value) and not _is_level(value):
            yield path, _checksum(value)


def _checksum(array: NDArray[Any]) -> int:
    """The checksum of an array of numbers, its type and shape included."""
    begin = zlib.crc32(f"{array.dtype} {array.shape}".encode())
    return zlib.crc32(array.reshape(-1).view(np.uint8), begin)


def _is_large(array: NDArray[Any]) -> bool:
    return array.size >= _LARGE and array.dtype.kind in "biuf" and array.itemsize <= 8 and array.flags.c_contiguous


def _is_level(array: NDArray[Any]) -> bool:
    """Whether all entries of a large array of numbers are the same to the bit: nan is nan, and 0.0 is not -0.0."""
    if not _is_large(array):
        return False
    bits = array.ravel().view(f"u{array.itemsize}")
    return bool(bits[0] == bits[-1] and (bits == bits[0]).all())


def _parts(model: Any) -> dict[str, Any]:
    """Everything that has a state: components, and populations of a user's own."""
    components = model.mechanisms
    own = {
        f"population of {kind.__name__}": population
        for kind, population in model.populations.items()
        if not any(population is part for part in components.values())
    }
    return {**components, **own}


def _settle(part: Any, state: dict[str, Any]) -> None:
    """Give a component the state that it had, and nothing else."""
    now, then = part.state(), state
    if isinstance(part, Population):
        now, then = now["own"], then["own"]
    for name in now.keys() - then.keys():
        del part.__dict__[name]
    part.restore(state)


def _owner(model: Any, method: str) -> type:
    return next(kind for kind in type(model).__mro__ if method in vars(kind))
