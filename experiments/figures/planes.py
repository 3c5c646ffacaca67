"""Parts whose two axes have numbers or levels: marks, lines, intervals, bands.

`Plane` is such a part as data: series of points, and what stands behind them.

Examples
--------
>>> rise = Series([1, 2], [3.0, 4.0], Entry("conflicts", marker="o"), along=([2.5, 3.5], [3.5, 4.5]), joined=True)
>>> figure = Page(title="Conflicts rise", parts=[Plane("District", "week", series=[rise])], key=[rise.look]).draw("en")
>>> figure.axes[0].get_xlabel()
'week'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.figures import style
from experiments.figures.entry import BAND, Entry
from experiments.figures.line_breaks import text_width
from experiments.figures.page import Page, Part, number_axis
from experiments.figures.tooltips import mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

__all__ = ["Page", "Plane", "Scale", "Series"]

Ends = tuple[float, float]
BESIDE = tuple(
    np.array([reach * across, reach * up])
    for reach in (7.5, 13.0)
    for across, up in ((-1, 1), (-1, -1), (1, 1), (1, -1), (0, 1.1), (0, -1.1), (1.2, 0), (-1.2, 0))
)
"""Where a number may stand beside its mark, in points."""


@dataclass(frozen=True)
class Series:
    """Points that are drawn alike.

    Attributes
    ----------
    look
        How marks, line and intervals are drawn; without a marker or a width these are not.
    across, along
        Low and high ends of their intervals, along x and along y; the latter are a band, if `shaded`.
    sizes
        Of the marks, relative to the look's.
    numbers
        What is written beside each mark, where there is room.
    says
        What each mark says when it is pointed at.
    order
        What has a higher one is drawn above.
    """

    x: ArrayLike
    y: ArrayLike
    look: Entry
    across: tuple[ArrayLike, ArrayLike] | None = None
    along: tuple[ArrayLike, ArrayLike] | None = None
    joined: bool = False
    shaded: bool = False
    sizes: ArrayLike | None = None
    numbers: Sequence[str] = ()
    says: Sequence[str] = ()
    order: float = 3.0

    def draw(self, axes: Axes) -> None:
        """Draw bands and intervals, the line, and the marks above them."""
        if not np.size(self.x):
            return
        look = self.look
        for x, y, text in zip(np.ravel(self.x), np.ravel(self.y), self.says, strict=False):
            mark(axes, float(x), float(y), text)
        thin: dict[str, Any] = {"color": look.colour, "lw": 0.9, "alpha": look.alpha, "zorder": self.order}
        if self.along and self.shaded:
            axes.fill_between(np.asarray(self.x), *self.along, color=look.colour, alpha=0.16, lw=0, zorder=2)
        elif self.along:
            axes.vlines(self.x, *self.along, **thin)
        if self.across:
            axes.hlines(self.y, *self.across, **thin)
        if self.joined:
            axes.plot(self.x, self.y, zorder=self.order, **look.line)
        if self.sizes is not None:
            area, fill = (look.size * np.asarray(self.sizes)) ** 2, "white" if look.hollow else look.colour
            edge: dict[str, Any] = {"edgecolors": look.edge or look.colour, "linewidths": 0.4, "clip_on": False}
            axes.scatter(self.x, self.y, s=area, marker=look.marker, color=fill, zorder=self.order + 1, **edge)
        elif look.marker:
            axes.plot(self.x, self.y, zorder=self.order + 1, clip_on=False, alpha=look.alpha, **look.mark)


@dataclass(frozen=True)
class Scale:
    """An axis, by default as long as the series reach; `floor` is the least that its lower end may be.

    Attributes
    ----------
    ticks
        Where ticks are, with their texts: as many as there is room for.  By default they are numbers.
    form, most
        How numbers are written, and at most how many.
    size
        Of these texts, in points.
    """

    span: Ends | None = None
    ticks: Mapping[float, str] | None = None
    form: str = ",.10g"
    most: int = 5
    size: float = 7.5
    floor: float = -np.inf


@dataclass(frozen=True)
class Plane(Part):
    """A part with two axes, so many inches `high`.

    Attributes
    ----------
    band
        What is shaded from left to right: within it nothing matters.
    zero, starts
        Whether a line marks zero of y, and where dotted lines stand from top to bottom.
    room
        Between the series and the ends of the axes, as a share of these.
    ground
        Draws what else stands behind the series.
    grid
        Whether pale lines stand at the ticks.
    """

    series: Sequence[Series] = field(default=(), repr=False)
    x: Scale = Scale()
    y: Scale = Scale()
    high: float = 1.5
    band: Ends | None = None
    zero: bool = False
    starts: Sequence[float] = ()
    room: Ends = (0.05, 0.08)
    ground: Callable[[Axes], None] | None = None
    grid: bool = False

    @property
    def tall(self) -> float:
        """Height of its axes, in inches."""
        return self.high

    def draw(self, axes: Axes, lang: str) -> None:
        """Draw it."""
        axes.margins(*self.room)
        if self.ground:
            self.ground(axes)
        if self.band:
            axes.axhspan(*self.band, color=BAND, lw=0, zorder=0)
        if self.zero:
            axes.axhline(0.0, color=style.INK, lw=0.8, zorder=1)
        for start in self.starts:
            axes.axvline(start, color=style.MUTED, lw=0.9, ls=":", zorder=1)
        if self.grid:
            axes.grid(color=style.PALE, linewidth=0.3)
            axes.set_axisbelow(True)
        for series in self.series:
            series.draw(axes)
        for axis, scale, limit in ((axes.xaxis, self.x, axes.set_xlim), (axes.yaxis, self.y, axes.set_ylim)):
            axis.set_tick_params(labelsize=scale.size)
            if scale.ticks is not None:
                axis.set_ticks(list(scale.ticks), list(scale.ticks.values()))
            if scale.span:
                limit(*scale.span)
            elif scale.floor > -np.inf:
                limit(max(scale.floor, axis.get_view_interval()[0]), None)

    def fit(self, axes: Axes, width: float, lang: str) -> None:
        """Write as many numbers and names of levels as there is room for."""
        for axis, scale, room in ((axes.xaxis, self.x, width), (axes.yaxis, self.y, self.high)):
            if scale.ticks is None:
                number_axis(axis, room, lang, scale.form, scale.most)
            elif axis is axes.xaxis:
                lines = [line for text in scale.ticks.values() for line in text.split("\n")]
                longest = max((text_width(line, scale.size, lang) for line in lines), default=0.0) + 0.06
                step = max(1, int(np.ceil(longest * len(scale.ticks) / room)))
                axis.set_ticks(list(scale.ticks)[::step], list(scale.ticks.values())[::step])

    def settle(self, axes: Axes) -> None:
        """Write each number beside its mark, on the first side that no mark and no other number takes."""
        from matplotlib.patheffects import withStroke

        numbered = [
            (number, x, y)
            for series in self.series
            for number, x, y in zip(series.numbers, np.atleast_1d(series.x), np.atleast_1d(series.y), strict=False)
        ]
        taken = [axes.transData.transform((x, y)) * 72 / axes.figure.dpi for _, x, y in numbered]
        look: dict[str, Any] = {"ha": "center", "va": "center", "textcoords": "offset points", "color": style.INK}
        look |= {"path_effects": [withStroke(linewidth=2, foreground="white")], "zorder": 9, "fontsize": 7}
        for place, (number, x, y) in enumerate(numbered):
            beside = np.array([*taken[:place], *taken[place + 1 :], (np.inf, np.inf)])
            room = [float(np.abs((taken[place] + side - beside) / (6.0, 7.0)).max(axis=1).min()) for side in BESIDE]
            side = BESIDE[next((number for number, gap in enumerate(room) if gap >= 1.0), int(np.argmax(room)))]
            taken.append(taken[place] + side)
            axes.annotate(number, (x, y), (side[0], side[1]), **look)
