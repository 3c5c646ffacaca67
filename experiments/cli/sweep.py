"""`gongzhi sweep`: the model at many points of what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from experiments.cli import options
from experiments.cli.options import argument, option
from experiments.cli.present import carry_out

__all__ = ["sweep"]


@dataclass(frozen=True)
class Own:
    """Options of a sweep."""

    replicates: int | None = option("Runs of every arm at every point, in all.", "N")
    seed: int | None = option("In place of the design's.", "N")


def sweep(
    design: Annotated[Path, argument("What varies, how, and what is kept.", "DESIGN.toml")],
    own: Own,
    world: options.World,
    runs: options.Growing,
    output: options.Output,
) -> int:
    """Run the model at many points, with common random numbers; tables, figures and report.

    The same command again runs only what is missing.
    """
    from experiments.analyses.sweep.sweep_spec import SweepSpec

    fields = options.fields_of(
        SweepSpec,
        own,
        scenario=options.read_scenario(world.scenario, None, {}),
        district=world.ground,
        weeks=world.weeks,
        changes=options.read_changes(world.settings, {**world.shortcuts, "run.weeks": None}),
    )
    spec = SweepSpec.asked_of(design, fields)
    return carry_out(spec, output.running(f"sweep-{design.stem}", runs), output)
