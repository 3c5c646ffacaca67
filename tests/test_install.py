"""What a user installs: the wheel alone, with the packages that it requires and no extra, far from a clone."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow

EXTRAS: Final = (
    "SALib sklearn distributed ema_workbench ipykernel ipywidgets IPython hypothesis openpyxl jupytext solara ipyvue "
    "uvicorn altair"
).split()
ALONE: Final = f"""
import sys
from importlib.machinery import PathFinder


class Core(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in {EXTRAS!r} else PathFinder.find_spec(name, path, target)


sys.meta_path[:] = [Core if finder is PathFinder else finder for finder in sys.meta_path]
"""
SMALL: Final = ["--estates", "5", "--weeks", "20", "--set", "run.warmup=4"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel, whose Python sees no package of an extra."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q", "-w", str(folder)]
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode:
        pytest.skip("this environment was made by uv, and has no pip")
    subprocess.run([*pip, str(ROOT)], check=True, cwd=folder)
    (wheel,) = folder.glob("gongzhi-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    (folder / "site" / "sitecustomize.py").write_text(ALONE, encoding="utf-8")
    return folder


def gongzhi(installed: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the installed package in an empty folder."""
    environment = os.environ | {"PYTHONPATH": str(installed / "site"), "PYTHONUTF8": "1"}
    place = installed / "place"
    place.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "gongzhi", *words],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_the_wheel_is_what_runs(installed: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import gongzhi, sim, experiments; print(sim.__file__, experiments.__file__)"],
        cwd=installed,
        env=os.environ | {"PYTHONPATH": str(installed / "site")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.count(str(installed / "site")) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--version"], "gongzhi"),
        (["run", *SMALL], "results/run"),
        (["compare", "none", "full", "--replicates", "2", *SMALL], "report.html"),
        (["compare", "none", "full", "--replicates", "2", *SMALL, "--lang", "zh", "--out", "zh"], "report.html"),
        (["report", "results/compare", "--lang", "zh"], ""),
        (["parameters"], "run.weeks"),
        (["outcomes"], "conflicts"),
        (["glossary"], "参数"),
        (["study", "--list"], "supervision"),
        (["district", "--help"], "check"),
        (["district", "template", "--out", "estates.csv"], "estates.csv"),
        (["film", "none", "full", "--estates", "5", "--weeks", "20", "--set", "run.warmup=4"], ".html"),
    ],
)
def test_a_command_runs_without_any_extra(installed: Path, words: list[str], told: str) -> None:
    done = gongzhi(installed, *words)
    assert done.returncode == 0 and told in done.stdout + done.stderr, done.stderr
    assert "Traceback" not in done.stderr and "Warning" not in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["sensitivity", *SMALL], 'pip install "gongzhi[sensitivity]"'),
        (["calibrate", "--estates", "5"], 'pip install "gongzhi[calibration]"'),
        (["compare", "none", "full", *SMALL, "--executor", "dask://localhost:9", "--out", "dask"], "gongzhi[cluster]"),
        (["fidelity"], "docs/fidelity.toml is not here"),
        (["dashboard", "--no-browser"], "gongzhi[dashboard]"),
        (["district", "template", "--out", "estates.xlsx"], "gongzhi[excel]"),
        (["compare", "none", "full", *SMALL, "--xlsx", "--out", "sheets"], "gongzhi[excel]"),
    ],
)
def test_a_command_that_needs_more_names_it(installed: Path, words: list[str], told: str) -> None:
    done = gongzhi(installed, *words)
    assert done.returncode == 2 and told in done.stderr.splitlines()[-1], done.stderr
    assert "Traceback" not in done.stderr
