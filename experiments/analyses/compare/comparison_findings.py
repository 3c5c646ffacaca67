"""What a comparison finds, of either sign, of equality and of doubt; screen, figures and report say the same.

A change falls or rises only where the comparison's verdict is certain of its sign; where its interval lies within the
margin and holds zero it stays within it; else it is undecided.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from experiments.analyses.compare import table
from experiments.analyses.compare.comparison_view import HEADLINE, Effect, Reader
from experiments.analyses.compare.served import served
from experiments.core.statistics.effect import DOWN, UP
from experiments.reporting import words
from experiments.reporting.clauses import opposite
from experiments.reporting.finding import Finding

TWO: Final = ("conflicts", "standing")  # what a policy is to lower; filing has no better side
COUNTED: Final = ("falls", "rises", "falling", "rising", "equivalent", "same", "undecided")
Point = tuple[Finding, Sequence[Finding]]  # a head, and what is said under it


def findings(reader: Reader) -> list[Finding]:
    """Find the answer in short, in the order of the report."""
    causes = [finding for head, texts in deciding(reader) for finding in (head, *texts)]
    return causes + [finding for _, texts in points(reader) for finding in texts]


def points(reader: Reader) -> list[Point]:
    """Find everything that is said."""
    ground = reader.further or reader
    place = [Finding("comparison.placed", sample=ground.sample)] if reader.further else []
    voices = [finding for policy in reader.policies if (finding := channel_finding(reader, policy))]

    def placed(head: Finding, texts: Sequence[Finding]) -> Point:
        return head, [*texts, *place] if texts else []

    return [
        *(_whole(reader, policy) for policy in reader.policies),
        served_point(reader),
        hours_point(reader),
        *(placed(*point) for point in (_parts(ground), _attraction(ground), _brought(ground))),
        (Finding("comparison.point", name="ways"), voices),
        placed(*_strategies(ground)),
        cost_point(reader),
    ]


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
    if "better" in verdicts:
        return "mixed" if "worse" in verdicts else "yes"
    return "undecided" if "undecided" in verdicts and "worse" not in verdicts else "no"


def _beside(effect: Effect) -> str:
    """Return whether an arm is better, worse, equal (within the margin) or undecided beside its control."""
    if effect.kind in ("falls", "rises") and effect.better in ("lower", "higher"):
        return "better" if (effect.kind == "falls") == (effect.better == "lower") else "worse"
    return "equal" if effect.kind in ("same", "equivalent", "lower", "higher") else "undecided"


def same_hours_finding(reader: Reader, control: str, numbers: bool = True) -> Finding:
    """Whether a policy beats the same hours without a branch, which a control has; with numbers or without."""
    policy, beats = words.base_of(control), beats_hours(reader, control)
    effects = reader.effects(policy, HEADLINE, control) if numbers and beats != "unknown" else []
    return Finding(
        "comparison.hours", policy=policy, control=control, beats=beats, effects=effects, margin=reader.margin
    )


def hours_point(reader: Reader) -> Point:
    """Whether each policy is more than its hours."""
    controls = [control for policy in reader.policies for control in reader.hours_controls(policy)]
    head = Finding("comparison.point", name="hours_of_several" if len(reader.policies) > 1 else "hours")
    if not controls and all(map(reader.same_coverage, reader.policies)):
        return head, []  # the same branches on both sides: what differs is not the branch, and not its hours
    return head, [same_hours_finding(reader, control) for control in controls] or [Finding("comparison.no_hours")]


def served_point(reader: Reader) -> Point:
    """How many estates each strategy gives a branch, and which it leaves without one."""
    return Finding("comparison.point", name="served"), served(reader)


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


def _brought(reader: Reader) -> Point:
    parts = filter(None, (brought(reader, outcome) for outcome in TWO))
    return Finding("comparison.point", name="brought"), [Finding("comparison.stopped", part=part) for part in parts]


def parts_beside(reader: Reader) -> Finding | None:
    """What mediation alone and routine services alone do to the outcomes that are always given together."""
    parts = [(Finding("common.arm", name=arm, short=True), reader.effects(arm), reader.margin) for arm in reader.pieces]
    return Finding("comparison.parts_beside", parts=parts) if parts else None


def _parts(reader: Reader) -> Point:
    texts = [
        Finding("comparison.part_alone", arm=arm, effects=reader.effects(arm), margin=reader.margin)
        for arm in reader.pieces
    ]
    if len(reader.pieces) == 2:
        pairs = {outcome: [reader.effect(arm, outcome) for arm in reader.pieces] for outcome in HEADLINE}
        opposed = [name for name, (first, second) in pairs.items() if first and second and opposite(first, second)]
        texts.append(Finding("comparison.parts_opposed", outcomes=opposed))
    return Finding("comparison.point", name="parts"), texts


def _attraction(reader: Reader) -> Point:
    """What the placebo does, and whether it equals the baseline exactly without a channel."""
    texts = []
    if control := reader.control("placebo"):
        texts.append(Finding("comparison.attraction", effects=reader.effects(control), margin=reader.margin))
    if arm := reader.control("placebo, no channel"):
        effects = [effect for effect in reader.effects(arm, tuple(reader.outcomes)) if math.isfinite(effect.difference)]
        exact = all(effect.difference == effect.low == effect.high == 0 for effect in effects)
        texts.append(Finding("comparison.placebo", exact=exact))
    return Finding("comparison.point", name="attraction"), texts


def _strategies(reader: Reader) -> Point:
    head = Finding("comparison.point", name="strategies")
    if len(reader.strategies) <= len(reader.policies):
        return head, []
    whole = [arm for arm in reader.strategies if arm == words.ARRANGEMENT]
    strategies = [arm for arm in reader.strategies if arm != words.ARRANGEMENT]
    covers = [*_lowest(reader, [*whole, *reader.covers] if reader.covers else [])]
    coverages = [Finding("comparison.as_coverage", parts=covers)] if covers else []
    return head, [*_lowest(reader, strategies), *coverages, Finding("comparison.not_each_other")]


def _lowest(reader: Reader, arms: Sequence[str]) -> Iterator[Finding]:
    """Find under which arm conflicts and standing disputes fall most, and what else happens there."""
    least = [effect for outcome in TWO if (effect := lowest(reader, arms, outcome))]
    for effect in least:
        beside = [other for other in reader.effects(effect.strategy) if other.outcome != effect.outcome]
        coverage = coverage_of(effect.strategy)
        yield Finding("comparison.lowest", coverage=coverage, effect=effect, beside=beside, margin=reader.margin)
    if len(least) < 2 and (never := best(reader, arms, never=True)):
        yield Finding("comparison.none_lowers", best=never)


def cost_point(reader: Reader) -> Point:
    """What each policy takes in hours, and in public spending."""
    texts = []
    for policy in reader.policies:
        hours, reporting, purse = (
            effect if effect and math.isfinite(effect.difference) else None
            for effect in (reader.effect(policy, name) for name in ("hours", "reporting_hours", "yuan_purse"))
        )
        if hours:
            spent = purse if purse and purse.difference else None
            given = reader.given(policy)
            texts.append(
                Finding("comparison.cost", policy=policy, hours=hours, given=given, reporting=reporting, purse=spent)
            )
    accounts = [Finding("comparison.accounts")] if any(text.values["given"] for text in texts) else []
    return Finding("comparison.point", name="cost"), [*texts, *accounts]


PRICED: Final = ("yuan_hours", "yuan_purse", "conflicts")
ENDS: Final = ("difference", "ci_low", "ci_high")


def price(reader: Reader) -> list[Finding]:
    """Find what each policy that the text speaks of costs in money; nothing where hours have no price."""
    comparison = reader.comparison
    yuan = float(comparison.scenario.get("outcomes.price_of_hour"))
    if yuan == 0.0 or any(name not in comparison.series for name in PRICED):
        return []
    design = comparison.outcome.design
    means = table.run_means(comparison.series, design.start, PRICED)
    pairs = [(policy, reader.baseline) for policy in reader.policies]
    effects = table.effects(design, means, comparison.margin, pairs).set_index(["strategy", "outcome"])
    thousand = float(comparison.district.households.sum()) / 1000.0
    prices = []
    for policy in reader.policies:
        hours, purse, conflicts = (effects.loc[policy].loc[name] for name in PRICED)
        spent = {"hours": [hours[end] for end in ENDS], "purse": purse["difference"]}
        each = cost_per_conflict(hours["difference"] + purse["difference"], conflicts, thousand)
        prices.append(Finding("comparison_parts.price", policy=policy, yuan=yuan, **spent, each=each))
    return prices


def cost_per_conflict(cost: float, conflicts: pd.Series[float], thousand: float) -> tuple[float, float, float] | None:
    """Return what a conflict averted costs, and least and most within the interval; None where none is surely averted.

    Of a cost in yuan a week, and conflicts (`ENDS`) per 1,000 households and week in so many thousand households.
    """
    if conflicts["ci_high"] >= 0.0:
        return None
    each, least, most = (cost / (-conflicts[end] * thousand) for end in ENDS)
    return each, least, most


WAYS: Final = tuple(
    "tolerated self_begun filed_firm filed_committee filed_branch hotline filed_platform gathered".split()
)
"""Every conflict, first or returning, goes one of these ways: columns of the weekly record."""
DOORS: Final = tuple(way for way in WAYS if way.startswith("filed_") or way == "hotline")
NEW: Final = ("filed_branch", "filed_platform")  # doors that a policy opens
ALL = "conflicts_all"
SILENT = 0.05  # of a hundred conflicts: less is not reported, since it would be written as 0.0


def way_shares(reader: Reader) -> pd.DataFrame | None:
    """Return of 100 conflicts how many go which way: arms by ways; None where the user's own model records none."""
    series = reader.comparison.series
    if not {ALL, *WAYS} <= set(series.columns):
        return None
    means = series[series["week"] >= reader.warmup].groupby("arm")[[ALL, *WAYS]].mean()
    means = means.loc[[name for name in (reader.baseline, *reader.arms) if name in means.index]]
    means = means[means[ALL] > 0.0]
    return None if means.empty else 100.0 * means[list(WAYS)].div(means[ALL], axis=0)


