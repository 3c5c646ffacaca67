"""The figures of sensitivity: Sobol's bars, Morris's plane, and the tornado."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.sensitivity.morris import NOT_ZERO, NOTHING
from experiments.figures import style
from experiments.figures.entry import Entry
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.figures.planes import Plane, Scale, Series
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.declared import level
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.analyses.sensitivity.sensitivity_result import Sensitivity

__all__ = ["sensitivity_figure", "without_rooms"]

RANKED, NUMBERED = 15, 8
"""Parameters that are named in the figure of a screening, and numbered in its plane."""
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
    """Draw ``sobol``, ``morris`` or ``tornado``, as far as there is one; the title is what it shows above all."""
    return {"sobol": _indices, "morris": _screening, "tornado": _tornado}[kind](result, title, lang)


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
        note=Finding(
            "sensitivity.indices_note",
            unresolved=indices.unresolved if surrogate else None,
            grey=any((table[f"{kind}_says"][table[kind].notna()] != NOT_ZERO).any() for kind in kinds),
        ),
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
        grey=bool((moved["says"] != NOT_ZERO).any()),
    )
    unit = words.unit(result.spec.outcome, lang)
    clear = (moved["says"] == NOT_ZERO).to_numpy()
    most = float(moved[["mu_star", "sigma"]].to_numpy().max(initial=1e-12)) * 1.12
    least = min(0.0, 1.1 * float(np.nanmin(moved["mu_star"].to_numpy(dtype=float), initial=0.0)))
    entries = [Entry(colour=style.BLUE if shown else GREY, marker="o" if shown else "D", width=1.6) for shown in clear]
    ends = ranked[["ci_low", "mu_star", "ci_high"]].to_numpy(dtype=float)
    first = ranked.head(NUMBERED)
    plane = Plane(
        axis="mu*",
        up=sentence(lang, "sensitivity.labels.sigma"),
        series=[
            Series([0.0, most], [0.0, most], Entry(colour=style.MUTED, width=0.7), joined=True, order=1),
            *[
                Series(moved["mu_star"][rows], moved["sigma"][rows], Entry(colour=colour, marker=mark, size=3.5))
                for rows, mark, colour in ((~clear, "D", GREY), (clear, "o", style.BLUE))
            ],
            Series(first["mu_star"], first["sigma"], Entry(), numbers=[str(rank) for rank in range(1, len(first) + 1)]),
        ],
        x=Scale((least, most)),
        y=Scale((0.0, most)),
        high=2.1,
    )
    return IntervalRows(
        title=title,
        subtitle=subtitle,
        note=note,
        rows=[Row(name) for name in names],
        panels=[
            Panel(
                axis=gettext(lang, "mu* ({unit})", unit=unit) if len(unit) < LONGEST else "mu*",
                points=[[Point.of(row, look)] for row, look in zip(ends, entries, strict=False)],
            ),
            plane,
        ],
        size=NAME,
        names=3,
    ).draw(lang)


def _tornado(result: Sensitivity, title: Finding, lang: str) -> Figure:
    assert result.bars is not None
    table = without_rooms(result.bars)
    moved = table.groupby("parameter", sort=False)["says"].transform(lambda column: (column != NOTHING).any())
    still = table.loc[~moved, "parameter"].nunique() if moved.any() else 0
    table = table[moved] if moved.any() else table
    names = list(dict.fromkeys(table["parameter"]))[: RANKED + 5]
    usual = table.groupby("parameter", sort=False)["usual"].first()
    subtitle = Finding("sensitivity.tornado_drawn", **result.subject)
    ends = table[["change", "ci_low", "ci_high"]].to_numpy(dtype=float)
    reach = float(np.nanmax(np.abs(ends), initial=1e-12)) * 1.28
    by_name = {name: rows.to_dict("records") for name, rows in table.groupby("parameter", sort=False)}
    drawn = [row for name in names for row in by_name[name] if np.isfinite(row["change"])]
    note = Finding(
        "sensitivity.tornado_note",
        replicates=int(table["replicates"].max()),
        still=still,
        lost=int(table["lost"].sum()),
        below=any(map(_is_below, drawn)),
        above=not all(map(_is_below, drawn)),
        pale=any(row["says"] != NOT_ZERO for row in drawn),
    )
    panel = Panel(
        title="",
        axis=gettext(lang, "change ({unit})", unit=words.unit(result.spec.outcome, lang)),
        points=[[_end(row, lang) for row in by_name[name]] for name in names],
        span=(-reach, reach),
    )
    rows = [Row(f"{name} = {level(usual[name], lang)}") for name in names]
    return IntervalRows(title, rows, [panel], subtitle=subtitle, note=note, size=NAME, names=3).draw(lang)


def _is_below(row: dict[Any, Any]) -> bool:
    return not isinstance(row["value"], str | bool | np.bool_) and bool(row["value"] < row["usual"])


def _end(row: dict[Any, Any], lang: str) -> Point:
    """Draw what an end of a range changes: of lower values vermilion and hatched, of higher and other ones blue."""
    if not np.isfinite(row["change"]):
        return Point(np.nan, np.nan, np.nan, replace(INTERVAL, alpha=0.45), text=gettext(lang, "failed"))
    clear = row["says"] == NOT_ZERO
    low = _is_below(row)
    bar = Entry(
        colour=style.VERMILLION if low else style.BLUE,
        hatch="////" if low and clear else "",
        hollow=low or not clear,
        alpha=1.0 if clear else 0.45,
    )
    look = INTERVAL if clear else replace(INTERVAL, alpha=0.999)
    return Point(row["ci_low"], row["change"], row["ci_high"], look, bar=bar, text=level(row["value"], lang))
