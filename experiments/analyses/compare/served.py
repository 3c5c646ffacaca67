"""Where branches are: how many estates each strategy serves, and which it leaves without one.

How many is in the record of the runs.  Which ones is not; it is worked out anew where it follows from the district
alone, as in full coverage, and from nothing that happens in a run.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from experiments.analyses.compare.comparison_view import Reader
from experiments.reporting.finding import Finding
from sim import Scenario
from sim.core.chance import Chance
from sim.policies.coverage.assignment import plan
from sim.policies.coverage.branch_kinds import BranchKind
from sim.policies.coverage.strategies import State

NAMED: Final = 5
"""Estates that a sentence names at most."""
FIXED: Final = ("own", "dispatched", "joint", "full")
"""Strategies that ask for nothing but members and places."""


def served(reader: Reader) -> list[Finding]:
    """Find how many estates have a branch at the end under each strategy, and which have none."""
    if "covered" not in reader.comparison.series:
        return []
    scenarios = {arm.label: arm.scenario for arm in reader.comparison.outcome.design.arms}
    estates = reader.comparison.district.estates
    texts = []
    for arm in reader.strategies:
        count = round(float(reader.weekly(arm, "covered").iloc[:, -1].mean()) * estates, 1)
        names = without(reader, scenarios[arm]) if count < estates else []
        known = names if len(names) == estates - count else []
        more = len(known[NAMED:])
        texts.append(
            Finding("comparison.served", arm=arm, count=count, estates=estates, names=known[:NAMED], more=more)
        )
    return texts


def without(reader: Reader, scenario: Scenario) -> list[str]:
    """Return the estates of the first district that a strategy leaves without a branch, where it follows from that."""
    coverage, district = scenario.coverage, reader.comparison.district
    if coverage.strategy not in FIXED:
        return []
    nothing, nowhere = np.zeros(district.estates), np.zeros(district.estates, dtype=bool)
    state = State(
        week=0,
        wave=0,
        waves=coverage.waves,
        share=coverage.share,
        hours=coverage.hours,
        second=coverage.second,
        needed=coverage.members_needed,
        conflicts=nothing,
        committee=nowhere,
        covered=nowhere,
        satisfaction=nothing,
        strength=nothing,
        own_hours=nothing,
        second_hours=nothing,
        chance=Chance(0),
    )
    members = district.members(scenario.district.members_rate)
    placed = plan(coverage.strategy, district, members, state, coverage, scenario.branches.estates_per_secretary)
    return [str(name) for name in np.asarray(district.names)[placed.kind == BranchKind.NONE]]
