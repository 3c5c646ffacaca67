"""The report of the systems: what each one moves when it is switched on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.margin import MARGIN
from experiments.lab.plots import meanings, words
from experiments.lab.plots.clauses import Move, capital, clauses
from experiments.lab.plots.numbers import amount
from experiments.lab.plots.phrases import phrase
from experiments.lab.plots.systems import counted, note, systems_figure
from experiments.lab.plots.words import pick
from experiments.lab.report.brief import Brief, draw_into, write_brief
from experiments.lab.report.record import info_of

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.store.store import Store
    from sim import Scenario

__all__ = ["write"]


def write(table: pd.DataFrame, question: str, scenario: Scenario, store: Store, lang: str = "en") -> Path:
    """Draw the figure of the systems into the folder and write `report.html` there; return the report's path.

    Parameters
    ----------
    table
        From `systems_table.table_of`.
    question, scenario
        What was asked, and the world in which systems were switched.
    store
        Where the runs are.
    lang
        `en` or `zh`; without a font for Chinese the figure is in English.
    """
    path = draw_into(store.folder, "systems", lambda drawn: systems_figure(table, drawn), lang)
    replicates = int(table["replicates"].max())
    stop = pick(lang, ".", "。")
    held = set(table["outcome"])
    first = [f"{counted(table, name, lang)}{stop}" for name in ("conflicts", "standing") if name in held]
    caption = pick(lang, "What each system moves. ", "各系统改变什么。") + note(replicates, lang)
    brief = Brief(
        title=meanings.question(question, lang),
        findings=[*first, *_each(table, lang)],
        figures=[(path, caption)],
        tables=[_all(table, lang)],
        method=_method(scenario, replicates, lang),
        limits=[
            pick(
                lang,
                "A system is judged by the outcomes that it is said to move first; others are not shown here. Systems "
                "were "
                "switched one at a time: what two of them do together is not seen.",
                "每个系统只看其首先影响的指标，其余未列。系统逐个开关，看不到两者的共同作用。",
            )
        ],
        scenario=scenario,
        info=info_of(store),
    )
    return write_brief(brief, store.folder / "report.html", lang)


def _each(table: pd.DataFrame, lang: str) -> list[str]:
    """Say of each system what it moves."""
    told = []
    for number, rows in table.groupby("contrast", sort=False):
        moves = [
            Move(str(row["outcome"]), float(row["difference"]), float(row["ci_low"]), float(row["ci_high"]),
                 float(row["without"]), str(row["verdict"]))
            for row in rows.to_dict("records")
        ]  # fmt: skip
        name = phrase(str(rows["system"].iloc[0]), lang)
        told.append(pick(lang, f"{number}, {name}: {clauses(moves)}.", f"{number} {name}：{clauses(moves, lang)}。"))
    return told


def _all(table: pd.DataFrame, lang: str) -> tuple[str, pd.DataFrame]:
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for row in table.to_dict("records"):
        outcome = str(row["outcome"])
        low, high, least, most = (amount(row[end], signed=True) for end in ("ci_low", "ci_high", "sim_low", "sim_high"))
        rows.append((
            row["contrast"], capital(phrase(str(row["system"]), lang)), phrase(str(row["switch"]), lang),
            words.noun(outcome, lang).name, amount(row["without"]), amount(row["with"]),
            amount(row["difference"], signed=True), f"{low} … {high}", f"{least} … {most}",
            words.verdict(str(row["verdict"]), lang), words.unit(outcome, lang),
        ))  # fmt: skip
    head = ["", pick(lang, "System", "系统"), pick(lang, "Switch", "开关"), pick(lang, "Outcome", "指标"),
            pick(lang, "Off", "关"), pick(lang, "On", "开"), pick(lang, "Change", "变化"),
            pick(lang, "95% interval", "95% 区间"), pick(lang, "All together", "同时区间"),
            pick(lang, "Verdict", "判定"),
            pick(lang, "Unit", "单位")]  # fmt: skip
    text = pick(lang, "Every system off and on. The last interval holds for all rows together.",
                "各系统关与开。“同时区间”对全部行同时成立。")  # fmt: skip
    return text, pd.DataFrame(rows, columns=head)


def _method(scenario: Scenario, replicates: int, lang: str) -> list[str]:
    estates, weeks = scenario.district.estates, scenario.run.weeks
    return [
        pick(
            lang,
            f"Every system of the study was switched off and on in the same world, with everything else alike and on "
            f"common "
            f"random numbers: {estates:,} estates, {weeks} weeks, {replicates} replicate{'s' * (replicates > 1)}; "
            f"means are "
            "over the weeks after the start of the policy. S6 to S8 and S10 are tried on top of full coverage.",
            f"研究所述每个系统在同一情景中关闭与开启，其余相同，共用随机数：{estates:,} 个小区，{weeks} 周，"
            f"{replicates} 次重复；"
            "取政策开始以后各周的均值。S6 至 S8 与 S10 在全覆盖之上试验。",
        ),
        pick(
            lang,
            "The change is the mean paired difference, on less off, with its 95% interval (Student's, lengthened where "
            "differences are skewed). ",
            "变化为开启减去关闭的平均配对差及其 95% t 区间（差值偏斜时加长）。",
        )
        + words.how_judged(MARGIN, pick(lang, "the mean with the system off", "关闭时均值"), lang),
    ]
