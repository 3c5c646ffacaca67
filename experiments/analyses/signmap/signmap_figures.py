"""The figure of a sign map: a panel for each opponent and for each level of a third and a fourth parameter.

The first two parameters of the design are the panel's axes.  With a third one there is a column of panels for each of
its levels and a row for each opponent; with a fourth there is a figure for each opponent and a row for each of its
levels.  Every cell of a grid has a mark, a tint and, where there is room, the size of the difference.  Points that fill
a plane are drawn where they are; points that fill a space of more parameters go to `projections`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.signmap import signmap_view as mapped
from experiments.analyses.signmap.projections import limits_of, projections_figure, scatter
from experiments.analyses.signmap.signmap_view import DASHES, SIGN_WORDS, Border, Mapped
from experiments.analyses.signmap.terciles_figure import thirds_figure
from experiments.figures import style
from experiments.figures.legend import draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, text_width
from experiments.reporting.catalogue import gettext, pgettext

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["is_grid", "panels_figure", "figure_names", "signmap_figures"]

TINTS: Final = {
    "helps": "#bfdaed", "better": "#e2ebf1", "equivalent": "#ececec", "worse": "#f1e9e4", "harms": "#fae3d8",
    "undecided_better": "#ffffff", "undecided_worse": "#ffffff", "undecided": "#ffffff",
}  # fmt: skip
HATCHED: Final = "#e3a88c"
MOST: Final = 6
"""Panels in a row at most; levels of a third or fourth parameter beyond it are shown as projections."""

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


def is_grid(made: Mapped) -> bool:
    """Tell whether the points are all combinations of levels, of few enough parameters for panels."""
    sizes = [len(made.levels(name)) for name in made.names]
    return (2 <= len(sizes) <= 4 and int(np.prod(sizes)) == len(made.points) and min(sizes[:2]) > 1
            and all(size <= MOST for size in sizes[2:]))


def figure_names(made: Mapped) -> list[str]:
    """Name the figures of a map, by the files that they go to."""
    grid = is_grid(made)
    one = len(made.names) != 4 if grid else len(made.names) == 2
    names = [f"signmap{f'-{number}' if number > 1 else ''}" for number in range(1, 2 if one else len(made.against) + 1)]
    return names + (["signmap-thirds"] if len(made.names) > 2 or not grid else [])


def signmap_figures(made: Mapped, shares: pd.DataFrame) -> dict[str, Figure]:
    """Draw a map, by the names that files are to have.

    A grid of two to four parameters is drawn as panels; other points as projections to each pair of parameters, one
    figure for each opponent.  With more than two parameters, the shares of signs by thirds follow.
    """
    lang, _ = style.language(made.lang)
    made = replace(made, lang=lang)
    with style.drawing(lang):
        if len(made.names) == 4 and is_grid(made):
            drawn = [panels_figure(made.alone(other), _by_fourth(made, other)) for other in made.against]
        elif is_grid(made) or len(made.names) == 2:
            drawn = [panels_figure(made, _by_opponent(made))]
        else:
            drawn = [projections_figure(made, other, shares) for other in made.against]
        figures = {f"signmap{f'-{number}' if number > 1 else ''}": one for number, one in enumerate(drawn, start=1)}
        if len(made.names) > 2 or not is_grid(made):
            figures["signmap-thirds"] = thirds_figure(made, shares)
    return figures


def _by_opponent(made: Mapped) -> list[Block]:
    """Arrange the panels of two or three parameters: opponents side by side, or a row of levels for each."""
    if len(made.names) == 3:
        return [Block(_counted(made, other), _row(made, made.rows(other), {})) for other in made.against]
    across = len(made.against) if len(made.against) <= 3 else 2
    room = (WIDTH - LEFT) / across - GAP
    panels = [Panel(_fitting(made, other, room), made.rows(other), {}) for other in made.against]
    return [Block("", tuple(panels[start : start + across])) for start in range(0, len(panels), across)]


def _by_fourth(made: Mapped, other: str) -> list[Block]:
    """Arrange the panels of four parameters against one opponent: a row for each level of the fourth."""
    rows, fourth = made.rows(other), made.names[3]
    head = gettext(made.lang, "against {opponent}, ", opponent=mapped.opponent(made, other))
    return [
        Block(f"{head}{fourth} = {_level(value, made.lang)}", _row(made, rows[rows[fourth] == value], {fourth: value}))
        for value in made.levels(fourth)]


def _row(made: Mapped, rows: pd.DataFrame, fixed: Mapping[str, Any]) -> tuple[Panel, ...]:
    """A panel for each level of the third parameter."""
    third = made.names[2]
    return tuple(
        Panel(f"{third if place == 0 else ''} = {_level(value, made.lang)}".strip(), rows[rows[third] == value],
              {**fixed, third: value}) for place, value in enumerate(made.levels(third)))


def _against(made: Mapped, other: str) -> str:
    return gettext(made.lang, "against {opponent}", opponent=mapped.opponent(made, other))


def _counted(made: Mapped, other: str) -> str:
    counts, lang = made.counts(other), made.lang
    told = [f"{gettext(lang, SIGN_WORDS[sign])} {count}" for sign, count in counts.items() if count]
    return _against(made, other) + gettext(lang, ": ") + pgettext(lang, "between clauses", ", ").join(told)


def _fitting(made: Mapped, other: str, room: float) -> str:
    """Name the opponent, with the counts of signs where there is room for them."""
    text = _counted(made, other)
    return text if text_width(text, 7.5, made.lang) <= room else _against(made, other)


def _level(value: Any, lang: str = "en") -> str:
    """Write a level as short as an axis asks.

    Examples
    --------
    >>> _level(0.4833333), _level(1034), _level("own"), _level(True)
    ('0.483', '1034', 'own', 'on')
    """
    if isinstance(value, bool):
        return gettext(lang, "on") if value else gettext(lang, "off")
    if not isinstance(value, int | float):
        return str(value)
    short = f"{value:.3g}"
    return f"{value:g}" if "e" in short else short


def panels_figure(made: Mapped, blocks: Sequence[Block]) -> Figure:
    """Draw blocks of panels below one another."""
    across, up = made.names[:2]
    count = max(len(block.panels) for block in blocks)
    width = min((WIDTH - LEFT - 0.06 - GAP * (count - 1)) / count, 4.6)
    height = min(width * 0.95, 2.9)
    borders = [border for border in made.borders if not border.outcomes or made.outcome in border.outcomes]
    lines = [_lines(made, block.panels, borders) for block in blocks]
    drawn = [border for number, border in enumerate(borders) if any(number in found for row in lines for found in row)]
    keys = mapped.entries(made, drawn)
    tops, top = [], 0.05
    for block in blocks:
        top += (HEAD if block.head else 0.0) + SUBHEAD
        tops.append(top)
        top += height + 0.16
    top += FOOT - 0.16
    grid = is_grid(made)
    numbers = grid and _roomy(made, width, height)
    sheet = Sheet(mapped.title(made), mapped.subtitle(made), mapped.note(made, numbers),
                  top + key_height(keys, made.lang), made.lang)
    for block, found, start in zip(blocks, lines, tops, strict=True):
        if block.head:
            sheet.text(0.05, start - SUBHEAD - 0.07, block.head, size=8, weight="bold")
        for place, panel in enumerate(block.panels):
            left = LEFT + place * (width + GAP)
            axes = sheet.axes(left, start, width, height)
            sheet.text(left, start - 0.05, panel.head, size=7.5)
            if grid:
                _cells(axes, made, panel.rows, across, up, numbers)
                _ticks(axes, made, width)
            else:
                scatter(axes, made, panel.rows, across, up, min(width, height))
            for number, (x, y, gap) in found[place].items():
                axes.contour(x, y, gap, levels=[0.0], colors=style.INK, linewidths=1.3, zorder=4,
                             linestyles=[DASHES[drawn.index(borders[number]) % len(DASHES)]])
            axes.tick_params(labelsize=7, labelleft=place == 0, labelbottom=block is blocks[-1])
            if place == 0:
                axes.set_ylabel(mapped.parameter(up, made.world, made.lang), size=7.5)
    bottom = tops[-1] + height
    label = mapped.parameter(across, made.world, made.lang).replace("\n", " ")
    sheet.text(LEFT, bottom + 0.33, label, size=7.5)
    draw_key(sheet, keys, top)
    return sheet.finished()


def _lines(made: Mapped, panels: Sequence[Panel], borders: Sequence[Border]) -> list[dict[int, tuple[Any, Any, Any]]]:
    """Where each border runs in each panel: nothing where it depends on a name, or lies outside."""
    across, up = made.names[:2]
    if any(_named(made.levels(name)) for name in (across, up)):
        return [{} for _ in panels]
    x, y = (np.linspace(*_possible(made, name), 121) for name in (across, up))
    found: list[dict[int, tuple[Any, Any, Any]]] = []
    for panel in panels:
        world, here = made.world.replace(dict(panel.fixed)), {}
        for number, border in enumerate(borders):
            if {across, up} & set(border.depends):
                gap = border.over(world, (across, x), (up, y))
                if gap.min() < 0.0 < gap.max():
                    here[number] = (x, y, gap)
        found.append(here)
    return found


def _possible(made: Mapped, name: str) -> tuple[float, float]:
    """Ends of an axis, as far as the parameter can take these values."""
    low, high = _ends(made, name)
    facts = {row["name"]: row for row in made.world.parameters()}.get(name, {})
    least, most = facts.get("low"), facts.get("high")
    return low if least is None else max(low, least), high if most is None else min(high, most)


def _named(levels: Sequence[Any]) -> bool:
    return any(isinstance(level, str | bool) for level in levels)


def _places(levels: Sequence[Any]) -> NDArray[np.float64]:
    """Where levels stand on an axis: numbers at their value, names at their rank."""
    return np.arange(len(levels), dtype=float) if _named(levels) else np.asarray(levels, dtype=float)


def _edges(middles: NDArray[np.float64]) -> NDArray[np.float64]:
    between = (middles[1:] + middles[:-1]) / 2
    return np.concatenate([[2 * middles[0] - between[0]], between, [2 * middles[-1] - between[-1]]])


def _ends(made: Mapped, name: str) -> tuple[float, float]:
    if not is_grid(made):
        return limits_of(made, name)
    edges = _edges(_places(made.levels(name)))
    return float(edges[0]), float(edges[-1])


def _roomy(made: Mapped, width: float, height: float) -> bool:
    """Tell whether the smallest cell has room for a number below its mark."""
    sides = []
    for name, size in zip(made.names[:2], (width, height), strict=True):
        edges = _edges(_places(made.levels(name)))
        sides.append(size * float(np.diff(edges).min()) / float(edges[-1] - edges[0]))
    return sides[0] >= 0.3 and sides[1] >= 0.3


def _cells(axes: Axes, made: Mapped, rows: pd.DataFrame, across: str, up: str, numbers: bool) -> None:
    from matplotlib.patches import Rectangle

    columns, lines = made.levels(across), made.levels(up)
    wide, high = _places(columns), _places(lines)
    left, low = _edges(wide), _edges(high)
    for row in rows.to_dict("records"):
        x, y = columns.index(row[across]), lines.index(row[up])
        harms = row["sign"] == "harms"
        axes.add_patch(Rectangle(
            (left[x], low[y]), left[x + 1] - left[x], low[y + 1] - low[y], facecolor=TINTS[row["sign"]],
            edgecolor=HATCHED if harms else TINTS[row["sign"]], hatch="/////" if harms else None,
            linewidth=0.0 if harms else 0.4, zorder=0))
        look = mapped.mark(row["sign"], row["ended"])
        lifted = 3.2 if numbers else 0.0
        axes.plot(wide[x], high[y], marker=look["marker"], markersize=5.4 * look["size"], markerfacecolor=look["face"],
                  markeredgecolor=look["edge"], markeredgewidth=0.6, linestyle="none", zorder=5,
                  transform=_shifted(axes, lifted))
        if numbers and np.isfinite(row["relative"]):
            axes.annotate(_percent(row["relative"]), (wide[x], high[y]), xytext=(0, -4.2), textcoords="offset points",
                          ha="center", va="center", fontsize=5.6, zorder=6,
                          bbox={"boxstyle": "square,pad=0.08", "facecolor": TINTS[row["sign"]], "linewidth": 0})
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


def _ticks(axes: Axes, made: Mapped, width: float) -> None:
    """Name as many levels as there is room for."""
    for axis, name in ((axes.xaxis, made.names[0]), (axes.yaxis, made.names[1])):
        levels = made.levels(name)
        texts, places = [_level(level, made.lang) for level in levels], _places(levels)
        step = 1
        if axis is axes.xaxis:
            longest = max(text_width(text, 7, made.lang) for text in texts) + 0.06
            step = max(1, int(np.ceil(longest * len(levels) / width)))
        axis.set_ticks(places[::step], texts[::step])
