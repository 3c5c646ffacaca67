"""`gongzhi calibrate`: which parameters let the model look like data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import options
from experiments.cli.present import carry_out

if TYPE_CHECKING:
    from experiments.analyses.validation.targets import Target
    from sim import District

__all__ = ["calibrate"]


@dataclass(frozen=True)
class Own:
    """Options of a calibration."""

    parameters: Annotated[
        list[str] | None,
        typer.Option("--parameter", metavar="SECTION.NAME[=LOW:HIGH]", help="Fit this one; may be given again. "
                     "[default: incidents.rate_* and desks.meeting]"),
    ] = None
    alone: Annotated[
        bool, typer.Option("--alone", help="Ask the targets of the scenario as it is, not with all policies on too; "
                           "so are observed disputes.")
    ] = False
    points: Annotated[int | None, typer.Option("--points", metavar="N", help="Points of a wave. [default: 24]")] = None
    waves: Annotated[int | None, typer.Option("--waves", metavar="N", help="Waves at most. [default: 3]")] = None
    replicates: Annotated[
        int, typer.Option("--replicates", metavar="N", help="Runs of each point in each world.")
    ] = 2
    checks: Annotated[
        int | None, typer.Option("--checks", metavar="N", help="Fresh runs from the plausibility region. [default: 20]")
    ] = None
    discrepancy: Annotated[
        float, typer.Option("--discrepancy", metavar="SHARE", help="Share of a figure by which the model may be wrong.")
    ] = 0.0
    quick: Annotated[
        bool, typer.Option("--quick", help="A first look in a minute or two, on a small district.")
    ] = False
    seed: options.Seed = 1


def calibrate(
    data: options.Data, own: Own, world: options.World, runs: options.Runs, output: options.Output
) -> int:
    """Fit parameters to data: rule out what cannot be, sample what is left, and check it with fresh runs.

    The same command again runs only what is missing.
    """
    options.language(output.lang)
    from experiments.analyses.calibration.planned import CalibrationSpec
    from experiments.presets.calibrations import PARAMETERS, QUESTION, QUICK, USUAL, worlds

    size = QUICK if own.quick else USUAL
    ground = world.ground
    sizes = {"run.weeks": size.get("weeks") if world.weeks is None else world.weeks, "run.warmup": size.get("warmup"),
             "district.estates": None if ground else size.get("estates") if world.estates is None else world.estates,
             "district.sample": world.sample}
    given = options.read_changes(world.settings, {})
    counts = {name: size[name] if getattr(own, name) is None else getattr(own, name)
              for name in ("points", "waves", "checks")}
    spec = CalibrationSpec.of({
        **counts, "targets": figures(data, ground), "parameters": ranges(own.parameters) or PARAMETERS,
        "worlds": None if own.alone or data.observed else worlds(),
        "scenario": options.read_scenario(world.scenario, world.settings, {}), "district": ground,
        "changes": {name: value for name, value in sizes.items() if value is not None and name not in given},
        "replicates": own.replicates, "discrepancy": own.discrepancy, "seed": own.seed, "question": QUESTION})
    folder = Path("results/calibrate" + ("-quick" if own.quick else ""))
    return carry_out(spec, output.running(folder, runs), output)


def figures(data: options.Data, ground: District | None) -> dict[str, Target]:
    """Return the figures of data: a table's, those of observed disputes, or by default those of docs/model.md."""
    from experiments.analyses.validation.observed import observed_targets, read_observed
    from experiments.analyses.validation.targets import read_targets, shipped
    from sim.errors import DistrictError

    found = {} if data.targets is None else read_targets(data.targets)
    if data.observed is not None:
        if ground is None:
            raise DistrictError("--observed tells of disputes in estates of your own: give them with --district.")
        told = observed_targets(read_observed(data.observed, ground), source=data.observed.name)
        # Of a kind of dispute that nobody had there is no interval.
        found |= {name: target for name, target in told.items() if target.low < target.high}
    return found if data.targets is not None or data.observed is not None else shipped()


def ranges(words: Sequence[str] | None) -> dict[str, Any]:
    """Read parameters with their ranges, as they are typed.

    Examples
    --------
    >>> ranges(["desks.meeting", "incidents.rate_noise=0.2:0.9"])
    {'desks.meeting': 'declared', 'incidents.rate_noise': [0.2, 0.9]}
    """
    from sim.errors import ScenarioError

    found: dict[str, Any] = {}
    for word in words or []:
        name, equals, limits = (part.strip() for part in word.partition("="))
        if name in found:
            raise ScenarioError(f'--parameter names "{name}" twice.')
        try:
            found[name] = [float(end) for end in limits.split(":")] if equals else "declared"
        except ValueError:
            raise ScenarioError(f'--parameter "{word}": a range is LOW:HIGH, e.g. {name}=0.2:0.9.') from None
    return found
