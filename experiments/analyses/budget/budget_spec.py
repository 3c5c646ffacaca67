"""What is asked of a search for the best use of hours, and all that can be wrong with it before its first run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, Self

from experiments.analyses.budget.candidate_rules import family
from experiments.analyses.budget.cost_model import Rule, full_hours, terms_of
from experiments.analyses.budget.successive_halving import Rung, rungs
from experiments.core.design.grounds import grounds
from experiments.core.design.policies import COVERAGE, checked
from experiments.core.option import POLICY, Option
from experiments.core.spec import Spec, whole
from experiments.core.statistics.measures import better, chosen, columns_of, unit
from experiments.core.statistics.outcome_indices import PARTS
from sim import District, Scenario
from sim.core.errors import ScenarioError

NONE, DESKS, FULL, FULL_DESKS = "none", "desks", "full", "full desks"
"""What is held to no hours, and the hours of the best coverage, or of full coverage, at the communities' desks."""
CANDIDATES: Final = 24
"""Coverages that race where nothing else is said."""
ALWAYS: Final = ("conflicts", "filed", "standing")
"""Outcomes that are never shown one without the others."""
SPENT: Final = ("hours", "authority_hours", "dispatched_hours", "reporting_hours", "covered")
"""What tells how many hours were really spent, and on what."""


class BudgetSpec(Spec):
    """A search for the best coverage within numbers of cadre `hours` a week in the whole district, rising."""

    analysis = "budget"
    noun = "search"

    keywords = {"candidates": Annotated[int, Option("Coverages that race.")]}
    usual = {"estates": 240, "weeks": 156, "candidates": CANDIDATES}
    quick = {"estates": 60, "weeks": 104, "candidates": 9, "replicates": 2, "confirm": 8}

    hours: tuple[float, ...]
    outcome: Annotated[str, Option("By what coverage is chosen: conflicts, order, ...")] = "standing"
    candidates: dict[str, str | Rule]
    replicates: Annotated[int, whole(2), Option("Runs of each in the first heat; later heats triple them.")] = 3
    confirm: Annotated[int, whole(2), Option("Replicates of fresh chance afterwards.")] = 24
    policy: Annotated[str, POLICY] = COVERAGE

    @property
    def ground(self) -> District:
        return grounds(self.scenario, self.district, 1)[0]

    @property
    def planned(self) -> tuple[Rung, ...]:
        """The heats of the race, the same for every number of hours."""
        return rungs(len(self.candidates), self.replicates)

    @classmethod
    def asked_of(cls, hours: Sequence[float], fields: Mapping[str, Any]) -> Self:
        """Make the spec of numbers of cadre hours a week and of other fields; all that can be wrong is found here."""
        given = dict(fields)
        if not isinstance(hours, Iterable) or isinstance(hours, str | bytes | Mapping):
            raise ScenarioError(f"hours is {hours!r}: give a list of numbers, such as [20, 40].")
        hours = list(hours)
        checked(given.get("policy") or COVERAGE)
        offered = given.pop("candidates", CANDIDATES)
        spec = cls.of({**given, "hours": (), "candidates": {}})
        rising = checked_hours(hours, spec.ground, spec.scenario)
        kept_outcomes(spec.outcome, spec.scenario)
        number = len(offered) if isinstance(offered, Mapping) else offered
        if isinstance(number, bool) or not isinstance(number, int) or number < 2:
            raise ScenarioError(f"candidates is {number}: a whole number of at least 2 is needed.")
        rules = dict(offered) if isinstance(offered, Mapping) else family(number, spec.seed)
        return spec.replace(hours=rising, candidates=rules)


def checked_hours(hours: Sequence[float], district: District, scenario: Scenario) -> tuple[float, ...]:
    """Return the numbers of hours, rising, if they can be spent on coverage; raise the error that says why not."""
    most, least = full_hours(district, scenario), _least(district, scenario)
    full = f"full coverage of {district.estates} estates"
    for switch in ("branches.enabled", "coverage.enabled"):
        if not scenario.get(switch):
            raise ScenarioError(f"{switch} is off: no coverage does anything, whatever its hours.")
    for spend in hours:
        if isinstance(spend, bool) or not isinstance(spend, int | float) or not 0 < spend < math.inf:
            raise ScenarioError(
                f"hours = {spend}: a number above 0 is needed, cadre hours a week in the whole district."
            )
        if spend > most:
            reason = f"are more than coverage can take here: {full} takes {most:,.0f}. Give less."
            raise ScenarioError(f"{spend:,g} hours a week {reason}")
        if spend < least:
            reason = f"found no branch: the smallest takes {least:.2g}, and {full} {most:,.0f}."
            raise ScenarioError(f"{spend:,g} hours a week {reason}")
    if not hours:
        raise ScenarioError(f"No hours are given: name at least one number, up to {most:,.0f} a week here.")
    return tuple(sorted({float(spend) for spend in hours}))


def _least(district: District, scenario: Scenario) -> float:
    """Fewer hours than this found no branch of any kind."""
    terms = terms_of(scenario)
    members = district.members(scenario.district.members_rate)
    pooled = terms.secretary_hours + terms.each_member * terms.members_needed
    lent = min(terms.dispatched_hours, terms.dispatched_cap * terms.hours_community * float(district.strength.min()))
    # In-service members come on top wherever a branch is; the fewest of them are its least.
    in_service = float(terms.of_in_service(district, members).min())
    return in_service + min(pooled, lent + terms.each_member * float(members.min()))


def kept_outcomes(outcome: str, scenario: Scenario) -> tuple[str, ...]:
    """Return what is kept of every run; refuse an outcome by which nothing can be chosen."""
    [name] = chosen([outcome], columns_of(scenario))
    if better(name) == "neither":
        raise ScenarioError(f"{name} has no better side, so that no coverage can be chosen by it.")
    return tuple(dict.fromkeys([*PARTS.get(name, (name,)), *ALWAYS, *SPENT]))


def is_per_week(outcome: str) -> bool:
    """Tell whether an outcome is a number of cases a week, which can be given for the whole district.

    Examples
    --------
    >>> is_per_week("standing"), is_per_week("satisfaction")
    (True, False)
    """
    return unit(outcome) == "per 1,000 households and week"
