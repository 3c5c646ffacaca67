"""Agents in words: what a class of agents keeps, with units and meanings, and what a row holds.

All of it is made from the declarations of columns, so that ``help(sim.Branch)``, what a notebook shows of an agent, and
the table of `describe` never say different things.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from inspect import cleandoc
from typing import Any, Final, Protocol

import numpy as np
from markupsafe import Markup

from sim.core.markup import paragraph, table, titled, written
from sim.core.message_catalogue import MODEL, N_

__all__ = [
    "MOST",
    "PLURALS",
    "Declared",
    "agent_page",
    "agents_page",
    "brief",
    "document",
    "enumerated",
    "in_words",
    "label_of",
    "title_in",
]

gettext, pgettext = MODEL.gettext, MODEL.pgettext

MOST: Final = 6
"""Columns of which an agent's short form gives the values."""

_NAMES: Final = {
    "estate": "names",
    "firm": "firm_names",
    "community": "community_names",
    "street": "street_names",
}
"""Where a district keeps the names of what a row can be."""

PLURALS: Final = {"estate": "estates", "firm": "firms", "community": "communities", "street": "streets"}

_TITLES: Final = {
    "estate": N_('{kind} {row}, estate "{name}"'),
    "firm": N_('{kind} {row}, firm "{name}"'),
    "community": N_('{kind} {row}, community "{name}"'),
    "street": N_('{kind} {row}, street "{name}"'),
}
"""What a row is called by the name that the district has for it."""

_PLACES: Final = {"estate": N_("estate"), "firm": N_("firm"), "community": N_("community"), "street": N_("street")}

FIRST: Final = 8
"""Agents of a set that a notebook shows."""
WIDE: Final = 10
"""Columns of a set that a notebook shows."""


class Declared(Protocol):
    """A stored or computed column, as far as it can be described."""

    name: str
    unit: str
    words: Sequence[str]
    of: str

    @property
    def doc(self) -> str:
        """Its meaning."""

    @property
    def kind(self) -> str:
        """Its type, or `computed`."""


def label_of(model: Any, of: str, row: int) -> str:
    """Return the name that a district has for a row, e.g. of an estate; an empty text where it has none.

    Parameters
    ----------
    model
        Whose district is asked; any object.
    of
        What the row is: `estate`, `firm`, `community` or `street`.
    row
        Its number; below 0 for none.
    """
    names = getattr(getattr(model, "district", None), _NAMES.get(of, ""), None)
    return str(names[row]) if names is not None and 0 <= row < len(names) else ""


def in_words(model: Any, declared: Declared, value: Any) -> Any:
    """Return a value as a person reads it: the word for a code, the name for a row, else the value."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        return value
    value = int(value)
    if declared.words:
        return declared.words[value] if 0 <= value < len(declared.words) else value
    if declared.of:
        return label_of(model, declared.of, value) or ("none" if value < 0 else value)
    return value


def _written(value: Any, of: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    return f'"{value}"' if of and isinstance(value, str) and value != "none" else str(value)


def brief(model: Any, pairs: Iterable[tuple[Declared, Any]]) -> str:
    """Write the values of columns in one line, with names and words in the place of numbers."""
    return ", ".join(
        f"{declared.name} {_written(in_words(model, declared, value), declared.of)}" for declared, value in pairs
    )


def document(summary: str, declared: Iterable[Declared]) -> str:
    """Return the docstring of a class of agents: what it is, then its columns with unit and meaning."""
    lines = [cleandoc(summary), "", "Columns", "-------"]
    for item in declared:
        lines.append(f"{item.name} : {item.kind}" + (f", {item.unit}" if item.unit else ""))
        meaning = item.doc.strip()
        if item.words:
            meaning += (": " if meaning else "") + ", ".join(f"{n} {word}" for n, word in enumerate(item.words))
        lines += [f"    {line.strip()}" for line in meaning.splitlines() if line.strip()]
    return "\n".join(lines) + "\n"


def title_in(lang: str, kind: str, row: int, place: str, name: str) -> str:
    """Say what a row is, with the name that the district has for it, in a language.

    Examples
    --------
    >>> title_in("en", "Branch", 3, "estate", "Lakeside"), title_in("en", "Courier", 3, "", "")
    ('Branch 3, estate "Lakeside"', 'Courier 3')
    """
    return (
        gettext(lang, _TITLES[place], kind=kind, row=row, name=name) if name and place in _TITLES else f"{kind} {row}"
    )


def _unit_and_meaning(item: Declared, lang: str) -> tuple[str, str]:
    unit = pgettext(lang, "unit", item.unit) if item.unit else ""
    return unit, pgettext(lang, "column", item.doc) if item.doc else ""


def agent_page(title: str, model: Any, values: Iterable[tuple[Declared, Any]], lang: str) -> Markup:
    """Return what a notebook shows of an agent: every column with value, unit and meaning."""
    head = [gettext(lang, name) for name in (N_("column"), N_("value"), N_("unit"), N_("meaning"))]
    rows = [
        (item.name, written(in_words(model, item, value), lang), *_unit_and_meaning(item, lang))
        for item, value in values
    ]
    return titled(title, table(head, rows, lang))


def agents_page(title: str, population: Any, rows: Any, lang: str) -> Markup:
    """Return what a notebook shows of a set: the first agents, with names and words in the place of numbers."""
    kind, model = population.agent, population.model
    declared: dict[str, Declared] = {**kind.columns, **population.computed}
    names = list(dict.fromkeys([*(name for name in kind.shown if name in declared), *declared]))[:WIDE]
    first = rows[:FIRST]
    columns = [
        [in_words(model, declared[name], value) for value in population.at(name, first).tolist()] for name in names
    ]
    head = [kind.__name__, *(_heading(declared[name], lang) for name in names)]
    rows_shown = zip(first.tolist(), *columns, strict=True)
    if kind.row_is:
        called = [label_of(model, kind.row_is, row) for row in first.tolist()]
        head.insert(1, gettext(lang, _PLACES[kind.row_is]) if kind.row_is in _PLACES else kind.row_is)
        rows_shown = zip(first.tolist(), called, *columns, strict=True)
    left = gettext(
        lang,
        "{shown} of {agents:,} agents and {columns} of {declared} columns are shown; .to_frame() has all.",
        shown=len(first),
        agents=len(rows),
        columns=len(names),
        declared=len(declared),
    )
    return titled(title, table(head, rows_shown, lang), paragraph(left, quiet=True))


def _heading(item: Declared, lang: str) -> Markup:
    unit, meaning = _unit_and_meaning(item, lang)
    small = Markup('<br><small style="font-weight:normal">{}</small>').format(unit) if unit else ""
    return Markup('<span title="{}">{}</span>{}').format(meaning, item.name, small)


def enumerated(items: Sequence[Any], most: int = 8) -> str:
    """Write items one after another, at most so many of them.

    Examples
    --------
    >>> enumerated([1, 4, 6]), enumerated(range(20), most=3)
    ('1, 4, 6', '0, 1, 2, ... 19')
    """
    if len(items) <= most + 1:
        return ", ".join(map(str, items))
    return ", ".join([*map(str, items[:most]), f"... {items[-1]}"])
