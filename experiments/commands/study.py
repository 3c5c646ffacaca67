"""``gongzhi study``: one question about one policy, asked and answered."""

from __future__ import annotations

import importlib
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands import options

if TYPE_CHECKING:
    from experiments.lab.comparison import Comparison
    from experiments.lab.study import Study

__all__ = ["NAMES", "find", "study"]

NAMES = ("empowerment", "deliberation", "supervision", "couriers", "enterprises", "emergency")
"""The studies; each is a module of `experiments` of that name."""

QUICK = {"estates": 60, "replicates": 4, "weeks": 104}


def find(name: str) -> Study:
    """Return a study by its name; raise the error that lists them."""
    from sim.errors import ScenarioError, nearest

    if name not in NAMES:
        raise ScenarioError(f'"{name}" is not a study.{nearest(name, NAMES)} There are: {", ".join(NAMES)}.')
    made: Study = importlib.import_module(f"experiments.{name}").STUDY
    return made


def study(
    name: Annotated[str | None, typer.Argument(help=f"One of: {', '.join(NAMES)}.", show_default=False)] = None,
    show: Annotated[bool, typer.Option("--list", help="List the studies and their questions.")] = False,
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
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="Processes. [default: one for each core]")
    ] = None,
    executor: Annotated[str, typer.Option("--executor", metavar="NAME", help="processes or serial.")] = "processes",
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="[default: results/study-NAME]")] = None,
    quiet: options.Quiet = False,
) -> int:
    """Run a study: its question, paired comparison, figure and finding.

    The same command again runs only what is missing.
    """
    if show or name is None:
        width = max(map(len, NAMES))
        for one in NAMES:
            print(f"{one:{width}}  {find(one).question}")
        return 0
    from experiments.lab.execute import Execution
    from experiments.lab.study import run_study

    wanted = find(name)
    if quick:
        estates, replicates, weeks = (
            given or QUICK[size]
            for given, size in ((estates, "estates"), (replicates, "replicates"), (weeks, "weeks"))
        )
    folder = out or Path(f"results/study-{name}" + ("-quick" if quick else ""))
    result = run_study(
        wanted,
        scenario=options.read_scenario(scenario, settings, {}),
        estates=estates,
        replicates=replicates,
        weeks=weeks,
        seed=seed,
        store=folder,
        command=shlex.join(["gongzhi", *sys.argv[1:]]),
        execution=Execution(workers=workers, executor=executor, progress=not quiet),
    )
    return present(wanted, result, quiet)


def present(wanted: Study, result: Comparison, quiet: bool) -> int:
    """Write table, figure and finding of a study, print the finding, and return the exit status."""
    from experiments.lab.plots import style
    from experiments.lab.plots.study import study_figure
    from experiments.lab.study import finding
    from experiments.lab.summary import failures

    if result.outcome.done:
        first, second = finding(wanted, result.table)
        design = result.outcome.design
        note = (
            f"{wanted.title}. {result.table['replicates'].max()} replicates of {design.scenario.run.weeks} weeks on "
            f"{design.grounds[0].estates} estates;\nbars are 95 % intervals of the mean paired difference from "
            f'"{wanted.baseline}", averaged over the weeks from {design.start} on.'
        )
        figure = study_figure(result.table, wanted.baseline, wanted.outcomes, first, note)
        folder = result.folder / "figures"
        folder.mkdir(parents=True, exist_ok=True)
        style.save(figure, folder / wanted.name)
        result.store.write("finding.md", f"# {wanted.title}\n\n{wanted.question}\n\n{first} {second}\n")
        if not quiet:
            print(first)
            print(second)
            print(f"Table, figure and finding are in {result.folder}.")
    if not result.outcome.failed:
        return 0
    print(failures(result), file=sys.stderr)
    return 1
