"""The answer in short: what was found, point by point, with the numbers that are always given together before it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from experiments.analyses.compare import comparison_findings as find
from experiments.analyses.compare.assumption_section import deciding, opening
from experiments.analyses.compare.channel_answer import channel_finding, channel_table
from experiments.analyses.compare.comparison_view import HEADLINE, Reader
from experiments.core.statistics.effect import DOWN, UP
from experiments.reporting import words
from experiments.reporting.clauses import opposite
from experiments.reporting.finding import Block, Finding

Point = tuple[Finding, Sequence[Finding]]
"""A head, and what is said under it."""
Line = tuple[Finding, str, str | None]
"""Of a table: its label, an arm, and what it is set against; None for the baseline."""


def findings(reader: Reader) -> list[Finding]:
    """Find the answer in short, in the order of the report."""
    causes = [finding for head, texts in deciding(reader) for finding in (head, *texts)]
    return causes + [finding for _, texts in _points(reader) for finding in texts]


def answer(reader: Reader) -> Block:
    """Return the section."""
    reading = Finding(
        "comparison.reading", margin=reader.margin, further=reader.further is not None, ranged=bool(reader.ranged)
    )
    points = Block("comparison_parts.points", points=_points(reader), reading=reading)
    return Block(
        "sections.parts", content=[cards(reader), opening(reader), points, glance(reader), channel_table(reader)]
    )


def brief_answer(reader: Reader) -> Block:
    """Return the cards, and what has room beside them on one page: whether it is more than the hours, and the price."""
    points = Block("comparison_parts.points", points=[_hours(reader), _cost(reader)])
    return Block("sections.parts", content=[cards(reader), points])


def cards(reader: Reader) -> Block:
    """Return the three numbers that are always given together, for each policy that the text speaks of."""
    return Block("comparison_parts.cards", policies={policy: reader.effects(policy) for policy in reader.policies})


def _points(reader: Reader) -> list[Point]:
    """Return everything that is said."""
    ground = reader.further or reader
    place = [Finding("comparison.placed", sample=ground.sample)] if reader.further else []
    further = [_parts(ground), _attraction(ground), _brought(ground)]
    voices = [finding for policy in reader.policies if (finding := channel_finding(reader, policy))]
    return [
        *(_whole(reader, policy) for policy in reader.policies),
        _hours(reader),
        *((head, [*texts, *place] if texts else []) for head, texts in further),
        (Finding("comparison.point", name="ways"), voices),
        *((head, [*texts, *place] if texts else []) for head, texts in [_strategies(ground)]),
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
    return head, [find.same_hours_finding(reader, control) for control in controls] or [Finding("comparison.no_hours")]


def _parts(reader: Reader) -> Point:
    arms = [arm for arm in (reader.part("mediation alone"), reader.part("routine services alone")) if arm]
    texts = [
        Finding("comparison.part_alone", part=find.role(arm), effects=reader.effects(arm), margin=reader.margin)
        for arm in arms
    ]
    if len(arms) == 2:
        pairs = {outcome: [reader.effect(arm, outcome) for arm in arms] for outcome in HEADLINE}
        opposed = [
            outcome for outcome, (first, second) in pairs.items() if first and second and opposite(first, second)
        ]
        texts.append(Finding("comparison.parts_opposed", outcomes=opposed))
    return Finding("comparison.point", name="parts"), texts


def _attraction(reader: Reader) -> Point:
    control, exact = reader.control("placebo"), find.placebo_is_exact(reader)
    texts = []
    if control:
        texts.append(Finding("comparison.attraction", effects=reader.effects(control), margin=reader.margin))
    if exact is not None:
        texts.append(Finding("comparison.placebo", exact=exact))
    return Finding("comparison.point", name="attraction"), texts


def _brought(reader: Reader) -> Point:
    parts = filter(None, (find.brought(reader, outcome) for outcome in find.TWO))
    return Finding("comparison.point", name="brought"), [Finding("comparison.stopped", part=part) for part in parts]


def _strategies(reader: Reader) -> Point:
    head = Finding("comparison.point", name="strategies")
    if len(reader.strategies) <= len(reader.policies):
        return head, []
    strategies = list(_lowest(reader, [arm for arm in reader.strategies if arm != words.ARRANGEMENT]))
    whole = [arm for arm in reader.strategies if arm == words.ARRANGEMENT] if reader.covers else []
    covers = list(_lowest(reader, [*whole, *reader.covers]))
    return head, [
        *strategies,
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
    texts = []
    for policy in reader.policies:
        hours, reporting, purse = (
            effect if effect and math.isfinite(effect.difference) else None
            for effect in (reader.effect(policy, name) for name in ("hours", "reporting_hours", "yuan_purse"))
        )
        if hours:
            spent = purse if purse and purse.difference else None
            texts.append(Finding("comparison.cost", policy=policy, hours=hours, reporting=reporting, purse=spent))
    return Finding("comparison.point", name="cost"), texts


def glance(reader: Reader) -> Block:
    """Return the table of what the sentences say: the policies, their parts, and the same hours."""
    outcomes = [name for name in (*HEADLINE, "open") if name in reader.outcomes]
    ground, base = reader.further or reader, reader.baseline
    own: list[Line] = [(_name(policy), policy, None) for policy in reader.policies]
    parts: list[Line] = [(find.role(arm), arm, None) for arm in ground.components()[1:]]
    lesser: list[Line] = [(_name(arm, short=True), arm, whole) for arm in ground.lesser for whole in ground.wholes(arm)]
    groups: list[tuple[Finding, Reader, Sequence[Line]]] = [
        (Finding("comparison.against", base=base), reader, own if reader.further else [*own, *parts]),
        *(
            (
                Finding("comparison.arm_against", arm=policy),
                reader,
                [(_name(control, short=True), policy, control) for control in reader.hours_controls(policy)],
            )
            for policy in reader.policies
        ),
        (Finding("comparison.taken_apart", arm=ground.focus, base=base), ground, parts if reader.further else []),
        (Finding("comparison.lesser"), ground, lesser),
    ]
    shown = []
    for title, source, lines in groups:
        rows = [(label, [source.effect(arm, name, against) for name in outcomes]) for label, arm, against in lines]
        if rows := [(label, effects) for label, effects in rows if any(effects)]:
            placed = Finding("comparison.on_ground", group=title, sample=source.sample) if reader.further else title
            shown.append((placed, rows))
    return Block("comparison_parts.glance", outcomes=outcomes, groups=shown)


def _name(arm: str, short: bool = False) -> Finding:
    return Finding("common.arm", name=arm, short=short)
