"""The answer in short: sentences worked out from the table, for either sign, for equality and for doubt."""

from __future__ import annotations

import math

from experiments.lab.plots import sentences, words
from experiments.lab.plots.parts import role
from experiments.lab.plots.reading import HEADLINE, Effect, Reader
from experiments.lab.plots.words import pick
from experiments.lab.report.assumptions import opening
from experiments.lab.report.channels import ways, ways_told
from experiments.lab.report.page import Html, join, table, tag

__all__ = ["answer", "cards", "glance", "placebo_is_exact"]


def answer(reader: Reader, lang: str) -> list[Html]:
    """Return the section's paragraphs."""
    told = [
        _whole(reader, lang),
        *_hours(reader, lang),
        *_parts(reader, lang),
        *_attraction(reader, lang),
        (pick(lang, "Who speaks, and to whom?", "谁发声，向谁？"), ways_told(reader, lang)),
        *_best(reader, lang),
        *_price(reader, lang),
    ]
    items = [tag("li", tag("strong", f"{head}{pick(lang, ' ', '')}"), text) for head, text in told if text]
    margin = f"{100 * reader.margin:g}%"
    note = pick(
        lang,
        "In brackets stand 95% intervals of the mean paired difference. Verdicts are read from wider ones, which "
        f"hold for all comparisons of the table together, beside the margin of ±{margin}. What is called undecided "
        f"holds zero there and reaches beyond the margin.{_ranged(reader, lang)}",
        f"括号内为平均配对差的 95% 区间。判定依据对总表全部比较同时成立的较宽区间与 ±{margin} 的界限。"
        f"“未定”指该区间含零且超出界限。{_ranged(reader, lang)}",
    )
    return [
        cards(reader, lang), *opening(reader, lang), tag("ul", *items), tag("p", note, class_="note"),
        glance(reader, lang), *ways(reader, lang),
    ]  # fmt: skip


def cards(reader: Reader, lang: str) -> Html:
    """Return the three numbers that are always told together."""
    made = []
    for effect in reader.effects(reader.focus):
        name = words.noun(effect.outcome, lang).name
        low, high = (sentences.percent(end, signed=True) for end in effect.interval)
        size = sentences.percent(effect.percent, signed=True)
        if effect.change == "same":
            size = "0%"
        made.append(
            tag(
                "div",
                tag("div", name[0].upper() + name[1:], class_="name"),
                tag("div", size, class_="size"),
                tag(
                    "div",
                    pick(lang, f"95% interval {low} to {high}", f"95% 区间 {low} 至 {high}"),
                    class_="more",
                ),
                *(tag("div", text, class_="more") for text in _over(effect, lang)),
                tag("div", words.verdict(effect.verdict, lang), class_="more verdict"),
                class_=f"card {effect.verdict}",
            )
        )
    return tag("div", *made, class_="cards")


def _ranged(reader: Reader, lang: str) -> str:
    """Return what the second of two intervals is; nothing where there is one."""
    if not reader.ranged:
        return ""
    return pick(
        lang,
        " Behind a semicolon stands the range over assumptions, which more replicates do not make narrower, and in "
        "what share of its worlds the effect lies beyond the margin on either side.",
        "分号之后为假设范围（增加重复不会使其变窄），以及效应在各侧超出界限的情形占比。",
    )


def _over(effect: Effect, lang: str) -> list[str]:
    """Return how far an effect reaches over assumptions, for its card."""
    if not effect.ranged:
        return []
    ends = sentences.over(effect, lang)
    return [
        pick(lang, f"over assumptions, 90%: {ends}", f"假设范围 90%：{ends}"),
        sentences.shares(effect, lang),
    ]


def _whole(reader: Reader, lang: str) -> tuple[str, str]:
    head = pick(lang, "The whole.", "总体。")
    effects = reader.effects(reader.focus)
    if not effects:
        return head, ""
    name, base = words.arm(reader.focus, lang), words.arm(reader.baseline, lang)
    clauses = sentences.changes(effects, lang, True, reader.margin)
    moves = {effect.change for effect in effects}
    text = pick(lang, f"Under {name}, compared with {base}, {clauses}.", f"与{base}相比，{name}下{clauses}。")
    if moves & sentences.DOWN and moves & sentences.UP:
        text += pick(
            lang,
            " The three move in opposite directions: none of them alone describes the policy.",
            "三者方向不一：任何一个都不能单独说明这项政策。",
        )
    return head, text


