"""The report of an analysis of sensitivity: what drives the outcome, how that was found out, and what chance hides."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.plots import style
from experiments.lab.plots.sensitivity_words import (
    reason,
    says,
    shown,
    subject,
    title_indices,
    title_screening,
    title_tornado,
    unit,
)
from experiments.lab.plots.words import pick
from experiments.lab.report.brief import Brief, write_brief
from experiments.lab.sensitivity.morris import NOTHING

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.sensitivity.study import Sensitivity

__all__ = ["findings", "sensitivity_report"]

TITLES = {"sobol": title_indices, "morris": title_screening, "tornado": title_tornado}
TOP = 25
"""Rows of the screening that stand in the report; the whole is in ``morris.csv``."""


def sensitivity_report(found: Sensitivity, path: Path, lang: str = "en") -> Path:
    """Write figures and report; return the report's path."""
    figures = path.parent / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    pictures = [(style.save(found.figure(kind, lang), figures / kind, lang), TITLES[kind](found, lang) + ".")
                for kind in found.kinds]
    info = dict(found.steps[next(iter(found.steps))].info) if found.steps else {}
    info["failed"] = [row for step in found.steps.values() for row in step.info.get("failed") or []][:50]
    info["complete"] = not found.failed if info.get("design") else None
    question = found.asked.question or pick(lang, f"What drives {subject(found, lang)}?",
                                        f"什么左右着{subject(found, lang)}？")
    brief = Brief(
        title=question, findings=findings(found, lang), figures=pictures, tables=_tables(found, lang),
        method=_method(found, lang), limits=_limits(found, lang), warnings=_warnings(found, lang),
        scenario=found.asked.scenario, info=info if info.get("design") else {})
    return write_brief(brief, path, lang)


def findings(found: Sensitivity, lang: str = "en") -> list[str]:
    """Return what was found, as sentences: indices first, then screening and tornado."""
    told = [TITLES[kind](found, lang) + pick(lang, ".", "。") for kind in found.kinds]
    made = found.indices
    if made is not None and made.responds:
        whole = made.alone_high >= 1.0 - made.unresolved
        told.insert(1, pick(
            lang, f"What the parameters do one by one adds up to {made.alone:.2f} [{made.alone_low:.2f}, "
            f"{made.alone_high:.2f}] of the variance; what that is short of 1, their interactions, is "
            + ("not different from zero." if whole else "different from zero."),
            f"各参数单独作用合计占方差的 {made.alone:.2f} [{made.alone_low:.2f}, {made.alone_high:.2f}]；"
            "与 1 之差即交互作用，"
            + ("与零无显著差异。" if whole else "显著不为零。")))
    if made is not None and made.variance + made.noise > 0.0:
        share = made.noise / (made.variance + made.noise)
        told.append(pick(
            lang, f"Of the variance of single runs over these points, {share:.0%} is chance, which is in no index.",
            f"单次运行在这些点上的方差中，{share:.0%} 是偶然波动，不计入任何指数。"))
    if found.screening is not None:
        still = int((found.screening["says"] == NOTHING).sum())
        told.append(pick(
            lang, (f"{still} of {len(found.screening)} parameters changed not a single run. " if still else "")
            + f"If none had an effect, about {found.by_chance:.0f} of {len(found.screening)} would pass the screening "
            "by chance.",
            (f"{len(found.screening)} 个参数中有 {still} 个未改变任何一次运行。" if still else "")
            + f"若全无影响，{len(found.screening)} 个中约有 {found.by_chance:.0f} 个会偶然通过筛选。"))
        if found.indices is None and "tornado" not in found.kinds:
            told.append(pick(lang, "More trajectories or replicates may tell more.", "增加轨迹或重复或可看得更清。"))
    return told


