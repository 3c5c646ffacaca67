"""The best use of cadre hours: which coverage averts most within a number of hours a week, found by simulation.

Candidates race under common random numbers, all held to the same hours in every replicate.  The winner is then run
beside its comparators with fresh random numbers, on which it was not selected: hotspots, the largest estates, random
ones, the same hours at the communities' desks, full coverage, and nothing at all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analyses.budget.budget_spec import (
    ALWAYS,
    DESKS,
    FULL,
    FULL_DESKS,
    NONE,
    SPENT,
    BudgetSpec,
    is_per_week,
    kept_outcomes,
)
from experiments.analyses.budget.candidate_rules import Candidates, description, on_offer, plugin_of, registered_as
from experiments.analyses.budget.cost_model import BUILT_IN, terms_of
from experiments.analyses.budget.successive_halving import Halving, Rung, rungs, success_probability
from experiments.analyses.failed_runs import delivered
from experiments.analyses.result import Result
from experiments.analyses.stored_runs import runs_table
from experiments.analyses.sweep.sweep_spec import single_point
from experiments.analyses.sweep.swept import Swept, run_plan
from experiments.core.analysis_folder import claim
from experiments.core.design.design import seed_of, start_week
from experiments.core.design.policies import changes_under
from experiments.core.margin import MARGIN
from experiments.core.spec import Running
from experiments.core.statistics.exposure import Exposure, grain
from experiments.core.statistics.exposure import scale as scale_of
from experiments.core.statistics.measures import better, unit
from experiments.core.statistics.outcome_indices import INDICES, PARTS, with_indices
from experiments.core.statistics.paired import Paired, paired
from experiments.core.statistics.regions import region
from experiments.core.store.files import replace_file
from experiments.core.store.store import Store
from experiments.reporting.finding import Finding
from sim import District


@dataclass
class Search(Result):
    """A search as far as its runs ended: a race for each number of hours, the sweeps of its heats, and the confirming
    sweep.

    Examples
    --------
    >>> from experiments import ready
    >>> list(ready.search().tables)
    ['front', 'candidates', 'runs']
    """

    spec: BudgetSpec
    races: Mapping[float, Halving]
    rounds: list[Swept] = field(repr=False)
    confirmed: Swept = field(repr=False)
    district: District = field(repr=False)
    folder: Path

    presented: ClassVar[str] = "experiments.analyses.budget.budget_report"

    @property
    def hours(self) -> tuple[float, ...]:
        """Numbers of cadre hours a week for which there is a race.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.search().hours
        (6.0,)
        """
        return self.spec.hours

    @property
    def outcome(self) -> str:
        """By what the coverages are judged.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.search().outcome
        'conflicts'
        """
        return self.spec.outcome

    @property
    def candidates(self) -> Candidates:
        """The rules that race, by name.

        Examples
        --------
        >>> from experiments import ready
        >>> len(ready.search().candidates)
        2
        """
        return self.spec.candidates

    @property
    def planned(self) -> tuple[Rung, ...]:
        """The heats, the same for every number of hours.

        Examples
        --------
        >>> from experiments import ready
        >>> len(ready.search().planned)
        1
        """
        return self.races[self.hours[0]].planned

    @property
    def stores(self) -> list[Store]:
        """The stores of the confirming sweep and of the heats."""
        return [swept.store for swept in [self.confirmed, *self.rounds]]

    @property
    def warnings(self) -> list[str]:
        return list(dict.fromkeys(text for swept in [*self.rounds, self.confirmed] for text in swept.warnings))

    @cached_property
    def raced(self) -> pd.DataFrame:
        """One row per number of hours, heat and candidate; see `Halving.table`. Differences are from no branches.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.search().raced["budget"].unique().tolist()
        [6.0]
        """
        parts = [race.table.assign(budget=hours) for hours, race in self.races.items()]
        table = pd.concat(parts, ignore_index=True)
        table["rule"] = [description(self.candidates[name]).text() for name in table["candidate"]]
        return table[["budget", *(name for name in table.columns if name != "budget")]]

    @cached_property
    def front(self) -> pd.DataFrame:
        """One row per number of hours, strategy and outcome, from random numbers on which no winner was selected.

        Returns
        -------
        DataFrame
            With `budget` (NaN for full coverage, which is held to none), `strategy`, `best` (whether it won the race),
            `rule`; `outcome, unit, better, mean, difference, ci_low, ci_high, relative` (from no branches); `averted,
            averted_low, averted_high` (the same towards the better side, or how many fewer where neither is better; of
            cases by week in the whole district), `verdict` (`statistics.regions`, beside the usual margin);
            `hours, hours_low, hours_high` (cadre hours really spent a week; at the desks, with those that are not sent
            away), `new_hours` (what all desks and branches have more), `dispatched_hours, reporting_hours, covered`;
            `behind, behind_low, behind_high, behind_verdict` (from the winner of this number of hours), `replicates`.

        Examples
        --------
        >>> from experiments import ready
        >>> front = ready.search().front
        >>> int(front.loc[front["best"], "strategy"].nunique())
        1
        """
        kept = [*dict.fromkeys([self.outcome, *ALWAYS])]
        values = {outcome: values_of(self.confirmed, outcome) for outcome in [*kept, *SPENT]}
        rows = []
        for label, (hours, name) in _arms(self.hours, self.races, self.candidates).items():
            if name == NONE:
                continue
            best = _label(self.races[hours].winner, hours) if hours else ""
            rule = description(self.candidates[name]).text() if name in self.candidates else ""
            head = {"budget": hours or math.nan, "strategy": name, "best": label == best, "rule": rule}
            rows += [{**head, "outcome": outcome, **self._row(values, outcome, label, best)} for outcome in kept]
        return pd.DataFrame(rows)

    def row(self, hours: float | None, strategy: str, outcome: str | None = None) -> pd.Series:
        """Return a row of the front; `hours` is None for full coverage, `strategy` may be ``best``.

        Examples
        --------
        >>> from experiments import ready
        >>> row = ready.search().row(6.0, "best")
        >>> bool(row["best"]), row["outcome"] == ready.search().outcome
        (True, True)
        """
        table = self.front[self.front["outcome"] == (outcome or self.outcome)]
        held = table["budget"].isna() if hours is None else table["budget"] == hours
        named = table["best"] if strategy == "best" else table["strategy"] == strategy
        return table[held & named].iloc[0]

    def _row(self, values: Mapping[str, pd.DataFrame], outcome: str, label: str, best: str) -> dict[str, Any]:
        runs, side, step = values[outcome], better(outcome), self.confirmed.grain_of(outcome)
        gap = _paired(runs, label, NONE, side, step)
        behind = _paired(runs, label, best if best != label else "", side, step)
        room = MARGIN * scale_of(outcome, gap.baseline_mean)
        # Whom a winner sends from the desks stays there when its hours are given to the desks.
        sent = {_label(DESKS, hours): _label(race.winner, hours) for hours, race in self.races.items()}
        sent[FULL_DESKS] = FULL
        columns = ("hours", label), ("authority_hours", label), ("dispatched_hours", sent.get(label, ""))
        spent = _mean_spent(*(values[name].get(column) for name, column in columns))
        scale = self.district.households.sum() / 1000.0 if is_per_week(outcome) else 1.0
        sign = scale if side == "higher" else -scale
        # Adding zero turns the zero of minus nothing into nothing.
        averted, *ends = (sign * value + 0.0 for value in (gap.difference, gap.ci_low, gap.ci_high))
        more = {name: float(values[name][label].mean()) if label in values[name] else math.nan for name in SPENT[2:]}
        return {
            "unit": unit(outcome),
            "better": side,
            "mean": gap.mean,
            **_ends(gap, "difference", "ci"),
            "relative": gap.relative,
            "averted": averted,
            "averted_low": min(ends),
            "averted_high": max(ends),
            "verdict": region(gap.ci_low, gap.ci_high, room, side),
            **_ends(spent, "hours", "hours"),
            "new_hours": _paired(values["hours"], label, NONE, "lower").difference,
            **more,
            **_ends(behind, "behind", "behind"),
            "behind_verdict": region(behind.ci_low, behind.ci_high, room, side) if behind.replicates else "",
            "replicates": gap.replicates,
        }

    def promise(self, hours: float, margin: float = MARGIN) -> float:
        """How probably the race finds a candidate that is better than all others by a share of the mean, at least; see
        `success_probability`.  The spread is what the race showed.

        Examples
        --------
        >>> from experiments import ready
        >>> 0.0 <= ready.search().promise(6.0) <= 1.0
        True
        """
        race, usual = self.races[hours], values_of(self.confirmed, self.outcome).get(NONE)
        mean = 1.0 if self.outcome in INDICES else math.nan if usual is None else abs(float(usual.mean()))
        known = math.isfinite(mean + race.spread)
        return success_probability(race.planned, margin * mean, race.spread) if known else math.nan

    def plugin(self, hours: float) -> str:
        """The winner of a number of hours, as a plugin's text.

        Examples
        --------
        >>> from experiments import ready
        >>> "strategy" in ready.search().plugin(6.0)
        True
        """
        rule, where = self.candidates[self.races[hours].winner], f"in a district of {self.district.estates} estates"
        origin = f"Chosen by simulation among {len(self.candidates)} candidates for {self.outcome}, {where}."
        return plugin_of(rule, terms_of(self.spec.scenario), hours, origin)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        return {"front": self.front, "candidates": self.raced, "runs": self.runs}

    @cached_property
    def runs(self) -> pd.DataFrame:
        """The runs of all heats, and those in fresh chance."""
        return runs_table({swept.folder.name: swept.step_runs for swept in [*self.rounds, self.confirmed]})

    @property
    def beside(self) -> list[str]:
        """A plugin for each number of hours, with the best coverage."""
        return [f"best-{hours:g}.py" for hours in self.hours]

    @property
    def finished(self) -> bool:
        """Whether any pair of fresh runs has ended."""
        return bool(self.front["replicates"].gt(0).any())

    @property
    def counted(self) -> list[Finding]:
        return [Finding("budget.heats", number=len(self.rounds))]

    def write(self) -> None:
        """Write the tables and, where anything was found, the plugins."""
        super().write()
        for hours, name in zip(self.hours, self.beside, strict=True) if self.finished else ():
            replace_file(self.folder / name, self.plugin(hours).encode())


def budget(hours: Sequence[float], **fields: Any) -> Search:
    """Search for the best coverage within numbers of hours; what the folder holds already is not run again.

    Parameters
    ----------
    hours
        Cadre hours a week in the whole district.
    candidates
        How many, or rules by name.
    **fields
        Also the other fields of `BudgetSpec`, which ``gongzhi budget --help`` describes, and the keywords of `sweep`;
        results go to ``results/budget`` unless `out` is named.

    Examples
    --------
    >>> result = budget([60.0, 120.0], candidates=16, out="results/hours")  # doctest: +SKIP
    >>> result.row(60.0, "best")["rule"]  # doctest: +SKIP
    """
    running, own = Running.split(fields)
    running = replace(running, out=running.out or "results/budget")
    return delivered(run_budget(BudgetSpec.asked_of(hours, own), running))


def run_budget(spec: BudgetSpec, running: Running) -> Search:
    """Search for the best coverage, or read a search where nothing may be run."""
    world, ground, offered = spec.scenario, spec.ground, spec.candidates
    planned = rungs(len(offered), spec.replicates)
    seen = Exposure(float(ground.households.sum()), world.run.weeks - max(start_week(world), world.run.warmup))
    step = grain(spec.outcome, seen)
    races = {hours: Halving(list(offered), planned, better(spec.outcome), step) for hours in spec.hours}
    folder = claim(running.out or ".", spec, running)

    def run_arms(arms: Mapping[str, Mapping[str, Any]], number: int, stream: int, name: str) -> Swept:
        changed = {label: changes_under(changes, spec.policy) for label, changes in arms.items()}
        outcomes, seed = kept_outcomes(spec.outcome, spec.scenario), seed_of(spec.seed, stream, 0)
        plan = replace(single_point(spec, changed, outcomes, NONE, number, seed), district=ground)
        return run_plan(plan, running.within(name))

    with on_offer(offered, terms_of(world)):
        rounds = [_heat(run_arms, number, heat, races, spec.outcome) for number, heat in enumerate(planned, start=1)]
        arms = {
            label: _changes(spent, name, races[spent].winner if name == DESKS else "")
            for label, (spent, name) in _arms(spec.hours, races, offered).items()
        }
        confirmed = run_arms(arms, spec.confirm, 0, "confirm")
    result = Search(spec, races, rounds, confirmed, ground, folder)
    if not running.execution.only_stored:
        result.write()
    return result


def _heat(run_arms: Any, number: int, heat: Rung, races: Mapping[float, Halving], outcome: str) -> Swept:
    """Run a heat of all races at once, so that they share their warm-ups, and enter what it showed."""
    arms = {NONE: _changes(0.0, NONE)} | {
        _label(name, hours): _changes(hours, name) for hours, race in races.items() for name in race.survivors
    }
    swept: Swept = run_arms(arms, heat.replicates, number, f"heat-{number}")
    values = values_of(swept, outcome).reindex(index=range(heat.replicates), columns=list(arms))
    for hours, race in races.items():
        race.update({name: (values[_label(name, hours)] - values[NONE]).to_numpy() for name in race.survivors})
    return swept


def values_of(swept: Swept, outcome: str) -> pd.DataFrame:
    """An outcome of all runs that ended, shape (replicates, arms); order and vitality are relative to no branches."""
    runs = swept.ended
    if outcome not in INDICES:
        return runs.pivot_table(index="replicate", columns="arm", values=outcome, aggfunc="first", dropna=False)
    means = runs.assign(district=0).set_index(["arm", "district", "replicate"])[list(PARTS[outcome])]
    return with_indices(means, NONE)[outcome].droplevel("district").unstack("arm")


def _label(name: str, hours: float) -> str:
    return f"{name} at {hours:g}"


def _changes(hours: float, name: str, winner: str = "") -> dict[str, Any]:
    """Changes of an arm: a strategy held to hours, a winner's hours at the desks, or what is held to none."""
    if not hours:
        return {"coverage.strategy": {FULL_DESKS: "hours_offered:full"}.get(name, name)}
    strategy = f"hours_offered:{registered_as(winner)}" if winner else registered_as(name)
    return {"coverage.strategy": strategy, "coverage.hours": hours}


