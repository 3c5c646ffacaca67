"""`gongzhi sensitivity`: which parameters drive an outcome, or the effect of a policy."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from experiments.analyses.assumptions.least_known import USED, LeastKnown
from experiments.analyses.assumptions.over import SHIPPED
from experiments.analyses.assumptions.screening import Screen, ScreeningSpec
from experiments.analyses.sensitivity.sensitivity_result import reread_spec, sensitivity_spec
from experiments.cli import options
from experiments.cli.present import carry_out
from experiments.core.design.user_strategies import check
from experiments.core.option import Option, chosen
from experiments.presets.questions import DriverQuestion, drivers
from sim.core.errors import ScenarioError

LISTED = {"estates": 60, "trajectories": 16}
"""Of a few parameters more can be asked."""

EVERYTHING = "all"
FIRST_LOOK = 10
"""Parameters at the head of the list of what is least known."""

LEAST_KNOWN = "least-known"
"""A screening of all that is assumed, whose result is the list that comparisons use."""


@dataclass(frozen=True)
class Question:
    """Options that say what is asked."""

    listed: options.Listed = False
    policy: Annotated[str | None, Option("A strategy whose effect is asked about.", "ARM")] = None
    against: Annotated[str | None, Option("What the policy is set against. [default: none]", "ARM")] = None
    under: Annotated[str | None, Option("Ask about the outcome itself under this strategy.", "ARM")] = None
    save: Annotated[Path | None, Option("Of least-known: write the list there too.", "FILE.toml")] = None


def sensitivity(
    name: Annotated[
        str | None,
        options.argument(
            "coverage, arrangement, disputes, rights or least-known; --list tells what they ask. [default: coverage]",
            "[question]",
        ),
    ],
    question: Question,
    own: Annotated[options.Entries, "sensitivity"],
    world: options.World,
    runs: options.Runs,
    output: options.Output,
) -> int:
    """Screen parameters, divide the variance among those that matter, and show what each does alone.

    A first look varies the ten parameters of which least is known.
    The same command again runs only what is missing.
    """
    known = drivers()
    if question.listed:
        return options.listing({key: driver.question for key, driver in known.items()}, output.lang)
    name = chosen(name or "coverage", known, "question")
    if name == LEAST_KNOWN:
        save = None if question.save is None else options.target(question.save)
        also = None if save is None else (lambda result: result.report(path=save))
        return carry_out(
            _least_known(own, world), output.running("sensitivity-least-known", runs, own.quick), output, also
        )
    preset = known[name]
    arms = _arms(preset, question)
    judged = own.typed.get("outcome", preset.outcome)
    other = judged != preset.outcome or arms is not preset.arms
    fields = {"arms": arms, "outcome": judged, "question": "" if other else preset.question}
    spec = _spec(fields, own, world, preset, preset.listed and not other)
    if other:  # another question has another folder
        name = "-".join([name, *(arm.replace(":", "_") for arm in arms), judged])
    return carry_out(spec, output.running(f"sensitivity-{name}", runs, own.quick), output)


def _least_known(own: options.Entries, world: options.World) -> ScreeningSpec:
    """Ask for a screening of everything that is assumed."""
    scenario = world.to_scenario({**world.shortcuts, "run.weeks": None})
    size = Screen(first=48, second=48, passing=16, estates=20, weeks=40, warmup=16) if own.quick else Screen()
    return ScreeningSpec.asked_of(scenario, size, {"seed": own.typed.get("seed", 1)})


def _spec(
    fields: dict[str, Any], own: options.Entries, world: options.World, preset: DriverQuestion, listed: bool
) -> Any:
    """Make the spec of an analysis, or of one of runs that were made elsewhere."""
    varied = _varied(own, listed)
    size = LISTED if varied and not own.quick and "parameters" not in own.typed else {}
    changes = world.changes(preset.world)
    fields["scenario"] = world.base.replace(world.sized({**own.size, **size}, own.quick) | changes)
    arms, outcome, made_elsewhere = fields.pop("arms"), fields.pop("outcome"), own.typed.get("runs")
    if made_elsewhere is not None:
        return reread_spec(made_elsewhere, list(arms), outcome, fields)
    known = {"outcome": outcome, "parameters": varied, "district": world.ground, "changes": changes}
    return sensitivity_spec(arms, outcome, own.fields(size, **fields, **known))


def _arms(preset: DriverQuestion, question: Question) -> dict[str, dict[str, Any]]:
    """Return the question's arms, or those that are named instead."""
    policy, against, under = question.policy, question.against, question.under
    if under is not None and (policy is not None or against is not None):
        raise ScenarioError(
            "--under asks about an outcome under one arm, --policy and --against about a difference of "
            "two: use one of them."
        )
    if under is None and policy is None and against is None:
        return preset.arms
    named = [under] if under is not None else [policy or "full", against or "none"]
    for arm in named:
        check(arm, arm)
    if len(set(named)) < len(named):
        raise ScenarioError(f'"{named[0]}" is set against itself: the effect is zero at every point.')
    return {arm: {"coverage.strategy": arm} for arm in named}


def _varied(own: options.Entries, listed: bool) -> list[str]:
    """Return the parameters to vary: those named, or of a question that is `listed` the head of what is least known, or
    none for all.
    """
    named: list[str] = own.typed.get("parameters", [])
    if named:
        return [] if named == [EVERYTHING] else named
    head = FIRST_LOOK if own.quick else USED if listed else 0
    return LeastKnown.read(SHIPPED).head(head).names if head else []
