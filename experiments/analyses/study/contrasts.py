"""Contrasts: a policy with and without, again and again, in worlds that differ; and results that are made of them.

Where `compare` holds many arms against one baseline, a contrast holds each world with a policy against the same world
without it.  A sweep of contrasts over parameters that nobody knows shows where a policy helps and where it harms.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analyses.compare.comparison_spec import ComparisonSpec
from experiments.analyses.compare.table import compared, judged, run_means
from experiments.analyses.result import Result
from experiments.analyses.stored_runs import StepRuns, runs_table
from experiments.core.design.axes import axes_of
from experiments.core.design.points import latin
from experiments.core.margin import MARGIN
from experiments.core.run.execute import Outcome, run_design
from experiments.core.spec import Running, Spec
from experiments.core.statistics.exposure import Exposure, exposure_of
from experiments.core.statistics.measures import better
from experiments.core.statistics.outcome_indices import PARTS, with_indices
from experiments.core.statistics.paired import differences
from experiments.core.statistics.regions import region
from experiments.core.store.store import Store
from experiments.reporting.template_rendering import in_language, markdown
from sim import Scenario
from sim.core.errors import StoreError
from sim.core.message_catalogue import LANGUAGES

CONTRASTED: Final = (
    "contrast outcome without with difference ci_low ci_high relative p_adjusted sim_low sim_high replicates verdict "
    "unit better"
).split()
"""Columns of a table of contrasts."""

SIDES: Final = ("without", "with")


@dataclass(frozen=True)
class Contrast:
    """A world, by the changes to the scenario that both sides share, and those that the policy makes on top.

    The label is short and unique.
    """

    label: str
    world: Mapping[str, Any]
    policy: Mapping[str, Any]

    @property
    def arms(self) -> dict[str, dict[str, Any]]:
        """Both sides as arms of a design: the label with `SIDES`, and the changes of each."""
        changes = ({**self.world}, {**self.world, **self.policy})
        return dict(zip((f"{self.label} {side}" for side in SIDES), changes, strict=True))


@dataclass(frozen=True)
class Contrasts:
    """Contrasts that have been run.

    `means` are those of their runs, indexed by arm, district and replicate, with a column for each outcome; `seen` is
    what each run observed.
    """

    contrasts: tuple[Contrast, ...]
    means: pd.DataFrame = field(repr=False)
    seen: Exposure
    outcome: Outcome = field(repr=False)

    def sides(self, label: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the runs of a contrast with the policy, and those without it."""
        control, treated = (self.means.xs(f"{label} {side}", level="arm") for side in SIDES)
        return treated, control

    @property
    def step_runs(self) -> StepRuns:
        places = {
            arm: {"contrast": contrast.label, "arm": side}
            for contrast in self.contrasts
            for side, arm in zip(SIDES, contrast.arms, strict=True)
        }
        return StepRuns(self.outcome, self.means, places)


@dataclass
class PagedResult(Result):
    """A result with one table, a row for each effect, and a page of Markdown for the documentation.

    `steps` are the contrasts that were run, by the folder of each within this one.
    """

    folder: Path
    table: pd.DataFrame = field(repr=False)
    steps: Mapping[str, Contrasts] = field(default_factory=dict, repr=False, kw_only=True)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        return {"table": self.table, "runs": self.runs}

    @cached_property
    def runs(self) -> pd.DataFrame:
        return runs_table({name: contrasts.step_runs for name, contrasts in self.steps.items()})

    def page(self, lang: str = "en") -> str:
        """The page of the documentation."""
        return markdown(self.spec.analysis, lang, **self._shows().page(self))

    def report(self, lang: str = "en", path: str | Path | None = None) -> Path:
        """Write figure, pages and report; return the report's path."""
        self.require_finished()
        for language, name in zip(LANGUAGES, self.beside, strict=True):
            Store(self.folder).write(name, self.page(language))
        return super().report(lang, path)

    @property
    def finished(self) -> bool:
        return bool(len(self.table))

    @property
    def beside(self) -> list[str]:
        """The page of the documentation, in each language."""
        return [in_language(Path(f"{self.spec.analysis}.md"), lang).name for lang in LANGUAGES]


