"""The look of the figures: fonts, colours, marks, and how a figure is written to a file.

Colours are from Okabe and Ito's palette, which colour-blind readers tell apart; every colour goes with a
shape or a line of its own, so that a greyscale print says the same. No figure touches matplotlib's global
state: figures are made as objects, and settings hold only while one is drawn or written.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.figures.tooltips import marks_of, with_marks
from sim.plot import BLUE, INK, MUTED, PURPLE, VERMILLION, chinese_font, families

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHEET = Path(__file__).with_name("gongzhi.mplstyle")
"""What matplotlib is told of lines, sizes and files."""

SCREEN = 130
"""Dots per inch in a notebook."""

PALE, AMBER = "#d9d9d9", "#E69F00"

#: Verdict: marker, colour, size relative to a circle.
VERDICT_MARKS: dict[str, tuple[str, str, float]] = {
    "helps": ("o", BLUE, 1.0),
    "harms": ("X", VERMILLION, 1.25),
    "equivalent": ("s", "#4d4d4d", 0.85),
    "better": ("P", "#5f8fab", 1.0),
    "worse": ("p", "#b98468", 1.0),
    "undecided_better": ("h", "#93bdd6", 0.95),
    "undecided_worse": ("d", "#e0a98b", 0.95),
    "undecided": ("D", "#a3a3a3", 0.85),
    "rises": ("^", INK, 1.0),
    "falls": ("v", "#33334d", 1.0),
    "higher": (">", "#6e6e6e", 0.85),
    "lower": ("<", "#77776a", 0.85),
    "undecided_higher": ("H", "#b5b5b5", 0.85),
    "undecided_lower": ("8", "#bdbdad", 0.85),
}

#: How an arm's line is drawn in the series: colour, dashes, width.
LINES: dict[str, tuple[str, Any, float]] = {
    "baseline": (INK, "-", 1.2),
    "focus": (BLUE, "-", 1.7),
    "arrangement": ("#009E73", "-", 1.7),
    "third": ("#009E73", (0, (6, 1.2, 1, 1.2)), 1.5),
    "fourth": ("#009E73", (0, (1.5, 1.2)), 1.5),
    "hours_matched": (VERMILLION, (0, (5, 1.6)), 1.3),
    "hours_matched_tied": (AMBER, (0, (3, 1, 1, 1)), 1.3),
    "placebo": (PURPLE, (0, (1.2, 1.2)), 1.5),
}


def language(lang: str) -> tuple[str, str]:
    """Return the language that can be drawn here, and a note where it is not the one asked for, `en` or `zh`."""
    if lang not in ("en", "zh"):
        raise ValueError(f'lang is "{lang}"; figures and reports are written in "en" or "zh".')
    if lang == "zh" and chinese_font() is None:
        return "en", (
            "The Chinese font that comes with Gongzhi is missing, and no other is installed, so the figures are in "
            "English. Install Gongzhi anew, or a font such as Noto Sans CJK, and draw again."
        )
    return lang, ""


_held: ContextVar[str] = ContextVar("language of the settings that hold", default="")


def held() -> bool:
    """Whether the figures' settings hold already, in whichever language."""
    return bool(_held.get())


@contextmanager
def drawing(lang: str) -> Iterator[None]:
    """Hold the figures' settings while drawing or writing, and give the user's own back afterwards.

    Changing them takes as long as drawing a few words, so that they stay where they hold already.
    """
    if _held.get() == lang:
        yield
        return
    names = families(lang)  # first, since it reads matplotlib whatever backend the environment names
    import matplotlib

    ink = ("text.color", "axes.labelcolor", "xtick.labelcolor", "ytick.labelcolor")
    muted = ("axes.edgecolor", "xtick.color", "ytick.color")
    settings = {"font.family": names, **dict.fromkeys(ink, INK), **dict.fromkeys(muted, MUTED)}
    look = matplotlib.rc_params_from_file(SHEET, use_default_template=False)
    defaults = {key: value for key, value in matplotlib.rcParamsDefault.items() if not key.startswith("backend")}
    with matplotlib.rc_context({**defaults, **look, **settings}), warnings.catch_warnings():
        # A name of the user's own may hold a character that no font has; an empty box tells that well enough.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        before = _held.set(lang)
        try:
            yield
        finally:
            _held.reset(before)


def shown(draw: Callable[[str], Figure], lang: str) -> Figure:
    """Draw a figure that shows itself in a notebook, in English where no font for Chinese is at hand."""
    lang, _ = language(lang)
    with drawing(lang):
        figure = draw(lang)
    figure._repr_png_ = partial(png, figure, lang, SCREEN)  # type: ignore[attr-defined]
    return figure


def png(figure: Figure, lang: str = "en", dpi: int = 200) -> bytes:
    """Return a figure as PNG bytes that hold no date and no version."""
    target = io.BytesIO()
    with drawing(language(lang)[0]):
        figure.savefig(target, format="png", dpi=dpi, metadata={"Software": None})
    return target.getvalue()


def save(figure: Figure, stem: Path, lang: str = "en") -> Path:
    """Write a figure as PNG and SVG, both without dates; return the PNG's path.

    The latter holds the figure's title, which is its label, and what its marks say.
    """
    image, target = stem.with_suffix(".png"), io.StringIO()
    image.write_bytes(png(figure, lang))
    with drawing(lang):
        named = {"Title": title} if (title := str(figure.get_label())) else {}
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": "Gongzhi", **named})
    stem.with_suffix(".svg").write_bytes(with_marks(target.getvalue(), marks_of(figure)).encode("utf-8"))
    return image
