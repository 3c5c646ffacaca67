"""`gongzhi ablate`: which mechanism carries a policy's effect."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands import options

if TYPE_CHECKING:
    from experiments.lab.ablation import Ablation

__all__ = ["ablate"]

USUAL = {"estates": 240, "replicates": 8, "weeks": 156}
QUICK = {"estates": 60, "replicates": 3, "weeks": 104}


def ablate(
    name: Annotated[
        str | None, typer.Argument(metavar="[policy]", help="One of the policies; without one they are listed.")
    ] = None,
    replicates: Annotated[
        int | None, typer.Option("--replicates", metavar="N", help="Runs of every set of parts. [default: 8]")
    ] = None,
    outcomes: Annotated[
        list[str] | None, typer.Option("--outcome", metavar="NAME", help="What is asked about; may be given again.")
    ] = None,
    weeks: options.Weeks = None,
    settings: options.Set = None,
    scenario: options.ScenarioFile = None,
    district: options.DistrictFile = None,
    columns: options.Map = None,
    estates: options.Estates = None,
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
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="[default: results/ablate-NAME]")] = None,
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> int:
    """Take a policy apart: run every set of its parts, and divide its effect among them; table, figure and report.

    The same command again runs only what is missing.
    """
    options.language(lang)
    from experiments.ablation import POLICIES
    from experiments.lab.ablation import ablate as run
    from sim.errors import ScenarioError, nearest

    if name is None:
        width = max(map(len, POLICIES))
        for one, apart in POLICIES.items():
            print(f"{one:{width}}  {apart.question}")
        return 0
    if name not in POLICIES:
        there_are = f"There are: {', '.join(POLICIES)}."
        raise ScenarioError(f'"{name}" is no policy here.{nearest(name, list(POLICIES))} {there_are}')
    wanted, size = POLICIES[name], QUICK if quick else USUAL
    for changed in options.read_changes(settings, {}):
        if any(changed in changes for changes in (wanted.policy, *wanted.parts.values())):
            raise ScenarioError(f"{changed} is what the policy or one of its parts sets: with --set it would be lost.")
    folder = out or Path(f"results/ablate-{name}" + ("-quick" if quick else ""))
    ground = options.read_district(district, columns, estates, scenario, settings)
    shortcuts = options.sizes(
        scenario, ground, quick, weeks=(weeks, size["weeks"]), estates=(estates, size["estates"])) | wanted.world
    try:
        made = run(
            wanted.policy, wanted.parts, outcomes=outcomes or list(wanted.outcomes), district=ground,
            scenario=options.read_scenario(scenario, settings, shortcuts), store=folder, seed=seed,
            replicates=size["replicates"] if replicates is None else replicates, question=wanted.question,
            command=options.typed(),
            execution=options.execution(workers, executor, quiet, retry_failed),
        )  # fmt: skip
    except KeyboardInterrupt:
        raise KeyboardInterrupt(options.stopped(folder)) from None
    return present(made, name, lang, quiet)


def present(made: Ablation, name: str, lang: str, quiet: bool) -> int:
    """Draw the figure and write the report, show the values, and return the exit status."""
    from experiments.lab.report import ablation as report

    folder, whole = made.swept.store.folder, made.table["replicates"].gt(0).any()
    if whole:
        report.write(made, name, lang)
    if not quiet:
        shown = made.table[["outcome", "part", "shapley", "ci_low", "ci_high", "left_out"]]
        print(shown.to_string(index=False, float_format=lambda value: f"{value:+.4g}"))
        print(f"{'report.html, figure, ' if whole else ''}ablation.csv and runs.csv are in {folder}.")
    if made.swept.outcome.failed:
        options.say(f"{len(made.swept.outcome.failed)} runs failed; experiment.json names them.")
        return 1
    return 0
