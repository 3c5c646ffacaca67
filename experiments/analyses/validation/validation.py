"""Validation: the model beside data, and beside rivals that lack one of its mechanisms.

The data are one district and one year, so that the model's counterpart of a datum is one run, not the mean of many:
beside the data's interval stands the *prediction interval*, in which one more run lies with 95 %.  The interval of the
mean is kept as well; it shrinks with replicates, which the prediction interval does not.

A rival is *fitted again* before it is judged, as the model was: the seven rates of incidents in proportion to what the
hotline hears of each kind, and how fast parties are met (or how many hours desks have) by the median reply.  It is
fitted to the model's own figures, in pilot runs that share random numbers with the model's and that are not used again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final

import numpy as np
import pandas as pd

from experiments.analyses.failed_runs import delivered
from experiments.analyses.sweep.sweep_spec import single_point
from experiments.analyses.sweep.swept import OneSweepResult, Swept, run_plan
from experiments.analyses.validation.evidence import FIGURES, Figure, Spread, evidence, spread, verdict
from experiments.analyses.validation.filings import YEAR
from experiments.analyses.validation.patterns import GROUND, Judged
from experiments.analyses.validation.targets import Target
from experiments.core.analysis_folder import claim
from experiments.core.design.design import seed_of
from experiments.core.option import Option
from experiments.core.spec import Count, Running, Spec, Whole, whole
from experiments.core.store.store import Store, housed
from experiments.reporting.catalogue import N_
from sim import Scenario
from sim.core.codes import CATEGORIES
from sim.core.errors import ScenarioError, nearest

MODEL: Final = N_("model")
"""Label of the arm that nothing is taken out of."""
PREDICTED: Final = "predicted"
"""Kind of a figure of which no datum is at hand; the model's own prediction stands in its place."""
DATA: Final = ("fitted", "held back")
"""Kinds of figures that say something about the world."""
MOST: Final = 5.0
"""Largest factor by which one pilot may change a parameter of a rival."""
COLUMNS: Final = (
    "figure kind unit value low high interval arm mean ci_low ci_high predicted_low predicted_high replicates verdict "
    "source"
).split()


@dataclass(frozen=True)
class Null:
    """A rival: the model with something taken out of it.

    `lacks` is a noun, `what` a sentence for people.  `tuned` are the parameters that are moved together to bring the
    median reply back, which follows them roughly as their inverse to the power of 1 / `power`.

    Examples
    --------
    >>> Null("talk", "Nobody talks.", {"grievances.talk": False}).tuned
    ('desks.meeting',)
    """

    lacks: str
    what: str
    changes: Mapping[str, Any]
    tuned: tuple[str, ...] = ("desks.meeting",)
    power: float = 1.0


