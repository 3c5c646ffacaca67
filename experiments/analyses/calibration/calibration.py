"""A calibration: waves of runs, each where the last has not ruled parameters out; what is plausible, and fresh runs.

Each wave, the check and the best point are sweeps in folders of their own, so that a calibration can be resumed.
Points have independent random numbers: noise that all of them had in common would be taken for the model's response.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from experiments.analyses.stored_runs import SteppedRuns
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
from experiments.core.statistics.paired import mean_intervals
from experiments.reporting.finding import Finding
from sim.core.errors import ScenarioError, nearest, refusal
from sim.parameters import scenario_file

CHECK, BEST, DRAW, REGION = 1_000, 2_000, 3_000, 4_000
"""Numbers that give different purposes independent random numbers."""
AGAIN: Final = 5
"""Fresh runs at the best values."""
CHECKED: Final = (0.05, 0.95)
"""Quantiles of the runs at points of the plausibility region, between which 90 % of them lie."""
NARROWED: Final = 0.2
"""A parameter whose interval the data do not narrow by this share of the prior's is not identified."""
TOGETHER: Final = 0.5
"""Rank correlation from which on two parameters are said to be identified together only."""
EDGE: Final = (0.1, 0.35)
"""A region with so much of it (second) in the outermost part (first) of the range presses against its end."""
SUMMARY: Final = (
    "parameter unit prior_low prior_high scenario mean ci_low ci_high narrower best identified presses"
).split()


