"""Sign maps: where a policy helps, where it does nothing that matters, and where it harms.

A map is read from a design file with a few entries more than a sweep's (`OWN`), and checked whole::

    policy = "full"                 # whose sign
    against = ["none", "hours_matched:full"]
    outcome = "conflicts"           # judged by what
    margin = 0.02                   # a difference within this share of the comparator's mean is none
    looks = 3                       # after n, 2n, 4n replicates

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
from typing import Annotated, Any, ClassVar, Final, Self, Unpack

import numpy as np
import pandas as pd

from experiments.analyses.explorer import SPREAD
from experiments.analyses.failed_runs import delivered
from experiments.analyses.result import Result
from experiments.analyses.signmap import sequential
from experiments.analyses.signmap.terciles import tercile_shares
from experiments.analyses.sweep.sweep_spec import REPLACED, PlanSpec, SweepFields
from experiments.analyses.sweep.swept import Swept, run_plan
from experiments.core.analysis_folder import claim
from experiments.core.design.axes import Axis
from experiments.core.design.design import seed_of
from experiments.core.design.plan import Plan, naming, outcomes_of, read_design
from experiments.core.margin import MARGIN
from experiments.core.option import Option
from experiments.core.spec import Count, Running, Share, whole
from experiments.core.statistics.measures import better
from experiments.core.statistics.paired import paired
from experiments.core.statistics.regions import decided
from experiments.reporting.finding import Finding
from sim.core.errors import ScenarioError, nearest

OWN: Final[tuple[str, ...]] = ("policy", "against", "outcome", "margin", "looks")
"""Entries of a design that a sweep does not know."""

REPLICATES: Final = 3  # replicates of the first look where a design names none
OUTCOME: Final = "conflicts"  # by which a policy is judged where a design names none
MOST_LOOKS: Final = 8  # each doubles the replicates


def _checked(own: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """Return what is asked at every point, checked against the arms that there are, if the points make a map."""
    arms = list(plan.arms)
    there_are = f" There are: {', '.join(arms)}." if any(arms) else " The design names no arms."
    against = own.get("against", "none")
    against = (against,) if isinstance(against, str) else against
    if "policy" not in own:
        raise ScenarioError(f'Whose sign is asked? Say policy = "full", or another arm of the design.{there_are}')
    if not isinstance(against, Sequence) or not against:
        raise ScenarioError(f'against = {own["against"]!r}: name one arm or more, such as ["none"].')
    for name, arm in (("policy", own["policy"]), *(("against", other) for other in against)):
        if not isinstance(arm, str) or arm not in arms:
            raise ScenarioError(f'{name}: "{arm}" is no arm of the design.{nearest(str(arm), arms)}{there_are}')
    if own["policy"] in against:
        raise ScenarioError(f'"{own["policy"]}" cannot be set against itself.')
    outcome = own.get("outcome", OUTCOME)
    if not isinstance(outcome, str):
        raise ScenarioError(f"outcome = {outcome!r}: name one outcome, such as conflicts.")
    if plan.kind not in SPREAD:
        raise ScenarioError(
            f'design = "{plan.kind}" walks along lines, and a map needs points that cover a space: '
            f"use {', '.join(SPREAD)}."
        )
    if plan.points.shape[1] < 2:
        raise ScenarioError("A map needs two parameters or more that vary.")
    if plan.replicates < 2:
        raise ScenarioError("replicates is 1: an interval needs at least 2 at the first look.")
    return {**own, "outcome": outcome, "against": tuple(dict.fromkeys(against))}


def refuse_unsided(outcome: str) -> None:
    """Refuse an outcome by which nothing can be judged."""
    if better(outcome) == "neither":
        raise ScenarioError(f"{outcome} has no better side, so that nothing can help or harm: choose another outcome.")


class SignMapFields(SweepFields, total=False):
    """Keywords of a sign map; see `signmap`."""

    policy: str | None
    against: str | Sequence[str] | None
    outcome: str | None
    margin: float | None
    looks: int | None


class SignMapSpec(PlanSpec):
    """A sign map: the sweep of its first round, and what is asked at every point of it, `against` which arms."""

    analysis = "signmap"
    noun = "map"

    quick = {"levels": 3, "points": 16, "replicates": 2, "looks": 1}

    policy: Annotated[
        str,
        Option(
            "Whose sign: an arm of the map, or arrangement or coverage, for its strategies as that policy.",
            "ARM",
            usual="the map's own",
        ),
    ]
    against: tuple[str, ...]
    outcome: Annotated[str, Option("By what it is judged.", usual="the map's own, or conflicts")] = OUTCOME
    margin: Annotated[
        Share,
        Option(
            "A difference within this share of the comparator's mean is none.",
            "SHARE",
            usual=f"the map's own, or {MARGIN}",
        ),
    ] = MARGIN
    looks: Annotated[
        int,
        whole(1, MOST_LOOKS),
        Option("Looks at most, each at twice the replicates, where a sign is open.", usual="the map's own, or 3"),
    ] = 3
    replicates: Annotated[Count, Option("Runs of every arm at the first look.", usual="the map's own")] = 1

    @classmethod
    def asked_of(cls, source: str | Path | Mapping[str, Any], fields: Mapping[str, Any]) -> Self:
        """Make the spec of a design, a file or a dictionary, which may say `OWN`; `fields` replace what it says.

        What cannot be mapped is refused, with the file's name.
        """
        rest = dict(fields)
        design, file = read_design(source)
        own = {name: design.pop(name) for name in OWN if name in design}
        own |= {name: value for name in OWN if (value := rest.pop(name, None)) is not None}
        sizes = {name: rest.pop(name, None) for name in REPLACED}
        design.setdefault("replicates", REPLICATES)
        with naming(file):
            plan = Plan.of(design, folder=None if file is None else file.parent, overrides=sizes, **rest)
            plan = replace(plan, apart=plan.kind != "factorial")
            checked = _checked(own, plan)
            outcome = checked["outcome"]
            if rest.get("model") is None and outcome not in plan.outcomes:
                plan = replace(plan, outcomes=(*outcomes_of([outcome], plan.scenario), *plan.outcomes))
            refuse_unsided(outcome)
            plan.design()  # what a point or an arm cannot be is refused with the rest
            return cls.of_plan(plan, **checked)

    @property
    def schedule(self) -> tuple[sequential.InterimAnalysis, ...]:
        return sequential.analysis_schedule(self.looks, self.replicates)


TABLE: Final = "against outcome difference ci_low ci_high relative sign replicates look ended needed".split()
"""Columns of a map's table after the point and its parameters."""


