"""What ends a cell shows itself: in both languages, on light and dark pages, with nothing from elsewhere."""

from __future__ import annotations

import pickle
import re
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from markupsafe import escape

import sim
from experiments.reporting.template_rendering import labels
from sim.agenda import STAGES
from sim.core.errors import GongzhiError
from sim.core.markup import POINTS, line, table, titled
from sim.core.message_catalogue import MODEL
from sim.parameters.parameter_page import STATUS

CHINESE = re.compile("[\u4e00-\u9fff]")
EVIL = "<script>alert(1)</script> & \"Sons\" 'n' {0} %s"
VOID = {"br", "img"}


@pytest.fixture(scope="module")
def model() -> sim.GovernanceModel:
    """A district of a hostile clerk, after some weeks under a policy."""
    names = [EVIL, *(f"E{number}" for number in range(11))]
    ground = pd.DataFrame({"estate": names, "households": 900, "firm": EVIL, "community": EVIL, "street": EVIL})
    scenario = {"run.weeks": 30, "run.warmup": 10, "coverage.strategy": "full"}
    model = sim.GovernanceModel(scenario, district=ground, seed=1)
    model.run(weeks=25, progress=False)
    return model


def things(model: sim.GovernanceModel) -> dict[str, Any]:
    residents = model.residents
    return {
        "model": model,
        "scenario": model.scenario,
        "section": model.scenario.branches,
        "district": model.district,
        "agent": residents[3],
        "branch": list(model.branches)[0],
        "population": model.branches,
        "subset": residents.select(residents.owner),
        "nobody": residents[:0],
        "everyone": model.agents,
        "groups": residents.groupby("estate"),
        "agenda": model.agenda,
        "disputes": model.disputes,
        "incidents": model.incidents,
    }


