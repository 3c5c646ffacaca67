"""Sign maps: where a policy helps, where it does nothing that matters, and where it harms.

A map is a chain of sweeps.  The first round lives every point a few times with every arm; each further round lives
again, in chance of its own, only those points whose sign is uncertain and may still be decided, and only with the arms
that the open question needs.  How often one may look, how strict a look is and when a point is given up stands in
`experiments.lab.signmap.looks`.

The points of a grid share their replicates' chance, so that neighbours differ by their parameters and by nothing else,
and borders are sharp.  So they also err together: 5 % is the chance of a wrong sign at one point against one opponent,
and a rare bad draw moves a border as a whole.  Points that fill a space are counted rather than compared with their
neighbours; each lives in chance of its own, so that luck averages out of the shares.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from experiments.lab.design.design import seed_of
from experiments.lab.design.plan import Plan
from experiments.lab.run.execute import Execution
from experiments.lab.signmap import design as map_design
from experiments.lab.signmap.design import Asked
from experiments.lab.signmap.looks import HOPELESS, Look, chance_of_sign, looks_of, needed_for, sign_of
from experiments.lab.signmap.thirds import thirds
from experiments.lab.statistics.measures import better, unit
from experiments.lab.statistics.paired import paired
from experiments.lab.statistics.regions import decided
from experiments.lab.store.store import Store
from experiments.lab.sweep.swept import Swept, sweep
from sim.paths import expanded

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.lab.plots.mapped import Border, Mapped
    from sim import District, Scenario

__all__ = ["SignMap", "signmap"]

TABLE: Final = (
    "against", "outcome", "difference", "ci_low", "ci_high", "relative", "sign", "replicates", "look", "ended",
    "needed",
)  # fmt: skip
"""Columns of a map's table after the point and its parameters."""


@dataclass
class SignMap:
    """A map that has been drawn as far as its rounds went.

    Attributes
    ----------
    plan
        The first round; its points are the map's.
    asked
        Whose sign, against what, by which outcome and margin, and how often may be looked.
    folder
        Where all is.
    rounds
        The sweeps in order, each with the number of its look: of one look there are as many as there are different
        sets of opponents still in question.
    """

    plan: Plan
    asked: Asked
    folder: Path
    rounds: list[tuple[int, Swept]] = field(default_factory=list, repr=False)

    @cached_property
    def looks(self) -> tuple[Look, ...]:
        """The looks that there may be."""
        return looks_of(self.asked.looks, self.plan.replicates)

    def add(self, look: int, swept: Swept) -> None:
        """Take in a sweep of a round."""
        self.rounds.append((look, swept))
        for name in ("runs", "table", "_looked"):
            self.__dict__.pop(name, None)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """All runs: point of the map, arm, round, replicate, parameters, outcomes."""
        import pandas as pd

        parts = []
        for look, swept in self.rounds:
            runs = swept.runs.assign(round=look)
            runs["point"] = swept.plan.points.index.to_numpy()[runs["point"].to_numpy()]
            parts.append(runs)
        return pd.concat(parts, ignore_index=True).sort_values(["round", "point"], kind="stable", ignore_index=True)

    @cached_property
    def _grain(self) -> float:
        """One step of the outcome's count."""
        return self.rounds[0][1].grain_of(self.asked.outcome)

    @cached_property
    def _looked(self) -> dict[tuple[int, str], int]:
        """The last look that each point and opponent took part in."""
        return {(point, other): look for look, swept in self.rounds
                for point in swept.plan.points.index for other in swept.plan.arms}

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per point and opponent.

        Returns
        -------
        DataFrame
            The point, its parameters, and `TABLE`: the mean paired difference with the interval of the row's last look,
            the sign, on how many replicates it rests, why the row ended (`decided`, `given up`, `looks used up`, `runs
            failed`; empty while it is open), and, where the sign is undecided, how many replicates would decide with a
            chance of 80 %, were difference and spread what they seem.
        """
        import pandas as pd

        values = self.runs.pivot_table(index=["point", "round", "replicate"], columns="arm", values=self.asked.outcome,
                                       aggfunc="first", sort=True)
        there = set(values.index.get_level_values("point"))
        rows = []
        for point in self.plan.points.index:
            here = values.loc[point] if point in there else values.iloc[:0]
            for other in self.asked.against:
                rows.append({"point": point, **self.plan.points.loc[point].to_dict(), **self._read(here, point, other)})
        return pd.DataFrame(rows, columns=["point", *self.plan.points.columns, *TABLE])

    def _read(self, here: pd.DataFrame, point: int, other: str) -> dict[str, Any]:
        asked, number = self.asked, self._looked[point, other]
        look, last, side = self.looks[number - 1], self.looks[-1], better(asked.outcome)
        known = {asked.policy, other} <= set(here.columns)
        ours, theirs = here[[asked.policy, other]].dropna().to_numpy(float).T if known else np.empty((2, 0))
        result = paired(ours, theirs, side, confidence=1.0 - look.level, grain=self._grain)
        sign, ended = sign_of(result, asked.margin, side, look == last), "decided"
        if not decided(sign):
            ended = ("runs failed" if result.replicates < 2 else "looks used up" if look == last
                     else "given up" if chance_of_sign(result, asked.margin, last) < HOPELESS else "")
        needed = needed_for(result, asked.margin, last.level) if not decided(sign) else math.nan
        return {"against": other, "outcome": asked.outcome, "difference": result.difference, "ci_low": result.ci_low,
                "ci_high": result.ci_high, "relative": result.relative, "sign": sign, "replicates": result.replicates,
                "look": number, "ended": ended, "needed": needed}

    @property
    def open(self) -> dict[tuple[str, ...], list[int]]:
        """Points that are worth another look, by the opponents against whom they are open."""
        rows = self.table[self.table["ended"] == ""]
        found: dict[tuple[str, ...], list[int]] = {}
        for point, others in rows.groupby("point", sort=True)["against"]:
            found.setdefault(tuple(others), []).append(int(str(point)))
        return found

    @property
    def thirds(self) -> pd.DataFrame:
        """Share of the points with each sign by low, middle and high third of each parameter; see `thirds.thirds`."""
        axes = {axis.name: axis for axis in self.plan.axes}
        return thirds(self.table, {str(name): axes.get(str(name)) for name in self.plan.points.columns})

    @property
    def info(self) -> dict[str, Any]:
        """What the first round's `experiment.json` says, with what failed, and what is complete, in any round."""
        told = [swept.store.read() for _, swept in self.rounds]
        warned = list(dict.fromkeys(text for _, swept in self.rounds for text in swept.outcome.warnings))
        return {**told[0], "failed": [row for one in told for row in one["failed"]], "warnings": warned,
                "complete": all(one["complete"] or one["failed"] for one in told)}

    def picture(self, borders: Sequence[Border] = (), lang: str = "en") -> Mapped:
        """Return what is needed to draw this map."""
        from experiments.lab.plots.mapped import Mapped

        plan, asked = self.plan, self.asked
        axes = {axis.name: axis for axis in plan.axes}
        return Mapped(
            self.table, plan.points, {str(name): axes.get(str(name)) for name in plan.points.columns},
            plan.scenario.replace(plan.arms[asked.policy]), asked.policy, asked.against, asked.outcome,
            unit(asked.outcome), better(asked.outcome), asked.margin, tuple(look.replicates for look in self.looks),
            plan.apart, tuple(borders), lang)

    def figures(self, borders: Sequence[Border] = (), lang: str = "en") -> dict[str, Figure]:
        """Draw the map, as one figure or several, by the names that their files are to have."""
        from experiments.lab.plots.signmap import signmap_figures

        return signmap_figures(self.picture(borders, lang), self.thirds)

    def figure(self, borders: Sequence[Border] = (), lang: str = "en") -> Figure:
        """Draw the map's first figure."""
        return next(iter(self.figures(borders, lang).values()))

    def write(self) -> None:
        """Write the tables."""
        for name, table in (("map.csv", self.table), ("runs.csv", self.runs), ("thirds.csv", self.thirds)):
            Store(self.folder).write(name, table.to_csv(index=False, lineterminator="\n"))


