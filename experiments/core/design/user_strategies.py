"""A user's own strategies and components: a file named with `--plugin`, or what was declared on the spot.

A plugin is code and is run as such, once in each process.  Its source travels with the job, so that a file
edited during a sweep cannot make two workers run two different strategies, and its hash is part of the key of
every run.  A strategy registered in a notebook cell exists in that process alone: it is sent with every job and
registered there again, and its source is part of the key of every run that follows it.
"""

from __future__ import annotations

import inspect
import sys
import traceback
import types
from collections.abc import Iterable, Mapping
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.core.environment import code_hash, digest, meant
from sim.component import Component, is_component
from sim.core.errors import GongzhiError, StrategyError, nearest
from sim.core.paths import expanded
from sim.core.sentence import Several
from sim.policies import arrangement, coverage

PREFIX = "gongzhi_plugin_"
"""Begins the module name of every plugin."""

_loaded: dict[str, Plugin] = {}
"""Plugins that this process has run, in order, by hash."""


@dataclass(frozen=True)
class Plugin:
    """One plugin file as it was read."""

    name: str
    source: str

    @classmethod
    def read(cls, path: str | Path) -> Plugin:
        """Read a plugin file without running it."""
        file = expanded(path)
        try:
            source = file.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise StrategyError(
                f"There is no plugin file {file}: give the one that is meant, with --plugin, plugin= in Python."
            ) from None
        except UnicodeDecodeError:
            raise StrategyError(f"The plugin file {file} is not in UTF-8.") from None
        except OSError as error:
            raise StrategyError(f"The plugin file {file} cannot be read: {error.strerror or error}.") from None
        return cls(str(file), source)

    @property
    def hash(self) -> str:
        """Hash of what the source does, whatever the file is called and whatever its comments say."""
        return digest(meant(self.source))

    @property
    def module(self) -> str:
        """Name of the module that the plugin becomes."""
        return f"{PREFIX}{self.hash[:12]}"

    @property
    def components(self) -> tuple[type[Component], ...]:
        """Components that are declared in the plugin, which has been loaded, but for those that begin with `_`."""
        return tuple(
            thing
            for name, thing in vars(sys.modules[self.module]).items()
            if is_component(thing) and thing.__module__ == self.module and not name.startswith("_")
        )

    def load(self) -> None:
        """Run the plugin, unless this process already has."""
        if self.hash in _loaded:
            return
        sys.modules[self.module] = module = types.ModuleType(self.module)
        module.__file__ = self.name
        try:
            with chdir("."):  # what a plugin looks for beside itself moves no results
                exec(compile(self.source, self.name, "exec"), module.__dict__)
        except BaseException as error:
            sys.modules.pop(self.module)
            if isinstance(error, KeyboardInterrupt):  # of a person who does not want to wait
                raise
            raise StrategyError(f"The plugin {self.name} cannot be used: {self._reason(error)}") from error
        _loaded[self.hash] = self

    def __reduce__(self) -> tuple[Any, ...]:
        return _arrived, (self.name, self.source)

    def _reason(self, error: BaseException) -> str:
        """Say why the plugin cannot be run, and the last of its lines that an error came through."""
        if isinstance(error, GongzhiError):
            return str(error)
        if isinstance(error, SyntaxError):
            return f"{'' if error.lineno is None else f'line {error.lineno}: '}{error.msg}."
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == self.name]
        what = (
            "it ends the program" if isinstance(error, SystemExit) else f"{type(error).__name__}: {error}".strip(": ")
        )
        where = f" (line {lines[-1]})" if lines else ""
        beside = Path(self.name).with_name(f"{error.name}.py") if isinstance(error, ModuleNotFoundError) else None
        if beside is not None and beside.is_file():
            return (
                f"{what}{where}. A plugin is one file, which workers are sent: put what it needs of {beside} into it."
            )
        return f"{what}{where}."


def _arrived(name: str, source: str) -> Plugin:
    """Take in a plugin that another process has sent: what comes behind it may hold what it declares."""
    plugin = Plugin(name, source)
    plugin.load()
    return plugin


def loaded() -> tuple[Plugin, ...]:
    """Return the plugins that this process has run, in order."""
    return tuple(_loaded.values())


def registered(strategies: Iterable[str] | None = None) -> dict[str, Any]:
    """Return the strategies that were registered on the spot, by name: all, or those that some strategies rest on."""
    bases = None if strategies is None else set(map(bare, strategies))
    return {
        name: function
        for name, function in coverage.registered().items()
        if not plugin_of(function) and (bases is None or name in bases)
    }


def plugins_for(strategies: Iterable[str], things: Iterable[Any]) -> tuple[Plugin, ...]:
    """Return the plugins that runs need, in the order in which this process has run them.

    Another one, which a process may have run for something else, could not be run where they are.

    Parameters
    ----------
    strategies
        What the runs follow.
    things
        Their components, and what makes their model.
    """
    functions = coverage.registered()
    homes = {plugin_of(functions.get(base)) for base in map(bare, strategies)} | set(map(plugin_of, things))
    return tuple(plugin for plugin in _loaded.values() if plugin.module.removeprefix(PREFIX) in homes)


def register(strategies: Mapping[str, Any]) -> None:
    """Register strategies that came with a job."""
    for name, function in strategies.items():
        coverage.strategy(name)(function)


def hash_of(strategy: str) -> str:
    """Hash the source of a strategy, or of the one that a control follows; empty for what is no user's own.

    A strategy of a plugin stands for its whole file, whose helpers it may call.
    """
    function = coverage.registered().get(bare(strategy))
    return "" if function is None else plugin_of(function) or code_hash(function)


def summaries(strategies: Iterable[str]) -> dict[str, str]:
    """Return what their authors say of strategies of their own: the first line of each docstring, by name."""
    functions, bases = coverage.registered(), map(bare, strategies)
    texts = {base: inspect.getdoc(functions[base]) for base in bases if base in functions}
    return {name: text.splitlines()[0] for name, text in texts.items() if text}


def bare(strategy: str) -> str:
    """Return the coverage that a strategy, a control or a policy called after the arrangement rests on.

    Examples
    --------
    >>> bare("placebo:full"), bare("hours_matched:arrangement, own"), bare("hours_matched:arrangement")
    ('full', 'own', 'full')
    """
    name = strategy.rpartition(":")[2]
    policy = arrangement.named(name)
    return name if policy is None else str(policy.get("coverage.strategy", "none"))


def plugin_of(thing: Any) -> str:
    """Return the hash of the plugin that a function or a class comes from, or an empty text."""
    home = str(getattr(thing, "__module__", ""))
    return home.removeprefix(PREFIX) if home.startswith(PREFIX) else ""


def check(strategy: str, label: str = "", standalone: bool = False) -> None:
    """Raise the error that says what is wrong with the name of a strategy or control in the arm of a label.

    Where it is `standalone`, run by itself, there are no hours that it could replay.
    """
    try:
        control, base = coverage.parse(strategy)
    except StrategyError as error:
        meant = "" if strategy == arrangement.NAME else nearest(strategy, [arrangement.NAME])
        problem = Several([error.args[0], meant], "")
        named = label not in ("", strategy)
        raise StrategyError(f'Arm "{label}": {problem}' if named else problem) from None
    if standalone and control.startswith("hours_matched"):
        raise StrategyError(
            f"{strategy} replays the hours of {base}, which has to be run beside it: gongzhi compare {base} {strategy}."
        )
