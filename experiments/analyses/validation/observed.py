"""A user's table of disputes by estate, week and category, as filings and as targets.

The figures are computed by the same functions as the model's.  How far they can be trusted is measured by drawing
estates again with replacement (a bootstrap: filings of one estate hang together, estates less so).
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.analyses.validation.filings import YEAR, Filings, filing_figures
from experiments.analyses.validation.targets import Target, finite, read_rows, shipped
from sim.codes import CATEGORIES
from sim.paths import expanded

if TYPE_CHECKING:
    import pandas as pd

    from sim import District

__all__ = ["OBSERVED", "observed_targets", "read_observed"]

OBSERVED: Final = {
    "estate": "小区",
    "week": "周",
    "category": "类别",
    "count": "件数",
    "resolved_days": "办结天数",
}
"""Columns, and their Chinese names; the last may be missing."""

_KINDS: Final = {name: place for place, name in enumerate(CATEGORIES)} | {
    name: place for place, name in enumerate(("服务", "设施", "停车", "噪声", "充电", "收费", "业委会"))
}

MOST: Final = 10_000_000
"""Filings in all; more are almost surely a wrong column."""


def read_observed(path: str | Path, district: District) -> Filings:
    """Read observed disputes of a district: the whole years from the first week on.

    Parameters
    ----------
    path
        CSV in UTF-8 or GB18030 with `estate` (a name of the district), `week` (a whole number), `category`, `count`,
        and where known `resolved_days`; rows of the same estate, week and category add up.
    district
        The estates that were observed; those without a row had no dispute.

    Raises
    ------
    DistrictError
        Naming the file and all rows that cannot be used, the first ten shown; or that there is no whole year.
    """
    from sim.errors import DistrictError

    path = expanded(path)
    table = _table(path)
    place = {str(name): row for row, name in enumerate(district.names)}
    rows, problem = read_rows(path, table, "rows", lambda row: _row(row, place))
    if problem:
        raise DistrictError(problem)
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
    return Filings(
        district.households.astype(float),
        district.adults.astype(float),
        district.community,
        estate.repeat(count),
        category.repeat(count),
        week.repeat(count),
        days.repeat(count),
        years,
    )


def observed_targets(
    filings: Filings,
    *,
    draws: int = 400,
    seed: int = 1,
    confidence: float = 0.95,
    source: str = "observed disputes",
) -> dict[str, Target]:
    """Turn observed disputes into targets, each with its bootstrap interval (percentiles of `draws`) over estates.

    Figures that shipped targets are fitted by, and the volume, may be fitted; the others are held back.
    """
    usual, rng = shipped(), np.random.default_rng(seed)
    estates = filings.households.size
    drawn = [filing_figures(filings.of(rng.integers(0, estates, estates))) for _ in range(draws)]
    figures: dict[str, Target] = {}
    for name, value in filing_figures(filings).items():
        values = np.array([draw[name] for draw in drawn])
        values = values[np.isfinite(values)]
        if not math.isfinite(value) or values.size < draws / 2:
            continue
        low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2]).tolist()
        fitted = name == "volume" or (name in usual and usual[name].fitted)
        figures[name] = Target(
            value,
            min(low, value),
            max(high, value),
            "",
            source,
            fitted,
            interval=f"{100 * confidence:g} % bootstrap over estates",
        )
    return figures


def _table(path: Path) -> pd.DataFrame:
    """Read the file as text, and find our columns in it."""
    import pandas as pd

    from sim.errors import DistrictError, nearest

    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DistrictError(f"{path} cannot be read: {error.strerror or error}.") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise DistrictError(f"{path} is neither UTF-8 nor GB18030 text; save it as CSV (UTF-8).")
    try:
        table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, skipinitialspace=True)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DistrictError(f"{path} is not a table: {str(error).strip()}") from None
    theirs = {" ".join(str(name).split()).casefold(): name for name in table.columns}
    columns = {ours: theirs.get(ours, theirs.get(chinese)) for ours, chinese in OBSERVED.items()}
    names = {name: ours for ours, name in columns.items() if name is not None}
    lacking = [ours for ours, name in columns.items() if name is None and ours != "resolved_days"]
    if lacking:
        raise DistrictError(
            f"{path} has no column {', '.join(f'{ours} ({OBSERVED[ours]})' for ours in lacking)}."
            f"{nearest(lacking[0], theirs)} It has: {', '.join(map(str, table.columns))}."
        )
    if table.empty:
        raise DistrictError(f"{path} has no rows.")
    return table[list(names)].rename(columns=names)


def _row(row: Mapping[Any, Any], place: Mapping[str, int]) -> tuple[int, int, int, int, float]:
    from sim.errors import nearest

    estate = " ".join(str(row["estate"]).split())
    if estate not in place:
        raise ValueError(f'"{estate}" is no estate of the district.{nearest(estate, place)}')
    category = str(row["category"]).strip().casefold()
    if category not in _KINDS:
        raise ValueError(f'"{category}" is no category.{nearest(category, _KINDS)} There are: {", ".join(CATEGORIES)}')
    days = str(row.get("resolved_days", "")).strip()
    return (
        place[estate],
        _whole(row["week"], "week", -MOST),
        _KINDS[category],
        _whole(row["count"], "count", 0),
        _days(days) if days else math.nan,
    )


def _whole(text: Any, column: str, least: int) -> int:
    number = finite(text)
    if not (number.is_integer() and least <= number <= MOST):
        raise ValueError(f'{column} is "{text}": a whole number{" of at least 0" if least == 0 else ""} is needed')
    return int(number)


def _days(text: str) -> float:
    if not (number := finite(text)) >= 0:
        raise ValueError(f'resolved_days is "{text}": a number of days of at least 0, or nothing, is needed')
    return number
