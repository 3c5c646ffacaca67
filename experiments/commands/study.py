"""``gongzhi study``: one question about one policy, asked and answered."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands import options

if TYPE_CHECKING:
    from types import ModuleType

    from experiments.lab.compare.comparison import Comparison
    from experiments.lab.run.execute import Execution
    from experiments.lab.study.study import Study
    from sim import Scenario

__all__ = ["NAMES", "STUDIES", "SWEEPS", "find", "question", "study"]

STUDIES = ("empowerment", "deliberation", "supervision", "couriers", "enterprises", "emergency")
"""Paired comparisons of a policy's parts; each is a module of `experiments` of that name."""

SWEEPS = ("channels", "systems", "signs", "assumptions")
"""Sweeps over all policies, likewise."""

NAMES = (*STUDIES, *SWEEPS)

QUICK = {"estates": 60, "replicates": 4, "weeks": 104}
SIZES = {
    "channels": {"estates": 200, "replicates": 4, "weeks": 130},
    "systems": {"estates": 240, "replicates": 8, "weeks": 156},
    "signs": {"estates": 60, "replicates": 1, "weeks": 130},
    "assumptions": {"estates": 240, "replicates": 4, "weeks": 130},
}
WORLDS = {"usual": 80, "quick": 8}
"""Points of a sweep of signs."""


def find(name: str) -> ModuleType:
    """Return a study's module by its name; raise the error that lists them."""
    from sim.errors import ScenarioError, nearest

    if name not in NAMES:
        raise ScenarioError(f'"{name}" is not a study.{nearest(name, NAMES)} There are: {", ".join(NAMES)}.')
    return importlib.import_module(f"experiments.{name}")


def question(name: str) -> str:
    """Return what a study asks."""
    module = find(name)
    return str(module.STUDY.question if name in STUDIES else module.QUESTION)


def study(
    name: Annotated[str | None, typer.Argument(help=f"One of: {', '.join(NAMES)}.", show_default=False)] = None,
    show: Annotated[bool, typer.Option("--list", help="List the studies and their questions.")] = False,
    collect: Annotated[
        Path | None, typer.Option("--collect", metavar="FILE.md", help="Put what results/study-* hold on one page.")
    ] = None,
    replicates: Annotated[
        int | None, typer.Option("--replicates", metavar="N", help="Runs of every arm. [default: the study's own]")
    ] = None,
    weeks: options.Weeks = None,
    estates: options.Estates = None,
    settings: options.Set = None,
    scenario: options.ScenarioFile = None,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help="A first look: {estates} estates, {replicates} replicates, {weeks} weeks.".format(**QUICK)
        ),
    ] = False,
    seed: options.Seed = 1,
    workers: options.Workers = None,
    executor: options.Executor = "processes",
    retry_failed: options.RetryFailed = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="[default: results/study-NAME]")] = None,
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> int:
    """Run a study: its question, paired comparison, figure, finding and report.

    The same command again runs only what is missing.
    """
    options.language(lang)
    if collect is not None:
        print(f"{collect}: {collected(options.target(collect))} studies.")
        return 0
    if show or name is None:
        width = max(map(len, NAMES))
        for one in NAMES:
            print(f"{one:{width}}  {question(one)}")
        return 0
    from experiments.lab.study.study import run_study

    module = find(name)
    if quick:
        estates, replicates, weeks = (
            QUICK[size] if given is None else given
            for given, size in ((estates, "estates"), (replicates, "replicates"), (weeks, "weeks"))
        )
    folder = out or Path(f"results/study-{name}" + ("-quick" if quick else ""))
    world = options.read_scenario(scenario, settings, {})
    command = options.typed()
    execution = options.execution(workers, executor, quiet, retry_failed)
    if name in SWEEPS:
        given = {"estates": estates, "replicates": replicates, "weeks": weeks}
        size = SIZES[name] | {part: value for part, value in given.items() if value is not None}
        worlds = WORLDS["quick" if quick else "usual"]
        try:
            page = sweep(name, module, world, size, worlds, folder, command, seed, execution, lang)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(options.stopped(folder)) from None
        if not quiet:
            print(page)
            print(f"The page, its tables and report.html are in {folder}.")
        return 0
    wanted = module.STUDY
    try:
        result = run_study(
            wanted, scenario=world, estates=estates, replicates=replicates, weeks=weeks, seed=seed, store=folder,
            command=command, execution=execution,
        )  # fmt: skip
    except KeyboardInterrupt:
        raise KeyboardInterrupt(options.stopped(folder)) from None
    return present(wanted, result, lang, quiet)


