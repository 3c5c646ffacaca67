"""``gongzhi run``: one run, looked at closely."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands import options

if TYPE_CHECKING:
    from sim import GovernanceModel

__all__ = ["run"]

FILES = ("outcomes.csv", "scenario.toml", "outcomes.png", "estates.csv")
"""What a run leaves in its folder."""


def run(
    weeks: options.Weeks = None,
    strategy: Annotated[
        str | None,
        typer.Option("--strategy", metavar="NAME", help="Coverage strategy, or a policy such as 'arrangement less "
                                                        "couriers'. [default: the scenario's]"),
    ] = None,
    policy: options.Policy = None,
    settings: options.Set = None,
    scenario: options.ScenarioFile = None,
    district: options.DistrictFile = None,
    columns: options.Map = None,
    estates: options.Estates = None,
    sample: options.Sample = None,
    seed: options.Seed = 1,
    plugin: Annotated[
        Path | None,
        typer.Option("--plugin", metavar="FILE.py", help="Your own strategies (code, and run as such)."),
    ] = None,
    agenda: Annotated[bool, typer.Option("--agenda", help="Print what a week is and where its time goes.")] = False,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the results go.")] = Path("results/run"),
    lang: options.Lang = "en",
    quiet: options.Quiet = False,
) -> None:
    """Run the model once; writes outcomes.csv, estates.csv where recorded, scenario.toml and outcomes.png."""
    from sim.errors import ScenarioError

    options.language(lang)
    if plugin is not None:
        from experiments.lab.design.plugins import Plugin

        Plugin.read(plugin).load()
    shortcuts = {
        "run.weeks": weeks,
        "district.estates": estates,
        "district.sample": sample,
    }
    if seed < 0:
        raise ScenarioError(f"--seed {seed} must be a whole number of at least 0.")
    world = options.read_scenario(scenario, None, {})
    changes = policy_of(world.coverage.strategy, strategy, policy) | options.read_changes(settings, shortcuts)
    world = world.replace(changes) if changes else world
    ground = options.read_district(district, columns, estates, scenario, settings)
    table = options.target(out / FILES[0])
    strangers(out)
    import sim
    from experiments.lab.design.strategies import check

    check(world.coverage.strategy, alone=True)
    model = sim.GovernanceModel(world, district=ground, rng=seed)
    if not quiet:
        print(f"{str(model.district).strip('<>')}; {world.run.weeks} weeks, seed {seed}", file=sys.stderr)
    model.run(progress=False if quiet else None)
    outcomes = model.outcomes
    written = [table, out / FILES[1], out / FILES[2]]
    outcomes.to_csv(table, index=False)
    world.save(written[1])
    picture(model, written[2], lang)
    if world.outcomes.record_estates:
        written.append(out / FILES[3])
        model.estate_outcomes.to_csv(written[-1], index=False)
    if quiet:
        return
    weeks_measured = outcomes[outcomes["week"] >= world.run.warmup].drop(columns="week")
    measured, known = weeks_measured.mean(), weeks_measured.notna().sum()
    print(f"Means of the {world.run.weeks - world.run.warmup} weeks after warm-up:")
    for name, value in measured.items():
        some = known[name] < len(weeks_measured)  # such as a reply's time in a week without any reply
        print(f"  {name:20} {value:12.4g}" + f"  (of the {known[name]} weeks in which there is one)" * bool(some))
    if agenda:
        print(model.agenda)
    print(f"Results are in {out}: {', '.join(sorted(path.name for path in written))}.")


def policy_of(usual: str, strategy: str | None, policy: str | None) -> dict[str, Any]:
    """Return what a strategy and a policy that were asked for change; nothing where neither was.

    Parameters
    ----------
    usual
        The scenario's strategy; where it has none, the arrangement's own coverage stands in for it.
    strategy, policy
        As they were typed; a strategy may be called after the arrangement.
    """
    from experiments.lab.design.policies import changes_under

    if strategy is None and policy is None:
        return {}
    named = strategy or ("" if usual == "none" else usual)
    return changes_under({"coverage.strategy": named} if named else {}, policy or options.COVERAGE)


def strangers(folder: Path) -> None:
    """Refuse a folder that holds what no run has put there, so that nothing of the user's is overwritten."""
    from sim.errors import StoreError

    found = {path.name for path in folder.iterdir()}
    other = sorted(found - set(FILES)) or sorted(found if found and FILES[1] not in found else ())
    if other:
        raise StoreError(f"{folder} holds other files ({', '.join(other[:3])}{', ...' * (len(other) > 3)}). "
                         "Give a new or an empty folder with --out.")


def picture(model: GovernanceModel, path: Path, lang: str) -> None:
    """Draw the model's map and main series into a file."""
    import sim
    from experiments.lab.plots import style

    with style.drawing(lang):
        sim.plot(model, lang=lang).savefig(path)