def _arms(
    hours: Sequence[float], races: Mapping[float, Halving], candidates: Candidates
) -> dict[str, tuple[float, str]]:
    """The arms of the confirming sweep: number of hours (0 for what is held to none) and name, by label of the arm."""
    arms: dict[str, tuple[float, str]] = {NONE: (0.0, NONE)}
    for limit in hours:
        comparators = [name for name, rule in candidates.items() if rule in BUILT_IN]
        for name in dict.fromkeys([races[limit].winner, *comparators, DESKS]):
            arms[_label(name, limit)] = (limit, name)
    return arms | {name: (0.0, name) for name in (FULL, FULL_DESKS)}


def _paired(
    values: pd.DataFrame, label: str = "", other: str = "", direction: Any = "lower", step: float = 0.0
) -> Paired:
    if not {label, other} <= set(values.columns):
        return paired([], [], direction)
    return paired(values[label].to_numpy(), values[other].to_numpy(), direction, grain=step)


def _ends(gap: Paired, name: str, ends: str) -> dict[str, float]:
    return {name: gap.difference, f"{ends}_low": gap.ci_low, f"{ends}_high": gap.ci_high}


def _mean_spent(hours: pd.Series | None, desks: pd.Series | None, sent: pd.Series | None) -> Paired:
    """Mean of the cadre hours of an arm, with its interval: all hours less those of the desks, and who was not sent."""
    if hours is None or desks is None:
        return paired([], [])
    spent: NDArray[np.float64] = (hours - desks + (0.0 if sent is None else sent)).to_numpy()
    return paired(spent, np.zeros(spent.size))
