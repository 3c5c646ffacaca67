"""The result of a comparison: tables, figures and report, all read from its store."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from experiments.analyses.compare import table
from experiments.analyses.failed_runs import delivered
from experiments.analyses.result import SHOWN_FAILURES, Result
from experiments.core.design.arms import Arms
from experiments.core.design.design import Design
from experiments.core.run.execute import Execution, Outcome, run_design, status_table
from experiments.core.statistics import measures, outcome_indices
from experiments.core.store.store import Store

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.assumptions.over import Assumed
    from experiments.analyses.compare.comparison_spec import ComparisonSpec
    from sim import District, Scenario

__all__ = ["Comparison"]


@dataclass
class Comparison(Result):
    """The result of a comparison, read from its store.

    Attributes
    ----------
    spec
        The specification, and what the folder held besides.
    execution
        How more of the same is run.
    assumed
        The headline's effects over assumptions; None where they were not requested.
    further
        Further arms, on a smaller ground and with a baseline of their own; None where there are none.
    """

    spec: ComparisonSpec
    store: Store
    outcome: Outcome
    execution: Execution = field(default_factory=Execution, repr=False)
    assumed: Assumed | None = field(default=None, repr=False)
    further: Comparison | None = field(default=None, repr=False)

    @property
    def folder(self) -> Path:
        """The store's folder."""
        return self.store.folder

    @property
    def stores(self) -> list[Store]:
        """The store of the arms, and that of the further ones."""
        return [self.store, *([] if self.further is None else self.further.stores)]

    @property
    def preparing(self) -> list[Store]:
        """The store of the range over assumptions."""
        return [] if self.assumed is None else [self.assumed.store]

    @property
    def margin(self) -> float:
        """Share of the baseline's mean within which a difference does not matter."""
        return self.spec.margin

    @property
    def finished(self) -> bool:
        """Whether any pair of runs has ended."""
        return bool(len(self.table))

    @property
    def warnings(self) -> list[str]:
        """What the runs have warned of."""
        beside = [] if self.further is None else self.further.warnings
        return list(dict.fromkeys([*self.outcome.warnings, *beside]))

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`table`, `runs`, `groups`: effects in groups of estates, and, where there is a range, `assumptions`."""
        ranged = {} if self.assumed is None else {"assumptions": self.deciding}
        return {"table": self.table, "runs": self.runs, "groups": self.groups, **ranged}

    presented: ClassVar[str] = "experiments.analyses.compare.comparison_report"

    @property
    def provenance(self) -> dict[str, Any]:
        """Where the result comes from; see `info`."""
        return self.info

    @property
    def scenario(self) -> Scenario:
        """The scenario that the arms change."""
        return self.outcome.design.scenario

    @property
    def district(self) -> District:
        """The ground; the first one where there are several."""
        return self.outcome.design.grounds[0]

    @property
    def size(self) -> tuple[int, int]:
        """Estates of a ground, and weeks that are measured."""
        design = self.outcome.design
        return self.district.estates, design.scenario.run.weeks - design.start

    @property
    def baseline(self) -> str:
        """Label of the arm that all others are compared with."""
        return self.outcome.design.baseline

    @cached_property
    def design(self) -> pd.DataFrame:
        """One row per run, with status and message."""
        return status_table(self.outcome.design, self.outcome)

    @cached_property
    def info(self) -> dict[str, Any]:
        """Question, command, versions, revision, seeds, completeness, failed runs, warnings, margin."""
        own = {"margin": self.margin, "warnings": self.outcome.warnings, "folder": str(self.folder)}
        info = {**self.store.read(), **own}
        if self.further is None and self.spec.further is not None:  # stopped before any of them
            info["complete"] = False
        if self.further is not None:
            other = self.further.info
            info["complete"] = bool(info.get("complete")) and bool(other.get("complete"))
            for name in ("failed", "warnings"):
                info[name] = [*info.get(name, []), *(item for item in other[name] if item not in info.get(name, []))]
        return info

    @cached_property
    def series(self) -> pd.DataFrame:
        """All weeks of all finished runs: arm, district, replicate, week and every outcome."""
        import pandas as pd

        keys = ["arm", "district", "replicate"]
        parts = {
            (run.arm, run.district, run.replicate): self.store.outcomes(run.key)
            for run in self.outcome.design.runs
            if run.key in self.outcome.done
        }
        if not parts:
            return pd.DataFrame(columns=[*keys, "week"])
        return pd.concat(parts, names=keys).reset_index(keys).reset_index(drop=True)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row per run: arm, district, replicate, seed, and each outcome's mean over the weeks from the start on."""
        known = self.outcome.design.to_frame()[["arm", "district", "replicate", "seed"]]
        late = self.series[self.series["week"] >= self.outcome.design.start].drop(columns="week")
        means = late.groupby(["arm", "district", "replicate"], sort=False).mean().reset_index()
        return known.merge(means, on=["arm", "district", "replicate"], how="left")

    @cached_property
    def table(self) -> pd.DataFrame:
        """All effects: those of this ground, and those of further arms, reported elsewhere; see `table.COLUMNS`."""
        import pandas as pd

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
        """Effects on this ground: every arm against the baseline and against the controls with its hours.

        Intervals and verdicts that hold together do so for all of these.
        """
        import pandas as pd

        series, design = self.series, self.outcome.design
        if series.empty:
            return pd.DataFrame(columns=list(table.COLUMNS))
        known = list(series.columns[3:])
        names = measures.chosen(self.spec.outcomes, known)
        plain = [name for name in names if name not in outcome_indices.INDICES]
        parts = [name for name in chain(*outcome_indices.PARTS.values()) if name in known]
        means = table.run_means(series, design.start, list(dict.fromkeys([*plain, *parts])))
        effects = table.effects(design, outcome_indices.with_indices(means, design.baseline)[names], self.margin)
        return table.with_ranges(effects, self.assumed, self.margin)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """For whom: effects against the baseline in groups of estates, and on the worst-off tenth and inequality.

        Columns are those of `effects`; intervals and verdicts that hold together do so for all of these.
        """
        import pandas as pd

        from sim.outcomes.inequality import SPREAD

        design = self.outcome.design
        names = [name for name in SPREAD if name in self.series]
        if self.series.empty or not names:
            return pd.DataFrame(columns=list(table.COLUMNS))
        means = table.run_means(self.series, design.start, names)
        return table.effects(design, means, self.margin, [(arm, self.baseline) for arm in design.labels])

    @cached_property
    def deciding(self) -> pd.DataFrame:
        """Which assumptions the headline's effects follow, see `assumptions.over.CAUSES`; empty without a range."""
        import pandas as pd

        from experiments.analyses.assumptions.over import CAUSES

        return pd.DataFrame(columns=list(CAUSES)) if self.assumed is None else self.assumed.deciding(self._ranged)

    @property
    def _ranged(self) -> list[str]:
        """Outcomes of the table that were measured over assumptions."""
        names = dict.fromkeys(self.table["outcome"])
        return [] if self.assumed is None else [name for name in names if self.assumed.known(name)]

    @cached_property
    def estates(self) -> pd.DataFrame:
        """Each arm's and estate's mean week after the start, averaged over the replicates on `district`."""
        import pandas as pd

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
        return [*lines, *(["\n".join(self._failed())] if self.failures else [])]

    def _failed(self) -> list[str]:
        runs = [*self.design.to_dict("records")]
        runs += [] if self.further is None else self.further.design.to_dict("records")
        rows = [row for row in runs if row["status"] == "failed"]
        more = len(rows) - SHOWN_FAILURES
        return [
            f"{len(rows)} of {len(runs)} runs failed:",
            *(
                f"  {row['arm']}, replicate {row['replicate']}, seed {row['seed']}: {row['message']}"
                for row in rows[:SHOWN_FAILURES]
            ),
            *([f"  and {more} more, in experiment.json"] if more > 0 else []),
            "The others are complete. The same command with --retry-failed runs these again.",
        ]

    def extend(self, replicates: int = 0, arms: Arms = ()) -> Comparison:
        """Run so many replicates more, or more arms, and take them into this result.

        Examples
        --------
        >>> result.extend(replicates=20)                   # doctest: +SKIP
        """
        old = self.outcome.design
        changes: dict[str, Any] = {arm.label: arm.changes for arm in old.arms}
        if arms:
            added = Design.of(arms, old.scenario, old.grounds, baseline=old.baseline)
            changes = {**{arm.label: arm.changes for arm in added.arms}, **changes}
        design = Design.of(
            changes,
            old.scenario,
            old.grounds,
            baseline=old.baseline,
            replicates=old.replicates + replicates,
            seed=old.seed,
            plugin=old.plugin,
            model=old.model,
        )
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
