"""`gongzhi calibrate`: which parameters let the model look like data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from experiments.cli import options
from experiments.cli.options import option
from experiments.cli.present import carry_out

__all__ = ["calibrate"]


@dataclass(frozen=True)
class Own:
    """Options of a calibration."""

    parameters: list[str] | None = option(
        "Fit this one; may be given again. [default: incidents.rate_* and desks.meeting]",
        "SECTION.NAME[=LOW:HIGH]",
        "--parameter",
    )
    alone: bool = option(
        "Ask the targets of the scenario as it is, not with all policies on too; so are observed disputes.",
        default=False,
    )
    points: int | None = option("Points of a wave. [default: 24]", "N")
    waves: int | None = option("Waves at most. [default: 3]", "N")
    replicates: int = option("Runs of each point in each world.", "N", default=2)
    checks: int | None = option("Fresh runs from the plausibility region. [default: 20]", "N")
    discrepancy: float = option("Share of a figure by which the model may be wrong.", "SHARE", default=0.0)
    quick: bool = option("A first look in a minute or two, on a small district.", default=False)
    seed: options.Seed = 1


def calibrate(data: options.Data, own: Own, world: options.World, runs: options.Runs, output: options.Output) -> int:
    """Fit parameters to data: rule out what cannot be, sample what is left, and check it with fresh runs.

    The same command again runs only what is missing.
    """
    from experiments.analyses.calibration.calibration_spec import CalibrationSpec
    from experiments.analyses.validation.targets import shipped
    from experiments.presets.calibrations import PARAMETERS, QUICK, USUAL, worlds
    from experiments.reporting.pages import sentence

    size = QUICK if own.quick else USUAL
    ground, given = world.ground, world.changes
    sizes = {
        "run.weeks": size.get("weeks"),
        "run.warmup": size.get("warmup"),
        "district.estates": None if ground else size.get("estates"),
    }
    sizes |= {name: value for name, value in world.shortcuts.items() if value is not None}
    figures = data.figures(ground, fitted=True)
    scenario = world.to_scenario({})
    changes = {name: value for name, value in sizes.items() if value is not None and name not in given}
    spec = CalibrationSpec.of(
        options.fields_of(
            CalibrationSpec,
            own,
            size,
            scenario=scenario,
            district=ground,
            changes=changes,
            question=sentence("en", "calibration.question"),
            targets=shipped() if figures is None else figures,
            parameters=ranges(own.parameters) or PARAMETERS,
            worlds=None if own.alone or data.observed else worlds(),
        )
    )
    return carry_out(spec, output.running("calibrate", runs, own.quick), output)


def ranges(words: Sequence[str] | None) -> dict[str, Any]:
    """Read parameters with their ranges, as they are typed.

    Examples
    --------
    >>> ranges(["desks.meeting", "incidents.rate_noise=0.2:0.9"])
    {'desks.meeting': 'declared', 'incidents.rate_noise': [0.2, 0.9]}
    """
    from sim.errors import ScenarioError

    chosen: dict[str, Any] = {}
    for word in words or []:
        name, equals, limits = (part.strip() for part in word.partition("="))
        if name in chosen:
            raise ScenarioError(f'--parameter names "{name}" twice.')
        try:
            chosen[name] = [float(end) for end in limits.split(":")] if equals else "declared"
        except ValueError:
            raise ScenarioError(f'--parameter "{word}": a range is LOW:HIGH, e.g. {name}=0.2:0.9.') from None
    return chosen
