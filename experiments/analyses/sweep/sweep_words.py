"""What a sweep shows, as sentences: where an arm lowers an outcome, and which parameters that follows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from experiments.analyses.sweep.tally import Pull, Span, Tally, pulls_of, spans, tally
from experiments.reporting import words
from experiments.reporting.catalogue import N_, gettext, ngettext
from experiments.reporting.clauses import Move, capital, listed, sized
from experiments.reporting.numbers import amount, written

if TYPE_CHECKING:
    from experiments.analyses.sweep.swept import Swept

__all__ = ["counted", "followed", "level", "ranged", "told"]

MOST = 3
"""Parameters that a sentence names at most."""


def told(result: Swept, outcome: str, arm: str, lang: str = "en") -> list[str]:
    """Say of an outcome and an arm what all points show, a sentence each, without full stops; the title comes first."""
    counts = tally(result, outcome, arm)
    if not counts.points:
        noun = words.noun(outcome, lang).name
        return [gettext(lang, "Nothing is known of {noun}", noun=noun)]
    base = result.plan.baseline
    sentences = [counted(counts, outcome, arm, lang)] if base else []
    sentences.append(followed(result, outcome, arm, lang))
    return [*sentences, ranged(counts, outcome, arm, base, lang)]


def counted(counts: Tally, outcome: str, arm: str, lang: str = "en") -> str:
    """Say at how many points an arm lowers and raises an outcome.

    Examples
    --------
    >>> counted(Tally(16, 9, 2, -1.0, -0.5, 0.2, False), "conflicts", "full")
    'Full coverage lowers conflicts at 9 of 16 points and raises them at 2'
    >>> counted(Tally(16, 0, 0, -1.0, -0.5, 0.2, False), "conflicts", "full")
    'At none of 16 points is full coverage shown to change conflicts'
    """
    noun, plural = words.noun(outcome, lang)
    n, falls, rises = counts.points, counts.falls, counts.rises
    if falls and rises:
        told = (
            N_("{who} lowers {noun} at {falls} of {n} points and raises them at {rises}")
            if plural else
            N_("{who} lowers {noun} at {falls} of {n} points and raises it at {rises}"))
    elif falls:
        told = (
            N_("{who} lowers {noun} at all {n} points")
            if falls == n > 1 else
            N_("{who} lowers {noun} at {falls} of {n} points"))
    elif rises:
        told = (
            N_("{who} raises {noun} at all {n} points")
            if rises == n > 1 else
            N_("{who} raises {noun} at {rises} of {n} points"))
    else:
        told = N_("at none of {n} points is {who} shown to change {noun}")
    text = gettext(lang, told, who=words.arm(arm, lang), noun=noun, n=n, falls=falls, rises=rises)
    if lang == "zh" and counts.unclear and (falls or rises):  # English leaves the rest to the reader
        text += gettext(lang, ", unclear at {unclear}", unclear=counts.unclear)
    alone = gettext(lang, ", by the sign of a single pair of runs") if counts.alone else ""
    return capital(text) + alone


def ranged(counts: Tally, outcome: str, arm: str, base: str, lang: str = "en") -> str:
    """Say between what values an outcome, or an arm's change of it, lies over the points.

    Examples
    --------
    >>> ranged(Tally(16, 9, 2, -1.0, -0.5, 0.2, False), "conflicts", "full", "none")
    'The change lies between −1 and +0.2 per 1,000 households and week; at half of the points it is below −0.5'
    """
    signed = bool(base)
    low, high = amount(counts.lowest, signed), sized(outcome, counts.highest, lang, signed)
    middle = amount(counts.middle, signed)
    low, middle = (text.rstrip("0").rstrip(".") if "." in text else text for text in (low, middle))
    noun, plural = words.noun(outcome, lang)
    if base:
        message = N_("The change lies between {low} and {high}; at half of the points it is below {middle}")
    elif plural:
        message = N_("{noun} lie between {low} and {high}; at half of the points they are below {middle}")
    else:
        message = N_("{noun} lies between {low} and {high}; at half of the points it is below {middle}")
    return gettext(lang, message, noun=capital(noun), low=low, high=high, middle=middle)


def followed(result: Swept, outcome: str, arm: str, lang: str = "en") -> str:
    """Say which parameters an outcome, or an arm's change of it, follows over the points."""
    if result.plan.kind == "one-at-a-time":
        return _spanned(spans(result, outcome, arm), result, outcome, lang)
    found = pulls_of(result, outcome, arm)
    clear = [pull for pull in found if pull.clear]
    if clear:
        return _pulled(clear, result, outcome, arm, lang)
    noun, subject = words.noun(outcome, lang).name, _subject(result, outcome, lang)
    if not found:
        return gettext(lang, "There are too few points to tell which parameter {noun} follow", noun=noun)
    many, count = len(found), result.plan.replicates
    lived = gettext(lang, " and {count} replicates", count=count) if count > 1 else ""
    chance = ngettext(
        lang,
        "the clearest, {pull}, is within what chance makes of {number} parameter at {points} points{lived}",
        "the clearest, {pull}, is within what chance makes of {number} parameters at {points} points{lived}",
        many, pull=_pull(found[0], lang), points=len(result.points), lived=lived)
    return _nothing(subject, chance, lang)


