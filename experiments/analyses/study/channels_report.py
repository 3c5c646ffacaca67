"""What the study of desks has found: whether conflicts rise by their existence, and what they do to causes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analyses.result import Draw
from experiments.analyses.study.desks import AVERTED, editions, row_of
from experiments.analyses.study.study_figures import channels_figure
from experiments.analyses.study.sweeps import Channels
from experiments.core.margin import MARGIN
from experiments.core.statistics.regions import side
from experiments.reporting.document import Document, Shown
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import amount, between, percent
from experiments.reporting.provenance import info_of


def findings(result: Channels) -> list[Finding]:
    """Find for every edition whether conflicts rise by the existence of desks, and what that is owed to."""
    return table_findings(result.table)


def table_findings(table: pd.DataFrame) -> list[Finding]:
    """Find it in a table from `desks.table_of`."""
    return [_edition(table, world) for world in editions(table)]


def _edition(table: pd.DataFrame, world: str) -> Finding:
    moved = row_of(table, world, "conflicts")
    by = {outcome: float(row_of(table, world, outcome)["difference"]) for outcome in AVERTED}
    tried = table[(table["of"] == world) & (table["outcome"] == "conflicts")]
    by_shift = tried.sort_values("shift", key=lambda shift: -shift.abs(), kind="stable").to_dict("records")
    return Finding(
        "channels.edition",
        world=world,
        way=side(float(moved["ci_low"]), float(moved["ci_high"])),
        change=[100 * float(moved[name]) for name in ("relative", "low", "high")],
        alive=100 * float(row_of(table, world, "alive_at_settlement")["with"]),
        reached=by["averted_desk"] + by["averted_early"],
        private=by["averted_private"],
        net=sum(by.values()),
        tried=len(tried),
        owed=[
            (row["reason"], 100 * float(row["relative"]))
            for row in by_shift
            if side(float(row["shift_low"]), float(row["shift_high"]))
        ],
    )


def figures(result: Channels) -> dict[str, Draw]:
    """What desks do to causes and conflicts."""
    return {"channels": partial(channels_figure, result.table)}


def page(result: Channels) -> dict[str, Any]:
    """Return what the page is filled with."""
    worlds = [rows.to_dict("records") for _, rows in result.table.groupby("world", sort=False)]
    return {
        "findings": result.findings,
        "made_by": result.spec.made_by,
        "margin": MARGIN,
        "averted": AVERTED,
        "worlds": [{row["outcome"]: row for row in rows} for rows in worlds],
    }


def document(result: Channels, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    note = Finding("channels.note", replicates=int(result.table["replicates"].max()), margin=MARGIN)
    return Document(
        title=Finding("common.question", text=result.spec.question),
        findings=result.findings,
        figures=[(drawn["channels"], note)],
        tables=[_effects(result.table)],
        method=[result.spec.made_by, Finding("channels.method")],
        limits=[Finding("channels.no_policy")],
        scenario=result.spec.scenario,
        info=info_of(result.stores[0]),
    )


def _effects(table: pd.DataFrame) -> Shown:
    rows = []
    for row in table.to_dict("records"):
        low, high = (amount(float(row[end]), signed=True) for end in ("ci_low", "ci_high"))
        rows.append(
            {
                "world": Finding("channels.world", name=row["world"], of=row["of"], reason=row["reason"], capital=True),
                "outcome": Finding("common.noun", name=row["outcome"]),
                "without": amount(float(row["without"])),
                "with": amount(float(row["with"])),
                "change": amount(float(row["difference"]), signed=True),
                "interval": between(low, high),
                "per_cent": percent(100 * float(row["relative"]), signed=True),
                "unit": Finding("common.unit", outcome=row["outcome"]),
            }
        )
    return Shown(Finding("channels.effects"), pd.DataFrame(rows), "channels.heads")
