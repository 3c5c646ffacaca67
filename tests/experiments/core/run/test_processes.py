"""Many processes: the same bytes as one, and no loss when one dies."""

import concurrent.futures as futures
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from experiments import Execution
from experiments.analyses.failed_runs import FailedRunsError
from experiments.core.run import executors
from experiments.core.run.executors import share_out
from experiments.core.run.job import Job
from tests.support import toy_model
from tests.support.repository import ROOT
from tests.support.toy_experiments import contents


def quiet(**settings):
    return Execution(progress=False, **settings)


def test_one_process_two_processes_and_this_one_give_the_same_bytes(toy_compare, tmp_path):
    toy_compare(store=tmp_path / "serial", replicates=3)
    toy_compare(store=tmp_path / "two", replicates=3, execution=quiet(workers=2))
    toy_compare(store=tmp_path / "one", replicates=3, execution=quiet(workers=1))
    expected = contents(tmp_path / "serial")
    assert contents(tmp_path / "two") == expected and contents(tmp_path / "one") == expected


def test_a_model_and_a_strategy_defined_on_the_spot_go_along(toy_compare, tmp_path):
    def spot(scenario, district, rng, replay=None):
        return toy_model.ToyModel(scenario, district, rng, replay)

    here = toy_compare(["none", "own"], model=spot)
    there = toy_compare(["none", "own"], model=spot, execution=quiet(workers=2))
    assert here.series.equals(there.series)


def test_a_process_that_dies_costs_one_run(toy_compare, tmp_path):
    with pytest.raises(FailedRunsError, match='No run of "own" has ended well.*its process died') as caught:
        toy_compare(
            ["none", "own", "full"],
            store=tmp_path / "a",
            model=toy_model.dying,
            replicates=1,
            execution=quiet(workers=2),
        )
    result = caught.value.result
    assert list(result.design["status"]) == ["done", "failed", "done"]
    assert "its process died" in result.design["message"][1]


def test_workers_have_one_thread_each():
    from loky import get_reusable_executor

    pool = get_reusable_executor(
        max_workers=1, timeout=60, initializer=executors._be_a_worker, env=executors.ONE_THREAD
    )
    assert pool.submit(os.environ.get, "OMP_NUM_THREADS").result() == "1"


def test_any_executor_will_do(toy_compare, tmp_path):
    toy_compare(store=tmp_path / "a")
    with futures.ThreadPoolExecutor(1) as pool:
        toy_compare(store=tmp_path / "b", execution=quiet(executor=pool))
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_idle_workers_get_parts_of_the_last_jobs_and_chains_stay_together(small):
    from experiments import Design

    arms = [*toy_model.ARMS, "joint", "random", "largest"]
    design = Design.of(arms, small, [fake_district()], replicates=3)
    jobs = [
        Job("", design.grounds[0], 0, 10, tuple(run for run in design.runs if run.replicate == number))
        for number in range(3)
    ]
    for workers in (1, 2, 3, 4, 8, 100):
        shared = share_out(jobs, workers)
        assert sorted(run.key for job in shared for run in job.runs) == sorted(run.key for run in design.runs)
        for job in shared:
            here = {run.key for run in job.runs}
            assert job.runs and all(run.source in here for run in job.runs if run.source)
        assert len(shared) >= min(workers, 3)
    assert share_out(jobs, 3) == jobs


def fake_district():
    import sim

    return sim.District.synthetic(estates=12)


def test_killed_at_any_point_and_started_again_gives_the_same_bytes(tmp_path):
    """One process forks victims, kills each with SIGKILL at another point, and lets the last one finish."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.toy_programs", "killed", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    # On a busy machine a victim may be ahead of its kill, and the last ones done before it.
    assert told["killed"] >= 3 and len(set(told["found"])) >= 3, "the kills came too early or too late"
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")


@pytest.mark.slow
def test_a_laboratory_killed_above_its_workers_goes_on_to_the_same_bytes(tmp_path):
    """The workers outlive the kill for a moment and may still be writing when the next one starts."""
    folder = tmp_path / "processes"
    for wanted in (1, 4, 9):
        victim = subprocess.Popen([sys.executable, "-m", "tests.support.toy_programs", "pooled", str(folder)], cwd=ROOT)
        deadline = time.monotonic() + 900
        while len(list(folder.glob("runs/*.json"))) < wanted and time.monotonic() < deadline:
            time.sleep(0.005)
        victim.kill()
        victim.wait()
    for name, kind in (("processes", "pooled"), ("whole", "alone")):
        words = [sys.executable, "-m", "tests.support.toy_programs", kind, str(tmp_path / name)]
        subprocess.run(words, cwd=ROOT, check=True, timeout=1200)
    assert contents(folder) == contents(tmp_path / "whole")


@pytest.mark.slow
def test_ctrl_c_leaves_a_store_that_goes_on(tmp_path, toy_compare):
    folder = tmp_path / "a"
    victim = subprocess.Popen(
        [sys.executable, "-m", "tests.support.toy_programs", "interrupted", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background has Ctrl-C switched off, and so would what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 900
    while len(list(folder.glob("runs/*.json"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    victim.send_signal(signal.SIGINT)
    out, err = victim.communicate(timeout=1200)
    assert victim.returncode == 130, err
    assert "Traceback" not in out + err
    assert f"finished runs are kept in {folder}; the same command goes on from there" in err
    assert not list(folder.glob(".lock*"))
    assert json.loads((folder / "experiment.json").read_text())["complete"] is False
