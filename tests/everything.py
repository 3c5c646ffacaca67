"""A scenario in which every mechanism is at work, for tests that must hold with all of them."""

from __future__ import annotations

from sim import Scenario

__all__ = ["everything_on"]


def everything_on(scenario: Scenario | None = None) -> Scenario:
    """Switch on every switch of a scenario; the standard one where none is given."""
    return (Scenario() if scenario is None else scenario).with_everything_on()
