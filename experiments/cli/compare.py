"""``gongzhi compare``: the main job."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli import options
from experiments.cli.present import carry_out
from experiments.core.margin import MARGIN

__all__ = ["compare"]

QUICK = {"estates": 120, "replicates": 4, "weeks": 104}
QUICK_FURTHER = {"estates": 60, "replicates": 4}
REPLICATES = 5


@dataclass(frozen=True)
class Own:
    """Options of a comparison."""

    policy: options.Policy = None
    replicates: Annotated[
        int | None, typer.Option("--replicates", metavar="N", help="Runs of every arm, in all. [default: 5]")
    ] = None
    baseline: Annotated[
        str | None,
        typer.Option("--baseline", metavar="ARM", help="What all arms are compared with. [default: none]"),
    ] = None
    districts: Annotated[
        int, typer.Option("--districts", metavar="N", help="Synthetic districts, to vary the ground as well.")
    ] = 1
    quick: Annotated[
        bool,
        typer.Option(
            "--quick",
            help="A first look: {estates} estates, {replicates} replicates, {weeks} weeks.".format(**QUICK),
        ),
    ] = False
    outcomes: Annotated[
        list[str] | None,
        typer.Option("--outcome", metavar="NAME", help="Outcome of the table; may be given again."),
    ] = None
    margin: Annotated[
        float,
        typer.Option("--margin", metavar="SHARE", help="A difference within this share of the baseline is none."),
    ] = MARGIN
    assumptions: Annotated[
        int | None,
        typer.Option(
            "--assumptions", metavar="N",
            help="Worlds of the range over what is least known; 0 for none. [default: 64, or as many as a third of the "
            "time allows]",
        ),
    ] = None
    brief: options.Brief = False
    seed: options.Seed = 1
    plugin: Annotated[
        Path | None,
        typer.Option("--plugin", metavar="FILE.py", help="Your own strategies (code, and run as such)."),
    ] = None

    def size(self, name: str, given: int | None) -> int | None:
        """A size that was given, or that of a first look."""
        return QUICK[name] if given is None and self.quick else given


def compare(
    arms: Annotated[
        list[str] | None,
        typer.Argument(
            help="Strategies, controls and policies, such as full, hours_matched:full, arrangement, 'arrangement, "
            "own' or 'arrangement less couriers'; with changes as 'full; branches.mediation=false'. By default full "
            "coverage, the study's arrangement and their hours, and on a smaller district all strategies and parts.",
            show_default=False,
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
    options.language(output.lang)
    from experiments.analyses.compare.comparison_spec import ComparisonFields, ComparisonSpec
    from experiments.presets import compare_coverage

    replicates = own.size("replicates", own.replicates)
    fields: ComparisonFields = {
        "policy": own.policy or options.COVERAGE, "further": None if arms or own.policy else _further(own.quick),
        "baseline": own.baseline or "none", "replicates": REPLICATES if replicates is None else replicates,
        "scenario": _scenario(own, world), "district": world.ground, "districts": own.districts,
        "outcomes": own.outcomes or None, "margin": own.margin, "seed": own.seed, "question": compare_coverage.QUESTION,
        "plugin": own.plugin, "assumptions": own.assumptions, "fixed": list(options.read_changes(world.settings, {})),
    }
    wanted = compare_coverage.arms(arms or (compare_coverage.STRATEGIES if own.policy else ()))
    folder = Path("results/compare-quick" if own.quick else "results/compare")
    return carry_out(ComparisonSpec.asked_of(wanted, fields), output.running(folder, runs), output, own.brief)


def _scenario(own: Own, world: options.World) -> Any:
    estates = world.estates if world.district is not None else own.size("estates", world.estates)
    shortcuts = world.shortcuts | {"district.estates": estates, "run.weeks": own.size("weeks", world.weeks)}
    if own.quick and world.scenario is None and world.district is None:
        shortcuts["coverage.hours"] = _share_of_budget(estates)
    return options.read_scenario(world.scenario, world.settings, shortcuts)


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
