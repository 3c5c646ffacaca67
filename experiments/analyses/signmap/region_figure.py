"""The figure of a search of regions: each world by the two parameters that matter most, and the effect there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.signmap.region_search import confirmed, good_side
from experiments.analyses.signmap.signmap_key import draw_mark, entry, mark
from experiments.figures import style
from experiments.figures.legend import draw_key, key_height
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

__all__ = ["region_figure", "two_that_matter"]

ACROSS, LEFT, HEAD, HEIGHT, FOOT = 3, 0.55, 0.44, 1.5, 0.55
"""Panels in a line; inches left of, above, of, and below a panel."""
LARGEST = 8.0
"""Size of the mark of the largest effects, in points."""
MARKS = {1: "helps", 0: "equivalent", -1: "harms"}
"""As what an effect is drawn, by the sign of what is good."""


def two_that_matter(points: Sequence[Mapping[str, float]], effects: pd.Series) -> tuple[str, str]:
    """Name the two parameters with which the effect is most strongly rank-correlated."""
    import pandas as pd

    frame = pd.DataFrame(list(points)).assign(effect=effects.to_numpy())
    strength = frame.rank().corr()["effect"].drop("effect").abs().sort_values(ascending=False, kind="stable")
    return str(strength.index[0]), str(strength.index[1])


def region_figure(
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
        entries = [entry(gettext(lang, "better there"), "helps"), entry(gettext(lang, "worse there"), "harms")]
        if any((effects == 0).any() for _, effects in swept.values()):
            entries.append(entry(gettext(lang, "changes nothing at all"), "equivalent"))
        sheet = Sheet(title.text(lang), "", note.text(lang), lines * each + key_height(entries, lang), lang)
        width = (WIDTH - 0.05) / ACROSS
        for place, (policy, (points, effects)) in enumerate(zip(policies.values(), swept.values(), strict=True)):
            line, column = divmod(place, ACROSS)
            left, top = column * width, line * each
            size = 100 * effects.to_numpy(dtype=float)
            known = np.abs(size[np.isfinite(size)])  # no share of nothing, where a world has none of the outcome
            reach = max(float(np.percentile(known, 90)) if known.size else 0.0, 1e-9)
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
            scale = np.sqrt(0.08 + 0.92 * min(abs(effect) / reach, 1.0))
            draw_mark(axes, across, up, mark(MARKS[int(np.sign(good * effect))], ""), LARGEST * scale, clip_on=False)
