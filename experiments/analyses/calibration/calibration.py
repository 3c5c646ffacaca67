"""A calibration: waves of runs, each where the last has not ruled parameters out; what is plausible, and fresh runs.

Each wave, the check and the best point are sweeps in folders of their own, so that a calibration can be resumed.
Points have independent random numbers: noise that all of them had in common would be taken for the model's response.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Unpack

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.calibration import emulator, history_matching, posterior
from experiments.analyses.calibration.calibration_spec import CalibrationDesign, CalibrationSpec
from experiments.analyses.calibration.emulator import Emulators
from experiments.analyses.calibration.history_matching import Region
from experiments.analyses.calibration.target_set import TargetSet
from experiments.analyses.failed_runs import delivered
from experiments.analyses.result import Result
from experiments.analyses.stored_runs import runs_table
from experiments.analyses.sweep.swept import Swept, run_plan
from experiments.analyses.validation.targets import Target
from experiments.core.analysis_folder import claim
from experiments.core.design.axes import Axis
from experiments.core.design.design import seed_of
from experiments.core.spec import Running, WorldFields
from experiments.core.store.store import Store
from experiments.reporting.finding import Finding

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Calibration", "calibrate", "run_calibration"]

CHECK, BEST, DRAW, REGION = 1_000, 2_000, 3_000, 4_000
"""Numbers that give different purposes independent random numbers."""

AGAIN: Final = 5
"""Fresh runs at the best values."""

CHECKED: Final = (0.05, 0.95)
"""Quantiles of the runs at points of the plausibility region, between which 90 % of them lie."""


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

    spec: CalibrationSpec = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.spec = self.design.spec

    @property
    def stores(self) -> list[Store]:
        """The stores of the sweeps."""
        return [swept.store for swept in self.sweeps]

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The parameters, with their ranges."""
        return self.design.plan.axes

    @property
    def sweeps(self) -> list[Swept]:
        """All runs, sweep by sweep."""
        return [*self.waves, self.check, self.again]

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
        import pandas as pd

        from experiments.core.statistics.paired import paired

        target_set = self.design.target_set
        (_, drawn), (_, again) = (figures_of(swept, target_set) for swept in (self.check, self.again))
        rows = []
        for place, item in enumerate(target_set.items):
            runs = drawn[np.isfinite(drawn[:, place]), place]
            low, high = np.quantile(runs, CHECKED) if runs.size else (np.nan, np.nan)
            top = paired(again[:, place], np.zeros(len(again)))
            rows.append(
                {
                    "figure": item.figure,
                    "world": item.world,
                    "unit": item.target.unit,
                    "target": item.target.value,
                    "target_low": item.target.low,
                    "target_high": item.target.high,
                    "model": runs.mean() if runs.size else np.nan,
                    "model_low": low,
                    "model_high": high,
                    "best": top.mean,
                    "best_low": top.ci_low,
                    "best_high": top.ci_high,
                    "inside": _inside(item.target, top.ci_low, top.ci_high),
                }
            )
        return pd.DataFrame(rows)

    @cached_property
    def quality(self) -> pd.DataFrame:
        """One row per figure and world: how well its emulator foresees what it was not taught."""
        import pandas as pd

        rows = [
            {
                "figure": target.figure,
                "world": target.world,
                **vars(fit.quality),
                "sound": "yes" if fit.quality.sound else "no",
            }
            for target, fit in zip(self.design.target_set.items, self.emulators.items, strict=True)
        ]
        return pd.DataFrame(rows)

    @cached_property
    def progress(self) -> pd.DataFrame:
        """One row per wave: points, runs that ended, share of the prior that is left."""
        import pandas as pd

        rows = [
            {
                "wave": number,
                "points": len(swept.points),
                "runs": len(swept.ended),
                "left": region.share,
                "least": float(region.sample.values.min()),
                "cut": region.cutoff,
            }
            for number, (swept, region) in enumerate(zip(self.waves, self.regions, strict=True), start=1)
        ]
        return pd.DataFrame(rows)

    @property
    def failed(self) -> list[str]:
        """Messages of the runs that failed."""
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
        """How many waves there were."""
        return [Finding("calibration.wave_count", number=len(self.waves))]

    def write(self) -> None:
        """Write the tables and the scenario."""
        from sim import scenario_file

        super().write()
        scenario = self.spec.scenario.replace(self.best)
        rows = [row for row in scenario.parameters() if row["name"] in self.best or row["value"] != row["default"]]
        scenario_file.write(self.folder / "calibrated.toml", rows)


