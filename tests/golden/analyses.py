"""Every analysis of the laboratory by name, as small as it can be: functions of a base scenario and a folder.

They are too small to find anything out; what counts is that their tables stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from experiments import Execution, compare, sensitivity, sweep
from sim import Scenario

__all__ = ["ANALYSES", "Analysis"]

type Analysis = Callable[[Scenario, Path, Execution], Any]

SIZE: Final[dict[str, Any]] = {"district.estates": 8, "run.warmup": 4, "run.weeks": 14}
YEAR: Final[dict[str, Any]] = {"district.estates": 8, "run.warmup": 6, "run.weeks": 58}
"""Published figures are of a year."""
THREE: Final = {"incidents.rate_noise": [0.2, 0.8], "desks.meeting": [0.2, 0.8], "branches.secretary_hours": [0.0, 4.0]}
TWO: Final = {name: THREE[name] for name in ("incidents.rate_noise", "desks.meeting")}
FULL: Final = {"coverage.strategy": "full"}


def _compared(base: Scenario, folder: Path, execution: Execution) -> Any:
    return compare(
        ["none", "full", "hours_matched:full", "placebo:full"],
        replicates=3,
        districts=2,
        scenario=base.replace(SIZE),
        store=folder,
        execution=execution,
    )


def _ranged(base: Scenario, folder: Path, execution: Execution) -> Any:
    return compare(
        ["none", "full"],
        replicates=2,
        outcomes=["conflicts", "hours"],
        assumptions=16,
        scenario=base.replace(SIZE),
        store=folder,
        execution=execution,
    )


def _screened(base: Scenario, folder: Path, execution: Execution) -> Any:
    from experiments.analyses.assumptions.screening import Screen, screen
    from experiments.core.spec import Running

    size = Screen(24, 12, passing=4, estates=8, weeks=14, warmup=4)
    return screen(base.replace(SIZE), Running(folder, execution=execution), size)


def _swept(base: Scenario, folder: Path, execution: Execution) -> Any:
    return sweep(
        {
            "design": "latin",
            "points": 5,
            "replicates": 2,
            "outcomes": ["conflicts", "unresolved_filed"],
            "parameters": THREE,
            "arms": {"none": "none", "full": "full"},
        },
        scenario=base.replace(SIZE),
        store=folder,
        execution=execution,
    )


def _taken_apart(base: Scenario, folder: Path, execution: Execution) -> Any:
    from experiments.analyses.ablation.ablation import ablate
    from experiments.presets.questions import dissections

    wanted = dissections()["full"]
    return ablate(
        wanted.policy,
        wanted.parts,
        outcomes=wanted.outcomes,
        replicates=2,
        scenario=base.replace({**SIZE, **wanted.world}),
        store=folder,
        execution=execution,
    )


def _mapped(base: Scenario, folder: Path, execution: Execution) -> Any:
    from experiments.analyses.signmap import signmap

    return signmap(
        {
            "design": "factorial",
            "levels": 2,
            "replicates": 2,
            "outcomes": ["conflicts"],
            "parameters": {"branches.reporting_hours": [0.0, 6.0], "services.effect": [0.0, 0.2]},
            "arms": {"none": "none", "full": "full"},
        },
        policy="full",
        against=["none"],
        looks=2,
        scenario=base.replace(SIZE),
        store=folder,
        execution=execution,
    )


def _searched(base: Scenario, folder: Path, execution: Execution) -> Any:
    from experiments.analyses.signmap import search_regions

    policies = {"coverage": {"arm": "full", "parameters": THREE}}
    design = {"search": "regions", "points": 6, "policies": policies, "scenario": SIZE}
    return search_regions(design, scenario=base, store=folder, execution=execution)


def _sensitive(method: str, **size: int) -> Analysis:
    def analysis(base: Scenario, folder: Path, execution: Execution) -> Any:
        return sensitivity(
            {"full": FULL},
            parameters=TWO,
            method=method,
            **size,
            scenario=base.replace(SIZE),
            store=folder,
            execution=execution,
        )

    return analysis


def _calibrated(base: Scenario, folder: Path, execution: Execution) -> Any:
    from experiments.analyses.calibration import calibrate
    from experiments.analyses.validation.targets import shipped

    targets = {name: target for name, target in shipped().items() if name in ("reply", "authority")}
    return calibrate(
        targets, TWO, points=8, waves=1, checks=3, scenario=base.replace(YEAR), store=folder, execution=execution
    )


def _validated(base: Scenario, folder: Path, execution: Execution) -> Any:
    from experiments.analyses.validation import validate
    from experiments.analyses.validation.targets import ground_targets, shipped
    from experiments.presets.questions import rivals

    return validate(
        {"no talk": rivals()["no talk"]},
        shipped() | ground_targets(),
        replicates=3,
        pilots=1,
        pilot_replicates=1,
        scenario=base.replace(YEAR),
        store=folder,
        execution=execution,
    )


def _best(base: Scenario, folder: Path, execution: Execution) -> Any:
    from experiments.analyses.budget.budget_result import budget

    return budget(
        [6.0], candidates=3, replicates=2, confirm=2, scenario=base.replace(SIZE), store=folder, execution=execution
    )


def _studied(base: Scenario, folder: Path, execution: Execution) -> Any:
    from experiments.analyses.study.study_comparison import run_study
    from experiments.presets.questions import study

    return run_study(
        study("deliberation"),
        estates=8,
        replicates=2,
        weeks=14,
        scenario=base.replace(SIZE),
        store=folder,
        execution=execution,
    )


ANALYSES: Final[dict[str, Analysis]] = {
    "compare": _compared,
    "range": _ranged,
    "screening": _screened,
    "sweep": _swept,
    "ablate": _taken_apart,
    "signmap": _mapped,
    "regions": _searched,
    "morris": _sensitive("morris", trajectories=4),
    "sobol": _sensitive("sobol", points=8),
    "tornado": _sensitive("tornado"),
    "calibrate": _calibrated,
    "validate": _validated,
    "budget": _best,
    "study": _studied,
}
"""What is done, by name; its tables are the CSV files that it leaves in its folder."""
