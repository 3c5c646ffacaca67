"""The search for regions where a policy helps and where it harms, each confirmed by fresh runs.

A design names policies, and the ranges over which each may help in one part and harm in another::

    search = "regions"              # a map of signs without this
    points = 80                     # worlds of the first trial; half as many confirm a region

    [policies.coverage]
    name = "full coverage"          # for people (the policy's key)
    arm = "full"                    # or changes, as in { "coverage.strategy" = "full" }
    outcome = "conflicts"           # judged by what (conflicts)
    parameters = { "branches.reporting_hours" = "declared", "services.effect" = [0.0, 0.2] }

The sweep's points are noisy, and the best-looking of many regions looks better than it is.  So a region is *chosen* on
one set of worlds and *reported* from another: new points inside of it, new draws.  A region is a box in which the
parameters along which the effect changes most are kept to the lower or upper part of their range.  How it changes is
read from a plane fitted to all points of the sweep, which tells more than the few points inside any one box.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar, Final, Self, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from experiments.analyses.failed_runs import delivered
from experiments.analyses.signmap.sign_map import OUTCOME, refuse_unsided
from experiments.analyses.stored_runs import run_housed
from experiments.analyses.study.contrasts import Contrast, Contrasts, PagedResult, points, run_or_read_contrasts
from experiments.core.analysis_folder import claim
from experiments.core.design.arms import changes_of
from experiments.core.design.plan import Plan, checked, flat, naming, read_design
from experiments.core.margin import MARGIN
from experiments.core.option import chosen
from experiments.core.spec import Count, Running, Share, Spec, WorldFields
from experiments.core.statistics.measures import better
from experiments.core.statistics.paired import Paired, paired
from experiments.core.statistics.regions import region, together
from experiments.core.store.store import Store
from sim.core.errors import ScenarioError, nearest

WORLDS: Final = 80  # of the first trial, where a design names no number
SHARED: Final = ("question", "points", "replicates", "weeks", "seed", "scenario")
"""Entries that mean what they mean in a map."""
ENTRIES: Final = (*SHARED, "search", "margin", "policies")
GROUNDS: Final = 5  # synthetic districts over which the worlds of a trial are dealt out


Ranges = Mapping[str, tuple[float, float]]


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
    """A policy (the changes that are `on`), what all worlds share, and the `ranges` that are swept.

    It is tried in `worlds` times the usual number of worlds: a small effect needs more to be told from chance.
    """

    name: str
    on: Mapping[str, Any]
    outcome: str
    ranges: Ranges
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
    """A search of regions: policies by the names of their folders, each tried in so many `worlds`."""

    analysis: ClassVar[str] = "signs"
    noun: ClassVar[str] = "search of regions"

    replicates: Count = 1
    policies: dict[str, Policy]
    worlds: Count = WORLDS
    margin: Share = MARGIN

    @property
    def fresh(self) -> int:
        return max(self.worlds // 2, 4)

    @property
    def grounds(self) -> int:
        return GROUNDS if self.district is None else 1

    @property
    def size(self) -> dict[str, int]:
        ground = self.scenario.district if self.district is None else self.district
        each = {"estates": ground.estates, "weeks": self.scenario.run.weeks, "replicates": self.replicates}
        return {**each, "worlds": self.worlds, "fresh": self.fresh, "grounds": self.grounds}

    @classmethod
    def asked_of(cls, source: str | Path | Mapping[str, Any], fields: Mapping[str, Any]) -> Self:
        """Make the spec of a design, a file or a dictionary; `fields` replace what it says.

        What cannot be searched is refused, with the file's name.
        """
        given = {name: value for name, value in fields.items() if value is not None}
        world = {name: given.pop(name) for name in ("scenario", "district", "changes", "model") if name in given}
        only = given.pop("policy", None)
        design, file = read_design(source)
        with naming(file):
            entries = {"points": WORLDS, **design, **given}
            if unknown := [name for name in entries if name not in ENTRIES]:
                raise ScenarioError(
                    f'"{unknown[0]}" means nothing in a search of regions.{nearest(unknown[0], ENTRIES)} '
                    f"Choose from: {', '.join(ENTRIES)}."
                )
            if entries.get("search", "regions") != "regions":
                raise ScenarioError(
                    f'search = {entries["search"]!r}: "regions" is all that can be searched; a map has no search.'
                )
            shared: dict[str, Any] = {name: entries[name] for name in SHARED if name in entries}
            policies = {
                label: _policy(label, entry, shared, world)
                for label, entry in _tables(entries.get("policies"), only).items()
            }
            names = Counter(policy.name for policy, _ in policies.values())
            if (twice := names.most_common(1)[0])[1] > 1:
                raise ScenarioError(f'Two policies are called "{twice[0]}": give each a name of its own.')
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


def _tables(policies: Any, only: str | None) -> Mapping[str, Any]:
    tables = policies.values() if isinstance(policies, Mapping) else ()
    if not tables or not all(isinstance(table, Mapping) for table in tables):
        raise ScenarioError("policies: a table for each is needed, as in [policies.coverage].")
    for label in policies:
        if not re.fullmatch(r"\w[\w' -]*", label):
            raise ScenarioError(
                f'policies: "{label}" names folders, so that it may have letters, digits, spaces and hyphens only.'
            )
    places = [place_of(label) for label in policies]
    if len(set(places)) < len(places):
        raise ScenarioError("policies: two of them would have one folder: give them other names.")
    return policies if only is None else {chosen(only, policies, "policy"): policies[only]}


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
            raise ScenarioError("A region needs two parameters or more that vary.")
        for axis in plan.axes:
            if axis.levels:
                raise ScenarioError(f"{axis.name}: a region is a part of a range: give [low, high] in place of levels.")
        replace(plan, points=plan.points.head(1)).design()  # what an arm cannot be is refused with the rest
    ranges = {axis.name: (axis.low, axis.high) for axis in plan.axes}
    return Policy(own.name or label, on, own.outcome, ranges, world, own.note, own.worlds), plan


PARTS: Final = {"low": (0.0, 0.4), "high": (0.6, 1.0)}  # the lower and the upper part of a range, as shares of it
MOST: Final = 3  # parameters that a region restricts at most
SIGNS: Final = ("helps", "harms")
TRIALS: Final = ("sweep", *SIGNS)
TABLE: Final = "policy outcome chosen_as found region effect ci_low ci_high sim_low sim_high worlds".split()


@dataclass
class RegionSearch(PagedResult):
    """Where policies help and harm; `swept` has for each the points of the first trial, and the mean effect at each."""

    spec: RegionSearchSpec
    swept: Mapping[str, Any] = field(repr=False)

    presented: ClassVar[str] = "experiments.analyses.signmap.region_report"

    @property
    def stores(self) -> list[Store]:
        return [Store(self.folder / f"{place_of(name)}-{tag}") for name in self.spec.policies for tag in TRIALS]


@dataclass(frozen=True)
class Region:
    """A box of parameters: for each restricted one, ``low`` or ``high``."""

    sides: tuple[tuple[str, str], ...]

    def within(self, ranges: Ranges) -> dict[str, tuple[float, float]]:
        cut = dict(ranges)
        for name, side in self.sides:
            (low, high), (first, last) = ranges[name], PARTS[side]
            cut[name] = (low + first * (high - low), low + last * (high - low))
        return cut

    def words(self, ranges: Ranges) -> str:
        cut = self.within(ranges)
        return " and ".join(f"`{name}` from {cut[name][0]:.3g} to {cut[name][1]:.3g}" for name, _ in self.sides)


def sides_of(region: str) -> list[tuple[str, float, float]]:
    """Return the parameters of a region that a table names, and from where to where each goes.

    Examples
    --------
    >>> sides_of("`services.effect` from 0 to 0.4 and `voice.memory` from -8 to 46")
    [('services.effect', 0.0, 0.4), ('voice.memory', -8.0, 46.0)]
    """
    sides = re.findall(r"`(\S+)` from (\S+) to (\S+)", region)
    return [(name, float(low), float(high)) for name, low, high in sides]


def search_regions(design: str | Path | Mapping[str, Any], **fields: Unpack[RegionSearchFields]) -> RegionSearch:
    """Search regions where policies help and harm; what the folder holds already is not run again.

    What cannot be searched, and a folder that holds something else, is refused before the first run (`GongzhiError`);
    the same error is raised where runs failed.

    Parameters
    ----------
    design
        A file, or a dictionary of what it would say; see `experiments.analyses.signmap.region_search`.
    **fields
        As for `signmap`, in place of what the design says; `policy` is the only one to try, in place of all.  Without
        `out`, results go when the result does.

    Examples
    --------
    >>> varied = {"branches.reporting_hours": [0.0, 6.0], "services.effect": [0.0, 0.2]}
    >>> policies = {"coverage": {"arm": "full", "parameters": varied}}
    >>> result = search_regions({"search": "regions", "points": 60, "policies": policies})  # doctest: +SKIP
    >>> list(result.tables)  # doctest: +SKIP
    """
    running, own = Running.split(fields)
    return delivered(run_region_search(RegionSearchSpec.asked_of(design, own), running))


def run_region_search(spec: RegionSearchSpec, running: Running) -> RegionSearch:
    """Sweep each policy, and try the two regions that stand out again; or read what came of it."""

    def run_in(home: Store) -> RegionSearch:
        own = running.at(claim(home.folder, spec, running))
        swept: dict[str, Any] = {}
        steps: dict[str, Contrasts] = {}
        trials: list[tuple[Policy, str, Region, Paired]] = []
        for name, policy in spec.policies.items():
            sample, trial = _tried(spec, own, name, policy.ranges, "sweep")
            steps[f"{place_of(name)}-sweep"], effects = trial, effects_of(trial, policy.outcome)
            swept[name] = sample, effects
            regions = chosen_regions(sample, effects.to_numpy(), policy.ranges, policy.outcome)
            for box, sign in zip(regions, SIGNS, strict=True):
                _, trial = _tried(spec, own, name, box.within(policy.ranges), sign)
                steps[f"{place_of(name)}-{sign}"] = trial
                trials.append((policy, sign, box, region_effect(effects_of(trial, policy.outcome))))
        return RegionSearch(home.folder, _judged(trials, spec.margin), spec, swept, steps=steps)

    return run_housed(running, run_in)


def _tried(
    spec: RegionSearchSpec, running: Running, name: str, ranges: Ranges, tag: str
) -> tuple[list[dict[str, float]], Contrasts]:
    """Try a policy with and without at points of its own; return them, and what was run."""
    policy = spec.policies[name]
    # A policy that is judged otherwise, or swept over something else, is told from worlds that nobody has seen.
    trial = f"{policy.name} {policy.outcome} {sorted(policy.ranges)}" + f" {policy.worlds}" * (policy.worlds > 1)
    words = f"{spec.seed}/{trial}/{tag}".encode()
    seed = int.from_bytes(blake2b(words, digest_size=4).digest(), "little") >> 1
    sample = points(ranges, policy.worlds * (spec.worlds if tag == "sweep" else spec.fresh), seed=seed)
    contrasts = [
        Contrast(f"{name} {tag}{number:02d}", {**policy.world, **point}, policy.on)
        for number, point in enumerate(sample)
    ]
    fields = {name: getattr(spec, name) for name in ("replicates", "question", "district", "model")}
    fields |= {"outcomes": [policy.outcome], "seed": seed, "districts": spec.grounds}
    return sample, run_or_read_contrasts(contrasts, spec.scenario, fields, running.within(f"{place_of(name)}-{tag}"))


def effects_of(contrasts: Contrasts, outcome: str) -> pd.Series:
    """Return each world's relative effect on an outcome, the mean of its replicates."""
    sides = {contrast.label: contrasts.sides(contrast.label) for contrast in contrasts.contrasts}
    effects = {
        label: (treated[outcome] - control[outcome]) / control[outcome].abs()
        for label, (treated, control) in sides.items()
    }
    return pd.concat(effects).groupby(level=0, sort=False).mean()


