"""The study sentence by sentence: what the model makes of each, and how large it is.

A table of rows (``docs/fidelity.toml``) says for every sentence whether it is in the model, where, what switches it and
why what is left out is left out.  Sizes are paired: the whole arrangement less the same world without the row's
mechanism.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from fnmatch import filter as matching
from pathlib import Path
from typing import Any, Final

import pandas as pd

from experiments.analyses.study.contrasts import Contrast, contrasted, run_or_read_contrasts
from experiments.core.spec import Running
from experiments.core.statistics.exposure import scale
from experiments.reporting.template_rendering import markdown
from sim import Scenario
from sim.core.errors import ScenarioError
from sim.parameters.scenario_file import read
from sim.policies import arrangement

HOW: Final = ("in", "part", "out")  # whether a sentence is in the model: whole, in part, or left out
OUTCOMES: Final = ("conflicts", "standing")
NUMBERS: Final = {"change": "difference", "low": "ci_low", "high": "ci_high", "least": "sim_low", "most": "sim_high"}
"""Columns of a size that are numbers, in percent of the mean without it, by those of contrasts."""
BASES: Final[Mapping[str, Mapping[str, Any]]] = {
    "arrangement": {},
    "emergency": {"emergency.enabled": True, "emergency.switching": True},
}
"""Worlds in which rows are measured: the arrangement, with these changes."""

KINDS: Final = (
    *((name, str, "a text") for name in ("id", "study", "touches", "test", "note")),
    *((name, list, "a list of texts") for name in ("where", "parameters")),
    ("off", dict, 'changes, such as { "desks.enabled" = false }'),
)
"""What the names of a row hold."""


@dataclass(frozen=True)
class Row:
    """A sentence of the study: what it says, in our words, and one of `HOW`.

    It is carried by files (`where`), held to account by a file of tests, both from the root of the project; switched or
    sized by `parameters`, whose names may end in ``*``; and taken away from a world of `BASES` by changes (`off`),
    empty where no size is given.  The note is a choice, or why it is left out.
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
        return (*self.where, self.test) if self.test else self.where

    def names(self, known: Sequence[str]) -> list[str]:
        """Return the parameters of this row among those known, in their order."""
        names = {name for pattern in self.parameters for name in matching(known, pattern)}
        return [name for name in known if name in names]


def read_rows(path: Path) -> list[Row]:
    """Read the table of rows; every row has the names that `Row` has, and no others."""
    rows, entries = [], read(path).get("row")
    if not (isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)):
        raise ScenarioError(f'{path} must hold a table [[row]] for each sentence, with id = "...", study and how.')
    needed = {part.name for part in fields(Row) if part.default is MISSING and part.default_factory is MISSING}
    for entry in entries:
        if lacking := ", ".join(sorted(needed - set(entry))):
            raise ScenarioError(f'{path}, row "{entry.get("id")}": {lacking} must be given.')
        strange = set(entry) - set(Row.__dataclass_fields__)
        if strange or entry.get("how") not in HOW or entry.get("base", "arrangement") not in BASES:
            what = ", ".join(sorted(strange)) or "how or base"
            raise ScenarioError(f'{path}, row "{entry.get("id")}": {what} is not known.')
        for name, kind, allowed in KINDS:
            if not isinstance(entry.get(name, None if name in ("id", "study") else kind()), kind):
                raise ScenarioError(f'{path}, row "{entry.get("id")}": {name} must be {allowed}.')
        parts: dict[str, Any] = {name: tuple(it) if isinstance(it, list) else it for name, it in entry.items()}
        rows.append(Row(**parts))
    return rows


def texts(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what people read in the table, which is translated."""
    for row in rows:
        yield from filter(None, (row.study, row.touches, row.note))


def measured(
    rows: Sequence[Row], scenario: Scenario, running: Running, replicates: int = 12, seed: int = 1
) -> pd.DataFrame:
    """Measure every row that can be taken away: its base whole, and less the row, on common random numbers.

    Columns are row and outcome; `NUMBERS`: the mean paired difference with its 95 % interval, and the wider one that
    holds for all rows together, from which the verdict is read; how many estates, weeks and replicates.
    """
    contrasts = []
    for row in rows:
        if row.off:
            base = {**arrangement.changes(), **BASES[row.base]}
            whole = scenario.replace(base)
            contrasts.append(Contrast(row.id, {**base, **row.off}, {name: whole.get(name) for name in row.off}))
    question = "How large is each sentence of the study?"
    size = {"outcomes": OUTCOMES, "replicates": replicates, "seed": seed, "question": question}
    results = run_or_read_contrasts(contrasts, scenario, size, running)
    table = contrasted(results, [(contrast.label, outcome) for contrast in contrasts for outcome in OUTCOMES])
    means = [scale(*row) or float("nan") for row in zip(table["outcome"], table["without"], strict=True)]
    sizes = table[["contrast", "outcome"]].rename(columns={"contrast": "id"})
    # Nothing stands yet in very short runs, and a share of nothing is no number.
    sizes = sizes.assign(**{name: 100 * table[column] / means for name, column in NUMBERS.items()})
    ground = {"estates": scenario.district.estates, "weeks": scenario.run.weeks, "replicates": replicates}
    return sizes.assign(verdict=table["verdict"], **ground)


def write_sizes(path: Path, sizes: pd.DataFrame) -> None:
    """Write sizes, rounded as the page shows them."""
    sizes.to_csv(path, index=False, float_format="%.2f", na_rep="nan", lineterminator="\n")


def read_sizes(path: Path) -> pd.DataFrame:
    """Read sizes; none where none were measured."""
    return pd.read_csv(path) if path.exists() else pd.DataFrame()


def page(rows: Sequence[Row], sizes: pd.DataFrame, lang: str = "en") -> str:
    """Write the page in a language; a sentence without translation is in English."""
    records = sizes.to_dict("records")
    known = {(size["id"], size["outcome"]): size for size in records}
    return markdown("fidelity", lang, rows=rows, sizes=records, known=known, outcomes=OUTCOMES)
