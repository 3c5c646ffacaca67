"""The report of an ablation: what a policy does, and what each of its parts carries of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.plots import meanings, words
from experiments.lab.plots.ablation import ablation_figure, note
from experiments.lab.plots.apart import WHOLE, carried, joined, move_of, rows_of
from experiments.lab.plots.clauses import capital, listed
from experiments.lab.plots.phrases import part, policy
from experiments.lab.plots.words import pick
from experiments.lab.report.brief import Brief, draw_into, write_brief
from experiments.lab.report.record import ground, info_of

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.ablation import Ablation

__all__ = ["write"]


def write(made: Ablation, name: str, lang: str = "en") -> Path:
    """Draw an ablation's figure into its folder and write `report.html` there; return the report's path.

    Parameters
    ----------
    made, name
        An ablation in which at least one replicate is whole, and the policy's name.
    lang
        `en` or `zh`; without a font for Chinese the figure is in English.
    """
    folder, plan = made.swept.store.folder, made.swept.plan
    path = draw_into(folder, "ablation", lambda drawn: ablation_figure(made, name, drawn), lang)
    told = [carried(made, name, outcome, lang) for outcome in plan.outcomes]
    told += [text for outcome in plan.outcomes if (text := joined(made, outcome, lang))]
    brief = Brief(
        title=meanings.question(plan.question, lang) or pick(
            lang, f"Which part of {policy(name)} does it?", f"{policy(name, 'zh')}的哪一部分起作用？"),
        findings=told,
        figures=[(path, _caption(made, name, lang))],
        tables=[_values(made, outcome, lang) for outcome in plan.outcomes] + [_parts(made, lang)],
        method=_method(made, name, lang),
        limits=_limits(made, lang),
        scenario=plan.scenario,
        info=info_of(made.swept.store, made.swept.outcome),
    )  # fmt: skip
    return write_brief(brief, folder / "report.html", lang)


def _caption(made: Ablation, name: str, lang: str) -> str:
    first = pick(lang, f"{capital(policy(name))} taken apart. ", f"{policy(name, 'zh')}的分解。")
    return first + note(made, lang)


def _method(made: Ablation, name: str, lang: str) -> list[str]:
    plan, design = made.swept.plan, made.swept.outcome.design
    parts = listed([part(item, lang) for item in made.parts], lang)
    count, weeks = plan.replicates, plan.scenario.run.weeks
    sampled = pick(
        lang,
        f"There are too many sets to run all: {len(made.sampled)} orders were drawn by lot, each with its reverse. All "
        "replicates share these orders, so that the interval of a share also holds their luck: the variance over "
        "replicates and that over pairs of orders, each divided by its number, are added, with Student's quantile for "
        "the smaller number.",
        f"组合过多，未能全部运行：随机抽取 {len(made.sampled)} 种先后次序，每种连同其逆序。"
        "各次重复共用这些次序，因此份额的区间也计入抽取次序的偶然：各次重复间的方差与各对次序间的方差分别除以其个数后"
        "相加，t 分位数按较小的个数取。",
    )
    every = pick(lang, f"All {len(made.labels)} sets of parts were run.", f"全部 {len(made.labels)} 种组合均已运行。")
    return [
        pick(
            lang,
            f"{capital(policy(name))} was taken apart into {parts}. The worth of a set of parts is what the policy "
            f"changes "
            "with these parts alone, beside the same world without the policy. A part's share (Shapley's value) is "
            "what it "
            "adds, averaged over all orders in which parts could have been added; shares, and what is left when all "
            "parts "
            "are out, add up to the whole effect.",
            f"{policy(name, 'zh')}分解为{parts}。一组部分的价值，"
            f"是仅含这些部分的政策与同一情景无政策时相比所改变的量。某部分"
            "的份额（Shapley 值）是它在所有先后次序中所增加之量的平均；各份额与全部去掉后余下的部分之和，"
            "等于政策的全部作用。",
        )
        + pick(lang, " ", "")
        + (sampled if made.sampled else every),
        ground(design, lang)
        + pick(
            lang,
            f" Each run has {weeks} weeks, of which those from week {design.start} on are averaged; {count} "
            f"replicate{'s' * (count > 1)} of every set, all on common random numbers. Values are worked out within "
            f"each "
            "replicate; an interval is Student's 95% interval of their mean, not adjusted for being many.",
            f"每次运行 {weeks} 周，自第 {design.start} 周起取均值；每种组合 {count} 次重复，共用随机数。"
            f"各值在每次重复内"
            "计算，区间为其均值的 95% t 区间，未作多重比较校正。",
        ),
        pick(lang, "Per cent are of the mean without the policy.", "百分比以无政策时的均值为基数。"),
    ]


def _limits(made: Ablation, lang: str) -> list[str]:
    told = [
        pick(
            lang,
            "Members have one budget of hours: what is taken out leaves its hours to the rest, so that leaving a part "
            "out "
            "also tells what the others do with its hours.",
            "党员工时总量不变：去掉的部分把工时让给其余部分，因此去掉某部分也反映其余部分如何使用这些工时。",
        )
    ]
    if made.swept.plan.replicates == 1:
        told.append(pick(lang, "There is a single replicate: nothing here has an interval.", "仅有一次重复："
                                                                                             "各值均无区间。"))
    return told


def _values(made: Ablation, outcome: str, lang: str) -> tuple[str, pd.DataFrame]:
    """Return the values of an outcome's parts, in per cent where there is a mean to take them of."""
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for item, row in rows_of(made, outcome).items():
        cells = []
        for value, interval in (("shapley", "ci"), ("alone", "alone"), ("left_out", "left_out")):
            move = move_of(made, outcome, row, value, interval)
            known = move.kind not in ("unknown", "single")
            cells += [
                "–" if move.kind == "unknown" else "0" if move.kind == "same" else move.size(lang, signed=True),
                move.interval(lang, named=False) if known and move.kind != "same" else "–",
            ]
        rows.append((capital(part(item, lang)), *(cells if item in made.parts else [*cells[:2], "–", "–", "–", "–"])))
    between = pick(lang, "95% interval", "95% 区间")
    head = [pick(lang, "Part", "部分"), pick(lang, "Share (Shapley)", "份额（Shapley）"), between,
            pick(lang, "Alone", "仅此部分"), between, pick(lang, "Left out of all", "去掉此部分"), between]  # fmt: skip
    noun, unit, base = words.noun(outcome, lang).name, words.unit(outcome, lang), made.base(outcome)
    text = pick(lang, f"{capital(noun)}; without the policy {base:.4g}, {unit}.", f"{noun}；无政策时 "
                                                                                  f"{base:.4g}（{unit}）。")
    return text, pd.DataFrame(rows, columns=head)


def _parts(made: Ablation, lang: str) -> tuple[str, pd.DataFrame]:
    """Return what takes each part out: what the full set sets otherwise than the set without it."""
    import pandas as pd

    arms = made.swept.plan.arms
    full = arms[made.labels[frozenset(made.parts)]]
    rows = []
    for item in made.parts:
        out = arms[made.labels[frozenset(made.parts) - {item}]]
        changes = [f"{key} = {_written(value)}" for key, value in out.items() if full.get(key, "") != value]
        rows.append((capital(part(item, lang)), ", ".join(changes)))
    whole = ", ".join(f"{key} = {_written(value)}" for key, value in full.items())
    rows.insert(0, (capital(part(WHOLE, lang)), whole))
    head = [pick(lang, "Part", "部分"), pick(lang, "Set to", "设为")]
    text = pick(lang, "What makes the whole policy, and what takes each part out of it.", "整个政策的设定，"
                                                                                          "以及去掉各部分的设定。")
    return text, pd.DataFrame(rows, columns=head)


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
