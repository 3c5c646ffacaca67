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
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.assumptions.least_known import USED, Assumption, LeastKnown, scale_of
from experiments.analyses.assumptions.smaller import smaller_grounds, smaller_world
from experiments.analyses.sensitivity.varied_parameters import sorted_out
from experiments.core.design import points as placed
from experiments.core.design.arms import Arm, matched
from experiments.core.design.axes import Axis
from experiments.core.design.design import Design
from experiments.core.run.execute import Execution, Outcome, collected, run_design
from experiments.core.statistics import outcome_indices
from experiments.core.statistics.causes import Cause, causes
from experiments.core.statistics.exposure import Exposure, exposure_of, grain
from experiments.core.statistics.spread import Spread, spread_of
from experiments.core.store.store import Store

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.compare.comparison_spec import ComparisonSpec
    from sim import District

__all__ = [
    "CAUSES",
    "FOLDER",
    "Assumed",
    "Sizes",
    "held_sizes",
    "over_assumptions",
    "ranged",
    "stored_assumptions",
    "sizes_for",
]

FOLDER: Final = "assumptions"
"""Of the store, in the comparison's."""

SHIPPED: Final = Path(__file__).parents[2] / "presets" / "least-known.toml"
"""The list that comes with the laboratory."""

HEADLINE: Final = ("full", "arrangement")
"""Arms whose range is made where there are more than `MOST`: worlds are better spent on them than on their controls."""
MOST: Final = 3

FEWEST: Final = 16
"""Worlds of which fewer make no range: a comparison that is as quick goes without."""

CAUSES: Final = (
    "strategy",
    "against",
    "outcome",
    "rank",
    "parameter",
    "direction",
    "effect_low",
    "effect_high",
    "share",
    "share_low",
    "share_high",
    "p_adjusted",
    "clear",
)
"""Columns of `assumptions.csv`."""


@dataclass(frozen=True)
class Sizes:
    """How large the range is made.

    Attributes
    ----------
    points, repeated
        Worlds, and how many of them are run once more with independent random numbers.
    estates, weeks, warmup
        Of each world, at most.
    grounds
        Synthetic districts over which the worlds are spread; not a divisor of `points`, or both runs of a repeated
        world would share one ground.
    used
        Parameters from the head of the list.
    """

    points: int = 64
    repeated: int = 24
    estates: int = 200
    weeks: int = 92
    warmup: int = 40
    grounds: int = 7
    used: int = USED

    @classmethod
    def of(cls, points: int) -> Sizes:
        """So many points, three eighths of them run twice."""
        from sim.errors import ScenarioError

        if isinstance(points, bool) or not isinstance(points, int) or (points and points < FEWEST):
            raise ScenarioError(
                f"assumptions = {points}: a range over assumptions takes {FEWEST} worlds or more, or 0 for none."
            )
        return cls(points, repeated=round(points * 3 / 8))


def sizes_for(design: Design, beside: Sequence[Design] = ()) -> Sizes | None:
    """Return the sizes with which a range takes at most a third of the time of all; None where that is too few.

    What is run beside the comparison, on other grounds, counts as its time.

    What a week costs was measured: a thousand estates take about four times as long as a few.  Weeks of a warm-up are
    shared by the arms of a replicate.
    """
    most, run = Sizes(), design.scenario.run
    usual = sum(ground.estates for ground in design.grounds) / len(design.grounds)
    arms = len(headline_arms(design)) + 1
    own = min(most.weeks, run.weeks) - min(most.warmup, run.warmup)
    each = (min(most.warmup, run.warmup) + arms * own) * _week(min(most.estates, usual))
    worlds = sum(map(_cost, (design, *beside))) / 2 / each
    points = min(most.points, int(worlds * 8 / 11))
    return Sizes.of(points) if points >= FEWEST else None


def _cost(design: Design) -> float:
    """What a design costs, in empty weeks."""
    run = design.scenario.run
    usual = sum(ground.estates for ground in design.grounds) / len(design.grounds)
    weeks = run.warmup + len(design.arms) * max(0, run.weeks - run.warmup)
    return len(design.grounds) * design.replicates * weeks * _week(usual)


def _week(estates: float) -> float:
    """What a week costs, relative to an empty one."""
    return 1.0 + estates / 300.0


def headline_arms(design: Design) -> list[Arm]:
    """Return the arms whose range is made: all of a few, else those of the headline first."""
    arms = {arm.label: arm for arm in design.arms if arm.label != design.baseline}
    if len(arms) <= MOST:
        return list(arms.values())
    picked: set[str] = {label for label in HEADLINE if label in arms} or set(list(arms)[:MOST])
    return [arm for label, arm in arms.items() if label in picked]