def points(ranges: Mapping[str, tuple[float, float]], number: int, seed: int) -> list[dict[str, float | int]]:
    """Spread points over ranges as a Latin hypercube, a dictionary for each; whole numbers stay inside their range.

    Examples
    --------
    >>> len(points({"branches.targets": (0, 20)}, 5, seed=1))
    5
    """
    default = Scenario()
    inside = {
        name: [math.ceil(low), math.floor(high)] if isinstance(default.get(name), int) else [low, high]
        for name, (low, high) in ranges.items()
    }
    spread = latin(axes_of(inside, default), number, seed)
    return [{str(name): value for name, value in row.items()} for row in spread.to_dict("records")]


def run_or_read_contrasts(
    contrasts: Sequence[Contrast],
    scenario: Scenario,
    fields: Mapping[str, Any],
    running: Running,
    spec: Spec | None = None,
) -> Contrasts:
    """Run contrasts in a folder, or read them where nothing may be run; `spec` is that whose only runs these are.

    The two arms of a contrast always share random numbers, and by default so do different contrasts.  Fields are
    `replicates`: pairs of runs for each contrast; `outcomes`: columns to keep, and `order` or `vitality`, relative to
    the world without the policy; `districts`: grounds over which the contrasts are dealt out, each with independent
    random numbers, 0 for one ground and the same random numbers for all; `seed`; `question`.
    """
    districts, outcomes = fields.get("districts", 0), tuple(fields["outcomes"])
    arms = {label: changes for contrast in contrasts for label, changes in contrast.arms.items()}
    size = {"scenario": scenario, "districts": max(districts, 1), "outcomes": outcomes}
    comparison = ComparisonSpec.of({**fields, "arms": arms, "baseline": next(iter(arms)), **size})
    worlds = {label: number // 2 for number, label in enumerate(arms)} if districts else None
    design = comparison.design(worlds=worlds, stored=running.execution.only_stored)
    store = Store(running.out or ".")
    info = {"question": comparison.question, "command": running.command}
    done = run_design(design, store, running.execution, info=info, spec=spec)
    if done.failed:
        first = next(iter(done.failed.values()))
        raise StoreError(
            f"{len(done.failed)} of {len(done.design.runs)} runs in {store.folder} failed, one with: {first}"
        )
    columns = list(dict.fromkeys(part for name in outcomes for part in PARTS.get(name, (name,))))
    frames = [
        store.outcomes(run.key)[["week", *columns]].assign(arm=run.arm, district=run.district, replicate=run.replicate)
        for run in done.design.runs
        if run.key in done.done
    ]
    means = run_means(pd.concat(frames, ignore_index=True), done.design.start, columns)
    indexed = [with_indices(means.loc[names], names[0]) for names in (list(contrast.arms) for contrast in contrasts)]
    return Contrasts(tuple(contrasts), pd.concat(indexed)[list(outcomes)], exposure_of(done.design), done)


def contrasted(contrasts: Contrasts, pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Make a table of contrasts (`CONTRASTED`), with a row for each label of a contrast and outcome of it.

    p, and the simultaneous interval from which the verdict follows, are adjusted over all rows.
    """
    effects = {label: compared(*contrasts.sides(label), contrasts.seen) for label in dict(pairs)}
    table = judged([(label, "", outcome, effects[label][outcome]) for label, outcome in pairs], MARGIN)
    return table.rename(columns={"strategy": "contrast", "baseline_mean": "without", "mean": "with"})[CONTRASTED]


def relative_effects(
    treated: pd.DataFrame, control: pd.DataFrame, seen: Exposure
) -> Iterator[tuple[dict[str, Any], NDArray[np.float64]]]:
    """Give for every outcome the row of a table, and the effect in each replicate as a share of the mean without.

    `relative`, `low` and `high` are such shares too; interval and verdict hold for their row alone, with 95 %.
    """
    for outcome, result in compared(treated, control, seen).items():
        base, ends = abs(result.baseline_mean), (result.ci_low, result.ci_high)
        low, high = (end / (base or np.nan) for end in ends)
        verdict = region(*ends, MARGIN * base, better(outcome))
        means = {"without": result.baseline_mean, "with": result.mean}
        row = {**vars(result), **means, "outcome": outcome, "low": low, "high": high, "verdict": verdict}
        yield row, differences(treated[outcome], control[outcome]) / (base or np.nan)
