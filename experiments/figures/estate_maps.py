"""Maps of a district: a mark for each estate, as large as its households, in the colour of a value.

Signed values have a mark for each way, so that a greyscale print tells falls from rises.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.figures import style
from experiments.figures.entry import Entry
from experiments.figures.page import WIDTH, Part
from experiments.figures.tooltips import mark
from experiments.reporting.numbers import short, tick

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FALL, RISE, STILL = "o", "^", "."
EDGE, GREY = "#404040", "#bdbdbd"
WIDE = WIDTH / 3 - 0.42
"""About the width of a map, in inches."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Estates:
    """Where estates are, in km, how many households they have, and what they are called."""

    x: Values
    y: Values
    households: Values
    names: Sequence[str] = ()

    @property
    def tall(self) -> float:
        """Height of a map in inches, of about the district's shape."""
        wide, high = (max(float(np.ptp(values)), 0.5) if values.size else 1.0 for values in (self.x, self.y))
        return min(2.6, max(1.2, WIDE * high / wide))

    def areas(self, households: Any) -> Any:
        """Return marks' areas in square points; all together cover at most a third of a map."""
        scale = min(1 / 45.0, 0.3 * WIDE * self.tall * 72**2 / max(float(self.households.sum()), 1.0))
        return np.clip(np.asarray(households, float) * scale, 1.2, 90.0)

    def entry(self, households: int) -> Entry:
        """Return the mark of a number of households."""
        return Entry("", GREY, "o", float(self.areas(households)) ** 0.5, width=0, edge=EDGE)


def kinds_of(change: Values) -> dict[str, NDArray[np.bool_]]:
    """Tell where a value falls, rises, and stays the same."""
    return {FALL: change < 0, RISE: change > 0, STILL: change == 0}


@dataclass(frozen=True)
class EstateMap(Part):
    """A map of a `measure`.

    Without a `span` of the colours values are changes, and their colours are as dark on either side of zero.
    """

    estates: Estates = field(kw_only=True, repr=False)
    values: Values = field(kw_only=True, repr=False)
    measure: str = field(kw_only=True)
    span: tuple[float, float] | None = None

    @property
    def tall(self) -> float:
        """Height of its axes, in inches."""
        return self.estates.tall

    def draw(self, axes: Axes, lang: str) -> None:
        """Draw estates, large ones first so that small ones stay visible, and the colours below them."""
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import Normalize

        values, signed, estates = self.values, self.span is None, self.estates
        low, high = self.span or (-_reach(values), _reach(values))
        shades = ScalarMappable(Normalize(low, max(high, low + 1e-9)), "PuOr_r" if signed else "cividis_r")
        order, areas = np.argsort(-estates.households, kind="stable"), estates.areas(estates.households)
        edge: dict[str, Any] = {"linewidths": 0.25 if len(values) <= 400 else 0.15, "edgecolors": EDGE}
        for marker, chosen in (kinds_of(values) if signed else {FALL: np.isfinite(values)}).items():
            rows = order[chosen[order]]
            if marker == STILL:
                axes.scatter(estates.x[rows], estates.y[rows], s=2.0, color="#9a9a9a", lw=0, zorder=2)
                continue
            look = edge | {"s": areas[rows], "c": shades.to_rgba(values[rows]) if len(rows) else None}
            axes.scatter(estates.x[rows], estates.y[rows], marker=marker, zorder=3, **look)
        for place, name in zip(order, [estates.names[place] for place in order] if estates.names else (), strict=False):
            value = short(float(values[place]), signed)
            mark(axes, estates.x[place], estates.y[place], f"{name}: {value}", float(areas[place]) ** 0.5 / 2)
        axes.set_aspect("equal", adjustable="datalim")
        axes.locator_params(nbins=5)
        axes.tick_params(labelsize=7, pad=1.5)
        for spine in axes.spines.values():
            spine.set(visible=True, color=style.PALE)
        bar = axes.figure.colorbar(shades, ax=axes, orientation="horizontal", extend="both", aspect=26, pad=0.02)
        bar.outline.set_linewidth(0.4)
        bar.ax.locator_params(nbins=5)
        bar.ax.tick_params(labelsize=7, pad=1.5)
        bar.ax.set_xlabel(self.measure, fontsize=7, labelpad=1.5)
        if signed:
            bar.ax.xaxis.set_major_formatter(lambda value, _place: tick(value, "+.3g"))


def _reach(values: Values) -> float:
    moved = np.abs(values[np.isfinite(values)])
    largest = float(np.quantile(moved, 0.98)) if len(moved) else math.nan
    return largest if largest > 0 else 1.0
