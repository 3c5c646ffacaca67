"""Small tools for a page of HTML that stands alone: elements, tables, pictures inside the page.

Text is escaped unless it is already HTML, so that a name that a user gives can never become a tag.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path

from markupsafe import escape

from experiments.reporting.pages import Html, part_of_page

__all__ = ["Html", "address", "join", "picture", "table", "tag"]

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
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items() if value
    )
    return Html(f"<{name}{written}>{join(content)}</{name}>")


def table(
    head: Sequence[str],
    groups: Sequence[tuple[str, Sequence[Sequence[str]]]],
    numeric: Sequence[int] = (),
    kind: str = "",
) -> Html:
    """Make a table.

    Parameters
    ----------
    head
        Column headings.
    groups
        Headings of groups of rows (empty for none), each with its rows.
    numeric
        Columns set to the right, with figures of one width.
    kind
        Class of the box in which it scrolls.
    """
    return part_of_page("en", "elements.table", heads=head, groups=groups, numeric=numeric, kind=kind)


def address(image: Path) -> str:
    """Return a figure as an address that holds it: a drawing where that is small enough, else pixels."""
    drawing = image.with_suffix(".svg")
    if drawing.exists() and drawing.stat().st_size <= LARGEST_DRAWING:
        source, kind = drawing, "image/svg+xml"
    else:
        source, kind = image, "image/png"
    return f"data:{kind};base64,{base64.b64encode(source.read_bytes()).decode('ascii')}"


def picture(number: int, name: str, path: Path, text: str, lang: str) -> Html:
    """Return one numbered figure with its caption."""
    return part_of_page(lang, "elements.picture", number=number, name=name, address=address(path), caption=text)
