"""`gongzhi budget`: the best coverage within so many hours of cadres a week."""

from typing import Annotated

from experiments.analyses.budget.budget_spec import BudgetSpec
from experiments.analyses.budget.cost_model import full_hours
from experiments.cli import options
from experiments.cli.present import carry_out
from experiments.core.design.grounds import grounds
from experiments.reporting.finding import Finding
from experiments.reporting.template_rendering import sentence


def budget(
    hours: Annotated[
        list[float] | None,
        options.argument("Cadre hours a week in the whole district; without any, advice.", "[HOURS]..."),
    ],
    own: Annotated[options.Entries, "budget"],
    world: options.World,
    runs: options.Runs,
    output: options.Output,
) -> int:
    """Search for the best coverage within numbers of cadre hours, by simulation, against the usual ones and the desks.

    The same command again runs only what is missing.
    """
    ground, scenario = world.ground, world.to_scenario(world.sized(own.size, own.quick))
    if not hours:
        place = grounds(scenario, ground, 1)[0]
        full = full_hours(place, scenario)
        examples = " ".join(f"{float(f'{share * full:.2g}'):g}" for share in (0.25, 0.5, 0.75))
        command = f"gongzhi budget {examples}"
        print(Finding("budget.full_hours", estates=place.estates, hours=full, command=command).text(output.lang))
        return 0
    spec = BudgetSpec.asked_of(
        hours, own.fields(scenario=scenario, district=ground, question=sentence("en", "budget.best_use"))
    )
    words = ["budget", "-".join(f"{number:g}" for number in sorted(set(hours)))]
    for name in ("outcome", "policy"):  # another question has another folder
        words += [getattr(spec, name)] * (getattr(spec, name) != BudgetSpec.model_fields[name].default)
    return carry_out(spec, output.running("-".join(words), runs, own.quick), output)
