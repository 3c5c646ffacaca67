"""The districts on which a design is run."""

from experiments.core.design.design import at_least_one, seed_of
from sim import District, Scenario
from sim.core.errors import ScenarioError

MOST = 1_000
"""Synthetic districts of a design, which are all in memory while it runs."""


def grounds(scenario: Scenario, district: District | None, count: int) -> list[District]:
    """Return the districts: the user's own, or synthetic ones of which the first is the scenario's."""
    at_least_one("districts", count)
    if count > MOST:
        raise ScenarioError(f"districts is {count}: at most {MOST:,} are made.")
    if district is not None:
        if count > 1:
            raise ScenarioError("districts varies the synthetic ground; with a district of your own it must be 1.")
        return [district]
    estates, seed = scenario.district.estates, scenario.district.seed
    seeds = [seed] + [seed_of(seed, number, 0) % 2**31 for number in range(1, count)]
    return [District.synthetic(estates=estates, seed=value, ground=scenario.ground) for value in seeds]
