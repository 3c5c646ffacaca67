"""Rows of points with intervals: a label, and in each panel one mark or several, with their bars and a number.

`IntervalRows` is the figure as data, its texts findings, so that it is drawn in any language.

Examples
--------
>>> from experiments.figures.entry import verdict_entry
>>> change = Panel("Conflicts", "change, %", [[Point(-4.1, -3.0, -1.9, verdict_entry("helps"))]], band=(-2, 2))
>>> figure = IntervalRows("Full coverage: conflicts fall by 3.0%", [Row("Full coverage")], [change]).draw("en")
>>> figure.axes[0].get_xlabel()
'change, %'
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.figures import style
from experiments.figures.entry import BAND, Entry
from experiments.figures.line_breaks import text_width, wrap
from experiments.figures.page import Page, Part, is_last, number_axis
from experiments.figures.tooltips import mark
from experiments.reporting.catalogue import gap
from experiments.reporting.document import Text, text_of
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEADING: Final = 0.13
"""Inches from line to line of a label."""
PITCH: Final = 0.185 / 8
"""Inches of a row for each point of its text's size."""
APART: Final = 0.26
"""Part of a row between two of its points; together they stand a little below the middle, where labels are read."""
ENDLESS: Final = (-math.inf, math.inf)
Ends = tuple[float, float]


@dataclass(frozen=True)
class Point:
    """A mean with its interval; without a finite interval a mark only, without a finite mean nothing.

    Attributes
    ----------
    wide, wide_look
        A second line, and how it is drawn.
    bar
        Draws a bar from zero to the mean, in its colour and hatch; hollow, it is white inside.
    text
        At the point's end, away from zero.
    """

    low: float
    mean: float
    high: float
    look: Entry = Entry(marker="o")
    wide: Ends = (math.nan, math.nan)
    wide_look: Entry = Entry()
    bar: Entry | None = None
    text: str = ""

    @classmethod
    def of(cls, ends: Iterable[float], look: Entry, scale: float = 1.0, least: float = -math.inf) -> Point:
        """Make a point of its low end, mean and high end, each times the scale, and none below the `least`."""
        low, mean, high = (max(scale * float(end), least) for end in ends)
        return cls(low, mean, high, look)

    def bars(self) -> list[tuple[Ends, Entry]]:
        """Return the ends of the lines that are drawn, with their looks."""
        bars = [((self.low, self.high), self.look), (self.wide, self.wide_look)]
        return [(ends, look) for ends, look in bars if all(map(math.isfinite, ends))]

    def beyond(self, span: Ends) -> dict[str, Entry]:
        """Return the arrows that point to what lies beyond an axis, with the looks of that."""
        arrows: dict[str, Entry] = {}
        if math.isfinite(self.mean):
            for ends, look in [((self.mean, self.mean), self.look), *reversed(self.bars())]:
                arrows |= {"<": look} if min(ends) < span[0] else {}
                arrows |= {">": look} if max(ends) > span[1] else {}
        return arrows


@dataclass(frozen=True)
class Row:
    """A row of all panels, with `beside` it a muted text in a column after the labels.

    A long label goes on beside the rows below, where these have none.  A `line` parts the row from what is above.  A
    `head` is a heading of the rows below, without points: it may reach into the panels.
    """

    label: Text
    bold: bool = False
    line: bool = False
    muted: bool = False
    head: bool = False
    beside: Text = ""

    @property
    def weight(self) -> str:
        """Weight of its label."""
        return "bold" if self.bold or self.head else "normal"


class Rows:
    """The rows of all panels of a figure in a language, with the lines of their labels, and their height in inches."""

    def __init__(self, figure: IntervalRows, most: int, lang: str) -> None:
        self.rows, self.size, self.lang = figure.rows, figure.size, lang
        texts = [text_of(row.label, lang) for row in self.rows]
        self.labels = [
            [text] if row.head else wrap(text, self.size, figure.names, lang, row.weight)
            for row, text in zip(self.rows, texts, strict=True)
        ]
        tall = max((len(lines) for place, lines in enumerate(self.labels) if not self._goes_on(place)), default=1)
        self.pitch = max(PITCH * self.size + 0.11 * (most - 1), LEADING * tall + 0.01 * (tall > 1))

    def _goes_on(self, place: int) -> bool:
        """Tell whether the rows below have no labels, as many as a label needs."""
        lines = len(self.labels[place])
        below = self.rows[place + 1 : place + lines]
        return len(below) == lines - 1 and not any(row.label for row in below)

    def write(self, axes: Axes) -> None:
        """Write the labels beside an axis."""
        besides, small = [text_of(row.beside, self.lang) for row in self.rows], self.size - 0.5
        beside = max(text_width(text, small, self.lang) for text in besides) + 0.1 * any(besides)
        rows = list(zip(self.rows, self.labels, strict=True))
        lines = [(line, row.weight) for row, lines in rows if not row.head for line in lines]
        left = beside + 0.1 + max((text_width(text, self.size, self.lang, weight) for text, weight in lines), default=0)
        for place, (row, label) in enumerate(rows):
            on = self._goes_on(place)
            step, lift = (1.0, 0.0) if on else (LEADING / self.pitch, LEADING / self.pitch / 2 * (len(label) - 1))
            look: dict[str, Any] = {"fontweight": row.weight, "color": style.MUTED if row.muted else style.INK}
            for number, line in enumerate(label):
                at = place + 0.5 - lift + step * number
                _write(axes, at, line, 0.0, -left, fontsize=self.size, in_layout=not row.head, **look)
            _write(axes, place + 0.5, besides[place], 0.0, -beside, fontsize=small, color=style.MUTED)