class Checked(HTMLParser):
    """Sees that every element is closed, and which there are."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.feed(page)
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name in ("src", "href") and tag != "img"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_page_is_whole_escaped_and_needs_nothing_else(model: sim.GovernanceModel) -> None:
    for name, thing in things(model).items():
        english, chinese = (sim.show(thing, lang)._repr_html_() for lang in ("en", "zh"))
        assert thing._repr_html_() == english, name
        for page in (english, chinese):
            assert "script" not in Checked(page).seen and "style" not in Checked(page).seen, name
            assert "http" not in page and "url(" not in page and not re.search(r"\bnan\b", page), name
            assert not re.search(r"background:(?!none)|(?<!-)color:(?!inherit|#[0-9a-f]{6}\">&#9679;)", page), name
        assert CHINESE.search(chinese) and not CHINESE.search(english), name


def test_names_of_a_user_are_text(model: sim.GovernanceModel) -> None:
    for name in ("district", "branch", "population", "groups", "disputes"):
        page = sim.show(things(model)[name])._repr_html_()
        assert "&lt;script&gt;" in page or EVIL.split()[0] not in repr(things(model)[name]), name
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in model.district._repr_html_()
    cases = model.disputes.to_frame()
    there = cases.index[cases.estate == EVIL]
    assert there.size and "&lt;script&gt;" in model.disputes.story(int(there[0]))._repr_html_()


def test_looking_changes_nothing(model: sim.GovernanceModel, tmp_path: Path) -> None:
    looked, other = model.fork(), model.fork()
    looked.save(tmp_path / "before.npz")
    for thing in things(looked).values():
        for lang in ("en", "zh"):
            assert sim.show(thing, lang)._repr_html_()
    assert looked.disputes.story(0)._repr_html_() and sim.outcomes.describe()._repr_html_()
    looked.save(tmp_path / "after.npz")
    assert (tmp_path / "before.npz").read_bytes() == (tmp_path / "after.npz").read_bytes()
    for one in (looked, other):
        one.run(weeks=3, progress=False)
        one.save(tmp_path / f"{one is looked}.npz")
    assert (tmp_path / "True.npz").read_bytes() == (tmp_path / "False.npz").read_bytes()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_status_is_one_word_in_notebooks_and_reports(lang: str) -> None:
    assert {key: MODEL.gettext(lang, word) for key, word in STATUS.items()} == labels(lang, "parameters.status")


def test_notes_of_a_district_are_in_the_language_of_its_page(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("estate,households\nLakeside,800\nHillside,350\n")
    district = sim.District.from_csv(path)
    assert "Read 2 estates" in district._repr_html_()
    page = sim.show(district, "zh")._repr_html_()
    assert "Read 2 estates" not in page and "mine.csv" in page


def test_a_page_of_the_whole_district_is_quick_and_short() -> None:
    district = sim.District.synthetic()
    began = time.process_time()
    page = district._repr_html_()
    assert time.process_time() - began < 0.5
    assert page.count("<circle") == district.estates and len(page) < 100_000


def test_a_scenario_says_what_differs_with_unit_and_meaning() -> None:
    page = sim.Scenario.of({"branches.hours_per_member": 2.5, "voice.enabled": False})._repr_html_()
    for text in ("2 not at their default", "hours per week", "public matters", "2.5", "0.5", "off"):
        assert text in page, text
    assert "全部为默认值" in sim.show(sim.Scenario(), "zh")._repr_html_()


def test_a_model_says_where_it_stands(model: sim.GovernanceModel) -> None:
    page = model._repr_html_()
    assert "Week 25 of 30" in page and "Coverage strategy: full." in page
    assert page.count("<svg") == 6 and "stroke-dasharray" in page, "the week of the policy is marked"
    assert "No week has passed" in sim.GovernanceModel({"district.estates": 3})._repr_html_()
    broken = model.fork()
    broken.agenda.add("break", lambda model: 1 / 0, doc="it fails", before="record")
    with pytest.raises(ZeroDivisionError):
        broken.step()
    assert "not whole" in broken._repr_html_() and "<svg" not in broken._repr_html_()


def test_outcomes_of_a_users_own_have_a_series() -> None:
    model = sim.GovernanceModel({"district.estates": 3}, seed=1, outcomes={"noisy": lambda model: 1.0})
    model.run(weeks=2, progress=False)
    assert 'aria-label="noisy"' in model._repr_html_()


def test_a_story_is_a_text_that_shows_its_sentences(model: sim.GovernanceModel) -> None:
    for lang in ("en", "zh"):
        story = model.disputes.story(0, lang)
        assert isinstance(story, str) and story == "\n".join(story.split("\n"))
        page = sim.show(story, lang)._repr_html_()
        assert page == story._repr_html_() and page.count("<p ") == len(story.splitlines())
        kept = pickle.loads(pickle.dumps(story))
        assert kept._repr_html_() == page
        assert all(str(sim.show(kept, other)) == str(sim.show(story, other)) for other in ("en", "zh"))
        assert sim.show(story, "zh")._repr_html_() == sim.show(model.disputes.story(0, "zh"), "zh")._repr_html_()


def test_what_is_shown_in_chinese_has_notes_and_stages_in_chinese() -> None:
    table = pd.DataFrame({"estate": ["A", "B"], "households": ["300户", "1,024"], "remark": ["x", "y"]})
    district = sim.District.from_csv(table)
    page = str(sim.show(district, "zh")._repr_html_())
    notes = [escape(note.text("zh")) for note in district.notes]
    assert notes and all(note in page for note in notes)
    assert "Read 2 estates" not in page and "Read 2 estates" in district._repr_html_()
    model = sim.examples.small()
    shown = sim.show(model.agenda, "zh")._repr_html_()
    assert not [stage for stage in STAGES if f">{stage}<" in shown and stage != "record"]


def test_the_legend_of_outcomes_is_shown_whole() -> None:
    for lang in ("en", "zh"):
        legend = sim.outcomes.describe(lang)
        page = legend._repr_html_()
        assert all(name in page for name in legend.index) and "..." not in page and legend.iloc[0]["meaning"] in page
        assert legend.head(2)._repr_html_() != page, "a part is a table like any other"


def test_a_small_series_is_drawn_whatever_it_holds() -> None:
    for values in ([], [1.0], [np.nan, np.nan], [2.0, 2.0], [0.0, np.nan, 3.0], range(2000), [np.nan] * 400):
        page = line(values, "<b>")
        assert "nan" not in page.lower() and "&lt;b&gt;" in page
        assert len(re.findall(r"[\d.]+,[\d.]+", page)) <= POINTS
    assert "stroke-dasharray" in line([1.0, 2.0], "x", mark=1) and "stroke-dasharray" not in line([1.0], "x", mark=5)


def test_what_is_no_html_is_escaped() -> None:
    assert "<i>" not in titled("<i>", table(["<i>"], [["<i>"]]))


def test_what_cannot_be_shown_is_refused_in_a_sentence() -> None:
    with pytest.raises(GongzhiError, match='Unknown language "fr"'):
        sim.show(sim.Scenario(), "fr")
    for thing in (3, sim.Scenario):
        with pytest.raises(GongzhiError, match="has no page to show"):
            sim.show(thing)
    shown = sim.show(sim.Scenario())
    assert repr(shown).startswith("<Shown: Scenario: ")