def _method(found: Sensitivity, lang: str) -> list[str]:
    told = [pick(
        lang, f"Asked about is {subject(found, lang)} ({unit(found, lang)}): the mean over the weeks from the end of "
        "the warm-up on" + (", of one arm less the other in the same replicate and with the same chance."
                            if len(found.asked.arms) == 2 else "."),
        f"所问为{subject(found, lang)}（{unit(found, lang)}）：预热期结束后各周的均值"
        + ("，取同一重复、同一偶然条件下两组之差。" if len(found.asked.arms) == 2 else "。"))]
    for kind, step in found.steps.items():
        told.append(_step(kind, len(step.layout.axes), len(step.layout.points), step.replicates, lang))
    told.append(pick(
        lang, "All of it is about the expected outcome. Squares and sizes of noisy numbers are too large; they are "
        "taken crosswise over different replicates instead, in which chance cancels, so that what chance alone makes "
        "has expectation zero. An estimate can then fall below zero, or an index above one: all are told as they are, "
        "with their intervals, and called not different from zero where the 95% interval reaches zero. Those alone "
        "that differ would be a choice by luck.",
        "所有结论都针对期望结果。含噪数的平方与绝对值会偏大，故改用不同重复之间的交叉乘积，偶然波动由此抵消、其期望为零。"
        "估计值可能落到零以下、指数可能大于一，均照实列出并附区间；95% 区间触及零者称为与零无显著差异。"
        "若只列不为零者，便是凭运气挑选。"))
    made = found.indices
    if made is not None and made.quality is not None:
        told.append(pick(
            lang, "A surrogate cannot resolve an index below the share of variance that it does not predict (1 − Q2): "
            "an index, and what is short of 1 in the sum of them, is called different from zero only where its 95% "
            f"interval lies above that share, here {made.unresolved:.2g} (no less than its own standard error, since "
            "Q2 is an estimate).",
            "代理模型无法分辨小于其未能预测之方差份额（1 − Q2）的指数：只有 95% 区间高于该份额，"
            "才称指数（以及各指数之和与 1 之差）不为零；"
            f"此处该份额为 {made.unresolved:.2g}（Q2 本身为估计值，故不小于其标准误）。"))
    if found.failed:
        told.append(pick(
            lang, "Where the model refuses a point, the step of a trajectory that needs it is lost, of the two "
            "matrices the whole row, for all parameters alike; what is told is then about the part of the space that "
            "runs.",
            "模型拒绝某点时，轨迹中用到该点的一步作废；两矩阵中则整行作废，对所有参数一视同仁。"
            "结论只针对可运行的那部分参数空间。"))
    return told


def _step(kind: str, parameters: int, points: int, replicates: int, lang: str) -> str:
    size = pick(lang, f"{parameters} parameters, {points} points, {replicates} replicates of every arm.",
                f"{parameters} 个参数，{points} 个点，每组 {replicates} 次重复。")
    told = {
        "morris": pick(lang, "Screening (Morris): trajectories change one number after the other over their declared "
                       "ranges; switches and choices are flipped at the start of each and put back. Trajectories share "
                       "neither places nor chance. ",
                       "筛选（Morris）：轨迹在申报的取值范围内逐一改变各数值；开关与选项在每条轨迹起点翻转后复原。"
                       "各轨迹的位置与偶然条件均独立。"),
        "sobol": pick(lang, "Indices (Sobol; estimators of Saltelli 2010 and Jansen 1999): two matrices along a "
                      "scrambled Sobol sequence; points of a row share their chance. ",
                      "指数（Sobol；Saltelli 2010 与 Jansen 1999 估计量）：沿扰动 Sobol 序列取两个矩阵；"
                      "同一行各点共享偶然条件。"),
        "surrogate": pick(lang, "Indices of a surrogate: a Gaussian process fitted to a Latin hypercube; these are not "
                          "runs of the model. ", "代理模型的指数：在拉丁超立方上拟合的高斯过程，并非模型运行。"),
        "tornado": pick(lang, "Tornado: one parameter after the other at the ends of its range, all others as usual; "
                        "all points share their chance. ",
                        "龙卷风图：各参数依次取范围两端，其余取常用值；所有点共享偶然条件。"),
    }
    return told[kind] + size


