"""What was invented in a district's table stands in every report of it, also in one that is made again."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from markupsafe import escape

import sim
from experiments import open as reopened
from sim.core.sentence import text_of

SMALL = ("--set=run.warmup=6", "--weeks=12", "--replicates=2", "--executor=serial", "--quiet")


@pytest.fixture
def table(tmp_path: Any) -> Any:
    """A table in which nearly everything is left to be filled."""
    path = tmp_path / "mine.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["estate", "households", "remark"])
        rows.writerows([f"Estate {number}", 200 + 10 * number, "x"] for number in range(9))
    return path


@pytest.fixture(autouse=True)
def _no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes stand in the text, and drawing takes longer than all else."""
    monkeypatch.setattr("experiments.analyses.compare.comparison_report.available", lambda reader: [])


def said_of(folder: Any) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


def test_a_report_that_is_made_again_keeps_the_notes(gongzhi: Any, table: Any, tmp_path: Any) -> None:
    notes = sim.District.from_csv(table).notes
    assert len(notes) > 8
    folder = tmp_path / "out"
    assert gongzhi("compare", "full", f"--district={table}", f"--out={folder}", *SMALL)[0] == 0
    held = reopened(folder)
    assert held.district.notes == notes and held.district == sim.District.from_csv(table)
    first = said_of(folder)
    for lang in ("zh", "en"):
        assert gongzhi("report", folder, f"--lang={lang}", "--quiet")[0] == 0
        text = said_of(folder)
        lacking = [note for note in notes if escape(str(text_of(note, lang))) not in text]
        assert not lacking, (lang, lacking)
    assert said_of(folder) == first
    reopened(folder).extend(replicates=1)
    assert reopened(folder).district.notes == notes, "more of the same loses them"


def test_a_sweep_that_is_made_again_says_where_its_notes_are(gongzhi: Any, table: Any, tmp_path: Any) -> None:
    design, folder = tmp_path / "plan.toml", tmp_path / "swept"
    design.write_text(
        'question = "?"\npoints = 2\nreplicates = 2\noutcomes = ["conflicts"]\narms = ["none", "full"]\n'
        '[parameters]\n"branches.reporting_hours" = "declared"\n',
        encoding="utf-8",
    )
    words = (
        "sweep",
        design,
        f"--district={table}",
        f"--out={folder}",
        "--set=run.warmup=6",
        "--weeks=12",
        "--executor=serial",
        "--quiet",
    )
    status, _, err = gongzhi(*words)
    assert status == 0, err
    count = len(sim.District.from_csv(table).notes)
    assert f"experiment.json ({count} notes)" in said_of(folder)
    assert len(reopened(folder).outcome.design.grounds[0].notes) == count
    assert gongzhi("report", folder, "--quiet", "--lang=zh")[0] == 0
    assert f"experiment.json（{count} 条）" in said_of(folder)
