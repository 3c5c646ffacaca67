"""Contrasts: a policy with and without, again and again, in worlds that differ.

Where `compare` holds many arms against one baseline, a contrast holds each world with a policy against the same world
without it.  A sweep of contrasts over parameters that nobody knows shows where a policy helps and where it harms.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from experiments.analyses.compare.comparison_spec import ComparisonSpec
from experiments.analyses.compare.table import compared, judged, run_means
from experiments.analyses.stored_runs import StepRuns
from experiments.core.design.axes import axes_of
from experiments.core.design.points import latin
from experiments.core.margin import MARGIN
from experiments.core.run.execute import Outcome, run_design
from experiments.core.spec import Running, Spec
from experiments.core.statistics.exposure import Exposure, exposure_of
from experiments.core.statistics.outcome_indices import PARTS, with_indices
from experiments.core.store.store import Store
from sim import Scenario
from sim.errors import StoreError

CONTRASTED: Final = tuple(
    "contrast outcome without with difference ci_low ci_high relative p_adjusted sim_low sim_high replicates verdict "
    "unit better".split()
)
"""Columns of a table of contrasts."""


@dataclass(frozen=True)
class Contrast:
    """A world, and what is done in it.

    Attributes
    ----------
    label
        Short and unique.
    world
        Changes to the scenario, with and without the policy.
    policy
        Changes that the policy makes on top.
    """

    label: str
    world: Mapping[str, Any]
    policy: Mapping[str, Any]


@dataclass(frozen=True)
class Contrasts:
    """Contrasts that have been run.

    Attributes
    ----------
    means
        Of their runs, indexed by arm (label, and `` with`` or `` without``), district and replicate; a column per
        outcome.
    seen
        What each run observed.
    outcome
        The design, and what became of each run.
    """

    contrasts: tuple[Contrast, ...]
    means: pd.DataFrame = field(repr=False)
    seen: Exposure
    outcome: Outcome = field(repr=False)

    def sides(self, label: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the runs of a contrast with the policy, and those without it."""
        treated, control = (self.means.xs(f"{label} {side}", level="arm") for side in ("with", "without"))
        return treated, control

    @property
    def step_runs(self) -> StepRuns:
        """The runs as a study has them in its table."""
        places = {
            f"{contrast.label} {side}": {"contrast": contrast.label, "arm": side}
            for contrast in self.contrasts
            for side in ("without", "with")
        }
        return StepRuns(self.outcome, self.means, places)


def points(ranges: Mapping[str, tuple[float, float]], number: int, seed: int) -> list[dict[str, float | int]]:
    """Spread points over ranges as a Latin hypercube (`experiments.core.design.points`), a dictionary for each.

    A whole-number parameter takes the whole numbers inside of its range.

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
    """Run contrasts with common random numbers in a folder, or read them where nothing may be run.

    The two arms of a contrast always share random numbers, and by default so do different contrasts.

    Parameters
    ----------
    contrasts
        What to run; their labels must differ.
    scenario
        What all worlds change.
    fields
        `replicates`: pairs of runs for each contrast; `outcomes`: columns to keep, and `order` or `vitality`, relative
        to the world without the policy; `districts`: grounds over which the contrasts are dealt out, each with
        independent random numbers, 0 for one ground and the same random numbers for all; `seed`; `question`.
    running
        How and where.
    spec
        The analysis whose only runs these are.
    """
    keywords = dict(fields)
    districts = keywords.pop("districts", 0)
    arms = {
        f"{contrast.label} {side}": {**contrast.world, **changes}
        for contrast in contrasts
        for side, changes in (("without", {}), ("with", contrast.policy))
    }
    comparison = ComparisonSpec.of(
        {
            **keywords,
            "arms": arms,
            "baseline": next(iter(arms)),
            "scenario": scenario,
            "districts": max(districts, 1),
            "outcomes": tuple(keywords["outcomes"]),
        }
    )
    worlds = {label: number // 2 for number, label in enumerate(arms)} if districts else None
    design = comparison.design(worlds=worlds, stored=running.execution.only_stored)
    store = Store(running.out or ".")
    info = {"question": comparison.question, "command": running.command}
    done = run_design(design, store, running.execution, info=info, spec=spec)
    return _collected(contrasts, done, store, tuple(keywords["outcomes"]))


def _collected(contrasts: Sequence[Contrast], done: Outcome, store: Store, outcomes: Sequence[str]) -> Contrasts:
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
    labels = [[f"{contrast.label} {side}" for side in ("without", "with")] for contrast in contrasts]
    indexed = [with_indices(means.loc[names], names[0]) for names in labels]
    return Contrasts(tuple(contrasts), pd.concat(indexed)[list(outcomes)], exposure_of(done.design), done)


def contrasted(contrasts: Contrasts, pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Make a table of contrasts, with a row for each label of a contrast and outcome of it.

    Returns
    -------
    DataFrame
        See `CONTRASTED`; p, and the simultaneous interval from which the verdict follows, are adjusted over all rows.
    """
    effects = {label: compared(*contrasts.sides(label), contrasts.seen) for label in dict(pairs)}
    table = judged([(label, "", outcome, effects[label][outcome]) for label, outcome in pairs], MARGIN)
    names = {"strategy": "contrast", "baseline_mean": "without", "mean": "with"}
    return table.rename(columns=names)[list(CONTRASTED)]
