"""A page of a report, read as a browser reads it: headings, text, tables by section, figures by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["Figure", "Page", "Row", "Table"]

VOID = {"img", "meta", "br", "col", "link", "input"}


@dataclass
class Row:
    """A row of a table: the heading of its group, and the pieces of text in each cell."""

    group: str
    cells: list[list[str]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """Return each cell's text as one."""
        return ["".join(pieces) for pieces in self.cells]


@dataclass
class Table:
    """A table: the identity of the section it stands in, its column headings, its rows without headings of groups."""

    section: str
    head: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass
class Figure:
    """A figure: what stands in the place of the image where it is not seen, the number, and the caption after it."""

    alternative: str = ""
    number: str = ""
    caption: str = ""


class Page(HTMLParser):
    """Reads a page.

    Attributes
    ----------
    headings, addresses, text, names, scripts
        Of the whole page: headings, addresses that it refers to, pieces of text, names of elements, and what
        scripts hold that run.
    rows
        Cells of every row of every table, headings included.
    tables, figures
        Tables in their order, and figures by identity, without `figure-`.
    """

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []
        self.addresses: list[str | None] = []
        self.text: list[str] = []
        self.rows: list[list[str]] = []
        self.names: set[str] = set()
        self.scripts: list[str] = []
        self.tables: list[Table] = []
        self.figures: dict[str, Figure] = {}
        self._section = self._figure = self._group = ""
        self._heads_a_group = self._runs = False
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.names.add(name)
        given = dict(attributes)
        self.addresses += [value for key, value in attributes if key in ("src", "href")]
        if name not in VOID:
            self.open.append(name)
        if name == "section":
            self._section = given.get("id") or ""
        elif name == "figure":
            self._figure = (given.get("id") or "").removeprefix("figure-")
            assert self._figure not in self.figures, "two figures of one name"
            self.figures[self._figure] = Figure()
        elif name == "img" and "figure" in self.open:
            self.figures[self._figure].alternative = given.get("alt") or ""
        elif name == "script":
            self._runs = given.get("type") != "application/json"
        elif name == "table":
            self.tables.append(Table(self._section))
            self._group = ""
        elif name == "tr":
            self.rows.append([])
            if "thead" not in self.open:
                self.tables[-1].rows.append(Row(self._group))
        elif name in ("td", "th"):
            self.rows[-1].append("")
            if "thead" in self.open:
                self.tables[-1].head.append("")
            else:
                self.tables[-1].rows[-1].cells.append([])
            self._heads_a_group = given.get("scope") == "rowgroup"
            if self._heads_a_group:
                self.tables[-1].rows.pop()
                self._group = ""

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop() == name
        if name == "section":
            self._section = ""

    def handle_data(self, data: str) -> None:
        if "script" in self.open and self._runs:
            self.scripts.append(data)
        if {"style", "script"} & set(self.open):
            return
        self.text.append(data)
        if {"h1", "h2", "h3"} & set(self.open):
            self.headings.append(data)
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data
            if self._heads_a_group:
                self._group += data
            elif "thead" in self.open:
                self.tables[-1].head[-1] += data
            else:
                self.tables[-1].rows[-1].cells[-1].append(data)
        if "figcaption" in self.open:
            figure = self.figures[self._figure]
            if "b" in self.open:
                figure.number += data.strip()
            else:
                figure.caption += data

    @property
    def said(self) -> str:
        """Return all text, with single spaces."""
        return " ".join("".join(self.text).split())

    def table(self, section: str) -> Table:
        """Return the only table of a section."""
        (only,) = (table for table in self.tables if table.section == section)
        return only
