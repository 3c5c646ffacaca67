"""Ctrl-C, as a terminal sends it, in the middle of a sweep and of an ablation: nothing that ended is lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.repository import ROOT
from tests.support.toy_experiments import contents

DESIGN = """
question = "Does it go on?"
points = 14
replicates = 1
outcomes = ["conflicts", "hours"]
arms = ["none", "full"]

[parameters]
"branches.reporting_hours" = "declared"
"""
SMALL = ("--estates=5", "--weeks=40", "--set=run.warmup=10")


def command(words: tuple[str, ...], folder: Path) -> list[str]:
    return [sys.executable, "-m", "experiments", *words, *SMALL, f"--out={folder}"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sweep", "ablate"])
def test_ctrl_c_leaves_a_store_that_goes_on_to_the_same_bytes(kind: str, tmp_path: Path) -> None:
    design, stopped, whole = tmp_path / "mine.toml", tmp_path / "stopped", tmp_path / "whole"
    design.write_text(DESIGN, encoding="utf-8")
    words: tuple[str, ...] = ("sweep", str(design), "--workers=1")
    if kind == "ablate":
        words = ("ablate", "full", "--replicates=2", "--executor=serial")
    victim = subprocess.Popen(
        command(words, stopped),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 900
    while len(list(stopped.glob("runs/*.json"))) < 3 and time.monotonic() < deadline and victim.poll() is None:
        time.sleep(0.01)
    victim.send_signal(signal.SIGINT)
    out, err = victim.communicate(timeout=1200)
    assert victim.returncode == 130, err
    assert "Traceback" not in out + err
    assert f"finished runs are kept in {stopped}; the same command goes on from there" in err
    assert not (stopped / "report.html").exists() and not list(stopped.glob(".lock*"))
    kept = {path.name: path.stat().st_mtime_ns for path in (stopped / "runs").glob("*.json")}
    assert len(kept) >= 3
    for folder in (stopped, whole):
        subprocess.run(command((*words, "--quiet"), folder), cwd=ROOT, check=True, timeout=1200)
    assert {name: (stopped / "runs" / name).stat().st_mtime_ns for name in kept} == kept
    assert contents(stopped) == contents(whole)
    for name in ("runs.csv", "table.csv", *(["ablation.csv"] if kind == "ablate" else [])):
        assert (stopped / name).read_bytes() == (whole / name).read_bytes()
    assert (stopped / "report.html").exists()
