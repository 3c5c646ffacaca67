"""Sliders of a report: what the page evaluates is what Python says, and what cannot be said is refused in words."""

from __future__ import annotations

import html
import json
import re
import shlex
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.analyses.explorer import Explored, Response, _surface, explorer, inputs_of
from experiments.analyses.sweep.sweep_spec import SweepSpec
from experiments.core.design.axes import Axis
from experiments.core.design.points import factorial, latin
from experiments.core.statistics.sparse_polynomial import SparsePolynomial
from experiments.reporting.document import Document, Shown, write_document
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import script
from sim import Scenario
from tests.support.browser import after_scripts, printed
from tests.support.explored_points import ARMS, AXES, SCENARIO, explored
from tests.support.html_page import Page


def written(folder: Path, given: Explored, lang: str = "en") -> Path:
    table = pd.DataFrame({"outcome": ["b", "a", "c"], "lowest": ["−3.1", "1,200", "–"]})
    document = Document(
        title="What if?",
        findings=["So."],
        tables=[Shown("A table.", table, "sweep.heads")],
        sections={"explore": explorer(given)},
        scenario=SCENARIO,
    )
    return write_document(document, folder / "report.html", lang)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_page_has_sliders_apart_for_what_is_decided_and_what_is_not_known(tmp_path: Path, lang: str) -> None:
    source = written(tmp_path, explored(), lang).read_text(encoding="utf-8")
    decided, assumed = re.findall(r"<fieldset.*?</fieldset>", source, flags=re.DOTALL)
    assert "coverage.share" in decided and "services.effect" in assumed and "couriers.norm" in assumed
    assert "services.effect" not in decided and source.count('class="slider"') == len(AXES)
    assert not re.search(r"https?://|@import|url\(", source)
    assert source.count(">Copy</button>" if lang == "en" else ">复制</button>") == 2 and "built-in method" not in source


def test_what_cannot_be_foreseen_is_refused_in_words(tmp_path: Path) -> None:
    said = Page(written(tmp_path, explored()).read_text(encoding="utf-8")).said
    assert re.search(
        r"Standing disputes: full coverage less no branches \(the polynomial does not predict it: Q2 of", said
    )
    assert "Filed cases: full coverage less no branches (the same at all points)" in said
    assert "Hours: full coverage less no branches (known at 9 points, of which at least 16 are needed)" in said
    assert "Without a slider: Conflicts" not in said


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": "one-at-a-time"}, "walk along lines"),
        ({"kind": "morris"}, "walk along lines"),
        ({"points": latin(AXES, 15, seed=3)}, "15 points say too little"),
    ],
)
def test_a_design_that_says_nothing_between_its_points_has_no_sliders(tmp_path: Path, changes: Any, why: str) -> None:
    given = explored(changes.get("points"))
    page = written(tmp_path, replace(given, **{"kind": "latin", **changes})).read_text(encoding="utf-8")
    assert why in Page(page).said and "<fieldset" not in page and "application/json" not in page


def test_where_nothing_is_foreseen_one_sentence_says_so(tmp_path: Path) -> None:
    given = explored()
    said = Page(written(tmp_path, replace(given, responses=given.responses[2:3])).read_text(encoding="utf-8")).said
    assert "There are no sliders: a sparse polynomial" in said and "Q2 below 0.5" in said


def test_where_nothing_was_seen_there_is_no_section(tmp_path: Path) -> None:
    assert explorer(replace(explored(), responses=[])) is None


def test_the_same_points_give_the_same_page(tmp_path: Path) -> None:
    first, second = (written(folder, explored()) for folder in (tmp_path / "a", tmp_path / "b"))
    assert first.read_bytes() == second.read_bytes()


def test_a_users_own_table_has_axes_of_what_it_holds(tmp_path: Path) -> None:
    points = latin(AXES, 40, seed=1)
    model = model_of(written(tmp_path, explored(points, kind="table", axes=())))
    ends = {axis["name"]: (axis["low"], axis["high"]) for axis in model["axes"] if not axis["levels"]}
    assert ends["services.effect"] == (points["services.effect"].min(), points["services.effect"].max())


def test_sliders_start_where_the_model_was_run() -> None:
    """At usual values, or at the point that lies nearest to these."""
    block = explorer(explored())
    assert block is not None
    start = block.values["model"]["start"]
    usual = [SCENARIO.get(axis.name) for axis in AXES]
    assert start == usual or tuple(start) in set(explored().points.itertuples(index=False, name=None))


def model_of(page: Path) -> Any:
    source = page.read_text(encoding="utf-8")
    (text,) = re.findall(r'<script type="application/json" id="explorer-model">(.*?)</script>', source)
    return json.loads(text)


