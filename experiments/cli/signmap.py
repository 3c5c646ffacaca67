"""`gongzhi signmap`: where a policy helps, does nothing, and harms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli import options
from experiments.cli.present import carry_out
from experiments.core.margin import MARGIN

__all__ = ["signmap"]

QUICK = {"levels": 3, "points": 16, "replicates": 2}


@dataclass(frozen=True)
class Own:
    """Options of a sign map."""

    levels: Annotated[
        int | None,
        typer.Option("--levels", metavar="N", help="Points along each side of a grid. [default: the map's own]"),
    ] = None
    points: Annotated[
        int | None, typer.Option("--points", metavar="N", help="Points that fill a space. [default: the map's own]")
    ] = None
    replicates: Annotated[
        int | None,
        typer.Option("--replicates", metavar="N", help="Runs of every arm at the first look. [default: the map's own]"),
    ] = None
    looks: Annotated[
        int | None,
        typer.Option("--looks", metavar="N", help="Looks at most, each at twice the replicates, where a sign is open. "
                                                  "[default: the map's own, or 3]"),
    ] = None
    margin: Annotated[
        float | None,
        typer.Option("--margin", metavar="SHARE",
                     help=f"A difference within this share is none. [default: the map's own, or {MARGIN}]"),
    ] = None
    policy: Annotated[
        str | None,
        typer.Option("--policy", metavar="NAME", help="Whose sign: an arm of the map, or arrangement or coverage, for "
                                                      "its strategies as that policy. [default: the map's own]"),
    ] = None
    quick: Annotated[
        bool,
        typer.Option("--quick", help="A first look: 3 points along each side, or {points}; {replicates} replicates, "
                                     "1 look.".format(**QUICK)),
    ] = False
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", help="Seed; replicates' seeds are hashed from it.")
    ] = None
    listed: options.Listed = False


def signmap(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[name|DESIGN.toml]", show_default=False,
                       help="One of the maps, or a design of your own; without one the maps are listed."),
    ],
    own: Own,
    world: options.World,
    runs: options.Runs,
    output: options.Output,
) -> int:
    """Draw a map of where a policy helps and harms, with more replicates where its sign is uncertain.

    The same command again runs only what is missing.
    """
    options.language(output.lang)
    from experiments.analyses.signmap.signmap_spec import SignMapSpec
    from experiments.presets.signmaps import MAPS
    from experiments.reporting.catalogue import gettext

    if name is None or own.listed:
        options.listing({one: gettext(output.lang, what.question) for one, what in MAPS.items()})
        return 0
    wanted, asked = _wanted(name)
    if own.policy is not None:
        wanted, asked = _under(wanted, asked, own.policy)
    replicates, looks = own.replicates, own.looks
    if own.quick:
        replicates, looks = replicates or QUICK["replicates"], looks or 1
    shortcuts = {"district.estates": world.estates, "district.sample": world.sample}
    spec = SignMapSpec.asked_of(wanted, {
        "margin": own.margin, "looks": looks, "scenario": options.read_scenario(world.scenario, None, {}),
        "district": world.ground, "replicates": replicates, "weeks": world.weeks, "seed": own.seed,
        "changes": options.read_changes(world.settings, shortcuts),
        **_size(wanted, own), **asked})
    ending = (f"-{own.policy}" if own.policy else "") + ("-quick" if own.quick else "")
    folder = Path(f"results/signmap-{Path(name).stem}{ending}")
    return carry_out(spec, output.running(folder, runs), output)


def _wanted(name: str) -> tuple[Any, dict[str, Any]]:
    """Return a map's design, or a user's file, and what is asked where the design does not say it."""
    from experiments.presets.signmaps import MAPS
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
    from experiments.core.design.arms import changes_of
    from experiments.core.design.plan import said
    from experiments.core.design.policies import POLICIES, as_policy, under
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


def _size(wanted: Any, own: Own) -> dict[str, Any]:
    """Return how many points the command line asks for, by what the design's kind calls it."""
    from experiments.core.design.plan import SIZES, said

    size = {"levels": own.levels, "points": own.points}
    kind = SIZES.get(str(said(wanted)[0].get("design", "latin"))) if own.quick else None
    return {name: number or (QUICK[name] if name == kind else None) for name, number in size.items()}