@dataclass(frozen=True)
class Hypercube:
    """Where the worlds are.

    Attributes
    ----------
    axes
        What varies.
    points
        A row for each world, a column for each parameter.
    rows
        Point of each world that is run, shape (worlds,): those that are run twice appear twice.
    left_out
        For each parameter of the list that does not vary, the reason.
    """

    axes: tuple[Axis, ...]
    points: pd.DataFrame = field(repr=False)
    rows: tuple[int, ...] = field(repr=False)
    left_out: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Assumed:
    """Effects over assumptions, read from their store.

    Attributes
    ----------
    store, outcome
        Where the worlds are, and what became of each run.
    cube
        Where the worlds are in the space of what is not known.
    labels
        Arms, the baseline first.
    """

    store: Store = field(repr=False)
    outcome: Outcome = field(repr=False)
    cube: Hypercube
    labels: tuple[str, ...]
    _means: dict[str, NDArray[np.float64]] = field(default_factory=dict, repr=False)

    @property
    def worlds(self) -> int:
        """Points: how many values of what is not known are compared."""
        return len(self.cube.points)

    @property
    def failed(self) -> int:
        """Number of runs that failed."""
        return len(self.outcome.failed)

    @cached_property
    def seen(self) -> Exposure:
        """What one run rests on."""
        return exposure_of(self.outcome.design)

    def means(self, outcome: str) -> NDArray[np.float64]:
        """Mean of an outcome after the start in every run, shape (arms, worlds); NaN where it is not known."""
        if outcome not in self._means:
            parts = outcome_indices.PARTS.get(outcome)
            if parts is None:
                self._read([outcome])
            else:
                self._means[outcome] = self._index(outcome, [name for name in parts if self._there(name)])
        return self._means[outcome]

    def read(self, outcomes: Sequence[str]) -> None:
        """Read several outcomes at once, since every run is a file."""
        names = [part for name in outcomes for part in outcome_indices.PARTS.get(name, (name,))]
        self._read([name for name in dict.fromkeys(names) if name not in self._means and self._there(name)])

    def _read(self, names: Sequence[str]) -> None:
        if not names:
            return
        table = np.full((len(names), len(self.labels), len(self.cube.rows)), np.nan)
        places = {
            _label(row, label): (arm, row)
            for row in range(len(self.cube.rows))
            for arm, label in enumerate(self.labels)
        }
        for run in self.outcome.design.runs:
            if run.arm in places and run.key in self.outcome.done:
                arm, row = places[run.arm]
                table[:, arm, row] = self.store.means(run.key, names, self.outcome.design.start)
        self._means |= dict(zip(names, table, strict=True))

    @cached_property
    def _columns(self) -> frozenset[str]:
        first = next((run.key for run in self.outcome.design.runs if run.key in self.outcome.done), None)
        return frozenset() if first is None else frozenset(map(str, self.store.outcomes(first).columns))

    def known(self, outcome: str) -> bool:
        """Return whether an outcome was measured in the worlds."""
        return any(map(self._there, outcome_indices.PARTS.get(outcome, (outcome,))))

    def _there(self, name: str) -> bool:
        return name in self._columns

    def _index(self, outcome: str, parts: Sequence[str]) -> NDArray[np.float64]:
        """Order or vitality, each world beside its own baseline."""
        import pandas as pd

        shape = (len(self.labels), len(self.cube.rows))
        index = pd.MultiIndex.from_product([self.labels, [0], range(shape[1])], names=["arm", "district", "replicate"])
        frame = pd.DataFrame({name: self.means(name).ravel() for name in parts}, index=index)
        return outcome_indices.with_indices(frame, self.labels[0])[outcome].to_numpy().reshape(shape)

    def spread(self, strategy: str, against: str, outcome: str) -> Spread:
        """The effect of an arm on an outcome over assumptions.

        Relative to the mean of what it is set against in the same world; of an index, which is a ratio already, the
        difference.  A world in which that mean is zero says nothing.
        """
        means = self.means(outcome)
        means_with, means_against = (means[self.labels.index(label)] for label in (strategy, against))
        index = outcome in outcome_indices.INDICES
        base = np.ones_like(means_against) if index else np.abs(means_against)
        effect = np.divide(means_with - means_against, base, out=np.full(base.shape, np.nan), where=base > 0.0)
        counted = not index and grain(outcome, self.seen) > 0.0
        rows = np.array(self.cube.rows)
        runs = np.full((self.worlds, 2), np.nan)
        level = np.full((self.worlds, 2), np.nan)
        for row, point in enumerate(rows.tolist()):
            place = 0 if row == point else 1
            runs[point, place], level[point, place] = effect[row], base[row]
        level = np.where(np.isfinite(runs), level, np.nan)
        known = np.isfinite(level).any(axis=1)
        noisiness = np.ones(self.worlds)
        if counted and known.any():
            # A share of a count is as noisy as one over the count.
            mean = np.nansum(level[known], axis=1) / np.isfinite(level[known]).sum(axis=1)
            noisiness[known] = np.median(mean) / mean
        return spread_of(runs, noisiness)

    def causes(self, strategy: str, against: str, outcome: str) -> list[Cause]:
        """Which parameters the effect follows, the one that explains most of its spread first."""
        spread = self.spread(strategy, against, outcome)
        if not spread.deviation > 0.0:
            return []
        columns = [self.cube.points[axis.name].tolist() for axis in self.cube.axes]
        return causes(self.cube.axes, columns, spread.measured, spread.reliability)

    def pairs(self) -> list[tuple[str, str]]:
        """What is compared with what: every arm with the baseline, and with the controls that have its hours."""
        baseline, *rest = self.labels
        policies = {arm.label.partition(" ")[2]: arm.policy for arm in self.outcome.design.arms}
        strategies = {arm.label.partition(" ")[2]: arm.strategy for arm in self.outcome.design.arms}
        pairs = []
        for label in rest:
            pairs.append((label, baseline))
            pairs += [(label, control) for control in rest if matched(strategies[control]) == policies[label]]
        return pairs

    def deciding(self, outcomes: Sequence[str]) -> pd.DataFrame:
        """For every effect the parameters by what they explain of its spread; see `CAUSES`."""
        import pandas as pd

        self.read(outcomes)
        rows = []
        for strategy, against in self.pairs():
            for outcome in outcomes:
                for rank, cause in enumerate(self.causes(strategy, against, outcome), start=1):
                    rows.append(
                        (
                            strategy,
                            against,
                            outcome,
                            rank,
                            cause.name,
                            float(np.sign(cause.slope)),
                            cause.effect_low,
                            cause.effect_high,
                            cause.share,
                            cause.share_low,
                            cause.share_high,
                            cause.p,
                            cause.clear,
                        )
                    )
        return pd.DataFrame(rows, columns=list(CAUSES))


