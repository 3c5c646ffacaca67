"""`gongzhi calibrate`: which parameters let the model look like data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands import options

if TYPE_CHECKING:
    from experiments.lab.calibrate import Calibration
    from experiments.lab.validate.targets import Target
    from sim import District

__all__ = ["calibrate"]


def calibrate(
    targets: Annotated[
        Path | None,
        typer.Option("--targets", metavar="FILE.csv", help="Figures of data. [default: those of docs/model.md]"),
    ] = None,
    observed: Annotated[
        Path | None,
        typer.Option("--observed", metavar="FILE.csv", help="Disputes of your --district: estate, week, category, "
                     "count, optional resolved_days; asked of the scenario as it is."),
    ] = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option("--parameter", metavar="SECTION.NAME[=LOW:HIGH]", help="Fit this one; may be given again. "
                     "[default: incidents.rate_* and desks.meeting]"),
    ] = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="Ask the targets of the scenario as it is, not with all policies on too.")
    ] = False,
    points: Annotated[int | None, typer.Option("--points", metavar="N", help="Points of a wave. [default: 24]")] = None,
    waves: Annotated[int | None, typer.Option("--waves", metavar="N", help="Waves at most. [default: 3]")] = None,
    replicates: Annotated[
        int, typer.Option("--replicates", metavar="N", help="Runs of each point in each world.")
    ] = 2,
    checks: Annotated[
        int | None, typer.Option("--checks", metavar="N", help="Fresh runs from the posterior. [default: 20]")
    ] = None,
    discrepancy: Annotated[
        float, typer.Option("--discrepancy", metavar="SHARE", help="Share of a figure by which the model may be wrong.")
    ] = 0.0,
    weeks: options.Weeks = None,
    settings: options.Set = None,
    scenario: options.ScenarioFile = None,
    district: options.DistrictFile = None,
    columns: options.Map = None,
    estates: options.Estates = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="A first look in a minute or two, on a small district.")
    ] = False,
    seed: options.Seed = 1,
    workers: options.Workers = None,
    executor: options.Executor = "processes",
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="[default: results/calibrate]")] = None,
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> int:
    """Fit parameters to data: rule out what cannot be, sample what is left, and check it with fresh runs.

    The same command again runs only what is missing.
    """
    from experiments.calibration import PARAMETERS, QUESTION, QUICK, USUAL, worlds
    from experiments.lab.calibrate import calibrate as run

    options.language(lang)
    size = QUICK if quick else USUAL
    folder = out or Path("results/calibrate" + ("-quick" if quick else ""))
    ground = options.read_district(district, columns, estates, scenario, settings)
    sizes = {"run.weeks": size.get("weeks") if weeks is None else weeks, "run.warmup": size.get("warmup"),
             "district.estates": None if ground else size.get("estates") if estates is None else estates}
    figures = data(targets, observed, ground)
    base = options.read_scenario(scenario, settings, {})
    given = options.read_changes(settings, {})
    try:
        made = run(
            figures, ranges(parameters) or PARAMETERS, worlds=None if alone or observed else worlds(),
            scenario=base, district=ground,
            changes={name: value for name, value in sizes.items() if value is not None and name not in given},
            points=size["points"] if points is None else points, waves=size["waves"] if waves is None else waves,
            checks=size["checks"] if checks is None else checks, replicates=replicates, discrepancy=discrepancy,
            seed=seed, store=folder, question=QUESTION, command=options.typed(),
            execution=options.execution(workers, executor, quiet),
            told=None if quiet else options.say,
        )  # fmt: skip
    except KeyboardInterrupt:
        raise KeyboardInterrupt(options.stopped(folder)) from None
    return present(made, lang, quiet)


def data(table: Path | None, observed: Path | None, ground: District | None) -> dict[str, Target]:
    """Return the figures of data: a table's, those of observed disputes, or by default those of docs/model.md."""
    from experiments.lab.validate.observed import observed_targets, read_observed
    from experiments.lab.validate.targets import read_targets, shipped
    from sim.errors import DistrictError

    found = {} if table is None else read_targets(table)
    if observed is not None:
        if ground is None:
            raise DistrictError("--observed tells of disputes in estates of your own: give them with --district.")
        told = observed_targets(read_observed(observed, ground), source=observed.name)
        # Of a kind of dispute that nobody had there is no interval.
        found |= {name: target for name, target in told.items() if target.low < target.high}
    return found if table is not None or observed is not None else shipped()


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


def present(made: Calibration, lang: str, quiet: bool) -> int:
    """Draw the figures, write the report, say what was found, and return the exit status."""
    from experiments.lab.calibrate.telling import brief_of
    from experiments.lab.plots import style
    from experiments.lab.plots.calibration import marginals_figure, pairs_figure, predictive_figure
    from experiments.lab.report.brief import write_brief

    (made.folder / "figures").mkdir(exist_ok=True)
    drawn = {"posterior": marginals_figure(made, lang), "check": predictive_figure(made, lang)}
    if len(made.axes) > 1:
        drawn["pairs"] = pairs_figure(made, lang)
    for name, figure in drawn.items():
        style.save(figure, made.folder / "figures" / name, lang)
    brief = brief_of(made, lang)
    write_brief(brief, made.folder / "report.html", lang)
    if not quiet:
        for text in brief.findings:
            print(text)
        print(f"posterior.csv, summary.csv, predictive.csv, calibrated.toml and report.html are in {made.folder}.")
    for message in made.failed[:10]:
        options.say(f"Failed: {message}")
    return 1 if made.failed else 0
