"""The figure of a validation: data, model and rivals side by side, a row for each figure, a panel for each arm.

Figures have different units, so that each row has a scale of its own: the interval of the data goes from -1 to 1, and
its value lies at 0.  Where no data are at hand, the model's own prediction interval stands in their place.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.analyses.validation.evidence import Spread
from experiments.analyses.validation.validation import DATA, MODEL, PREDICTED, Validation
from experiments.figures import style
from experiments.figures.legend import Entry, keyed_sheet
from experiments.figures.sheet import WIDTH, Sheet, text_width
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import span
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import rounded
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["placed", "validation_figure"]

ROW = 0.168
LEAN = 55
"""Degrees by which the arms' names lean, where they do not stand beside each other."""

REACH = 3.0
"""How far a panel shows, in half widths of the data's interval."""

MARGIN = 0.42
"""Inches on the right into which the last arm's name may lean."""

MARKS = {"inside": ("o", style.BLUE), "overlaps": ("D", "#6b6b6b"), "outside": ("X", style.VERMILLION)}
"""Marker and colour of each verdict."""


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
    """Draw data, model and rivals.

    Parameters
    ----------
    result
        A validation.
    lang
        `en` or `zh`; English where no font has Chinese characters.
    """
    lang = style.language(lang)[0]
    rows = []
    for kind in ("fitted", "held back", PREDICTED, "built in"):
        names = result.of_kind(kind)
        heading = [(sentence(lang, f"validation.blocks.{kind}"), "", kind != "built in")] if names else []
        rows += heading + [
            (Finding("validation.figure", name=name).text(lang), name, kind != "built in") for name in names
        ]
    plan = result.swept.plan
    subtitle = Finding("validation.subtitle", replicates=plan.replicates, estates=plan.estates)
    note = Finding("validation.note")
    with style.drawing(lang):
        texts = (_title(result), subtitle, note)
        columns = _columns(result, rows, lang)
        sheet = keyed_sheet(texts, columns.head + ROW * len(rows) + 0.08, _key(lang), lang)
        _draw(sheet, result, rows, columns)
        return sheet.finished()


def _title(result: Validation) -> Finding:
    """Find how many figures of data the model agrees with, and which of them a rival would miss."""
    names = result.of_kind(*DATA)
    met = [name for name in names if result.verdicts.loc[name, MODEL] in ("inside", "overlaps")]
    return Finding(
        "validation.agreement",
        met=len(met),
        figures=len(names),
        rivals=len(result.nulls),
        telling=[name for name in met if result.evidence(name)],
    )


class _Columns(NamedTuple):
    """Inches of the figures' names, the data, each arm, and the arms' names, which lean where they are long."""

    names: float
    data: float
    each: float
    head: float
    leaning: bool


def _columns(result: Validation, rows: list[tuple[str, str, bool]], lang: str) -> _Columns:
    names = min(max(text_width(label, 7, lang) for label, figure, _ in rows if figure), 2.8) + 0.17
    data = 0.12 + max((text_width(_datum(result, figure), 6.3, lang) for _, figure, _ in rows if figure), default=0.0)
    each = (WIDTH - names - data - MARGIN) / len(result.arms)
    longest = max(text_width(gettext(lang, arm), 7.5, lang, "bold") for arm in result.arms)
    leaning = longest > each - 0.1
    return _Columns(names, data, each, 0.2 + longest * math.sin(math.radians(LEAN)) if leaning else 0.25, leaning)


