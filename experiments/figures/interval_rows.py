"""Rows of points with intervals: a label, and in each panel one mark or several, with their bars and a number.

`IntervalRows` is the figure as data, its texts findings, so that it is drawn in any language.

Examples
--------
>>> from experiments.figures.verdicts import verdict_entry
>>> change = Panel("Conflicts", "change, %", [[Point(-4.1, -3.0, -1.9, verdict_entry("helps"))]], band=(-2, 2))
>>> figure = IntervalRows("Full coverage: conflicts fall by 3.0%", [Row("Full coverage")], [change]).draw("en")
>>> figure.axes[0].get_xlabel()
'change, %'
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from experiments.figures import style
from experiments.figures.legend import Entry, keyed_sheet
from experiments.figures.sheet import WIDTH, Sheet, text_width, wrap
from experiments.figures.verdicts import BAND
from experiments.reporting.document import Text, text_of
from experiments.reporting.numbers import tick

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["IntervalRows", "Panel", "Point", "Row"]

HEAD, FOOT, NUMBERS, LEADING = 0.42, 0.42, 0.42, 0.13
"""Inches above and below a panel, of the numbers beside it, and from line to line of a text."""
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
    look
        How mark and bar are drawn.
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
    def of(cls, ends: Iterable[float], look: Entry, scale: float = 1.0) -> Point:
        """Make a point of its low end, mean and high end, each times the scale."""
        low, mean, high = (scale * float(end) for end in ends)
        return cls(low, mean, high, look)


@dataclass(frozen=True)
class Row:
    """A row of all panels.

    Attributes
    ----------
    label
        What stands at its left; a long one goes on beside the rows below, where these have none.
    bold, muted
        How it is written.
    line
        Whether a line parts the row from what is above.
    head
        A heading of the rows below, without points: it may reach into the panels.
    beside
        Muted, in a column after the labels.
    """

    label: Text
    bold: bool = False
    line: bool = False
    muted: bool = False
    head: bool = False
    beside: Text = ""


@dataclass(frozen=True)
class Panel:
    """What is drawn beside the labels.

    Attributes
    ----------
    title, axis
        What stands above it, and below its axis.
    points
        Of each row; several are drawn one below the other.
    under
        Smaller, below the title.
    numbers
        Of each row, what is written at the right, and in which colour.
    unit
        Of the numbers.
    zero
        Whether a line marks zero.
    band
        What is shaded from top to bottom: within it nothing matters.
    guide
        Where a dotted line stands, that rows may be compared with.
    span
        Ends of the axis; what lies beyond has an arrow. By default all is shown.
    also
        Draws what else the panel holds, on axes whose rows lie between 0 and their number, downwards.
    """

    title: Text
    axis: Text
    points: Sequence[Sequence[Point]] = field(repr=False)
    under: Text = ""
    numbers: Sequence[tuple[str, str]] = ()
    unit: str = ""
    zero: bool = True
    band: Ends | None = None
    guide: float = math.nan
    span: Ends | None = None
    also: Callable[[Axes], None] | None = None


@dataclass(frozen=True)
class IntervalRows:
    """A figure of rows of points with intervals.

    Attributes
    ----------
    title, subtitle, note
        What was found, more of it, and what bars and marks are.
    rows, panels
        What is drawn.
    key
        What marks, lines and bands are.
    axis
        Below all panels, where they share what their axes show.
    across
        Panels in a line.
    size
        Of the rows' texts, in points.
    names
        Inches that labels may take before they are broken.
    """

    title: Text
    rows: Sequence[Row]
    panels: Sequence[Panel]
    key: Sequence[Entry] = ()
    subtitle: Text = ""
    note: Text = ""
    axis: Text = ""
    across: int = 3
    size: float = 8.0
    names: float = 2.3

    def draw(self, lang: str = "en") -> Figure:
        """Draw it in a language, `en` or `zh`."""
        with style.drawing(lang):
            return _Layout(self, lang).drawn()


class _Layout:
    """Where everything of a figure stands, in inches."""

    def __init__(self, figure: IntervalRows, lang: str) -> None:
        self.figure, self.lang, self.size = figure, lang, figure.size
        self.labels = [self._broken(place) for place in range(len(figure.rows))]
        most = max((len(points) for panel in figure.panels for points in panel.points), default=1)
        tall = max((len(lines) for place, lines in enumerate(self.labels) if not self._room_below(place)), default=1)
        self.row = max(PITCH * self.size + 0.11 * (max(most, 1) - 1), LEADING * tall + 0.01 * (tall > 1))
        widths = [
            text_width(line, self.size, lang, self._weight(row))
            for row, lines in zip(figure.rows, self.labels, strict=True)
            for line in lines
            if not row.head
        ]
        self.beside = max(widths, default=0.0) + 0.14
        texts = [text_width(text_of(row.beside, lang), self.size - 0.5, lang) for row in figure.rows]
        self.left = self.beside + (max(texts) + 0.14 if any(texts) else 0.0)
        self.across = min(len(figure.panels), figure.across)
        self.width = (WIDTH - self.left + 0.06) / self.across
        titles = [text_of(panel.title, lang) for panel in figure.panels]
        after = [(place + 1) % self.across and not following for place, following in enumerate([*titles[1:], "-"])]
        rooms = [self.width * (2 if free else 1) - 0.1 for free in after]  # beside it, a panel may have no title
        self.titles = [
            wrap(title, self.size + 1, room, lang, "bold") for title, room in zip(titles, rooms, strict=True)
        ]
        under = any(panel.under or panel.unit for panel in figure.panels)
        titled = any(panel.title for panel in figure.panels)
        above = HEAD - 0.15 * (not under) - 0.13 * (not titled)
        self.head = above + LEADING * (max(map(len, self.titles)) - 1)
        self.feet = [wrap(text_of(panel.axis, lang), 8, self.width - 0.04, lang) for panel in figure.panels]
        self.foot = FOOT + LEADING * (max(map(len, self.feet)) - 1)
        self.block = self.head + self.row * len(figure.rows) + self.foot

    def _weight(self, row: Row) -> str:
        return "bold" if row.bold or row.head else "normal"

    def _broken(self, place: int) -> list[str]:
        """Return a label's lines."""
        row = self.figure.rows[place]
        text = text_of(row.label, self.lang)
        return [text] if row.head else wrap(text, self.size, self.figure.names, self.lang, self._weight(row))

    def _room_below(self, place: int) -> bool:
        """Tell whether the rows below have no labels, as many as this one needs."""
        below = self.figure.rows[place + 1 : place + len(self.labels[place])]
        return len(below) == len(self.labels[place]) - 1 and not any(row.label for row in below)

    def drawn(self) -> Figure:
        figure, lines = self.figure, -(-len(self.figure.panels) // self.across)
        texts = (figure.title, figure.subtitle, figure.note)
        sheet = keyed_sheet(texts, lines * self.block, figure.key, self.lang)
        for place, panel in enumerate(figure.panels):
            line, column = divmod(place, self.across)
            top = line * self.block + self.head
            if not column:
                self._names(sheet, top)
            self._panel(sheet, place, panel, (self.left + column * self.width, top))
        if figure.axis:
            foot, text = lines * self.block - self.foot + 0.32, text_of(figure.axis, self.lang)
            sheet.text((self.left + WIDTH) / 2, foot, text, align="center")
        return sheet.finished()

    def _baseline(self, top: float, place: int) -> float:
        return top + (place + 0.5) * self.row + 0.005 * self.size

    def _names(self, sheet: Sheet, top: float) -> None:
        for place, (row, lines) in enumerate(zip(self.figure.rows, self.labels, strict=True)):
            below = self._room_below(place)
            step, lift = (self.row, 0.0) if below else (LEADING - 0.01, (LEADING - 0.01) / 2 * (len(lines) - 1))
            look: dict[str, Any] = {"weight": self._weight(row), "colour": style.MUTED if row.muted else style.INK}
            for number, line in enumerate(lines):
                sheet.text(0.05, self._baseline(top, place) - lift + step * number, line, size=self.size, **look)
            beside = text_of(row.beside, self.lang)
            if beside:
                base = self._baseline(top, place)
                sheet.text(self.beside, base, beside, size=self.size - 0.5, colour=style.MUTED)

    def _panel(self, sheet: Sheet, place: int, panel: Panel, corner: tuple[float, float]) -> None:
        (left, top), right = corner, corner[0] + self.width - 0.12
        axes = sheet.axes(
            left, top, self.width - (NUMBERS if panel.numbers else 0.12) - 0.1, self.row * len(self.labels)
        )
        self._ground(axes, panel)
        for step, points in enumerate(panel.points):
            for number, point in enumerate(points):
                shift = APART * (number - (len(points) - 1) / 2) + 0.02 if len(points) > 1 else 0.0
                _mark(axes, step + 0.5 + shift, point, panel.span or ENDLESS)
        if panel.also:
            panel.also(axes)
        self._ticks(axes)
        axes.set_xlabel("\n".join(self.feet[place]), labelpad=2)
        for step, (text, colour) in enumerate(panel.numbers):
            base = self._baseline(top, step) - 0.005
            if text:
                sheet.text(right, base, text, size=self.size - 0.5, align="right", colour=colour)
        titles = self.titles[place]
        below = top - (0.1 if panel.under or panel.unit else 0.12)
        head = top - (0.25 if any(item.under or item.unit for item in self.figure.panels) else 0.1)
        for step, line in enumerate(reversed(titles)):
            sheet.text(left, head - LEADING * step, line, size=self.size + 1, weight="bold")
        if panel.under:
            sheet.text(left, below, text_of(panel.under, self.lang), size=7, colour=style.MUTED)
        if panel.unit:
            sheet.text(right, below, panel.unit, size=7.5, align="right", colour=style.MUTED)

    def _ticks(self, axes: Axes) -> None:
        """Write as many numbers below an axis as there is room for, at most five."""
        from matplotlib.ticker import MaxNLocator

        ends = axes.get_xlim()
        form = "+,.10g" if ends[0] < 0.0 else ",.10g"
        choices = []
        for parts in (4, 5, 3, 2):
            locator = MaxNLocator(parts, steps=[1, 2, 2.5, 5, 10], prune="both" if self.across > 3 else None)
            numbers = [tick(value, form) for value in locator.tick_values(*ends) if ends[0] <= value <= ends[1]]
            room = axes.get_position().width * WIDTH / max(len(numbers), 1)
            if (
                len(numbers) < 6
                and max((text_width(text, 7.5, self.lang) for text in numbers), default=0.0) < room - 0.04
            ):
                choices.append((len(numbers), locator))
        # Two numbers tell less of a scale than three.
        locator = next((ticks for count, ticks in choices if count > 2), choices[0][1] if choices else locator)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(lambda value, _place: tick(value, form))

    def _ground(self, axes: Axes, panel: Panel) -> None:
        """Draw what stands behind the points."""
        axes.set_ylim(len(self.labels), 0)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        if panel.span:
            axes.set_xlim(*panel.span)
        if panel.band:
            axes.axvspan(*panel.band, color=BAND, lw=0, zorder=0)
        if panel.zero:
            axes.axvline(0.0, color=style.INK, lw=0.8, zorder=1)
        if math.isfinite(panel.guide):
            axes.axvline(panel.guide, color=style.MUTED, lw=0.8, ls=":", zorder=1)
        for step, row in enumerate(self.figure.rows):
            if row.head:
                axes.axhspan(step, step + 0.95, color="white", lw=0, zorder=1.5)
                axes.axhline(step + 0.95, color=style.PALE, lw=0.6, zorder=1)
            elif row.line:
                axes.axhline(step, color=style.PALE, lw=0.6, zorder=0)


def _mark(axes: Axes, at: float, point: Point, span: Ends) -> None:
    """Draw a mean with its interval, and an arrow where it or one of its ends lies beyond the axis."""
    if point.text:
        _text(axes, at, point)
    if not math.isfinite(point.mean):
        return
    if point.bar:
        fill: dict[str, Any] = {
            "facecolor": "white" if point.bar.hollow else point.bar.colour,
            "edgecolor": point.bar.colour,
        }
        fill |= {"hatch": point.bar.hatch, "linewidth": 0.8, "alpha": point.bar.alpha}
        axes.barh(at, point.mean, height=0.85 * APART, zorder=2, **fill)
    bars = [(ends, look) for ends, look in (((point.low, point.high), point.look), (point.wide, point.wide_look))]
    bars = [(ends, look) for ends, look in bars if all(map(math.isfinite, ends))]
    for ends, look in bars:
        axes.plot([max(span[0], min(span[1], end)) for end in ends], [at, at], zorder=3, **look.line)
    if point.look.marker and span[0] <= point.mean <= span[1]:
        axes.plot(point.mean, at, zorder=4, clip_on=False, **point.look.mark)
    reach = (span[1] - span[0]) * 0.012
    for marker, place, beyond in (
        ("<", span[0] + reach, lambda end: end < span[0]),
        (">", span[1] - reach, lambda end: end > span[1]),
    ):
        styles = [look for ends, look in bars if any(map(beyond, ends))] or [point.look] * beyond(point.mean)
        if styles:
            size = max(4.5, 2.0 * styles[0].width)
            axes.plot(place, at, marker, clip_on=False, color=styles[0].colour, ms=size, mew=0, ls="none", zorder=5)


def _text(axes: Axes, at: float, point: Point) -> None:
    ends = [end for end in (0.0, point.low, point.mean, point.high) if math.isfinite(end)]
    right = not point.mean < 0.0
    axes.annotate(
        point.text,
        (max(ends) if right else min(ends), at),
        (3 if right else -3, 0),
        textcoords="offset points",
        fontsize=6.5,
        va="center",
        ha="left" if right else "right",
        color=style.MUTED if point.look.alpha < 1.0 else style.INK,
    )
