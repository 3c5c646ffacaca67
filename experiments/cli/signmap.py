"""`gongzhi signmap`: where a policy helps, does nothing, and harms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from experiments.cli import options
from experiments.cli.options import argument, option
from experiments.cli.present import carry_out
from experiments.core.margin import MARGIN

__all__ = ["signmap"]

QUICK = {"levels": 3, "points": 16, "replicates": 2, "looks": 1}


@dataclass(frozen=True)
class Own:
    """Options of a sign map."""

    levels: int | None = option("Points along each side of a grid. [default: the map's own]", "N")
    points: int | None = option("Points that fill a space. [default: the map's own]", "N")
    replicates: int | None = option("Runs of every arm at the first look. [default: the map's own]", "N")
    looks: int | None = option(
        "Looks at most, each at twice the replicates, where a sign is open. [default: the map's own, or 3]", "N"
    )
    margin: float | None = option(
        f"A difference within this share is none. [default: the map's own, or {MARGIN}]", "SHARE"
    )
    policy: str | None = option(
        "Whose sign: an arm of the map, or arrangement or coverage, for its strategies as that policy. "
        "[default: the map's own]",
        "NAME",
    )
    quick: bool = option(
        "A first look: 3 points along each side, or {points}; {replicates} replicates, 1 look.".format(**QUICK),
        default=False,
    )
    seed: int | None = option("Seed; replicates' seeds are hashed from it.", "N")
    listed: options.Listed = False


def signmap(
    name: Annotated[
        str | None,
        argument("One of the maps, or a design of your own; without one the maps are listed.", "[name|DESIGN.toml]"),
    ],
    own: Own,
    world: options.World,
    runs: options.Runs,
    output: options.Output,
) -> int:
    """Draw a map of where a policy helps and harms, or search regions in which it does.

    The same command again runs only what is missing.
    """
    from experiments.analyses.signmap.region_spec import RegionSearchSpec
    from experiments.analyses.signmap.signmap_spec import SignMapSpec
    from experiments.core.design.plan import read_design
    from experiments.presets.signmaps import MAPS, REGIONS
    from experiments.reporting.catalogue import gettext

    if name is None or own.listed:
        questions = {key: preset.question for key, preset in MAPS.items()} | {"regions": REGIONS["question"]}
        return options.listing({key: gettext(output.lang, question) for key, question in questions.items()})
    source, contrast = _source(name)
    kind: type[RegionSearchSpec | SignMapSpec] = SignMapSpec
    if "search" in read_design(source)[0]:
        kind, contrast = RegionSearchSpec, {"policy": own.policy, "looks": own.looks}
    elif own.policy is not None:
        source, contrast = _under(source, contrast, own.policy)
    fields = options.fields_of(
        kind,
        own,
        QUICK if own.quick else {},
        scenario=options.read_scenario(world.scenario, None, {}),
        district=world.ground,
        weeks=world.weeks,
        **_size(source, own),
        **contrast,
        changes=options.read_changes(world.settings, {**world.shortcuts, "run.weeks": None}),
    )
    place = f"signmap-{Path(name).stem}" + (f"-{own.policy}" if own.policy else "")
    return carry_out(kind.asked_of(source, fields), output.running(place, runs, own.quick), output)


def _source(name: str) -> tuple[Any, dict[str, Any]]:
    """Return a map's design, or a user's file, and what is asked where the design does not say it."""
    from experiments.presets.signmaps import MAPS, REGIONS
    from sim.errors import ScenarioError, nearest

    if name == "regions":
        return REGIONS, {}
    if name in MAPS:
        known = MAPS[name]
        contrast = {"policy": known.policy, "against": known.against, "outcome": known.outcome}
        return {**known.design, "question": known.question}, contrast
    if Path(name).suffix.lower() == ".toml":
        return Path(name), {}
    raise ScenarioError(
        f'"{name}" is no map.{nearest(name, [*MAPS, "regions"])} There are: {", ".join(MAPS)}, regions. '
        "A design of your own is a file that ends in .toml."
    )


def _under(source: Any, contrast: dict[str, Any], policy: str) -> tuple[Any, dict[str, Any]]:
    """Return a map's design and what is asked of another policy: one of its arms, or its strategies as that policy."""
    from experiments.core.design.arms import changes_of
    from experiments.core.design.plan import read_design
    from experiments.core.design.policies import POLICIES, as_policy, under
    from sim.errors import ScenarioError, nearest

    design = dict(read_design(source)[0])
    arms = changes_of(design.get("arms", ()))
    if policy in arms:
        return source, {**contrast, "policy": policy}
    names = [*arms, *(name for name in POLICIES if name not in arms)]
    if policy not in POLICIES:
        raise ScenarioError(f'Unknown policy "{policy}".{nearest(policy, names)} Choose from: {", ".join(names)}.')
    against = contrast.get("against", design.get("against", "none"))
    against = [against] if isinstance(against, str) else against
    whose = contrast.get("policy", design.get("policy", ""))
    changed = as_policy(arms, policy)
    turned = {"policy": under(str(whose), policy), "against": [under(str(other), policy) for other in against]}
    if not {turned["policy"], *turned["against"]} <= set(changed):
        raise ScenarioError(
            f'This map asks about "{whose}", which is no coverage strategy: it cannot be asked as '
            f"{policy}. Its arms are: {', '.join(arms)}."
        )
    return {**design, "arms": changed}, {**contrast, **turned}


def _size(source: Any, own: Own) -> dict[str, Any]:
    """Return how many points the command line asks for, by what the design's kind calls it."""
    from experiments.core.design.plan import SIZES, read_design

    size = {"levels": own.levels, "points": own.points}
    kind = SIZES.get(str(read_design(source)[0].get("design", "latin"))) if own.quick else None
    return {name: QUICK[name] if number is None and name == kind else number for name, number in size.items()}
