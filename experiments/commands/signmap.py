"""`gongzhi signmap`: where a policy helps, does nothing, and harms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands import options
from experiments.lab.margin import MARGIN

if TYPE_CHECKING:
    from experiments.lab.signmap.map import SignMap

__all__ = ["signmap"]

QUICK = {"levels": 3, "points": 16, "replicates": 2}


def signmap(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[name|DESIGN.toml]",
                       help="One of the maps, or a design of your own; without one the maps are listed."),
    ] = None,
    levels: Annotated[
        int | None,
        typer.Option("--levels", metavar="N", help="Points along each side of a grid. [default: the map's own]"),
    ] = None,
    points: Annotated[
        int | None, typer.Option("--points", metavar="N", help="Points that fill a space. [default: the map's own]")
    ] = None,
    replicates: Annotated[
        int | None,
        typer.Option("--replicates", metavar="N", help="Runs of every arm at the first look. [default: the map's own]"),
    ] = None,
    looks: Annotated[
        int | None,
        typer.Option("--looks", metavar="N", help="Looks at most, each at twice the replicates, where a sign is open. "
                                                  "[default: the map's own, or 3]"),
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option("--margin", metavar="SHARE",
                     help=f"A difference within this share is none. [default: the map's own, or {MARGIN}]"),
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option("--policy", metavar="NAME", help="Whose sign: an arm of the map, or arrangement or coverage, for "
                                                      "its strategies as that policy. [default: the map's own]"),
    ] = None,
    weeks: options.Weeks = None,
    settings: options.Set = None,
    scenario: options.ScenarioFile = None,
    district: options.DistrictFile = None,
    columns: options.Map = None,
    estates: options.Estates = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="A first look: 3 points along each side, or {points}; {replicates} replicates, "
                                     "1 look.".format(**QUICK)),
    ] = False,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", help="Seed; replicates' seeds are hashed from it.")
    ] = None,
    workers: options.Workers = None,
    executor: options.Executor = "processes",
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="[default: results/signmap-NAME]")] = None,
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> int:
    """Draw a map of where a policy helps and harms, with more replicates where its sign is uncertain.

    The same command again runs only what is missing.
    """
    from experiments.lab.signmap.map import signmap as run
    from experiments.reporting.catalogue import gettext
    from experiments.signmap import MAPS

    options.language(lang)
    if name is None:
        width = max(map(len, MAPS))
        for one, what in MAPS.items():
            print(f"{one:{width}}  {gettext(lang, what.question)}")
        return 0
    wanted, asked = _wanted(name)
    if policy is not None:
        wanted, asked = _under(wanted, asked, policy)
    if quick:
        replicates, looks = replicates or QUICK["replicates"], looks or 1
    size = _size(wanted, levels, points, quick)
    ending = (f"-{policy}" if policy else "") + ("-quick" if quick else "")
    folder = out or Path(f"results/signmap-{Path(name).stem}{ending}")
    world = options.read_scenario(scenario, None, {})
    changes = options.read_changes(settings, {"district.estates": estates})
    ground = options.read_district(district, columns, estates, scenario, settings)
    try:
        made = run(
            wanted, margin=margin, looks=looks, scenario=world, district=ground, replicates=replicates, weeks=weeks,
            seed=seed, changes=changes, store=folder, command=options.typed(),
            execution=options.execution(workers, executor, quiet), **size, **asked,
        )  # fmt: skip
    except KeyboardInterrupt:
        raise KeyboardInterrupt(options.stopped(folder)) from None
    return present(made, lang, quiet, gettext(lang, MAPS[name].question) if name in MAPS else "")


def _wanted(name: str) -> tuple[Any, dict[str, Any]]:
    """Return a map's design, or a user's file, and what is asked where the design does not say it."""
    from experiments.signmap import MAPS
    from sim.errors import ScenarioError, nearest

    if name in MAPS:
        known = MAPS[name]
        asked = {"policy": known.policy, "against": known.against, "outcome": known.outcome}
        return {**known.design, "question": known.question}, asked
    if Path(name).suffix.lower() == ".toml":
        return Path(name), {}
    raise ScenarioError(f'"{name}" is no map.{nearest(name, list(MAPS))} There are: {", ".join(MAPS)}. '
                        "A design of your own is a file that ends in .toml.")


def _under(wanted: Any, asked: dict[str, Any], policy: str) -> tuple[Any, dict[str, Any]]:
    """Return a map's design and what is asked of another policy: one of its arms, or its strategies as that policy."""
    from experiments.lab.design.arms import changes_of
    from experiments.lab.design.plan import said
    from experiments.lab.design.policies import POLICIES, as_policy, under
    from sim.errors import ScenarioError, nearest

    design = dict(said(wanted)[0])
    arms = changes_of(design.get("arms", ()))
    if policy in arms:
        return wanted, {**asked, "policy": policy}
    names = [*arms, *(name for name in POLICIES if name not in arms)]
    if policy not in POLICIES:
        raise ScenarioError(f'Unknown policy "{policy}".{nearest(policy, names)} Choose from: {", ".join(names)}.')
    against = asked.get("against", design.get("against", "none"))
    against = [against] if isinstance(against, str) else against
    whose = asked.get("policy", design.get("policy", ""))
    changed = as_policy(arms, policy)
    turned = {"policy": under(str(whose), policy), "against": [under(str(other), policy) for other in against]}
    if not {turned["policy"], *turned["against"]} <= set(changed):
        raise ScenarioError(f'This map asks about "{whose}", which is no coverage strategy: it cannot be asked as '
                            f"{policy}. Its arms are: {', '.join(arms)}.")
    return {**design, "arms": changed}, {**asked, **turned}


def _size(wanted: Any, levels: int | None, points: int | None, quick: bool) -> dict[str, Any]:
    """Return how many points the command line asks for, by what the design's kind calls it."""
    from experiments.lab.design.plan import SIZES, said

    size = {"levels": levels, "points": points}
    kind = SIZES.get(str(said(wanted)[0].get("design", "latin"))) if quick else None
    return {name: number or (QUICK[name] if name == kind else None) for name, number in size.items()}


def present(made: SignMap, lang: str, quiet: bool, question: str = "") -> int:
    """Draw the figures, write the report, say where everything is, and return the exit status."""
    from experiments.lab.plots import style
    from experiments.lab.report.brief import write_brief
    from experiments.lab.report.signmap import signmap_brief
    from experiments.signmap import BORDERS

    folder, drawn = made.folder, style.language(lang)[0]
    (folder / "figures").mkdir(exist_ok=True)
    figures = {name: style.save(figure, folder / "figures" / name, drawn)
               for name, figure in made.figures(BORDERS, lang).items()}
    write_brief(signmap_brief(made, figures, BORDERS, lang, question), folder / "report.html", lang)
    if not quiet:
        for (other, sign), count in made.table.groupby(["against", "sign"], sort=False).size().items():
            print(f'against "{other}": {sign} at {count} of {len(made.plan.points)} points')
        given_up = int((made.table["ended"] == "given up").sum())
        if given_up:
            print(f"{given_up} of the undecided were given up, since the last look would hardly have decided them.")
        print(f"{made.rounds[-1][0]} of {len(made.looks)} looks, {len(made.runs)} runs. "
              f"report.html, map.csv, runs.csv, thirds.csv and figures are in {folder}.")
    for text in made.info["warnings"]:
        options.say(f"Warning from the runs: {text}")
    failed = len(made.info["failed"])
    if failed:
        options.say(f"{failed} runs failed; experiment.json of each round names them.")
    return 1 if failed else 0
