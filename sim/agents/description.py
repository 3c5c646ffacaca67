"""Agents in words: what a class of agents keeps, with units and meanings, and what a row holds.

All of it is made from the declarations of columns, so that ``help(sim.Branch)``, what a notebook shows of an agent, and
the table of `describe` never say different things.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np

__all__ = ["MOST", "PLURALS", "Declared", "brief", "document", "enumerated", "html_table", "in_words", "label_of"]

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
    lines = [summary.strip(), "", "Columns", "-------"]
    for item in declared:
        lines.append(f"{item.name} : {item.kind}" + (f", {item.unit}" if item.unit else ""))
        meaning = item.doc.strip()
        if item.words:
            meaning += (": " if meaning else "") + ", ".join(f"{n} {word}" for n, word in enumerate(item.words))
        lines += [f"    {line.strip()}" for line in meaning.splitlines() if line.strip()]
    return "\n".join(lines) + "\n"


def html_table(title: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """Return a small table for notebooks, with a line above it."""
    rows = list(rows)
    head = "".join(f"<th style='text-align:left'>{html.escape(name)}</th>" for name in (rows[0] if rows else ()))
    body = "".join(
        "<tr>"
        + "".join(f"<td style='text-align:left'>{html.escape(_written(cell, ''))}</td>" for cell in row.values())
        + "</tr>"
        for row in rows
    )
    return f"<p><b>{html.escape(title)}</b></p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


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
