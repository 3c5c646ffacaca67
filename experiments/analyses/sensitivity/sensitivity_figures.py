"""The figures of sensitivity: Sobol's bars, Morris's plane, and the tornado."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.analyses.sensitivity.morris import NOT_ZERO, NOTHING
from experiments.analyses.sensitivity.sensitivity_words import (
    shown,
    subject,
    title_indices,
    title_screening,
    title_tornado,
    unit,
    without_rooms,
)
from experiments.figures import style
from experiments.figures.sheet import WIDTH, Sheet, text_width
from experiments.reporting.catalogue import gap, gettext

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from experiments.analyses.sensitivity.sensitivity_result import Sensitivity

__all__ = ["sensitivity_figure"]

ROW = 0.34
"""Height of a parameter's row, in inches."""
RANKED = 15
"""Parameters that are named in the figure of a screening."""
NAME = 7.5
GREY = "#a3a3a3"


def sensitivity_figure(found: Sensitivity, kind: str, lang: str = "en") -> Figure:
    """Draw one figure.

    Parameters
    ----------
    kind
        ``sobol``, ``morris`` or ``tornado``, as far as there is one.
    lang
        `en` or `zh`.
    """
    from sim.errors import ScenarioError, nearest

    drawn, _ = style.language(lang)
    if kind not in found.kinds:
        raise ScenarioError(f'There is no figure "{kind}" here.{nearest(kind, found.kinds)} '
                            f"There are: {', '.join(found.kinds)}.")
    draw = {"sobol": _indices, "morris": _screening, "tornado": _tornado}[kind]
    with style.drawing(drawn):
        return draw(found, drawn)


def _rows(names: list[str], lang: str) -> float:
    """Width that the names of rows take, in inches."""
    return max(text_width(name, NAME, lang) for name in names) + 0.18