@dataclass
class SignMap(Result):
    """A map that has been drawn as far as its rounds went.

    `rounds` are sweeps, each with the number of its interim analysis, of which there is one for each different set of
    comparators still in question.

    Examples
    --------
    >>> from experiments import ready
    >>> list(ready.sign_map().tables)
    ['map', 'runs', 'thirds']
    """

    presented: ClassVar[str] = "experiments.analyses.signmap.signmap_report"

    spec: SignMapSpec
    folder: Path
    rounds: Sequence[tuple[int, Swept]] = field(default=(), repr=False)

    @cached_property
    def plan(self) -> Plan:
        """The design that the map was made of.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.sign_map().plan.kind
        'factorial'
        """
        return self.spec.plan()

    @property
    def step_results(self) -> list[Swept]:
        return [swept for _, swept in self.rounds]

    @cached_property
    def runs(self) -> pd.DataFrame:
        """All runs: point of the map, arm, round, replicate, parameters, outcomes."""
        parts = [
            swept.runs.assign(round=look, point=swept.points.index.to_numpy()[swept.runs["point"].to_numpy(np.intp)])
            for look, swept in self.rounds
        ]
        return pd.concat(parts, ignore_index=True).sort_values(["round", "point"], kind="stable", ignore_index=True)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per point and comparator: the point, its parameters, and `TABLE`.

        The interval is that of the row's last interim analysis; `ended` says why the row ended (`decided`, `given up`,
        `looks used up`, `runs failed`; empty while it is open), and `needed`, where the sign is undecided, how many
        replicates would decide with a chance of 80 %, were difference and spread what they seem.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.sign_map().table[["point", "against", "outcome", "replicates"]].iloc[0].to_dict()
        {'point': 0, 'against': 'none', 'outcome': 'conflicts', 'replicates': 2}
        """
        values = self.runs.dropna(subset=[self.spec.outcome]).pivot_table(
            index=["point", "round", "replicate"], columns="arm", values=self.spec.outcome, aggfunc="first", sort=True
        )
        started = set(values.index.get_level_values("point"))
        last = {
            (point, arm): look for look, part in self.rounds for point in part.points.index for arm in part.plan.arms
        }
        rows = [
            {
                "point": point,
                **given.to_dict(),
                **self._judge(values.loc[point] if point in started else values.iloc[:0], other, last[point, other]),
            }
            for point, given in self.plan.points.iterrows()
            for other in self.spec.against
        ]
        return pd.DataFrame(rows, columns=["point", *self.plan.points.columns, *TABLE])

    def _judge(self, pairs: pd.DataFrame, comparator: str, number: int) -> dict[str, Any]:
        spec = self.spec
        look, last, side = spec.schedule[number - 1], spec.schedule[-1], better(spec.outcome)
        known = {spec.policy, comparator} <= set(pairs.columns)
        ours, theirs = pairs[[spec.policy, comparator]].dropna().to_numpy(float).T if known else np.empty((2, 0))
        grain = self.rounds[0][1].grain_of(spec.outcome)
        result = paired(ours, theirs, side, confidence=1.0 - look.level, grain=grain)
        sign, ended, needed = sequential.sign_of(result, spec.margin, side, look == last), "decided", math.nan
        if not decided(sign):
            needed = sequential.needed_for(result, spec.margin, last.level)
            if result.replicates < 2:
                ended = "runs failed"
            elif look == last:
                ended = "looks used up"
            else:
                ended = "given up" if sequential.chance_of_sign(result, spec.margin, last) < sequential.FUTILITY else ""
        judged = {"sign": sign, "look": number, "ended": ended, "needed": needed}
        return {"against": comparator, "outcome": spec.outcome, **vars(result), **judged}

    @property
    def open_points(self) -> dict[tuple[str, ...], list[int]]:
        """Points that are worth another look, by the comparators against whom they are open.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.sign_map().open_points
        {}
        """
        rows = self.table[self.table["ended"] == ""]
        points: dict[tuple[str, ...], list[int]] = {}
        for point, comparators in rows.groupby("point", sort=True)["against"]:
            points.setdefault(tuple(comparators), []).append(int(str(point)))
        return points

    @cached_property
    def _axes(self) -> dict[str, Axis | None]:
        axes = {axis.name: axis for axis in self.plan.axes}
        return {str(name): axes.get(str(name)) for name in self.plan.points.columns}

    @cached_property
    def levels(self) -> dict[str, list[Any]]:
        """The values that each parameter takes, in order: by size, or as the design lists them.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.sign_map().levels["services.effect"]
        [0.0, 0.2]
        """
        levels = {}
        for name, axis in self._axes.items():
            values = list(dict.fromkeys(self.plan.points[name].tolist()))
            listed = [level for level in (axis.levels if axis else ()) if level in values]
            levels[name] = listed or sorted(values, key=lambda value: (isinstance(value, str), value))
        return levels

    @cached_property
    def terciles(self) -> pd.DataFrame:
        """Share of the points with each sign by tercile of each parameter; see `terciles.tercile_shares`.

        Examples
        --------
        >>> from experiments import ready
        >>> sorted(ready.sign_map().terciles["parameter"].unique())
        ['branches.reporting_hours', 'services.effect']
        """
        return tercile_shares(self.table, self._axes)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        return {"map": self.table, "runs": self.runs, "thirds": self.terciles}

    @property
    def finished(self) -> bool:
        return bool(self.table["replicates"].gt(0).any())

    @property
    def counted(self) -> list[Finding]:
        return [Finding("signmap.looked", number=self.rounds[-1][0], planned=self.spec.looks)]


def signmap(design: str | Path | Mapping[str, Any], **fields: Unpack[SignMapFields]) -> SignMap:
    """Draw a sign map; what the folder holds already is not run again.

    What cannot be mapped, and a folder that holds something else, is refused before the first run (`GongzhiError`).

    Parameters
    ----------
    design
        A design with arms, as for `sweep`, as a file or a dictionary; it may say `OWN` as well.  Its replicates are
        those of the first look, 3 unless it names others.
    **fields
        As for `sweep` (`out` is ``results/signmap`` unless another is named), and the other fields of `SignMapSpec`,
        which ``gongzhi signmap --help`` describes; `policy` and `against` are labels of arms.

    Examples
    --------
    >>> varied = {"branches.reporting_hours": [0.0, 6.0], "services.effect": [0.0, 0.2]}
    >>> design = {"design": "factorial", "levels": 3, "parameters": varied, "arms": ["none", "full"]}
    >>> result = signmap(design, policy="full", out="results/map")  # doctest: +SKIP
    >>> result.table[["point", "sign"]]  # doctest: +SKIP
    """
    running, own = Running.split(fields)
    running = replace(running, out=running.out or "results/signmap")
    return delivered(run_signmap(SignMapSpec.asked_of(design, own), running))


def run_signmap(spec: SignMapSpec, running: Running) -> SignMap:
    """Draw a sign map, or read it where nothing may be run."""
    folder, plan = claim(running.out or ".", spec, running), spec.plan()
    rounds: list[tuple[int, Swept]] = []
    waiting: dict[tuple[str, ...], list[int]] = {spec.against: list(plan.points.index)}
    for number, look in enumerate(spec.schedule, start=1):
        chance = plan.seed if number == 1 else seed_of(plan.seed, number - 1, 0)
        for comparators, places in waiting.items():
            part = replace(
                plan,
                points=plan.points.loc[places],
                arms={arm: what for arm, what in plan.arms.items() if arm in (spec.policy, *comparators)},
                replicates=look.added,
                seed=chance,
                baseline=comparators[0],
            )
            # Where some comparators are settled, the folder names the others by their number.
            against = ["against", *(str(spec.against.index(other) + 1) for other in comparators)]
            home = "-".join([f"round-{number}", *(against if comparators != spec.against else [])])
            rounds.append((number, run_plan(part, running.within(home))))
        result = SignMap(spec, folder, rounds)
        waiting = result.open_points
        if not waiting:
            break
    if not running.execution.only_stored:
        result.write()
    return result
