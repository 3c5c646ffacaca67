"""`gongzhi ablate`: which mechanism carries a policy's effect."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli import options
from experiments.cli.present import carry_out

__all__ = ["ablate"]

USUAL = {"estates": 240, "replicates": 8, "weeks": 156}
QUICK = {"estates": 60, "replicates": 3, "weeks": 104}


@dataclass(frozen=True)
class Own:
    """Options of an ablation."""

    replicates: Annotated[
        int | None, typer.Option("--replicates", metavar="N", help="Runs of every set of parts. [default: 8]")
    ] = None
    outcomes: Annotated[
        list[str] | None, typer.Option("--outcome", metavar="NAME", help="What is asked about; may be given again.")
    ] = None
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help="A first look: {estates} estates, {replicates} replicates, {weeks} weeks.".format(**QUICK)
        ),
    ] = False
    seed: options.Seed = 1
    listed: options.Listed = False


def ablate(
    name: Annotated[
        str | None, typer.Argument(metavar="[policy]", help="One of the policies; without one they are listed.",
                                   show_default=False)
    ],
    own: Own,
    world: options.World,
    runs: options.Retrying,
    output: options.Output,
) -> int:
    """Take a policy apart: run every set of its parts, and divide its effect among them; table, figure and report.

    The same command again runs only what is missing.
    """
    options.language(output.lang)
    from experiments.analyses.ablation.ablation import AblationSpec
    from experiments.presets.ablations import POLICIES
    from sim.errors import ScenarioError

    if name is None or own.listed:
        options.listing({one: apart.question for one, apart in POLICIES.items()})
        return 0
    wanted, size = POLICIES[options.chosen(name, POLICIES, "policy")], QUICK if own.quick else USUAL
    for changed in options.read_changes(world.settings, {}):
        if any(changed in changes for changes in (wanted.policy, *wanted.parts.values())):
            raise ScenarioError(f"{changed} is what the policy or one of its parts sets: with --set it would be lost.")
    shortcuts = {**options.sized(world, size, own.quick), **wanted.world}
    spec = AblationSpec.of({
        "name": name, "question": wanted.question, "policy": wanted.policy, "parts": wanted.parts,
        "outcomes": tuple(own.outcomes or wanted.outcomes), "district": world.ground, "seed": own.seed,
        "scenario": options.read_scenario(world.scenario, world.settings, shortcuts),
        "replicates": size["replicates"] if own.replicates is None else own.replicates})
    folder = Path(f"results/ablate-{name}" + ("-quick" if own.quick else ""))
    return carry_out(spec, output.running(folder, runs), output)
