"""Axes of a sweep: which parameters vary, and over what.

An axis is a range of numbers, or a list of levels.  Where a user names a parameter and nothing else, the range is the
one that the parameter declares; what is requested outside of the parameter's bounds is refused before the first run.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim import Scenario
from sim.core.errors import ScenarioError, refusal

DECLARED = ("declared", True)
"""What stands in a design for the range that a parameter declares."""


@dataclass(frozen=True)
class Axis:
    """One parameter that varies: over a range, which means nothing where there are levels.

    Along a `log` axis equal ratios, not equal differences, are equally far; both its ends are then above zero.

    Examples
    --------
    >>> Axis("services.effect", 0.0, 0.2).grid(3)
    [0.0, 0.1, 0.2]
    """

    name: str
    low: float = 0.0
    high: float = 1.0
    whole: bool = False
    levels: tuple[Any, ...] = ()
    log: bool = False

    def at(self, share: ArrayLike) -> list[Any]:
        """Values at shares of the way along the axis, each level or whole number getting its full part of it.

        Examples
        --------
        >>> Axis("branches.targets", 0, 20, whole=True).at([0.0, 0.5, 0.999])
        [0, 10, 20]
        >>> Axis("couriers.norm", levels=("none", "linear")).at([0.2, 0.5])
        ['none', 'linear']
        """
        shares = np.clip(np.asarray(share, dtype=np.float64), 0.0, 1.0)
        if self.levels:
            places = np.minimum((shares * len(self.levels)).astype(int), len(self.levels) - 1)
            return [self.levels[place] for place in places.tolist()]
        if self.whole:
            span = math.floor(self.high) - math.ceil(self.low) + 1
            return (math.ceil(self.low) + np.minimum(np.floor(shares * span), span - 1).astype(int)).tolist()
        if self.log:
            return _rounded(self.low * (self.high / self.low) ** shares)
        return _rounded(self.low + shares * (self.high - self.low))

    def grid(self, number: int) -> list[Any]:
        """Levels, or so many evenly spaced values with both ends; a whole number appears once.

        Examples
        --------
        >>> Axis("services.effect", 0.0, 0.2).grid(3)
        [0.0, 0.1, 0.2]
        """
        if self.levels:
            return list(self.levels)
        spaced = np.linspace(self.low, self.high, number) if number > 1 else np.array([(self.low + self.high) / 2])
        return list(dict.fromkeys(np.rint(spaced).astype(int).tolist() if self.whole else _rounded(spaced)))

    def shares(self, values: Sequence[Any]) -> NDArray[np.float64]:
        """How far along the axis values lie, in [0, 1], shape (n,).

        Examples
        --------
        >>> Axis("services.effect", 0.0, 0.2).shares([0.0, 0.1, 0.2]).tolist()
        [0.0, 0.5, 1.0]
        """
        if self.levels:
            return np.array([self.levels.index(value) for value in values]) / max(len(self.levels) - 1, 1)
        numbers = np.asarray(values, dtype=np.float64)
        if self.log:
            return np.log(numbers / self.low) / math.log(self.high / self.low)
        return (numbers - self.low) / (self.high - self.low)


def _rounded(values: NDArray[np.float64]) -> list[float]:
    """Round, so that a table shows what was run; far finer than anything that is known."""
    return [float(f"{value:.8g}") for value in values.tolist()]


def axes_of(ranges: Mapping[str, Any], scenario: Scenario) -> tuple[Axis, ...]:
    """Make axes of ``"declared"``, a range ``[low, high]``, or ``{"levels": [...]}`` for each parameter of a scenario.

    One message names all that is wrong with all of them.

    Examples
    --------
    >>> [axis.high for axis in axes_of({"branches.targets": "declared", "services.effect": [0, 0.3]}, Scenario())]
    [20.0, 0.3]
    """
    if not ranges:
        raise ScenarioError("The design varies nothing: name at least one parameter under [parameters].")
    facts = {row["name"]: row for row in scenario.parameters()}
    axes, problems = [], []
    for name, what in ranges.items():
        try:
            if name not in facts:
                scenario.replace({name: 0})  # its message names the nearest
            axes.append(_axis(name, what, facts[name], scenario))
        except ScenarioError as error:
            problems.append(str(error))
    if len(problems) > 1:
        raise ScenarioError("The design cannot be used:" + "".join(f"\n  - {problem}" for problem in problems))
    if problems:
        raise ScenarioError(problems[0])
    return tuple(axes)


def _axis(name: str, what: Any, facts: Mapping[str, Any], scenario: Scenario) -> Axis:
    number = _is_number(facts["default"])
    if what in DECLARED:
        if facts["choices"]:
            return Axis(name, levels=tuple(facts["choices"]))
        if isinstance(facts["default"], bool):
            return Axis(name, levels=(False, True))
        what = [facts["sweep_low"], facts["sweep_high"]]
        if not number or what[0] is None or what[0] == what[1]:
            raise ScenarioError(f"{name} declares no range: give [low, high], or levels = [...].")
    if isinstance(what, Mapping):
        levels = what.get("levels")
        if set(what) != {"levels"} or not isinstance(levels, Sequence) or isinstance(levels, str) or not levels:
            raise ScenarioError(f'{name} must be "declared", [low, high] or {{levels = [...]}}.')
        return Axis(name, levels=tuple(value_of(facts, scenario.replace({name: level}).get(name)) for level in levels))
    ends = list(what) if isinstance(what, Sequence) and not isinstance(what, str) else []
    if len(ends) != 2 or not number or not all(_is_number(end) for end in ends):
        raise ScenarioError(f'{name} must be "declared", [low, high] or {{levels = [...]}}, not {what!r}.')
    low, high = map(float, ends)
    if not low < high:
        raise ScenarioError(f"{name} = [{ends[0]}, {ends[1]}]: the first must be below the second.")
    for end in ends:
        # A whole number is checked as such, so that [0.5, 3] is refused for one.
        scenario.replace({name: end})
    return Axis(name, low, high, isinstance(facts["default"], int))


def value_of(facts: Mapping[str, Any], value: Any) -> Any:
    """Return a parameter's value at a point; refuse none, which a column of numbers would hold as NaN.

    Examples
    --------
    >>> value_of({"name": "coverage.start_week", "low": 0, "high": 4000}, None)
    Traceback (most recent call last):
    sim.ScenarioError: coverage.start_week = none: at each point it must have a value, from 0 to 4000; give the one ...
    """
    if value is not None:
        return value
    name, low, high = facts["name"], facts["low"], facts["high"]
    within = "" if low is None or high is None else refusal(f", from {low:g} to {high:g}")
    raise ScenarioError(f"{name} = none: at each point it must have a value{within}; give the one that is meant.")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
