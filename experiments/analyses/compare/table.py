"""From stored runs to the table of a comparison: run means, pairs, intervals, verdicts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analyses.assumptions.over import Assumed
from experiments.core.design.arms import matched
from experiments.core.design.design import Design
from experiments.core.statistics.exposure import Exposure, exposure_of, grain, scale
from experiments.core.statistics.measures import better, unit
from experiments.core.statistics.needed import replicates_needed
from experiments.core.statistics.paired import Paired, differences, paired
from experiments.core.statistics.regions import decided, region, together
from sim.policies import arrangement

COLUMNS = tuple(
    "strategy against outcome mean difference ci_low ci_high relative helped p_adjusted verdict replicates "
    "replicates_needed still_needed p baseline_mean sim_low sim_high variance_saved variance_saved_low "
    "variance_saved_high unit better".split()
)
"""Columns of the table, in order: `ci_low` and `ci_high` hold with 95 % each, `sim_low` and `sim_high` all together."""

GROUND = ("estates", "weeks")
"""Columns of a comparison with further arms on a smaller ground: how many estates, and weeks that are measured."""

RANGE = ("range_low", "range_high", "worlds_lower", "worlds_little", "worlds_higher", "worlds")
"""Columns of the range over assumptions (`with_ranges`), empty for arms that have none."""


def pairs(design: Design) -> list[tuple[str, str]]:
    """List what is compared with what, by labels, in the order of the table.

    Every arm with the baseline, the baseline with itself included, so that its means are in the table; and
    every arm that follows a policy with the controls that have the hours of that policy and no branch; and the
    arrangement less a part with the arrangement, where it was run, which shows what the part contributes.
    """
    controls = [(arm.label, matched(arm.strategy)) for arm in design.arms]
    whole = [arm.label for arm in design.arms if arm.policy == arrangement.NAME]
    comparisons = []
    for arm in design.arms:
        comparisons.append((arm.label, design.baseline))
        comparisons += [
            (arm.label, label) for label, strategy in controls if strategy == arm.policy and label != design.baseline
        ]
        if arm.policy.startswith(arrangement.LESS):
            comparisons += [(arm.label, label) for label in whole if label != design.baseline]
    return comparisons


def run_means(series: pd.DataFrame, start: int, outcomes: Sequence[str]) -> pd.DataFrame:
    """Average outcomes of each run over the weeks from `start` on, leaving out weeks in which one has no value."""
    late = series[series["week"] >= start]
    return late.groupby(["arm", "district", "replicate"], sort=False)[list(outcomes)].mean()


def effects(
    design: Design, means: pd.DataFrame, margin: float, of: Sequence[tuple[str, str]] | None = None
) -> pd.DataFrame:
    """Make the table of a comparison, with `COLUMNS`, of what `run_means` gives; by default of all `pairs`.

    The verdict is the region (`statistics.regions`) in which the simultaneous interval lies, beside a margin that is a
    share of the baseline's mean, and p is adjusted alike, over all rows but those that compare an arm with itself.
    `replicates_needed` is how many in all would decide with probability 80 %, and `still_needed` how many are missing.
    """
    rows: list[tuple[str, str, str, Paired]] = []
    arms = set(means.index.get_level_values("arm"))
    several = len(design.grounds) > 1
    seen = exposure_of(design, design.replicates if several else 1)
    for strategy, against in pairs(design) if of is None else of:
        if strategy not in arms or against not in arms:
            continue
        sides = [means.xs(label, level="arm") for label in (strategy, against)]
        # A pair is broken when either of its runs failed.
        common = sides[0].index.intersection(sides[1].index, sort=False)
        sides = [side.loc[common] for side in sides]
        if several:  # replicates on one ground are no independent evidence about others
            sides = [side.groupby("district", sort=False).mean() for side in sides]
        rows += [(strategy, against, name, result) for name, result in compared(sides[0], sides[1], seen).items()]
    return judged(rows, margin)


def judged(rows: Sequence[tuple[str, str, str, Paired]], margin: float) -> pd.DataFrame:
    """Judge comparisons together: arm, against what, outcome, and what was found; see `effects`."""
    confidence, adjusted = together([row[3] for row in rows], [row[0] != row[1] for row in rows])
    table = []
    for (strategy, against, outcome, result), p in zip(rows, adjusted, strict=True):
        direction, room = better(outcome), margin * scale(outcome, result.baseline_mean)
        low, high = result.interval(confidence)
        verdict = region(low, high, room, direction)
        needed = replicates_needed(result.difference, result.spread, room, confidence)
        missing = needed if math.isnan(needed) else max(0.0, needed - result.replicates)
        table.append(
            vars(result)
            | {
                "strategy": strategy,
                "against": against,
                "outcome": outcome,
                "p_adjusted": p,
                "sim_low": low,
                "sim_high": high,
                "verdict": verdict,
                "replicates_needed": needed,
                "still_needed": 0.0 if decided(verdict) else missing,
                "unit": unit(outcome),
                "better": direction,
            }
        )
    return pd.DataFrame(table, columns=list(COLUMNS))


def with_ranges(table: pd.DataFrame, assumed: Assumed | None, margin: float) -> pd.DataFrame:
    """Add the range over assumptions to a table from `effects`, which stays as it is where there are no worlds.

    `RANGE` is the ends of the central 90 % of the relative effect (as `relative`; of an index the difference), the
    shares of worlds in which it is lower by more than the margin, within it, higher by more, and their number.
    """
    if assumed is None:
        return table
    rows = np.full((len(table), len(RANGE)), np.nan)
    outcomes = list(dict.fromkeys(table["outcome"]))
    assumed.read(outcomes)
    pairs = set(assumed.pairs())
    keys = zip(table["strategy"], table["against"], table["outcome"], strict=True)
    for place, (strategy, against, outcome) in enumerate(keys):
        if (strategy, against) in pairs and assumed.known(outcome):
            spread = assumed.spread(strategy, against, outcome)
            if 2 * spread.points > assumed.worlds:
                rows[place] = (*spread.ends(), *spread.shares(margin), spread.points)
    return table.assign(**dict(zip(RANGE, rows.T, strict=True)))


def compared(treated: pd.DataFrame, control: pd.DataFrame, seen: Exposure) -> dict[str, Paired]:
    """Compare two arms in every outcome, of which both tables have a column, and a row for each pair.

    They are alike only if no outcome differs in any pair.
    """
    alike = not any(differences(treated[name], control[name]).any() for name in treated.columns)
    return {
        str(name): paired(treated[name], control[name], better(str(name)), grain=grain(str(name), seen), alike=alike)
        for name in treated.columns
    }
