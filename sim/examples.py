"""Ready models for a first look, a class or a test.

>>> from sim import examples
>>> model = examples.small()
>>> model.run(weeks=4)
>>> len(model.outcomes)
4
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.model import GovernanceModel
from sim.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["small"]


def small(scenario: Scenario | Mapping[str, Any] | None = None, seed: int = 1) -> GovernanceModel:
    """Return a model of twelve estates, which lives a year and a half in a second.

    Parameters
    ----------
    scenario
        What is changed of it, by dotted name; by default every estate gets a branch after half a year.
    seed
        Of all randomness.

    Examples
    --------
    >>> small({"coverage.strategy": "none"}).scenario
    <Scenario: run.weeks = 78, run.warmup = 26, district.estates = 12>
    """
    if isinstance(scenario, Scenario):
        return GovernanceModel(scenario, seed=seed)
    base = {"district.estates": 12, "run.weeks": 78, "run.warmup": 26, "coverage.strategy": "full"}
    return GovernanceModel(Scenario.of(base).replace(scenario), seed=seed)
