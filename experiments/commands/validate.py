"""`gongzhi validate`: the model beside data, and beside rivals that lack one of its mechanisms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands import options

if TYPE_CHECKING:
    from experiments.lab.validate.targets import Target
    from experiments.lab.validate.validation import Validation
    from sim import District, Scenario

__all__ = ["validate"]

USUAL = {"estates": 1034, "replicates": 8, "pilots": 3}
QUICK = {"estates": 100, "replicates": 4, "pilots": 1}


def validate(
    targets: Annotated[
        Path | None,
        typer.Option("--targets", metavar="FILE.csv", help="Figures of data. [default: those of docs/validation.md]"),
    ] = None,
    observed: Annotated[
        Path | None,
        typer.Option("--observed", metavar="FILE.csv",
                     help="Disputes of your --district: estate, week, category, count, optional resolved_days."),
    ] = None,
    replicates: Annotated[
        int | None,
        typer.Option("--replicates", metavar="N", help="Runs of the model and of each rival. [default: 8]"),
    ] = None,
    pilots: Annotated[
        int | None,
        typer.Option("--pilots", metavar="N", help="How often rivals are fitted again before they are judged; "
                                                   "0 leaves them as they are. [default: 3]"),
    ] = None,
    rivals: Annotated[
        list[str] | None,
        typer.Option("--rival", metavar="NAME", help="Only this rival; may be given again. [default: all]"),
    ] = None,
    weeks: options.Weeks = None,
    settings: options.Set = None,
    scenario: options.ScenarioFile = None,
    district: options.DistrictFile = None,
    columns: options.Map = None,
    estates: options.Estates = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="A first look: {estates} estates, {replicates} replicates, {pilots} pilot.".format(
            **QUICK)),
    ] = False,
    seed: options.Seed = 1,
    workers: options.Workers = None,
    executor: options.Executor = "processes",
    extend: Annotated[bool, typer.Option("--extend", help="Add replicates to what the folder holds.")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="[default: results/validate]")] = None,
    docs: Annotated[
        Path | None,
        typer.Option("--docs", metavar="PAGE.md", help="Write the page of the documentation too, with its figure."),
    ] = None,
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> int:
    """Set the model beside published figures, and beside rivals that lack one of its mechanisms.

    A rival is fitted again before it is judged; what it still meets is no evidence for what it lacks. Runs last one
    year after the warm-up, as the data do, unless --weeks says otherwise. The same command again runs only what is
    missing.
    """
    from experiments.lab.validate.validation import validate as run
    from experiments.validation import QUESTION

    options.language(lang)
    size = QUICK if quick else USUAL
    chosen = _rivals(rivals)
    folder = out or Path("results/validate" + ("-quick" if quick else ""))
    page = None if docs is None else options.target(docs)
    ground = options.read_district(district, columns, estates, scenario, settings)
    sizes = options.sizes(scenario, ground, quick, estates=(estates, size["estates"]))
    world = _world(scenario, settings, weeks, sizes)
    figures = _targets(targets, observed, ground, world)
    try:
        made = run(
            chosen, figures, scenario=world, district=ground, seed=seed, store=folder, extend=extend,
            replicates=size["replicates"] if replicates is None else replicates,
            pilots=size["pilots"] if pilots is None else pilots, question=QUESTION,
            command=options.typed(),
            execution=options.execution(workers, executor, quiet),
        )  # fmt: skip
    except KeyboardInterrupt:
        raise KeyboardInterrupt(options.stopped(folder)) from None
    status = present(made, lang, quiet)
    if page is not None and made.swept.outcome.done:
        _write_page(made, page)
    return status


def _rivals(names: list[str] | None) -> dict[str, Any]:
    from experiments.validation import NULLS
    from sim.errors import ScenarioError, nearest

    for name in names or []:
        if name not in NULLS:
            raise ScenarioError(f'"{name}" is no rival.{nearest(name, list(NULLS))} There are: {", ".join(NULLS)}.')
    return {name: null for name, null in NULLS.items() if names is None or name in names}


def _world(scenario: Path | None, settings: list[str] | None, weeks: int | None, sizes: dict[str, int]) -> Scenario:
    """The scenario; unless an option says otherwise, of one year after its warm-up, as the data are."""
    from experiments.lab.validate.filings import YEAR

    world = options.read_scenario(scenario, settings, sizes | {"run.weeks": weeks})
    if weeks is None and "run.weeks" not in options.read_changes(settings, {}):
        world = world.replace({"run.weeks": world.run.warmup + YEAR})
    return world


def _targets(
    table: Path | None, observed: Path | None, ground: District | None, world: Scenario,
) -> dict[str, Target]:
    """Figures of data: a user's own, else the shipped ones, and of the ground where it is the usual one."""
    from experiments.lab.validate.observed import observed_targets, read_observed
    from experiments.lab.validate.targets import ground_targets, read_targets, shipped
    from sim import Scenario
    from sim.errors import DistrictError

    found = {} if table is None else read_targets(table)
    if observed is not None:
        if ground is None:
            raise DistrictError("--observed tells of disputes in estates of your own: give them with --district.")
        found |= observed_targets(read_observed(observed, ground), source=observed.name)
    if table is not None or observed is not None:
        return found
    usual = ground is None and world.district.estates == Scenario().district.estates
    return shipped() | (ground_targets() if usual else {})


def present(made: Validation, lang: str, quiet: bool) -> int:
    """Draw the figure, write the report, say what was found, and return the exit status."""
    from experiments.lab.plots import style
    from experiments.lab.report.brief import write_brief
    from experiments.lab.report.validation import brief_of

    folder, info = made.folder, made.swept.store.read()
    if made.swept.outcome.done:
        (folder / "figures").mkdir(exist_ok=True)
        picture = style.save(made.figure(lang), folder / "figures" / "validation", style.language(lang)[0])
        brief = brief_of(made, picture, info, lang)
        write_brief(brief, folder / "report.html", lang)
        if not quiet:
            for text in brief.findings:
                print(text)
            print(f"validation.csv, rivals.csv, runs.csv, report.html and the figure are in {folder}.")
    for text in made.swept.outcome.warnings:
        options.say(f"Warning from the runs: {text}")
    if made.swept.outcome.failed:
        options.say(f"{len(made.swept.outcome.failed)} runs failed; {folder / 'main' / 'experiment.json'} names them.")
        return 1
    return 0


def _write_page(made: Validation, page: Path) -> None:
    """Write the page, and the figure into the folder `figures` beside it."""
    from experiments.lab.plots import style
    from experiments.lab.report.validation_tables import written
    from experiments.lab.store.files import replace_file

    plan = made.swept.plan
    estates = plan.scenario.district.estates if plan.district is None else plan.district.estates
    note = (f"Made by `gongzhi validate`: {estates} estates, {plan.scenario.run.weeks} weeks, {plan.replicates} "
            "replicates; not edited by hand.")
    (page.parent / "figures").mkdir(exist_ok=True)
    replace_file(page.parent / "figures" / "validation.png", style.png(made.figure("en")))
    replace_file(page, written(made, note, "figures/validation.png").encode())
