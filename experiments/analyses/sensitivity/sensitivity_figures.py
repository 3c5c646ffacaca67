"""The figures of sensitivity: Sobol's bars, Morris's plane, and the tornado."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.analyses.sensitivity.morris import NOT_ZERO, NOTHING
from experiments.figures import style
from experiments.figures.sheet import WIDTH, Sheet, text_width
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.declared import level
from experiments.reporting.finding import Finding
from experiments.reporting.pages import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from experiments.analyses.sensitivity.sensitivity_result import Sensitivity

__all__ = ["sensitivity_figure", "without_rooms"]

ROW = 0.34
"""Height of a parameter's row, in inches."""
RANKED = 15
"""Parameters that are named in the figure of a screening."""
NAME = 7.5
LONGEST = 40
"""Characters of a unit that does not stand on an axis."""
GREY = "#a3a3a3"


def without_rooms(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the switches of whole rooms: without incidents, voice or branches there is no effect left to explain.

    They stay in the tables; which mechanism carries an effect is the question of an ablation.
    """
    return table[~table["parameter"].str.endswith(".enabled")]


def sensitivity_figure(result: Sensitivity, kind: str, title: Finding, lang: str = "en") -> Figure:
    """Draw one figure.

    Parameters
    ----------
    kind
        ``sobol``, ``morris`` or ``tornado``, as far as there is one.
    title
        What it shows above all.
    lang
        `en` or `zh`.
    """
    draw = {"sobol": _indices, "morris": _screening, "tornado": _tornado}[kind]
    with style.drawing(lang):
        return draw(result, title, lang)


def _width(names: list[str], lang: str) -> float:
    """Width that the names of rows take, in inches."""
    return max(text_width(name, NAME, lang) for name in names) + 0.18


def _name_rows(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(range(len(names)), names, fontsize=NAME)
    axes.set_ylim(len(names) - 0.45, -0.55)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _indices(result: Sensitivity, title: Finding, lang: str) -> Figure:
    from matplotlib.patches import Patch

    assert result.indices is not None
    table, indices = result.indices.table, result.indices
    names, surrogate = table["parameter"].tolist(), indices.quality is not None
    source = Finding(
        "sensitivity.indices_source",
        rows=indices.rows,
        quality=indices.quality,
        replicates=None if surrogate else result.steps["sobol"].replicates,
    )
    note = Finding("sensitivity.indices_note", unresolved=indices.unresolved if surrogate else None)
    left = _width(names, lang)
    height = ROW * 1.25 * len(names) + 0.75
    sheet = Sheet(title.text(lang), source.text(lang), note.text(lang), height, lang)
    axes = sheet.axes(left, 0.3, WIDTH - left - 0.2, height - 0.75)
    marks = (
        ("first", style.BLUE, "", -0.19, gettext(lang, "first-order")),
        ("total", style.AMBER, "////", 0.19, gettext(lang, "total")),
    )
    for kind, colour, hatch, shift, _label in marks:
        value = table[kind].to_numpy(dtype=float)
        low, high = (table[f"{kind}_{end}"].to_numpy(dtype=float) for end in ("low", "high"))
        place = np.arange(len(names)) + shift
        clear = (table[f"{kind}_says"] == NOT_ZERO).to_numpy()
        for rows, tint in ((clear, colour), (~clear, GREY)):
            axes.barh(
                place[rows],
                value[rows],
                height=0.32,
                facecolor="white" if hatch else tint,
                hatch=hatch,
                edgecolor=tint,
                linewidth=0.8,
            )
        axes.hlines(place, low, high, color=style.INK, linewidth=1.0)
    ends = table[["first_low", "total_low", "first_high", "total_high"]].to_numpy(dtype=float)
    top, bottom = float(np.nanmax(ends, initial=0.1)), float(np.nanmin(ends, initial=0.0))
    axes.axvline(0.0, color=style.MUTED, linewidth=0.6)
    axes.set_xlim(1.03 * bottom, max(1.0, 1.03 * top))
    axes.set_xlabel(Finding("sensitivity.share_axis", **result.subject).text(lang))
    handles = [
        Patch(facecolor=colour if not hatch else "white", hatch=hatch, edgecolor=colour, label=label)
        for _, colour, hatch, _, label in marks
    ]
    axes.legend(handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.1)
    _name_rows(axes, names)
    return sheet.finished()


def _screening(result: Sensitivity, title: Finding, lang: str) -> Figure:
    assert result.screening is not None
    table = without_rooms(result.screening)
    moved = table[table["says"] != NOTHING]
    ranked = moved.head(RANKED)
    names = [f"{name}  {rank}" for rank, name in enumerate(ranked["parameter"], start=1)] or ["–"]
    subtitle = Finding("sensitivity.screening_drawn", effects=int(table["effects"].max()), **result.subject)
    note = Finding(
        "sensitivity.screening_note",
        parameters=len(table),
        idle=len(table) - len(moved),
        by_chance=result.by_chance,
        rooms=len(result.screening) - len(table),
    )
    left = _width(names, lang)
    height = max(ROW * 0.75 * len(names) + 0.55, 2.6)
    sheet = Sheet(title.text(lang), subtitle.text(lang), note.text(lang), height, lang)
    wide = (WIDTH - left - 0.85) * 0.5
    bars = sheet.axes(left, 0.05, wide, height - 0.55)
    plane = sheet.axes(left + wide + 0.7, 0.05, wide - 0.05, height - 0.55)
    for place, row in enumerate(ranked.itertuples()):
        clear = row.says == NOT_ZERO
        colour = style.BLUE if clear else GREY
        bars.hlines(place, row.ci_low, row.ci_high, color=colour, linewidth=1.6)
        bars.plot(row.mu_star, place, "o" if clear else "D", color=colour, markersize=5 if clear else 4)
    _name_rows(bars, names)
    bars.axvline(0.0, color=style.MUTED, linewidth=0.6)
    bars.set_xlim(left=min(0.0, 1.05 * float(np.nanmin(ranked["ci_low"].to_numpy(dtype=float), initial=0.0))))
    unit = words.unit(result.spec.outcome, lang)
    bars.set_xlabel(f"mu* ({unit})" if len(unit) < LONGEST else "mu*")
    clear_rows = (moved["says"] == NOT_ZERO).to_numpy()
    for rows, mark, colour in ((~clear_rows, "D", GREY), (clear_rows, "o", style.BLUE)):
        plane.plot(moved["mu_star"][rows], moved["sigma"][rows], mark, color=colour, markersize=3.5, linestyle="none")
    most = float(moved[["mu_star", "sigma"]].to_numpy().max(initial=1e-12)) * 1.12
    plane.plot([0.0, most], [0.0, most], color=style.MUTED, linewidth=0.7)
    for rank, row in enumerate(ranked.head(8).itertuples(), start=1):
        beside = (3, 2) if rank % 2 else (-9, -7)
        plane.annotate(str(rank), (row.mu_star, row.sigma), beside, textcoords="offset points", fontsize=7)
    plane.set_xlim(min(0.0, 1.1 * float(np.nanmin(moved["mu_star"].to_numpy(dtype=float), initial=0.0))), most)
    plane.set_ylim(0.0, most)
    plane.set_xlabel("mu*")
    plane.set_ylabel(sentence(lang, "sensitivity.labels.sigma"))
    return sheet.finished()


def _tornado(result: Sensitivity, title: Finding, lang: str) -> Figure:
    assert result.bars is not None
    table = without_rooms(result.bars)
    moved = table.groupby("parameter", sort=False)["says"].transform(lambda column: (column != NOTHING).any())
    still = table.loc[~moved, "parameter"].nunique() if moved.any() else 0
    table = table[moved] if moved.any() else table
    names = list(dict.fromkeys(table["parameter"]))[: RANKED + 5]
    usual = table.groupby("parameter", sort=False)["usual"].first()
    labels = [f"{name} = {level(usual[name], lang)}" for name in names]
    subtitle = Finding("sensitivity.tornado_drawn", **result.subject)
    note = Finding(
        "sensitivity.tornado_note",
        replicates=int(table["replicates"].max()),
        still=still,
        lost=int(table["lost"].sum()),
    )
    left = _width(labels, lang)
    height = ROW * 1.15 * len(names) + 0.6
    sheet = Sheet(title.text(lang), subtitle.text(lang), note.text(lang), height, lang)
    axes = sheet.axes(left, 0.05, WIDTH - left - 0.25, height - 0.6)
    reach = float(np.nanmax(np.abs(table[["change", "ci_low", "ci_high"]].to_numpy(dtype=float)), initial=1e-12)) * 1.28
    for place, name in enumerate(names):
        _bars(axes, table[table["parameter"] == name], place, reach, lang)
    axes.axvline(0.0, color=style.MUTED, linewidth=0.8)
    axes.set_xlim(-reach, reach)
    axes.set_xlabel(gettext(lang, "change ({unit})", unit=words.unit(result.spec.outcome, lang)))
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
        axes.barh(
            at,
            row.change,
            height=0.32,
            facecolor="white" if low or not clear else colour,
            edgecolor=colour,
            hatch="////" if low and clear else "",
            linewidth=0.7,
            alpha=1.0 if clear else 0.45,
        )
        if np.isfinite(row.ci_low):
            axes.hlines(at, row.ci_low, row.ci_high, color=style.INK, linewidth=0.9)
        right = row.change >= 0.0
        ends = [end for end in (row.change, row.ci_low, row.ci_high) if np.isfinite(end)]
        end = max(0.0, *ends) if right else min(0.0, *ends)
        axes.annotate(
            level(row.value, lang),
            (end, at),
            (3 if right else -3, 0),
            textcoords="offset points",
            fontsize=6.5,
            va="center",
            ha="left" if right else "right",
            color=style.INK if clear else style.MUTED,
        )
