"""From what a user asks for to a design; everything that can be wrong with it is found here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.design.arms import Arms
from experiments.lab.design.design import Design, seed_of
from experiments.lab.design.plugins import Plugin

if TYPE_CHECKING:
    from sim import District, Scenario

__all__ = ["grounds", "planned"]


def planned(
    arms: Arms,
    *,
    baseline: str | None,
    replicates: int,
    weeks: int | None,
    scenario: Scenario | None,
    district: District | None,
    districts: int,
    margin: float,
    seed: int,
    plugin: str | Path | None,
    model: Callable[..., Any] | None,
    worlds: Mapping[str, int] | None = None,
) -> tuple[Design, float]:
    """Turn what a user asks for into a design; everything that can be wrong is found here."""
    from sim import Scenario
    from sim.errors import ScenarioError

    if isinstance(margin, bool) or not isinstance(margin, int | float) or not 0 <= margin < 1:
        raise ScenarioError(f"margin is {margin}: a number from 0 to below 1 is needed.")
    code = None if plugin is None else Plugin.read(plugin)
    if code is not None:
        code.load()
    scenario = Scenario() if scenario is None else scenario
    scenario = scenario.replace({"outcomes.record_estates": True, **({} if weeks is None else {"run.weeks": weeks})})
    design = Design.of(
        arms,
        scenario,
        grounds(scenario, district, districts),
        baseline=baseline,
        replicates=replicates,
        seed=seed,
        plugin=code,
        model=model,
        worlds=worlds or {},
    )
    from experiments.lab.design.strategies import check

    for arm in design.arms:
        check(arm.strategy, arm.label)
    return design, float(margin)


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
    return [District.synthetic(estates=estates, seed=one, ground=scenario.ground) for one in seeds]
