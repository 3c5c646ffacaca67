"""About how long an experiment takes is said before it begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.core.design.design import Design
from experiments.core.run import execute
from experiments.core.run import progress as duration
from experiments.core.run.execute import Execution, run_design
from experiments.core.run.job import Job
from sim import District, Scenario

WORLD = Scenario().replace({"district.estates": 3, "run.warmup": 4, "run.weeks": 10})


def job(*labels: str) -> Job:
    district = District.synthetic(3, seed=1)
    arms = {label: {"coverage.strategy": label} for label in ("none", "full")} | {
        "early": {"coverage.strategy": "full", "coverage.start_week": 0}
    }
    design = Design.of({name: arms[name] for name in ("none", *labels)}, WORLD, [district], replicates=1)
    return Job("", district, 1, design.start, tuple(design.runs))


def test_weeks_before_a_policy_are_counted_once_for_all_that_share_them() -> None:
    assert duration.weeks_of(job()) == 10
    assert duration.weeks_of(job("full")) == 4 + 6 + 6
    assert duration.weeks_of(job("full", "early")) == 4 + 6 + 6 + 10


def test_more_jobs_take_longer_and_more_workers_less_long(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr(duration.time, "monotonic", lambda: float(next(clock)))
    one = job("full")
    # A second to make the model, a second for the ten weeks that are tried.
    each = 1.0 + duration.LATER * 16 / 10
    assert duration.seconds([one], 2) == pytest.approx(each)
    assert duration.seconds([one] * 4, 1) == pytest.approx(4 * each)
    assert duration.seconds([one] * 4, 2) == pytest.approx(2 * each)


def test_what_is_not_known_is_not_said() -> None:
    assert duration.seconds([], 2) is None
    assert not execute._length([job()], Execution(executor="dask://nowhere:1"))
    assert not execute._length([job()], Execution(progress=False))


def test_the_command_says_it_once_it_is_worth_saying(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(execute, "seconds", lambda jobs, workers: 240.0)
    design = Design.of(["none", "full"], WORLD, [District.synthetic(3, seed=1)], replicates=1)
    run_design(design, tmp_path / "a", Execution(executor="serial"))
    assert "2 runs to do, about 4 minutes" in capsys.readouterr().err
