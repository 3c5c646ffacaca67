"""Findings in sentences, made from the numbers and from nothing else.

Each sentence can come out either way. A change is said to fall or to rise only where the comparison's
verdict is certain of its sign, and how that lies to the margin is said with it; where the interval lies within the
margin and holds zero it is said to stay within it; else it is said to be undecided, with the interval.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.analyses.compare.comparison_view import HEADLINE, Effect, Reader
from experiments.core.margin import MARGIN
from experiments.core.statistics.effect import DOWN, UP
from experiments.reporting import words
from experiments.reporting.catalogue import N_, gettext, pgettext
from experiments.reporting.clauses import to_margin
from experiments.reporting.numbers import aligned, amount, percent

__all__ = [
    "beats_hours",
    "best",
    "between",
    "bracket",
    "change",
    "changes",
    "count",
    "hours_answer",
    "opposite",
    "over",
    "shares",
    "summary",
]


def between(effect: Effect, lang: str = "en") -> str:
    """Return the 95 % interval of an effect, in per cent where that says something, as words."""
    low, high = (percent(end, signed=True) for end in effect.interval)
    if not math.isfinite(effect.scale) and math.isfinite(effect.low):
        low, high = aligned((effect.low, effect.high), (effect.high - effect.low) / 2)
    return gettext(lang, "{low} to {high}", low=low, high=high)


def over(effect: Effect, lang: str = "en") -> str:
    """Return the range of an effect over assumptions, as words.

    Examples
    --------
    >>> from experiments.analyses.compare.comparison_view import Effect
    >>> row = Effect("full", "none", "conflicts", 2.9, 3.0, -0.1, -0.12, -0.08, "helps", 1.0, 0.0, 10, 10, 20,
    ...              "", "lower", reach=(-20.0, 1.0), worlds=(0.7, 0.2, 0.1), points=64)
    >>> over(row), shares(row)
    ('−20.0% to +1.0%', 'helps in 70% of worlds, does nothing that matters in 20%, harms in 10%')
    """
    low, high = (percent(end, signed=True) for end in effect.reach)
    return gettext(lang, "{low} to {high}", low=low, high=high)


def shares(effect: Effect, lang: str = "en") -> str:
    """Return in what share of the worlds the effect helps, does nothing that matters and harms, or where it goes."""
    lower, little, higher = (f"{100 * share:.0f}%" for share in effect.worlds)
    if effect.better in ("lower", "higher"):
        good, bad = (lower, higher) if effect.better == "lower" else (higher, lower)
        return gettext(
            lang,
            "helps in {good} of worlds, does nothing that matters in {little}, harms in {bad}",
            good=good, little=little, bad=bad)
    return gettext(
        lang,
        "falls in {lower} of worlds, hardly changes in {little}, rises in {higher}",
        lower=lower, little=little, higher=higher)


def bracket(effect: Effect, lang: str = "en", named: bool = True) -> str:
    """Return both intervals of an effect, of chance and over assumptions, in brackets.

    Parameters
    ----------
    named
        Whether they are called by their names, as where they are told first.
    """
    chance, reach, worlds = between(effect, lang), over(effect, lang), shares(effect, lang)
    if named:
        return gettext(
            lang,
            " [chance 95%: {chance}; over assumptions 90%: {reach}, {worlds}]",
            chance=chance, reach=reach, worlds=worlds)
    return gettext(lang, " [{chance}; {reach}, {worlds}]", chance=chance, reach=reach, worlds=worlds)


def change(effect: Effect, lang: str = "en", interval: str = "", margin: float = MARGIN) -> str:
    """Return what happens to one outcome, as a clause.

    Parameters
    ----------
    interval
        `named` adds the 95 % interval with its name, `bare` adds it without.

    Examples
    --------
    >>> from experiments.analyses.compare.comparison_view import Effect
    >>> row = Effect("full", "none", "conflicts", 2.9, 3.0, -0.1, -0.12, -0.08, "helps", 1.0, 0.0, 10, 10, 20,
    ...              "", "lower")
    >>> change(row), change(row, interval="named")
    ('conflicts fall by 3.3%', 'conflicts fall by 3.3% (95% interval −4.0% to −2.7%)')
    """
    name, plural = words.noun(effect.outcome, lang)
    size = percent(abs(effect.percent))
    if not math.isfinite(effect.percent):
        size = amount(abs(effect.difference))
    ends = between(effect, lang)
    if interval == "named":
        ends = gettext(lang, "95% interval {ends}", ends=ends)
    told = gettext(lang, " ({ends})", ends=ends)
    if effect.ranged:
        told = bracket(effect, lang, interval == "named")
    if not interval or not math.isfinite(sum(effect.interval)):
        told = ""
    s = "" if plural else "s"
    match effect.change:
        case "same":
            return (
                gettext(lang, "{name} are exactly the same", name=name)
                if plural else
                gettext(lang, "{name} is exactly the same", name=name))
        case "equivalent":
            within = f"{100 * margin:g}%"
            return gettext(lang, "{name} stay{s} within ±{within}", name=name, s=s, within=within) + told
        case "undecided":
            return (
                gettext(lang, "{name} are undecided", name=name)
                if plural else
                gettext(lang, "{name} is undecided", name=name)) + told
        case "unknown":
            return gettext(lang, "nothing is known of {name}", name=name)
        case moved:
            way = N_("{name} fall{s} by {size}") if moved in DOWN else N_("{name} rise{s} by {size}")
            return gettext(lang, way, name=name, s=s, size=size) + to_margin(moved, margin, lang) + told


def changes(effects: Sequence[Effect], lang: str = "en", interval: bool = False, margin: float = MARGIN) -> str:
    """Join clauses in the order given; neighbours that move in opposite directions are set apart by 'but',
    and by 'while' the second time.

    Neighbours of which the same is said without a size (undecided, within the margin, the same) share a
    clause.  With `interval` each outcome has its 95 % interval, and the first one is named; what has a range over
    assumptions has a clause of its own.

    Examples
    --------
    >>> from experiments.analyses.compare.comparison_view import Effect
    >>> rows = [Effect("full", "none", name, 2.9, 3.0, -0.1, -0.3, 0.1, "undecided", 0.6, 0.5, 10, 10, 20,
    ...                "", "") for name in ("filed", "standing")]
    >>> changes(rows)
    'filed cases and standing disputes are undecided'
    """
    if not effects:
        return gettext(lang, "nothing is known")
    groups: list[list[Effect]] = []
    for effect in effects:
        apart = effect.change in DOWN | UP or (interval and effect.ranged)
        if groups and effect.change == groups[-1][0].change and not apart:
            groups[-1].append(effect)
        else:
            groups.append([effect])
    text = ""
    contrast = N_("{text}, but {clause}")
    for place, group in enumerate(groups):
        named = "named" if not place else "bare"
        clause = _shared(group, lang, named if interval else "", margin)
        if not place:
            text = clause
        elif opposite(groups[place - 1][0].change, group[0].change):
            text = gettext(lang, contrast, text=text, clause=clause)
            contrast = N_("{text}, while {clause}")
        elif place < len(groups) - 1:
            text = gettext(lang, "{text}, {clause}", text=text, clause=clause)
        elif len(groups) == len(effects) == 2:
            text = gettext(lang, "{text} and {clause}", text=text, clause=clause)
        else:
            text = gettext(lang, "{text}, and {clause}", text=text, clause=clause)
    return text


def _shared(group: Sequence[Effect], lang: str, interval: str, margin: float) -> str:
    """Return one clause for several outcomes of which the same is said."""
    if len(group) == 1:
        return change(group[0], lang, interval, margin)
    *some, last = (words.noun(effect.outcome, lang).name for effect in group)
    names = gettext(lang, "{some} and {last}", some=pgettext(lang, "between names", ", ").join(some), last=last)
    within = f"±{100 * margin:g}%"
    text = {
        "same": gettext(lang, "{names} are exactly the same", names=names),
        "equivalent": gettext(lang, "{names} stay within {within}", names=names, within=within),
        "undecided": gettext(lang, "{names} are undecided", names=names),
    }.get(group[0].change, gettext(lang, "nothing is known of {names}", names=names))
    known = [between(effect, lang) for effect in group if math.isfinite(sum(effect.interval))]
    if not interval or not known or group[0].change == "same":
        return text
    ends = gettext(lang, "; ").join(known)
    if interval == "named":
        ends = gettext(lang, "95% intervals {ends}", ends=ends)
    return text + gettext(lang, " ({ends})", ends=ends)


def summary(
    reader: Reader,
    strategy: str,
    lang: str = "en",
    interval: bool = False,
    against: str | None = None,
    outcomes: tuple[str, ...] = HEADLINE,
) -> str:
    """Return one strategy's effect on the outcomes that are always told together.

    Returns
    -------
    str
        Without a full stop, so that it can be a title.
    """
    clauses = changes(reader.effects(strategy, outcomes, against), lang, interval, reader.margin)
    name = words.arm(strategy, lang)
    text = gettext(lang, "{name}: {clauses}", name=name, clauses=clauses)
    return text[0].upper() + text[1:]


def count(reader: Reader, lang: str = "en", names: Sequence[str] = ()) -> str:
    """Count the strategies (or arms that are named) in which each headline outcome falls, rises, stays or is open."""
    names = names or reader.strategies
    total = len(names)
    within = f"±{100 * reader.margin:g}%"
    kinds = {
        "falls": N_("fall in {n}"),
        "rises": N_("rise in {n}"),
        "falling": N_("fall by an open amount in {n}"),
        "rising": N_("rise by an open amount in {n}"),
        "equivalent": N_("stay within {within} in {n}"),
        "same": N_("are the same in {n}"),
        "undecided": N_("are undecided in {n}"),
    }
    pieces = []
    for outcome in HEADLINE:
        moves = [effect.change for arm in names if (effect := reader.effect(arm, outcome))]
        name = words.noun(outcome, lang).name
        told: list[str] = []
        for kind, message in kinds.items():
            if n := sum(move == kind or (kind == "equivalent" and move in ("lower", "higher")) for move in moves):
                many = gettext(lang, "all {n}", n=n) if n == total > 1 else str(n)
                told.append(gettext(lang, message, n=many, within=within))
        if told:
            counts = pgettext(lang, "between names", ", ").join(told)
            pieces.append(gettext(lang, "{name} {counts}", name=name, counts=counts))
    if not pieces:
        return ""
    return gettext(lang, "Of {total} strategies: {names}.", total=total, names=gettext(lang, "; ").join(pieces))


def best(reader: Reader, names: Sequence[str], lang: str = "en", never: bool = False) -> str:
    """Say under which coverage of some arms conflicts and standing disputes fall most, without a full stop.

    Parameters
    ----------
    reader, names, lang
        Whose effects, of which arms, in which language.
    never
        Say only what falls under none of them.
    """
    told, unmoved = [], []
    for outcome in ("conflicts", "standing"):
        found = [effect for name in names if (effect := reader.effect(name, outcome))]
        lower = [effect for effect in found if effect.change in DOWN]
        noun = words.noun(outcome, lang).name
        if lower:
            least = min(lower, key=lambda effect: effect.percent)
            whole = least.strategy == words.ARRANGEMENT
            name = words.arm("full" if whole else words.cover_of(least.strategy) or least.strategy, lang)
            told.append(gettext(
                lang,
                "{noun} fall most under {name} ({percent})",
                noun=noun, name=name, percent=percent(least.percent, signed=True)))
        elif found:
            unmoved.append(noun)
    told = [] if never else told
    if unmoved:
        told.append(gettext(lang, "no strategy lowers {names} for certain", names=gettext(lang, " or ").join(unmoved)))
    return pgettext(lang, "between clauses", ", ").join(told)


def opposite(one: str, other: str) -> bool:
    """Tell whether two changes go in opposite directions."""
    return (one in DOWN and other in UP) or (one in UP and other in DOWN)


def _better(effect: Effect) -> str:
    """Tell whether an arm is better, worse, equal (within the margin) or undecided beside its control."""
    match effect.change:
        case "falls" | "rises" if effect.better in ("lower", "higher"):
            return "better" if (effect.change == "falls") == (effect.better == "lower") else "worse"
        case "same" | "equivalent" | "lower" | "higher":
            return "equal"
        case _:
            return "undecided"


def beats_hours(reader: Reader, control: str) -> str:
    """Tell whether a policy beats the same hours, which a control has, in conflicts and standing disputes.

    Returns
    -------
    str
        `yes` (better in one, worse in none), `no` (better in neither), `mixed` (better in one, worse in the
        other) or `unknown`.
    """
    effects = reader.effects(words.base_of(control), ("conflicts", "standing"), control)
    found = {_better(effect) for effect in effects}
    if not effects:
        return "unknown"
    if "better" not in found:
        return "no" if "undecided" not in found or "worse" in found else "undecided"
    return "mixed" if "worse" in found else "yes"


def hours_answer(reader: Reader, control: str, lang: str = "en", numbers: bool = True) -> str:
    """Say whether a policy beats the same hours without a branch, which a control has; with numbers or without."""
    policy = words.base_of(control)
    name, hours = words.arm(policy, lang), words.same_hours(control, lang)
    facts = changes(reader.effects(policy, HEADLINE, control), lang, numbers, reader.margin)
    verdict = beats_hours(reader, control)
    text = gettext(lang, {
        "yes": N_("{name} beats {hours}"),
        "no": N_("{name} does not beat {hours}"),
        "mixed": N_("{name} beats {hours} in one of conflicts and standing disputes and loses in the other"),
        "undecided": N_("{name} is not shown to beat {hours} (undecided)"),
        "unknown": N_("{name} was not set against {hours}"),
    }[verdict], name=name, hours=hours)
    text = text[0].upper() + text[1:]
    if verdict == "unknown" or not numbers:
        return gettext(lang, "{text}.", text=text)
    return gettext(lang, "{text}: beside it, {facts}.", text=text, facts=facts)
