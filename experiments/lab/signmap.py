"""Sign maps: where a policy helps, where it does nothing that matters, and where it harms.

A map is a chain of sweeps.  The first round lives every point a few times; each further round lives again, in chance
of its own, only those points whose sign is still uncertain.  Looking several times would find a sign by chance more
often than once, so each look is as much stricter as there may be looks (Bonferroni).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from experiments.lab.design import seed_of
from experiments.lab.execute import Execution
from experiments.lab.files import replace_file
from experiments.lab.measures import better
from experiments.lab.plan import Plan, outcomes_of
from experiments.lab.statistics import Better, Paired, paired
from experiments.lab.sweep import Swept, sweep

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim import District, Scenario

__all__ = ["SIGNS", "SignMap", "sign_of", "signmap"]

SIGNS: Final = ("helps", "equivalent", "harms", "undecided")
LEVEL: Final = 0.05


def sign_of(result: Paired, margin: float, direction: Better) -> str:
    """Say what the interval of a difference tells: it lies within the margin, on the good side, on the bad, or on both.

    Parameters
    ----------
    result
        With the interval that is to be read.
    margin
        Share of the baseline's mean within which a difference does not matter.
    direction
        The good side of the outcome.

    Examples
    --------
    >>> sign_of(paired([1.0, 2.0, 3.1], [2.0, 3.0, 4.0]), 0.02, "lower")
    'helps'
    """
    low, high = result.ci_low, result.ci_high
    if not (math.isfinite(low) and math.isfinite(high)):
        return "undecided"
    room = margin * abs(result.baseline_mean)
    if -room <= low and high <= room:
        return "equivalent"
    if direction == "neither" or low <= 0.0 <= high:
        return "undecided"
    return "helps" if (high < 0.0) == (direction == "lower") else "harms"


@dataclass
class SignMap:
    """A map that has been drawn as far as its rounds went.

    Attributes
    ----------
    plan
        What the first round was; its points are the map's.
    policy, against
        The arm whose sign is asked, and the arms that it is set against.
    outcome, margin
        By what it is judged, and what counts as nothing.
    looks
        Rounds that there may be.
    rounds
        The sweeps, in order.
    folder
        Where all is.
    """

    plan: Plan
    policy: str
    against: tuple[str, ...]
    outcome: str
    margin: float
    looks: int
    rounds: list[Swept] = field(repr=False)
    folder: Path

    @cached_property
    def runs(self) -> pd.DataFrame:
        """All runs: point of the map, arm, round, replicate, parameters, outcomes."""
        import pandas as pd

        parts = []
        for number, swept in enumerate(self.rounds):
            runs = swept.runs.assign(round=number)
            runs["point"] = swept.plan.points.index.to_numpy()[runs["point"].to_numpy()]
            parts.append(runs)
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per point and opponent: parameters, difference, interval, sign, replicates."""
        import pandas as pd

        values = self.runs.pivot_table(index=["point", "round", "replicate"], columns="arm", values=self.outcome,
                                       aggfunc="first", sort=True)
        rows = []
        for point in self.plan.points.index:
            here = values.loc[point] if point in values.index.get_level_values("point") else values.iloc[:0]
            for other in self.against:
                result = self._read(here, other)
                rows.append({
                    "point": point, **self.plan.points.loc[point].to_dict(), "against": other, "outcome": self.outcome,
                    "difference": result.difference, "ci_low": result.ci_low, "ci_high": result.ci_high,
                    "relative": result.relative, "sign": sign_of(result, self.margin, better(self.outcome)),
                    "replicates": result.replicates,
                })  # fmt: skip
        return pd.DataFrame(rows)

    def _read(self, here: pd.DataFrame, other: str) -> Paired:
        direction = better(self.outcome)
        if not {self.policy, other} <= set(here.columns):
            return paired([], [], direction)
        return paired(here[self.policy], here[other], direction, confidence=1.0 - LEVEL / self.looks)

    @property
    def uncertain(self) -> list[int]:
        """Points at which the sign against one of the opponents is undecided."""
        rows = self.table
        return list(dict.fromkeys(rows.loc[rows["sign"] == "undecided", "point"]))

    def write(self) -> None:
        """Write the tables."""
        for name, table in (("map.csv", self.table), ("runs.csv", self.runs)):
            replace_file(self.folder / name, table.to_csv(index=False, lineterminator="\n").encode())

    def figure(self, boundary: Mapping[str, Any] | None = None) -> Figure:
        """Draw the map over the two parameters that vary, one panel for each opponent."""
        from experiments.lab.plots.signmap import signmap_figure

        return signmap_figure(self, boundary)


def signmap(
    wanted: str | Path | Mapping[str, Any],
    *,
    policy: str,
    against: Sequence[str],
    outcome: str = "conflicts",
    margin: float = 0.02,
    looks: int = 3,
    scenario: Scenario | None = None,
    district: District | None = None,
    replicates: int | None = None,
    weeks: int | None = None,
    seed: int | None = None,
    changes: Mapping[str, Any] | None = None,
    store: str | Path = "results/signmap",
    command: str = "",
    execution: Execution | None = None,
) -> SignMap:
    """Draw a sign map; what the folder holds already is not run again.

    Parameters
    ----------
    wanted
        A design with arms, as for `sweep`; its replicates are those of one round.
    policy, against
        Labels of arms.
    outcome, margin, looks
        By what the policy is judged, what counts as nothing, and how many rounds there may be.
    scenario, district, replicates, weeks, seed, changes, store, command, execution
        As for `sweep`.
    """
    from sim.errors import ScenarioError, nearest

    others = {"replicates": replicates, "weeks": weeks, "seed": seed}
    make: Any = Plan.of if isinstance(wanted, Mapping) else Plan.read
    plan: Plan = make(wanted, scenario=scenario, district=district, others=others, changes=changes)
    for arm in (policy, *against):
        if arm not in plan.arms:
            raise ScenarioError(f'"{arm}" is no arm of the design.{nearest(arm, list(plan.arms))}')
    if outcome not in plan.outcomes:
        plan = replace(plan, outcomes=(*outcomes_of([outcome]), *plan.outcomes))
    if isinstance(looks, bool) or not isinstance(looks, int) or looks < 1:
        raise ScenarioError(f"looks is {looks}: a whole number of at least 1 is needed.")
    made = SignMap(plan, policy, tuple(against), outcome, margin, looks, [], Path(store))
    points = plan.points
    for number in range(looks):
        chance = plan.seed if number == 0 else seed_of(plan.seed, number, 0)
        again, folder = replace(plan, points=points, seed=chance), made.folder / f"round-{number + 1}"
        made.rounds.append(sweep(again, store=folder, command=command, execution=execution))
        for name in ("runs", "table"):
            made.__dict__.pop(name, None)
        left = made.uncertain
        if not left:
            break
        points = plan.points.loc[left]
    made.write()
    return made
