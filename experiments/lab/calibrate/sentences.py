"""What a calibration has found, as sentences worked out from its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.lab.plots.numbers import rounded, written
from experiments.lab.plots.words import pick
from experiments.lab.validate.figure_words import words_of

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.calibrate.calibration import Calibration

__all__ = [
    "emulated", "figure_name", "identified", "left", "listed", "met", "outside", "pressed", "readable",
    "together", "world_name",
]  # fmt: skip

WORLDS = {"policies off": "政策全关", "arrangement on": "整套安排"}
VERDICTS = {
    "yes": "是", "no": "否", "undecided": "未定", "not identified": "无法识别", "low": "下限", "high": "上限",
}  # fmt: skip
MOST = 4
"""Items that a sentence lists; of more it tells how many there are."""


def world_name(world: str, lang: str) -> str:
    """Return a world's name for people."""
    return WORLDS.get(world, world) if lang == "zh" else world


def figure_name(figure: str, lang: str, world: str = "") -> str:
    """Return a figure's name, and that of its world.

    Examples
    --------
    >>> figure_name("reply", "en", "policies off")
    'median reply (policies off)'
    """
    words = words_of(figure)
    name = pick(lang, words.name, words.chinese)
    return name + pick(lang, f" ({world})", f"（{world_name(world, lang)}）") if world else name


def listed(items: list[str], lang: str) -> str:
    """Join items; of many, the first and how many more there are."""
    if len(items) > MOST:
        more = len(items) - MOST
        items = [*items[:MOST], pick(lang, f"{more} more", f"另外 {more} 项")]
    if len(items) < 2:
        return "".join(items)
    return pick(lang, ", ".join(items[:-1]) + " and " + items[-1], "、".join(items))


def met(made: Calibration, lang: str = "en") -> str:
    """How many figures lie in the data's intervals at the calibrated values."""
    table, all_ = made.predictive, len(made.aims)
    near = table[table["inside"] == "undecided"]
    mean = int(((near["target_low"] <= near["best"]) & (near["best"] <= near["target_high"])).sum())
    counts = {
        "inside": int((table["inside"] == "yes").sum()), "mean inside": mean, "mean outside": len(near) - mean,
        "outside": int((table["inside"] == "no").sum()),
    }  # fmt: skip
    sure = counts["inside"]
    first = pick(lang, f"With the calibrated values {sure} of {all_} figures lie within the data's intervals",
                 f"采用校准值时，{all_} 项指标中有 {sure} 项落在数据区间内")
    more = {
        "mean inside": (f"{mean} more by their mean alone", f"另有 {mean} 项仅均值在区间内"),
        "mean outside": (f"{len(near) - mean} outside by their mean alone", f"{len(near) - mean} 项仅均值在区间外"),
        "outside": (f"{counts['outside']} outside", f"{counts['outside']} 项在区间外"),
    }  # fmt: skip
    return pick(lang, ", ", "，").join([first, *(pick(lang, *text) for name, text in more.items() if counts[name])])


def outside(made: Calibration, lang: str = "en") -> str:
    """Which figures lie outside, and by how much; empty where none does."""
    rows = made.predictive[made.predictive["inside"] == "no"].to_dict("records")
    if not rows:
        return ""
    told = []
    for row in rows:
        best, low, high = (rounded(row[name]) for name in ("best", "target_low", "target_high"))
        told.append(figure_name(row["figure"], lang, row["world"]) + " " + pick(
            lang, f"{best} instead of {low} to {high}", f"{best}（应为 {low} 至 {high}）"))
    return pick(lang, "Outside: ", "在区间外：") + listed(told, lang) + pick(lang, ".", "。")


