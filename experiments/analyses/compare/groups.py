"""For whom: what policies change in groups of estates, by kind, size, fee and age."""

from __future__ import annotations

from experiments.analyses.compare.comparison_view import Reader
from experiments.reporting.finding import Block
from sim.outcomes.inequality import BURDENS, GROUPS

__all__ = ["groups"]


def groups(reader: Reader) -> Block | None:
    """Return the table: a row for each group of estates, two columns for each policy that the text speaks of."""
    table = reader.comparison.groups
    table = table[table["strategy"].isin(reader.policies) & (table["strategy"] != table["against"])]
    known = {(row["strategy"], row["outcome"]): row for row in table.to_dict("records")}
    columns = [(policy, burden) for policy in reader.policies for burden in BURDENS]
    lines = {group: [known.get((policy, f"{burden}_{group}")) for policy, burden in columns] for group in GROUPS}
    lines = {
        group: effects
        for group, effects in lines.items()
        if any(effect is not None and effect["baseline_mean"] > 0.0 for effect in effects)
    }
    return Block("comparison_parts.groups", baseline=reader.baseline, columns=columns, lines=lines) if lines else None
