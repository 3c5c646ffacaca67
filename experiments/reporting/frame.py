"""What all reports share: title, standing, warnings, links, and the sections in their order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from experiments.core.store.files import replace_file
from experiments.reporting.catalogue import gap
from experiments.reporting.elements import Html
from experiments.reporting.pages import render, style
from sim.paths import expanded

__all__ = ["Section", "Title", "write_page"]


class Title(NamedTuple):
    """The head of a page.

    Attributes
    ----------
    question
        The heading.
    standing
        The line below it: of what the page speaks.
    setting
        What was set otherwise than by default, and what was filled; see `setting.setting`.
    """

    question: str
    standing: str
    setting: Sequence[Html] = ()


Section = tuple[str, str, list[Html]]
"""Anchor, heading and content of a section; one without content is left out."""


def write_page(
    path: str | Path, lang: str, title: Title, warnings: Sequence[str], sections: Sequence[Section],
    kind: str = "report",
) -> Path:
    """Write a page of sections, whole or not at all; return its path.

    Parameters
    ----------
    path
        The file; its folder is made where it is missing.
    lang
        `en` or `zh`.
    title
        Heading, and what stands below it.
    warnings
        What a reader must know before any number.
    sections
        In their order.
    kind
        `report`, or `brief`: set for one page of A4.
    """
    page = render(
        "page.html.j2", lang, kind=kind, title=title.question, standing=title.standing, setting=title.setting,
        style=Html(style()),
        warnings=gap(lang).join(warnings), sections=[section for section in sections if section[2]])
    path = expanded(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, page.encode())
    return path
