"""``gongzhi film``: the district week by week."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from experiments.cli import options
from experiments.cli.run import scenarios, sized
from experiments.core.option import POLICY, Option

if TYPE_CHECKING:
    from sim import Scenario

FILE = "film"
FORMATS = ("html", "gif")


@dataclass(frozen=True)
class Own:
    """Options of a film."""

    outcome: Annotated[str, Option("What estates show: conflicts, filed, standing, open, satisfaction.", "NAME")] = (
        "conflicts"
    )
    policy: Annotated[str | None, POLICY] = None
    seed: options.Seed = 1
    gif: Annotated[bool, Option("Write a GIF, for slides, in place of a page.")] = False


def film(
    strategies: Annotated[
        list[str] | None,
        options.argument(
            "A strategy or policy, or two of them for both and their difference. By default none and full."
        ),
    ],
    own: Own,
    world: options.World,
    output: options.Place,
) -> None:
    """Film the district week by week; writes film.html, which plays by itself, or film.gif, or the file --out names.

    A page has a byte for each estate, week and map: 0.7 MB for 1,034 estates, 208 weeks and two strategies, at most 3.
    """
    import sim
    from experiments.reporting import words
    from experiments.reporting.catalogue import gettext
    from experiments.reporting.finding import Finding
    from sim.core.errors import OutcomeError, unknown
    from sim.outcomes import ESTATE_COLUMNS

    if own.outcome not in ESTATE_COLUMNS:
        raise OutcomeError(unknown("outcome of estates", own.outcome, ESTATE_COLUMNS))
    names = strategies or ["none", "full"]
    filmed = _scenarios(names, own, world)
    path = options.target(_file(output.out or Path("results/film"), own.gif))
    ground = world.ground
    models = []
    for name, scenario in zip(names, filmed, strict=True):
        model = sim.GovernanceModel(scenario, district=ground, rng=own.seed)
        if not output.quiet:
            about = sized(model, scenario, own.seed, output.lang)
            arm = words.arm(name, output.lang)
            print(gettext(output.lang, "{arm}: {told}", arm=arm, told=about), file=sys.stderr)
        model.run(progress=False if output.quiet else None)
        models.append(model)
    shown = sim.animate(
        models[0],
        models[1] if len(models) > 1 else None,
        outcome=own.outcome,
        names=[words.arm(name, output.lang) for name in names],
        lang=output.lang,
    )
    shown.save(path, progress=False if output.quiet else None)
    if not output.quiet:
        megabytes = path.stat().st_size / 1e6
        print(Finding("run.film", name=path.name, folder=str(path.parent), megabytes=megabytes).text(output.lang))


def _file(out: Path, gif: bool) -> Path:
    """Return the film's file: `out` itself where it is named like one, else one within that folder."""
    from sim.core.errors import ScenarioError

    kind = out.suffix.lower().removeprefix(".")
    if kind not in FORMATS or out.is_dir():
        return out / f"{FILE}.{FORMATS[gif]}"
    if gif and kind != "gif":
        raise ScenarioError(f"--gif writes a GIF, and {out} is named like a page: leave one of the two out.")
    return out


def _scenarios(names: list[str], own: Own, world: options.World) -> list[Scenario]:
    """Return the scenario of each strategy, whose estates are recorded; everything that can be wrong is found here."""
    from experiments.core.design.user_strategies import check
    from sim.core.errors import ScenarioError

    if len(names) > 2 or len(set(names)) < len(names):
        raise ScenarioError(f"A film shows one strategy, or two that differ: {', '.join(names)} is neither.")
    every = scenarios(world, names, own.policy, own.seed)
    for scenario in every:
        check(scenario.coverage.strategy, standalone=True)
    return [scenario.replace({"outcomes.record_estates": True}) for scenario in every]
