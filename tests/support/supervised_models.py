"""Level districts in which supervisors inspect and nothing else moves (M14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sim import District, GovernanceModel
from tests.support.quiet_models import FIRST_EDITION, QUIET, level_ground

__all__ = ["STILL", "one_community", "village", "watch"]

STILL: Mapping[str, object] = {
    **QUIET,
    "run.warmup": 1,
    "run.weeks": 4000,
    "committees.enabled": False,
    "firms.prior_strength": 1e6,
    "supervision.enabled": True,
    "supervision.evaluator_weight": 0.0,
    "supervision.street": False,
    "supervision.district": False,
    "supervision.estate": False,
}
"""Nobody meets or files, beliefs are frozen; of the four tiers the communities' alone inspects."""


def village(estates: int, households: int = 500) -> District:
    """Level ground on which every estate has a firm; all communities are of average strength."""
    ground = level_ground(estates, households)
    firms = np.arange(estates, dtype=ground.firm.dtype) % max(len(ground.firm_names), 1)
    return replace(ground, firm=firms, fee=np.full(estates, 2.7), strength=np.ones(ground.communities))


def watch(changes: Mapping[str, object], district: District, weeks: int, rng: int = 1) -> GovernanceModel:
    model = GovernanceModel(FIRST_EDITION.replace({**STILL, **changes}), district, rng=rng)
    model.run(weeks=weeks, progress=False)
    return model


def one_community(estates: int, households: int = 500) -> District:
    """A village that is one community of one street."""
    return replace(
        village(estates, households),
        community=np.zeros(estates, dtype=np.int64),
        community_names=np.array(["c"]),
        street_of_community=np.zeros(1, dtype=np.int64),
        street_names=np.array(["s"]),
        strength=np.ones(1),
    )
