"""What a sweep is to do: read from a design file, or made in Python, and checked whole before the first run.

A design file is TOML::

    question = "Where does full coverage help?"
    design = "latin"                # factorial, one-at-a-time, latin, sobol, morris or table
    points = 100                    # levels for the first two, trajectories for morris, file for a table
    replicates = 2
    outcomes = ["conflicts", "standing"]

    [parameters]
    "branches.reporting_hours" = "declared"      # or [0, 6], or { levels = [0, 3, 6] }

    [arms]                                       # each point is run with every arm under common random numbers
    none = "none"
    full = { "coverage.strategy" = "full" }

    [scenario]                                   # what all runs share
    "district.estates" = 16
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any, TypedDict, Unpack

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from experiments.core.design import points
from experiments.core.design.arms import changes_of
from experiments.core.design.axes import Axis, axes_of
from experiments.core.design.design import Design
from experiments.core.design.grounds import grounds
from experiments.core.design.user_strategies import check
from experiments.core.statistics import measures
from experiments.core.statistics.outcome_indices import INDICES
from sim import District, Scenario
from sim.core.errors import ScenarioError, StoreError, StrategyError, nearest
from sim.core.paths import expanded
from sim.parameters import scenario_file
from sim.parameters.parameter import shown

SIZES = {
    "factorial": "levels",
    "one-at-a-time": "levels",
    "latin": "points",
    "sobol": "points",
    "morris": "trajectories",
    "table": "file",
}
"""What says how large a design of each kind is."""

KINDS_OF = {
    "arm": 'the name of a strategy or a table of changes is needed, as in { "coverage.strategy" = "full" }',
    "arms": 'each arm is the name of a strategy or a table of changes, as in full = { "coverage.strategy" = "full" }',
    "parameters": 'a table of names in quotes and ranges is needed, as in "branches.targets" = [2, 9]',
    "scenario": 'a table of changes is needed, as in "district.estates" = 16',
    "outcomes": 'a list of names is needed, as in ["conflicts", "standing"]',
}
"""What an entry of a design must be, where the type alone does not say."""


class _Entries(BaseModel):
    """What a design may say."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    question: str = ""
    design: str = "latin"
    levels: int | None = Field(None, ge=1)
    points: int | None = Field(None, ge=1)
    trajectories: int | None = Field(None, ge=1)
    file: str | None = None
    replicates: int = Field(1, ge=1)
    weeks: int | None = Field(None, ge=1)
    seed: int = 1
    outcomes: list[str] | None = None
    baseline: str | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)
    arms: list[str] | dict[str, str | dict[str, Any]] = Field(default_factory=list)
    scenario: dict[str, Any] = Field(default_factory=dict)


class PlanFields(TypedDict, total=False):
    """What replaces or completes what a design says; see `Plan.of`."""

    scenario: Scenario | None
    district: District | None
    folder: Path | None
    overrides: Mapping[str, Any] | None
    changes: Mapping[str, Any] | None
    model: Callable[..., Any] | None


