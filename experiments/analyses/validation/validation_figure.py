"""The figure of a validation: data, model and rivals side by side, a row for each figure, a panel for each arm.

Figures have different units, so that each row has a scale of its own: the interval of the data goes from -1 to 1, and
its value lies at 0.  Where no data are at hand, the model's own prediction interval stands in their place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from experiments.analyses.validation.validation import DATA, MODEL, PREDICTED, Validation
from experiments.figures import style
from experiments.figures.entry import Entry
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import span
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import quantity
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["placed", "validation_figure"]

REACH = 3.0
"""How far a panel shows, in half widths of the data's interval."""

LOOKS = {
    "inside": Entry("", style.BLUE, "o", 3.6),
    "overlaps": Entry("", "#6b6b6b", "D", 3.6),
    "outside": Entry("", style.VERMILLION, "X", 3.6),
}
"""How the mark of each verdict is drawn."""
REFERENCE = Entry("", style.INK, "|", 3.6)
NOTHING = Point(math.nan, math.nan, math.nan)


def placed(value: float, middle: float, low: float, high: float) -> float:
    """Put a value on the scale of its row.

    Examples
    --------
    >>> placed(0.77, 0.92, 0.77, 1.05), placed(0.92, 0.92, 0.77, 1.05)
    (-1.0, 0.0)
    """
    half = (high - middle) if value >= middle else (middle - low)
    if value == middle:
        return 0.0
    # A bound has its value at one end: nothing lies between them, and the other side gives the scale.
    half = half or high - low
    return (value - middle) / half if half else math.copysign(math.inf, value - middle)


def validation_figure(result: Validation, lang: str = "en") -> Figure:
    """Draw data, model and rivals."""
    cells = {(row["figure"], row["arm"]): row for row in result.table.to_dict("records")}
    names, rows = [""], [Row("", beside=gettext(lang, "data"))]
    for kind in ("fitted", "held back", PREDICTED, "built in"):
        if figures := result.of_kind(kind):
            rows.append(Row(sentence(lang, f"validation.blocks.{kind}"), head=True))
            rows += [
                Row(Finding("validation.figure", name=name), beside=_datum(cells[name, MODEL])) for name in figures
            ]
            names += ["", *figures]
    plan = result.swept.plan
    arms = list(plan.arms)
    panels = [_panel(cells, arm, names, lang, arm == arms[:2][-1]) for arm in arms]
    shown = set(result.table["verdict"])
    marks = {f"validation.verdicts.{name}": look for name, look in LOOKS.items() if name in shown}
    if any(point.look is REFERENCE for panel in panels for points in panel.points for point in points):
        marks["validation.marks.reference"] = REFERENCE
    return IntervalRows(
        title=_title(result),
        subtitle=Finding("validation.subtitle", replicates=plan.replicates, estates=plan.estates),
        note=Finding("validation.note"),
        rows=rows,
        panels=panels,
        key=[replace(look, label=sentence(lang, name), width=0) for name, look in marks.items()],
        across=len(panels),
        size=7,
        names=2.8,
    ).draw(lang)


def _title(result: Validation) -> Finding:
    """Find how many figures of data the model agrees with, and which of them a rival would miss."""
    names = result.of_kind(*DATA)
    met = [name for name in names if result.verdicts.loc[name, MODEL] in ("inside", "overlaps")]
    return Finding(
        "validation.agreement",
        met=len(met),
        figures=len(names),
        rivals=len(result.spec.nulls),
        telling=[name for name in met if result.evidence(name)],
    )


def _datum(row: Mapping[Any, Any]) -> str:
    """Tell what the data say of a figure; of two ends below nothing, a dash between them would look like a sign."""
    value, low, high = row["value"], row["low"], row["high"]
    if not math.isfinite(low):
        return quantity(value)
    return f"{quantity(value)} ({quantity(low)}{'–' if low >= 0 and high >= 0 else ' … '}{quantity(high)})"


def _panel(cells: Mapping[Any, Mapping[Any, Any]], arm: str, names: list[str], lang: str, numbered: bool) -> Panel:
    """Return an arm's panel; what is built in is shown of the model alone, with its numbers beside the mark in one."""
    points: list[list[Point]] = []
    for name in names:
        row, own = cells.get((name, arm)), cells.get((name, MODEL))
        points.append([] if row is None else [_point(row)])
        if numbered and own is not None and own["kind"] == "built in":
            points[-1] = [replace(point, text=_numbers(own, lang)) for point in points[-1] or [NOTHING]]
    known = [bool(row and math.isfinite(row[0].mean)) for row in points]
    look: dict[str, Any] = {"zero": False, "band": (-1.0, 1.0), "banded": known, "span": (-REACH, REACH)}
    return Panel(gettext(lang, arm), "", points, scaled=False, **look)


def _numbers(row: Mapping[Any, Any], lang: str) -> str:
    ends = (row["predicted_low"], row["predicted_high"])
    text = gettext(lang, "model: {mean}", mean=quantity(row["mean"]))
    return f"{text} ({span(ends, lang)})" if ends[0] < ends[1] else text


def _point(row: Mapping[Any, Any]) -> Point:
    """Return the mean of an arm's runs and their interval; nothing without an interval of the data."""
    mean, interval = row["mean"], (row["value"], row["low"], row["high"])
    if not (math.isfinite(mean) and math.isfinite(row["low"])):
        return NOTHING
    ends = (row["predicted_low"], mean, row["predicted_high"])
    placed_ends = (placed(end if math.isfinite(end) else mean, *interval) for end in ends)
    return Point.of(placed_ends, LOOKS.get(row["verdict"], REFERENCE))
