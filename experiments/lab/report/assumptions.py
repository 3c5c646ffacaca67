"""How far a comparison reaches over assumptions, and which of these decide it: the report's opening and a section."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from experiments.lab.plots import numbers, sentences, words
from experiments.lab.plots.assumption_words import decisive, high
from experiments.lab.plots.clauses import capital
from experiments.lab.plots.numbers import percent
from experiments.lab.plots.reading import HEADLINE, Reader
from experiments.lab.plots.words import pick
from experiments.lab.report.page import Html, table, tag
from experiments.lab.report.parameters import written

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.design.axes import Axis

__all__ = ["deciding", "opening", "section"]

COUNT = 3
"""Assumptions that are told of."""

NUMBERS = {1: ("one", "一"), 2: ("two", "两"), 3: ("three", "三")}


def deciding(
    causes: pd.DataFrame, strategy: str, lang: str = "en", docs: Mapping[str, str] | None = None
) -> tuple[str, list[str]]:
    """Say in words which assumptions decide the effect of a policy most.

    Parameters
    ----------
    causes
        ``assumptions.csv`` of a comparison's folder.
    strategy
        The policy.
    lang
        `en` or `zh`.
    docs
        What parameters are, by name, for those that have no words of their own.

    Returns
    -------
    (str, list of str)
        A heading, and a sentence for each, the most important first.
    """
    found = decisive(causes, strategy, COUNT)
    name = words.arm(strategy, lang)
    varied = causes[causes["strategy"] == strategy]["parameter"].nunique()
    if not len(found):
        return pick(
            lang,
            f"What decides most what {name} does cannot be told from chance: of {varied} assumptions none stands out.",
            f"{varied} 项假设中，没有一项对{name}效应的影响能与随机性区分。",
        ), []
    many = NUMBERS[len(found)]
    if len(found) < COUNT:
        head = pick(
            lang,
            f"Of {varied} assumptions only {many[0]} can be told from chance in what {name} does:",
            f"{varied} 项假设中，对{name}效应的影响能与随机性区分的只有{many[1]}项：",
        )
    else:
        head = pick(
            lang, f"The {many[0]} assumptions that decide most what {name} does:",
            f"最能左右{name}效应的{many[1]}项假设：")
    return head, [_cause(row, name, lang, docs or {}) for row in found.to_dict("records")]


def _cause(row: Mapping[str, Any], name: str, lang: str, docs: Mapping[str, str]) -> str:
    """Say which way an assumption moves an effect, and how much of its spread it explains."""
    noun, plural = words.noun(str(row["outcome"]), lang)
    there, elsewhere = (percent(100.0 * row[end], signed=True) for end in ("effect_high", "effect_low"))
    part = f"{100 * row['share']:.0f}%"
    if math.isfinite(row["share_low"]):
        part += pick(
            lang, f", 95% interval {100 * row['share_low']:.0f}% to {100 * row['share_high']:.0f}%",
            f"，95% 区间 {100 * row['share_low']:.0f}% 至 {100 * row['share_high']:.0f}%")
    share = pick(lang, f"explains {part} of the spread of this effect over assumptions",
                 f"可解释该效应在各假设间差异的 {part}")
    parameter = str(row["parameter"])
    if not abs(row["direction"]) > 0.0:
        return pick(
            lang, f"{capital(name)} changes {noun} by {elsewhere} to {there}, depending on {parameter} ({share}).",
            f"{name}使{noun}变化 {elsewhere} 至 {there}，取决于 {parameter}（{share}）。")
    where = high(parameter, docs.get(parameter, ""), lang)
    down, same = row["effect_high"] < 0.0, (row["effect_high"] < 0.0) == (row["effect_low"] < 0.0)
    verb = pick(lang, "lowers" if down else "raises", "下降" if down else "上升")
    if same:
        more = abs(row["effect_high"]) > abs(row["effect_low"])
        return pick(
            lang,
            f"Where {where}, {name} {verb} {noun} {'more' if more else 'less'}: {there}, against {elsewhere} at the "
            f"other end ({share}).",
            f"{where}时，{name}使{noun}{verb}{'更多' if more else '较少'}：{there}，另一端为 {elsewhere}（{share}）。",
        )
    other = pick(lang, "raises" if down else "lowers", "上升" if down else "下降")
    them = "them" if plural else "it"
    return pick(
        lang,
        f"Where {where}, {name} {verb} {noun} ({there}); at the other end it {other} {them} ({elsewhere}; {share}).",
        f"{where}时，{name}使{noun}{verb}（{there}）；另一端则{other}（{elsewhere}；{share}）。",
    )


def opening(reader: Reader, lang: str) -> list[Html]:
    """Return what decides the answer most, for each policy of the headline; nothing without a range."""
    causes = reader.deciding
    made: list[Html] = []
    policies = [arm for arm, against in reader.ranged if against == reader.baseline and not words.control_of(arm)]
    if causes is None:
        if policies:
            made.append(tag("p", pick(
                lang, "Too few worlds were looked at to tell which assumption decides the answer.",
                "假设情形过少，无法判断哪项假设最为关键。"), class_="note"))
        return made
    docs = {str(row["name"]): str(row.get("doc") or "") for row in reader.comparison.scenario.parameters()}
    for policy in policies[:2]:
        head, told = deciding(causes, policy, lang, docs)
        made.append(tag("p", tag("strong", head)))
        if told:
            made.append(tag("ol", *(tag("li", text) for text in told)))
    return made


def section(reader: Reader, lang: str) -> list[Html]:
    """Return how the range was made, the range of every effect that has one, and what each assumption explains."""
    if not reader.ranged:
        return []
    return [tag("p", _method(reader, lang)), _ranges(reader, lang), *_causes(reader, lang)]


def _method(reader: Reader, lang: str) -> str:
    worlds = max(effect.points for effect in reader.all_effects())
    held = getattr(reader.comparison, "assumed", None)
    many = len(held.cube.axes) if held is not None else 0
    twice = len(held.cube.rows) - held.worlds if held is not None else 0
    size = held.outcome.design.grounds[0].estates if held is not None else 0
    weeks = held.outcome.design.scenario.run.weeks if held is not None else 0
    failed = held.failed if held is not None else 0
    text = pick(
        lang,
        "The interval of chance says how well the model's own effect is known; this range, how much that effect hangs "
        f"on what nobody knows. In {worlds} worlds the {many} parameters with the largest pull on these effects take "
        "values of a Latin hypercube over their ranges; the list was made by a screening of all that are assumed or "
        f"fitted (gongzhi sensitivity least-known). Each world is a smaller ground of {size:,} estates over {weeks} "
        "weeks, on which the arms share their chance; an effect is relative to the mean of its own world. "
        f"{twice} worlds were lived twice, in other chance, and the spread that chance makes was taken out before the "
        "central 90% was read off. Shares are shares of these worlds, no probabilities; the ranges of the parameters "
        "are assumptions too, and nothing is said of mechanisms that the model lacks.",
        "随机性区间说明模型自身的效应有多确知；假设范围说明该效应多大程度上取决于无人确知之事。"
        f"在 {worlds} 个假设情形中，对这些效应影响最大的 {many} 个参数按拉丁超立方在各自范围内取值；"
        "清单由对全部假定或拟合参数的筛选得出（gongzhi sensitivity least-known）。"
        f"每个情形为 {size:,} 个小区、{weeks} 周的较小区域，各组共用随机数；效应以本情形的均值为基准。"
        f"其中 {twice} 个情形以另一组随机数重跑，扣除随机性造成的离散后，取居中的 90%。"
        "占比是这些情形的占比，不是概率；参数范围本身也是假定，模型所无的机制不在其内。",
    )
    if failed:
        text += pick(lang, f" {failed} of the runs failed and are left out.", f"有 {failed} 次运行失败，未计入。")
    return text


def _ranges(reader: Reader, lang: str) -> Html:
    head = [
        pick(lang, "Arm", "组"), pick(lang, "Against", "对照"), pick(lang, "Chance, 95%", "随机性 95%"),
        pick(lang, "Over assumptions, 90%", "假设范围 90%"), pick(lang, "In what share of worlds", "各情形占比"),
    ]
    groups = []
    for outcome in reader.outcomes:
        rows = []
        for arm, against in reader.ranged:
            effect = reader.effect(arm, outcome, against)
            if effect is not None and effect.ranged:
                chance = sentences.between(effect, lang) if math.isfinite(sum(effect.interval)) else "–"
                rows.append([
                    capital(reader.label(arm, lang)), reader.label(against, lang), chance, sentences.over(effect, lang),
                    sentences.shares(effect, lang)])
        if rows:
            groups.append((capital(words.noun(outcome, lang).name), rows))
    return table(head, groups, kind="tall")


def _causes(reader: Reader, lang: str) -> list[Html]:
    """Return what each assumption explains, of the policies' effects on the headline's outcomes."""
    causes = reader.deciding
    if causes is None:
        return []
    held = getattr(reader.comparison, "assumed", None)
    axes = {axis.name: axis for axis in held.cube.axes} if held is not None else {}
    shown = causes[(causes["against"] == reader.baseline) & causes["outcome"].isin(HEADLINE)]
    policies = [arm for arm in dict.fromkeys(shown["strategy"]) if not words.control_of(arm)]
    columns = [(arm, outcome) for arm in policies for outcome in HEADLINE
               if len(shown[(shown["strategy"] == arm) & (shown["outcome"] == outcome)])]
    if not columns:
        return []
    cells = {(row["strategy"], row["outcome"], row["parameter"]): row for row in shown.to_dict("records")}
    rows = []
    for name in axes or dict.fromkeys(shown["parameter"]):
        rows.append([
            tag("code", name), _span(axes.get(name)),
            *(_explained(cells.get((arm, outcome, name))) for arm, outcome in columns)])
    head = [pick(lang, "Assumption", "假设"), pick(lang, "Values", "取值"), *(
        f"{capital(words.arm(arm, lang))}: {words.noun(outcome, lang).name}" for arm, outcome in columns)]
    text = pick(
        lang,
        "Share of the spread of an effect over assumptions that each explains (rank regression on all at once). In "
        "front, which way: + where a larger value moves the effect up. In brackets: no more than chance makes of so "
        "many.",
        "各项假设可解释的效应差异占比（对全部参数同时作秩回归）。前缀为方向：+ 表示取值越大效应越向上。"
        "括号内者不超出随机性。",
    )
    return [tag("p", text, class_="caption"), table(head, [("", rows)], numeric=range(2, len(head)), kind="tall wide")]


def _span(axis: Axis | None) -> str:
    if axis is None:
        return "–"
    if axis.levels:
        return ", ".join(map(written, axis.levels))
    return f"{numbers.written(axis.low, 'g')} … {numbers.written(axis.high, 'g')}"


def _explained(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "–"
    sign = "+" if row["direction"] > 0 else "−" if row["direction"] < 0 else ""
    text = f"{sign} {100 * row['share']:.0f}%".strip()
    return text if row["clear"] else f"({text})"
