"""What a comparison finds, of either sign, of equality and of doubt; screen, figures and report say the same.

A change falls or rises only where the comparison's verdict is certain of its sign; where its interval lies within the
margin and holds zero it stays within it; else it is undecided.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

from experiments.analyses.compare.comparison_view import HEADLINE, Effect, Reader
from experiments.core.statistics.effect import DOWN, UP
from experiments.reporting import words
from experiments.reporting.finding import Finding

TWO: Final = ("conflicts", "standing")
"""What a policy is to lower; filing has no better side."""

COUNTED: Final = ("falls", "rises", "falling", "rising", "equivalent", "same", "undecided")


def summary(reader: Reader, arm: str, interval: bool = False) -> Finding:
    """What an arm does to the outcomes that are always given together; with intervals, if `interval`."""
    return Finding("comparison.summary", arm=arm, effects=reader.effects(arm), margin=reader.margin, interval=interval)


def count(reader: Reader, arms: Sequence[str] = ()) -> Finding | None:
    """In how many arms, by default the strategies, each outcome of the headline falls, rises, stays or is open."""
    arms = arms or reader.strategies
    outcomes = {}
    for outcome in HEADLINE:
        kinds = Counter(
            "equivalent" if effect.kind in ("lower", "higher") else effect.kind
            for arm in arms
            if (effect := reader.effect(arm, outcome))
        )
        if any(kinds[kind] for kind in COUNTED):
            outcomes[outcome] = {kind: kinds[kind] for kind in COUNTED if kinds[kind]}
    return Finding("comparison.count", total=len(arms), outcomes=outcomes, margin=reader.margin) if outcomes else None


def lowest(reader: Reader, arms: Sequence[str], outcome: str) -> Effect | None:
    """The effect by which an outcome falls most for certain, among some arms; None where it falls under none."""
    lower = [effect for arm in arms if (effect := reader.effect(arm, outcome)) and effect.kind in DOWN]
    return min(lower, key=lambda effect: effect.percent, default=None)


def best(reader: Reader, arms: Sequence[str], never: bool = False) -> Finding | None:
    """Under which of some arms conflicts and standing disputes fall most, and which under none (alone, if `never`)."""
    least = {
        outcome: lowest(reader, arms, outcome) for outcome in TWO if any(reader.effect(arm, outcome) for arm in arms)
    }
    unmoved = [outcome for outcome, effect in least.items() if effect is None]
    moved = [(coverage_of(effect.strategy), effect) for effect in least.values() if effect and not never]
    return Finding("comparison.best", lowest=moved, unmoved=unmoved) if moved or unmoved else None


def coverage_of(arm: str) -> str:
    """The coverage after which an arm is called where arms are distinguished by it."""
    return "full" if arm == words.ARRANGEMENT else words.cover_of(arm) or arm


def beats_hours(reader: Reader, control: str) -> str:
    """Return whether a policy beats the same hours, which a control has, in conflicts and standing disputes.

    `yes` (better in one, worse in none), `no` (better in neither), `mixed` (better in one, worse in the other),
    `undecided` or `unknown`.
    """
    verdicts = {_beside(effect) for effect in reader.effects(words.base_of(control), TWO, control)}
    if not verdicts:
        return "unknown"
    if "better" not in verdicts:
        return "no" if "undecided" not in verdicts or "worse" in verdicts else "undecided"
    return "mixed" if "worse" in verdicts else "yes"


def _beside(effect: Effect) -> str:
    """Return whether an arm is better, worse, equal (within the margin) or undecided beside its control."""
    match effect.kind:
        case "falls" | "rises" if effect.better in ("lower", "higher"):
            return "better" if (effect.kind == "falls") == (effect.better == "lower") else "worse"
        case "same" | "equivalent" | "lower" | "higher":
            return "equal"
        case _:
            return "undecided"


def same_hours_finding(reader: Reader, control: str, numbers: bool = True) -> Finding:
    """Whether a policy beats the same hours without a branch, which a control has; with numbers or without."""
    policy, beats = words.base_of(control), beats_hours(reader, control)
    effects = reader.effects(policy, HEADLINE, control) if numbers and beats != "unknown" else []
    return Finding(
        "comparison.hours", policy=policy, control=control, beats=beats, effects=effects, margin=reader.margin
    )


def brought(reader: Reader, outcome: str, numbers: bool = True) -> Finding | None:
    """What the arrangement's parts bring: how an outcome differs without each, beside the whole arrangement.

    Parts without which the difference is certain come first, the largest first, and of these only three without
    numbers; None where no part was taken out.
    """
    parts = [
        (words.less_of(arm), effect)
        for arm in reader.lesser
        if reader.wholes(arm)
        if (effect := reader.effect(arm, outcome, words.ARRANGEMENT))
    ]
    certain = sorted((pair for pair in parts if pair[1].kind in UP | DOWN), key=lambda pair: -abs(pair[1].percent))
    rest = [part for part, effect in parts if effect.kind not in UP | DOWN]
    shown = certain if numbers else certain[:3]
    return Finding("comparison.brought", outcome=outcome, certain=shown, rest=rest, numbers=numbers) if parts else None


def role(arm: str) -> Finding:
    """What an arm stands for where the strategy in focus is taken apart."""
    return Finding("comparison.role", kind=words.control_of(arm) or arm.partition(", ")[2], name=arm)


def parts_beside(reader: Reader) -> Finding | None:
    """What mediation alone and routine services alone do to the outcomes that are always given together."""
    parts = [
        (kind, reader.effects(arm), reader.margin)
        for kind in ("mediation alone", "routine services alone")
        if (arm := reader.part(kind))
    ]
    return Finding("comparison.parts_beside", parts=parts) if parts else None


def placebo_is_exact(reader: Reader) -> bool | None:
    """Return whether the placebo without a channel equals the baseline exactly; None where it was not run."""
    arm = reader.control("placebo, no channel")
    if arm is None:
        return None
    known = (effect for effect in reader.effects(arm, tuple(reader.outcomes)) if math.isfinite(effect.difference))
    return all(effect.difference == effect.low == effect.high == 0 for effect in known)
