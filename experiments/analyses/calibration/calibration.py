"""A calibration: waves of runs, each where the last has not ruled parameters out; what is plausible, and fresh runs.

Each wave, the check and the best point are sweeps in folders of their own, so that a calibration can be resumed.
Points have independent random numbers: noise that all of them had in common would be taken for the model's response.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from experiments.analyses.calibration import emulator, history_matching, posterior
from experiments.analyses.calibration.emulator import Emulators
from experiments.analyses.calibration.history_matching import Region
from experiments.analyses.calibration.target_set import TargetSet
from experiments.analyses.failed_runs import delivered
from experiments.analyses.result import Result
from experiments.analyses.stored_runs import runs_table
from experiments.analyses.sweep.swept import Swept, run_plan
from experiments.analyses.validation.evidence import FIGURES
from experiments.analyses.validation.patterns import GROUND, YEAR, Measured
from experiments.analyses.validation.targets import Target
from experiments.core.analysis_folder import claim
from experiments.core.design.axes import Axis
from experiments.core.design.design import seed_of
from experiments.core.design.plan import Plan
from experiments.core.option import Option
from experiments.core.spec import Count, Running, Spec, Whole, whole
from experiments.core.statistics.paired import paired
from experiments.core.store.store import Store
from experiments.reporting.finding import Finding
from sim.core.errors import ScenarioError, nearest, refusal
from sim.parameters import scenario_file

CHECK, BEST, DRAW, REGION = 1_000, 2_000, 3_000, 4_000
"""Numbers that give different purposes independent random numbers."""
AGAIN: Final = 5
"""Fresh runs at the best values."""
CHECKED: Final = (0.05, 0.95)
"""Quantiles of the runs at points of the plausibility region, between which 90 % of them lie."""
PREDICTIVE: Final = (
    "figure world unit target target_low target_high model model_low model_high best best_low best_high inside"
).split()


class CalibrationSpec(Spec):
    """A calibration.

    Attributes
    ----------
    targets
        Figures of data; only those that may be fitted are used.
    parameters
        For each ``"declared"``, or a range ``[low, high]``; all values of a range are held to be equally credible
        before.
    worlds
        Changes that make each world in which the targets are to be met; the scenario's alone has no name.
    changes
        What is set for these runs only, such as their length: it does not enter the scenario that is written.
    level
        Probability with which the right point may be ruled out.
    """

    analysis = "calibration"
    noun = "calibration"

    quick = {"points": 20, "waves": 2, "checks": 8, "estates": 60, "weeks": 104, "warmup": 26}

    targets: dict[str, Target]
    parameters: dict[str, Any]
    worlds: dict[str, dict[str, Any]] = {"": {}}
    changes: dict[str, Any] = Field(default_factory=dict)
    points: Annotated[Whole, Option("Points of a wave.")] = 24
    waves: Annotated[Count, Option("Waves at most.")] = 3
    replicates: Annotated[int, whole(2), Option("Runs of each point in each world.")] = 2
    checks: Annotated[int, whole(2), Option("Fresh runs from the plausibility region.")] = 20
    level: Annotated[float, Field(gt=0, lt=1, description="a probability between 0 and 1")] = 0.05
    discrepancy: Annotated[float, Option("Share of a figure by which the model may be wrong.", "SHARE")] = 0.0


@dataclass(frozen=True)
class CalibrationDesign:
    """A calibration that can be run: the specification, what is to be met, and the first wave."""

    spec: CalibrationSpec
    target_set: TargetSet
    plan: Plan = field(repr=False)

    @classmethod
    def of(cls, spec: CalibrationSpec) -> CalibrationDesign:
        """Check what is asked for, whole and before the first run."""
        emulator.needed()
        target_set = TargetSet.build(spec.targets, list(spec.worlds), spec.discrepancy)
        _check_sizes(spec, target_set.figures)
        design = {name: getattr(spec, name) for name in ("question", "points", "replicates", "seed", "parameters")}
        design["outcomes"] = target_set.figures
        if list(spec.worlds) != [""]:
            design["arms"] = spec.worlds
        world: dict[str, Any] = {name: getattr(spec, name) for name in ("scenario", "district", "changes")}
        plan = replace(Plan.of(design, model=spec.model or Measured, **world), apart=True)
        _check_runnable(plan, measured=spec.model is None)
        ranges = {axis.name: [axis.low, axis.high] for axis in plan.axes}
        return cls(spec.replace(parameters=ranges), target_set, plan)

    def values_at(self, shares: NDArray[np.float64]) -> pd.DataFrame:
        """Turn shares of the ways along the ranges into values, a column for each parameter."""
        return pd.DataFrame({axis.name: axis.at(shares[:, place]) for place, axis in enumerate(self.plan.axes)})

    def written(self, shares: NDArray[np.float64]) -> dict[str, Any]:
        """Return a point's values as people write them: to three digits, without leaving the ranges."""
        values: dict[str, Any] = {}
        for axis, share in zip(self.plan.axes, shares.tolist(), strict=True):
            [value] = axis.at([share])
            values[axis.name] = value if axis.whole else min(max(float(f"{value:.3g}"), axis.low), axis.high)
        return values