def good_side(outcome: str) -> int:
    """Sign of a good effect."""
    return 1 if better(outcome) == "higher" else -1


def chosen_regions(
    points: Sequence[Mapping[str, float]], effects: NDArray[np.float64], ranges: Ranges, outcome: str
) -> tuple[Region, Region]:
    """Choose the box that promises most help and the one that promises most harm, by the mean effect at each point.

    They are opposite corners along the parameters with the steepest slopes.
    """
    low, high = np.array(list(ranges.values())).T
    place = (np.array([[point[name] for name in ranges] for point in points]) - low) / (high - low)
    known = np.isfinite(effects)
    design = np.column_stack([np.ones(np.count_nonzero(known)), place[known]])
    slopes = np.linalg.lstsq(design, effects[known], rcond=None)[0][1:]
    steepest = np.sort(np.abs(slopes).argsort(kind="stable")[::-1][:MOST])
    names = list(ranges)
    rising = {names[at]: good_side(outcome) * slopes[at] > 0.0 for at in steepest}
    helps, harms = (
        Region(tuple((name, "high" if up == helping else "low") for name, up in rising.items()))
        for helping in (True, False)
    )
    return helps, harms


def region_effect(effects: pd.Series) -> Paired:
    """Mean effect over the worlds of a region, with Student's interval."""
    return paired(effects.to_numpy(), np.zeros(effects.size))


def _judged(trials: Sequence[tuple[Policy, str, Region, Paired]], margin: float) -> pd.DataFrame:
    """Say what the second trials show, by intervals that hold for all of them together, beside the margin."""
    confidence, _ = together([effect for *_, effect in trials], [True] * len(trials))
    rows = []
    for policy, claimed, box, effect in trials:
        low, high = effect.interval(confidence)
        sign, where = region(low, high, margin, better(policy.outcome)), box.words(policy.ranges)
        sizes = (effect.difference, effect.ci_low, effect.ci_high, low, high, effect.replicates)
        rows.append((policy.name, policy.outcome, claimed, sign, where, *sizes))
    return pd.DataFrame(rows, columns=TABLE)


def confirmed(table: pd.DataFrame) -> dict[str, int]:
    """Count the policies, and those of which a region of help and one of harm were confirmed."""
    verdicts = [set(rows["found"]) for _, rows in table.groupby("policy", sort=False)]
    return {"both": sum({"helps", "harms"} <= signs for signs in verdicts), "policies": len(verdicts)}
