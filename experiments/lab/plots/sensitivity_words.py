"""What an analysis of sensitivity found, in sentences: titles of figures and the answer of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.lab.plots import words
from experiments.lab.plots.numbers import written
from experiments.lab.plots.words import pick
from experiments.lab.sensitivity.morris import NOT_ZERO, NOTHING, ZERO

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.sensitivity.study import Sensitivity

__all__ = ["reason", "says", "shown", "subject", "title_indices", "title_screening", "title_tornado", "unit"]

SAYS = {
    NOT_ZERO: (NOT_ZERO, "不为零"),
    ZERO: (ZERO, "与零无显著差异"),
    NOTHING: (NOTHING, "毫无变化"),
}

REASONS = {
    "shared by all runs": "所有运行共用",
    "set by an arm": "由对照组设定",
    "set for all runs": "已为所有运行设定",
    "declares no range": "未申报取值范围",
    "belongs to the design of the experiment": "属于实验设计本身",
}


def says(text: str, lang: str) -> str:
    """Return what the interval of an index says.

    Examples
    --------
    >>> says("changed nothing", "zh")
    '毫无变化'
    """
    return SAYS[text][1 if lang == "zh" else 0] if text in SAYS else text


def reason(text: str, lang: str) -> str:
    """Return why a parameter does not vary.

    Examples
    --------
    >>> reason("supervision is off", "zh")
    'supervision 已关闭'
    """
    if lang != "zh":
        return text
    room = text.removesuffix(" is off")
    return f"{room} 已关闭" if room != text else REASONS.get(text, text)


def subject(found: Sensitivity, lang: str) -> str:
    """Return what is asked about, within a sentence."""
    what = words.noun(found.asked.outcome, lang).name
    arms = [words.arm(label, lang) for label in found.asked.arms]
    if len(arms) == 1:
        return pick(lang, f"{what} under {arms[0]}", f"{arms[0]}时的{what}")
    return pick(lang, f"the effect of {arms[0]} on {what}", f"{arms[0]}对{what}的效应")


def unit(found: Sensitivity, lang: str) -> str:
    """Return the outcome's unit."""
    return words.unit(found.asked.outcome, lang)


def title_indices(found: Sensitivity, lang: str) -> str:
    """Say what the variance comes from."""
    assert found.indices is not None
    what, table = subject(found, lang), found.indices.table
    if not found.indices.responds:
        return pick(lang, f"Over these ranges, {what} varies no more than chance makes it",
                    f"在这些取值范围内，{what}的变化不超过偶然波动")
    clear = table[table["total_says"] == NOT_ZERO].head(3)
    if clear.empty:
        return pick(lang, f"No parameter's share in the variance of {what} is different from zero",
                    f"没有参数在{what}方差中的份额显著不为零")
    if len(clear) == 1:
        row = clear.iloc[0]
        share = f"{row['total']:.2f} [{row['total_low']:.2f}, {row['total_high']:.2f}]"
        return pick(lang, f"Of the variance of {what}, most hangs on {row['parameter']}, which takes part in {share}",
                    f"{what}的方差主要取决于 {row['parameter']}，其参与的份额为 {share}")
    told = [f"{row.parameter} {row.total:.2f} [{row.total_low:.2f}, {row.total_high:.2f}]"
            for row in clear.itertuples()]
    return pick(lang, f"Of the variance of {what}, most hangs on {', '.join(told)}: the shares that they take part in",
                f"{what}的方差主要取决于（括号内为参与份额的 95% 区间）：{'、'.join(told)}")


def without_rooms(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the switches of whole rooms: without incidents, voice or branches there is no effect left to explain.

    They stay in the tables; which mechanism carries an effect is the question of an ablation.
    """
    return table[~table["parameter"].str.endswith(".enabled")]


def title_screening(found: Sensitivity, lang: str) -> str:
    """Say how many parameters move the outcome, and which most."""
    assert found.screening is not None
    what, table = subject(found, lang), without_rooms(found.screening)
    clear = table[table["says"] == NOT_ZERO]
    if clear.empty:
        return pick(lang, f"No effect of {len(table)} parameters on {what} can be told from chance",
                    f"{len(table)} 个参数对{what}的影响均无法与偶然波动区分")
    first = clear["parameter"].head(3).tolist()
    return pick(
        lang, f"{len(clear)} of {len(table)} parameters move {what} by more than chance can explain, most of all "
        + ", ".join(first),
        f"{len(table)} 个参数中有 {len(clear)} 个对{what}的影响超出偶然，最大者为" + "、".join(first))


def title_tornado(found: Sensitivity, lang: str) -> str:
    """Say which parameter does most alone."""
    assert found.bars is not None
    what, table = subject(found, lang), without_rooms(found.bars)
    clear = table[table["says"] == NOT_ZERO]
    if clear.empty:
        return pick(lang, f"Alone, no parameter moves {what} by more than chance can explain",
                    f"单独变动时，没有参数对{what}的影响超出偶然")
    top = clear.loc[clear["change"].abs().idxmax()]
    change, low, high = (written(end, "+.3g") for end in (top.change, top.ci_low, top.ci_high))
    number = f"{change} [{low}, {high}]"
    value = shown(top["value"], lang)
    return pick(lang, f"Alone, {top.parameter} = {value} moves {what} most: by {number} {unit(found, lang)}",
                f"单独变动时，{top.parameter} = {value} 对{what}影响最大：{number} {unit(found, lang)}")


def shown(value: object, lang: str) -> str:
    """Write a parameter's value.

    Examples
    --------
    >>> shown(True, "en"), shown(0.25, "en"), shown("linear", "en")
    ('on', '0.25', 'linear')
    """
    if str(value) in ("True", "False"):
        return pick(lang, "on", "开") if str(value) == "True" else pick(lang, "off", "关")
    if isinstance(value, str):
        return value
    return written(float(value), ".4g")  # type: ignore[arg-type]
