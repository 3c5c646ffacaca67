"""The report's tables: every effect, the costs by who bears them, and for whom: what changes in groups of estates."""

from __future__ import annotations

from typing import Final

from experiments.analyses.compare.comparison_view import Effect, Reader
from experiments.reporting.finding import Block
from sim.outcomes.inequality import BURDENS, GROUPS

BEARERS: Final = tuple(
    "mediation_hours routine_hours reporting_hours authority_hours extra_hours hours dispatched_hours committee_hours "
    "firm_hours".split()
)
"""Columns of the weekly record: who bears the hours."""


def effects(reader: Reader) -> Block:
    """Return the table of all effects by outcome, and that of further arms on their own ground."""
    sources = [source for source in (reader, reader.further) if source is not None]
    return Block(
        "comparison_parts.effects",
        grounds=[(source.sample, source.short, _by_outcome(source)) for source in sources],
    )


def _by_outcome(reader: Reader) -> dict[str, list[Effect]]:
    by_outcome: dict[str, list[Effect]] = {}
    for outcome in reader.outcomes:
        for effect in reader.all_effects():
            if effect.outcome == outcome and effect.strategy != effect.against:
                by_outcome.setdefault(outcome, []).append(effect)
    return by_outcome


def bearers(reader: Reader) -> Block | None:
    """Return hours a week by who bears them: means over the measured weeks and replicates."""
    series = reader.comparison.series
    late = series[series["week"] >= reader.warmup]
    columns = [name for name in BEARERS if name in late and late[name].abs().max() > 0]
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


def groups(reader: Reader) -> Block | None:
    """Return the table: a row for each group of estates, two columns for each policy that the text speaks of."""
    table = reader.comparison.groups
    table = table[table["strategy"].isin(reader.policies) & (table["strategy"] != table["against"])]
    known = {(row["strategy"], row["outcome"]): row for row in table.to_dict("records")}
    columns = [(policy, burden) for policy in reader.policies for burden in BURDENS]
    lines = {}
    for group in GROUPS:
        line = [known.get((policy, f"{burden}_{group}")) for policy, burden in columns]
        if any(effect and effect["baseline_mean"] > 0.0 for effect in line):
            lines[group] = line
    return Block("comparison_parts.groups", baseline=reader.baseline, columns=columns, lines=lines) if lines else None
