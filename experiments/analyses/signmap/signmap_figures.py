"""The figures of a sign map: panels of a grid, projections of points, and shares of signs in the thirds of ranges.

A panel has the first two parameters as its axes, and stands for an opponent and a level of a third and a fourth; a cell
has a mark, a tint and, where there is room, the size of the difference.  Points that fill a space of more parameters
are drawn over every pair of them: where marks of all kinds lie side by side, the pair alone decides little, and so no
border between regions is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.signmap.boundaries import BOUNDARIES
from experiments.analyses.signmap.sequential import SIGNS
from experiments.analyses.signmap.sign_map import SignMap
from experiments.analyses.signmap.signmap_findings import contrast, counted, judged, note, rows_against, signs
from experiments.analyses.signmap.terciles import contrasts, tercile_ends
from experiments.core.statistics.regions import decided
from experiments.figures import style
from experiments.figures.entry import BAND, Entry, verdict_entry
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

__all__ = ["ALWAYS", "in_panels", "in_terciles", "look", "panels_figure", "projections_figure", "terciles_figure"]

Values = NDArray[np.float64]
Size = tuple[float, float]

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
"""Panels of thirds in a line; parameters that are projected, and panels in a row, at most."""
NAMES: Final[dict[str, str]] = {
    "low": N_("low\n{low}–{high}"),
    "middle": N_("middle\n{low}–{high}"),
    "high": N_("high\n{low}–{high}"),
}
"""Terciles of a range below an axis."""


def is_grid(result: SignMap) -> bool:
    """Tell whether the points are all combinations of levels, of few enough parameters for panels."""
    sizes = [len(levels) for levels in result.levels.values()]
    whole = 2 <= len(sizes) <= 4 and int(np.prod(sizes)) == len(result.plan.points)
    return whole and min(sizes[:2]) > 1 and max(sizes[2:], default=0) <= MOST


def in_panels(result: SignMap) -> bool:
    """Tell whether each point is in one panel; else it is in all of them, as a projection."""
    return is_grid(result) or len(result.levels) == 2


def in_terciles(result: SignMap) -> bool:
    """Tell whether shares of signs in the thirds of ranges are worth a figure."""
    return len(result.levels) > 2 or not is_grid(result)


def look(sign: str, given_up: bool = False, size: float = 5.0) -> Entry:
    """Return how a point is drawn: every sign has a shape of its own, and what was given up is hollow."""
    if given_up and not decided(sign):
        return verdict_entry(sign, 0.75 * size, width=0, hollow=True, edge=GIVEN_UP)
    return verdict_entry(sign, size, width=0, edge="white")


def _key(result: SignMap, table: pd.DataFrame, lang: str, crossing: Sequence[int] = ()) -> list[Entry]:
    """Return what each mark means that the figure has, and each line of a boundary."""
    shown, given_up = set(table["sign"]), set(table.loc[table["ended"] == "given up", "sign"])
    what = {sign: sentence(lang, "signmap.mark", sign=sign, margin=result.spec.margin) for sign in KEY if sign in shown}
    key = [replace(look(sign), label=text) for sign, text in what.items()]
    for sign in [sign for sign in KEY if sign in given_up and not decided(sign)][-1:]:  # the others have its shape
        key.append(replace(look(sign, True, 6.0), label=sentence(lang, "signmap.labels.given_up")))
    for place, number in enumerate(crossing):
        name = sentence(lang, "signmap.on_paper", boundary=BOUNDARIES[number].name)
        key.append(Entry(name, style.INK, width=1.3, dashes=DASHES[place % len(DASHES)]))
    return key


def _facts(result: SignMap, name: str) -> Mapping[str, Any]:
    """Return what is declared of a parameter."""
    return next((row for row in result.plan.scenario.parameters() if row["name"] == name), {"unit": ""})


def _parameter(result: SignMap, name: str, lang: str) -> str:
    """Return a parameter's name, as a design says it, and its unit."""
    facts = _facts(result, name)
    if facts["unit"] in ("", "switch", "name"):
        return name
    return gettext(lang, "{name}\n({unit})", name=name, unit=declared.unit(facts, lang))