def left(made: Calibration, lang: str = "en") -> str:
    """What history matching has left of the prior."""
    last, waves = made.regions[-1], len(made.waves)
    after = pick(lang, f"After {waves} wave{'s' * (waves > 1)}", f"{waves} 轮之后")
    if last.empty:
        near = rounded(float(last.found.values.min()))
        return pick(
            lang, f"{after} every point is ruled out: the nearest misses some figure by {near} standard deviations of "
            f"all that is uncertain, where {rounded(last.wanted)} would do. The targets cannot all be met at once.",
            f"{after}，所有点均被排除：最接近的点仍有一项指标偏离 {near} 个标准差（界限为 {rounded(last.wanted)}）。"
            "各目标不能同时满足。")  # fmt: skip
    share = last.share
    text = f"{100 * share:.2g}%" if share > 1e-4 else f"1 / {1 / share:.1e}"
    return pick(lang, f"{after} {text} of what was thought possible is not ruled out.",
                f"{after}，原先认为可能的范围中有 {text} 未被排除。")


def identified(made: Calibration, lang: str = "en") -> str:
    """Which parameters the data narrow, and which not."""
    table = made.summary
    known = table[table["identified"] == "yes"]
    to = pick(lang, "to", "至")
    names = [f"{row['parameter']} ({rounded(row['mean'])}, {rounded(row['ci_low'])} {to} {rounded(row['ci_high'])})"
             for row in known.to_dict("records")]
    unknown = list(table.loc[table["identified"] != "yes", "parameter"])
    text = pick(lang, f"The data narrow {len(known)} of {len(table)} parameters (mean, 95% interval)",
                f"数据收窄了 {len(table)} 个参数中的 {len(known)} 个（均值，95% 区间）")
    if names:
        text += pick(lang, ": ", "：") + listed(names, lang)
    if unknown:
        text += pick(lang, "; not identified: ", "；无法识别：") + listed(unknown, lang)
    return text + pick(lang, ".", "。")


def pressed(made: Calibration, lang: str = "en") -> str:
    """Which parameters press against an end of their range; empty where none does."""
    rows = made.summary[made.summary["presses"] != ""].to_dict("records")
    if not rows:
        return ""
    names = listed([row["parameter"] for row in rows], lang)
    return pick(lang, f"Against an end of the range press {names}: a wider range may hold better values.",
                f"合理区域贴近范围端点：{names}；放宽范围或可得到更好的值。")


def together(made: Calibration, lang: str = "en") -> str:
    """Which parameters are identified together only."""
    rows = made.pairs[made.pairs["together"] == "yes"].to_dict("records")
    if not rows:
        return pick(lang, "No two parameters hang together in the region (all rank correlations are below 0.5).",
                    "合理区域中没有两个参数彼此牵连（秩相关均低于 0.5）。")
    names = [pick(lang, f"{row['first']} with {row['second']} ({written(row['correlation'], '+.2f')})",
                  f"{row['first']} 与 {row['second']}（{written(row['correlation'], '+.2f')}）") for row in rows]
    if len(rows) > 2:
        return pick(lang, f"{len(rows)} pairs of parameters are identified only together, most of all {names[0]}.",
                    f"{len(rows)} 对参数只能共同识别，最强者为 {names[0]}。")
    return pick(lang, f"Identified only together (rank correlation): {listed(names, lang)}.",
                f"只能共同识别（秩相关）：{listed(names, lang)}。")


def emulated(made: Calibration, lang: str = "en") -> str:
    """Which figures the emulators foresee badly; empty where there is none."""
    rows: list[dict[Any, Any]] = made.quality[made.quality["sound"] == "no"].to_dict("records")
    if not rows:
        return ""
    names = listed([figure_name(row["figure"], lang, row["world"]) for row in rows], lang)
    return pick(
        lang, f"Badly foreseen at points left out in turn: {names}. What is said of the parameters leans on them: more "
        "points or replicates would tell.",
        f"逐点留一检验中预测较差：{names}。关于参数的结论依赖于它们：需要更多点或重复。")  # fmt: skip


def readable(table: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Round the numbers of a table, and put its words in the reader's language."""

    def cell(value: Any) -> Any:
        if isinstance(value, float) and value == value:
            return rounded(value)
        return VERDICTS.get(value, value) if lang == "zh" and isinstance(value, str) else value

    return table.map(cell)
