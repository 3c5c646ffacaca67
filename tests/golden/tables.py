"""The frozen tables of the laboratory: the CSV files that every analysis in `analyses` leaves behind."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from unittest import mock

from experiments import Execution
from sim import Scenario
from tests.golden.analyses import ANALYSES
from tests.golden.rounding import HERE, close

__all__ = ["FOLDER", "differences", "found", "made", "made_on", "read", "write"]

FOLDER: Final = Path(__file__).with_name("analyses")
MADE_ON: Final = FOLDER / "made-on.txt"
FILES_LEFT_OUT: Final = frozenset({"timings.csv", "posterior.csv", "screening/runs.csv"})
"""Seconds; thousands of draws, which summary.csv sums up; and runs with four hundred parameters each."""
COLUMNS_LEFT_OUT: Final = frozenset({"seconds"})

type Tables = dict[str, str]


def made(name: str, execution: Execution | None = None) -> Tables:
    """Do an analysis in the default world; return its tables by the name of their file."""
    serial = Execution(executor="serial", progress=False)
    # The folder is thrown away, so nobody waits for the disk.
    with tempfile.TemporaryDirectory() as place, mock.patch("os.fsync", lambda _: None):
        folder = Path(place) / name
        ANALYSES[name](Scenario(), folder, execution or serial)
        return found(name, folder)


def found(name: str, folder: Path) -> Tables:
    """Return the tables that an analysis left in a folder, by the name of their file."""
    return {
        path.name: _cleaned(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.csv"))
        if not {path.name, f"{name}/{path.name}"} & FILES_LEFT_OUT
    }


def _cleaned(text: str) -> str:
    """Leave out columns of times."""
    head, *rows = csv.reader(io.StringIO(text))
    keep = [place for place, column in enumerate(head) if column not in COLUMNS_LEFT_OUT]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([row[place] for place in keep] for row in (head, *rows))
    return out.getvalue()


def made_on() -> str:
    """Return what rounds as the frozen tables were; empty where there are none."""
    return MADE_ON.read_text(encoding="utf-8").strip() if MADE_ON.exists() else ""


def read(name: str) -> Tables:
    """Return the frozen tables of an analysis."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((FOLDER / name).glob("*.csv"))}


def write(every: Mapping[str, Tables]) -> None:
    """Freeze the tables of all analyses; what is no more is removed."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*/*.csv"):
        if path.name not in every.get(path.parent.name, {}):
            path.unlink()
    for name, tables in every.items():
        (FOLDER / name).mkdir(exist_ok=True)
        for file, text in tables.items():
            (FOLDER / name / file).write_text(text, encoding="utf-8", newline="\n")
    MADE_ON.write_text(HERE + "\n", encoding="utf-8")


def differences(name: str, old: Tables, new: Tables, exact: bool) -> list[str]:
    """Say what changed, table by table and column by column.

    Parameters
    ----------
    name
        The analysis.
    old, new
        Frozen tables and today's.
    exact
        Whether cells must be the same text; otherwise numbers may differ as far as rounding allows.
    """
    told = []
    for file in dict.fromkeys([*old, *new]):
        if file not in old:
            told.append(f"new table: {name}/{file}")
        elif file not in new:
            told.append(f"vanished table: {name}/{file}")
        else:
            told += _between(f"{name}/{file}", old[file], new[file], exact)
    return told


def _between(where: str, old: str, new: str, exact: bool) -> list[str]:
    before, after = _columns(old), _columns(new)
    told = [f"new column: {where}, {column}" for column in after if column not in before]
    told += [f"vanished column: {where}, {column}" for column in before if column not in after]
    lengths = [len(next(iter(table.values()), [])) for table in (before, after)]
    if lengths[0] != lengths[1]:
        told.append(f"{where}: {lengths[0]} rows -> {lengths[1]} rows")
    for column in before:
        pairs = list(enumerate(zip(before[column], after.get(column, []), strict=False), start=2))
        moved = [(line, one, two) for line, (one, two) in pairs if one != two and (exact or not close(one, two))]
        if moved:
            line, one, two = moved[0]
            told.append(f"{where}, {column}: {len(moved)} of {len(pairs)} cells; line {line}: {one} -> {two}")
    if not told and exact and old != new:
        told.append(f"{where}: the order of columns, or how cells are written")
    return told


def _columns(text: str) -> dict[str, list[str]]:
    head, *rows = csv.reader(io.StringIO(text))
    return {column: [row[place] for row in rows] for place, column in enumerate(head)}
