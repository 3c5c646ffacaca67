"""Errors in other languages: the text of an error is recognised by its template in the catalogue.

An error's text is written where it is raised, as a plain f-string, and is kept, compared and sent between processes as
plain English.  `python -m tools.catalogue` collects its template, such as `{path}: there is no such file.`, under the
context `refusal`.  Here a text is set beside all templates: the one that fits with the most words of its own is its
message, and what stands in its places (a hint, a list of problems) is recognised in the same way.  What nothing fits
stays English.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter
from typing import Any, Final

from sim.core.message_catalogue import LANGUAGES, MODEL, Catalogue
from sim.core.sentence import Sentence, Several

__all__ = ["CATALOGUES", "CONTEXT", "said"]

CONTEXT: Final = "refusal"
"""Context of the templates in the catalogues."""
CATALOGUES: Final[list[Catalogue]] = [MODEL]
"""Catalogues in which texts are looked up; a package with errors of its own adds its catalogue."""
LINE: Final = re.compile(r"((?:^|\n)(?: {2}- )?)")
"""What parts the lines of a list."""


def said(value: Any, lang: str) -> Any:
    """Return an error's text, or a part of one, in a language; what is no text is returned as it is.

    Examples
    --------
    >>> said("mine.toml: there is no such file.", "en")
    'mine.toml: there is no such file.'
    >>> said("mine.toml: there is no such file.", "zh").startswith("mine.toml")
    True
    """
    if lang == LANGUAGES[0] or not isinstance(value, str):
        return value
    return _whole(value, lang) or _part(value, lang)


def _part(value: Any, lang: str) -> Any:
    """Return what stands in a place; a single word may be a name that was typed, and stays as it is."""
    if type(value) is Sentence and value.places:
        template = MODEL.translation(lang, value.message) or value.message
        return template.format(**{name: _part(place, lang) for name, place in value.places.items()})
    if isinstance(value, Several):
        return Several([_part(part, lang) for part in value.parts], value.between).text(lang)
    if isinstance(value, Sentence):
        return value.text(lang)
    if not isinstance(value, str) or " " not in value.strip():
        return value
    return _whole(value, lang) or _filled(value, lang) or _by_line(value, lang)


def _whole(text: str, lang: str) -> str | None:
    """Return the translation of a text that is a message as it stands."""
    for catalogue in CATALOGUES:
        if words := catalogue.translation(lang, text.replace("{", "{{").replace("}", "}}"), CONTEXT):
            return words.format()  # its braces are doubled, as in all templates
        if " " in text.strip() and (words := catalogue.translation(lang, text)):
            return words
    return None


def _filled(text: str, lang: str) -> str | None:
    """Return the translation of a text that is a template with its places filled."""
    for pattern, message in _templates(lang, len(CATALOGUES)):
        if found := pattern.fullmatch(text):
            return message.format(**{name: _part(place, lang) for name, place in found.groupdict().items()})
    return None


def _by_line(text: str, lang: str) -> str:
    lines = LINE.split(text)
    lines[::2] = [_part(line, lang) if any(lines[1::2]) else line for line in lines[::2]]
    return "".join(lines)


@cache
def _templates(lang: str, _catalogues: int) -> list[tuple[re.Pattern[str], str]]:
    """Return patterns of all templates with places and their translations, those with the most words first."""
    messages = {key: text for catalogue in CATALOGUES for key, text in catalogue.messages(CONTEXT)}
    with_places = [message for message in messages if any(name for _, name in _parts(message))]
    ordered = sorted(with_places, key=lambda each: (-sum(len(words) for words, _ in _parts(each)), each))
    return [(_pattern(message), messages[message]) for message in ordered]


def _parts(message: str) -> list[tuple[str, str | None]]:
    """Return the words of a template, each with the place that follows."""
    return [(words, name) for words, name, _, _ in Formatter().parse(message)]


def _pattern(message: str) -> re.Pattern[str]:
    """Return what matches a template filled with anything; a place spans lines only where the template has several."""
    parts = (re.escape(words) + (f"(?P<{name}>.*?)" if name else "") for words, name in _parts(message))
    return re.compile("".join(parts), re.DOTALL if "\n" in message else 0)
