"""Level districts in which branches hold rights and nothing else moves (M10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sim import BranchKind, District, GovernanceModel
from sim.policies.coverage import Plan
from tests.support.quiet_models import FIRST_EDITION, QUIET, level_ground

__all__ = ["MANY", "STILL", "govern", "only", "run", "village"]

STILL: Mapping[str, object] = {
    **QUIET,
    "run.warmup": 1,
    "run.weeks": 2000,
    "committees.enabled": False,
    "branches.fatigue_most": 0.0,
    "firms.prior_strength": 1e6,
    "firms.hours_per_500": 0.0,
    "empowerment.enabled": True,
    "empowerment.accountability": False,
    "empowerment.capture": 0.0,
    "empowerment.limit": 0.0,
    "empowerment.noise": 0.0,
}
"""Nobody meets or files, beliefs are frozen, and branches hold all three rights."""

MANY = 2000
"""Members enough for whatever a branch is asked."""


def village(estates: int, households: int = 500, seed: int = 1) -> District:
    """Level ground on which every estate has a firm and a committee."""
    ground = level_ground(estates, households, seed=seed)
    firms = np.arange(estates, dtype=ground.firm.dtype) % max(len(ground.firm_names), 1)
    return replace(ground, firm=firms, committee=np.ones(estates, dtype=bool), fee=np.full(estates, 2.7))


def govern(changes: Mapping[str, object], district: District, members: int = MANY, rng: int = 1) -> GovernanceModel:
    """A model whose every estate has an own branch of so many members from week 1 on."""
    model = GovernanceModel(FIRST_EDITION.replace({**STILL, **changes}), district, rng=rng)
    model.run(weeks=1, progress=False)
    count = district.estates
    kind, own = np.full(count, BranchKind.OWN, dtype=np.int8), np.arange(count)
    model.branches.establish(Plan(kind, own, np.full(count, members), own, False))
    return model


def only(right: str, **changes: object) -> dict[str, object]:
    """Switches that leave one right, without training."""
    rights = ("evaluation", "micro_projects", "awards", "training")
    return {
        **{f"empowerment.{name}": name == right for name in rights},
        **{f"empowerment.{name}": value for name, value in changes.items()},
    }


def run(model: GovernanceModel, weeks: int) -> GovernanceModel:
    model.run(weeks=weeks, progress=False)
    return model
