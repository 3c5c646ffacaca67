"""One desk at which all cases of a quiet district are filed and worked on (M4)."""

from __future__ import annotations

import numpy as np

from sim import GovernanceModel
from sim.core.codes import NOISE, TO_HOTLINE
from tests.support.quiet_models import in_conflict

__all__ = ["CERTAIN", "ONE_DESK", "file"]

CERTAIN = {"desks.settle_constant": 10.0, "desks.settle_legitimacy": 10.0}
ONE_DESK: dict[str, object] = {
    "desks.bundling": True,
    "desks.work_log_sd": 0.0,
    "desks.work_small": 3.0,
    "desks.bundle_hours": 0.5,
    "desks.handoffs_simple": 0,
    "desks.patience": 0.0,
    "desks.skill_effect": 0.0,
    "desks.hours_community": 1000.0,
}


def file(
    model: GovernanceModel,
    person: np.ndarray,
    incident: np.ndarray | int,
    *,
    channel: int = TO_HOTLINE,
    category: int = NOISE,
) -> np.ndarray:
    """Let some persons file over an incident; return the rows of their cases."""
    now = in_conflict(model, person, category=category)
    now.incident[:] = incident
    before = model.disputes.book.size
    model.disputes.file(now, np.arange(person.size), np.full(person.size, channel))
    return np.arange(before, model.disputes.book.size)
