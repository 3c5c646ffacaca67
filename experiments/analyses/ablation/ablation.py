"""Which mechanism carries a policy's effect: leave-one-out, and Shapley values.

The worth of a set of parts is what the policy changes with these parts alone.  Leaving one part out of all shows what
would be lost without it; where parts work together or against each other, these losses do not add up.  Shapley's value
of a part is its marginal worth, averaged over all orders in which parts could have been added.  These values add up, to
the worth of all parts less the worth of none, which is what the policy does by merely being there.

All sets are run under common random numbers, so that values are computed in every replicate.  Of many parts, orders are
sampled, and one sample serves all replicates: its luck does not show in their spread.  So the squared standard error of
a sampled value is the variance over replicates / R plus the variance over pairs of orders / P, with R replicates and P
pairs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import batched, combinations
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analyses.failed_runs import delivered
from experiments.analyses.sweep.sweep_spec import single_point
from experiments.analyses.sweep.swept import OneSweepResult, Swept, run_plan
from experiments.core.design.plan import Plan, outcomes_of
from experiments.core.option import Option
from experiments.core.spec import Count, Running, Spec
from experiments.core.statistics.measures import better, unit
from experiments.core.statistics.paired import Paired, paired, t_quantile
from sim.core.errors import ScenarioError

BASELINE: Final = "without the policy"
"""Label of the arm of the scenario alone."""
LEFT, WHOLE = "what is left", "whole"
"""Rows of the table that are no part."""
EXACT: Final = 6
"""Parts up to which all sets are run; of more, orders are sampled."""
ORDERS: Final = 20
"""Orders that are sampled by default."""
COLUMNS: Final = (
    "outcome part shapley ci_low ci_high alone alone_low alone_high left_out left_out_low left_out_high replicates "
    "unit better"
).split()

Array = NDArray[np.float64]
Order = tuple[str, ...]
Parts = frozenset[str]
Worth = Mapping[Parts, Array]
"""What each set of parts changes in every replicate, shape (replicates,)."""


def orders(parts: Sequence[str], number: int, seed: int) -> list[Order]:
    """Sample orders of parts, each followed by its reverse, which steadies the mean (antithetic).

    An odd number is rounded up, since pairs are what intervals are made of.

    Examples
    --------
    >>> len(orders(["a", "b", "c"], 4, seed=1)), len(orders(["a", "b", "c"], 5, seed=1))
    (4, 6)
    """
    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(len(parts)) for _ in range((number + 1) // 2)]
    return [tuple(parts[place] for place in way) for order in drawn for way in (order, order[::-1])]


def sets_of(parts: Sequence[str], sampled: Sequence[Order] = ()) -> list[Parts]:
    """All sets of parts, or those that sampled orders pass through and those with one part left out; smallest first."""
    if not sampled:
        return [frozenset(subset) for size in range(len(parts) + 1) for subset in combinations(parts, size)]
    passed = {frozenset(order[:size]) for order in sampled for size in range(len(parts) + 1)}
    passed |= {frozenset(parts) - {part} for part in parts}
    return sorted(passed, key=lambda subset: (len(subset), sorted(map(parts.index, subset))))


def shapley(worth: Worth, parts: Sequence[str], sampled: Sequence[Order] = ()) -> dict[str, Array]:
    """Shapley value of each part in every replicate, shape (replicates,).

    Marginal worths are averaged over the `sampled` orders; by default over all of them, by their weights.

    Examples
    --------
    >>> worth = {frozenset(): np.array([0.0]), frozenset("a"): np.array([2.0])}
    >>> shapley(worth, ["a"])["a"].tolist()
    [2.0]
    """
    values = {part: np.zeros_like(worth[frozenset()]) for part in parts}
    for order in sampled:
        for part, added in _marginal(worth, order):
            values[part] += added / len(sampled)
    for part in () if sampled else parts:
        for subset in sets_of([other for other in parts if other != part]):
            weight = 1.0 / (len(parts) * math.comb(len(parts) - 1, len(subset)))
            values[part] += weight * (worth[subset | {part}] - worth[subset])
    return values


def over_pairs(worth: Worth, sampled: Sequence[Order]) -> dict[str, Array]:
    """What each part adds, averaged over each order and its reverse, shape (pairs, replicates)."""
    pairs = [[dict(_marginal(worth, order)) for order in pair] for pair in batched(sampled, 2)]
    return {part: np.array([first[part] / 2 + second[part] / 2 for first, second in pairs]) for part in sampled[0]}


def _marginal(worth: Worth, order: Order) -> Iterator[tuple[str, Array]]:
    """Yield what each part adds to those before it in an order, shape (replicates,)."""
    for size, part in enumerate(order):
        yield part, worth[frozenset(order[: size + 1])] - worth[frozenset(order[:size])]


def sampled_interval(values: Array) -> tuple[float, float]:
    """Interval of 95 % of a value that was sampled over orders and replicates, shape (pairs, replicates).

    Replicates and pairs of orders are two samples that were crossed.  Either moves the mean of all, so that their
    variances are added; what belongs to a replicate and a pair together is in both, which makes the interval a little
    too wide rather than too narrow.  Student's quantile is that of the smaller sample.  It is NaN with fewer than two
    pairs or two replicates, unless the part never changes anything.

    Examples
    --------
    >>> [round(end, 3) for end in sampled_interval(np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]))]
    [-0.484, 4.484]
    """
    smaller = min(values.shape)
    if smaller and not values.any():
        return 0.0, 0.0
    if smaller < 2:
        return math.nan, math.nan
    variances = (values.mean(axis=axis).var(ddof=1) / values.shape[1 - axis] for axis in (0, 1))
    mean, reach = float(values.mean()), t_quantile(0.975, smaller - 1) * math.sqrt(sum(variances))
    return mean - reach, mean + reach


@dataclass
class Ablation(OneSweepResult):
    """A policy taken apart: runs of the baseline and of every set of parts, as arms of one point.

    Examples
    --------
    >>> from experiments import ready
    >>> list(ready.ablation().spec.parts)
    ['services']
    """

    spec: AblationSpec
    swept: Swept
    folder: Path

    presented: ClassVar[str] = "experiments.analyses.ablation.ablation_report"

    @property
    def finished(self) -> bool:
        """Whether any replicate is whole."""
        return bool(self.table["replicates"].gt(0).any())

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        return {"ablation": self.table, **self.swept.tables}

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per outcome and item: every part, what is left with none, and the whole.

        The value, what the part does alone, and what changes when it is left out of all.  The values of the parts and
        of what is left add up to the whole.  Intervals are over replicates; those of values from sampled orders hold
        the luck of the orders too.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.ablation().table["part"].tolist()
        ['services', 'what is left', 'whole']
        """
        parts, sampled = list(self.spec.parts), self.spec.sampled
        everything, nothing = frozenset(parts), frozenset[str]()
        rows: list[dict[str, Any]] = []
        for outcome in self.swept.plan.outcomes:
            worth = self._worth(outcome)
            pairs = over_pairs(worth, sampled) if sampled else {}
            values = shapley(worth, parts, sampled)
            for part, value in {**values, LEFT: worth[nothing], WHOLE: worth[everything]}.items():
                row = self._mean(value, "shapley", "ci", outcome)
                row |= {"outcome": outcome, "part": part, "unit": unit(outcome), "better": better(outcome)}
                if part in pairs:
                    row["ci_low"], row["ci_high"] = sampled_interval(pairs[part])
                single = frozenset({part})
                if single in worth:
                    row |= self._mean(worth[single] - worth[nothing], "alone", "alone", outcome)
                if part in values:
                    row |= self._mean(worth[everything - single] - worth[everything], "left_out", "left_out", outcome)
                rows.append(row)
        return pd.DataFrame(rows).reindex(columns=COLUMNS)

    def base(self, outcome: str) -> float:
        """Mean of an outcome without the policy, over the replicates that are reported.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.ablation().base("conflicts") > 0.0
        True
        """
        return float(self._values(outcome)[BASELINE].mean())

    def together(self, outcome: str) -> Paired | None:
        """What the parts change together beyond the sum of what each changes alone; None if not all were run alone.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.ablation().together("conflicts").replicates
        2
        """
        worth, singles = self._worth(outcome), [frozenset({part}) for part in self.spec.parts]
        if not worth.keys() >= set(singles):
            return None
        nothing = worth[frozenset()]
        summed = sum((worth[single] - nothing for single in singles), np.zeros_like(nothing))
        whole = worth[frozenset(self.spec.parts)] - nothing
        return paired(whole, summed, better(outcome), grain=self.swept.grain_of(outcome))

    def _mean(self, values: Array, name: str, interval: str, outcome: str) -> dict[str, Any]:
        mean = paired(values, np.zeros(values.size), better(outcome), grain=self.swept.grain_of(outcome))
        ends = {f"{interval}_low": mean.ci_low, f"{interval}_high": mean.ci_high}
        return {name: mean.difference, **ends, "replicates": mean.replicates}

    def _worth(self, outcome: str) -> Worth:
        """What each set changes of an outcome in every replicate in which all its runs ended."""
        values = self._values(outcome)
        base = values[BASELINE].to_numpy()
        return {subset: values[label].to_numpy() - base for subset, label in self.spec.labels.items()}

    def _values(self, outcome: str) -> pd.DataFrame:
        """An outcome in every replicate in which all runs ended, shape (replicates, arms)."""
        values = self.swept.ended.pivot_table(index="replicate", columns="arm", values=outcome, aggfunc="first")
        return values.reindex(columns=[BASELINE, *self.spec.labels.values()]).dropna()


