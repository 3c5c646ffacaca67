"""`gongzhi sweep`: the model at many points of what is not known."""

from pathlib import Path
from typing import Annotated

from experiments.analyses.sweep.sweep_spec import SweepSpec
from experiments.cli import options
from experiments.cli.present import carry_out


def sweep(
    design: Annotated[Path, options.argument("What varies, how, and what is kept.", "DESIGN.toml")],
    own: Annotated[options.Entries, "sweep"],
    world: options.World,
    runs: options.Growing,
    output: options.Output,
) -> int:
    """Run the model at many points, with common random numbers; tables, figures and report.

    The same command again runs only what is missing.
    """
    spec = SweepSpec.asked_of(design, own.fields(**world.over_design()))
    return carry_out(spec, output.running(f"sweep-{design.stem}", runs), output)
