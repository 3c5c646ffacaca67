"""The answer in short: sentences worked out from the table, for either sign, for equality and for doubt."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.analyses.compare import comparison_sentences as sentences
from experiments.analyses.compare.assumption_section import opening
from experiments.analyses.compare.channel_answer import ways, ways_told
from experiments.analyses.compare.comparison_view import HEADLINE, Effect, Reader
from experiments.analyses.compare.components import brought, role
from experiments.core.statistics.effect import DOWN, UP
from experiments.reporting import words
from experiments.reporting.catalogue import gap, gettext
from experiments.reporting.clauses import capital
from experiments.reporting.elements import Html, join, table, tag
from experiments.reporting.numbers import amount, percent

__all__ = ["answer", "brief_answer", "cards", "glance", "placebo_is_exact"]


def answer(reader: Reader, lang: str) -> list[Html]:
    """Return the section's paragraphs."""
    there = reader.further or reader
    told = [
        *(_whole(reader, policy, lang) for policy in reader.policies),
        *_hours(reader, lang),
        *(_placed(one, there, lang)
          for one in (*_parts(there, lang), *_attraction(there, lang), *_brought(there, lang))),
        *_ways(reader, lang),
        *(_placed(one, there, lang) for one in _best(there, lang)),
        *_price(reader, lang),
    ]
    items = [tag("li", tag("strong", f"{head}{gap(lang)}"), text) for head, text in told if text]
    margin = f"{100 * reader.margin:g}%"
    note = (
        gettext(
            lang,
            "In brackets stand 95% intervals of the mean paired difference. Verdicts are read from wider ones, "
            "which hold for all comparisons of one ground together, beside the margin of ±{margin}. What is "
            "called undecided holds zero there and reaches beyond the margin.{ranged}",
            margin=margin, ranged=_ranged(reader, lang))
        if reader.further else
        gettext(
            lang,
            "In brackets stand 95% intervals of the mean paired difference. Verdicts are read from wider ones, "
            "which hold for all comparisons of the table together, beside the margin of ±{margin}. What is "
            "called undecided holds zero there and reaches beyond the margin.{ranged}",
            margin=margin, ranged=_ranged(reader, lang)))
    return [
        cards(reader, lang), *opening(reader, lang), tag("ul", *items), tag("p", note, class_="note"),
        glance(reader, lang), *ways(reader, lang),
    ]  # fmt: skip


def brief_answer(reader: Reader, lang: str) -> list[Html]:
    """Return the cards, and what has room beside them on one page: whether it is more than the hours, and the price."""
    told = [*_hours(reader, lang), *_price(reader, lang)]
    items = [tag("li", tag("strong", f"{head}{gap(lang)}"), text) for head, text in told if text]
    return [cards(reader, lang), tag("ul", *items)]


def cards(reader: Reader, lang: str) -> Html:
    """Return the three numbers that are always told together, for each policy that the text speaks of."""
    if len(reader.policies) == 1:
        return _cards(reader, reader.focus, lang)
    return join([
        part
        for policy in reader.policies
        for part in (tag("h3", capital(words.arm(policy, lang))), _cards(reader, policy, lang))
    ])


def _cards(reader: Reader, policy: str, lang: str) -> Html:
    made = []
    for effect in reader.effects(policy):
        name = words.noun(effect.outcome, lang).name
        low, high = (percent(end, signed=True) for end in effect.interval)
        size = percent(effect.percent, signed=True)
        if effect.change == "same":
            size = "0%"
        made.append(
            tag(
                "div",
                tag("div", name[0].upper() + name[1:], class_="name"),
                tag("div", size, class_="size"),
                tag(
                    "div",
                    gettext(lang, "95% interval {low} to {high}", low=low, high=high),
                    class_="more",
                ),
                *(tag("div", text, class_="more") for text in (*_over(effect, lang), *_judged(effect, lang))),
                tag("div", words.verdict(effect.verdict, lang), class_="more verdict"),
                class_=f"card {effect.verdict}",
            )
        )
    return tag("div", *made, class_="cards")


