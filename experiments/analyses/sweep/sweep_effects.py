"""What a sweep says over all its points: how often an arm lowers an outcome, and which parameters that follows.

Points of a sweep are many questions asked at once, so that a parameter is said to matter only where its rank
correlation is more than chance produces among so many parameters (p values are adjusted after Holm).  Points also share
their replicates' random numbers: what one replicate shows by luck appears at all of them, and does not average out over
points.  So what follows a parameter over points must also hold over replicates.  Where parameters were changed one at a
time there is nothing to correlate: there each has the change from one end of its range to the other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_bool_dtype, is_numeric_dtype
from scipy.special import stdtr

from experiments.analyses.sweep.swept import Swept
from experiments.core.statistics.measures import better
from experiments.core.statistics.paired import Paired, holm, mean_intervals, paired
from experiments.core.statistics.regions import side
from experiments.reporting.clauses import Move
from experiments.reporting.finding import Finding

LEVEL = 0.05
"""Adjusted p below which a parameter is said to matter."""
MOST = 3
"""Parameters that a sentence names at most."""


class SweepSummary(NamedTuple):
    """An outcome, or what an arm changes of it, over the `points` at which it is known, in the outcome's unit.

    At so many points the arm lowers (`falls`) and raises (`rises`) the outcome: the 95 % interval of the difference
    does not cover zero, or, with a `single` replicate, by the sign alone; 0 where there is no baseline.  At the others
    it is `unclear`.
    """

    points: int
    falls: int
    rises: int
    unclear: int
    lowest: float
    middle: float
    highest: float
    single: bool


@dataclass(frozen=True)
class RankEffect:
    """How an effect follows a parameter over all points.

    Spearman's rank `correlation` has its 95 % interval over points (Bonett and Wright 2000), which takes the random
    numbers that they share as given; NaN for levels without an order.  `p` is the larger of p over points and over
    replicates (see `rank_effects_of`), `over_points` that over points alone, both adjusted for the number of
    parameters.  Where all points shared the random numbers of a `single` replicate, p is over points only, and
    conditional on these random numbers.
    """

    name: str
    correlation: float
    low: float
    high: float
    p: float
    single: bool = False
    over_points: float = math.nan

    @property
    def ordered(self) -> bool:
        """Whether the parameter's levels have an order."""
        return math.isfinite(self.correlation)

    @property
    def clear(self) -> bool:
        """Whether it is more than chance produces among so many parameters."""
        return self.p < LEVEL

    @property
    def awaits_replicates(self) -> bool:
        """Whether points show it, and replicates are what is lacking."""
        return not self.clear and self.over_points < LEVEL


@dataclass(frozen=True)
class RangeEffect:
    """What changes over replicates when a parameter goes from one value to another, the others as usual.

    The values are the ends of its range, or, for levels without an order, the usual one and the one that differs most
    from it; the interval is then widened for having been picked among them (Bonferroni).
    """

    name: str
    start: Any
    end: Any
    change: Paired

    @property
    def clear(self) -> bool:
        """Whether its interval leaves zero out."""
        return side(self.change.ci_low, self.change.ci_high) != 0


def treatment_arms(result: Swept) -> list[str]:
    """The arms whose effect is analysed; one without a name where there is no baseline."""
    plan = result.plan
    return [arm for arm in plan.arms if arm != plan.baseline] if plan.baseline else [next(iter(plan.arms))]


def is_one_at_a_time(result: Swept) -> bool:
    """Return whether each parameter was changed alone."""
    return result.plan.kind == "one-at-a-time"


def is_categorical(values: pd.Series) -> bool:
    """Return whether levels are names or switches, which have no order."""
    return is_bool_dtype(values) or not is_numeric_dtype(values)


def summary(result: Swept, outcome: str, arm: str) -> SweepSummary:
    """Count over the points what an arm does to an outcome; without a baseline, what the outcome itself is."""
    column = "difference" if result.plan.baseline else "mean"
    table = result.table
    rows = table[(table["outcome"] == outcome) & (table["arm"] == arm) & table[column].notna()]
    values = rows[column].to_numpy(dtype=float)
    single = bool(len(rows)) and int(rows["replicates"].max()) == 1
    sides = []
    if result.plan.baseline:
        low, high = (values, values) if single else (rows[f"difference_{end}"] for end in ("low", "high"))
        sides = [side(*ends) for ends in zip(low, high, strict=True)]
    lowest, middle, highest = np.quantile(values, (0.0, 0.5, 1.0)).tolist() if len(values) else [math.nan] * 3
    falls, rises = sides.count(-1), sides.count(1)
    return SweepSummary(len(values), falls, rises, len(values) - falls - rises, lowest, middle, highest, single)


