"""A page of a report, read as a browser reads it."""

from __future__ import annotations

from html.parser import HTMLParser

__all__ = ["Page"]

VOID = {"img", "meta", "br", "col", "link"}


class Page(HTMLParser):
    """Reads a page: open elements, headings, cells of tables, addresses, text."""

    def __init__(self, source):
        super().__init__()
        self.open, self.headings, self.addresses, self.text, self.rows, self.names = [], [], [], [], [], set()
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, name, attributes):
        self.names.add(name)
        self.addresses += [value for key, value in attributes if key in ("src", "href")]
        if name not in VOID:
            self.open.append(name)
        if name == "tr":
            self.rows.append([])
        if name in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, data):
        if "style" in self.open:
            return
        self.text.append(data)
        if {"h1", "h2", "h3"} & set(self.open):
            self.headings.append(data)
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data

    @property
    def said(self):
        return " ".join("".join(self.text).split())
