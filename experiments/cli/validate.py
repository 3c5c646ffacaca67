"""`gongzhi validate`: the model beside data, and beside rivals that lack one of its mechanisms."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from experiments import registry
from experiments.analyses.validation.filings import YEAR
from experiments.analyses.validation.observed import observed_targets, read_observed
from experiments.analyses.validation.targets import Target, ground_targets, read_targets, shipped
from experiments.analyses.validation.validation import Validation, ValidationSpec
from experiments.analyses.validation.validation_report import documentation
from experiments.cli import options
from experiments.cli.options import Entries
from experiments.cli.present import present, stoppable
from experiments.core.option import Option, chosen
from experiments.core.store.files import replace_file
from experiments.figures import style
from experiments.presets.questions import rivals
from experiments.reporting.template_rendering import in_language, sentence
from sim import District, Scenario
from sim.core.errors import DistrictError
from sim.core.message_catalogue import LANGUAGES


@dataclass(frozen=True)
class Data:
    """Figures of data that the model is set beside."""

    targets: Annotated[Path | None, Option("Figures of data. [default: those of docs/validation.md]", "FILE.csv")] = (
        None
    )
    observed: Annotated[
        Path | None,
        Option("Disputes of your --district: estate, week, category, count, optional resolved_days.", "FILE.csv"),
    ] = None

    def figures(self, ground: District | None, fitted: bool = False) -> dict[str, Target] | None:
        """Return the figures of a table and those of observed disputes; None where neither is given.

        Of a kind of dispute that nobody had there is no interval: parameters are fitted to the others.
        """
        if self.targets is None and self.observed is None:
            return None
        targets = {} if self.targets is None else read_targets(self.targets)
        if self.observed is not None:
            if ground is None:
                raise DistrictError("--observed tells of disputes in estates of your own: give them with --district.")
            observed = observed_targets(read_observed(self.observed, ground), source=self.observed.name)
            targets |= {name: figure for name, figure in observed.items() if figure.low < figure.high or not fitted}
        return targets


@dataclass(frozen=True)
class Rivals:
    """Options that say which rivals, and what is written."""

    rivals: Annotated[
        list[str] | None, Option("Only this rival; may be given again. [default: all]", "NAME", "--rival")
    ] = None
    docs: Annotated[Path | None, Option("Write the page of the documentation too, with its figure.", "PAGE.md")] = None


def validate(
    data: Data,
    selected: Rivals,
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
    known = rivals()
    names = [chosen(name, known, "rival") for name in selected.rivals or known]
    page = None if selected.docs is None else options.target(selected.docs)
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
    result = stoppable(lambda: registry.perform(spec, running), running)
    status = present(result, output.lang, output.quiet, xlsx=output.xlsx)
    if page is not None and isinstance(result, Validation) and result.finished:
        _write_page(result, page)
    return status


def _scenario(world: options.World, own: Entries) -> Scenario:
    """The scenario; unless an option says otherwise, of one year after its warm-up, as the data are."""
    scenario = world.to_scenario(world.sized(own.size, own.quick))
    if world.weeks is None and "run.weeks" not in world.changes:
        scenario = scenario.replace({"run.weeks": scenario.run.warmup + YEAR})
    return scenario


def _shipped(synthetic: bool, world: Scenario) -> dict[str, Target]:
    """Figures of data that come with the model, and of the ground where it is the usual one."""
    usual = synthetic and world.district.estates == Scenario().district.estates
    return shipped() | (ground_targets() if usual else {})


def _write_page(result: Validation, page: Path) -> None:
    """Write the page in both languages, and the figure into the folder `figures` beside it."""
    (page.parent / "figures").mkdir(exist_ok=True)
    replace_file(page.parent / "figures" / "validation.png", style.png(result.figure()))
    for lang in LANGUAGES:
        text = documentation(result, "figures/validation.png", lang)
        replace_file(in_language(page, lang), text.encode())
