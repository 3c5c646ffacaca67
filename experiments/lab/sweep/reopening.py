"""Sweeps and ablations read again from their folders, so that their reports can be made without running anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.compare.comparison import reopened
from experiments.lab.design.plan import Plan
from experiments.lab.sweep.swept import Swept

if TYPE_CHECKING:
    from experiments.lab.ablation import Ablation

__all__ = ["reopened_ablation", "reopened_sweep"]


def reopened_sweep(folder: str | Path) -> Swept:
    """Read a sweep from its folder, as far as it has been run.

    Raises
    ------
    StoreError
        The folder holds no sweep.
    """
    import pandas as pd

    from sim.errors import StoreError

    held = reopened(folder)
    stored = held.store.read()
    names = stored.get("parameters")
    if names is None:
        raise StoreError(f"{folder} holds no sweep, or one of an earlier version: the command that made it reads it.")
    design = held.outcome.design
    points: dict[int, dict[str, Any]] = {}
    arms: dict[str, dict[str, Any]] = {}
    for arm in design.arms:
        number, _, label = arm.label.partition(" ")
        if not number.isdecimal():
            continue  # an arm that a control replays belongs to no point
        points[int(number)] = {name: arm.changes[name] for name in names}
        arms.setdefault(label, {name: value for name, value in arm.changes.items() if name not in names})
    kind = str(stored.get("kind", "")).removeprefix("sweep (").removesuffix(")")
    table = pd.DataFrame([points[place] for place in sorted(points)], columns=names, index=sorted(points))
    plan = Plan(
        str(stored.get("question", "")), kind, (), table, arms, design.scenario, design.replicates, design.seed,
        tuple(stored["outcomes"]), str(stored["against"]),
    )  # fmt: skip
    return Swept(plan, held.outcome, held.store)


def reopened_ablation(folder: str | Path) -> Ablation:
    """Read an ablation from its folder, as far as it has been run.

    Raises
    ------
    StoreError
        The folder holds no ablation, or one whose orders were sampled otherwise than by default.
    """
    from experiments.lab.ablation import BASELINE, EXACT, ORDERS, Ablation, label_of, orders, sets_of
    from sim.errors import StoreError

    swept = reopened_sweep(folder)
    held = [arm for arm in swept.plan.arms if arm != BASELINE]
    names = tuple(max(held, key=lambda arm: arm.count(" + "), default="").removeprefix("with ").split(" + "))
    sampled = tuple(orders(names, ORDERS, swept.plan.seed)) if len(names) > EXACT else ()
    labels = {some: label_of(some, names) for some in sets_of(names, sampled)}
    if swept.plan.kind != "ablation" or sorted(labels.values()) != sorted(held):
        raise StoreError(f"{folder} holds no ablation whose parts can be told from its arms.")
    return Ablation(swept, BASELINE, labels, names, sampled)