def _label(row: int, arm: str) -> str:
    return f"{row:04} {arm}"


def _hypercube(
    known: LeastKnown, sizes: Sizes, seed: int, factors: Mapping[str, float], left_out: Mapping[str, str]
) -> Hypercube:
    import pandas as pd

    axes = tuple(item.axis(factors.get(item.name, 1.0)) for item in known.assumptions if item.name not in left_out)
    points = placed.latin(axes, sizes.points, seed) if axes else pd.DataFrame(index=range(sizes.points))
    return Hypercube(axes, points, (*range(sizes.points), *range(min(sizes.repeated, sizes.points))), left_out)


def over_assumptions(
    design: Design,
    folder: Path,
    known: LeastKnown,
    sizes: Sizes,
    spec: ComparisonSpec,
    execution: Execution | None = None,
) -> Assumed | None:
    """Make the range of a comparison; what its folder holds is not run again.

    Parameters
    ----------
    design
        Of the comparison.
    folder
        Of the comparison.
    known
        The list; its head is varied.
    sizes
        How many worlds, of what size.
    spec
        The comparison: its own ground, where it is not synthetic, and what the user has set, which is taken as known.
    execution
        As for `run_design`.

    Returns
    -------
    Assumed or None
        None where nothing is left that could vary.
    """
    store = Store(folder / FOLDER)
    held = _held(store)
    labels = {design.baseline, *(arm.label for arm in headline_arms(design)), *held.get("labels", ())}
    order = [design.baseline, *(label for label in design.labels if label != design.baseline)]
    changes = {arm.label: dict(arm.changes) for arm in design.arms}
    arms = {label: changes[label] for label in order if label in labels}
    head = known.head(sizes.used)
    varied, left_out = sorted_out(head.names, design.scenario, arms, spec.fixed)
    if not varied:
        return None
    ground = design.grounds[0]
    small = smaller_grounds(spec.district, design.scenario, sizes.estates, sizes.grounds)
    world, factors = smaller_world(design.scenario, ground.estates, ground.streets, small, sizes.weeks, sizes.warmup)
    cube = _hypercube(head, sizes, design.seed, factors, left_out)
    _same_cube(held, cube, store.folder)
    wide = _design(design, cube, arms, world, small)
    notes = {
        "question": "How far do the effects reach over what is not known?",
        "kind": "assumptions",
        "labels": list(arms),
        "axes": [_noted(axis) for axis in cube.axes],
        "left_out": dict(left_out),
        "rows": list(cube.rows),
        "made": dict(known.provenance),
    }
    outcome = run_design(wide, store, execution, extend=True, info=notes)
    return Assumed(store, outcome, cube, tuple(arms))


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


