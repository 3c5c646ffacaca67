"""The report of a sign map: where the policy helps and harms, what decides it, and how sure each sign is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.plots import mapped, words
from experiments.lab.plots.mapped import ALWAYS, SIGN_WORDS, Border, Mapped
from experiments.lab.plots.numbers import aligned, percent
from experiments.lab.plots.signmap import is_grid
from experiments.lab.plots.thirds import contrast_sentence, group_name
from experiments.lab.plots.words import pick
from experiments.lab.report.brief import Brief
from experiments.lab.signmap.looks import HOPELESS
from experiments.lab.statistics.regions import LEVEL, decided

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.signmap.map import SignMap

__all__ = ["signmap_brief"]

SHOWN = 240
"""Rows of the map that the report shows at most."""


def signmap_brief(
    made: SignMap, figures: Mapping[str, Path], borders: Sequence[Border] = (), lang: str = "en", question: str = ""
) -> Brief:
    """Say what a map shows.

    Parameters
    ----------
    made
        The map.
    figures
        Its figures' files, by their names.
    borders
        Where on paper the sign changes.
    lang
        `en` or `zh`.
    question
        In place of the design's.
    """
    drawn = made.picture(borders, lang)
    shares = made.thirds
    many = len(drawn.names) > 2 or not is_grid(drawn)
    question = question or made.plan.question or pick(
        lang, f"Where does {words.arm(drawn.policy)} help, and where does it harm?",
        f"{words.arm(drawn.policy, 'zh')}在哪里有利、在哪里不利？")
    tables = [(pick(lang, "Signs against each opponent.", "与各对照相比的判定。"), _counts(drawn)),
              *([(pick(lang, "Share of the points with each sign, by part of each parameter's range, with Wilson's 95% "
                             "interval.", "各参数各段内各种判定的点所占比例，附 Wilson 95% 区间。"),
                  _thirds(shares, drawn))] if many else []),
              (_map_caption(drawn), _map(drawn))]
    return Brief(
        title=question, findings=_findings(drawn, shares), tables=tables, method=_method(made, drawn),
        figures=[(path, _caption(name, drawn)) for name, path in figures.items()], limits=_limits(drawn, many),
        scenario=made.plan.scenario, info=made.info)


def _findings(made: Mapped, shares: pd.DataFrame) -> list[str]:
    found = [mapped.title(made) + pick(made.lang, ".", "。")]
    for other in made.against:
        for sign in ("helps", "harms"):
            found += [_largest(made, other, sign)]
            if len(made.names) > 1:
                text = contrast_sentence(made, shares, other, sign)
                found += [text + pick(made.lang, ".", "。")] if text else []
    return [text for text in [*found, _open(made)] if text]


def _largest(made: Mapped, other: str, sign: str) -> str:
    """The point with the largest difference of a sign."""
    rows = made.rows(other)
    rows = rows[rows["sign"] == sign]
    if not len(rows):
        return ""
    row = rows.loc[rows["relative"].abs().fillna(0.0).idxmax()]
    lang, where = made.lang, _where(row, made)
    share, low, high = _percents(row)
    what = pick(lang, "The largest gain" if sign == "helps" else "The largest harm", "最大收益" if sign == "helps"
                else "最大损害")
    name = words.noun(made.outcome, lang).name
    return pick(lang, f"{what} against {mapped.opponent(made, other)}: {name} {share} [{low}, {high}] at {where}.",
                f"{what}（与“{mapped.opponent(made, other)}”相比）：{where} 时，{name} {share} [{low}, {high}]。")


def _where(row: pd.Series, made: Mapped) -> str:
    return ", ".join(f"{name} = {_value(row[name])}" for name in made.names)


def _value(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _percents(row: Any) -> list[str]:
    """The difference and its interval in per cent of the opponent's mean."""
    if not (math.isfinite(row["relative"]) and row["difference"]):
        zero = row["difference"] == 0
        return [percent(0.0 if zero and row[name] == 0 else math.nan) for name in ("difference", "ci_low", "ci_high")]
    scale = row["relative"] / row["difference"]
    return [percent(100 * row[name] * scale, signed=True) for name in ("difference", "ci_low", "ci_high")]


def _open(made: Mapped) -> str:
    rows = made.table[~made.table["sign"].map(decided)]
    total, lang = len(made.table), made.lang
    if not len(rows):
        return ""
    given_up, needed = int((rows["ended"] == "given up").sum()), rows["needed"].dropna()
    text = pick(lang, f"{len(rows)} of {total} comparisons stay undecided", f"{total} 个比较中 {len(rows)} 个仍未定")
    if given_up:
        text += pick(lang, f", {given_up} of them given up early", f"，其中 {given_up} 个提前放弃")
    if len(needed):
        text += pick(
            lang, f"; half of them would need more than {needed.median():,.0f} replicates for a chance of 80% to be "
                  "decided, were differences and spreads what they seem",
            f"；若差异与离散确如所见，其中半数需超过 {needed.median():,.0f} 次重复才有八成把握判定")
    return text + pick(lang, ".", "。")


