"""`gongzhi calibrate`: which parameters let the model look like data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from experiments.analyses.calibration.calibration import CalibrationSpec
from experiments.analyses.validation.targets import shipped
from experiments.cli import options
from experiments.cli.present import carry_out
from experiments.cli.validate import Data
from experiments.core.option import Option
from experiments.presets import questions
from experiments.reporting.template_rendering import sentence
from sim.core.errors import ScenarioError


@dataclass(frozen=True)
class Fitted:
    """Options that say what is fitted, and in which worlds."""

    parameters: Annotated[
        list[str] | None,
        Option(
            "Fit this one; may be given again. [default: incidents.rate_* and desks.meeting]",
            "SECTION.NAME[=LOW:HIGH]",
            "--parameter",
        ),
    ] = None
    alone: Annotated[
        bool,
        Option("Ask the targets of the scenario as it is, not with all policies on too; so are observed disputes."),
    ] = False


def calibrate(
    data: Data,
    selected: Fitted,
    own: Annotated[options.Entries, "calibration"],
    world: options.World,
    runs: options.Runs,
    output: options.Output,
) -> int:
    """Fit parameters to data: rule out what cannot be, sample what is left, and check it with fresh runs.

    The same command again runs only what is missing.
    """
    ground, given = world.ground, world.changes()
    parameters, worlds = questions.fitted()
    figures = data.figures(ground, fitted=True)
    # A scenario's file says nothing of how long the data took: sizes of a first look hold whatever it says.
    changes = {name: value for name, value in world.sized(own.size, quick=True).items() if name not in given}
    fields = own.fields(
        scenario=world.to_scenario(),
        district=ground,
        changes=changes,
        question=sentence("en", "calibration.question"),
        targets=shipped() if figures is None else figures,
        parameters=ranges(selected.parameters) or parameters,
        worlds=None if selected.alone or data.observed else worlds,
    )
    return carry_out(CalibrationSpec.of(fields), output.running("calibrate", runs, own.quick), output)


def ranges(words: Sequence[str] | None) -> dict[str, Any]:
    """Read parameters with their ranges, as they are typed.

    Examples
    --------
    >>> ranges(["desks.meeting", "incidents.rate_noise=0.2:0.9"])
    {'desks.meeting': 'declared', 'incidents.rate_noise': [0.2, 0.9]}
    """
    read: dict[str, Any] = {}
    for word in words or []:
        name, equals, limits = (part.strip() for part in word.partition("="))
        if name in read:
            raise ScenarioError(f'--parameter names "{name}" twice.')
        try:
            read[name] = [float(end) for end in limits.split(":")] if equals else "declared"
        except ValueError:
            raise ScenarioError(f'--parameter "{word}": a range is LOW:HIGH, e.g. {name}=0.2:0.9.') from None
    return read
