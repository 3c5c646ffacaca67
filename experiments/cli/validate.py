"""`gongzhi validate`: the model beside data, and beside rivals that lack one of its mechanisms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.cli import options
from experiments.cli.options import option
from experiments.cli.present import present, stoppable

if TYPE_CHECKING:
    from experiments.analyses.validation.targets import Target
    from experiments.analyses.validation.validation import Validation
    from sim import Scenario

__all__ = ["validate"]

USUAL = {"estates": 1034, "replicates": 8, "pilots": 3}
QUICK = {"estates": 100, "replicates": 4, "pilots": 1}


@dataclass(frozen=True)
class Own:
    """Options of a validation."""

    replicates: int | None = option("Runs of the model and of each rival. [default: 8]", "N")
    pilots: int | None = option(
        "How often rivals are fitted again before they are judged; 0 leaves them as they are. [default: 3]", "N"
    )
    rivals: list[str] | None = option("Only this rival; may be given again. [default: all]", "NAME", "--rival")
    quick: bool = option(
        "A first look: {estates} estates, {replicates} replicates, {pilots} pilot.".format(**QUICK), default=False
    )
    seed: options.Seed = 1
    docs: Path | None = option("Write the page of the documentation too, with its figure.", "PAGE.md")
    extend: options.Extend = False


def validate(data: options.Data, own: Own, world: options.World, runs: options.Runs, output: options.Output) -> int:
    """Set the model beside published figures, and beside rivals that lack one of its mechanisms.

    A rival is fitted again before it is judged; what it still meets is no evidence for what it lacks. Runs last one
    year after the warm-up, as the data do, unless --weeks says otherwise. The same command again runs only what is
    missing.
    """
    from experiments.analyses.validation.validation import Validation, ValidationSpec
    from experiments.presets.validations import NULLS
    from experiments.registry import perform
    from experiments.reporting.pages import sentence

    size = QUICK if own.quick else USUAL
    for name in own.rivals or []:
        options.chosen(name, NULLS, "rival")
    page = None if own.docs is None else options.target(own.docs)
    ground, scenario = world.ground, _scenario(world, size, own.quick)
    figures = data.figures(ground)
    nulls = {name: null for name, null in NULLS.items() if own.rivals is None or name in own.rivals}
    spec = ValidationSpec.of(
        options.fields_of(
            ValidationSpec,
            own,
            size,
            nulls=nulls,
            scenario=scenario,
            district=ground,
            question=sentence("en", "validation.question"),
            targets=_shipped(ground is None, scenario) if figures is None else figures,
        )
    )
    running = replace(output.running("validate", runs, own.quick), extend=own.extend)
    result = stoppable(lambda: perform(spec, running), running)
    status = present(result, output.lang, output.quiet)
    if page is not None and isinstance(result, Validation) and result.finished:
        _write_page(result, page)
    return status


def _scenario(world: options.World, size: dict[str, int], quick: bool) -> Scenario:
    """The scenario; unless an option says otherwise, of one year after its warm-up, as the data are."""
    from experiments.analyses.validation.filings import YEAR

    sizes = options.sized(world, {"estates": size["estates"]}, quick)
    scenario = world.to_scenario(sizes)
    if world.weeks is None and "run.weeks" not in world.changes:
        scenario = scenario.replace({"run.weeks": scenario.run.warmup + YEAR})
    return scenario


def _shipped(synthetic: bool, world: Scenario) -> dict[str, Target]:
    """Figures of data that come with the model, and of the ground where it is the usual one."""
    from experiments.analyses.validation.targets import ground_targets, shipped
    from sim import Scenario

    usual = synthetic and world.district.estates == Scenario().district.estates
    return shipped() | (ground_targets() if usual else {})


def _write_page(result: Validation, page: Path) -> None:
    """Write the page, and the figure into the folder `figures` beside it."""
    from experiments.analyses.validation.validation_report import documentation
    from experiments.core.store.files import replace_file
    from experiments.figures import style

    (page.parent / "figures").mkdir(exist_ok=True)
    replace_file(page.parent / "figures" / "validation.png", style.png(result.figure()))
    replace_file(page, documentation(result, "figures/validation.png").encode())
