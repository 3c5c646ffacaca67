"""How far a comparison reaches over assumptions, and which of these decide it: the report's opening and a section."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments.analyses.compare.comparison_view import HEADLINE, Reader
from experiments.reporting import words
from experiments.reporting.finding import Block, Finding

COUNT = 3
"""Number of assumptions that are reported."""


def decisive(table: pd.DataFrame, strategy: str) -> pd.DataFrame:
    """Pick the assumptions that decide the effect of a policy most, from `assumptions.csv` (`assumptions.over.CAUSES`).

    The effect is against what stands first in the table, the baseline.  There is a row for each parameter that is
    distinguished from noise in any of the outcomes, with the outcome in which it explains most; the largest mean share
    over the outcomes first.
    """
    own = table[(table["strategy"] == strategy) & table["outcome"].isin(("conflicts", "standing"))]
    if len(own):
        own = own[own["against"] == own["against"].iloc[0]]
    mean = own.groupby("parameter")["share"].sum() / max(1, own["outcome"].nunique())
    best = own[own["clear"].astype(bool)].sort_values("share", ascending=False, kind="stable")
    best = best.drop_duplicates("parameter")
    return (
        best.assign(mean_share=best["parameter"].map(mean))
        .sort_values("mean_share", ascending=False, kind="stable", ignore_index=True)
        .head(COUNT)
    )


def deciding_findings(
    causes: pd.DataFrame, strategy: str, docs: Mapping[str, str] | None = None
) -> tuple[Finding, list[Finding]]:
    """Find which assumptions decide the effect of a policy most: a head, and each, the most important first.

    Parameters
    ----------
    causes
        ``assumptions.csv`` of a comparison's folder.
    strategy
        The policy.
    docs
        What parameters are, by name, for those that have no words of their own.
    """
    rows = decisive(causes, strategy)
    varied = causes[causes["strategy"] == strategy]["parameter"].nunique()
    head = Finding("assumptions_range.head", policy=strategy, varied=varied, count=len(rows))
    return head, [_cause(row, strategy, docs or {}) for row in rows.to_dict("records")]


def _cause(row: Mapping[Any, Any], policy: str, docs: Mapping[str, str]) -> Finding:
    """Find which way an assumption moves an effect, and how much of its spread it explains."""
    parameter, high, low = str(row["parameter"]), row["effect_high"], row["effect_low"]
    share = Finding("assumptions_range.explains", share=row["share"], low=row["share_low"], high=row["share_high"])
    values = {
        "policy": policy,
        "outcome": str(row["outcome"]),
        "parameter": parameter,
        "high": 100.0 * high,
        "low": 100.0 * low,
        "share": share,
    }
    if not abs(row["direction"]) > 0.0:
        return Finding("assumptions_range.depends", **values)
    id = "assumptions_range.moves" if (high < 0.0) == (low < 0.0) else "assumptions_range.turns"
    return Finding(id, **values, doc=docs.get(parameter, ""))


def deciding(reader: Reader) -> list[tuple[Finding, list[Finding]]]:
    """Find what decides most what each policy of the headline does; nothing where too few worlds were looked at."""
    causes = reader.deciding
    if causes is None:
        return []
    docs = {str(row["name"]): str(row.get("doc") or "") for row in reader.comparison.scenario.parameters()}
    return [deciding_findings(causes, policy, docs) for policy in _policies(reader)[:2]]


def _policies(reader: Reader) -> list[str]:
    return [arm for arm, against in reader.ranged if against == reader.baseline and not words.control_of(arm)]


def opening(reader: Reader) -> Block | None:
    """Return what decides the answer most; None without a range."""
    return Block("comparison_parts.deciding", policies=deciding(reader)) if _policies(reader) else None


def section(reader: Reader) -> Block | None:
    """Return how the range was made, the range of every effect that has one, and what each assumption explains."""
    if not reader.ranged:
        return None
    ranged = {
        outcome: [
            effect
            for arm, against in reader.ranged
            if (effect := reader.effect(arm, outcome, against)) is not None and effect.ranged
        ]
        for outcome in reader.outcomes
    }
    return Block(
        "comparison_parts.assumptions",
        short=reader.short,
        method=_method(reader),
        causes=_causes(reader),
        outcomes={outcome: effects for outcome, effects in ranged.items() if effects},
    )


def _method(reader: Reader) -> Finding:
    held = reader.comparison.assumed
    size = dict.fromkeys(("many", "size", "weeks", "twice", "failed"), 0)
    if held is not None:
        design = held.outcome.design
        size = {
            "many": len(held.axes),
            "size": design.grounds[0].estates,
            "weeks": design.scenario.run.weeks,
            "twice": len(held.rows) - held.worlds,
            "failed": len(held.outcome.failed),
        }
    return Finding("assumptions_range.method", worlds=reader.worlds, **size)


def _causes(reader: Reader) -> Block | None:
    """Return what each assumption explains, of the policies' effects on the headline's outcomes."""
    causes = reader.deciding
    if causes is None:
        return None
    held = reader.comparison.assumed
    axes = {} if held is None else {axis.name: axis for axis in held.axes}
    shown = causes[(causes["against"] == reader.baseline) & causes["outcome"].isin(HEADLINE)]
    cells = {(row["strategy"], row["outcome"], row["parameter"]): row for row in shown.to_dict("records")}
    known = {key[:2] for key in cells}
    columns = [
        (arm, outcome)
        for arm in dict.fromkeys(shown["strategy"])
        if not words.control_of(arm)
        for outcome in HEADLINE
        if (arm, outcome) in known
    ]
    lines = [
        (name, axes.get(name), [cells.get((*column, name)) for column in columns])
        for name in axes or dict.fromkeys(shown["parameter"])
    ]
    return Block("comparison_parts.causes", columns=columns, lines=lines) if columns else None
