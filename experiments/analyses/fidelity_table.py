"""The study sentence by sentence: what the model makes of each, and how large it is.

A table of rows (``docs/fidelity.toml``) says for every sentence whether it is in the model, where, what switches it and
why what is left out is left out.  Sizes are paired: the whole arrangement less the same world without the row's
mechanism.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import filter as matching
from pathlib import Path
from typing import Any, Final, Unpack

import pandas as pd

from experiments.analyses.compare.comparison_spec import ComparisonSpec
from experiments.analyses.compare.table import compared, run_means
from experiments.core.margin import MARGIN
from experiments.core.run.execute import run_design
from experiments.core.spec import RunFields, Running
from experiments.core.statistics.exposure import exposure_of, scale
from experiments.core.statistics.measures import better
from experiments.core.statistics.regions import region, together
from experiments.core.store.store import Store
from experiments.reporting.template_rendering import markdown
from sim import Scenario, arrangement
from sim.errors import ScenarioError, StoreError

HOW: Final = ("in", "part", "out")
"""Whether a sentence is in the model: whole, in part, or left out."""
OUTCOMES: Final = ("conflicts", "standing")
NUMBERS: Final = ("change", "low", "high", "least", "most")
"""Columns of a size that are numbers."""
BASES: Final[Mapping[str, Mapping[str, Any]]] = {
    "arrangement": {},
    "emergency": {"emergency.enabled": True, "emergency.switching": True},
}
"""Worlds in which rows are measured: the arrangement, with these changes."""


@dataclass(frozen=True)
class Row:
    """A sentence of the study.

    Attributes
    ----------
    id, study
        A short name, and what the study says, in our words.
    how
        One of `HOW`.
    where, test
        Files that carry it, and the file of tests that holds it to account; from the root of the project.
    parameters
        What switches or sizes it; names may end in ``*``.
    touches
        What it acts on.
    off
        Changes that take it away; empty where no size is given.
    base
        The world in which it is measured, a key of `BASES`.
    note
        A choice, or why it is left out.
    """

    id: str
    study: str
    how: str
    where: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    touches: str = ""
    off: Mapping[str, Any] = field(default_factory=dict)
    base: str = "arrangement"
    test: str = ""
    note: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """Files that carry it, and that of its tests."""
        return (*self.where, self.test) if self.test else self.where

    def names(self, known: Sequence[str]) -> list[str]:
        """Return the parameters of this row among those known, in their order."""
        names = {name for pattern in self.parameters for name in matching(known, pattern)}
        return [name for name in known if name in names]


@dataclass(frozen=True)
class Size:
    """Size of a row in one outcome, in percent of the mean without it.

    Attributes
    ----------
    id, outcome
        Row and outcome.
    change, low, high
        Mean paired difference, with less without, and its 95 % interval.
    least, most
        The wider interval that holds for all rows together, from which the verdict is read.
    verdict
        As everywhere in the laboratory; adjusted over all rows.
    sizes
        Estates, weeks and replicates.
    """

    id: str
    outcome: str
    change: float
    low: float
    high: float
    least: float
    most: float
    verdict: str
    sizes: tuple[int, int, int]


def read_rows(path: Path) -> list[Row]:
    """Read the table of rows; every row has the names that `Row` has, and no others."""
    rows = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["row"]:
        strange = set(entry) - set(Row.__dataclass_fields__)
        if strange or entry.get("how") not in HOW or entry.get("base", "arrangement") not in BASES:
            what = ", ".join(sorted(strange)) or "how or base"
            raise ScenarioError(f'{path}, row "{entry.get("id")}": {what} is not known.')
        given: dict[str, Any] = {name: tuple(it) if isinstance(it, list) else it for name, it in entry.items()}
        rows.append(Row(**given))
    return rows


class SizeFields(RunFields, total=False):
    """Keywords of a measurement; see `measured`."""

    replicates: int
    seed: int


def measured(rows: Sequence[Row], scenario: Scenario, **fields: Unpack[SizeFields]) -> list[Size]:
    """Measure every row that can be taken away: each base whole, and less the row, on common random numbers."""
    switched = [row for row in rows if row.off]
    arms = {name: {**arrangement.changes(), **more} for name, more in BASES.items()}
    arms |= {f"less {row.id}": {**arms[row.base], **row.off} for row in switched}
    running, own = Running.split(fields)
    question = "How large is each sentence of the study?"
    spec = ComparisonSpec.of(
        {
            **own,
            "arms": arms,
            "baseline": "arrangement",
            "scenario": scenario,
            "outcomes": OUTCOMES,
            "question": question,
        }
    )
    kept = Store(running.out or "results/fidelity")
    info = {"question": question, "command": running.command}
    done = run_design(spec.design(), kept, running.execution, info=info, spec=spec)
    design = done.design
    if done.failed:
        first = next(iter(done.failed.values()))
        raise StoreError(f"{len(done.failed)} of {len(design.runs)} runs in {kept.folder} failed, one with: {first}")
    frames = [
        kept.outcomes(run.key)[["week", *OUTCOMES]].assign(arm=run.arm, district=run.district, replicate=run.replicate)
        for run in done.design.runs
        if run.key in done.done
    ]
    means = run_means(pd.concat(frames, ignore_index=True), design.start, list(OUTCOMES))
    seen, results = exposure_of(design), []
    for row in switched:
        treated, control = (means.xs(arm, level="arm") for arm in (row.base, f"less {row.id}"))
        effects = compared(treated, control, seen)
        results += [(row.id, outcome, effects[outcome]) for outcome in OUTCOMES]
    confidence, _ = together([result for _, _, result in results], [True] * len(results))
    sizes = (scenario.district.estates, scenario.run.weeks, spec.replicates)
    table = []
    for name, outcome, result in results:
        mean = scale(outcome, result.baseline_mean) or float("nan")  # nothing stands yet in very short runs
        low, high = result.interval(confidence)
        ends = (result.difference, result.ci_low, result.ci_high, low, high)
        change, left, right, least, most = (100 * value / mean for value in ends)
        verdict = region(low, high, MARGIN * mean if mean == mean else 0.0, better(outcome))
        table.append(Size(name, outcome, change, left, right, least, most, verdict, sizes))
    return table


def write_sizes(path: Path, sizes: Sequence[Size]) -> None:
    """Write sizes, rounded as the page shows them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "outcome", *NUMBERS, "verdict", "estates", "weeks", "replicates"])
        for size in sizes:
            writer.writerow(
                [size.id, size.outcome, *(f"{getattr(size, name):.2f}" for name in NUMBERS), size.verdict, *size.sizes]
            )


def read_sizes(path: Path) -> list[Size]:
    """Read sizes; none where none were measured."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Size(
                record["id"],
                record["outcome"],
                float(record["change"]),
                float(record["low"]),
                float(record["high"]),
                float(record["least"]),
                float(record["most"]),
                record["verdict"],
                (int(record["estates"]), int(record["weeks"]), int(record["replicates"])),
            )
            for record in csv.DictReader(file)
        ]


def page(rows: Sequence[Row], sizes: Sequence[Size]) -> str:
    """Write the page."""
    known = {(size.id, size.outcome): size for size in sizes}
    return markdown("fidelity", "en", rows=rows, sizes=sizes, known=known, outcomes=OUTCOMES)