def _draw(sheet: Sheet, result: Validation, rows: list[tuple[str, str, bool]], columns: _Columns) -> None:
    lang, (names, data, each, head, leaning) = sheet.lang, columns
    for column, arm in enumerate(result.arms):
        left = names + data + column * each
        label = gettext(lang, arm)
        sheet.figure.text(
            (left + each / 2) / WIDTH,
            1 - (sheet.top + head - (0.05 if leaning else 0.06)) / sheet.height,
            label,
            rotation=LEAN if leaning else 0,
            ha="left" if leaning else "center",
            va="bottom" if leaning else "baseline",
            fontsize=7.5,
            fontweight="bold" if arm == MODEL else "normal",
            rotation_mode="anchor",
        )
        shown = rows if arm == MODEL else rows[: _last(rows) + 1]
        _panel(sheet.axes(left, head, each - 0.05, ROW * len(shown)), result, shown, arm)
    sheet.text(names, head - 0.06, gettext(lang, "data"), size=7.5, weight="bold")
    for place, (label, figure, rivals) in enumerate(rows):
        base = head + (place + 0.5) * ROW + 0.035
        if not figure:
            sheet.text(0.03, base, label, size=7.5, weight="bold")
            continue
        sheet.text(0.08, base, label, size=7)
        sheet.text(names, base, _datum(result, figure), size=6.3, colour=style.MUTED)
        if not rivals:
            got = result.spreads[figure, MODEL]
            text = gettext(lang, "model: {mean}", mean=rounded(got.mean))
            if got.low < got.high:
                text += f" ({span((got.low, got.high), lang)})"
            sheet.text(names + data + each + 0.05, base, text, size=6.5, colour=style.MUTED)


def _last(rows: list[tuple[str, str, bool]]) -> int:
    """Last row that rivals share."""
    return max((place for place, row in enumerate(rows) if row[2]), default=0)


def _datum(result: Validation, figure: str) -> str:
    """Tell what the data say of a figure; of two ends below nothing, a dash between them would look like a sign."""
    value, low, high = result.interval(figure)
    if not math.isfinite(low):
        return rounded(value)
    return f"{rounded(value)} ({rounded(low)}{'–' if low >= 0 and high >= 0 else ' … '}{rounded(high)})"


def _panel(axes: Axes, result: Validation, rows: list[tuple[str, str, bool]], arm: str) -> None:
    axes.set_ylim(len(rows), 0)
    axes.set_xlim(-REACH - 0.3, REACH + 0.3)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_visible(False)
    for place, (_, figure, rivals) in enumerate(rows):
        if not figure or not (rivals or arm == MODEL):
            continue
        if not math.isfinite(result.interval(figure)[1]):
            continue
        axes.barh(place + 0.5, 2.0, left=-1.0, height=0.86, color="#e3e3e3", zorder=0)
        axes.plot([0, 0], [place + 0.07, place + 0.93], color="white", linewidth=0.8, zorder=1)
        verdict = str(result.verdicts.loc[figure, arm])
        _mark(axes, result.spreads[figure, arm], result.interval(figure), place + 0.5, verdict)


def _mark(axes: Axes, got: Spread, interval: tuple[float, float, float], at: float, verdict: str) -> None:
    if not math.isfinite(got.mean):
        return
    marker, colour = MARKS.get(verdict, ("|", style.INK))
    known = (value if math.isfinite(value) else got.mean for value in (got.mean, got.low, got.high))
    middle, low, high = (placed(value, *interval) for value in known)
    ends = [min(max(end, -REACH), REACH) for end in (low, high)]
    axes.plot(ends, [at, at], color=colour, linewidth=1.1, solid_capstyle="butt", zorder=2)
    if abs(middle) > REACH:
        marker = ">" if middle > 0 else "<"
    look: dict[str, Any] = {"marker": marker, "color": colour, "markersize": 3.6, "markeredgewidth": 0.8}
    axes.plot(min(max(middle, -REACH), REACH), at, zorder=3, clip_on=False, **look)


def _key(lang: str) -> list[Entry]:
    marks = {f"validation.verdicts.{name}": (colour, marker) for name, (marker, colour) in MARKS.items()}
    marks["validation.marks.beyond"] = (MARKS["overlaps"][1], ">")
    marks["validation.marks.reference"] = (style.INK, "|")
    return [Entry(sentence(lang, name), *mark, size=4.5, width=0) for name, mark in marks.items()]
