"""What the auditor asks of supervision: hours, fines, rewards and guidance follow from what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

    from sim import GovernanceModel

__all__ = ["check_supervision"]


def check_supervision(
    model: GovernanceModel,
    paying: NDArray[np.float64],
    served: NDArray[np.bool_],
    close: Callable[[Any, Any, str], None],
) -> None:
    """Inspections take the hours of those who inspect; a fine or a reward is so many weeks of fees that are paid.

    Parameters
    ----------
    model
        After a week.
    paying, served
        Share of fees that was paid, and where a firm served, as the week began, shape (estates,).
    close
        Compares what was found with what was expected.
    """
    supervision, p = model.supervision, model.scenario.supervision
    if not supervision.acting:
        return
    booked = sum(model.costs.hours.get((who, "inspections"), 0.0) for who in ("community", "street_district"))
    branches = model.branches
    own = float(branches.for_supervision.sum()) if branches.any and p.estate and p.housing else 0.0
    close(supervision.hours, booked + own, "hours of inspections")
    guided = model.costs.hours.get(("street_district", "guidance of committees"), 0.0)
    close(supervision.guided.sum(), guided, "hours of guidance")
    close(supervision.rate.sum() * p.inspection_hours, supervision.hours, "inspections that the hours are worth")
    week = model.district.fee * p.flat_area * model.district.households * 12.0 * 7.0 / 365.25
    close(supervision.fines, p.fine_weeks * (supervision.found * week) @ paying, "fines")
    clean = supervision.inspected - supervision.found
    close(supervision.rewards, p.reward_weeks * (clean * week) @ paying, "rewards")
    assert np.all(supervision.found <= supervision.inspected) and not supervision.found[~served].any()
