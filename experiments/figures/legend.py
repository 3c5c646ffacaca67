"""The key below a figure: entries in lines of the page's width, each after the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from experiments.figures.sheet import WIDTH, Sheet, text_width

__all__ = ["Entry", "draw_key", "key_height"]

LINE = 0.19
SIZE = 7.5


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: a line with a mark on it, or a band (`band`), and what it stands for.

    Attributes
    ----------
    hatch
        Of the band, as bars of the figure have it.
    fresh
        Begins a new line of the key.
    """

    label: str
    colour: str
    marker: str = ""
    size: float = 4.6
    dashes: Any = "-"
    width: float = 1.1
    hollow: bool = False
    band: bool = False
    hatch: str = ""
    fresh: bool = False


def _lines(entries: Sequence[Entry], lang: str) -> list[list[tuple[float, Entry]]]:
    lines: list[list[tuple[float, Entry]]] = [[]]
    left = 0.05
    for entry in entries:
        width = 0.31 + text_width(entry.label, SIZE, lang) + 0.2
        if lines[-1] and (entry.fresh or left + width - 0.2 > WIDTH):
            lines.append([])
            left = 0.05
        lines[-1].append((left, entry))
        left += width
    return lines


def key_height(entries: Sequence[Entry], lang: str) -> float:
    """Return the height that the entries take, in inches."""
    return LINE * len(_lines(entries, lang)) + 0.04


def draw_key(sheet: Sheet, entries: Sequence[Entry], top: float) -> None:
    """Draw the entries, from `top` inches below the body's top."""
    from matplotlib.patches import Rectangle

    height = key_height(entries, sheet.lang)
    axes = sheet.axes(0, top, WIDTH, height)
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    for place, line in enumerate(_lines(entries, sheet.lang)):
        y = LINE * (place + 0.5)
        for left, entry in line:
            if entry.band:
                axes.add_patch(
                    Rectangle(
                        (left, y - 0.055),
                        0.25,
                        0.11,
                        facecolor=entry.colour,
                        edgecolor="white",
                        hatch=entry.hatch,
                        lw=0,
                    )
                )
            elif entry.width:
                axes.plot(
                    [left, left + 0.25],
                    [y, y],
                    color=entry.colour,
                    lw=entry.width,
                    ls=entry.dashes,
                    solid_capstyle="butt",
                    dash_capstyle="butt",
                )
            if entry.marker:
                axes.plot(
                    left + 0.125,
                    y,
                    marker=entry.marker,
                    ms=entry.size,
                    mfc="white" if entry.hollow else entry.colour,
                    mec=entry.colour,
                    mew=1.0,
                    ls="none",
                )
            axes.text(left + 0.31, y, entry.label, fontsize=SIZE, va="center_baseline", parse_math=False)
