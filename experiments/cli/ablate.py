"""`gongzhi ablate`: which mechanism carries a policy's effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from experiments.cli import options
from experiments.cli.options import argument, option
from experiments.cli.present import carry_out

__all__ = ["ablate"]

USUAL = {"estates": 240, "replicates": 8, "weeks": 156}
QUICK = {"estates": 60, "replicates": 3, "weeks": 104}


@dataclass(frozen=True)
class Own:
    """Options of an ablation."""

    replicates: int | None = option("Runs of every set of parts. [default: 8]", "N")
    outcomes: options.Outcomes = None
    quick: bool = option(options.FIRST_LOOK.format(**QUICK), default=False)
    seed: options.Seed = 1
    listed: options.Listed = False


def ablate(
    name: Annotated[str | None, argument("One of the policies; without one they are listed.", "[policy]")],
    own: Own,
    world: options.World,
    runs: options.Retrying,
    output: options.Output,
) -> int:
    """Take a policy apart: run every set of its parts, and divide its effect among them; table, figure and report.

    The same command again runs only what is missing.
    """
    from experiments.analyses.ablation.ablation import AblationSpec
    from experiments.presets.ablations import POLICIES
    from sim.errors import ScenarioError

    if name is None or own.listed:
        return options.listing({policy: parts.question for policy, parts in POLICIES.items()})
    preset, size = POLICIES[options.chosen(name, POLICIES, "policy")], QUICK if own.quick else USUAL
    for changed in world.changes:
        if any(changed in changes for changes in (preset.policy, *preset.parts.values())):
            raise ScenarioError(f"{changed} is what the policy or one of its parts sets: with --set it would be lost.")
    shortcuts = {**options.sized(world, size, own.quick), **preset.world}
    scenario = world.to_scenario(shortcuts)
    fields = options.fields_of(AblationSpec, own, size, preset, name=name, scenario=scenario, district=world.ground)
    spec = AblationSpec.of(fields)
    return carry_out(spec, output.running(f"ablate-{name}", runs, own.quick), output)
