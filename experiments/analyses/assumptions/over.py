"""The range of a comparison over assumptions: the same arms in many worlds, each with values of its own.

The parameters are the head of the list of what is least known (`LeastKnown`), their values a Latin hypercube over the
ranges that they declare.  Every world is a smaller ground of the same kind (`smaller`), run with the baseline and the
arms of the headline under common random numbers, which no other world shares; some are run twice, on another ground and
with independent random numbers, which separates sampling noise from assumptions (`statistics.spread`).  An effect is
the difference from what the arm is set against, over its mean in the same world.  The worlds are runs of a store of
their own in the comparison's folder, resumed and extended as that is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analyses.assumptions.least_known import Assumption, LeastKnown
from experiments.analyses.assumptions.smaller import smaller_grounds, smaller_world
from experiments.analyses.sensitivity.varied_parameters import sorted_out
from experiments.analyses.stored_runs import RUN, StepRuns, means_of, run_index, runs_table
from experiments.core.design import points as placed
from experiments.core.design.arms import Arm, matched
from experiments.core.design.axes import Axis
from experiments.core.design.design import Design
from experiments.core.run.execute import Execution, Outcome, collected, run_design
from experiments.core.statistics import outcome_indices
from experiments.core.statistics.causes import Cause, causes
from experiments.core.statistics.exposure import exposure_of, grain
from experiments.core.statistics.spread import Spread, spread_of
from experiments.core.store.store import Store
from sim import District, Scenario
from sim.core.errors import ScenarioError, StoreError

if TYPE_CHECKING:
    from experiments.analyses.compare.comparison_spec import ComparisonSpec

FOLDER: Final = "assumptions"  # of the store, in the comparison's
SHIPPED: Final = Path(__file__).parents[2] / "presets" / "least-known.toml"  # the list that comes with the laboratory

HEADLINE: Final = ("full", "arrangement")
"""Arms whose range is made where there are more than `MOST`: worlds are better spent on them than on their controls."""
MOST: Final = 3
FEWEST: Final = 16  # worlds of which fewer make no range: a comparison that is as quick goes without

CAUSES: Final = tuple(
    "strategy against outcome rank parameter direction effect_low effect_high share share_low share_high p_adjusted "
    "clear".split()
)
"""Columns of `assumptions.csv`."""


@dataclass(frozen=True)
class Sizes:
    """How large the range is made: `points` worlds of so many estates and weeks at most.

    `repeated` of them are run once more with independent random numbers.  They are spread over `grounds`, synthetic
    districts: no divisor of `points`, or both runs of a repeated world would share one ground.
    """

    points: int = 64
    repeated: int = 24
    estates: int = 200
    weeks: int = 92
    warmup: int = 40
    grounds: int = 7

    @classmethod
    def of(cls, points: int) -> Sizes:
        """So many points, three eighths of them run twice."""
        if isinstance(points, bool) or not isinstance(points, int) or (points and not FEWEST <= points <= placed.MOST):
            raise ScenarioError(
                f"assumptions = {points}: a range over assumptions takes {FEWEST} worlds or more, up to "
                f"{placed.MOST:,}, or 0 for none."
            )
        return cls(points, repeated=round(points * 3 / 8))


def sizes_for(design: Design, beside: Sequence[Design] = ()) -> Sizes | None:
    """Return the sizes with which a range takes at most a third of the time of all; None where that is too few.

    What is run beside the comparison, on other grounds, counts as its time.
    """
    most, run = Sizes(), design.scenario.run
    size = min(most.weeks, run.weeks), min(most.warmup, run.warmup), min(most.estates, _estates(design))
    worlds = 0.0
    for part in (design, *beside):
        own = part.scenario.run
        worlds += _cost(len(part.grounds) * part.replicates, len(part.arms), own.weeks, own.warmup, _estates(part))
    points = min(most.points, int(worlds / 2 / _cost(1, len(headline_arms(design)) + 1, *size) * 8 / 11))
    return Sizes.of(points) if points >= FEWEST else None


def _estates(design: Design) -> float:
    return sum(ground.estates for ground in design.grounds) / len(design.grounds)


def _cost(times: int, arms: int, weeks: int, warmup: int, estates: float) -> float:
    """What replicates cost, in empty weeks; those of a warm-up are shared by the arms.

    As measured, a week of a thousand estates takes four times as long as one of a few.
    """
    return times * (warmup + arms * max(0, weeks - warmup)) * (1.0 + estates / 300.0)


def headline_arms(design: Design) -> list[Arm]:
    """Return the arms whose range is made: all of a few, else those of the headline first."""
    arms = {arm.label: arm for arm in design.arms if arm.label != design.baseline}
    if len(arms) <= MOST:
        return list(arms.values())
    picked = arms.keys() & set(HEADLINE) or set(list(arms)[:MOST])
    return [arm for label, arm in arms.items() if label in picked]


@dataclass
class Assumed:
    """Effects over assumptions, read from their store.

    `points` of what varies, the `axes`, have a row each and a column for each parameter; `rows` is the point of each
    world that is run, shape (worlds,): those that are run twice appear once more at the end.  `labels` are arms, the
    baseline first.
    """

    store: Store = field(repr=False)
    outcome: Outcome = field(repr=False)
    axes: tuple[Axis, ...]
    points: pd.DataFrame = field(repr=False)
    rows: tuple[int, ...] = field(repr=False)
    labels: tuple[str, ...]

    @property
    def worlds(self) -> int:
        """Points: how many values of what is not known are compared."""
        return len(self.points)

    @cached_property
    def _arms(self) -> dict[str, tuple[str, int]]:
        """Arm and world of each arm of the design."""
        return {_label(row, label): (label, row) for label in self.labels for row in range(len(self.rows))}

    @cached_property
    def _means(self) -> pd.DataFrame:
        """Means after the start in every run of the outcomes that were read, by arm and world; NaN where not known."""
        keys = [(label, 0, world) for label, world in self._arms.values()]
        return pd.DataFrame(index=pd.MultiIndex.from_tuples(keys, names=RUN))

    @cached_property
    def _columns(self) -> frozenset[str]:
        first = next((run.key for run in self.outcome.design.runs if run.key in self.outcome.done), None)
        return frozenset() if first is None else frozenset(map(str, self.store.outcomes(first).columns))

    def known(self, outcome: str) -> bool:
        """Return whether an outcome was measured in the worlds."""
        return not self._columns.isdisjoint(outcome_indices.PARTS.get(outcome, (outcome,)))

    def read(self, outcomes: Sequence[str]) -> None:
        """Read several outcomes at once, since every run is a file; an index is beside the world's own baseline."""
        parts = {name: outcome_indices.PARTS.get(name, (name,)) for name in outcomes}
        needed = [name for name in dict.fromkeys(chain(*parts.values())) if name in self._columns]
        if names := [name for name in needed if name not in self._means]:
            means = means_of(self.outcome, self.store, names).droplevel(["district", "replicate"])
            self._means[names] = means.reindex(list(self._arms)).to_numpy()
        for name in outcome_indices.PARTS.keys() & parts.keys() - set(self._means):
            known = self._means[[part for part in parts[name] if part in self._columns]]
            self._means[name] = outcome_indices.with_indices(known, self.labels[0])[name]

    def means(self, outcome: str) -> NDArray[np.float64]:
        """Mean of an outcome after the start in every run, shape (arms, worlds); NaN where it is not known."""
        self.read([outcome])
        return self._means[outcome].to_numpy(np.float64).reshape(len(self.labels), len(self.rows))

    def runs(self, outcomes: Sequence[str]) -> pd.DataFrame:
        """Return the table of runs: point, world, arm, and what `runs_table` has; some points are run in two worlds."""
        self.read(outcomes)
        places = {
            arm: {"point": self.rows[world], "world": world, "arm": label} for arm, (label, world) in self._arms.items()
        }
        known = self._means[list(outcomes)].set_axis(list(places))
        runs = [run for run in self.outcome.design.runs if run.arm in places and run.key in self.outcome.done]
        means = known.loc[[run.arm for run in runs]].set_axis(run_index(runs))
        return runs_table({"": StepRuns(self.outcome, means, places)})

    def spread(self, strategy: str, against: str, outcome: str) -> Spread:
        """The effect of an arm over assumptions, relative to the mean of what it is set against in the same world.

        Of an index, which is a ratio already, it is the difference.  A world in which that mean is zero says nothing.
        """
        means = self.means(outcome)
        means_with, means_against = (means[self.labels.index(label)] for label in (strategy, against))
        index = outcome in outcome_indices.INDICES
        base = np.ones_like(means_against) if index else np.abs(means_against)
        effect = np.divide(means_with - means_against, base, out=np.full(base.shape, np.nan), where=base > 0.0)
        runs, level = np.full((2, self.worlds, 2), np.nan)
        place = self.rows, np.arange(len(self.rows)) // self.worlds
        runs[place], level[place] = effect, np.where(np.isfinite(effect), base, np.nan)
        known = np.isfinite(level).any(axis=1)
        noisiness = np.ones(self.worlds)
        if not index and grain(outcome, exposure_of(self.outcome.design)) > 0.0 and known.any():
            # A share of a count is as noisy as one over the count.
            mean = np.nansum(level[known], axis=1) / np.isfinite(level[known]).sum(axis=1)
            noisiness[known] = np.median(mean) / mean
        return spread_of(runs, noisiness)

    def causes(self, strategy: str, against: str, outcome: str) -> list[Cause]:
        """Which parameters the effect follows, the one that explains most of its spread first."""
        spread = self.spread(strategy, against, outcome)
        if not spread.deviation > 0.0:
            return []
        columns = [self.points[axis.name].tolist() for axis in self.axes]
        return causes(self.axes, columns, spread.measured, spread.reliability)

    def pairs(self) -> list[tuple[str, str]]:
        """What is compared with what: every arm with the baseline, and with the controls that have its hours."""
        baseline, *rest = self.labels
        arms = {arm.label.partition(" ")[2]: arm for arm in self.outcome.design.arms}
        controls = {label: matched(arms[label].strategy) for label in rest}
        return [
            (label, other)
            for label in rest
            for other in (baseline, *rest)
            if other == baseline or controls[other] == arms[label].policy
        ]

    def deciding(self, outcomes: Sequence[str]) -> pd.DataFrame:
        """For every effect the parameters by what they explain of its spread; see `CAUSES`."""
        self.read(outcomes)
        rows = [
            {
                **vars(cause),
                "strategy": strategy,
                "against": against,
                "outcome": outcome,
                "rank": rank,
                "parameter": cause.name,
                "p_adjusted": cause.p,
                "clear": cause.clear,
                "direction": float(np.sign(cause.slope)),
            }
            for (strategy, against), outcome in product(self.pairs(), outcomes)
            for rank, cause in enumerate(self.causes(strategy, against, outcome), start=1)
        ]
        return pd.DataFrame(rows, columns=list(CAUSES))


