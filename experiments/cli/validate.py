"""`gongzhi validate`: the model beside data, and beside rivals that lack one of its mechanisms."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from experiments.analyses.validation.filings import YEAR
from experiments.analyses.validation.observed import observed_targets, read_observed
from experiments.analyses.validation.targets import Target, ground_targets, read_targets, shipped
from experiments.analyses.validation.validation import ValidationSpec
from experiments.analyses.validation.validation_report import documentation
from experiments.cli import options
from experiments.cli.present import carry_out
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
    own: Annotated[options.Entries, "validation"],
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
    figures, usual = data.figures(ground), ground is None and scenario.district.estates == Scenario().district.estates
    fields = own.fields(
        nulls={name: null for name, null in known.items() if name in names},
        scenario=scenario,
        district=ground,
        question=sentence("en", "validation.question"),
        targets=shipped() | (ground_targets() if usual else {}) if figures is None else figures,
    )
    also = None if page is None else partial(_write_page, page=page)
    return carry_out(ValidationSpec.of(fields), output.running("validate", runs, own.quick), output, also)


def _scenario(world: options.World, own: options.Entries) -> Scenario:
    """The scenario; unless an option says otherwise, of one year after its warm-up, as the data are."""
    scenario = world.to_scenario(world.sized(own.size, own.quick))
    if world.weeks is None and "run.weeks" not in world.changes():
        scenario = scenario.replace({"run.weeks": scenario.run.warmup + YEAR})
    return scenario


def _write_page(result: Any, page: Path) -> None:
    """Write the page in both languages, and the figure into the folder `figures` beside it."""
    if not result.finished:
        return
    (page.parent / "figures").mkdir(exist_ok=True)
    replace_file(page.parent / "figures" / "validation.png", style.png(result.figure()))
    for lang in LANGUAGES:
        text = documentation(result, "figures/validation.png", lang)
        replace_file(in_language(page, lang), text.encode())
