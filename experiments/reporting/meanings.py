"""What the arms are, how verdicts are read, and what was asked."""

from __future__ import annotations

from experiments.reporting.pages import sentence
from experiments.reporting.phrases import phrase

__all__ = ["how_judged", "meaning", "question"]


def meaning(name: str, lang: str = "en") -> str:
    """Return what an arm is, in a sentence or two; empty for one that only its user knows."""
    return sentence(lang, "arms.meaning", name=name)


def how_judged(margin: float, of: str, lang: str = "en") -> str:
    """Say how a table's verdicts are read from its intervals; the margin is a share of something."""
    return sentence(lang, "common.how_judged", margin=margin, of=of)


def question(text: str, lang: str = "en") -> str:
    """Return a question in the language asked for, where its translation is known."""
    return phrase(text, lang)
