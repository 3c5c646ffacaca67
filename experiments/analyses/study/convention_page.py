"""The page on conventions: the headline under each of them, made by a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.analyses.study.convention_words import BESIDE, effect, opening, told
from experiments.core.margin import MARGIN
from experiments.reporting.catalogue import gap, gettext
from experiments.reporting.clauses import capital
from experiments.reporting.words import arm, noun, verdict

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["written"]


def written(table: pd.DataFrame, note: str, lang: str = "en") -> str:
    """Write the page.

    Parameters
    ----------
    table
        From `conventions.table_of`.
    note
        How it was made.
    lang
        `en` or `zh`.
    """
    chosen, margin = int(lang == "zh"), f"±{100 * MARGIN:g}%"
    pairs = list(dict.fromkeys(zip(table["policy"], table["outcome"], strict=True)))
    first = gap(lang).join(opening(table, lang))
    how = gettext(
        lang,
        "Each row sets one convention otherwise and compares a policy with no branch under the same convention, "
        "on common random numbers. A number is the mean paired difference in per cent of the mean without a "
        "branch, with its 95% interval (Student's, lengthened where differences are skewed), and the word says "
        "how that interval lies to zero and to {margin} ([reading results](reading-results.md)). Intervals hold "
        "one by one, not together: of a hundred, five miss. In bold stands how an effect lies to that under the "
        "defaults, where this is certain by the interval of the two effects' difference in the same replicates: "
        "the sign *turns*, *less than half* is left, or there is *more than twice* as much.",
        margin=margin)
    title = gettext(lang, "What the headline owes to conventions")
    picture = gettext(lang, "The headline under each convention")
    head = [gettext(lang, "convention"), gettext(lang, "set otherwise"), gettext(lang, "typed"),
            *(f"{capital(arm(policy, lang))}{gettext(lang, ": ")}{noun(outcome, lang).name}"
              for policy, outcome in pairs)]
    each = [f"- {told(table, str(policy), str(outcome), lang)}" for policy, outcome in pairs]
    lines = [f"# {title}", "", first, "", *each, "", how, "", note, "",
             f"![{picture}](figures/assumptions.png)", "",
             f"| {' | '.join(head)} |", "|---|---|---|" + "---|" * len(pairs)]
    before = ""
    for setting, rows in table.groupby("setting", sort=False):
        row = rows.iloc[0]
        name = str(row[("convention", "convention_zh")[chosen]])
        cells = [capital(name) if name != before else "", capital(str(row[("words", "words_zh")[chosen]])),
                 "" if not name else f"`{setting}`"]
        before = name
        for policy, outcome in pairs:
            one = rows[(rows["policy"] == policy) & (rows["outcome"] == outcome)].to_dict("records")[0]
            mark = gettext(lang, BESIDE[one["beside"]]) if one["beside"] in BESIDE else ""
            cells.append(f"{effect(one, lang)} {verdict(str(one['verdict']), lang)}" + (f" **{mark}**" if mark else ""))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
