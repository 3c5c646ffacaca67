"""The table of systems: what each moves, by how much, made by a command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from experiments.analyses.study.contrasts import Contrast, Contrasts, contrasted
from experiments.core.margin import MARGIN
from experiments.reporting.numbers import amount
from experiments.reporting.words import noun, verdict

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["System", "contrasts_of", "table_of", "written"]


@dataclass(frozen=True)
class System:
    """A system of the study and how it is switched.

    Attributes
    ----------
    number, name
        As in the mission of the laboratory.
    switch
        What turns it on, in words that can be typed.
    on, off
        Changes to the scenario with and without it.
    outcomes
        What it moves first, and what that does to people.
    """

    number: str
    name: str
    switch: str
    on: Mapping[str, Any]
    off: Mapping[str, Any] = field(default_factory=dict)
    outcomes: tuple[str, ...] = ("conflicts", "standing")


def contrasts_of(systems: Sequence[System]) -> list[Contrast]:
    """Turn systems into contrasts: the same world with and without each."""
    return [Contrast(system.number, system.off, {**_undone(system), **system.on}) for system in systems]


def _undone(system: System) -> dict[str, Any]:
    """Changes that take back what `off` alone has changed."""
    from sim import Scenario

    return {name: Scenario().get(name) for name in system.off if name not in system.on}


def table_of(systems: Sequence[System], made: Contrasts) -> pd.DataFrame:
    """Return one row for each system and outcome that it is said to move."""
    picked = contrasted(made, [(system.number, name) for system in systems for name in system.outcomes])
    about = {system.number: system for system in systems}
    picked.insert(1, "system", [about[number].name for number in picked["contrast"]])
    picked.insert(2, "switch", [about[number].switch for number in picked["contrast"]])
    return picked


def written(table: pd.DataFrame, note: str) -> str:
    """Write the table as a page."""
    lines = [
        "# What each system moves",
        "",
        "Every row switches one system of the study off and on in the same world, with the same draws. "
        "S6 to S8 and S10 are tried on top of full coverage. The change is the mean paired difference, on less off, "
        "with its 95 % interval. The second interval holds for all rows together (Bonferroni), and the verdict says "
        f"how it lies to zero and to ±{100 * MARGIN:g} % of the mean with the system off (docs/reading-results.md).",
        "",
        note,
        "",
        "![What each system moves](figures/systems.png)",
        "",
        "| | system | switch | outcome | off | on | change | 95 % interval | all together | verdict |",
        "|---|---|---|---|---:|---:|---:|---|---|---|",
    ]
    before = ""
    for row in table.to_dict("records"):
        head = (row["contrast"], row["system"], f"`{row['switch']}`") if row["contrast"] != before else ("", "", "")
        before = row["contrast"]
        cells = [
            *head, noun(row["outcome"]).name, amount(row["without"]), amount(row["with"]),
            amount(row["difference"], signed=True),
            *(f"{amount(row[f'{kind}_low'], signed=True)} to {amount(row[f'{kind}_high'], signed=True)}"
              for kind in ("ci", "sim")),
            verdict(str(row["verdict"])),
        ]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
