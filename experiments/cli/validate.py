"""`gongzhi validate`: the model beside data, and beside rivals that lack one of its mechanisms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import options
from experiments.cli.present import present, stoppable

if TYPE_CHECKING:
    from experiments.analyses.validation.targets import Target
    from experiments.analyses.validation.validation import Validation
    from sim import District, Scenario

__all__ = ["validate"]

USUAL = {"estates": 1034, "replicates": 8, "pilots": 3}
QUICK = {"estates": 100, "replicates": 4, "pilots": 1}


@dataclass(frozen=True)
class Own:
    """Options of a validation."""

    replicates: Annotated[
        int | None,
        typer.Option("--replicates", metavar="N", help="Runs of the model and of each rival. [default: 8]"),
    ] = None
    pilots: Annotated[
        int | None,
        typer.Option(
            "--pilots",
            metavar="N",
            help="How often rivals are fitted again before they are judged; 0 leaves them as they are. [default: 3]",
        ),
    ] = None
    rivals: Annotated[
        list[str] | None,
        typer.Option("--rival", metavar="NAME", help="Only this rival; may be given again. [default: all]"),
    ] = None
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help="A first look: {estates} estates, {replicates} replicates, {pilots} pilot.".format(**QUICK)
        ),
    ] = False
    seed: options.Seed = 1
    docs: Annotated[
        Path | None,
        typer.Option("--docs", metavar="PAGE.md", help="Write the page of the documentation too, with its figure."),
    ] = None
    extend: options.Extend = False


def validate(data: options.Data, own: Own, world: options.World, runs: options.Runs, output: options.Output) -> int:
    """Set the model beside published figures, and beside rivals that lack one of its mechanisms.

    A rival is fitted again before it is judged; what it still meets is no evidence for what it lacks. Runs last one
    year after the warm-up, as the data do, unless --weeks says otherwise. The same command again runs only what is
    missing.
    """
    options.language(output.lang)
    from dataclasses import replace

    from experiments.analyses.validation.validation import Validation, ValidationSpec
    from experiments.registry import perform
    from experiments.reporting.pages import sentence

    size = QUICK if own.quick else USUAL
    chosen = _rivals(own.rivals)
    page = None if own.docs is None else options.target(own.docs)
    ground, scenario = world.ground, _scenario(world, size, own.quick)
    spec = ValidationSpec.of(
        {
            "nulls": chosen,
            "targets": _targets(data, ground, scenario),
            "scenario": scenario,
            "district": ground,
            "seed": own.seed,
            "replicates": size["replicates"] if own.replicates is None else own.replicates,
            "pilots": size["pilots"] if own.pilots is None else own.pilots,
            "question": sentence("en", "validation.question"),
        }
    )
    folder = Path("results/validate" + ("-quick" if own.quick else ""))
    running = replace(output.running(folder, runs), extend=own.extend)
    made = stoppable(lambda: perform(spec, running), running)
    status = present(made, output.lang, output.quiet)
    if page is not None and isinstance(made, Validation) and made.finished:
        _write_page(made, page)
    return status


def _rivals(names: list[str] | None) -> dict[str, Any]:
    from experiments.presets.validations import NULLS

    for name in names or []:
        options.chosen(name, NULLS, "rival")
    return {name: null for name, null in NULLS.items() if names is None or name in names}


def _scenario(world: options.World, size: dict[str, int], quick: bool) -> Scenario:
    """The scenario; unless an option says otherwise, of one year after its warm-up, as the data are."""
    from experiments.analyses.validation.filings import YEAR

    sizes = options.sized(world, {"estates": size["estates"]}, quick)
    made = options.read_scenario(world.scenario, world.settings, sizes)
    if world.weeks is None and "run.weeks" not in options.read_changes(world.settings, {}):
        made = made.replace({"run.weeks": made.run.warmup + YEAR})
    return made


def _targets(data: options.Data, ground: District | None, world: Scenario) -> dict[str, Target]:
    """Figures of data: a user's own, else the shipped ones, and of the ground where it is the usual one."""
    from experiments.analyses.validation.observed import observed_targets, read_observed
    from experiments.analyses.validation.targets import ground_targets, read_targets, shipped
    from sim import Scenario
    from sim.errors import DistrictError

    found = {} if data.targets is None else read_targets(data.targets)
    if data.observed is not None:
        if ground is None:
            raise DistrictError("--observed tells of disputes in estates of your own: give them with --district.")
        found |= observed_targets(read_observed(data.observed, ground), source=data.observed.name)
    if data.targets is not None or data.observed is not None:
        return found
    usual = ground is None and world.district.estates == Scenario().district.estates
    return shipped() | (ground_targets() if usual else {})


def _write_page(made: Validation, page: Path) -> None:
    """Write the page, and the figure into the folder `figures` beside it."""
    from experiments.analyses.validation.validation_report import documentation
    from experiments.core.store.files import replace_file
    from experiments.figures import style

    (page.parent / "figures").mkdir(exist_ok=True)
    replace_file(page.parent / "figures" / "validation.png", style.png(made.figure()))
    replace_file(page, documentation(made, "figures/validation.png").encode())
