"""Estates with a firm, a committee and a branch, whose cases are filed and whose desks are opened by hand (M11)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim import BranchKind, District, GovernanceModel
from sim.core.codes import NOISE
from sim.policies.coverage import Plan
from tests.support.quiet_models import in_conflict, level_ground

__all__ = ["NOW", "file", "found_branches", "ground", "open_desks"]

NOW: dict[str, object] = {
    "coverage.start_week": 0,
    "deliberation.enabled": True,
    "deliberation.seats_bring": "bodies",
    "desks.patience": 0.0,
    "desks.work_log_sd": 0.0,
    "desks.work_small": 1.0,
}


def ground(estates: int, committees: bool = True, **level: object) -> District:
    """Level ground on which every estate has a firm, and a committee or none."""
    district = level_ground(estates, **level)  # type: ignore[arg-type]
    return replace(district, firm=np.maximum(district.firm, 0), committee=np.full(estates, committees, dtype=bool))


def found_branches(model: GovernanceModel, members: int = 20) -> None:
    """An own branch in every estate."""
    estates = np.arange(model.district.estates)
    kind = np.full(estates.size, BranchKind.OWN, dtype=np.int8)
    model.branches.establish(Plan(kind, estates, np.full(estates.size, members, dtype=np.int64), estates, False))


def file(model: GovernanceModel, estate: np.ndarray, channel: int, category: int = NOISE) -> np.ndarray:
    """File a case for each estate row given, each by another person; return their rows in the ledger."""
    residents, order = model.residents, np.argsort(estate, kind="stable")
    estate = estate[order]
    rank = np.arange(estate.size) - np.searchsorted(estate, estate)
    before = getattr(model, "_filed", np.zeros(model.district.estates, dtype=np.int64))
    person = residents.first[estate] + (before[estate] + rank) % model.district.adults[estate]
    model._filed = before + np.bincount(estate, minlength=before.size)
    assert np.all(residents.case[person] < 0)
    first = len(model.disputes.book)
    size = estate.size
    model.disputes.file(in_conflict(model, person, category=category), np.arange(size), np.full(size, channel))
    return np.arange(first, first + size)


def open_desks(model: GovernanceModel) -> None:
    """Begin a week as the agenda does, up to the desks' hours."""
    model.costs.clear()
    model.authorities.staff()
    model.deliberation.convene()
    model.social_organisations.open()
    model.cross_appointment.sit()
    model.branches.staff()
    model.contracts.serve()
    model.committees.work()
    model.deliberation.gather()
    model.cross_appointment.attend()
