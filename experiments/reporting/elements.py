"""Small tools for a page of HTML that stands alone: elements, tables, pictures inside the page.

Text is escaped unless it is already HTML, so that a name that a user gives can never become a tag.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup as Html
from markupsafe import escape

from experiments.reporting.catalogue import gettext

__all__ = ["Html", "embed", "join", "picture", "table", "tag"]

#: A drawing with more bytes than this is taken as pixels, which are smaller for maps of a thousand estates.
LARGEST_DRAWING = 400_000


def join(parts: Sequence[str], between: str = "") -> Html:
    """Set parts one after the other, escaping those that are plain text.

    Examples
    --------
    >>> str(join(["a < b", tag("b", "c")]))
    'a &lt; b<b>c</b>'
    """
    return escape(between).join(parts)


def tag(name: str, /, *content: str, **attributes: str) -> Html:
    """Make an element; a trailing underscore in an attribute's name is dropped (`class_`).

    Examples
    --------
    >>> str(tag("p", "5 > 4", class_="note"))
    '<p class="note">5 &gt; 4</p>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value
    )
    if name in ("img", "meta", "br", "col"):
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(content)}</{name}>")


def table(
    head: Sequence[str],
    groups: Sequence[tuple[str, Sequence[Sequence[str]]]],
    numeric: Sequence[int] = (),
    kind: str = "",
    caption: str = "",
) -> Html:
    """Make a table that scrolls inside its own box on a screen and breaks across pages in print.

    Parameters
    ----------
    head
        Column headings.
    groups
        Headings of groups of rows (empty for none), each with its rows.
    numeric
        Columns set to the right, with figures of one width.
    kind
        Class of the box.
    """

    def cell(name: str, column: int, content: str) -> Html:
        scope = "col" if name == "th" else ""
        return tag(name, content, class_="number" if column in numeric else "", scope=scope)

    body = []
    for title, rows in groups:
        lines = [
            tag("tr", *(cell("td", column, content) for column, content in enumerate(row))) for row in rows
        ]
        if title:
            lines.insert(
                0, tag("tr", tag("th", title, colspan=str(len(head)), scope="rowgroup"), class_="group")
            )
        body.append(tag("tbody", *lines))
    top = tag("thead", tag("tr", *(cell("th", column, content) for column, content in enumerate(head))))
    name = [tag("caption", caption)] if caption else []
    return tag("div", tag("table", *name, top, *body), class_=f"box {kind}".strip(), tabindex="0")


def embed(image: Path, text: str) -> Html:
    """Return a figure as an image inside the page: a drawing where that is small enough, else pixels."""
    drawing = image.with_suffix(".svg")
    if drawing.exists() and drawing.stat().st_size <= LARGEST_DRAWING:
        source, kind = drawing, "image/svg+xml"
    else:
        source, kind = image, "image/png"
    data = base64.b64encode(source.read_bytes()).decode("ascii")
    return tag("img", src=f"data:{kind};base64,{data}", alt=text)


def picture(number: int, name: str, path: Path, text: str, lang: str) -> Html:
    """Return one numbered figure with its caption."""
    label = gettext(lang, "Figure {number_}. ", number_=number)
    caption = tag("figcaption", tag("b", label), text)
    return tag("figure", embed(path, text or name), caption, id=f"figure-{name}")
