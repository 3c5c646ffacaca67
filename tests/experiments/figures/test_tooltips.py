"""What marks of a figure say: each where it was drawn, in the drawing and on the page, and nothing on paper."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments import ready
from experiments.figures import style
from experiments.figures.entry import Entry
from experiments.figures.estate_maps import EstateMap, Estates
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.figures.page import Page
from experiments.figures.tooltips import ATTRIBUTE, marks_in, marks_of, without_marks
from experiments.reporting.document import Document, write_document
from tests.support.browser import after_scripts
from tests.support.html_page import Page as HtmlPage

ESTATES = Estates(
    np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0, 1.0]), np.array([300.0, 90.0, 800.0]), ("a<b", "c", "d")
)


def forest() -> Any:
    points = [[Point(-4.1, -3.0, -1.9, Entry(marker="o"))], [Point(np.nan, np.nan, np.nan)], [Point(0.5, 1.0, 1.5)]]
    panel = Panel("Conflicts", "change, %", points, span=(-5.0, 0.5))
    return IntervalRows("Falls", [Row("Full"), Row("Own"), Row("   against hours")], [panel]).draw("en")


def district() -> Any:
    part = EstateMap("Map", estates=ESTATES, values=np.array([1.0, 2.5, np.nan]), measure="per week", span=(0.0, 3.0))
    return Page(title="Where", parts=[part]).draw("en")


def test_a_point_says_its_row_its_panel_its_mean_and_its_interval() -> None:
    figure = forest()
    texts = [text for *_, text in getattr(figure.axes[0], ATTRIBUTE)]
    assert texts == [
        "Full\nConflicts\nchange, %\n−3 [−4.1, −1.9]",
        "against hours\nConflicts\nchange, %\n+1 [+0.5, +1.5]",
    ]
    # What lies beyond the axis has an arrow there, and no mark of its own to point at.
    assert [mark.text for mark in marks_of(figure)] == texts[:1]


def test_an_estate_says_its_name_and_its_value() -> None:
    assert {mark.text for mark in marks_of(district())} == {"a<b: 1", "c: 2.5", "d: –"}


@pytest.mark.parametrize("draw", [forest, district])
def test_the_drawing_has_each_mark_where_it_was_drawn(draw: Any, tmp_path: Path) -> None:
    figure = draw()
    style.save(figure, tmp_path / "figure")
    drawing = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    axes, marks = figure.axes[0], marks_in(drawing)
    wide, high = figure.get_size_inches() * figure.dpi
    for x, y, _, text in getattr(axes, ATTRIBUTE):
        across, up = axes.transData.transform((x, y))
        for mark in (mark for mark in marks if mark.text == text):
            assert (mark.x * wide, (1.0 - mark.y) * high) == pytest.approx((across, up), abs=0.5)
    assert len(marks) + 1 == drawing.count("<title>") and without_marks(drawing).count("<title>") == 1
    assert "a<b" not in drawing


def test_a_figure_is_the_same_file_twice(tmp_path: Path) -> None:
    for name in ("a", "b"):
        style.save(forest(), tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def report(folder: Path) -> Path:
    style.save(district(), folder / "maps")
    document = Document(title="What if?", findings=["So."], figures=[(folder / "maps.png", "A map.")])
    return write_document(document, folder / "report.html")


def test_a_report_has_what_marks_say_beside_an_image_without_them(tmp_path: Path) -> None:
    source = report(tmp_path).read_text(encoding="utf-8")
    (held,) = re.findall(r'<script type="application/json" class="marks">(.*?)</script>', source)
    drawing = (tmp_path / "maps.svg").read_text(encoding="utf-8")
    assert [tuple(row) for row in json.loads(held)] == [tuple(mark) for mark in marks_in(drawing)]


@pytest.mark.slow
def test_the_mark_under_the_pointer_tells_its_text(tmp_path: Path) -> None:
    page = report(tmp_path)
    script = (
        "window.addEventListener('load', () => { const figure = document.querySelector('figure');"
        "const marks = JSON.parse(figure.querySelector('script.marks').textContent);"
        "const image = figure.querySelector('img'); const box = image.getBoundingClientRect();"
        "const tip = figure.querySelector('.tip'); const seen = [tip.hidden];"
        "marks.forEach(([x, y]) => { image.dispatchEvent(new PointerEvent('pointermove',"
        "{clientX: box.left + x * box.width, clientY: box.top + y * box.height})); seen.push(tip.textContent); });"
        "image.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'})); seen.push(tip.hidden);"
        "document.body.append(Object.assign(document.createElement('pre'),"
        "{id: 'probe', textContent: JSON.stringify([marks.map((mark) => mark[3]), seen])})); });"
    )
    match = re.search(r'<pre id="probe">(.*?)</pre>', after_scripts(page, script))
    assert match
    texts, seen = json.loads(html.unescape(match[1]))
    assert len(texts) == 3 and seen == [True, *texts, True]


@pytest.mark.parametrize(("drawn", "told"), [(True, "Falls"), (False, "Conflicts fall by a third")])
def test_what_stands_for_a_figure_says_what_was_found(drawn: bool, told: str, tmp_path: Path) -> None:
    """The figure's own title; of one that has none, the report's first finding."""
    style.save(forest(), tmp_path / "forest")
    if not drawn:
        (tmp_path / "forest.svg").unlink()
    document = Document("What if?", ["Conflicts fall by a third.", "And more."], [(tmp_path / "forest.png", "Bars.")])
    page = HtmlPage(write_document(document, tmp_path / "report.html").read_text(encoding="utf-8"))
    assert page.figures["forest"].alternative == f"{told}. Bars."


def test_a_notebook_says_what_stands_for_a_figure() -> None:
    result = ready.comparison()
    alternative = re.findall(r'<img alt="([^"]*)"', result._repr_html_())[0]
    assert html.unescape(alternative).endswith(f" {result.figure().get_label()}")
