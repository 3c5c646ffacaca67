"""What a search of regions is: policies, and the ranges over which each may help in one part and harm in another.

::

    question = "Where does each help, and where does it harm?"
    search = "regions"              # a map of signs without this
    points = 80                     # worlds of the first trial; half as many confirm a region

    [policies.coverage]
    name = "full coverage"          # for people (the policy's key)
    arm = "full"                    # or changes, as in { "coverage.strategy" = "full" }
    outcome = "conflicts"           # judged by what (conflicts)

    [policies.coverage.parameters]
    "branches.reporting_hours" = "declared"
    "services.effect" = [0.0, 0.2]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from experiments.analyses.signmap.signmap_spec import OUTCOME, refuse, refuse_unsided
from experiments.core.design.arms import changes_of
from experiments.core.design.plan import Plan, checked, flat, naming, read_design
from experiments.core.margin import MARGIN
from experiments.core.spec import Count, Share, Spec, WorldFields
from sim.errors import nearest

WORLDS: Final = 80
"""Of the first trial, where a design names no number."""
SHARED: Final = ("question", "points", "replicates", "weeks", "seed", "scenario")
"""Entries that mean what they mean in a map."""
ENTRIES: Final = (*SHARED, "search", "margin", "policies")
GROUNDS: Final = 5
"""Synthetic districts over which the worlds of a trial are dealt out."""


class _PolicyEntries(BaseModel):
    """What a design may say of a policy."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    arm: str | dict[str, Any]
    parameters: dict[str, Any]
    outcome: str = OUTCOME
    name: str = ""
    note: str = ""
    scenario: dict[str, Any] = Field(default_factory=dict)
    worlds: int = Field(1, ge=1)


@dataclass(frozen=True)
class Policy:
    """A policy, and what is not known about it.

    `on` are the changes that it makes, `world` those that all worlds share, `ranges` the parameters that are swept.  It
    is tried in `worlds` times the usual number of worlds: a small effect needs more to be told from chance.
    """

    name: str
    on: Mapping[str, Any]
    outcome: str
    ranges: Mapping[str, tuple[float, float]]
    world: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    worlds: int = 1


class RegionSearchFields(WorldFields, total=False):
    """Keywords of a search of regions; see `search_regions`."""

    policy: str | None
    margin: float | None
    points: int | None
    replicates: int | None
    weeks: int | None
    changes: Mapping[str, Any] | None


class RegionSearchSpec(Spec):
    """A search of regions: policies by the names of their folders, each tried in so many `worlds` with `replicates`
    runs.
    """

    analysis: ClassVar[str] = "signs"
    noun: ClassVar[str] = "search of regions"

    replicates: Count = 1
    policies: dict[str, Policy]
    worlds: Count = WORLDS
    margin: Share = MARGIN

    @property
    def fresh(self) -> int:
        """Worlds that confirm a region."""
        return max(self.worlds // 2, 4)

    @property
    def grounds(self) -> int:
        """Districts over which worlds are dealt out."""
        return GROUNDS if self.district is None else 1

    @property
    def size(self) -> dict[str, int]:
        """How large the world is, and how often each is run."""
        ground = self.scenario.district if self.district is None else self.district
        return {"estates": ground.estates, "weeks": self.scenario.run.weeks, "replicates": self.replicates}

    @classmethod
    def asked_of(cls, source: str | Path | Mapping[str, Any], fields: Mapping[str, Any]) -> Self:
        """Make the spec of a design, a file or a dictionary; `fields`, as in `RegionSearchFields`, replace what the
        design says.

        Raises
        ------
        ScenarioError
            Naming the file, and what in it cannot be searched.
        """
        given = {name: value for name, value in fields.items() if value is not None}
        world = {name: given.pop(name) for name in ("scenario", "district", "changes", "model") if name in given}
        chosen = given.pop("policy", None)
        design, file = read_design(source)
        with naming(file):
            entries = {"points": WORLDS, **design, **given}
            for name in entries:
                _known(name, ENTRIES, f'"{name}" means nothing in a search of regions.')
            if entries.get("search", "regions") != "regions":
                refuse(f'search = {entries["search"]!r}: "regions" is all that can be searched; a map has no search.')
            shared: dict[str, Any] = {name: entries[name] for name in SHARED if name in entries}
            policies = {
                label: _policy(label, entry, shared, world)
                for label, entry in _tables(entries.get("policies"), chosen).items()
            }
            names = [policy.name for policy, _ in policies.values()]
            if twice := next((name for name in names if names.count(name) > 1), None):
                refuse(f'Two policies are called "{twice}": give each a name of its own.')
            _, plan = next(iter(policies.values()))
            return cls.of(
                {
                    **{name: getattr(plan, name) for name in ("question", "scenario", "district", "seed", "model")},
                    "replicates": plan.replicates,
                    "policies": {label: policy for label, (policy, _) in policies.items()},
                    "worlds": len(plan.points),
                    "margin": entries.get("margin"),
                }
            )


def _known(name: str, names: Any, problem: str) -> None:
    """Refuse what is none of the names."""
    if name not in names:
        refuse(f"{problem}{nearest(name, list(names))} Choose from: {', '.join(names)}.")


def _tables(policies: Any, chosen: str | None) -> Mapping[str, Any]:
    """Return what a design says of each policy, or of the one that is chosen."""
    tables = policies.values() if isinstance(policies, Mapping) else ()
    if not tables or not all(isinstance(table, Mapping) for table in tables):
        refuse("policies: a table for each is needed, as in [policies.coverage].")
    for label in policies:
        if not re.fullmatch(r"\w[\w' -]*", label):
            refuse(f'policies: "{label}" names folders, so that it may have letters, digits, spaces and hyphens only.')
    places = [place_of(label) for label in policies]
    if len(set(places)) < len(places):
        refuse("policies: two of them would have one folder: give them other names.")
    if chosen is None:
        return policies
    _known(chosen, policies, f'Unknown policy "{chosen}".')
    return {chosen: policies[chosen]}


def place_of(label: str) -> str:
    """Name the folders of a policy."""
    return "-".join(label.replace("'", "").split())


def _policy(label: str, entry: Mapping[str, Any], shared: Mapping[str, Any], given: Any) -> tuple[Policy, Plan]:
    """Check what a design says of a policy; return it, and the sweep of its first trial."""
    with naming(Path(f"policies.{label}")):
        own = checked(entry, _PolicyEntries)
        on, world = changes_of({label: own.arm})[label], flat(own.scenario)
        arms = {"without the policy": world, "with the policy": {**world, **on}}
        plan = Plan.of({**shared, "parameters": own.parameters, "outcomes": [own.outcome], "arms": arms}, **given)
        refuse_unsided(own.outcome)
        if len(plan.axes) < 2:
            refuse("A region needs two parameters or more that vary.")
        for axis in plan.axes:
            if axis.levels:
                refuse(f"{axis.name}: a region is a part of a range: give [low, high] in place of levels.")
        replace(plan, points=plan.points.head(1)).design()  # what an arm cannot be is refused with the rest
    ranges = {axis.name: (axis.low, axis.high) for axis in plan.axes}
    return Policy(own.name or label, on, own.outcome, ranges, world, own.note, own.worlds), plan
