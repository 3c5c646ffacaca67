"""`gongzhi sweep`: the model at many points of what is not known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands import options

if TYPE_CHECKING:
    from experiments.lab.sweep.swept import Swept

__all__ = ["sweep"]


def sweep(
    design: Annotated[Path, typer.Argument(metavar="DESIGN.toml", help="What varies, how, and what is kept.")],
    replicates: Annotated[
        int | None, typer.Option("--replicates", metavar="N", help="Runs of every arm at every point, in all.")
    ] = None,
    weeks: options.Weeks = None,
    settings: options.Set = None,
    scenario: options.ScenarioFile = None,
    district: options.DistrictFile = None,
    columns: options.Map = None,
    estates: options.Estates = None,
    sample: options.Sample = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="In place of the design's.")] = None,
    workers: options.Workers = None,
    executor: options.Executor = "processes",
    retry_failed: options.RetryFailed = False,
    extend: Annotated[bool, typer.Option("--extend", help="Add replicates to what the folder holds.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="[default: results/sweep-NAME of the design]")
    ] = None,
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> int:
    """Run the model at many points, with common random numbers; tables, figures and report.

    The same command again runs only what is missing.
    """
    options.language(lang)
    from experiments.lab.sweep.swept import sweep as run

    folder = out or Path(f"results/sweep-{design.stem}")
    world = options.read_scenario(scenario, None, {})
    changes = options.read_changes(settings, {"district.estates": estates, "district.sample": sample})
    ground = options.read_district(district, columns, estates, scenario, settings)
    try:
        result = run(
            design, scenario=world, district=ground, replicates=replicates, weeks=weeks, seed=seed,
            changes=changes, store=folder, extend=extend, command=options.typed(),
            execution=options.execution(workers, executor, quiet, retry_failed),
        )  # fmt: skip
    except KeyboardInterrupt:
        raise KeyboardInterrupt(options.stopped(folder)) from None
    return present(result, lang, quiet)


def present(result: Swept, lang: str, quiet: bool) -> int:
    """Draw figures and write the report, say where everything is, and return the exit status."""
    from experiments.lab.report import sweep as report

    if result.outcome.done:
        report.write(result, lang)
    if not quiet:
        done, failed = len(result.runs), len(result.outcome.failed)
        print(f"{len(result.points)} points, {done} runs" + (f", {failed} failed" if failed else "") + ".")
        made = "report.html, figures, " if result.outcome.done else ""
        print(f"{made}points.csv, runs.csv and table.csv are in {result.store.folder}.")
    for text in result.outcome.warnings:
        options.say(f"Warning from the runs: {text}")
    if not result.outcome.failed:
        return 0
    place = {label: key for key, label in result.plan.labels.items()}
    named = [(place.get(run.arm, (-1, "")), result.outcome.failed[run.key])
             for run in result.outcome.design.runs if run.key in result.outcome.failed]
    for (point, arm), message in named[:10]:
        options.say(f'Failed: point {point}{f", arm {arm}" if arm else ""}: {message}')
    if len(named) > 10:
        options.say(f"and {len(named) - 10} more")
    return 1
