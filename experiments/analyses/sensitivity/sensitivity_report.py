"""What an analysis of sensitivity has found: what drives an outcome, how that is known, and what chance hides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from experiments.analyses.result import Draw
from experiments.analyses.sensitivity.morris import NOT_ZERO, NOTHING
from experiments.analyses.sensitivity.sensitivity_result import Sensitivity
from experiments.figures import style
from experiments.figures.entry import Entry
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.figures.planes import Plane, Scale, Series
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.declared import level
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import written
from experiments.reporting.template_rendering import sentence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TOP = 25
"""Rows of the screening that stand in the report; the whole is in ``morris.csv``."""
NAMED = 3
"""Parameters that a headline names."""
RANKED, NUMBERED = 15, 8
"""Parameters that are named in the figure of a screening, and numbered in its plane."""
NAME = 7.5
LONGEST = 40
"""Characters of a unit that does not stand on an axis."""
GREY = "#a3a3a3"
INTERVAL = Entry(colour=style.INK, width=1.0)
CLEAR, UNCLEAR = Entry(colour=style.BLUE, marker="o", width=1.6), Entry(colour=GREY, marker="D", width=1.6)
"""What a screening shows to differ from zero, and what not."""


def findings(result: Sensitivity) -> list[Finding]:
    """Find what the variance comes from, how many parameters matter, which does most alone, and what chance makes."""
    answers = [headline(result, kind) for kind in result.kinds]
    indices, screening = result.indices, result.screening
    if indices is not None and indices.responds:
        interactions = indices.additive[2] < 1.0 - indices.unresolved
        answers.insert(1, Finding("sensitivity.one_by_one", adds_up=[*indices.additive], interactions=interactions))
    if indices is not None and (whole := indices.variance[0] + indices.noise) > 0.0:
        answers.append(Finding("sensitivity.chance", share=indices.noise / whole))
    if screening is not None:
        counts = {"parameters": len(screening), "unmoved": int((screening["says"] == NOTHING).sum())}
        answers.append(Finding("sensitivity.passing_by_chance", **counts, by_chance=result.by_chance))
    return answers + [Finding("sensitivity.more")] * (list(result.kinds) == ["morris"])


def headline(result: Sensitivity, kind: str, **title: bool) -> Finding:
    """Find what a method says above all; with `title=True` as a title, which ends without a full stop."""
    about = result.spec.subject | title
    if kind == "sobol":
        assert result.indices is not None
        table = result.indices.table
        clear = table.loc[table["total_says"] == NOT_ZERO, ["parameter", "total", "total_low", "total_high"]]
        if not result.indices.responds:
            return Finding("sensitivity.no_variance", **about)
        if clear.empty:
            return Finding("sensitivity.no_share", **about)
        return Finding("sensitivity.shares", largest=clear.head(NAMED).to_numpy().tolist(), **about)
    table = without_rooms(result.kinds[kind])
    clear = table[table["says"] == NOT_ZERO]
    if kind == "morris":
        if clear.empty:
            return Finding("sensitivity.none_passes", parameters=len(table), **about)
        first = clear["parameter"].head(NAMED).tolist()
        return Finding("sensitivity.some_pass", parameters=len(table), passing=len(clear), first=first, **about)
    if clear.empty:
        return Finding("sensitivity.none_alone", **about)
    top = clear.loc[clear["change"].abs().idxmax()]
    what = {"parameter": top["parameter"], "value": top["value"], "change": list(top[["change", "ci_low", "ci_high"]])}
    return Finding("sensitivity.most_alone", **what, **about)


def without_rooms(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the switches of whole rooms: without incidents, voice or branches there is no effect left to explain.

    They stay in the tables; which mechanism carries an effect is the question of an ablation.
    """
    return table[~table["parameter"].str.endswith(".enabled")]


def figures(result: Sensitivity) -> dict[str, Draw]:
    """The indices, the screening and the tornado, as far as there are any."""
    draw = {"sobol": indices_figure, "morris": screening_figure, "tornado": tornado_figure}
    return {kind: partial(draw[kind], result, headline(result, kind, title=True)) for kind in result.kinds}


