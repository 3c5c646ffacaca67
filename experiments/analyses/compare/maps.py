"""District maps: conflicts in every estate without and with the strategy in focus, and the differences.

Differences of filed cases and of standing disputes stand beside that of conflicts, on scales of their own, since
the three may have different signs in the same place.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.compare.comparison_view import HEADLINE, Reader
from experiments.figures import style
from experiments.figures.sheet import WIDTH, Sheet
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import tick

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["maps", "rates"]

BAR = 0.62
FALL, RISE = "o", "^"

Values = NDArray[np.float64]
Place = tuple[Values, Values]
Sizes = tuple[Values, float]
"""Households of all estates, and square points for each."""


def maps(reader: Reader, lang: str) -> Figure:
    """Draw five maps: the baseline, the strategy in focus, and the differences in three outcomes."""
    district = reader.comparison.district
    base, focus = reader.baseline, reader.focus
    before, after = rates(reader, base, "conflicts"), rates(reader, focus, "conflicts")
    x, y = np.asarray(district.x, float), np.asarray(district.y, float)
    span_x, span_y = max(float(np.ptp(x)), 0.5), max(float(np.ptp(y)), 0.5)
    each = WIDTH / 3
    wide = each - 0.42
    tall = min(2.6, max(1.2, wide * span_y / span_x))
    height = 2 * (0.3 + tall + BAR) + 0.15
    households = np.asarray(district.households, float)
    scale = _scale(households, wide, tall)
    counts, note = _counts(reader), Finding("comparison.map_note")
    title = Finding("comparison.falls", policy=focus, outcomes=counts, total=len(district.names))
    subtitle = Finding("comparison.rises", outcomes=counts, effects=reader.effects(focus), margin=reader.margin)
    sheet = Sheet(title.text(lang), subtitle.text(lang), note.text(lang), height, lang)
    low, high = np.nanquantile(np.concatenate([before, after]), [0.02, 0.98]) if len(before) else (0.0, 1.0)
    unit = gettext(lang, "conflicts per 1,000 households, week")
    panels: list[tuple[str, Values, str, Any]] = [
        (words.arm(base, lang), before, unit, (float(low), float(high))),
        (words.arm(focus, lang), after, unit, (float(low), float(high))),
    ]
    for outcome in HEADLINE:
        if outcome in reader.comparison.estates:
            change = rates(reader, focus, outcome) - rates(reader, base, outcome)
            name = gettext(lang, "Difference: {name}", name=words.noun(outcome, lang).name)
            panels.append((name, change, gettext(lang, "per 1,000 households, week"), None))
    for place, (name, values, label, limits) in enumerate(panels):
        row, column = divmod(place, 3)
        top = row * (0.3 + tall + BAR) + 0.3
        left = column * each + 0.36
        sheet.text(left, top - 0.1, capital(name), size=9, weight="bold")
        axes = sheet.axes(left, top, wide, tall)
        shown = _draw(axes, (x, y), (households, scale), values, limits)
        _frame(axes, x, y, wide / tall, labelled=column == 0)
        bar = sheet.axes(left + 0.1, top + tall + 0.27, wide - 0.2, 0.075)
        _bar(bar, shown, label, limits is None)
    row, column = divmod(len(panels), 3)
    _sizes(sheet, (households, scale), column * each + 0.36, row * (0.3 + tall + BAR) + 0.3, wide)
    return sheet.finished()


def rates(reader: Reader, arm: str, outcome: str) -> Values:
    """Return an outcome per 1,000 households and week by estate, in the district's order; NaN if missing."""
    district = reader.comparison.district
    rows = reader.comparison.estates
    rows = rows[rows["arm"] == arm]
    counts = dict(zip(rows["estate"].astype(str), rows[outcome].astype(float), strict=True))
    values = np.array([counts.get(str(name), math.nan) for name in district.names])
    return values / np.asarray(district.households, float) * 1000


def _area(households: Values, scale: float) -> Values:
    """Return marks' areas in square points."""
    return np.clip(households * scale, 1.2, 90.0)


def _scale(households: Values, wide: float, tall: float) -> float:
    """Return square points per household, so that all marks together cover at most a third of a map."""
    return min(1 / 45.0, 0.3 * wide * tall * 72**2 / max(float(households.sum()), 1.0))