class AblationSpec(Spec):
    """A policy that is to be taken apart, by its `name` in reports.

    `policy` has the changes that make it, `parts` for each part those that take it out of the policy.  Where there are
    more than `EXACT` parts, `orders_sampled` orders stand for all of them; rounded up to pairs.
    """

    analysis = "ablation"
    noun = "ablation"
    usual = {"estates": 240, "weeks": 156}
    quick = {"estates": 60, "replicates": 3, "weeks": 104}
    merging = ("replicates",)

    name: str = "policy"
    policy: dict[str, Any]
    parts: dict[str, dict[str, Any]]
    outcomes: Annotated[tuple[str, ...], Option("What is asked about.", name="--outcome", usual="the policy's")]
    replicates: Annotated[Count, Option("Runs of every set of parts.")] = 8
    orders_sampled: Count = ORDERS

    @property
    def sampled(self) -> tuple[Order, ...]:
        """Orders that are sampled; none where all sets are run."""
        return tuple(orders(list(self.parts), self.orders_sampled, self.seed)) if len(self.parts) > EXACT else ()

    @property
    def labels(self) -> dict[Parts, str]:
        """Label of the arm of each set of parts."""
        return {
            subset: "with " + (" + ".join(name for name in self.parts if name in subset) or "no part")
            for subset in sets_of(list(self.parts), self.sampled)
        }

    def plan(self) -> Plan:
        """Return the plan of all runs: the baseline and every set of parts, as arms of one point."""
        arms: dict[str, dict[str, Any]] = {BASELINE: {}}
        for subset, label in self.labels.items():
            out = [changes for name, changes in self.parts.items() if name not in subset]
            arms[label] = dict(self.policy) | {key: value for changes in out for key, value in changes.items()}
        outcomes = outcomes_of(list(self.outcomes), self.scenario)
        return single_point(self, arms, outcomes, BASELINE, self.replicates, self.seed)


