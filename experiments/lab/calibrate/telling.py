"""The report of a calibration: what was found, how, and what it cannot say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from experiments.lab.calibrate import sentences
from experiments.lab.calibrate.method import limits_of, method_of
from experiments.lab.calibrate.sentences import figure_name, readable, world_name
from experiments.lab.plots import calibration as plots
from experiments.lab.plots.words import pick
from experiments.lab.report.brief import Brief
from experiments.reporting.catalogue import gettext

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.calibrate.calibration import Calibration

__all__ = ["brief_of"]


def brief_of(made: Calibration, lang: str = "en") -> Brief:
    """Write the report; its figures must have been drawn into the folder."""
    stop = gettext(lang, ".")
    findings = [sentences.met(made, lang) + stop, sentences.outside(made, lang), sentences.left(made, lang),
                sentences.identified(made, lang), sentences.pressed(made, lang), sentences.together(made, lang)]
    named = {"posterior": plots.marginals_note(made, lang), "check": plots.predictive_note(made, lang),
             "pairs": plots.pairs_note(made, lang)}
    folder = made.folder / "figures"
    figures = [(folder / f"{name}.png", text) for name, text in named.items() if (folder / f"{name}.png").exists()]
    warnings = [text for text in (sentences.emulated(made, lang), _failed(made, lang)) if text]
    return Brief(
        title=pick(lang, made.wanted.plan.question, "哪些参数能使模型与数据相符？"),
        findings=[text for text in findings if text], figures=figures, tables=_tables(made, lang),
        method=method_of(made, lang), limits=limits_of(lang), warnings=warnings,
        scenario=made.wanted.base.replace(made.best), info=_info(made),
    )  # fmt: skip


def _info(made: Calibration) -> dict[str, Any]:
    path = made.waves[0].store.folder / "experiment.json"
    info: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return info


def _failed(made: Calibration, lang: str) -> str:
    if not made.failed:
        return ""
    number, example = len(made.failed), made.failed[0]
    return gettext(
        lang,
        "{number_} runs failed and are left out, the first of them so: {example}",
        number_=number, example=example)


def _tables(made: Calibration, lang: str) -> list[tuple[str, pd.DataFrame]]:
    checked, quality = made.predictive.drop(columns=["unit"]).copy(), made.quality.copy()
    for table in (checked, quality):
        table["figure"] = [figure_name(name, lang) for name in table["figure"]]
        table["world"] = [world_name(name, lang) for name in table["world"]]
        if not table["world"].any():
            table.pop("world")
    tables = (made.summary, checked, made.pairs.head(10), quality, made.progress)
    return [(text, readable(table.rename(columns=_heads(lang)), lang))
            for text, table in zip(_captions(lang), tables, strict=True) if len(table)]


def _captions(lang: str) -> tuple[str, ...]:
    return (
        gettext(
            lang,
            "Parameters: range, mean and 95% interval of the plausibility region, how much narrower than the "
            "range's, best value."),
        gettext(
            lang,
            "Figures: the data's interval; fresh runs at points of the plausibility region, mean and 90% of "
            "runs; fresh runs at the best values, mean with 95% interval, and whether that lies in the data's."),
        gettext(lang, "The strongest rank correlations in the plausibility region."),
        gettext(
            lang,
            "Emulators at points left out in turn: share of the structural variance foreseen (– where figures "
            "differ by chance only), share of points within two standard deviations, factor by which their "
            "variance was raised, standard deviation of a single run."),
        gettext(
            lang,
            "Waves: points and runs, what is left of the prior, and the least that any point misses its worst "
            "figure by, in standard deviations, beside the cut."),
    )  # fmt: skip


def _heads(lang: str) -> dict[str, str]:
    words = {
        "parameter": ("parameter", "参数"), "unit": ("unit", "单位"), "prior_low": ("range from", "范围下限"),
        "prior_high": ("to", "上限"), "scenario": ("before", "原值"), "mean": ("mean", "均值"),
        "ci_low": ("95% from", "95% 下限"), "ci_high": ("95% to", "95% 上限"), "narrower": ("narrower by", "收窄"),
        "best": ("best", "最优"), "identified": ("identified", "可识别"), "presses": ("presses against", "贴近端点"),
        "figure": ("figure", "指标"), "world": ("world", "情境"), "target": ("data", "数据"),
        "target_low": ("data from", "数据下限"), "target_high": ("data to", "数据上限"),
        "model": ("region", "合理区域"), "model_low": ("90% from", "90% 下限"), "model_high": ("90% to", "90% 上限"),
        "best_low": ("best from", "最优下限"), "best_high": ("best to", "最优上限"), "inside": ("inside", "在区间内"),
        "first": ("parameter", "参数"), "second": ("with", "与"), "correlation": ("rank correlation", "秩相关"),
        "together": ("together only", "只能共同识别"), "q2": ("foreseen", "可预见"), "covered": ("covered", "覆盖"),
        "inflation": ("raised by", "放大"), "noise": ("noise", "随机"), "sound": ("sound", "可靠"),
        "wave": ("wave", "轮"), "points": ("points", "点数"), "runs": ("runs", "运行数"), "left": ("left", "余下"),
        "least": ("least distance", "最小偏离"), "cut": ("cut", "界限"),
    }  # fmt: skip
    return {name: pick(lang, *pair) for name, pair in words.items()}