def indices_figure(result: Sensitivity, title: Finding, lang: str = "en") -> Figure:
    """Draw the share of the variance of each parameter, first-order and total; grey where it may be zero."""
    assert result.indices is not None
    table, indices = result.indices.table, result.indices
    kinds = {
        "first": Entry(gettext(lang, "first-order"), style.BLUE, band=True),
        "total": Entry(gettext(lang, "total"), style.AMBER, hatch="////", hollow=True, band=True),
    }
    grey = any((table[f"{kind}_says"][table[kind].notna()] != NOT_ZERO).any() for kind in kinds)
    ends = table[["first_low", "total_low", "first_high", "total_high"]].to_numpy(dtype=float)
    top, bottom = float(np.nanmax(ends, initial=0.1)), float(np.nanmin(ends, initial=0.0))
    surrogate = indices.quality is not None
    replicates = None if surrogate else result.steps["sobol"].replicates
    subtitle = Finding("sensitivity.indices_source", rows=indices.rows, quality=indices.quality, replicates=replicates)
    note = Finding("sensitivity.indices_note", unresolved=indices.unresolved if surrogate else None, grey=grey)
    axis = Finding("sensitivity.share_axis", **result.spec.subject)
    points = [[_index(row, *kind) for kind in kinds.items()] for row in table.to_dict("records")]
    panel = Panel(axis=axis, points=points, span=(1.03 * bottom, max(1.0, 1.03 * top)))
    key = [look for kind, look in kinds.items() if table[kind].notna().any()]
    rows = [Row(name) for name in table["parameter"]]
    return IntervalRows(title, rows, [panel], key, subtitle, note, size=NAME, names=3).draw(lang)


def _index(row: dict[Any, Any], kind: str, look: Entry) -> Point:
    bar = look if row[f"{kind}_says"] == NOT_ZERO else replace(look, colour=GREY)
    return Point(row[f"{kind}_low"], row[kind], row[f"{kind}_high"], INTERVAL, bar=bar)


def screening_figure(result: Sensitivity, title: Finding, lang: str = "en") -> Figure:
    """Draw the mean size of each parameter's effect, and beside it how much it depends on the others (Morris)."""
    assert result.screening is not None
    table = without_rooms(result.screening)
    moved = table[table["says"] != NOTHING]
    clear, first = moved["says"] == NOT_ZERO, moved.head(NUMBERED)
    note = Finding(
        "sensitivity.screening_note",
        parameters=len(table),
        idle=len(table) - len(moved),
        by_chance=result.by_chance,
        rooms=len(result.screening) - len(table),
        grey=not clear.all(),
    )
    ranked = moved.head(RANKED)
    points = [
        [Point(row["ci_low"], row["mu_star"], row["ci_high"], CLEAR if row["says"] == NOT_ZERO else UNCLEAR)]
        for row in ranked.to_dict("records")
    ]
    names = [f"{name}  {rank}" for rank, name in enumerate(ranked["parameter"], start=1)] or ["–"]
    unit = words.unit(result.spec.outcome, lang)
    axis = gettext(lang, "mu* ({unit})", unit=unit) if len(unit) < LONGEST else "mu*"
    most = float(moved[["mu_star", "sigma"]].to_numpy().max(initial=1e-12)) * 1.12
    least = min(0.0, 1.1 * float(np.nanmin(moved["mu_star"].to_numpy(dtype=float), initial=0.0)))
    plane = Plane(
        axis="mu*",
        up=sentence(lang, "sensitivity.labels.sigma"),
        series=[
            Series([0.0, most], [0.0, most], Entry(colour=style.MUTED, width=0.7), joined=True, order=1),
            *[
                Series(marked["mu_star"], marked["sigma"], replace(look, size=3.5))
                for marked, look in ((moved[~clear], UNCLEAR), (moved[clear], CLEAR))
            ],
            Series(first["mu_star"], first["sigma"], Entry(), numbers=[str(rank) for rank in range(1, len(first) + 1)]),
        ],
        x=Scale((least, most)),
        y=Scale((0.0, most)),
        high=2.1,
    )
    subtitle = Finding("sensitivity.screening_drawn", effects=int(table["effects"].max()), **result.spec.subject)
    rows, panels = [Row(name) for name in names], [Panel(axis=axis, points=points), plane]
    return IntervalRows(title, rows, panels, subtitle=subtitle, note=note, size=NAME, names=3).draw(lang)


