"""The screening that makes the list of what is least known.

What is screened: every number that is assumed, fitted or taken from data and declares a range, every such choice, and
every switch that stands for a convention about how the world works.  Left out, each with its reason (`left-out.csv`):
what the study or literature say; what an arm sets; the switches of whole rooms, without which there is nothing to
compare; and the switches that a policy consists of, which are what is compared and no assumption.

By what: the effects of full coverage and of the whole arrangement on conflicts and on standing disputes, each
relative to the mean of the same world without branches.  A parameter's *pull* on an effect is the share of the
variance of its ranks that the parameter explains, less what luck explains; its pull is the mean over the four.

How: in two rounds, each a Latin hypercube whose worlds live in chance of their own, so that chance is in the
residuals of every test.  In the first all parameters vary and each is judged alone; a quarter, those with the largest
pull, pass.  In the second, with new worlds, only these vary, the others are as usual, and all are regressed on at
once.  Ranks are from the second round alone: who passed by luck has no more of it.  Trajectories that change one
parameter at a time (Morris) would need two runs for each elementary effect of each of some four hundred parameters;
in a hypercube every world tells of all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.lab.assumptions.least_known import RATIO, Assumption, LeastKnown
from experiments.lab.assumptions.over import SHIPPED
from experiments.lab.assumptions.smaller import smaller_grounds, smaller_world
from experiments.lab.design import points as placed
from experiments.lab.design.arms import changes_of
from experiments.lab.design.axes import Axis
from experiments.lab.design.design import POLICY, SWITCHES
from experiments.lab.design.plan import Plan
from experiments.lab.run.execute import Execution
from experiments.lab.sensitivity.parameters import chosen
from experiments.lab.statistics.causes import Cause, causes, marginal
from experiments.lab.store.files import replace_file
from experiments.lab.sweep.swept import Swept, sweep

if TYPE_CHECKING:

    from sim import Scenario

__all__ = ["Screen", "candidates", "screen"]

ARMS: Final = ("none", "full", "arrangement")
OUTCOMES: Final = ("conflicts", "standing")
STATUS: Final = frozenset({"assumed", "fitted", "data"})
"""What is known of another place, or in several sizes, is an assumption here, over the range of its sources."""

CONVENTIONS: Final = frozenset({"branches.repute"})
"""Switches within the sections of policies that say how the world takes them, and are no part of what is done."""
CONTENT: Final = ("couriers.medical", "couriers.food", "couriers.housing", "couriers.travel", "couriers.cleanups")
"""Switches outside of the sections of policies that say what a policy consists of."""

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
    """How large the screening is.

    Attributes
    ----------
    first, second
        Worlds of the two rounds.
    passing
        Parameters that pass the first.
    estates, weeks, warmup
        Of every world; all are on one ground.
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
    found = chosen((), scenario, arms)
    left = dict(found.left_out)
    axes = []
    for axis in found.axes:
        reason = _reason(axis.name, facts[axis.name])
        if reason:
            left[axis.name] = reason
        else:
            wide = not axis.levels and not axis.whole and axis.low > 0.0 and axis.high / axis.low >= RATIO
            axes.append(replace(axis, log=wide))
    return axes, left


def _reason(name: str, facts: Mapping[str, Any]) -> str:
    room = name.partition(".")[0]
    if isinstance(facts["default"], bool):
        if name.endswith(".enabled"):
            return "switches a whole room off"
        part = room in POLICY or name in SWITCHES or name in CONTENT
        return "a part of a policy" if part and name not in CONVENTIONS else ""
    return "" if facts["status"] in STATUS else f"rests on {facts['status']}"


