"""The answer in short: what was found, point by point, with the numbers that are always told together before it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from experiments.analyses.compare import comparison_findings as find
from experiments.analyses.compare.assumption_section import opening
from experiments.analyses.compare.channel_answer import ways, ways_told
from experiments.analyses.compare.comparison_view import HEADLINE, Effect, Reader
from experiments.core.statistics.effect import DOWN, UP
from experiments.reporting import words
from experiments.reporting.catalogue import gap, gettext
from experiments.reporting.clauses import capital, opposite
from experiments.reporting.document import Text, told
from experiments.reporting.elements import Html, join, table, tag
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import percent
from experiments.reporting.pages import sentence

__all__ = ["answer", "brief_answer", "cards", "findings", "glance"]

Point = tuple[Finding, Sequence[Text]]
"""A head, and what is said under it."""


def findings(result: Any) -> list[Finding]:
    """The answer in short, in the order of the report."""
    return [said for _, texts in _points(Reader(result), "en") for said in texts if isinstance(said, Finding)]


def answer(reader: Reader, lang: str) -> list[Html]:
    """Return the section's paragraphs."""
    reading = Finding(
        "comparison.reading", margin=reader.margin, further=reader.further is not None, ranged=bool(reader.ranged)
    )
    return [
        cards(reader, lang),
        *opening(reader, lang),
        _list(_points(reader, lang), lang),
        tag("p", reading.text(lang), class_="note"),
        glance(reader, lang),
        *ways(reader, lang),
    ]


def brief_answer(reader: Reader, lang: str) -> list[Html]:
    """Return the cards, and what has room beside them on one page: whether it is more than the hours, and the price."""
    return [cards(reader, lang), _list([_hours(reader), _cost(reader)], lang)]


def cards(reader: Reader, lang: str) -> Html:
    """Return the three numbers that are always told together, for each policy that the text speaks of."""
    parts = []
    for policy in reader.policies:
        parts += [tag("h3", capital(words.arm(policy, lang)))] if len(reader.policies) > 1 else []
        parts.append(tag("div", *(_card(effect, lang) for effect in reader.effects(policy)), class_="cards"))
    return join(parts)


def _card(effect: Effect, lang: str) -> Html:
    ids = ["comparison.chance", *(["comparison.reach", "comparison.shares"] if effect.ranged else [])]
    ids += ["comparison.together"] if effect.widened else []
    lines = [
        ("name", capital(words.noun(effect.outcome, lang).name)),
        ("size", percent(effect.percent, signed=True)),
        *(("more", sentence(lang, id, effect=effect)) for id in ids),
        ("more verdict", words.verdict(effect.verdict, lang)),
    ]
    return tag("div", *(tag("div", text, class_=kind) for kind, text in lines), class_=f"card {effect.verdict}")


def _list(points: Sequence[Point], lang: str) -> Html:
    between = gap(lang)
    return tag(
        "ul",
        *(
            tag("li", tag("strong", head.text(lang) + between), between.join(told(text, lang) for text in texts))
            for head, texts in points
            if texts
        ),
    )


def _points(reader: Reader, lang: str) -> list[Point]:
    """Return everything that is said; `lang` is that of what is no finding yet."""
    there = reader.further or reader
    place = [Finding("comparison.placed", sample=there.sample)] if reader.further else []
    further = [_parts(there), _attraction(there), _brought(there)]
    voices = [text for policy in reader.policies if (text := ways_told(reader, lang, policy))]
    return [
        *(_whole(reader, policy) for policy in reader.policies),
        _hours(reader),
        *((head, [*texts, *place] if texts else []) for head, texts in further),
        (Finding("comparison.point", name="ways"), voices),
        *((head, [*texts, *place] if texts else []) for head, texts in [_strategies(there)]),
        _cost(reader),
    ]


def _whole(reader: Reader, policy: str) -> Point:
    head = Finding("comparison.point", name="whole", policy=policy if len(reader.policies) > 1 else "")
    effects = reader.effects(policy)
    kinds = {effect.kind for effect in effects}
    whole = Finding(
        "comparison.whole",
        policy=policy,
        baseline=reader.baseline,
        effects=effects,
        margin=reader.margin,
        opposite=bool(kinds & DOWN and kinds & UP),
    )
    return head, [whole] if effects else []


def _hours(reader: Reader) -> Point:
    controls = [control for policy in reader.policies for control in reader.hours_controls(policy)]
    head = Finding("comparison.point", name="hours_of_several" if len(reader.policies) > 1 else "hours")
    return head, [find.hours(reader, control) for control in controls] or [Finding("comparison.no_hours")]


