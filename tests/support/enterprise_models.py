"""Many enterprises in a quiet district, which live alone (M13)."""

from __future__ import annotations

import numpy as np

from sim import GovernanceModel
from tests.support.quiet_models import level_ground, live

__all__ = ["FIRST_EDITION", "many", "pass_weeks"]

FIRST_EDITION: dict[str, object] = {
    "coverage.start_week": 0,
    "enterprises.exit_size": 0.0,
    "enterprises.unmet_raises": 0.0,
    "enterprises.met_lowers": 0.0,
    "enterprises.need_rate": 0.0,
}
"""Nothing moves the exit."""


def many(changes: dict[str, object], number: int = 2000, estates: int = 20, rng: int = 1) -> GovernanceModel:
    changes = {**FIRST_EDITION, "enterprises.number": round(number * 1034 / estates), **changes}
    model = live(changes, level_ground(estates), rng=rng)
    assert len(model.enterprises) == number
    return model


def pass_weeks(model: GovernanceModel, weeks: int) -> np.ndarray:
    """Let enterprises alone live some weeks; return their number after each."""
    number = []
    for _ in range(weeks):
        model.enterprises.live()
        model.week += 1
        number.append(len(model.enterprises))
    return np.array(number)
