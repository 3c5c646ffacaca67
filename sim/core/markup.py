"""What the end of a cell shows: small pieces of HTML that look right on light and dark pages, and need nothing else.

Every piece takes its colours from the page around it, names no address, and escapes whatever a user may have written.
An object with such a page has a method `_html`, which makes it in a language, and draws and counts nothing before it is
asked; `show` asks for it.
"""

from __future__ import annotations

import base64
import json
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from numbers import Integral, Real
from typing import Any, Final

import numpy as np
from markupsafe import Markup
from numpy.typing import ArrayLike, NDArray

from sim.core.errors import GongzhiError, unknown
from sim.core.message_catalogue import LANGUAGES, MODEL

__all__ = [
    "Page",
    "Shown",
    "details",
    "dots",
    "embedded",
    "line",
    "paragraph",
    "picture",
    "show",
    "swatch",
    "table",
    "titled",
    "written",
]

gettext: Final = MODEL.gettext

COLOURS: Final = ("#3a8fd0", "#c97f00", "#1f9e77", "#c0629b")
"""Of kinds of marks: each is told from the others by colour-blind readers, and from a white and a black page."""
NAMED: Final = 300
"""Marks up to which each has a name that the pointer shows; more would make the page of a city long."""
LARGEST: Final = 16.0
"""Radius of the largest mark of a map."""
POINTS: Final = 160
"""Points of a small series; of longer ones, means are drawn."""

_PAGE: Final = Markup('<div style="color:inherit;background:none;max-width:75em;overflow-x:auto">{}</div>')
_TITLE: Final = Markup('<p style="margin:.3em 0"><b>{}</b></p>')
_PARAGRAPH: Final = Markup('<p style="margin:.3em 0;opacity:{}">{}</p>')
_DETAILS: Final = Markup("<details><summary>{}</summary>{}</details>")
_TABLE: Final = Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>")
_ROW: Final = Markup("<tr>{}</tr>")
_CELL: Final = Markup('<{tag} style="text-align:{side};vertical-align:baseline">{text}</{tag}>')
_FIGURE: Final = Markup(
    '<svg role="img" aria-label="{label}" viewBox="0 0 {width} {height}" '
    'style="width:{shown}px;max-width:100%;height:auto;overflow:visible">{marks}</svg>'
)
_MARK: Final = Markup('<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{fill}">{name}</circle>')
_MARKS: Final = Markup('<g fill-opacity=".7" stroke="currentColor" stroke-width=".4">{}</g>')
_NAME: Final = Markup("<title>{}</title>")
_LINE: Final = Markup('<polyline points="{}" fill="none" stroke="currentColor" stroke-width="1.2"/>')
_UPRIGHT: Final = Markup(
    '<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height}" stroke="currentColor" stroke-dasharray="2 2" opacity=".6"/>'
)


class Page:
    """What shows itself as HTML at the end of a cell."""

    __slots__ = ()

    @abstractmethod
    def _html(self, lang: str) -> Markup:
        """Return the page in a language."""

    def _repr_html_(self) -> str:
        return str(self._html(LANGUAGES[0]))


class Shown:
    """A page in the language in which it was asked for.

    Examples
    --------
    >>> Shown(Markup("<b>12</b> estates"))
    <Shown: 12 estates>
    """

    def __init__(self, html: Markup) -> None:
        self.html = html

    def _repr_html_(self) -> str:
        return str(self.html)

    def __repr__(self) -> str:
        text = self.html.striptags()
        return f"<Shown: {text[:60]}{'...' if len(text) > 60 else ''}>"


def show(thing: Any, lang: str = "en") -> Shown:
    """Show a model, a part of it or a result as a notebook does, in a language.

    Parameters
    ----------
    thing
        Whatever shows itself at the end of a cell: a scenario, district, model, agent, population or result.
    lang
        `en` or `zh`.

    Raises
    ------
    GongzhiError
        Where there is no such page, or no such language.

    Examples
    --------
    >>> import sim
    >>> sim.show(sim.District.synthetic(estates=12, seed=1), lang="zh")  # in a notebook: a map with counts
    <Shown: ...>
    """
    if lang not in LANGUAGES:
        raise GongzhiError(unknown("language", lang, LANGUAGES))
    page = getattr(thing, "_html", None)
    if page is None or isinstance(thing, type):
        name = thing.__name__ if isinstance(thing, type) else type(thing).__name__
        raise GongzhiError(f"A {name} has no page to show; print it, or let it end a cell.")
    return Shown(page(lang))


def written(value: Any, lang: str = "en") -> Any:
    """Write a value as a person reads it; HTML stays as it is.

    Examples
    --------
    >>> written(True), written(1234), written(0.123456), written(None), written(float("nan"))
    ('yes', '1,234', '0.1235', '', '')
    """
    if isinstance(value, bool | np.bool_):
        return gettext(lang, "yes") if value else gettext(lang, "no")
    if value is None or value != value:
        return ""
    if isinstance(value, Integral):
        return f"{int(value):,}"
    if isinstance(value, Real):
        short = f"{float(value):.4g}"
        return f"{float(value):,.0f}" if "e+" in short and abs(float(value)) < 1e9 else short
    return value


def titled(title: str, *parts: Any) -> Markup:
    """Put a title above parts of a page; what is no HTML is escaped.

    Examples
    --------
    >>> "<b>&lt;script&gt;</b>" in titled("<script>")
    True
    """
    return _PAGE.format(_TITLE.format(title) + Markup("").join(parts))