def _is_categorical(result: SignMap, name: str) -> bool:
    return any(isinstance(level, str | bool) for level in result.levels[name])


def _places(result: SignMap, name: str, values: Sequence[Any]) -> Values:
    """Return where levels stand on an axis: numbers at their value, names at their rank."""
    ranked = [result.levels[name].index(value) for value in values] if _is_categorical(result, name) else values
    return np.asarray(ranked, dtype=float)


def _edges(result: SignMap, name: str) -> Values:
    """Return where the cells of a grid end."""
    middles = _places(result, name, result.levels[name])
    between = (middles[1:] + middles[:-1]) / 2
    return np.concatenate([[2 * middles[0] - between[0]], between, [2 * middles[-1] - between[-1]]])


def _span(result: SignMap, name: str) -> tuple[float, float]:
    """Return the ends of an axis: those of a grid's cells, or of the points and a rim."""
    if is_grid(result):
        edges = _edges(result, name)
        return float(edges[0]), float(edges[-1])
    at = _places(result, name, result.levels[name])
    rim = 0.4 if _is_categorical(result, name) else 0.06 * float(at[-1] - at[0] or 1.0)
    return float(at[0]) - rim, float(at[-1]) + rim


def _plane(result: SignMap, rows: pd.DataFrame, names: Sequence[str], size: Size, lang: str) -> Plane:
    """Return the points of a map over two parameters, in a panel of so many inches."""
    wide, grid = size[0], is_grid(result)
    axes, at, inches = [], [], []
    for name, side in zip(names, size, strict=True):
        span, levels = _span(result, name), result.levels[name]
        ticks = dict(
            zip(_places(result, name, levels).tolist(), (level(value, lang, 3) for value in levels), strict=True)
        )
        named = grid or _is_categorical(result, name)
        most, small = (3, 6.2) if wide <= 1.8 else (5, 7.0)
        axes.append(Scale(span, ticks if named else None, most=most, size=small))
        at.append(_places(result, name, rows[name].tolist()))
        inches.append((span[1] - span[0]) / side)
    if grid:
        at[1] += LIFT * inches[1] * _is_roomy(result, size)
    else:
        at = [values + APART * step * inch for values, step, inch in zip(at, spread(*at).T, inches, strict=True)]
    mark = 5.4 if grid else 4.6 if wide > 2 else 3.6 if wide > 1.4 else 2.9
    sign_of, given_up = rows["sign"].to_numpy(), (rows["ended"] == "given up").to_numpy()
    says = np.array([_text(result, row, lang) for row in rows.to_dict("records")], dtype=object)
    series = []  # what helps and harms comes last
    for place, (sign, hollow) in enumerate(product(reversed(SIGNS), (True, False)), start=30):
        shown = (sign_of == sign) & (given_up == hollow)
        series.append(
            Series(at[0][shown], at[1][shown], look(sign, hollow, mark), says=list(says[shown]), order=place / 10)
        )
    return Plane(series=series, x=axes[0], y=axes[1], high=size[1], grid=not grid)


def _text(result: SignMap, row: Mapping[str, Any], lang: str) -> str:
    """Return what a point says when it is pointed at: its values, its difference with the interval, its sign."""
    change, low, high = (short(float(row[name]), signed=True) for name in ("difference", "ci_low", "ci_high"))
    values = [f"{name} = {level(row[name], lang, 3)}" for name in result.levels]
    sign = sentence(lang, "signmap.sign", sign=row["sign"], ended=row["ended"])
    return "\n".join([*values, f"{change} [{low}, {high}]", sign])


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


