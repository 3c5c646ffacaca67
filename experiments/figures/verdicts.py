"""Verdicts in figures: each has a mark and a colour of its own, which the key names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from experiments.core.statistics.regions import BEYOND
from experiments.figures import style
from experiments.figures.legend import Entry
from experiments.reporting import words
from experiments.reporting.catalogue import gettext

__all__ = ["BAND", "band_entry", "ink_of", "verdict_entry", "verdict_key"]

BAND: Final = "#ececec"
"""Colour of the band within which nothing matters."""


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
