"""What a policy costs in money where an hour has a price, and what a conflict averted costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from experiments.analyses.compare import table
from experiments.analyses.compare.comparison_view import Reader
from experiments.reporting import words
from experiments.reporting.catalogue import gap, gettext
from experiments.reporting.clauses import capital
from experiments.reporting.elements import Html, tag
from experiments.reporting.numbers import amount

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["cost_per_conflict", "price"]

OUTCOMES: Final = ("yuan_hours", "yuan_purse", "conflicts")


def price(reader: Reader, lang: str) -> list[Html]:
    """Return a paragraph for each policy that the text speaks of; nothing where hours have no price."""
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
    return [tag("p", _policy(effects.loc[policy], policy, yuan, thousand, lang)) for policy in reader.policies]


def _policy(effects: pd.DataFrame, policy: str, yuan: float, thousand: float, lang: str) -> str:
    hours, purse, conflicts = (effects.loc[name] for name in OUTCOMES)
    text = gettext(
        lang, "At {yuan:g} yuan an hour, the hours that {policy} takes from anybody are worth {hours} yuan a week "
        "(95% interval {low} to {high}); public money comes to {purse} yuan a week.",
        yuan=yuan, policy=words.arm(policy, lang), hours=amount(hours["difference"]),
        low=amount(hours["ci_low"]), high=amount(hours["ci_high"]), purse=amount(purse["difference"]))
    found = cost_per_conflict(hours["difference"] + purse["difference"], conflicts, thousand)
    if found is None:
        rest = gettext(lang, "What a conflict averted costs cannot be said: that conflicts fall is not certain.")
    else:
        rest = gettext(
            lang, "A conflict averted costs {each} yuan ({low} to {high} within the interval of conflicts averted).",
            each=amount(found[0]), low=amount(found[1]), high=amount(found[2]))
    return capital(text) + gap(lang) + rest


def cost_per_conflict(cost: float, conflicts: pd.Series[float], thousand: float) -> tuple[float, float, float] | None:
    """Return what a conflict averted costs, and least and most within the interval; None where none is surely averted.

    Parameters
    ----------
    cost
        Yuan a week.
    conflicts
        `difference`, `ci_low` and `ci_high`, per 1,000 households and week.
    thousand
        Thousands of households.
    """
    if conflicts["ci_high"] >= 0.0:
        return None
    one, least, most = (cost / (-conflicts[name] * thousand) for name in ("difference", "ci_low", "ci_high"))
    return one, least, most