def _limits(found: Sensitivity, lang: str) -> list[str]:
    told = [pick(
        lang, "Shares depend on the ranges: a parameter whose range is declared wider matters more.",
        "份额取决于取值范围：申报范围越宽，参数显得越重要。")]
    if found.indices is not None and found.screening is not None:
        told.append(pick(
            lang, "The indices are over the parameters that passed the screening, all others being as usual.",
            "指数只针对通过筛选的参数，其余取常用值。"))
    return told


def _warnings(found: Sensitivity, lang: str) -> list[str]:
    told = []
    made = found.indices
    if made is not None and made.quality is not None:
        told.append(pick(lang, f"The indices come from a surrogate (Q2 = {made.quality:.2f}), not from runs.",
                         f"指数来自代理模型（Q2 = {made.quality:.2f}），而非模型运行。"))
    if made is not None and made.lost:
        told.append(pick(lang, f"{made.lost} of {made.rows + made.lost} rows are left out, since a run in them failed.",
                         f"{made.rows + made.lost} 行中有 {made.lost} 行因含失败的运行而不计入。"))
    if found.screening is not None and (lost := int(found.screening["lost"].sum())):
        every = int((found.screening["effects"] + found.screening["lost"]).sum())
        told.append(pick(lang, f"{lost} of {every} steps of the screening are left out, since a run in them failed.",
                         f"筛选的 {every} 步中有 {lost} 步因含失败的运行而不计入。"))
    return told


def _tables(found: Sensitivity, lang: str) -> list[tuple[str, pd.DataFrame]]:
    import pandas as pd

    made: list[tuple[str, pd.DataFrame]] = []
    name, interval = pick(lang, "parameter", "参数"), pick(lang, "95% interval", "95% 区间")
    if found.indices is not None:
        rows: list[dict[str, Any]] = [
            {name: row.parameter, pick(lang, "first-order", "一阶"): _index(row.first),
             interval: _interval(row.first_low, row.first_high), pick(lang, "total", "总"): _index(row.total),
             interval + " ": _interval(row.total_low, row.total_high),
             pick(lang, "total is", "总指数判读"): says(row.total_says, lang)}
            for row in found.indices.table.itertuples()]
        made.append((pick(lang, "Shares of the variance.", "方差份额。"), pd.DataFrame(rows)))
    if found.screening is not None:
        top = found.screening.head(TOP)
        rows = [{name: row.parameter, "mu*": f"{row.mu_star:.3g}", interval: _interval(row.ci_low, row.ci_high),
                 "sigma": f"{row.sigma:.3g}", "mu": f"{row.mu:.3g}",
                 pick(lang, "by chance", "偶然"): f"{row.chance:.3g}",
                 pick(lang, "reading", "判读"): says(row.says, lang)}
                for row in top.itertuples()]
        made.append((pick(lang, f"Screening, the first {len(top)} of {len(found.screening)} parameters; all are in "
                          "morris.csv.",
                          f"筛选结果，{len(found.screening)} 个参数中的前 {len(top)} 个，全部见 morris.csv。"),
                     pd.DataFrame(rows)))
    if found.bars is not None:
        rows = [{name: row.parameter, pick(lang, "usual", "常用值"): shown(row.usual, lang),
                 pick(lang, "tried", "所试值"): shown(row.value, lang),
                 pick(lang, "change", "变化"): f"{row.change:.3g}",
                 interval: _interval(row.ci_low, row.ci_high), pick(lang, "reading", "判读"): says(row.says, lang)}
                for row in found.bars.itertuples()]
        made.append((pick(lang, "Each parameter alone.", "各参数单独变动。"), pd.DataFrame(rows)))
    if found.chosen.left_out:
        counts = Counter(found.chosen.left_out.values())
        rows = [{pick(lang, "reason", "原因"): reason(why, lang), pick(lang, "parameters", "参数个数"): str(count)}
                for why, count in counts.items()]
        made.append((pick(lang, "Parameters that do not vary, and why; they are named in left-out.csv.",
                          "未变动的参数及原因，名单见 left-out.csv。"), pd.DataFrame(rows)))
    return made


def _index(value: float) -> str:
    return f"{value:.3f}" if value == value else "–"


def _interval(low: float, high: float) -> str:
    return f"[{low:.3g}, {high:.3g}]" if low == low and high == high else "–"
