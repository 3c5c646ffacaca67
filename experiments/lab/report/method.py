"""How the comparison was made."""

from __future__ import annotations

import json
import math

from experiments.lab.plots import meanings, words
from experiments.lab.plots.numbers import amount
from experiments.lab.plots.reading import Reader
from experiments.lab.plots.words import pick
from experiments.lab.report.page import Html, join, table, tag
from experiments.lab.statistics.regions import decided
from sim import arrangement

__all__ = ["design"]


def design(reader: Reader, lang: str) -> list[Html]:
    """Return the design: the district, the arms in words, the pairing, the verdicts."""
    return [
        tag("p", _ground(reader, lang)),
        *_beside(reader, lang),
        *_notes(reader, lang),
        tag("p", _pairing(reader, lang)),
        tag("p", _many(reader, lang)),
        tag("h3", pick(lang, "The arms", "各组")),
        _arms(reader, lang),
        tag("h3", pick(lang, "The verdicts", "判定")),
        tag(
            "p",
            pick(
                lang,
                f"The margin is {100 * reader.margin:g}% of the mean of what an arm is set against.",
                f"等效界限为对照组均值的 {100 * reader.margin:g}%。",
            ),
        ),
        tag(
            "dl",
            *(
                tag(kind, text)
                for name in words.VERDICTS
                for kind, text in (
                    ("dt", words.verdict(name, lang)),
                    ("dd", words.verdict_meaning(name, lang)),
                )
            ),
        ),
    ]


def _ground(reader: Reader, lang: str) -> str:
    district, info = reader.comparison.district, reader.info
    estates, households = len(district.names), int(district.households.sum())
    communities = len(set(map(int, district.community)))
    weeks = _weeks(reader)
    replicates = len(
        {
            (item.get("district"), item.get("replicate"))
            for item in info.get("seeds", [])
            if isinstance(item, dict)
        }
    ) or int(reader.table["replicates"].max())
    english = (
        f"The district has {estates:,} estates with {households:,} households in {communities:,} "
        f"communities. Every arm is run for {weeks} weeks, of which the first {reader.warmup} are the same "
        f"for all and are not measured; {replicates} replicates each"
    )
    chinese = (
        f"全区共 {estates:,} 个小区、{households:,} 户，分属 {communities:,} 个社区。每组运行 {weeks} 周，其"
        f"中前 {reader.warmup} 周各组相同、不计入；各 {replicates} 次重复"
    )
    if reader.grounds > 1:
        english += (
            f", spread over {reader.grounds} synthetic districts. Replicates in one district are averaged "
            "first, so that the districts are the independent observations"
        )
        chinese += f"，分布在 {reader.grounds} 个合成区。同一区的重复先取平均，故以区为独立观测"
    return pick(lang, english + ".", chinese + "。")


def _beside(reader: Reader, lang: str) -> list[Html]:
    """Say on what other ground further arms are run; nothing where there are none."""
    there = reader.further
    if there is None:
        return []
    estates, weeks = there.comparison.size
    count = int(there.table["replicates"].max())
    smaller = estates < reader.comparison.size[0]
    ground = pick(lang, "a smaller district of the same kind" if smaller else "the same district",
                  "同类的较小区域" if smaller else "同一区域")
    return [tag("p", pick(
        lang,
        f"{len(there.arms)} further arms are run on {ground}, with a baseline of their own: "
        f"{estates:,} estates, {weeks} measured weeks, {count} replicates each. Their effects are relative to that "
        "baseline, and may differ from those on the whole district where a policy acts only after a time, or where "
        "large estates count. Of arms that were run on both, table.csv has the whole district.",
        f"另有 {len(there.arms)} 组在{ground}上运行，自有基准：{estates:,} 个小区，计入 {weeks} 周，各 {count} "
        "次重复。其效应均与该处的基准相比；政策若须经一段时间才见效，或大型小区影响较大，则可能与全区结果不同。"
        "两处都运行的组，table.csv 只列全区结果。",
    ))]


def _weeks(reader: Reader) -> int:
    stated = reader.info.get("weeks")
    if stated is not None:
        return int(stated)
    series = reader.comparison.series
    return int(series["week"].max()) + 1 if series is not None and len(series) else 0


def _notes(reader: Reader, lang: str) -> list[Html]:
    notes = [str(note) for note in getattr(reader.comparison.district, "notes", [])]
    if not notes:
        return []
    title = pick(lang, "What was filled in in the district's table:", "区数据表中补全的内容（英文原文）：")
    return [tag("p", title), tag("ul", *(tag("li", note) for note in notes), class_="note")]


