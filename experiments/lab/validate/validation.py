"""Validation: the model beside data, and beside rivals that lack one of its mechanisms.

The data are one district and one year.  The model's counterpart of such a datum is therefore one run, not the mean of
many: beside the data's interval stands the *prediction interval*, in which one more run lies with 95 %.  The interval
of the mean is kept as well; it says how well the runs pin down what the model expects, and shrinks with replicates,
which the prediction interval does not.

A rival is *fitted again* before it is judged, as the model was: the seven rates of incidents in proportion to what the
hotline hears of each kind, and how fast parties are met (or how many hours desks have) by the median reply.  It is
fitted to the model's own figures, in pilot runs that share chance with the model's and that are not used again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.lab.design.plan import Plan
from experiments.lab.store.files import replace_file
from experiments.lab.sweep.swept import Swept, sweep
from experiments.lab.validate.evidence import Spread, spread, verdict
from experiments.lab.validate.figure_words import FIGURES, words_of
from experiments.lab.validate.filings import YEAR
from experiments.lab.validate.patterns import GROUND, Judged
from experiments.reporting.catalogue import N_
from sim.terms import CATEGORIES

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.lab.run.execute import Execution
    from experiments.lab.validate.targets import Target
    from sim import District, Scenario

__all__ = ["COLUMNS", "MODEL", "PREDICTED", "Null", "Validation", "measured_names", "refitted", "validate"]

MODEL: Final = N_("model")
"""Label of the arm that nothing is taken out of."""

PREDICTED: Final = "predicted"
"""Kind of a figure of which no datum is at hand; the model's own prediction stands in its place."""

COLUMNS: Final = (
    "figure", "kind", "unit", "value", "low", "high", "interval", "arm", "mean", "ci_low", "ci_high", "predicted_low",
    "predicted_high", "replicates", "verdict", "source",
)  # fmt: skip

MOST: Final = 5.0
"""Largest factor by which one pilot may change a parameter of a rival."""


@dataclass(frozen=True)
class Null:
    """A rival: the model with something taken out of it.

    Attributes
    ----------
    lacks
        What is taken out, as a noun.
    what
        What is different, as a sentence.
    changes
        Parameters that take it out.
    tuned
        Parameters that are moved together to bring the median reply back; by default how fast parties are met.
    power
        How the median reply follows them, roughly: as their inverse to the power of 1 / `power`.
    """

    lacks: str
    what: str
    changes: Mapping[str, Any]
    tuned: tuple[str, ...] = ("desks.meeting",)
    power: float = 1.0


