"""A page: what was found as its title, parts below it, a key to their marks, and a note.

Matplotlib lays out the parts with their labels, and the key.  Here is what it has not got: titles, notes and labels are
broken into lines that have room, and the page becomes as high as its parts need it to be.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from experiments.figures import style
from experiments.figures.entry import Entry, draw_key
from experiments.figures.line_breaks import balance, text_width, wrap
from experiments.reporting.document import Text, text_of
from experiments.reporting.numbers import tick

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

#: Width of the text on A4 with margins of 15 mm, in inches, so that 8 points stay 8 points in print.
WIDTH = 7.1

TITLE, SUBTITLE, NOTE, HEAD, UNDER, LABEL = 11.0, 8.5, 7.0, 8.5, 7.0, 8.0
"""Sizes of texts in points: of a page's, then of a part's heading, what stands below it, and along its axes."""
LEADING = 1.32 / 72
"""Inches from line to line of a text for each point of its size."""
SPACING = 1.2
"""From line to line of a label, in its size: by default matplotlib takes what the font says, which is too little of
ours."""

LEAN = 55
"""Degrees by which titles lean, where parts are narrower than these."""

Share = Literal["all", "row", "col", "none"]


@dataclass(frozen=True)
class Part(ABC):
    """A part of a page: what is drawn on one pair of axes.

    Its title may reach over parts at its right that have none; `under` stands below it, smaller.  `axis` and `up` say
    what its axes show: the one below it, and the one beside it.
    """

    title: Text = ""
    axis: Text = ""
    up: Text = field(default="", kw_only=True)
    under: Text = field(default="", kw_only=True)

    @property
    @abstractmethod
    def tall(self) -> float:
        """Height of its axes, in inches."""

    @abstractmethod
    def draw(self, axes: Axes, lang: str) -> None:
        """Draw it."""

    def aside(self, lang: str) -> float:
        """Return the inches at its right that its title may take as well."""
        return 0.0

    def fit(self, axes: Axes, width: float, lang: str) -> None:  # noqa: B027
        """Change what depends on the width of its axes, in inches."""

    def settle(self, axes: Axes) -> None:  # noqa: B027
        """Draw what depends on where everything stands."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A figure as data, its texts findings, so that it is drawn in any language.

    Attributes
    ----------
    parts
        What is drawn, line by line, so many `across`; None leaves room.
    axis
        Below all parts, where they share what their axes show.
    share
        Which parts have the same axis below them, and which beside them; the numbers stand at the outer ones.
    """

    title: Text
    parts: Sequence[Part | None]
    key: Sequence[Entry] = ()
    subtitle: Text = ""
    note: Text = ""
    axis: Text = ""
    across: int = 3
    share: tuple[Share, Share] = ("none", "none")

    def draw(self, lang: str = "en") -> Figure:
        """Draw it in a language, `en` or `zh`."""
        from matplotlib.figure import Figure
        from matplotlib.text import Text as Label

        across = max(1, min(len(self.parts), self.across))
        lines = [self.parts[start : start + across] for start in range(0, len(self.parts), across)]
        talls = [max(part.tall for part in line if part) for line in lines]
        with style.drawing(lang):
            figure = Figure(figsize=(WIDTH, sum(talls) + 0.9 * len(talls) + 1.0), layout="constrained")
            figure.get_layout_engine().set(w_pad=0.06 if across < 7 else 0.02, h_pad=0.03, wspace=0, hspace=0)  # type: ignore[union-attr, call-arg]
            frame: Any = figure.subfigures()
            draw_key(frame, self.key, lang, WIDTH)
            body = frame.subfigures()
            if self.axis:
                body.supxlabel(text_of(self.axis, lang), fontsize=LABEL)
            sharing: dict[str, Any] = dict(zip(("sharex", "sharey"), self.share, strict=True))
            grid = body.subplots(len(lines), across, squeeze=False, height_ratios=talls, **sharing)
            drawn: list[tuple[Axes, Part, int]] = []
            for row, line in zip(grid, lines, strict=True):
                for place, axes in enumerate(row):
                    part = line[place] if place < len(line) else None
                    if part is None:
                        axes.remove()
                        continue
                    part.draw(axes, lang)
                    drawn.append((axes, part, _free(line[place + 1 :]) if part.title else 0))
            self._lay_out(figure, drawn, sum(talls), lang)
            figure.set_label(text_of(self.title, lang))
            for label in figure.findobj(Label):  # so that it looks the same wherever it is drawn later
                label.set_fontfamily(style.families(lang))
            return figure

    def _lay_out(self, figure: Figure, drawn: Sequence[tuple[Axes, Part, int]], tall: float, lang: str) -> None:
        """Lay out three times: for the parts' widths, for the height that their labels need, and for good."""
        engine: Any = figure.get_layout_engine()
        above = [
            (balance(text_of(self.title, lang), TITLE, WIDTH - 0.1, lang, "bold"), TITLE, "bold", style.INK, 0.05),
            (_wrapped(self.subtitle, SUBTITLE, lang), SUBTITLE, "normal", style.MUTED, 0.10),
        ]
        below = _wrapped(self.note, NOTE, lang)
        top = 0.08 + sum(len(lines) * LEADING * size + gap for lines, size, _, _, gap in above if lines)
        foot = len(below) * LEADING * NOTE + 0.08
        engine.execute(figure)
        leaning = any(not free and _too_wide(part, _size(axes)[0], lang) for axes, part, free in drawn)
        for place, (axes, part, free) in enumerate(drawn):
            width = _size(axes)[0]
            part.fit(axes, width, lang)
            # A title that reaches over its neighbours stands above what stands above them.
            over = [(other, _size(beside)[0]) for beside, other, _ in drawn[place + 1 : place + 1 + free]]
            unders = [wrap(text_of(other.under, lang), UNDER, most, lang) for other, most in over if other.under]
            deep = max(map(len, unders), default=0)
            _label(axes, part, 0.0 if leaning else width + part.aside(lang) + free * (width + 0.3), deep, lang)
        engine.execute(figure)
        first = {round(axes.get_position().y0, 4): _size(axes)[1] for axes, _, _ in drawn}
        height = round(float(figure.get_figheight()) + tall - sum(first.values()) + top + foot, 4)
        figure.set_figheight(height)
        engine.set(rect=(0, foot / height, 1, (height - top - foot) / height))
        start = 0.08
        for lines, size, weight, colour, gap in [*above, (below, NOTE, "normal", style.MUTED, 0.0)]:
            start = height - foot + 0.02 if lines is below else start
            for number, line in enumerate(lines):
                base = 1 - (start + (number + 0.8) * LEADING * size) / height
                figure.text(0.05 / WIDTH, base, line, fontsize=size, fontweight=weight, color=colour)
            start += len(lines) * LEADING * size + gap * bool(lines)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        for axes, part, _ in drawn:
            # The solver's last digits differ from one process to the next, and a file must not.
            left, bottom, width, height = (round(side, 5) for side in axes.get_position(original=True).bounds)
            axes.set_position((left, bottom, width, height))
            part.settle(axes)


