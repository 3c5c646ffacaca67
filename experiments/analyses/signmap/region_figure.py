"""The figure of a search of regions: each world by the two parameters that matter most, and the effect there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.signmap.region_search import confirmed, good_side
from experiments.analyses.signmap.signmap_figures import look
from experiments.figures.page import Page
from experiments.figures.planes import Plane, Scale, Series
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.phrases import phrase
from experiments.reporting.words import noun

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["region_figure", "two_that_matter"]

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
    labels = {
        "helps": gettext(lang, "better there"),
        "harms": gettext(lang, "worse there"),
        "equivalent": gettext(lang, "changes nothing at all"),
    }
    ways = {
        MARKS[int(np.sign(good_side(policy.outcome) * effect))]
        for policy, (_, effects) in zip(policies.values(), swept.values(), strict=True)
        for effect in effects[np.isfinite(effects)].unique()
    }
    return Page(
        title=Finding("signs.title", **confirmed(table)),
        note=Finding("signs.note"),
        parts=[
            _panel(policy, *worlds, lang=lang) for policy, worlds in zip(policies.values(), swept.values(), strict=True)
        ],
        key=[replace(look(sign), label=label) for sign, label in labels.items() if sign in ways],
    ).draw(lang)


def _panel(policy: Any, points: Sequence[Mapping[str, float]], effects: pd.Series, *, lang: str) -> Plane:
    sizes = 100 * effects.to_numpy(dtype=float)
    known = np.isfinite(sizes)  # no share of nothing, where a world has none of the outcome
    reach = max(float(np.percentile(np.abs(sizes[known]), 90)) if known.any() else 0.0, 1e-9)
    first, second = two_that_matter(points, effects)
    x, y = (np.array([point[name] for point in points]) for name in (first, second))
    good = good_side(policy.outcome)
    scales = np.sqrt(0.08 + 0.92 * np.minimum(np.abs(sizes) / reach, 1.0))
    drawn = [(sign, known & (np.sign(good * sizes) == way)) for way, sign in MARKS.items()]
    judged = noun(policy.outcome, lang).name
    return Plane(
        capital(phrase(policy.name, lang)),
        first,
        up=second,
        under=gettext(lang, "{judged}; full size: {reach:.2g}%", judged=judged, reach=reach),
        series=[
            Series(x[rows], y[rows], look(sign, size=LARGEST), sizes=scales[rows]) for sign, rows in drawn if rows.any()
        ],
        x=Scale(most=4),
        y=Scale(most=4),
    )
