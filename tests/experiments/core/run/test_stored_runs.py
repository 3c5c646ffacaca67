"""The result of a single design: what of it every such analysis has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments import Design, Execution, Store
from experiments.analyses.stored_runs import StoredRuns, keeping_estates, run_stored
from experiments.core.design.grounds import grounds
from experiments.core.run.execute import Outcome
from experiments.core.spec import Running, Spec
from sim import Scenario
from sim.core.errors import ScenarioError, StrategyError

SMALL = Scenario().replace({"district.estates": 6, "run.warmup": 4, "run.weeks": 10})


@dataclass
class Runs(StoredRuns):
    spec: Spec
    outcome: Outcome
    store: Store

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        return {"standing": self.by_estate("standing")}


def made(folder: Path, *arms: str, model: Any = None) -> Runs:
    scenario = keeping_estates(SMALL, "standing")
    design = Design.of(arms, scenario, grounds(scenario, None, 1), replicates=2, model=model)
    running = Running(folder, "gongzhi mine", execution=Execution(executor="serial", progress=False))
    spec = Spec(question="Why?")
    return run_stored(design, running, partial(Runs, spec), spec)


def test_outcomes_of_all_estates_together_are_those_of_the_district(tmp_path: Path) -> None:
    result = made(tmp_path, "none", "full")
    design = result.outcome.design
    for outcome in ("conflicts", "filed", "satisfaction"):
        estates = result.by_estate(outcome)
        assert estates.shape == (4, 6) and list(estates.columns) == list(design.grounds[0].names)
        means = result.over_estates(outcome, np.ones(6, dtype=bool))
        for run in design.runs:
            known = result.store.means(run.key, [outcome], design.start)[0]
            assert means[run.arm, run.district, run.replicate] == pytest.approx(known, rel=1e-4), outcome
        one = result.over_estates(outcome, np.arange(6) == 2)
        np.testing.assert_allclose(one, estates.iloc[:, 2])
    assert result.grain_of("conflicts", 0.5) == pytest.approx(2 * result.grain_of("conflicts"))
    assert (tmp_path / "standing.csv").exists() and result.provenance["question"] == "Why?"


def test_every_run_is_a_row_of_one_table(tmp_path: Path) -> None:
    result = made(tmp_path, "none", "full")
    assert list(result.runs.columns[:6]) == ["arm", "district", "replicate", "seed", "status", "coverage.strategy"]
    assert len(pd.read_csv(tmp_path / "runs.csv")) == 4


def test_without_a_finished_run_there_are_no_rows(tmp_path: Path) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ValueError("no")

    result = made(tmp_path, "none", model=broken)
    assert not result.finished and len(result.failures) == 2
    assert result.by_estate("conflicts").shape == (0, 6)
    assert result.in_short() == ["No run ended well: 2 of 2 failed.", f"standing.csv is in {tmp_path}."]


def test_what_cannot_be_run_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(StrategyError, match='Did you mean "full"'):
        made(tmp_path / "there", "fulll")
    with pytest.raises(ScenarioError, match='"conflict"(.*)Did you mean "conflicts"'):
        keeping_estates(SMALL, "conflict")
    assert not (tmp_path / "there").exists()