def panels_figure(result: SignMap, against: Sequence[str], lang: str = "en") -> Figure:
    """Draw blocks of panels below one another; of four parameters, a map against one opponent."""
    first, second, *rest = result.levels
    across = len(result.levels[rest[0]]) if rest else min(2 if len(against) > 3 else 3, len(against))
    wide = (WIDTH - 0.7) / across - 0.14
    size = wide, min(wide * 0.95, 2.9)
    panels = list(product(against, *(result.levels[name] for name in reversed(rest))))
    lines = [_lines(result, dict(zip(rest, reversed(values), strict=True))) for _, *values in panels]
    crossing = sorted({number for line in lines for number in line})
    below, up = (_parameter(result, name, lang) for name in (first, second))
    parts = []
    for place, ((opponent, *values), line) in enumerate(zip(panels, lines, strict=True)):
        inner, head, rows = bool(place % across), counted(result, opponent), rows_against(result, opponent)
        for name, value in zip(reversed(rest), values, strict=True):
            rows = rows[rows[name] == value]
        if len(rest) > 1:
            at = {"parameter": rest[1], "value": values[0]}
            head = Finding("signmap.against_at", opponent=opponent, policy=result.spec.policy, **at)
        look: dict[str, Any] = {"up": "" if inner else up, "under": head}
        if rest:
            fixed = f"{'' if inner else rest[0]} = {level(values[-1], lang, 3)}".strip()
            look |= {"title": "" if inner else head, "under": fixed}
        curves = {crossing.index(number): curve for number, curve in line.items()}
        ground = partial(_ground, result, rows, curves, size)
        parts.append(replace(_plane(result, rows, (first, second), size, lang), **look, ground=ground))
    return Page(
        title=signs(result, against, title=True),
        subtitle=judged(result),
        note=note(result, against, numbers=_is_roomy(result, size)),
        parts=parts,
        key=_key(result, rows_against(result, *against), lang, crossing),
        axis=below.replace("\n", " " if lang == "en" else ""),
        across=across,
        share=("all", "all"),
    ).draw(lang)


def _lines(result: SignMap, fixed: Mapping[str, Any]) -> dict[int, tuple[Any, Any, Any]]:
    """Where each boundary runs in a panel: nothing where it depends on a name, or lies outside."""
    across, up = list(result.levels)[:2]
    line: dict[int, tuple[Any, Any, Any]] = {}
    if not (_is_categorical(result, across) or _is_categorical(result, up)):
        x, y = (np.linspace(*_possible(result, name), 121) for name in (across, up))
        world = result.plan.scenario.replace({**result.plan.arms[result.spec.policy], **fixed})
        for number, boundary in enumerate(BOUNDARIES):
            if boundary.is_about(result.spec.outcome) and {across, up} & set(boundary.depends):
                gap = boundary.over(world, (across, x), (up, y))
                line |= {number: (x, y, gap)} if gap.min() < 0.0 < gap.max() else {}
    return line


def _possible(result: SignMap, name: str) -> tuple[float, float]:
    """Ends of an axis, as far as the parameter can take these values."""
    (low, high), facts = _span(result, name), _facts(result, name)
    least, most = facts.get("low"), facts.get("high")
    return low if least is None else max(low, least), high if most is None else min(high, most)


def _is_roomy(result: SignMap, size: Size) -> bool:
    """Tell whether the smallest cell of a panel of so many inches has room for a number below its mark."""
    if not is_grid(result):
        return False
    ends = [_edges(result, name) for name in list(result.levels)[:2]]
    return all(side * np.diff(end).min() / np.ptp(end) >= 0.3 for side, end in zip(size, ends, strict=True))


