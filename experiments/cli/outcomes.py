"""``gongzhi outcomes``: what is measured every week, with its unit, its better side and what it means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from experiments.cli.markdown_page import table, write
from experiments.cli.options import argument
from experiments.core.option import Option

if TYPE_CHECKING:
    from sim.outcomes import Definition

HEADS = {
    "record": "The district's week",
    "spread": "For whom: the worst-off, inequality, and groups of estates",
    "index": "Two sides of the goal",
    "frontline": "Early mediation",
    "collective": "Collective action",
    "meeting_help": "Help with owners' meetings",
}
"""Of sections whose component's name is no heading."""


def outcomes(
    names: Annotated[
        list[str] | None, argument("Outcomes, or the beginnings of their names; all where none is named.")
    ] = None,
    out: Annotated[Path | None, Option("Write the page of all outcomes.", "FILE.md")] = None,
) -> None:
    """Show what is measured every week."""
    from sim.errors import ScenarioError, nearest
    from sim.outcomes import DEFINITIONS

    if names and out is not None:
        raise ScenarioError("--out writes the page of all outcomes: leave the names out.")
    if out is not None:
        write(out, markdown(list(DEFINITIONS.values())), f"{len(DEFINITIONS)} outcomes")
        return
    for name in names or []:
        if not any(known.startswith(name) for known in DEFINITIONS):
            raise ScenarioError(
                f'"{name}" is not an outcome.{nearest(name, list(DEFINITIONS))} Without names all are shown.'
            )
    shown = [outcome for outcome in DEFINITIONS.values() if not names or outcome.name.startswith(tuple(names))]
    wide = max(len(outcome.name) for outcome in shown)
    for outcome in shown:
        better = "" if outcome.better == "neither" else f", {outcome.better} is better"
        print(f"{outcome.name:{wide}}  {outcome.meaning} [{outcome.unit}{better}]")


def markdown(definitions: list[Definition]) -> str:
    """Write a page of documentation: a row for each outcome, those of a component together."""
    from experiments.reporting.catalogue import gettext

    lines = [
        "# Outcomes",
        "",
        "What is measured every week, for the whole district: all but `order` and `vitality`, which are relative to a "
        "baseline, are columns of `model.outcomes` and `runs.csv`. Made from `sim/outcomes/definitions.csv` by "
        "`gongzhi outcomes --out docs/outcomes.md`; not edited by hand. *Better* is the side that verdicts read as the "
        "good one; filings and the like have none ([reading results](reading-results.md)).",
    ]
    heads = ("name", "unit", "better", "in a sentence", gettext("zh", "Chinese"), "meaning")
    for component in dict.fromkeys(outcome.component for outcome in definitions):
        lines += ["", f"## {HEADS.get(component, component.replace('_', ' ').capitalize())}"]
        lines += table(
            heads,
            [
                (
                    f"`{outcome.name}`",
                    outcome.unit,
                    "" if outcome.better == "neither" else outcome.better,
                    outcome.label,
                    outcome.label_zh,
                    outcome.meaning,
                )
                for outcome in definitions
                if outcome.component == component
            ],
        )
    return "\n".join(lines) + "\n"
