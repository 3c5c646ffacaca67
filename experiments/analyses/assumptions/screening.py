"""The screening that makes the list of what is least known.

What is screened: every number that is assumed, fitted or taken from data and declares a range, every such choice, and
every switch that stands for a convention about how the world works.  The rest is left out, each with its reason
(`left-out.csv`).  A parameter's *pull* on an effect is the share of the variance of its ranks that the parameter
explains, less what luck explains; its pull is the mean over the four effects of `ARMS` on `OUTCOMES`, each relative to
the mean of the same world without branches.

Worlds of two Latin hypercubes have independent random numbers, so that sampling noise is in the residuals of every
test.  In the first all parameters vary and each is judged alone; those with the largest pull pass.  In the second only
these vary, and all are regressed on at once.  Ranks are from the second round alone: what passed by luck has no
advantage in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from experiments.analyses.assumptions.least_known import RATIO, USED, Assumption, LeastKnown
from experiments.analyses.assumptions.over import SHIPPED
from experiments.analyses.assumptions.smaller import smaller_grounds, smaller_world
from experiments.analyses.failed_runs import delivered
from experiments.analyses.result import Draw
from experiments.analyses.sensitivity.varied_parameters import chosen
from experiments.analyses.stored_runs import SteppedRuns
from experiments.analyses.sweep.swept import Swept, run_plan
from experiments.core.analysis_folder import claim
from experiments.core.design import points as placed
from experiments.core.design.arms import changes_of
from experiments.core.design.axes import Axis
from experiments.core.design.design import POLICY, SWITCHES
from experiments.core.design.plan import Plan
from experiments.core.spec import Running, Spec
from experiments.core.statistics.causes import Cause, causes, marginal
from experiments.core.store.files import replace_file
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import labels, sentence
from sim import Scenario
from sim.core.errors import StoreError
from sim.core.paths import expanded
from sim.core.screen import columns, padded
from sim.district.hierarchy import numbers

QUESTION: Final = "Which assumptions move the effects of full coverage and of the whole arrangement most?"
ARMS: Final = ("none", "full", "arrangement")
OUTCOMES: Final = ("conflicts", "standing")
LEAST: Final = 5
"""Worlds in which all arms must have ended in either round: of fewer no share of a variance is worked out."""
STATUS: Final = frozenset({"assumed", "fitted", "data"})
"""What is known of another place, or in several sizes, is an assumption here, over the range of its sources."""

CONVENTIONS: Final = frozenset({"branches.repute"})
"""Switches within the sections of policies that say how the world takes them, and are no part of what is done."""
CONTENT: Final = ("couriers.medical", "couriers.food", "couriers.housing", "couriers.travel", "couriers.cleanups")
"""Switches outside of the sections of policies that say what a policy consists of."""

ROUNDS: Final = ("round-1", "round-2")  # folders of the sweeps

LISTED: Final = 40
"""Parameters that the file names, most of them beyond what is used, so that a reader sees what was close."""

RULE: Final = (
    "pull: mean over four effects (full coverage, the whole arrangement; conflicts, standing disputes; each relative "
    "to no branches in the same world) of the share of the variance of its ranks that the parameter explains in a "
    "regression on all that passed the first round, less what luck explains; p: the smallest of the four, adjusted "
    "for all of them (Holm)"
)


@dataclass(frozen=True)
class Screen:
    """How large the screening is: worlds of the two rounds, parameters that pass the first, and the size of each world.

    All are on one ground.
    """

    first: int = 480
    second: int = 220
    passing: int = 64
    estates: int = 60
    weeks: int = 65
    warmup: int = 26


def candidates(scenario: Scenario, arms: Mapping[str, Mapping[str, Any]]) -> tuple[list[Axis], dict[str, str]]:
    """Return what is screened, and why the rest is not.

    Examples
    --------
    >>> from sim import Scenario
    >>> axes, left = candidates(Scenario(), {"full": {"coverage.strategy": "full"}})
    >>> "services.effect" in [axis.name for axis in axes], left["incidents.enabled"], left["branches.mediation"]
    (True, 'switches a whole room off', 'a part of a policy')
    """
    facts = {row["name"]: row for row in scenario.parameters()}
    choice = chosen((), scenario, arms)
    left = dict(choice.left_out)
    left |= {axis.name: reason for axis in choice.axes if (reason := _reason(axis.name, facts[axis.name]))}
    axes = [
        replace(axis, log=not axis.levels and not axis.whole and axis.low > 0.0 and axis.high / axis.low >= RATIO)
        for axis in choice.axes
        if axis.name not in left
    ]
    return axes, left


def _reason(name: str, facts: Mapping[str, Any]) -> str:
    room = name.partition(".")[0]
    if isinstance(facts["default"], bool):
        if name.endswith(".enabled"):
            return "switches a whole room off"
        part = room in POLICY or name in SWITCHES or name in CONTENT
        return "a part of a policy" if part and name not in CONVENTIONS else ""
    return "" if facts["status"] in STATUS else f"rests on {facts['status']}"


class ScreeningSpec(Spec):
    """A screening of everything that is assumed: `axes` are screened, others `left_out`, each with its reason."""

    analysis = "screening"
    noun = "screening"

    question: str = QUESTION
    size: Screen = Screen()
    axes: tuple[Axis, ...] = ()
    left_out: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def asked_of(cls, scenario: Scenario, size: Screen | None, fields: Mapping[str, Any]) -> Self:
        axes, left_out = candidates(scenario, changes_of(ARMS))
        return cls.of({**fields, "scenario": scenario, "size": size, "axes": tuple(axes), "left_out": left_out})


@dataclass
class Screening(SteppedRuns):
    """The result of a screening: the list, a row of ranks for each parameter, and the sweeps of both rounds."""

    spec: ScreeningSpec
    folder: Path
    known: LeastKnown
    ranks: pd.DataFrame = field(repr=False)
    rounds: Sequence[Swept] = field(repr=False)

    @property
    def step_results(self) -> Sequence[Swept]:
        return self.rounds

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`screening`, `left-out`: what was not screened, and why; and `runs`."""
        out = pd.DataFrame(sorted(self.spec.left_out.items()), columns=["parameter", "reason"])
        return {"screening": self.ranks, "left-out": out, "runs": self.runs}

    @property
    def findings(self) -> list[Finding]:
        return []  # the list is what was found

    @property
    def figures(self) -> dict[str, Draw]:
        return {}

    def report(self, lang: str = "en", path: str | Path | None = None) -> Path:
        """Write the list, which is the same in every language, as a file that comparisons read; return its path."""
        target = expanded(path) if path is not None else self.folder / SHIPPED.name
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, self.known.to_toml().encode())
        return target

    @property
    def beside(self) -> tuple[str, ...]:
        return (SHIPPED.name,)

    def write(self) -> None:
        super().write()
        self.report()


