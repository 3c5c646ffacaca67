"""What figures of studies share: the key of verdicts, and a mean with its interval in the colour of its verdict."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from experiments.core.margin import MARGIN
from experiments.figures import style
from experiments.figures.legend import Entry
from experiments.reporting import words
from experiments.reporting.catalogue import gettext

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["BAND", "draw_mark", "verdict_key"]

BAND: Final = "#ececec"
"""Colour of the band within which nothing matters."""


def verdict_key(verdicts: Collection[str], lang: str, margin: float = MARGIN) -> list[Entry]:
    """Return the key of the verdicts that a figure shows, and of its band."""
    shown = [
        Entry(words.verdict(name, lang), colour, marker, 4.6 * size)
        for name, (marker, colour, size) in style.VERDICT_MARKS.items()
        if name in verdicts
    ]
    within = f"±{100 * margin:g}%"
    band = gettext(lang, "equivalence band, {band}", band=within)
    return [*shown, Entry(band, BAND, band=True)]


def draw_mark(
    axes: Axes,
    at: float,
    ends: Sequence[float],
    verdict: str,
    size: float = 4.4,
    span: tuple[float, float] = (-math.inf, math.inf),
) -> None:
    """Draw a mean with its interval in a row, and an arrow where either leaves the axis.

    Parameters
    ----------
    at
        The row's middle.
    ends
        Low end, mean and high end.
    verdict
        By which mark and colour are chosen.
    size
        Of the mark, in points.
    span
        What the axis shows.
    """
    low, middle, high = ends
    if not math.isfinite(middle):
        return
    marker, colour, scale = style.VERDICT_MARKS.get(verdict, style.VERDICT_MARKS["undecided"])
    edge = {"markeredgewidth": 0.4, "markeredgecolor": "white"}
    if math.isfinite(low) and math.isfinite(high):
        cut = [max(span[0], min(span[1], end)) for end in (low, high)]
        axes.plot(cut, [at, at], color=colour, linewidth=1.1, zorder=2, solid_capstyle="butt")
    if span[0] <= middle <= span[1]:
        axes.plot(middle, at, marker, color=colour, markersize=size * scale, zorder=3, **edge)  # type: ignore[arg-type]
    first, last = span
    for place, arrow in ((first, "<"), (last, ">")):
        if any(end < first if place == first else end > last for end in ends):
            axes.plot(place, at, arrow, color=colour, markersize=4.0, markeredgewidth=0, zorder=4, clip_on=False)
