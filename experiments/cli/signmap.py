"""`gongzhi signmap`: where a policy helps, does nothing, and harms."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from experiments.analyses.signmap.region_search import RegionSearchSpec
from experiments.analyses.signmap.sign_map import SignMapSpec
from experiments.cli import options
from experiments.cli.present import carry_out
from experiments.core.design.arms import changes_of
from experiments.core.design.plan import SIZES, read_design
from experiments.core.design.policies import POLICIES, as_policy, under
from experiments.core.option import chosen
from experiments.presets.questions import maps
from sim.core.errors import ScenarioError, refusal


def signmap(
    name: Annotated[
        str | None,
        options.argument(
            "One of the maps, or a design of your own; without one the maps are listed.", "[name|DESIGN.toml]"
        ),
    ],
    listed: options.Listed,
    own: Annotated[options.Entries, "signmap"],
    world: options.World,
    runs: options.Runs,
    output: options.Output,
) -> int:
    """Draw a map of where a policy helps and harms, or search regions in which it does.

    The same command again runs only what is missing.
    """
    known = maps()
    if name is None or listed:
        return options.listing({key: design["question"] for key, design in known.items()}, output.lang)
    file = refusal(" A design of your own is a file that ends in .toml.")
    source: Any = Path(name) if Path(name).suffix.lower() == ".toml" else known[chosen(name, known, "map", file)]
    design = read_design(source)[0]
    policy, outcome = own.typed.get("policy"), own.typed.get("outcome")
    kind: type[RegionSearchSpec | SignMapSpec] = SignMapSpec
    contrast: dict[str, Any] = {}
    if "search" in design:
        kind, contrast = RegionSearchSpec, {"policy": policy, "outcome": outcome, "looks": own.typed.get("looks")}
    elif policy is not None:
        source, contrast = _under(source, policy)
    fields = own.fields(**world.over_design(), **_size(design, own), **contrast)
    place = "-".join(filter(None, ["signmap", Path(name).stem, policy, outcome]))
    return carry_out(kind.asked_of(source, fields), output.running(place, runs, own.quick), output)


def _under(source: Any, policy: str) -> tuple[Any, dict[str, Any]]:
    """Return a map's design and what is asked of another policy: one of its arms, or its strategies as that policy."""
    design = read_design(source)[0]
    arms = changes_of(design.get("arms", ()))
    if policy in arms:
        return source, {"policy": policy}
    chosen(policy, dict.fromkeys([*arms, *POLICIES]), "policy")
    against, whose = design.get("against", "none"), design.get("policy", "")
    changed = as_policy(arms, policy)
    comparators = [under(str(arm), policy) for arm in ([against] if isinstance(against, str) else against)]
    turned = {"policy": under(str(whose), policy), "against": comparators}
    if not {turned["policy"], *comparators} <= set(changed):
        raise ScenarioError(
            f'This map asks about "{whose}", which is no coverage strategy: it cannot be asked as '
            f"{policy}. Its arms are: {', '.join(arms)}."
        )
    return {**design, "arms": changed}, turned


def _size(design: Mapping[str, Any], own: options.Entries) -> dict[str, Any]:
    """Return how many points the command line asks for, by what the design's kind calls it."""
    kind = SIZES.get(str(design.get("design", "latin"))) if own.quick else None
    return {name: own.typed.get(name, own.size[name] if name == kind else None) for name in own.spec.keywords}
