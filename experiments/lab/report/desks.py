"""The report on desks: whether conflicts rise by their existence, and what they do to causes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.lab.plots import meanings, words
from experiments.lab.plots.clauses import capital
from experiments.lab.plots.desks import desks_figure, note
from experiments.lab.plots.numbers import amount, percent
from experiments.lab.plots.words import pick
from experiments.lab.report.brief import Brief, draw_into, write_brief
from experiments.lab.report.record import info_of
from experiments.lab.study.desks import findings, headline

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.store.store import Store
    from sim import Scenario

__all__ = ["write"]


def write(
    table: pd.DataFrame, question: str, method: str, scenario: Scenario, store: Store, lang: str = "en",
) -> Path:
    """Draw the figure into the folder and write `report.html` there; return the report's path.

    Parameters
    ----------
    table
        From `desks.table_of`.
    question, method, scenario
        What was asked, how it was made, and the world that was changed.
    store
        Where the runs are.
    lang
        `en` or `zh`; without a font for Chinese the figure is in English.
    """
    path = draw_into(
        store.folder, "channels", lambda drawn: desks_figure(table, headline(table, drawn), drawn), lang)
    brief = Brief(
        title=meanings.question(question, lang),
        findings=findings(table, lang),
        figures=[(path, note(int(table["replicates"].max()), lang))],
        tables=[_all(table, lang)],
        method=[
            method,
            pick(
                lang,
                "Desks are off or on from the first week, with no branch anywhere. Each edition was tried again with "
                "one mechanism out of action on both sides; a change that differs then, by the paired interval of the "
                "two, is owed to it in part. Mechanisms act on each other, so that their parts do not add up.",
                "受理机构自第一周起关闭或开启，各处均无支部。每一版再逐一停用一种机制（开、关两边均停用）；若变化随之不同"
                "（以两者的配对区间判断），则部分归因于该机制。各机制相互影响，各部分不能相加。",
            ),
        ],
        limits=[
            pick(
                lang,
                "A world without any desk is no policy: it shows what desks do in the model, at one value of what is "
                "not known.",
                "没有任何受理机构并非政策选项，只说明在未知参数的一组取值下受理机构在模型中的作用。",
            )
        ],
        scenario=scenario,
        info=info_of(store),
    )
    return write_brief(brief, store.folder / "report.html", lang)


def _all(table: pd.DataFrame, lang: str) -> tuple[str, pd.DataFrame]:
    import pandas as pd

    column = "world_zh" if lang == "zh" else "world"
    rows = []
    for row in table.to_dict("records"):
        low, high = (amount(float(row[end]), signed=True) for end in ("ci_low", "ci_high"))
        outcome = str(row["outcome"])
        rows.append((
            capital(str(row[column])), words.noun(outcome, lang).name, amount(float(row["without"])),
            amount(float(row["with"])), amount(float(row["difference"]), signed=True),
            "–" if low == "–" else f"{low} … {high}", percent(100 * float(row["relative"]), signed=True),
            words.unit(outcome, lang),
        ))  # fmt: skip
    head = [pick(lang, "World", "情景"), pick(lang, "Outcome", "指标"), pick(lang, "Without desks", "无受理机构"),
            pick(lang, "With desks", "有受理机构"), pick(lang, "Change", "变化"),
            pick(lang, "95% interval", "95% 区间"), "%", pick(lang, "Unit", "单位")]
    return pick(lang, "Every world without and with desks.", "各情景无、有受理机构。"), pd.DataFrame(rows, columns=head)