def _ground(result: SignMap, rows: pd.DataFrame, curves: Mapping[int, Any], size: Size, axes: Axes) -> None:
    """Draw the boundaries, and the cells of a grid with their numbers."""
    for number, curve in curves.items():
        dashes = DASHES[number % len(DASHES)]
        axes.contour(*curve, levels=[0.0], colors=style.INK, linewidths=1.3, zorder=4, linestyles=[dashes])
    if not is_grid(result):
        return
    sides = []
    for name in list(result.levels)[:2]:
        at, ends = _places(result, name, rows[name].tolist()), _edges(result, name)
        rank = np.searchsorted(ends, at) - 1
        sides.append((at, ends[rank], np.diff(ends)[rank]))
    (x, left, wide), (y, low, high) = sides
    tints = [TINTS.get(sign, OPEN) for sign in rows["sign"]]
    harms = rows["sign"] == "harms"
    look: dict[str, Any] = {"color": tints, "hatch": ["/////" if sign else "" for sign in harms], "linewidth": 0.0}
    look["edgecolor"] = [HATCHED if sign else tint for sign, tint in zip(harms, tints, strict=True)]
    axes.bar(left, high, wide, low, align="edge", zorder=0, **look)
    middle: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 5.6, "zorder": 6}
    roomy = _is_roomy(result, size)
    for across, up, share, tint in zip(x, y, rows["relative"], tints, strict=True):
        if roomy and np.isfinite(share):
            box = {"boxstyle": "square,pad=0.08", "facecolor": tint, "linewidth": 0}
            text, place = percent(100 * share, signed=True).removesuffix("%"), ((across, up), (0, -4.2))
            axes.annotate(text, *place, textcoords="offset points", bbox=box, **middle)


def projections_figure(result: SignMap, opponent: str, lang: str = "en") -> Figure:
    """Draw a triangle of panels, with all points in each: every two of the parameters whose thirds differ most."""
    rows = rows_against(result, opponent)
    clearest = contrasts(result.terciles[result.terciles["against"] == opponent])["parameter"]
    first = list(dict.fromkeys(clearest))[:MOST]
    names = [name for name in result.levels if name in first]
    count = max(len(names) - 1, 1)
    size = min((WIDTH - 0.8) / count - 0.13, 3.4)
    labels = {name: _parameter(result, name, lang) for name in names}
    for name, text in labels.items():
        if max(text_width(line, 8, lang) for line in text.split("\n")) > size:
            labels[name] = name  # no room for its unit
    parts: list[Plane | None] = []
    for (line, up), (place, across) in product(enumerate(names[1:]), enumerate(names[:-1])):
        plane = _plane(result, rows, (across, up), (size, size), lang) if place <= line else None
        axis, beside = labels[across] if line == count - 1 else "", "" if place else labels[up]
        parts.append(replace(plane, axis=axis, up=beside) if plane else None)
    return Page(
        title=signs(result, [opponent], title=True),
        subtitle=judged(result),
        note=note(result, [opponent], "signmap.projections_note", left_out=len(result.levels) - len(names)),
        parts=parts,
        key=_key(result, rows, lang),
        across=count,
        share=("col", "row"),
    ).draw(lang)


def terciles_figure(result: SignMap, lang: str = "en") -> Figure:
    """Draw a panel for each parameter, a block of them for each opponent."""
    names, against, shares = list(result.levels), result.spec.against, result.terciles
    across = min(len(names), ACROSS)
    parts: list[Plane | None] = []
    for opponent in against:
        head = Finding("signmap.against", opponent=opponent, policy=result.spec.policy)
        for place, name in enumerate(names):
            rows = shares[(shares["against"] == opponent) & (shares["parameter"] == name)]
            up = "" if place % across else gettext(lang, "share of points (%)")
            parts.append(replace(_parts(rows, lang), title="" if place else head, axis=name, up=up))
        parts += [None] * (-len(names) % across)
    clear = (contrast(result, opponent, sign, title=True) for sign, opponent in product(("helps", "harms"), against))
    return Page(
        title=next(filter(None, clear), Finding("signmap.no_contrast", policy=result.spec.policy)),
        subtitle=judged(result),
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
    ticks = {}
    for place, group in enumerate(groups):
        word, least, most = tercile_ends(group)
        ticks[float(place)] = gettext(lang, NAMES[word], low=least, high=most) if word else group

    def part(axes: Axes) -> None:
        for place in range(1, len(groups)):
            axes.axvline(place - 0.5, color=style.PALE, linewidth=0.5, zorder=0)
        axes.tick_params(axis="x", length=0)

    below, up = Scale((-0.5, len(groups) - 0.5), ticks, size=6.2), Scale((-3, 103), size=6.5)
    return Plane(series=series, x=below, y=up, high=1.15, ground=part)
