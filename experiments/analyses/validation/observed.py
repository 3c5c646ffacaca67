"""A user's table of disputes by estate, week and category, as filings and as targets.

The figures are computed by the same functions as the model's.  How far they can be trusted is measured by drawing
estates again with replacement (a bootstrap: filings of one estate hang together, estates less so).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.analyses.validation.filings import YEAR, Filings, filing_figures
from experiments.analyses.validation.targets import Target, finite, read_rows, read_table, shipped
from sim import District
from sim.core.codes import CATEGORIES
from sim.core.errors import DistrictError, nearest
from sim.core.paths import expanded

OBSERVED: Final = {"estate": "小区", "week": "周", "category": "类别", "count": "件数", "resolved_days": "办结天数"}
"""Columns, and their Chinese names; the last may be missing."""

_KINDS: Final = {
    name: place
    for names in (CATEGORIES, ("服务", "设施", "停车", "噪声", "充电", "收费", "业委会"))
    for place, name in enumerate(names)
}

MOST: Final = 10_000_000
"""Filings in all; more are almost surely a wrong column."""


def read_observed(path: str | Path, district: District) -> Filings:
    """Read observed disputes of a district: the whole years from the first week on.

    The table is a CSV in UTF-8 or GB18030 with `estate` (a name of the district), `week` (a whole number), `category`,
    `count`, and where known `resolved_days`; rows of the same estate, week and category add up.  Estates without a row
    had no dispute.

    Raises
    ------
    DistrictError
        Naming the file and all rows that cannot be used, the first ten shown; or that there is no whole year.
    """
    path = expanded(path)
    place = {str(name): row for row, name in enumerate(district.names)}
    rows = read_rows(path, _named(path), "rows", lambda row: _row(row, place), DistrictError)
    estate, week, category, count = (np.array([row[column] for row in rows], dtype=np.int64) for column in range(4))
    days = np.array([row[4] for row in rows], dtype=float)
    span = int(week.max() - week.min()) + 1
    if span < YEAR:
        raise DistrictError(
            f"{path} covers {span} weeks, and figures are of whole years of {YEAR} weeks. If nothing "
            "was filed at the beginning or the end, add a row with count 0 for the first or last week."
        )
    if count.sum() > MOST:
        raise DistrictError(f"{path} counts {count.sum()} disputes, and at most {MOST} are read: is count right?")
    if count.sum() == 0:
        raise DistrictError(f"{path} counts no dispute at all.")
    years, week = span // YEAR, week - week.min()
    count = np.where(week < years * YEAR, count, 0)
    estate, category, week = (column.repeat(count) for column in (estate, category, week))
    households, adults = district.households.astype(float), district.adults.astype(float)
    return Filings(households, adults, district.community, estate, category, week, days.repeat(count), years)


def observed_targets(filings: Filings, *, draws: int = 400, source: str = "observed disputes") -> dict[str, Target]:
    """Turn observed disputes into targets, each with its 95 % bootstrap interval (percentiles of `draws`) over estates.

    Figures that shipped targets are fitted by, and the volume, may be fitted; the others are held back.
    """
    rng, estates = np.random.default_rng(1), filings.households.size
    drawn = pd.DataFrame([filing_figures(filings.of(rng.integers(0, estates, estates))) for _ in range(draws)])
    may_be_fitted = {"volume", *(name for name, target in shipped().items() if target.fitted)}
    targets: dict[str, Target] = {}
    for name, value in filing_figures(filings).items():
        values = drawn[name].to_numpy()[np.isfinite(drawn[name])]
        if math.isfinite(value) and values.size >= draws / 2:
            low, high = np.quantile(values, [(1 - 0.95) / 2, (1 + 0.95) / 2]).tolist()
            ends, how = (min(low, value), max(high, value)), "95 % bootstrap over estates"
            targets[name] = Target(value, *ends, "", source, name in may_be_fitted, interval=how)
    return targets


def _named(path: Path) -> pd.DataFrame:
    """Find our columns in a user's table."""
    table = read_table(path, DistrictError)
    theirs = {" ".join(str(name).split()).casefold(): name for name in table.columns}
    columns = {ours: theirs.get(ours, theirs.get(chinese)) for ours, chinese in OBSERVED.items()}
    if lacking := [ours for ours, name in columns.items() if name is None and ours != "resolved_days"]:
        raise DistrictError(
            f"{path} has no column {', '.join(f'{ours} ({OBSERVED[ours]})' for ours in lacking)}."
            f"{nearest(lacking[0], theirs)} It has: {', '.join(map(str, table.columns))}."
        )
    names = {name: ours for ours, name in columns.items() if name is not None}
    return table[list(names)].rename(columns=names)


def _row(row: Mapping[Any, Any], place: Mapping[str, int]) -> tuple[int, int, int, int, float]:
    estate = " ".join(str(row["estate"]).split())
    if estate not in place:
        raise ValueError(f'"{estate}" is no estate of the district.{nearest(estate, place)}')
    category = str(row["category"]).strip().casefold()
    if category not in _KINDS:
        raise ValueError(f'"{category}" is no category.{nearest(category, _KINDS)} There are: {", ".join(CATEGORIES)}')
    week, count = _whole(row["week"], "week", -MOST), _whole(row["count"], "count", 0)
    text = str(row.get("resolved_days", "")).strip()
    days = finite(text)
    if text and not days >= 0:
        raise ValueError(f'resolved_days is "{text}": a number of days of at least 0, or nothing, is needed')
    return place[estate], week, _KINDS[category], count, days


def _whole(text: Any, column: str, least: int) -> int:
    number = finite(text)
    if not (number.is_integer() and least <= number <= MOST):
        raise ValueError(f'{column} is "{text}": a whole number{" of at least 0" if least == 0 else ""} is needed')
    return int(number)