class CalibrationSpec(Spec):
    """A calibration.

    `targets` are figures of data, of which those that may be fitted are used.  `parameters` are ``"declared"``, or a
    range ``[low, high]``, of which all values are held to be equally credible before.  `worlds` are changes that make
    each world in which the targets are to be met; the scenario's alone has no name.  `changes` are for these runs only,
    such as their length: they do not enter the scenario that is written.  `level` is the probability with which the
    right point may be ruled out.
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


def checked_plan(spec: CalibrationSpec) -> tuple[CalibrationSpec, TargetSet, Plan]:
    """Return the specification with its ranges, what is to be met, and the first wave; all that is asked for is checked
    before the first run.
    """
    emulator.needed()
    targets = TargetSet.build(spec.targets, list(spec.worlds), spec.discrepancy)
    _check(spec, targets.figures)
    design = {name: getattr(spec, name) for name in ("question", "points", "replicates", "seed", "parameters")}
    design["outcomes"] = targets.figures
    if list(spec.worlds) != [""]:
        design["arms"] = spec.worlds
    world: dict[str, Any] = {name: getattr(spec, name) for name in ("scenario", "district", "changes")}
    plan = replace(Plan.of(design, model=spec.model or Measured, **world), apart=True)
    for axis in plan.axes:
        if axis.levels:
            raise ScenarioError(
                f"{axis.name} has levels and no range: only numbers with a range can be calibrated. "
                "Set it with --set, and compare calibrations."
            )
    weeks, warmup = plan.scenario.run.weeks, plan.scenario.run.warmup
    if spec.model is None and weeks - warmup < YEAR:
        raise ScenarioError(
            f"Figures are of whole years: run.weeks is {weeks} with {warmup} weeks of warm-up, and at "
            f"least {warmup + YEAR} are needed."
        )
    plan.design()
    return spec.replace(parameters={axis.name: [axis.low, axis.high] for axis in plan.axes}), targets, plan


def _check(spec: CalibrationSpec, figures: list[str]) -> None:
    """Refuse figures that the model does not measure, and sizes that are too small or too large."""
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


@dataclass
class Calibration(SteppedRuns):
    """What has been learnt of the parameters.

    `plan` is that of the first of the `waves`, and `regions` is what was left after each of them; `drawn` the
    plausibility region, a sample of points with a column for each parameter; `best` the most credible values, rounded;
    `check` and `again` are fresh runs at points of the plausibility region, and at the best.
    """

    spec: CalibrationSpec
    target_set: TargetSet
    plan: Plan
    waves: list[Swept]
    regions: list[Region]
    emulators: Emulators
    drawn: pd.DataFrame
    best: dict[str, Any]
    check: Swept
    again: Swept
    folder: Path

    presented: ClassVar[str] = "experiments.analyses.calibration.calibration_report"

    @property
    def step_results(self) -> list[Swept]:
        return [*self.waves, self.check, self.again]

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per parameter: range, mean and 95 % interval of the region, how much narrower, best value."""
        facts = {row["name"]: row for row in self.plan.scenario.parameters()}
        rows = []
        for axis in self.plan.axes:
            values, fact = self.drawn[axis.name].to_numpy(dtype=float), facts[axis.name]
            low, high = np.quantile(values, posterior.INTERVAL)
            narrower = 1.0 - (high - low) / (np.ptp(posterior.INTERVAL) * (axis.high - axis.low))
            shares = axis.shares(values)
            ends = {"low": float((shares < EDGE[0]).mean()), "high": float((shares > 1.0 - EDGE[0]).mean())}
            presses = max(ends, key=lambda end: ends[end])
            identified = bool(narrower >= NARROWED)
            before = (axis.name, fact["unit"], axis.low, axis.high, fact["value"])
            left = (values.mean(), low, high, narrower, self.best[axis.name], "yes" if identified else "not identified")
            rows.append((*before, *left, presses if identified and ends[presses] > EDGE[1] else ""))
        return pd.DataFrame(rows, columns=SUMMARY)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Rank correlation of every two parameters in the region, the strongest first."""
        matrix = np.atleast_2d(np.corrcoef(self.drawn.rank().to_numpy(), rowvar=False))
        first, second = np.triu_indices(len(matrix), 1)
        names = self.drawn.columns
        table = pd.DataFrame({"first": names[first], "second": names[second], "correlation": matrix[first, second]})
        table["together"] = np.where(table["correlation"].abs() >= TOGETHER, "yes", "no")
        return table.sort_values("correlation", key=lambda column: -column.abs(), kind="stable", ignore_index=True)

    @cached_property
    def predictive(self) -> pd.DataFrame:
        """One row per figure and world: the data's interval, and what fresh runs give."""
        (_, drawn), (_, again) = (figures_of(swept, self.target_set) for swept in (self.check, self.again))
        model = [
            (runs.mean(), *np.quantile(runs, CHECKED)) if runs.size else (np.nan,) * 3
            for runs in (column[np.isfinite(column)] for column in drawn.T)
        ]
        table = self.target_set.table.copy()
        table[["model", "model_low", "model_high"]] = np.array(model)
        table["best"], table["best_low"], table["best_high"], _ = mean_intervals(again)
        return table.assign(inside=self.target_set.inside(table["best_low"], table["best_high"]))

    @cached_property
    def quality(self) -> pd.DataFrame:
        """One row per figure and world: how well its emulator foresees what it was not taught."""
        qualities = [fit.quality for fit in self.emulators.items]
        rows = [{**vars(quality), "sound": "yes" if quality.sound else "no"} for quality in qualities]
        return pd.concat([self.target_set.table[["figure", "world"]], pd.DataFrame(rows)], axis=1)

    @cached_property
    def progress(self) -> pd.DataFrame:
        """One row per wave: points, runs that ended, share of the prior that is left."""
        waves = enumerate(zip(self.waves, self.regions, strict=True), start=1)
        rows = [
            (number, len(swept.points), len(swept.ended), left.share, left.nearest, left.cutoff)
            for number, (swept, left) in waves
        ]
        return pd.DataFrame(rows, columns="wave points runs left least cut".split())

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
    targets, parameters, **fields
        The fields of `CalibrationSpec`, which ``gongzhi calibrate --help`` describes, and the keywords of `sweep`;
        results go to ``results/calibrate`` unless `out` is named.  The outcomes of a `model` in place of `Measured` are
        not checked against the known figures.

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
    spec, targets, plan = checked_plan(spec)
    parameters, folder = len(plan.axes), claim(running.out or ".", spec, running)

    def run(name: str, purpose: int, **different: Any) -> Swept:
        return run_plan(replace(plan, seed=seed_of(spec.seed, purpose, 0), **different), running.within(name))

    def generator(purpose: int) -> np.random.Generator:
        return np.random.default_rng(seed_of(spec.seed, purpose, 1))

    def values_at(shares: NDArray[np.float64]) -> pd.DataFrame:
        return pd.DataFrame({axis.name: axis.at(shares[:, place]) for place, axis in enumerate(plan.axes)})

    done: list[Swept] = []
    regions: list[Region] = []
    where = plan.points
    for number in range(1, spec.waves + 1):
        done.append(run(f"wave-{number}", number, points=where))
        emulators = fit_emulators(done, targets, plan.axes)
        left = history_matching.region(targets, emulators, parameters, spec.level, generator(REGION + number))
        regions.append(left)
        running.tell(f"Wave {number} of at most {spec.waves}: {_left(left)}")
        if left.exact:
            if number < spec.waves:
                running.tell("The figures are known there so well that another wave would teach little.")
            break
        where = values_at(history_matching.maximin_subset(left.points, spec.points, generator(number)))
    shares = posterior.sample(targets, emulators, parameters, generator(DRAW))
    best = _written(plan.axes, posterior.best_of(targets, emulators, shares))
    chosen = generator(CHECK).choice(len(shares), size=spec.checks, replace=False)
    check = run("check", CHECK, points=values_at(shares[chosen]), replicates=1)
    again = run("best", BEST, points=pd.DataFrame([best]), replicates=AGAIN)
    drawn = values_at(shares)
    result = Calibration(spec, targets, plan, done, regions, emulators, drawn, best, check, again, folder)
    if not running.execution.only_stored:
        result.write()
    return result


