"""A small district with nothing on or everything, and runs of it that are compared to the bit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd

from sim import District, GovernanceModel, Scenario

__all__ = ["SEED", "WARMUP", "WEEKS", "differing", "full", "ground", "plain", "run"]

WEEKS, WARMUP = 40, 10
SMALL: Final = {
    "district.estates": 8,
    "run.weeks": WEEKS,
    "run.warmup": WARMUP,
    "district.members_rate": 0.01,
    "coverage.strategy": "full",
    "emergency.start_week": 16,
    "deliberation.interval": 2,
    "incidents.rate_noise": 1.0,
    "empowerment.veto": 0.5,
    "collective.petition_persons": 2,
    "residents.moving_tenants": 0.02,
    "incidents.shock_rate": 0.03,
    "enterprises.listed_reach": 0.0,
}
SEED: Final = 6


@cache
def ground() -> District:
    return District.synthetic(8, seed=4)


def plain(changes: Mapping[str, Any] | None = None) -> Scenario:
    """The defaults, in a small district: no policy, no emergency."""
    small = {name: value for name, value in SMALL.items() if name != "coverage.strategy"}
    return Scenario().replace({**small, **(changes or {})})


def full(changes: Mapping[str, Any] | None = None) -> Scenario:
    """Everything on, so that a mechanism is left out of a world in which all others work."""
    return Scenario().replace(SMALL).with_everything_on().replace(changes or {})


@cache
def run(
    scenario: Scenario, weeks: int = WEEKS, prepare: Callable[[GovernanceModel], None] | None = None
) -> pd.DataFrame:
    """Outcomes of a run; equal scenarios are lived once."""
    model = GovernanceModel(scenario, ground(), rng=SEED)
    if prepare is not None:
        prepare(model)
    model.run(weeks=weeks, progress=False)
    return model.outcomes


def differing(one: pd.DataFrame, two: pd.DataFrame, but: tuple[str, ...] = ()) -> list[str]:
    """Columns that are not the same to the bit."""
    assert list(one.columns) == list(two.columns) and len(one) == len(two)
    return [
        name
        for name in one.columns
        if name not in but and not np.array_equal(one[name].to_numpy(), two[name].to_numpy(), equal_nan=True)
    ]
