"""What a search for the best use of hours has found, in sentences worked out from its numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from experiments.analyses.budget.search import ALWAYS, DESKS, FULL, FULL_DESKS, RATE, Search
from experiments.core.statistics.measures import unit
from experiments.reporting.catalogue import N_, gettext, pgettext
from experiments.reporting.numbers import rounded
from experiments.reporting.words import arm, noun
from experiments.reporting.words import unit as unit_of

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
    some = pgettext(lang, "between names", ", ").join(parts[:-1])
    if last == "or":
        return gettext(lang, "{some} or {last}", some=some, last=parts[-1])
    return gettext(lang, "{some} and {last}", some=some, last=parts[-1])


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
        way = N_("lower{end} {name} by {size} a week") if value > 0 else N_("raise{end} {name} by {size} a week")
        return gettext(lang, way, end=end, name=name, size=size)
    if not told:
        return _nothing(row, name, lang, neutral, plural)
    size = f"{number(abs(value))} ({number(low)} – {number(high)})"
    if unit(outcome) == RATE:
        way = N_("avert{end} {size} {name} a week") if told > 0 else N_("add{end} {size} {name} a week")
        return gettext(lang, way, end=end, name=name, size=size)
    way = N_("better{end} {name} by {size} ({unit})") if told > 0 else N_("worsen{end} {name} by {size} ({unit})")
    return gettext(lang, way, end=end, name=name, size=size, unit=unit_of(outcome))


def _nothing(row: pd.Series, name: str, lang: str, neutral: bool, plural: bool) -> str:
    """Say that nothing certain is done that matters, and within which ends that is known."""
    ends = f"{number(float(row['averted_low']))} – {number(float(row['averted_high']))}"
    if unit(str(row["outcome"])) != RATE:
        message = N_("do{es} nothing to {name} that is distinguishable from zero and matters ({ends})")
    elif neutral:
        message = N_("do{es} nothing to {name} that is distinguishable from zero and matters ({ends} fewer)")
    else:
        message = N_("do{es} nothing to {name} that is distinguishable from zero and matters ({ends} averted)")
    return gettext(lang, message, es="" if plural else "es", name=name, ends=ends)


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
                "the best of {many} coverages does nothing to {name} that is distinguishable from zero and matters",
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
            sizes = joined(helping, lang)
            if rate or lang == "zh":  # English has no verb for all other outcomes
                return text + gettext(lang, "; at the communities' desks the same hours avert {sizes}", sizes=sizes)
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
    told.append(gettext(
        lang,
        "Full coverage takes {taken} hours a week and {effect}; the same hours at the desks {pooled}.",
        taken=taken, effect=effect(full, lang), pooled=effect(pooled, lang, plural=True)))
    if all(sign(row_of(made, hours, "best")) <= 0 for hours in made.hours):
        better_off = any(sign(row_of(made, hours, DESKS)) > 0 for hours in made.hours)
        told.append(
            gettext(
                lang,
                "So in this world no coverage that was tried is worth its hours for this outcome; they do more good at "
                "the desks.")
            if better_off else
            gettext(
                lang,
                "So in this world no coverage that was tried is worth its hours for this outcome; at the desks they "
                "show no clear effect either."))
    return told


STANDINGS: Final[dict[int, str]] = {
    -1: N_("The best does better than {names}."),
    0: N_("No certain difference that matters from {names}."),
    1: N_("Better than the chosen one, with fresh random numbers: {names}."),
}
"""What is said of strategies by how they stand to the best coverage, see `_ahead`."""


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
        "Within {hours:g} hours a week the race chose “{rule}”. With fresh random numbers it {effect}, and really "
        "takes {taken} hours ({ends}).",
        hours=hours, rule=rule, effect=effect(best, lang), taken=taken, ends=ends)]
    verdicts = {1: gettext(lang, "better than the best coverage"),
                -1: gettext(lang, "worse than the best coverage"),
                0: gettext(lang, "not different from the best coverage by what is certain and matters")}
    told.append(gettext(
        lang,
        "At the communities' desks the same hours, {new} of them new, {effect}: {verdict}.",
        new=new, effect=effect(desks, lang, plural=True), verdict=verdicts[_ahead(desks)]))
    for standing, message in STANDINGS.items():
        here = [f"{name_of(made, name, lang)} ({_short(row, lang)})" for name, row in rows.items()
                if _ahead(row) == standing]
        if here:
            told.append(gettext(lang, message, names=joined(here, lang)))
    others = [name for name in ALWAYS if name != made.outcome]
    told.append(gettext(lang, "Of the other outcomes the best coverage ")
                + joined([effect(row_of(made, hours, "best", name), lang) for name in others], lang)
                + gettext(lang, "."))
    return told


def _short(row: pd.Series, lang: str) -> str:
    """Say in two words what a strategy does."""
    value, rate = float(row["averted"]), unit(str(row["outcome"])) == RATE
    if rate:
        message = N_("averts {size}") if value > 0 else N_("adds {size}")
    else:
        message = N_("betters by {size}") if value > 0 else N_("worsens by {size}")
    return gettext(lang, message, size=number(abs(value)))


def _rule(made: Search, name: str, lang: str) -> str:
    from experiments.analyses.budget.candidates import in_words

    return in_words(made.candidates[name], lang)
