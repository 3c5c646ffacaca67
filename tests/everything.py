"""A scenario in which every mechanism is at work, for tests that must hold with all of them."""

from __future__ import annotations

from sim import Scenario

__all__ = ["everything_on"]


def everything_on(scenario: Scenario | None = None) -> Scenario:
    """Switch on every switch of a scenario that can be on together with the others."""
    scenario = Scenario() if scenario is None else scenario
    switches = {
        row["name"]: True
        for row in scenario.parameters()
        if row["unit"] == "switch" and not row["name"].startswith("outcomes.")
    }
    return scenario.replace(switches)
