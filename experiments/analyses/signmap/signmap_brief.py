"""The report of a sign map: where the policy helps and harms, what decides it, and how sure each sign is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses.signmap import signmap_view as mapped
from experiments.analyses.signmap.looks import HOPELESS
from experiments.analyses.signmap.signmap_figures import is_grid
from experiments.analyses.signmap.signmap_view import ALWAYS, SIGN_WORDS, Border, Mapped
from experiments.analyses.signmap.terciles_figure import contrast_sentence, group_name
from experiments.core.statistics.regions import LEVEL, decided
from experiments.reporting import words
from experiments.reporting.catalogue import gettext, pgettext
from experiments.reporting.document import Document
from experiments.reporting.numbers import aligned, percent

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.signmap.map import SignMap

__all__ = ["signmap_brief"]

SHOWN = 240
"""Rows of the map that the report shows at most."""


def signmap_brief(
    made: SignMap, figures: Mapping[str, Path], borders: Sequence[Border] = (), lang: str = "en", question: str = ""
) -> Document:
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
    question = question or made.plan.question or gettext(
        lang,
        "Where does {arm} help, and where does it harm?",
        arm=words.arm(drawn.policy, lang))
    tables = [(gettext(lang, "Signs against each opponent."), _counts(drawn)),
              *([(gettext(
                  lang,
                  "Share of the points with each sign, by part of each parameter's range, with Wilson's 95% "
                  "interval."),
                  _thirds(shares, drawn))] if many else []),
              (_map_caption(drawn), _map(drawn))]
    return Document(
        title=question, findings=_findings(drawn, shares), tables=tables, method=_method(made, drawn),
        figures=[(path, _caption(name, drawn)) for name, path in figures.items()], limits=_limits(drawn, many),
        scenario=made.plan.scenario, info=made.info)


def _findings(made: Mapped, shares: pd.DataFrame) -> list[str]:
    found = [mapped.title(made) + gettext(made.lang, ".")]
    for other in made.against:
        for sign in ("helps", "harms"):
            found += [_largest(made, other, sign)]
            if len(made.names) > 1:
                text = contrast_sentence(made, shares, other, sign)
                found += [text + gettext(made.lang, ".")] if text else []
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
    what = gettext(lang, "The largest gain") if sign == 'helps' else gettext(lang, "The largest harm")
    name = words.noun(made.outcome, lang).name
    return gettext(
        lang,
        "{what} against {opponent}: {name} {share} [{low}, {high}] at {where}.",
        what=what, opponent=mapped.opponent(made, other), name=name, share=share, low=low, high=high, where=where)


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
    text = gettext(lang, "{rows} of {total} comparisons stay undecided", rows=len(rows), total=total)
    if given_up:
        text += gettext(lang, ", {given_up} of them given up early", given_up=given_up)
    if len(needed):
        text += gettext(
            lang,
            "; half of them would need more than {median:,.0f} replicates for a chance of 80% to be decided, "
            "were differences and spreads what they seem",
            median=needed.median())
    return text + gettext(lang, ".")


def _counts(made: Mapped) -> pd.DataFrame:
    import pandas as pd

    lang = made.lang
    rows = []
    for other in made.against:
        here, counts = made.rows(other), made.counts(other)
        low, high = int(here["replicates"].min()), int(here["replicates"].max())
        rows.append({
            gettext(lang, "Against"): mapped.opponent(made, other),
            **{gettext(lang, SIGN_WORDS[sign]): count for sign, count in counts.items() if sign in ALWAYS or count},
            gettext(lang, "of these given up"): int((here["ended"] == "given up").sum()),
            gettext(lang, "points"): len(here),
            gettext(lang, "replicates per point"): f"{low}–{high}" if low != high else str(low),
        })
    return pd.DataFrame(rows)


def _thirds(shares: pd.DataFrame, made: Mapped) -> pd.DataFrame:
    import pandas as pd

    lang = made.lang
    rows = []
    for (other, name, group), here in shares.groupby(["against", "parameter", "group"], sort=False):
        cells = {str(row["sign"]): f"{100 * row['share']:.0f}% [{100 * row['low']:.0f}, {100 * row['high']:.0f}]"
                 for row in here.to_dict("records")}
        rows.append({
            gettext(lang, "Against"): mapped.opponent(made, str(other), short=True),
            gettext(lang, "Parameter"): name, pgettext(lang, "of a series", "Part"): group_name(str(group), lang),
            gettext(lang, "points"): int(here["points"].iloc[0]),
            **{gettext(lang, SIGN_WORDS[sign]): cells[sign] for sign in ALWAYS},
        })
    return pd.DataFrame(rows)


def _map_caption(made: Mapped) -> str:
    whole = len(made.table) <= SHOWN
    return (
        gettext(
            made.lang,
            "The map: mean paired difference in the outcome's unit and in per cent of the opponent's mean, with "
            "the interval of the row's last look; needed: replicates that would decide with a chance of 80%, "
            "were difference and spread what they seem.")
        if whole else
        gettext(
            made.lang,
            "The map, its first {shown} of {table} rows; all are in map.csv: mean paired difference in the "
            "outcome's unit and in per cent of the opponent's mean, with the interval of the row's last look; "
            "needed: replicates that would decide with a chance of 80%, were difference and spread what they "
            "seem.",
            shown=SHOWN, table=len(made.table)))


def _map(made: Mapped) -> pd.DataFrame:
    import pandas as pd

    lang = made.lang
    rows = []
    for row in made.table.head(SHOWN).to_dict("records"):
        difference, low, high = aligned([row["difference"], row["ci_low"], row["ci_high"]],
                                        (row["ci_high"] - row["ci_low"]) / 2)
        ended = {"given up": gettext(lang, ", given up"),
                 "runs failed": gettext(lang, ", runs failed")}
        rows.append({
            **{name: _value(row[name]) for name in made.names},
            gettext(lang, "Against"): mapped.opponent(made, row["against"], short=True),
            gettext(lang, "Difference"): difference, gettext(lang, "Interval"): f"{low} … {high}",
            "%": percent(100 * row["relative"], signed=True).removesuffix("%"),
            gettext(lang, "Sign"): gettext(lang, SIGN_WORDS[row["sign"]]) + ended.get(row["ended"], ""),
            "n": row["replicates"],
            gettext(lang, "needed"): "–" if math.isnan(row["needed"]) else f"{row['needed']:,.0f}",
        })
    return pd.DataFrame(rows)


def _caption(name: str, made: Mapped) -> str:
    lang, policy = made.lang, words.arm(made.policy, made.lang)
    if name.endswith("thirds"):
        return gettext(
            lang,
            "Share of the points with each sign in each part of each parameter's range. Bars: Wilson's 95% "
            "interval.")
    text = gettext(
        lang,
        "What {policy} does to {name}. Circle: helps; cross, hatched on a grid: harms; square: nothing that "
        "matters (plus: slightly better, pentagon: slightly worse); diamond: undecided (hexagon, thin diamond: "
        "better or worse for certain, its size open); hollow: given up. ",
        policy=policy, name=words.noun(made.outcome, lang).name)
    if is_grid(made) or len(made.names) == 2:
        text += gettext(
            lang,
            "Dashed or dotted lines: where the mean field expects the sign to change. ") if made.borders else ""
    return text + mapped.note(made, numbers=False)


def _method(made: SignMap, drawn: Mapped) -> list[str]:
    lang, plan = drawn.lang, made.plan
    ran = sum(len(swept.outcome.done) for _, swept in made.rounds)
    start = made.rounds[0][1].outcome.design.start
    margin, sizes = f"{100 * drawn.margin:g}%", ", ".join(map(str, drawn.sizes))
    levels = ", ".join(f"{100 * look.level:.2g}%" for look in made.looks)
    names = ", ".join(drawn.names)
    others = gettext(lang, " and ").join(mapped.opponent(drawn, other) for other in drawn.against)
    return [
        gettext(
            lang,
            "{points} points ({kind}) over {names}; {ran} runs of {weeks} weeks, of which those from week "
            "{start} on count. At every point {arm} is set against {others}, pair by pair in the same replicates "
            "with the same chance.",
            points=len(plan.points), kind=plan.kind, names=names, ran=ran, weeks=plan.scenario.run.weeks,
            start=start, arm=words.arm(drawn.policy, lang), others=others),
        gettext(
            lang,
            "Helps, harms: the interval of the mean paired difference lies wholly beyond {margin} of the opponent's "
            "mean, on the better or the worse side. Nothing that matters: it lies within ±{margin}; slightly better "
            "or worse where it leaves zero out as well. Undecided: none of these, with the side named where zero is "
            "out. These regions are disjoint, so that more replicates do not turn one into its rival.",
            margin=margin),
        gettext(
            lang,
            "Points may be looked at after {sizes} replicates; they are run again only while their sign is open, "
            "with the arms that the open question needs. The intervals miss with {levels} at these looks, so "
            "that with {level:.0f}% none of a point's intervals misses (Bonferroni). A point is given up where "
            "the chance that the last look decides, predicted from its difference and spread, is under "
            "{hopeless:.0f}%.",
            sizes=sizes, levels=levels, level=100 * (1 - LEVEL), hopeless=100 * HOPELESS),
        *_borders(drawn),
    ]


def _borders(made: Mapped) -> list[str]:
    """What the lines on the map are; a projection has none."""
    if not is_grid(made) and len(made.names) > 2:
        return []
    varied = [border for border in made.borders if set(border.depends) & set(made.names)
              and (not border.outcomes or made.outcome in border.outcomes)]
    return [gettext(
        made.lang,
        "On paper the sign changes where this holds: {border} (docs/model.md). The mean field leaves out queues, "
        "learning and what residents do, so that signs may lie on either side of the line.",
        border=gettext(made.lang, border.words))
        for border in varied]


def _limits(made: Mapped, many: bool) -> list[str]:
    lang = made.lang
    wrong = LEVEL * len(made.points)
    found = [(
        gettext(
            lang,
            "5% is for one point against one opponent: of {points} points without any effect, up to about "
            "{wrong:.0f} may have a sign by chance.",
            points=len(made.points), wrong=wrong)
        if made.apart else
        gettext(
            lang,
            "5% is for one point against one opponent: of {points} points without any effect, up to about "
            "{wrong:.0f} may have a sign by chance. Points share random numbers, so that such errors come together, "
            "as a border that lies a little off.",
            points=len(made.points), wrong=wrong))]
    if many:
        found.append(gettext(
            lang,
            "Shares of points depend on the ranges that were swept: they weigh every part of a range alike, and "
            "are no probabilities."))
    return found
