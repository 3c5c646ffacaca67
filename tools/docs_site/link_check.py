"""Links of the built site: each leads to a page and a place on it, and no page fetches anything from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

FETCHED: Final = {"script": "src", "img": "src", "source": "src", "iframe": "src", "video": "src", "link": "href"}
"""Elements that a browser fetches by itself, and the attribute that names what."""
IN_STYLE: Final = re.compile(r"(?:url\(|@import\s+)['\"]?((?:https?:)?//[^)'\"\s]+)")


@dataclass
class Links:
    """What a page refers to, and the places on it."""

    places: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    resources: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Links()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.found.places.update(values[name] for name in ("id", "name") if values.get(name))
        if tag == "a" and values.get("href"):
            self.found.links.add(values["href"])
        if values.get(FETCHED.get(tag, "")):
            self.found.resources.add(values[FETCHED[tag]])


def read(page: Path) -> Links:
    """Return what a page refers to."""
    reader = _Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader.found


def problems(site: Path) -> list[str]:
    """Return what is wrong with the links of a built site, a line for each."""
    site = site.resolve()
    pages = {path: read(path) for path in sorted(site.rglob("*.html")) if "_static" not in path.parts}
    found = []
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        found += [f"{name}: fetches {one}" for one in sorted(page.resources) if _is_elsewhere(one)]
        for link in sorted(page.links | page.resources):
            if not _is_elsewhere(link) and (why := _dead(path, link, pages)):
                found.append(f"{name}: {link} {why}")
    return found + list(_styles(site))


def _is_elsewhere(link: str) -> bool:
    return bool(re.match(r"(?:[a-z]+:)?//", link)) and not link.startswith("file:")


def _dead(path: Path, link: str, pages: dict[Path, Links]) -> str:
    parts = urlsplit(link)
    if parts.scheme:  # mail, data
        return ""
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if target.is_dir():
        target /= "index.html"
    if not target.exists():
        return "leads nowhere"
    place = unquote(parts.fragment)
    if place and target in pages and place not in pages[target].places:
        return "is no place on that page"
    return ""


def _styles(site: Path) -> Iterator[str]:
    for path in sorted(site.rglob("*.css")):
        for address in IN_STYLE.findall(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(site).as_posix()}: fetches {address}"
