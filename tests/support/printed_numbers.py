"""Numbers as a reader finds them on a page, with how exactly they are given."""

from __future__ import annotations

import math
import re
from typing import Final

__all__ = ["NONE", "check_number", "numbers"]

NONE: Final = "–"
"""Stands where there is no number."""

_NUMBER: Final = re.compile(r"([+−]?)(\d[\d,]*)(?:\.(\d+))?(?:e([+−-]\d+))?")


def numbers(text: str) -> list[tuple[float, float]]:
    """Read the numbers of a text, each with half a unit of its last digit.

    Examples
    --------
    >>> numbers("−0.25 … +1,234"), numbers("–"), numbers("5e-05")
    ([(-0.25, 0.005), (1234.0, 0.5)], [], [(5e-05, 5e-06)])
    """
    given = []
    for sign, whole, digits, exponent in _NUMBER.findall(text):
        scale = 10.0 ** int((exponent or "0").replace("−", "-"))
        size = float(f"{whole.replace(',', '')}.{digits or 0}") * scale
        given.append((-size if sign == "−" else size, 0.5 * 10.0 ** -len(digits) * scale))
    return given


def check_number(text: str, *values: float, within: float, what: str = "") -> None:
    """Assert that a text gives these numbers and no others, each as exactly as its last digit says.

    Parameters
    ----------
    values
        One of them alone may be NaN: then there must be a dash.
    within
        How far from the value a number that is rounded rightly may be at most.
    """
    if any(not math.isfinite(value) for value in values):
        assert text == NONE, f"{what}: {text} in the place of no number"
        return
    given = numbers(text)
    assert len(given) == len(values), f"{what}: {text} in the place of {values}"
    for (number, half), value in zip(given, values, strict=True):
        assert abs(number - value) <= half * (1 + 1e-6) + 1e-12, f"{what}: {text} in the place of {value}"
        assert half <= within * (1 + 1e-6) or number == value, f"{what}: {text} is too coarse for {value}"