@dataclass(frozen=True)
class Plan:
    """A sweep, checked.

    Attributes
    ----------
    axes
        What varies; empty for a user's own table.
    points
        A row per point, a column per parameter.
    arms
        Changes of each arm by its label; one without a name and changes where the design names none.
    outcomes
        Means over the weeks from the end of the warm-up on, which are kept of every run.
    baseline
        Empty where there is one arm.
    model
        What is run in place of the laboratory's model, made of (scenario, district, seed, replay); its `outcomes` have
        a column `week` and those that are kept.
    apart
        Whether each point has independent random numbers, shared by its arms alone.  Points that share random numbers
        differ by their parameters only; what is learnt from all of them together, as by an emulator, shares their
        noise.

    Examples
    --------
    >>> from experiments import Plan
    >>> plan = Plan.of({"parameters": {"branches.reporting_hours": [0.0, 4.0]}, "points": 3, "outcomes": ["conflicts"]})
    >>> len(plan.points), list(plan.points)
    (3, ['branches.reporting_hours'])
    """

    question: str
    kind: str
    axes: tuple[Axis, ...]
    points: pd.DataFrame = field(repr=False)
    arms: Mapping[str, Mapping[str, Any]]
    scenario: Scenario = field(repr=False)
    replicates: int
    seed: int
    outcomes: tuple[str, ...]
    baseline: str
    district: District | None = field(default=None, repr=False)
    model: Callable[..., Any] | None = field(default=None, repr=False)
    apart: bool = False

    @property
    def estates(self) -> int:
        """Estates of the ground on which everything is run.

        Examples
        --------
        >>> Plan.of({"parameters": {"desks.meeting": "declared"}, "scenario": {"district.estates": 3}}).estates
        3
        """
        return (self.scenario.district if self.district is None else self.district).estates

    @classmethod
    def read(cls, source: str | Path | Mapping[str, Any] | Plan, **fields: Unpack[PlanFields]) -> Plan:
        """Read a design: a file, or a dictionary of what it would say, as for `of`; a plan stays what it is.

        What cannot be used is refused with the file's name.

        Examples
        --------
        >>> list(Plan.read({"parameters": {"branches.reporting_hours": "declared"}}).points)
        ['branches.reporting_hours']
        """
        if isinstance(source, Plan):
            return source
        design, file = read_design(source)
        with naming(file):
            fields["folder"] = None if file is None else file.parent
            return cls.of(design, **fields)

    @classmethod
    def of(cls, design: Mapping[str, Any], **fields: Unpack[PlanFields]) -> Plan:
        """Make a plan of what a design says, as in a design file.

        Parameters
        ----------
        scenario
            What the design changes; by default the standard one.
        folder
            Where a table that the design names is looked for.
        overrides
            What replaces entries of the design, where it is not None: `replicates`, `weeks`, `seed`.
        changes
            Parameters that are set whatever scenario and design say, as on the command line.
        model
            In place of the laboratory's model; the design then names the outcomes to keep, which are taken as they are.

        Examples
        --------
        >>> varied = {"branches.reporting_hours": [0.0, 4.0], "branches.targets": [2, 9]}
        >>> Plan.of({"parameters": varied, "design": "factorial", "levels": 2}).points["branches.targets"].tolist()
        [2, 9, 2, 9]
        """
        if not isinstance(design, Mapping):
            raise ScenarioError(
                f'{design!r} is no design: give a dictionary, such as {{"parameters": {{name: [low, high]}}}}.'
            )
        changes, model = fields.get("changes") or {}, fields.get("model")
        instead = {name: value for name, value in (fields.get("overrides") or {}).items() if value is not None}
        entries = checked({**design, **instead}, _Entries)
        world = Scenario.of(fields.get("scenario")).replace({**flat(entries.scenario), **changes})
        if entries.weeks is not None:
            world = world.replace({"run.weeks": entries.weeks})
        size = _size(entries)
        axes: tuple[Axis, ...] = ()
        if entries.design == "table":
            table = points.table_of((fields.get("folder") or Path()) / expanded(str(size)), world)
        else:
            # A name that was written without quotes is a table within a table in TOML.
            parts = ({name: what} if "." in name else flat({name: what}) for name, what in entries.parameters.items())
            axes = axes_of({name: what for part in parts for name, what in part.items()}, world)
            usual = {"usual": [world.get(axis.name) for axis in axes]} if entries.design == "one-at-a-time" else {}
            large = {} if size is None else {"number": size}
            table = points.KINDS[entries.design](axes, seed=entries.seed, **large, **usual)
        arms = changes_of(entries.arms, type(world)) if entries.arms else {"": {}}
        for label, sets in [*arms.items(), ("", changes)]:  # one of the two would be lost
            both = [name for name in sets if name in table.columns]
            if both:
                who = f'Arm "{label}" sets {both[0]}' if label else f"{both[0]} is set for all runs"
                raise ScenarioError(f"{who}, which the points vary too: leave one of them out.")
        return cls(
            question=entries.question,
            kind=entries.design,
            axes=axes,
            points=table,
            arms=arms,
            scenario=world,
            replicates=entries.replicates,
            seed=entries.seed,
            outcomes=outcomes_of(entries.outcomes, world) if model is None else tuple(entries.outcomes or ()),
            baseline=_baseline(entries.baseline, arms),
            district=fields.get("district"),
            model=model,
        )

    @cached_property
    def labels(self) -> dict[tuple[int, str], str]:
        """Label of each point and arm, as the laboratory's runs know them.

        Examples
        --------
        >>> varied = {"desks.meeting": [0.2, 0.8]}
        >>> Plan.of({"parameters": varied, "points": 2, "arms": ["none", "full"]}).labels[1, "full"]
        '1 full'
        """
        width = len(str(max(len(self.points) - 1, 1)))
        pairs = product(range(len(self.points)), self.arms)
        return {(point, arm): f"{point:0{width}} {arm}".rstrip() for point, arm in pairs}

    def design(self, worlds: Sequence[int] | None = None, stored: bool = False) -> Design:
        """Return the design of all runs; refuse the first point that cannot be run.

        `worlds` has a number for each point: those of one number share their replicates' random numbers, others do not;
        by default all do, or none where the points stand `apart`.  Where runs are only read, being `stored`, strategies
        of the user's own need not be at hand.

        Examples
        --------
        >>> len(Plan.of({"parameters": {"desks.meeting": [0.2, 0.8]}, "points": 2}).design().runs)
        2
        """
        rows = self.points.to_dict("records")
        arms = {
            label: {**{str(name): value for name, value in rows[point].items()}, **self.arms[arm]}
            for (point, arm), label in self.labels.items()
        }
        if worlds is None and self.apart:
            # By the point's own number: where only some points are run again, their places are others' numbers.
            worlds = list(map(int, self.points.index))
        places = None if worlds is None else {label: int(worlds[point]) for (point, _), label in self.labels.items()}
        design = Design.of(
            arms,
            self.scenario,
            grounds(self.scenario, self.district, 1),
            replicates=self.replicates,
            seed=self.seed,
            model=self.model,
            worlds=places,
        )
        for strategy in () if stored else dict.fromkeys(arm.strategy for arm in design.arms):
            check(strategy, strategy)
        return design


