"""`gongzhi sweep`: the model at many points of what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli import options
from experiments.cli.present import carry_out

__all__ = ["sweep"]


@dataclass(frozen=True)
class Own:
    """Options of a sweep."""

    replicates: Annotated[
        int | None, typer.Option("--replicates", metavar="N", help="Runs of every arm at every point, in all.")
    ] = None
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="In place of the design's.")] = None


def sweep(
    design: Annotated[Path, typer.Argument(metavar="DESIGN.toml", help="What varies, how, and what is kept.")],
    own: Own,
    world: options.World,
    runs: options.Growing,
    output: options.Output,
) -> int:
    """Run the model at many points, with common random numbers; tables, figures and report.

    The same command again runs only what is missing.
    """
    options.language(output.lang)
    from experiments.analyses.sweep.sweep_spec import SweepSpec

    shortcuts = {name: value for name, value in world.shortcuts.items() if name != "run.weeks"}
    spec = SweepSpec.asked_of(design, {
        "scenario": options.read_scenario(world.scenario, None, {}), "district": world.ground,
        "replicates": own.replicates, "weeks": world.weeks, "seed": own.seed,
        "changes": options.read_changes(world.settings, shortcuts)})
    return carry_out(spec, output.running(Path(f"results/sweep-{design.stem}"), runs), output)
