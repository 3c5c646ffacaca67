"""What may be asked of a search for the best use of hours, checked before its first run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from experiments.analyses.budget.candidates import Candidates, family
from experiments.analyses.budget.rules import full_hours, terms_of
from experiments.core.statistics.indices import PARTS
from experiments.core.statistics.measures import better, chosen

if TYPE_CHECKING:
    from sim import District, Scenario

__all__ = ["ALWAYS", "SPENT", "at_least", "checked_hours", "entrants", "kept_outcomes"]

ALWAYS: Final = ("conflicts", "filed", "standing")
"""Outcomes that are never shown one without the others."""
SPENT: Final = ("hours", "authority_hours", "dispatched_hours", "reporting_hours", "covered")
"""What tells how many hours were really spent, and on what."""


def checked_hours(hours: Sequence[float], district: District, scenario: Scenario) -> tuple[float, ...]:
    """Return the numbers of hours, rising, if they can be spent on coverage; raise the error that says why not."""
    from sim.errors import ScenarioError

    most, least = full_hours(district, scenario), _least(district, scenario)
    for switch in ("branches.enabled", "coverage.enabled"):
        if not scenario.get(switch):
            raise ScenarioError(f"{switch} is off: no coverage does anything, whatever its hours.")
    for one in hours:
        if isinstance(one, bool) or not isinstance(one, int | float) or not math.isfinite(one) or one <= 0:
            raise ScenarioError(f"hours = {one}: a number above 0 is needed, cadre hours a week in the whole district.")
        if one > most:
            raise ScenarioError(f"{one:,g} hours a week are more than coverage can take here: full coverage of "
                                f"{district.estates} estates takes {most:,.0f}. Give less.")
        if one < least:
            raise ScenarioError(f"{one:,g} hours a week found no branch: the smallest takes {least:.2g}, and full "
                                f"coverage of {district.estates} estates {most:,.0f}.")
    if not hours:
        raise ScenarioError(f"No hours are given: name at least one number, up to {most:,.0f} a week here.")
    return tuple(sorted({float(one) for one in hours}))


def _least(district: District, scenario: Scenario) -> float:
    """Fewer hours than this found no branch of any kind."""
    terms = terms_of(scenario)
    members = district.members(scenario.district.members_rate)
    pooled = terms.secretary_hours + terms.each_member * terms.members_needed
    lent = min(terms.dispatched_hours, terms.dispatched_cap * terms.hours_community * float(district.strength.min()))
    # In-service members come on top wherever a branch is; the fewest of them are its least.
    in_service = float(terms.of_in_service(district, members).min())
    return in_service + min(pooled, lent + terms.each_member * float(members.min()))


def entrants(candidates: int | Candidates, seed: int) -> dict[str, Any]:
    """Return the candidates: those given, or so many."""
    if isinstance(candidates, Mapping):
        at_least("candidates", len(candidates), 2)
        return dict(candidates)
    at_least("candidates", candidates, 2)
    return family(candidates, seed)


def at_least(name: str, number: Any, least: int) -> None:
    """Raise the error that says which number is too small, or none."""
    from sim.errors import ScenarioError

    if isinstance(number, bool) or not isinstance(number, int) or number < least:
        raise ScenarioError(f"{name} is {number}: a whole number of at least {least} is needed.")


def kept_outcomes(outcome: str) -> tuple[str, ...]:
    """Return what is kept of every run; refuse an outcome by which nothing can be chosen."""
    from sim.errors import ScenarioError
    from sim.outcomes import COLUMNS

    [name] = chosen([outcome], list(COLUMNS))
    if better(name) == "neither":
        raise ScenarioError(f"{name} has no better side, so that no coverage can be chosen by it.")
    return tuple(dict.fromkeys([*PARTS.get(name, (name,)), *ALWAYS, *SPENT]))