def rank_effects_of(points: pd.DataFrame, effect: pd.Series, each: pd.DataFrame | None = None) -> list[RankEffect]:
    """How an effect, indexed by point, follows each parameter, a column of `points`, the clearest first.

    The p of a parameter is the larger of two, adjusted after Holm for the number of parameters: over points (of its
    rank correlation; of Kruskal and Wallis's test for levels without an order), and, with at least two replicates that
    all points share, over replicates (Student's).  The first asks whether so many points would show as much without the
    parameter, the second whether other replicates would.  `each` is the effect in every replicate, shape (points,
    replicates); None where every point has independent random numbers, so that points are independent draws.  NaN is
    not known.
    """
    from scipy.stats import kruskal

    known = effect.dropna()
    shared = None if each is None else each.reindex(known.index).dropna(axis="columns", how="all")
    tests = []
    for name, values in points.loc[known.index].items():
        if values.nunique() < 2 or known.nunique() < 2:
            continue
        if is_categorical(values):
            groups = [group.to_numpy() for _, group in known.groupby(values.to_numpy())]
            correlation, p = math.nan, float(kruskal(*groups).pvalue) if min(map(len, groups)) > 1 else math.nan
        else:
            correlation = float(np.corrcoef(values.rank(), known.rank())[0, 1])
            p = _p_of(correlation, len(known))
        other = _p_over_replicates(values, shared)
        tests.append((str(name), correlation, p if math.isnan(other) else float(np.maximum(p, other)), p))
    single = shared is not None and shared.shape[1] < 2
    adjusted = (holm([test[place] for test in tests]).tolist() for place in (2, 3))
    effects = [
        RankEffect(name, correlation, *_interval(correlation, len(known)), p, single, over_points)
        for (name, correlation, *_), p, over_points in zip(tests, *adjusted, strict=True)
    ]
    return sorted(
        effects, key=lambda item: (math.isnan(item.p), item.p, -abs(np.nan_to_num(item.correlation)), not item.ordered)
    )


def rank_effects(result: Swept, outcome: str, arm: str) -> list[RankEffect]:
    """How an arm's effect on an outcome follows each parameter, the clearest first; see `rank_effects_of`.

    Without a baseline, how the outcome itself does.
    """
    each = None if result.plan.apart else _by_replicate(result, outcome, arm).T
    return rank_effects_of(result.points, result.effects(outcome, arm or None), each)


def _p_over_replicates(values: pd.Series, each: pd.DataFrame | None) -> float:
    """Student's p that replicates other than these would show nothing; NaN with fewer than two."""
    if each is None or each.shape[1] < 2:
        return math.nan
    effects = each.to_numpy(dtype=float)
    if not is_categorical(values):
        return _student(_slopes(values, effects))
    # Every level is set against all others together.  The clearest of these contrasts was not chosen beforehand, so
    # that its p counts as often as there are contrasts (Bonferroni); of two levels both contrasts are one.
    is_level = [(values == level).to_numpy() for level in values.unique()]
    means = [[mean_intervals(effects[mask], axis=0)[0] for mask in (own, ~own)] for own in is_level]
    p = [_student(own - rest) for own, rest in (means if len(means) > 2 else means[:1])]
    tests = [value for value in p if not math.isnan(value)]
    return min(1.0, len(tests) * min(tests)) if tests else math.nan


