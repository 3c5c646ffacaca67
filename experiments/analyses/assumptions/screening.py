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
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, Unpack

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from experiments.analyses.assumptions.least_known import RATIO, USED, Assumption, LeastKnown
from experiments.analyses.assumptions.over import SHIPPED
from experiments.analyses.assumptions.smaller import smaller_grounds, smaller_world
from experiments.analyses.failed_runs import delivered
from experiments.analyses.result import Draw, Result
from experiments.analyses.sensitivity.varied_parameters import chosen
from experiments.analyses.stored_runs import runs_table
from experiments.analyses.sweep.swept import Swept, run_plan
from experiments.core.analysis_folder import claim
from experiments.core.design import points as placed
from experiments.core.design.arms import changes_of
from experiments.core.design.axes import Axis
from experiments.core.design.design import POLICY, SWITCHES
from experiments.core.design.plan import Plan
from experiments.core.spec import RunFields, Running, Spec
from experiments.core.statistics.causes import Cause, causes, marginal
from experiments.core.store.files import replace_file
from experiments.core.store.store import Store
from experiments.reporting.screen import columns, padded
from experiments.reporting.template_rendering import labels, sentence
from sim.paths import expanded

if TYPE_CHECKING:
    import pandas as pd

    from experiments.reporting.finding import Finding
    from sim import Scenario

__all__ = ["QUESTION", "Screen", "candidates", "screen"]

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

ROUNDS: Final = ("round-1", "round-2")
"""Folders of the sweeps."""

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
    choice = chosen((), scenario, arms)
    left = dict(choice.left_out)
    axes = []
    for axis in choice.axes:
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


class ScreeningSpec(Spec):
    """A screening of everything that is assumed.

    Attributes
    ----------
    size
        How large.
    axes, left_out
        What is screened, and for each parameter that is not, the reason.
    """

    analysis = "screening"
    noun = "screening"

    question: str = QUESTION
    size: Screen = Screen()
    axes: tuple[Axis, ...] = ()
    left_out: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def asked_of(cls, scenario: Scenario, size: Screen | None, fields: Mapping[str, Any]) -> Self:
        """Make the spec of a screening of all that is assumed of a world."""
        axes, left_out = candidates(scenario, changes_of(ARMS))
        return cls.of({**fields, "scenario": scenario, "size": size, "axes": tuple(axes), "left_out": left_out})


