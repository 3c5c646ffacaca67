"""Sign maps: where a policy helps, where it does nothing that matters, and where it harms.

The first round runs every point a few times with every arm; each further round runs again, with independent random
numbers, only those points whose sign is uncertain and may still be decided, and only with the arms that the open
question needs; see `experiments.analyses.signmap.sequential`.

The points of a grid share their replicates' random numbers, so that neighbours differ by their parameters alone, and
borders are sharp.  So they also err together: 5 % is the chance of a wrong sign at one point against one comparator,
and a rare bad draw moves a border as a whole.  Points that fill a space are counted rather than compared with their
neighbours; each has independent random numbers, so that noise averages out of the shares.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Unpack

import numpy as np

from experiments.analyses.failed_runs import delivered
from experiments.analyses.result import Result
from experiments.analyses.signmap.boundaries import BOUNDARIES, AnalyticBoundary
from experiments.analyses.signmap.sequential import (
    FUTILITY,
    InterimAnalysis,
    analysis_schedule,
    chance_of_sign,
    needed_for,
    sign_of,
)
from experiments.analyses.signmap.signmap_spec import SignMapFields, SignMapSpec
from experiments.analyses.signmap.signmap_view import SignMapView
from experiments.analyses.signmap.terciles import tercile_shares
from experiments.analyses.sweep.swept import Swept, run_plan
from experiments.core.analysis_folder import claim
from experiments.core.design.design import seed_of
from experiments.core.design.plan import Plan
from experiments.core.spec import Running
from experiments.core.statistics.measures import better
from experiments.core.statistics.paired import paired
from experiments.core.statistics.regions import decided
from experiments.core.store.store import Store
from experiments.reporting.finding import Finding

if TYPE_CHECKING:
    import pandas as pd

    from experiments.core.design.axes import Axis

__all__ = ["SignMap", "run_signmap", "signmap"]

TABLE: Final = "against outcome difference ci_low ci_high relative sign replicates look ended needed".split()
"""Columns of a map's table after the point and its parameters."""


@dataclass
class SignMap(Result):
    """A map that has been drawn as far as its rounds went.

    `rounds` are sweeps, each with the number of its interim analysis, of which there is one for each different set of
    comparators still in question; `boundaries` are where on paper signs change, by default those of the model.
    """

    presented: ClassVar[str] = "experiments.analyses.signmap.signmap_report"

    spec: SignMapSpec
    folder: Path
    rounds: list[tuple[int, Swept]] = field(default_factory=list, repr=False)
    boundaries: Sequence[AnalyticBoundary] = field(default=BOUNDARIES, repr=False)

    @cached_property
    def plan(self) -> Plan:
        """The first round; its points are the map's."""
        return self.spec.plan()

    @property
    def stores(self) -> list[Store]:
        """The stores of the rounds."""
        return [swept.store for _, swept in self.rounds]

    @property
    def warnings(self) -> list[str]:
        """What the runs have warned of."""
        return list(dict.fromkeys(text for _, swept in self.rounds for text in swept.warnings))

    @cached_property
    def schedule(self) -> tuple[InterimAnalysis, ...]:
        """The looks that there may be."""
        return analysis_schedule(self.spec.looks, self.plan.replicates)

    def add(self, look: int, swept: Swept) -> None:
        """Take in a sweep of a round."""
        self.rounds.append((look, swept))
        for name in ("runs", "table", "_last_look"):
            self.__dict__.pop(name, None)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """All runs: point of the map, arm, round, replicate, parameters, outcomes."""
        import pandas as pd

        parts = []
        for look, swept in self.rounds:
            runs = swept.runs.assign(round=look)
            runs["point"] = swept.plan.points.index.to_numpy()[runs["point"].to_numpy(np.intp)]
            parts.append(runs)
        return pd.concat(parts, ignore_index=True).sort_values(["round", "point"], kind="stable", ignore_index=True)

    @cached_property
    def _grain(self) -> float:
        """One step of the outcome's count."""
        return self.rounds[0][1].grain_of(self.spec.outcome)

    @cached_property
    def _last_look(self) -> dict[tuple[int, str], int]:
        """The last look that each point and comparator took part in."""
        return {
            (point, comparator): look
            for look, swept in self.rounds
            for point in swept.plan.points.index
            for comparator in swept.plan.arms
        }

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per point and comparator: the point, its parameters, and `TABLE`.

        The interval is that of the row's last interim analysis; `ended` says why the row ended (`decided`, `given up`,
        `looks used up`, `runs failed`; empty while it is open), and `needed`, where the sign is undecided, how many
        replicates would decide with a chance of 80 %, were difference and spread what they seem.
        """
        import pandas as pd

        values = self.runs.dropna(subset=[self.spec.outcome]).pivot_table(
            index=["point", "round", "replicate"], columns="arm", values=self.spec.outcome, aggfunc="first", sort=True
        )
        started = set(values.index.get_level_values("point"))
        rows = []
        for point in self.plan.points.index:
            pairs = values.loc[point] if point in started else values.iloc[:0]
            for comparator in self.spec.against:
                rows.append(
                    {"point": point, **self.plan.points.loc[point].to_dict(), **self._judge(pairs, point, comparator)}
                )
        return pd.DataFrame(rows, columns=["point", *self.plan.points.columns, *TABLE])

    def _judge(self, pairs: pd.DataFrame, point: int, comparator: str) -> dict[str, Any]:
        spec, number = self.spec, self._last_look[point, comparator]
        look, last, side = self.schedule[number - 1], self.schedule[-1], better(spec.outcome)
        known = {spec.policy, comparator} <= set(pairs.columns)
        ours, theirs = pairs[[spec.policy, comparator]].dropna().to_numpy(float).T if known else np.empty((2, 0))
        result = paired(ours, theirs, side, confidence=1.0 - look.level, grain=self._grain)
        sign, ended = sign_of(result, spec.margin, side, look == last), "decided"
        if not decided(sign):
            ended = (
                "runs failed"
                if result.replicates < 2
                else "looks used up"
                if look == last
                else "given up"
                if chance_of_sign(result, spec.margin, last) < FUTILITY
                else ""
            )
        needed = needed_for(result, spec.margin, last.level) if not decided(sign) else math.nan
        return {
            "against": comparator,
            "outcome": spec.outcome,
            **vars(result),
            "sign": sign,
            "look": number,
            "ended": ended,
            "needed": needed,
        }

    @property
    def open_points(self) -> dict[tuple[str, ...], list[int]]:
        """Points that are worth another look, by the comparators against whom they are open."""
        rows = self.table[self.table["ended"] == ""]
        points: dict[tuple[str, ...], list[int]] = {}
        for point, comparators in rows.groupby("point", sort=True)["against"]:
            points.setdefault(tuple(comparators), []).append(int(str(point)))
        return points

    @property
    def _axes(self) -> dict[str, Axis | None]:
        """The parameters that vary, with their axes where there are any."""
        axes = {axis.name: axis for axis in self.plan.axes}
        return {str(name): axes.get(str(name)) for name in self.plan.points.columns}

    @property
    def terciles(self) -> pd.DataFrame:
        """Share of the points with each sign by tercile of each parameter; see `terciles.tercile_shares`."""
        return tercile_shares(self.table, self._axes)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`map`, `runs`, and `thirds`."""
        return {"map": self.table, "runs": self.runs, "thirds": self.terciles}

    @property
    def view(self) -> SignMapView:
        """This map as its figures and findings see it."""
        spec, plan = self.spec, self.plan
        scenario = plan.scenario.replace(plan.arms[spec.policy])
        own = tuple(
            boundary for boundary in self.boundaries if not boundary.outcomes or spec.outcome in boundary.outcomes
        )
        return SignMapView(
            self.table,
            plan.points,
            self._axes,
            scenario,
            spec.policy,
            spec.against,
            spec.outcome,
            spec.margin,
            tuple(look.replicates for look in self.schedule),
            plan.apart,
            own,
        )

    @property
    def finished(self) -> bool:
        """Whether any pair of runs has ended."""
        return bool(self.table["replicates"].gt(0).any())

    @property
    def counted(self) -> list[Finding]:
        """How often was looked."""
        return [Finding("signmap.looked", number=self.rounds[-1][0], planned=len(self.schedule))]