def channel_finding(reader: Reader, policy: str = "") -> Finding | None:
    """Find how many of 100 conflicts are filed with and without a policy (the one in focus), and which ways gain."""
    shares, policy = way_shares(reader), policy or reader.focus
    if shares is None or policy == reader.baseline or not {policy, reader.baseline} <= set(shares.index):
        return None
    filed, before = (float(shares.loc[arm, list(DOORS)].sum()) for arm in (policy, reader.baseline))
    change = (shares.loc[policy] - shares.loc[reader.baseline]).to_dict()
    moved = sorted(((way, change[way]) for way in WAYS if abs(change[way]) >= SILENT), key=lambda way: -abs(way[1]))
    more, fewer = ([way for way in moved if (way[1] > 0) == gains] for gains in (True, False))
    return Finding(
        "comparison_parts.filed",
        policy=policy,
        baseline=reader.baseline,
        filed=filed,
        before=before,
        more=more,
        fewer=fewer,
        drawn=_drawn(change),
    )


def _drawn(change: Mapping[str, float]) -> Finding | None:
    """Find what the channels that a policy opens draw from: of what they take, how much each other way has less.

    Shares of 100 add up, so that what new channels gain is what all other ways lose, those that gain counted against.
    """
    gain = sum(change[name] for name in NEW)
    old = sum(change[name] for name in DOORS if name not in NEW)
    losses = [(way, -change[way]) for way in ("tolerated", "self_begun", "gathered")]
    losses.insert(2, ("other", -old))
    sources = [(way, size) for way, size in sorted(losses, key=lambda loss: -loss[1]) if size >= SILENT]
    if gain < SILENT or not sources:
        return None
    return Finding("comparison_parts.drawn", gain=gain, sources=sources, added=gain + old)


