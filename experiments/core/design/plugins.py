"""A user's own strategies: a file named with `--plugin`, or functions registered on the spot.

A plugin is code and is run as such, once in each process.  Its source travels with the job, so that a file
edited during a sweep cannot make two workers run two different strategies, and its hash is part of the key of
every run.
"""

from __future__ import annotations

import sys
import traceback
import types
from dataclasses import dataclass
from pathlib import Path

from experiments.core.environment import digest, meant
from sim.errors import GongzhiError, StrategyError
from sim.paths import expanded

PREFIX = "gongzhi_plugin_"
"""Begins the module name of every plugin."""

_loaded: set[str] = set()


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
            raise StrategyError(f"There is no plugin file {file}.") from None
        except UnicodeDecodeError:
            raise StrategyError(f"The plugin file {file} is not in UTF-8.") from None
        except OSError as error:
            raise StrategyError(f"The plugin file {file} cannot be read: {error.strerror or error}.") from None
        return cls(str(file), source)

    @property
    def hash(self) -> str:
        """Hash of what the source does, whatever the file is called and whatever its comments say."""
        return digest(meant(self.source))

    def load(self) -> None:
        """Run the plugin, unless this process already has."""
        if self.hash in _loaded:
            return
        name = f"{PREFIX}{self.hash[:12]}"
        module = types.ModuleType(name)
        module.__file__ = self.name
        sys.modules[name] = module
        try:
            exec(compile(self.source, self.name, "exec"), module.__dict__)
        except (Exception, SystemExit) as error:
            sys.modules.pop(name)
            raise StrategyError(f"The plugin {self.name} cannot be used: {self._reason(error)}") from error
        _loaded.add(self.hash)

    def _reason(self, error: BaseException) -> str:
        """Say why the plugin cannot be run, and the last of its lines that an error came through."""
        if isinstance(error, GongzhiError):
            return str(error)
        if isinstance(error, SyntaxError):
            return f"{'' if error.lineno is None else f'line {error.lineno}: '}{error.msg}."
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == self.name]
        what = "it ends the program" if isinstance(error, SystemExit) else f"{type(error).__name__}: {error}"
        return f"{what}{f' (line {lines[-1]})' if lines else ''}."