@dataclass
class Screening(Result):
    """The result of a screening.

    Attributes
    ----------
    known
        The list.
    ranks
        A row for each parameter: its pull in both rounds, and its rank.
    rounds
        The sweeps, each in a folder of its own.
    """

    spec: ScreeningSpec
    folder: Path
    known: LeastKnown
    ranks: pd.DataFrame = field(repr=False)
    rounds: Sequence[Swept] = field(repr=False)

    @property
    def stores(self) -> list[Store]:
        """The stores of the rounds."""
        return [Store(self.folder / name) for name in ROUNDS]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`screening`, `left-out`: what was not screened, and why; and `runs`."""
        import pandas as pd

        out = pd.DataFrame(sorted(self.spec.left_out.items()), columns=["parameter", "reason"])
        return {"screening": self.ranks, "left-out": out, "runs": self.runs}

    @cached_property
    def runs(self) -> pd.DataFrame:
        """The runs of both rounds."""
        return runs_table({swept.folder.name: swept.step_runs for swept in self.rounds})

    @property
    def findings(self) -> list[Finding]:
        """There are none: the list is what was found."""
        return []

    @property
    def figures(self) -> dict[str, Draw]:
        """There are none: a comparison shows what the list is for."""
        return {}

    def report(self, lang: str = "en", path: str | Path | None = None) -> Path:
        """Write the list, which is the same in every language, as a file that comparisons read; return its path."""
        target = expanded(path) if path is not None else self.folder / SHIPPED.name
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, self.known.to_toml().encode())
        return target

    @property
    def beside(self) -> tuple[str, ...]:
        """The list."""
        return (SHIPPED.name,)

    def write(self) -> None:
        """Write the tables and the list."""
        super().write()
        self.report()


def on_screen(result: Screening, lang: str) -> list[str]:
    """Return the head of the list, and how many of all that was screened can be told from chance."""
    heads, rows = labels(lang, "screening.heads"), result.known.assumptions[:USED]
    wide = max(columns(heads["parameter"]), *(len(row.name) for row in rows))
    counts = {name: result.known.provenance[name] for name in ("clear", "screened")}
    return [
        f"{padded(heads['parameter'], wide)}  {padded(heads['pull'], 6)}  {heads['p']}",
        *(f"{row.name:{wide}}  {100 * row.pull:4.1f} %  {row.p:.2g}" for row in rows),
        sentence(lang, "screening.told_from_chance", **counts, used=USED),
    ]


class ScreenFields(RunFields, total=False):
    """Keywords of a screening; see `screen`."""

    seed: int


def screen(scenario: Scenario, folder: Path, size: Screen | None = None, **fields: Unpack[ScreenFields]) -> LeastKnown:
    """Screen all that is assumed of a world; what the folder holds, a sweep for each round, is not run again."""
    running, own = Running.split(fields)
    return delivered(run_screening(ScreeningSpec.asked_of(scenario, size, own), running.at(folder))).known


def run_screening(spec: ScreeningSpec, running: Running) -> Screening:
    """Screen all that is assumed, or read what was found where nothing may be run."""
    import pandas as pd

    from sim.district.hierarchy import numbers

    size, axes, scenario = spec.size, spec.axes, spec.scenario
    own = running.at(claim(running.out or ".", spec, running))
    small = smaller_grounds(None, scenario, size.estates, 1)
    estates = scenario.district.estates
    streets = numbers(estates, scenario.ground)[1]
    world, factors = smaller_world(scenario, estates, streets, small, size.weeks, size.warmup)
    scaled = [replace(axis, low=axis.low * (f := factors.get(axis.name, 1.0)), high=axis.high * f) for axis in axes]
    first = _round(own.within(ROUNDS[0]), scaled, size.first, world, spec.seed)
    columns_of_first = list(first.points.to_dict("list").values())
    pulls = np.mean([marginal(scaled, columns_of_first, effect) for effect in _effects(first).values()], axis=0)
    few = [scaled[place] for place in sorted(np.argsort(-pulls, kind="stable")[: size.passing])]
    second = _round(own.within(ROUNDS[1]), few, size.second, world, spec.seed + 1)
    columns_of_second = list(second.points.to_dict("list").values())
    causes_by_effect = {name: causes(few, columns_of_second, effect) for name, effect in _effects(second).items()}
    declared = {axis.name: axis for axis in axes}
    listed = _ranked([declared[axis.name] for axis in few], causes_by_effect)
    rows = pd.DataFrame({"parameter": [axis.name for axis in axes], "pull_first": pulls})
    after = {assumption.name: (place + 1, assumption.pull, assumption.p) for place, assumption in enumerate(listed)}
    for place, name in enumerate(("rank", "pull_second", "p")):
        rows[name] = [after[key][place] if key in after else np.nan for key in rows["parameter"]]
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
    ranks = rows.sort_values("rank", kind="stable")
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


def _effects(swept: Swept) -> dict[str, NDArray[np.float64]]:
    """Relative effects of the policies, by arm and outcome, shape (worlds,); NaN where nothing can be said."""
    from sim.errors import StoreError

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
    by_effect = {effect: {cause.name: cause for cause in ranked} for effect, ranked in causes_by_effect.items()}
    assumptions = []
    for axis in axes:
        own = {effect: by_name[axis.name] for effect, by_name in by_effect.items() if axis.name in by_name}
        pulls = {effect: round(own[effect].share, 4) if effect in own else 0.0 for effect in causes_by_effect}
        p = min([1.0, *(len(causes_by_effect) * cause.p for cause in own.values())])
        assumptions.append(Assumption.of(axis, pull=round(float(np.mean(list(pulls.values()))), 5), p=p, pulls=pulls))
    return sorted(assumptions, key=lambda assumption: (-assumption.pull, assumption.p, assumption.name))
