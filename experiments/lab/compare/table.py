"""From stored runs to the table of a comparison: run means, pairs, intervals, verdicts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.lab.design.arms import matched
from experiments.lab.design.design import Design
from experiments.lab.statistics.indices import INDICES
from experiments.lab.statistics.measures import better, unit
from experiments.lab.statistics.paired import Paired, holm, paired, replicates_for, verdict

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "effects", "pairs", "run_means", "units"]

COLUMNS = (
    "strategy", "against", "outcome", "mean", "difference", "ci_low", "ci_high", "relative", "helped",
    "p_adjusted", "verdict", "replicates", "replicates_needed", "still_needed", "p", "baseline_mean",
    "variance_saved", "unit", "better",
)  # fmt: skip
"""Columns of the table, in order."""


def pairs(design: Design) -> list[tuple[str, str]]:
    """List what is compared with what.

    Every arm with the baseline, the baseline with itself included, so that its means are in the table; and
    every arm that follows a strategy with the controls that have the hours of that strategy and no branch.

    Returns
    -------
    list of (str, str)
        Labels, in the order of the table.
    """
    controls = [(arm.label, matched(arm.strategy)) for arm in design.arms]
    found = []
    for arm in design.arms:
        found.append((arm.label, design.baseline))
        found += [
            (arm.label, label) for label, strategy in controls if strategy == arm.strategy and label != design.baseline
        ]
    return found


def run_means(series: pd.DataFrame, start: int, outcomes: Sequence[str]) -> pd.DataFrame:
    """Average each run over the weeks from `start` on, leaving out weeks in which an outcome has no value.

    Returns
    -------
    DataFrame
        Indexed by arm, district and replicate, one column per outcome.
    """
    late = series[series["week"] >= start]
    return late.groupby(["arm", "district", "replicate"], sort=False)[list(outcomes)].mean()


def units(means: pd.DataFrame, grounds: int) -> pd.DataFrame:
    """Reduce the run means of one arm, indexed by district and replicate, to independent observations.

    On one ground these are the replicates.  With several grounds they are the grounds, each with the mean of
    its replicates, since replicates on one ground are no independent evidence about others.
    """
    return means if grounds == 1 else means.groupby("district", sort=False).mean()


def effects(design: Design, means: pd.DataFrame, margin: float) -> pd.DataFrame:
    """Make the table of a comparison.

    Parameters
    ----------
    design
        The arms and what they are compared with.
    means
        From `run_means`.
    margin
        Share of the baseline's mean within which a difference does not matter.

    Returns
    -------
    DataFrame
        See `COLUMNS`.  `replicates_needed` is how many in all would give an interval as wide as the margin,
        and `still_needed` how many of these are missing.  p is adjusted over all rows but those that compare
        an arm with itself.
    """
    import pandas as pd

    rows = []
    arms = set(means.index.get_level_values("arm"))
    for strategy, against in pairs(design):
        if strategy not in arms or against not in arms:
            continue
        here, there = _together(means, (strategy, against), len(design.grounds))
        for outcome in means.columns:
            result = paired(here[outcome], there[outcome], better(str(outcome)))
            rows.append((strategy, against, str(outcome), result))
    tests = [row[3].p if row[0] != row[1] else math.nan for row in rows]
    adjusted = holm(tests)
    adjusted = np.where([row[0] == row[1] for row in rows], 1.0, adjusted)
    table = [_row(*row, float(p), margin) for row, p in zip(rows, adjusted, strict=True)]
    return pd.DataFrame(table, columns=list(COLUMNS))


def _together(means: pd.DataFrame, labels: tuple[str, str], grounds: int) -> list[pd.DataFrame]:
    """Return the observations that two arms share: a pair is broken when either of its runs failed."""
    sides = [means.xs(label, level="arm") for label in labels]
    common = sides[0].index.intersection(sides[1].index, sort=False)
    return [units(side.loc[common], grounds) for side in sides]


def _row(strategy: str, against: str, outcome: str, result: Paired, p: float, margin: float) -> dict[str, object]:
    direction = better(outcome)
    scale = 1.0 if outcome in INDICES else abs(result.baseline_mean)
    needed = replicates_for(result.spread, margin * scale)
    return {
        "strategy": strategy,
        "against": against,
        "outcome": outcome,
        "mean": result.mean,
        "difference": result.difference,
        "ci_low": result.ci_low,
        "ci_high": result.ci_high,
        "relative": result.relative,
        "helped": result.helped,
        "p_adjusted": p,
        "verdict": verdict(result, p, margin, direction, scale=scale),
        "replicates": result.replicates,
        "replicates_needed": needed,
        "still_needed": max(0.0, needed - result.replicates),
        "p": result.p,
        "baseline_mean": result.baseline_mean,
        "variance_saved": result.variance_saved,
        "unit": unit(outcome),
        "better": direction,
    }