@dataclass
class Validation(OneSweepResult):
    """The model and its rivals beside data: `swept` has the runs of all arms that are judged, `fitted` the changes of
    each refitted rival, whose pilot runs are in folders of their own.

    Examples
    --------
    >>> from experiments import ready
    >>> list(ready.validation().tables)
    ['validation', 'rivals', 'runs']
    """

    presented: ClassVar[str] = "experiments.analyses.validation.validation_report"

    spec: ValidationSpec
    swept: Swept = field(repr=False)
    fitted: Mapping[str, Mapping[str, Any]]
    folder: Path

    @property
    def preparing(self) -> list[Store]:
        """The stores of the pilots, by which rivals are fitted again."""
        return [Store(place) for place in sorted(self.folder.glob("pilot-*"))]

    @cached_property
    def spreads(self) -> dict[tuple[str, str], Spread]:
        """How each figure scatters over the runs of each arm, by figure and arm.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.validation().spreads["reply", "model"].replicates
        2
        """
        runs, plan, spreads = self.swept.ended, self.swept.plan, {}
        for name in plan.outcomes:
            for arm in plan.arms:
                got = spread(runs.loc[runs["arm"] == arm, name].to_numpy(float), FIGURES.get(name, Figure()).scale)
                if name in FIGURES and got.low == got.high:
                    # A few runs that happen to agree do not tell how one more would scatter; the ground does not.
                    got = Spread(got.replicates, got.mean, *[math.nan] * 4)
                spreads[name, arm] = got
        return spreads

    def of_kind(self, *kinds: str) -> list[str]:
        """Figures of some kinds, in the order of the table.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.validation().of_kind("fitted")
        ['reply']
        """
        return self.table.loc[self.table["kind"].isin(kinds), "figure"].drop_duplicates().tolist()

    def evidence(self, name: str, kind: str = "for") -> list[str]:
        """Name the rivals for which a figure has evidence of some kind, in order; see `evidence.evidence`.

        Examples
        --------
        >>> from experiments import ready
        >>> set(ready.validation().evidence("reply")) <= {"no talk"}
        True
        """
        own, (_, *ends) = self.spreads[name, MODEL], self._interval(name)
        return [label for label in self.spec.nulls if evidence(own, self.spreads[name, label], *ends) == kind]

    def _interval(self, name: str) -> tuple[float, float, float]:
        """Value, low and high that runs are set beside: of the data, else of what the model predicts."""
        own, target = self.spreads[name, MODEL], self.spec.targets.get(name)
        return (target.value, target.low, target.high) if target else (own.mean, own.low, own.high)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per figure and arm, with `COLUMNS`: the data's interval, the arm's intervals, and the verdict.

        Examples
        --------
        >>> from experiments import ready
        >>> table = ready.validation().table
        >>> table.loc[table["figure"] == "reply", "arm"].tolist()
        ['model', 'no talk']
        """
        rows, targets = [], self.spec.targets
        for name in dict.fromkeys([*targets, *FIGURES]):
            value, low, high = self._interval(name)
            kind, unit, interval, source = PREDICTED, "", "prediction interval of the model", ""
            if target := targets.get(name):
                kind, unit, interval, source = target.kind, target.unit, target.interval, target.source
            head = (name, kind, unit or FIGURES.get(name, Figure()).unit, value, low, high, interval)
            for arm in [MODEL] if kind == "built in" else self.swept.plan.arms:
                got = self.spreads[name, arm]
                says = verdict(got, low, high) if target or arm != MODEL else ""
                ends = (got.ci_low, got.ci_high, got.low, got.high)
                rows.append((*head, arm, got.mean, *ends, got.replicates, says, source))
        return pd.DataFrame(rows, columns=COLUMNS)

    @cached_property
    def verdicts(self) -> pd.DataFrame:
        """Verdicts, a row for each figure and a column for each arm.

        Examples
        --------
        >>> from experiments import ready
        >>> list(ready.validation().verdicts)
        ['model', 'no talk']
        """
        wide = self.table.pivot(index="figure", columns="arm", values="verdict")
        return wide.reindex(index=self.table["figure"].drop_duplicates().tolist(), columns=list(self.swept.plan.arms))

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`validation`; `rivals`, by parameter what each was made of, empty where it is the model's; and `runs`."""
        parameters = pd.DataFrame({arm: pd.Series(dict(changes), dtype=object) for arm, changes in self.fitted.items()})
        rivals = parameters.rename_axis("parameter").reset_index()
        return {"validation": self.table, "rivals": rivals, "runs": self.runs}


def measured_names() -> tuple[str, ...]:
    """All figures that can be asked for."""
    return (*FIGURES, *(statistic.name for statistic in GROUND))


def refitted(
    changes: Mapping[str, Any], null: Null, got: Mapping[str, float], goal: Mapping[str, float], scenario: Scenario
) -> dict[str, Any]:
    """Bring a rival one step nearer to what the hotline hears in the model.

    `changes` are its parameters so far, beside the scenario's, and `null` says what may be moved besides the rates;
    `got` and `goal` are figures of it and of the model: `volume`, shares by category, `reply`.  The changes that are
    returned lie within the parameters' limits, rounded to four digits.
    """
    known = {row["name"]: row for row in scenario.parameters()}
    world, moved = scenario.replace(dict(changes)), dict(changes)

    def move(name: str, factor: float) -> None:
        if np.isfinite(factor) and factor > 0.0:
            value = float(world.get(name)) * float(np.clip(factor, 1.0 / MOST, MOST))
            moved[name] = float(f"{np.clip(value, float(known[name]['low']), float(known[name]['high'])):.4g}")

    for name in CATEGORIES:
        have, want = (figures["volume"] * figures[f"share {name}"] for figures in (got, goal))
        move(f"incidents.rate_{name}", want / have if have else np.nan)
    for name in null.tuned:
        move(name, (got["reply"] / goal["reply"]) ** null.power)
    return moved


