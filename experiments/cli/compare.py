"""``gongzhi compare``: the main job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from experiments.cli import options
from experiments.cli.options import argument, option
from experiments.cli.present import carry_out
from experiments.core.margin import MARGIN

__all__ = ["compare"]

QUICK = {"estates": 120, "replicates": 4, "weeks": 104}
QUICK_FURTHER = {"estates": 60, "replicates": 4}
USUAL = {"replicates": 5, "baseline": "none"}


@dataclass(frozen=True)
class Own:
    """Options of a comparison."""

    policy: options.Policy = None
    replicates: int | None = option("Runs of every arm, in all. [default: 5]", "N")
    baseline: str | None = option("What all arms are compared with. [default: none]", "ARM")
    districts: int = option("Synthetic districts, to vary the ground as well.", "N", default=1)
    quick: bool = option(options.FIRST_LOOK.format(**QUICK), default=False)
    outcomes: list[str] | None = option("Outcome of the table; may be given again.", "NAME", "--outcome")
    margin: float = option("A difference within this share of the baseline is none.", "SHARE", default=MARGIN)
    assumptions: int | None = option(
        "Worlds of the range over what is least known; 0 for none. [default: 64, or as many as a third of the "
        "time allows]",
        "N",
    )
    brief: options.Brief = False
    seed: options.Seed = 1
    plugin: options.Plugin = None

    def size(self, name: str, given: int | None) -> int | None:
        """A size that was given, or that of a first look."""
        return QUICK[name] if given is None and self.quick else given


def compare(
    arms: Annotated[
        list[str] | None,
        argument(
            "Strategies, controls and policies, such as full, hours_matched:full, arrangement, 'arrangement, "
            "own' or 'arrangement less couriers'; with changes as 'full; branches.mediation=false'. By default full "
            "coverage, the study's arrangement and their hours, and on a smaller district all strategies and parts."
        ),
    ],
    own: Own,
    world: options.World,
    runs: options.Growing,
    output: options.Output,
) -> int:
    """Compare policies on common random numbers; table, figures and report.

    Without names: the study's arrangement and coverage alone on the whole district, and, on a smaller one, every
    coverage strategy in both ways and the arrangement less each of its parts.

    The same command again runs only what is missing.
    """
    from experiments.analyses.compare.comparison_spec import ComparisonSpec
    from experiments.presets import compare_coverage

    fields = options.fields_of(
        ComparisonSpec,
        own,
        QUICK if own.quick else {},
        USUAL,
        scenario=_scenario(own, world),
        district=world.ground,
        policy=own.policy or options.COVERAGE,
        further=None if arms or own.policy else _further(own.quick),
        assumptions=own.assumptions,
        fixed=list(world.changes),
        question=compare_coverage.QUESTION,
    )
    chosen = compare_coverage.arms(arms or (compare_coverage.STRATEGIES if own.policy else ()))
    running = output.running("compare", runs, own.quick)
    return carry_out(ComparisonSpec.asked_of(chosen, fields), running, output, own.brief)


def _scenario(own: Own, world: options.World) -> Any:
    estates = world.estates if world.district is not None else own.size("estates", world.estates)
    shortcuts = world.shortcuts | {"district.estates": estates, "run.weeks": own.size("weeks", world.weeks)}
    if own.quick and world.scenario is None and world.district is None:
        shortcuts["coverage.hours"] = _share_of_budget(estates)
    return world.to_scenario(shortcuts)


def _further(quick: bool) -> Any:
    """Return what is compared on a smaller district where nothing is named."""
    from experiments.analyses.compare.further import OUTCOMES, REPLICATES, WARMUP, Further
    from experiments.presets import compare_coverage

    beside: dict[str, Any] = {"warmup": WARMUP, "replicates": REPLICATES, "outcomes": OUTCOMES}
    return Further(compare_coverage.FURTHER, **beside | (QUICK_FURTHER if quick else {}))


def _share_of_budget(estates: int | None) -> float | None:
    """Return the default budget of hours in proportion to a smaller district, so that it still binds."""
    from sim import Scenario

    default = Scenario()
    return None if not estates else round(default.coverage.hours * estates / default.district.estates, 1)
