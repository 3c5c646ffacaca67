"""Pages of parts with two axes: marks where the numbers are, axes as high as they are to be, texts with room."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.legend import Legend
from matplotlib.text import Annotation

from experiments.figures.entry import Entry
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row, bulk
from experiments.figures.page import WIDTH, Page
from experiments.figures.planes import Plane, Scale, Series
from tests.support.drawn_axes import bars, marks
from tests.support.drawn_texts import unreadable

FALL = Series([1.0, 2.0], [3.0, 4.0], Entry("falls", marker="o"), ([0.5, 1.5], [1.5, 2.5]), ([2.0, 3.0], [5.0, 6.0]))
EMPTY = Series([], [], Entry("rises", marker="^"))
PLANE = Plane("A title", "weeks", up="cases", series=[FALL, EMPTY], high=1.7)


def test_marks_and_intervals_stand_where_the_numbers_are() -> None:
    (axes,) = Page(title="One", parts=[PLANE]).draw().axes
    assert marks(axes) == [(1.0, 3.0), (2.0, 4.0)]
    found = [(tuple(map(float, x)), tuple(map(float, y))) for x, y in bars(axes)]
    assert ((1.0, 1.0), (2.0, 5.0)) in found and ((1.5, 2.5), (4.0, 4.0)) in found


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_axes_are_as_high_as_they_are_to_be_whatever_stands_around_them(lang: str) -> None:
    long = "A title of so many words that it needs some lines above a part of a third of the page"
    parts = [replace(PLANE, title=long, axis=long), PLANE, replace(PLANE, under="under"), replace(PLANE, high=0.8)]
    figure = Page(title=long, subtitle=long, note=long, parts=parts, key=[FALL.look] * 9).draw(lang)
    heights = [axes.get_window_extent().height / figure.dpi for axes in figure.axes]
    assert heights == pytest.approx([1.7, 1.7, 1.7, 0.8], abs=0.02)
    assert figure.get_figwidth() == WIDTH and not unreadable(figure)


def test_a_key_has_as_many_columns_as_the_page_has_room_for() -> None:
    for label, most in (("short", 6), ("a label that is long, as some are, and a bit longer", 2)):
        figure = Page(title="One", parts=[PLANE], key=[Entry(label, marker="o")] * 6).draw()
        (key,) = figure.findobj(Legend)
        assert key._ncols == most and key.get_window_extent().width / figure.dpi <= WIDTH  # type: ignore[attr-defined]


def test_a_title_reaches_over_parts_that_have_none() -> None:
    long = "A heading that is longer than a third of the page has room for"
    alone = Page(title="One", parts=[replace(PLANE, title=long)] * 3).draw()
    over = Page(title="One", parts=[replace(PLANE, title=long if not place else "") for place in range(3)]).draw()
    lines = [
        [text.get_text().count("\n") for text in figure.findobj(Annotation) if text.get_text().strip()]
        for figure in (alone, over)
    ]
    assert lines[0] == [1, 1, 1] and lines[1] == [0]
    assert len({round(axes.get_position().width, 3) for axes in over.axes}) == 1


def test_titles_lean_where_parts_are_narrower_than_a_word() -> None:
    figure = Page(title="One", parts=[replace(PLANE, title="heterogeneity", up="")] * 12, across=12).draw()
    leaning = [text for text in figure.findobj(Annotation) if text.get_rotation()]
    assert len(leaning) == 12
    page = figure.bbox
    boxes = [text.get_window_extent() for text in leaning]
    assert all(box.x1 <= page.x1 and box.y1 <= page.y1 for box in boxes)


def test_numbers_stand_beside_marks_and_not_on_each_other() -> None:
    near = [Series(x, 0.0, Entry(marker="o"), numbers=[str(number)]) for number, x in enumerate(np.linspace(0, 0.2, 6))]
    far = Series(9.0, 1.0, Entry(marker="o"), numbers=["9"])
    figure = Page(title="One", parts=[Plane(series=[*near, far])]).draw()
    assert sorted(text.get_text() for text in figure.axes[0].texts if text.get_text().isdigit()) == list("0123459")
    assert not unreadable(figure)


def test_levels_have_ticks_as_far_as_there_is_room() -> None:
    names = {float(place): f"a level with a name {place}" for place in range(12)}
    figure = Page(title="One", parts=[Plane(x=Scale((-0.5, 11.5), names))] * 2).draw()
    assert 1 < len(figure.axes[0].get_xticks()) < 12 and not unreadable(figure)


def test_what_a_user_names_is_no_formula() -> None:
    figure = Page(title="$a$", parts=[replace(PLANE, title="$b$")], key=[Entry("$c$", marker="o")], note="$d$").draw()
    figure.draw_without_rendering()
    assert all(not text.get_parse_math() for text in figure.findobj(Annotation))
    assert [text.get_text() for key in figure.findobj(Legend) for text in key.get_texts()] == ["$c$"]


def test_arrows_are_named_below_a_figure_that_has_some_and_no_other() -> None:
    for span, named in (((0.0, 2.5), True), ((0.0, 9.0), False)):
        panel = Panel("", "years", [[Point(1.0, 2.0, 3.0)]], span=span)
        figure = IntervalRows("One", [Row("a")], [panel], note="Bars: intervals.").draw()
        assert any("An arrow points" in text.get_text() for text in figure.texts) == named


def test_an_axis_shows_the_bulk_and_the_margin() -> None:
    points = [[Point(low, low + 1.0, low + 2.0)] for low in (-3.0, 1.0, 2.0, 4.0, 900.0)]
    low, high = bulk(points, 2.0)
    assert low < -3.0 and 6.0 < high < 100.0
    low, high = bulk([[Point(-0.1, 0.0, 0.1)]], 2.0)
    assert low < -2.0 and high > 2.0
