"""How a thing is drawn, and the key below a figure: entries in lines of the page's width, each after the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from experiments.figures import style
from experiments.figures.sheet import WIDTH, Sheet, text_width
from experiments.reporting.document import Text, text_of

__all__ = ["Entry", "draw_key", "key_height", "keyed_sheet"]

LINE = 0.19
SIZE = 7.5


@dataclass(frozen=True, slots=True)
class Entry:
    """A line with a mark on it, or a band (`band`), and what it stands for: as it is drawn and as the key names it.

    Attributes
    ----------
    hatch
        Of the band, as bars of the figure have it.
    fresh
        Begins a new line of the key.
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
    fresh: bool = False
    alpha: float = 1.0

    @property
    def indent(self) -> float:
        """Inches of the key that line, mark or band take before the label; nothing, where there are none."""
        return 0.31 if self.marker or self.width or self.band else 0.0

    @property
    def line(self) -> dict[str, Any]:
        """How matplotlib draws its line."""
        caps = {"solid_capstyle": "butt", "dash_capstyle": "butt"}
        return {"color": self.colour, "lw": self.width, "ls": self.dashes, "alpha": self.alpha, **caps}

    @property
    def mark(self) -> dict[str, Any]:
        """How matplotlib draws its mark."""
        fill = "white" if self.hollow else self.colour
        return {"marker": self.marker, "ms": self.size, "mfc": fill, "mec": self.colour, "mew": 1.0, "ls": "none"}


def _lines(entries: Sequence[Entry], lang: str) -> list[list[tuple[float, Entry]]]:
    lines: list[list[tuple[float, Entry]]] = [[]]
    left = 0.05
    for entry in entries:
        width = entry.indent + text_width(text_of(entry.label, lang), SIZE, lang) + 0.2
        if lines[-1] and (entry.fresh or left + width - 0.2 > WIDTH):
            lines.append([])
            left = 0.05
        lines[-1].append((left, entry))
        left += width
    return lines


def key_height(entries: Sequence[Entry], lang: str) -> float:
    """Return the height that the entries take, in inches."""
    return LINE * len(_lines(entries, lang)) + 0.04 if entries else 0.0


def draw_key(sheet: Sheet, entries: Sequence[Entry], top: float) -> None:
    """Draw the entries, from `top` inches below the body's top."""
    from matplotlib.patches import Rectangle

    if not entries:
        return
    height = key_height(entries, sheet.lang)
    axes = sheet.axes(0, top, WIDTH, height)
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    for place, line in enumerate(_lines(entries, sheet.lang)):
        y = LINE * (place + 0.5)
        for left, entry in line:
            if entry.band:
                fill, edge = ("white", entry.colour) if entry.hollow else (entry.colour, "white")
                look: dict[str, Any] = {"hatch": entry.hatch, "lw": 0.8 * entry.hollow}
                axes.add_patch(Rectangle((left, y - 0.055), 0.25, 0.11, facecolor=fill, edgecolor=edge, **look))
            elif entry.width:
                axes.plot([left, left + 0.25], [y, y], **entry.line)
            if entry.marker:
                axes.plot(left + 0.125, y, **entry.mark)
            text = text_of(entry.label, sheet.lang)
            axes.text(left + entry.indent, y, text, fontsize=SIZE, va="center_baseline", parse_math=False)


def keyed_sheet(texts: tuple[Text, Text, Text], height: float, entries: Sequence[Entry], lang: str) -> Sheet:
    """Return a sheet with a key at its body's foot, below `height` inches; the texts are title, subtitle and note."""
    title, subtitle, note = (text_of(text, lang) for text in texts)
    sheet = Sheet(title, subtitle, note, height + key_height(entries, lang), lang)
    draw_key(sheet, entries, height)
    return sheet
