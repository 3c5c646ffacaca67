"""The page on conventions: the headline under each of them, made by a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.lab.margin import MARGIN
from experiments.lab.plots.clauses import capital
from experiments.lab.plots.convention_words import BESIDE, effect, opening, told
from experiments.lab.plots.words import arm, noun, pick, verdict

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
    first = pick(lang, " ", "").join(opening(table, lang))
    how = pick(
        lang,
        "Each row sets one convention otherwise and compares a policy with no branch under the same convention, on "
        "common random numbers. A number is the mean paired difference in per cent of the mean without a branch, with "
        f"its 95% interval (Student's, lengthened where differences are skewed), and the word says how that interval "
        f"lies to zero and to {margin} ([reading results](reading-results.md)). Intervals hold one by one, not "
        "together: of a hundred, five miss. In bold stands how an effect lies to that under the defaults, where this "
        "is certain by the interval of the two effects' difference in the same replicates: the sign *turns*, *less "
        "than half* is left, or there is *more than twice* as much.",
        "每行改动一项约定，并在同一约定下把一项政策与无支部按公共随机数配对比较。数字为平均配对差占无支部均值的百分比及其"
        f" 95% 区间（t 区间，差值偏斜时加长），判定说明该区间相对于零与 {margin} 的位置"
        "（[如何阅读结果](reading-results.md)）。区间逐行成立而非同时成立：一百个中约有五个不含真值。粗体说明该作用与"
        "默认设定下作用的关系（以同一批重复中两者之差的区间判断）：方向反转、不足一半，或超过两倍。",
    )
    title = pick(lang, "What the headline owes to conventions", "主要结论有多少取决于约定")
    picture = pick(lang, "The headline under each convention", "各项约定下的主要结论")
    head = [pick(lang, "convention", "约定"), pick(lang, "set otherwise", "改为"), pick(lang, "typed", "键入"),
            *(f"{capital(arm(policy, lang))}{pick(lang, ': ', '：')}{noun(outcome, lang).name}"
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
            mark = BESIDE[str(one["beside"])][chosen] if one["beside"] else ""
            cells.append(f"{effect(one, lang)} {verdict(str(one['verdict']), lang)}" + (f" **{mark}**" if mark else ""))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
