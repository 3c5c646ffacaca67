"""``gongzhi run``: one run, looked at closely."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from experiments.cli import options
from experiments.core.option import POLICY, Option

if TYPE_CHECKING:
    from sim import GovernanceModel, Scenario

FILES = ("outcomes.csv", "scenario.toml", "outcomes.png", "estates.csv")
"""What a run leaves in its folder."""


@dataclass(frozen=True)
class Own:
    """Options of a single run."""

    strategy: Annotated[
        str | None,
        Option("Coverage strategy, or a policy such as 'arrangement less couriers'. [default: the scenario's]", "NAME"),
    ] = None
    policy: Annotated[str | None, POLICY] = None
    seed: options.Seed = 1
    agenda: Annotated[bool, Option("Print what a week is and where its time goes.")] = False


def run(own: Own, world: options.World, output: options.Output) -> None:
    """Run the model once; writes outcomes.csv, estates.csv where recorded, scenario.toml and outcomes.png."""
    from experiments.reporting import words
    from experiments.reporting.finding import Finding
    from experiments.reporting.results_workbook import WORKBOOK, write_results
    from sim.core.workbook import require_excel

    if output.xlsx:
        require_excel()
    out, quiet = output.out or Path("results/run"), output.quiet
    scenario, model = _model(own, world, out, quiet, output.lang)
    model.run(progress=False if quiet else None)
    outcomes = model.outcomes
    written = [out / name for name in (FILES if scenario.outcomes.record_estates else FILES[:3])]
    outcomes.to_csv(written[0], index=False)
    scenario.save(written[1])
    picture(model, written[2], output.lang)
    for path in written[3:]:
        model.estate_outcomes.to_csv(path, index=False)
    means = Finding("run.means", weeks=scenario.run.weeks - scenario.run.warmup)
    if output.xlsx:
        tables = {"outcomes": outcomes} | ({"estates": model.estate_outcomes} if written[3:] else {})
        written.append(write_results(out / WORKBOOK, tables, [means], scenario, {}, output.lang))
    if quiet:
        return
    weeks_measured = outcomes[outcomes["week"] >= scenario.run.warmup].drop(columns="week")
    measured, known = weeks_measured.mean(), weeks_measured.notna().sum()
    print(means.text(output.lang))
    for name, value in measured.items():
        note = Finding("run.incomplete", weeks=int(known[name])).text(output.lang)
        cells = [f"{value:10.4g}", words.noun(name, output.lang).name, words.unit(name, output.lang), f"[{name}]"]
        print("  " + "  ".join([*filter(None, cells), *([note] if known[name] < len(weeks_measured) else [])]))
    if own.agenda:
        print(model.agenda.text(output.lang))
    files = sorted(path.name for path in written)
    print(Finding("common.all_in", files=files, folder=str(out)).text(output.lang))


def _model(own: Own, world: options.World, out: Path, quiet: bool, lang: str) -> tuple[Scenario, GovernanceModel]:
    """Make the model that is asked for; everything that can be wrong is found here."""
    import sim
    from experiments.core.design.user_strategies import check

    scenario = scenarios(world, [own.strategy], own.policy, own.seed)[0]
    ground = world.ground
    options.target(out / FILES[0])
    strangers(out)
    check(scenario.coverage.strategy, standalone=True)
    model = sim.GovernanceModel(scenario, district=ground, rng=own.seed)
    if not quiet:
        print(sized(model, scenario, own.seed, lang), file=sys.stderr)
    return scenario, model


def sized(model: GovernanceModel, scenario: Scenario, seed: int, lang: str) -> str:
    """Say how much is run."""
    from experiments.reporting.catalogue import gettext
    from sim.district.overview import described

    district = described(model.district).text(lang)
    weeks = scenario.run.weeks
    return gettext(lang, "{district}; {weeks} weeks, seed {seed}", district=district, weeks=weeks, seed=seed)


def scenarios(world: options.World, strategies: Sequence[str | None], policy: str | None, seed: int) -> list[Scenario]:
    """Return the scenario of each strategy of a run without a spec; refuse a seed that is none."""
    from sim.core.errors import ScenarioError

    if seed < 0:
        raise ScenarioError(f"--seed {seed} must be a whole number of at least 0.")
    base = world.base
    arms = [policy_of(base.coverage.strategy, name, policy) for name in strategies]
    changes = world.changes(world.shortcuts)
    return [base.replace(arm | changes) for arm in arms]


def policy_of(usual: str, strategy: str | None, policy: str | None) -> dict[str, Any]:
    """Return what a strategy, which may be called after the arrangement, and a policy change; nothing without either.

    Without a strategy the scenario's `usual` one is meant, or where it has none, the arrangement's own coverage.
    """
    from experiments.core.design.policies import COVERAGE, changes_under

    if strategy is None and policy is None:
        return {}
    named = strategy or ("" if usual == "none" else usual)
    return changes_under({"coverage.strategy": named} if named else {}, policy or COVERAGE)


def strangers(folder: Path) -> None:
    """Refuse a folder that holds what no run has put there, so that nothing of the user's is overwritten."""
    from sim.core.errors import StoreError

    names = {path.name for path in folder.iterdir()}
    other = sorted(names - set(FILES)) or sorted(names if names and FILES[1] not in names else ())
    if other:
        raise StoreError(
            f"{folder} holds other files ({', '.join(other[:3])}{', ...' * (len(other) > 3)}). "
            "Give a new or an empty folder with --out."
        )


def picture(model: GovernanceModel, path: Path, lang: str) -> None:
    """Draw the model's map and main series into a file."""
    import sim
    from experiments.figures import style

    with style.drawing(lang):
        sim.plot(model, lang=lang).savefig(path)
