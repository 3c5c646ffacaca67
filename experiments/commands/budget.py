"""`gongzhi budget`: the best coverage within so many hours of cadres a week."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands import options

if TYPE_CHECKING:
    from experiments.lab.budget.search import Search
    from sim import District, Scenario

__all__ = ["budget"]


def budget(
    hours: Annotated[
        list[float] | None,
        typer.Argument(metavar="[HOURS]...", help="Cadre hours a week in the whole district; without any, advice."),
    ] = None,
    outcome: Annotated[
        str, typer.Option("--outcome", metavar="NAME", help="By what coverage is chosen: conflicts, order, ...")
    ] = "standing",
    candidates: Annotated[
        int | None, typer.Option("--candidates", metavar="N", help="Coverages that race. [default: 24]")
    ] = None,
    replicates: Annotated[
        int | None, typer.Option("--replicates", metavar="N", help="Runs of each in the first heat. [default: 3]")
    ] = None,
    confirm: Annotated[
        int | None, typer.Option("--confirm", metavar="N", help="Replicates of fresh chance afterwards. [default: 24]")
    ] = None,
    policy: options.Policy = None,
    weeks: options.Weeks = None,
    settings: options.Set = None,
    scenario: options.ScenarioFile = None,
    district: options.DistrictFile = None,
    columns: options.Map = None,
    estates: options.Estates = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="A first look: 60 estates, 104 weeks, 9 candidates, fewer replicates.")
    ] = False,
    seed: options.Seed = 1,
    workers: options.Workers = None,
    executor: options.Executor = "processes",
    lang: options.Lang = "en",
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="[default: results/budget-HOURS]")] = None,
    quiet: options.Quiet = False,
) -> int:
    """Search for the best coverage within numbers of cadre hours, by simulation, against the usual ones and the desks.

    The same command again runs only what is missing.
    """
    from experiments.budget import QUESTION, QUICK, USUAL
    from experiments.lab.budget.search import budget as search

    size = QUICK if quick else USUAL
    options.language(lang)
    ground = options.read_district(district, columns, estates, scenario, settings)
    shortcuts = options.sizes(
        scenario, ground, quick, weeks=(weeks, size.weeks), estates=(estates, size.estates))
    world = options.read_scenario(scenario, settings, shortcuts)
    if not hours:
        print(_usual(world, ground))
        return 0
    name = "-".join(f"{one:g}" for one in sorted(set(hours)))
    within = policy if policy not in (None, options.COVERAGE) else ""
    ending = "".join(f"-{word}" for word in (outcome if outcome != "standing" else "", within, "quick" if quick else "")
                     if word)
    folder = out or Path(f"results/budget-{name}{ending}")
    try:
        made = search(
            hours, outcome=outcome, candidates=size.candidates if candidates is None else candidates,
            replicates=size.replicates if replicates is None else replicates,
            confirm=size.confirm if confirm is None else confirm, scenario=world, district=ground, seed=seed,
            store=folder, question=QUESTION, policy=policy or options.COVERAGE, command=options.typed(),
            execution=options.execution(workers, executor, quiet),
        )  # fmt: skip
    except KeyboardInterrupt:
        raise KeyboardInterrupt(options.stopped(folder)) from None
    return present(made, lang, quiet)


def _usual(world: Scenario, ground: District | None) -> str:
    """Say how many hours coverage takes here, so that a number can be chosen."""
    from experiments.lab.budget.rules import full_hours
    from experiments.lab.design.planning import grounds

    place = grounds(world, ground, 1)[0]
    full = full_hours(place, world)
    some = " ".join(f"{float(f'{share * full:.2g}'):g}" for share in (0.25, 0.5, 0.75))
    return (f"Full coverage of {place.estates} estates takes {full:,.0f} cadre hours a week. "
            f"Give one or more numbers below: gongzhi budget {some}")


def present(made: Search, lang: str, quiet: bool) -> int:
    """Draw the figures, write the report, say what was found, and return the exit status."""
    from experiments.budget import QUESTION
    from experiments.lab.plots import style
    from experiments.lab.plots.budget import front_figure, race_figure
    from experiments.lab.plots.budget_words import findings
    from experiments.lab.report.budget import write_report
    from experiments.reporting.catalogue import gettext

    figures = made.folder / "figures"
    figures.mkdir(exist_ok=True)
    drawn, _ = style.language(lang)
    front = style.save(front_figure(made, lang), figures / "front", drawn)
    races = [style.save(race_figure(made, one, lang), figures / f"race-{one:g}", drawn) for one in made.hours]
    asked = gettext(lang, QUESTION)
    if made.policy != options.COVERAGE:
        asked += gettext(lang, " Each is the coverage of the study's whole arrangement.")
    write_report(made, asked, front, races, lang)
    if not quiet:
        for text in findings(made, lang):
            print(text)
        plugins = ", ".join(f"best-{one:g}.py" for one in made.hours)
        print(f"report.html, front.csv, candidates.csv, {plugins} and figures are in {made.folder}.")
    for text in dict.fromkeys(text for swept in [*made.rounds, made.confirmed] for text in swept.outcome.warnings):
        options.say(f"Warning from the runs: {text}")
    if made.failed:
        options.say(f"{made.failed} runs failed; experiment.json of each heat names them.")
    return 1 if made.failed else 0
