"""What is timed: worlds that have a name, and old parts in a world that is as busy as with the new ones."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.__main__ import LIMITS, NEW_PARTS, WORLDS, Child, verdicts
from benchmarks.week import OLD_PARTS, world
from experiments import presets
from sim import GovernanceModel, Scenario


def test_every_world_has_its_name() -> None:
    made = {name: world(name) for name in WORLDS}
    assert made["none"] == Scenario() and made["full"] == Scenario().replace({"coverage.strategy": "full"})
    assert made["first-edition"].voice == presets.load("first-edition").voice
    assert made["everything"].emergency.enabled and made["everything"].supervision.enabled
    assert {scenario.coverage.strategy for name, scenario in made.items() if name != "none"} == {"full"}
    assert set(LIMITS) <= set(WORLDS)


def busy(name: str) -> dict[str, float]:
    """What goes on in a week, as means over the weeks after the start of the policy."""
    scenario = world(name).replace({"district.estates": 100, "run.weeks": 70, "run.warmup": 40})
    model = GovernanceModel(scenario, rng=42)
    seen = []
    for _ in range(70):
        begun = model.private.book.size
        model.step()
        active = model.incidents.active
        seen.append(
            (
                model.incidents.book.touches[active].sum(),
                model.grievances.now.person.size,
                model.disputes.open.size,
                model.private.book.size - begun,
            )
        )
    return dict(zip(("touches", "conflicts", "open", "talks"), np.mean(seen[45:], axis=0).tolist(), strict=True))


def test_with_the_old_parts_alone_as_much_goes_on() -> None:
    """Or the time that a week takes longer with the new ones would not be theirs."""
    old, new = busy("old-parts"), busy("full")
    assert {name: old[name] / new[name] for name in old} == pytest.approx(dict.fromkeys(old, 1.0), abs=0.2)
    assert Scenario().replace(OLD_PARTS) != Scenario()


def test_what_the_new_parts_cost_is_told_at_every_size() -> None:
    children = []
    for name, milliseconds in (("full", 10.0), ("old-parts", 7.0)):
        child = Child.__new__(Child)
        child.row = {"what": "week", "size": 200_000, "world": name, "week_ms": milliseconds}
        children.append(child)
    assert verdicts(children) == [(False, f"MISSED new parts, 200,000 adults: 30% of a week, at most {NEW_PARTS:.0%}")]
