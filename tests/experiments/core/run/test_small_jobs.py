"""Small jobs are done in the process that is there, and the start of others is said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from experiments import Execution, compare
from experiments.core.design.design import Design
from experiments.core.run import executors, progress
from experiments.core.run.execute import run_design
from experiments.core.run.job import Job
from sim import District, Scenario
from tests.support import toy_model
from tests.support.toy_experiments import contents

WORLD = Scenario().replace({"district.estates": 3, "run.warmup": 4, "run.weeks": 10})


def jobs(count: int, estates: int = 3) -> list[Job]:
    district = District.synthetic(estates, seed=1)
    design = Design.of(["none", "full"], WORLD, [district], replicates=1)
    return [Job("", district, 1, design.start, tuple(design.runs))] * count


def refuse(*_: Any, **__: Any) -> None:
    raise AssertionError("a worker was started")


def test_small_is_counted_from_weeks_and_estates() -> None:
    assert progress.small([]) and progress.small(jobs(100)) and not progress.small(jobs(400))
    assert not progress.small(jobs(100, estates=200))
    assert not progress.small([replace(jobs(1)[0], model=toy_model.toy)]), "it may take any time, and end its process"


def test_where_it_is_left_open_a_small_job_starts_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = jobs(1), jobs(400)
    assert Execution().of(few).executor == "serial" and Execution().of(many).executor == "processes"
    assert Execution(workers=2).of(few).executor == "processes", "who says how many wants them"
    for executor in ("processes", "serial", "dask://host:1"):
        assert Execution(executor=executor).of(few).executor == executor
    monkeypatch.setattr(executors, "_in_pools", refuse)
    compare(["none", "full"], scenario=WORLD, replicates=2, store=tmp_path, execution=Execution(progress=False))


def test_the_choice_changes_no_byte(tmp_path: Path) -> None:
    for name, execution in {
        "auto": Execution(progress=False),
        "processes": Execution(executor="processes", workers=2, progress=False),
    }.items():
        compare(["none", "full"], scenario=WORLD, replicates=2, store=tmp_path / name, execution=execution)
    assert contents(tmp_path / "auto") == contents(tmp_path / "processes")


def test_the_start_of_workers_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(executors, "_in_pools", lambda jobs, workers, watch: [])
    design = Design.of(["none", "full"], WORLD, [District.synthetic(3, seed=1)], replicates=1)
    run_design(design, tmp_path / "a", Execution(workers=2))
    said = "Starting 2 worker processes, which takes about 3 seconds\n"
    assert said in capsys.readouterr().err
    run_design(design, tmp_path / "b", Execution(workers=2, progress=False))
    run_design(design, tmp_path / "c", Execution())
    assert "Starting" not in capsys.readouterr().err


@pytest.mark.slow
def test_threads_of_linear_algebra_change_no_byte_of_a_small_job(tmp_path: Path) -> None:
    """Workers have one thread each; the process that is there has as many as the user lets it have."""
    program = (
        "import sys; from experiments import Execution, compare\n"
        "compare(['none', 'full'], scenario={'run.weeks': 20, 'run.warmup': 5}, district=300, replicates=1,\n"
        "        store=sys.argv[1], execution=Execution(executor='serial', progress=False))"
    )
    for threads in ("1", "4"):
        environment = {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads}
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / threads)], check=True, env=os.environ | environment
        )
    assert contents(tmp_path / "1") == contents(tmp_path / "4")


CELLS = {
    "model": "import gongzhi\ngongzhi.examples.small().run(weeks=2, progress=True)",
    "long": "import sim.model\nsim.model.SHORT = 0\ngongzhi.examples.small().run(weeks=2)",
    "silent": "gongzhi.examples.small().run(weeks=2, progress=False)",
    "compare": (
        "result = gongzhi.compare(['none', 'full'], replicates=1, district=3,"
        " scenario={'run.weeks': 8, 'run.warmup': 4})"
    ),
}


@pytest.mark.slow
def test_bars_of_a_notebook_are_the_browsers(tmp_path: Path) -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipywidgets")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS.values()])
    nbclient.NotebookClient(notebook, timeout=120).execute()
    widgets = {
        name: "application/vnd.jupyter.widget-view+json" in json.dumps(cell.outputs)
        for name, cell in zip(CELLS, notebook.cells, strict=True)
    }
    assert widgets == {"model": False, "long": True, "silent": False, "compare": True}, "a short run needs no bar"