def _nothing(subject: str, why: str, lang: str) -> str:
    return gettext(lang, "No single parameter is shown to move {subject}: {why}", subject=subject, why=why)


def _subject(result: Swept, outcome: str, lang: str) -> str:
    """Name what follows; an arm's effect was told of in the sentence before."""
    return gettext(lang, "this effect") if result.plan.baseline else words.noun(outcome, lang).name


def _pull(pull: Pull, lang: str) -> str:
    if math.isnan(pull.correlation):
        return gettext(lang, "{name} (difference of its levels, p = {p:.2g})", name=pull.name, p=pull.p)
    size = _rank(pull.correlation)
    return gettext(lang, "{name} (rank correlation {size})", name=pull.name, size=size)


def _rank(correlation: float) -> str:
    return written(correlation, "+.2f")


FOLLOWS: Final[dict[tuple[bool, bool], str]] = {
    (True, True): N_(
        "The higher {name}, the more {noun}{under}{beside} (rank correlation {size}, 95% interval over points {low} to "
        "{high})"),
    (True, False): N_(
        "The higher {name}, the higher {noun}{under}{beside} (rank correlation {size}, 95% interval over points {low} "
        "to {high})"),
    (False, True): N_(
        "The higher {name}, the fewer {noun}{under}{beside} (rank correlation {size}, 95% interval over points {low} "
        "to {high})"),
    (False, False): N_(
        "The higher {name}, the lower {noun}{under}{beside} (rank correlation {size}, 95% interval over points {low} "
        "to {high})"),
}
"""How an outcome follows a parameter, by whether it rises with it and whether its noun is plural."""


def _pulled(clear: Sequence[Pull], result: Swept, outcome: str, arm: str, lang: str) -> str:
    first, rest = clear[0], clear[1:MOST]
    noun, plural = words.noun(outcome, lang)
    base = result.plan.baseline
    under = gettext(lang, " under {arm}", arm=words.arm(arm, lang)) if arm else ""
    beside = gettext(lang, " beside {arm}", arm=words.arm(base, lang)) if base else ""
    where = {"noun": noun, "under": under, "beside": beside, "name": first.name}
    if math.isnan(first.correlation):
        message = (
            N_("{noun}{under}{beside} differ most clearly between the levels of {name} (p = {p:.2g})")
            if plural else
            N_("{noun}{under}{beside} differs most clearly between the levels of {name} (p = {p:.2g})"))
        text = gettext(lang, message, **where | {"noun": capital(noun)}, p=first.p)
    else:
        size, low, high = (_rank(value) for value in (first.correlation, first.low, first.high))
        text = gettext(lang, FOLLOWS[first.correlation > 0, plural], **where, size=size, low=low, high=high)
    if rest:
        names = listed([_pull(pull, lang) for pull in rest], lang)
        left = len(clear) - 1 - len(rest)
        text += gettext(lang, "; clear too: {names}", names=names)
        text += gettext(lang, " and {left} more", left=left) if left else ""
    if first.alone:
        text += gettext(lang, "; this holds for the chance of the single replicate that all points share")  # fmt: skip
    return text


def _spanned(found: Sequence[Span], result: Swept, outcome: str, lang: str) -> str:
    subject = _subject(result, outcome, lang)
    clear = [span for span in found if span.clear]
    if not clear:
        if found and found[0].change.replicates == 1:
            return _nothing(subject, gettext(lang, "a single replicate has no interval"), lang)
        return _nothing(subject, gettext(lang, "every interval covers zero"), lang)
    first, change = clear[0], clear[0].change
    move = Move(outcome, change.difference, change.ci_low, change.ci_high)
    return gettext(
        lang,
        "{name} moves {subject} most, by {size} ({interval}) from {level} to {level_2}",
        name=first.name, subject=subject, size=move.size(lang, signed=True), interval=move.ends(lang),
        level=level(first.start, lang), level_2=level(first.end, lang))


def level(value: Any, lang: str = "en") -> str:
    """Write a parameter's value.

    Examples
    --------
    >>> level(0.05), level(20), level(True), level("linear")
    ('0.05', '20', 'on', 'linear')
    """
    if isinstance(value, str):
        return value
    if value is None:
        return gettext(lang, "none")
    if isinstance(value, bool) or str(value) in ("True", "False"):
        return gettext(lang, "on") if value else gettext(lang, "off")
    return written(float(value), ".4g")
