"""Style sheets: the palettes that they declare, light and dark, and how well colours are told apart."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["contrast", "literals", "palettes"]

COLOUR: Final = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\([^)]*\)")
DECLARED: Final = re.compile(r"--([\w-]+):\s*([^;}]+)")
DARK: Final = "(prefers-color-scheme: dark)"


def palettes(sheet: str, root: str = ":root") -> tuple[dict[str, str], dict[str, str]]:
    """Return the colours by name that a sheet declares on an element, in a light and in a dark theme.

    Examples
    --------
    >>> palettes(
    ...     ":root { --a: #fff; --b: #111; } @media screen and (prefers-color-scheme: dark) { :root { --a: #000; } }"
    ... )
    ({'a': '#fff', 'b': '#111'}, {'a': '#000'})
    """
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for block in re.finditer(rf"(?:^|(?<=[\s}}])){re.escape(root)}\s*\{{([^}}]*)\}}", sheet):
        before = sheet[: block.start()]
        theme = dark if DARK in before and _depth(before[before.rindex(DARK) :]) else light
        theme.update((name, value.strip()) for name, value in DECLARED.findall(block[1]) if COLOUR.match(value.strip()))
    return light, dark


def _depth(text: str) -> int:
    """Return how many blocks are open at the end of a text."""
    return text.count("{") - text.count("}")


def literals(sheet: str) -> list[str]:
    """Return the colours that a sheet names outside its palettes.

    Examples
    --------
    >>> literals(":root { --a: #fff; } p { color: var(--a); } a { color: #00588a; }")
    ['#00588a']
    """
    return COLOUR.findall(DECLARED.sub("", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)))


def contrast(first: str, second: str) -> float:
    """Return how well two colours are told apart: the ratio of their luminances, as WCAG 2 has it.

    Examples
    --------
    >>> contrast("#fff", "#000"), contrast("#777777", "#777")
    (21.0, 1.0)
    """
    low, high = sorted((_luminance(first), _luminance(second)))
    return round((high + 0.05) / (low + 0.05), 2)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    shares = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