def _write(axes: Axes, at: float, text: str, end: float, inches: float, **look: Any) -> None:
    """Write beside a row, so many inches from the left or the right end of its axis."""
    if text:
        place = {"textcoords": "offset points", "xycoords": axes.get_yaxis_transform(), "va": "center"}
        axes.annotate(text, (end, at), (72 * inches, 0 if at else 3), **{**place, **look})


@dataclass(frozen=True)
class Panel(Part):
    """What is drawn beside the labels.

    Attributes
    ----------
    points
        Of each row; several are drawn one below the other.
    numbers, unit
        Of each row, what is written at the right, and in which colour; their unit stands above them.
    band, banded
        What is shaded from top to bottom: within it nothing matters; and in which rows, where it is not in all: there a
        white line marks zero.
    guide
        Where a dotted line stands, that rows may be compared with.
    span
        Ends of the axis; what lies beyond has an arrow. By default all is shown.
    """

    points: Sequence[Sequence[Point]] = field(default=(), repr=False)
    numbers: Sequence[tuple[str, str]] = ()
    unit: str = field(default="", kw_only=True)
    zero: bool = True
    band: Ends | None = None
    guide: float = math.nan
    span: Ends | None = None
    banded: Sequence[bool] = ()
    scaled: bool = True
    rows: Any = field(default=None, kw_only=True, repr=False)
    first: bool = field(default=False, kw_only=True)

    @property
    def tall(self) -> float:
        """Height of its axes, in inches."""
        return float(self.rows.pitch * len(self.rows.rows))

    @property
    def cut(self) -> bool:
        """Whether anything lies beyond the axis and has an arrow."""
        return any(point.beyond(self.span or ENDLESS) for points in self.points for point in points)

    def aside(self, lang: str) -> float:
        """Return the inches that numbers take at its right."""
        return max((text_width(text, self.rows.size, lang) for text, _ in self.numbers), default=0.0) + 0.06

    def draw(self, axes: Axes, lang: str) -> None:
        """Draw the points of each row, and what stands beside and behind them."""
        if self.first:
            self.rows.write(axes)
            axes.set_zorder(1)  # a heading that reaches into the next panel lies above what is behind its points
        self._ground(axes)
        width = self.aside(lang)
        if self.unit:
            _write(axes, 0.0, self.unit, 1.0, width, fontsize=7.5, color=style.MUTED, ha="right", va="bottom")
        for place, points in enumerate(self.points):
            middle = place + 0.5 + 0.03 * (len(points) > 1)
            for step, point in enumerate(points):
                at = middle + APART * (step - (len(points) - 1) / 2)
                _mark(axes, at, point, self.span or ENDLESS)
                if math.isfinite(point.mean):
                    mark(axes, point.mean, at, self._says(place, point, lang))
            if self.numbers:
                text, colour = self.numbers[place]
                _write(axes, place + 0.5, text, 1.0, width, fontsize=self.rows.size, color=colour, ha="right")

    def _says(self, place: int, point: Point, lang: str) -> str:
        """Return what a point says when it is pointed at: its row, its panel, its mean and interval."""
        labels = [text_of(row.label, lang).strip() for row in self.rows.rows[place::-1]]
        label = next(filter(None, labels), "")
        mean, *ends = (short(value, signed=self.zero) for value in (point.mean, point.low, point.high))
        interval = "" if "–" in ends else f" [{', '.join(ends)}]"
        lines = (label, text_of(self.title, lang), text_of(self.axis, lang), f"{mean}{interval}")
        return "\n".join(filter(None, lines))

    def fit(self, axes: Axes, width: float, lang: str) -> None:
        """Write as many numbers below an axis as there is room for, at most five."""
        if self.scaled:
            form = "+,.10g" if axes.get_xlim()[0] < 0.0 else ",.10g"
            number_axis(axes.xaxis, width, lang, form, prune="both" if width < 1.0 else None)
        else:
            axes.set_xticks([])
            axes.spines["bottom"].set_visible(False)

    def _ground(self, axes: Axes) -> None:
        """Draw what stands behind the points."""
        axes.set_ylim(len(self.rows.rows), 0)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.patch.set_visible(False)  # a text may reach into it
        if self.span:
            axes.set_xlim(*self.span)
        if self.band and self.banded:
            rows = np.flatnonzero(self.banded)
            axes.barh(rows + 0.5, self.band[1] - self.band[0], 0.86, self.band[0], color=BAND, zorder=0)
            axes.vlines(0.0 * rows, rows + 0.07, rows + 0.93, color="white", lw=0.8, zorder=1)
        elif self.band:
            axes.axvspan(*self.band, color=BAND, lw=0, zorder=0)
        if self.zero:
            axes.axvline(0.0, color=style.INK, lw=0.8, zorder=1)
        if math.isfinite(self.guide):
            axes.axvline(self.guide, color=style.MUTED, lw=0.8, ls=":", zorder=1)
        for step, row in enumerate(self.rows.rows):
            if row.head:
                axes.axhspan(step, step + 0.95, color="white", lw=0, zorder=1.5)
                axes.axhline(step + 0.95, color=style.PALE, lw=0.6, zorder=1)
            elif row.line:
                axes.axhline(step, color=style.PALE, lw=0.6, zorder=0)


