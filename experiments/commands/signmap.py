"""`gongzhi signmap`: where a policy helps, does nothing, and harms."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from experiments.commands import options

__all__ = ["signmap"]

QUICK = {"levels": 3, "replicates": 2}


def signmap(
    name: Annotated[
        str | None, typer.Argument(metavar="[name]", help="One of the maps; without one they are listed.")
    ] = None,
    levels: Annotated[
        int | None, typer.Option("--levels", metavar="N", help="Points along each side. [default: the map's own]")
    ] = None,
    replicates: Annotated[
        int | None,
        typer.Option("--replicates", metavar="N", help="Runs of every arm in a round. [default: the map's own]"),
    ] = None,
    looks: Annotated[
        int, typer.Option("--looks", metavar="N", help="Rounds at most; only uncertain points are run again.")
    ] = 3,
    margin: Annotated[
        float, typer.Option("--margin", metavar="SHARE", help="A difference within this share is none.")
    ] = 0.02,
    weeks: options.Weeks = None,
    settings: options.Set = None,
    scenario: options.ScenarioFile = None,
    district: options.DistrictFile = None,
    columns: options.Map = None,
    estates: options.Estates = None,
    quick: Annotated[bool, typer.Option("--quick", help="A first look: 3 by 3 points, 2 replicates, 1 look.")] = False,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", help="Seed; replicates' seeds are hashed from it.")
    ] = None,
    workers: options.Workers = None,
    executor: options.Executor = "processes",
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="[default: results/signmap-NAME]")] = None,
    quiet: options.Quiet = False,
) -> int:
    """Draw a map of where a policy helps and harms, with more replicates where its sign is uncertain.

    The same command again runs only what is missing.
    """
    from experiments.lab.execute import Execution
    from experiments.lab.plots import style
    from experiments.lab.signmap import signmap as run
    from experiments.signmap import MAPS
    from sim.errors import ScenarioError, nearest

    if name is None:
        width = max(map(len, MAPS))
        for one, what in MAPS.items():
            print(f"{one:{width}}  {what.question}")
        return 0
    if name not in MAPS:
        raise ScenarioError(f'"{name}" is no map.{nearest(name, list(MAPS))} There are: {", ".join(MAPS)}.')
    wanted = MAPS[name]
    if quick:
        levels, replicates, looks = levels or QUICK["levels"], replicates or QUICK["replicates"], 1
    folder = out or Path(f"results/signmap-{name}" + ("-quick" if quick else ""))
    world = options.read_scenario(scenario, None, {})
    changes = options.read_changes(settings, {"district.estates": estates})
    ground = options.read_district(district, columns, estates, scenario)
    design = {**wanted.design, "question": wanted.question}
    if levels is not None:
        design["levels"] = levels
    try:
        made = run(
            design, policy=wanted.policy, against=wanted.against, outcome=wanted.outcome, margin=margin, looks=looks,
            scenario=world, district=ground, replicates=replicates, weeks=weeks, seed=seed, changes=changes,
            store=folder, command=shlex.join(["gongzhi", *sys.argv[1:]]),
            execution=Execution(workers=workers, executor=executor, progress=not quiet),
        )  # fmt: skip
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            f"\nStopped. Finished runs are kept in {folder}; the same command goes on from there.") from None
    border = None if wanted.border is None else {"words": wanted.border[0], "at": wanted.border[1]}
    (folder / "figures").mkdir(exist_ok=True)
    style.save(made.figure(border), folder / "figures" / "signmap")
    if not quiet:
        counts = made.table.groupby(["against", "sign"], sort=False).size()
        for (other, sign), count in counts.items():
            print(f'against "{other}": {sign} at {count} of {len(made.plan.points)} points')
        print(f"{len(made.rounds)} rounds, {len(made.runs)} runs. map.csv, runs.csv and the figure are in {folder}.")
    failed = sum(len(swept.outcome.failed) for swept in made.rounds)
    if failed:
        print(f"{failed} runs failed; experiment.json of each round names them.", file=sys.stderr)
    return 1 if failed else 0