def _same_cube(held: Mapping[str, Any], cube: Hypercube, folder: Path) -> None:
    """Refuse a folder whose worlds are others."""
    from sim.errors import StoreError

    if not held or (held["axes"], held["rows"]) == ([_noted(axis) for axis in cube.axes], list(cube.rows)):
        return
    before = f"{max(held['rows']) + 1} worlds over {len(held['axes'])} parameters"
    now = f"{len(cube.points)} worlds over {len(cube.axes)}, or over other ranges"
    raise StoreError(
        f"{folder} holds another range over assumptions: {before}, and what is asked for is {now}. Leave "
        "--assumptions out to keep it, or give another folder with --out."
    )


def ranged(
    outcome: Outcome,
    home: Store,
    spec: ComparisonSpec,
    execution: Execution | None = None,
    beside: Sequence[Design] = (),
) -> Assumed | None:
    """Make the range that a comparison is to have.

    Parameters
    ----------
    outcome, home
        The comparison's runs, and its store.
    spec
        What it requests: worlds in `assumptions`, 0 for none but what the folder holds, None for what it holds, else as
        many as a third of the time allows.
    execution
        As for `run_design`; where nothing may be run, the range is what the folder holds.
    beside
        What else takes time, as for `sizes_for`.
    """
    design, worlds = outcome.design, spec.assumptions
    if execution is not None and execution.only_stored:
        return stored_assumptions(home.folder)
    listed = worlds is not None or SHIPPED.exists()
    if len(design.arms) < 2 or worlds == 0 or not listed:
        return stored_assumptions(home.folder)
    sizes = Sizes.of(worlds) if worlds else held_sizes(home.folder) or sizes_for(design, beside)
    if sizes is None:
        return None
    return over_assumptions(
        design, home.folder, LeastKnown.read(SHIPPED).checked(design.scenario), sizes, spec, execution
    )


def _design(
    design: Design, cube: Hypercube, arms: Mapping[str, Mapping[str, Any]], world: Any, small: Sequence[District]
) -> Design:
    rows = cube.points.to_dict("records")
    changes, places = {}, {}
    for row, point in enumerate(cube.rows):
        for label, change in arms.items():
            name = _label(row, label)
            changes[name] = {**{str(key): value for key, value in rows[point].items()}, **change}
            places[name] = row
    return Design.of(
        changes,
        world,
        small,
        baseline=_label(0, design.baseline),
        replicates=1,
        seed=design.seed,
        plugin=design.plugin,
        model=design.model,
        worlds=places,
    )


def _noted(axis: Axis) -> dict[str, Any]:
    note: dict[str, Any] = {"name": axis.name, "scale": scale_of(axis)}
    return note | ({"levels": list(axis.levels)} if axis.levels else {"low": axis.low, "high": axis.high})


def stored_assumptions(folder: Path) -> Assumed | None:
    """Read the range of a comparison from its folder, as far as its runs ended; None where there is none."""
    import pandas as pd

    from sim import District, Scenario

    store = Store(folder / FOLDER)
    if not (store.folder / "experiment.json").exists():
        return None
    stored = store.read()
    record = stored["design"]
    places = [District.from_csv(store.folder / f"district-{number}.csv") for number in range(len(record["districts"]))]
    first, *_ = record["arms"]
    design = Design.of(
        record["arms"],
        Scenario.load(store.folder / "scenario.toml"),
        places,
        baseline=first,
        replicates=1,
        seed=record["seed"],
        worlds=record["worlds"],
        known_keys=tuple(store.design_table()["run"]),
    )
    axes = tuple(Assumption(**{**row, "levels": tuple(row.get("levels", ()))}).axis() for row in stored["axes"])
    rows, labels = tuple(stored["rows"]), tuple(stored["labels"])
    points = [
        {axis.name: record["arms"][_label(row, labels[0])][axis.name] for axis in axes} for row in range(max(rows) + 1)
    ]
    cube = Hypercube(axes, pd.DataFrame(points), rows, stored["left_out"])
    return Assumed(store, collected(design, store), cube, labels)
