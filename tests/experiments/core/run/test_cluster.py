"""Runs on a Dask cluster: a real scheduler and real workers, one of which is killed in the middle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from experiments import Execution, compare
from sim import Scenario
from sim.core.errors import ScenarioError, StoreError
from tests.support import toy_experiments, toy_model
from tests.support.repository import ROOT
from tests.support.toy_experiments import contents

pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def started(tool: str, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{tool}", *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def until(condition: Any, seconds: float = 900.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.02)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers on this machine: the executor's name, and the workers."""
    file = tmp_path / "scheduler.json"
    common = ("--scheduler-file", str(file), "--no-dashboard")
    running = [started("scheduler", *common, "--host", "127.0.0.1", "--port", "0")]
    try:
        until(file.exists)
        until(lambda: file.read_text().rstrip().endswith("}"))
        address = json.loads(file.read_text())["address"].removeprefix("tcp://")
        local = ("--local-directory", str(tmp_path), "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
        workers = [started("worker", *common, *local) for _ in range(2)]
        running += workers
        from distributed import Client

        with Client(f"tcp://{address}", timeout=600, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=900)
        yield f"dask://{address}", workers
    finally:
        for process in running:
            process.kill()
            process.wait()


def compared(folder: Path, executor: str, model: Any = toy_model.slow) -> None:
    compare(
        toy_model.ARMS,
        replicates=4,
        scenario=Scenario().replace(toy_model.SMALL),
        store=folder,
        model=model,
        execution=Execution(executor=executor, progress=False),
    )


def swept(folder: Path, executor: str, model: Any = toy_model.slow) -> None:
    toy_experiments.swept(folder, model, executor=executor)


@pytest.mark.slow
@pytest.mark.parametrize("compared", [compared, swept])
def test_a_killed_worker_loses_nothing_and_the_result_is_the_serial_one(
    compared: Any, cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    executor, workers = cluster
    folder = tmp_path / "cluster"
    killer = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, pathlib, sys, time\n"
            "runs = pathlib.Path(sys.argv[1], 'runs')\n"
            "while len(list(runs.glob('*.json'))) < 5: time.sleep(0.005)\n"
            "os.kill(int(sys.argv[2]), 9)\n"
            "print(len(list(runs.glob('*.json'))))",
            str(folder),
            str(workers[0].pid),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    compared(folder, executor)
    at_death = int(killer.communicate(timeout=900)[0])
    assert workers[0].wait(timeout=900) == -9 and at_death >= 5
    compared(tmp_path / "serial", "serial")
    assert toy_experiments.whole(folder) == toy_experiments.whole(tmp_path / "serial")
    assert not pd.read_csv(folder / "timings.csv")["run"].duplicated().any()
    if at_death >= 18:
        pytest.skip("this machine is so busy that the kill came when all was done")


@pytest.mark.parametrize(
    ("executor", "says"),
    [
        ("dask://", "host:port"),
        ("dask://here", "host:port"),
        ("dask://here:port", "host:port"),
        ("dusk://a:1", "dask://"),
    ],
)
def test_what_is_no_address_is_refused(executor: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=says):
        compared(tmp_path / "a", executor)
    assert not (tmp_path / "a").exists()


def test_where_nobody_answers_a_person_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import distributed

    def silent(*_: Any, **__: Any) -> None:
        raise OSError("Timed out trying to connect")

    monkeypatch.setattr(distributed, "Client", silent)
    with pytest.raises(ScenarioError, match="does not answer"):
        compared(tmp_path / "a", "dask://127.0.0.1:1")


@pytest.mark.slow
def test_a_cluster_whose_workers_have_all_gone_is_not_waited_for(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executor, workers = cluster
    monkeypatch.setattr("experiments.core.run.executors.PATIENCE", 2.0)
    folder = tmp_path / "lost"
    killer = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, pathlib, sys, time\n"
            "runs = pathlib.Path(sys.argv[1], 'runs')\n"
            "while len(list(runs.glob('*.json'))) < 3: time.sleep(0.005)\n"
            "for pid in sys.argv[2:]: os.kill(int(pid), 9)\n",
            str(folder),
            *(str(worker.pid) for worker in workers),
        ],
    )
    with pytest.raises(StoreError, match="have gone"):
        compared(folder, executor, toy_model.slower)
    killer.wait()
    compared(folder, "serial", toy_model.slower)
    compared(tmp_path / "serial", "serial", toy_model.slower)
    assert contents(folder) == contents(tmp_path / "serial")