def _check_sizes(spec: CalibrationSpec, figures: list[str]) -> None:
    known = [*FIGURES, *(statistic.name for statistic in GROUND)]
    for name in figures if spec.model is None else ():
        if name not in known:
            raise ScenarioError(
                f'"{name}" is no figure that the model measures.{nearest(name, known)} There are: {", ".join(known)}.'
            )
    least = max(emulator.FEWEST, 2 * len(spec.parameters))
    if spec.points < least:
        raise ScenarioError(f"points is {spec.points}: a whole number of at least {least} is needed here.")
    most = posterior.SAMPLE
    if spec.checks > most:
        raise ScenarioError(f"checks is {spec.checks}: at most {most} points of the plausibility region can be run.")


def _check_runnable(plan: Plan, measured: bool) -> None:
    for axis in plan.axes:
        if axis.levels:
            raise ScenarioError(
                f"{axis.name} has levels and no range: only numbers with a range can be calibrated. "
                "Set it with --set, and compare calibrations."
            )
    weeks, warmup = plan.scenario.run.weeks, plan.scenario.run.warmup
    if measured and weeks - warmup < YEAR:
        raise ScenarioError(
            f"Figures are of whole years: run.weeks is {weeks} with {warmup} weeks of warm-up, and at "
            f"least {warmup + YEAR} are needed."
        )
    plan.design()