def read_design(source: str | Path | Mapping[str, Any]) -> tuple[dict[str, Any], Path | None]:
    """Return what a design says, and the file that says it, where it is one."""
    if isinstance(source, Mapping):
        return dict(source), None
    file = expanded(source)
    return dict(scenario_file.read(file)), file


@contextmanager
def naming(file: Path | None) -> Iterator[None]:
    """Name the file in what is wrong with its design."""
    try:
        yield
    except (ScenarioError, StoreError, StrategyError) as error:
        if file is None:
            raise
        raise type(error)(f"{file}: {error}") from None


def checked[Entries: BaseModel](design: Mapping[str, Any], kind: type[Entries]) -> Entries:
    """Return what a design says, as entries of a kind; refuse what is none of them, or has another form."""
    known = list(kind.model_fields)
    if (name := next((name for name in design if name not in known), None)) is not None:
        if "parameters" in known and "." in str(name):
            example = f'{{"parameters": {{"{name}": [low, high]}}}}'
            raise ScenarioError(f'"{name}" stands outside of the parameters of the design; write {example}.')
        raise ScenarioError(
            f'"{name}" means nothing in a design.{nearest(str(name), known)} There are: {", ".join(known)}.'
        )
    try:
        return kind(**design)
    except ValidationError as error:
        first = error.errors()[0]
        place = str(first["loc"][0])
        what = KINDS_OF.get(place, first["msg"].lower())
        raise ScenarioError(f"{place} = {shown(design.get(place))}: {what}.") from None


def _size(entries: _Entries) -> int | str | None:
    """Return what says how large the design is; refuse what is none, or says so of another kind."""
    if entries.design not in SIZES:
        raise ScenarioError(
            f'design = "{entries.design}" is none.{nearest(entries.design, list(SIZES))} There are: {", ".join(SIZES)}.'
        )
    own = SIZES[entries.design]
    for name in dict.fromkeys(SIZES.values()):
        if name != own and getattr(entries, name) is not None:
            raise ScenarioError(f'{name} means nothing for design = "{entries.design}", whose size is told by {own}.')
    size: int | str | None = getattr(entries, own)
    if entries.design == "table" and size is None:
        raise ScenarioError('design = "table" needs file = "points.csv".')
    if entries.design == "table" and entries.parameters:
        raise ScenarioError("parameters are the columns of the table: leave [parameters] out.")
    return size


def flat(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted names of changes that are written as dotted names or as sections."""
    flat: dict[str, Any] = {}
    for name, value in changes.items():
        flat |= {f"{name}.{key}": leaf for key, leaf in value.items()} if isinstance(value, Mapping) else {name: value}
    return flat


def outcomes_of(chosen: Sequence[str] | None, scenario: Scenario) -> tuple[str, ...]:
    """Return the outcomes that runs of a scenario are to keep: the requested ones, checked, or the default ones."""
    if chosen is not None and not chosen:
        raise ScenarioError("No outcomes are asked for: name at least one, or leave them out for the usual ones.")
    names = measures.chosen(None if chosen is None else [*chosen], measures.columns_of(scenario))
    relative = [name for name in names if name in INDICES]
    if chosen is not None and relative:
        raise ScenarioError(
            f"{relative[0]} is relative to another arm and no outcome of a single run: "
            "sweep its parts instead, such as conflicts and standing."
        )
    return tuple(name for name in names if name not in INDICES)


def _baseline(label: str | None, arms: Mapping[str, Any]) -> str:
    if label is not None and label not in arms:
        named = [arm for arm in arms if arm]
        there_are = f" There are: {', '.join(named)}." if named else " The design names no arms."
        raise ScenarioError(f'baseline = "{label}" is no arm.{nearest(label, named)}{there_are}')
    if len(arms) == 1:
        return ""
    return label if label is not None else "none" if "none" in arms else next(iter(arms))
