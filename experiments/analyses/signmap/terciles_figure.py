"""The shares of signs in the terciles of each parameter, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from experiments.analyses.signmap.signmap_findings import contrast, judged
from experiments.analyses.signmap.signmap_key import ALWAYS
from experiments.analyses.signmap.signmap_view import SignMapView
from experiments.analyses.signmap.terciles import tercile_ends
from experiments.figures import style
from experiments.figures.legend import Entry, keyed_sheet
from experiments.figures.sheet import WIDTH
from experiments.reporting.catalogue import N_, gettext
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["terciles_figure"]

ACROSS: Final = 3
LEFT, GAP, HEAD, HEIGHT = 0.56, 0.16, 0.26, 1.15
NAMES: Final[dict[str, str]] = {
    "low": N_("low\n{low}–{high}"),
    "middle": N_("middle\n{low}–{high}"),
    "high": N_("high\n{low}–{high}"),
}
"""Terciles of a range below an axis."""


def terciles_figure(view: SignMapView, shares: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a panel for each parameter, a block of them for each opponent."""
    names = view.names
    across = min(len(names), ACROSS)
    lines = -(-len(names) // across)
    width = (WIDTH - LEFT - 0.06 - GAP * (across - 1)) / across
    marks = ((sign, *style.VERDICT_MARKS[sign]) for sign in ALWAYS)
    keys = [
        Entry(sentence(lang, f"signmap.signs_by_name.{sign}"), colour, marker=marker, size=4.6 * size, width=0.0)
        for sign, marker, colour, size in marks
    ]
    foot = 0.62 if shares["group"].str.contains(" (", regex=False).any() else 0.50
    block = HEAD + lines * (HEIGHT + foot)
    height = block * len(view.against) + 0.02
    rows = [(opponent, sign) for sign in ("helps", "harms") for opponent in view.against]
    clear = filter(None, (contrast(view, shares, *row, title=True) for row in rows))
    title = next(clear, Finding("signmap.no_contrast", policy=view.policy))
    note = Finding("signmap.terciles_note")
    sheet = keyed_sheet((title, judged(view), note), height, keys, lang)
    for number, opponent in enumerate(view.against):
        start = number * block
        head = Finding("signmap.against", opponent=opponent, policy=view.policy)
        sheet.text(0.05, start + 0.18, head.text(lang), size=8, weight="bold")
        for place, name in enumerate(names):
            line, column = divmod(place, across)
            axes = sheet.axes(LEFT + column * (width + GAP), start + HEAD + line * (HEIGHT + foot), width, HEIGHT)
            _panel(axes, shares[(shares["against"] == opponent) & (shares["parameter"] == name)], lang)
            axes.set_xlabel(name, size=7, labelpad=2)
            axes.tick_params(labelleft=column == 0)
            if column == 0:
                axes.set_ylabel(gettext(lang, "share of points (%)"), size=7)
    return sheet.finished()


def _panel(axes: Axes, shares: pd.DataFrame, lang: str) -> None:
    groups = list(dict.fromkeys(shares["group"]))
    for step, sign in enumerate(ALWAYS):
        marker, colour, size = style.VERDICT_MARKS[sign]
        for row in shares[shares["sign"] == sign].to_dict("records"):
            x = groups.index(row["group"]) + 0.19 * (step - 1.5)
            axes.plot([x, x], [100 * row["low"], 100 * row["high"]], color=colour, linewidth=1.0, zorder=2)
            axes.plot(
                x,
                100 * row["share"],
                marker=marker,
                color=colour,
                markersize=4.0 * size,
                linestyle="none",
                markeredgecolor="white",
                markeredgewidth=0.4,
                zorder=3,
            )
    for place in range(1, len(groups)):
        axes.axvline(place - 0.5, color=style.PALE, linewidth=0.5, zorder=0)
    axes.set_xticks(range(len(groups)), [_broken(group, lang) for group in groups])
    axes.tick_params(axis="x", labelsize=6.2, length=0)
    axes.tick_params(axis="y", labelsize=6.5)
    axes.set_xlim(-0.5, len(groups) - 0.5)
    axes.set_ylim(-3, 103)


def _broken(group: str, lang: str) -> str:
    """Put what stands in brackets on a line of its own, in as little room as it needs."""
    word, low, high = tercile_ends(group)
    if word:
        return gettext(lang, NAMES[word], low=low, high=high)
    head, bracket, rest = group.partition(" (")
    return f"{head}\n{rest.removesuffix(')')}".replace(" to ", "–") if bracket else group
