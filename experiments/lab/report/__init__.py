"""The report of a comparison: one page of HTML that stands alone, for a referee and for a minister.

Its findings are sentences worked out from the table. It says where an effect is undecided, and whether the
branch beats its own hours, whichever way that comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.lab.plots import meanings, style, words
from experiments.lab.plots.clauses import capital
from experiments.lab.plots.reading import Reader
from experiments.lab.plots.words import pick
from experiments.lab.report import assumptions, captions, limits, method, record, tables
from experiments.lab.report.answer import answer
from experiments.lab.report.frame import Section, write_page
from experiments.lab.report.page import Html, tag
from experiments.lab.report.parameters import parameters

__all__ = ["write"]


def write(comparison: Any, path: str | Path, figures: Mapping[str, Path], lang: str = "en") -> Path:
    """Write the report of a comparison.

    Parameters
    ----------
    comparison
        The result of `compare`.
    path
        The file to write.
    figures
        Paths of the figures by name, as `plots.figures` returns them; they are put inside the page.
    lang
        `en` or `zh`.  A browser finds its own fonts, so a Chinese report may hold figures in English.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        If the language is neither `en` nor `zh`.
    """
    drawn, note = style.language(lang)
    reader = Reader(comparison)
    title = _question(reader, lang)
    sections: list[Section] = [
        ("answer", pick(lang, "The answer in short", "简要回答"), answer(reader, lang)),
        ("design", pick(lang, "How it was found out", "研究设计"), method.design(reader, lang)),
        (
            "figures",
            pick(lang, "Figures", "图"),
            captions.pictures(reader, figures, lang, note if drawn != lang else ""),
        ),
        (
            "table",
            pick(lang, "All effects", "全部效应"),
            [tag("p", _reading(lang)), *_tables(reader, lang)],
        ),
        (
            "assumptions",
            pick(lang, "How far it reaches over assumptions", "假设范围"),
            assumptions.section(reader, lang),
        ),
        ("cost", pick(lang, "Cost by who bears it", "由谁承担代价"), tables.bearers(reader, lang)),
        ("parameters", pick(lang, "All parameters", "全部参数"), parameters(reader.comparison.scenario, lang)),
        (
            "limits",
            pick(lang, "What the model cannot say", "模型不能说明什么"),
            limits.limits(reader.comparison.scenario, lang),
        ),
        ("failed", pick(lang, "Failed runs", "失败的运行"), record.failed(reader.info, lang)),
        ("again", pick(lang, "How to make it again", "如何重现"), record.again(reader.info, lang)),
    ]
    return write_page(path, lang, title, _standing(reader, lang), record.alarms(reader.info, lang), sections)


def _question(reader: Reader, lang: str) -> str:
    asked = meanings.question(str(reader.info.get("question") or "").strip(), lang)
    if asked:
        return asked
    names = [words.arm(name, lang) for name in reader.strategies[:3]]
    listed = pick(lang, ", ", "、").join(names)
    more = len(reader.strategies) > 3
    base = words.arm(reader.baseline, lang)
    return pick(
        lang,
        f"What do {listed}{' and others' if more else ''} change, beside {base}?",
        f"与{base}相比，{listed}{'等' if more else ''}改变了什么？",
    )


def _standing(reader: Reader, lang: str) -> str:
    district = reader.comparison.district
    estates, households = len(district.names), int(district.households.sum())
    arms = 1 + len({*reader.arms, *(reader.further.arms if reader.further else ())})
    return pick(
        lang,
        f"Gongzhi, laboratory of community governance · {estates:,} estates, {households:,} households · "
        f"{arms} arms · {reader.units(lang)} · a conditional map, not a forecast",
        f"共治：社区治理实验室 · {estates:,} 个小区，{households:,} 户 · {arms} 组 · {reader.units(lang)} · "
        "有条件的推演，不是预测",
    )


def _tables(reader: Reader, lang: str) -> list[Html]:
    """Return the table of all effects, and that of further arms on their own ground."""
    if reader.further is None:
        return [tables.effects(reader, lang)]
    return [
        part
        for one in (reader, reader.further)
        for part in (tag("h3", capital(one.units(lang))), tables.effects(one, lang))
    ]


def _reading(lang: str) -> str:
    return pick(
        lang,
        "Means over the measured weeks. “There” is the mean of what the arm is set against; % is the "
        "difference in per cent of it. “Helped” is the share of replicates in which the difference is on "
        "the better side. “All together” is the interval that holds for all rows at once, with its p; the "
        "verdict is read from it. “n needed” is how many replicates in all would decide with a chance of 80%, were "
        "difference and spread what they seem. “Variance ÷” is by how much pairing divides the variance of the "
        "difference, with its 95% interval.",
        "均为计入各周的均值。“对照均值”为对照组的均值；%为差异占其百分比。“有利占比”为差异在好的一侧的重复"
        "所占比例。“同时区间”对全部行同时成立（p 亦同），判定以此为据。“需要 n”为差异与离散确如所见时，有八成"
        "把握作出判定总共需要的重复数。“方差 ÷”为配对使差异方差缩小的倍数及其 95% 区间。",
    )
