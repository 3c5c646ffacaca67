"""What a validation found, in sentences: which figures are met, what they are evidence for, what they cannot tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.plots.numbers import rounded
from experiments.lab.plots.validation_words import DATA, lacks, name_of, needs, told
from experiments.lab.plots.words import pick
from experiments.lab.validate.filings import YEAR
from experiments.lab.validate.validation import MODEL, PREDICTED, Validation

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.report.brief import Brief

__all__ = ["brief_of", "caption", "findings", "limits", "method"]


def findings(made: Validation, lang: str = "en") -> list[str]:
    """Return the answer in short, worked out from the verdicts."""
    return [
        _met(made, lang),
        *_held_back(made, lang),
        *_rivals(made, lang),
        *_predicted(made, lang),
        *_built_in(made, lang),
    ]


def _joined(names: Sequence[str], lang: str) -> str:
    if lang == "zh":
        return "、".join(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _tally(made: Validation, figures: Sequence[str], lang: str) -> str:
    """Say for how many figures the model is inside, overlaps and is outside; name the latter."""
    own = made.verdicts[MODEL]
    count = {word: [figure for figure in figures if own[figure] == word] for word in ("inside", "overlaps", "outside")}
    out = [name_of(figure, lang) for figure in count["outside"]]
    told = pick(
        lang,
        f"one more run of the model lies inside the interval for {len(count['inside'])}, overlaps it for "
        f"{len(count['overlaps'])}, and lies outside for {len(out)}",
        f"模型的预测区间有 {len(count['inside'])} 个完全在内，{len(count['overlaps'])} 个部分重叠，{len(out)} 个在外")
    return told + (pick(lang, f" ({_joined(out, lang)})", f"（{_joined(out, lang)}）") if out else "")


def _met(made: Validation, lang: str) -> str:
    figures = made.asked("fitted")
    if not figures:
        return pick(lang, "No figure was fitted.", "没有拟合的数字。")
    told = _tally(made, figures, lang)
    return pick(lang, f"Of {len(figures)} fitted figures {told}.", f"在 {len(figures)} 个拟合的数字中，{told}。")


def _held_back(made: Validation, lang: str) -> list[str]:
    figures = made.asked("held back")
    if not figures:
        return [pick(
            lang,
            "No figure was held back: every published one that is known here was either fitted or built in. Meeting "
            "these is no test that the model could have failed.",
            "没有留作检验的数字：此处已知的公开数字不是用于拟合，就是写入了模型。与之相符并不构成检验。")]
    told = _tally(made, figures, lang)
    return [pick(lang, f"Of {len(figures)} figures that were held back {told}.",
                 f"在 {len(figures)} 个留作检验的数字中，{told}。")]


def _rivals(made: Validation, lang: str) -> list[str]:
    """Say of each rival what it misses, and in one sentence which rivals miss nothing."""
    asked = made.asked(*DATA)
    missed = {label: [figure for figure in asked if label in needs(made, figure)] for label in made.nulls}
    better = {label: [figure for figure in asked if label in needs(made, figure, told="against")]
              for label in made.nulls}
    sentences = [_misses(made, label, figures, lang) for label, figures in missed.items() if figures]
    idle = [lacks(made.nulls[label], lang) for label, figures in missed.items() if not figures]
    if idle and asked:
        sentences.append(pick(
            lang,
            f"No figure here is evidence for {'; '.join(idle)}: without any one of these, fitted again, what the model "
            "meets is not missed.",
            f"此处没有任何数字可作为以下机制的证据：{'；'.join(idle)}。去掉其中任何一个并重新拟合后，模型所符合的数字并不落空。"))
    for label, figures in better.items():
        if figures:
            names = _joined([name_of(figure, lang) for figure in figures], lang)
            sentences.append(pick(
                lang, f"Without {lacks(made.nulls[label], lang)}, fitted again, {names} would be met, which the model "
                "misses.", f"去掉{lacks(made.nulls[label], lang)}并重新拟合后，反而符合模型不符的：{names}。"))
    return sentences


def _misses(made: Validation, label: str, figures: Sequence[str], lang: str) -> str:
    parts = []
    for figure in figures:
        got, (_, low, high) = made.spreads[figure, label], made.interval(figure)
        parts.append(pick(
            lang,
            f"{name_of(figure)} would be {rounded(got.mean)} ({told(got.low, got.high)}), outside {told(low, high)}",
            f"{name_of(figure, lang)}为 {rounded(got.mean)}（{told(got.low, got.high, lang)}），"
            f"在 {told(low, high, lang)} 之外"))
    what = lacks(made.nulls[label], lang)
    return pick(lang, f"Evidence for {what}: without, and fitted again, {_joined(parts, lang)}.",
                f"{what}的证据：去掉并重新拟合后，{_joined(parts, lang)}。")


def _predicted(made: Validation, lang: str) -> list[str]:
    """Name the figures without data that would tell the model from a rival."""
    parts = []
    for figure in made.asked(PREDICTED):
        apart = [label for label in made.nulls if made.verdicts.loc[figure, label] == "outside"]
        if apart:
            others = [f"{rounded(made.spreads[figure, label].mean)} {pick(lang, label, made.nulls[label].label_zh)}"
                      for label in apart]
            own = rounded(made.spreads[figure, MODEL].mean)
            parts.append(pick(lang, f"{name_of(figure)} ({own}; {', '.join(others)})",
                              f"{name_of(figure, lang)}（{own}；{'，'.join(others)}）"))
    if not parts:
        return []
    return [pick(
        lang, f"Of what no data are at hand for, one district and year would tell the model from a rival by "
        f"{'; '.join(parts)}.", f"尚无数据之处，一个区一年的数据即可区分模型与对手的数字：{'；'.join(parts)}。")]


def _built_in(made: Validation, lang: str) -> list[str]:
    figures = made.asked("built in")
    if not figures:
        return []
    told = _tally(made, figures, lang)
    return [pick(
        lang,
        f"Of {len(figures)} numbers that were built in {told}: a check that the code does what it says, and nothing "
        "more.",
        f"在 {len(figures)} 个写入模型的数字中，{told}：这只检验代码是否如其所述。")]


def method(made: Validation, lang: str = "en") -> list[str]:
    """Say how it was found out."""
    plan = made.swept.plan
    years = (plan.scenario.run.weeks - plan.scenario.run.warmup) // YEAR
    estates = plan.scenario.district.estates if plan.district is None else plan.district.estates
    span = pick(lang, "one year" if years == 1 else f"{years} years, of which yearly figures are means",
                "一年" if years == 1 else f"{years} 年（年度数字取平均）")
    return [
        pick(
            lang,
            f"{plan.replicates} runs of the model and of each of {len(made.nulls)} rivals, on one ground of {estates} "
            f"estates, measured over {span} after {plan.scenario.run.warmup} weeks of warm-up. All arms share chance.",
            f"模型与 {len(made.nulls)} 个对手各运行 {plan.replicates} 次，同一地面（{estates} 个小区），热身 "
            f"{plan.scenario.run.warmup} 周后测量{span}。各组共用随机数。"),
        pick(
            lang,
            "The data are one district and one year, so their counterpart is one run: the model's interval is the 95 % "
            "prediction interval of one more run (Student; in logarithms for counts, times and ratios, in logits for "
            "shares), not the interval of the mean, which more runs make as narrow as one likes. Chance of people and "
            "incidents is in it; the ground, and what is not known of parameters, are not. Verdicts: inside, all of it "
            "lies in the data's interval; outside, no part of it does; overlaps, some does. With many figures, one in "
            "twenty may miss by chance.",
            "数据是一个区的一年，与之对应的是单次运行：模型区间为下一次运行的 95% 预测区间（Student 分布；计数、时间与"
            "比值取对数，占比取 logit），而非均值的置信区间。其中含人与事件的随机性，不含地面与参数的不确定性。在内："
            "预测区间全在数据区间内；在外：毫无重叠；部分重叠：介于两者之间。"),
        pick(
            lang,
            "A rival lacks one mechanism and is fitted again before it is judged: its rates of incidents in proportion "
            "to what the hotline hears of each kind in the model, and how fast parties are met (or desks' hours) by "
            "the median reply, in pilot runs that are not used again. What it still meets is no evidence for "
            "what it lacks.",
            "每个对手缺少一个机制，评判前先重新拟合：各类事件发生率按模型中热线所闻的比例，会面速度（或窗口工时）按答复时间中位"
            "数，所用试运行不再使用。它仍能符合的数字，就不是所缺机制的证据。"),
    ]


def limits(lang: str = "en") -> list[str]:
    """Say what cannot be validated."""
    return [
        pick(
            lang,
            "No open data link branches to disputes. Effects of coverage and of every other policy cannot be "
            "validated: figures here are those of a district without policies, and a model that met all of them could "
            "still be wrong about what a policy does.",
            "没有公开数据把支部与纠纷联系起来。覆盖及其他政策的作用无法验证：此处均为无政策地区的数字，全部符合的模型仍可能"
            "对政策作用判断有误。"),
        pick(
            lang,
            "Filings are of another city than the ground, and an unknown share of disputes never reaches an authority. "
            "Most intervals are tolerances that were agreed on, not intervals of data.",
            "诉求数据与地面来自不同城市，且不知有多少纠纷从未提交。多数区间是约定的容差，并非数据的区间。"),
    ]


def caption(lang: str) -> str:
    """Name every band, bar and mark of the figure."""
    return pick(
        lang,
        "The model and its rivals beside data, a row for each figure and a panel for each arm. Grey band: the interval "
        "of the data, which gives each row its scale, with the value as a white line; where no data are at hand, the "
        "model's own prediction interval. Bar: 95 % prediction interval of one more run; mark: mean of runs; round "
        "inside, diamond overlaps, cross outside; arrow: the mean lies beyond the panel.",
        "模型与各对手并列于数据旁，每行一个数字，每列一组。灰带：数据区间（决定该行刻度），白线为数据值；无数据处为模型自身"
        "的预测区间。横线：下一次运行的 95% 预测区间；标记：各次运行均值；圆在内、菱形部分重叠、叉在外；箭头：均值超出"
        "图幅。")


def brief_of(made: Validation, picture: Path, info: Mapping[str, Any], lang: str = "en") -> Brief:
    """Return the report of a validation.

    Parameters
    ----------
    made
        What was found.
    picture
        The figure's PNG.
    info
        `experiment.json` of the runs.
    lang
        `en` or `zh`.
    """
    from experiments.lab.report.brief import Brief
    from experiments.lab.report.validation_tables import beside_data, evidence_table, predictions, rivals

    tables: list[tuple[str, pd.DataFrame]] = [
        (pick(lang, "The model beside data.", "模型与数据。"), beside_data(made, lang)),
        (pick(lang, "What each figure is evidence for.", "各数字是何种机制的证据。"), evidence_table(made, lang)),
        (pick(lang, "What the model predicts where no data are at hand: one more run, and the means of its rivals "
                    "(* prediction intervals do not meet).",
              "尚无数据之处模型的预测，以及各对手的均值（* 预测区间不相交）。"),
         predictions(made, lang)),
        (pick(lang, "The rivals.", "各对手。"), rivals(made, lang)),
    ]
    shown = [(text, table) for text, table in tables if len(table)]
    title = pick(lang, made.swept.plan.question, "模型再现了哪些规律，其中哪些没有其机制也会出现？")
    return Brief(
        title, findings(made, lang), [(picture, caption(lang))], shown, method(made, lang),
        limits(lang), (), made.swept.plan.scenario, info)
