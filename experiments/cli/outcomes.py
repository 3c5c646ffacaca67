"""``gongzhi outcomes``: what is measured every week, with its unit, its better side and what it means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import options

if TYPE_CHECKING:
    from sim.outcomes import Definition

__all__ = ["markdown", "outcomes"]


def outcomes(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Outcomes, or the beginnings of their names; all where none is named.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.md", help="Write the page of all outcomes.")
    ] = None,
) -> None:
    """Show what is measured every week."""
    from sim.errors import ScenarioError, nearest
    from sim.outcomes import DEFINITIONS

    if names and out is not None:
        raise ScenarioError("--out writes the page of all outcomes: leave the names out.")
    shown = list(DEFINITIONS.values())
    for name in names or []:
        if not any(one.name.startswith(name) for one in shown):
            raise ScenarioError(f'"{name}" is not an outcome.{nearest(name, list(DEFINITIONS))} Without names all are '
                                "shown.")
    if names:
        shown = [one for one in shown if one.name.startswith(tuple(names))]
    if out is not None:
        options.target(out).write_text(markdown(shown), encoding="utf-8")
        print(f"{out}: {len(shown)} outcomes.")
        return
    wide = max(len(one.name) for one in shown)
    for one in shown:
        better = "" if one.better == "neither" else f", {one.better} is better"
        print(f"{one.name:{wide}}  {one.meaning} [{one.unit}{better}]")


def markdown(definitions: list[Definition]) -> str:
    """Write a page of documentation: a row for each outcome, those of a component together."""
    from experiments.reporting.catalogue import gettext

    lines = [
        "# Outcomes", "",
        "What is measured every week, for the whole district: all but `order` and `vitality`, which are relative to a "
        "baseline, are columns of `model.outcomes` and `runs.csv`. Made from `sim/outcomes/definitions.csv` by "
        "`gongzhi outcomes --out docs/outcomes.md`; not edited by hand. *Better* is the side that verdicts read as the "
        "good one; filings and the like have none ([reading results](reading-results.md)).",
    ]
    head = f"| name | unit | better | in a sentence | {gettext("zh", "Chinese")} | meaning |"
    component = ""
    order = list(dict.fromkeys(one.component for one in definitions))
    for one in sorted(definitions, key=lambda one: order.index(one.component)):
        if one.component != component:
            component = one.component
            lines += ["", f"## {HEADS.get(component, component.replace('_', ' ').capitalize())}", "", head,
                      "|---|---|---|---|---|---|"]
        better = "" if one.better == "neither" else one.better
        cells = (f"`{one.name}`", one.unit, better, one.label, one.label_zh, one.meaning)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


HEADS = {
    "record": "The district's week", "spread": "For whom: the worst-off, inequality, and groups of estates",
    "index": "Two sides of the goal", "frontline": "Early mediation", "collective": "Collective action",
    "meeting_help": "Help with owners' meetings",
}
"""Of sections whose component's name is no heading."""