def _written(axes: Sequence[Axis], shares: NDArray[np.float64]) -> dict[str, Any]:
    """Return a point's values as people write them: to three digits, without leaving the ranges."""
    values: dict[str, Any] = {}
    for axis, share in zip(axes, shares.tolist(), strict=True):
        [value] = axis.at([share])
        values[axis.name] = value if axis.whole else min(max(float(f"{value:.3g}"), axis.low), axis.high)
    return values


def _left(region: Region) -> str:
    if region.empty:
        return refusal(
            f"every point is ruled out; the nearest misses a figure by {region.nearest:.1f} standard "
            f"deviations, and {region.cutoff:.1f} would do."
        )
    return refusal(f"{region.share:.2g} of what was thought possible is left.")


def figures_of(swept: Swept, targets: TargetSet) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the point of each run, and its figures in all worlds, shape (runs, targets); NaN where there is none."""
    wide = swept.ended.pivot(index=["point", "replicate"], columns="arm", values=targets.figures)
    values = wide.reindex(columns=pd.MultiIndex.from_frame(targets.table[["figure", "world"]])).to_numpy(dtype=float)
    return wide.index.get_level_values("point").to_numpy(dtype=np.intp), values


def fit_emulators(done: list[Swept], targets: TargetSet, axes: Sequence[Axis]) -> Emulators:
    """Teach emulators all that was run so far."""
    runs = [figures_of(swept, targets) for swept in done]
    shares = [np.stack([axis.shares(swept.points[axis.name].tolist()) for axis in axes], axis=1) for swept in done]
    sizes = [len(wave) for wave in shares]
    starts = np.cumsum([0, *sizes[:-1]])
    return emulator.emulators(
        targets.labels,
        np.concatenate(shares),
        np.concatenate([points + start for (points, _), start in zip(runs, starts, strict=True)]),
        np.arange(len(done)).repeat(sizes),
        np.concatenate([values for _, values in runs]),
    )
