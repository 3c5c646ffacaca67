"""A user's own strategies: a file named with `--plugin`, or functions registered on the spot.

A plugin is code and is run as such, once in each process.  Its source travels with the job, so that a file
edited during a sweep cannot make two workers run two different strategies, and its hash is part of the key of
every run.
"""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass
from pathlib import Path

from experiments.core.environment import digest, meant
from sim.errors import GongzhiError, StrategyError
from sim.paths import expanded

__all__ = ["PREFIX", "Plugin"]

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
        except GongzhiError as error:
            sys.modules.pop(name)
            raise StrategyError(f"The plugin {self.name} cannot be used: {error}") from error
        except SyntaxError as error:
            sys.modules.pop(name)
            where = "" if error.lineno is None else f"line {error.lineno}: "
            raise StrategyError(f"The plugin {self.name} cannot be used: {where}{error.msg}.") from None
        except SystemExit as error:
            sys.modules.pop(name)
            raise StrategyError(
                f"The plugin {self.name} cannot be used: it ends the program{_line(error, self.name)}."
            ) from None
        except Exception as error:
            sys.modules.pop(name)
            what = f"{type(error).__name__}: {error}{_line(error, self.name)}"
            raise StrategyError(f"The plugin {self.name} cannot be used: {what}.") from error
        _loaded.add(self.hash)


def _line(error: BaseException, name: str) -> str:
    """Say in which line of the plugin an error arose."""
    line = ""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            line = f" (line {trace.tb_lineno})"
        trace = trace.tb_next
    return line
