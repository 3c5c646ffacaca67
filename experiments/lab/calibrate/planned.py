"""What a calibration is asked to do, checked whole before the first run, and written down so that it can go on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.lab.calibrate import emulator
from experiments.lab.calibrate.aims import Aims, aims_of
from experiments.lab.calibrate.posterior import SAMPLE, rounded
from experiments.lab.design.axes import Axis
from experiments.lab.design.plan import Plan
from experiments.lab.store.files import replace_file
from experiments.lab.validate.figure_words import FIGURES
from experiments.lab.validate.targets import Target

if TYPE_CHECKING:
    import pandas as pd

    from sim import District, Scenario

__all__ = ["Wanted"]

RECORD = "calibration.json"


@dataclass(frozen=True)
class Wanted:
    """A calibration that can be run.

    Attributes
    ----------
    aims
        What is to be met.
    plan
        The first wave.
    base
        The scenario without what was set for these runs only.
    settings
        All that the result depends on, as plain data.
    """

    aims: Aims
    plan: Plan = field(repr=False)
    base: Scenario = field(repr=False)
    settings: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(
        cls, targets: Mapping[str, Target], parameters: Mapping[str, Any], *,
        worlds: Mapping[str, Mapping[str, Any]] | None, scenario: Scenario | None, district: District | None,
        changes: Mapping[str, Any] | None, points: int, waves: int, replicates: int, checks: int, level: float,
        discrepancy: float, seed: int, question: str, model: Callable[..., Any] | None,
    ) -> Wanted:
        """Check what is asked for; see `calibrate`."""
        from experiments.lab.validate.patterns import Measured
        from sim import Scenario
        from sim.errors import ScenarioError

        emulator.needed()
        arms = {label: dict(change) for label, change in (worlds or {"": {}}).items()}
        aims = aims_of(targets, list(arms), discrepancy)
        figures = list(dict.fromkeys(aim.figure for aim in aims.items))
        if model is None:
            _known(figures)
        least = {"points": (points, max(emulator.FEWEST, 2 * len(parameters))), "waves": (waves, 1),
                 "replicates": (replicates, 2), "checks": (checks, 2)}
        for name, (number, fewest) in least.items():
            if isinstance(number, bool) or not isinstance(number, int) or number < fewest:
                raise ScenarioError(f"{name} is {number}: a whole number of at least {fewest} is needed here.")
        if checks > SAMPLE:
            raise ScenarioError(f"checks is {checks}: at most {SAMPLE} points of the plausibility region can be lived.")
        if isinstance(level, bool) or not 0.0 < level < 1.0:
            raise ScenarioError(f"level is {level}: a probability between 0 and 1 is needed.")
        base = Scenario() if scenario is None else scenario
        design = {"question": question, "points": points, "replicates": replicates, "seed": seed,
                  "outcomes": figures, "parameters": dict(parameters)}
        if list(arms) != [""]:
            design["arms"] = arms
        plan = replace(Plan.of(design, scenario=base, district=district, changes=changes, model=model or Measured),
                       apart=True)
        _ranges(plan.axes)
        if model is None:
            _long_enough(plan.scenario)
        plan.design()
        settings = {
            "targets": {name: [one.value, one.low, one.high] for name, one in targets.items() if one.fitted},
            "parameters": {axis.name: [axis.low, axis.high] for axis in plan.axes}, "worlds": arms,
            "scenario": {name: now for name, (now, _) in plan.scenario.differences(Scenario()).items()},
            "points": points, "waves": waves, "replicates": replicates, "checks": checks, "level": level,
            "discrepancy": discrepancy, "seed": seed,
        }  # fmt: skip
        return cls(aims, plan, base, json.loads(json.dumps(settings)))

    def claim(self, folder: Path) -> None:
        """Write down what is asked for, or see that the folder holds the same.

        Raises
        ------
        StoreError
            Another calibration, or something else, lies there.
        """
        from sim.errors import StoreError

        path = folder / RECORD
        if path.exists():
            try:
                stored = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise StoreError(f"{path} cannot be read: {error}. Give another folder with --out.") from None
            there = stored if isinstance(stored, dict) else {}
            differ = [name for name in self.settings if there.get(name) != self.settings[name]]
            if differ:
                raise StoreError(f"{folder} holds another calibration. It differs in: {', '.join(differ)}. "
                                 "Give another folder with --out.")
            return
        if folder.is_dir() and any(folder.iterdir()):
            raise StoreError(f"{folder} holds other files and no {RECORD}. "
                             "Give a new or an empty folder, so that nothing of yours is overwritten.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            replace_file(path, (json.dumps(self.settings, indent=1, ensure_ascii=False) + "\n").encode())
        except OSError as error:
            raise StoreError(f"{folder} cannot be written: {error.strerror or error}.") from None

    def values_at(self, shares: NDArray[np.float64]) -> pd.DataFrame:
        """Turn shares of the ways along the ranges into values, a column for each parameter."""
        import pandas as pd

        return pd.DataFrame({axis.name: axis.at(shares[:, place]) for place, axis in enumerate(self.plan.axes)})

    def table(self, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
        """Make a table of points."""
        import pandas as pd

        return pd.DataFrame(rows, columns=[axis.name for axis in self.plan.axes])

    def written(self, shares: NDArray[np.float64]) -> dict[str, Any]:
        """Return a point's values as people write them: to three digits, without leaving the ranges."""
        found = {axis.name: axis.at([share])[0] for axis, share in zip(self.plan.axes, shares.tolist(), strict=True)}
        return {axis.name: found[axis.name] if axis.whole else min(max(rounded(found[axis.name]), axis.low), axis.high)
                for axis in self.plan.axes}


def _known(figures: Sequence[str]) -> None:
    from experiments.lab.validate.patterns import GROUND
    from sim.errors import ScenarioError, nearest

    known = [*FIGURES, *(one.name for one in GROUND)]
    for name in figures:
        if name not in known:
            raise ScenarioError(f'"{name}" is no figure that the model measures.{nearest(name, known)} '
                                f"There are: {', '.join(known)}.")


def _ranges(axes: Sequence[Axis]) -> None:
    from sim.errors import ScenarioError

    for axis in axes:
        if axis.levels:
            raise ScenarioError(f"{axis.name} has levels and no range: only numbers with a range can be calibrated. "
                                "Set it with --set, and compare calibrations.")


def _long_enough(scenario: Scenario) -> None:
    from experiments.lab.validate.patterns import YEAR
    from sim.errors import ScenarioError

    weeks, warmup = scenario.run.weeks, scenario.run.warmup
    if weeks - warmup < YEAR:
        raise ScenarioError(f"Figures are of whole years: run.weeks is {weeks} with {warmup} weeks of warm-up, and at "
                            f"least {warmup + YEAR} are needed.")
