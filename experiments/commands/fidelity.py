"""``gongzhi fidelity``: the study sentence by sentence, with the size of each in the model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands import options

__all__ = ["fidelity"]

SIZES = {"estates": 200, "replicates": 12, "weeks": 130}


def fidelity(
    rows: Annotated[Path, typer.Option("--rows", metavar="FILE.toml", help="The table of sentences.")] = Path(
        "docs/fidelity.toml"
    ),
    sizes: Annotated[Path, typer.Option("--sizes", metavar="FILE.csv", help="Sizes that were measured.")] = Path(
        "docs/fidelity.csv"
    ),
    out: Annotated[Path, typer.Option("--out", metavar="FILE.md", help="The page.")] = Path("docs/fidelity.md"),
    measure: Annotated[bool, typer.Option("--measure", help="Measure all sizes anew, in paired runs.")] = False,
    replicates: Annotated[int, typer.Option("--replicates", metavar="N", help="Pairs.")] = SIZES["replicates"],
    weeks: options.Weeks = None,
    estates: options.Estates = None,
    settings: options.Set = None,
    scenario: options.ScenarioFile = None,
    seed: options.Seed = 1,
    workers: options.Workers = None,
    executor: options.Executor = "processes",
    store: Annotated[
        Path, typer.Option("--store", metavar="FOLDER", help="Where runs are kept.")
    ] = Path("results/fidelity"),
    quiet: options.Quiet = False,
) -> None:
    """Write what the model makes of each sentence of the study; with --measure, measure how large each is."""
    from experiments.lab.fidelity import measured, page, read_rows, read_sizes, write_sizes

    table = read_rows(rows)
    if measure:
        world = options.read_scenario(scenario, settings, {
            "district.estates": SIZES["estates"] if estates is None else estates,
            "run.weeks": SIZES["weeks"] if weeks is None else weeks,
        })  # fmt: skip
        found = measured(
            table, world, replicates=replicates, seed=seed, store=store, command=options.typed(),
            execution=options.execution(workers, executor, quiet),
        )  # fmt: skip
        write_sizes(options.target(sizes), found)
    options.target(out).write_text(page(table, read_sizes(sizes)), encoding="utf-8")
    print(f"{out}: {len(table)} sentences of the study.")
