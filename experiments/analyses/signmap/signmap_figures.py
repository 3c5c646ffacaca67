"""The figures of a sign map.

A grid is drawn as panels, one for each opponent and for each level of a third and a fourth parameter; the first two are
the panels' axes. Every cell has a mark, a tint and, where there is room, the size of the difference. Points that fill a
plane are drawn where they are. Points that fill a space of more parameters are drawn as projections, all of them over
every pair of parameters: where marks of all kinds lie side by side, the pair alone decides little, and so no border
between regions is drawn. The shares of signs in the thirds of each parameter's range follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.signmap.boundaries import AnalyticBoundary
from experiments.analyses.signmap.sequential import SIGNS
from experiments.analyses.signmap.signmap_findings import contrast, counted, judged, note, signs
from experiments.analyses.signmap.signmap_view import SignMapView
from experiments.analyses.signmap.terciles import contrasts, tercile_ends
from experiments.core.statistics.regions import decided
from experiments.figures import style
from experiments.figures.entry import BAND, Entry
from experiments.figures.line_breaks import text_width
from experiments.figures.page import WIDTH, Page
from experiments.figures.planes import Plane, Scale, Series
from experiments.reporting import declared
from experiments.reporting.catalogue import N_, gettext
from experiments.reporting.declared import level
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import percent, short
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ALWAYS", "look", "panels_figure", "projections_figure", "spread", "terciles_figure"]

Values = NDArray[np.float64]

ALWAYS: Final = ("helps", "harms", "equivalent", "undecided")
"""Signs that tables and thirds have whether or not there are any."""
KEY: Final = (*ALWAYS[:3], *(sign for sign in SIGNS if sign not in ALWAYS), "undecided")
"""Signs in the order in which the key names them."""
DASHES: Final = ((0, (4, 2)), (0, (1, 1.5)), (0, (6, 1.5, 1, 1.5)))
GIVEN_UP, HATCHED, OPEN = "#8a8a8a", "#e3a88c", "#ffffff"
TINTS: Final = {"helps": "#bfdaed", "better": "#e2ebf1", "equivalent": BAND, "worse": "#f1e9e4", "harms": "#fae3d8"}
LIFT, APART = 3.2 / 72, 0.075
"""Inches by which a mark stands above the middle of its cell, where a number stands below it; and between points that
lie on one another."""
ACROSS, MOST = 3, 6
"""Panels of thirds in a line; parameters that are projected at most: those whose thirds differ most."""
NAMES: Final[dict[str, str]] = {
    "low": N_("low\n{low}–{high}"),
    "middle": N_("middle\n{low}–{high}"),
    "high": N_("high\n{low}–{high}"),
}
"""Terciles of a range below an axis."""


def look(sign: str, given_up: bool = False, size: float = 5.0) -> Entry:
    """Return how a point is drawn: every sign has a shape of its own, and what was given up is hollow."""
    marker, colour, scale = style.VERDICT_MARKS[sign]
    hollow = given_up and not decided(sign)
    edge = GIVEN_UP if hollow else "white"
    return Entry("", colour, marker, size * scale * (0.75 if hollow else 1.0), width=0, hollow=hollow, edge=edge)


def _key(view: SignMapView, lang: str, boundaries: Sequence[AnalyticBoundary] = ()) -> list[Entry]:
    """Return what each mark and line means that the figure has."""
    shown, given_up = set(view.table["sign"]), set(view.table.loc[view.table["ended"] == "given up", "sign"])
    texts = {sign: sentence(lang, "signmap.mark", sign=sign, margin=view.margin) for sign in KEY if sign in shown}
    key = [replace(look(sign), label=text) for sign, text in texts.items()]
    if not all(map(decided, given_up)):
        key.append(replace(look("undecided", True, 6.0), label=sentence(lang, "signmap.labels.given_up")))
    names = [sentence(lang, "signmap.on_paper", boundary=boundary.name) for boundary in boundaries]
    return key + [
        Entry(name, style.INK, width=1.3, dashes=DASHES[number % len(DASHES)]) for number, name in enumerate(names)
    ]


def _parameter(view: SignMapView, name: str, lang: str) -> str:
    """Return a parameter's name, as a design says it, and its unit."""
    row = next((row for row in view.scenario.parameters() if row["name"] == name), {"unit": ""})
    if row["unit"] in ("", "switch", "name"):
        return name
    return gettext(lang, "{name}\n({unit})", name=name, unit=declared.unit(row, lang))


def _places(view: SignMapView, name: str, values: Sequence[Any]) -> Values:
    """Return where levels stand on an axis: numbers at their value, names at their rank."""
    levels = view.levels(name)
    return np.asarray([levels.index(value) for value in values] if view.is_categorical(name) else values, dtype=float)


