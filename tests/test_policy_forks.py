"""Policies in time: one that does not begin changes nothing, and one past can have a future with and without.

Compared to the bit: a policy that starts after the end, or has not begun yet, with none; and a policy that begins in a
fork of the common past, as the laboratory does it, with the same policy in a run of its own.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pytest

from experiments.core.run.job import past
from sim import GovernanceModel
from tests.support.small_runs import SEED, WARMUP, WEEKS, differing, full, ground, plain, run

POLICIES: Final[dict[str, dict[str, Any]]] = {
    "own": {"coverage.strategy": "own"},
    "dispatched": {"coverage.strategy": "dispatched"},
    "joint": {"coverage.strategy": "joint"},
    "full": {"coverage.strategy": "full"},
    "phased": {"coverage.strategy": "phased", "coverage.wave_weeks": 5},
    "placebo": {"coverage.strategy": "placebo:full"},
    "shuffled": {"coverage.strategy": "shuffled:full"},
    "station": {"coverage.strategy": "full", "branches.station": True},
    "no services": {"coverage.strategy": "full", "services.enabled": False},
    "volunteers": {"coverage.strategy": "full", "services.volunteers": True},
    "empowerment": {"coverage.strategy": "full", "empowerment.enabled": True},
    "evaluation": {
        "coverage.strategy": "full",
        "empowerment.enabled": True,
        "empowerment.micro_projects": False,
        "empowerment.awards": False,
    },
    "supervision": {"supervision.enabled": True},
    "help with meetings": {"coverage.strategy": "full", "meetings.enabled": True},
    "help of communities": {"meetings.enabled": True},
    "standing of secretaries": {"coverage.strategy": "full", "branches.repute": True},
    "mobilisation": {
        "coverage.strategy": "full",
        "committees.mobilisation": True,
        "services.volunteers": True,
        "services.volunteer_mobilisation": True,
    },
    "supervision by complaints": {
        "supervision.enabled": True,
        "supervision.targeting": "complaints",
        "coverage.strategy": "full",
    },
    "supervision in two groups": {"supervision.enabled": True, "supervision.targeting": "two_group"},
    "deliberation": {"deliberation.enabled": True, "deliberation.overlap": 3, "coverage.strategy": "full"},
    "deliberation without branches": {"deliberation.enabled": True},
    "switching": {"emergency.switching": True, "emergency.enabled": True, "emergency.start_week": 4},
    "switching in a pulse": {
        "emergency.switching": True,
        "emergency.enabled": True,
        "emergency.event": "pulse",
        "emergency.start_week": 12,
    },
    "courier services": {"couriers.services": True},
    "courier reports": {"couriers.reporting": True},
    "enterprises, political": {"enterprises.political": True},
    "enterprises, economic": {"enterprises.economic": True},
    "enterprises, social": {"enterprises.social": True},
    "two-new": {"enterprises.political": True, "enterprises.economic": True, "enterprises.social": True},
    "everything": {
        name: value
        for name, value in full().values().items()
        if value != plain().get(name) and name.split(".")[0] != "emergency"
    },
}


WORLD = ("private.", "desks.", "frontline.", "incidents.broken_resumes")
"""Switches that are the world's, with or without a policy, and sections of which every one is."""


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_that_starts_after_the_end_changes_nothing(policy: str) -> None:
    """Its switch is on, its week never comes: exactly nothing, in every column and every week."""
    on = POLICIES[policy]
    late = plain({**on, "coverage.start_week": WEEKS, "run.weeks": WEEKS + 1})
    if policy == "no services":
        late = late.replace({"services.enabled": True})
    world = {
        name: value
        for name, value in on.items()
        if name in ("emergency.enabled", "emergency.event", "emergency.start_week") or name.startswith(WORLD)
    }
    assert not differing(run(late), run(plain(world)))


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_changes_nothing_before_its_first_week(policy: str) -> None:
    on = run(plain(POLICIES[policy]), weeks=WARMUP)
    off = run(past(plain(POLICIES[policy])), weeks=WARMUP)
    assert not differing(on, off)


# Forks --------------------------------------------------------------------------------------------


def same(one: GovernanceModel, two: GovernanceModel) -> list[str]:
    """What differs between two models: outcomes, cases, hours, and every column of every population."""
    found = differing(one.outcomes, two.outcomes)
    if one.disputes.to_frame().to_csv() != two.disputes.to_frame().to_csv():
        found.append("cases")
    if not np.array_equal(one.policy_hours, two.policy_hours):
        found.append("policy hours")
    for kind, population in one.populations.items():
        other = two.populations[kind].arrays()
        for name, array in population.arrays().items():
            if not np.array_equal(array, other[name], equal_nan=array.dtype.kind == "f"):
                found.append(f"{kind.__name__}.{name}")
    return found


DELAYED: Final = ("full", "phased", "empowerment", "deliberation", "switching", "everything")
"""Policies that are also tried with a beginning later than the fork."""


@pytest.mark.parametrize(("policy", "delay"), [*((name, 0) for name in POLICIES), *((name, 7) for name in DELAYED)])
def test_a_fork_at_the_policy_week_is_the_run_with_the_policy_from_the_start(policy: str, delay: int) -> None:
    """As the laboratory does it: the warm-up is lived once without any policy, and every arm forks from there."""
    scenario = plain({**POLICIES[policy], "coverage.start_week": WARMUP + delay})
    whole = GovernanceModel(scenario, ground(), rng=SEED)
    whole.run(progress=False)
    trunk = GovernanceModel(past(scenario), ground(), rng=SEED)
    trunk.run(weeks=WARMUP, progress=False)
    fork = trunk.fork(scenario)
    fork.run(progress=False)
    assert not same(fork, whole)


@pytest.mark.parametrize(
    "policy", ["full", "empowerment", "deliberation", "supervision", "help with meetings", "everything", "switching"]
)
def test_a_fork_that_lays_a_policy_down_leaves_nothing_of_it_in_force(policy: str) -> None:
    """Forked twice from a world with the policy: to lay it down is the same to the bit, whoever forks when."""
    scenario = plain(POLICIES[policy])
    model = GovernanceModel(scenario, ground(), rng=SEED)
    model.run(weeks=30, progress=False)
    keep = {"coverage.strategy": scenario.coverage.strategy}
    without = past(scenario).replace(keep)
    futures = []
    for _ in range(2):
        fork = model.fork(without)
        fork.run(progress=False)
        futures.append(fork)
    assert not same(*futures)
    late = futures[0].outcomes[31:]
    zero = [
        "rights_hours",
        "evaluation_hours",
        "projects_yuan",
        "inspections",
        "fines_yuan",
        "courier_reports",
        "platforms",
        "seat_hours",
        "captain_hours",
        "social_hours_bought",
        "volunteer_hours",
        "emergency_share",
        "enterprise_hours",
        "rider_services_yuan",
        "needs_met",
        "yuan_purse",
        "yuan_firms",
        "meeting_help_hours",
    ]
    assert not late[zero].to_numpy().any()
