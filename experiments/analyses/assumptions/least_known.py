"""The list of what is least known, as it is shipped: made by a screening (`screening`), read by every comparison.

The file names for each parameter its range and what its pull is, in the order of pull; how it was made stands above.  A
comparison takes the first of them (`USED`).  Nobody chooses: what the screening finds is what is varied.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from experiments.core.design.axes import Axis
from sim import Scenario
from sim.core.errors import ScenarioError

USED: Final = 16  # parameters from the head of the list that a range is made over

RATIO: Final = 8.0
"""Of the ends of a range above zero, from which on equal ratios are equally likely, and not equal differences."""

HEAD: Final = (
    "# What is least known: the parameters with the largest pull on the effects of full coverage and of the",
    "# whole arrangement, by a screening of all that declare a range (docs/laboratory.md).",
    "# Not to be edited: the command below makes it anew.",
    "",
)


@dataclass(frozen=True)
class Assumption:
    """One parameter of which little is known, and the ends of the range that it declares, or the levels that it has.

    Its values are spread by a `scale`: `linear`, `log`, `whole` or `levels`.  Its `pull` is the mean over the screened
    effects of the share of their spread that it explains, in `pulls` by effect; `p` the smallest over these effects,
    adjusted for all parameters and effects.
    """

    name: str
    scale: str
    low: float = 0.0
    high: float = 1.0
    levels: tuple[Any, ...] = ()
    pull: float = 0.0
    p: float = 1.0
    pulls: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, axis: Axis, **measured: Any) -> Assumption:
        scale = "levels" if axis.levels else "whole" if axis.whole else "log" if axis.log else "linear"
        return cls(axis.name, scale, axis.low, axis.high, axis.levels, **measured)

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Assumption:
        """Make one of what a file says."""
        return cls(**{**record, "levels": tuple(record.get("levels", ()))})

    def record(self) -> dict[str, Any]:
        """Return what varies, as a file has it."""
        ends = {"levels": list(self.levels)} if self.levels else {"low": self.low, "high": self.high}
        return {"name": self.name, "scale": self.scale, **ends}

    def axis(self, factor: float = 1.0) -> Axis:
        """The axis that it varies along; `factor` scales what is counted for a whole district to a smaller one."""
        if self.levels:
            return Axis(self.name, levels=self.levels)
        return Axis(self.name, self.low * factor, self.high * factor, self.scale == "whole", log=self.scale == "log")


@dataclass(frozen=True)
class LeastKnown:
    """The list, the largest pull first, and how it was made: command, rule, worlds, parameters screened."""

    assumptions: tuple[Assumption, ...]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [assumption.name for assumption in self.assumptions]

    def head(self, count: int = USED) -> LeastKnown:
        return LeastKnown(self.assumptions[:count], self.provenance)

    @classmethod
    def read(cls, path: Path) -> LeastKnown:
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
            rows = content.pop("assumption")
            return cls(tuple(map(Assumption.read, rows)), content)
        except OSError as error:
            raise ScenarioError(f"{path} cannot be read: {error.strerror or error}.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
            raise ScenarioError(f"{path} is no list of what is least known: {error}.") from None

    def to_toml(self) -> str:
        lines = [*HEAD, *(f"{name} = {_toml(value)}" for name, value in self.provenance.items())]
        for item in self.assumptions:
            entries = {**item.record(), "pull": item.pull, "p": item.p}
            lines += ["", "[[assumption]]", *(f"{name} = {_toml(value)}" for name, value in entries.items())]
            if item.pulls:
                lines.append("pulls = { " + ", ".join(f"{_toml(k)} = {_toml(v)}" for k, v in item.pulls.items()) + " }")
        return "\n".join(lines) + "\n"

    def checked(self, scenario: Scenario) -> LeastKnown:
        """Return the list if all of it can be varied in a scenario; raise the error that names what cannot."""
        wrong: dict[str, str] = {}
        for item in self.assumptions:
            for value in item.levels or (item.low, item.high):
                try:
                    scenario.replace({item.name: round(value) if item.scale == "whole" else value})
                except ScenarioError as error:
                    wrong.setdefault(item.name, f"{item.name}: {error}")
        if wrong:
            raise ScenarioError.listing("The list of what is least known does not fit this model", list(wrong.values()))
        return self


def _toml(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return repr(float(f"{value:.8g}")) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
