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
from typing import Any, ClassVar, Final

import numpy as np
import pandas as pd

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
from experiments.analyses.budget.candidate_rules import description, on_offer, plugin_of, registered_as
from experiments.analyses.budget.cost_model import BUILT_IN, terms_of
from experiments.analyses.budget.successive_halving import Halving, success_probability
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
from experiments.core.statistics.exposure import Exposure, grain, scale
from experiments.core.statistics.measures import better, unit
from experiments.core.statistics.outcome_indices import INDICES, PARTS, with_indices
from experiments.core.statistics.paired import Paired, paired
from experiments.core.statistics.regions import region
from experiments.core.store.files import replace_file
from experiments.core.store.store import Store
from experiments.reporting.finding import Finding
from sim import District

FRONT: Final = (
    "budget strategy best rule outcome unit better mean difference ci_low ci_high relative averted averted_low "
    "averted_high verdict hours hours_low hours_high new_hours dispatched_hours reporting_hours covered behind "
    "behind_low behind_high behind_verdict replicates"
).split()
"""Columns of the front."""


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
        table["rule"] = [description(self.spec.candidates[name]).text() for name in table["candidate"]]
        return table[["budget", *table.columns.drop("budget")]]

    @cached_property
    def front(self) -> pd.DataFrame:
        """One row per number of hours, strategy and outcome, from random numbers on which no winner was selected.

        Of the columns, `FRONT`, `budget` is NaN for full coverage, which is held to none, and `best` says who won the
        race.  Differences are from no branches; `averted` is the same towards the better side, or how many fewer where
        neither is better, of cases by week in the whole district.  `hours` are cadre hours really spent a week, at the
        desks with those that are not sent away; `new_hours` what all desks and branches have more.  `behind` is from
        the winner of this number of hours.  Verdicts are `statistics.regions` beside the usual margin.

        Examples
        --------
        >>> from experiments import ready
        >>> front = ready.search().front
        >>> int(front.loc[front["best"], "strategy"].nunique())
        1
        """
        kept = dict.fromkeys([self.spec.outcome, *ALWAYS])
        values = {outcome: values_of(self.confirmed, outcome) for outcome in [*kept, *SPENT]}
        # Whom a winner sends from the desks stays there when its hours are given to the desks.
        sent = {_label(DESKS, hours): _label(race.winner, hours) for hours, race in self.races.items()}
        sent[FULL_DESKS] = FULL

        def runs(outcome: str, label: str) -> pd.Series:
            return values[outcome].get(label, pd.Series(np.nan, values[outcome].index))

        rows = []
        for label, (hours, name) in _arms(self.spec, self.races).items():
            if name == NONE:
                continue
            best = _label(self.races[hours].winner, hours) if hours else ""
            rule = self.spec.candidates.get(name)
            stayed = values["dispatched_hours"].get(sent.get(label, ""), 0.0)
            spent = runs("hours", label) - runs("authority_hours", label) + stayed
            arm = {
                "budget": hours or math.nan,
                "strategy": name,
                "best": label == best,
                "rule": "" if rule is None else description(rule).text(),
                **_ends("hours", paired(spent, np.zeros(spent.size))),
                "new_hours": paired(runs("hours", label), runs("hours", NONE)).difference,
                **{column: float(runs(column, label).mean()) for column in SPENT[2:]},
            }
            for outcome in kept:
                direction, step = better(outcome), self.confirmed.grain_of(outcome)
                own, rival = runs(outcome, label), "" if label == best else best
                gap, behind = (paired(own, runs(outcome, other), direction, grain=step) for other in (NONE, rival))
                room = MARGIN * scale(outcome, gap.baseline_mean)
                size = self.district.households.sum() / 1000.0 if is_per_week(outcome) else 1.0
                sign = size if direction == "higher" else -size
                # Adding zero turns the zero of minus nothing into nothing.
                averted, *ends = (sign * value + 0.0 for value in (gap.difference, gap.ci_low, gap.ci_high))
                rows.append(
                    {
                        **arm,
                        **vars(gap),
                        "outcome": outcome,
                        "unit": unit(outcome),
                        "better": direction,
                        "averted": averted,
                        "averted_low": min(ends),
                        "averted_high": max(ends),
                        "verdict": region(gap.ci_low, gap.ci_high, room, direction),
                        **_ends("behind", behind),
                        "behind_verdict": region(behind.ci_low, behind.ci_high, room, direction)
                        if behind.replicates
                        else "",
                    }
                )
        return pd.DataFrame(rows)[FRONT]

    def row(self, hours: float | None, strategy: str, outcome: str | None = None) -> pd.Series:
        """Return a row of the front; `hours` is None for full coverage, `strategy` may be ``best``.

        Examples
        --------
        >>> from experiments import ready
        >>> bool(ready.search().row(6.0, "best")["best"])
        True
        """
        table = self.front[self.front["outcome"] == (outcome or self.spec.outcome)]
        held = table["budget"].isna() if hours is None else table["budget"] == hours
        named = table["best"] if strategy == "best" else table["strategy"] == strategy
        return table[held & named].iloc[0]

    def promise(self, hours: float) -> float:
        """How probably the race finds a candidate that is better than all others by a share of the mean, the usual
        margin, at least; see `success_probability`.  The spread is what the race showed.

        Examples
        --------
        >>> from experiments import ready
        >>> 0.0 <= ready.search().promise(6.0) <= 1.0
        True
        """
        race, usual = self.races[hours], values_of(self.confirmed, self.spec.outcome).get(NONE)
        mean = scale(self.spec.outcome, math.nan if usual is None else float(usual.mean()))
        known = math.isfinite(mean + race.spread)
        return success_probability(race.planned, MARGIN * mean, race.spread) if known else math.nan

    def plugin(self, hours: float) -> str:
        """The winner of a number of hours, as a plugin's text.

        Examples
        --------
        >>> from experiments import ready
        >>> "strategy" in ready.search().plugin(6.0)
        True
        """
        candidates, where = self.spec.candidates, f"in a district of {self.district.estates} estates"
        origin = f"Chosen by simulation among {len(candidates)} candidates for {self.spec.outcome}, {where}."
        return plugin_of(candidates[self.races[hours].winner], terms_of(self.spec.scenario), hours, origin)

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
        return [f"best-{hours:g}.py" for hours in self.spec.hours]

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
        for hours, name in zip(self.spec.hours, self.beside, strict=True) if self.finished else ():
            replace_file(self.folder / name, self.plugin(hours).encode())


