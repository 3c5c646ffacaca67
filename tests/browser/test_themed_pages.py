"""Reports and films in a real browser: read in either theme and on any width, by keyboard too, and light on paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from experiments.analyses.explorer import explorer
from experiments.figures import style
from experiments.reporting.document import Document, write_document
from tests.support.explored_points import SCENARIO, explored

pytestmark = pytest.mark.slow

PALE_TEXTS = """() => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = ([red, green, blue]) => [red, green, blue].map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const parts = numbers(getComputedStyle(at).backgroundColor);
      if (parts.length && parts[3] !== 0) return parts;
    }
    return [255, 255, 255];
  };
  const pale = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    const text = walk.currentNode.textContent.trim();
    const unread = element.closest("script, style, option, title, [aria-hidden]") || !element.getClientRects().length;
    if (!text || unread) continue;
    const own = getComputedStyle(element);
    const ink = numbers(element.namespaceURI.endsWith("svg") ? own.fill : own.color);
    const [dark, bright] = [light(ink), light(ground(element))].sort((a, b) => a - b);
    seen += 1;
    if ((bright + 0.05) / (dark + 0.05) < 4.5) pale.push(text.slice(0, 40));
  }
  return [seen, pale];
}"""
NAMELESS = """() => [...document.querySelectorAll("input, select, button, img, [tabindex], svg[role]")]
  .filter((one) => !(one.getAttribute("aria-label") || one.alt || one.textContent.trim() || (one.labels || []).length))
  .map((one) => one.outerHTML.slice(0, 120))"""


def report(folder: Path, lang: str) -> Path:
    """A report that has whatever a report may have: a banner, a figure, sliders, a wide table."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3))
    figure.subplots().plot([0, 1], [0, 1])
    table = pd.DataFrame({f"a heading of column {place}": [f"{place} words in a cell", "none"] for place in range(12)})
    document = Document(
        title="What if?",
        findings=["So.", "And so."],
        figures=[(style.save(figure, folder / "line"), "A line.")],
        tables=[("A wide table.", table)],
        warnings=["This is not complete."],
        sections={"explore": explorer(explored())},
        scenario=SCENARIO,
    )
    return write_document(document, folder / "report.html", lang)


def film(folder: Path, lang: str) -> Path:
    """A film of a model and its fork."""
    model = sim.GovernanceModel(
        {"district.estates": 9, "run.warmup": 4, "run.weeks": 9, "outcomes.record_estates": True}, rng=3
    )
    model.run(weeks=4)
    other = model.fork({"coverage.strategy": "full"})
    for one in (model, other):
        one.run()
    return sim.animate(model, other, lang=lang).save(folder / "film.html")


LANGUAGES = ("en", "zh")
MADE = {"report": report, "film": film}


@pytest.fixture(scope="module", params=[(kind, lang) for kind in MADE for lang in LANGUAGES], ids="-".join)
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    kind, lang = request.param
    return MADE[kind](tmp_path_factory.mktemp(kind), lang)


def opened(browser: Any, page: Path, width: int, scheme: str) -> Any:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    shown = context.new_page()
    shown.goto(page.as_uri())
    return shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 400])
def test_a_page_is_read_in_either_theme_and_on_any_width(browser: Any, page: Path, width: int, scheme: str) -> None:
    shown = opened(browser, page, width, scheme)
    seen, pale = shown.evaluate(PALE_TEXTS)
    assert seen > 10 and pale == []
    assert shown.evaluate(NAMELESS) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    ground = shown.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (min(map(int, re.findall(r"\d+", ground))) > 128) == (scheme == "light")
    shown.context.close()


def test_paper_is_the_same_whatever_the_theme(browser: Any, page: Path) -> None:
    papers = []
    for scheme in ("light", "dark"):
        shown = opened(browser, page, 1200, scheme)
        shown.emulate_media(media="print", color_scheme=scheme)
        papers.append(shown.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert shown.evaluate(PALE_TEXTS)[1] == []
        shown.context.close()
    assert papers == ["rgb(255, 255, 255)"] * 2


def test_the_keyboard_goes_through_a_page_as_it_is_read(browser: Any, page: Path) -> None:
    """From above to below, and never into what is hidden."""
    shown = opened(browser, page, 1200, "light")
    heights, names = [], []
    for _ in range(12):
        shown.keyboard.press("Tab")
        top, name = shown.evaluate(
            "(() => { const one = document.activeElement; const box = one.getBoundingClientRect();"
            "return [box.height ? box.top + scrollY : -1, one.tagName]; })()"
        )
        if name == "BODY":
            break
        heights.append(top)
        names.append(name)
    assert len(names) > 4 and min(heights) >= 0
    assert all(np.diff(heights) > -60), list(zip(names, heights, strict=True))
    shown.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_ends_a_cell_takes_the_colours_of_the_page_around_it(browser: Any, tmp_path: Path, scheme: str) -> None:
    model = sim.GovernanceModel({"district.estates": 9, "run.warmup": 4, "run.weeks": 9}, rng=3)
    model.run(weeks=4)
    things = [
        model.scenario,
        model.district,
        model,
        model.residents,
        model.residents[0],
        model.firms[0],
        model.disputes,
    ]
    body = "".join(
        f"<section>{sim.show(thing, lang)._repr_html_()}</section>" for thing in things for lang in LANGUAGES
    )
    page = tmp_path / "cells.html"
    around = ":root { color-scheme: light dark } body { background: Canvas; color: CanvasText }"
    page.write_text(f'<meta charset="utf-8"><style>{around}</style><body>{body}</body>', encoding="utf-8")
    shown = opened(browser, page, 1200, scheme)
    shown.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    seen, pale = shown.evaluate(PALE_TEXTS)
    assert seen > 100 and pale == []
    ground = shown.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (min(map(int, re.findall(r"\d+", ground)[:3])) > 128) == (scheme == "light")
    shown.context.close()