DECIDING = 3  # number of assumptions that are reported


def decisive(causes: pd.DataFrame, strategy: str) -> pd.DataFrame:
    """Pick the assumptions that decide the effect of a policy most, from `assumptions.csv` (`assumptions.over.CAUSES`).

    The effect is against what stands first in the table, the baseline.  There is a row for each parameter that is
    distinguished from noise in any of the outcomes, with the outcome in which it explains most; the largest mean share
    over the outcomes first.
    """
    own = causes[(causes["strategy"] == strategy) & causes["outcome"].isin(TWO)]
    own = own[own["against"] == next(iter(own["against"]), "")]
    mean = own.groupby("parameter")["share"].sum() / max(1, own["outcome"].nunique())
    largest = own[own["clear"].astype(bool)].sort_values("share", ascending=False, kind="stable")
    largest = largest.drop_duplicates("parameter")
    ranked = largest.assign(mean_share=largest["parameter"].map(mean))
    return ranked.sort_values("mean_share", ascending=False, kind="stable", ignore_index=True).head(DECIDING)


def deciding_findings(
    causes: pd.DataFrame, strategy: str, docs: Mapping[str, str] | None = None
) -> tuple[Finding, list[Finding]]:
    """Find which assumptions decide the effect of a policy most: a head, and each, the most important first.

    `causes` is the ``assumptions.csv`` of a comparison's folder; `docs` says what parameters are, by name, for those
    that have no words of their own.
    """
    rows = decisive(causes, strategy)
    varied = causes[causes["strategy"] == strategy]["parameter"].nunique()
    head = Finding("assumptions_range.head", policy=strategy, varied=varied, count=len(rows))
    return head, [_cause(row, strategy, docs or {}) for row in rows.to_dict("records")]


def _cause(row: Mapping[Any, Any], policy: str, docs: Mapping[str, str]) -> Finding:
    """Find which way an assumption moves an effect, and how much of its spread it explains."""
    parameter, high, low = str(row["parameter"]), row["effect_high"], row["effect_low"]
    share = Finding("assumptions_range.explains", share=row["share"], low=row["share_low"], high=row["share_high"])
    values: dict[str, Any] = {"policy": policy, "outcome": str(row["outcome"]), "parameter": parameter}
    values |= {"high": 100.0 * high, "low": 100.0 * low, "share": share}
    if not abs(row["direction"]) > 0.0:
        return Finding("assumptions_range.depends", **values)
    id = "assumptions_range.moves" if (high < 0.0) == (low < 0.0) else "assumptions_range.turns"
    return Finding(id, **values, doc=docs.get(parameter, ""))


def ranged_policies(reader: Reader) -> list[str]:
    """Return the policies that were run over assumptions beside the baseline."""
    return [arm for arm, against in reader.ranged if against == reader.baseline and not words.control_of(arm)]


def deciding(reader: Reader) -> list[tuple[Finding, list[Finding]]]:
    """Find what decides most what each policy of the headline does; nothing where too few worlds were looked at."""
    causes = reader.deciding
    if causes is None:
        return []
    docs = {str(row["name"]): str(row.get("doc") or "") for row in reader.comparison.scenario.parameters()}
    return [deciding_findings(causes, policy, docs) for policy in ranged_policies(reader)[:2]]