@dataclass
class Calibration(Result):
    """What has been learnt of the parameters.

    `regions` is what was left after each of the `waves`; `shares` the last region's sample, each parameter as its share
    of the way along its range, shape (points, parameters); `best` the most credible values, rounded; `check` and
    `again` are fresh runs at points of the plausibility region, and at the best.
    """

    presented: ClassVar[str] = "experiments.analyses.calibration.calibration_report"

    design: CalibrationDesign
    waves: list[Swept] = field(repr=False)
    regions: list[Region] = field(repr=False)
    emulators: Emulators = field(repr=False)
    shares: NDArray[np.float64] = field(repr=False)
    best: dict[str, Any]
    check: Swept = field(repr=False)
    again: Swept = field(repr=False)
    folder: Path

    @property
    def spec(self) -> CalibrationSpec:
        return self.design.spec

    @property
    def sweeps(self) -> list[Swept]:
        return [*self.waves, self.check, self.again]

    @property
    def stores(self) -> list[Store]:
        return [swept.store for swept in self.sweeps]

    @property
    def axes(self) -> tuple[Axis, ...]:
        return self.design.plan.axes

    @cached_property
    def drawn(self) -> pd.DataFrame:
        """The plausibility region: a sample of points, a column for each parameter."""
        return self.design.values_at(self.shares)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per parameter: range, mean and 95 % interval of the region, how much narrower, best value."""
        facts = {row["name"]: row for row in self.design.plan.scenario.parameters()}
        return posterior.summary_of(self.axes, self.drawn, facts, self.best)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Rank correlation of every two parameters in the region, the strongest first."""
        return posterior.pairs_of(self.axes, self.drawn)

    @cached_property
    def predictive(self) -> pd.DataFrame:
        """One row per figure and world: the data's interval, and what fresh runs give."""
        (_, drawn), (_, again) = (figures_of(swept, self.design.target_set) for swept in (self.check, self.again))
        rows = []
        for place, item in enumerate(self.design.target_set.items):
            target, runs = item.target, drawn[np.isfinite(drawn[:, place]), place]
            model = (runs.mean(), *np.quantile(runs, CHECKED)) if runs.size else (np.nan,) * 3
            best = paired(again[:, place], np.zeros(len(again)))
            data = (item.figure, item.world, target.unit, target.value, target.low, target.high)
            inside = _inside(target, best.ci_low, best.ci_high)
            rows.append((*data, *model, best.mean, best.ci_low, best.ci_high, inside))
        return pd.DataFrame(rows, columns=PREDICTIVE)

    @cached_property
    def quality(self) -> pd.DataFrame:
        """One row per figure and world: how well its emulator foresees what it was not taught."""
        fits = [
            (item, fit.quality) for item, fit in zip(self.design.target_set.items, self.emulators.items, strict=True)
        ]
        return pd.DataFrame(
            {"figure": item.figure, "world": item.world, **vars(quality), "sound": "yes" if quality.sound else "no"}
            for item, quality in fits
        )

    @cached_property
    def progress(self) -> pd.DataFrame:
        """One row per wave: points, runs that ended, share of the prior that is left."""
        rows = [
            (len(swept.points), len(swept.ended), region.share, float(region.sample.values.min()), region.cutoff)
            for swept, region in zip(self.waves, self.regions, strict=True)
        ]
        table = pd.DataFrame(rows, columns="points runs left least cut".split())
        table.insert(0, "wave", np.arange(1, len(rows) + 1))
        return table

    @property
    def failed(self) -> list[str]:
        return [message for swept in self.sweeps for message in swept.outcome.failed.values()]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`summary`, `posterior`, `pairs`, `predictive`, `emulators`, `waves` and `runs`."""
        return {
            "summary": self.summary,
            "posterior": self.drawn,
            "pairs": self.pairs,
            "predictive": self.predictive,
            "emulators": self.quality,
            "waves": self.progress,
            "runs": self.runs,
        }

    @cached_property
    def runs(self) -> pd.DataFrame:
        """The runs of all sweeps; the arm is the world of which figures are asked."""
        return runs_table({swept.folder.name: swept.step_runs for swept in self.sweeps})

    @property
    def beside(self) -> tuple[str, ...]:
        """The scenario with the best values."""
        return ("calibrated.toml",)

    @property
    def counted(self) -> list[Finding]:
        return [Finding("calibration.wave_count", number=len(self.waves))]

    def write(self) -> None:
        super().write()
        scenario = self.spec.scenario.replace(self.best)
        rows = [row for row in scenario.parameters() if row["name"] in self.best or row["value"] != row["default"]]
        scenario_file.write(self.folder / "calibrated.toml", rows)


def calibrate(targets: Mapping[str, Target], parameters: Mapping[str, Any], **fields: Any) -> Calibration:
    """Calibrate; what the folder holds already is not run again.

    Parameters
    ----------
    targets, parameters, worlds, changes, level
        As in `CalibrationSpec`.
    model
        In place of `Measured`; its outcomes are then not checked against the known figures.
    **fields
        Also the other fields of `CalibrationSpec`, which ``gongzhi calibrate --help`` describes, and the keywords of
        `sweep`; results go to ``results/calibrate`` unless `out` is named.

    Raises
    ------
    GongzhiError
        Before the first run, where something requested cannot be done; later where too few runs ended.

    Examples
    --------
    >>> from experiments.analyses.validation.targets import shipped
    >>> result = calibrate(shipped(), {"incidents.rate_noise": "declared"}, waves=2)  # doctest: +SKIP
    >>> result.summary  # doctest: +SKIP
    """
    running, own = Running.split(fields)
    spec = CalibrationSpec.of({**own, "targets": targets, "parameters": parameters})
    return delivered(run_calibration(spec, replace(running, out=running.out or "results/calibrate")))


def run_calibration(spec: CalibrationSpec, running: Running) -> Calibration:
    """Calibrate, or read a calibration where nothing may be run."""
    design = CalibrationDesign.of(spec)
    spec, targets, parameters = design.spec, design.target_set, len(design.plan.axes)
    folder = claim(running.out or ".", spec, running)

    def run(name: str, purpose: int, **different: Any) -> Swept:
        return run_plan(replace(design.plan, seed=seed_of(spec.seed, purpose, 0), **different), running.within(name))

    def generator(purpose: int) -> np.random.Generator:
        return np.random.default_rng(seed_of(spec.seed, purpose, 1))

    done: list[Swept] = []
    regions: list[Region] = []
    where = design.plan.points
    for number in range(1, spec.waves + 1):
        done.append(run(f"wave-{number}", number, points=where))
        emulators = fit_emulators(done, design)
        left = history_matching.region(targets, emulators, parameters, spec.level, generator(REGION + number))
        regions.append(left)
        running.tell(f"Wave {number} of at most {spec.waves}: {_left(left)}")
        if left.exact:
            if number < spec.waves:
                running.tell("The figures are known there so well that another wave would teach little.")
            break
        where = design.values_at(history_matching.maximin_subset(left.sample.points, spec.points, generator(number)))
    shares = posterior.sample(targets, emulators, parameters, generator(DRAW))
    best = design.written(posterior.best_of(targets, emulators, shares))
    chosen = generator(CHECK).choice(len(shares), size=spec.checks, replace=False)
    check = run("check", CHECK, points=design.values_at(shares[chosen]), replicates=1)
    again = run("best", BEST, points=pd.DataFrame([best]), replicates=AGAIN)
    result = Calibration(design, done, regions, emulators, shares, best, check, again, folder)
    if not running.execution.only_stored:
        result.write()
    return result


def _inside(target: Target, low: float, high: float) -> str:
    """Say whether a mean lies in a target's interval, as far as its own interval lets one say so.

    Examples
    --------
    >>> target = Target(15, 12, 18)
    >>> _inside(target, 13, 14), _inside(target, 17, 19), _inside(target, 19, 20)
    ('yes', 'undecided', 'no')
    """
    if target.low <= low and high <= target.high:
        return "yes"
    return "no" if high < target.low or low > target.high else "undecided"


def _left(region: Region) -> str:
    if region.empty:
        return refusal(
            f"every point is ruled out; the nearest misses a figure by {region.sample.values.min():.1f} standard "
            f"deviations, and {region.cutoff:.1f} would do."
        )
    return refusal(f"{region.share:.2g} of what was thought possible is left.")


def figures_of(swept: Swept, target_set: TargetSet) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the point of each run, and its figures in all worlds, shape (runs, targets); NaN where there is none."""
    wide = swept.ended.pivot(index=["point", "replicate"], columns="arm", values=target_set.figures)
    values = wide.reindex(columns=[(item.figure, item.world) for item in target_set.items]).to_numpy(dtype=float)
    return wide.index.get_level_values("point").to_numpy(dtype=np.intp), values


def fit_emulators(done: list[Swept], design: CalibrationDesign) -> Emulators:
    """Teach emulators all that was run so far."""
    axes, runs = design.plan.axes, [figures_of(swept, design.target_set) for swept in done]
    shares = [np.stack([axis.shares(swept.points[axis.name].tolist()) for axis in axes], axis=1) for swept in done]
    sizes = [len(wave) for wave in shares]
    starts = np.cumsum([0, *sizes[:-1]])
    return emulator.emulators(
        design.target_set.labels,
        np.concatenate(shares),
        np.concatenate([points + start for (points, _), start in zip(runs, starts, strict=True)]),
        np.arange(len(done)).repeat(sizes),
        np.concatenate([values for _, values in runs]),
    )
