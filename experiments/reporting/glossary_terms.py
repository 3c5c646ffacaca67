"""The glossary: one word for one thing, in both languages."""

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Term(NamedTuple):
    """A term under its heading: in English, in Chinese, which may `also` have other words, and in code (Markdown)."""

    group: str
    name: str
    plural: str
    chinese: str
    also: tuple[str, ...]
    code: str
    meaning: str


@cache
def terms() -> tuple[Term, ...]:
    """Return all terms, in the order of the page."""
    text = (Path(__file__).parent / "glossary.csv").read_text(encoding="utf-8")
    _head, *rows = csv.reader(text.splitlines())
    return tuple(
        Term(group, name, plural, chinese, tuple(filter(None, also.split("|"))), code, meaning)
        for group, name, plural, chinese, also, code, meaning in rows
    )


def other_words(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[Term, str, str]]:
    """Find translations, in pairs of English and Chinese, that call a thing by another word than the glossary.

    Yields the term and the two texts.  Of terms that lie in one another the longest is looked for, and names of places
    and of parameters are no words.

    Examples
    --------
    >>> [(term.name, chinese) for term, _, chinese in other_words([("of couriers", "of a bicycle")])]
    [('courier', 'of a bicycle')]
    """
    longest_first = sorted(terms(), key=lambda term: -len(term.name))
    for english, chinese in pairs:
        left = re.sub(r"\{[^{}]*\}|\b\w+\.\w+", "", english).lower()
        for term in longest_first:
            pattern = rf"\b(?:{re.escape(term.name.lower())}|{re.escape(term.plural.lower())})\b"
            left, count = re.subn(pattern, " ", left)
            if count and not any(word in chinese for word in (term.chinese, *term.also)):
                yield term, english, chinese