def _slopes(values: pd.Series, effects: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slope of the effect over the ranks of a parameter, in every replicate; NaN where it has no slope."""
    # The effect itself is not ranked.  A rank correlation ends at 1: slopes that luck makes, large and of one sign,
    # would all be close to 1, and their small spread would look like agreement.
    ranks = np.where(np.isfinite(effects), values.rank().to_numpy()[:, None], np.nan)
    centred = ranks - np.nanmean(ranks, axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.nansum(centred * effects, axis=0) / np.nansum(np.square(centred), axis=0), dtype=float)


def _student(measures: NDArray[np.float64]) -> float:
    """Student's two-sided p that the mean over replicates is zero; NaN with fewer than two."""
    known = measures[np.isfinite(measures)]
    if known.size < 2:
        return math.nan
    error = float(known.std(ddof=1)) / math.sqrt(known.size)
    if not error > 0.0:
        return 0.0 if known.any() else 1.0
    return float(2.0 * stdtr(known.size - 1, -abs(float(known.mean())) / error))


def _p_of(correlation: float, points: int) -> float:
    if points < 4 or abs(correlation) >= 1.0:
        return math.nan if points < 4 else 0.0
    t = abs(correlation) * math.sqrt((points - 2) / (1.0 - correlation**2))
    return float(2.0 * stdtr(points - 2, -t))


def _interval(correlation: float, points: int) -> tuple[float, float]:
    """Spearman's interval by Fisher's transformation, with Bonett and Wright's standard error."""
    if points < 4 or not math.isfinite(correlation):
        return math.nan, math.nan
    if abs(correlation) >= 1.0:
        return correlation, correlation
    reach = 1.959964 * math.sqrt((1.0 + correlation**2 / 2.0) / (points - 3))
    return math.tanh(math.atanh(correlation) - reach), math.tanh(math.atanh(correlation) + reach)


def range_effects(result: Swept, outcome: str, arm: str) -> list[RangeEffect]:
    """What each parameter of a one-at-a-time sweep moves, the largest first.

    The first point has the usual values; every other one differs from it in one parameter.  Of several names the one
    that differs most is reported.  It was picked by the data that its interval is made of, so that the interval is
    widened to hold for all names beside the usual one at once: 0.05 is shared out among them (Bonferroni).
    """
    effects, step = _by_replicate(result, outcome, arm), result.grain_of(outcome)
    changes = []
    for name in map(str, result.points.columns):
        own = oat_points(result.points, name)
        values = result.points.loc[own, name]
        if len(own) < 2 or not set(own) <= set(effects.columns):
            continue
        if is_categorical(values):
            tests, start = len(own) - 1, own[0]
            end = max(own[1:], key=lambda point: abs((effects[point] - effects[own[0]]).mean()))
        else:
            tests, start, end = 1, int(values.idxmin()), int(values.idxmax())
        change = paired(effects[end].to_numpy(), effects[start].to_numpy(), better(outcome), 1 - 0.05 / tests, step)
        if change.replicates:
            changes.append(RangeEffect(name, values[start], values[end], change))
    return sorted(changes, key=lambda change: -abs(change.change.difference))


def deviations(result: Swept, outcome: str, arm: str) -> pd.DataFrame:
    """What each point of a one-at-a-time sweep changes of the first one, which has the usual values: mean paired
    difference over replicates (`size`) and its 95 % interval (`low`, `high`), indexed by point.
    """
    effects, step = _by_replicate(result, outcome, arm), result.grain_of(outcome)
    rows = {}
    for point in effects.columns if 0 in effects.columns else ():
        gap = paired(effects[point].to_numpy(), effects[0].to_numpy(), better(outcome), grain=step)
        rows[int(point)] = gap.difference, gap.ci_low, gap.ci_high
    return pd.DataFrame.from_dict(rows, orient="index", columns=["size", "low", "high"])


def oat_points(points: pd.DataFrame, name: str) -> list[int]:
    """Points of a one-at-a-time design that belong to a parameter: the usual one first, and those that change it."""
    return [0, *np.flatnonzero(points[name] != points[name].iloc[0]).tolist()]


def _by_replicate(result: Swept, outcome: str, arm: str) -> pd.DataFrame:
    """Effect of an arm (or the outcome itself) in every replicate, shape (replicates, points)."""
    wide = result.ended.pivot_table(index="replicate", columns=["arm", "point"], values=outcome, aggfunc="first")
    if not {arm, result.plan.baseline or arm} <= set(wide.columns.get_level_values("arm")):
        return wide.iloc[:, :0]
    return wide[arm] - wide[result.plan.baseline] if result.plan.baseline else wide[arm]


def clauses(result: Swept, outcome: str, arm: str) -> list[Finding]:
    """Find what all points show of an outcome under an arm, a sentence each; the first is the title of a figure."""
    over, change = summary(result, outcome, arm), bool(result.plan.baseline)
    if not over.points:
        return [Finding("sweep.unknown", outcome=outcome)]
    signs = {name: getattr(over, name) for name in ("points", "falls", "rises", "single")}
    spread = {name: getattr(over, name) for name in ("lowest", "middle", "highest")}
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
