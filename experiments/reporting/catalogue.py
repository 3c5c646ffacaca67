"""The message catalogue: every sentence for people is written once, in English, and translated in `locale/`.

A message is a template with named places, `gettext(lang, "{low} to {high}", low=low, high=high)`.  The translation,
`locale/zh/LC_MESSAGES/gongzhi.po`, has the same places in whatever order the language wants them, and may leave out one
that the language has no use for, such as a plural's number.  `python -m tools.catalogue` finds the messages in the code
and brings the file up to date; a test fails where one is missing, or uses a place that the code does not fill.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

__all__ = ["LANGUAGES", "N_", "gap", "gettext", "ngettext", "path_of", "pgettext"]

LANGUAGES: Final = ("en", "zh")
"""Languages in which figures and reports are written; the first is that of the code."""


def path_of(lang: str) -> Path:
    """Return the file of a language's translations."""
    return Path(__file__).parent / "locale" / lang / "LC_MESSAGES" / "gongzhi.po"


@cache
def _translations(lang: str) -> dict[tuple[str, str | None], str]:
    """Return the translation of every message, by the message and its context."""
    from babel.messages.pofile import read_po

    with path_of(lang).open("rb") as file:
        catalog: Catalog = read_po(file)
    found: dict[tuple[str, str | None], str] = {}
    for message in catalog:
        if not message.id:
            continue  # the file's head
        ids, texts = _several(message.id), _several(message.string)
        for position, one in enumerate(ids):
            found[one, message.context] = texts[min(position, len(texts) - 1)]
    return {key: text for key, text in found.items() if text}


def _several(text: str | Iterable[str] | None) -> list[str]:
    """Return the forms of a message: one, or several where it has a plural."""
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def gettext(lang: str, message: str, /, **values: Any) -> str:
    """Return a message in a language, its places filled.

    Parameters
    ----------
    lang
        One of `LANGUAGES`.
    message
        English, with places in braces as in `str.format`.
    values
        What fills the places.

    Examples
    --------
    >>> gettext("en", "{low} to {high}", low="1%", high="2%")
    '1% to 2%'
    """
    return _filled(_translated(lang, message, None), values)


def pgettext(lang: str, context: str, message: str, /, **values: Any) -> str:
    """Return a message that has another translation elsewhere; the context says which of its meanings this is."""
    return _filled(_translated(lang, message, context), values)


def ngettext(lang: str, one: str, many: str, number: int, /, **values: Any) -> str:
    """Return the message for one thing or for many; both may show `number`."""
    return _filled(_translated(lang, one if number == 1 else many, None), {"number": number} | values)


def N_(message: str) -> str:
    """Mark a message that is translated later, where it is used."""
    return message


def gap(lang: str) -> str:
    """Return what stands between two sentences: Chinese leaves no space."""
    return "" if lang == "zh" else " "


def _translated(lang: str, message: str, context: str | None) -> str:
    if lang == "en":
        return message
    return _translations(lang).get((message, context), message)


def _filled(template: str, values: dict[str, Any]) -> str:
    return template.format(**values) if values else template
