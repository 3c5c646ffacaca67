"""The result of a comparison: tables, figures and report, all read from its store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab.assumptions.over import reopened_assumptions
from experiments.lab.compare import table
from experiments.lab.compare.further import FOLDER
from experiments.lab.design.arms import Arms
from experiments.lab.design.design import Design
from experiments.lab.margin import MARGIN
from experiments.lab.run.execute import Execution, Outcome, collected, run_design, status_table
from experiments.lab.statistics import indices, measures
from experiments.lab.store.store import Store
from sim.paths import expanded

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.lab.assumptions.over import Assumed
    from sim import District, Scenario

__all__ = ["Comparison", "reopened"]


@dataclass
class Comparison:
    """The result of a comparison, read from its store.

    Attributes
    ----------
    store
        Where everything is.
    outcome
        The design that was run and what became of each run.
    margin
        Share of the baseline's mean within which a difference does not matter.
    measured
        Outcomes of the table; None for the default ones.
    execution
        How more of the same is run.
    assumed
        The headline's effects over assumptions; None where they were not asked for.
    further
        Further arms, on a smaller ground and with a baseline of their own; None where there are none.
    """

    store: Store
    outcome: Outcome
    margin: float = MARGIN
    measured: Sequence[str] | None = None
    execution: Execution = field(default_factory=Execution, repr=False)
    assumed: Assumed | None = field(default=None, repr=False)
    further: Comparison | None = field(default=None, repr=False)

    @property
    def folder(self) -> Path:
        """The store's folder."""
        return self.store.folder

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
        info = {
            **self.store.read(),
            "margin": self.margin,
            "warnings": self.outcome.warnings,
            "folder": str(self.folder),
        }
        if self.further is None and "further" in info:  # stopped before any of them
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

        parts = []
        for run in self.outcome.design.runs:
            if run.key in self.outcome.done:
                weeks = self.store.outcomes(run.key)
                for place, name in enumerate(("arm", "district", "replicate")):
                    weeks.insert(place, name, getattr(run, name))
                parts.append(weeks)
        return (
            pd.concat(parts, ignore_index=True)
            if parts
            else pd.DataFrame({"arm": [], "district": [], "replicate": [], "week": []})
        )

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row per run: arm, district, replicate, seed, and each outcome's mean over the weeks from the start on."""
        known = self.outcome.design.to_frame()[["arm", "district", "replicate", "seed"]]
        late = self.series[self.series["week"] >= self.outcome.design.start].drop(columns="week")
        means = late.groupby(["arm", "district", "replicate"], sort=False).mean().reset_index()
        return known.merge(means, on=["arm", "district", "replicate"], how="left")

    @cached_property
    def table(self) -> pd.DataFrame:
        """All effects: those of this ground, and those of further arms that are not told here; see `table.COLUMNS`."""
        import pandas as pd

        if self.further is None:
            return self.effects
        here, there = (
            one.effects.assign(**dict(zip(table.GROUND, one.size, strict=True))) for one in (self, self.further))
        known = pd.MultiIndex.from_frame(here[["strategy", "against"]])
        new = there[~pd.MultiIndex.from_frame(there[["strategy", "against"]]).isin(known)]
        return pd.concat([here, new], ignore_index=True) if len(new) else here

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
        names = measures.chosen(self.measured, known)
        parts = [name for names in indices.PARTS.values() for name in names if name in known]
        plain = [name for name in names if name not in indices.INDICES]
        means = table.run_means(series, design.start, list(dict.fromkeys([*plain, *parts])))
        made = table.effects(design, indices.with_indices(means, design.baseline)[names], self.margin)
        return table.with_ranges(made, self.assumed, self.margin)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """For whom: effects against the baseline in groups of estates, and on the worst-off tenth and inequality.

        Columns are those of `effects`; intervals and verdicts that hold together do so for all of these.
        """
        import pandas as pd

        from sim.outcomes.spread import SPREAD

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

        from experiments.lab.assumptions.over import CAUSES

        if self.assumed is None:
            return pd.DataFrame(columns=list(CAUSES))
        names = list(dict.fromkeys(self.table["outcome"]))
        return self.assumed.deciding([name for name in names if self.assumed.known(name)])

    @cached_property
    def estates(self) -> pd.DataFrame:
        """Each arm's and estate's mean week after the start, averaged over the replicates on `district`."""
        import pandas as pd

        parts = []
        for run in self.outcome.design.runs:
            if run.district == 0 and run.key in self.outcome.done:
                means = self.store.estates(run.key)
                if means is not None:
                    parts.append(means.assign(arm=run.arm))
        if not parts:
            return pd.DataFrame({"arm": [], "estate": []})
        return pd.concat(parts).groupby(["arm", "estate"], sort=False).mean().reset_index()

    def write(self) -> Path:
        """Write the table to `table.csv` in the folder, every number to its last digit.

        Beside it stand `runs.csv`, a row for each run, `groups.csv`, the effects in groups of estates, and, where there
        is a range, `assumptions.csv`: what decides.
        """
        if self.further is not None:
            self.further.write()
        if self.assumed is not None:
            self.store.write("assumptions.csv", self.deciding.to_csv(index=False, lineterminator="\n"))
        self.store.write("groups.csv", self.groups.to_csv(index=False, lineterminator="\n"))
        self.store.write("runs.csv", self.runs.to_csv(index=False, lineterminator="\n"))
        return self.store.write("table.csv", self.table.to_csv(index=False, lineterminator="\n"))

    def plot(self, folder: str | Path | None = None, lang: str = "en") -> dict[str, Path]:
        """Draw the figures; by default into `figures` of the store.

        Returns
        -------
        dict
            Paths by name of figure.
        """
        from experiments.lab.plots import figures

        return figures(self, expanded(folder or self.folder / "figures"), lang=lang)

    def figure(self, name: str = "effects", lang: str = "en") -> Figure:
        """Draw one figure, which shows itself in a notebook: `effects`, `parts`, `series`, `maps` or `cost`."""
        from experiments.lab.plots import draw

        return draw(self, name, lang)

    def report(self, path: str | Path | None = None, lang: str = "en") -> Path:
        """Write the report, with its figures in it; by default `report.html` in the store."""
        from experiments.lab.report import write

        target = expanded(path or self.folder / "report.html")
        write(self, target, self.plot(lang=lang), lang=lang)
        return target

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
        wanted = Design.of(
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
        info = {name: stored.get(name) for name in ("question", "command", "margin", "outcomes")}
        info |= {name: stored[name] for name in ("further",) if name in stored}
        self.outcome = run_design(wanted, self.store, self.execution, extend=True, info=info)
        for name in ("design", "info", "series", "table", "effects", "estates", "deciding", "groups", "runs"):
            self.__dict__.pop(name, None)
        if self.further is not None and replicates:
            self.further.extend(replicates)
        self.write()
        return self


def reopened(folder: str | Path) -> Comparison:
    """Read a comparison from its folder, as far as it has been run.

    Raises
    ------
    StoreError
        The folder holds no experiment, or not its ground and its scenario.
    """
    from sim import District, Scenario

    store = Store(folder)
    stored = store.read()
    record = stored["design"]
    scenario = Scenario.load(store.folder / "scenario.toml")
    places = [District.from_csv(store.folder / f"district-{number}.csv") for number in range(len(record["districts"]))]
    # The stored table is complete: what of it was filled, and how, is known from the first reading alone.
    noted = [*stored.get("district_notes", []), *([None] * len(places))]
    places = [replace(place, remarks=tuple(notes)) if notes is not None else place
              for place, notes in zip(places, noted, strict=False)]
    rows = store.design_table()
    design = Design.of(
        record["arms"],
        scenario,
        places,
        baseline=stored["baseline"],
        replicates=record["replicates"],
        seed=record["seed"],
        known_keys=tuple(rows["run"]),
        worlds=record.get("worlds", {}),
    )
    beside = store.folder / FOLDER
    known = "further" in stored and (beside / "experiment.json").exists()
    return Comparison(
        store, collected(design, store), stored.get("margin", MARGIN), stored.get("outcomes"),
        assumed=reopened_assumptions(store.folder),
        further=reopened(beside) if known else None)
