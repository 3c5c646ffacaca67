"""A small sweep and a small comparison with the toy, and what must be the same to the byte in their folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pandas as pd

from tests.support import toy_model

DESIGN: dict[str, Any] = {
    "points": 3,
    "replicates": 2,
    "arms": ["none", "full", "hours_matched:full"],
    "outcomes": ["conflicts", "filed"],
    "parameters": {"branches.reporting_hours": "declared", "residents.moving_tenants": "declared"},
    "scenario": toy_model.SMALL,
}
"""A sweep of 18 runs: of its two parameters one changes the warm-up, and a control replays another run's hours."""
RUNS = 18


def swept(folder: Path, model: Any = toy_model.toy, **settings: Any) -> Any:
    """Make the sweep, by default in this process."""
    from experiments import Execution, Plan, sweep

    settings = {"executor": "serial"} | settings if "workers" not in settings else settings
    return sweep(Plan.of(DESIGN, model=model), store=folder, execution=Execution(progress=False, **settings))


def compared(folder: Path, model: Any = toy_model.toy, **settings: Any) -> Any:
    """Make a comparison of 10 runs, by default in this process."""
    import sim
    from experiments import Execution, compare

    settings = {"executor": "serial"} | settings if "workers" not in settings else settings
    return compare(
        toy_model.ARMS,
        replicates=2,
        scenario=sim.Scenario().replace(toy_model.SMALL),
        store=folder,
        model=model,
        execution=Execution(progress=False, **settings),
    )


KINDS: Final = {"swept": swept, "compared": compared}


def whole(folder: Path) -> dict[str, bytes]:
    """Read all that must be the same to the byte: tables, design, ground, scenario and runs."""
    names = ("points.csv", "runs.csv", "table.csv", "design.parquet", "district-0.csv", "scenario.toml")
    files = [folder / name for name in names if (folder / name).exists()]
    return {path.name: path.read_bytes() for path in [*files, *sorted((folder / "runs").iterdir())]}


def ended(folder: Path) -> int:
    """Count the runs that have ended."""
    return len(list(folder.glob("runs/*.json")))


def contents(folder: Path) -> dict[str, bytes]:
    """Read all that must be the same to the byte of a comparison: table, design and runs."""
    files = [folder / "table.csv", folder / "design.parquet", *sorted((folder / "runs").iterdir())]
    return {path.name: path.read_bytes() for path in files}


def counted_once(folder: Path) -> bool:
    """Tell whether the table of timings, and that of runs, have each run once."""
    keys = pd.read_csv(folder / "timings.csv")["run"]
    runs = pd.read_csv(folder / "runs.csv") if (folder / "runs.csv").exists() else None
    if runs is None:
        return not keys.duplicated().any()
    place = "point" if "point" in runs else "district"
    count = RUNS if place == "point" else 10
    return not keys.duplicated().any() and len(runs) == count and not runs.duplicated([place, "arm", "replicate"]).any()
