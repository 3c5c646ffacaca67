"""``gongzhi compare``: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands import options
from experiments.lab.margin import MARGIN

if TYPE_CHECKING:
    from experiments.lab.compare.comparison import Comparison

__all__ = ["compare"]

QUICK = {"estates": 120, "replicates": 4, "weeks": 104}
QUICK_FURTHER = {"estates": 60, "replicates": 4}


def compare(
    arms: Annotated[
        list[str] | None,
        typer.Argument(
            help="Strategies, controls and policies, such as full, hours_matched:full, arrangement, 'arrangement, "
            "own' or 'arrangement less couriers'; with changes as 'full; branches.mediation=false'. By default full "
            "coverage, the study's arrangement and their hours, and on a smaller district all strategies and parts.",
            show_default=False,
        ),
    ] = None,
    policy: options.Policy = None,
    replicates: Annotated[
        int | None, typer.Option("--replicates", metavar="N", help="Runs of every arm, in all. [default: 5]")
    ] = None,
    weeks: options.Weeks = None,
    baseline: Annotated[
        str | None,
        typer.Option("--baseline", metavar="ARM", help="What all arms are compared with. [default: none]"),
    ] = None,
    settings: options.Set = None,
    scenario: options.ScenarioFile = None,
    district: options.DistrictFile = None,
    columns: options.Map = None,
    estates: options.Estates = None,
    districts: Annotated[
        int, typer.Option("--districts", metavar="N", help="Synthetic districts, to vary the ground as well.")
    ] = 1,
    sample: options.Sample = None,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick",
            help="A first look: {estates} estates, {replicates} replicates, {weeks} weeks.".format(**QUICK),
        ),
    ] = False,
    outcomes: Annotated[
        list[str] | None,
        typer.Option("--outcome", metavar="NAME", help="Outcome of the table; may be given again."),
    ] = None,
    margin: Annotated[
        float,
        typer.Option("--margin", metavar="SHARE", help="A difference within this share of the baseline is none."),
    ] = MARGIN,
    assumptions: Annotated[
        int | None,
        typer.Option(
            "--assumptions", metavar="N",
            help="Worlds of the range over what is least known; 0 for none. [default: 64, or as many as a third of the "
            "time allows]",
        ),
    ] = None,
    seed: options.Seed = 1,
    plugin: Annotated[
        Path | None,
        typer.Option("--plugin", metavar="FILE.py", help="Your own strategies (code, and run as such)."),
    ] = None,
    workers: options.Workers = None,
    executor: options.Executor = "processes",
    retry_failed: options.RetryFailed = False,
    extend: Annotated[
        bool, typer.Option("--extend", help="Add replicates, districts or arms to what the folder holds.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="[default: results/compare, with --quick results/compare-quick]"),
    ] = None,
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> int:
    """Compare policies on common random numbers; table, figures and report.

    Without names: the study's arrangement and coverage alone on the whole district, and, on a smaller one, every
    coverage strategy in both ways and the arrangement less each of its parts.

    The same command again runs only what is missing.
    """
    options.language(lang)
    from experiments import compare_coverage
    from experiments.lab.compare.front import compare as run
    from experiments.lab.compare.further import OUTCOMES, REPLICATES, WARMUP, Further

    if quick:
        estates = QUICK["estates"] if estates is None and district is None else estates
        replicates = QUICK["replicates"] if replicates is None else replicates
        weeks = QUICK["weeks"] if weeks is None else weeks
    beside: dict[str, Any] = {"warmup": WARMUP, "replicates": REPLICATES, "outcomes": OUTCOMES}
    beside |= QUICK_FURTHER if quick else {}
    folder = out or Path("results/compare-quick" if quick else "results/compare")
    shortcuts = {"run.weeks": weeks, "district.estates": estates, "district.sample": sample}
    if quick and scenario is None and district is None:
        shortcuts["coverage.hours"] = _share_of_budget(estates)
    world = options.read_scenario(scenario, settings, shortcuts)
    ground = options.read_district(district, columns, estates, scenario, settings)
    try:
        result = run(
            compare_coverage.arms(arms or (compare_coverage.STRATEGIES if policy else ())),
            policy=policy or options.COVERAGE,
            further=None if arms or policy else Further(compare_coverage.FURTHER, **beside),
            baseline=baseline or "none",
            replicates=5 if replicates is None else replicates,
            scenario=world,
            district=ground,
            districts=districts,
            outcomes=outcomes or None,
            margin=margin,
            store=folder,
            seed=seed,
            question=compare_coverage.QUESTION,
            command=options.typed(),
            plugin=plugin,
            extend=extend,
            execution=options.execution(workers, executor, quiet, retry_failed),
            assumptions=assumptions,
            fixed=list(options.read_changes(settings, {})),
        )
    except KeyboardInterrupt:
        raise KeyboardInterrupt(options.stopped(folder)) from None
    return present(result, lang, quiet)


def _share_of_budget(estates: int | None) -> float | None:
    """Return the default budget of hours in proportion to a smaller district, so that it still binds."""
    from sim import Scenario

    default = Scenario()
    return None if not estates else round(default.coverage.hours * estates / default.district.estates, 1)


def present(result: Comparison, lang: str, quiet: bool) -> int:
    """Draw and write what a comparison shows, print it in short, and return the exit status."""
    from experiments.lab.compare.summary import closing, failures, headline

    if result.outcome.done:
        result.report(lang=lang)
    if not quiet:
        if result.outcome.done:
            print(headline(result, lang))
        print(closing(result))
    beside = [] if result.further is None else [result.further.outcome]
    for text in dict.fromkeys(text for one in (result.outcome, *beside) for text in one.warnings):
        options.say(f"Warning from the runs: {text}")
    lost = result.assumed.failed if result.assumed is not None else 0
    if lost:
        options.say(f"{lost} runs of the range over assumptions failed and are left out of it.")
    if not any(one.failed for one in (result.outcome, *beside)):
        return 0
    options.say(failures(result))
    return 1