def _hours(reader: Reader, lang: str) -> list[tuple[str, str]]:
    head = pick(lang, "Branch, or only hours?", "是支部，还是只是工时？")
    answers = [
        sentences.hours_answer(reader, control, lang) for control in reader.hours_controls(reader.focus)
    ]
    if not answers:
        text = pick(
            lang,
            "This comparison was run without the control that has the same hours and no branch, so it "
            "cannot tell the branch from its hours.",
            "本次比较未运行同等工时、无支部的对照，无法区分支部与工时的作用。",
        )
        return [(head, text)]
    return [(head, pick(lang, " ", "").join(answers))]


def _parts(reader: Reader, lang: str) -> list[tuple[str, str]]:
    names = [name for name in (reader.part("mediation alone"), reader.part("routine services alone")) if name]
    told = []
    for name in names:
        clauses = sentences.changes(reader.effects(name), lang, True, reader.margin)
        what = role(name, lang)
        told.append(pick(lang, f"With {what}, {clauses}.", f"{what}：{clauses}。"))
    if len(names) == 2:
        opposed = [
            outcome
            for outcome in HEADLINE
            if _opposed(reader.effect(names[0], outcome), reader.effect(names[1], outcome))
        ]
        listed = pick(lang, " and ", "、").join(words.noun(outcome, lang).name for outcome in opposed)
        if opposed:
            told.append(
                pick(lang, f"The two parts have opposite signs in {listed}.", f"两部分在{listed}上方向相反。")
            )
        else:
            told.append(
                pick(
                    lang,
                    "In none of the three do the two parts have certain and opposite signs.",
                    "三项指标中，两部分都没有确定而相反的方向。",
                )
            )
    return [
        (pick(lang, "Mediation and routine services.", "调解与日常服务。"), pick(lang, " ", "").join(told))
    ]


def _opposed(first: Effect | None, second: Effect | None) -> bool:
    return first is not None and second is not None and sentences.opposite(first.change, second.change)


def _attraction(reader: Reader, lang: str) -> list[tuple[str, str]]:
    told = []
    if control := reader.control("placebo"):
        clauses = sentences.changes(reader.effects(control), lang, True, reader.margin)
        told.append(
            pick(
                lang,
                f"With the names and the channel of branches but no hours behind them, {clauses}.",
                f"只有支部的名义和渠道而无工时：{clauses}。",
            )
        )
    if (exact := placebo_is_exact(reader)) is not None:
        if exact:
            told.append(
                pick(
                    lang,
                    "With the names alone nothing changes at all, as it must.",
                    "只有名义时，一切不变，理应如此。",
                )
            )
        else:
            told.append(
                pick(
                    lang,
                    "With the names alone something changes, which must not be: do not rely on these results.",
                    "只有名义时仍有变化，这不应发生：请勿采信本次结果。",
                )
            )
    return [(pick(lang, "Attraction alone.", "单纯的吸引。"), pick(lang, " ", "").join(told))]


def placebo_is_exact(reader: Reader) -> bool | None:
    """Tell whether the placebo without a channel equals the baseline exactly; None where it was not run."""
    name = reader.control("placebo, no channel")
    if name is None:
        return None
    effects = reader.effects(name, tuple(reader.outcomes))
    known = [effect for effect in effects if math.isfinite(effect.difference)]
    return all(effect.difference == 0 and effect.low == 0 and effect.high == 0 for effect in known)


