"""What a sweep has found: where an arm lowers an outcome, and which parameters that follows."""

from __future__ import annotations

from experiments.analyses.sweep.sweep_effects import is_one_at_a_time, range_effects, rank_effects, summary
from experiments.analyses.sweep.swept import Swept
from experiments.reporting.clauses import Move
from experiments.reporting.finding import Finding

MOST = 3
"""Parameters that a sentence names at most."""


def clauses(result: Swept, outcome: str, arm: str) -> list[Finding]:
    """Find what all points show of an outcome under an arm, a sentence each; the first is the title of a figure."""
    over, change = summary(result, outcome, arm), bool(result.plan.baseline)
    if not over.points:
        return [Finding("sweep.unknown", outcome=outcome)]
    signs = {"points": over.points, "falls": over.falls, "rises": over.rises, "single": over.single}
    spread = {"lowest": over.lowest, "middle": over.middle, "highest": over.highest}
    follow = moved_most if is_one_at_a_time(result) else followed
    counted = Finding("sweep.counted", outcome=outcome, arm=arm, against=result.plan.baseline, **signs)
    ranged = Finding("sweep.ranged", outcome=outcome, change=change, **spread)
    return [*([counted] if change else []), follow(result, outcome, arm), ranged]


def followed(result: Swept, outcome: str, arm: str) -> Finding:
    """Find which parameters an outcome, or an arm's change of it, follows over the points."""
    base, effects = result.plan.baseline, rank_effects(result, outcome, arm)
    if clear := [effect for effect in effects if effect.clear]:
        follows = {"first": clear[0], "further": clear[1:MOST], "more": len(clear[MOST:])}
        return Finding("sweep.follows", outcome=outcome, arm=arm, against=base, **follows)
    if not effects:
        return Finding("sweep.too_few", outcome=outcome)
    sizes = {"points": len(result.points), "replicates": result.plan.replicates}
    why = Finding("sweep.within_chance", clearest=effects[0], parameters=len(effects), **sizes)
    if waiting := [effect for effect in effects if effect.awaits_replicates]:
        why = Finding("sweep.few_replicates", clearest=waiting[0], **sizes)
    return Finding("sweep.nothing_clear", outcome=outcome, change=bool(base), why=why)


def moved_most(result: Swept, outcome: str, arm: str) -> Finding:
    """Find which parameter moves an outcome, or an arm's change of it, most over its own range."""
    what, effects = {"outcome": outcome, "change": bool(result.plan.baseline)}, range_effects(result, outcome, arm)
    first = next((effect for effect in effects if effect.clear), None)
    if first is None:
        single = bool(effects) and effects[0].change.replicates == 1
        why = Finding("sweep.no_interval" if single else "sweep.every_interval_covers_zero")
        return Finding("sweep.nothing_clear", **what, why=why)
    move = Move(outcome, first.change.difference, first.change.ci_low, first.change.ci_high)
    return Finding("sweep.moves_most", **what, parameter=first.name, move=move, start=first.start, end=first.end)
