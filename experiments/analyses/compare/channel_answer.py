"""Of a hundred conflicts, how many go which way: borne, taken up with the other side, filed with whom, acted on.

Filing is voice and has no better side.  What a new channel draws from can be read from the runs: how much each of the
other ways loses once it is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from experiments.analyses.compare.comparison_view import Reader
from experiments.reporting.finding import Block, Finding

WAYS: Final = tuple(
    "tolerated self_begun filed_firm filed_committee filed_branch hotline filed_platform gathered".split()
)
"""Every conflict, first or returning, goes one of these ways: columns of the weekly record."""
DOORS: Final = tuple(way for way in WAYS if way.startswith("filed_") or way == "hotline")
NEW: Final = ("filed_branch", "filed_platform")
"""Doors that a policy opens."""
ALL = "conflicts_all"
SILENT = 0.05
"""Of a hundred conflicts: less is not reported, since it would be written as 0.0."""


def shares(reader: Reader) -> pd.DataFrame | None:
    """Return of 100 conflicts how many go which way: arms by ways, means over the measured weeks and replicates.

    None where the runs do not record it, such as those of a model of the user's own.
    """
    series = reader.comparison.series
    if not {ALL, *WAYS} <= set(series.columns):
        return None
    late = series[series["week"] >= reader.warmup]
    sums = late.groupby("arm")[[ALL, *WAYS]].mean()
    sums = sums.loc[[name for name in (reader.baseline, *reader.arms) if name in sums.index]]
    sums = sums[sums[ALL] > 0.0]
    return None if sums.empty else 100.0 * sums[list(WAYS)].div(sums[ALL], axis=0)


def channel_table(reader: Reader) -> Block | None:
    """Return the table of all arms, and what it is; None where the runs do not record it."""
    table = shares(reader)
    if table is None:
        return None
    columns = [way for way in WAYS if table[way].abs().max() >= SILENT]
    arms = {str(name): list(row) for name, row in zip(table.index, table[columns].to_numpy(float), strict=True)}
    return Block("comparison_parts.ways", short=reader.short, columns=columns, arms=arms)


def channel_finding(reader: Reader, policy: str = "") -> Finding | None:
    """Find how many of 100 conflicts are filed with and without a policy, and which ways gain.

    By default of the policy in focus.
    """
    table, policy = shares(reader), policy or reader.focus
    if table is None or policy == reader.baseline or not {policy, reader.baseline} <= set(table.index):
        return None
    filed, before = (float(table.loc[arm, list(DOORS)].sum()) for arm in (policy, reader.baseline))
    change = (table.loc[policy] - table.loc[reader.baseline]).to_dict()
    moved = sorted(((way, change[way]) for way in WAYS if abs(change[way]) >= SILENT), key=lambda way: -abs(way[1]))
    more, fewer = ([way for way in moved if (way[1] > 0) == gains] for gains in (True, False))
    return Finding(
        "comparison_parts.filed",
        policy=policy,
        baseline=reader.baseline,
        filed=filed,
        before=before,
        more=more,
        fewer=fewer,
        drawn=_drawn(change),
    )


def _drawn(change: Mapping[str, float]) -> Finding | None:
    """Find what the channels that a policy opens draw from: of what they take, how much each other way has less.

    Shares of 100 add up, so that what new channels gain is what all other ways lose, those that gain counted against.
    """
    gain = sum(change[name] for name in NEW)
    old = sum(change[name] for name in DOORS if name not in NEW)
    losses = [(way, -change[way]) for way in ("tolerated", "self_begun", "gathered")]
    losses.insert(2, ("other", -old))
    sources = [(way, size) for way, size in sorted(losses, key=lambda loss: -loss[1]) if size >= SILENT]
    if gain < SILENT or not sources:
        return None
    return Finding("comparison_parts.drawn", gain=gain, sources=sources, added=gain + old)
