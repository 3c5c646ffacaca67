"""`gongzhi budget`: the best coverage within so many hours of cadres a week."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

from experiments.cli import options
from experiments.cli.options import argument, option
from experiments.cli.present import carry_out

if TYPE_CHECKING:
    from sim import District, Scenario

__all__ = ["budget"]


@dataclass(frozen=True)
class Own:
    """Options of a search."""

    outcome: str = option("By what coverage is chosen: conflicts, order, ...", "NAME", default="standing")
    candidates: int | None = option("Coverages that race. [default: 24]", "N")
    replicates: int | None = option("Runs of each in the first heat. [default: 3]", "N")
    confirm: int | None = option("Replicates of fresh chance afterwards. [default: 24]", "N")
    policy: options.Policy = None
    quick: bool = option("A first look: 60 estates, 104 weeks, 9 candidates, fewer replicates.", default=False)
    seed: options.Seed = 1


def budget(
    hours: Annotated[
        list[float] | None, argument("Cadre hours a week in the whole district; without any, advice.", "[HOURS]...")
    ],
    own: Own,
    world: options.World,
    runs: options.Runs,
    output: options.Output,
) -> int:
    """Search for the best coverage within numbers of cadre hours, by simulation, against the usual ones and the desks.

    The same command again runs only what is missing.
    """
    from experiments.analyses.budget.budget_spec import BudgetSpec
    from experiments.presets.budgets import QUESTION, QUICK, USUAL

    size = asdict(QUICK if own.quick else USUAL)
    ground = world.ground
    scenario = world.to_scenario(options.sized(world, size, own.quick))
    if not hours:
        print(_usual(scenario, ground))
        return 0
    policy = own.policy or options.COVERAGE
    given = {"scenario": scenario, "district": ground, "policy": policy, "question": QUESTION}
    spec = BudgetSpec.asked_of(hours, options.fields_of(BudgetSpec, own, size, **given))
    words = ["budget", "-".join(f"{number:g}" for number in sorted(set(hours)))]
    words += [own.outcome] * (own.outcome != "standing") + [policy] * (policy != options.COVERAGE)
    return carry_out(spec, output.running("-".join(words), runs, own.quick), output)


def _usual(world: Scenario, ground: District | None) -> str:
    """Say how many hours coverage takes here, so that a number can be chosen."""
    from experiments.analyses.budget.cost_model import full_hours
    from experiments.core.design.grounds import grounds

    place = grounds(world, ground, 1)[0]
    full = full_hours(place, world)
    examples = " ".join(f"{float(f'{share * full:.2g}'):g}" for share in (0.25, 0.5, 0.75))
    return (
        f"Full coverage of {place.estates} estates takes {full:,.0f} cadre hours a week. "
        f"Give one or more numbers below: gongzhi budget {examples}"
    )