def _label(row: int, arm: str) -> str:
    return f"{row:04} {arm}"


def held_sizes(folder: Path) -> Sizes | None:
    """Return the sizes of the range that a folder holds, whole or begun; None where it holds none."""
    rows = _held(Store(folder / FOLDER)).get("rows")
    if not rows:
        return None
    points = max(rows) + 1
    return Sizes(points, repeated=len(rows) - points)


def _held(store: Store) -> dict[str, Any]:
    """Read what a store of a range says, where there is one."""
    return store.read() if (store.folder / "experiment.json").exists() else {}


def ranged(
    outcome: Outcome,
    home: Store,
    spec: ComparisonSpec,
    execution: Execution,
    beside: Sequence[Design] = (),
) -> Assumed | None:
    """Make the range that a comparison is to have; what its folder holds is not run again.

    Worlds are as many as the spec's `assumptions`: 0 for none but what the folder holds, None for what it holds, else
    as many as a third of the time allows, in which `beside` counts too.  What the user has set is taken as known.  None
    also where nothing is left that could vary.
    """
    design, worlds = outcome.design, spec.assumptions
    listed = worlds is not None or SHIPPED.exists()
    if execution.only_stored or len(design.arms) < 2 or worlds == 0 or not listed:
        return stored_assumptions(home.folder, type(design.scenario))
    sizes = Sizes.of(worlds) if worlds else held_sizes(home.folder) or sizes_for(design, beside)
    if sizes is None:
        return None
    known = LeastKnown.read(SHIPPED).checked(design.scenario).head()
    store = Store(home.folder / FOLDER)
    held = _held(store)
    labels = {design.baseline, *(arm.label for arm in headline_arms(design)), *held.get("labels", ())}
    changes = {arm.label: dict(arm.changes) for arm in design.arms}
    arms = {label: changes[label] for label in dict.fromkeys([design.baseline, *design.labels]) if label in labels}
    varied, left_out = sorted_out(known.names, design.scenario, arms, spec.fixed)
    if not varied:
        return None
    ground = design.grounds[0]
    small = smaller_grounds(spec.district, design.scenario, sizes.estates, sizes.grounds)
    world, factors = smaller_world(design.scenario, ground.estates, ground.streets, small, sizes.weeks, sizes.warmup)
    axes = tuple(item.axis(factors.get(item.name, 1.0)) for item in known.assumptions if item.name in varied)
    points = placed.latin(axes, sizes.points, design.seed)
    rows = (*range(sizes.points), *range(min(sizes.repeated, sizes.points)))
    notes = {
        "question": "How far do the effects reach over what is not known?",
        "kind": "assumptions",
        "labels": list(arms),
        "axes": [Assumption.of(axis).record() for axis in axes],
        "left_out": left_out,
        "rows": list(rows),
        "made": dict(known.provenance),
    }
    _require_same(held, notes, store.folder)
    values = points.to_dict("records")
    places = {_label(row, label): (row, label) for row in range(len(rows)) for label in arms}
    wide = Design.of(
        {name: {**values[rows[row]], **arms[label]} for name, (row, label) in places.items()},
        world,
        small,
        baseline=_label(0, design.baseline),
        replicates=1,
        seed=design.seed,
        plugin=design.plugin,
        model=design.model,
        worlds={name: row for name, (row, _) in places.items()},
    )
    return Assumed(store, run_design(wide, store, execution, extend=True, info=notes), axes, points, rows, tuple(arms))


