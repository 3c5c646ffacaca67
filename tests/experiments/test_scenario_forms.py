"""A scenario may be given as a dictionary wherever one is asked for, as docs/looking.md promises."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.analyses.sensitivity.sensitivity_result import sensitivity_spec
from experiments.core.design.plan import Plan
from sim import Scenario


@pytest.mark.parametrize("world", [{"district.estates": 4, "run.weeks": 60}, {"district": {"estates": 4}}])
def test_analyses_take_a_dictionary_for_a_scenario(world: dict[str, Any]) -> None:
    spec = sensitivity_spec(["full", "none"], "standing", {"parameters": ["services.effect"], "scenario": world})
    assert spec.scenario == Scenario.of(world)
    fields: Any = {"scenario": world}
    plan = Plan.of({"parameters": {"services.effect": "declared"}, "arms": ["none"], "points": 2}, **fields)
    assert plan.scenario.district.estates == 4
