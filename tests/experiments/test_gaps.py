"""Weeks in which an outcome does not exist: every analysis leaves them out, and none takes them for zero."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from experiments import Plan, sweep
from experiments.analyses.compare.table import run_means
from experiments.core.statistics.paired import mean_intervals, paired
from tests.support import toy_experiments, toy_model


class Gappy(toy_model.ToyModel):
    """Has no conflicts to tell in every third week, and with every other seed none of the unresolved at all."""

    @property
    def outcomes(self) -> pd.DataFrame:
        frame = super().outcomes
        frame.loc[frame["week"] % 3 == 0, "conflicts"] = np.nan
        if self.seed % 2:
            frame["standing"] = np.nan
        return frame


def gappy(scenario: Any, district: Any, rng: int, replay: np.ndarray | None = None) -> Gappy:
    return Gappy(scenario, district, rng, replay)


def by_hand(series: pd.DataFrame, start: int, outcome: str) -> pd.DataFrame:
    late = series[(series["week"] >= start) & series[outcome].notna()]
    return late.groupby(["replicate", "arm"])[outcome].mean().unstack("arm")


def test_a_comparison_leaves_gaps_out_and_counts_the_pairs(toy_compare: Any) -> None:
    made = toy_compare(["none", "full"], replicates=8, model=gappy)
    start = made.outcome.design.start
    for outcome in ("conflicts", "standing", "filed"):
        runs = by_hand(made.series, start, outcome).dropna()
        row = made.table.set_index(["strategy", "outcome"]).loc[("full", outcome)]
        assert row["replicates"] == len(runs)
        assert row["difference"] == pytest.approx((runs["full"] - runs["none"]).mean(), rel=1e-12)
    counts = made.table[made.table["strategy"] == "full"].set_index("outcome")["replicates"]
    assert counts["conflicts"] == 8 and 0 < counts["standing"] < 8


def test_a_sweep_leaves_gaps_out_and_counts_the_runs(tmp_path: Path) -> None:
    from experiments import Execution

    design = {**toy_experiments.DESIGN, "arms": ["none", "full"], "replicates": 6}
    design["outcomes"] = ["conflicts", "standing"]
    made = sweep(
        Plan.of(design, model=gappy), store=tmp_path / "a", execution=Execution(executor="serial", progress=False)
    )
    runs = made.runs
    assert runs["conflicts"].notna().all()
    assert runs["standing"].isna().any() and runs["standing"].notna().any()
    one = made.table[(made.table["point"] == 0) & (made.table["arm"] == "full")].set_index("outcome")
    held = runs[(runs["point"] == 0) & (runs["arm"] == "full")]
    for outcome in ("conflicts", "standing"):
        assert one.loc[outcome, "mean"] == pytest.approx(held[outcome].mean(), rel=1e-12)
        assert one.loc[outcome, "replicates"] == held[outcome].notna().sum()


def test_a_gap_is_no_zero_in_the_arithmetic() -> None:
    series = pd.DataFrame(
        {
            "arm": "none",
            "district": 0,
            "replicate": 0,
            "week": range(6),
            "x": [9.0, np.nan, 2.0, np.nan, 4.0, 6.0],
        }
    )
    assert run_means(series, 1, ["x"])["x"].tolist() == [4.0]
    found = paired([1.0, np.nan, 3.0], [2.0, 2.0, np.nan])
    assert (found.replicates, found.difference) == (1, -1.0)
    mean, _, _, count = mean_intervals([[1.0], [np.nan], [3.0]])
    assert (mean.item(), count.item()) == (2.0, 2)


def test_a_run_says_over_how_many_weeks_a_mean_was_taken(gongzhi: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sim.GovernanceModel.outcomes

    def holed(self: Any) -> pd.DataFrame:
        frame = whole.__get__(self).copy()
        frame["reply_median"] = np.where(frame["week"] < 5, np.nan, 10.0)
        frame["filed"] = 1.0
        return frame

    monkeypatch.setattr(sim.GovernanceModel, "outcomes", property(holed))
    status, out, err = gongzhi("run", "--estates=5", "--weeks=8", "--set=run.warmup=2")
    assert status == 0, err
    lines = [line.split() for line in out.splitlines() if line.startswith("  ")]
    (reply,) = (line for line in lines if "[reply_median]" in line)
    (filed,) = (line for line in lines if "[filed]" in line)
    assert reply[0] == "10" and " ".join(reply).endswith("[reply_median] (of the 3 weeks in which there is one)")
    assert filed[0] == "1" and filed[-1] == "[filed]"
