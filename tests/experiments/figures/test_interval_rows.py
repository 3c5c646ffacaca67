"""Rows of points with intervals: what is drawn is what was given, in either language."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from matplotlib.axes import Axes

from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row, Series
from experiments.reporting.finding import Finding

UNKNOWN = math.nan
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
                [Point(-3.0, -2.0, -1.0, 0), Point(-1.0, 0.0, 1.0, 1)],
                [Point(UNKNOWN, 4.0, UNKNOWN)],
                [Point(UNKNOWN, UNKNOWN, UNKNOWN)],
            ],
            numbers=[("", False), ("−2", True), ("+4", False), ("–", False)],
            unit="%",
        ),
        *[Panel(f"No. {number}", "years", [[], [], [], [Point(1.0, 2.0, 3.0)]], zero=False) for number in (2, 3, 4)],
    ],
    series=[Series("first"), Series("second", "#D55E00", "^")],
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
    shown = [text.get_text() for text in figure.texts]
    assert not set(texts) - set(shown)
    assert panels(figure)[0].get_xlabel() == {"en": "change, %", "zh": "变化（%）"}[lang]


def test_panels_stand_three_in_a_line_and_a_single_series_has_no_key() -> None:
    figure = ROWS.draw()
    tops = [round(axes.get_position().y0, 6) for axes in panels(figure)]
    assert len(tops) == 4 and len(set(tops[:3])) == 1 and tops[3] < tops[0]
    keys = [axes for axes in figure.axes if not axes.axison]
    assert [text.get_text() for axes in keys for text in axes.texts] == ["first", "second"]
    alone = replace(ROWS, series=ROWS.series[:1], panels=ROWS.panels[1:])
    assert all(axes.axison for axes in alone.draw().axes)