def tornado_figure(result: Sensitivity, title: Finding, lang: str = "en") -> Figure:
    """Draw what each parameter changes alone, at either end of its range."""
    assert result.bars is not None
    table = without_rooms(result.bars)
    moved = (table["says"] != NOTHING).groupby(table["parameter"]).transform("any")
    still = table.loc[~moved, "parameter"].nunique() if moved.any() else 0
    table = table[moved] if moved.any() else table
    reach = float(np.nanmax(np.abs(table[["change", "ci_low", "ci_high"]].to_numpy(dtype=float)), initial=1e-12)) * 1.28
    shown = table[table["parameter"].isin(table["parameter"].unique()[: RANKED + 5])]
    ends = {name: rows.to_dict("records") for name, rows in shown.groupby("parameter", sort=False)}
    drawn = [row for rows in ends.values() for row in rows if np.isfinite(row["change"])]
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
        axis=gettext(lang, "change ({unit})", unit=words.unit(result.spec.outcome, lang)),
        points=[[_end(row, lang) for row in rows] for rows in ends.values()],
        span=(-reach, reach),
    )
    rows = [Row(f"{name} = {level(rows[0]['usual'], lang)}") for name, rows in ends.items()]
    subtitle = Finding("sensitivity.tornado_drawn", **result.spec.subject)
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


def document(result: Sensitivity, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    spec, indices, screening = result.spec, result.indices, result.screening
    method = [Finding("sensitivity.measured", **spec.subject)]
    for kind, step in result.steps.items():
        sizes = {"parameters": len(step.layout.axes), "points": len(step.layout.points)}
        method.append(Finding("sensitivity.step", kind=kind, **sizes, replicates=step.replicates))
    method.append(Finding("sensitivity.expected"))
    limits, warnings = [Finding("sensitivity.ranges")], []
    if indices is not None and indices.quality is not None:
        method.append(Finding("sensitivity.unresolved", share=indices.unresolved))
        warnings.append(Finding("sensitivity.from_surrogate", quality=indices.quality))
    if result.tally.failed:
        method.append(Finding("sensitivity.refused"))
    if indices is not None and screening is not None:
        limits.append(Finding("sensitivity.indices_of_passed"))
    if indices is not None and indices.lost:
        warnings.append(Finding("sensitivity.rows_lost", lost=indices.lost, rows=indices.rows + indices.lost))
    if screening is not None and (lost := int(screening["lost"].sum())):
        warnings.append(Finding("sensitivity.steps_lost", lost=lost, steps=int(screening["effects"].sum()) + lost))
    return Document(
        title=Finding("common.question", text=spec.question, own=Finding("sensitivity.question", **spec.subject)),
        findings=result.findings,
        figures=[(path, headline(result, kind)) for kind, path in drawn.items()],
        tables=list(_tables(result)),
        method=method,
        limits=limits,
        warnings=warnings,
        scenario=spec.listed,
        info=result.provenance if result.stores else {},
    )


SAID: Final[dict[str, Callable[[Any], Finding | str]]] = {
    "parameter": str,
    "parameters": str,
    "reason": lambda reason: Finding("sensitivity.reason", value=reason),
    **dict.fromkeys(("first", "total"), lambda share: written(share, ".3f")),
    **dict.fromkeys(("usual", "value"), lambda value: Finding("common.level", value=value)),
    **dict.fromkeys(("reading", "total_says"), lambda text: Finding("common.label", text=text)),
}
"""How columns are written; others hold numbers."""


def _tables(result: Sensitivity) -> Iterator[Shown]:
    if result.indices is not None:
        columns = "parameter first first_interval total total_interval total_says"
        yield _shown(Finding("sensitivity.table_of_indices"), result.indices.table, columns)
    if result.screening is not None:
        table = result.screening.head(TOP)
        caption = Finding("sensitivity.table_of_screening", top=len(table), parameters=len(result.screening))
        yield _shown(caption, table, "parameter mu_star interval sigma mu chance reading")
    if result.bars is not None:
        columns = "parameter usual value change interval reading"
        yield _shown(Finding("sensitivity.table_of_bars"), result.bars, columns)
    if counts := Counter(result.spec.left_out.values()):
        table = pd.DataFrame(counts.items(), columns=["reason", "parameters"])
        yield _shown(Finding("sensitivity.table_of_left_out"), table, "reason parameters")


def _shown(caption: Finding, table: pd.DataFrame, columns: str) -> Shown:
    """Show columns of a table; an interval is made of two of them."""
    cells: dict[str, list[Finding | str]] = {}
    for name in columns.split():
        if name.endswith("interval"):
            of = name.removesuffix("_interval").replace("interval", "ci")
            ends = table[[f"{of}_low", f"{of}_high"]].to_numpy(dtype=float)
            cells[name] = [
                f"[{written(low)}, {written(high)}]" if np.isfinite(low + high) else "–" for low, high in ends
            ]
        else:
            values = table["says" if name == "reading" else name]
            cells[name] = [SAID.get(name, written)(value) for value in values]
    return Shown(caption, pd.DataFrame(cells), "sensitivity.heads")
