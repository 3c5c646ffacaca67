"""From the spec of a comparison to its design; everything that can be wrong with it is found here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from experiments.core.design.design import Design, seed_of
from experiments.core.design.plugins import Plugin

if TYPE_CHECKING:
    from experiments.analyses.compare.comparison_spec import ComparisonSpec
    from sim import District, Scenario

__all__ = ["grounds", "planned"]


def planned(spec: ComparisonSpec, *, worlds: Mapping[str, int] | None = None, stored: bool = False) -> Design:
    """Make the design of a comparison.

    Parameters
    ----------
    spec
        Of the comparison.
    worlds
        As for `Design.of`.
    stored
        Whether it is only read: then strategies of the user's own need not be at hand.

    Raises
    ------
    GongzhiError
        When an arm cannot be run.
    """
    from experiments.core.design.strategies import check

    code = None if spec.plugin is None or stored else Plugin.read(spec.plugin)
    if code is not None:
        code.load()
    scenario = spec.scenario.replace({"outcomes.record_estates": True})
    design = Design.of(
        spec.arms, scenario, grounds(scenario, spec.district, spec.districts), baseline=spec.baseline,
        replicates=spec.replicates, seed=spec.seed, plugin=code, model=spec.model, worlds=worlds or {})
    for arm in () if stored else design.arms:
        check(arm.strategy, arm.label)
    return design


def grounds(scenario: Scenario, district: District | None, count: int) -> list[District]:
    """Return the districts: the user's own, or synthetic ones of which the first is the scenario's."""
    from sim import District
    from sim.errors import ScenarioError

    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise ScenarioError(f"districts is {count}: a whole number of at least 1 is needed.")
    if district is not None:
        if count > 1:
            raise ScenarioError("districts varies the synthetic ground; with a district of your own it must be 1.")
        return [district]
    estates, seed = scenario.district.estates, scenario.district.seed
    seeds = [seed] + [seed_of(seed, number, 0) % 2**31 for number in range(1, count)]
    return [District.synthetic(estates=estates, seed=value, ground=scenario.ground) for value in seeds]
