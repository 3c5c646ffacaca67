"""The report: one page that stands alone, whose sentences follow from the numbers."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pandas as pd
import pytest

from experiments.analyses.compare.comparison_report import changes_of_arms, findings
from experiments.presets.compare_coverage import ARMS
from experiments.reporting.template_rendering import script
from tests.support.html_page import Page
from tests.support.synthetic_comparison import comparison, draw_all, policies, write

FEW = [
    "own",
    "full",
    "full, mediation alone",
    "full, routine services alone",
    "hours_matched:full",
    "hours_matched_tied:full",
    "placebo:full",
    "placebo:full, no channel",
]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return draw_all(comparison(arms=FEW, weeks=80, replicates=3), tmp_path_factory.mktemp("figures"))


@pytest.fixture
def report(tmp_path, pictures):
    def made(result, lang="en"):
        return Page(write(result, tmp_path / "report.html", pictures, lang).read_text(encoding="utf-8"))

    return made


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_stands_alone(report, lang, pictures):
    page = report(comparison(arms=FEW), lang)
    assert not page.names & {"link", "iframe", "object"}
    assert [text.strip() for text in page.scripts] == [script().strip()]
    assert sum(address.startswith("data:image/") for address in page.addresses) == len(pictures)
    assert all(address.startswith(("data:image/", "#")) for address in page.addresses)


def test_no_style_reaches_outside(tmp_path, pictures):
    source = write(comparison(arms=FEW), tmp_path / "report.html", pictures).read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import|https?://", re.sub(r"data:image/[^\"]*", "", source))


def test_the_same_comparison_gives_the_same_bytes(tmp_path, pictures):
    pages = [write(comparison(arms=FEW), tmp_path / name, pictures).read_bytes() for name in ("a.html", "b.html")]
    assert pages[0] == pages[1]


def test_the_findings_are_the_answer_in_its_order():
    told = findings(policies())
    assert list(dict.fromkeys(found.id.removeprefix("comparison.") for found in told)) == [
        "whole",
        "hours",
        "part_alone",
        "parts_opposed",
        "placed",
        "attraction",
        "placebo",
        "stopped",
        "comparison_parts.filed",
        "lowest",
        "none_lowers",
        "as_coverage",
        "not_each_other",
        "cost",
    ]
    assert [found.values["policy"] for found in told if found.id == "comparison.whole"] == ["full", "arrangement"]
    apart = {found.id: found.values for found in findings(comparison(arms=FEW))}
    assert apart["comparison.hours"]["beats"] == "no" and apart["comparison.whole"]["opposite"]
    assert apart["comparison.placebo"] == {"exact": True}
    assert {found.id for found in findings(comparison(arms=["own", "full"]))} >= {"comparison.no_hours"}
    json.dumps([found.record() for found in told], allow_nan=False)


def test_the_answer_tells_all_three_side_by_side_and_whether_hours_alone_do_as_well(report):
    page = report(comparison(arms=FEW))
    assert "conflicts fall by 3.1%" in page.said and "but filed cases rise by 12.4%" in page.said
    assert "standing disputes rise by 8.0%" in page.said and "move in opposite directions" in page.said
    assert "Full coverage does not beat the same hours pooled at the community desks" in page.said
    assert "With routine services alone, conflicts fall by 5.8%" in page.said
    assert "With the names and the channel of branches but no hours behind them" in page.said
    assert "With the names alone nothing changes at all" in page.said


def test_the_answer_turns_with_the_signs(report):
    page = report(comparison(sign=-1, arms=FEW))
    assert "conflicts rise by 3.1%" in page.said and "standing disputes fall by 8.0%" in page.said
    assert "Full coverage beats the same hours pooled at the community desks" in page.said


def test_doubt_is_told_as_doubt(report):
    page = report(comparison(noise=0.3, arms=FEW))
    assert "effects on conflicts, filed cases and standing disputes are undecided" in page.said
    assert "is not shown to beat the same hours" in page.said
    assert "No strategy lowers conflicts or standing disputes for certain" in page.said


def test_a_placebo_that_moves_something_discredits_the_results(report):
    result = comparison(arms=FEW)
    row = (result.table["strategy"] == "placebo:full, no channel") & (result.table["outcome"] == "open")
    result.table.loc[row, ["difference", "ci_high"]] = 1e-9
    assert "do not rely on these results" in report(result).said


def test_a_comparison_without_hours_controls_says_that_it_cannot_tell(report):
    assert "cannot tell the branch from its hours" in report(comparison(arms=["own", "full"])).said


def test_opposite_parts_are_named(report):
    result = comparison(arms=FEW)
    row = (result.table["strategy"] == "full, mediation alone") & (result.table["outcome"] == "conflicts")
    result.table.loc[row, ["difference", "ci_low", "ci_high"]] = [0.5, 0.4, 0.6]
    result.table.loc[row, "verdict"] = "harms"
    assert "The two parts have opposite signs in conflicts." in report(result).said


def test_what_a_user_names_can_never_become_markup(report):
    result = comparison(arms=["own", "full"])
    names = {"own": '<img src=x onerror="alert(1)">'}
    result.table, result.series = (
        result.table.replace({"strategy": names}),
        result.series.replace({"arm": names}),
    )
    result.info |= {"question": "<script>alert(1)</script>", "command": "gongzhi compare --set 'a<b'"}
    page = report(result)
    assert len(page.scripts) == 1 and "alert(1)" not in page.scripts[0]
    assert "alert(1)" in page.said and "'a<b'" in page.said


def test_failed_runs_stand_at_the_top_and_in_their_own_table(report):
    page = report(comparison(arms=FEW))
    assert "This experiment is not complete. 1 run failed: see below." in page.said
    assert any(row[-1] == "hours < 0 & rising" for row in page.rows if row)
    assert "No run failed." in report(comparison(arms=FEW, failed=False)).said


def test_the_report_says_what_the_model_cannot_and_how_to_make_the_report_again(report):
    said = report(comparison(arms=FEW)).said
    for piece in (
        "No open data link branches to disputes",
        "conditional map, not a forecast",
        "Little but filings",
        "gongzhi compare --replicates 10",
        "abc1234",
        "numpy 2.5.5",
        "Bonferroni",
        "by about 37.0 (95% interval 9.50 to 148)",
        "common random numbers",
    ):
        assert piece in said


def test_the_chinese_report_speaks_chinese(report):
    page = report(comparison(arms=FEW), "zh")
    own = [heading for heading in page.headings if not heading.startswith("Do estate branches")]
    assert len(own) >= 9 and all(re.search(r"[\u4e00-\u9fff]", heading) for heading in own)
    assert (
        "纠纷下降 3.1%" in page.said
        and "并不优于无支部、投给社区工作站的同等工时（集中）" in page.said
        and "不是预测" in page.said
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_both_policies_are_told_side_by_side_and_further_arms_with_their_ground(report, lang):
    page = report(policies(), lang)
    whole, small = (
        ("1,034 estates over 18 weeks", "120 estates over 52 weeks")
        if lang == "en"
        else ("1,034 个小区、18 周", "120 个小区、52 周")
    )
    names = ("Full coverage", "The arrangement") if lang == "en" else ("全覆盖", "整套安排")
    assert set(names) <= set(page.headings)
    assert whole in page.said and page.said.count(small) > 5
    pieces = (
        (
            "More than the hours?",
            "What do the parts of the arrangement bring?",
            "without couriers",
            "As the coverage of the arrangement: conflicts fall most under",
            "of the further arms; what holds",
            "The arrangement less a part, against the whole",
        )
        if lang == "en"
        else (
            "是否不只是工时？",
            "整套安排的各部分有何作用？",
            "去掉骑手",
            "作为整套安排的覆盖：纠纷下降最多的是",
            "“同时成立”分别就两处而言",
            "整套安排减去一部分（与整套相比）",
        )
    )
    for piece in pieces:
        assert piece in page.said, piece


def test_an_arms_changes_are_those_that_its_name_does_not_say():
    rows = [(name, json.dumps({**changes, "services.enabled": False})) for name, changes in ARMS.items()]
    design = pd.DataFrame(rows, columns=["arm", "changes"])
    found = changes_of_arms(SimpleNamespace(comparison=SimpleNamespace(design=design), further=None))
    for name in ("own", "arrangement, own", "arrangement less couriers"):
        assert found[name] == ["services.enabled = false"]
    assert "supervision.enabled = true" in found["arrangement"]


def test_costs_are_told_by_bearer(report):
    page = report(comparison(arms=FEW))
    head = next(row for row in page.rows if row and row[0].startswith("Hours a week"))
    assert {"Branch: mediation", "Branch: reporting", "Together", "Owners' committees"} <= set(head)


def test_an_unknown_language_is_refused(tmp_path, pictures):
    with pytest.raises(ValueError, match='"de"'):
        write(comparison(arms=FEW), tmp_path / "x.html", pictures, "de")
    assert not (tmp_path / "x.html").exists()
