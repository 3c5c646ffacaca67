"""Which parameters an analysis varies: all that declare a range, unless a user names some.

What is left out has a reason: an arm or the user sets it, it belongs to the design of the experiment, it declares no
range, or its section is switched off in every arm and cannot change anything.  The section's own switch stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from experiments.core.design.arms import of_the_ground
from experiments.core.design.axes import Axis, axes_of
from experiments.reporting.catalogue import N_

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["Chosen", "chosen", "is_discrete", "sorted_out"]

EXPERIMENT: Final = frozenset({"district.sample", "coverage.strategy", "coverage.start_week"})
"""What all runs of an experiment share beside their ground, or what its arms are about."""


@dataclass(frozen=True)
class Chosen:
    """The axes that vary, and for each requested parameter that does not the reason."""

    axes: tuple[Axis, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)


def is_discrete(axis: Axis) -> bool:
    """Return whether an axis is a switch or a choice, between whose levels there is nothing."""
    return bool(axis.levels)


def chosen(
    named: Sequence[str] | Mapping[str, Any],
    scenario: Scenario,
    arms: Mapping[str, Mapping[str, Any]],
    fixed: Sequence[str] = (),
) -> Chosen:
    """Choose what varies.

    `named` are parameters or sections, nothing for all, or ranges by name as in a design; `fixed` are parameters that
    the user has set to a value.

    Raises
    ------
    ScenarioError
        A name is unknown, or nothing is left that could vary.

    Examples
    --------
    >>> from sim import Scenario
    >>> varied = chosen(["services", "branches.targets"], Scenario(), {"none": {"coverage.strategy": "none"}})
    >>> [axis.name for axis in varied.axes][:2], varied.axes[0].high
    (['branches.targets', 'services.enabled'], 20.0)
    >>> chosen(["supervision"], Scenario(), {"none": {}}).left_out["supervision.focus"]
    'supervision is off'
    """
    from sim.errors import ScenarioError

    axes, left_out = sorted_out(named, scenario, arms, fixed)
    if not axes:
        reasons = [f"{name}: {reason}." for name, reason in list(left_out.items())[:10]]
        raise ScenarioError.listing("Nothing is left that could vary", reasons)
    return Chosen(axes_of(axes, scenario), left_out)


def sorted_out(
    named: Sequence[str] | Mapping[str, Any],
    scenario: Scenario,
    arms: Mapping[str, Mapping[str, Any]],
    fixed: Sequence[str] = (),
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what may vary with its range, and what may not with the reason; both by name, see `chosen`."""
    facts = {row["name"]: row for row in scenario.parameters()}
    own = dict(named) if isinstance(named, Mapping) else {}
    names = _named([*own] if own else list(named), scenario, list(facts))
    explicit = {*own, *(name for name in named if name in facts)}
    asleep = _asleep(scenario, arms)
    axes, left_out = {}, {}
    for name in names:
        reason = _reason(name, facts[name], arms, fixed, asleep, explicit, own)
        if reason:
            left_out[name] = reason
        else:
            axes[name] = own.get(name, "declared")
    return axes, left_out


def _named(named: Sequence[str], scenario: Scenario, known: Sequence[str]) -> list[str]:
    """Spell out sections, and put names into the order of their declaration."""
    from sim.errors import ScenarioError, nearest

    if not named:
        return list(known)
    names = set()
    for word in named:
        if word in scenario.sections:
            names |= {name for name in known if name.startswith(f"{word}.")}
        elif word in known:
            names.add(word)
        else:
            hint = nearest(word, [*known, *scenario.sections])
            raise ScenarioError(
                f'"{word}" is neither a parameter nor a section.{hint} Sections are: {", ".join(scenario.sections)}.'
            )
    return [name for name in known if name in names]


def _asleep(scenario: Scenario, arms: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Sections whose switch is off in every arm."""
    worlds = [scenario.replace(dict(changes)) for changes in arms.values()]
    rooms = [name for name, kind in scenario.sections.items() if "enabled" in kind.model_fields]
    return {room for room in rooms if not any(world.get(f"{room}.enabled") for world in worlds)}


def _reason(
    name: str,
    facts: Mapping[str, Any],
    arms: Mapping[str, Mapping[str, Any]],
    fixed: Sequence[str],
    asleep: set[str],
    explicit: set[str],
    own: Mapping[str, Any],
) -> str:
    """Say why a parameter does not vary; nothing where it does."""
    room = name.partition(".")[0]
    if name in EXPERIMENT or of_the_ground(name) or room in ("run", "outcomes"):
        return N_("shared by all runs")
    if any(name in changes for changes in arms.values()):
        return N_("set by an arm")
    if name in fixed:
        return N_("set for all runs")
    if room in asleep and name != f"{room}.enabled":
        return f"{room} is off"
    if name in own or facts["choices"] or isinstance(facts["default"], bool):
        return ""
    low, high = facts["sweep_low"], facts["sweep_high"]
    if not isinstance(facts["default"], int | float) or low is None or high is None or low == high:
        return N_("declares no range")
    if facts["status"] == "design" and name not in explicit:
        return N_("belongs to the design of the experiment")
    return ""