def _wrapped(text: Text, size: float, lang: str) -> list[str]:
    full = text_of(text, lang)
    return wrap(full, size, WIDTH - 0.1, lang) if full else []


def _free(parts: Sequence[Part | None]) -> int:
    """Count the parts that have no title, up to the first that has one."""
    return next((place for place, part in enumerate(parts) if part and part.title), len(parts))


def _size(axes: Axes) -> tuple[float, float]:
    """Return the width and the height of a part's axes, in inches."""
    box, dpi = axes.get_position(original=True).transformed(axes.figure.transSubfigure), axes.figure.dpi
    return round(box.width / dpi, 4), round(box.height / dpi, 4)


def _too_wide(part: Part, width: float, lang: str) -> bool:
    """Tell whether a part is narrower than a word of its title."""
    lines = wrap(text_of(part.title, lang), HEAD, width, lang, "bold")
    return max(text_width(line, HEAD, lang, "bold") for line in lines) > width + 0.1


def is_last(axes: Axes) -> bool:
    """Tell whether nothing stands at the right of axes."""
    place = axes.get_subplotspec()
    return place is not None and place.is_last_col()


def number_axis(axis: Axis, room: float, lang: str, form: str, most: int = 5, prune: Any = None) -> None:
    """Write as many numbers along an axis as so many inches have room for."""
    from matplotlib.axis import XAxis
    from matplotlib.ticker import MaxNLocator

    ends, choices = axis.get_view_interval(), []
    for parts in (most - 1, most, 3, 2):
        locator = MaxNLocator(parts, steps=[1, 2, 2.5, 5, 10], prune=prune)
        numbers = [tick(value, form) for value in locator.tick_values(*ends) if min(ends) <= value <= max(ends)]
        sizes = [text_width(text, 7.5, lang) if isinstance(axis, XAxis) else 0.14 for text in numbers]
        if len(numbers) <= most and max(sizes, default=0.0) < room / max(len(numbers), 1) - 0.04:
            choices.append((len(numbers), locator))
    # Two numbers tell less of a scale than three.
    locator = next((ticks for count, ticks in choices if count > 2), choices[0][1] if choices else locator)
    axis.set_major_locator(locator)
    axis.set_major_formatter(lambda value, _place: tick(value, form))


def _label(axes: Axes, part: Part, room: float, deep: int, lang: str) -> None:
    """Write what stands above a part and along its axes; a title leans where it has no room.

    What is below the title takes so many lines, at least.
    """
    width, height = _size(axes)
    for text, set_label, most in ((part.axis, axes.set_xlabel, width + 0.1), (part.up, axes.set_ylabel, height + 0.1)):
        if text:
            set_label("\n".join(wrap(text_of(text, lang), LABEL, most, lang)), labelpad=2, linespacing=SPACING)
    below: Any = "axes fraction"
    look: dict[str, Any] = {"textcoords": "offset points", "va": "bottom"}
    title, under = text_of(part.title, lang), text_of(part.under, lang)
    if title and not room:
        lean: dict[str, Any] = {"rotation": LEAN, "rotation_mode": "anchor", "fontsize": UNDER + 0.5, "xycoords": below}
        axes.annotate(title, (0.5, 1), (0, 4), in_layout=is_last(axes), **lean, **look)
        high = text_width(title, UNDER + 0.5, lang) * math.sin(math.radians(LEAN)) * 72 + 8
        axes.annotate(" ", (0, 1), (0, high), xycoords=below, **(look | {"va": "top"}))
        return
    for text, size, weight, most in ((under, UNDER, "normal", width), (title, HEAD, "bold", room)):
        if text:
            lines = wrap(text, size, most, lang, weight)
            colour = style.INK if weight == "bold" else style.MUTED
            written: dict[str, Any] = {"fontsize": size, "fontweight": weight, "linespacing": SPACING, "color": colour}
            axes.annotate("\n".join(lines), (0, 1), (0, 3), xycoords=below, in_layout=False, **written, **look)
            # As high, and not as wide: a title that reaches over other parts makes no room beside its own.
            blank = "\n".join(" " for _ in range(max(len(lines), deep if text is under else 0)))
            below = axes.annotate(blank, (0, 1), (0, 3), xycoords=below, **written, **look)
