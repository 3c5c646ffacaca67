"""What parameters are, in what unit and by what source: `sim`'s catalogue has every declaration in Chinese too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.plot import CATALOGUE

__all__ = ["meaning", "source", "unit"]


def meaning(row: Mapping[str, Any], lang: str = "en") -> str:
    """Return what a parameter is.

    Parameters
    ----------
    row
        From `sim.Scenario.parameters`.
    lang
        `en` or `zh`.

    Examples
    --------
    >>> meaning({"doc": "hours that go to patrol"}), meaning({})
    ('hours that go to patrol', '')
    """
    return _said(row, "doc", "parameter", lang)


def unit(row: Mapping[str, Any], lang: str = "en") -> str:
    """Return a parameter's unit.

    Examples
    --------
    >>> unit({"unit": "hours per week"})
    'hours per week'
    """
    return _said(row, "unit", "unit", lang)


def source(row: Mapping[str, Any], lang: str = "en") -> str:
    """Return where a parameter's default comes from.

    Examples
    --------
    >>> source({"source": "no data known"})
    'no data known'
    """
    return _said(row, "source", "source", lang)


def _said(row: Mapping[str, Any], key: str, context: str, lang: str) -> str:
    text = str(row.get(key) or "")
    return CATALOGUE.pgettext(lang, context, text) if text else ""
