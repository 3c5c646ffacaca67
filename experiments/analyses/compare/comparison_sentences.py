"""Intervals of an effect, as words."""

from __future__ import annotations

from experiments.analyses.compare.comparison_view import Effect
from experiments.reporting.pages import sentence

__all__ = ["between", "over", "shares"]


def between(effect: Effect, lang: str = "en") -> str:
    """Return the 95 % interval of an effect, in per cent where that says something."""
    return effect.ends(lang, named=False)


def over(effect: Effect, lang: str = "en") -> str:
    """Return the range of an effect over assumptions."""
    return sentence(lang, "comparison.over", effect=effect)


def shares(effect: Effect, lang: str = "en") -> str:
    """Return in what share of the worlds the effect helps, does nothing that matters and harms, or where it goes."""
    return sentence(lang, "comparison.shares", effect=effect)
