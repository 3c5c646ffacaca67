"""Breaks texts into lines that have room, Chinese as well, which matplotlib does not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import nullcontext
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import category

from experiments.figures import style

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.figure import Figure

STOPS, CLOSING = "\uff0c\uff1b\u3002\uff1a", "\u201d\u300d\uff09"
"""Chinese stops, and what may follow them in their line."""
NO_BREAK_BEFORE, NO_BREAK_AFTER = set("%”…·)"), set("“([")
WIDE = "\u2e7f"
"""Characters from here on are as wide as high."""


@cache
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
        label = Text(0, 0, text, fontsize=size, fontweight=weight, fontfamily=list(family))
        label.set_figure(figure)
        return label.get_window_extent(renderer).width / 200


def text_width(text: str, size: float, lang: str, weight: str = "normal") -> float:
    """Return a text's width in inches."""
    return _width(text, size, weight, tuple(style.families(lang)))


def _pieces(text: str) -> list[str]:
    """Cut a text where a line may end: after spaces, and around Chinese characters, not before stops."""
    pieces = list(text[:1])
    for before, character in pairwise(text):
        cut = before == " " or (max(before, character) > WIDE and character != " ")
        if cut and not _closes(character) and not _opens(before):
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def _closes(character: str) -> bool:
    """Whether no line may begin with a character: a stop or what closes a bracket."""
    return character in NO_BREAK_BEFORE or (character > WIDE and category(character) in ("Pe", "Po"))


def _opens(character: str) -> bool:
    """Whether no line may end with a character: what opens a bracket."""
    return character in NO_BREAK_AFTER or (character > WIDE and category(character) == "Ps")


def wrap(text: str, size: float, width: float, lang: str, weight: str = "normal") -> list[str]:
    """Break a text into lines that are at most `width` inches wide; a line feed always breaks.

    Examples
    --------
    >>> wrap("a finding", 8, 10, "en")
    ['a finding']
    """
    paragraphs = [_filled(_pieces(paragraph), size, width, lang, weight) for paragraph in text.split("\n")]
    return [line.rstrip() for lines in paragraphs for line in lines]


def _filled(pieces: Sequence[str], size: float, width: float, lang: str, weight: str) -> list[str]:
    """Put as many pieces into each line as it has room for; one may be too long for a line."""
    lines = [""]
    for piece in pieces:
        if lines[-1] and text_width((lines[-1] + piece).rstrip(), size, lang, weight) > width:
            lines.append(piece)
        else:
            lines[-1] += piece
    return lines


def balance(text: str, size: float, width: float, lang: str, weight: str) -> list[str]:
    """Break a title into as few lines as it needs, of about the same length, and Chinese after a stop if it can be."""
    lines = wrap(text, size, width, lang, weight)
    clauses = _filled(re.split(f"(?<=[{STOPS}])(?=[^{CLOSING}])", text), size, width, lang, weight)
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