def on_screen(result: Screening, lang: str) -> list[str]:
    """Return the head of the list, and how many of all that was screened can be told from chance."""
    heads, rows = labels(lang, "screening.heads"), result.known.assumptions[:USED]
    wide = max(columns(heads["parameter"]), *(len(row.name) for row in rows))
    counts = {name: result.known.provenance[name] for name in ("clear", "screened")}
    return [
        f"{padded(heads['parameter'], wide)}  {padded(heads['pull'], 6)}  {heads['p']}",
        *(f"{row.name:{wide}}  {100 * row.pull:5.1f}%  {row.p:.2g}" for row in rows),
        sentence(lang, "screening.told_from_chance", **counts, used=USED),
    ]


def screen(scenario: Scenario, running: Running, size: Screen | None = None, seed: int = 1) -> LeastKnown:
    """Screen all that is assumed of a world; what the folder holds, a sweep for each round, is not run again."""
    return delivered(run_screening(ScreeningSpec.asked_of(scenario, size, {"seed": seed}), running)).known


def run_screening(spec: ScreeningSpec, running: Running) -> Screening:
    """Screen all that is assumed, or read what was found where nothing may be run."""
    size, axes, scenario = spec.size, spec.axes, spec.scenario
    own = running.at(claim(running.out or ".", spec, running))
    small = smaller_grounds(None, scenario, size.estates, 1)
    estates = scenario.district.estates
    streets = numbers(estates, scenario.ground)[1]
    world, factors = smaller_world(scenario, estates, streets, small, size.weeks, size.warmup)
    scaled = [replace(axis, low=axis.low * (f := factors.get(axis.name, 1.0)), high=axis.high * f) for axis in axes]
    first = _round(own.within(ROUNDS[0]), scaled, size.first, world, spec.seed)
    values = _values(first)
    pulls = np.mean([marginal(scaled, values, effect) for effect in _effects(first).values()], axis=0)
    few = [scaled[place] for place in sorted(np.argsort(-pulls, kind="stable")[: size.passing])]
    second = _round(own.within(ROUNDS[1]), few, size.second, world, spec.seed + 1)
    causes_by_effect = {name: causes(few, _values(second), effect) for name, effect in _effects(second).items()}
    declared = {axis.name: axis for axis in axes}
    listed = _ranked([declared[axis.name] for axis in few], causes_by_effect)
    rows = pd.DataFrame({"parameter": [axis.name for axis in axes], "pull_first": pulls})
    after = [(item.name, place, item.pull, item.p) for place, item in enumerate(listed, start=1)]
    second_round = pd.DataFrame(after, columns=["parameter", "rank", "pull_second", "p"])
    ranks = rows.merge(second_round, how="left", on="parameter").sort_values("rank", kind="stable")
    provenance = {
        "command": running.command,
        "rule": RULE,
        "seed": spec.seed,
        "screened": len(axes),
        "left_out": len(spec.left_out),
        "worlds_first": size.first,
        "passed": len(few),
        "worlds_second": size.second,
        "clear": sum(assumption.p < 0.05 for assumption in listed),
    }
    known = LeastKnown(tuple(listed[:LISTED]), provenance)
    screening = Screening(spec, expanded(running.out or "."), known, ranks, [first, second])
    if not running.execution.only_stored:
        screening.write()
    return screening


