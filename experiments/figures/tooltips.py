"""What a figure says beside what it shows: its title, and of a mark its name and its numbers.

Whoever draws a mark tells its axes (`mark`).  A drawing (SVG) carries all of them as circles with titles, which no
paper shows and every browser reads out; a report takes them from there, also where it shows pixels instead.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ATTRIBUTE: Final = "_gongzhi_marks"
CIRCLE: Final = re.compile(
    r'<circle cx="([\d.-]+)" cy="([\d.-]+)" r="([\d.]+)"><title>(.*?)</title></circle>', re.DOTALL
)
GROUP: Final = re.compile(r'<g id="marks" .*?</g>\n', re.DOTALL)
TITLE: Final = re.compile(r"<title>([^<]*)</title>\s*<metadata>")
SIZE: Final = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


class Mark(NamedTuple):
    """Where a mark is, in shares of the figure's width and height from its upper left, and what it says."""

    x: float
    y: float
    radius: float
    text: str


def mark(axes: Axes, x: float, y: float, text: str, radius: float = 4.0) -> None:
    """Let a mark at a place of axes say something; its radius is in points."""
    axes.__dict__.setdefault(ATTRIBUTE, []).append((float(x), float(y), float(radius), text))


def marks_of(figure: Figure) -> list[Mark]:
    """Return what the marks of a figure say that has been drawn, those within their axes."""
    wide, high = figure.bbox.width, figure.bbox.height
    marks = []
    for axes in figure.axes:
        box = axes.get_window_extent()
        for x, y, radius, text in getattr(axes, ATTRIBUTE, ()):
            across, up = axes.transData.transform((x, y))
            if box.x0 - 1 <= across <= box.x1 + 1 and box.y0 - 1 <= up <= box.y1 + 1:
                size = radius * figure.dpi / 72 / wide
                marks.append(Mark(across / wide, 1.0 - up / high, size, text))
    return marks


def with_marks(drawing: str, marks: list[Mark]) -> str:
    """Return an SVG with the marks in it."""
    size = SIZE.search(drawing)
    if size is None or not marks:
        return drawing
    wide, high = map(float, size.groups())
    circles = [
        f'<circle cx="{wide * x:.1f}" cy="{high * y:.1f}" r="{wide * radius:.1f}">'
        f"<title>{escape(text, quote=False)}</title></circle>\n"
        for x, y, radius, text in marks
    ]
    head, tail, rest = drawing.rpartition("</svg>")
    return f'{head}<g id="marks" fill="none" pointer-events="all">\n{"".join(circles)}</g>\n{tail}{rest}'


def title_in(drawing: str) -> str:
    """Return the title of an SVG, which is what was found; nothing where it has none.

    Examples
    --------
    >>> title_in("<svg><title>Conflicts &lt; 2</title><metadata></metadata></svg>"), title_in("<svg></svg>")
    ('Conflicts < 2', '')
    """
    match = TITLE.search(drawing)
    return unescape(match[1]) if match else ""


def without_marks(drawing: str) -> str:
    """Return an SVG without its marks, which an image does not need."""
    return GROUP.sub("", drawing)


def marks_in(drawing: str) -> list[Mark]:
    """Return the marks of an SVG.

    Examples
    --------
    >>> drawing = '<svg viewBox="0 0 200 100">\\n</svg>'
    >>> marks_in(with_marks(drawing, [Mark(0.5, 0.2, 0.01, "a < b: 3")]))
    [Mark(x=0.5, y=0.2, radius=0.01, text='a < b: 3')]
    >>> without_marks(with_marks(drawing, [Mark(0.5, 0.2, 0.01, "a")])) == drawing
    True
    """
    size, group = SIZE.search(drawing), GROUP.search(drawing)
    if size is None or group is None:
        return []
    wide, high = map(float, size.groups())
    return [
        Mark(round(float(x) / wide, 4), round(float(y) / high, 4), round(float(radius) / wide, 4), unescape(text))
        for x, y, radius, text in CIRCLE.findall(group[0])
    ]
