"""Words that the figure, the report and the tables of a validation share: names, numbers, verdicts, who lacks what."""

from __future__ import annotations

from experiments.analyses.validation.evidence import evidence
from experiments.analyses.validation.figure_words import name_of
from experiments.analyses.validation.validation import MODEL, Null, Validation
from experiments.reporting.catalogue import N_, gettext
from experiments.reporting.numbers import rounded

__all__ = ["DATA", "lacks", "name_of", "needs", "told", "verdict_word"]

DATA = ("fitted", "held back")
"""Kinds of figures that say something about the world."""

VERDICTS = (N_("inside"), N_("overlaps"), N_("outside"), N_("unknown"))
"""How a prediction lies to the interval of the data."""


def told(low: float, high: float, lang: str = "en") -> str:
    """Write an interval, or a single number where it has no width."""
    return rounded(low) if low == high or low != low else f"{rounded(low)} {gettext(lang, "to")} {rounded(high)}"


def verdict_word(verdict: str, lang: str = "en") -> str:
    """Return a verdict in words."""
    return gettext(lang, verdict) if verdict in VERDICTS else verdict


def lacks(null: Null, lang: str) -> str:
    """Return what a rival lacks."""
    return gettext(lang, null.lacks)


def needs(made: Validation, figure: str, *, told: str = "for") -> list[str]:
    """Name the rivals for which a figure has evidence of some kind, in order."""
    _, low, high = made.interval(figure)
    own = made.spreads[figure, MODEL]
    return [label for label in made.nulls if evidence(own, made.spreads[figure, label], low, high) == told]
