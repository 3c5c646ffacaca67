"""Thousands of runs: what they cost besides being lived grows with their number, and no faster."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments import Design, Store
from experiments.core.store.checked_json import checksum, to_bytes
from experiments.core.store.files import to_parquet
from tests.support import toy_experiments, toy_model

BOTH = pytest.mark.parametrize("kind", ["swept", "compared"])
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are told apart by /proc")


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)


# Many runs -----------------------------------------------------------------------------------------------------------


class Instant:
    """An executor that has done everything at once."""

    def submit(self, *_: Any) -> Any:
        from concurrent.futures import Future

        future: Future[dict[str, Any]] = Future()
        future.set_result({"seconds": {}, "environment": "here"})
        return future


def filled(folder: Path, number: int) -> Any:
    """Return a call that reads a complete sweep of so many runs, made without living them."""
    from experiments import Execution, Plan, sweep

    wanted = {**DESIGN_OF_MANY, "points": number // 4}
    plan = Plan.of(wanted, model=toy_model.toy)
    store, design = Store(folder), plan.design()
    assert len(design.runs) == number
    store.runs.mkdir(parents=True)
    rows = pd.DataFrame({"week": np.arange(30), **{name: np.arange(30.0) for name in plan.outcomes}})
    data = to_parquet(rows)

    for key in {run.key for run in design.runs}:
        (store.runs / f"{key}.parquet").write_bytes(data)
        record = {"status": "done", "warnings": [], "files": {f"{key}.parquet": checksum(data)}}
        (store.runs / f"{key}.json").write_bytes(to_bytes(record))
    store.begin(design, {})
    return lambda: sweep(
        Plan.of(wanted, model=toy_model.toy), store=folder, execution=Execution(executor="serial", progress=False)
    )


DESIGN_OF_MANY = {**toy_experiments.DESIGN, "arms": ["none", "full"]}


@pytest.mark.slow
def test_what_a_sweep_costs_besides_its_runs_grows_with_their_number_and_no_faster(tmp_path: Path) -> None:
    """Design, checks of all files and tables of 2,000 runs take no more than ten times as long as those of 500."""
    spent = []
    for number in (200, 500, 2000):
        call = filled(tmp_path / str(number), number)
        tried = []
        for _ in range(2):
            before = time.process_time()
            made = call()
            tried.append(time.process_time() - before)
            assert len(made.runs) == number
        spent.append(min(tried))
    assert spent[2] < 10 * spent[1], spent  # four times as many; the square would be sixteen


def test_jobs_that_end_are_seen_without_asking_all_that_wait(small: Any) -> None:
    from experiments.core.run.executors import Watch, perform

    spent = []
    for number in (500, 1000, 8000):
        polls = 0

        def poll() -> None:
            nonlocal polls
            polls += 1

        watch = Watch(lambda _: None, poll, lambda job: job, lambda *_: None)
        tried = []
        for _ in range(3):  # the least of three: a busy machine makes some of them slow, and none of them fast
            polls, before = 0, time.process_time()
            assert len(perform([None] * number, Instant(), 2, watch)) == number  # type: ignore[list-item]
            tried.append(time.process_time() - before)
        spent.append(min(tried))
        assert polls == number
    assert spent[2] < 24 * max(spent[1], 1e-3), spent  # eight times as many; the square would be sixty-four


@pytest.mark.slow
def test_five_thousand_runs_cost_a_few_milliseconds_each_and_no_memory_that_stays(tmp_path: Path) -> None:
    import resource

    filled(tmp_path / "few", 400)()
    call = filled(tmp_path / "many", 5000)
    held, before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    assert len(call().runs) == 5000
    assert time.process_time() - before < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held < 200_000


def test_a_design_is_made_once_for_all_its_runs(small: Any) -> None:
    import sim

    ground = sim.District.synthetic(estates=4)
    design = Design.of(["none", "full"], small, [ground], replicates=50, model=toy_model.toy)
    assert design.runs is design.runs and len({run.key for run in design.runs}) == 100
