"""`gongzhi validate`: the model beside data, and beside rivals that lack one of its mechanisms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from experiments.cli import options
from experiments.cli.options import Entries
from experiments.cli.present import present, stoppable
from experiments.core.option import Option

if TYPE_CHECKING:
    from experiments.analyses.validation.targets import Target
    from experiments.analyses.validation.validation import Validation
    from sim import Scenario


@dataclass(frozen=True)
class Rivals:
    """Options that say which rivals, and what is written."""

    rivals: Annotated[
        list[str] | None, Option("Only this rival; may be given again. [default: all]", "NAME", "--rival")
    ] = None
    docs: Annotated[Path | None, Option("Write the page of the documentation too, with its figure.", "PAGE.md")] = None


def validate(
    data: options.Data,
    chosen: Rivals,
    own: Annotated[Entries, "validation"],
    world: options.World,
    runs: options.Extending,
    output: options.Output,
) -> int:
    """Set the model beside published figures, and beside rivals that lack one of its mechanisms.

    A rival is fitted again before it is judged; what it still meets is no evidence for what it lacks. Runs last one
    year after the warm-up, as the data do, unless --weeks says otherwise. The same command again runs only what is
    missing.
    """
    from experiments.analyses.validation.validation import Validation, ValidationSpec
    from experiments.presets.questions import rivals
    from experiments.registry import perform
    from experiments.reporting.template_rendering import sentence

    known = rivals()
    names = [options.chosen(name, known, "rival") for name in chosen.rivals or known]
    page = None if chosen.docs is None else options.target(chosen.docs)
    ground, scenario = world.ground, _scenario(world, own)
    figures = data.figures(ground)
    fields = own.fields(
        nulls={name: null for name, null in known.items() if name in names},
        scenario=scenario,
        district=ground,
        question=sentence("en", "validation.question"),
        targets=_shipped(ground is None, scenario) if figures is None else figures,
    )
    spec, running = ValidationSpec.of(fields), output.running("validate", runs, own.quick)
    result = stoppable(lambda: perform(spec, running), running)
    status = present(result, output.lang, output.quiet)
    if page is not None and isinstance(result, Validation) and result.finished:
        _write_page(result, page)
    return status


def _scenario(world: options.World, own: Entries) -> Scenario:
    """The scenario; unless an option says otherwise, of one year after its warm-up, as the data are."""
    from experiments.analyses.validation.filings import YEAR

    scenario = world.to_scenario(world.sized(own.size, own.quick))
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