@dataclass
class Validation:
    """The model and its rivals beside data.

    Attributes
    ----------
    swept
        Runs of all arms.
    targets
        Figures of data.
    nulls
        The rivals.
    fitted
        Changes of each rival after it was fitted again.
    folder
        Where all is.
    """

    swept: Swept = field(repr=False)
    targets: Mapping[str, Target]
    nulls: Mapping[str, Null]
    fitted: Mapping[str, Mapping[str, Any]]
    folder: Path

    @cached_property
    def spreads(self) -> dict[tuple[str, str], Spread]:
        """How each figure scatters over the runs of each arm, by figure and arm."""
        runs, found = self.swept.runs, {}
        for figure in self.swept.plan.outcomes:
            for arm in self.swept.plan.arms:
                got = spread(runs.loc[runs["arm"] == arm, figure].to_numpy(float), words_of(figure).scale)
                if figure in FIGURES and got.low == got.high:
                    # A few runs that happen to agree do not tell how one more would scatter; the ground does not.
                    got = Spread(got.mean, math.nan, math.nan, math.nan, math.nan, got.replicates)
                found[figure, arm] = got
        return found

    @property
    def arms(self) -> list[str]:
        """The model and its rivals, in order."""
        return list(self.swept.plan.arms)

    def asked(self, *kinds: str) -> list[str]:
        """Figures of some kinds, in the order of the table."""
        of_kind = self.table.drop_duplicates("figure").set_index("figure")["kind"]
        return [str(figure) for figure, kind in of_kind.items() if kind in kinds]

    def interval(self, figure: str) -> tuple[float, float, float]:
        """Value, low and high that runs are set beside: of the data, else of what the model predicts."""
        if figure in self.targets:
            target = self.targets[figure]
            return target.value, target.low, target.high
        own = self.spreads[figure, MODEL]
        return own.mean, own.low, own.high

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per figure and arm, with `COLUMNS`: the data's interval, the arm's intervals, and the verdict."""
        import pandas as pd

        rows = []
        free = [name for name in FIGURES if name not in self.targets]
        for figure in [*self.targets, *(name for name in free if name in self.swept.plan.outcomes)]:
            target = self.targets.get(figure)
            value, low, high = self.interval(figure)
            told = {
                "figure": figure, "kind": PREDICTED if target is None else target.kind,
                "unit": words_of(figure).unit if target is None else target.unit or words_of(figure).unit,
                "interval": "prediction interval of the model" if target is None else target.interval,
                "source": "" if target is None else target.source, "value": value, "low": low, "high": high,
            }
            for arm in self.arms:
                if told["kind"] == "built in" and arm != MODEL:
                    continue
                got = self.spreads[figure, arm]
                word = verdict(got, low, high)
                rows.append({
                    **told, "arm": arm, "mean": got.mean, "ci_low": got.ci_low, "ci_high": got.ci_high,
                    "predicted_low": got.low, "predicted_high": got.high, "replicates": got.replicates,
                    "verdict": "" if target is None and arm == MODEL else word,
                })
        return pd.DataFrame(rows, columns=list(COLUMNS))

    @cached_property
    def verdicts(self) -> pd.DataFrame:
        """Verdicts, a row for each figure and a column for each arm."""
        return self.table.pivot(index="figure", columns="arm", values="verdict").reindex(
            index=list(dict.fromkeys(self.table["figure"])), columns=self.arms)

    @property
    def rivals(self) -> pd.DataFrame:
        """What each rival was made of: a row for a parameter, a column for a rival, empty where it is the model's."""
        import pandas as pd

        return pd.DataFrame({arm: pd.Series(dict(changes), dtype=object) for arm, changes in self.fitted.items()})

    def write(self) -> None:
        """Write `validation.csv` and `rivals.csv`."""
        rivals = self.rivals.rename_axis("parameter").reset_index()
        for name, table in (("validation.csv", self.table), ("rivals.csv", rivals), ("runs.csv", self.swept.runs)):
            replace_file(self.folder / name, table.to_csv(index=False, lineterminator="\n").encode())

    def figure(self, lang: str = "en") -> Figure:
        """Draw the model's interval beside the data's and beside its rivals, a row for each figure."""
        from experiments.lab.plots.validation import validation_figure

        return validation_figure(self, lang)


def measured_names() -> tuple[str, ...]:
    """All figures that can be asked for."""
    return (*FIGURES, *(one.name for one in GROUND))


def refitted(
    changes: Mapping[str, Any], null: Null, got: Mapping[str, float], wanted: Mapping[str, float], scenario: Scenario,
) -> dict[str, Any]:
    """Bring a rival one step nearer to what the hotline hears in the model.

    Parameters
    ----------
    changes
        The rival's parameters so far.
    null
        What may be moved besides the rates.
    got, wanted
        Figures of the rival and of the model: `volume`, shares by category, `reply`.
    scenario
        Whose values hold where the rival has none.

    Returns
    -------
    dict
        Changes with new rates and new values of what is tuned, within their limits, rounded to four digits.
    """
    from sim import Scenario as Known

    limits = {str(row["name"]): (float(row["low"]), float(row["high"])) for row in Known().parameters()
              if row.get("low") is not None and row.get("high") is not None}
    world = scenario.replace(dict(changes))
    made = dict(changes)

    def move(name: str, factor: float) -> None:
        if np.isfinite(factor) and factor > 0.0:
            low, high = limits[name]
            value = float(world.get(name)) * float(np.clip(factor, 1.0 / MOST, MOST))
            made[name] = float(f"{np.clip(value, low, high):.4g}")

    for name in CATEGORIES:
        have, want = (one["volume"] * one[f"share {name}"] for one in (got, wanted))
        move(f"incidents.rate_{name}", want / have if have else np.nan)
    for name in null.tuned:
        move(name, (got["reply"] / wanted["reply"]) ** null.power)
    return made