def collected(page: Path) -> int:
    """Put the findings and figures of the studies that have been run on one page; return how many there were."""
    import shutil

    from sim.errors import StoreError

    if not any(Path("results").glob("study-*/*.md")):
        raise StoreError(f"There is nothing to put on {page}: run a study first, as in `gongzhi study couriers`.")
    figures = page.parent / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    lines = [
        "# Studies",
        "",
        "One question about one policy each. `gongzhi study NAME` runs one, and writes table, figure and finding;",
        "`gongzhi study --list` names them all. The findings below are written from the numbers by that command,",
        "whichever way they point; a mark in a figure is a mean paired difference with its 95 % interval. What a",
        "finding says holds for the default values of what is not known: [where policies help and where they",
        "harm](signs.md) varies these, and [what each system moves](systems.md) puts all systems side by side.",
        "",
    ]
    found = 0
    for name in STUDIES:
        folder = Path(f"results/study-{name}")
        if not (folder / "finding.md").exists():
            continue
        found += 1
        text = (folder / "finding.md").read_text(encoding="utf-8").removeprefix("# ")
        shutil.copyfile(folder / "figures" / f"{name}.png", figures / f"study_{name}.png")
        lines += [f"## {text}", f"![{find(name).STUDY.title}](figures/study_{name}.png)", "",
                  f"`gongzhi study {name}`; the arms are on [one page](../experiments/{name}.py).", ""]
    for name in SWEEPS:
        source = Path(f"results/study-{name}/{name}.md")
        if source.exists():
            found += 1
            for written in source.parent.glob(f"{name}*.md"):
                shutil.copyfile(written, page.parent / written.name)
            shutil.copyfile(source.parent / "figures" / f"{name}.png", figures / f"{name}.png")
    page.write_text("\n".join(lines), encoding="utf-8")
    return found


def sweep(
    name: str, module: ModuleType, world: Scenario, size: dict[str, int], worlds: int, folder: Path, command: str,
    seed: int, execution: Execution, lang: str,
) -> str:
    """Run a sweep over all policies and return its page."""
    from experiments.lab.study.pages import Size, assumptions_page, channels_page, signs_page, systems_page

    large = Size(**size, worlds=worlds)
    if name == "channels":
        return channels_page(module.WORLDS, world, large, folder, module.QUESTION, command, seed, execution, lang)
    if name == "assumptions":
        return assumptions_page(module.CONVENTIONS, module.POLICIES, world, large, folder, module.QUESTION, command,
                                seed, execution, lang)
    if name == "systems":
        return systems_page(module.SYSTEMS, world, large, folder, module.QUESTION, command, seed, execution, lang)
    return signs_page(module.POLICIES, world, large, folder, module.QUESTION, command, seed, execution, lang)


def present(wanted: Study, result: Comparison, lang: str, quiet: bool) -> int:
    """Write figure, finding and report of a study, print the finding, and return the exit status."""
    from experiments.lab.compare.summary import failures
    from experiments.lab.report import study as report
    from experiments.lab.study.study import finding

    if len(result.table):
        report.write(wanted, result, lang)
    if not quiet:
        print("\n".join(finding(wanted, result.table, lang)) if len(result.table) else "No run is finished.")
        print(f"{'report.html, figure, finding and ' * bool(len(result.table))}table are in {result.folder}.")
    if not result.outcome.failed:
        return 0
    options.say(failures(result))
    return 1
