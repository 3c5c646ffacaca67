"""Compare arms on common random numbers: where most analyses begin.

>>> from experiments import compare
>>> result = compare(["none", "own"], scenario=sim.Scenario().replace(     # doctest: +SKIP
...     {"district.estates": 60}), replicates=4, weeks=104)
>>> result.table[["strategy", "outcome", "difference", "verdict"]]          # doctest: +SKIP
"""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, Unpack

import pandas as pd

from experiments.analyses.assumptions.over import CAUSES, Assumed, Sizes, ranged
from experiments.analyses.compare import table
from experiments.analyses.compare.comparison_spec import ComparisonFields, ComparisonSpec
from experiments.analyses.compare.further import FOLDER, further_design
from experiments.analyses.failed_runs import delivered
from experiments.analyses.result import SHOWN_FAILURES
from experiments.analyses.stored_runs import RUN, StoredRuns, run_housed
from experiments.core.design.arms import Arms
from experiments.core.design.design import Design
from experiments.core.run.execute import Execution, Outcome, run_design, status_table
from experiments.core.spec import Running
from experiments.core.statistics import measures, outcome_indices
from experiments.core.store.store import Store
from sim import District, Scenario
from sim.core.errors import ScenarioError
from sim.outcomes.inequality import SPREAD


@dataclass
class Comparison(StoredRuns):
    """The result of a comparison, read from its store; the spec is of all that the folder holds.

    Attributes
    ----------
    execution
        How more of the same is run.
    assumed, further
        The headline's effects over assumptions, and further arms on a smaller ground; None where there are none.

    Examples
    --------
    >>> from experiments import Execution, compare
    >>> world, quiet = {"run.weeks": 8, "run.warmup": 4}, Execution(progress=False)
    >>> result = compare(["none", "full"], district=3, scenario=world, replicates=2, execution=quiet)
    >>> result
    <Comparison: 4 runs, in ...>
    >>> sorted(set(result.table["strategy"]))
    ['full', 'none']
    """

    spec: ComparisonSpec
    store: Store
    outcome: Outcome
    execution: Execution = field(default_factory=Execution, repr=False)
    assumed: Assumed | None = field(default=None, repr=False)
    further: Comparison | None = field(default=None, repr=False)

    presented: ClassVar[str] = "experiments.analyses.compare.comparison_report"

    @property
    def stores(self) -> list[Store]:
        return [self.store, *([] if self.further is None else self.further.stores)]

    @property
    def preparing(self) -> list[Store]:
        """The store of the range over assumptions."""
        return [] if self.assumed is None else [self.assumed.store]

    @property
    def margin(self) -> float:
        """Share of the baseline's mean within which a difference does not matter.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().margin
        0.02
        """
        return self.spec.margin

    @property
    def finished(self) -> bool:
        return bool(len(self.table))

    @property
    def warnings(self) -> list[str]:
        beside = [] if self.further is None else self.further.warnings
        return list(dict.fromkeys([*self.outcome.warnings, *beside]))

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`table`, `runs`, `groups`: effects in groups of estates, and, where there is a range, `assumptions`."""
        ranged = {} if self.assumed is None else {"assumptions": self.deciding}
        return {"table": self.table, "runs": self.runs, "groups": self.groups, **ranged}

    @property
    def provenance(self) -> dict[str, Any]:
        return self.info

    @property
    def scenario(self) -> Scenario:
        """What the arms change; without any of their changes.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().scenario
        <Scenario: run.weeks = 8, run.warmup = 4, district.estates = 3, outcomes.record_estates = true>
        """
        return self.outcome.design.scenario

    @property
    def district(self) -> District:
        """The ground; the first one where there are several.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().district.estates
        3
        """
        return self.outcome.design.grounds[0]

    @property
    def size(self) -> tuple[int, int]:
        """Estates of a ground, and weeks that are measured.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().size
        (3, 4)
        """
        design = self.outcome.design
        return self.district.estates, design.scenario.run.weeks - design.start

    @cached_property
    def design(self) -> pd.DataFrame:
        """One row per run, with what became of it: `Design.to_frame`, `status` and `message`.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().design["status"].tolist()
        ['done', 'done', 'done', 'done']
        """
        return status_table(self.outcome.design, self.outcome)

    @cached_property
    def info(self) -> dict[str, Any]:
        """Question, command, versions, revision, seeds, completeness, failed runs, warnings, margin."""
        own = {"margin": self.margin, "warnings": self.outcome.warnings, "folder": str(self.folder)}
        info = {**self.store.read(), **own}
        if self.spec.further is not None:  # stopped before any of them where there are none
            other: dict[str, Any] = {"complete": False} if self.further is None else self.further.info
            info["complete"] = bool(info.get("complete")) and bool(other.get("complete"))
            for name in other.keys() & {"failed", "warnings"}:
                known = info.get(name, [])
                info[name] = [*known, *(item for item in other[name] if item not in known)]
        return info

    @cached_property
    def series(self) -> pd.DataFrame:
        """All weeks of all finished runs: arm, district, replicate, week and every outcome.

        Examples
        --------
        >>> from experiments import ready
        >>> series = ready.comparison().series
        >>> series.groupby("arm", sort=False)["week"].max().to_dict()
        {'none': 7, 'full': 7}
        """
        parts = {
            (run.arm, run.district, run.replicate): self.store.outcomes(run.key)
            for run in self.outcome.design.runs
            if run.key in self.outcome.done
        }
        if not parts:
            return pd.DataFrame(columns=[*RUN, "week"])
        return pd.concat(parts, names=RUN).reset_index(RUN).reset_index(drop=True)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row per run: arm, district, replicate, seed, and each outcome's mean over the weeks from the start on."""
        known = self.outcome.design.to_frame()[[*RUN, "seed"]]
        late = self.series[self.series["week"] >= self.outcome.design.start].drop(columns="week")
        return known.merge(late.groupby(RUN, sort=False).mean().reset_index(), on=RUN, how="left")

    @cached_property
    def table(self) -> pd.DataFrame:
        """All effects: those of this ground, and those of further arms, reported elsewhere; see `table.COLUMNS`.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().table[["strategy", "outcome", "unit"]].iloc[0].tolist()
        ['none', 'conflicts', 'per 1,000 households and week']
        """
        if self.further is None:
            return self.effects
        own, further = (
            comparison.effects.assign(**dict(zip(table.GROUND, comparison.size, strict=True)))
            for comparison in (self, self.further)
        )
        known = pd.MultiIndex.from_frame(own[["strategy", "against"]])
        new = further[~pd.MultiIndex.from_frame(further[["strategy", "against"]]).isin(known)]
        return pd.concat([own, new], ignore_index=True) if len(new) else own

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Effects on this ground, judged together: every arm against the baseline, and the controls with its hours.

        Examples
        --------
        >>> from experiments import ready
        >>> result = ready.comparison()
        >>> result.effects.equals(result.table)
        True
        """
        series, design = self.series, self.outcome.design
        if series.empty:
            return pd.DataFrame(columns=list(table.COLUMNS))
        names = measures.chosen(self.spec.outcomes, list(series.columns[3:]))
        needed = dict.fromkeys(chain(*(outcome_indices.PARTS.get(name, (name,)) for name in names)))
        means = table.run_means(series, design.start, [name for name in needed if name in series])
        effects = table.effects(design, outcome_indices.with_indices(means, design.baseline)[names], self.margin)
        return table.with_ranges(effects, self.assumed, self.margin)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """For whom: as `effects`, in groups of estates, and on the worst-off tenth and inequality.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().groups["outcome"].tolist()[:2]
        ['satisfaction_p10', 'trust_firm_p10']
        """
        design = self.outcome.design
        names = [name for name in SPREAD if name in self.series]
        if self.series.empty or not names:
            return pd.DataFrame(columns=list(table.COLUMNS))
        means = table.run_means(self.series, design.start, names)
        return table.effects(design, means, self.margin, [(arm, self.spec.baseline) for arm in design.labels])

    @cached_property
    def deciding(self) -> pd.DataFrame:
        """Which assumptions the headline's effects follow, see `assumptions.over.CAUSES`; empty without a range.

        Examples
        --------
        >>> from experiments import ready
        >>> len(ready.comparison().deciding)
        0
        """
        return pd.DataFrame(columns=list(CAUSES)) if self.assumed is None else self.assumed.deciding(self._ranged)

    @property
    def _ranged(self) -> list[str]:
        """Outcomes of the table that were measured over assumptions."""
        names = dict.fromkeys(self.table["outcome"])
        return [] if self.assumed is None else [name for name in names if self.assumed.known(name)]

    @cached_property
    def estates(self) -> pd.DataFrame:
        """Each arm's and estate's mean week after the start, averaged over the replicates on `district`.

        Examples
        --------
        >>> from experiments import ready
        >>> estates = ready.comparison().estates
        >>> estates.groupby("arm", sort=False)["estate"].count().to_dict()
        {'none': 3, 'full': 3}
        """
        runs = [run for run in self.outcome.design.runs if run.district == 0 and run.key in self.outcome.done]
        parts = [means.assign(arm=run.arm) for run in runs if (means := self.store.estates(run.key)) is not None]
        if not parts:
            return pd.DataFrame({"arm": [], "estate": []})
        return pd.concat(parts).groupby(["arm", "estate"], sort=False).mean().reset_index()

    def write(self) -> None:
        """Write the tables into the folder, those of further arms and the runs over assumptions into theirs."""
        if self.further is not None:
            self.further.write()
        if self.assumed is not None:
            runs = self.assumed.runs(self._ranged)
            self.assumed.store.write("runs.csv", runs.to_csv(index=False, lineterminator="\n"))
        super().write()

    def complaints(self) -> list[str]:
        """Name the runs that failed, with message and seed, and count those of the range over assumptions."""
        lost = 0 if self.assumed is None else len(self.assumed.outcome.failed)
        runs, are = ("run", "is") if lost == 1 else ("runs", "are")
        lines = [f"{lost} {runs} of the range over assumptions failed and {are} left out of it."] if lost else []
        if not self.failures:
            return lines
        design = pd.concat([part.design for part in (self, self.further) if part is not None])
        rows = design[design["status"] == "failed"].to_dict("records")
        failed = [f"{len(rows)} of {len(design)} runs failed:"]
        for row in rows[:SHOWN_FAILURES]:
            failed.append(f"  {row['arm']}, replicate {row['replicate']}, seed {row['seed']}: {row['message']}")
        if (more := len(rows) - SHOWN_FAILURES) > 0:
            failed.append(f"  and {more} more, in experiment.json")
        failed.append("The others are complete. The same command with --retry-failed runs these again.")
        if self.info.get("plugin"):
            failed[-1] += " With a plugin that was changed they are another experiment, in another folder: --out."
        return [*lines, "\n".join(failed)]

    def extend(self, replicates: int = 0, arms: Arms = ()) -> Comparison:
        """Run so many replicates more, or more arms, and take them into this result.

        Examples
        --------
        >>> result.extend(replicates=20)                   # doctest: +SKIP
        """
        if not isinstance(replicates, int) or replicates < 0 or not (replicates or arms):
            raise ScenarioError(
                f"replicates is {replicates!r}: give how many more, extend(replicates=20), "
                "or more arms, extend(arms=[...])."
            )
        old = self.outcome.design
        added = Design.of(arms, old.scenario, old.grounds, baseline=old.baseline).arms if arms else ()
        every = tuple({arm.label: arm for arm in (*added, *old.arms)}.values())
        design = replace(old, arms=every, replicates=old.replicates + replicates, known_keys=()).checked()
        stored = self.store.read()
        info = {name: stored.get(name) for name in ("question", "command")}
        execution = replace(self.execution, only_stored=False)
        own = self.spec if "spec" in stored else None  # further arms are no analysis of their own
        self.outcome = run_design(design, self.store, execution, extend=True, info=info, spec=own)
        self.spec = self.spec.joined(self.outcome.design)
        for name in ("design", "info", "series", "table", "effects", "estates", "deciding", "groups", "runs"):
            self.__dict__.pop(name, None)
        if self.further is not None and replicates:
            self.further.extend(replicates)
        self.write()
        return delivered(self)


def compare(arms: Arms, **fields: Unpack[ComparisonFields]) -> Comparison:
    """Compare arms in pairs of runs that share all their draws.

    Parameters
    ----------
    arms
        Names of strategies or controls, or labels with changes: ``{"busy": {"branches.reporting_hours": 6.0}}``.  The
        baseline and the arms whose hours a control replays are added where missing.
    policy
        What a strategy is compared as: `coverage`, by itself, or `arrangement`, as the coverage of the study's whole
        arrangement (`design.policies`).
    further
        More arms, on a smaller ground and with a baseline of their own; in the same table, figures and report.
    baseline
        What all arms are compared with: by default `none`, or the first arm where all are the user's own.
    weeks
        Length of a run, warm-up included; by default the scenario's.
    scenario, district, model
        The world; by default the standard scenario and its synthetic district.  Another model is called with scenario,
        district, rng, replay.
    out, extend
        Folder for the results (also `store`), which the same call continues; without one they go when the result does.
        It may hold fewer replicates or arms than are requested, if `extend`.
    question, command
        Stand in the store and the report; by default, this process's command line makes the results again.
    execution
        Workers, executor, what to do with failed runs.
    assumptions, fixed
        Worlds of the range over what is least known (`presets/least-known.toml`), 0 for none, None for as many as a
        third of the time allows, as the command has it; and parameters that are known here and do not vary in it.
    **fields
        Also the other fields of `ComparisonSpec`: ``gongzhi compare --help`` says what they are.

    What cannot be done is refused before the first step, by a `GongzhiError`.

    Examples
    --------
    >>> from experiments import Execution, compare
    >>> world, quiet = {"run.weeks": 8, "run.warmup": 4}, Execution(progress=False)
    >>> compare(["none", "full"], district=3, scenario=world, replicates=1, execution=quiet)
    <Comparison: 2 runs, in ...>
    """
    running, own = Running.split(fields)
    return delivered(run_comparison(ComparisonSpec.asked_of(arms, {**own, "plugin": fields.get("plugin")}), running))


def run_comparison[Shape: Comparison](
    spec: ComparisonSpec,
    running: Running,
    shape: type[Shape] = Comparison,  # type: ignore[assignment]
) -> Shape:
    """Run a comparison, or read it where nothing may be run, as a result of some kind."""
    command = running.command or shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    running = replace(running, command=command)
    design = spec.design(stored=running.execution.only_stored)
    if spec.assumptions:  # they are run last, and what is wrong with their number is said first
        Sizes.of(spec.assumptions)
    beside = None if spec.further is None else further_design(design, spec.further, spec.district)
    info = {"question": spec.question, "command": command}

    def result_in(home: Store) -> Shape:
        outcome = run_design(design, home, running.execution, extend=running.extend, info=info, spec=spec)
        other = None if beside is None else _further(spec, beside, home, running)
        beside_it = [] if other is None else [other.outcome.design]
        assumed = ranged(outcome, home, spec, running.execution, beside_it)
        return shape(spec.joined(outcome.design), home, outcome, running.execution, assumed, other)

    return run_housed(running, result_in)


def _further(spec: ComparisonSpec, design: Design, home: Store, running: Running) -> Comparison | None:
    """Run the further arms in their own folder; None where that is only read and was not begun."""
    store = Store(home.folder / FOLDER)
    if running.execution.only_stored and not (store.folder / "experiment.json").exists():
        return None
    info = {"question": spec.question, "command": running.command}
    outcome = run_design(design, store, running.execution, extend=running.extend, info=info)
    judged = spec.outcomes or (spec.further and spec.further.outcomes)
    own = spec.replace(further=None, outcomes=judged)
    return Comparison(own.joined(outcome.design), store, outcome, running.execution)