def _edges(view: SignMapView, name: str) -> Values:
    """Return where the cells of a grid end."""
    middles = _places(view, name, view.levels(name))
    between = (middles[1:] + middles[:-1]) / 2
    return np.concatenate([[2 * middles[0] - between[0]], between, [2 * middles[-1] - between[-1]]])


def _span(view: SignMapView, name: str) -> tuple[float, float]:
    """Return the ends of an axis: those of a grid's cells, or of the points and a rim."""
    at = _edges(view, name) if view.is_grid else _places(view, name, view.levels(name))
    rim = 0.0 if view.is_grid else 0.4 if view.is_categorical(name) else 0.06 * float(at[-1] - at[0] or 1.0)
    return float(at[0]) - rim, float(at[-1]) + rim


def _plane(view: SignMapView, rows: pd.DataFrame, names: Sequence[str], size: tuple[float, float], lang: str) -> Plane:
    """Return the points of a map over two parameters, in a panel of so many inches."""
    wide, small = size[0], size[0] <= 1.8
    axes, at, inches = [], [], []
    for name, side in zip(names, size, strict=True):
        span, levels = _span(view, name), view.levels(name)
        places = _places(view, name, levels).tolist()
        ticks = dict(zip(places, (level(value, lang, 3) for value in levels), strict=True))
        named = view.is_grid or view.is_categorical(name)
        axes.append(Scale(span, ticks if named else None, most=3 if small else 5, size=6.2 if small else 7.0))
        at.append(_places(view, name, rows[name].tolist()))
        inches.append((span[1] - span[0]) / side)
    if view.is_grid:
        at[1] += LIFT * inches[1] * _is_roomy(view, size)
    else:
        at = [values + APART * step * inch for values, step, inch in zip(at, spread(*at).T, inches, strict=True)]
    mark = 5.4 if view.is_grid else 4.6 if wide > 2 else 3.6 if wide > 1.4 else 2.9
    sign_of, given_up = rows["sign"].to_numpy(), (rows["ended"] == "given up").to_numpy()
    texts = _texts(view, rows, lang)
    series = []  # what helps and harms comes last
    for place, (sign, hollow) in enumerate(product(reversed(SIGNS), (True, False)), start=30):
        shown = (sign_of == sign) & (given_up == hollow)
        says = [texts[row] for row in np.flatnonzero(shown)]
        series.append(Series(at[0][shown], at[1][shown], look(sign, hollow, mark), says=says, order=place / 10))
    return Plane(series=series, x=axes[0], y=axes[1], high=size[1], grid=not view.is_grid)


def _texts(view: SignMapView, rows: pd.DataFrame, lang: str) -> list[str]:
    """Return what each point says when it is pointed at: its values, its difference with the interval, its sign."""
    texts = []
    for row in rows.to_dict("records"):
        change, *ends = (short(float(row[name]), signed=True) for name in ("difference", "ci_low", "ci_high"))
        sign = sentence(lang, "signmap.sign", sign=row["sign"], ended=row["ended"])
        values = [f"{name} = {level(row[name], lang, 3)}" for name in view.names]
        texts.append("\n".join([*values, f"{change} [{', '.join(ends)}]", sign]))
    return texts