def paragraph(text: Any, quiet: bool = False) -> Markup:
    """Return a paragraph; a quiet one is paler."""
    return _PARAGRAPH.format(".75" if quiet else "1", text)


def details(summary: str, part: Any) -> Markup:
    """Return a part that is folded away until somebody opens it."""
    return _DETAILS.format(summary, part)


def table(head: Sequence[Any], rows: Iterable[Sequence[Any]], lang: str = "en") -> Markup:
    """Return a table: numbers to the right, all else to the left.

    Parameters
    ----------
    head
        Heads of the columns.
    rows
        Values; what is no HTML is escaped.
    lang
        Of the words for true and false.

    Examples
    --------
    >>> table(["kind", "estates"], [("village", 1200)]).striptags()
    'kindestatesvillage1,200'
    """
    rows = [tuple(row) for row in rows]
    right = [any(_is_number(row[place]) for row in rows) for place in range(len(head))]
    body = Markup("").join(_row("td", right, [written(value, lang) for value in row]) for row in rows)
    return _TABLE.format(Markup("").join(_cells("th", right, head)), body)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real | np.number) and not isinstance(value, bool | np.bool_)


def _cells(tag: str, right: Sequence[bool], texts: Sequence[Any]) -> Iterable[Markup]:
    for number, text in zip(right, texts, strict=True):
        yield _CELL.format(tag=Markup(tag), side="right" if number else "left", text=text)


def _row(tag: str, right: Sequence[bool], texts: Sequence[Any]) -> Markup:
    return _ROW.format(Markup("").join(_cells(tag, right, texts)))


def line(values: ArrayLike, label: str, mark: float | None = None) -> Markup:
    """Draw a small series.

    Parameters
    ----------
    values
        One a week.
    label
        What it is, for those who cannot see it.
    mark
        Week in which something begins; None for none.
    """
    series = np.asarray(values, dtype=float)
    width, height = 180, 28
    marks = Markup("")
    if mark is not None and 0 <= mark < series.size:
        marks += _UPRIGHT.format(x=width * mark / max(series.size - 1, 1), height=height)
    step = -(-series.size // POINTS) if series.size > POINTS else 1
    if step > 1:
        padded = np.concatenate([series, np.full(-series.size % step, np.nan)]).reshape(-1, step)
        counts = np.isfinite(padded).sum(axis=1)
        series = np.where(counts, np.nansum(padded, axis=1) / np.maximum(counts, 1), np.nan)
    known = np.isfinite(series).nonzero()[0]
    if known.size:
        low, high = series[known].min(), series[known].max()
        y = height - 2 - (series[known] - low) / (high - low or 1.0) * (height - 4)
        x = known * width / max(series.size - 1, 1)
        marks += _LINE.format(" ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True)))
    return _FIGURE.format(label=label, width=width, height=height, shown=width, marks=marks)


def dots(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    size: NDArray[Any],
    kind: NDArray[Any],
    names: Sequence[str],
    label: str,
) -> Markup:
    """Draw places as a map: north is up, areas follow sizes, colours follow kinds.

    Parameters
    ----------
    x, y
        Where they are, in one unit, shape (places,).
    size
        What their areas stand for.
    kind
        Numbers of `COLOURS`.
    names
        What the pointer shows, where there are no more than `NAMED`.
    label
        What the map is, for those who cannot see it.
    """
    width = 380.0
    span = max(float(np.ptp(x)), float(np.ptp(y)), 1e-9)
    scale = (width - 2 * LARGEST) / span
    height = float(np.ptp(y)) * scale + 2 * LARGEST
    across, up = LARGEST + (x - x.min()) * scale, height - LARGEST - (y - y.min()) * scale
    # Marks cover about a fifth of the map at most, whatever the number of places.
    share = min(
        0.2 * width * max(height, 60.0) / np.pi / max(float(size.sum()), 1e-9), LARGEST**2 / max(size.max(), 1e-9)
    )
    radius = np.maximum(np.sqrt(size * share), 1.2)
    named = len(names) <= NAMED
    order = np.argsort(-radius, kind="stable").tolist()
    marks = Markup("").join(
        _MARK.format(
            x=across[place],
            y=up[place],
            r=radius[place],
            fill=COLOURS[int(kind[place]) % len(COLOURS)],
            name=_NAME.format(names[place]) if named else "",
        )
        for place in order
    )
    return _FIGURE.format(
        label=label, width=int(width), height=max(round(height), 1), shown=int(width), marks=_MARKS.format(marks)
    )


def picture(image: bytes, label: str) -> Markup:
    """Return a figure that is drawn already, as a PNG within the page; it keeps its own paper.

    Examples
    --------
    >>> picture(b"", "effects")
    Markup('<img alt="effects" style="max-width:100%" src="data:image/png;base64,">')
    """
    data = Markup(base64.b64encode(image).decode("ascii"))
    return Markup('<img alt="{}" style="max-width:100%" src="data:image/png;base64,{}">').format(label, data)


def embedded(data: Any) -> Markup:
    """Write plain data as JSON within a page, which no text in it can end.

    Examples
    --------
    >>> str(embedded({"name": "</script>"}))
    '{"name":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def swatch(kind: int) -> Markup:
    """Return the mark of a kind as a map has it, for a legend."""
    return Markup('<span aria-hidden="true" style="color:{}">&#9679;</span> ').format(COLOURS[kind % len(COLOURS)])
