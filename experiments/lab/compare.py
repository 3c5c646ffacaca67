"""The front door of the laboratory: compare arms on common random numbers.

>>> from experiments import compare
>>> result = compare(["none", "own"], scenario=sim.Scenario().replace(     # doctest: +SKIP
...     {"district.estates": 60}), replicates=4, weeks=104)
>>> result.table[["strategy", "outcome", "difference", "verdict"]]          # doctest: +SKIP
"""

from __future__ import annotations

import shlex
import shutil
import sys
import tempfile
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.lab import measures, table
from experiments.lab.design import Arms, Design, seed_of
from experiments.lab.execute import Execution, Outcome, collected, run_design, status_table
from experiments.lab.plugins import Plugin
from experiments.lab.store import Store

if TYPE_CHECKING:
    import pandas as pd

    from sim import District, Scenario

__all__ = ["Comparison", "compare"]


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
    """

    store: Store
    outcome: Outcome
    margin: float = 0.02
    measured: Sequence[str] | None = None
    execution: Execution = field(default_factory=Execution, repr=False)

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
        return {
            **self.store.read(),
            "margin": self.margin,
            "warnings": self.outcome.warnings,
            "folder": str(self.folder),
        }

    @cached_property
    def series(self) -> pd.DataFrame:
        """All weeks of all finished runs: arm, district, replicate, week and every outcome."""
        import pandas as pd

        parts = []
        for run in self.outcome.design.runs:
            if run.key in self.outcome.done:
                weeks = self.store.outcomes(run.key)
                names = {"arm": run.arm, "district": run.district, "replicate": run.replicate}
                parts.append(pd.DataFrame({**names, **{str(name): weeks[name] for name in weeks.columns}}))
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(
            {"arm": [], "district": [], "replicate": [], "week": []}
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every arm against the baseline, and against the controls with the same hours; see `table.COLUMNS`."""
        import pandas as pd

        series, design = self.series, self.outcome.design
        if series.empty:
            return pd.DataFrame(columns=list(table.COLUMNS))
        names = measures.chosen(self.measured, list(series.columns[3:]))
        return table.effects(design, table.run_means(series, design.start, names), self.margin)

    @cached_property
    def estates(self) -> pd.DataFrame:
        """Arm, estate, and each estate's mean week after the start, averaged over the replicates on `district`."""
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
        """Write the table to `table.csv` in the folder, every number to its last digit."""
        return self.store.write("table.csv", self.table.to_csv(index=False, lineterminator="\n"))

    def plot(self, folder: str | Path | None = None, lang: str = "en") -> dict[str, Path]:
        """Draw the figures; by default into `figures` of the store.

        Returns
        -------
        dict
            Paths by name of figure.
        """
        from experiments.lab.plots import figures

        return figures(self, Path(folder or self.folder / "figures"), lang=lang)

    def report(self, path: str | Path | None = None, lang: str = "en") -> Path:
        """Write the report, with its figures in it; by default `report.html` in the store."""
        from experiments.lab.report import write

        target = Path(path or self.folder / "report.html")
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
            changes, old.scenario, old.grounds, baseline=old.baseline, replicates=old.replicates + replicates,
            seed=old.seed, plugin=old.plugin, model=old.model,
        )
        stored = self.store.read()
        info = {name: stored.get(name) for name in ("question", "command", "margin", "outcomes")}
        self.outcome = run_design(wanted, self.store, self.execution, extend=True, info=info)
        for name in ("design", "info", "series", "table", "estates"):
            self.__dict__.pop(name, None)
        self.write()
        return self


