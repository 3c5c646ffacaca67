"""The report of a sweep: where an arm lowers each outcome, and which parameters that follows."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.plots import meanings, words
from experiments.lab.plots.clauses import capital, listed
from experiments.lab.plots.numbers import amount, written
from experiments.lab.plots.sweep import note, sweep_figure
from experiments.lab.plots.tallied import level, told
from experiments.lab.plots.words import pick
from experiments.lab.report.brief import Brief, draw_into, write_brief
from experiments.lab.report.record import ground, info_of
from experiments.lab.sweep.tally import named, others, pulls_of, spans, tally

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.sweep.swept import Swept

__all__ = ["write"]

KINDS = {
    "factorial": ("all combinations of levels", "各水平的全部组合"),
    "one-at-a-time": ("the usual values, and each parameter changed alone", "常态取值，以及逐个改变每个参数"),
    "latin": ("a Latin hypercube, with one point in every strip of every range", "拉丁超立方，每段区间各有一点"),
    "sobol": ("a scrambled Sobol sequence", "加扰 Sobol 序列"),
    "morris": ("Morris trajectories, which change one parameter at a time", "Morris 轨迹，每步改变一个参数"),
    "table": ("the points of a user's own table", "用户自己的点表"),
}


def write(result: Swept, lang: str = "en") -> Path:
    """Draw a sweep's figures into its folder and write `report.html` there; return the report's path.

    Parameters
    ----------
    result
        A sweep of which at least one run has ended.
    lang
        `en` or `zh`; without a font for Chinese the figures are in English.
    """
    folder, plan = result.store.folder, result.plan
    arms = others(result)
    figures, findings = [], []
    for outcome in plan.outcomes:
        path = draw_into(folder, outcome, partial(sweep_figure, result, outcome), lang)
        figures.append((path, _caption(result, outcome, lang)))
        findings += [_finding(told(result, outcome, arm, lang), lang) for arm in arms]
    brief = Brief(
        title=_question(result, lang),
        findings=findings,
        figures=figures,
        tables=[_varied(result, lang), _over(result, lang), *_follows(result, lang)],
        method=_method(result, lang),
        limits=_limits(result, lang),
        scenario=plan.scenario,
        info=info_of(result.store, result.outcome),
    )
    return write_brief(brief, folder / "report.html", lang)


def _question(result: Swept, lang: str) -> str:
    if result.plan.question:
        return meanings.question(result.plan.question, lang)
    names = [words.noun(outcome, lang).name for outcome in result.plan.outcomes]
    some = listed(names[:3], lang)
    return pick(lang, f"What do {some} follow?", f"{some}随何而变？")


def _finding(sentences: list[str], lang: str) -> str:
    return pick(lang, " ", "").join(text + pick(lang, ".", "。") for text in sentences)


def _caption(result: Swept, outcome: str, lang: str) -> str:
    noun = words.noun(outcome, lang).name
    first = pick(lang, f"{capital(noun)} over the points of the sweep. ", f"各点上的{noun}。")
    return first + note(result, min(result.points.shape[1], 12), min(len(others(result)), 6), lang)


def _method(result: Swept, lang: str) -> list[str]:
    plan = result.plan
    n, parameters, weeks = len(result.points), result.points.shape[1], plan.scenario.run.weeks
    count, start = plan.replicates, result.outcome.design.start
    english, chinese = KINDS.get(plan.kind, (plan.kind, plan.kind))
    arms = listed([words.arm(arm, lang) for arm in plan.arms if arm], lang)
    lived = [
        pick(
            lang,
            f"{n} points over {parameters} parameter{'s' * (parameters > 1)} ({english}). ",
            f"{parameters} 个参数上的 {n} 个点（{chinese}）。",
        ),
        arms and pick(lang, f"Each point is lived by {arms}. ", f"每个点由{arms}各运行一次。"),
        ground(result.outcome.design, lang),
        pick(
            lang,
            f" Each run has {weeks} weeks, of which those from week {start} on are averaged; {count} "
            f"replicate{'s' * (count > 1)}.",
            f"每次运行 {weeks} 周，自第 {start} 周起取均值；{count} 次重复。",
        ),
    ]
    shared = pick(
        lang,
        "All points and arms share their replicates' chance (common random numbers), so that two points differ by "
        "their "
        "parameters and by nothing else.",
        "各点各组共用同一套随机数，因此两点之间只有参数不同。",
    )
    if plan.baseline:
        shared += pick(
            lang,
            f" At every point each arm is set against {words.arm(plan.baseline)} in pairs; an interval is Student's "
            f"95% "
            "interval of the mean paired difference over replicates, for one point alone: of many points without any "
            "effect, one in twenty looks like one.",
            f"每个点上各组与{words.arm(plan.baseline, 'zh')}配对比较；区间为各次重复配对差均值的 95% t 区间，"
            f"仅就单个点而言："
            "若各点均无作用，二十个点中仍约有一个看似有。",
        )
    how = pick(
        lang,
        "A parameter is said to matter where its rank correlation (Spearman) with the effect over all points is not "
        "zero at 5% after Holm's adjustment for the number of parameters; for levels without an order, by Kruskal and "
        "Wallis's test likewise. ",
        "参数与作用在各点间的秩相关（Spearman）经 Holm 法按参数个数校正后在 5% 水平不为零，方称其要紧；无序水平用 "
        "Kruskal–Wallis 检验。",
    )
    if not plan.apart:
        how += _over_replicates(count, lang)
    if plan.kind == "one-at-a-time":
        how = pick(
            lang,
            "A parameter is said to matter where the 95% interval of the change over its range, the others as usual, "
            "leaves zero out. Of several levels without an order, the one that differs most from the usual one is told "
            "of; since it is picked by the same runs, its interval is widened to hold for all of these levels at once "
            "(Bonferroni). Intervals are not adjusted for the number of parameters.",
            "其余参数照常，若某参数由一端变至另一端所引起变化的 95% 区间不含零，则称其要紧。多个无序水平中只报告与"
            "常态差别最大的一个；因其由同一批运行选出，其区间已放宽（Bonferroni），对这些水平同时成立。"
            "区间未按参数个数校正。",
        )
    return ["".join(lived), shared, how.strip()]


def _over_replicates(count: int, lang: str) -> str:
    """Say what shared chance asks of a parameter beside its correlation over points."""
    if count == 1:
        return pick(
            lang,
            "All points share the chance of a single replicate, so that this holds for that chance alone: another "
            "replicate may show otherwise.",
            "各点共用同一次重复的随机数，因此结论仅就该次随机数成立：换一次重复可能不同。",
        )
    return pick(
        lang,
        "Points share their replicates' chance, so that this must also hold over replicates: in each of them the slope "
        "of the effect over the parameter's ranks is taken (for levels, the mean at each less that at all others, with "
        "p adjusted for their number), Student's test asks whether its mean over replicates is zero, and the larger "
        "of the two p is adjusted and told. Intervals of rank correlations are over points, in the chance of these "
        "replicates.",
        "各点共用各次重复的随机数，因此还须在各次重复之间成立：在每次重复内求作用对参数之秩的斜率（无序水平则取每一"
        "水平的均值与其余水平均值之差，并按水平个数校正），以 t 检验其在各次重复间的均值是否为零，取两个 p 中较大者"
        "校正并列出。秩相关的区间是各点之间的，就这些重复的随机数而言。",
    )


def _limits(result: Swept, lang: str) -> list[str]:
    told = []
    if result.plan.replicates == 1:
        told.append(pick(
            lang, "Every point was lived once. The sign at a single point may be chance; only what holds over many "
                  "points can be told"
            + (", and that for the chance which all of them share." if not result.plan.apart else "."),
            "每个点只运行一次：单个点的方向可能出于偶然，只有跨多点成立的才可采信"
            + ("，且仅就各点共用的随机数而言。" if not result.plan.apart else "。")))  # fmt: skip
    if result.plan.kind == "one-at-a-time":
        told.append(pick(
            lang, "Parameters were changed one at a time: what two of them do together is not seen.",
            "参数逐个改变，看不到两个参数的共同作用。"))  # fmt: skip
    else:
        told.append(pick(
            lang, "A rank correlation sees what rises or falls throughout a range. An effect that turns in the "
                  "middle, or "
            "that needs two parameters at once, may be missed; the figures may show it.",
            "秩相关只识别贯穿整个区间的升降；中途转向或须两个参数同时具备的作用可能被漏掉，可看图。"))  # fmt: skip
    told.append(pick(
        lang, "Shares of points are shares of the ranges that were swept, not probabilities: nobody knows how likely a "
        "point is.", "点的占比是扫描范围中的占比，不是概率：没有人知道某个点有多大可能。"))  # fmt: skip
    return told


def _varied(result: Swept, lang: str) -> tuple[str, pd.DataFrame]:
    import pandas as pd

    known = {row["name"]: row for row in result.plan.scenario.parameters()}
    rows = []
    for name in result.points.columns:
        values, about = result.points[name], known.get(str(name), {})
        if named(values):
            over = pick(lang, ", ", "、").join(level(value) for value in dict.fromkeys(values))
        else:
            over = f"{level(values.min())} … {level(values.max())}"
        rows.append((name, over, about.get("unit", ""), level(about.get("value")), about.get("doc", "")))
    head = [pick(lang, "Parameter", "参数"), pick(lang, "Values at the points", "各点取值"), pick(lang, "Unit", "单位"),
            pick(lang, "Otherwise", "平时取值"), pick(lang, "What it is", "含义（英文原文）")]  # fmt: skip
    return pick(lang, "What varied.", "改变的参数。"), pd.DataFrame(rows, columns=head)


def _over(result: Swept, lang: str) -> tuple[str, pd.DataFrame]:
    import pandas as pd

    base = result.plan.baseline
    rows: list[tuple[Any, ...]] = []
    for outcome in result.plan.outcomes:
        for arm in others(result):
            found = tally(result, outcome, arm)
            low, middle, high = (amount(value, bool(base)) for value in (found.lowest, found.middle, found.highest))
            counts = (found.falls, found.rises, found.unclear) if base else ()
            rows.append((
                capital(words.noun(outcome, lang).name), *((words.arm(arm, lang),) if base else ()),
                words.unit(outcome, lang), low, middle, high, *counts,
            ))  # fmt: skip
    head = [
        pick(lang, "Outcome", "指标"), *((pick(lang, "Arm", "组"),) if base else ()), pick(lang, "Unit", "单位"),
        pick(lang, "Lowest", "最低"), pick(lang, "Median", "中位"), pick(lang, "Highest", "最高"),
    ]  # fmt: skip
    if base:
        head += [pick(lang, "Falls at", "下降点数"), pick(lang, "Rises at", "上升点数")]
        head += [pick(lang, "Not clear at", "不明点数")]
    against = words.arm(base, lang)
    text = pick(
        lang,
        f"Over the {len(result.points)} points" + (f": difference from {against}." if base else "."),
        f"{len(result.points)} 个点上" + (f"与{against}之差。" if base else "的取值。"),
    )
    return text, pd.DataFrame(rows, columns=head)


def _follows(result: Swept, lang: str) -> list[tuple[str, pd.DataFrame]]:
    """Tell of every parameter how each outcome follows it."""
    import pandas as pd

    alone = result.plan.kind == "one-at-a-time"
    several = bool(result.plan.baseline) and len(others(result)) > 1
    rows: list[tuple[Any, ...]] = []
    for outcome in result.plan.outcomes:
        for arm in others(result):
            start = (capital(words.noun(outcome, lang).name), *((words.arm(arm, lang),) if several else ()))
            lines = _spans(result, outcome, arm) if alone else _pulls(result, outcome, arm)
            rows += [(*start, *line) for line in lines]
    if not rows:
        return []
    first = [pick(lang, "Outcome", "指标"), *((pick(lang, "Arm", "组"),) if several else ())]
    first.append(pick(lang, "Parameter", "参数"))
    if alone:
        head = [*first, pick(lang, "From", "自"), pick(lang, "To", "至"), pick(lang, "Change", "变化"),
                pick(lang, "95% interval", "95% 区间")]  # fmt: skip
        text = pick(
            lang, "What each parameter moves over its range, the others as usual. Of several levels without an order, "
                  "the one that differs most, with an interval that is widened for having been picked.",
            "其余照常，各参数在其范围内引起的变化；多个无序水平中取差别最大者，区间已为此放宽。")  # fmt: skip
    else:
        over = pick(lang, "95% interval over points", "各点间 95% 区间")
        head = [*first, pick(lang, "Rank correlation", "秩相关"), over, pick(lang, "p (Holm)", "p（Holm）")]
        text = pick(
            lang, "How each outcome, or what the arm changes of it, follows each parameter; p is adjusted within each "
                  "outcome.",
            "各指标（或该组对其的改变）随各参数的变化；p 在每个指标内校正。")  # fmt: skip
    return [(text, pd.DataFrame(rows, columns=head))]


def _pulls(result: Swept, outcome: str, arm: str) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = []
    for pull in pulls_of(result, outcome, arm):
        size, low, high = (written(value, "+.2f") for value in (pull.correlation, pull.low, pull.high))
        ordered = math.isfinite(pull.correlation)
        p = "–" if math.isnan(pull.p) else "<0.001" if pull.p < 0.001 else f"{pull.p:.3f}"
        between = f"{low} … {high}" if math.isfinite(pull.low) else "–"
        lines.append((pull.name, size if ordered else "–", between, p))
    return lines


def _spans(result: Swept, outcome: str, arm: str) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = []
    for span in spans(result, outcome, arm):
        low, high = (amount(end, signed=True) for end in (span.change.ci_low, span.change.ci_high))
        size = amount(span.change.difference, signed=True)
        lines.append((span.name, level(span.start), level(span.end), size, f"{low} … {high}"))
    return lines
