"""Which parameters an analysis varies: all that declare a range, unless a user names some.

What is left out has a reason: an arm or the user sets it, it belongs to the design of the experiment, it declares no
range, or its section is switched off in every arm and cannot change anything.  The section's own switch stays.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from experiments.core.design.arms import of_the_ground
from experiments.core.design.axes import Axis, axes_of
from experiments.reporting.catalogue import N_
from sim import Scenario
from sim.core.errors import ScenarioError, nearest

EXPERIMENT: Final = frozenset({"district.sample", "coverage.strategy", "coverage.start_week"})
"""What all runs of an experiment share beside their ground, or what its arms are about."""


class Chosen(NamedTuple):
    """The axes that vary, and for each requested parameter that does not the reason."""

    axes: tuple[Axis, ...]
    left_out: Mapping[str, str]


def chosen(
    named: Sequence[str] | Mapping[str, Any],
    scenario: Scenario,
    arms: Mapping[str, Mapping[str, Any]],
    fixed: Sequence[str] = (),
) -> Chosen:
    """Choose what varies; raise an error where a name is unknown, or nothing is left that could vary.

    `named` are parameters or sections, nothing for all, or ranges by name as in a design; `fixed` are parameters that
    the user has set to a value.

    Examples
    --------
    >>> from sim import Scenario
    >>> varied = chosen(["services", "branches.targets"], Scenario(), {"none": {"coverage.strategy": "none"}})
    >>> [axis.name for axis in varied.axes][:2], varied.axes[0].high
    (['branches.targets', 'services.enabled'], 20.0)
    >>> chosen(["supervision"], Scenario(), {"none": {}}).left_out["supervision.focus"]
    'supervision is off'
    """
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
    own = named if isinstance(named, Mapping) else {}
    switched = [section for section, kind in scenario.sections.items() if "enabled" in kind.model_fields]
    worlds = [scenario.replace(dict(changes)) for changes in arms.values()]
    asleep = {section for section in switched if not any(world.get(f"{section}.enabled") for world in worlds)}
    axes, left_out = {}, {}
    for name in _spelled_out(list(named), scenario, list(facts)):
        section = name.partition(".")[0]
        recorded = section == "run" or (section == "outcomes" and facts[name]["status"] == "design")
        if name in EXPERIMENT or of_the_ground(name) or recorded:
            left_out[name] = N_("shared by all runs")
        elif any(name in changes for changes in arms.values()):
            left_out[name] = N_("set by an arm")
        elif name in fixed:
            left_out[name] = N_("set for all runs")
        elif section in asleep and name != f"{section}.enabled":
            left_out[name] = f"{section} is off"
        elif name not in own and (reason := _fixed_by_nature(facts[name], explicit=name in named)):
            left_out[name] = reason
        else:
            axes[name] = own.get(name, "declared")
    return axes, left_out


def _spelled_out(named: Sequence[str], scenario: Scenario, known: Sequence[str]) -> list[str]:
    """Put the parameters of the named sections beside those that are named, in the order of their declaration."""
    sections = scenario.sections
    for word in named:
        if word not in sections and word not in known:
            hint = nearest(word, [*known, *sections])
            raise ScenarioError(
                f'"{word}" is neither a parameter nor a section.{hint} Sections are: {", ".join(sections)}.'
            )
    return [name for name in known if not named or name in named or name.partition(".")[0] in named]


def _fixed_by_nature(facts: Mapping[str, Any], explicit: bool) -> str:
    """Say why a parameter without a range of the user's does not vary; nothing where it does."""
    if facts["choices"] or isinstance(facts["default"], bool):
        return ""
    low, high = facts["sweep_low"], facts["sweep_high"]
    if not isinstance(facts["default"], int | float) or low is None or high is None or low == high:
        return N_("declares no range")
    return N_("belongs to the design of the experiment") if facts["status"] == "design" and not explicit else ""
