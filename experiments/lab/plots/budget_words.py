"""What a search for the best use of hours has found, in sentences worked out from its numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.lab.budget.search import ALWAYS, DESKS, FULL, FULL_DESKS, RATE, Search
from experiments.lab.plots.numbers import rounded
from experiments.lab.plots.words import arm, noun, pick
from experiments.lab.plots.words import unit as unit_of
from experiments.lab.statistics.measures import unit
from experiments.reporting.catalogue import gettext

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["answer", "effect", "findings", "joined", "name_of", "number", "row_of", "sign"]


def number(value: float) -> str:
    """Write a number with two digits that count, or whole: a race's estimates deserve no more."""
    return rounded(value, 2)


def joined(parts: list[str], lang: str, last: str = "and") -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> joined(["a", "b", "c"], "en")
    'a, b and c'
    """
    if len(parts) < 2:
        return "".join(parts)
    return pick(lang, ", ".join(parts[:-1]) + f" {last} " + parts[-1], "、".join(parts))


def row_of(made: Search, hours: float | None, strategy: str, outcome: str | None = None) -> pd.Series:
    """Return a row of the front; `hours` is None for full coverage, `strategy` may be ``best``."""
    table = made.front
    table = table[table["outcome"] == (outcome or made.outcome)]
    here = table["budget"].isna() if hours is None else table["budget"] == hours
    which = table["best"] if strategy == "best" else table["strategy"] == strategy
    return table[here & which].iloc[0]


def sign(row: pd.Series) -> int:
    """Tell whether an effect is on the good side (1), on the bad side (-1), or none that is certain and matters (0)."""
    return _side(str(row["verdict"]))


def _side(verdict: str) -> int:
    """Side of a verdict that is not known to be within the margin."""
    return {"helps": 1, "undecided_better": 1, "harms": -1, "undecided_worse": -1}.get(verdict, 0)


def effect(row: pd.Series, lang: str, plural: bool = False) -> str:
    """Say what a strategy, or several hours, do to an outcome, as the end of a sentence."""
    outcome, value = str(row["outcome"]), float(row["averted"])
    end = "" if plural else "s"
    if not math.isfinite(value):
        return gettext(lang, "show{end} nothing, since no runs ended", end=end)
    low, high = sorted((abs(float(row["averted_low"])), abs(float(row["averted_high"]))))
    name = noun(outcome, lang).name
    told = sign(row)
    neutral = row["better"] == "neither"
    if neutral and row["verdict"] != "equivalent" and float(row["averted_low"]) * float(row["averted_high"]) > 0.0:
        size = f"{number(abs(value))} ({number(low)} – {number(high)})"
        verb, chinese = ("lower", "减少") if value > 0 else ("raise", "增加")
        return pick(lang, f"{verb}{end} {name} by {size} a week", f"使{name}每周{chinese} {size}")
    if not told:
        ends = f"{number(float(row['averted_low']))} – {number(float(row['averted_high']))}"
        rate = unit(outcome) == RATE
        english, chinese = ("fewer" if neutral else "averted", "减少 ") if rate else ("", "")
        return pick(lang, f"do{'' if plural else 'es'} nothing to {name} that can be told from zero and matters ({ends}"
                    f"{' ' * bool(english)}{english})", f"对{name}无可辨且实质的影响（{chinese}{ends}）")
    size, ends = number(abs(value)), f" ({number(low)} – {number(high)})"
    if unit(outcome) == RATE:
        verb, chinese = ("avert", "减少") if told > 0 else ("add", "增加")
        return pick(lang, f"{verb}{end} {size}{ends} {name} a week", f"每周{chinese}{name} {size}{ends}")
    verb, chinese = ("better", "改善") if told > 0 else ("worsen", "恶化")
    return pick(lang, f"{verb}{end} {name} by {size}{ends} ({unit_of(outcome)})", f"使{name}{chinese} {size}{ends}")


def name_of(made: Search, name: str, lang: str) -> str:
    """Name a strategy of the front for people."""
    known = {
        "best": gettext(lang, "best by simulation"),
        DESKS: gettext(lang, "the same hours at the desks"),
        FULL: arm(FULL, lang),
        FULL_DESKS: gettext(lang, "hours of full coverage at the desks"),
    }
    return known.get(name) or arm(name, lang)


def answer(made: Search, lang: str = "en") -> str:
    """Answer the question in one sentence: does coverage help, and is it better than desks?"""
    best = [row_of(made, hours, "best") for hours in made.hours]
    signs = [sign(row) for row in best]
    desks = [row_of(made, hours, DESKS) for hours in made.hours]
    name = noun(made.outcome, lang).name
    at = joined([f"{hours:g}" for hours in made.hours], lang, "or")
    rate = unit(made.outcome) == RATE
    many = len(made.candidates)
    if max(signs) <= 0:
        told = gettext(lang, "Within {at} hours a week ", at=at)
        sizes = joined([number(abs(float(row["averted"]))) for row in best], lang)
        if max(signs) < 0 and rate:
            text = told + gettext(
                lang,
                "even the best of {many} coverages adds {sizes} {name} a week",
                many=many, sizes=sizes, name=name)
        elif max(signs) < 0:
            text = told + gettext(
                lang,
                "even the best of {many} coverages worsens {name} by {sizes}",
                many=many, name=name, sizes=sizes)
        elif min(signs) == 0:
            text = told + gettext(
                lang,
                "the best of {many} coverages does nothing to {name} that can be told from zero and matters",
                many=many, name=name)
        else:
            text = told + gettext(lang, "the best of {many} coverages does not better {name}", many=many, name=name)
    else:
        good = [(hours, row) for hours, row, one in zip(made.hours, best, signs, strict=True) if one > 0]
        sizes = joined([number(float(row["averted"])) for _, row in good], lang)
        where = joined([f"{hours:g}" for hours, _ in good], lang)
        text = (
            gettext(
                lang,
                "Within {where} hours a week the best coverage averts {sizes} {name}",
                where=where, sizes=sizes, name=name)
            if rate else
            gettext(
                lang,
                "Within {where} hours a week the best coverage betters by {sizes} {name}",
                where=where, sizes=sizes, name=name))
    ahead = [_ahead(row) for row in desks]
    helping = [number(float(row["averted"])) for row in desks if sign(row) > 0]
    if ahead and min(ahead) > 0:
        if helping and len(helping) == len(desks):
            return text + pick(lang, f"; at the communities' desks the same hours avert {joined(helping, lang)}"
                               if rate else "; the same hours do better at the communities' desks",
                               f"；同等工时放在社区窗口则更好（{joined(helping, lang)}）")
        return text + gettext(lang, "; the same hours do better at the communities' desks")
    if ahead and max(ahead) < 0:
        return text + gettext(lang, ", more than the same hours at the communities' desks")
    return text


def _ahead(row: pd.Series) -> int:
    """Whether an opponent is better than the best coverage (1), worse (-1), or not by what is certain and matters."""
    return _side(str(row["behind_verdict"]))


def findings(made: Search, lang: str = "en") -> list[str]:
    """Say what was found, the answer first, then each number of hours by itself."""
    told = [answer(made, lang) + gettext(lang, ".")]
    for hours in made.hours:
        told += _within(made, hours, lang)
    full, pooled = (row_of(made, None, name) for name in (FULL, FULL_DESKS))
    taken = number(float(full["hours"]))
    told.append(pick(
        lang, f"Full coverage takes {taken} hours a week and {effect(full, lang)}; the same hours at the desks "
        f"{effect(pooled, lang, plural=True)}.",
        f"全覆盖每周用 {taken} 工时，{effect(full, lang)}；同等工时放在社区窗口：{effect(pooled, lang)}。"))
    if all(sign(row_of(made, hours, "best")) <= 0 for hours in made.hours):
        better_off = any(sign(row_of(made, hours, DESKS)) > 0 for hours in made.hours)
        instead = "they do more good at the desks" if better_off else "at the desks they show no clear effect either"
        told.append(pick(
            lang, f"So in this world no coverage that was tried is worth its hours for this outcome; {instead}.",
            "因此在这一情景下，就该指标而言，所试的覆盖方式都不值所花工时" + (
                "；这些工时放在现有窗口更有益。" if better_off else "；放在窗口也无明显益处。")))
    return told


def _within(made: Search, hours: float, lang: str) -> list[str]:
    best, desks = row_of(made, hours, "best"), row_of(made, hours, DESKS)
    names = [name for name in dict.fromkeys(made.front["strategy"]) if name in made.candidates
             and isinstance(made.candidates[name], str) and not row_of(made, hours, name)["best"]]
    rows = {name: row_of(made, hours, name) for name in names}
    rule = best["rule"] if lang == "en" else _rule(made, str(best["strategy"]), lang)
    taken, new = (number(float(best[column])) for column in ("hours", "new_hours"))
    ends = f"{number(float(best['hours_low']))} – {number(float(best['hours_high']))}"
    told = [gettext(
        lang,
        "Within {hours:g} hours a week the race chose “{rule}”. In fresh chance it {effect}, and really takes "
        "{taken} hours ({ends}).",
        hours=hours, rule=rule, effect=effect(best, lang), taken=taken, ends=ends)]
    verdicts = {1: gettext(lang, "better than the best coverage"),
                -1: gettext(lang, "worse than the best coverage"),
                0: gettext(lang, "not different from the best coverage by what is certain and matters")}
    told.append(pick(
        lang, f"At the communities' desks the same hours, {new} of them new, {effect(desks, lang, plural=True)}: "
        f"{verdicts[_ahead(desks)]}.",
        f"同等工时（其中新增 {new}）放在社区窗口：{effect(desks, lang)}；{verdicts[_ahead(desks)]}。"))
    for standing, english, chinese in ((-1, "The best does better than", "最佳优于"),
                                       (0, "No certain difference that matters from", "与之无可辨且实质的差别："),
                                       (1, "Better than the chosen one in fresh chance:", "在新随机性下优于所选者：")):
        here = [f"{name_of(made, name, lang)} ({_short(row, lang)})" for name, row in rows.items()
                if _ahead(row) == standing]
        if here:
            told.append(pick(lang, f"{english} {joined(here, lang)}.", f"{chinese}{joined(here, lang)}。"))
    others = [name for name in ALWAYS if name != made.outcome]
    told.append(gettext(lang, "Of the other outcomes the best coverage ")
                + joined([effect(row_of(made, hours, "best", name), lang) for name in others], lang)
                + gettext(lang, "."))
    return told


def _short(row: pd.Series, lang: str) -> str:
    """Say in two words what a strategy does."""
    value, rate = float(row["averted"]), unit(str(row["outcome"])) == RATE
    english = ("averts" if value > 0 else "adds") if rate else ("betters by" if value > 0 else "worsens by")
    chinese = ("减少" if value > 0 else "增加") if rate else ("改善" if value > 0 else "恶化")
    return f"{pick(lang, english, chinese)} {number(abs(value))}"


def _rule(made: Search, name: str, lang: str) -> str:
    from experiments.lab.budget.candidates import in_words

    return in_words(made.candidates[name], lang)
