"""For whom: what policies change in groups of estates, by kind, size, fee and age."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from experiments.analyses.compare.comparison_view import Reader
from experiments.reporting import words
from experiments.reporting.catalogue import N_, gettext
from experiments.reporting.clauses import capital
from experiments.reporting.elements import Html, join, table, tag
from experiments.reporting.numbers import amount, percent

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

__all__ = ["NAMES", "groups"]

NAMES: Final[dict[str, str]] = {
    "commodity": N_("commodity housing"),
    "village": N_("urban villages"),
    "building": N_("single buildings"),
    "small": N_("smaller estates"),
    "large": N_("larger estates"),
    "cheap": N_("estates with lower fees"),
    "dear": N_("estates with higher fees"),
    "old": N_("older estates"),
    "new": N_("newer estates"),
}
"""Groups of `sim.outcomes.spread`."""
BURDENS: Final = ("conflicts", "standing")


def groups(reader: Reader, lang: str) -> list[Html]:
    """Return the table: a row for each group of estates, two columns for each policy that the text speaks of."""
    found = reader.comparison.groups
    found = found[found["strategy"].isin(reader.policies) & (found["strategy"] != found["against"])]
    known = {(row["strategy"], row["outcome"]): row for row in found.to_dict("records")}
    places = [(policy, burden) for policy in reader.policies for burden in BURDENS]
    lines = []
    for group, name in NAMES.items():
        rows = [known.get((policy, f"{burden}_{group}")) for policy, burden in places]
        if any(row is not None and row["baseline_mean"] > 0.0 for row in rows):
            lines.append([capital(gettext(lang, name)), *(_cell(row, lang) for row in rows)])
    if not lines:
        return []
    head = [
        gettext(lang, "Estates"),
        *(gettext(lang, "{policy}: {outcome}", policy=capital(words.arm(policy, lang)),
                  outcome=words.noun(burden, lang).name) for policy, burden in places)]
    text = gettext(
        lang,
        "Change against {base} in per cent, verdict, and the level there (per 1,000 households of the group and week). "
        "Verdicts are read from intervals that hold for all groups and policies together; groups.csv has them, and the "
        "worst-off tenth and inequality.", base=words.arm(reader.baseline, lang))
    return [tag("p", text), table(head, [("", lines)], numeric=tuple(range(1, len(head))), kind="bearers")]


def _cell(row: Mapping[Hashable, object] | None, lang: str) -> Html | str:
    """Write one effect: its size, and below it verdict and level."""
    if row is None:
        return "\u2013"
    size = percent(100.0 * float(str(row["relative"])), signed=True)
    under = gettext(
        lang, "{verdict}; from {level}", verdict=words.verdict(str(row["verdict"]), lang),
        level=amount(float(str(row["baseline_mean"]))))
    return join([Html(size), tag("span", under, class_="under")])
