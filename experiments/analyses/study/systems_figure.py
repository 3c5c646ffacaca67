"""The figure of the systems: what switching each one on moves, in per cent, with its interval and verdict."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.study.systems_table import counted
from experiments.core.margin import MARGIN
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row
from experiments.figures.verdicts import band_entry, ink_of, verdict_entry, verdict_key
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import capital
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import amount, percent
from experiments.reporting.phrases import phrase

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["systems_figure"]


def systems_figure(table: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a row for each system and outcome of `systems.table_of`."""
    records = table.to_dict("records")
    rows, before = [], ""
    for record in records:
        first = record["contrast"] != before
        before = record["contrast"]
        label = f"{before}  {capital(phrase(str(record['system']), lang))}" if first else ""
        rows.append(Row(label, bold=True, line=first, beside=words.noun(str(record["outcome"]), lang).name))
    reach = _reach(table)
    panel = Panel(
        title="",
        axis=gettext(lang, "change when the system is on, %"),
        points=[[_point(record)] for record in records],
        numbers=[_number(record) for record in records],
        band=(-100 * MARGIN, 100 * MARGIN),
        span=(-reach, reach),
    )
    return IntervalRows(
        title=Finding("systems.title", **counted(table, "conflicts")),
        note=Finding("systems.note", replicates=int(table["replicates"].max()), margin=MARGIN),
        rows=rows,
        panels=[panel],
        key=[*verdict_key(table["verdict"], lang), band_entry(MARGIN, lang)],
    ).draw(lang)


def _reach(table: pd.DataFrame) -> float:
    """Choose an axis that shows the bulk of the changes; one that goes far beyond gets an arrow and its number."""
    sizes = 100.0 * np.abs(table["relative"].to_numpy(dtype=float))
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    if not sizes.size:
        return 10.0
    return float(max(1.1 * min(sizes.max(), 2.0 * np.quantile(sizes, 0.75)), 300 * MARGIN))


def _per_cent(record: dict[Any, Any], name: str) -> float:
    base = abs(float(record["without"]))
    return 100.0 * float(record[name]) / base if math.isfinite(base) and base > 0 else math.nan


def _point(record: dict[Any, Any]) -> Point:
    ends = (_per_cent(record, name) for name in ("ci_low", "difference", "ci_high"))
    return Point.of(ends, verdict_entry(str(record["verdict"])))


def _number(record: dict[Any, Any]) -> tuple[str, str]:
    """Return the change in per cent or, where there is nothing to be a share of, as it is."""
    share = _per_cent(record, "difference")
    text = percent(share, signed=True) if math.isfinite(share) else amount(float(record["difference"]), signed=True)
    return text, ink_of(str(record["verdict"]))
