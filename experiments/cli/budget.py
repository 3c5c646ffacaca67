"""`gongzhi budget`: the best coverage within so many hours of cadres a week."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import options
from experiments.cli.present import carry_out

if TYPE_CHECKING:
    from sim import District, Scenario

__all__ = ["budget"]

@dataclass(frozen=True)
class Own:
    """Options of a search."""

    outcome: Annotated[
        str, typer.Option("--outcome", metavar="NAME", help="By what coverage is chosen: conflicts, order, ...")
    ] = "standing"
    candidates: Annotated[
        int | None, typer.Option("--candidates", metavar="N", help="Coverages that race. [default: 24]")
    ] = None
    replicates: Annotated[
        int | None, typer.Option("--replicates", metavar="N", help="Runs of each in the first heat. [default: 3]")
    ] = None
    confirm: Annotated[
        int | None, typer.Option("--confirm", metavar="N", help="Replicates of fresh chance afterwards. [default: 24]")
    ] = None
    policy: options.Policy = None
    quick: Annotated[
        bool, typer.Option("--quick", help="A first look: 60 estates, 104 weeks, 9 candidates, fewer replicates.")
    ] = False
    seed: options.Seed = 1


def budget(
    hours: Annotated[
        list[float] | None,
        typer.Argument(metavar="[HOURS]...", show_default=False,
                       help="Cadre hours a week in the whole district; without any, advice."),
    ],
    own: Own,
    world: options.World,
    runs: options.Runs,
    output: options.Output,
) -> int:
    """Search for the best coverage within numbers of cadre hours, by simulation, against the usual ones and the desks.

    The same command again runs only what is missing.
    """
    options.language(output.lang)
    from experiments.analyses.budget.budget_spec import BudgetSpec
    from experiments.presets.budgets import QUESTION, QUICK, USUAL

    size = QUICK if own.quick else USUAL
    ground = world.ground
    sizes = options.sized(world, {"weeks": size.weeks, "estates": size.estates}, own.quick)
    scenario = options.read_scenario(world.scenario, world.settings, sizes)
    if not hours:
        print(_usual(scenario, ground))
        return 0
    policy = own.policy or options.COVERAGE
    counts = {name: getattr(size, name) if getattr(own, name) is None else getattr(own, name)
              for name in ("candidates", "replicates", "confirm")}
    spec = BudgetSpec.asked_of(hours, {
        **counts, "outcome": own.outcome, "scenario": scenario, "district": ground, "seed": own.seed, "policy": policy,
        "question": QUESTION})
    words = [own.outcome if own.outcome != "standing" else "", policy if policy != options.COVERAGE else "",
             "quick" if own.quick else ""]
    name = "-".join(f"{one:g}" for one in sorted(set(hours)))
    folder = Path(f"results/budget-{name}" + "".join(f"-{word}" for word in words if word))
    return carry_out(spec, output.running(folder, runs), output)


def _usual(world: Scenario, ground: District | None) -> str:
    """Say how many hours coverage takes here, so that a number can be chosen."""
    from experiments.analyses.budget.cost_model import full_hours
    from experiments.core.design.planning import grounds

    place = grounds(world, ground, 1)[0]
    full = full_hours(place, world)
    some = " ".join(f"{float(f'{share * full:.2g}'):g}" for share in (0.25, 0.5, 0.75))
    return (f"Full coverage of {place.estates} estates takes {full:,.0f} cadre hours a week. "
            f"Give one or more numbers below: gongzhi budget {some}")
