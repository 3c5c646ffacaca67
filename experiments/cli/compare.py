"""``gongzhi compare``: the main job."""

from typing import Annotated, Any

from experiments.analyses.compare import further
from experiments.analyses.compare.comparison_spec import ComparisonSpec
from experiments.cli import options
from experiments.cli.present import carry_out
from experiments.presets import compare_coverage
from sim import Scenario

QUICK_FURTHER = {"estates": 60, "replicates": 4}


def compare(
    arms: Annotated[
        list[str] | None,
        options.argument(
            "Strategies, controls and policies, such as full, hours_matched:full, arrangement, 'arrangement, "
            "own' or 'arrangement less couriers'; with changes as 'full; branches.mediation=false'. By default full "
            "coverage, the study's arrangement and their hours, and on a smaller district all strategies and parts."
        ),
    ],
    own: Annotated[options.Entries, "comparison"],
    world: options.World,
    runs: options.Growing,
    output: options.Paged,
) -> int:
    """Compare policies on common random numbers; table, figures and report.

    Without names: the study's arrangement and coverage alone on the whole district, and, on a smaller one, every
    coverage strategy in both ways and the arrangement less each of its parts.

    The same command again runs only what is missing.
    """
    policy = own.typed.get("policy")
    beside: dict[str, Any] = {"warmup": further.WARMUP, "replicates": further.REPLICATES, "outcomes": further.OUTCOMES}
    beside |= QUICK_FURTHER if own.quick else {}
    fields = own.fields(
        scenario=_scenario(own, world),
        district=world.ground,
        further=None if arms or policy else further.Further(compare_coverage.FURTHER, **beside),
        assumptions=own.typed.get("assumptions"),
        fixed=list(world.changes()),
        plugin=world.plugin,
        question="" if arms else compare_coverage.QUESTION,  # of arms of one's own the report asks by their names
    )
    chosen = compare_coverage.arms(arms or (compare_coverage.STRATEGIES if policy else ()), type(fields["scenario"]))
    return carry_out(ComparisonSpec.asked_of(chosen, fields), output.running("compare", runs, own.quick), output)


def _scenario(own: options.Entries, world: options.World) -> Any:
    """Return the world; hours of a first look are in proportion to its smaller district, so that they still bind."""
    sizes, usual = world.sized(own.size, own.quick), Scenario()
    if own.quick and world.scenario is None and world.district is None:
        sizes["coverage.hours"] = round(usual.coverage.hours * sizes["district.estates"] / usual.district.estates, 1)
    return world.to_scenario(sizes)
