"""Message catalogues: every sentence for people is written once, in English, and translated in `locale/`.

A message is a template with named places, `gettext(lang, "{low} to {high}", low=low, high=high)`.  The translation,
`locale/zh/LC_MESSAGES/gongzhi.po`, has the same places in whatever order the language wants them, and may leave out one
that the language has no use for, such as the ending of a verb.  `python -m tools.catalogue` finds the messages in the
code and brings the file up to date; a test fails where one is missing, or uses a place that the code does not fill.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

__all__ = ["LANGUAGES", "MODEL", "Catalogue", "N_", "gap"]

LANGUAGES: Final = ("en", "zh")
"""Languages in which figures and reports are written; the first is that of the code."""


def N_(message: str) -> str:
    """Mark a message that is translated later, where it is used."""
    return message


def gap(lang: str) -> str:
    """Return what stands between two sentences: Chinese leaves no space."""
    return "" if lang == "zh" else " "


class Catalogue:
    """The translations of a package's messages.

    Parameters
    ----------
    package
        Its folder, which holds `locale/`.
    """

    def __init__(self, package: Path) -> None:
        self.package = package
        self._own: dict[str, str] = {}

    @property
    def path(self) -> Path:
        """The file of translations."""
        return self.package / "locale" / LANGUAGES[1] / "LC_MESSAGES" / "gongzhi.po"

    @cached_property
    def _translations(self) -> dict[tuple[str, str | None], str]:
        """Translation of every message, by the message and its context."""
        from babel.messages.pofile import read_po

        with self.path.open("rb") as file:
            catalog = read_po(file)
        found: dict[tuple[str, str | None], str] = {}
        for message in catalog:
            if not message.id:
                continue  # the head of the file
            ids, texts = _several(message.id), _several(message.string)
            for position, one in enumerate(ids):
                found[one, message.context] = texts[min(position, len(texts) - 1)]
        return {key: text for key, text in found.items() if text}

    def gettext(self, lang: str, message: str, /, **values: Any) -> str:
        """Return a message in a language, its places filled.

        Parameters
        ----------
        lang
            One of `LANGUAGES`.
        message
            English, with places in braces as in `str.format`.
        values
            What fills the places.
        """
        return self._filled(lang, None, message, values)

    def pgettext(self, lang: str, context: str, message: str, /, **values: Any) -> str:
        """Return a message that has another translation elsewhere; the context says which of its meanings this is."""
        return self._filled(lang, context, message, values)

    def ngettext(self, lang: str, one: str, many: str, number: int, /, **values: Any) -> str:
        """Return the message for one thing or for many; both may show `number`."""
        return self._filled(lang, None, one if number == 1 else many, {"number": number} | values)

    def translation(self, lang: str, message: str, context: str | None = None) -> str | None:
        """Return a message's translation, its places open; None where there is none, as in the language of the code."""
        if lang == LANGUAGES[0]:
            return None
        return self._translations.get((message, context)) or self._own.get(message)

    def messages(self, context: str) -> Iterator[tuple[str, str]]:
        """Yield every message of a context with its translation, places open."""
        for (message, its), text in self._translations.items():
            if its == context:
                yield message, text

    def add(self, words: Mapping[str, str]) -> None:
        """Take Chinese of a user's own for messages of a user's own, whatever their context; the file's come first."""
        self._own.update(words)

    def _filled(self, lang: str, context: str | None, message: str, values: dict[str, Any]) -> str:
        template = self.translation(lang, message, context) or message
        return template.format(**values) if values else template


MODEL: Final = Catalogue(Path(__file__).parent.parent)
"""The model's own messages."""


def _several(text: str | Iterable[str] | None) -> list[str]:
    """Return the forms of a message: one, or several where it has a plural."""
    return [text or ""] if text is None or isinstance(text, str) else list(text)
