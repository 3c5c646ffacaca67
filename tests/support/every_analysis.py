"""Every analysis, the frozen ones and the studies of all policies, by name and as small as it can be."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Final
from unittest import mock

from filelock import FileLock

from experiments import Execution
from experiments.cli.study import sweep_spec
from experiments.core.spec import Running
from experiments.presets.questions import SWEEPS
from experiments.registry import perform
from sim import Scenario
from tests.golden.analyses import ANALYSES

__all__ = ["EVERY", "FAST", "SERIAL", "TINY", "finished", "keep_in", "made", "run"]

SERIAL: Final = Execution(executor="serial", progress=False)
TINY: Final = {"district.estates": 5, "run.warmup": 4, "run.weeks": 12}
FAST: Final = ("compare", "sweep", "signmap", "study")
EVERY: Final = [*ANALYSES, *SWEEPS]


def made(name: str, folder: Path) -> Any:
    """The result of an analysis, as small as it can be, in a folder; its runs are made once in a session."""
    if not folder.exists() or not any(folder.iterdir()):
        shutil.copytree(finished(name), folder, dirs_exist_ok=True)
    return run(name, folder)


def finished(name: str) -> Path:
    """The folder of a finished analysis, to be read only: all processes of a session share it."""
    place = _home() / name
    with FileLock(f"{place}.lock"):
        if not place.exists():
            unfinished = place.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            # The folder is thrown away, so nobody waits for the disk.
            with mock.patch("os.fsync", lambda _: None):
                run(name, unfinished)
            unfinished.rename(place)
    return place


_kept: list[Path] = []


def keep_in(folder: Path) -> None:
    """Let finished analyses be in a folder."""
    folder.mkdir(exist_ok=True)
    _kept[:] = [folder]


@cache
def _own() -> Path:
    place = Path(tempfile.mkdtemp(prefix="gongzhi-tests-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


def _home() -> Path:
    return _kept[0] if _kept else _own()


def run(name: str, folder: Path) -> Any:
    """The result of an analysis in a folder; what the folder lacks is run."""
    if name in ANALYSES:
        return ANALYSES[name](Scenario(), folder, SERIAL)
    size = {"estates": 5, "weeks": 12, "replicates": 2}
    spec = sweep_spec(name, Scenario().replace(TINY), size, {"question": "What if?"})
    return perform(spec, Running(folder, "gongzhi study", execution=SERIAL))
