"""A sheet of paper to draw on: a finding as the title, a body measured in inches, and notes below.

Positions are inches from the body's top left corner, as on paper.  The sheet measures its texts before it
decides its height, so that nothing runs into anything whatever the sentence, the language or the font.
"""

from __future__ import annotations

import re
from contextlib import nullcontext
from functools import lru_cache
from typing import TYPE_CHECKING, TypedDict, Unpack
from unicodedata import category

from experiments.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from matplotlib.figure import Figure

__all__ = ["WIDTH", "Sheet", "text_width", "wrap"]

#: Width of the text on A4 with margins of 15 mm, in inches, so that 8 points stay 8 points in print.
WIDTH = 7.1

TITLE, SUBTITLE, NOTE = 11.0, 8.5, 7.0
STOPS, CLOSING = "\uff0c\uff1b\u3002\uff1a", "\u201d\u300d\uff09"
"""Chinese stops, and what may follow them in their line."""
SPACING = 1.2
"""From line to line of a label, in its size: by default matplotlib takes what the font says, which is too little of
ours."""
NO_BREAK_BEFORE, NO_BREAK_AFTER = set("%”…·)"), set("“([")
WIDE = 0x2E7F
"""Characters from here on are as wide as high."""


class Look(TypedDict, total=False):
    """How a line is written: its size in points, weight, colour, and which end of it stands at its place."""

    size: float
    weight: str
    colour: str
    align: str


@lru_cache(maxsize=1)
def _scales() -> tuple[Figure, RendererBase]:
    """What texts are measured on: a figure with nothing on it, and its renderer, made once."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(0.1, 0.1), dpi=200)
    return figure, FigureCanvasAgg(figure).get_renderer()


@lru_cache(maxsize=65536)
def _width(text: str, size: float, weight: str, family: tuple[str, ...]) -> float:
    with nullcontext() if style.held() else style.drawing("en"):
        from matplotlib.text import Text

        figure, renderer = _scales()
        label = Text(0, 0, text, fontsize=size, fontweight=weight, fontfamily=list(family), parse_math=False)
        label.set_figure(figure)
        return label.get_window_extent(renderer).width / 200


def text_width(text: str, size: float, lang: str, weight: str = "normal") -> float:
    """Return a text's width in inches."""
    return _width(text, size, weight, tuple(style.families(lang)))


def _pieces(text: str) -> list[str]:
    """Cut a text where a line may end: after spaces, and around Chinese characters, not before stops."""
    pieces: list[str] = []
    for character in text:
        wide = ord(character) > WIDE
        if not pieces:
            pieces.append(character)
            continue
        last = pieces[-1]
        wide_before = ord(last[-1]) > WIDE
        cut = last[-1] == " " or ((wide or wide_before) and character != " ")
        if cut and not _closes(character) and not _opens(last[-1]):
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def _closes(character: str) -> bool:
    """Whether no line may begin with a character: a stop or what closes a bracket."""
    return character in NO_BREAK_BEFORE or (ord(character) > WIDE and category(character) in ("Pe", "Po"))


def _opens(character: str) -> bool:
    """Whether no line may end with a character: what opens a bracket."""
    return character in NO_BREAK_AFTER or (ord(character) > WIDE and category(character) == "Ps")


def wrap(text: str, size: float, width: float, lang: str, weight: str = "normal") -> list[str]:
    """Break a text into lines that are at most `width` inches wide; a line feed always breaks.

    Examples
    --------
    >>> wrap("a finding", 8, 10, "en")
    ['a finding']
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line and text_width((line + piece).rstrip(), size, lang, weight) > width:
                lines.append(line.rstrip())
                line = piece
            else:
                line += piece
        lines.append(line.rstrip())
    return lines


def _by_clauses(text: str, size: float, width: float, lang: str, weight: str) -> list[str]:
    """Break a text after its Chinese stops alone; a clause may be too long for a line."""
    lines = [""]
    for clause in re.split(f"(?<=[{STOPS}])(?=[^{CLOSING}])", text):
        if lines[-1] and text_width(lines[-1] + clause, size, lang, weight) > width:
            lines.append(clause)
        else:
            lines[-1] += clause
    return lines


def balance(text: str, size: float, width: float, lang: str, weight: str) -> list[str]:
    """Break a title into as few lines as it needs, of about the same length, and Chinese after a stop if it can be."""
    lines = wrap(text, size, width, lang, weight)
    clauses = _by_clauses(text, size, width, lang, weight)
    if len(clauses) == len(lines) and all(text_width(line, size, lang, weight) <= width for line in clauses):
        return clauses if len(lines) > 1 and "\n" not in text else lines
    narrower = width
    while len(lines) > 1 and narrower > width / 2:
        narrower -= 0.15
        tried = wrap(text, size, narrower, lang, weight)
        if len(tried) > len(lines):
            break
        lines = tried
    return lines


class Sheet:
    """A figure with a title, a subtitle, a body of given height and a note.

    Parameters
    ----------
    title, subtitle, note
        Texts of any length; they are broken into lines.
    height
        The body's height in inches.
    """

    def __init__(self, title: str, subtitle: str, note: str, height: float, lang: str) -> None:
        from matplotlib.figure import Figure

        self.lang = lang
        blocks = []
        top = 0.08
        for text, size, weight, colour, gap in (
            (title, TITLE, "bold", style.INK, 0.05),
            (subtitle, SUBTITLE, "normal", style.MUTED, 0.10),
        ):
            if text:
                lines = (balance if weight == "bold" else wrap)(text, size, WIDTH - 0.1, lang, weight)
                blocks.append((top, lines, size, weight, colour))
                top += len(lines) * self._leading(size) + gap
        self.top = top
        notes = wrap(note, NOTE, WIDTH - 0.1, lang) if note else []
        foot = len(notes) * self._leading(NOTE) + 0.12
        self.height = top + height + foot
        self.figure: Figure = Figure(figsize=(WIDTH, self.height))
        if notes:
            blocks.append((top + height + 0.06, notes, NOTE, "normal", style.MUTED))
        for start, lines, size, weight, colour in blocks:
            for place, line in enumerate(lines):
                self.text(
                    0.05,
                    start - self.top + (place + 0.8) * self._leading(size),
                    line,
                    size=size,
                    weight=weight,
                    colour=colour,
                )

    @staticmethod
    def _leading(size: float) -> float:
        return size * 1.32 / 72

    def text(
        self,
        left: float,
        top: float,
        text: str,
        **look: Unpack[Look],
    ) -> None:
        """Write a line with its baseline `top` inches below the body's top, of 8 points unless its look says more."""
        self.figure.text(
            left / WIDTH,
            1 - (self.top + top) / self.height,
            text,
            fontsize=look.get("size", 8),
            fontweight=look.get("weight", "normal"),
            color=look.get("colour", style.INK),
            ha=look.get("align", "left"),
            va="baseline",
            parse_math=False,
        )

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Add axes; all four numbers are inches, `top` is measured downwards from the body's top."""
        return self.figure.add_axes(
            (left / WIDTH, 1 - (self.top + top + height) / self.height, width / WIDTH, height / self.height)
        )

    def finished(self) -> Figure:
        """Name the fonts on every text, so that the figure looks the same wherever it is drawn later."""
        from matplotlib.text import Text

        self.figure.draw_without_rendering()
        names = style.families(self.lang)
        for label in self.figure.findobj(Text):
            label.set_fontfamily(names)
            if "\n" in label.get_text():
                label.set_linespacing(SPACING)
        return self.figure
