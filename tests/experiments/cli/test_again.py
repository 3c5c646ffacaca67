"""The report of any command's folder is made once more from its runs, in either language, without a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SMALL = ("--estates=6", "--weeks=14", "--set=run.warmup=4", "--executor=serial", "--quiet")
YEAR = ("--estates=6", "--weeks=58", "--set=run.warmup=6", "--executor=serial", "--quiet")
COMMANDS = {
    "budget": ("budget", "3", "--replicates=2", "--confirm=2", "--candidates=3", *SMALL),
    "signmap": ("signmap", "reporting", "--levels=2", "--replicates=2", "--looks=1", *SMALL),
    "sensitivity": (
        "sensitivity",
        "--parameters=voice.nest",
        "--parameters=services.effect",
        "--trajectories=4",
        "--points=8",
        "--few=2",
        *SMALL,
    ),
    "validate": ("validate", "--replicates=2", *YEAR),
    "calibrate": ("calibrate", "--points=20", "--waves=1", "--checks=2", *YEAR),
    "study channels": ("study", "channels", "--replicates=2", *SMALL),
}
FAST = ("budget",)

Gongzhi = Callable[..., tuple[int, str, str]]


def said(folder: Path) -> dict[str, bytes]:
    """What must stay: tables, and what the folder says of itself."""
    files = [*folder.rglob("*.csv"), *folder.rglob("experiment.json")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    "name", [name if name in FAST else pytest.param(name, marks=pytest.mark.slow) for name in COMMANDS]
)
def test_a_report_is_made_again_in_the_other_language_wherever_the_folder_is(
    name: str, gongzhi: Gongzhi, tmp_path: Path
) -> None:
    status, _, err = gongzhi(*COMMANDS[name])
    assert status == 0, err
    (folder,) = (tmp_path / "results").iterdir()
    moved = folder.rename(tmp_path / "moved")
    before, english = said(moved), (moved / "report.html").read_text(encoding="utf-8")
    status, _, err = gongzhi("report", moved, "--lang=zh", "--quiet")
    assert (status, err) == (0, "")
    chinese = (moved / "report.html").read_text(encoding="utf-8")
    assert 'lang="zh-CN"' in chinese and 'lang="en"' in english
    assert said(moved) == before
    status, *_ = gongzhi("report", moved, "--quiet")
    assert status == 0 and (moved / "report.html").read_text(encoding="utf-8") == english


def test_a_folder_that_lacks_runs_is_refused_with_the_command_that_goes_on(gongzhi: Gongzhi, tmp_path: Path) -> None:
    assert gongzhi(*COMMANDS["budget"])[0] == 0
    (folder,) = (tmp_path / "results").iterdir()
    next((folder / "confirm" / "runs").glob("*.json")).unlink()
    status, _, err = gongzhi("report", folder)
    assert status == 2 and "are missing, and a report runs none" in err and "gongzhi budget 3 --replicates=2" in err