def _best(reader: Reader, lang: str) -> list[tuple[str, str]]:
    if len(reader.strategies) < 2:
        return []
    told = []
    for outcome in ("conflicts", "standing"):
        found = [effect for name in reader.strategies if (effect := reader.effect(name, outcome))]
        name = words.noun(outcome, lang).name
        lower = [effect for effect in found if effect.change in sentences.DOWN]
        if not found:
            continue
        if not lower:
            told.append(
                pick(lang, f"No strategy lowers {name} for certain.", f"没有哪种策略能确定降低{name}。")
            )
            continue
        best = min(lower, key=lambda effect: effect.percent)
        label = words.arm(best.strategy, lang)
        beside = [effect for effect in reader.effects(best.strategy) if effect.outcome != outcome]
        others = sentences.changes(beside, lang, False, reader.margin)
        told.append(
            pick(
                lang,
                f"{name[0].upper()}{name[1:]} fall most under {label}, by "
                f"{sentences.percent(abs(best.percent))} ({sentences.between(best)}); there {others}.",
                f"{name}下降最多的是{label}：{sentences.percent(abs(best.percent))}"
                f"（{sentences.between(best, lang)}）；其时{others}。",
            )
        )
    told.append(
        pick(
            lang,
            "Strategies were set against the baseline, not against each other: a close second may be as good.",
            "各策略只与基准比较，未彼此比较：相近者可能不相上下。",
        )
    )
    return [(pick(lang, "Which strategy?", "哪种策略？"), pick(lang, " ", "").join(told))]


def _price(reader: Reader, lang: str) -> list[tuple[str, str]]:
    hours, reporting = reader.effect(reader.focus, "hours"), reader.effect(reader.focus, "reporting_hours")
    if hours is None or not math.isfinite(hours.difference):
        return []
    name, size = words.arm(reader.focus, lang), sentences.amount(abs(hours.difference))
    more = hours.difference >= 0
    low, high = (sentences.amount(end, signed=True) for end in (hours.low, hours.high))
    text = pick(
        lang,
        f"{name[0].upper()}{name[1:]} {'adds' if more else 'saves'} {size} hours a week in the district "
        f"(95% interval {low} to {high})",
        f"{name}使全区每周{'增加' if more else '减少'} {size} 工时（95% 区间 {low} 至 {high}）",
    )
    if reporting is not None and math.isfinite(reporting.difference):
        part = sentences.amount(reporting.difference)
        text += pick(lang, f"; {part} hours a week go to reporting", f"；其中填报每周占 {part} 工时")
    return [(pick(lang, "At what cost?", "代价多大？"), text + pick(lang, ".", "。"))]


def glance(reader: Reader, lang: str) -> Html:
    """Return the table of what the sentences say: the strategy in focus, its parts and its controls."""
    outcomes = [name for name in (*HEADLINE, "open") if name in reader.outcomes]
    name, base = words.arm(reader.focus, lang), words.arm(reader.baseline, lang)
    rows: list[list[str]] = []

    def add(label: str, arm: str, against: str | None = None) -> None:
        if any(reader.effect(arm, outcome, against) for outcome in outcomes):
            rows.append([label, *(_cell(reader.effect(arm, outcome, against), lang) for outcome in outcomes)])

    add(name[0].upper() + name[1:], reader.focus)
    for arm in reader.components()[1:]:
        label = role(arm, lang)
        add(label[0].upper() + label[1:], arm)
    above = [(pick(lang, f"Against {base}", f"与{base}相比"), list(rows))]
    rows.clear()
    for control in reader.hours_controls(reader.focus):
        add(
            words.arm(control, lang, short=True)[0].upper() + words.arm(control, lang, short=True)[1:],
            reader.focus,
            control,
        )
    if rows:
        above.append(
            (pick(lang, f"{name[0].upper()}{name[1:]} against", f"{name}与下列对照相比"), list(rows))
        )
    head = [
        pick(lang, "Change in per cent, 95% interval, verdict", "变化百分比、95% 区间、判定"),
        *(words.noun(outcome, lang).name.capitalize() for outcome in outcomes),
    ]
    return table(head, above, kind="glance")


def _cell(effect: Effect | None, lang: str) -> Html:
    if effect is None or effect.change == "unknown":
        return Html("–")
    if effect.change == "same":
        size, ends = "0%", pick(lang, "exactly the same", "完全相同")
    else:
        low, high = (sentences.percent(end, signed=True) for end in effect.interval)
        size, ends = (
            sentences.percent(effect.percent, signed=True),
            pick(lang, f"{low} to {high}", f"{low} 至 {high}"),
        )
    return join(
        [
            tag("span", size, class_=f"verdict {effect.verdict}"),
            tag("span", f"{ends}", class_="under"),
            tag("span", words.verdict(effect.verdict, lang), class_="under"),
        ]
    )
