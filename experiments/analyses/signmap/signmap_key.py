"""What the figures of a sign map share: marks, names of parameters and the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from experiments.analyses.signmap.boundaries import AnalyticBoundary
from experiments.analyses.signmap.sequential import SIGNS
from experiments.analyses.signmap.signmap_view import SignMapView
from experiments.core.statistics.regions import decided
from experiments.figures import style
from experiments.figures.legend import Entry
from experiments.reporting import declared
from experiments.reporting.catalogue import gettext
from experiments.reporting.template_rendering import sentence
from sim import Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ALWAYS", "DASHES", "draw_mark", "entries", "entry", "mark", "parameter"]

ALWAYS: Final = ("helps", "harms", "equivalent", "undecided")
"""Signs that the key names whether or not there are any."""

DASHES: Final = ((0, (4, 2)), (0, (1, 1.5)), (0, (6, 1.5, 1, 1.5)))

GIVEN_UP: Final = "#8a8a8a"

KEY: Final = (*ALWAYS[:3], *(sign for sign in SIGNS if sign not in ALWAYS), "undecided")
"""Signs in the order in which the key names them."""


def parameter(name: str, scenario: Scenario, lang: str) -> str:
    """Return a parameter's name, as a design says it, and its unit."""
    row = next((row for row in scenario.parameters() if row["name"] == name), {"unit": ""})
    if row["unit"] in ("", "switch", "name"):
        return name
    return gettext(lang, "{name}\n({unit})", name=name, unit=declared.unit(row, lang))


def mark(sign: str, ended: str) -> dict[str, Any]:
    """Return how a point is drawn: every sign has a shape of its own, and what was given up is hollow."""
    marker, colour, size = style.VERDICT_MARKS[sign]
    hollow = not decided(sign) and ended == "given up"
    return {
        "marker": marker,
        "size": 0.75 * size if hollow else size,
        "face": "white" if hollow else colour,
        "edge": GIVEN_UP if hollow else "white",
    }


def draw_mark(axes: Axes, x: Any, y: Any, look: Mapping[str, Any], size: float, **drawn: Any) -> None:
    """Draw points with one mark, of so many points times its own size."""
    axes.plot(
        x,
        y,
        marker=look["marker"],
        markersize=size * look["size"],
        markerfacecolor=look["face"],
        markeredgecolor=look["edge"],
        linestyle="none",
        **{"markeredgewidth": 0.4, **drawn},
    )


def entry(text: str, sign: str) -> Entry:
    """Return what the key says of a sign."""
    marker, colour, size = style.VERDICT_MARKS[sign]
    return Entry(text, colour, marker=marker, size=5.0 * size, width=0.0)


def entries(view: SignMapView, lang: str, boundaries: Sequence[AnalyticBoundary] = ()) -> list[Entry]:
    """Return the key: what each mark and line means."""
    key = [
        entry(sentence(lang, "signmap.mark", sign=sign, margin=view.margin), sign)
        for sign in KEY
        if sign in ALWAYS or sign in set(view.table["sign"])
    ]
    if (view.table["ended"] == "given up").any():
        text = sentence(lang, "signmap.labels.given_up")
        key.append(Entry(text, GIVEN_UP, marker="D", size=4.2, width=0.0, hollow=True))
    return key + [
        Entry(
            sentence(lang, "signmap.on_paper", boundary=boundary.name),
            style.INK,
            width=1.3,
            fresh=number == 0,
            dashes=DASHES[number % len(DASHES)],
        )
        for number, boundary in enumerate(boundaries)
    ]