def _ranged(reader: Reader, lang: str) -> str:
    """Return what the second of two intervals is; nothing where there is one."""
    if not reader.ranged:
        return ""
    return gettext(
        lang,
        " Behind a semicolon stands the range over assumptions, which more replicates do not make narrower, and "
        "in what share of its worlds the effect lies beyond the margin on either side.")


def _over(effect: Effect, lang: str) -> list[str]:
    """Return how far an effect reaches over assumptions, for its card."""
    if not effect.ranged:
        return []
    ends = sentences.over(effect, lang)
    return [
        gettext(lang, "over assumptions, 90%: {ends}", ends=ends),
        sentences.shares(effect, lang),
    ]


def _judged(effect: Effect, lang: str) -> list[str]:
    """Return the wider interval from which an effect's verdict is read, for its card."""
    ends = _all_together(effect, lang)
    return [gettext(lang, "all comparisons together: {ends}", ends=ends)] if ends else []


def _all_together(effect: Effect, lang: str) -> str:
    """Return the interval that holds for all comparisons together; nothing where there is one comparison alone."""
    if not math.isfinite(sum(effect.wider)) or effect.wider == effect.interval:
        return ""
    low, high = (percent(end, signed=True) for end in effect.wider)
    return gettext(lang, "{low} to {high}", low=low, high=high)


def _placed(told: tuple[str, str], reader: Reader, lang: str) -> tuple[str, str]:
    """Add to what is told of further arms on what ground they were run."""
    head, text = told
    if not (reader.apart and reader.further is None and text):
        return told
    return head, text + gettext(lang, " (In {units}.)", units=reader.units(lang))


def _whole(reader: Reader, policy: str, lang: str) -> tuple[str, str]:
    head = gettext(lang, "The whole.")
    if len(reader.policies) > 1:
        head = gettext(lang, "{arm}.", arm=capital(words.arm(policy, lang)))
    effects = reader.effects(policy)
    if not effects:
        return head, ""
    name, base = words.arm(policy, lang), words.arm(reader.baseline, lang)
    clauses = sentences.changes(effects, lang, True, reader.margin)
    moves = {effect.change for effect in effects}
    text = gettext(lang, "Under {name}, compared with {base}, {clauses}.", name=name, base=base, clauses=clauses)
    if moves & DOWN and moves & UP:
        text += gettext(lang, " The three move in opposite directions: none of them alone describes the policy.")
    return head, text


def _hours(reader: Reader, lang: str) -> list[tuple[str, str]]:
    head = gettext(lang, "Branch, or only hours?")
    if len(reader.policies) > 1:
        head = gettext(lang, "More than the hours?")
    answers = [
        sentences.hours_answer(reader, control, lang)
        for policy in reader.policies for control in reader.hours_controls(policy)
    ]
    if not answers:
        text = gettext(
            lang,
            "This comparison was run without the control that has the same hours and no branch, so it cannot "
            "tell the branch from its hours.")
        return [(head, text)]
    return [(head, gap(lang).join(answers))]


def _brought(reader: Reader, lang: str) -> list[tuple[str, str]]:
    told = [text for outcome in ("conflicts", "standing") if (text := brought(reader, outcome, lang))]
    text = "".join(gettext(lang, "{one}. ", one=one) for one in told).strip()
    return [(gettext(lang, "What do the parts of the arrangement bring?"), text)]


def _ways(reader: Reader, lang: str) -> list[tuple[str, str]]:
    head = gettext(lang, "Who speaks, and to whom?")
    return [(head, gap(lang).join(filter(None, (ways_told(reader, lang, one) for one in reader.policies))))]


def _parts(reader: Reader, lang: str) -> list[tuple[str, str]]:
    names = [name for name in (reader.part("mediation alone"), reader.part("routine services alone")) if name]
    told = []
    for name in names:
        clauses = sentences.changes(reader.effects(name), lang, True, reader.margin)
        what = role(name, lang)
        told.append(gettext(lang, "With {what}, {clauses}.", what=what, clauses=clauses))
    if len(names) == 2:
        opposed = [
            outcome
            for outcome in HEADLINE
            if _opposed(reader.effect(names[0], outcome), reader.effect(names[1], outcome))
        ]
        listed = gettext(lang, " and ").join(words.noun(outcome, lang).name for outcome in opposed)
        if opposed:
            told.append(
                gettext(lang, "The two parts have opposite signs in {listed}.", listed=listed)
            )
        else:
            told.append(
                gettext(lang, "In none of the three do the two parts have certain and opposite signs.")
            )
    return [
        (gettext(lang, "Mediation and routine services."), gap(lang).join(told))
    ]