def validate(
    nulls: Mapping[str, Null],
    targets: Mapping[str, Target],
    *,
    scenario: Scenario | None = None,
    district: District | None = None,
    replicates: int = 8,
    pilots: int = 3,
    pilot_replicates: int = 2,
    seed: int = 1,
    store: str | Path | None = None,
    extend: bool = False,
    question: str = "",
    command: str = "",
    execution: Execution | None = None,
) -> Validation:
    """Set the model and its rivals beside data; what the folder holds already is not run again.

    Parameters
    ----------
    nulls
        Rivals by the name of their arm.
    targets
        Figures of data, by name; others are predicted.
    scenario, district
        What is judged, and where.
    replicates
        Runs of the model and of each rival.
    pilots, pilot_replicates
        How often rivals are fitted again, and runs for each time; none leaves them as they are.
    seed, store, extend, question, command, execution
        As for `sweep`.

    Raises
    ------
    ScenarioError
        A target is no figure of the model, no whole year is measured, or there is only one replicate.
    """
    from experiments.lab.design.design import seed_of
    from experiments.lab.store.home import housed
    from sim import Scenario

    world = Scenario() if scenario is None else scenario
    _check(targets, world, replicates)
    changes: dict[str, dict[str, Any]] = {label: dict(null.changes) for label, null in nulls.items()}

    def run(folder: Path, number: int, chance: int, more: bool) -> Swept:
        plan = _plan(question, changes, world, number, chance, district)
        return sweep(plan, store=folder, extend=more, command=command, execution=execution)

    def made(home: Any) -> Validation:
        for number in range(1, (pilots if nulls else 0) + 1):
            pilot = run(home.folder / f"pilot-{number}", pilot_replicates, seed_of(seed, 1, number), False)
            means = pilot.runs.groupby("arm")[list(pilot.plan.outcomes)].mean().to_dict("index")
            for label, null in nulls.items():
                if label in means and MODEL in means:
                    changes[label] = refitted(changes[label], null, means[label], means[MODEL], world)
        swept = run(home.folder / "main", replicates, seed, extend)
        return Validation(swept, dict(targets), dict(nulls), changes, home.folder)

    result = housed(store, made)
    result.write()
    return result


def _plan(
    question: str, changes: Mapping[str, Mapping[str, Any]], world: Scenario, replicates: int, seed: int,
    district: District | None,
) -> Plan:
    import pandas as pd

    arms = {MODEL: {}, **changes}
    return Plan(question, "validation", (), pd.DataFrame(index=[0]), arms, world, replicates, seed, measured_names(),
                MODEL, district, Judged)


def _check(targets: Mapping[str, Target], world: Scenario, replicates: int) -> None:
    """Refuse, before the first run, what could not be judged."""
    from sim.errors import ScenarioError, nearest

    known: Sequence[str] = measured_names()
    strange = [name for name in targets if name not in known]
    if strange:
        raise ScenarioError.listing("targets", [
            f'"{name}" is no figure of the model.{nearest(name, known)} There are: {", ".join(known)}.'
            for name in strange])
    weeks, warmup = world.run.weeks, world.run.warmup
    if weeks - warmup < YEAR:
        raise ScenarioError(f"Figures are of whole years: run.weeks is {weeks}, and at least {warmup + YEAR} is needed "
                            f"({YEAR} weeks after a warm-up of {warmup}).")
    if isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 2:
        raise ScenarioError(f"replicates is {replicates}: at least 2 are needed, since one run has no scatter.")
