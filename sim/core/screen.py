"""Columns of text on a screen, on which a Chinese character takes two places."""

from unicodedata import east_asian_width


def columns(text: str) -> int:
    r"""Return how many places a text takes.

    Examples
    --------
    >>> columns("full"), columns("\u5168 2")
    (4, 4)
    """
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def padded(text: str, width: int) -> str:
    r"""Return a text with as many spaces behind it as it lacks.

    Examples
    --------
    >>> padded("full", 6) + "|", len(padded("\u5168", 6))
    ('full  |', 5)
    """
    return text + " " * (width - columns(text))


def led(text: str, width: int) -> str:
    r"""Return a text with as many spaces before it as it lacks.

    Examples
    --------
    >>> led("12", 6), len(led("\u5168", 6))
    ('    12', 5)
    """
    return " " * (width - columns(text)) + text
