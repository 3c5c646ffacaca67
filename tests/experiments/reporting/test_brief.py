"""A brief: any report but a comparison's, on one page that stands alone."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import sim
from experiments.figures import style
from experiments.reporting.document import Document, write_document
from experiments.reporting.template_rendering import script
from tests.support.html_page import Page

INFO = {
    "command": "gongzhi sweep mine.toml",
    "complete": True,
    "revision": "abc123",
    "model": "1.0+x",
    "failed": [],
    "versions": {"numpy": "2.0"},
    "seeds": [{"district": 0, "replicate": 0, "seed": "17"}],
}
TABLE = pd.DataFrame({"policy": ["full", "own"], "change": [-0.25, float("nan")], "per cent": ["−3.1%", "+2%"]})


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2, 1))
    figure.subplots().plot([0, 1], [0, 1])
    return style.save(figure, tmp_path_factory.mktemp("figures") / "line")


def brief(picture, **others):
    given = {
        "title": "What falls?",
        "findings": ["Conflicts fall by 3%.", "Hours rise."],
        "info": INFO,
        "figures": [(picture, "Bars are 95% intervals.")],
        "tables": [("All effects.", TABLE)],
        "method": ["Eight points."],
        "limits": ["Eight points are few."],
    }
    return Document(**(given | others))


def read(made, folder, lang="en"):
    return Page(write_document(made, folder / "report.html", lang).read_text(encoding="utf-8"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_brief_stands_alone(tmp_path, picture, lang):
    page = read(brief(picture), tmp_path, lang)
    assert not page.names & {"link", "iframe", "object"}
    assert [text.strip() for text in page.scripts] == [script().strip()]
    assert sum(address.startswith("data:image/") for address in page.addresses) == 1
    assert all(address.startswith(("data:image/", "#")) for address in page.addresses)
    source = re.sub(r"data:image/[^\"]*", "", (tmp_path / "report.html").read_text(encoding="utf-8"))
    assert not re.search(r"url\(|@import|https?://", source)


def test_a_brief_tells_everything_it_was_given(tmp_path, picture):
    said = read(brief(picture), tmp_path).said
    for text in (
        "What falls?",
        "Conflicts fall by 3%.",
        "Hours rise.",
        "Figure 1. Bars are 95% intervals.",
        "Table 1. All effects.",
        "Eight points.",
        "Eight points are few.",
        "not a forecast",
        "gongzhi sweep mine.toml",
        "abc123",
        "numpy 2.0",
        "17",
    ):
        assert text in said, text


def test_headings_are_in_the_language_asked_for(tmp_path, picture):
    page = read(brief(picture, title="问", findings=["答。"]), tmp_path, "zh")
    assert {"简要回答", "研究设计", "图", "表", "模型不能说明什么", "如何重现"} <= set(page.headings)
    assert not any(re.search("[A-Za-z]", heading) for heading in page.headings)


def test_sections_without_content_are_left_out(tmp_path):
    page = read(Document("Why?", ["Because."]), tmp_path)
    assert page.headings == ["Why?", "The answer in short", "What the model cannot say"]


def test_no_text_becomes_html(tmp_path, picture):
    bad = "<script>alert('x')</script> & <b>"
    table = pd.DataFrame({bad: [bad]})
    texts = {name: [bad] for name in ("findings", "method", "limits", "warnings")}
    info = {**INFO, "command": bad, "failed": [{"arm": bad, "replicate": "0", "seed": "1", "message": bad}]}
    made = brief(picture, title=bad, figures=[(picture, bad)], tables=[(bad, table)], info=info, **texts)
    page = read(made, tmp_path)
    assert len(page.scripts) == 1 and "alert(" not in page.scripts[0]
    assert page.said.count("alert('x')") >= 11


def test_what_is_missing_or_failed_is_told_at_the_top(tmp_path, picture):
    failed = [{"arm": "3 full", "replicate": "1", "seed": "5", "message": "it broke"}]
    info = {**INFO, "complete": False, "failed": failed, "warnings": ["A rate was near zero."]}
    page = read(brief(picture, info=info, warnings=["One point is left out."]), tmp_path)
    start = page.said.index("This experiment is not complete. 1 run failed: see below. A rate was near zero. One point")
    assert start < page.said.index("Conflicts fall by 3%.")
    assert ["3 full", "1", "5", "it broke"] in page.rows


def test_numbers_are_written_for_a_reader(tmp_path, picture):
    rows = read(brief(picture), tmp_path).rows
    assert ["full", "−0.25", "−3.1%"] in rows and ["own", "–", "+2%"] in rows
    source = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert '<td class="number">−3.1%</td>' in source and '<td class="number">full</td>' not in source


def test_parameters_stand_with_unit_range_status_and_source(tmp_path, picture):
    scenario = sim.Scenario().replace({"district.estates": 12})
    rows = read(brief(picture, scenario=scenario), tmp_path).rows
    listed = {row[0]: row for row in rows if len(row) == 6}
    assert len(listed) > 100
    given = next(row for name, row in listed.items() if name.startswith("estates"))
    assert given[1].startswith("12") and "default 1034" in given[1].replace(",", "")


def test_the_same_brief_gives_the_same_bytes(tmp_path, picture):
    one, other = (write_document(brief(picture), tmp_path / name).read_bytes() for name in ("a.html", "b.html"))
    assert one == other
