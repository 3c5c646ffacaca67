"""A made-up sweep for a report's sliders: points in five axes, and effects of which a formula is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from experiments.analyses.explorer import Explored, Response
from experiments.core.design.axes import Axis
from experiments.core.design.points import latin
from sim import Scenario

__all__ = ["ARMS", "AXES", "SCENARIO", "explored", "seen"]

AXES = (
    Axis("coverage.share", 0.2, 1.0),
    Axis("services.effect", 0.0, 0.2),
    Axis("incidents.touched_noise", 1.8, 18.0, log=True),
    Axis("branches.targets", 0.0, 20.0, whole=True),
    Axis("couriers.norm", levels=("none", "linear", "quadratic")),
)
SCENARIO = Scenario().replace({"district.estates": 12, "run.weeks": 60, "run.warmup": 20})
ARMS = {
    "none": {"coverage.strategy": "none"},
    "full": {"coverage.strategy": "full"},
    "hours_matched:full": {"coverage.strategy": "hours_matched:full"},
}


def seen(points: pd.DataFrame) -> np.ndarray:
    noise = np.random.default_rng(8).standard_normal(len(points))
    named = points["couriers.norm"].map({"none": 0.0, "linear": 0.2, "quadratic": -0.1}).to_numpy(float)
    slope = 0.4 * points["coverage.share"] - 6.0 * points["services.effect"]
    return np.asarray(slope * np.log(points["incidents.touched_noise"]) + named + 0.02 * noise, dtype=float)


def explored(points: pd.DataFrame | None = None, **changes: Any) -> Explored:
    points = latin(AXES, 64, seed=3) if points is None else points
    noise = np.random.default_rng(9).standard_normal(len(points))
    responses = [
        Response("conflicts", "full", "none", seen(points)),
        Response("conflicts", "hours_matched:full", "none", 2.0 + seen(points)),
        Response("standing", "full", "none", noise),
        Response("filed", "full", "none", np.zeros(len(points))),
        Response("hours", "full", "none", np.where(np.arange(len(points)) < 9, 1.0, np.nan)),
    ]
    made = Explored("latin", AXES, points, responses, SCENARIO, ARMS, sizes={"replicates": 2, "seed": 5})
    return replace(made, **changes)
