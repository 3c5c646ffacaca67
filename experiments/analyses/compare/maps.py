"""District maps: conflicts in every estate without and with the strategy in focus, and the differences.

Differences of filed cases and of standing disputes stand beside that of conflicts, on scales of their own, since
the three may have different signs in the same place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.compare.comparison_view import HEADLINE, Reader
from experiments.figures.entry import Entry
from experiments.figures.estate_maps import EDGE, FALL, GREY, RISE, STILL, EstateMap, Estates, kinds_of
from experiments.figures.page import Page
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZES = (100, 500, 1000, 2000, 4000)
"""Households of which the key shows the marks."""


def maps(reader: Reader, lang: str) -> Figure:
    """Draw five maps: the baseline, the strategy in focus, and the differences in three outcomes."""
    district, base, focus = reader.comparison.district, reader.baseline, reader.focus
    levels = {name: rates(reader, name, "conflicts") for name in (base, focus)}
    changes = {
        outcome: rates(reader, focus, outcome) - rates(reader, base, outcome)
        for outcome in HEADLINE
        if outcome in reader.comparison.estates
    }
    x, y, households = (np.asarray(values, float) for values in (district.x, district.y, district.households))
    estates = Estates(x, y, households, tuple(map(str, district.names)))
    both = np.concatenate([*levels.values()])
    low, high = np.nanquantile(both, [0.02, 0.98]) if len(both) else (0.0, 1.0)
    label = gettext(lang, "conflicts per 1,000 households, week")
    parts = [
        EstateMap(capital(words.arm(name, lang)), estates=estates, values=values, measure=label, span=(low, high))
        for name, values in levels.items()
    ]
    label = gettext(lang, "per 1,000 households, week")
    for outcome, change in changes.items():
        name = gettext(lang, "Difference: {name}", name=words.noun(outcome, lang).name)
        parts.append(EstateMap(capital(name), estates=estates, values=change, measure=label))
    kinds = {FALL: gettext(lang, "fall"), RISE: gettext(lang, "rise"), STILL: gettext(lang, "no change")}
    drawn = {mark for change in changes.values() for mark, rows in kinds_of(change).items() if rows.any()}
    largest = max(500.0, float(households.max(initial=0.0)))
    counts = [(outcome, int((change < 0).sum()), int((change > 0).sum())) for outcome, change in changes.items()]
    sizes = [
        replace(estates.entry(size), label=gettext(lang, "{households:,} households", households=size))
        for size in SIZES
        if size <= largest
    ]
    marks = [Entry(text, GREY, mark, 5.0, width=0, edge=EDGE) for mark, text in kinds.items() if mark in drawn]
    return Page(
        title=Finding("comparison.falls", policy=focus, outcomes=counts, total=len(district.names)),
        subtitle=Finding("comparison.rises", outcomes=counts, effects=reader.effects(focus), margin=reader.margin),
        note=Finding("comparison.map_note"),
        parts=parts,
        axis=gettext(lang, "axes in km"),
        key=[*sizes, *marks],
    ).draw(lang)


def rates(reader: Reader, arm: str, outcome: str) -> NDArray[np.float64]:
    """Return an outcome per 1,000 households and week by estate, in the district's order; NaN if missing."""
    district, rows = reader.comparison.district, reader.comparison.estates
    rows = rows[rows["arm"] == arm]
    counts = rows.set_index(rows["estate"].astype(str))[outcome].astype(float).reindex(list(map(str, district.names)))
    return counts.to_numpy() / np.asarray(district.households, float) * 1000
