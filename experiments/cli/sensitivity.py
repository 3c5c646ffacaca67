"""`gongzhi sensitivity`: which parameters drive an outcome, or the effect of a policy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import least_known, options
from experiments.cli.present import carry_out

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


@dataclass(frozen=True)
class Question:
    """Options that say what is asked."""

    listed: options.Listed = False
    outcome: Annotated[
        str | None, typer.Option("--outcome", metavar="NAME", help="By what it is judged. [default: the question's]")
    ] = None
    policy: Annotated[
        str | None, typer.Option("--policy", metavar="ARM", help="A strategy whose effect is asked about.")
    ] = None
    against: Annotated[
        str | None, typer.Option("--against", metavar="ARM", help="What the policy is set against. [default: none]")
    ] = None
    under: Annotated[
        str | None, typer.Option("--under", metavar="ARM", help="Ask about the outcome itself under this strategy.")
    ] = None


@dataclass(frozen=True)
class Own:
    """Options that say how it is found out."""

    parameters: Annotated[
        list[str] | None,
        typer.Option("--parameter", metavar="NAME", help="A parameter or a section; may be given again; all for "
                     "all that declare a range. [default: of coverage and arrangement those of which least is known, "
                     "else all]"),
    ] = None
    method: Annotated[
        str,
        typer.Option("--method", metavar="NAME", help="morris, sobol, tornado, or both: the first, then the others "
                     "over what matters."),
    ] = "both"
    trajectories: Annotated[
        int | None, typer.Option("--trajectories", metavar="N", help="Of the screening. [default: 4, or 16 of those of "
                                 "which least is known]")
    ] = None
    points: Annotated[
        int | None, typer.Option("--points", metavar="N", help="Rows of the indices, a power of two. [default: 128]")
    ] = None
    replicates: Annotated[
        int, typer.Option("--replicates", metavar="N", help="Runs of every arm at every point, at least 2.")
    ] = 2
    few: Annotated[
        int | None, typer.Option("--few", metavar="N", help="Parameters at most that pass to the indices. [default: 5]")
    ] = None
    surrogate: Annotated[
        bool, typer.Option("--surrogate", help="Indices from a Gaussian process in the place of runs.")
    ] = False
    runs_made: Annotated[
        Path | None,
        typer.Option("--from", metavar="RUNS.csv", help="Analyse runs made elsewhere; design.csv lies beside them."),
    ] = None
    quick: Annotated[
        bool, typer.Option("--quick", help="A first look, over the ten parameters of which least is known.")
    ] = False
    seed: options.Seed = 1
    save: Annotated[
        Path | None, typer.Option("--save", metavar="FILE.toml", help="Of least-known: write the list there too.")
    ] = None


def sensitivity(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[question]", show_default=False,
            help="coverage, arrangement, disputes, rights or least-known; --list tells what they ask. "
            "[default: coverage]",
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
    options.language(output.lang)
    from experiments.presets.drivers import QUESTIONS

    if question.listed:
        options.listing({one: what.question for one, what in QUESTIONS.items()} | {
            least_known.NAME: least_known.QUESTION})
        return 0
    name = options.chosen(name or "coverage", [*QUESTIONS, least_known.NAME], "question")
    if name == least_known.NAME:
        shortcuts = {"district.estates": world.estates, "district.sample": world.sample}
        ground = options.read_scenario(world.scenario, world.settings, shortcuts)
        size = least_known.Size(own.quick, own.seed, own.save)
        return least_known.least_known(ground, size, runs, output)
    asked = QUESTIONS[name]
    arms = _arms(asked, question)
    judged = question.outcome or asked.outcome
    other = judged != asked.outcome or arms is not asked.arms
    spec = _spec({"arms": arms, "outcome": judged, "question": "" if other else asked.question},
                 own, world, _varied(own, asked.listed and not other), asked)
    folder = _folder(name, arms if other else None, judged, own.quick)
    aloud = print if own.runs_made is None else None
    return carry_out(spec, output.running(folder, runs, aloud), output)


def _spec(what: dict[str, Any], own: Own, world: options.World, varied: list[str], asked: DriverQuestion) -> Any:
    """Make the spec of an analysis, or of one of runs that were made elsewhere."""
    from experiments.analyses.sensitivity.import_runs import reread_spec
    from experiments.analyses.sensitivity.sensitivity_spec import sensitivity_spec

    size = QUICK if own.quick else LISTED if varied and not own.parameters else USUAL
    changes = options.read_changes(world.settings, dict(asked.world))
    scenario = options.read_scenario(world.scenario, None, options.sized(world, size, own.quick) | changes)
    arms, outcome = what.pop("arms"), what.pop("outcome")
    if own.runs_made is not None:
        return reread_spec(own.runs_made, list(arms), outcome, {**what, "scenario": scenario})
    sizes = {part: size[part] if getattr(own, part) is None else getattr(own, part)
             for part in ("trajectories", "points", "few")}
    return sensitivity_spec(arms, outcome, {
        **what, **sizes, "parameters": varied, "method": own.method, "replicates": own.replicates,
        "surrogate": own.surrogate, "scenario": scenario, "district": world.ground, "changes": changes,
        "seed": own.seed})


def _arms(asked: DriverQuestion, question: Question) -> dict[str, dict[str, Any]]:
    """Return the question's arms, or those that are named instead."""
    from experiments.core.design.strategies import check
    from sim.errors import ScenarioError

    policy, against, under = question.policy, question.against, question.under
    if under is not None and (policy is not None or against is not None):
        raise ScenarioError("--under asks about an outcome under one arm, --policy and --against about a difference of "
                            "two: use one of them.")
    if under is None and policy is None and against is None:
        return asked.arms
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


def _folder(name: str, arms: dict[str, dict[str, Any]] | None, outcome: str, quick: bool) -> Path:
    """Return the default folder; another question has another one."""
    own = "" if arms is None else "-" + "-".join([*(arm.replace(":", "_") for arm in arms), outcome])
    return Path(f"results/sensitivity-{name}{own}" + ("-quick" if quick else ""))
