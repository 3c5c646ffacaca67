"""`gongzhi ablate`: which mechanism carries a policy's effect."""

from typing import Annotated

from experiments.analyses.ablation.ablation import AblationSpec
from experiments.cli import options
from experiments.cli.present import carry_out
from experiments.core.option import chosen
from experiments.presets.questions import dissections
from sim.core.errors import ScenarioError


def ablate(
    name: Annotated[str | None, options.argument("One of the policies; without one they are listed.", "[policy]")],
    listed: options.Listed,
    own: Annotated[options.Entries, "ablation"],
    world: options.World,
    runs: options.Retrying,
    output: options.Output,
) -> int:
    """Take a policy apart: run every set of its parts, and divide its effect among them; table, figure and report.

    The same command again runs only what is missing.
    """
    policies = dissections()
    if name is None or listed:
        return options.listing({policy: parts.question for policy, parts in policies.items()}, output.lang)
    preset = policies[chosen(name, policies, "policy")]
    for changed in world.changes():
        if any(changed in changes for changes in (preset.policy, *preset.parts.values())):
            raise ScenarioError(f"{changed} is what the policy or one of its parts sets: with --set it would be lost.")
    scenario = world.to_scenario({**world.sized(own.size, own.quick), **preset.world})
    spec = AblationSpec.of(own.fields(preset, name=name, scenario=scenario, district=world.ground))
    return carry_out(spec, output.running(f"ablate-{name}", runs, own.quick), output)