def budget(hours: Sequence[float], **fields: Any) -> Search:
    """Search for the best coverage within numbers of hours; what the folder holds already is not run again.

    Hours are those of cadres, a week in the whole district; `candidates` are how many, or rules by name.  Also the
    other fields of `BudgetSpec`, which ``gongzhi budget --help`` describes, and the keywords of `sweep`; results go to
    ``results/budget`` unless `out` is named.

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
    world, ground = spec.scenario, spec.ground
    seen = Exposure(float(ground.households.sum()), world.run.weeks - max(start_week(world), world.run.warmup))
    entrants, direction, step = list(spec.candidates), better(spec.outcome), grain(spec.outcome, seen)
    races = {hours: Halving(entrants, spec.planned, direction, step) for hours in spec.hours}
    folder = claim(running.out or ".", spec, running)

    def run_arms(arms: Mapping[str, Mapping[str, Any]], number: int, stream: int, name: str) -> Swept:
        changed = {label: changes_under(changes, spec.policy) for label, changes in arms.items()}
        outcomes, seed = kept_outcomes(spec.outcome, world), seed_of(spec.seed, stream, 0)
        plan = replace(single_point(spec, changed, outcomes, NONE, number, seed), district=ground)
        return run_plan(plan, running.within(name))

    def run_heat(number: int, replicates: int) -> Swept:
        """Run a heat of all races at once, so that they share their warm-ups, and enter what it showed."""
        running_in = {hours: race.survivors for hours, race in races.items()}
        arms = {_label(name, hours): _changes(hours, name) for hours, names in running_in.items() for name in names}
        swept = run_arms({NONE: _changes(0.0, NONE), **arms}, replicates, number, f"heat-{number}")
        values = values_of(swept, spec.outcome).reindex(index=range(replicates), columns=[NONE, *arms])
        gaps = values.sub(values[NONE], axis=0)
        for hours, names in running_in.items():
            races[hours].update({name: gaps[_label(name, hours)].to_numpy() for name in names})
        return swept

    with on_offer(spec.candidates, terms_of(world)):
        rounds = [run_heat(number, heat.replicates) for number, heat in enumerate(spec.planned, start=1)]
        arms = {
            label: _changes(spent, name, races[spent].winner if name == DESKS else "")
            for label, (spent, name) in _arms(spec, races).items()
        }
        confirmed = run_arms(arms, spec.confirm, 0, "confirm")
    result = Search(spec, races, rounds, confirmed, ground, folder)
    if not running.execution.only_stored:
        result.write()
    return result


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


def _arms(spec: BudgetSpec, races: Mapping[float, Halving]) -> dict[str, tuple[float, str]]:
    """The arms of the confirming sweep: number of hours (0 for what is held to none) and name, by label of the arm."""
    usual = [name for name, rule in spec.candidates.items() if rule in BUILT_IN]
    arms = {_label(name, hours): (hours, name) for hours in spec.hours for name in (races[hours].winner, *usual, DESKS)}
    return {NONE: (0.0, NONE)} | arms | {name: (0.0, name) for name in (FULL, FULL_DESKS)}


def _ends(name: str, gap: Paired) -> dict[str, float]:
    return {name: gap.difference, f"{name}_low": gap.ci_low, f"{name}_high": gap.ci_high}