def _draw(axes: Axes, place: Place, sizes: Sizes, values: Values, limits: tuple[float, float] | None) -> Any:
    """Draw estates, large ones first so that small ones stay visible; return what a colour bar needs."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    if limits is None:
        moved = np.abs(values[np.isfinite(values)])
        largest = float(np.quantile(moved, 0.98)) if len(moved) else 0.0
        norm, colours = Normalize(-(largest or 1.0), largest or 1.0), "PuOr_r"
    else:
        norm, colours = Normalize(limits[0], max(limits[1], limits[0] + 1e-9)), "cividis_r"
    shades = ScalarMappable(norm, colours)
    (x, y), households, area = place, sizes[0], _area(*sizes)
    order = np.argsort(-households, kind="stable")
    if limits is not None:
        kinds = [(FALL, np.isfinite(values))]
    else:
        kinds = [(FALL, values < 0), (RISE, values > 0)]
        still = order[values[order] == 0]
        axes.scatter(x[still], y[still], s=2.0, color="#9a9a9a", lw=0, zorder=2)
    for marker, chosen in kinds:
        rows = order[chosen[order]]
        colour = shades.to_rgba(values[rows]) if len(rows) else None
        edge: dict[str, Any] = {"linewidths": 0.25 if len(x) <= 400 else 0.15, "edgecolors": "#404040"}
        axes.scatter(x[rows], y[rows], s=area[rows], c=colour, marker=marker, zorder=3, **edge)
    return shades


def _frame(axes: Axes, x: Values, y: Values, shape: float, labelled: bool) -> None:
    """Give both axes the same scale in km and fill the panel's shape."""
    span_x, span_y = max(float(np.ptp(x)), 0.5) * 1.08, max(float(np.ptp(y)), 0.5) * 1.08
    span_x, span_y = max(span_x, span_y * shape), max(span_y, span_x / shape)
    middle_x, middle_y = (float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2) if len(x) else (0.0, 0.0)
    axes.set_xlim(middle_x - span_x / 2, middle_x + span_x / 2)
    axes.set_ylim(middle_y - span_y / 2, middle_y + span_y / 2)
    axes.set_aspect("equal")
    axes.locator_params(nbins=5)
    axes.tick_params(labelsize=7, pad=1.5)
    for side in ("top", "right"):
        axes.spines[side].set_visible(True)
    for spine in axes.spines.values():
        spine.set_color(style.PALE)
    if not labelled:
        axes.tick_params(labelleft=False)


def _bar(axes: Axes, shown: Any, label: str, signed: bool) -> None:
    from matplotlib.ticker import MaxNLocator

    bar = axes.figure.colorbar(shown, cax=axes, orientation="horizontal", extend="both")
    bar.outline.set_linewidth(0.4)
    bar.locator = MaxNLocator(nbins=5)
    axes.tick_params(labelsize=7, pad=1.5)
    axes.set_xlabel(label, fontsize=7, labelpad=1.5)
    if signed:
        axes.xaxis.set_major_formatter(lambda value, _place: tick(value, "+.3g"))


def _sizes(sheet: Sheet, sizes: Sizes, left: float, top: float, wide: float) -> None:
    """Explain areas, marks and axes in the room of the sixth map."""
    households, scale = sizes
    lang = sheet.lang
    axes = sheet.axes(left, top, wide, 1.9)
    axes.set_axis_off()
    axes.set_xlim(0, wide)
    axes.set_ylim(1.9, 0)
    axes.text(0, 0.1, gettext(lang, "Households of an estate"), fontsize=8, fontweight="bold", va="center")
    grey: dict[str, Any] = {"color": "#bdbdbd", "linewidths": 0.4}
    largest = max(500.0, float(np.max(households, initial=0)))
    for place, size in enumerate(size for size in (100, 500, 1000, 2000, 4000) if size <= largest):
        y, area = 0.34 + 0.2 * place, _area(np.array([float(size)]), scale)
        axes.scatter([0.15], [y], s=area, edgecolors="#404040", **grey)
        axes.text(0.36, y, f"{size:,}", fontsize=7.5, va="center_baseline")
    marks = [(FALL, gettext(lang, "fall")), (RISE, gettext(lang, "rise")), (".", gettext(lang, "no change"))]
    for place, (marker, text) in enumerate(marks):
        y, (size, edge) = 0.34 + 0.2 * place, (8, "none") if marker == "." else (30, "#404040")
        axes.scatter([0.95], [y], s=size, marker=marker, edgecolors=edge, **grey)
        axes.text(1.12, y, text, fontsize=7.5, va="center_baseline")
    axes.text(0.95, 0.34 + 0.2 * len(marks), gettext(lang, "axes in km"), fontsize=7.5, va="center_baseline")


def _counts(reader: Reader) -> list[tuple[str, int, int]]:
    """Count, for each headline outcome, the estates in which it falls and those in which it rises."""
    counts = []
    for outcome in HEADLINE:
        if outcome in reader.comparison.estates:
            change = rates(reader, reader.focus, outcome) - rates(reader, reader.baseline, outcome)
            counts.append((outcome, int((change < 0).sum()), int((change > 0).sum())))
    return counts
