"""A plain world in which the answers are known on paper: estates all alike, one mechanism at a time.

The limits of docs/model.md are tested on ground that is level (no estate is denser or older than another)
and quiet (nothing happens that the test did not ask for).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from experiments import presets
from sim import District, GovernanceModel
from sim.core.codes import CATEGORIES, SERVICE
from sim.residents.grievances import Conflicts

QUIET: dict[str, object] = {
    **{f"incidents.rate_{name}": 0.0 for name in CATEGORIES},
    "incidents.shock_rate": 0.0,
    "incidents.heterogeneity": 0.0,
    "incidents.extent_log_sd": 0.0,
    "incidents.common_severity_log_sd": 0.0,
    "incidents.own_severity_log_sd": 0.0,
    "incidents.own_end": 1.0,
    "incidents.settlement_ends": False,
    "grievances.threshold_median": 0.5,
    "grievances.threshold_log_sd": 0.0,
    "grievances.half_life": 0.1,
    "grievances.talk": False,
    "voice.enabled": False,
    "residents.enabled": False,
}
"""No incidents; each touch weighs 1, which is a conflict; it is forgotten by the next week; nobody acts."""

FIRST_EDITION = presets.load("first-edition")
"""What each mechanism is tried on: the edition in which those that came later stand where they change nothing."""


def level_ground(
    estates: int,
    households: ArrayLike = 500,
    adults: ArrayLike | None = None,
    buildings: ArrayLike = 1,
    seed: int = 1,
) -> District:
    """Make a district whose estates differ in nothing but what is given, each shape () or (estates,)."""

    def each(value: ArrayLike, kind: type = float) -> np.ndarray:
        return np.broadcast_to(np.asarray(value), (estates,)).astype(kind)

    size = each(households, np.int64)
    people = np.maximum(np.rint(1.9 * size), 1) if adults is None else each(adults)
    return replace(
        District.synthetic(estates, seed),
        households=size,
        adults=people.astype(np.int64),
        buildings=each(buildings, np.int64),
        spaces=each(100.0),
        cars=each(100.0),
        density=each(1.0),
        year=each(2010, np.int64),
        owners=each(0.7),
        remarks=(),
    )


def live(changes: Mapping[str, object], district: District, rng: int = 1) -> GovernanceModel:
    """Make a quiet model with some changes, whose components can be called one by one."""
    return GovernanceModel(FIRST_EDITION.replace({**QUIET, **changes}), district, rng=rng)


def in_conflict(
    model: GovernanceModel, person: np.ndarray, grievance: float = 1.0, *, category: int = SERVICE, incident: int = -1
) -> Conflicts:
    """Let the given persons be in conflict this week, one each."""
    size = person.size
    return Conflicts(
        person=person,
        estate=model.residents.estate[person].astype(np.int64),
        incident=np.full(size, incident),
        category=np.full(size, category, dtype=np.uint8),
        grievance=np.full(size, grievance, dtype=np.float32),
        parent=np.full(size, -1),
        matter=np.full(size, -1),
        first=np.ones(size, dtype=bool),
        identity=model.chance.bits("conflict", model.week, model.residents.identity(person)),
    )


def suffer(model: GovernanceModel, weeks: int) -> None:
    """Let incidents and grievances alone go through some weeks."""
    for _ in range(weeks):
        model.incidents.begin()
        model.residents.suffer()
        model.week += 1