def _counts(made: Mapped) -> pd.DataFrame:
    import pandas as pd

    lang, place = made.lang, 1 if made.lang == "zh" else 0
    rows = []
    for other in made.against:
        here, counts = made.rows(other), made.counts(other)
        low, high = int(here["replicates"].min()), int(here["replicates"].max())
        rows.append({
            pick(lang, "Against", "对照"): mapped.opponent(made, other),
            **{SIGN_WORDS[sign][place]: count for sign, count in counts.items() if sign in ALWAYS or count},
            pick(lang, "of these given up", "其中放弃"): int((here["ended"] == "given up").sum()),
            pick(lang, "points", "点数"): len(here),
            pick(lang, "replicates per point", "每点重复"): f"{low}–{high}" if low != high else str(low),
        })
    return pd.DataFrame(rows)


def _thirds(shares: pd.DataFrame, made: Mapped) -> pd.DataFrame:
    import pandas as pd

    lang, place = made.lang, 1 if made.lang == "zh" else 0
    rows = []
    for (other, name, group), here in shares.groupby(["against", "parameter", "group"], sort=False):
        cells = {str(row["sign"]): f"{100 * row['share']:.0f}% [{100 * row['low']:.0f}, {100 * row['high']:.0f}]"
                 for row in here.to_dict("records")}
        rows.append({
            pick(lang, "Against", "对照"): mapped.opponent(made, str(other), short=True),
            pick(lang, "Parameter", "参数"): name, pick(lang, "Part", "段"): group_name(str(group), lang),
            pick(lang, "points", "点数"): int(here["points"].iloc[0]),
            **{SIGN_WORDS[sign][place]: cells[sign] for sign in ALWAYS},
        })
    return pd.DataFrame(rows)


def _map_caption(made: Mapped) -> str:
    whole = len(made.table) <= SHOWN
    return pick(
        made.lang,
        f"The map{'' if whole else f', its first {SHOWN} of {len(made.table)} rows; all are in map.csv'}: mean paired "
        "difference in the outcome's unit and in per cent of the opponent's mean, with the interval of the row's last "
        "look; needed: replicates that would decide with a chance of 80%, were difference and spread what they seem.",
        f"全图{'' if whole else f'（前 {SHOWN} 行，共 {len(made.table)} 行，见 map.csv）'}："
        "配对差均值（原单位与占对照均值的百分比）及其最后一次查看的区间；"
        "“需要”：差异与离散确如所见时，有八成把握判定的重复次数。")


def _map(made: Mapped) -> pd.DataFrame:
    import pandas as pd

    lang, place = made.lang, 1 if made.lang == "zh" else 0
    rows = []
    for row in made.table.head(SHOWN).to_dict("records"):
        difference, low, high = aligned([row["difference"], row["ci_low"], row["ci_high"]],
                                        (row["ci_high"] - row["ci_low"]) / 2)
        ended = {"given up": pick(lang, ", given up", "（放弃）"),
                 "runs failed": pick(lang, ", runs failed", "（运行失败）")}
        rows.append({
            **{name: _value(row[name]) for name in made.names},
            pick(lang, "Against", "对照"): mapped.opponent(made, row["against"], short=True),
            pick(lang, "Difference", "差异"): difference, pick(lang, "Interval", "区间"): f"{low} … {high}",
            "%": percent(100 * row["relative"], signed=True).removesuffix("%"),
            pick(lang, "Sign", "判定"): SIGN_WORDS[row["sign"]][place] + ended.get(row["ended"], ""),
            "n": row["replicates"],
            pick(lang, "needed", "需要"): "–" if math.isnan(row["needed"]) else f"{row['needed']:,.0f}",
        })
    return pd.DataFrame(rows)


def _caption(name: str, made: Mapped) -> str:
    lang, policy = made.lang, words.arm(made.policy, made.lang)
    if name.endswith("thirds"):
        return pick(
            lang,
            "Share of the points with each sign in each part of each parameter's range. Bars: Wilson's 95% interval.",
            "各参数各段内各种判定的点所占比例。竖线：Wilson 95% 区间。")
    text = pick(
        lang,
        f"What {policy} does to {words.noun(made.outcome).name}. Circle: helps; cross, hatched on a grid: harms; "
        "square: nothing that matters (plus: slightly better, pentagon: slightly worse); diamond: undecided "
        "(hexagon, thin diamond: better or worse for certain, its size open); hollow: given up. ",
        f"{policy}对{words.noun(made.outcome, 'zh').name}的作用。圆：有利；叉（格图中加斜线）：不利；"
        "方块：无实质差异（加号：略有利，五边形：略不利）；菱形：未定（六边形、窄菱形：有利或"
        "不利，幅度未定）；空心者为放弃。")
    if is_grid(made) or len(made.names) == 2:
        text += pick(lang, "Dashed or dotted lines: where the mean field expects the sign to change. ",
                     "虚线或点线：平均场推导的变号处。") if made.borders else ""
    return text + mapped.note(made, numbers=False)


