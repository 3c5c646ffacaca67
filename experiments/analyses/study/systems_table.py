"""The table of systems: what each moves, by how much, made by a command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from experiments.analyses.study.contrasts import Contrast, Contrasts, contrasted
from experiments.core.margin import MARGIN
from experiments.core.statistics.regions import BEYOND
from sim import Scenario


@dataclass(frozen=True)
class System:
    """A system of the study, with number and name as in the mission of the laboratory, and how it is switched.

    `switch` is what turns it on, in words that can be typed; `on` and `off` are the changes to the scenario with and
    without it; `outcomes` what it moves first, and what that does to people.
    """

    number: str
    name: str
    switch: str
    on: Mapping[str, Any]
    off: Mapping[str, Any] = field(default_factory=dict)
    outcomes: tuple[str, ...] = ("conflicts", "standing")


def contrasts_of(systems: Sequence[System]) -> list[Contrast]:
    """Turn systems into contrasts: the same world with and without each."""
    usual = Scenario()
    # What `off` alone has changed is taken back.
    return [
        Contrast(system.number, system.off, {name: usual.get(name) for name in system.off} | dict(system.on))
        for system in systems
    ]


def table_of(systems: Sequence[System], contrasts: Contrasts) -> pd.DataFrame:
    """Return one row for each system and outcome that it is said to move."""
    picked = contrasted(contrasts, [(system.number, name) for system in systems for name in system.outcomes])
    picked.insert(1, "system", [system.name for system in systems for _ in system.outcomes])
    picked.insert(2, "switch", [system.switch for system in systems for _ in system.outcomes])
    return picked


def counted(table: pd.DataFrame, outcome: str) -> dict[str, Any]:
    """Return which systems lower an outcome by more than the margin, which raise it, and of how many."""
    rows = table[table["outcome"] == outcome]
    certain = rows[rows["verdict"].isin(BEYOND)]
    return {
        "outcome": outcome,
        "systems": len(rows),
        "lower": list(certain.loc[certain["difference"] < 0, "system"]),
        "higher": list(certain.loc[certain["difference"] > 0, "system"]),
        "margin": MARGIN,
    }
