"""Looking for regions where a policy helps and where it harms, and checking them with fresh runs.

The sweep's points are noisy, and the best-looking of many regions looks better than it is.  So a region is *chosen* on
one set of worlds and *reported* from another: new points inside of it, new draws.  A region is a box in which the
parameters along which the effect changes most are kept to the lower or upper part of their range.  How it changes is
read from a plane fitted to all points of the sweep, which tells more than the few points inside any one box.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.study.contrasts import Contrast, Contrasts
from experiments.core.statistics.measures import better
from experiments.core.statistics.paired import Paired, paired

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Region", "chosen_regions", "confirmed", "effects_of", "region_effect", "sides_of"]

PARTS: Final = {"low": (0.0, 0.4), "high": (0.6, 1.0)}
"""The lower and the upper part of a range, as shares of it."""
GROUNDS: Final = 5
"""Synthetic districts over which the worlds of a trial are dealt out."""
MOST: Final = 3
"""Parameters that a region restricts at most."""


@dataclass(frozen=True)
class Policy:
    """A policy, and what is not known about it.

    Attributes
    ----------
    name
        For people.
    on
        Changes that the policy makes.
    outcome
        By which help and harm are judged.
    ranges
        Parameters and the values over which they are swept.
    world
        Changes that all worlds share.
    note
        What a reader should know about the world or the outcome.
    worlds
        How many times the usual number of worlds it is tried in: a small effect needs more to be told from chance.
    """

    name: str
    on: Mapping[str, Any]
    outcome: str
    ranges: Mapping[str, tuple[float, float]]
    world: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    worlds: int = 1


@dataclass(frozen=True)
class Region:
    """A box of parameters.

    Attributes
    ----------
    sides
        For each restricted parameter, ``low`` or ``high``.
    """

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


def effects_of(contrasts: Contrasts, outcome: str) -> pd.DataFrame:
    """Return each contrast's relative effect on an outcome, one row for each contrast and replicate."""
    import pandas as pd

    rows = []
    for contrast in contrasts.contrasts:
        treated, control = (contrasts.means.xs(f"{contrast.label} {side}", level="arm") for side in ("with", "without"))
        effect = (treated[outcome] - control[outcome]) / control[outcome].abs()
        rows += [(contrast.label, int(key[1]), float(value)) for key, value in effect.items()]
    return pd.DataFrame(rows, columns=["contrast", "replicate", "effect"])


def good_side(outcome: str) -> int:
    """Sign of a good effect."""
    return 1 if better(outcome) == "higher" else -1


def chosen_regions(
    points: Sequence[Mapping[str, float]],
    effects: NDArray[np.float64],
    ranges: Mapping[str, tuple[float, float]],
    outcome: str,
) -> tuple[Region, Region]:
    """Choose the box that promises most help and the one that promises most harm.

    Parameters
    ----------
    points, effects
        The sweep: parameters, and mean effect at each point, shape (points,).
    ranges, outcome
        What was swept, and by what it is judged.

    Returns
    -------
    (Region, Region)
        Opposite corners along the parameters with the steepest slopes.
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


def region_effect(effects: pd.DataFrame) -> Paired:
    """Mean effect over the worlds of a region, each world the mean of its replicates, with Student's interval."""
    worlds = effects.groupby("contrast", sort=False)["effect"].mean().to_numpy()
    return paired(worlds, np.zeros(worlds.size))


def sides_of(region: str) -> list[tuple[str, float, float]]:
    """Return the parameters of a region that a table names, and from where to where each goes.

    Examples
    --------
    >>> sides_of("`services.effect` from 0 to 0.4 and `voice.memory` from -8 to 46")
    [('services.effect', 0.0, 0.4), ('voice.memory', -8.0, 46.0)]
    """
    sides = re.findall(r"`(\S+)` from (\S+) to (\S+)", region)
    return [(name, float(low), float(high)) for name, low, high in sides]


def confirmed(table: pd.DataFrame) -> dict[str, int]:
    """Count the policies, and those of which a region of help and one of harm were confirmed."""
    verdicts = [set(rows["found"]) for _, rows in table.groupby("policy", sort=False)]
    return {"both": sum({"helps", "harms"} <= signs for signs in verdicts), "policies": len(verdicts)}


def worlds(name: str, policy: Policy, points: Sequence[Mapping[str, float]], tag: str) -> list[Contrast]:
    """Turn points into contrasts of a policy."""
    return [
        Contrast(f"{name} {tag}{number:02d}", {**policy.world, **point}, dict(policy.on))
        for number, point in enumerate(points)
    ]
