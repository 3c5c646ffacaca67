"""The figure of a sign map: a panel for each opponent and for each level of a third and a fourth parameter.

The first two parameters of the design are the panel's axes.  With a third one there is a column of panels for each of
its levels and a row for each opponent; with a fourth there is a figure for each opponent and a row for each of its
levels.  Every cell of a grid has a mark, a tint and, where there is room, the size of the difference.  Points that fill
a plane are drawn where they are; points that fill a space of more parameters go to `projections_figure`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.signmap.projections_figure import limits_of, scatter
from experiments.analyses.signmap.signmap_findings import counted, judged, note, signs
from experiments.analyses.signmap.signmap_key import DASHES, draw_mark, entries, mark, parameter
from experiments.analyses.signmap.signmap_view import SignMapView
from experiments.figures import style
from experiments.figures.legend import keyed_sheet
from experiments.figures.sheet import WIDTH, text_width
from experiments.reporting.declared import level
from experiments.reporting.finding import Finding

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["panels_figure"]

TINTS: Final = {
    "helps": "#bfdaed",
    "better": "#e2ebf1",
    "equivalent": "#ececec",
    "worse": "#f1e9e4",
    "harms": "#fae3d8",
    "undecided_better": "#ffffff",
    "undecided_worse": "#ffffff",
    "undecided": "#ffffff",
}
HATCHED: Final = "#e3a88c"
LEFT, GAP, HEAD, SUBHEAD, FOOT = 0.66, 0.14, 0.24, 0.17, 0.48


@dataclass(frozen=True)
class Panel:
    """One panel: its heading, its rows of the map's table, and the values that are the same in it."""

    head: str
    rows: pd.DataFrame = field(repr=False)
    fixed: Mapping[str, Any]


@dataclass(frozen=True)
class Block:
    """Panels side by side under a common heading."""

    head: str
    panels: tuple[Panel, ...]


def _blocks(view: SignMapView, lang: str) -> list[Block]:
    """Arrange the panels by opponents, and by the levels of a third parameter or of a third and a fourth one."""
    if len(view.names) == 4:
        rows, fourth, (opponent,) = view.table, view.names[3], view.against
        heads = {
            value: Finding("signmap.against_at", opponent=opponent, policy=view.policy, parameter=fourth, value=value)
            for value in view.levels(fourth)
        }
        return [
            Block(head.text(lang), _row(view, rows[rows[fourth] == value], {fourth: value}, lang))
            for value, head in heads.items()
        ]
    if len(view.names) == 3:
        return [
            Block(counted(view, opponent).text(lang), _row(view, view.rows(opponent), {}, lang))
            for opponent in view.against
        ]
    across = len(view.against) if len(view.against) <= 3 else 2
    room = (WIDTH - LEFT) / across - GAP
    panels = [Panel(_fitting(view, opponent, room, lang), view.rows(opponent), {}) for opponent in view.against]
    return [Block("", tuple(panels[start : start + across])) for start in range(0, len(panels), across)]


def _row(view: SignMapView, rows: pd.DataFrame, fixed: Mapping[str, Any], lang: str) -> tuple[Panel, ...]:
    """A panel for each level of the third parameter."""
    third = view.names[2]
    return tuple(
        Panel(
            f"{third if place == 0 else ''} = {level(value, lang, 3)}".strip(),
            rows[rows[third] == value],
            {**fixed, third: value},
        )
        for place, value in enumerate(view.levels(third))
    )


def _fitting(view: SignMapView, opponent: str, room: float, lang: str) -> str:
    """Name the opponent, with the counts of signs where there is room for them."""
    text = counted(view, opponent).text(lang)
    if text_width(text, 7.5, lang) <= room:
        return text
    return Finding("signmap.against", opponent=opponent, policy=view.policy).text(lang)


def panels_figure(view: SignMapView, lang: str = "en") -> Figure:
    """Draw blocks of panels below one another; of four parameters, a map against one opponent."""
    blocks = _blocks(view, lang)
    across, up = view.names[:2]
    count = max(len(block.panels) for block in blocks)
    width = min((WIDTH - LEFT - 0.06 - GAP * (count - 1)) / count, 4.6)
    height = min(width * 0.95, 2.9)
    lines = [_lines(view, block.panels) for block in blocks]
    crossing = sorted({number for row in lines for panel in row for number in panel})
    keys = entries(view, lang, [view.boundaries[number] for number in crossing])
    tops, top = [], 0.05
    for block in blocks:
        top += (HEAD if block.head else 0.0) + SUBHEAD
        tops.append(top)
        top += height + 0.16
    top += FOOT - 0.16
    grid = view.is_grid
    numbers = grid and _roomy(view, width, height)
    texts = (signs(view, title=True), judged(view), note(view, numbers=numbers))
    sheet = keyed_sheet(texts, top, keys, lang)
    for block, row, start in zip(blocks, lines, tops, strict=True):
        if block.head:
            sheet.text(0.05, start - SUBHEAD - 0.07, block.head, size=8, weight="bold")
        for place, panel in enumerate(block.panels):
            left = LEFT + place * (width + GAP)
            axes = sheet.axes(left, start, width, height)
            sheet.text(left, start - 0.05, panel.head, size=7.5)
            if grid:
                _cells(axes, view, panel.rows, across, up, numbers)
                _ticks(axes, view, width, lang)
            else:
                scatter(axes, view, panel.rows, (across, up), min(width, height))
            for number, (x, y, gap) in row[place].items():
                axes.contour(
                    x,
                    y,
                    gap,
                    levels=[0.0],
                    colors=style.INK,
                    linewidths=1.3,
                    zorder=4,
                    linestyles=[DASHES[crossing.index(number) % len(DASHES)]],
                )
            axes.tick_params(labelsize=7, labelleft=place == 0, labelbottom=block is blocks[-1])
            if place == 0:
                axes.set_ylabel(parameter(up, view.scenario, lang), size=7.5)
    bottom = tops[-1] + height
    label = parameter(across, view.scenario, lang).replace("\n", " " if lang == "en" else "")
    sheet.text(LEFT, bottom + 0.33, label, size=7.5)
    return sheet.finished()


