"""What an analysis finds, as data: which of the things that can be found, and with what numbers.

Words are not in the code.  `templates/NAME.j2` has a macro for every finding of an analysis, and for its title, its
captions and the paragraphs on its method; ``Finding("ablation.adds", outcome="conflicts", ...)`` is the macro ``adds``
of ``ablation.j2`` with its values.  Screen, figure, report and brief ask the same finding for its text.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.reporting.template_rendering import Html, part_of_page, sentence


class Finding:
    """Something that was found, or that is said of how it was found: ``template.macro`` and what the macro takes.

    Its values are numbers, names and effects, never words; a finding in a finding is a clause.

    Examples
    --------
    >>> from experiments.reporting.finding import Finding
    >>> Finding("common.single_replicate").text("en")
    'There is a single replicate: nothing here has an interval.'
    """

    __slots__ = ("id", "values")

    def __init__(self, id: str, /, **values: Any) -> None:
        self.id = id
        self.values = values

    def text(self, lang: str = "en") -> str:
        """Return it in a language, `en` or `zh`.

        Examples
        --------
        >>> Finding("common.points", number=3).text()
        '3 points'
        """
        return sentence(lang, self.id, **{name: _told(value, lang) for name, value in self.values.items()})

    def record(self) -> dict[str, Any]:
        """Return it as plain data that can be written as JSON; what is no number is null there.

        Examples
        --------
        >>> Finding("common.points", number=3).record()
        {'id': 'common.points', 'number': 3}
        """
        return {"id": self.id, **{name: _plain(value) for name, value in self.values.items()}}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and self.record() == other.record()

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"Finding({', '.join([repr(self.id), *(f'{name}={value!r}' for name, value in self.values.items())])})"


class Block(Finding):
    """A part of a page, as data: a table, a list, a section.

    It is a macro of a template ``NAME.html.j2``, and its text is HTML.  Findings and blocks in it, also in lists and
    tables, reach the template as their texts.
    """

    __slots__ = ()

    def text(self, lang: str = "en") -> Html:
        """Return it in a language, `en` or `zh`."""
        return part_of_page(lang, self.id, **{name: _told(value, lang) for name, value in self.values.items()})


def _told(value: Any, lang: str) -> Any:
    """Return a value as a template takes it: findings as their texts, all else as it is."""
    if isinstance(value, Finding):
        return value.text(lang)
    if type(value) is dict:
        return {key: _told(item, lang) for key, item in value.items()}
    if type(value) in (list, tuple):
        return [_told(item, lang) for item in value]
    return value


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, Finding):
        return value.record()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, str | bool | None):
        return value
    if isinstance(value, Sequence | set | frozenset):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int) else str(value)
