"""A comparison on one page: the cards of the report, what it hangs on, what it cannot say, how to cite it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import experiments
from experiments.analyses.compare.comparison_report import brief, cards
from experiments.analyses.compare.comparison_view import Reader
from experiments.reporting.document import write_page
from experiments.reporting.setting import first_limits
from sim.core.errors import ScenarioError
from tests.support import every_analysis
from tests.support.synthetic_comparison import policies


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_has_the_reports_cards_and_first_limits_and_nothing_long(lang: str, tmp_path: Path) -> None:
    made = policies()
    page = write_page(brief(made), tmp_path / "brief.html", lang).read_text(encoding="utf-8")
    assert cards(Reader(made)).text(lang) in page
    assert first_limits(made.scenario).text(lang) in page
    assert re.findall(r'<section id="(\w+)">', page)[0] == "answer" and "<table" not in page and "<img" not in page
    assert '<body class="brief">' in page
    text = re.sub(r"<[^>]+>", "", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))
    assert len(text) < 6000


def test_a_language_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="en"):
        write_page(brief(policies()), tmp_path / "brief.html", "fr")


@pytest.mark.slow
def test_the_commands_write_it_when_asked_to(gongzhi: Any, tmp_path: Path) -> None:
    tiny = (
        "--estates",
        "6",
        "--set",
        "run.warmup=4",
        "--set",
        "outcomes.standing_after=1",
        "--weeks",
        "10",
        "--replicates",
        "2",
        "--executor",
        "serial",
        "--quiet",
    )
    status, _, err = gongzhi("compare", "none", "full", *tiny, "--out", tmp_path / "a", "--brief")
    assert status == 0, err
    first = (tmp_path / "a/brief.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in first
    status, _, err = gongzhi("report", tmp_path / "a", "--brief", "--lang", "zh", "--quiet")
    assert status == 0 and '<html lang="zh-CN">' in (tmp_path / "a/brief.html").read_text(encoding="utf-8"), err
    assert experiments.open(tmp_path / "a").brief("en").read_text(encoding="utf-8") == first


def test_an_analysis_that_has_no_brief_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"A brief is written of comparisons; the analysis in .* is: sweep\."):
        every_analysis.made("sweep", tmp_path).brief()