def _parts(reader: Reader) -> Point:
    arms = [arm for arm in (reader.part("mediation alone"), reader.part("routine services alone")) if arm]
    said = [
        Finding("comparison.part_alone", part=find.role(arm), effects=reader.effects(arm), margin=reader.margin)
        for arm in arms
    ]
    if len(arms) == 2:
        pairs = {outcome: [reader.effect(arm, outcome) for arm in arms] for outcome in HEADLINE}
        opposed = [outcome for outcome, (one, other) in pairs.items() if one and other and opposite(one, other)]
        said.append(Finding("comparison.parts_opposed", outcomes=opposed))
    return Finding("comparison.point", name="parts"), said


def _attraction(reader: Reader) -> Point:
    control, exact = reader.control("placebo"), find.placebo_is_exact(reader)
    said = []
    if control:
        said.append(Finding("comparison.attraction", effects=reader.effects(control), margin=reader.margin))
    if exact is not None:
        said.append(Finding("comparison.placebo", exact=exact))
    return Finding("comparison.point", name="attraction"), said


def _brought(reader: Reader) -> Point:
    found = filter(None, (find.brought(reader, outcome) for outcome in find.TWO))
    return Finding("comparison.point", name="brought"), [Finding("comparison.stopped", part=one) for one in found]


def _strategies(reader: Reader) -> Point:
    head = Finding("comparison.point", name="strategies")
    if len(reader.strategies) <= len(reader.policies):
        return head, []
    alone = list(_lowest(reader, [arm for arm in reader.strategies if arm != words.ARRANGEMENT]))
    whole = [arm for arm in reader.strategies if arm == words.ARRANGEMENT] if reader.covers else []
    covers = list(_lowest(reader, [*whole, *reader.covers]))
    return head, [
        *alone,
        *([Finding("comparison.as_coverage", parts=covers)] if covers else []),
        Finding("comparison.not_each_other"),
    ]


def _lowest(reader: Reader, arms: Sequence[str]) -> Iterator[Finding]:
    """Find under which arm conflicts and standing disputes fall most, and what else happens there."""
    least = [effect for outcome in find.TWO if (effect := find.lowest(reader, arms, outcome))]
    for effect in least:
        beside = [other for other in reader.effects(effect.strategy) if other.outcome != effect.outcome]
        yield Finding(
            "comparison.lowest",
            coverage=find.coverage_of(effect.strategy),
            effect=effect,
            beside=beside,
            margin=reader.margin,
        )
    if len(least) < 2 and (never := find.best(reader, arms, never=True)):
        yield Finding("comparison.none_lowers", best=never)


def _cost(reader: Reader) -> Point:
    said = []
    for policy in reader.policies:
        hours, reporting, purse = (
            effect if effect and math.isfinite(effect.difference) else None
            for effect in (reader.effect(policy, name) for name in ("hours", "reporting_hours", "yuan_purse"))
        )
        if hours:
            spent = purse if purse and purse.difference else None
            said.append(Finding("comparison.cost", policy=policy, hours=hours, reporting=reporting, purse=spent))
    return Finding("comparison.point", name="cost"), said


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
    apart: list[tuple[str, str, str | None]] = [
        (find.role(arm).text(lang), arm, None) for arm in there.components()[1:]
    ]
    group(gettext(lang, "Against {base}", base=base), reader, own if reader.further else [*own, *apart])
    for policy in reader.policies:
        name, controls = capital(words.arm(policy, lang)), reader.hours_controls(policy)
        lines = [(words.arm(control, lang, short=True), policy, control) for control in controls]
        group(gettext(lang, "{name} against", name=name), reader, lines)
    if reader.further:
        focus = capital(words.arm(there.focus, lang))
        group(gettext(lang, "{arm} taken apart, against {base}", arm=focus, base=base), there, apart)
    group(
        sentence(lang, "comparison.heads.lesser"),
        there,
        [(words.arm(name, lang, short=True), name, whole) for name in there.lesser for whole in there.wholes(name)],
    )
    nouns = (words.noun(outcome, lang).name.capitalize() for outcome in outcomes)
    return table([sentence(lang, "comparison.heads.effects"), *nouns], groups, kind="glance")


def _cell(effect: Effect | None, lang: str) -> Html:
    if effect is None or effect.kind == "unknown":
        return Html("–")
    return join(
        [
            tag("span", percent(effect.percent, signed=True), class_=f"verdict {effect.verdict}"),
            tag("span", sentence(lang, "comparison.cell", effect=effect), class_="under"),
            tag("span", words.verdict(effect.verdict, lang), class_="under"),
        ]
    )
