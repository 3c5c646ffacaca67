"""Kills, crowds and clocks: nothing that ended is lost or counted twice, and the bytes are the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from experiments.analyses.failed_runs import FailedRunsWarning
from sim.core.errors import StoreError
from tests.support import disaster_programs, toy_experiments, toy_model
from tests.support.disaster_programs import answer, program, until
from tests.support.toy_experiments import KINDS, counted_once, ended, whole

BOTH = pytest.mark.parametrize("kind", ["swept", pytest.param("compared", marks=pytest.mark.slow)])
KINDS_AND_WORKERS = pytest.mark.parametrize(
    ("kind", "workers"),
    [
        pytest.param(kind, workers, marks=pytest.mark.slow)
        for kind in ("swept", "compared")
        for workers in ("serial", "2")
    ],
)
"""The quick tests kill a sweep within one process, in `test_processes.py` and at any write in `test_store.py`."""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are told apart by /proc")


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)


# Kills ---------------------------------------------------------------------------------------------------------------


@LINUX
@pytest.mark.slow
@BOTH
def test_a_worker_that_is_shot_costs_nothing(kind: str, tmp_path: Path, expected: Any) -> None:
    """Twice in one sweep: neither the run under way nor one that waited is taken for the one that did it."""
    told = answer("shot", tmp_path / "a", kind, 2)
    assert told == {"shots": 2, "failed": {}}
    assert whole(tmp_path / "a") == expected[f"slow {kind}"] and counted_once(tmp_path / "a")


@KINDS_AND_WORKERS
def test_a_laboratory_that_is_shot_goes_on_to_the_same_bytes(
    kind: str, workers: str, tmp_path: Path, expected: Any
) -> None:
    folder, found = tmp_path / "a", []
    for wanted in (2, 6):
        victim = program("run", folder, kind, workers)
        until(lambda wanted=wanted, victim=victim: ended(folder) >= wanted or victim.poll() is not None)
        workers_of = disaster_programs.workers_of(victim.pid)
        victim.kill()
        # Its workers, which end a little later, have its pipes, so that these are not waited for.
        victim.wait()
        for pipe in (victim.stdout, victim.stderr):
            assert pipe is not None
            pipe.close()
        found.append(victim.returncode)
        kept = {path: path.stat().st_ino for path in folder.glob("runs/*.json")}
    assert found == [-signal.SIGKILL] * 2 and (folder / ".lock").exists()
    assert answer("run", folder, kind, workers) == ""
    assert len(kept) >= 6 and {path: path.stat().st_ino for path in kept} == kept, "what had ended was run again"
    until(lambda: not any(map(disaster_programs.alive, workers_of)))
    assert whole(folder) == expected[f"slow {kind}"] and not list(folder.glob(".lock*"))


class KilledWorker(Exception):
    """What a cluster says of a job of which several of its workers have died."""


class Deadly:
    """An executor whose workers die of one run, and one that breaks of it."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def submit(self, do: Any, job: Any) -> Any:
        from concurrent.futures import Future

        from experiments.core.run.job import in_order

        future: Future[Any] = Future()
        runs = in_order(job.runs)
        place = next((place for place, run in enumerate(runs) if (run.arm, run.replicate) == ("own", 0)), None)
        made = do(replace(job, runs=tuple(runs[:place])))
        future.set_result(made) if place is None else future.set_exception(self.error)
        return future


def test_of_a_job_that_a_cluster_gives_up_one_run_is_given_up_and_the_others_are_done(tmp_path: Path) -> None:
    with pytest.warns(FailedRunsWarning, match="1 of 10 runs failed; the first, own, replicate 0: its process died"):
        made = toy_experiments.compared(tmp_path / "a", executor=Deadly(KilledWorker("three of them")))
    failed = [run for run in made.outcome.design.runs if run.key in made.outcome.failed]
    assert [(run.arm, run.replicate) for run in failed] == [("own", 0)] and len(made.outcome.done) == 9
    assert made.outcome.failed[failed[0].key] == "its process died (KilledWorker: three of them)"


def test_an_executor_that_breaks_fails_no_run_and_another_goes_on(tmp_path: Path, expected: Any) -> None:
    from concurrent.futures import BrokenExecutor

    with pytest.raises(StoreError, match=r"executor has broken \(BrokenExecutor: gone\).*What was finished is kept"):
        toy_experiments.compared(tmp_path / "a", executor=Deadly(BrokenExecutor("gone")))
    assert 0 < ended(tmp_path / "a") < 10
    toy_experiments.compared(tmp_path / "a")
    assert whole(tmp_path / "a") == expected["compared"]


# Crowds --------------------------------------------------------------------------------------------------------------


@BOTH
def test_of_two_processes_on_one_store_the_second_is_sent_away(kind: str, tmp_path: Path, expected: Any) -> None:
    folder = tmp_path / "a"
    first = program("run", folder, kind, "serial")
    until(lambda: ended(folder) >= 1)
    first.send_signal(signal.SIGSTOP)  # however long the second one takes to come
    with pytest.raises(StoreError, match=f"is in use by process {first.pid}. Wait for it to end"):
        KINDS[kind](folder, model=toy_model.slow)
    first.send_signal(signal.SIGCONT)
    out, err = first.communicate(timeout=1200)
    assert first.returncode == 0 and json.loads(out) == "", err
    assert whole(folder) == expected[f"slow {kind}"] and counted_once(folder)


@LINUX
@pytest.mark.slow
def test_of_a_crowd_that_finds_a_dead_holder_one_at_a_time_takes_over(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / ".lock").write_text(json.dumps({"pid": dead.pid, "host": os.uname().nodename, "born": "1"}))
    crowd = [program("crowd", tmp_path) for _ in range(6)]
    time.sleep(1.5)
    (tmp_path / "go").touch()
    for one in crowd:
        _, err = one.communicate(timeout=1200)
        assert one.returncode == 0, err
    log = [line.split() for line in (tmp_path / "log").read_text().splitlines() if not line.startswith("refused")]
    assert log and len(log) % 2 == 0
    for (enters, who), (leaves, same) in zip(log[::2], log[1::2], strict=True):
        assert (enters, leaves) == ("in", "out") and who == same, log


# Clocks --------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@KINDS_AND_WORKERS
def test_a_clock_that_jumps_changes_nothing(kind: str, workers: str, tmp_path: Path) -> None:
    """It jumps anywhere between 1970 and 2090 in all processes, and files are then dated anyhow."""
    told = answer("clock", tmp_path / "a", kind, workers)
    assert told["stopped"] and told["ended"] >= 4 and told["same"], told
    KINDS[kind](tmp_path / "steady", model=disaster_programs.jumping)
    assert whole(tmp_path / "a") == whole(tmp_path / "steady") and counted_once(tmp_path / "a")
