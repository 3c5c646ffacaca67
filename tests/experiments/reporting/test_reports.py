"""The reports of sweeps, studies and systems, and how they are made again from their folders."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from experiments.analyses.study.systems_study import Systems, SystemsSpec
from experiments.core.statistics.measures import better, unit
from experiments.core.statistics.regions import region
from experiments.presets import questions
from experiments.reporting.finding import Finding
from experiments.reporting.phrases import phrase
from sim import Scenario
from tests.support.html_page import Page

TINY = ("--estates=5", "--set=run.warmup=4", "--weeks=9", "--executor=serial")
SIZE = {"estates": 40, "weeks": 80, "replicates": 3}
DESIGN = (
    'question = "What if?"\npoints = 5\nreplicates = 2\noutcomes = ["conflicts", "hours"]\narms = ["none", "full"]\n'
    '[parameters]\n"services.effect" = "declared"\n"branches.hours_per_member" = "declared"\n'
)


@pytest.fixture
def swept(gongzhi: Any, tmp_path: Path) -> Path:
    (tmp_path / "mine.toml").write_text(DESIGN, encoding="utf-8")
    status, out, err = gongzhi("sweep", "mine.toml", *TINY)
    assert status == 0 and "report.html" in out, err
    return tmp_path / "results" / "sweep-mine"


def test_a_sweeps_report_is_made_again_to_the_same_bytes(gongzhi: Any, swept: Path) -> None:
    names = ["report.html", "table.csv", "runs.csv", "points.csv", "figures/conflicts.png", "figures/hours.svg"]
    before = {name: (swept / name).read_bytes() for name in names}
    for name in names:
        (swept / name).unlink()
    status, _, err = gongzhi("report", "results/sweep-mine")
    assert status == 0, err
    assert {name: (swept / name).read_bytes() for name in names} == before


@pytest.mark.drawn
def test_a_sweeps_report_tells_every_outcome_its_design_and_its_limits(gongzhi: Any, swept: Path) -> None:
    page = Page((swept / "report.html").read_text(encoding="utf-8"))
    assert page.headings[0] == "What if?"
    for figure in page.figures.values():
        found, _, rest = figure.alternative.partition(". ")
        assert "full coverage" in found.lower() and rest == figure.caption, figure.alternative
    for text in (
        "Full coverage raises hours at all 5 points",
        "of 5 points",
        "Latin hypercube",
        "2 replicates",
        "common random numbers",
        "gongzhi sweep mine.toml",
        "not probabilities",
    ):
        assert text in page.said, text
    assert gongzhi("report", "results/sweep-mine", "--lang=zh", "--quiet")[0] == 0
    chinese = Page((swept / "report.html").read_text(encoding="utf-8"))
    assert "简要回答" in chinese.headings and "全覆盖在全部 5 个点上使工时上升" in chinese.said
    for figure in chinese.figures.values():
        found, _, rest = figure.alternative.partition("。")
        assert "全覆盖" in found and rest == figure.caption, figure.alternative


def test_a_sweep_without_a_baseline_tells_the_outcome_itself(gongzhi: Any, tmp_path: Path) -> None:
    design = DESIGN.replace('arms = ["none", "full"]', 'design = "one-at-a-time"').replace("points = 5", "levels = 2")
    (tmp_path / "mine.toml").write_text(design, encoding="utf-8")
    status, _, err = gongzhi("sweep", "mine.toml", *TINY, "--set=coverage.strategy=full")
    assert status == 0, err
    page = Page((tmp_path / "results/sweep-mine/report.html").read_text(encoding="utf-8"))
    assert "branches.hours_per_member moves hours most" in page.said and "one at a time" in page.said


def test_a_folder_that_says_nothing_of_its_analysis_names_its_command(gongzhi: Any, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    status, _, err = gongzhi("report", "empty")
    assert status == 2 and "holds no experiment" in err
    inside = tmp_path / "mine" / "round-1"
    inside.mkdir(parents=True)
    record = '{"format": 1, "question": "Where?", "command": "gongzhi signmap mine"}'
    (inside / "experiment.json").write_text(record, encoding="utf-8")
    status, _, err = gongzhi("report", "mine")
    assert status == 2 and "does not say what its analysis is" in err and "gongzhi signmap mine" in err


def hold(folder: Path, command: str) -> Path:
    """Make a folder that holds an experiment."""
    folder.mkdir(exist_ok=True)
    (folder / "experiment.json").write_text(f'{{"format": 1, "command": "{command}"}}', encoding="utf-8")
    return folder


def rows_of_systems(sign: float) -> pd.DataFrame:
    made = []
    for system in questions.systems():
        for outcome in system.outcomes:
            good = better(outcome)
            verdict = region(sign - 0.2, sign + 0.2, 0.04, good)
            made.append(
                {
                    "contrast": system.number,
                    "system": system.name,
                    "switch": system.switch,
                    "outcome": outcome,
                    "without": 2.0,
                    "with": 2.0 + sign,
                    "difference": sign,
                    "ci_low": sign - 0.1,
                    "ci_high": sign + 0.1,
                    "sim_low": sign - 0.2,
                    "sim_high": sign + 0.2,
                    "relative": sign / 2.0,
                    "p_adjusted": 0.001,
                    "replicates": 5,
                    "verdict": verdict,
                    "unit": unit(outcome),
                    "better": good,
                }
            )
    return pd.DataFrame(made)


@pytest.mark.parametrize(("sign", "word"), [(-1.0, "lower"), pytest.param(1.0, "raise", marks=pytest.mark.slow)])
def test_the_report_of_systems_turns_with_the_sign(sign: float, word: str, tmp_path: Path) -> None:
    table = rows_of_systems(sign)
    spec = SystemsSpec.sized(Scenario(), SIZE, systems=questions.systems(), question=questions.question("systems"))
    result = Systems(hold(tmp_path, "gongzhi study systems"), table, spec)
    names = [system.name for system in questions.systems()]
    first, second, *each = result.findings
    assert first == Finding(
        "systems.counted",
        outcome="conflicts",
        systems=13,
        lower=names if sign < 0 else [],
        higher=names if sign > 0 else [],
        margin=0.02,
    )
    assert second.values["outcome"] == "standing" and 0 < second.values["systems"] < 13
    assert [(one.id, one.values["number"]) for one in each] == [("systems.moves", f"S{n}") for n in range(1, 14)]
    moves = {move.outcome: move.difference for move in each[4].values["moves"]}
    assert moves == {"filed": sign, "standing": sign, "conflicts": sign}
    page = Page(result.report().read_text(encoding="utf-8"))
    assert f"Conflicts: of 13 systems, 13 {word} them by more than 2%" in page.said
    assert f"S5, branch coverage: filed cases {'fall' if sign < 0 else 'rise'} by 50.0%" in page.said
    chinese = result.report("zh").read_text(encoding="utf-8")
    assert "支部覆盖" in chinese and "十三个系统" in chinese
    vague = Systems(tmp_path, table.assign(verdict="undecided"), spec).findings[0]
    assert vague.values["lower"] == vague.values["higher"] == []
    assert vague.text() == "None of 13 systems is shown to move conflicts by more than 2%."
    pages = [(tmp_path / name).read_text(encoding="utf-8") for name in ("systems.md", "systems.zh.md")]
    assert "| S5 | branch coverage |" in pages[0] and "| S5 | 支部覆盖 |" in pages[1]


def test_systems_have_their_chinese() -> None:
    for text in (*(system.name for system in questions.systems()), questions.question("systems")):
        assert re.search("[\u4e00-\u9fff]", phrase(text, "zh")), text


def test_a_study_can_be_told_again_in_chinese(gongzhi: Any, tmp_path: Path) -> None:
    tiny = ("--estates=4", "--weeks=60", "--replicates=2", "--executor=serial", "--out=made", "--quiet")
    assert gongzhi("study", "couriers", *tiny)[0] == 0
    before = (tmp_path / "made/report.html").read_bytes()
    status, out, err = gongzhi("report", "made", "--lang=zh")
    assert status == 0 and "代价方面" in out, err
    page = Page((tmp_path / "made/report.html").read_text(encoding="utf-8"))
    assert "随手拍不限量" in page.said and page.headings[0].startswith("为骑手提供服务")
    assert gongzhi("report", "made")[0] == 0 and (tmp_path / "made/report.html").read_bytes() == before
