"""``gongzhi fidelity``: the study sentence by sentence, with the size of each in the model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli import options

__all__ = ["fidelity"]

SIZES = {"estates": 200, "replicates": 12, "weeks": 130}


@dataclass(frozen=True)
class Page:
    """Options of the page: its files, and whether sizes are measured."""

    rows: Annotated[Path, typer.Option("--rows", metavar="FILE.toml", help="The table of sentences.")] = Path(
        "docs/fidelity.toml"
    )
    sizes: Annotated[Path, typer.Option("--sizes", metavar="FILE.csv", help="Sizes that were measured.")] = Path(
        "docs/fidelity.csv"
    )
    out: Annotated[Path, typer.Option("--out", metavar="FILE.md", help="The page.")] = Path("docs/fidelity.md")
    measure: Annotated[bool, typer.Option("--measure", help="Measure all sizes anew, in paired runs.")] = False
    replicates: Annotated[int, typer.Option("--replicates", metavar="N", help="Pairs.")] = SIZES["replicates"]
    seed: options.Seed = 1
    store: Annotated[
        Path, typer.Option("--store", metavar="FOLDER", help="Where runs are kept.")
    ] = Path("results/fidelity")
    quiet: options.Quiet = False


def fidelity(page: Page, world: options.Synthetic, runs: options.Runs) -> None:
    """Write what the model makes of each sentence of the study; with --measure, measure how large each is."""
    from experiments.analyses.fidelity import measured, read_rows, read_sizes, write_sizes
    from experiments.analyses.fidelity import page as written

    table = read_rows(page.rows)
    if page.measure:
        sizes = {"district.sample": world.sample} | {
            name: SIZES[part] if getattr(world, part) is None else getattr(world, part)
            for name, part in (("district.estates", "estates"), ("run.weeks", "weeks"))}
        found = measured(
            table, options.read_scenario(world.scenario, world.settings, sizes), replicates=page.replicates,
            seed=page.seed, out=page.store, command=options.typed(), execution=runs.to_execution(page.quiet))
        write_sizes(options.target(page.sizes), found)
    options.target(page.out).write_text(written(table, read_sizes(page.sizes)), encoding="utf-8")
    print(f"{page.out}: {len(table)} sentences of the study.")