def signmap(design: str | Path | Mapping[str, Any], **fields: Unpack[SignMapFields]) -> SignMap:
    """Draw a sign map; what the folder holds already is not run again.

    Parameters
    ----------
    design
        A design with arms, as for `sweep`, as a file or a dictionary; it may say `policy`, `against`, `outcome`,
        `margin` and `looks` as well.  Its replicates are those of the first look, 3 unless it names others.
    policy, against
        Labels of arms; against `none` unless others are named.
    levels, points
        How many points there are, in place of what the design says.
    scenario, district, replicates, weeks, seed, changes, command, execution
        As for `sweep`.
    model
        As for `Plan.of`.
    out
        The folder, which has a store for every round; ``results/signmap`` unless another is named.
    **fields
        Also the other fields of `SignMapSpec`: ``gongzhi signmap --help`` says what they are.

    Raises
    ------
    ScenarioError
        Before the first run, naming what cannot be mapped.
    StoreError
        The folder holds something else.
    """
    running, own = Running.split(fields)
    running = replace(running, out=running.out or "results/signmap")
    return delivered(run_signmap(SignMapSpec.asked_of(design, own), running))


def run_signmap(spec: SignMapSpec, running: Running) -> SignMap:
    """Draw a sign map, or read it where nothing may be run."""
    result = SignMap(spec, claim(running.out or ".", spec, running))
    plan = result.plan
    waiting: dict[tuple[str, ...], list[int]] = {spec.against: list(plan.points.index)}
    for number, look in enumerate(result.schedule, start=1):
        chance = plan.seed if number == 1 else seed_of(plan.seed, number - 1, 0)
        for comparators, places in waiting.items():
            arms = {arm: what for arm, what in plan.arms.items() if arm in (spec.policy, *comparators)}
            part = replace(
                plan,
                points=plan.points.loc[places],
                arms=arms,
                replicates=look.added,
                seed=chance,
                baseline=comparators[0],
            )
            result.add(number, run_plan(part, running.within(_home(result, number, comparators))))
        waiting = result.open_points
        if not waiting:
            break
    if not running.execution.only_stored:
        result.write()
    return result


def _home(result: SignMap, number: int, comparators: tuple[str, ...]) -> str:
    """Name the folder of a round; where some comparators are settled, it names the others by their number."""
    name = f"round-{number}"
    if comparators != result.spec.against:
        name += "-against-" + "-".join(str(result.spec.against.index(comparator) + 1) for comparator in comparators)
    return name
