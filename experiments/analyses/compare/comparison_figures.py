"""The figures of a comparison, for people who present them.

Each title states what the numbers show, worked out from the numbers; each interval is named; marks differ in shape as
well as in colour.  Figures are made for the width of a page of A4, in English or Chinese.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from experiments.analyses.compare.comparison_view import Reader
from experiments.analyses.compare.cost import cost
from experiments.analyses.compare.forest import coverages, forest, parts
from experiments.analyses.compare.maps import maps
from experiments.analyses.compare.series import series
from experiments.figures import style
from sim.core.errors import OutcomeError, unknown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES: Final[dict[str, Callable[[Reader, str], Figure]]] = {
    "effects": forest,
    "coverages": coverages,
    "parts": parts,
    "series": series,
    "maps": maps,
    "cost": cost,
}
"""Name of the file, and what draws it."""


def draw(comparison: Any, name: str = "effects", lang: str = "en") -> Figure:
    """Draw one figure of a comparison, which shows itself in a notebook, in English without a font for Chinese.

    Raises
    ------
    ValueError
        If there is no figure of that name, or the comparison lacks what it shows.
    """
    if not hasattr(comparison, "series"):
        raise OutcomeError(
            f"draw shows the result of a comparison, not a {type(comparison).__name__}. A model is drawn by "
            "sim.plot(model); any other result has result.figure()."
        )
    reader = Reader(comparison)
    if name not in FIGURES:
        raise OutcomeError(unknown("figure", name, FIGURES))
    if name not in (known := available(reader)):
        has = ", ".join(known) or "none"
        raise ValueError(f'This comparison has no data for the figure "{name}". It has for: {has}.')
    return style.shown(partial(FIGURES[name], reader), lang)


def available(reader: Reader) -> list[str]:
    """Return the names of the figures for which a comparison holds data."""
    series, places = (
        set() if table is None or not len(table) else set(table["arm"].unique())
        for table in (reader.comparison.series, reader.comparison.estates)
    )
    has_rows = any(reader.effects(name) for name in reader.strategies)
    pair, ground = {reader.baseline, reader.focus}, reader.further or reader
    shown = {
        "effects": has_rows,
        "coverages": bool(reader.further and (reader.further.strategies or reader.further.covers)),
        "parts": has_rows and (len(ground.components()) > 1 or bool(ground.lesser)),
        "series": len(pair) > 1 and pair <= series,
        "maps": len(pair) > 1 and pair <= places,
        "cost": has_rows and any(reader.effect(name, "hours") for name in reader.strategies),
    }
    return [name for name in FIGURES if shown[name]]