def _lines(view: SignMapView, panels: Sequence[Panel]) -> list[dict[int, tuple[Any, Any, Any]]]:
    """Where each boundary runs in each panel: nothing where it depends on a name, or lies outside."""
    across, up = view.names[:2]
    if view.is_categorical(across) or view.is_categorical(up):
        return [{} for _ in panels]
    x, y = (np.linspace(*_possible(view, name), 121) for name in (across, up))
    lines: list[dict[int, tuple[Any, Any, Any]]] = []
    for panel in panels:
        scenario, line = view.scenario.replace(dict(panel.fixed)), {}
        for number, boundary in enumerate(view.boundaries):
            if {across, up} & set(boundary.depends):
                gap = boundary.over(scenario, (across, x), (up, y))
                if gap.min() < 0.0 < gap.max():
                    line[number] = (x, y, gap)
        lines.append(line)
    return lines


def _possible(view: SignMapView, name: str) -> tuple[float, float]:
    """Ends of an axis, as far as the parameter can take these values."""
    low, high = _ends(view, name)
    facts = {row["name"]: row for row in view.scenario.parameters()}.get(name, {})
    least, most = facts.get("low"), facts.get("high")
    return low if least is None else max(low, least), high if most is None else min(high, most)


def _places(view: SignMapView, name: str) -> NDArray[np.float64]:
    """Where levels stand on an axis: numbers at their value, names at their rank."""
    levels = view.levels(name)
    return np.asarray(range(len(levels)) if view.is_categorical(name) else levels, dtype=float)


def _edges(middles: NDArray[np.float64]) -> NDArray[np.float64]:
    between = (middles[1:] + middles[:-1]) / 2
    return np.concatenate([[2 * middles[0] - between[0]], between, [2 * middles[-1] - between[-1]]])


def _ends(view: SignMapView, name: str) -> tuple[float, float]:
    if not view.is_grid:
        return limits_of(view, name)
    edges = _edges(_places(view, name))
    return float(edges[0]), float(edges[-1])


def _roomy(view: SignMapView, width: float, height: float) -> bool:
    """Tell whether the smallest cell has room for a number below its mark."""
    sides = []
    for name, size in zip(view.names[:2], (width, height), strict=True):
        edges = _edges(_places(view, name))
        sides.append(size * float(np.diff(edges).min()) / float(edges[-1] - edges[0]))
    return sides[0] >= 0.3 and sides[1] >= 0.3


def _cells(axes: Axes, view: SignMapView, rows: pd.DataFrame, across: str, up: str, numbers: bool) -> None:
    from matplotlib.patches import Rectangle

    columns, lines = view.levels(across), view.levels(up)
    wide, high = _places(view, across), _places(view, up)
    left, low = _edges(wide), _edges(high)
    for row in rows.to_dict("records"):
        x, y = columns.index(row[across]), lines.index(row[up])
        harms = row["sign"] == "harms"
        axes.add_patch(
            Rectangle(
                (left[x], low[y]),
                left[x + 1] - left[x],
                low[y + 1] - low[y],
                facecolor=TINTS[row["sign"]],
                edgecolor=HATCHED if harms else TINTS[row["sign"]],
                hatch="/////" if harms else None,
                linewidth=0.0 if harms else 0.4,
                zorder=0,
            )
        )
        lifted = _shifted(axes, 3.2 if numbers else 0.0)
        look = mark(row["sign"], row["ended"])
        draw_mark(axes, wide[x], high[y], look, 5.4, markeredgewidth=0.6, zorder=5, transform=lifted)
        if numbers and np.isfinite(row["relative"]):
            axes.annotate(
                _percent(row["relative"]),
                (wide[x], high[y]),
                xytext=(0, -4.2),
                textcoords="offset points",
                ha="center",
                va="center",
                fontsize=5.6,
                zorder=6,
                bbox={"boxstyle": "square,pad=0.08", "facecolor": TINTS[row["sign"]], "linewidth": 0},
            )
    axes.set_xlim(left[0], left[-1])
    axes.set_ylim(low[0], low[-1])


def _shifted(axes: Axes, points: float) -> Any:
    from matplotlib.transforms import ScaledTranslation

    return axes.transData + ScaledTranslation(0, points / 72, axes.figure.dpi_scale_trans)


def _percent(share: float) -> str:
    """Write a share as per cent in a few characters.

    Examples
    --------
    >>> _percent(-0.0312), _percent(0.126), _percent(0.0)
    ('−3.1', '+13', '0')
    """
    size = 100 * abs(share)
    text = f"{size:.0f}" if size >= 9.95 else f"{size:.1f}"
    if not text.strip("0."):
        return "0"
    return ("−" if share < 0 else "+") + text


def _ticks(axes: Axes, view: SignMapView, width: float, lang: str) -> None:
    """Name as many levels as there is room for."""
    for axis, name in ((axes.xaxis, view.names[0]), (axes.yaxis, view.names[1])):
        texts, places = [level(value, lang, 3) for value in view.levels(name)], _places(view, name)
        step = 1
        if axis is axes.xaxis:
            longest = max(text_width(text, 7, lang) for text in texts) + 0.06
            step = max(1, int(np.ceil(longest * len(texts) / width)))
        axis.set_ticks(places[::step], texts[::step])
