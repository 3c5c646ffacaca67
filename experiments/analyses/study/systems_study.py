"""What each system moves, by how much: every system switched off and on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.analyses.result import Draw
from experiments.analyses.study.contrasts import Contrast, Contrasts, contrasted
from experiments.analyses.study.sweeps import BAND, StudySweep, StudySweepSpec, noted, study_document
from experiments.core.margin import MARGIN
from experiments.core.statistics.regions import BEYOND
from experiments.figures.entry import band_entry, ink_of, verdict_entry, verdict_key
from experiments.figures.interval_rows import IntervalRows, Panel, Point, Row, bulk
from experiments.reporting import words
from experiments.reporting.catalogue import gettext
from experiments.reporting.clauses import Move, capital
from experiments.reporting.document import Document, Shown
from experiments.reporting.dust import least
from experiments.reporting.finding import Finding
from experiments.reporting.numbers import amount, percent
from experiments.reporting.phrases import phrase
from sim import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class System:
    """A system of the study, with number and name as in the mission of the laboratory, and how it is switched.

    `switch` is what turns it on, in words that can be typed; `on` and `off` are the changes to the scenario with and
    without it; `outcomes` what it moves first, and what that does to people.
    """

    number: str
    name: str
    switch: str
    on: Mapping[str, Any]
    off: Mapping[str, Any] = field(default_factory=dict)
    outcomes: tuple[str, ...] = ("conflicts", "standing")


class Systems(StudySweep):
    """What each system moves."""


class SystemsSpec(StudySweepSpec):
    """What each system moves: every system switched off and on."""

    analysis = "systems"
    result = Systems
    systems: tuple[System, ...]

    @property
    def outcomes(self) -> list[str]:
        return list(dict.fromkeys(name for system in self.systems for name in system.outcomes))

    def contrasts(self) -> list[Contrast]:
        """Turn systems into contrasts: the same world with and without each."""
        usual = Scenario()
        # What `off` alone has changed is taken back.
        return [
            Contrast(system.number, system.off, {name: usual.get(name) for name in system.off} | dict(system.on))
            for system in self.systems
        ]

    def table(self, contrasts: Contrasts) -> pd.DataFrame:
        """Return one row for each system and outcome that it is said to move."""
        pairs = [(system, name) for system in self.systems for name in system.outcomes]
        table = contrasted(contrasts, [(system.number, name) for system, name in pairs])
        table.insert(1, "system", [system.name for system, _ in pairs])
        table.insert(2, "switch", [system.switch for system, _ in pairs])
        return table


def counted(table: pd.DataFrame, outcome: str) -> dict[str, Any]:
    """Return which systems lower an outcome by more than the margin, which raise it, and of how many."""
    rows = table[table["outcome"] == outcome]
    certain = rows[rows["verdict"].isin(BEYOND)]
    return {
        "outcome": outcome,
        "systems": len(rows),
        "lower": list(certain.loc[certain["difference"] < 0, "system"]),
        "higher": list(certain.loc[certain["difference"] > 0, "system"]),
        "margin": MARGIN,
    }


def findings(result: Systems) -> list[Finding]:
    """Find how many systems move the headline, and what each one moves."""
    table = result.table.rename(columns={"without": "baseline_mean"})
    headline = [name for name in ("conflicts", "standing") if name in set(table["outcome"])]
    moved = {
        (number, system): [Move.of(row) for row in rows.to_dict("records")]
        for (number, system), rows in table.groupby(["contrast", "system"], sort=False)
    }
    return [
        *(Finding("systems.counted", **counted(table, name)) for name in headline),
        *(
            Finding("systems.moves", number=number, system=system, moves=moves)
            for (number, system), moves in moved.items()
        ),
    ]


def figures(result: Systems) -> dict[str, Draw]:
    """What each system moves."""
    return {"systems": partial(systems_figure, result.table)}


def systems_figure(table: pd.DataFrame, lang: str = "en") -> Figure:
    """Draw a row for each system and outcome, in per cent or, without a base, with its number."""
    rows, points, numbers = [], [], []
    for row, first in zip(table.to_dict("records"), ~table["contrast"].duplicated(), strict=True):
        name = f"{row['contrast']}  {capital(phrase(row['system'], lang))}" if first else ""
        rows.append(Row(name, bold=True, line=first, beside=words.noun(row["outcome"], lang).name))
        base, ink = abs(row["without"]), ink_of(row["verdict"])
        scale = 100.0 / base if math.isfinite(base) and base > 0 else math.nan
        ends = (row["ci_low"], row["difference"], row["ci_high"])
        point = Point.of(ends, verdict_entry(row["verdict"]), scale, least(row["outcome"]))
        points.append([point])
        known = math.isfinite(point.mean)
        numbers.append((percent(point.mean, signed=True) if known else amount(row["difference"], signed=True), ink))
    axis, span = gettext(lang, "change when the system is on, %"), bulk(points, BAND[1])
    return IntervalRows(
        title=Finding("systems.title", **counted(table, "conflicts")),
        note=Finding("systems.note", **noted(table)),
        rows=rows,
        panels=[Panel("", axis, points, numbers=numbers, band=BAND, span=span)],
        key=[*verdict_key(table["verdict"], lang), band_entry(MARGIN, lang)],
    ).draw(lang)


def page(result: Systems) -> dict[str, Any]:
    """Return what the page is filled with."""
    return {"made_by": result.spec.made_by, "margin": MARGIN, "rows": result.table.to_dict("records")}


def document(result: Systems, drawn: Mapping[str, Path]) -> Document:
    """Make the report."""
    size = {**result.spec.size, "replicates": noted(result.table)["replicates"]}
    method = [Finding("systems.switched", **size), Finding("systems.judged", margin=MARGIN)]
    columns = "number system switch outcome off on change interval together verdict unit"
    effects = Shown.of(Finding("systems.effects"), result.table.to_dict("records"), columns, "systems.cell")
    caption = Finding("systems.caption", **noted(result.table))
    return study_document(result, drawn, caption, effects, method, "systems.one_at_a_time")