def _method(made: SignMap, drawn: Mapped) -> list[str]:
    lang, plan = drawn.lang, made.plan
    ran = sum(len(swept.outcome.done) for _, swept in made.rounds)
    start = made.rounds[0][1].outcome.design.start
    margin, sizes = f"{100 * drawn.margin:g}%", ", ".join(map(str, drawn.sizes))
    levels = ", ".join(f"{100 * look.level:.2g}%" for look in made.looks)
    names = ", ".join(drawn.names)
    others = pick(lang, " and ", "、").join(mapped.opponent(drawn, other) for other in drawn.against)
    return [
        pick(
            lang,
            f"{len(plan.points)} points ({plan.kind}) over {names}; {ran} runs of {plan.scenario.run.weeks} weeks, of "
            f"which those from week {start} on count. At every point {words.arm(drawn.policy)} is set against "
            f"{others}, pair by pair in the same replicates with the same chance.",
            f"{len(plan.points)} 个点（{plan.kind}），参数为 {names}；共 {ran} 次运行，"
            f"每次 {plan.scenario.run.weeks} 周，自第 {start} 周起计入。"
            f"每点将{words.arm(drawn.policy, 'zh')}与{others}在相同随机数的重复中配对比较。"),
        pick(
            lang,
            f"Helps, harms: the interval of the mean paired difference lies wholly beyond {margin} of the opponent's "
            f"mean, on the better or the worse side. Nothing that matters: it lies within ±{margin}; slightly better "
            "or worse where it leaves zero out as well. Undecided: none of these, with the side told where zero is "
            "out. These regions are disjoint, so that more replicates do not turn one into its rival.",
            f"有利、不利：配对差均值的区间整个超出对照均值的 {margin}，在好或坏的一侧。无实质差异：区间在 ±{margin} "
            "之内，若又不含零则为略有利、略不利。未定：均不属；不含零者注明方向。各判定互不重叠，"
            "增加重复不会使一个判定变成相反的判定。"),
        pick(
            lang,
            f"Points may be looked at after {sizes} replicates; they are run again only while their sign is open, with "
            f"the arms that the open question needs. The intervals miss with {levels} at these looks, so that "
            f"with {100 * (1 - LEVEL):.0f}% none of a point's intervals misses (Bonferroni). A point is given up "
            "where the chance that the last look decides, predicted from its difference and spread, is under "
            f"{100 * HOPELESS:.0f}%.",
            f"各点在第 {sizes} 次重复后查看，仅在判定未定时继续，且只运行所需的组。各次查看的区间失误概率为 "
            f"{levels}，故每点所有区间同时成立的概率至少为 {100 * (1 - LEVEL):.0f}%（Bonferroni）。"
            f"若由已有差异与离散预测最后一次查看能判定的机会低于 {100 * HOPELESS:.0f}%，则放弃该点。"),
        *_borders(drawn),
    ]


def _borders(made: Mapped) -> list[str]:
    """What the lines on the map are; a projection has none."""
    if not is_grid(made) and len(made.names) > 2:
        return []
    varied = [border for border in made.borders if set(border.depends) & set(made.names)
              and (not border.outcomes or made.outcome in border.outcomes)]
    return [pick(
        made.lang,
        f"On paper the sign changes where this holds: {border.words[0]} (docs/model.md). The mean field leaves out "
        "queues, learning and what residents do, so that signs may lie on either side of the line.",
        f"纸面推导的变号处：{border.words[1]}（docs/model.md）。"
        "平均场不含排队、学习与居民行为，判定可落在线的任一侧。")
        for border in varied]


def _limits(made: Mapped, many: bool) -> list[str]:
    lang = made.lang
    wrong = LEVEL * len(made.points)
    found = [pick(
        lang,
        f"5% is for one point against one opponent: of {len(made.points)} points without any effect, up to about "
        f"{wrong:.0f} may have a sign by chance." + (
            "" if made.apart else " Points share their chance, so that such errors come together, as a border that "
            "lies a little off."),
        f"5% 针对单个点与单个对照：若 {len(made.points)} 个点全无作用，也可能有约 {wrong:.0f} 个被偶然判定。" + (
            "" if made.apart else "各点共用随机数，这类错误会一同出现，表现为边界略有偏移。"))]
    if many:
        found.append(pick(
            lang,
            "Shares of points depend on the ranges that were swept: they weigh every part of a range alike, and are "
            "no probabilities.",
            "点的占比取决于扫描范围：范围内各处权重相同，并非概率。"))
    return found
