"""The report of a search for the best use of hours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.budget.candidates import in_words
from experiments.lab.budget.racing import runs_of
from experiments.lab.budget.search import RATE, Search
from experiments.lab.plots.budget import front_caption, race_caption
from experiments.lab.plots.budget_words import findings, name_of, number
from experiments.lab.plots.words import noun, pick
from experiments.lab.plots.words import unit as unit_of
from experiments.lab.report.brief import Brief, write_brief
from experiments.lab.statistics.measures import unit

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["write_report"]


def write_report(made: Search, question: str, front: Path, races: Sequence[Path], lang: str = "en") -> Path:
    """Write the report beside the tables.

    Parameters
    ----------
    made
        The search.
    question
        What was asked.
    front, races
        Figures that have been drawn: of the front, and of the race for each number of hours.
    lang
        `en` or `zh`.
    """
    info = made.confirmed.store.read()
    info["failed"] = [row for swept in [*made.rounds, made.confirmed] for row in swept.store.read()["failed"]]
    info["complete"] = all(swept.store.read()["complete"] for swept in [*made.rounds, made.confirmed])
    name = noun(made.outcome, lang).name
    tables = [(pick(lang, f"What each strategy does to {name} in fresh chance, against no branches; beyond the best "
                    f"in {unit_of(made.outcome)}.",
                    f"新随机性下各策略对{name}的影响（与无支部相比）；其差的单位：{unit_of(made.outcome, 'zh')}。"),
               _front(made, lang))]
    tables += [(pick(lang, f"The last heat that each candidate ran within {hours:g} hours a week.",
                     f"每周 {hours:g} 工时：各候选最后参加的一轮。"), _race(made, hours, lang)) for hours in made.hours]
    figures = [(front, front_caption(made, lang))]
    figures += [(path, race_caption(made, hours, lang)) for path, hours in zip(races, made.hours, strict=True)]
    return write_brief(
        Brief(question, findings(made, lang), figures, tables, _method(made, lang), _limits(lang),
              scenario=made.scenario, info=info),
        made.folder / "report.html", lang)  # fmt: skip


def _front(made: Search, lang: str) -> pd.DataFrame:
    import pandas as pd

    rows = made.front[made.front["outcome"] == made.outcome]
    name, rate = noun(made.outcome, lang).name, unit(made.outcome) == RATE
    gain = pick(lang, "averted a week" if rate else "improvement", "每周减少" if rate else "改善")
    told: list[dict[str, Any]] = []
    for _, row in rows.iterrows():
        label = name_of(made, "best" if row["best"] else str(row["strategy"]), lang)
        told.append({
            pick(lang, "hours allowed", "限用工时"): "–" if row["budget"] != row["budget"] else f"{row['budget']:g}",
            pick(lang, "strategy", "策略"): label,
            pick(lang, "hours spent (95 %)", "实际工时（95%）"): _ends(row, "hours", "hours_low", "hours_high"),
            pick(lang, "estates covered", "覆盖率"): f"{100 * float(row['covered']):.0f}%",
            pick(lang, f"{gain} (95 %)", f"{gain}（95%）"): _ends(row, "averted", "averted_low", "averted_high"),
            pick(lang, f"{name} beyond the best (95 %)", f"{name}与最佳之差（95%）"): _ends(
                row, "behind", "behind_low", "behind_high"),
        })  # fmt: skip
    return pd.DataFrame(told)


def _race(made: Search, hours: float, lang: str) -> pd.DataFrame:
    import pandas as pd

    last = made.raced[made.raced["budget"] == hours].groupby("candidate", sort=False).tail(1)
    last = last.sort_values(["heat", "place"], ascending=[False, True], kind="stable")
    told = [{
        pick(lang, "candidate", "候选"): in_words(made.candidates[str(row["candidate"])], lang),
        pick(lang, "came to heat", "止于轮次"): int(row["heat"]),
        pick(lang, "replicates", "重复"): int(row["replicates"]),
        pick(lang, "difference from no branches (95 %)", "与无支部之差（95%）"): _ends(
            row, "difference", "ci_low", "ci_high"),
        pick(lang, "behind the leader (95 %)", "落后于领先者（95%）"): _ends(
            row, "behind", "behind_low", "behind_high"),
    } for _, row in last.iterrows()]
    return pd.DataFrame(told)


def _ends(row: Any, value: str, low: str, high: str) -> str:
    if float(row[value]) != float(row[value]):
        return "–"
    told = f"{number(float(row[value]))} ({number(float(row[low]))} – {number(float(row[high]))})"
    return told.replace(" ", "\N{NO-BREAK SPACE}")


def _method(made: Search, lang: str) -> list[str]:
    planned = made.races[made.hours[0]].planned
    heats = ", ".join(f"{heat.entrants} × {heat.replicates}" for heat in planned)
    promised = "; ".join(f"{hours:g}: {100 * made.promise(hours):.0f}%" for hours in made.hours)
    count, many, runs = int(made.front["replicates"].max()), len(made.candidates), runs_of(planned)
    spent = pick(
        lang,
        "Cadre hours are all that branches take in a week: of secretaries and members, which are new, and of "
        "dispatched secretaries, which their community's desk then lacks. In the week of founding each strategy is "
        "asked which estates it would cover first, and covers them as far as the hours reach, reckoned with the groups "
        "and circuits that are really formed. Fatigue makes later weeks cheaper: the hours really spent are shown with "
        "their intervals.",
        "干部工时指支部每周所用的全部工时：书记与党员的工时是新增的，派驻书记的工时则由社区窗口让出。"
        "建支部的那一周，各策略按其优先次序覆盖小区，直到工时用尽，工时按实际形成的联建组与派驻片区核算。"
        "此后因疲劳而略少，实际所用工时连同区间一并列出。")
    raced = pick(
        lang,
        f"{many} candidates raced by successive halving (Karnin, Koren and Somekh 2013) with common random numbers, "
        f"entrants × new replicates: {heats}, {runs} runs for each number of hours. The model's own strategies were "
        "among them; the others rank estates by recent conflicts, size, members, hours and weakness of the community, "
        "and found own, joint or dispatched branches.",
        f"{many} 个候选以逐次淘汰法（Karnin、Koren 与 Somekh 2013）在共同随机数下竞选，候选 × 新增重复：{heats}，"
        f"每一工时限额 {runs} 次运行。其中包括模型自带策略；其余按近期纠纷、规模、党员、工时与社区薄弱程度"
        "为小区排序，设自有、联建或派驻支部。")
    found = pick(
        lang,
        "A candidate that is at least 2 % better than all others is found with at least this probability, by hours a "
        f"week: {promised} (bound of Markov and Bonferroni over all candidates in every heat, since earlier runs count "
        "again, with the largest spread that the race showed).",
        f"若某候选比其余都至少好 2%，其被选出的概率至少为（按每周工时）：{promised}"
        "（马尔可夫与邦费罗尼界；因先前各轮的运行重复计入，每轮均按全部候选计算，离散度取竞选中所见最大者）。")
    fresh = pick(
        lang,
        f"All effects are from {count} further replicates, whose chance did not choose the winner, as paired "
        "differences from no branches with Student's 95 % intervals. “At the desks” means that the new hours of the "
        "winner are given to the communities' desks in the same weeks, with no branches, while those whom it would "
        "dispatch stay at theirs: the same people and the same hours.",
        f"所有影响均来自另外 {count} 次未参与选优的重复，为与无支部的配对差及学生氏 95% 区间。“社区窗口”指把"
        "优胜者新增的工时在同样的周次交给社区窗口而不设支部，其派驻者则留在原窗口：人与工时相同。")
    return [spent, raced, found, fresh]


def _limits(lang: str) -> list[str]:
    return [
        pick(lang,
             "The best of the candidates that raced is not the best of all coverages that could be thought of, and its "
             "rule was chosen for this district and these parameters.",
             "这里的最佳只是参赛候选中的最佳，并非一切可能覆盖中的最佳；该规则是为此地与这组参数选出的。"),
        pick(lang,
             "Intervals are of 95 % each, not adjusted for the number of strategies and budgets that are shown.",
             "各区间均为 95%，未按策略与限额的数目校正。"),
    ]
