"""How a thing is drawn, and what the key calls it; each verdict has a mark and a colour of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.core.statistics.regions import BEYOND
from experiments.figures import style
from experiments.figures.line_breaks import text_width
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.document import Text, text_of

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import SubFigure

BAND: Final = "#ececec"
"""Colour of the band within which nothing matters."""
SIZE = 7.5
BESIDE = (2.4 + 0.6 + 1.6) * SIZE / 72
"""Inches of the key beside a label: line or mark, and the room before the label and after it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line with a mark on it, or a band, and what it stands for: as it is drawn and as the key names it.

    The marker is matplotlib's; a number between dollars is drawn as it is.  `edge` is the colour around a mark, by
    default its own.
    """

    label: Text = ""
    colour: str = style.BLUE
    marker: str = ""
    size: float = 4.6
    dashes: Any = "-"
    width: float = 1.1
    hollow: bool = False
    band: bool = False
    hatch: str = ""
    alpha: float = 1.0
    edge: str = ""

    @property
    def line(self) -> dict[str, Any]:
        """How matplotlib draws its line."""
        caps = {"solid_capstyle": "butt", "dash_capstyle": "butt"}
        return {"color": self.colour, "lw": self.width, "ls": self.dashes, "alpha": self.alpha, **caps}

    @property
    def mark(self) -> dict[str, Any]:
        """How matplotlib draws its mark."""
        fill = {"mfc": "white" if self.hollow else self.colour, "mec": self.edge or self.colour}
        width = 0.4 if self.edge else 0.0 if self.marker.startswith("$") else 1.0
        return {"marker": self.marker, "ms": self.size, **fill, "mew": width, "ls": "none"}

    @property
    def bar(self) -> dict[str, Any]:
        """How matplotlib draws its band or its bar; hollow, it is white inside."""
        fill, edge = ("white", self.colour) if self.hollow else (self.colour, "white" if self.band else self.colour)
        return {"facecolor": fill, "edgecolor": edge, "hatch": self.hatch, "lw": 0.8, "alpha": self.alpha}

    def handle(self) -> Artist:
        """Return what matplotlib shows in a key."""
        from matplotlib import rc_context
        from matplotlib.lines import Line2D
        from matplotlib.patches import Patch

        if self.band:
            return Patch(**self.bar)
        with rc_context({"text.parse_math": True}):  # else the dollars are drawn
            return Line2D([], [], **({**self.mark, **self.line} if self.width else self.mark))


def draw_key(figure: SubFigure, entries: Sequence[Entry], lang: str, width: float) -> None:
    """Draw the key below what a figure holds, in as many columns as a width in inches has room for."""
    labels = [text_of(entry.label, lang) for entry in entries]
    if not labels:
        return
    widths = [text_width(label, SIZE, lang) + BESIDE for label in labels]
    counts = range(2, len(labels) + 1)
    columns = max((count for count in counts if sum(map(max, np.array_split(widths, count))) < width), default=1)
    figure.legend([entry.handle() for entry in entries], labels, ncols=columns, loc="outside lower left")


def verdict_entry(verdict: str, size: float = 4.6, **changes: Any) -> Entry:
    """Return how a mean with its interval is drawn; the size is that of a circle, in points.

    Examples
    --------
    >>> verdict_entry("harms", hollow=True).marker
    'X'
    """
    marker, colour, scale = style.VERDICT_MARKS.get(verdict, style.VERDICT_MARKS["undecided"])
    return Entry("", colour, marker, size * scale, **changes)


def verdict_key(verdicts: Iterable[str], lang: str, size: float = 4.6, **changes: Any) -> list[Entry]:
    """Name the marks of the verdicts that a figure shows."""
    shown = set(verdicts)
    return [
        replace(verdict_entry(name, size, **changes), label=words.verdict(name, lang))
        for name in style.VERDICT_MARKS
        if name in shown
    ]


def band_entry(margin: float, lang: str) -> Entry:
    """Name the band within which nothing matters."""
    within = f"±{100 * margin:g}%"
    return Entry(gettext(lang, "equivalence band, {band}", band=within), BAND, band=True)


def ink_of(verdict: str) -> str:
    """Return the colour of a number: that of its verdict where it matters, else muted."""
    return style.VERDICT_MARKS[verdict][1] if verdict in BEYOND else style.MUTED