def screen(
    scenario: Scenario, folder: Path, size: Screen | None = None, *, seed: int = 1, command: str = "",
    execution: Execution | None = None, say: Callable[[str], None] | None = None,
) -> LeastKnown:
    """Screen all that is assumed; what the folder holds is not run again.

    Parameters
    ----------
    scenario
        The world whose values are usual.
    folder
        Holds a sweep for each round, and the tables.
    size, seed
        How large, and from what.
    command
        How the list can be made again.
    execution
        Workers and the like.
    say
        Is told what is being done.
    """
    import pandas as pd

    size = size or Screen()
    arms = changes_of(ARMS)
    axes, left = candidates(scenario, arms)
    small = smaller_grounds(None, scenario, size.estates, 1)
    world, factors = smaller_world(scenario, *_usual(scenario), small, size.weeks, size.warmup)
    scaled = [replace(axis, low=axis.low * (f := factors.get(axis.name, 1.0)), high=axis.high * f) for axis in axes]
    first = _round("round-1", scaled, size.first, world, arms, folder, seed, execution, say)
    pulls = np.mean([marginal(scaled, _columns(first, scaled), effect) for effect in _effects(first).values()], axis=0)
    order = np.argsort(-pulls, kind="stable")[: size.passing]
    passed = sorted(order.tolist())
    few = [scaled[place] for place in passed]
    second = _round("round-2", few, size.second, world, arms, folder, seed + 1, execution, say)
    told = {name: causes(few, _columns(second, few), effect) for name, effect in _effects(second).items()}
    own = {axis.name: axis for axis in axes}
    listed = _ranked([own[axis.name] for axis in few], told)
    rows = pd.DataFrame({"parameter": [axis.name for axis in axes], "pull_first": pulls})
    after = {one.name: (place + 1, one.pull, one.p) for place, one in enumerate(listed)}
    for place, name in enumerate(("rank", "pull_second", "p")):
        rows[name] = [after[key][place] if key in after else np.nan for key in rows["parameter"]]
    out = pd.DataFrame(sorted(left.items()), columns=["parameter", "reason"])
    for name, table in (("screening.csv", rows.sort_values("rank", kind="stable")), ("left-out.csv", out)):
        replace_file(folder / name, table.to_csv(index=False, lineterminator="\n").encode())
    made = {
        "command": command, "rule": RULE, "seed": seed, "screened": len(axes), "left_out": len(left),
        "worlds_first": size.first, "passed": len(few), "worlds_second": size.second,
        "clear": sum(one.p < 0.05 for one in listed),
    }
    known = LeastKnown(tuple(listed[:LISTED]), made)
    replace_file(folder / SHIPPED.name, known.to_toml().encode())
    return known


def _usual(scenario: Scenario) -> tuple[int, int]:
    """Estates and streets of the scenario's own district."""
    from sim.district.hierarchy import numbers

    estates = scenario.district.estates
    return estates, numbers(estates, scenario.ground)[1]


def _round(
    name: str, axes: Sequence[Axis], worlds: int, world: Scenario, arms: Mapping[str, Mapping[str, Any]], folder: Path,
    seed: int, execution: Execution | None, say: Callable[[str], None] | None,
) -> Swept:
    points = placed.latin(axes, worlds, seed)
    plan = Plan(
        "Which assumptions move the effects of full coverage and of the whole arrangement?", "latin", tuple(axes),
        points,
        arms, world, 1, seed, OUTCOMES, ARMS[0], apart=True)
    if say is not None:
        say(f"{name}: {len(axes)} parameters, {worlds} worlds, {worlds * len(arms)} runs.")
    return sweep(plan, store=folder / name, execution=execution)


def _columns(swept: Swept, axes: Sequence[Axis]) -> list[list[Any]]:
    return [swept.points[axis.name].tolist() for axis in axes]


def _effects(swept: Swept) -> dict[str, NDArray[np.float64]]:
    """Relative effects of the policies, by arm and outcome, shape (worlds,); NaN where nothing can be said."""
    made = {}
    for outcome in OUTCOMES:
        wide = swept.runs.pivot_table(index="point", columns="arm", values=outcome).reindex(range(len(swept.points)))
        base = wide[ARMS[0]].to_numpy(dtype=np.float64)
        for arm in ARMS[1:]:
            gap = wide[arm].to_numpy(dtype=np.float64) - base
            made[f"{arm}: {outcome}"] = np.divide(gap, base, out=np.full(base.shape, np.nan), where=base > 0.0)
    return made


def _ranked(axes: Sequence[Axis], told: Mapping[str, Sequence[Cause]]) -> list[Assumption]:
    """Put parameters into the order of their mean pull; p is adjusted for the effects beside the parameters."""
    by_name: dict[str, dict[str, Cause]] = {}
    for effect, found in told.items():
        for cause in found:
            by_name.setdefault(cause.name, {})[effect] = cause
    made = []
    for axis in axes:
        own = by_name.get(axis.name, {})
        pulls = {effect: round(own[effect].share, 4) if effect in own else 0.0 for effect in told}
        p = min([1.0, *(len(told) * cause.p for cause in own.values())])
        made.append(Assumption.of(axis, pull=round(float(np.mean(list(pulls.values()))), 5), p=p, pulls=pulls))
    return sorted(made, key=lambda one: (-one.pull, one.p, one.name))
