"""A sentence for a person that knows both languages: it is its English text, and gives the Chinese on request.

Notes of a district and messages of errors are kept, compared and stored as plain English texts.  A `Sentence` is such a
text which remembers the message of the catalogue and what fills its places.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import PurePath
from typing import Any, Self

from sim.core.message_catalogue import LANGUAGES, MODEL

__all__ = ["Sentence", "Several", "Stored", "Word", "renamed", "text_of"]


def text_of(value: Any, lang: str) -> Any:
    """Return a text in a language where it knows several, and anything else as it is."""
    return value.text(lang) if isinstance(value, Sentence | Several) else value


def renamed(value: Any, name: str, other: str) -> Any:
    """Return what is said with a name in it replaced by another, in all languages.

    Examples
    --------
    >>> renamed(Sentence("{path} is empty.", path="/tmp/a.csv"), "/tmp/a.csv", "mine.csv")
    'mine.csv is empty.'
    """
    if isinstance(value, Several):
        return Several([renamed(part, name, other) for part in value.parts], value.between)
    if isinstance(value, Sentence):
        if type(value) is not Sentence:  # a word of the catalogue
            return value
        places = {key: renamed(place, name, other) for key, place in value.places.items()}
        return Sentence(value.message, **places)
    return str(value).replace(name, other) if isinstance(value, str | PurePath) else value


class Sentence(str):
    """A message of the model's catalogue with its places filled; as a text it is English.

    Parameters
    ----------
    message
        English, with places in braces as in `str.format`.
    values
        What fills the places; sentences among them are said in the same language.

    Examples
    --------
    >>> note = Sentence("{name}: {count} rows", name="fee", count=3)
    >>> note, note.text("en") == note
    ('fee: 3 rows', True)
    """

    __slots__ = ("message", "places")

    message: str
    places: dict[str, Any]

    def __new__(cls, message: str, /, **values: Any) -> Self:
        self = super().__new__(cls, message.format(**values) if values else message)
        self.message, self.places = message, values
        return self

    def text(self, lang: str = LANGUAGES[0]) -> str:
        """Return it in a language; in English where there is no translation."""
        if lang == LANGUAGES[0]:
            return str(self)
        template = MODEL.translation(lang, self.message) or self.message
        filled = {name: text_of(value, lang) for name, value in self.places.items()}
        return template.format(**filled) if filled else template

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.message, self.places)


class Stored(Sentence):
    """A sentence that was stored in each language, so that it needs no message of the catalogue.

    Examples
    --------
    >>> Stored("kind", zh="sort").text("zh")
    'sort'
    """

    __slots__ = ("others",)

    others: dict[str, str]

    def __new__(cls, text: str, /, **others: str) -> Self:
        self = super().__new__(cls, text)
        self.others = others
        return self

    def text(self, lang: str = LANGUAGES[0]) -> str:
        """Return it in a language; in English where it was stored in no other."""
        return self.others.get(lang, str(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), **self.others), (str(self),)


class Word(Sentence):
    """A word that the catalogue keeps under a context: `study` is one thing as a source, another as a command.

    Examples
    --------
    >>> Word("hours per week", "unit")
    'hours per week'
    """

    __slots__ = ("context",)

    context: str

    def __new__(cls, message: str, context: str, /) -> Self:
        self = super().__new__(cls, message)
        self.context = context
        return self

    def text(self, lang: str = LANGUAGES[0]) -> str:
        """Return it in a language; what is not in the catalogue, such as a user's own unit, in English."""
        return MODEL.translation(lang, self.message, self.context) or str(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.context)


class Several(str):
    """Sentences that follow each other, parted by a message of the catalogue.

    Examples
    --------
    >>> Several(["one", "two"], "; ")
    'one; two'
    """

    __slots__ = ("between", "parts")

    parts: tuple[str, ...]
    between: str

    def __new__(cls, parts: Iterable[str], between: str) -> Self:
        parts = tuple(parts)
        self = super().__new__(cls, between.join(parts))
        self.parts, self.between = parts, between
        return self

    def text(self, lang: str = LANGUAGES[0]) -> str:
        """Return them in a language."""
        between = MODEL.translation(lang, self.between) or self.between if self.between else ""
        return between.join(text_of(part, lang) for part in self.parts)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.parts, self.between)


def _again(kind: type[Sentence], message: str, places: dict[str, Any]) -> Sentence:
    return kind(message, **places)