class ValidationSpec(Spec):
    """A validation: rivals by the name of their arm, and figures of data; others are predicted.

    `pilot_replicates` are the runs for each time that rivals are fitted again.
    """

    analysis = "validation"
    noun = "validation"
    growing: ClassVar[tuple[str, ...]] = ("replicates",)
    usual = {"estates": 1034}
    quick = {"estates": 100, "replicates": 4, "pilots": 1}

    nulls: dict[str, Null]
    targets: dict[str, Target]
    replicates: Annotated[Whole, Option("Runs of the model and of each rival.")] = 8
    pilots: Annotated[
        int, whole(0), Option("How often rivals are fitted again before they are judged; 0 leaves them as they are.")
    ] = 3
    pilot_replicates: Count = 2


def validate(nulls: Mapping[str, Null], targets: Mapping[str, Target], **fields: Any) -> Validation:
    """Set the model and its rivals beside data; what the folder holds already is not run again.

    Rivals are by the name of their arm, and targets by that of the figure; figures without a target are predicted.
    Also the other fields of `ValidationSpec`, which ``gongzhi validate --help`` describes, and the keywords of `sweep`.

    Raises
    ------
    ScenarioError
        A target is no figure of the model, no whole year is measured, or there is only one replicate.

    Examples
    --------
    >>> from experiments.analyses.validation.targets import shipped
    >>> silent = Null("talk", "Nobody talks.", {"grievances.contacts_conflict": 0.0, "grievances.contacts_open": 0.0})
    >>> result = validate({"no talk": silent}, shipped())  # doctest: +SKIP
    >>> result.verdicts  # doctest: +SKIP
    """
    running, own = Running.split(fields)
    return delivered(run_validation(ValidationSpec.of({**own, "nulls": nulls, "targets": targets}), running))


def run_validation(spec: ValidationSpec, running: Running) -> Validation:
    """Set the model and its rivals beside data, or read what was, where nothing may be run."""
    _check(spec)
    changes: dict[str, dict[str, Any]] = {label: dict(null.changes) for label, null in spec.nulls.items()}

    def run_arms(replicates: int, seed: int, how: Running) -> Swept:
        plan = single_point(spec, {MODEL: {}, **changes}, measured_names(), MODEL, replicates, seed)
        return run_plan(replace(plan, model=Judged), how)

    def run_in(home: Store) -> Validation:
        own = running.at(claim(home.folder, spec, running))
        for number in range(1, (spec.pilots if spec.nulls else 0) + 1):
            pilot = run_arms(spec.pilot_replicates, seed_of(spec.seed, 1, number), own.within(f"pilot-{number}"))
            means = pilot.ended.groupby("arm")[list(pilot.plan.outcomes)].mean().to_dict("index")
            for label, null in spec.nulls.items():
                if label in means and MODEL in means:
                    changes[label] = refitted(changes[label], null, means[label], means[MODEL], spec.scenario)
        swept = run_arms(spec.replicates, spec.seed, replace(own.within("main"), extend=running.extend))
        return Validation(spec, swept, changes, home.folder)

    result = housed(running.out, run_in)
    if not running.execution.only_stored:
        result.write()
    return result


def _check(spec: ValidationSpec) -> None:
    known = measured_names()
    if strange := [name for name in spec.targets if name not in known]:
        choice = ", ".join(known)
        lines = [f'"{name}" is no figure of the model.{nearest(name, known)} There are: {choice}.' for name in strange]
        raise ScenarioError.listing("targets", lines)
    weeks, warmup = spec.scenario.run.weeks, spec.scenario.run.warmup
    if weeks - warmup < YEAR:
        raise ScenarioError(
            f"Figures are of whole years: run.weeks is {weeks}, and at least {warmup + YEAR} is needed "
            f"({YEAR} weeks after a warm-up of {warmup})."
        )
    if spec.replicates < 2:
        raise ScenarioError(f"replicates is {spec.replicates}: at least 2 are needed, since one run has no scatter.")
