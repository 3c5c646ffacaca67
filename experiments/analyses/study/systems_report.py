"""What the study of all systems has found: what each one moves when it is switched on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analyses.result import Draw
from experiments.analyses.study.study_figures import systems_figure
from experiments.analyses.study.sweeps import Systems
from experiments.analyses.study.systems_table import counted
from experiments.core.margin import MARGIN
from experiments.reporting.clauses import Move
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import amount, between
from experiments.reporting.provenance import info_of


def findings(result: Systems) -> list[Finding]:
    """Find how many systems move the headline, and what each one moves."""
    return table_findings(result.table)


def table_findings(table: pd.DataFrame) -> list[Finding]:
    """Find it in a table from `systems.table_of`."""
    headline = [name for name in ("conflicts", "standing") if name in set(table["outcome"])]
    statements = [Finding("systems.counted", **counted(table, name)) for name in headline]
    for number, rows in table.rename(columns={"without": "baseline_mean"}).groupby("contrast", sort=False):
        moves = [Move.of(row) for row in rows.to_dict("records")]
        statements.append(Finding("systems.moves", number=number, system=str(rows["system"].iloc[0]), moves=moves))
    return statements


def figures(result: Systems) -> dict[str, Draw]:
    """What each system moves."""
    return {"systems": partial(systems_figure, result.table)}


def page(result: Systems) -> dict[str, Any]:
    """Return what the page is filled with."""
    return {"made_by": result.spec.made_by, "margin": MARGIN, "rows": result.table.to_dict("records")}


def document(result: Systems, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    scenario, replicates = result.spec.scenario, int(result.table["replicates"].max())
    size = {**result.spec.size, "replicates": replicates}
    return Document(
        title=Finding("common.question", text=result.spec.question),
        findings=result.findings,
        figures=[(drawn["systems"], Finding("systems.caption", replicates=replicates, margin=MARGIN))],
        tables=[_effects(result.table)],
        method=[Finding("systems.switched", **size), Finding("systems.judged", margin=MARGIN)],
        limits=[Finding("systems.one_at_a_time")],
        scenario=scenario,
        info=info_of(result.stores[0]),
    )


def _effects(table: pd.DataFrame) -> Shown:
    rows = []
    for row in table.to_dict("records"):
        low, high, least, most = (amount(row[end], signed=True) for end in ("ci_low", "ci_high", "sim_low", "sim_high"))
        rows.append(
            {
                "number": row["contrast"],
                "system": Finding("common.phrase", text=str(row["system"]), capital=True),
                "switch": Finding("common.phrase", text=str(row["switch"])),
                "outcome": Finding("common.noun", name=str(row["outcome"])),
                "off": amount(row["without"]),
                "on": amount(row["with"]),
                "change": amount(row["difference"], signed=True),
                "interval": between(low, high),
                "together": between(least, most),
                "verdict": Finding("common.verdict", name=str(row["verdict"])),
                "unit": Finding("common.unit", outcome=str(row["outcome"])),
            }
        )
    return Shown(Finding("systems.effects"), pd.DataFrame(rows), "systems.heads")
