"""Desks off and on where nobody has a branch: what they reach, what they avert, and what that does to conflicts.

Touches that no longer happen because a cause has been ended are counted by channel.  If desks move conflicts through
causes, the touches averted say so; if they move them through grievances, talk or anything else, they say nothing.  So
each edition is tried again with one mechanism out of action on both sides: what is left of the change then is not owed
to that mechanism.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from experiments.analyses.compare.table import compared
from experiments.analyses.study.contrasts import Contrast, Contrasts
from experiments.core.margin import MARGIN
from experiments.core.statistics.measures import better
from experiments.core.statistics.paired import differences, paired
from experiments.core.statistics.regions import region, side
from experiments.reporting.catalogue import N_, gettext, pgettext
from experiments.reporting.clauses import capital
from experiments.reporting.numbers import amount, percent
from experiments.reporting.words import noun, verdict

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["AVERTED", "OUTCOMES", "World", "contrasts_of", "findings", "headline", "table_of", "written"]

AVERTED: Final = ("averted_desk", "averted_early", "averted_private")
OUTCOMES: Final = (
    "conflicts", "returns", "standing", "alive_at_settlement", *AVERTED, "ended_desk", "ended_early", "ended_private",
    "filed", "self_begun", "tolerated", "failed", "withdrawn", "open",
)  # fmt: skip

MOVED: Final = {
    0: N_("In the {world} the mere existence of desks is not shown to move the number of conflicts ({ends})"),
    1: N_("In the {world} the mere existence of desks raises the number of conflicts ({ends})"),
    -1: N_("In the {world} the mere existence of desks lowers the number of conflicts ({ends})"),
}
"""What desks do to conflicts, by the side of zero on which the interval lies."""

OWED: Final = {
    (True, True): N_(
        "a desk's settlement finds {alive} of causes alive, desks avert {reached} touches per 1,000 households and "
        "week and private words {private} fewer, so that {net} more are averted in all"),
    (True, False): N_(
        "a desk's settlement finds {alive} of causes alive, desks avert {reached} touches per 1,000 households and "
        "week and private words {private} fewer, so that {net} fewer are averted in all"),
    (False, True): N_(
        "a desk's settlement finds {alive} of causes alive, desks avert {reached} touches per 1,000 households and "
        "week and private words {private} more, so that {net} more are averted in all"),
    (False, False): N_(
        "a desk's settlement finds {alive} of causes alive, desks avert {reached} touches per 1,000 households and "
        "week and private words {private} more, so that {net} fewer are averted in all"),
}
"""What that is owed to: by whether private words avert fewer, and whether more are averted in all."""


@dataclass(frozen=True)
class World:
    """Where desks are switched off and on.

    Attributes
    ----------
    name
        In English; of an edition with a mechanism out of action, those of both.
    changes
        Of the scenario.
    of
        Of an edition with a mechanism out of action, the edition's name.
    reason
        The mechanism.
    """

    name: str
    changes: Mapping[str, Any]
    of: str = ""
    reason: str = ""

    def named(self, lang: str) -> str:
        """Return its name in a language."""
        if not self.of:
            return gettext(lang, self.name)
        return gettext(lang, "{edition}: {reason}", edition=gettext(lang, self.of), reason=gettext(lang, self.reason))


def contrasts_of(worlds: Sequence[World]) -> list[Contrast]:
    """Switch desks off and on in every world, with no branch anywhere."""
    return [Contrast(world.name, {**world.changes, "coverage.strategy": "none", "desks.enabled": False},
                     {"desks.enabled": True}) for world in worlds]


def table_of(worlds: Sequence[World], made: Contrasts, margin: float = MARGIN) -> pd.DataFrame:
    """Return a row for each world and outcome.

    Returns
    -------
    DataFrame
        With `world, world_zh, of, reason, reason_zh, outcome, without, with, difference, ci_low, ci_high, verdict,
        relative, low, high, shift, shift_low, shift_high, replicates`: means without and with desks, the mean paired
        difference in the outcome's unit and as a share of the mean without, and how much that share differs from the
        edition's as it is; intervals at 95 %, row by row.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    usual: dict[tuple[str, str], NDArray[np.float64]] = {}
    for world in worlds:
        here, there = (made.means.xs(f"{world.name} {which}", level="arm") for which in ("with", "without"))
        # Without desks nothing is settled at them, and a share of nothing is no number.
        known = [name for name in OUTCOMES if there[name].notna().all()]
        found = compared(here[known], there[known], made.seen)
        for outcome in OUTCOMES:
            row: dict[str, Any] = {
                "world": world.name, "world_zh": world.named("zh"), "of": world.of, "reason": world.reason,
                "reason_zh": gettext("zh", world.reason), "outcome": outcome, "without": there[outcome].mean(),
                "with": here[outcome].mean(), "replicates": len(here)}
            if outcome in found:
                result = found[outcome]
                base = abs(result.baseline_mean)
                row |= {"difference": result.difference, "ci_low": result.ci_low, "ci_high": result.ci_high,
                        "verdict": region(result.ci_low, result.ci_high, margin * base, better(outcome))}
                if base:
                    effect = differences(here[outcome], there[outcome]) / base
                    usual.setdefault((world.of or world.name, outcome), effect)
                    shift = paired(effect, usual[world.of or world.name, outcome])
                    row |= {"relative": result.relative, "low": result.ci_low / base, "high": result.ci_high / base,
                            "shift": shift.difference, "shift_low": shift.ci_low, "shift_high": shift.ci_high}
            rows.append(row)
    return pd.DataFrame(rows)


