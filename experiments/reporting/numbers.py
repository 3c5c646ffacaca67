"""Numbers as they are written for people: with a true minus, with the digits that count, and no sign before zero.

Signed numbers of sentences, tables and axes are written here.
"""

import math
import re
from collections.abc import Sequence

NUMBER = re.compile(r"\s*(?:–|[−+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[−+-]?\d+)?)?\s*%?\s*")
"""A number, a percentage, or the dash of a missing one."""
NOTHING = "–"
"""Stands where there is no number."""


def written(value: float, form: str = ".3g") -> str:
    """Return a number in a format of Python's, with a true minus, and no sign where all digits are zero.

    Examples
    --------
    >>> written(-0.25, "+.2f"), written(1234.5, ",.0f"), written(-0.0004, "+.2f"), written(float("nan"))
    ('−0.25', '1,234', '0.00', '–')
    """
    if not math.isfinite(value):
        return NOTHING
    text = f"{value:{form}}".replace("-", "−")
    return text if text.strip("+−0.,") else text.lstrip("+−")


def rounded(value: float, digits: int = 3) -> str:
    """Return a number with so many digits that count, and all digits of a number that has more before its point.

    Examples
    --------
    >>> rounded(0.03482), rounded(394.4), rounded(-0.2), rounded(1234.5), rounded(12.31, 2), rounded(-0.655, 2)
    ('0.0348', '394', '−0.2', '1,234', '12', '−0.66')
    """
    return written(value, ",.0f" if abs(value) >= 10 ** (digits - 1) - 0.05 else f".{digits}g")


def quantity(value: float, per_cent: bool = False) -> str:
    """Return a number for a sentence, a share in per cent; one that is next to nothing is told as less than the least.

    Examples
    --------
    >>> quantity(14.13), quantity(3.93e-05), quantity(-2e-05), quantity(0.0922, True), quantity(1e-06, True)
    ('14.1', '<0.001', '>−0.001', '9.22%', '<0.01%')
    """
    least, size = (0.01, abs(100 * value)) if per_cent else (0.001, abs(value))
    if 0.0 < size < least / 2:
        return ("<" if value > 0.0 else ">−") + f"{least:g}" + "%" * per_cent
    text = rounded(100 * value if per_cent else value)
    return f"{text}%" if per_cent and text != NOTHING else text


def tick(value: float, form: str = "+g") -> str:
    """Return the number of a tick on an axis of differences, whose zero has no sign.

    Examples
    --------
    >>> tick(-5.0), tick(0.0), tick(2500.0, "+,.0f")
    ('−5', '0', '+2,500')
    """
    return written(value, form) if value else "0"


def percent(value: float, signed: bool = False) -> str:
    """Return a percentage for a sentence.

    Examples
    --------
    >>> percent(3.14159), percent(-0.034, signed=True), percent(250.4, signed=True)
    ('3.1%', '−0.03%', '+250%')
    >>> percent(-0.0004, signed=True), percent(1e-14)
    ('0%', '0%')
    """
    if not math.isfinite(value):
        return NOTHING
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 0.095 else 2
    text = written(value, f"{'+' * signed}.{digits}f")
    return f"{text}%" if text.strip("0.") else "0%"  # below a two-hundredth of a per cent


def amount(value: float, signed: bool = False) -> str:
    """Return a number with three significant digits and thousands apart.

    Examples
    --------
    >>> amount(12345.6), amount(-0.01234), amount(3.14159, signed=True)
    ('12,346', '−0.0123', '+3.14')
    """
    if not math.isfinite(value):
        return NOTHING
    size = abs(value)
    digits = 0 if size == 0 or size >= 100 else min(6, 2 - math.floor(math.log10(size)))
    text = written(value, f"{'+' * signed},.{digits}f")
    return text if text.strip("0.") else "0"


def short(value: float, signed: bool = False) -> str:
    """Return an amount without zeros at its end, as in a sentence.

    Examples
    --------
    >>> short(2.0), short(-0.25, signed=True), short(1200.0)
    ('2', '−0.25', '1,200')
    """
    text = amount(value, signed)
    return text.rstrip("0").rstrip(".") if "." in text else text


def between(low: str, high: str) -> str:
    """Return the cell of an interval, or that there is none.

    Examples
    --------
    >>> between("−3.1%", "+1.0%"), between(NOTHING, NOTHING)
    ('−3.1% … +1.0%', '–')
    """
    return NOTHING if NOTHING in (low, high) else f"{low} … {high}"


def aligned(values: Sequence[float], width: float) -> list[str]:
    """Return signed numbers with the decimals that an interval of this half width deserves.

    Examples
    --------
    >>> aligned([-0.3721, -0.4012, -0.3430], 0.0291)
    ['−0.372', '−0.401', '−0.343']
    """
    if not math.isfinite(width) or width <= 0:
        return [amount(value, signed=True) for value in values]
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    most = 4 - math.floor(math.log10(largest)) if largest else 6
    digits = min(6, max(0, min(most, 1 - math.floor(math.log10(width)))))
    return [written(value, f"+,.{digits}f") for value in values]


def p_value(value: float) -> str:
    """Return a p value with the digits that count.

    Examples
    --------
    >>> [p_value(value) for value in (0.00001, 0.0004, 0.0123, 0.5, math.nan)]
    ['<0.0001', '0.0004', '0.012', '0.50', '–']
    """
    return "<0.0001" if value < 0.0001 else written(value, ".4f" if value < 0.001 else ".3f" if value < 0.1 else ".2f")