def spread(x: Values, y: Values) -> Values:
    """Set points that lie on one another beside one another: steps of a small square lattice, shape (n, 2).

    Examples
    --------
    >>> spread(np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.0, 0.0])).tolist()
    [[-0.5, 0.0], [0.5, 0.0], [0.0, 0.0]]
    """
    import pandas as pd

    same = pd.DataFrame({"x": x, "y": y}).groupby(["x", "y"])["x"]
    number, count = same.cumcount().to_numpy(), same.transform("size").to_numpy()
    side = np.ceil(np.sqrt(count))
    return np.stack([number % side - (side - 1) / 2, number // side - (np.ceil(count / side) - 1) / 2], axis=1)


def _panels(view: SignMapView, lang: str) -> tuple[list[tuple[str, str, pd.DataFrame, dict[str, Any]]], int]:
    """Arrange panels by opponents, and by the levels of a third parameter or of a third and a fourth one.

    Of each its heading, which a block of panels may share, what is the same in it, in words, its rows of the map, and
    these values; and how many stand side by side.
    """
    blocks: list[tuple[Finding, pd.DataFrame, dict[str, Any]]]
    blocks = [(counted(view, opponent), view.rows(opponent), {}) for opponent in view.against]
    if len(view.names) < 3:
        return [("", head.text(lang), rows, fixed) for head, rows, fixed in blocks], (2 if len(blocks) > 3 else 3)
    if len(view.names) == 4:
        fourth, common = view.names[3], {"opponent": view.against[0], "policy": view.policy}
        heads = {at: Finding("signmap.against_at", **common, parameter=fourth, value=at) for at in view.levels(fourth)}
        blocks = [(head, view.table[view.table[fourth] == at], {fourth: at}) for at, head in heads.items()]
    third, levels = view.names[2], view.levels(view.names[2])
    panels = []
    for head, rows, fixed in blocks:
        for place, value in enumerate(levels):
            under = f"{'' if place else third} = {level(value, lang, 3)}".strip()
            title = "" if place else head.text(lang)
            panels.append((title, under, rows[rows[third] == value], {**fixed, third: value}))
    return panels, len(levels)


def panels_figure(view: SignMapView, lang: str = "en") -> Figure:
    """Draw blocks of panels below one another; of four parameters, a map against one opponent."""
    panels, across = _panels(view, lang)
    across = min(across, len(panels))
    wide = (WIDTH - 0.7) / across - 0.14
    size = wide, min(wide * 0.95, 2.9)
    lines = [_lines(view, fixed) for *_, fixed in panels]
    crossing = sorted({number for line in lines for number in line})
    below, up = (_parameter(view, name, lang) for name in view.names[:2])
    parts = []
    for place, ((head, under, rows, _), line) in enumerate(zip(panels, lines, strict=True)):
        curves = {crossing.index(number): curve for number, curve in line.items()}
        look: dict[str, Any] = {"title": head, "under": under, "up": "" if place % across else up}
        plane = _plane(view, rows, view.names[:2], size, lang)
        parts.append(replace(plane, **look, ground=partial(_ground, view, rows, curves, _is_roomy(view, size))))
    return Page(
        title=signs(view, title=True),
        subtitle=judged(view),
        note=note(view, numbers=_is_roomy(view, size)),
        parts=parts,
        key=_key(view, lang, [view.boundaries[number] for number in crossing]),
        axis=below.replace("\n", " " if lang == "en" else ""),
        across=across,
        share=("all", "all"),
    ).draw(lang)


def _lines(view: SignMapView, fixed: Mapping[str, Any]) -> dict[int, tuple[Any, Any, Any]]:
    """Where each boundary runs in a panel: nothing where it depends on a name, or lies outside."""
    across, up = view.names[:2]
    line: dict[int, tuple[Any, Any, Any]] = {}
    if not (view.is_categorical(across) or view.is_categorical(up)):
        x, y = (np.linspace(*_possible(view, name), 121) for name in (across, up))
        for number, boundary in enumerate(view.boundaries):
            if {across, up} & set(boundary.depends):
                gap = boundary.over(view.scenario.replace(dict(fixed)), (across, x), (up, y))
                line |= {number: (x, y, gap)} if gap.min() < 0.0 < gap.max() else {}
    return line


def _possible(view: SignMapView, name: str) -> tuple[float, float]:
    """Ends of an axis, as far as the parameter can take these values."""
    low, high = _span(view, name)
    facts = {row["name"]: row for row in view.scenario.parameters()}.get(name, {})
    least, most = facts.get("low"), facts.get("high")
    return low if least is None else max(low, least), high if most is None else min(high, most)


def _is_roomy(view: SignMapView, size: tuple[float, float]) -> bool:
    """Tell whether the smallest cell of a panel of so many inches has room for a number below its mark."""
    if not view.is_grid:
        return False
    ends = [_edges(view, name) for name in view.names[:2]]
    return all(side * np.diff(end).min() / np.ptp(end) >= 0.3 for side, end in zip(size, ends, strict=True))


def _ground(view: SignMapView, rows: pd.DataFrame, curves: Mapping[int, Any], numbers: bool, axes: Axes) -> None:
    """Draw the boundaries, and the cells of a grid with their numbers."""
    for number, curve in curves.items():
        dashes = DASHES[number % len(DASHES)]
        axes.contour(*curve, levels=[0.0], colors=style.INK, linewidths=1.3, zorder=4, linestyles=[dashes])
    if not view.is_grid:
        return
    sides = []
    for name in view.names[:2]:
        at, ends = _places(view, name, rows[name].tolist()), _edges(view, name)
        rank = np.searchsorted(ends, at) - 1
        sides.append((at, ends[rank], np.diff(ends)[rank]))
    (x, left, wide), (y, low, high) = sides
    tints = [TINTS.get(sign, OPEN) for sign in rows["sign"]]
    harms = rows["sign"] == "harms"
    look: dict[str, Any] = {"color": tints, "hatch": ["/////" if sign else "" for sign in harms], "linewidth": 0.0}
    look["edgecolor"] = [HATCHED if sign else tint for sign, tint in zip(harms, tints, strict=True)]
    axes.bar(left, high, wide, low, align="edge", zorder=0, **look)
    middle: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 5.6, "zorder": 6}
    for across, up, share, tint in zip(x, y, rows["relative"], tints, strict=True):
        if numbers and np.isfinite(share):
            box = {"boxstyle": "square,pad=0.08", "facecolor": tint, "linewidth": 0}
            text, place = percent(100 * share, signed=True).removesuffix("%"), ((across, up), (0, -4.2))
            axes.annotate(text, *place, textcoords="offset points", bbox=box, **middle)


def projections_figure(view: SignMapView, shares: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a triangle of panels of a map against one opponent."""
    first = list(dict.fromkeys(contrasts(shares[shares["against"].isin(view.against)])["parameter"]))[:MOST]
    names = [name for name in view.names if name in first]
    count = max(len(names) - 1, 1)
    size = min((WIDTH - 0.8) / count - 0.13, 3.4)
    labels = {name: _parameter(view, name, lang) for name in names}
    for name, text in labels.items():
        if max(text_width(line, 8, lang) for line in text.split("\n")) > size:
            labels[name] = name  # no room for its unit
    parts: list[Plane | None] = []
    for line, up in enumerate(names[1:]):
        for place, across in enumerate(names[:-1]):
            look: dict[str, Any] = {
                "axis": labels[across] if line == count - 1 else "",
                "up": "" if place else labels[up],
            }
            plane = replace(_plane(view, view.table, (across, up), (size, size), lang), **look)
            parts.append(plane if place <= line else None)
    return Page(
        title=signs(view, title=True),
        subtitle=judged(view),
        note=note(view, "signmap.projections_note", left_out=len(view.names) - len(names)),
        parts=parts,
        key=_key(view, lang),
        across=count,
        share=("col", "row"),
    ).draw(lang)


def terciles_figure(view: SignMapView, shares: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a panel for each parameter, a block of them for each opponent."""
    across = min(len(view.names), ACROSS)
    parts: list[Plane | None] = []
    for opponent in view.against:
        head = Finding("signmap.against", opponent=opponent, policy=view.policy)
        for place, name in enumerate(view.names):
            rows = shares[(shares["against"] == opponent) & (shares["parameter"] == name)]
            up = "" if place % across else gettext(lang, "share of points (%)")
            parts.append(replace(_parts(rows, lang), title="" if place else head, axis=name, up=up))
        parts += [None] * (-len(view.names) % across)
    order = [(opponent, sign) for sign in ("helps", "harms") for opponent in view.against]
    clear = filter(None, (contrast(view, shares, *row, title=True) for row in order))
    return Page(
        title=next(clear, Finding("signmap.no_contrast", policy=view.policy)),
        subtitle=judged(view),
        note=Finding("signmap.terciles_note"),
        parts=parts,
        key=[replace(look(sign), label=sentence(lang, f"signmap.signs_by_name.{sign}")) for sign in ALWAYS],
        across=across,
        share=("none", "all"),
    ).draw(lang)


def _parts(rows: pd.DataFrame, lang: str) -> Plane:
    groups = list(dict.fromkeys(rows["group"]))
    series = []
    for step, sign in enumerate(ALWAYS):
        signs = rows[rows["sign"] == sign]
        x = np.array([groups.index(group) for group in signs["group"]]) + 0.19 * (step - 1.5)
        ends = 100 * signs["low"], 100 * signs["high"]
        series.append(Series(x, 100 * signs["share"], look(sign, size=4.0), along=ends))
    ticks = {float(place): _broken(group, lang) for place, group in enumerate(groups)}

    def part(axes: Axes) -> None:
        for place in range(1, len(groups)):
            axes.axvline(place - 0.5, color=style.PALE, linewidth=0.5, zorder=0)
        axes.tick_params(axis="x", length=0)

    below, up = Scale((-0.5, len(groups) - 0.5), ticks, size=6.2), Scale((-3, 103), size=6.5)
    return Plane(series=series, x=below, y=up, high=1.15, ground=part)


def _broken(group: str, lang: str) -> str:
    """Put what stands in brackets on a line of its own, in as little room as it needs."""
    word, low, high = tercile_ends(group)
    if word:
        return gettext(lang, NAMES[word], low=low, high=high)
    head, bracket, rest = group.partition(" (")
    return f"{head}\n{rest.removesuffix(')')}".replace(" to ", "–") if bracket else group
