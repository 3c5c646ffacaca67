"""The pages of the site, as docs/site.toml has them: sections, the pages of each, and their titles."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Page:
    """A page: its file from the top of the repository, without suffix, and its titles in the navigation.

    A notebook that site.toml does not list is called by its own heading in both languages.
    """

    name: str
    title: str | None = None
    chinese: str | None = None

    def heading(self, lang: str) -> str | None:
        """Return its title in a language."""
        return self.chinese if lang.startswith("zh") else self.title


@dataclass(frozen=True)
class SectionOfPages:
    """A section of the site: the page that opens it, and those beneath."""

    opening: Page
    pages: tuple[Page, ...]


@cache
def chinese_words() -> Any:
    """Return the words that only the Chinese site needs."""
    return tomllib.loads((ROOT / "docs/site.toml").read_text(encoding="utf-8"))["chinese"]


@cache
def sections() -> tuple[SectionOfPages, ...]:
    """Return the sections in the order in which they stand."""
    declared = tomllib.loads((ROOT / "docs/site.toml").read_text(encoding="utf-8"))["section"]
    return tuple(
        SectionOfPages(
            Page(section["page"], section["title"], section["zh"]),
            (*_pages(section), *(_unlisted_notebooks(section) if section.get("notebooks") else ())),
        )
        for section in declared
    )


def pages() -> list[Page]:
    """Return all pages but the front page."""
    return [page for section in sections() for page in (section.opening, *section.pages)]


def _pages(section: dict[str, list[list[str]]]) -> tuple[Page, ...]:
    return tuple(Page(*entry) for entry in section.get("pages", []))


def _unlisted_notebooks(section: dict[str, list[list[str]]]) -> tuple[Page, ...]:
    listed = {page.name for page in _pages(section)}
    found = [f"notebooks/{path.stem}" for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    return tuple(Page(name) for name in found if name not in listed and not name.endswith(".zh"))
