"""The glossary: one word for one thing, in both languages."""

import csv
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
