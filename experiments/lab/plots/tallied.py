"""What a sweep shows, as sentences: where an arm lowers an outcome, and which parameters that follows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.lab.plots import words
from experiments.lab.plots.clauses import Move, capital, listed, sized
from experiments.lab.plots.numbers import amount, written
from experiments.lab.plots.words import pick
from experiments.lab.sweep.tally import Pull, Span, Tally, pulls_of, spans, tally
from experiments.reporting.catalogue import gettext, ngettext

if TYPE_CHECKING:
    from experiments.lab.sweep.swept import Swept

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
    >>> counted(Tally(16, 0, 0, -1.0, -0.5, 0.2, False), "conflicts", "full", "zh")
    '在 16 个点中，没有一个点上全覆盖明确改变纠纷'
    """
    noun, plural = words.noun(outcome, lang)
    who, them = words.arm(arm, lang), "them" if plural else "it"
    n, falls, rises = counts.points, counts.falls, counts.rises
    alone = gettext(lang, ", by the sign of a single pair of runs") if counts.alone else ""
    if not falls and not rises:
        english = f"at none of {n} points is {who} shown to change {noun}"
        return capital(pick(lang, english, f"在 {n} 个点中，没有一个点上{who}明确改变{noun}")) + alone
    parts: list[str] = []
    for count, verb, chinese in ((falls, "lowers", "降低"), (rises, "raises", "升高")):
        if count:
            many = f"all {n} points" if count == n > 1 else str(count) if parts else f"{count} of {n} points"
            what = them if parts else noun
            parts.append(pick(lang, f"{verb} {what} at {many}", f"{count} 个{chinese}"))
    if lang == "zh":
        unclear = f"、{counts.unclear} 个方向不明" if counts.unclear else ""
        return f"在 {n} 个点中，{who}使{noun}：{'、'.join(parts)}{unclear}{alone}"
    return capital(f"{who} {' and '.join(parts)}{alone}")


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
    what = pick(lang, "The change lies" if base else f"{capital(noun)} {'lie' if plural else 'lies'}",
                "变化" if base else noun)  # fmt: skip
    it = "it is" if base or not plural else "they are"
    return gettext(
        lang,
        "{what} between {low} and {high}; at half of the points {it} below {middle}",
        what=what, low=low, high=high, it=it, middle=middle)


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
        english = f"There are too few points to tell which parameter {noun} follow"
        return pick(lang, english, f"点数不足，无法判断{noun}随何变化")
    many, count = len(found), result.plan.replicates
    lived = gettext(lang, " and {count} replicates", count=count) if count > 1 else ""
    chance = ngettext(
        lang,
        "the clearest, {pull}, is within what chance makes of {number} parameter at {points} points{lived}",
        "the clearest, {pull}, is within what chance makes of {number} parameters at {points} points{lived}",
        many, pull=_pull(found[0], lang), points=len(result.points), lived=lived)
    return _nothing(subject, chance, lang)


def _nothing(subject: str, why: str, lang: str) -> str:
    english = f"No single parameter is shown to move {subject}: {why}"
    return pick(lang, english, f"没有单个参数被证实影响{subject}：{why}")


def _subject(result: Swept, outcome: str, lang: str) -> str:
    """Name what follows; an arm's effect was told of in the sentence before."""
    return gettext(lang, "this effect") if result.plan.baseline else words.noun(outcome, lang).name


def _pull(pull: Pull, lang: str) -> str:
    if math.isnan(pull.correlation):
        english = f"{pull.name} (difference of its levels, p = {pull.p:.2g})"
        return pick(lang, english, f"{pull.name}（各水平之别，p = {pull.p:.2g}）")
    size = _rank(pull.correlation)
    return gettext(lang, "{name} (rank correlation {size})", name=pull.name, size=size)


def _rank(correlation: float) -> str:
    return written(correlation, "+.2f")


def _pulled(clear: Sequence[Pull], result: Swept, outcome: str, arm: str, lang: str) -> str:
    first, rest = clear[0], clear[1:MOST]
    noun, plural = words.noun(outcome, lang)
    base = result.plan.baseline
    under = gettext(lang, " under {arm}", arm=words.arm(arm, lang)) if arm else ""
    beside = gettext(lang, " beside {arm}", arm=words.arm(base, lang)) if base else ""
    if math.isnan(first.correlation):
        differ = "differ" if plural else "differs"
        english = f"{capital(noun)}{under}{beside} {differ} most clearly between the levels of"
        text = pick(
            lang,
            f"{english} {first.name} (p = {first.p:.2g})",
            f"{under}{noun}{beside}在 {first.name} 的各水平间差别最明确（p = {first.p:.2g}）",
        )
    else:
        up = first.correlation > 0
        size, low, high = (_rank(value) for value in (first.correlation, first.low, first.high))
        more = ("more" if up else "fewer") if plural else ("higher" if up else "lower")
        english = f"The higher {first.name}, the {more} {noun}{under}{beside}"
        chinese = f"{first.name} 越高，{under}{noun}{beside}越{'高' if up else '低'}"
        text = pick(
            lang,
            f"{english} (rank correlation {size}, 95% interval over points {low} to {high})",
            f"{chinese}（秩相关 {size}，各点间 95% 区间 {low} 至 {high}）",
        )
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
        name=first.name, subject=subject, size=move.size(lang, signed=True), interval=move.interval(lang),
        level=level(first.start), level_2=level(first.end))


def level(value: Any) -> str:
    """Write a parameter's value.

    Examples
    --------
    >>> level(0.05), level(20), level(True), level("linear")
    ('0.05', '20', 'on', 'linear')
    """
    if isinstance(value, str):
        return value
    if value is None:
        return "none"
    if isinstance(value, bool) or str(value) in ("True", "False"):
        return "on" if value else "off"
    return written(float(value), ".4g")