def _require_same(held: Mapping[str, Any], notes: Mapping[str, Any], folder: Path) -> None:
    if not held or all(held[name] == notes[name] for name in ("axes", "rows")):
        return
    before = f"{max(held['rows']) + 1} worlds over {len(held['axes'])} parameters"
    now = f"{max(notes['rows']) + 1} worlds over {len(notes['axes'])}, or over other ranges"
    raise StoreError(
        f"{folder} holds another range over assumptions: {before}, and what is asked for is {now}. Leave "
        "--assumptions out to keep it, or give another folder (--out, or out= in Python)."
    )


def stored_assumptions(folder: Path, world: type[Scenario] = Scenario) -> Assumed | None:
    """Read the range of a comparison from its folder, as far as its runs ended; None where there is none."""
    store = Store(folder / FOLDER)
    stored = _held(store)
    if not stored:
        return None
    record = stored["design"]
    places = [District.from_csv(store.folder / f"district-{number}.csv") for number in range(len(record["districts"]))]
    first, *_ = record["arms"]
    design = Design.of(
        record["arms"],
        world.load(store.folder / "scenario.toml"),
        places,
        baseline=first,
        replicates=1,
        seed=record["seed"],
        worlds=record["worlds"],
        known_keys=tuple(store.design_table()["run"]),
    )
    axes = tuple(Assumption.read(row).axis() for row in stored["axes"])
    rows, labels = tuple(stored["rows"]), tuple(stored["labels"])
    points = [
        {axis.name: record["arms"][_label(row, labels[0])][axis.name] for axis in axes} for row in range(max(rows) + 1)
    ]
    return Assumed(store, collected(design, store), axes, pd.DataFrame(points), rows, labels)
