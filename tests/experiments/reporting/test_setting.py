"""The head of a report says what was set otherwise and what was filled, its end how to cite it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from experiments.reporting.document import Document, write_document
from experiments.reporting.finding import Block
from experiments.reporting.provenance import AUTHORS, TITLE, citation
from experiments.reporting.setting import MOST, setting
from sim import Scenario
from tests.support.browser import printed
from tests.support.repository import ROOT

NOTES = {
    "district_notes": [["kind: 57 of 101 estates filled by chance.", "A remark.", "year: 3 of 101 estates filled so."]]
}


def text(part: Block | None, lang: str = "en") -> str:
    return "" if part is None else " ".join(re.sub(r"<[^>]+>", "", part.text(lang)).split())


def test_nothing_is_said_of_the_defaults() -> None:
    remark = {"district_notes": [["A remark."]]}
    for scenario, info in (
        (Scenario().replace({"outcomes.record_estates": True}), {}),
        (Scenario(), {}),
        (None, remark),
    ):
        assert not text(setting(scenario, info))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_was_set_otherwise_is_named_with_its_default(lang: str) -> None:
    said = text(setting(Scenario().replace({"run.weeks": 104, "voice.enabled": False}), {}), lang)
    assert "run.weeks = 104" in said and "208" in said
    assert f"voice.enabled = {'off' if lang == 'en' else '关'}" in said
    assert ("Changed from the defaults" in said) == (lang == "en")


def test_many_settings_are_counted() -> None:
    names = [row["name"] for row in Scenario().parameters() if isinstance(row["value"], bool)][: MOST + 3]
    said = text(setting(Scenario().replace({name: not Scenario().get(name) for name in names}), {}))
    assert said.count(" = ") == MOST and said.endswith(", and 3 more")


def test_columns_that_were_filled_are_named_with_how_many() -> None:
    said = text(setting(None, NOTES))
    assert "kind (57 of 101), year (3 of 101)" in said


def test_an_experiment_is_cited_with_version_and_design() -> None:
    info = {"model": "0.1.0+abc", "revision": "0123456789abcdef", "command": "gongzhi compare", "checksum": "9" * 64}
    said = text(citation(info))
    for part in (AUTHORS, TITLE, "0.1.0+abc", "0123456789ab", "gongzhi compare", "9" * 16):
        assert part in said
    assert citation({}) is None
    file = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert TITLE in file and AUTHORS in file


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_on_paper_stand_the_parameters_that_were_set_otherwise(lang: str, tmp_path: Path) -> None:
    """All would fill twenty-eight pages; it is said how many there are and where their values are."""
    scenario = Scenario({"branches.targets": 9})
    path = write_document(Document("What?", [], scenario=scenario), tmp_path / "report.html", lang)
    source = path.read_text(encoding="utf-8")
    told = str(len(list(scenario.parameters())))
    note = re.findall(r'<span class="paper">(.*?)</span>', source)
    assert len(note) == 1 and told in note[0] and "gongzhi parameters --out parameters.csv" in note[0]
    assert source.count('class="changed"') == 1
    assert len(re.findall(rb"/Type\s*/Page\b", printed(path))) <= 3
