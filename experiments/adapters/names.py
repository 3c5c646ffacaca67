"""What varies, and what it is called where a name must be a Python identifier.

The EMA workbench distinguishes uncertainties, which nobody chooses, from levers, which somebody does.  A weakly known
parameter is an uncertainty, the coverage strategy and the switches of policies are levers.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from experiments.core.design.arms import of_the_ground
from experiments.core.design.axes import DECLARED, Axis, axes_of
from sim import Scenario
from sim.core.errors import ScenarioError
from sim.policies import coverage

Wanted = Mapping[str, Any] | Sequence[str] | None
"""Parameters as in a design file, or only their names, whose declared ranges are then meant, or None for all."""

STRATEGY: Final = "coverage.strategy"

EVENTS: Final = ("emergency.enabled",)
"""Switches that are off by default and are no policy."""


def identifier(name: str) -> str:
    """Write a dotted name so that it can be a name in Python.

    Examples
    --------
    >>> identifier("branches.reporting_hours")
    'branches__reporting_hours'
    """
    return name.replace(".", "__")


def usual_levers(scenario: Scenario) -> dict[str, Any]:
    """Name what a policy can choose: the coverage strategy, what comes second, and the switches of the other policies.

    The world's mechanisms are on by default and policies are off, so that a switch that is off is a policy's.

    Examples
    --------
    >>> found = usual_levers(Scenario())
    >>> "full" in found["coverage.strategy"]["levels"], found["empowerment.enabled"]
    (True, 'declared')
    """
    levers: dict[str, Any] = {STRATEGY: {"levels": list(coverage.names())}, "coverage.second": "declared"}
    for row in scenario.parameters():
        off = row["unit"] == "switch" and row["default"] is False
        if off and row["name"] not in EVENTS and not of_the_ground(row["name"]):
            levers[row["name"]] = "declared"
    return levers


def usual_uncertainties(scenario: Scenario) -> dict[str, Any]:
    """Name what is weakly known: every parameter with a range or choices that is no part of the experiment's design.

    Examples
    --------
    >>> found = usual_uncertainties(Scenario())
    >>> "branches.reporting_hours" in found, "run.weeks" in found, "coverage.second" in found
    (True, False, False)
    """
    policy = usual_levers(scenario)
    return {
        row["name"]: "declared"
        for row in scenario.parameters()
        if row["status"] != "design"
        and row["name"] not in policy
        and not of_the_ground(row["name"])
        and (row["choices"] or row["sweep_low"] != row["sweep_high"])
    }


def chosen_axes(choice: Wanted, usual: Mapping[str, Any], scenario: Scenario) -> tuple[Axis, ...]:
    """Make the axes that a user names, or the usual ones.

    A parameter that is unknown, has no range or a single level, or is one that all runs must share is refused.

    Examples
    --------
    >>> [axis.levels for axis in chosen_axes(["coverage.second"], {}, Scenario())]
    [('joint', 'dispatched')]
    """
    if choice is None:
        choice = usual
    if isinstance(choice, str):
        choice = [choice]
    if not isinstance(choice, Iterable):
        raise ScenarioError(f"{choice!r} is no name of a parameter: names are texts like branches.reporting_hours.")
    ranges = dict(choice) if isinstance(choice, Mapping) else dict.fromkeys(choice, "declared")
    for odd in ranges:
        if not isinstance(odd, str):
            raise ScenarioError(f"{odd!r} is no name of a parameter: names are texts like branches.reporting_hours.")
    if ranges.get(STRATEGY) in DECLARED:
        ranges[STRATEGY] = usual_levers(scenario)[STRATEGY]
    for fixed in filter(of_the_ground, ranges):
        raise ScenarioError(
            f"{fixed} must be shared by all runs, since they are compared in pairs: set it in the scenario instead."
        )
    axes = axes_of(ranges, scenario) if ranges else ()
    for axis in axes:
        if len(set(axis.levels)) == 1:
            raise ScenarioError(f"{axis.name} has a single level, {axis.levels[0]!r}: set it in the scenario instead.")
    return axes