def _row(table: pd.DataFrame, world: str, outcome: str) -> dict[Any, Any]:
    rows = table[(table["world"] == world) & (table["outcome"] == outcome)]
    return dict(rows.to_dict("records")[0])


def _ends(row: Mapping[Any, Any], lang: str) -> str:
    size, low, high = (percent(100 * float(row[name]), signed=True) for name in ("relative", "low", "high"))
    return gettext(lang, "{size}, 95% interval {low} to {high}", size=size, low=low, high=high)


def findings(table: pd.DataFrame, lang: str = "en") -> list[str]:
    """Say of every edition whether conflicts rise by the existence of desks, and why: one sentence each."""
    return [_finding(table, str(world), lang) for world in dict.fromkeys(table.loc[table["of"] != "", "of"])]


def headline(table: pd.DataFrame, lang: str = "en") -> str:
    """Say by how much conflicts change in every edition, without a full stop."""
    parts = []
    for world in dict.fromkeys(table.loc[table["of"] != "", "of"]):
        row = _row(table, str(world), "conflicts")
        size = percent(100 * float(row["relative"]), signed=True)
        parts.append(gettext(lang, "{size} in the {world}", size=size, world=_named(row, lang)))
    changes = pgettext(lang, "between changes", " and by ").join(parts)
    return gettext(lang, "With desks, conflicts change by {changes}", changes=changes)


def _named(row: Mapping[Any, Any], lang: str) -> str:
    return str(row["world_zh" if lang == "zh" else "world"])


def _finding(table: pd.DataFrame, world: str, lang: str) -> str:
    moved = _row(table, world, "conflicts")
    way = side(float(moved["ci_low"]), float(moved["ci_high"]))
    head = gettext(lang, MOVED[way], world=_named(moved, lang), ends=_ends(moved, lang))
    alive = 100 * float(_row(table, world, "alive_at_settlement")["with"])
    by = {outcome: float(_row(table, world, outcome)["difference"]) for outcome in AVERTED}
    reached, private, net = by["averted_desk"] + by["averted_early"], by["averted_private"], sum(by.values())
    why = gettext(
        lang, OWED[private < 0, net >= 0],
        alive=percent(alive), reached=amount(reached), private=amount(abs(private)), net=amount(abs(net)))
    return f"{head}{gettext(lang, ": ")}{why}{_reasons(table, world, lang)}{gettext(lang, ".")}"


