"""`gongzhi sensitivity`: which parameters drive an outcome, or the effect of a policy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from experiments.cli import options
from experiments.cli.options import argument, option
from experiments.cli.present import carry_out, present, stoppable

if TYPE_CHECKING:
    from experiments.presets.drivers import DriverQuestion

__all__ = ["sensitivity"]

USUAL = {"estates": 16, "weeks": 52, "warmup": 26, "trajectories": 4, "points": 128, "few": 5}
QUICK = {"estates": 12, "weeks": 46, "warmup": 20, "trajectories": 4, "points": 16, "few": 3}
LISTED = {**USUAL, "estates": 60, "trajectories": 16}
"""Of a few parameters more can be asked."""

EVERYTHING = "all"
FIRST_LOOK = 10
"""Parameters at the head of the list of what is least known."""

LEAST_KNOWN = {"least-known": "Which assumptions move the effects of full coverage and of the whole arrangement most?"}
"""A screening of all that is assumed, whose result is the list that comparisons use."""


@dataclass(frozen=True)
class Question:
    """Options that say what is asked."""

    listed: options.Listed = False
    outcome: str | None = option("By what it is judged. [default: the question's]", "NAME")
    policy: str | None = option("A strategy whose effect is asked about.", "ARM")
    against: str | None = option("What the policy is set against. [default: none]", "ARM")
    under: str | None = option("Ask about the outcome itself under this strategy.", "ARM")


@dataclass(frozen=True)
class Own:
    """Options that say how it is found out."""

    parameters: list[str] | None = option(
        "A parameter or a section; may be given again; all for all that declare a range. [default: of coverage "
        "and arrangement those of which least is known, else all]",
        "NAME",
        "--parameter",
    )
    method: str = option(
        "morris, sobol, tornado, or both: the first, then the others over what matters.", "NAME", default="both"
    )
    trajectories: int | None = option("Of the screening. [default: 4, or 16 of those of which least is known]", "N")
    points: int | None = option("Rows of the indices, a power of two. [default: 128]", "N")
    replicates: int = option("Runs of every arm at every point, at least 2.", "N", default=2)
    few: int | None = option("Parameters at most that pass to the indices. [default: 5]", "N")
    surrogate: bool = option("Indices from a Gaussian process in the place of runs.", default=False)
    runs_made: Path | None = option("Analyse runs made elsewhere; design.csv lies beside them.", "RUNS.csv", "--from")
    quick: bool = option("A first look, over the ten parameters of which least is known.", default=False)
    seed: options.Seed = 1
    save: Path | None = option("Of least-known: write the list there too.", "FILE.toml")


def sensitivity(
    name: Annotated[
        str | None,
        argument(
            "coverage, arrangement, disputes, rights or least-known; --list tells what they ask. [default: coverage]",
            "[question]",
        ),
    ],
    question: Question,
    own: Own,
    world: options.World,
    runs: options.Runs,
    output: options.Output,
) -> int:
    """Screen parameters, divide the variance among those that matter, and show what each does alone.

    The same command again runs only what is missing.
    """
    from experiments.presets.drivers import QUESTIONS

    if question.listed:
        return options.listing({key: known.question for key, known in QUESTIONS.items()} | LEAST_KNOWN)
    name = options.chosen(name or "coverage", [*QUESTIONS, *LEAST_KNOWN], "question")
    if name in LEAST_KNOWN:
        return _least_known(own, world, runs, output)
    preset = QUESTIONS[name]
    arms = _arms(preset, question)
    judged = question.outcome or preset.outcome
    other = judged != preset.outcome or arms is not preset.arms
    fields = {"arms": arms, "outcome": judged, "question": "" if other else preset.question}
    spec = _spec(fields, own, world, preset, preset.listed and not other)
    if other:  # another question has another folder
        name = "-".join([name, *(arm.replace(":", "_") for arm in arms), judged])
    return carry_out(spec, output.running(f"sensitivity-{name}", runs, own.quick), output)


def _least_known(own: Own, world: options.World, runs: options.Runs, output: options.Output) -> int:
    """Screen everything that is assumed and write the list; return the exit status."""
    from experiments.analyses.assumptions.screening import Screen, ScreeningSpec
    from experiments.registry import perform

    scenario = world.to_scenario({**world.shortcuts, "run.weeks": None})
    small = Screen(first=48, second=48, passing=16, estates=20, weeks=40, warmup=16)
    save = None if own.save is None else options.target(own.save)
    spec = ScreeningSpec.asked_of(scenario, small if own.quick else Screen(), {"seed": own.seed})
    running = output.running("sensitivity-least-known", runs, own.quick)
    result = stoppable(lambda: perform(spec, running), running)
    if save is not None:
        result.report(path=save)
    return present(result, output.lang, output.quiet)


def _spec(fields: dict[str, Any], own: Own, world: options.World, preset: DriverQuestion, listed: bool) -> Any:
    """Make the spec of an analysis, or of one of runs that were made elsewhere."""
    from experiments.analyses.sensitivity.import_runs import reread_spec
    from experiments.analyses.sensitivity.sensitivity_spec import SensitivitySpec, sensitivity_spec

    varied = _varied(own, listed)
    size = QUICK if own.quick else LISTED if varied and not own.parameters else USUAL
    changes = options.read_changes(world.settings, dict(preset.world))
    scenario = options.read_scenario(world.scenario, None, options.sized(world, size, own.quick) | changes)
    arms, outcome = fields.pop("arms"), fields.pop("outcome")
    if own.runs_made is not None:
        return reread_spec(own.runs_made, list(arms), outcome, {**fields, "scenario": scenario})
    fields |= {"parameters": varied, "scenario": scenario, "district": world.ground, "changes": changes}
    return sensitivity_spec(arms, outcome, options.fields_of(SensitivitySpec, own, size, **fields))


def _arms(preset: DriverQuestion, question: Question) -> dict[str, dict[str, Any]]:
    """Return the question's arms, or those that are named instead."""
    from experiments.core.design.user_strategies import check
    from sim.errors import ScenarioError

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


def _varied(own: Own, listed: bool) -> list[str]:
    """Return the parameters to vary: those named, the head of the list of what is least known, or none for all.

    Parameters
    ----------
    own
        As typed.
    listed
        Whether the list was made for this question: for these arms, and by this outcome.
    """
    from experiments.analyses.assumptions.least_known import USED, LeastKnown
    from experiments.analyses.assumptions.over import SHIPPED

    if own.parameters:
        return [] if own.parameters == [EVERYTHING] else own.parameters
    head = FIRST_LOOK if own.quick else USED if listed else 0
    return LeastKnown.read(SHIPPED).head(head).names if head else []
