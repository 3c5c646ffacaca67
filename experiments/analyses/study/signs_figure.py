"""The figure of signs: each world of a sweep by the two parameters that matter most, and the policy's effect there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.study.signs import confirmed, good_side
from experiments.figures import style
from experiments.figures.legend import Entry, draw_key, key_height
from experiments.figures.sheet import WIDTH, Sheet, wrap
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.phrases import phrase
from experiments.reporting.words import noun

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["signs_figure", "two_that_matter"]

ACROSS, LEFT, HEAD, HEIGHT, FOOT = 3, 0.55, 0.44, 1.5, 0.55
"""Panels in a line; inches left of, above, of, and below a panel."""
LARGEST = 8.0
"""Size of the mark of the largest effects, in points."""
MARKS = {1: ("o", style.BLUE, 1.0), 0: ("D", "#a3a3a3", 1.0), -1: ("X", style.VERMILLION, 1.15)}
"""By the sign of what is good."""


def two_that_matter(points: Sequence[Mapping[str, float]], effects: pd.Series) -> tuple[str, str]:
    """Name the two parameters with which the effect is most strongly rank-correlated."""
    import pandas as pd

    frame = pd.DataFrame(list(points)).assign(effect=effects.to_numpy())
    strength = frame.rank().corr()["effect"].drop("effect").abs().sort_values(ascending=False, kind="stable")
    return str(strength.index[0]), str(strength.index[1])


def signs_figure(
    policies: Mapping[str, Any], swept: Mapping[str, Any], table: pd.DataFrame, lang: str = "en"
) -> Figure:
    """Draw a panel for each policy.

    Parameters
    ----------
    policies
        What was tried.
    swept
        For each policy the points, and the mean effect at each.
    table
        The regions that were tried again, for the title.
    lang
        `en` or `zh`.
    """
    title, note = Finding("signs.title", **confirmed(table)), Finding("signs.note")
    lines = -(-len(swept) // ACROSS)
    each = HEAD + HEIGHT + FOOT
    with style.drawing(lang):
        entries = [
            Entry(gettext(lang, "better there"), style.BLUE, "o", 5.0, width=0),
            Entry(gettext(lang, "worse there"), style.VERMILLION, "X", 5.6, width=0),
        ]
        if any((effects == 0).any() for _, effects in swept.values()):
            entries.append(Entry(gettext(lang, "changes nothing at all"), MARKS[0][1], "D", 4.0, width=0))
        sheet = Sheet(title.text(lang), "", note.text(lang), lines * each + key_height(entries, lang), lang)
        width = (WIDTH - 0.05) / ACROSS
        for place, (policy, (points, effects)) in enumerate(zip(policies.values(), swept.values(), strict=True)):
            line, column = divmod(place, ACROSS)
            left, top = column * width, line * each
            size = 100 * effects.to_numpy(dtype=float)
            reach = max(float(np.nanpercentile(np.abs(size), 90)), 1e-9)
            first, second = two_that_matter(points, effects)
            axes = sheet.axes(left + LEFT, top + HEAD, width - LEFT - 0.1, HEIGHT)
            _marks(axes, [(point[first], point[second]) for point in points], size, reach, good_side(policy.outcome))
            name = wrap(capital(phrase(policy.name, lang)), 7.5, width - 0.15, lang, "bold")[:2]
            for step, text in enumerate(name):
                sheet.text(left + 0.05, top + 0.12 * (step + 2 - len(name)) + 0.04, text, size=7.5, weight="bold")
            judged = noun(policy.outcome, lang).name
            full = gettext(lang, "{judged}; full size: {reach:.2g}%", judged=judged, reach=reach)
            sheet.text(left + 0.05, top + 0.32, full, size=7, colour=style.MUTED)
            axes.set_ylabel(second, size=7, labelpad=2)
            middle = left + LEFT + (width - LEFT - 0.1) / 2
            sheet.text(middle, top + HEAD + HEIGHT + 0.31, first, size=7, align="center")
        draw_key(sheet, entries, lines * each)
        return sheet.finished()


def _marks(axes: Axes, places: Sequence[tuple[float, float]], size: Any, reach: float, good: int) -> None:
    axes.locator_params(nbins=4)
    for (across, up), effect in zip(places, size, strict=True):
        if np.isfinite(effect):
            marker, colour, shape = MARKS[int(np.sign(good * effect))]
            scale = shape * np.sqrt(0.08 + 0.92 * min(abs(effect) / reach, 1.0))
            axes.plot(
                across,
                up,
                marker,
                color=colour,
                markersize=LARGEST * scale,
                markeredgecolor="white",
                markeredgewidth=0.4,
                clip_on=False,
            )
