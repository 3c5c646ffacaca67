"""Rows of points with intervals: a label, and in each panel one mark or several, with their bars.

`IntervalRows` is the figure as data, its texts findings, so that it is drawn in any language:
``figures = {"effects": IntervalRows(title, rows, panels, key).draw}``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from experiments.figures import style
from experiments.figures.legend import Entry, draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, text_width
from experiments.reporting.document import Text, text_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["IntervalRows", "Panel", "Point", "Row", "Series"]

HEAD, FOOT, NUMBERS, ACROSS = 0.4, 0.44, 0.42, 3
"""Inches above and below a panel, and of the numbers beside it; and panels in a line."""
APART: Final = 0.26
"""Part of a row between two series; together they stand a little below the middle, where labels are read."""


@dataclass(frozen=True)
class Series:
    """What is drawn alike in all rows, an entry of the key: its meaning, colour and marker."""

    label: Text
    colour: str = style.BLUE
    marker: str = "o"


@dataclass(frozen=True)
class Point:
    """A mean with its interval; without a finite interval a mark alone, without a finite mean nothing."""

    low: float
    mean: float
    high: float
    series: int = 0


@dataclass(frozen=True)
class Row:
    """A row of all panels.

    Attributes
    ----------
    label
        What stands at its left.
    bold
        As a heading of those below (no points), or as a total of those above.
    line
        Whether a line parts it from what is above.
    """

    label: Text
    bold: bool = False
    line: bool = False


@dataclass(frozen=True)
class Panel:
    """What is drawn beside the labels.

    Attributes
    ----------
    title, axis
        What stands above it, and below its axis.
    points
        Of each row; several are drawn one below the other, each in its series' place.
    under
        Smaller, below the title.
    numbers
        Of each row, what is written at the right, and whether in full ink.
    unit
        Of the numbers.
    zero
        Whether a line marks zero.
    """

    title: Text
    axis: Text
    points: Sequence[Sequence[Point]] = field(repr=False)
    under: Text = ""
    numbers: Sequence[tuple[str, bool]] = ()
    unit: str = ""
    zero: bool = True


@dataclass(frozen=True)
class IntervalRows:
    """A figure of rows of points with intervals.

    Attributes
    ----------
    title, subtitle, note
        What was found, more of it, and what bars and marks are.
    rows, panels
        What is drawn.
    series
        What marks are; the key, where there is more than one.
    """

    title: Text
    rows: Sequence[Row]
    panels: Sequence[Panel]
    series: Sequence[Series] = (Series(""),)
    subtitle: Text = ""
    note: Text = ""

    def draw(self, lang: str = "en") -> Figure:
        """Draw it in a language, `en` or `zh`."""
        row = 0.18 + 0.08 * len(self.series)
        lines = -(-len(self.panels) // ACROSS)
        each = HEAD + row * len(self.rows) + FOOT
        with style.drawing(lang):
            named = self.series if len(self.series) > 1 else ()
            entries = [Entry(text_of(series.label, lang), series.colour, series.marker) for series in named]
            height = lines * each + (key_height(entries, lang) if entries else 0.0)
            title, subtitle, note = (text_of(text, lang) for text in (self.title, self.subtitle, self.note))
            sheet = Sheet(title, subtitle, note, height, lang)
            labels = [text_of(item.label, lang) for item in self.rows]
            left = 0.05 + max(text_width(label, 8, lang, "bold") for label in labels) + 0.12
            width = (WIDTH - left) / min(len(self.panels), ACROSS)
            for place, panel in enumerate(self.panels):
                line, column = divmod(place, ACROSS)
                top = line * each
                if not column:
                    for step, (item, label) in enumerate(zip(self.rows, labels, strict=True)):
                        weight = "bold" if item.bold else "normal"
                        sheet.text(0.05, top + HEAD + (step + 0.5) * row + 0.04, label, weight=weight)
                self._panel(sheet, panel, (left + column * width, top, width), row)
            if entries:
                draw_key(sheet, entries, lines * each)
            return sheet.finished()

    def _panel(self, sheet: Sheet, panel: Panel, place: tuple[float, float, float], row: float) -> None:
        """Draw a panel; the place is left, top and width, the row its height."""
        lang, (left, top, width) = sheet.lang, place
        axes = sheet.axes(left, top + HEAD, width - NUMBERS * bool(panel.numbers) - 0.12, row * len(self.rows))
        axes.set_ylim(len(self.rows), 0)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        if panel.zero:
            axes.axvline(0.0, color=style.INK, linewidth=0.8, zorder=1)
        for step, item in enumerate(self.rows):
            if item.line:
                axes.axhline(step, color=style.PALE, linewidth=0.8, zorder=0)
        for step, points in enumerate(panel.points):
            for point in points:
                shift = APART * (point.series - (len(self.series) - 1) / 2) + 0.02 if len(points) > 1 else 0.0
                _mark(axes, step + 0.5 + shift, point, self.series[point.series])
        for step, (number, clear) in enumerate(panel.numbers):
            sheet.text(
                left + width - 0.12,
                top + HEAD + (step + 0.5) * row + 0.04,
                number,
                size=7.5,
                align="right",
                colour=style.INK if clear else style.MUTED,
            )
        sheet.text(left, top + 0.16, text_of(panel.title, lang), size=9, weight="bold")
        sheet.text(left, top + 0.31, text_of(panel.under, lang), size=7, colour=style.MUTED)
        if panel.unit:
            sheet.text(left + width - 0.12, top + 0.31, panel.unit, size=7.5, align="right", colour=style.MUTED)
        axes.set_xlabel(text_of(panel.axis, lang), labelpad=2)
        axes.locator_params(axis="x", nbins=4)


def _mark(axes: Axes, at: float, point: Point, series: Series) -> None:
    if not math.isfinite(point.mean):
        return
    if math.isfinite(point.low) and math.isfinite(point.high):
        ends = [point.low, point.high]
        axes.plot(ends, [at, at], color=series.colour, linewidth=1.1, zorder=2, solid_capstyle="butt")
    axes.plot(
        point.mean,
        at,
        series.marker,
        color=series.colour,
        markersize=4.8,
        markeredgewidth=0.4,
        markeredgecolor="white",
        zorder=3,
    )
