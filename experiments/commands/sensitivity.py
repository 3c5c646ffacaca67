"""`gongzhi sensitivity`: which parameters drive an outcome, or the effect of a policy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands import options

if TYPE_CHECKING:
    from experiments.drivers import Asked
    from experiments.lab.sensitivity import Sensitivity

__all__ = ["sensitivity"]

USUAL = {"estates": 16, "weeks": 52, "warmup": 26, "trajectories": 4, "points": 128, "few": 5}
QUICK = {"estates": 12, "weeks": 46, "warmup": 20, "trajectories": 4, "points": 16, "few": 3}
LISTED = {**USUAL, "estates": 60, "trajectories": 16}
"""Of a few parameters more can be asked."""

EVERYTHING = "all"
FIRST_LOOK = 10
"""Parameters at the head of the list of what is least known."""


def sensitivity(
    name: Annotated[
        str,
        typer.Argument(
            metavar="[question]",
            help="coverage, arrangement, disputes, rights or least-known; --list tells what they ask.",
        ),
    ] = "coverage",
    listed: Annotated[bool, typer.Option("--list", help="List the questions.")] = False,
    outcome: Annotated[
        str | None, typer.Option("--outcome", metavar="NAME", help="By what it is judged. [default: the question's]")
    ] = None,
    policy: Annotated[
        str | None, typer.Option("--policy", metavar="ARM", help="A strategy whose effect is asked about.")
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", metavar="ARM", help="What the policy is set against. [default: none]")
    ] = None,
    under: Annotated[
        str | None, typer.Option("--under", metavar="ARM", help="Ask about the outcome itself under this strategy.")
    ] = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option("--parameters", metavar="NAME", help="A parameter or a section; may be given again; all for "
                     "all that declare a range. [default: of coverage and arrangement those of which least is known, "
                     "else all]"),
    ] = None,
    method: Annotated[
        str,
        typer.Option("--method", metavar="NAME", help="morris, sobol, tornado, or both: the first, then the others "
                     "over what matters."),
    ] = "both",
    trajectories: Annotated[
        int | None, typer.Option("--trajectories", metavar="N", help="Of the screening. [default: 4, or 16 of those of "
                                 "which least is known]")
    ] = None,
    points: Annotated[
        int | None, typer.Option("--points", metavar="N", help="Rows of the indices, a power of two. [default: 128]")
    ] = None,
    replicates: Annotated[
        int, typer.Option("--replicates", metavar="N", help="Runs of every arm at every point, at least 2.")
    ] = 2,
    few: Annotated[
        int | None, typer.Option("--few", metavar="N", help="Parameters at most that pass to the indices. [default: 5]")
    ] = None,
    surrogate: Annotated[
        bool, typer.Option("--surrogate", help="Indices from a Gaussian process in the place of runs.")
    ] = False,
    runs: Annotated[
        Path | None,
        typer.Option("--from", metavar="RUNS.csv", help="Analyse runs made elsewhere; design.csv lies beside them."),
    ] = None,
    weeks: options.Weeks = None,
    settings: options.Set = None,
    scenario: options.ScenarioFile = None,
    district: options.DistrictFile = None,
    columns: options.Map = None,
    estates: options.Estates = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="A first look, over the ten parameters of which least is known.")
    ] = False,
    seed: options.Seed = 1,
    workers: options.Workers = None,
    executor: options.Executor = "processes",
    lang: options.Lang = "en",
    save: Annotated[
        Path | None, typer.Option("--save", metavar="FILE.toml", help="Of least-known: write the list there too.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="[default: results/sensitivity-QUESTION]")
    ] = None,
    quiet: options.Quiet = False,
) -> int:
    """Screen parameters, divide the variance among those that matter, and show what each does alone.

    The same command again runs only what is missing.
    """
    options.language(lang)
    from experiments.commands import least_known
    from experiments.drivers import QUESTIONS
    from experiments.lab.sensitivity import reread
    from experiments.lab.sensitivity import sensitivity as run
    from sim.errors import ScenarioError, nearest

    if listed:
        width = max(map(len, [*QUESTIONS, least_known.NAME]))
        for one, what in QUESTIONS.items():
            print(f"{one:{width}}  {what.question}")
        print(f"{least_known.NAME:{width}}  {least_known.QUESTION}")
        return 0
    if name == least_known.NAME:
        home = out or Path("results/sensitivity-least-known" + ("-quick" if quick else ""))
        world = options.read_scenario(scenario, settings, {"district.estates": estates})
        return least_known.least_known(world, home, save, quick, seed, workers, executor, quiet)
    if name not in QUESTIONS:
        names = [*QUESTIONS, least_known.NAME]
        raise ScenarioError(f'"{name}" is no question here.{nearest(name, names)} There are: {", ".join(names)}.')
    asked = QUESTIONS[name]
    arms = _arms(asked, policy, against, under)
    judged = outcome or asked.outcome
    own = judged != asked.outcome or arms is not asked.arms
    folder = out or _folder(name, arms if own else None, judged, quick)
    varied = _varied(parameters, asked.listed and not own, quick)
    size = QUICK if quick else LISTED if varied and not parameters else USUAL
    command = options.typed()
    ground = options.read_district(district, columns, estates, scenario, settings)
    changes = options.read_changes(settings, dict(asked.world))
    shortcuts = options.sizes(
        scenario, ground, quick, weeks=(weeks, size["weeks"]), warmup=(None, size["warmup"]),
        estates=(estates, size["estates"]))
    world = options.read_scenario(scenario, None, shortcuts | changes)
    question = "" if own else asked.question
    try:
        if runs is not None:
            found = reread(runs, list(arms), judged, scenario=world, folder=folder, question=question, command=command)
        else:
            found = run(
                arms, judged, parameters=varied, method=method,
                trajectories=size["trajectories"] if trajectories is None else trajectories,
                points=size["points"] if points is None else points, replicates=replicates,
                few=size["few"] if few is None else few, surrogate=surrogate, scenario=world, district=ground,
                changes=changes, seed=seed, question=question, store=folder, command=command,
                execution=options.execution(workers, executor, quiet),
                say=None if quiet else print,
            )  # fmt: skip
    except KeyboardInterrupt:
        raise KeyboardInterrupt(options.stopped(folder)) from None
    return present(found, lang, quiet)


def present(found: Sensitivity, lang: str, quiet: bool) -> int:
    """Write figures and report, say what was found, and return the exit status."""
    from experiments.lab.report.sensitivity import findings

    path = found.report(lang=lang)
    if not quiet:
        for text in findings(found, lang):
            print(text)
        print(f"Tables, figures and {path.name} are in {found.folder}.")
    if found.failed:
        options.say(f"{found.failed} runs failed; experiment.json of each step names them.")
        return 1
    return 0


def _arms(asked: Asked, policy: str | None, against: str | None, under: str | None) -> dict[str, dict[str, Any]]:
    """Return the question's arms, or those that are named instead."""
    from experiments.lab.design.strategies import check
    from sim.errors import ScenarioError

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


def _varied(named: list[str] | None, listed: bool, quick: bool) -> list[str]:
    """Return the parameters to vary: those named, the head of the list of what is least known, or none for all.

    Parameters
    ----------
    named
        As typed.
    listed
        Whether the list was made for this question: for these arms, and by this outcome.
    quick
        For a first look.
    """
    from experiments.lab.assumptions.least_known import USED, LeastKnown
    from experiments.lab.assumptions.over import SHIPPED

    if named:
        return [] if named == [EVERYTHING] else named
    head = FIRST_LOOK if quick else USED if listed else 0
    return LeastKnown.read(SHIPPED).head(head).names if head else []


def _folder(name: str, arms: dict[str, dict[str, Any]] | None, outcome: str, quick: bool) -> Path:
    """Return the default folder; another question has another one."""
    own = "" if arms is None else "-" + "-".join([*(arm.replace(":", "_") for arm in arms), outcome])
    return Path(f"results/sensitivity-{name}{own}" + ("-quick" if quick else ""))