def _pairing(reader: Reader, lang: str) -> str:
    saved = reader.effect(reader.focus, "conflicts")
    text = pick(
        lang,
        "Arms are compared in pairs on common random numbers: in a replicate every household meets the "
        "same incidents and the same luck in every arm, and what differs is what the policy causes. Each "
        "difference is taken within a replicate; its interval is the 95% interval of the mean of these differences "
        "(Student's, lengthened where they are skewed, and for counts never shorter than one event allows).",
        "各组按公共随机数配对比较：同一次重复中，每户在各组遇到同样的事件与运气，差别只来自政策所引起的变化"
        "。差异在每次重复内计算，区间为这些差异均值的 95% t 区间"
        "（差值偏斜时加长；计数指标不短于一件事所能分辨的宽度）。",
    )
    if saved is None or not math.isfinite(saved.variance_saved + sum(saved.saved)):
        return text
    if saved.difference == 0:
        return text
    low, high = (amount(end) for end in saved.saved)
    times, name = amount(saved.variance_saved), words.arm(reader.focus, lang)
    return text + pick(
        lang,
        f" For conflicts under {name} pairing divides the variance of the difference by about {times} (95% interval "
        f"{low} to {high}): unpaired runs would need so many times as many replicates for the same interval.",
        f"就{name}的纠纷而言，配对使差异的方差降为约 {times} 分之一（95% 区间 {low} 至 {high}）："
        "不配对则需同样倍数的重复才能得到同样的区间。",
    )


def _asked(reader: Reader) -> int:
    rows = reader.table
    return int(((rows["strategy"] != rows["against"]) & rows["p_adjusted"].notna()).sum())


def _many(reader: Reader, lang: str) -> str:
    asked = _asked(reader)
    text = pick(lang, f"The table asks {asked:,} questions at once. ", f"总表同时提出 {asked:,} 个问题。")
    if reader.further is not None:
        beside = _asked(reader.further)
        text = pick(
            lang,
            f"The table asks {asked:,} questions at once of the whole district and {beside:,} of the further arms; "
            "what holds together does so for each of the two. ",
            f"总表就全区同时提出 {asked:,} 个问题，就另外运行的各组提出 {beside:,} 个；“同时成立”分别就两处而言。")
    text += words.how_judged(reader.margin, pick(lang, "the mean of what an arm is set against", "对照组均值"), lang)
    short = [
        effect
        for effect in reader.effects(reader.focus)
        if not decided(effect.verdict) and effect.needed > effect.replicates
    ]
    if not short:
        return text
    listed = pick(lang, ", ", "、").join(
        f"{words.noun(effect.outcome, lang).name} {effect.needed:,.0f}" for effect in short
    )
    return text + pick(
        lang,
        " For a decision with a chance of 80%, were differences and spreads what they seem, more replicates would "
        f"be needed, in all: {listed}.",
        f"若差异与离散确如所见，要有八成把握作出判定，总共需要的重复数：{listed}。",
    )


def _arms(reader: Reader, lang: str) -> Html:
    rows = []
    changes = _changes(reader)
    for name in dict.fromkeys([reader.baseline, *reader.arms, *(reader.further.arms if reader.further else ())]):
        label = reader.label(name, lang)
        meaning = meanings.meaning(name, lang) or pick(lang, "Defined by the user.", "由用户定义。")
        rows.append(
            [
                join(
                    [tag("b", label[0].upper() + label[1:]), tag("span", tag("code", name), class_="under")]
                ),
                join(
                    [
                        meaning,
                        *(tag("span", tag("code", text), class_="under") for text in changes.get(name, [])),
                    ]
                ),
            ]
        )
    return table([pick(lang, "Arm", "组"), pick(lang, "What it is", "含义")], [("", rows)], kind="arms")


def _changes(reader: Reader) -> dict[str, list[str]]:
    """Return what each arm changes in the scenario, besides the strategy or the arrangement that it is called after."""
    frame = reader.comparison.design
    if frame is None or "changes" not in frame:
        return {}
    found = {} if reader.further is None else _changes(reader.further)
    known = set(found)
    for name, text in zip(frame["arm"], frame["changes"], strict=True):
        if name not in known:
            known.add(name)
            own = {"coverage.strategy": name}
            if words.cover_of(name) or words.less_of(name):
                own = arrangement.named(name) or own
            change = {key: value for key, value in json.loads(text).items() if own.get(key) != value}
            found[str(name)] = [
                f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in change.items()
            ]
    return found
