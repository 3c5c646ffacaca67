"""What parameters are, in what unit and by what source: `sim`'s catalogue has every declaration in Chinese too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.reporting.catalogue import gettext
from experiments.reporting.numbers import written
from sim.plot import CATALOGUE

__all__ = ["level", "meaning", "source", "unit", "value_of"]


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


def value_of(value: Any, lang: str = "en") -> str:
    """Write the value of a parameter for a reader.

    Examples
    --------
    >>> value_of(True), value_of(None), value_of(12345), value_of(0.5)
    ('on', 'none', '12,345', '0.5')
    """
    if value is None:
        return gettext(lang, "none")
    if isinstance(value, bool):
        return gettext(lang, "on") if value else gettext(lang, "off")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, int) and abs(value) >= 10000:
        return f"{value:,}"
    return str(value)


def level(value: Any, lang: str = "en", digits: int = 4) -> str:
    """Write a value that a parameter takes, with so many digits that count.

    Examples
    --------
    >>> level(0.48333), level(20), level(103400), level(True), level("linear"), level(0.48333, digits=3)
    ('0.4833', '20', '103400', 'on', 'linear', '0.483')
    """
    if isinstance(value, str):
        return value
    if value is None:
        return gettext(lang, "none")
    if isinstance(value, bool) or str(value) in ("True", "False"):
        return gettext(lang, "on") if value else gettext(lang, "off")
    short = written(float(value), f".{digits}g")
    return written(float(value), "g") if "e" in short else short


def _said(row: Mapping[str, Any], key: str, context: str, lang: str) -> str:
    text = str(row.get(key) or "")
    return CATALOGUE.pgettext(lang, context, text) if text else ""
