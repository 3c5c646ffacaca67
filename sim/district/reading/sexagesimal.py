"""Longitude and latitude in degrees, minutes and seconds, as maps and survey sheets write them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["sexagesimal", "two_angles"]

_SIGNS: Final = {
    "°": "\u00ba\u02da\u2070\u5ea6",
    "'": "\u2032\u2018\u2019\u00b4\u02b9\uff07\u5206",
    '"': "\u2033\u201c\u201d\u02ba\uff02\u79d2",
}
"""What people write for degrees, minutes and seconds: typographic, full-width and Chinese signs."""
_FOLDED: Final = {ord(other): sign for sign, others in _SIGNS.items() for other in others}
_SIDES: Final = {
    "e": "longitude",
    "w": "longitude",
    "n": "latitude",
    "s": "latitude",
    "\u4e1c\u7ecf": "longitude",
    "\u897f\u7ecf": "longitude",
    "\u5317\u7eac": "latitude",
    "\u5357\u7eac": "latitude",
}
"""Letters and words for sides of the earth, with what they can be told of."""
_NEGATIVE: Final = ("w", "s", "\u897f\u7ecf", "\u5357\u7eac")
_SIDE: Final = "|".join(_SIDES)
_ANGLE: Final = re.compile(
    rf"""(?P<before>{_SIDE})?\s*(?P<sign>-?)(?P<degrees>\d{{1,3}})\s*°\s*
    (?:(?P<minutes>\d{{1,2}})\s*'\s*(?P<seconds>\d{{1,2}}(?:[.,]\d+)?)\s*" | (?P<alone>\d{{1,2}}(?:[.,]\d+)?)\s*')
    \s*(?P<after>{_SIDE})?""",
    re.VERBOSE,
)


def sexagesimal(text: str, axis: str) -> float | None:
    """Return an angle in degrees, if a text is one in degrees, minutes and perhaps seconds, each with its sign.

    Parameters
    ----------
    text
        As it stands in a cell.
    axis
        `longitude` or `latitude`; None comes of a text that says that it is the other one.

    Examples
    --------
    >>> sexagesimal("113\u00b056'24\\"E", "longitude"), sexagesimal("22\u00b032.5\u2032", "latitude")
    (113.94, 22.541666666666668)
    >>> sexagesimal("113\u00b056'24\\"E", "latitude"), sexagesimal("113\u00b060'00\\"", "longitude")
    (None, None)
    """
    match = _ANGLE.fullmatch(_folded(text))
    if match is None or (match["before"] and match["after"]) or (match["sign"] and (match["before"] or match["after"])):
        return None
    side = match["before"] or match["after"]
    minutes = float((match["minutes"] or match["alone"]).replace(",", "."))
    seconds = float((match["seconds"] or "0").replace(",", "."))
    if minutes >= 60 or seconds >= 60 or (side and _SIDES[side] != axis):
        return None
    degrees = int(match["degrees"]) + (minutes * 60 + seconds) / 3600
    return -degrees if match["sign"] or side in _NEGATIVE else degrees


def two_angles(text: str) -> tuple[str, str] | None:
    """Return the two angles of a text that holds nothing else, in the order longitude, latitude where letters say so.

    Examples
    --------
    >>> two_angles("22\u00b032'10\\"N, 113\u00b056'24\\"E")
    ('113\u00b056\\'24"e', '22\u00b032\\'10"n')
    """
    folded = _folded(text)
    found = [match[0].strip() for match in _ANGLE.finditer(folded)]
    if len(found) != 2 or _ANGLE.sub("", folded).strip(" ,;/()[]"):
        return None
    first, second = found
    letters = [next((axis for side, axis in _SIDES.items() if side in angle), "") for angle in found]
    return (second, first) if letters[0] == "latitude" or letters[1] == "longitude" else (first, second)


def _folded(text: str) -> str:
    """Write every sign in one way, and letters small."""
    signs = unicodedata.normalize("NFKC", text.translate(_FOLDED)).translate(_FOLDED)
    return signs.replace("''", '"').strip().lower()
