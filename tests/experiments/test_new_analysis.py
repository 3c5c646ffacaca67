"""The page for contributors keeps its word: one file, one template and one line make a new analysis."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from experiments import Store
from tests.support.repository import ROOT

FENCE = re.compile(r"^( *)```(\w+)(?: title=\"([\w.]+)\")?\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
PLACES = {"by_kind.py": "experiments/analyses", "by_kind.j2": "experiments/reporting/templates"}
SMALL = "--estates 14 --weeks 12 --set run.warmup=6 --replicates 2 --executor serial".split()

type Gongzhi = Callable[..., subprocess.CompletedProcess[str]]


def inserted(path: Path, before: str, line: str) -> None:
    """Insert a line above the first one that begins as said."""
    text = path.read_text(encoding="utf-8")
    assert f"\n{before}" in text
    path.write_text(text.replace(f"\n{before}", f"\n{line}\n{before}", 1), encoding="utf-8")


@pytest.fixture(scope="module")
def gongzhi(tmp_path_factory: pytest.TempPathFactory) -> Gongzhi:
    """A copy of the packages with what the page says, and nothing else; its command."""
    home = tmp_path_factory.mktemp("copy")
    for package in ("experiments", "sim", "gongzhi"):
        shutil.copytree(ROOT / package, home / package)
    page = (ROOT / "docs" / "new-analysis.md").read_text(encoding="utf-8")
    blocks = [(kind, title, text) for _, kind, title, text in FENCE.findall(page)]
    for title, place in PLACES.items():
        (text,) = [text for _, name, text in blocks if name == title]
        (home / place / title).write_text(text, encoding="utf-8")
    (kind,) = [text for _, _, text in blocks if text.strip().startswith('"by-kind": Kind(')]
    inserted(home / "experiments" / "registry.py", '    "comparison": Kind(', f"    {kind.strip()}")
    (message,) = [text for kind, _, text in blocks if kind == "po"]
    with (home / "experiments/reporting/locale/zh/LC_MESSAGES/gongzhi.po").open("a", encoding="utf-8") as file:
        file.write(f"\n{message}")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "experiments", *words],
            cwd=home,
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
            timeout=300,
            env=os.environ | {"PYTHONPATH": str(home), "PYTHONUTF8": "1"},
        )

    return run


def read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def by_group(folder: Path, arm: str) -> list[float]:
    """The same means as the model itself records them by group of estates."""
    store = Store(folder)
    keys = store.design_table().query("arm == @arm")["run"]
    names = ("conflicts_commodity", "conflicts_village", "conflicts_building")
    return list(sum(store.means(key, names, 6) for key in keys) / len(keys))


def test_help_is_made_of_the_spec(gongzhi: Gongzhi) -> None:
    done = gongzhi("by-kind", "--help")
    shown = " ".join(done.stdout.split())
    assert done.returncode == 0, done.stderr
    for text in (
        "What does a policy change in each kind of estate?",
        "--outcome NAME What is asked about: an outcome that is kept by estate. [default: conflicts]",
        "--policy ARM Strategy of coverage that is set beside no branches. [default: full]",
        "--replicates N Runs of each of the two. [default: 8]",
        "--quick A first look: 60 estates, 104 weeks, 4 replicates.",
        "--estates N",
        "--lang en|zh",
    ):
        assert text in shown, text
    wrong = gongzhi("by-kind", "--outcome", "conflict")
    assert wrong.returncode == 2 and 'Did you mean "conflicts"?' in wrong.stderr


def test_a_new_analysis_is_run_resumed_drawn_and_reported_in_both_languages(gongzhi: Gongzhi, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    words = ["by-kind", *SMALL, "--out", str(folder)]
    done = gongzhi(*words)
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(folder / "by_kind.csv")
    assert set(table["kind"]) <= {"commodity", "urban village", "building"} and len(table) > 1
    assert table["estates"].sum() == 14 and set(table["replicates"]) == {2}
    gaps = (table["mean"] - table["baseline_mean"] - table["difference"]).abs()
    assert gaps.max() < 1e-9 and (table["ci_low"] <= table["ci_high"]).all()
    assert table["baseline_mean"].to_numpy() == pytest.approx(by_group(folder, "none"), rel=1e-5)
    assert table["mean"].to_numpy() == pytest.approx(by_group(folder, "full"), rel=1e-5)
    assert (folder / "figures" / "by_kind.png").exists() and (folder / "figures" / "by_kind.svg").exists()
    english = read(folder, "report.html")
    for text in (
        "What does full coverage change of conflicts in each kind of estate?",
        "Kind of estate",
        "Under full coverage, in commodity housing, ",
        "Each of the 2 arms was run for 12 weeks",
    ):
        assert text in english, text
    assert "Under full coverage, in commodity housing, " in done.stdout and str(folder) in done.stdout

    runs = {path.name: path.stat().st_mtime_ns for path in (folder / "runs").iterdir()}
    again = gongzhi(*words)
    assert again.returncode == 0 and again.stdout == done.stdout
    assert {path.name: path.stat().st_mtime_ns for path in (folder / "runs").iterdir()} == runs, "nothing is run twice"
    assert read(folder, "report.html") == english

    reported = gongzhi("report", str(folder), "--lang", "zh")
    assert reported.returncode == 0, reported.stderr
    chinese = read(folder, "report.html")
    assert '<html lang="zh-CN">' in chinese and "商品房小区" in chinese, "what the catalogue has is Chinese"
    assert "Kind of estate" in chinese, "what it lacks is English"
    assert "<h1>全覆盖使各类小区的纠纷有何变化？</h1>" in chinese, "the page's translation"
    assert "2 组各运行 12 周" in chinese
    assert pd.read_csv(folder / "by_kind.csv").equals(table)