def ablate(policy: Mapping[str, Any], parts: Mapping[str, Mapping[str, Any]], **fields: Any) -> Ablation:
    """Take a policy apart; what the folder holds already is not run again.

    Parameters
    ----------
    policy
        Changes that make the policy.
    parts
        For each part, the changes that take it out of the policy; two that cannot be out together are refused.
    **fields
        Also the other fields of `AblationSpec`, which ``gongzhi ablate --help`` describes, and the keywords of `sweep`;
        the scenario without the policy is the baseline.

    Examples
    --------
    >>> policy, parts = {"coverage.strategy": "full"}, {"services": {"services.effect": 0.0}}
    >>> result = ablate(policy, parts, outcomes=["conflicts"], replicates=8)  # doctest: +SKIP
    >>> result.table[["part", "shapley"]]  # doctest: +SKIP
    """
    running, own = Running.split(fields)
    spec = AblationSpec.of({"outcomes": (), **own, "policy": policy, "parts": parts})
    return delivered(run_ablation(spec, running))


def run_ablation(spec: AblationSpec, running: Running) -> Ablation:
    """Take a policy apart, or read it where nothing may be run."""
    _check(spec.parts)
    swept = run_plan(spec.plan(), running, spec)
    result = Ablation(spec, swept, swept.folder)
    if not running.execution.only_stored:
        result.write()
    return result


def _check(parts: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse parts that set one parameter to different values, since they could not be out together."""
    if not parts:
        raise ScenarioError("The policy has no parts to be taken out: name at least one.")
    seen: dict[str, tuple[str, Any]] = {}
    for part, changes in parts.items():
        for name, value in changes.items():
            other, before = seen.setdefault(name, (part, value))
            if before != value:
                raise ScenarioError(f'"{other}" and "{part}" set {name} to different values: they cannot both be out.')