def _reasons(table: pd.DataFrame, world: str, lang: str) -> str:
    """Say with which mechanism out of action the change differs, the largest difference first."""
    rows = table[(table["of"] == world) & (table["outcome"] == "conflicts")].to_dict("records")
    certain = [row for row in rows if side(float(row["shift_low"]), float(row["shift_high"]))]
    certain.sort(key=lambda row: -abs(float(row["shift"])))
    if not certain:
        return gettext(lang, "; none of {rows} mechanisms put out of action is shown to change this", rows=len(rows))
    column = "reason_zh" if lang == "zh" else "reason"
    told = [gettext(lang, "{size} where {reason}", size=percent(100 * float(row["relative"]), signed=True),
                    reason=row[column]) for row in certain]
    joined = pgettext(lang, "between clauses", ", ").join(told)
    return gettext(lang, "; the change would be {joined}", joined=joined)


def written(table: pd.DataFrame, note: str, lang: str = "en") -> str:
    """Write the page.

    Parameters
    ----------
    table
        From `table_of`.
    note
        How it was made.
    lang
        `en` or `zh`.
    """
    column = "world_zh" if lang == "zh" else "world"
    title = gettext(lang, "What desks do to causes and conflicts")
    how = gettext(
        lang,
        "Desks of community, street and district, of firms and committees are switched off and on in the same "
        "world, with no branch anywhere, on common random numbers. Touches averted are those that would still "
        "have come from causes that were ended, by who ended them. Intervals are at 95%, row by row; the verdict "
        "says how the interval of the change lies to zero and to ±{margin:g}% ([reading "
        "results](reading-results.md)).",
        margin=100 * MARGIN)
    lines = [f"# {title}", "", *(line for text in findings(table, lang) for line in (text, "")), how, "", note, "",
             f"![{title}](figures/channels.png)", ""]
    lines += _changes(table, column, lang)
    for world in dict.fromkeys(table.loc[table["of"] == "", "world"]):
        lines += ["", *_account(table[table["world"] == world], column, lang)]
    return "\n".join(lines) + "\n"


def _changes(table: pd.DataFrame, column: str, lang: str) -> list[str]:
    """Conflicts without and with desks, in every world."""
    head = gettext(
        lang,
        "world | conflicts without desks | with desks | change | 95 % interval | verdict | touches averted by "
        "desks | early | by private words, more or fewer")
    lines = [f"| {head} |", "|---|---:|---:|---:|---|---|---:|---:|---:|"]
    for world in dict.fromkeys(table["world"]):
        row = _row(table, str(world), "conflicts")
        size, low, high = (percent(100 * float(row[name]), signed=True) for name in ("relative", "low", "high"))
        by = [amount(float(_row(table, str(world), outcome)["difference"]), signed=True) for outcome in AVERTED]
        cells = [capital(str(row[column])), amount(float(row["without"])), amount(float(row["with"])), size,
                 gettext(lang, "{low} to {high}", low=low, high=high), verdict(str(row["verdict"]), lang), *by]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _account(rows: pd.DataFrame, column: str, lang: str) -> list[str]:
    """All outcomes of one world."""
    name = capital(str(rows[column].iloc[0]))
    head = gettext(lang, "without desks | with desks | change | 95 % interval")
    lines = [f"| {name} | {head} |", "|---|---:|---:|---:|---|"]
    for row in rows.to_dict("records"):
        low, high = (amount(float(row[end]), signed=True) for end in ("ci_low", "ci_high"))
        cells = [capital(noun(str(row["outcome"]), lang).name), amount(float(row["without"])),
                 amount(float(row["with"])), amount(float(row["difference"]), signed=True),
                 "–" if low == "–" else gettext(lang, "{low} to {high}", low=low, high=high)]
        lines.append(f"| {' | '.join(cells)} |")
    return lines
