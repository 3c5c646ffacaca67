"""Standing of secretaries (M9): its distribution, what it adds to trust, and that it moves nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from sim import BranchKind, GovernanceModel
from sim.core.codes import BY_BRANCH, INSTITUTIONS
from sim.policies.coverage import Plan
from tests.support.quiet_models import level_ground, live

OWN, DISPATCHED, JOINT = BranchKind.OWN, BranchKind.DISPATCHED, BranchKind.JOINT
ON: dict[str, object] = {"branches.repute": True}


def found(
    model: GovernanceModel, kind: int, members: int = 0, home: np.ndarray | None = None, phantom: bool = False
) -> GovernanceModel:
    rows = np.arange(model.district.estates)
    home = rows if home is None else home
    kinds = np.where(home >= 0, kind, 0).astype(np.int8)
    model.branches.establish(Plan(kinds, home, np.full(rows.size, members, np.int64), rows, phantom))
    return model


@pytest.mark.parametrize(
    ("kind", "members", "candidates"),
    [(OWN, 3, 5), (OWN, 12, 5), (DISPATCHED, 0, 1), (DISPATCHED, 0, 5), (DISPATCHED, 0, 20)],
)
def test_standing_is_the_best_of_so_many_persons(kind: int, members: int, candidates: int) -> None:
    """Mean n / (n + 1), variance n / ((n + 1)^2 (n + 2)); independent of capability, which stays as it was."""
    estates, n = 1500, candidates if kind == DISPATCHED else members
    model = found(live({**ON, "branches.candidates": candidates}, level_ground(estates)), kind, members)
    standing = model.branches.repute
    mean, variance = n / (n + 1), n / ((n + 1) ** 2 * (n + 2))
    assert abs(standing.mean() - mean) < 4 * np.sqrt(variance / estates)
    assert standing.var() == pytest.approx(variance, rel=0.25)
    skill = model.desks.skill[model.desks.block("branch")]
    assert abs(np.corrcoef(standing, skill)[0, 1]) < 4 / np.sqrt(estates)
    off = found(live({"branches.candidates": candidates}, level_ground(estates)), kind, members)
    assert np.array_equal(skill, off.desks.skill[off.desks.block("branch")])
    for name, array in off.branches.arrays().items():
        assert np.array_equal(array, model.branches.arrays()[name]), name


@pytest.mark.parametrize(
    ("weight", "usual", "prior"), [(0.3, 0.5, 0.5), (0.6, 0.85, 0.3), (2.0, 0.5, 0.7), (0.0, 0.5, 0.5)]
)
def test_trust_begins_at_the_prior_plus_what_standing_adds(weight: float, usual: float, prior: float) -> None:
    """T0 = clip(prior + weight (standing - usual)), drifting home by (1 - drift)^t; other trust is left alone."""
    model = live(
        {**ON, "branches.repute_trust": weight, "branches.repute_usual": usual, "trust.baseline": prior},
        level_ground(300),
    )
    before = model.trust.estate_mean.copy()
    found(model, OWN, 3)
    first = np.clip(prior + weight * (model.branches.repute - usual), 0.0, 1.0)
    np.testing.assert_allclose(model.trust.estate_mean[BY_BRANCH], first, rtol=1e-12)
    others = [k for k in range(len(INSTITUTIONS)) if k != BY_BRANCH]
    assert np.array_equal(model.trust.estate_mean[others], before[others])
    for _ in range(30):
        model.trust.pass_week()
    np.testing.assert_allclose(model.trust.estate_mean[BY_BRANCH], prior + (first - prior) * 0.99**30, rtol=1e-9)


@pytest.mark.parametrize("dilution", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("kind", [JOINT, DISPATCHED])
def test_who_looks_after_several_estates_is_less_known_in_each(kind: int, dilution: float) -> None:
    """Standing is divided by g^dilution in each of the g estates, home included; others keep theirs."""
    home = np.array([1, 1, 1, 3, 3, 5, -1])
    model = found(live({**ON, "branches.joint_dilution": dilution}, level_ground(7)), kind, 2, home)
    reach = np.array([3, 3, 3, 2, 2, 1])
    added = 0.3 * (model.branches.repute[home[:6]] - 0.5) / reach**dilution
    np.testing.assert_allclose(model.trust.estate_mean[BY_BRANCH][:6], 0.5 + added, rtol=1e-12)
    assert model.trust.estate_mean[BY_BRANCH][6] == 0.5


def test_a_branch_in_name_only_has_nobody_to_be_known() -> None:
    model = found(live(ON, level_ground(50)), OWN, 3, phantom=True)
    assert np.all(model.trust.estate_mean[BY_BRANCH] == 0.5)


def test_what_was_thought_of_a_branch_before_stays() -> None:
    """A platform carries the branch's standing, and may have earned some before there is a branch."""
    model = live(ON, level_ground(50))
    model.trust.estate_mean[BY_BRANCH] = np.linspace(0.0, 1.0, 50)
    found(model, OWN, 3)
    expected = np.clip(np.linspace(0.0, 1.0, 50) + 0.3 * (model.branches.repute - 0.5), 0.0, 1.0)
    np.testing.assert_allclose(model.trust.estate_mean[BY_BRANCH], expected, rtol=1e-12)


def test_estates_that_get_their_branch_later_leave_the_others_alone() -> None:
    model = live(ON, level_ground(20))
    rows = np.arange(20)
    for last in (8, 20):
        here = rows < last
        model.branches.establish(
            Plan(np.where(here, OWN, 0).astype(np.int8), np.where(here, rows, -1), np.full(20, 3, np.int64), rows)
        )
    whole = found(live(ON, level_ground(20)), OWN, 3)
    assert np.array_equal(model.branches.repute, whole.branches.repute)
    assert np.array_equal(model.trust.estate_mean, whole.trust.estate_mean)
