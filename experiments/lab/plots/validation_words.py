"""Words that the figure, the report and the tables of a validation share: names, numbers, verdicts, who lacks what."""

from __future__ import annotations

import math

from experiments.lab.plots.words import pick
from experiments.lab.validate.evidence import evidence
from experiments.lab.validate.figure_words import words_of
from experiments.lab.validate.validation import MODEL, Null, Validation

__all__ = ["DATA", "lacks", "name_of", "needs", "number", "told", "verdict_word"]

DATA = ("fitted", "held back")
"""Kinds of figures that say something about the world."""

_VERDICTS = {"inside": "在内", "overlaps": "部分重叠", "outside": "在外", "unknown": "无法判断", "": ""}


def number(value: float) -> str:
    """Write a figure with three digits.

    Examples
    --------
    >>> number(0.03482), number(394.4), number(-0.2), number(1234.5)
    ('0.0348', '394', '−0.2', '1,234')
    """
    if not math.isfinite(value):
        return "–"
    return (f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}").replace("-", "−")


def told(low: float, high: float, lang: str = "en") -> str:
    """Write an interval, or a single number where it has no width."""
    return number(low) if low == high or low != low else f"{number(low)} {pick(lang, 'to', '至')} {number(high)}"


def name_of(figure: str, lang: str = "en") -> str:
    """Return a figure's name."""
    words = words_of(figure)
    return pick(lang, words.name, words.chinese)


def verdict_word(verdict: str, lang: str = "en") -> str:
    """Return a verdict in words."""
    return pick(lang, verdict, _VERDICTS[verdict])


def lacks(null: Null, lang: str) -> str:
    """Return what a rival lacks."""
    return pick(lang, null.lacks, null.lacks_zh or null.lacks)


def needs(made: Validation, figure: str, *, told: str = "for") -> list[str]:
    """Name the rivals for which a figure has evidence of some kind, in order."""
    _, low, high = made.interval(figure)
    own = made.spreads[figure, MODEL]
    return [label for label in made.nulls if evidence(own, made.spreads[figure, label], low, high) == told]
