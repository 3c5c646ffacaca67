"""Where the laboratory is called from: scripts, notebooks, any start method; and what it leaves as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import toy_experiments
from tests.support.disaster_programs import answer
from tests.support.repository import ROOT
from tests.support.toy_experiments import whole

BOTH = pytest.mark.parametrize("kind", ["swept", "compared"])
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are told apart by /proc")


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)


# Where it is called from ---------------------------------------------------------------------------------------------

SCRIPT = """\
import multiprocessing
{method}
import pandas as pd
from experiments import Execution, Plan, sweep
from tests.support import toy_experiments, toy_model
from tests.support.toy_experiments import DESIGN

print("once")

def model(scenario, district, rng, replay=None):
    return toy_model.ToyModel(scenario, district, rng, replay)

made = sweep(Plan.of(DESIGN, model=model), execution=Execution(workers=2, progress=False))
print(len(made.runs), multiprocessing.get_start_method())
"""


@pytest.mark.parametrize(
    "method", [pytest.param(name, marks=pytest.mark.slow) for name in ("fork", "spawn", "forkserver")]
)
def test_a_script_without_a_guard_works_under_every_start_method(method: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(SCRIPT.format(method=f'multiprocessing.set_start_method("{method}")'), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(path)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["once", f"{toy_experiments.RUNS} {method}"]
    assert done.stderr == ""


@pytest.mark.slow
def test_a_pool_of_spawned_processes_gives_the_same_bytes(tmp_path: Path, expected: Any) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "import multiprocessing\nfrom concurrent.futures import ProcessPoolExecutor\nfrom pathlib import Path\n"
        "from tests.support import toy_experiments\n"
        'if __name__ == "__main__":\n'
        '    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:\n'
        '        toy_experiments.swept(Path("a"), executor=pool)\n',
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(path)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert whole(tmp_path / "a") == expected["swept"]


@pytest.mark.slow
def test_a_cell_of_a_notebook_sweeps_in_two_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    cells = SCRIPT.format(method="").replace('print("once")\n', "").split("\n\nmade")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cells[0]), nbformat.v4.new_code_cell("made" + cells[1])],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbclient.NotebookClient(notebook, timeout=1200, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in notebook.cells for output in cell["outputs"]]
    assert [output["output_type"] for output in shown] == ["stream"], shown
    assert shown[0]["name"] == "stdout" and shown[0]["text"].startswith(f"{toy_experiments.RUNS} ")


@pytest.mark.slow
def test_a_sweep_leaves_all_that_is_global_as_it_was(tmp_path: Path) -> None:
    """Start method, both states of chance, filters of warnings, handlers of signals, environment, folder and more."""
    found = answer("leaves", tmp_path)
    assert len(found) == 6 and not any(found.values()), found
