"""Small runs of the model, by name: every strategy, every control, and what else a run can be.

A case is a function of a base scenario, on which it puts its own size and policy: the same runs can be made from the
default world and from any other.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim import District, GovernanceModel, Scenario

__all__ = ["CASES", "Case", "SEED", "TABLE"]

type Case = Callable[[Scenario], GovernanceModel]

SEED: Final = 11
WEEKS, WARMUP = 64, 16
SIZE: Final[dict[str, Any]] = {
    "district.estates": 24,
    "run.weeks": WEEKS,
    "run.warmup": WARMUP,
    "outcomes.record_estates": True,
}
TABLE: Final = Path(__file__).with_name("table.csv")
"""A user's table of twenty estates, with gaps to be filled."""

STRATEGIES: Final = (
    "none",
    "own",
    "dispatched",
    "joint",
    "full",
    "random",
    "hotspot",
    "largest",
    "weakest",
    "phased",
    "budget",
)
NEW_SWITCHES: Final = (
    "private.by_effort",
    "desks.bundling",
    "desks.living_first",
    "frontline.early",
    "frontline.coordinates",
    "frontline.speaks",
    "committees.mobilisation",
    "branches.repute",
    "services.volunteer_mobilisation",
    "meetings.enabled",
    "incidents.broken_resumes",
)
"""Switches that came with the second edition of the model or after it, which the first has off."""
EMERGENCY: Final = {"emergency.enabled": True, "emergency.start_week": 24, "emergency.switching": True}


def _model(base: Scenario, changes: Mapping[str, Any], **others: Any) -> GovernanceModel:
    """Make a model that has lived no week."""
    return GovernanceModel(base.replace({**SIZE, **changes}), rng=SEED, **others)


def _lived(model: GovernanceModel, weeks: int | None = None) -> GovernanceModel:
    model.run(weeks=weeks, progress=False)
    return model


def _plain(changes: Mapping[str, Any]) -> Case:
    """A run from the first week to the last with some values changed."""
    return lambda base: _lived(_model(base, changes))


def _matched(control: str) -> Case:
    """The control that replays the hours of full coverage, which is run beside it."""

    def case(base: Scenario) -> GovernanceModel:
        return _lived(_model(base, {"coverage.strategy": f"{control}:full"}, replay=_hours_of_full(base)))

    return case


@cache
def _hours_of_full(base: Scenario) -> NDArray[np.float64]:
    return _lived(_model(base, {"coverage.strategy": "full"})).policy_hours


def _all_on(base: Scenario) -> Scenario:
    """Everything on but what the base leaves out on purpose."""
    left_out = {
        row["name"]: False
        for row in base.parameters()
        if row["unit"] == "switch" and row["name"] in NEW_SWITCHES and not row["value"]
    }
    return base.with_everything_on().replace(left_out)


def _everything(base: Scenario) -> GovernanceModel:
    """Every mechanism at work, and people who act together so often that it is seen in a small district."""
    return _lived(
        _model(
            _all_on(base),
            {
                "coverage.strategy": "full",
                "emergency.start_week": 24,
                "collective.petition_persons": 2,
                "incidents.shock_rate": 0.03,
                "empowerment.veto": 0.5,
                "deliberation.interval": 2,
            },
        )
    )


def _forked(base: Scenario) -> GovernanceModel:
    """Full coverage goes on, and from week 40 its branches have rights and firms are inspected."""
    model = _lived(_model(base, {"coverage.strategy": "full"}), weeks=40)
    return _lived(
        model.fork(
            model.scenario.replace(
                {"empowerment.enabled": True, "supervision.enabled": True, "supervision.targeting": "two_group"}
            )
        )
    )


def _saved(base: Scenario) -> GovernanceModel:
    """Saved and loaded in the middle of an emergency."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "week.npz"
        model = _model(_all_on(base), {"coverage.strategy": "own", "emergency.start_week": 24})
        _lived(model, weeks=30).save(path)
        return _lived(GovernanceModel.load(path))


def _on_a_table(base: Scenario) -> GovernanceModel:
    return _lived(_model(base, {"coverage.strategy": "full"}, district=District.from_csv(TABLE)))


CASES: Final[dict[str, Case]] = {
    **{
        name: _plain({"coverage.strategy": name, "coverage.wave_weeks": 9, "coverage.hours": 40.0})
        for name in STRATEGIES
    },
    "full with secretaries": _plain({"coverage.strategy": "full", "coverage.second": "dispatched"}),
    "hours_matched": _matched("hours_matched"),
    "hours_matched_tied": _matched("hours_matched_tied"),
    "hours_matched_net": _matched("hours_matched_net"),
    "hours_offered": _matched("hours_offered"),
    "placebo": _plain({"coverage.strategy": "placebo:full"}),
    "placebo without channel": _plain({"coverage.strategy": "placebo:full", "branches.attraction": False}),
    "shuffled": _plain({"coverage.strategy": "shuffled:full"}),
    "every policy": _plain(
        {
            "coverage.strategy": "full",
            "empowerment.enabled": True,
            "supervision.enabled": True,
            "supervision.targeting": "complaints",
            "deliberation.enabled": True,
            "services.volunteers": True,
            "couriers.services": True,
            "couriers.reporting": True,
            "enterprises.political": True,
            "enterprises.economic": True,
            "enterprises.social": True,
        }
    ),
    "arrangement": lambda base: _lived(_model(base.arrangement(), {})),
    "everything": _everything,
    "pulse": _plain({**EMERGENCY, "coverage.strategy": "joint", "emergency.event": "pulse"}),
    "epidemic": _plain({**EMERGENCY, "coverage.strategy": "full", "emergency.event": "epidemic"}),
    "fork": _forked,
    "saved": _saved,
    "sample": _plain({"coverage.strategy": "full", "district.sample": 0.05}),
    "table": _on_a_table,
}
"""What is run, by name."""