def _opposed(first: Effect | None, second: Effect | None) -> bool:
    return first is not None and second is not None and sentences.opposite(first.change, second.change)


def _attraction(reader: Reader, lang: str) -> list[tuple[str, str]]:
    told = []
    if control := reader.control("placebo"):
        clauses = sentences.changes(reader.effects(control), lang, True, reader.margin)
        told.append(
            gettext(
                lang,
                "With the names and the channel of branches but no hours behind them, {clauses}.",
                clauses=clauses)
        )
    if (exact := placebo_is_exact(reader)) is not None:
        if exact:
            told.append(
                gettext(lang, "With the names alone nothing changes at all, as it must.")
            )
        else:
            told.append(
                gettext(
                    lang,
                    "With the names alone something changes, which must not be: do not rely on these results.")
            )
    return [(gettext(lang, "Attraction alone."), gap(lang).join(told))]


def placebo_is_exact(reader: Reader) -> bool | None:
    """Tell whether the placebo without a channel equals the baseline exactly; None where it was not run."""
    name = reader.control("placebo, no channel")
    if name is None:
        return None
    effects = reader.effects(name, tuple(reader.outcomes))
    known = [effect for effect in effects if math.isfinite(effect.difference)]
    return all(effect.difference == 0 and effect.low == 0 and effect.high == 0 for effect in known)


def _best(reader: Reader, lang: str) -> list[tuple[str, str]]:
    if len(reader.strategies) <= len(reader.policies):
        return []
    told = []
    for names, where in (
        ([name for name in reader.strategies if name != words.ARRANGEMENT], ""),
        ([*filter(words.ARRANGEMENT.__eq__, reader.strategies if reader.covers else ()), *reader.covers],
         gettext(lang, "As the coverage of the arrangement: ")),
    ):
        lowest = [text for outcome in ("conflicts", "standing") if (text := _lowest(reader, names, outcome, lang))]
        if len(lowest) < 2 and (text := sentences.best(reader, names, lang, never=True)):
            lowest.append(capital(text) + gettext(lang, "."))
        if text := gap(lang).join(lowest):
            told.append(f"{where}{text[0].lower()}{text[1:]}" if where else text)
    told.append(
        gettext(
            lang,
            "Strategies were set against the baseline, not against each other: a close second may be as good.")
    )
    return [(gettext(lang, "Which strategy?"), gap(lang).join(told))]


def _lowest(reader: Reader, names: Sequence[str], outcome: str, lang: str) -> str:
    """Say under which arm an outcome falls most, and what else happens there; empty where it is not known."""
    found = [effect for name in names if (effect := reader.effect(name, outcome))]
    name = words.noun(outcome, lang).name
    lower = [effect for effect in found if effect.change in DOWN]
    if not found:
        return ""
    if not lower:
        return ""
    best = min(lower, key=lambda effect: effect.percent)
    whole = best.strategy == words.ARRANGEMENT
    label = words.arm("full" if whole else words.cover_of(best.strategy) or best.strategy, lang)
    beside = [effect for effect in reader.effects(best.strategy) if effect.outcome != outcome]
    others = sentences.changes(beside, lang, False, reader.margin)
    return gettext(
        lang,
        "{name} fall most under {label}, by {percent} ({between}); there {others}.",
        name=capital(name), label=label, percent=percent(abs(best.percent)), between=sentences.between(best, lang),
        others=others)


def _price(reader: Reader, lang: str) -> list[tuple[str, str]]:
    told = [text for policy in reader.policies if (text := _takes(reader, policy, lang))]
    return [(gettext(lang, "At what cost?"), gap(lang).join(told))]