def compare(
    arms: Arms,
    *,
    baseline: str | None = None,
    replicates: int = 10,
    weeks: int | None = None,
    scenario: Scenario | None = None,
    district: District | None = None,
    districts: int = 1,
    outcomes: Sequence[str] | None = None,
    margin: float = 0.02,
    store: str | Path | None = None,
    seed: int = 1,
    question: str = "",
    command: str = "",
    plugin: str | Path | None = None,
    model: Callable[..., Any] | None = None,
    extend: bool = False,
    execution: Execution | None = None,
) -> Comparison:
    """Compare arms in pairs of runs that share all their draws.

    Parameters
    ----------
    arms
        Names of strategies or controls, or labels with changes: ``{"busy": {"branches.reporting_hours": 6.0}}``.
        The baseline and the arms whose hours a control replays are added where missing.
    baseline
        What all arms are compared with: by default `none`, or the first arm where all are the user's own.
    replicates
        Runs of every arm, each with its own seed.
    weeks
        Length of a run, warm-up included; by default the scenario's.
    scenario, district
        The world; by default the standard scenario and its synthetic district.
    districts
        Synthetic districts to run on, to vary the ground as well; each has all replicates.
    outcomes
        Columns of `model.outcomes` for the table.
    margin
        A difference within this share of the baseline's mean does not matter.
    store
        Folder for the results, which the same call continues; without one they go when the result does.
    seed
        Master seed, from which those of the replicates are hashed.
    question
        What is asked; stands in the store and the report.
    command
        How the results can be made again; by default this process's command line.
    plugin
        A Python file that registers strategies.
    model
        Makes another model: called with scenario, district, rng, replay.
    extend
        Allow the folder to hold fewer replicates or arms than are asked for.
    execution
        Workers, executor, what to do with failed runs.

    Returns
    -------
    Comparison

    Raises
    ------
    GongzhiError
        Before the first step, when something asked for cannot be done.
    """
    design, margin = planned(
        arms, baseline=baseline, replicates=replicates, weeks=weeks, scenario=scenario, district=district,
        districts=districts, margin=margin, seed=seed, plugin=plugin, model=model,
    )
    if outcomes is not None and model is None:
        from sim.outcomes import COLUMNS

        measures.chosen(outcomes, list(COLUMNS))
    home = Store(tempfile.mkdtemp(prefix="gongzhi-") if store is None else store)
    execution = execution or Execution()
    info = {"question": question, "command": command or _command(), "margin": margin,
            "outcomes": None if outcomes is None else list(outcomes)}
    try:
        outcome = run_design(design, home, execution, extend=extend, info=info)
    except BaseException:
        if store is None:
            shutil.rmtree(home.folder, ignore_errors=True)
        raise
    result = Comparison(home, outcome, margin, outcomes, execution)
    if store is None:
        weakref.finalize(result, shutil.rmtree, home.folder, ignore_errors=True)
    result.write()
    return result


def _command() -> str:
    return shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])


def planned(
    arms: Arms, *, baseline: str | None, replicates: int, weeks: int | None, scenario: Scenario | None,
    district: District | None, districts: int, margin: float, seed: int, plugin: str | Path | None,
    model: Callable[..., Any] | None,
) -> tuple[Design, float]:
    """Turn what a user asks for into a design; everything that can be wrong is found here."""
    from sim import Scenario
    from sim.errors import ScenarioError

    if isinstance(margin, bool) or not isinstance(margin, int | float) or not 0 <= margin < 1:
        raise ScenarioError(f"margin is {margin}: a number from 0 to below 1 is needed.")
    code = None if plugin is None else Plugin.read(plugin)
    if code is not None:
        code.load()
    scenario = Scenario() if scenario is None else scenario
    scenario = scenario.replace({"outcomes.record_estates": True, **({} if weeks is None else {"run.weeks": weeks})})
    design = Design.of(
        arms, scenario, grounds(scenario, district, districts), baseline=baseline, replicates=replicates, seed=seed,
        plugin=code, model=model,
    )
    from experiments.lab.strategies import check

    for arm in design.arms:
        check(arm.strategy, arm.label)
    return design, float(margin)


def grounds(scenario: Scenario, district: District | None, count: int) -> list[District]:
    """Return the districts: the user's own, or synthetic ones of which the first is the scenario's."""
    from sim import District
    from sim.errors import ScenarioError

    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise ScenarioError(f"districts is {count}: a whole number of at least 1 is needed.")
    if district is not None:
        if count > 1:
            raise ScenarioError("districts varies the synthetic ground; with a district of your own it must be 1.")
        return [district]
    estates, seed = scenario.district.estates, scenario.district.seed
    seeds = [seed] + [seed_of(seed, number, 0) % 2**31 for number in range(1, count)]
    return [District.synthetic(estates=estates, seed=one) for one in seeds]


def reopened(folder: str | Path) -> Comparison:
    """Read a comparison from its folder, as far as it has been run.

    Raises
    ------
    StoreError
        The folder holds no experiment, or not its ground and its scenario.
    """
    import pandas as pd

    from sim import District, Scenario

    store = Store(folder)
    stored = store.read()
    record = stored["design"]
    scenario = Scenario.load(store.folder / "scenario.toml")
    places = [District.from_csv(store.folder / f"district-{number}.csv") for number in range(len(record["districts"]))]
    rows = pd.read_parquet(store.folder / "design.parquet")
    design = Design.of(
        record["arms"], scenario, places, baseline=stored["baseline"], replicates=record["replicates"],
        seed=record["seed"], known_keys=tuple(rows["run"]),
    )
    return Comparison(store, collected(design, store), stored.get("margin", 0.02), stored.get("outcomes"))
