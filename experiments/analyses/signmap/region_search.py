"""The search for regions where a policy helps and where it harms, each confirmed by fresh runs.

The sweep's points are noisy, and the best-looking of many regions looks better than it is.  So a region is *chosen* on
one set of worlds and *reported* from another: new points inside of it, new draws.  A region is a box in which the
parameters along which the effect changes most are kept to the lower or upper part of their range.  How it changes is
read from a plane fitted to all points of the sweep, which tells more than the few points inside any one box.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Unpack

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.failed_runs import delivered
from experiments.analyses.paged_result import PagedResult
from experiments.analyses.signmap.region_spec import Policy, RegionSearchFields, RegionSearchSpec, place_of
from experiments.analyses.study.contrasts import Contrast, Contrasts, points, run_or_read_contrasts
from experiments.core.analysis_folder import claim
from experiments.core.spec import Running
from experiments.core.statistics.measures import better
from experiments.core.statistics.paired import Paired, paired
from experiments.core.statistics.regions import region, together
from experiments.core.store.store import Store, housed

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Region",
    "RegionSearch",
    "chosen_regions",
    "confirmed",
    "effects_of",
    "region_effect",
    "run_region_search",
    "search_regions",
    "sides_of",
]

PARTS: Final = {"low": (0.0, 0.4), "high": (0.6, 1.0)}
"""The lower and the upper part of a range, as shares of it."""
MOST: Final = 3
"""Parameters that a region restricts at most."""
SIGNS: Final = ("helps", "harms")


@dataclass
class RegionSearch(PagedResult):
    """Where policies help and harm; `swept` has for each the points of the first trial, and the mean effect at each."""

    spec: RegionSearchSpec
    swept: Mapping[str, Any] = field(repr=False)

    presented: ClassVar[str] = "experiments.analyses.signmap.region_report"
    languages: ClassVar[tuple[str, ...]] = ("en",)

    @property
    def stores(self) -> list[Store]:
        """The stores of the trials."""
        return [
            Store(self.folder / f"{place_of(name)}-{tag}") for name in self.spec.policies for tag in ("sweep", *SIGNS)
        ]


@dataclass(frozen=True)
class Region:
    """A box of parameters: for each restricted one, ``low`` or ``high``."""

    sides: tuple[tuple[str, str], ...]

    def within(self, ranges: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
        """Return the ranges with the restricted ones cut."""
        cut = dict(ranges)
        for name, side in self.sides:
            (low, high), (first, last) = ranges[name], PARTS[side]
            cut[name] = (low + first * (high - low), low + last * (high - low))
        return cut

    def words(self, ranges: Mapping[str, tuple[float, float]]) -> str:
        """Return where the region is, as the table has it."""
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

    Parameters
    ----------
    design
        A file, or a dictionary of what it would say; see `experiments.analyses.signmap.region_spec`.
    policy
        The only one to try, in place of all.
    points, margin, replicates, weeks, seed, question
        In place of what the design says.
    scenario, district, changes, model, command, execution
        As for `signmap`.
    out
        Folder; without one, results go when the result does.

    Raises
    ------
    ScenarioError
        Before the first run, naming what cannot be searched.
    StoreError
        The folder holds something else, or runs failed.
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
        result = RegionSearch(home.folder, _judged(trials, spec.margin), spec, swept, steps=steps)
        if not running.execution.only_stored:
            result.write()
        return result

    return housed(running.out, run_in)


def _tried(
    spec: RegionSearchSpec, running: Running, name: str, ranges: Mapping[str, tuple[float, float]], tag: str
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
    fields = {
        "replicates": spec.replicates,
        "outcomes": [policy.outcome],
        "seed": seed,
        "question": spec.question,
        "district": spec.district,
        "model": spec.model,
        "districts": spec.grounds,
    }
    return sample, run_or_read_contrasts(contrasts, spec.scenario, fields, running.within(f"{place_of(name)}-{tag}"))


def effects_of(contrasts: Contrasts, outcome: str) -> pd.Series:
    """Return each world's relative effect on an outcome, the mean of its replicates."""
    import pandas as pd

    means = contrasts.means[outcome]
    effects = {}
    for label in (contrast.label for contrast in contrasts.contrasts):
        treated, control = (means.xs(f"{label} {side}", level="arm") for side in ("with", "without"))
        effects[label] = (treated - control) / control.abs()
    return pd.concat(effects).groupby(level=0, sort=False).mean()


def good_side(outcome: str) -> int:
    """Sign of a good effect."""
    return 1 if better(outcome) == "higher" else -1


def chosen_regions(
    points: Sequence[Mapping[str, float]],
    effects: NDArray[np.float64],
    ranges: Mapping[str, tuple[float, float]],
    outcome: str,
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
    import pandas as pd

    confidence, _ = together([effect for *_, effect in trials], [True] * len(trials))
    rows = []
    for policy, claimed, box, effect in trials:
        low, high = effect.interval(confidence)
        rows.append(
            {
                "policy": policy.name,
                "outcome": policy.outcome,
                "chosen_as": claimed,
                "found": region(low, high, margin, better(policy.outcome)),
                "region": box.words(policy.ranges),
                "effect": effect.difference,
                "ci_low": effect.ci_low,
                "ci_high": effect.ci_high,
                "sim_low": low,
                "sim_high": high,
                "worlds": effect.replicates,
            }
        )
    return pd.DataFrame(rows)


def confirmed(table: pd.DataFrame) -> dict[str, int]:
    """Count the policies, and those of which a region of help and one of harm were confirmed."""
    verdicts = [set(rows["found"]) for _, rows in table.groupby("policy", sort=False)]
    return {"both": sum({"helps", "harms"} <= signs for signs in verdicts), "policies": len(verdicts)}
