"""Rows of points with intervals: what is drawn is what was given, in either language."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.text import Annotation, Text

from experiments.figures.entry import Entry, verdict_entry
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.figures.line_breaks import balance, text_width
from experiments.figures.page import Page
from experiments.figures.planes import Plane
from experiments.figures.style import INK, MUTED, drawing
from experiments.reporting.finding import Finding
from tests.support.drawn_texts import unreadable

UNKNOWN = math.nan
FIRST, SECOND = Entry("first", marker="o"), Entry("second", "#D55E00", "^")
ROWS = IntervalRows(
    title=Finding("common.arm", name="full", capital=True),
    subtitle="All of it",
    note=Finding("common.single_replicate"),
    rows=[
        Row("A group", bold=True),
        Row(Finding("common.part", name="mediation")),
        Row("mine"),
        Row("All", bold=True, line=True),
    ],
    panels=[
        Panel(
            Finding("common.noun", name="conflicts", capital=True),
            Finding("common.change", outcome="conflicts", per_cent=True),
            [
                [],
                [Point(-3.0, -2.0, -1.0, FIRST), Point(-1.0, 0.0, 1.0, SECOND)],
                [Point(UNKNOWN, 4.0, UNKNOWN)],
                [Point(UNKNOWN, UNKNOWN, UNKNOWN)],
            ],
            numbers=[("", INK), ("−2", INK), ("+4", MUTED), ("–", MUTED)],
            unit="%",
        ),
        *[Panel(f"No. {number}", "years", [[], [], [], [Point(1.0, 2.0, 3.0)]], zero=False) for number in (2, 3, 4)],
    ],
    key=[FIRST, SECOND],
)


def panels(figure: object) -> list[Axes]:
    return [axes for axes in figure.axes if axes.axison]  # type: ignore[attr-defined]


def test_points_stand_in_their_rows_with_their_intervals() -> None:
    first, second, *_ = panels(ROWS.draw())
    lines = [(list(map(float, line.get_xdata())), float(line.get_ydata()[0])) for line in first.lines]
    bars = {tuple(x): y for x, y in lines if len(x) == 2 and x != [0.0, 0.0] and x != [0.0, 1.0]}
    marks = {x[0]: y for x, y in lines if len(x) == 1}
    assert list(bars) == [(-3.0, -1.0), (-1.0, 1.0)] and list(marks) == [-2.0, 0.0, 4.0]
    assert 1 < marks[-2.0] < marks[0.0] < 2, "series of a row stand one below the other"
    assert bars[-3.0, -1.0] == marks[-2.0] and marks[4.0] == 2.5, "a single point stands in the middle"
    assert [0.0, 0.0] in [x for x, _ in lines], "a line marks zero"
    assert [0.0, 0.0] not in [list(line.get_xdata()) for line in second.lines]


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        ("en", ("Full coverage", "All of it", "Mediation", "Conflicts", "A group", "−2", "%", "No. 4")),
        ("zh", ("全覆盖", "All of it", "调解", "纠纷", "A group", "−2", "%", "No. 4")),
    ],
)
def test_texts_are_findings_or_names(lang: str, texts: tuple[str, ...]) -> None:
    figure = ROWS.draw(lang)
    shown = [text.get_text() for text in figure.findobj(Text)]
    assert not set(texts) - set(shown)
    assert panels(figure)[0].get_xlabel() == {"en": "change, %", "zh": "变化（%）"}[lang]


def test_panels_stand_three_in_a_line_and_no_entry_is_no_key() -> None:
    figure = ROWS.draw()
    tops = [round(axes.get_position().y0, 6) for axes in panels(figure)]
    assert len(tops) == 4 and len(set(tops[:3])) == 1 and tops[3] < tops[0]
    assert [text.get_text() for key in figure.findobj(Legend) for text in key.get_texts()] == ["first", "second"]
    assert not replace(ROWS, key=[]).draw().findobj(Legend)


def test_what_lies_beyond_the_axis_has_an_arrow_in_its_row_and_no_mark() -> None:
    far = replace(ROWS.panels[0], span=(-1.5, 3.0), band=(-0.5, 0.5), guide=1.0)
    (axes,) = panels(replace(ROWS, panels=[far]).draw())
    lines = [(line.get_marker(), float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in axes.lines]
    marks = {marker: (x, y) for marker, x, y in lines if marker != "None"}
    assert set(marks) == {"<", "^", ">"} and marks[">"][1] == 2.5, "-2 and 4 lie beyond, 0 does not"
    bars = [list(map(float, line.get_xdata())) for line in axes.lines if len(line.get_xdata()) == 2]
    assert [-1.5, -1.0] in bars, "a bar ends where the axis ends"
    assert axes.patches[0].get_extents().transformed(axes.transData.inverted()).intervalx == pytest.approx((-0.5, 0.5))


def test_long_labels_go_on_beside_empty_ones_or_make_rows_higher() -> None:
    long = "What a very long label of a row says, which has no room in the column"
    empty = [Row(long), Row(""), Row(""), Row("short")]
    full = [Row(long), Row("a"), Row("b"), Row("short")]
    low, high = (replace(ROWS, rows=rows, key=[], panels=ROWS.panels[1:2]).draw() for rows in (empty, full))
    for figure in (low, high):
        texts = [text.get_text() for text in figure.findobj(Annotation)]
        parts = [text for text in texts if len(text) > 1 and text in long]
        assert " ".join(parts) == long
    assert low.get_size_inches()[1] < high.get_size_inches()[1]


def test_numbers_below_a_narrow_axis_do_not_touch() -> None:
    wide = [[Point(0.0, 7000.0, 7000.0)]] * 4
    figure = replace(ROWS, panels=[replace(panel, points=wide, numbers=()) for panel in ROWS.panels]).draw()
    figure.draw_without_rendering()
    for axes in panels(figure):
        boxes = [label.get_window_extent() for label in axes.get_xticklabels() if label.get_text()]
        assert all(left.x1 < right.x0 for left, right in zip(boxes, boxes[1:], strict=False))


def test_bars_end_at_their_means_second_lines_at_their_ends_and_texts_beyond_both() -> None:
    bar = Entry(colour="#0072B2", hatch="///", hollow=True, band=True)
    point = Point(1.0, 2.0, 3.0, wide=(0.5, 4.0), wide_look=Entry(width=3.0), bar=bar, text="high")
    figure = IntervalRows("One", [Row("a"), Row("b")], [Panel("", "years", [[point], [Point(1, 2, 3)]])], key=[bar])
    drawn = figure.draw()
    (axes,), (key,) = drawn.axes, drawn.findobj(Legend)
    assert (
        axes.patches[0].get_width() == 2.0 and axes.patches[0].get_facecolor() == key.get_patches()[0].get_facecolor()
    )  # type: ignore[attr-defined]
    lines = [list(map(float, line.get_xdata())) for line in axes.lines]
    assert [1.0, 3.0] in lines and [0.5, 4.0] in lines
    text = next(text for text in axes.texts if text.get_text() == "high")
    assert text.get_text() == "high" and text.xy == (3.0, 0.5)  # type: ignore[attr-defined]


def test_numbers_below_an_axis_have_signs_where_some_lie_below_zero() -> None:
    for low, sign in ((-4.0, True), (0.5, False)):
        panel = Panel("", "years", [[Point(low, 3.0, 4.0)]], zero=False)
        figure = IntervalRows("One", [Row("a")], [panel]).draw()
        figure.draw_without_rendering()
        assert any("+" in label.get_text() for label in figure.axes[0].get_xticklabels()) == sign


@pytest.mark.parametrize(("low", "high"), [(-0.061, 0.044), (-8.0, 3.4), (-4.0, 36.0), (-109.0, 56.0)])
def test_an_axis_with_room_has_three_numbers_at_least(low: float, high: float) -> None:
    panel = Panel("", "years", [[Point(low, 0.0, high)]], span=(low, high))
    axes = IntervalRows("One", [Row("a")], [panel, panel]).draw().axes[0]
    shown = [tick for tick in axes.get_xticks() if low <= tick <= high]
    assert 3 <= len(shown) <= 5


def test_numbers_below_an_axis_have_commas_as_those_beside_it() -> None:
    panel = Panel("", "yuan", [[Point(-2000.0, 0.0, 5000.0)]])
    figure = IntervalRows("One", [Row("a")], [panel]).draw()
    figure.draw_without_rendering()
    assert "+2,000" in [label.get_text() for label in figure.axes[0].get_xticklabels()]


def test_an_arrow_has_the_colour_of_what_lies_beyond() -> None:
    far = Point(1.0, 2.0, 3.0, Entry(colour="#000000", marker="o"), (-9.0, 2.0), Entry(colour="#0072B2", width=3.0))
    (axes,) = panels(IntervalRows("One", [Row("a")], [Panel("", "years", [[far]], span=(0.0, 5.0))]).draw())
    (arrow,) = [line for line in axes.lines if line.get_marker() == "<"]
    assert arrow.get_color() == "#0072B2"


def test_lines_of_a_label_do_not_touch() -> None:
    for lang, text in (("en", "private.ends_neighbour\n(probability)"), ("zh", "未了纠纷\n（每千户每周）")):
        figure = Page(title="One", parts=[Plane(axis=text)]).draw(lang)
        with drawing(lang):
            figure.set_dpi(200)
            figure.draw_without_rendering()
        assert figure.axes[0].xaxis.label.get_window_extent().height / 200 * 72 > 2 * 8 * 1.1


def test_a_chinese_title_breaks_after_a_stop_where_that_takes_no_more_lines() -> None:
    title = "每周 110、220、330 工时内，最佳覆盖每周减少未了纠纷 3.2、6.1、7.8，优于把同等工时放在社区工作站"
    first, second = balance(title, 11, 7.0, "zh", "bold")
    assert first.endswith("，") and first + second == title
    unbroken = title.replace("，", "与") * 2
    lines = balance(unbroken, 11, 7.0, "zh", "bold")
    assert "".join(lines).replace(" ", "") == unbroken.replace(" ", "")
    assert all(text_width(line, 11, "zh", "bold") <= 7.0 for line in lines)


def test_a_title_over_its_neighbours_stands_above_what_stands_over_them() -> None:
    points = [[Point.of((-1.0, 0.0, 1.0), verdict_entry("helps"))]]
    titles = ("Full coverage", "", "The whole arrangement of all parts", "")
    unders = ("conflicts", "standing disputes that have been open for weeks") * 2
    panels = [Panel(title, "", points, under=under) for title, under in zip(titles, unders, strict=True)]
    figure = IntervalRows(title="Found", rows=[Row("a")], panels=panels, across=4, names=3).draw("en")
    assert not unreadable(figure)