def _round(running: Running, axes: Sequence[Axis], worlds: int, world: Scenario, seed: int) -> Swept:
    points, arms = placed.latin(axes, worlds, seed), changes_of(ARMS)
    plan = Plan(QUESTION, "latin", tuple(axes), points, arms, world, 1, seed, OUTCOMES, ARMS[0], apart=True)
    name = Path(str(running.out)).name
    running.tell(f"{name}: {len(axes)} parameters, {worlds} worlds, {worlds * len(arms)} runs.")
    return run_plan(plan, running)


def _values(swept: Swept) -> list[list[Any]]:
    return list(swept.points.to_dict("list").values())


def _effects(swept: Swept) -> dict[str, NDArray[np.float64]]:
    """Relative effects of the policies, by arm and outcome, shape (worlds,); NaN where nothing can be said."""
    runs = swept.ended
    whole = int((runs.groupby("point")["arm"].nunique() == len(ARMS)).sum())
    if whole < LEAST:
        raise StoreError(
            f"Only {whole} of {len(swept.points)} worlds in {swept.folder} are whole, and {LEAST} are needed. "
            "Runs that failed are named in its experiment.json."
        )
    effects: dict[str, NDArray[np.float64]] = {}
    for outcome in OUTCOMES:
        wide = runs.pivot_table(index="point", columns="arm", values=outcome).reindex(range(len(swept.points)))
        base = wide[ARMS[0]].where(wide[ARMS[0]] > 0.0)
        effects |= {f"{arm}: {outcome}": ((wide[arm] - base) / base).to_numpy(np.float64) for arm in ARMS[1:]}
    return effects


def _ranked(axes: Sequence[Axis], causes_by_effect: Mapping[str, Sequence[Cause]]) -> list[Assumption]:
    """Put parameters into the order of their mean pull; p is adjusted for the effects beside the parameters."""
    assumptions = []
    for axis in axes:
        own = {
            effect: cause for effect, ranked in causes_by_effect.items() for cause in ranked if cause.name == axis.name
        }
        pulls = {effect: round(own[effect].share, 4) if effect in own else 0.0 for effect in causes_by_effect}
        p = min([1.0, *(len(causes_by_effect) * cause.p for cause in own.values())])
        assumptions.append(Assumption.of(axis, pull=round(float(np.mean(list(pulls.values()))), 5), p=p, pulls=pulls))
    return sorted(assumptions, key=lambda assumption: (-assumption.pull, assumption.p, assumption.name))