def signmap(
    wanted: str | Path | Mapping[str, Any],
    *,
    policy: str | None = None,
    against: str | Sequence[str] | None = None,
    outcome: str | None = None,
    margin: float | None = None,
    looks: int | None = None,
    scenario: Scenario | None = None,
    district: District | None = None,
    levels: int | None = None,
    points: int | None = None,
    replicates: int | None = None,
    weeks: int | None = None,
    seed: int | None = None,
    changes: Mapping[str, Any] | None = None,
    model: Any = None,
    store: str | Path = "results/signmap",
    command: str = "",
    execution: Execution | None = None,
) -> SignMap:
    """Draw a sign map; what the folder holds already is not run again.

    Parameters
    ----------
    wanted
        A design with arms, as for `sweep`, as a file or a dictionary; it may say `policy`, `against`, `outcome`,
        `margin` and `looks` as well.  Its replicates are those of the first look, 3 unless it names others.
    policy, against
        Labels of arms; against `none` unless others are named.
    outcome, margin
        By what the policy is judged (`conflicts`), and the share of an opponent's mean that counts as nothing (0.02).
    looks
        How often may be looked (3): after n, 2n, 4n replicates, and so on.
    levels, points
        How many points there are, in place of what the design says.
    scenario, district, replicates, weeks, seed, changes, command, execution
        As for `sweep`.
    model
        As for `Plan.of`.
    store
        The folder, which has a store for every round.

    Raises
    ------
    ScenarioError
        Before the first run, naming what cannot be mapped.
    StoreError
        The folder holds something else.
    """
    told = {"policy": policy, "against": against, "outcome": outcome, "margin": margin, "looks": looks}
    others = {"levels": levels, "points": points, "replicates": replicates, "weeks": weeks, "seed": seed}
    plan, asked = map_design.read(
        wanted, told, scenario=scenario, district=district, others=others, changes=changes, model=model)
    made = SignMap(plan, asked, expanded(store))
    map_design.claim(made.folder, asked, plan)
    waiting: dict[tuple[str, ...], list[int]] = {asked.against: list(plan.points.index)}
    for number, look in enumerate(made.looks, start=1):
        chance = plan.seed if number == 1 else seed_of(plan.seed, number - 1, 0)
        for opponents, places in waiting.items():
            arms = {arm: what for arm, what in plan.arms.items() if arm in (asked.policy, *opponents)}
            part = replace(plan, points=plan.points.loc[places], arms=arms, replicates=look.added, seed=chance,
                           baseline=opponents[0])
            made.add(number, sweep(part, store=_home(made, number, opponents), command=command, execution=execution))
        waiting = made.open
        if not waiting:
            break
    made.write()
    return made


def _home(made: SignMap, number: int, opponents: tuple[str, ...]) -> Path:
    """Folder of a round; where some opponents are out of the question, it names the others by their number."""
    name = f"round-{number}"
    if opponents != made.asked.against:
        name += "-against-" + "-".join(str(made.asked.against.index(other) + 1) for other in opponents)
    return made.folder / name
