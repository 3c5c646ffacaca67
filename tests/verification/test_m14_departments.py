"""M14: rewards beside fines, and three departments that each do their own part, against closed forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from sim import GovernanceModel
from sim.policies.supervision.supervision_equations import expected_reward, guidance_share
from sim.stakeholders.firms import effort
from tests.support.closed_forms import fine_threshold
from tests.support.quiet_models import FIRST_EDITION
from tests.support.small_runs import differing, full, run
from tests.support.supervised_models import one_community, village, watch

GUIDED: Mapping[str, object] = {"supervision.guidance_hours": 8.0, "supervision.reward_weeks": 0.4}


@pytest.mark.parametrize(("psi", "phi", "s", "c"), [(0.5, 0.4, 0.3, 1.2), (1.0, 0.6, 0.1, 2.0), (0.8, 0.5, 0.5, 1.5)])
@pytest.mark.parametrize("reward", [0.0, 0.05, 0.2])
@pytest.mark.parametrize("fine", [0.0, 0.1])
def test_a_reward_draws_as_a_fine_drives(
    psi: float, phi: float, s: float, c: float, reward: float, fine: float
) -> None:
    """Inside of the square, u* = [P - (1 + s) V + pF + R] / (c (1 - s^2)), and v* = [V - s (P - V + pF + R)] / ..."""
    v, u = effort([[psi]], [phi], fine=fine, reward=reward, cost=c, substitution=s)
    seen = psi * phi
    assert u[0] == pytest.approx((psi - (1 + s) * seen + fine + reward) / (c * (1 - s * s)), abs=1e-12)
    assert v[0] == pytest.approx((seen - s * (psi - seen + fine + reward)) / (c * (1 - s * s)), abs=1e-12)
    grid = np.linspace(0.0, 1.0, 401)
    x, y = grid[:, None], grid[None, :]
    worth = seen * x + (psi - seen) * y - fine * (1 - y) + reward * y - c / 2 * (x * x + y * y + 2 * s * x * y)
    best = seen * v + (psi - seen) * u - fine * (1 - u) + reward * u - c / 2 * (v * v + u * u + 2 * s * v * u)
    assert best[0] >= worth.max() - 1e-12


@pytest.mark.parametrize(("phi", "s"), [(0.9, 0.3), (0.8, 0.5)])
@pytest.mark.parametrize("aside", [0.95, 1.1])
@pytest.mark.parametrize("part", [0.0, 0.4, 1.0])
def test_invisible_work_begins_where_fine_and_reward_together_reach_the_threshold(
    phi: float, s: float, aside: float, part: float
) -> None:
    """Any part of the threshold may be fined and the rest rewarded."""
    psi, cost, detection, hours = 0.5, 1.2, 0.3, 4.0
    threshold = float(fine_threshold(psi, psi * phi, s))
    inspections = 13 * hours / 2.0 / 8
    both = aside * threshold / (inspections * detection)
    model = watch(
        {
            "supervision.hours_community": hours,
            "supervision.inspection_hours": 2.0,
            "firms.fine": 0.0,
            "supervision.detection": detection,
            "supervision.fine_weeks": (1 - part) * both,
            "supervision.reward_weeks": part * both,
            "firms.substitution": s,
            "firms.visible_share": phi,
            "firms.owners_weight": psi,
            "firms.cost": cost,
        },
        one_community(8),
        40,
    )
    np.testing.assert_allclose(model.contracts.extra_reward, part * aside * threshold, rtol=1e-9, atol=1e-15)
    expected = max(aside - 1, 0.0) * threshold / (cost * (1 - s * s))
    np.testing.assert_allclose(model.contracts.invisible, expected, atol=1e-6)
    assert expected_reward(inspections, detection, part * both) == pytest.approx(part * aside * threshold)


@pytest.mark.parametrize(("detection", "reward"), [(0.3, 0.5), (0.8, 0.1)])
def test_the_purse_rewards_every_clean_inspection(detection: float, reward: float) -> None:
    """Clean ~ Poisson(rate [1 - detection (1 - u)]); yuan move from the purse to firms, none is made."""
    ground = village(80)
    weeks = 120
    model = watch(
        {
            "supervision.hours_community": 10.0,
            "supervision.detection": detection,
            "firms.enabled": False,
            "supervision.fine_weeks": 0.0,
            "supervision.reward_weeks": reward,
        },
        ground,
        weeks,
    )
    table = model.outcomes.iloc[1:]
    inspections = table["inspections"].sum()
    clean = inspections - (table["violations_found"] * table["inspections"]).sum()
    q = 1 - detection * (1 - model.contracts.invisible[0])
    assert abs(clean - inspections * q) < 4 * np.sqrt(inspections * q * (1 - q))
    week_of_fee = 2.7 * 80.0 * 500 * 12 / 365.25 * 7
    assert table["yuan_purse"].sum() == pytest.approx(clean * reward * week_of_fee, rel=1e-9)
    np.testing.assert_allclose(table["yuan_firms"], -table["yuan_purse"])


@pytest.mark.parametrize(("hours", "effect"), [(6.0, 1.0), (20.0, 0.3), (2.0, 4.0)])
@pytest.mark.parametrize("audit", [0.0, 0.5])
def test_guided_committees_come_to_rest_at_their_integrity(hours: float, effect: float, audit: float) -> None:
    """I = r / (r + k (1 - audit)(1 - G)), G = 1 - exp(-effect x hours per committee)."""
    ground = replace(one_community(8), committee=np.arange(8) < 6)
    model = watch(
        {
            "supervision.street": True,
            "supervision.guidance_hours": hours,
            "supervision.hours_community": 0.0,
            "supervision.guidance_effect": effect,
            "committees.recovery": 0.05,
            "committees.capture": 0.1,
        },
        ground,
        3,
    )
    committees, there = model.committees, model.committees.present
    np.testing.assert_allclose(model.supervision.guided, hours / 6 * there)
    share = 1 - np.exp(-effect * hours / 6)
    np.testing.assert_allclose(committees.guidance, share * there)
    assert guidance_share(hours / 6, effect) == pytest.approx(share)
    committees.attendance[:] = audit
    for _ in range(1500):
        committees._practise()
    np.testing.assert_allclose(committees.integrity[there], 0.05 / (0.05 + 0.1 * (1 - audit) * (1 - share)), rtol=1e-9)
    street = model.desks.hours[model.desks.block("street")]
    # What guidance takes is missing for cases, beside what the street's inspections take.
    assert street[0] == pytest.approx(model.scenario.desks.hours_street - 4.0 - hours)


def test_each_department_does_its_own_part() -> None:
    """Housing: inspections, fines, rewards, ranking.  Organisation: handlers' ranks and targets.  And committees."""
    world = full(GUIDED)
    every = run(world)
    for department, gone, stays in (
        ("housing", "inspections", "premature_share"),
        ("organisation", "premature_share", "inspections"),
        ("civil_affairs", "", "inspections"),
    ):
        without = run(world.replace({f"supervision.{department}": False}))
        assert differing(without, every)
        assert without[stays].any() and (not gone or not without[gone].any())
    alone = {"supervision.housing": False, "supervision.organisation": False}
    assert not differing(
        run(world.replace({**alone, "supervision.guidance_hours": 0.0})),
        run(world.replace({**alone, "supervision.civil_affairs": False})),
    )


def test_a_fork_without_the_policy_leaves_no_reward_and_no_guidance_behind() -> None:
    model = GovernanceModel(
        FIRST_EDITION.replace({**GUIDED, "district.estates": 12, "run.warmup": 2, "supervision.enabled": True}), rng=3
    )
    model.run(weeks=30, progress=False)
    assert model.contracts.extra_reward.any() and model.committees.guidance.any()
    other = model.fork(model.scenario.replace({"supervision.enabled": False}))
    other.run(weeks=1, progress=False)
    assert not other.contracts.extra_reward.any() and not other.committees.guidance.any()
