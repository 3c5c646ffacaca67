"""The figures in the report, each with a caption that says what is drawn and what every band is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from experiments.lab.plots import words
from experiments.lab.plots.forest import reaches
from experiments.lab.plots.reading import Reader
from experiments.lab.report.page import Html, embed, tag
from experiments.reporting.catalogue import gettext

__all__ = ["picture", "pictures"]


def pictures(reader: Reader, figures: Mapping[str, Path], lang: str, note: str = "") -> list[Html]:
    """Return the figures with their captions, in the order given."""
    parts = [tag("p", note, class_="note")] if note else []
    for number, (name, path) in enumerate(figures.items(), start=1):
        parts.append(picture(number, name, Path(path), caption(reader, name, lang), lang))
    return parts


def picture(number: int, name: str, path: Path, text: str, lang: str) -> Html:
    """Return one numbered figure with its caption."""
    label = gettext(lang, "Figure {number_}. ", number_=number)
    caption = tag("figcaption", tag("b", label), text)
    return tag("figure", embed(path, text or name), caption, id=f"figure-{name}")


def caption(reader: Reader, name: str, lang: str) -> str:
    """Return the caption of a figure; empty for one that the report does not know."""
    n, base, focus = reader.units(lang), words.arm(reader.baseline, lang), words.arm(reader.focus, lang)
    margin, there = f"{100 * reader.margin:g}%", (reader.further or reader)
    lesser = gettext(
        lang,
        " Below, the arrangement less each of its parts, also against the whole (open marks), which tells what "
        "the part brings.") if there.lesser else ""
    captions = {
        "effects": (
            f"Effect forest. Every arm against {base} (filled marks) and, where it was run, against the "
            "same hours without branches (open marks). Marks: mean paired difference in per cent; bars: "
            f"95% interval of that mean over {n}; grey band: equivalence, ±{margin}. Colour and shape give "
            f"the verdict.{reaches(reader, lang)}",
            f"效应森林图。各组与{base}比较（实心），有同等工时、无支部的对照时亦与之比较（空心）。标记：配对"
            f"差均值（%）；横线：{n}中该均值的 95% 区间；灰带：等效界限 ±{margin}。颜色与形状表示判定。"
            f"{reaches(reader, lang)}",
        ),
        "coverages": (
            f"The coverage strategies against {base}, each alone and as the coverage of the arrangement. Bars: 95% "
            f"interval of the mean paired difference over {there.units(lang)}; grey band: equivalence, ±{margin}.",
            f"各覆盖策略与{base}比较：单独覆盖，以及作为整套安排的覆盖。横线：{there.units(lang)}中配对差均值的 95% "
            f"区间；灰带：等效界限 ±{margin}。",
        ),
        "parts": (
            f"{focus[0].upper()}{focus[1:]} taken apart, each against {base}: mediation alone, routine "
            "services alone, attraction alone (the placebo with a channel) and hours alone. Bars: 95% "
            f"interval of the mean paired difference over {there.units(lang)}.{lesser}",
            f"{focus}的分解，均与{base}比较：仅调解、仅日常服务、仅吸引（有渠道的空牌）、仅工时。横线：{there.units(lang)}中"
            f"配对差均值的 95% 区间。{lesser}",
        ),
        "series": (
            "Weekly series, mean of the last four weeks. Upper row: levels. Lower row: difference to "
            f"{base} within each replicate. Bands: 95% interval of the mean over {n}, not the spread of "
            "runs. Dotted line: the policies start.",
            f"每周序列（近四周平均）。上排：水平；下排：同一次重复内与{base}之差。色带：{n}均值的 95% 区间，"
            "不是各次运行的离散范围。点线：政策开始。",
        ),
        "maps": (
            f"The district under {base} and under {focus}, and the differences. Each mark is an estate, its "
            "area proportional to its households; means over replicates, without intervals.",
            f"{base}与{focus}下的全区，以及差异。每个标记为一个小区，面积与户数成正比；为各次重复的均值，不含区间。",
        ),
        "cost": (
            f"Change against added hours a week, both against {base}. Bars: 95% intervals of the mean "
            f"paired differences over {n}, both ways. Dashed lines lead from a strategy to the same hours "
            "without branches.",
            f"变化与每周新增工时（均与{base}相比）。横、竖线：{n}中配对差均值的 95% 区间。虚线由策略连到其同"
            "等工时、无支部的对照。",
        ),
    }
    return captions[name][1 if lang == "zh" else 0] if name in captions else ""
