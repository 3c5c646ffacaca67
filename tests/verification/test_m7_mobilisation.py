"""Mobilisation: a trusted branch moves owners to act (M7), and members call on neighbours to volunteer (S9)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from sim import BranchKind, GovernanceModel
from sim.core.codes import BY_BRANCH, BY_FIRM
from sim.policies.coverage import Plan
from tests.support.quiet_models import level_ground, live

TRUST = np.array([0.0, 0.25, 0.5, 0.8, 1.0, 0.9])
FIRST_EDITION: dict[str, object] = {
    "coverage.start_week": 0,
    "trust.spread": 0.0,
    "committees.turnout_grievance": 0.0,
    "committees.turnout_trust": 0.0,
    "committees.turnout_estates": 0.0,
    "committees.turnout_meetings": 0.0,
    "branches.reporting_hours": 0.0,
    "branches.targets": 0,
}


def world(changes: Mapping[str, object], members: int = 5, phantom: bool = False) -> GovernanceModel:
    """Six estates of which the last has no branch, and residents who trust branches more and less."""
    model = live({**FIRST_EDITION, **changes}, level_ground(6))
    rows = np.arange(6)
    home = np.where(rows < 5, rows, -1)
    kind = np.where(home >= 0, BranchKind.OWN, 0).astype(np.int8)
    model.branches.establish(Plan(kind, home, np.full(6, members, np.int64), rows, phantom))
    model.trust.estate_mean[BY_BRANCH] = TRUST
    model.authorities.staff()
    model.branches.staff()
    model.contracts.serve()
    return model


def logit(p: np.ndarray) -> np.ndarray:
    return np.log(p) - np.log1p(-p)


@pytest.mark.parametrize("mobilising", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("crowding", [False, True])
def test_attendance_with_a_branch_that_is_trusted_or_distrusted(mobilising: float, crowding: bool) -> None:
    """Logit = constant + m (T_branch - 1/2) where a branch works - c (1 - (1 - T_firm)(1 - T_branch) - 1/2)."""
    model = world(
        {
            "committees.mobilisation": True,
            "committees.mobilising": mobilising,
            "committees.crowding": crowding,
            "committees.turnout": 0.2,
        }
    )
    model.trust.estate_mean[BY_FIRM] = 0.3
    there = np.arange(6) < 5
    proxy = 1.0 - 0.7 * (1.0 - TRUST * there)
    expected = 0.2 + mobilising * (TRUST - 0.5) * there - 0.5 * crowding * (proxy - 0.5)
    found = logit(model.committees.attendance_probability(np.arange(6)))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("mobilising", [0.5, 3.0])
def test_initiators_come_forward_more_where_the_branch_is_trusted(mobilising: float) -> None:
    """1 - exp(-rate exp(m (T_branch - 1/2))) a week, below the usual rate where it is distrusted."""
    rate, weeks = 0.05, 3000
    model = world(
        {
            "committees.mobilisation": True,
            "committees.mobilising": mobilising,
            "committees.crowding": False,
            "committees.founding": rate,
        }
    )
    committees = model.committees
    committees.present[:] = False
    committees._founding = np.full(6, rate)
    most = np.exp(0.5 * mobilising)
    np.testing.assert_allclose(
        committees._founding_ceiling[committees._founding_ceiling > 0.0],
        -np.expm1(-rate * committees.owners[0] / 500.0 * most),
    )
    committees._founding_ceiling = np.full(6, -np.expm1(-rate * most))
    number = np.zeros(6)
    for model.week in range(weeks):
        number[committees._initiate()] += 1
    expected = weeks * -np.expm1(-rate * np.exp(mobilising * (TRUST - 0.5) * (np.arange(6) < 5)))
    assert np.all(np.abs(number - expected) < 4 * np.sqrt(expected))
    assert expected[0] < expected[2] < expected[4] and expected[2] == pytest.approx(expected[5])


@pytest.mark.parametrize("kind", ["phantom", "paper"])
def test_a_branch_without_people_or_hours_moves_nobody(kind: str) -> None:
    extra = {"branches.reporting_hours": 60.0 * (kind == "paper"), "services.volunteers": True}
    off, on = (
        world(
            {"committees.mobilisation": on, "services.volunteer_mobilisation": on, **extra}, phantom=kind == "phantom"
        )
        for on in (False, True)
    )
    rows = np.arange(6)
    assert np.array_equal(off.committees.attendance_probability(rows), on.committees.attendance_probability(rows))
    assert np.array_equal(off.volunteers.response(), on.volunteers.response())


def test_crowding_out_is_a_switch_of_its_own() -> None:
    """Off, a proxy keeps nobody away; on, as before."""
    rows = np.arange(6)
    on, off, nothing = (
        world(changes) for changes in ({}, {"committees.crowding": False}, {"committees.crowding_out": 0.0})
    )
    found = [model.committees.attendance_probability(rows) for model in (on, off, nothing)]
    assert np.array_equal(found[1], found[2]) and np.ptp(found[1]) == 0.0 and np.ptp(found[0]) > 0.0


@pytest.mark.parametrize("reach", [0.0, 0.4])
@pytest.mark.parametrize(
    ("members", "calling", "most"),
    [(0, 0.5, 1.0), (5, 0.5, 1.0), (80, 0.5, 1.0), (80, 2.0, 0.3), (2000, 0.5, 1.0), (80, 0.0, 1.0), (80, 0.5, 0.0)],
)
def test_members_who_call_on_neighbours_raise_the_answer(
    members: int,
    calling: float,
    most: float,
    reach: float,
) -> None:
    """Logit more by most (1 - exp(-calling a / most)), a active members who are not tired for 100 adults."""
    changes = {
        "services.volunteers": True,
        "services.volunteer_calling": calling,
        "services.volunteer_calling_most": most,
        "branches.reach": reach,
    }
    models = [world({**changes, "services.volunteer_mobilisation": on}) for on in (False, True)]
    fatigue, activity = np.array([0.0, 0.1, 0.3, 0.0, 0.0, 0.0]), np.array([1.0, 1.0, 1.0, 1.5, 0.5, 1.0])
    for model in models:
        model.members, model.in_service = np.full(6, members), np.full(6, 30)
        model.branches.fatigue[:], model.branches.activity[:] = fatigue, activity
    off, on = (logit(model.volunteers.response()) for model in models)
    active = 0.4 * (members + reach * 30.0) * (1.0 - fatigue) * activity * (np.arange(6) < 5)
    for_100 = active / models[0].district.adults * 100.0
    expected = most * (1.0 - np.exp(-calling * for_100 / most)) if most else 0.0 * for_100
    np.testing.assert_allclose(on - off, expected, rtol=1e-9, atol=1e-12)
    assert np.all(on - off <= most + 1e-12)