@dataclass(frozen=True)
class IntervalRows:
    """A figure of rows of points with intervals, on a page.

    Its `panels` are of these rows, or other parts.  `size` is that of the rows' texts, in points, and `names` the
    inches that labels may take before they are broken.
    """

    title: Text
    rows: Sequence[Row]
    panels: Sequence[Part]
    key: Sequence[Entry] = ()
    subtitle: Text = ""
    note: Text = ""
    axis: Text = ""
    across: int = 3
    size: float = 8.0
    names: float = 2.3

    def draw(self, lang: str = "en") -> Figure:
        """Draw it in a language, `en` or `zh`."""
        panels = [panel for panel in self.panels if isinstance(panel, Panel)]
        most = max([1, *(len(points) for panel in panels for points in panel.points)])
        with style.drawing(lang):
            rows = Rows(self, most, lang)
        parts = [
            replace(part, rows=rows, first=not place % self.across) if isinstance(part, Panel) else part
            for place, part in enumerate(self.panels)
        ]
        notes = [self.note, *[Finding("common.arrow")] * any(panel.cut for panel in panels)]
        note = gap(lang).join(text for text in (text_of(note, lang) for note in notes) if text)
        texts: dict[str, Any] = {"title": self.title, "subtitle": self.subtitle, "note": note, "axis": self.axis}
        return Page(parts=parts, key=self.key, across=self.across, **texts).draw(lang)


def bulk(points: Sequence[Sequence[Point]], margin: float) -> Ends:
    """Choose an axis that shows the bulk of the intervals and the margin; a lone far one gets an arrow."""
    bars = [end for row in points for point in row for ends, _ in point.bars() for end in ends]
    means = [point.mean for row in points for point in row if math.isfinite(point.mean)]
    ends, reach = np.array([*bars, *means, 0.0]), []
    for sizes in (-ends[ends < 0], ends[ends > 0]):
        largest, moved = float(sizes.max(initial=0.0)), sizes[sizes > margin]
        reach.append(min(largest, 5 * float(np.quantile(moved, 0.6))) if len(moved) else largest)
    least = max(1.6 * margin, 0.12 * max(reach)) or 1.0
    return -1.08 * max(reach[0], least), 1.08 * max(reach[1], least)


def _mark(axes: Axes, at: float, point: Point, span: Ends) -> None:
    """Draw a mean with its interval, and an arrow where it or one of its ends lies beyond the axis."""
    if point.text:
        _text(axes, at, point)
    if not math.isfinite(point.mean):
        return
    if point.bar:
        axes.barh(at, point.mean, height=0.85 * APART, zorder=2, **point.bar.bar)
    for ends, look in point.bars():
        axes.plot([max(span[0], min(span[1], end)) for end in ends], [at, at], zorder=3, **look.line)
    if point.look.marker and span[0] <= point.mean <= span[1]:
        axes.plot(point.mean, at, zorder=4, clip_on=False, in_layout=False, **point.look.mark)
    reach = (span[1] - span[0]) * 0.012
    for marker, look in point.beyond(span).items():
        size, place = max(4.5, 2.0 * look.width), span[0] + reach if marker == "<" else span[1] - reach
        arrow: dict[str, Any] = {"color": look.colour, "ms": size, "mew": 0, "ls": "none", "zorder": 5}
        axes.plot(place, at, marker, clip_on=False, in_layout=False, **arrow)


def _text(axes: Axes, at: float, point: Point) -> None:
    ends = [end for end in (0.0, point.low, point.mean, point.high) if math.isfinite(end)]
    far, shift, side = (min(ends), -3, "right") if point.mean < 0.0 else (max(ends), 3, "left")
    colour = style.MUTED if point.look.alpha < 1.0 else style.INK
    look: dict[str, Any] = {"textcoords": "offset points", "fontsize": 6.5, "ha": side, "va": "center", "color": colour}
    # Where it is not last, it may reach into the next panel.
    axes.annotate(point.text, (far, at), (shift, 0), in_layout=is_last(axes), **look)
