"""What parameters are, in what unit and by what source: `sim`'s catalogue has every declaration in Chinese too."""

from collections.abc import Mapping
from numbers import Real
from typing import Any

from experiments.reporting.catalogue import gettext
from experiments.reporting.numbers import written
from sim.plot import CATALOGUE


def meaning(row: Mapping[str, Any], lang: str = "en") -> str:
    """Return what a parameter is, of which `row` comes from `sim.Scenario.parameters`.

    Examples
    --------
    >>> meaning({"doc": "hours that go to patrol"}), meaning({})
    ('hours that go to patrol', '')
    """
    return _said(row, "doc", "parameter", lang)


def unit(row: Mapping[str, Any], lang: str = "en") -> str:
    """Return a parameter's unit."""
    return _said(row, "unit", "unit", lang)


def source(row: Mapping[str, Any], lang: str = "en") -> str:
    """Return where a parameter's default comes from."""
    return _said(row, "source", "source", lang)


def level(value: Any, lang: str = "en", digits: int = 4) -> str:
    """Write a value that a parameter takes, with so many digits that count; a table may have it as a text.

    Examples
    --------
    >>> level(0.48333), level(103400), level(True), level("False"), level(None), level("linear"), level(1e-7, digits=6)
    ('0.4833', '103,400', 'on', 'off', 'none', 'linear', '1e−07')
    """
    if value is None:
        return gettext(lang, "none")
    if str(value) in ("True", "False"):
        return gettext(lang, "on") if str(value) == "True" else gettext(lang, "off")
    if not isinstance(value, Real):
        return str(value)
    number = float(value)
    if number.is_integer() and abs(number) >= 10000:
        return written(number, ",.0f")
    short = written(number, f".{digits}g")
    return written(number, "g") if "e" in short else short


def choice(value: str, lang: str = "en") -> str:
    """Return what a page calls one of the words that a parameter chooses from.

    Examples
    --------
    >>> choice("linear"), choice("linear", "zh") == "linear"
    ('linear', False)
    """
    return CATALOGUE.pgettext(lang, "choice", value)


def section(name: str, lang: str = "en") -> str:
    """Return what a page calls a section of the scenario.

    Examples
    --------
    >>> section("couriers"), section("couriers", "zh") == "couriers"
    ('couriers', False)
    """
    return CATALOGUE.pgettext(lang, "section", name)


def _said(row: Mapping[str, Any], key: str, context: str, lang: str) -> str:
    text = str(row.get(key) or "")
    return CATALOGUE.pgettext(lang, context, text) if text else ""
