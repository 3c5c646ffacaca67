"""The two panels: what a policy chooses, and what nobody knows, each with its range and where its default comes from.

Both lists follow from the declarations, as the levers and uncertainties of `experiments.adapters.names` do; what the
arrangement changes is a policy too.  Assumptions stand in the order of their pull on the effects, as a screening has
measured it (`least_known`); those that it has left out follow by section.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from experiments import presets
from experiments.adapters.names import STRATEGY, usual_levers, usual_uncertainties
from experiments.analyses.assumptions.least_known import LeastKnown
from sim import Scenario
from sim.core.errors import ScenarioError
from sim.policies import arrangement

Kind = Literal["switch", "choice", "whole", "number"]

FIRST: Final = 12
"""Assumptions that stand open; the others are found by their name or section."""
STEPS: Final = 100
"""Positions of a slider."""


@dataclass(frozen=True)
class Control:
    """One parameter as a page shows it: a row of `Scenario.parameters`.

    A number has the plausible range, or the nearest that the limits and the default leave.  `pulls` says whether it is
    one of those with the largest pull on the effects.
    """

    row: dict[str, Any]
    kind: Kind
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    choices: tuple[str, ...] = ()
    pulls: bool = False

    @property
    def name(self) -> str:
        """Dotted name."""
        return str(self.row["name"])

    def value_of(self, given: Any) -> Any:
        """Return what the page has sent as a value of the parameter, or raise the error that says what is allowed."""
        if self.kind == "switch" and isinstance(given, bool) or self.kind == "choice" and given in self.choices:
            return given
        if self.kind not in ("whole", "number"):
            raise ScenarioError(f"{self.name} cannot be {given!r}.")
        if self.kind == "whole" and isinstance(given, float) and given.is_integer():
            given = int(given)
        try:
            return Scenario.parse_setting(f"{self.name}={given}")[1]
        except ScenarioError as error:
            raise ScenarioError(" ".join(error.problems) or str(error)) from None


@cache
def _rows() -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in Scenario().parameters()}


def _control(row: dict[str, Any], choices: tuple[str, ...] = (), pulls: bool = False) -> Control | None:
    """Return the control of a declared parameter; None of one without a range."""
    words = choices or tuple(row["choices"] or ())
    if words:
        return Control(row, "choice", choices=words, pulls=pulls)
    if isinstance(row["default"], bool):
        return Control(row, "switch", pulls=pulls)
    low, high, default = row["sweep_low"], row["sweep_high"], row["default"]
    if low is None or high is None or not isinstance(default, int | float):
        return None
    low, high = min(low, default), max(high, default)
    if isinstance(default, int):
        return Control(row, "whole", low, high, 1.0, pulls=pulls)
    return Control(row, "number", low, high, (high - low) / STEPS, pulls=pulls)


@cache
def policies() -> tuple[Control, ...]:
    """Return what a policy chooses, the coverage strategy first."""
    levers = usual_levers(Scenario())
    names = dict.fromkeys([*levers, *arrangement.changes()])
    strategies = tuple(levers[STRATEGY]["levels"])
    return tuple(filter(None, (_control(_rows()[name], strategies if name == STRATEGY else ()) for name in names)))


@cache
def assumptions() -> tuple[Control, ...]:
    """Return what nobody chooses and little is known of, in the order of its pull."""
    policy = {control.name for control in policies()}
    pulling = LeastKnown.read(presets.FOLDER / "least-known.toml").names
    names = [name for name in dict.fromkeys([*pulling, *usual_uncertainties(Scenario())]) if name not in policy]
    return tuple(filter(None, (_control(_rows()[name], pulls=name in pulling[:FIRST]) for name in names)))


@cache
def by_name() -> dict[str, Control]:
    """Return all controls by the name of their parameter."""
    return {control.name: control for control in (*policies(), *assumptions())}


def control_of(name: Any) -> Control:
    """Return the control of a parameter, or raise the error that says that the page has none."""
    control = by_name().get(name) if isinstance(name, str) else None
    if control is None:
        raise ScenarioError(f"{name!r} is nothing that this page can change.")
    return control
