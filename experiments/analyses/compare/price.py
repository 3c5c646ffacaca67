"""What a policy costs in money where an hour has a price, and what a conflict averted costs."""

from __future__ import annotations

from typing import Final

import pandas as pd

from experiments.analyses.compare import table
from experiments.analyses.compare.comparison_view import Reader
from experiments.reporting.finding import Finding

OUTCOMES: Final = ("yuan_hours", "yuan_purse", "conflicts")
ENDS: Final = ("difference", "ci_low", "ci_high")


def price(reader: Reader) -> list[Finding]:
    """Find the price of each policy that the text speaks of; nothing where hours have no price."""
    comparison = reader.comparison
    rows = comparison.scenario.parameters()
    yuan = next((float(row["value"]) for row in rows if row["name"] == "outcomes.price_of_hour"), 0.0)
    if yuan == 0.0 or any(name not in comparison.series for name in OUTCOMES):
        return []
    design = comparison.outcome.design
    means = table.run_means(comparison.series, design.start, OUTCOMES)
    pairs = [(policy, reader.baseline) for policy in reader.policies]
    effects = table.effects(design, means, comparison.margin, pairs).set_index(["strategy", "outcome"])
    thousand = float(comparison.district.households.sum()) / 1000.0
    prices = []
    for policy in reader.policies:
        hours, purse, conflicts = (effects.loc[policy].loc[name] for name in OUTCOMES)
        spent = {"hours": [hours[end] for end in ENDS], "purse": purse["difference"]}
        each = cost_per_conflict(hours["difference"] + purse["difference"], conflicts, thousand)
        prices.append(Finding("comparison_parts.price", policy=policy, yuan=yuan, **spent, each=each))
    return prices


def cost_per_conflict(cost: float, conflicts: pd.Series[float], thousand: float) -> tuple[float, float, float] | None:
    """Return what a conflict averted costs, and least and most within the interval; None where none is surely averted.

    Of a cost in yuan a week, and conflicts (`ENDS`) per 1,000 households and week in so many thousand households.
    """
    if conflicts["ci_high"] >= 0.0:
        return None
    each, least, most = (cost / (-conflicts[end] * thousand) for end in ENDS)
    return each, least, most
