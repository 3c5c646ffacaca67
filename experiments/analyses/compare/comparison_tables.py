"""The report's tables: every effect, and the costs by who bears them."""

from __future__ import annotations

from typing import Final

import numpy as np

from experiments.analyses.compare.comparison_view import Effect, Reader
from experiments.reporting.finding import Block

__all__ = ["bearers", "effects"]

BEARERS: Final = (
    "mediation_hours",
    "routine_hours",
    "reporting_hours",
    "authority_hours",
    "extra_hours",
    "hours",
    "dispatched_hours",
    "committee_hours",
    "firm_hours",
)
"""Columns of the weekly record: who bears the hours."""


def effects(reader: Reader) -> Block:
    """Return the table of all effects by outcome, and that of further arms on their own ground."""
    return Block(
        "comparison_parts.effects",
        grounds=[
            (source.sample, source.short, _by_outcome(source))
            for source in (reader, reader.further)
            if source is not None
        ],
    )


def _by_outcome(reader: Reader) -> dict[str, list[Effect]]:
    by_outcome: dict[str, list[Effect]] = {outcome: [] for outcome in reader.outcomes}
    for effect in reader.all_effects():
        if effect.strategy != effect.against:
            by_outcome[effect.outcome].append(effect)
    return {outcome: rows for outcome, rows in by_outcome.items() if rows}


def bearers(reader: Reader) -> Block | None:
    """Return hours a week by who bears them: means over the measured weeks and replicates."""
    series = reader.comparison.series
    if series is None or not len(series):
        return None
    late = series[series["week"] >= reader.warmup]
    columns = [name for name in BEARERS if name in late and float(np.abs(late[name].to_numpy(float)).max()) > 0]
    if not columns:
        return None
    means = late.groupby("arm")[columns].mean()
    base = means.loc[reader.baseline]
    arms = {
        name: [
            (mean, None if name == reader.baseline else mean - base[column]) for column, mean in means.loc[name].items()
        ]
        for name in (reader.baseline, *reader.arms)
        if name in means.index
    }
    return Block("comparison_parts.bearers", short=reader.short, columns=columns, arms=arms)