def probed(page: Path, expression: str) -> Any:
    """Evaluate JavaScript on the saved page; an error on the page, or a request, fails."""
    dump = after_scripts(
        page,
        f"document.body.append(Object.assign(document.createElement('pre'), "
        f"{{id: 'probe', textContent: JSON.stringify({expression})}}))",
    )
    match = re.search(r'<pre id="probe">(.*?)</pre>', dump, flags=re.DOTALL)
    assert match, "the page's own script has failed"
    return json.loads(html.unescape(match[1]))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["latin", "factorial"])
def test_the_page_says_what_python_says_at_a_hundred_points(tmp_path: Path, kind: str) -> None:
    points = latin(AXES, 64, seed=3) if kind == "latin" else factorial(AXES, 3)
    given = explored(points, kind=kind)
    page = written(tmp_path, given)
    places = latin(AXES, 100, seed=17)
    rows = json.dumps([list(row) for row in places.itertuples(index=False)])
    told = probed(page, f"{rows}.map((row) => [gongzhi.predict(0, row), gongzhi.predict(1, row)])")
    for number in (0, 1):
        fitted = SparsePolynomial.fit(inputs_of(AXES, points), given.responses[number].values)
        expected = np.stack(fitted.predict(inputs_of(AXES, places)), axis=1)
        np.testing.assert_allclose([row[number] for row in told], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.slow
def test_outside_of_what_was_run_the_page_gives_no_number(tmp_path: Path) -> None:
    """Beyond a range, and in a corner that no point came near."""
    page = written(tmp_path, explored())
    model = model_of(page)
    beyond = [*model["start"]]
    beyond[1] = 0.3
    corner = [1.0, 0.0, 1.8, 0, "none"]
    states = json.dumps([model["start"], model["points"][3], beyond, corner])
    assert probed(page, f"{states}.map(gongzhi.inside)") == [True, True, False, False]
    typed = (
        "(() => { const typed = document.querySelector('.slider[data-axis=\"1\"] input[type=number]');"
        "const before = document.querySelector('.readout').textContent; typed.value = '0.3';"
        "typed.dispatchEvent(new Event('input')); return [before, document.querySelector('.readout').textContent]; })()"
    )
    before, after = probed(page, typed)
    assert "90% interval" in before and after == "not run here"


@pytest.mark.slow
@pytest.mark.parametrize(("margin", "sign"), [(0.0, "higher"), (50.0, "within the margin")])
def test_the_readout_and_the_table_have_one_reading(tmp_path: Path, margin: float, sign: str) -> None:
    """A change that does not matter has no direction, and what the table says stands above it too."""
    given = explored()
    responses = [replace(given.responses[1], relative=True, margin=margin)]
    page = written(tmp_path, replace(given, responses=responses))
    places = [".readout", "tr[data-effect] .verdict"]
    told = probed(page, f"{json.dumps(places)}.map((place) => document.querySelector(place).textContent)")
    assert told[1] == sign and told[0].endswith(f": {sign}")
    assert "judged by wider intervals" in Page(page.read_text(encoding="utf-8")).said


@pytest.mark.slow
def test_the_state_is_copied_as_a_design_and_as_commands_that_can_be_run(tmp_path: Path) -> None:
    page = written(tmp_path, explored())
    model = model_of(page)
    state = json.dumps(model["points"][3])
    texts = probed(
        page, f"[0, 1].map((effect) => [gongzhi.design(effect, {state}), gongzhi.commands(effect, {state})])"
    )
    for (design, commands), labels in zip(texts, (["none", "full"], ["none", "hours_matched:full"]), strict=True):
        (tmp_path / "state.toml").write_text(design, encoding="utf-8")
        plan = SweepSpec.asked_of(tmp_path / "state.toml", {}).plan()
        assert plan.points.iloc[0].tolist() == model["points"][3] and list(plan.arms) == labels
        assert plan.scenario == SCENARIO.replace({"run.weeks": 60}) and (plan.replicates, plan.seed) == (2, 5)
        runs = [shlex.split(command.replace("\\\n", "")) for command in commands.split("\n\n")]
        # Hours that a control replays are those of another run, so that it has no command of its own.
        assert len(runs) == (2 if "full" in labels else 1)
        for run, label in zip(runs, labels, strict=False):
            settings = [run[place + 1] for place, part in enumerate(run) if part == "--set"]
            point = dict(zip(plan.points.columns, model["points"][3], strict=True))
            asked = Scenario().replace(Scenario.parse_settings(settings))
            assert run[:2] == ["gongzhi", "run"] and asked == SCENARIO.replace({**point, **ARMS[label]})


@pytest.mark.slow
def test_texts_of_a_copied_state_are_quoted_and_switches_numbers_and_nothing_are_what_they_are(tmp_path: Path) -> None:
    """Of a text that is called none, of a parameter that is left out, and of a switch, in points, arms and the rest."""
    axes = (
        Axis("coverage.share", 0.2, 1.0),
        Axis("couriers.norm", levels=("none", "linear")),
        Axis("trust.enabled", levels=(False, True)),
    )
    points = latin(axes, 48, seed=3)
    seen = points["coverage.share"] + points["trust.enabled"] + 0.5 * (points["couriers.norm"] == "none")
    arms: dict[str, dict[str, Any]] = {
        "none": {"coverage.strategy": "none", "voice.enabled": False},
        "full": {"coverage.strategy": "full"},
    }
    arms["none"] |= {"coverage.start_week": None}
    values = seen.to_numpy(float) + 0.01 * np.random.default_rng(2).standard_normal(len(points))
    responses = [Response("conflicts", "full", "none", values)]
    late = SCENARIO.replace({"coverage.start_week": 30})
    page = written(
        tmp_path, replace(explored(), axes=axes, points=points, responses=responses, arms=arms, scenario=late)
    )
    for row in ([0.5, "none", True], [0.25, "linear", False]):
        state = json.dumps(row)
        design, commands = probed(page, f"[gongzhi.design(0, {state}), gongzhi.commands(0, {state})]")
        (tmp_path / "state.toml").write_text(design, encoding="utf-8")
        plan = SweepSpec.asked_of(tmp_path / "state.toml", {}).plan()
        assert plan.points.iloc[0].tolist() == row
        point = dict(zip(plan.points.columns, row, strict=True))
        runs = [shlex.split(command.replace("\\\n", "")) for command in commands.split("\n\n")]
        for run, label in zip(runs, ("none", "full"), strict=True):
            settings = Scenario.parse_settings([run[k + 1] for k, part in enumerate(run) if part == "--set"])
            assert Scenario().replace(settings) == late.replace({**point, **arms[label]})
            assert plan.scenario.replace({**point, **plan.arms[label]}) == late.replace({**point, **arms[label]})


@pytest.mark.slow
def test_tables_sort_by_their_numbers_and_come_back(tmp_path: Path) -> None:
    page = written(tmp_path, explored())
    clicked = (
        "(() => { const table = document.querySelector('#tables table'); const head = table.querySelectorAll('th')[1];"
        "const rows = () => [Array.from(table.tBodies[0].rows, (row) => row.cells[1].textContent),"
        "head.getAttribute('aria-sort')]; const seen = [rows()];"
        "for (let i = 0; i < 3; i++) { head.querySelector('button').click(); seen.push(rows()); }"
        "return seen; })()"
    )
    plain = ["−3.1", "1,200", "–"]
    assert probed(page, clicked) == [
        [plain, None],
        [plain, "ascending"],
        [["1,200", "−3.1", "–"], "descending"],
        [plain, None],
    ]


@pytest.mark.slow
def test_on_paper_the_page_is_the_static_one(tmp_path: Path) -> None:
    """To the byte what is printed of the page without its sliders and its script, even where a table is sorted."""
    page = written(tmp_path, explored())
    source = page.read_text(encoding="utf-8")
    static = re.sub(r'<section id="explore">.*?</section>', "", source, flags=re.DOTALL).replace(str(script()), "")
    click = "<script>document.querySelectorAll('#tables th button')[1].click();</script></body>"
    papers = []
    for text in (source, static, source.replace("</body>", click)):
        page.write_text(text, encoding="utf-8")
        papers.append(printed(page))
    assert papers[0] == papers[1] == papers[2]


def test_a_text_in_the_model_cannot_end_its_script(tmp_path: Path) -> None:
    bad = "</script><img src=x>"
    given = explored()
    responses = [replace(given.responses[0], arm=bad)]
    page = written(tmp_path, replace(given, responses=responses, arms={"none": {}, bad: {}}))
    assert "<img src=x" not in page.read_text(encoding="utf-8") and bad in model_of(page)["arms"]
    assert Finding("explorer.effect", outcome="conflicts", arm=bad, against="none").text().count(bad) == 1


@pytest.mark.parametrize(("outcome", "least"), [("conflicts", -100.0), ("order", None), ("bells", None)])
def test_a_relative_effect_that_is_foreseen_ends_where_nothing_would_be_left(outcome: str, least: float | None) -> None:
    none = np.zeros(0)
    fit = SimpleNamespace(q2=0.9, terms=(), coefficients=none, residuals=none, fold=none)
    for relative, told in ((True, least), (False, None)):
        assert _surface(Response(outcome, "full", "none", none, relative=relative), fit)["least"] == told