def _takes(reader: Reader, policy: str, lang: str) -> str:
    hours, reporting = reader.effect(policy, "hours"), reader.effect(policy, "reporting_hours")
    if hours is None or not math.isfinite(hours.difference):
        return ""
    name, size = words.arm(policy, lang), amount(abs(hours.difference))
    more = hours.difference >= 0
    low, high = (amount(end, signed=True) for end in (hours.low, hours.high))
    text = (
        gettext(
            lang,
            "{name} adds {size} hours a week at desks and in branches (95% interval {low} to {high})",
            name=capital(name), size=size, low=low, high=high)
        if more else
        gettext(
            lang,
            "{name} saves {size} hours a week at desks and in branches (95% interval {low} to {high})",
            name=capital(name), size=size, low=low, high=high))
    if reporting is not None and math.isfinite(reporting.difference):
        part = amount(reporting.difference)
        text += gettext(lang, "; {part} hours a week go to reporting", part=part)
    purse = reader.effect(policy, "yuan_purse")
    if purse is not None and purse.difference:
        more, size = purse.difference > 0, amount(abs(purse.difference))
        text += (
            gettext(lang, "; {size} yuan a week more of public money are spent", size=size)
            if more else
            gettext(lang, "; {size} yuan a week less of public money are spent", size=size))
    return text + gettext(lang, ".")


def glance(reader: Reader, lang: str) -> Html:
    """Return the table of what the sentences say: the policies, their parts, and the same hours."""
    outcomes = [name for name in (*HEADLINE, "open") if name in reader.outcomes]
    there, base = reader.further or reader, words.arm(reader.baseline, lang)
    groups: list[tuple[str, list[list[str]]]] = []

    def group(title: str, source: Reader, lines: Sequence[tuple[str, str, str | None]]) -> None:
        rows = [
            [capital(label), *(_cell(source.effect(arm, outcome, against), lang) for outcome in outcomes)]
            for label, arm, against in lines
            if any(source.effect(arm, outcome, against) for outcome in outcomes)
        ]
        if rows:
            place = gettext(lang, " ({units})", units=source.units(lang)) if reader.further else ""
            groups.append((f"{title}{place}", rows))

    own: list[tuple[str, str, str | None]] = [(words.arm(policy, lang), policy, None) for policy in reader.policies]
    apart: list[tuple[str, str, str | None]] = [(role(arm, lang), arm, None) for arm in there.components()[1:]]
    group(gettext(lang, "Against {base}", base=base), reader, own if reader.further else [*own, *apart])
    for policy in reader.policies:
        name, controls = words.arm(policy, lang), reader.hours_controls(policy)
        group(
            gettext(lang, "{name} against", name=capital(name)), reader,
            [(words.arm(control, lang, short=True), policy, control) for control in controls])
    if reader.further:
        group(gettext(
            lang,
            "{arm} taken apart, against {base}",
            arm=capital(words.arm(there.focus, lang)), base=base), there, apart)
    group(gettext(lang, "The arrangement less a part, against the whole"), there,
          [(words.arm(name, lang, short=True), name, whole) for name in there.lesser for whole in there.wholes(name)])
    head = [
        gettext(lang, "Change in per cent, 95% interval for all comparisons together, verdict"),
        *(words.noun(outcome, lang).name.capitalize() for outcome in outcomes),
    ]
    return table(head, groups, kind="glance")


def _cell(effect: Effect | None, lang: str) -> Html:
    if effect is None or effect.change == "unknown":
        return Html("–")
    if effect.change == "same":
        size, ends = "0%", gettext(lang, "exactly the same")
    else:
        size = percent(effect.percent, signed=True)
        low, high = (percent(end, signed=True) for end in effect.interval)
        ends = _all_together(effect, lang) or gettext(lang, "{low} to {high}", low=low, high=high)
    return join(
        [
            tag("span", size, class_=f"verdict {effect.verdict}"),
            tag("span", f"{ends}", class_="under"),
            tag("span", words.verdict(effect.verdict, lang), class_="under"),
        ]
    )