class CalibrationFields(WorldFields, total=False):
    """Keywords of a calibration; see `calibrate`."""

    worlds: Mapping[str, Mapping[str, Any]] | None
    changes: Mapping[str, Any] | None
    points: int
    waves: int
    replicates: int
    checks: int
    level: float
    discrepancy: float


def calibrate(
    targets: Mapping[str, Target], parameters: Mapping[str, Any], **fields: Unpack[CalibrationFields]
) -> Calibration:
    """Calibrate; what the folder holds already is not run again.

    Parameters
    ----------
    targets
        Figures of data; only those that may be fitted are used.
    parameters
        As in a design: for each ``"declared"``, or a range ``[low, high]``; all values of a range are held to be
        equally credible before.
    worlds, changes, level
        As in `CalibrationSpec`.
    scenario, district
        Where.
    seed, question, command, execution
        As for `sweep`.
    out
        The folder, which has a store for every wave; ``results/calibrate`` unless another is named.
    model
        In place of `Measured`; its outcomes are then not checked against the known figures.
    say
        Called with a sentence that says how far things are.
    **fields
        Also the other fields of `CalibrationSpec`: ``gongzhi calibrate --help`` says what they are.

    Raises
    ------
    GongzhiError
        Before the first run, where something requested cannot be done; later where too few runs ended.
    """
    running, own = Running.split(fields)
    spec = CalibrationSpec.of({**own, "targets": targets, "parameters": parameters})
    return delivered(run_calibration(spec, replace(running, out=running.out or "results/calibrate")))


def run_calibration(spec: CalibrationSpec, running: Running) -> Calibration:
    """Calibrate, or read a calibration where nothing may be run."""
    import pandas as pd

    design = CalibrationDesign.of(spec)
    spec = design.spec
    folder, seed = claim(running.out or ".", spec, running), spec.seed

    def run(name: str, purpose: int, **different: Any) -> Swept:
        return run_plan(replace(design.plan, seed=seed_of(seed, purpose, 0), **different), running.within(name))

    def generator(purpose: int) -> np.random.Generator:
        return np.random.default_rng(seed_of(seed, purpose, 1))

    done: list[Swept] = []
    regions: list[Region] = []
    where = design.plan.points
    for number in range(1, spec.waves + 1):
        done.append(run(f"wave-{number}", number, points=where))
        emulators = fit_emulators(done, design)
        left = history_matching.region(
            design.target_set, emulators, len(design.plan.axes), spec.level, generator(REGION + number)
        )
        regions.append(left)
        running.tell(f"Wave {number} of at most {spec.waves}: {_left(left)}")
        if left.exact:
            if number < spec.waves:
                running.tell("The figures are known there so well that another wave would teach little.")
            break
        where = design.values_at(history_matching.maximin_subset(left.sample.points, spec.points, generator(number)))
    shares = posterior.sample(design.target_set, emulators, len(design.plan.axes), generator(DRAW))
    best = design.written(posterior.best_of(design.target_set, emulators, shares))
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
        return (
            f"every point is ruled out; the nearest misses a figure by {region.sample.values.min():.1f} standard "
            f"deviations, and {region.cutoff:.1f} would do."
        )
    return f"{region.share:.2g} of what was thought possible is left."


def figures_of(swept: Swept, target_set: TargetSet) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the point of each run, and its figures in all worlds, shape (runs, targets); NaN where there is none."""
    figures = list(dict.fromkeys(item.figure for item in target_set.items))
    wide = swept.ended.pivot(index=["point", "replicate"], columns="arm", values=figures)
    columns = [(item.figure, item.world) for item in target_set.items]
    values = wide.reindex(columns=columns).to_numpy(dtype=float)
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
