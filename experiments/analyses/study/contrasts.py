"""Contrasts: a policy with and without, again and again, in worlds that differ.

Where `compare` holds many arms against one baseline, a contrast holds each world with a policy against the same world
without it.  A sweep of contrasts over parameters that nobody knows shows where a policy helps and where it harms.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Unpack

from experiments.analyses.compare.table import compared, run_means
from experiments.analyses.stored_runs import StepRuns
from experiments.core.margin import MARGIN
from experiments.core.run.execute import Outcome, run_design
from experiments.core.spec import RunFields, Running, Spec
from experiments.core.statistics.exposure import Exposure, exposure_of, scale
from experiments.core.statistics.measures import better, unit
from experiments.core.statistics.outcome_indices import INDICES, PARTS, with_indices
from experiments.core.statistics.regions import region, together
from experiments.core.store.files import TEMPORARY
from experiments.core.store.store import Store
from sim.errors import StoreError

if TYPE_CHECKING:
    import pandas as pd

    from sim import Scenario

__all__ = ["Contrast", "Contrasts", "contrasted", "run_or_read_contrasts", "points", "run_contrasts"]


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
    """Contrasts that have been run: means of their runs.

    Attributes
    ----------
    contrasts
        In order.
    means
        Indexed by arm (label, and `` with`` or `` without``), district and replicate; a column per outcome.
    seen
        What each run observed.
    outcome
        The design, and what became of each run.
    """

    contrasts: tuple[Contrast, ...]
    means: pd.DataFrame = field(repr=False)
    seen: Exposure
    outcome: Outcome = field(repr=False)

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
    from experiments.core.design.axes import axes_of
    from experiments.core.design.points import latin
    from sim import Scenario

    default = Scenario()
    inside = {
        name: [math.ceil(low), math.floor(high)] if isinstance(default.get(name), int) else [low, high]
        for name, (low, high) in ranges.items()
    }
    spread = latin(axes_of(inside, default), number, seed)
    return [{str(name): value for name, value in row.items()} for row in spread.to_dict("records")]


class ContrastFields(RunFields, total=False):
    """Keywords of a run of contrasts; see `run_contrasts`."""

    replicates: int
    outcomes: Sequence[str]
    districts: int
    seed: int
    question: str


def run_contrasts(contrasts: Sequence[Contrast], scenario: Scenario, **fields: Unpack[ContrastFields]) -> Contrasts:
    """Run every contrast with common random numbers; what a folder holds already is not run again.

    The two arms of a contrast always share random numbers, and by default so do different contrasts.

    Parameters
    ----------
    contrasts
        What to run; their labels must differ.
    scenario
        What all worlds change.
    replicates
        Pairs of runs for each contrast.
    outcomes
        Columns of the outcomes to keep, and `order` or `vitality`, relative to the world without the policy.
    districts
        Grounds over which the contrasts are dealt out, each with independent random numbers; 0 for one ground and the
        same random numbers for all.
    seed, out, question, command, execution
        As in `experiments.compare`.
    """
    running, own = Running.split(fields)
    if running.out is not None:
        return run_or_read_contrasts(contrasts, scenario, own, running)
    with tempfile.TemporaryDirectory(prefix=TEMPORARY) as folder:
        return run_or_read_contrasts(contrasts, scenario, own, replace(running, out=folder))


def run_or_read_contrasts(
    contrasts: Sequence[Contrast],
    scenario: Scenario,
    fields: Mapping[str, Any],
    running: Running,
    spec: Spec | None = None,
) -> Contrasts:
    """Run contrasts in a folder, or read them where nothing may be run.

    Parameters
    ----------
    contrasts, scenario
        As for `run_contrasts`.
    fields
        Its other keywords, without those that say how it is run.
    running
        How and where.
    spec
        The analysis whose only runs these are.
    """
    from experiments.analyses.compare.comparison_spec import ComparisonSpec

    keywords = dict(fields)
    districts = keywords.pop("districts", 0)
    arms: dict[str, dict[str, Any]] = {}
    for contrast in contrasts:
        arms[f"{contrast.label} without"] = dict(contrast.world)
        arms[f"{contrast.label} with"] = {**contrast.world, **contrast.policy}
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
    import pandas as pd

    if done.failed:
        first = next(iter(done.failed.values()))
        raise StoreError(
            f"{len(done.failed)} of {len(done.design.runs)} runs in {store.folder} failed, one with: {first}"
        )
    required = dict.fromkeys([*outcomes, *(part for name in outcomes if name in INDICES for part in PARTS[name])])
    columns = [name for name in required if name not in INDICES]
    frames = []
    for run in done.design.runs:
        if run.key in done.done:
            weeks = store.outcomes(run.key)[["week", *columns]]
            frames.append(weeks.assign(arm=run.arm, district=run.district, replicate=run.replicate))
    means = run_means(pd.concat(frames, ignore_index=True), done.design.start, columns)
    indexed = []
    for contrast in contrasts:
        names = [f"{contrast.label} without", f"{contrast.label} with"]
        indexed.append(with_indices(means.loc[names], names[0]))
    return Contrasts(tuple(contrasts), pd.concat(indexed)[list(outcomes)], exposure_of(done.design), done)


def contrasted(contrasts: Contrasts, pairs: Sequence[tuple[str, str]], margin: float = MARGIN) -> pd.DataFrame:
    """Make a table of contrasts.

    Parameters
    ----------
    contrasts
        What was run.
    pairs
        Label of a contrast and outcome, for each row.
    margin
        Share of the mean without a policy within which a difference does not matter.

    Returns
    -------
    DataFrame
        With `contrast, outcome, without, with, difference, ci_low, ci_high, relative, p_adjusted, sim_low, sim_high,
        verdict, replicates, unit, better`; p, and the simultaneous interval from which the verdict follows, are
        adjusted over all rows.
    """
    import pandas as pd

    effects = {}
    for label in dict.fromkeys(label for label, _ in pairs):
        treated, control = (contrasts.means.xs(f"{label} {side}", level="arm") for side in ("with", "without"))
        effects[label] = compared(treated, control, contrasts.seen)
    rows = [(label, outcome, effects[label][outcome]) for label, outcome in pairs]
    confidence, adjusted = together([result for _, _, result in rows], [True] * len(rows))
    table = []
    for (label, outcome, result), p in zip(rows, adjusted, strict=True):
        low, high = result.interval(confidence)
        room = margin * scale(outcome, result.baseline_mean)
        table.append(
            {
                "contrast": label,
                "outcome": outcome,
                "without": result.baseline_mean,
                "with": result.mean,
                "difference": result.difference,
                "ci_low": result.ci_low,
                "ci_high": result.ci_high,
                "relative": result.relative,
                "p_adjusted": p,
                "sim_low": low,
                "sim_high": high,
                "replicates": result.replicates,
                "verdict": region(low, high, room, better(outcome)),
                "unit": unit(outcome),
                "better": better(outcome),
            }
        )
    return pd.DataFrame(table)
