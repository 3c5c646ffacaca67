"""The figures of sensitivity: Sobol's bars, Morris's plane, and the tornado."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.sensitivity.morris import NOT_ZERO, NOTHING
from experiments.figures import style
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.figures.legend import Entry
from experiments.figures.sheet import WIDTH, Sheet, text_width
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.declared import level
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import sentence

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
INTERVAL = Entry(colour=style.INK, width=1.0)


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
    assert result.indices is not None
    table, indices = result.indices.table, result.indices
    surrogate = indices.quality is not None
    kinds = {
        "first": Entry(gettext(lang, "first-order"), style.BLUE, band=True),
        "total": Entry(gettext(lang, "total"), style.AMBER, hatch="////", hollow=True, band=True),
    }
    names = ["first_low", "total_low", "first_high", "total_high"]
    ends = table[names].to_numpy(dtype=float)
    top, bottom = float(np.nanmax(ends, initial=0.1)), float(np.nanmin(ends, initial=0.0))
    return IntervalRows(
        title=title,
        subtitle=Finding(
            "sensitivity.indices_source",
            rows=indices.rows,
            quality=indices.quality,
            replicates=None if surrogate else result.steps["sobol"].replicates,
        ),
        note=Finding("sensitivity.indices_note", unresolved=indices.unresolved if surrogate else None),
        rows=[Row(name) for name in table["parameter"]],
        panels=[
            Panel(
                title="",
                axis=Finding("sensitivity.share_axis", **result.subject),
                points=[[_index(row, *kind) for kind in kinds.items()] for row in table.to_dict("records")],
                span=(1.03 * bottom, max(1.0, 1.03 * top)),
            )
        ],
        key=[bar for kind, bar in kinds.items() if table[kind].notna().any()],
        size=NAME,
        names=3,
    ).draw(lang)


def _index(row: dict[Any, Any], kind: str, bar: Entry) -> Point:
    """Draw a share of the variance; one that is not shown to be above zero is grey."""
    shown = bar if row[f"{kind}_says"] == NOT_ZERO else replace(bar, colour=GREY)
    return Point(row[f"{kind}_low"], row[kind], row[f"{kind}_high"], INTERVAL, bar=shown)


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
        bars.plot(row.mu_star, place, "o" if clear else "D", color=colour, markersize=5 if clear else 4, clip_on=False)
    _name_rows(bars, names)
    bars.axvline(0.0, color=style.MUTED, linewidth=0.6)
    bars.set_xlim(left=min(0.0, 1.05 * float(np.nanmin(ranked["ci_low"].to_numpy(dtype=float), initial=0.0))))
    unit = words.unit(result.spec.outcome, lang)
    bars.set_xlabel(gettext(lang, "mu* ({unit})", unit=unit) if len(unit) < LONGEST else "mu*")
    clear_rows = (moved["says"] == NOT_ZERO).to_numpy()
    for rows, mark, colour in ((~clear_rows, "D", GREY), (clear_rows, "o", style.BLUE)):
        look: dict[str, Any] = {"color": colour, "markersize": 3.5, "linestyle": "none", "clip_on": False}
        plane.plot(moved["mu_star"][rows], moved["sigma"][rows], mark, **look)
    most = float(moved[["mu_star", "sigma"]].to_numpy().max(initial=1e-12)) * 1.12
    plane.plot([0.0, most], [0.0, most], color=style.MUTED, linewidth=0.7)
    for rank, row in enumerate(ranked.head(8).itertuples(), start=1):
        edge = min(row.mu_star, row.sigma) < 0.06 * most  # below or left of it stand the axes' own numbers
        beside = (3, 2) if rank % 2 or edge else (-9, -7)
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
    subtitle = Finding("sensitivity.tornado_drawn", **result.subject)
    note = Finding(
        "sensitivity.tornado_note",
        replicates=int(table["replicates"].max()),
        still=still,
        lost=int(table["lost"].sum()),
    )
    ends = table[["change", "ci_low", "ci_high"]].to_numpy(dtype=float)
    reach = float(np.nanmax(np.abs(ends), initial=1e-12)) * 1.28
    by_name = {name: rows.to_dict("records") for name, rows in table.groupby("parameter", sort=False)}
    panel = Panel(
        title="",
        axis=gettext(lang, "change ({unit})", unit=words.unit(result.spec.outcome, lang)),
        points=[[_end(row, lang) for row in by_name[name]] for name in names],
        span=(-reach, reach),
    )
    rows = [Row(f"{name} = {level(usual[name], lang)}") for name in names]
    return IntervalRows(title, rows, [panel], subtitle=subtitle, note=note, size=NAME, names=3).draw(lang)


def _end(row: dict[Any, Any], lang: str) -> Point:
    """Draw what an end of a range changes: of lower values vermilion and hatched, of higher and other ones blue."""
    if not np.isfinite(row["change"]):
        return Point(np.nan, np.nan, np.nan, replace(INTERVAL, alpha=0.45), text=gettext(lang, "failed"))
    clear = row["says"] == NOT_ZERO
    low = not isinstance(row["value"], str | bool | np.bool_) and row["value"] < row["usual"]
    bar = Entry(
        colour=style.VERMILLION if low else style.BLUE,
        hatch="////" if low and clear else "",
        hollow=low or not clear,
        alpha=1.0 if clear else 0.45,
    )
    look = INTERVAL if clear else replace(INTERVAL, alpha=0.999)
    return Point(row["ci_low"], row["change"], row["ci_high"], look, bar=bar, text=level(row["value"], lang))