def _name_rows(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(range(len(names)), names, fontsize=NAME)
    axes.set_ylim(len(names) - 0.45, -0.55)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _indices(found: Sensitivity, lang: str) -> Figure:
    from matplotlib.patches import Patch

    assert found.indices is not None
    table, made = found.indices.table, found.indices
    names, surrogate = table["parameter"].tolist(), made.quality is not None
    source = (
        gettext(
            lang,
            "{rows} rows, {replicates} replicates",
            rows=made.rows, replicates=found.steps['sobol'].replicates)
        if made.quality is None else
        gettext(
            lang,
            "NOT from runs but from a surrogate: a Gaussian process on {rows} points, which predicts "
            "{quality:.0%} of the variance of points that it has not seen (Q2)",
            rows=made.rows, quality=made.quality))
    note = (
        gettext(
            lang,
            "Bars: share of the variance of the expected outcome that goes when the parameter alone becomes "
            "known (first-order, filled) and that it takes part in, interactions included (total, hatched); "
            "chance is taken out. Lines: 95% intervals over resampled rows. Grey: not different from zero. Of a "
            "surrogate, no share differs from zero whose interval does not lie above {unresolved:.2g}, which the "
            "surrogate does not predict.",
            unresolved=made.unresolved)
        if surrogate else
        gettext(
            lang,
            "Bars: share of the variance of the expected outcome that goes when the parameter alone becomes "
            "known (first-order, filled) and that it takes part in, interactions included (total, hatched); "
            "chance is taken out. Lines: 95% intervals over resampled rows. Grey: not different from zero."))
    left = _rows(names, lang)
    height = ROW * 1.25 * len(names) + 0.75
    sheet = Sheet(title_indices(found, lang), source, note, height, lang)
    axes = sheet.axes(left, 0.3, WIDTH - left - 0.2, height - 0.75)
    marks = (("first", style.BLUE, "", -0.19, gettext(lang, "first-order")),
             ("total", style.AMBER, "////", 0.19, gettext(lang, "total")))
    for kind, colour, hatch, shift, _label in marks:
        value = table[kind].to_numpy(dtype=float)
        low, high = (table[f"{kind}_{end}"].to_numpy(dtype=float) for end in ("low", "high"))
        place = np.arange(len(names)) + shift
        clear = (table[f"{kind}_says"] == NOT_ZERO).to_numpy()
        for some, tint in ((clear, colour), (~clear, GREY)):
            axes.barh(place[some], value[some], height=0.32, facecolor="white" if hatch else tint, hatch=hatch,
                      edgecolor=tint, linewidth=0.8)
        axes.hlines(place, low, high, color=style.INK, linewidth=1.0)
    ends = table[["first_low", "total_low", "first_high", "total_high"]].to_numpy(dtype=float)
    top, bottom = float(np.nanmax(ends, initial=0.1)), float(np.nanmin(ends, initial=0.0))
    axes.axvline(0.0, color=style.MUTED, linewidth=0.6)
    axes.set_xlim(1.03 * bottom, max(1.0, 1.03 * top))
    what = subject(found, lang)
    axes.set_xlabel(gettext(lang, "share of the variance of {what}", what=what))
    handles = [Patch(facecolor=colour if not hatch else "white", hatch=hatch, edgecolor=colour, label=label)
               for _, colour, hatch, _, label in marks]
    axes.legend(handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.1)
    _name_rows(axes, names)
    return sheet.finished()


def _screening(found: Sensitivity, lang: str) -> Figure:
    assert found.screening is not None
    table = without_rooms(found.screening)
    rooms = len(found.screening) - len(table)
    shown_rows = table[table["says"] != NOTHING].head(RANKED)
    names = [f"{name}  {rank}" for rank, name in enumerate(shown_rows["parameter"], start=1)] or ["–"]
    idle = int((table["says"] == NOTHING).sum())
    subtitle = gettext(
        lang,
        "Change of {subject} for a move over a parameter's whole range, mean size over {effects} trajectories "
        "({unit})",
        subject=subject(found, lang), effects=int(table['effects'].max()), unit=unit(found, lang))
    note = (
        gettext(
            lang,
            "Mark: mean size of the effect (mu*), what chance alone would make taken out. Bar: 95% interval over "
            "resampled trajectories. Grey diamond: not different from zero. Of {table} parameters, {idle} "
            "changed nothing at all; about {by_chance:.0f} would pass by chance if none had an effect. On the "
            "right, numbers are ranks, and above the line an effect depends on the others more than it has a "
            "size of its own. Switches of {rooms} whole rooms are in the table alone: some take all of the "
            "effect along.",
            table=len(table), idle=idle, by_chance=found.by_chance, rooms=rooms)
        if bool(rooms) else
        gettext(
            lang,
            "Mark: mean size of the effect (mu*), what chance alone would make taken out. Bar: 95% interval over "
            "resampled trajectories. Grey diamond: not different from zero. Of {table} parameters, {idle} "
            "changed nothing at all; about {by_chance:.0f} would pass by chance if none had an effect. On the "
            "right, numbers are ranks, and above the line an effect depends on the others more than it has a "
            "size of its own.",
            table=len(table), idle=idle, by_chance=found.by_chance))
    left = _rows(names, lang)
    height = max(ROW * 0.75 * len(names) + 0.55, 2.6)
    sheet = Sheet(title_screening(found, lang), subtitle, note, height, lang)
    wide = (WIDTH - left - 0.85) * 0.5
    bars = sheet.axes(left, 0.05, wide, height - 0.55)
    plane = sheet.axes(left + wide + 0.7, 0.05, wide - 0.05, height - 0.55)
    for place, row in enumerate(shown_rows.itertuples()):
        clear = row.says == NOT_ZERO
        colour = style.BLUE if clear else GREY
        bars.hlines(place, row.ci_low, row.ci_high, color=colour, linewidth=1.6)
        bars.plot(row.mu_star, place, "o" if clear else "D", color=colour, markersize=5 if clear else 4)
    _name_rows(bars, names)
    bars.axvline(0.0, color=style.MUTED, linewidth=0.6)
    bars.set_xlim(left=min(0.0, 1.05 * float(np.nanmin(shown_rows["ci_low"].to_numpy(dtype=float), initial=0.0))))
    bars.set_xlabel(f"mu* ({unit(found, lang)})" if lang == "zh" or len(unit(found, lang)) < 40 else "mu*")
    moved = table[table["says"] != NOTHING]
    clear_rows = (moved["says"] == NOT_ZERO).to_numpy()
    for some, mark, colour in ((~clear_rows, "D", GREY), (clear_rows, "o", style.BLUE)):
        plane.plot(moved["mu_star"][some], moved["sigma"][some], mark, color=colour, markersize=3.5, linestyle="none")
    most = float(moved[["mu_star", "sigma"]].to_numpy().max(initial=1e-12)) * 1.12
    plane.plot([0.0, most], [0.0, most], color=style.MUTED, linewidth=0.7)
    for rank, row in enumerate(shown_rows.head(8).itertuples(), start=1):
        beside = (3, 2) if rank % 2 else (-9, -7)
        plane.annotate(str(rank), (row.mu_star, row.sigma), beside, textcoords="offset points", fontsize=7)
    plane.set_xlim(min(0.0, 1.1 * float(np.nanmin(moved["mu_star"].to_numpy(dtype=float), initial=0.0))), most)
    plane.set_ylim(0.0, most)
    plane.set_xlabel("mu*")
    plane.set_ylabel(gettext(lang, "sigma: how much it depends on the others"))
    return sheet.finished()


def _tornado(found: Sensitivity, lang: str) -> Figure:
    assert found.bars is not None
    table = without_rooms(found.bars)
    moved = table.groupby("parameter", sort=False)["says"].transform(lambda column: (column != NOTHING).any())
    still = table.loc[~moved, "parameter"].nunique()
    table = table[moved] if moved.any() else table
    names = list(dict.fromkeys(table["parameter"]))[:RANKED + 5]
    usual = table.groupby("parameter", sort=False)["usual"].first()
    labels = [f"{name} = {shown(usual[name], lang)}" for name in names]
    lost = int(table["lost"].sum())
    subtitle = gettext(
        lang,
        "Change of {subject} when one parameter leaves its usual value and all others keep theirs",
        subject=subject(found, lang))
    told = [gettext(
        lang,
        "Beside a name its usual value, beside a bar the value that was tried instead. Lines: 95% interval of the mean "
        "paired difference over {replicates} replicates. Orange and hatched: a value below the usual one; blue: above "
        "it, or another level. Pale bars are not different from zero.",
        replicates=int(table["replicates"].max()))]
    if still and moved.any():
        told.append(gettext(lang, "{still} parameters that changed nothing are not shown.", still=still))
    if lost:
        told.append(gettext(lang, "{lost} pairs were lost to runs that failed.", lost=lost))
    left = _rows(labels, lang)
    height = ROW * 1.15 * len(names) + 0.6
    sheet = Sheet(title_tornado(found, lang), subtitle, gap(lang).join(told), height, lang)
    axes = sheet.axes(left, 0.05, WIDTH - left - 0.25, height - 0.6)
    reach = float(np.nanmax(np.abs(table[["change", "ci_low", "ci_high"]].to_numpy(dtype=float)), initial=1e-12)) * 1.28
    for place, name in enumerate(names):
        _bars(axes, table[table["parameter"] == name], place, reach, lang)
    axes.axvline(0.0, color=style.MUTED, linewidth=0.8)
    axes.set_xlim(-reach, reach)
    axes.set_xlabel(gettext(lang, "change ({unit})", unit=unit(found, lang)))
    _name_rows(axes, labels)
    return sheet.finished()


def _bars(axes: Axes, rows: pd.DataFrame, place: int, reach: float, lang: str) -> None:
    """Draw a parameter's ends below one another: lower values vermilion and hatched, higher and other ones blue."""
    for number, row in enumerate(rows.itertuples()):
        at = place + (number - (len(rows) - 1) / 2) * 0.38 if len(rows) > 1 else place
        clear = row.says == NOT_ZERO
        if not np.isfinite(row.change):
            axes.text(0.01 * reach, at, gettext(lang, "failed"), fontsize=6.5, va="center", color=style.MUTED)
            continue
        low = not isinstance(row.value, str | bool | np.bool_) and row.value < row.usual
        colour = style.VERMILLION if low else style.BLUE
        axes.barh(at, row.change, height=0.32, facecolor="white" if low or not clear else colour, edgecolor=colour,
                  hatch="////" if low and clear else "", linewidth=0.7, alpha=1.0 if clear else 0.45)
        if np.isfinite(row.ci_low):
            axes.hlines(at, row.ci_low, row.ci_high, color=style.INK, linewidth=0.9)
        right = row.change >= 0.0
        ends = [end for end in (row.change, row.ci_low, row.ci_high) if np.isfinite(end)]
        end = max(0.0, *ends) if right else min(0.0, *ends)
        axes.annotate(shown(row.value, lang), (end, at), (3 if right else -3, 0), textcoords="offset points",
                      fontsize=6.5, va="center", ha="left" if right else "right",
                      color=style.INK if clear else style.MUTED)

