"""The report of signs: where each policy was shown to help, where to harm, and where neither was shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.margin import MARGIN
from experiments.lab.plots import meanings, words
from experiments.lab.plots.clauses import capital
from experiments.lab.plots.numbers import percent
from experiments.lab.plots.phrases import phrase
from experiments.lab.plots.signs import note, signs_figure, title
from experiments.lab.plots.words import pick
from experiments.lab.report.brief import Brief, draw_into, write_brief

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["write"]


def write(
    policies: Mapping[str, Any], swept: Mapping[str, Any], table: pd.DataFrame, folder: Path, question: str, *,
    method: str, info: Mapping[str, Any], lang: str = "en",
) -> Path:  # fmt: skip
    """Draw the figure of signs into the folder and write `report.html` there; return the report's path.

    Parameters
    ----------
    policies, swept
        What was tried; for each policy the points, and the mean effect at each.
    table
        The regions that were tried again: policy, outcome, chosen_as, found, region, effect, ci_low, ci_high, worlds.
    folder, question
        Where, and what was asked.
    method
        How large it was.
    info
        Of one of the sweeps, for how it can be made again.
    lang
        `en` or `zh`; without a font for Chinese the figure is in English.
    """
    path = draw_into(folder, "signs", lambda drawn: signs_figure(policies, swept, table, drawn), lang)
    notes = [policy for policy in policies.values() if policy.note]
    brief = Brief(
        title=meanings.question(question, lang),
        findings=[title(table, lang) + pick(lang, ".", "。"), *_findings(table, lang)],
        figures=[(path, note(lang))],
        tables=[_regions(table, lang), _ranges(policies, lang)],
        method=[
            method,
            pick(
                lang,
                "From the worlds of the first sweep a region was chosen in which a policy looked like help and one in "
                "which it "
                "looked like harm: opposite corners along the parameters with the steepest slopes of a fitted plane. "
                "Both were "
                "tried again in fresh worlds with fresh chance, and only these are told: the best-looking of many "
                "regions looks "
                "better than it is. An effect is relative to the same world without the policy; an interval is the "
                "95% interval of its mean over worlds (Student's, lengthened where effects are skewed). ",
                "从第一次扫描的情景中选出政策看似有利与看似不利的区域（拟合平面斜率最大的参数上的对角）。"
                "两处均以新情景、新随机数"
                "再试，只报告后者：众多区域中看似最好的，往往名不副实。作用相对于同一情景无政策时；区间为各情景均值的 "
                "95% t 区间（作用偏斜时加长）。",
            )
            + words.how_judged(MARGIN, pick(lang, "the mean without the policy", "无政策时均值"), lang),
        ],
        limits=[
            pick(
                lang,
                "A region is a box in a few parameters; inside of it single worlds may differ in sign. How likely a "
                "region is, "
                "nobody knows.",
                "区域是少数参数上的方框，其中个别情景的方向可能不同。某个区域有多大可能，无人知道。",
            ),
            *(capital(phrase(one.name, lang)) + pick(lang, ": ", "：") + phrase(one.note, lang) for one in notes),
        ],
        info=info,
    )
    return write_brief(brief, folder / "report.html", lang)


def _findings(table: pd.DataFrame, lang: str) -> list[str]:
    told = []
    for policy, rows in table.groupby("policy", sort=False):
        judged = words.noun(str(rows["outcome"].iloc[0]), lang).name
        clauses = [_told(row, lang) for row in rows.to_dict("records")]
        name = capital(phrase(str(policy), lang))
        told.append(pick(lang, f"{name}, judged by {judged}: {'; '.join(clauses)}.", f"{name}（以{judged}判断）："
                                                                                     f"{'；'.join(clauses)}。"))
    return told


def _told(row: Mapping[Any, Any], lang: str) -> str:
    effect, low, high = (percent(100 * float(row[name]), signed=True) for name in ("effect", "ci_low", "ci_high"))
    ends = pick(lang, f"{effect}, 95% interval {low} to {high}", f"{effect}，95% 区间 {low} 至 {high}")
    where = region(str(row["region"]), lang)
    looked = words.verdict(str(row["chosen_as"]), lang)
    match str(row["found"]):
        case "undecided":
            english = f"undecided where it had looked like it {looked} ({where}; {ends})"
            return pick(lang, english, f"在看似{looked}处（{where}）未定（{ends}）")
        case found:
            verdict = words.verdict(found, lang)
            return pick(lang, f"{verdict} with {where} ({ends})", f"{where}时{verdict}（{ends}）")


def region(text: str, lang: str = "en") -> str:
    """Write a region for a reader.

    Examples
    --------
    >>> region("`services.effect` from 0 to 0.4 and `voice.memory` from 8 to 46", "zh")
    'services.effect 在 0 至 0.4 且 voice.memory 在 8 至 46'
    """
    text = re.sub(r" -(?=\d)", " −", text)
    if lang != "zh":
        return text.replace("`", "")
    return re.sub(r"`(\S+)` from (\S+) to (\S+)", r"\1 在 \2 至 \3", text).replace(" and ", " 且 ")


def _regions(table: pd.DataFrame, lang: str) -> tuple[str, pd.DataFrame]:
    import pandas as pd

    rows = []
    for row in table.to_dict("records"):
        effect, low, high, least, most = (
            percent(100 * float(row[name]), signed=True)
            for name in ("effect", "ci_low", "ci_high", "sim_low", "sim_high"))
        rows.append((
            capital(phrase(str(row["policy"]), lang)), words.noun(str(row["outcome"]), lang).name,
            words.verdict(str(row["chosen_as"]), lang), region(str(row["region"]), lang), effect,
            f"{low} … {high}", f"{least} … {most}", int(row["worlds"]), words.verdict(str(row["found"]), lang),
        ))  # fmt: skip
    head = [pick(lang, "Policy", "政策"), pick(lang, "Judged by", "判断指标"), pick(lang, "Looked like it", "看似"),
            pick(lang, "Region", "区域"), pick(lang, "Effect", "作用"), pick(lang, "95% interval", "95% 区间"),
            pick(lang, "All together", "同时区间"), pick(lang, "Worlds", "情景数"), pick(lang, "Found", "证实")]
    return pick(lang, "The second trial of each region.", "各区域的再次试验。"), pd.DataFrame(rows, columns=head)


def _ranges(policies: Mapping[str, Any], lang: str) -> tuple[str, pd.DataFrame]:
    import pandas as pd

    rows = [
        (capital(phrase(policy.name, lang)), name, f"{low:g} … {high:g}")
        for policy in policies.values()
        for name, (low, high) in policy.ranges.items()
    ]
    head = [pick(lang, "Policy", "政策"), pick(lang, "Parameter", "参数"), pick(lang, "Range", "范围")]
    return pick(lang, "What was swept.", "扫描的参数。"), pd.DataFrame(rows, columns=head)
