"""The frozen results of the model: a mean and a digest of every column of every run in `cases`."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import GovernanceModel, Scenario
from tests.golden.cases import CASES
from tests.golden.rounding import HERE, close

__all__ = ["FILE", "Row", "differences", "lived", "measure", "read", "write"]

FILE: Final = Path(__file__).with_name("model.csv")


class Row(NamedTuple):
    """One column of one run.

    Attributes
    ----------
    run, table, column
        Where it is.
    mean
        Exact mean of its numbers, those that are not numbers left out; empty for a column of texts.
    digest
        Hash of its type and bytes.
    """

    run: str
    table: str
    column: str
    mean: str
    digest: str

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it is."""
        return self.run, self.table, self.column


def lived(run: str) -> list[Row]:
    """Make a run in the default world and measure it."""
    return measure(run, CASES[run](Scenario()))


def measure(run: str, model: GovernanceModel) -> list[Row]:
    tables: dict[str, dict[str, NDArray[Any]]] = {
        "outcomes": {name: column.to_numpy() for name, column in model.outcomes.items()},
        "estates": {name: column.to_numpy() for name, column in model.estate_outcomes.items()},
        "policy": {"hours": model.policy_hours},
        "cases": model.disputes.book.arrays(),
        "incidents": model.incidents.book.arrays(),
    }
    return [
        Row(run, table, str(name), _mean(column), _digest(column))
        for table, columns in tables.items()
        for name, column in columns.items()
    ]


def _mean(column: NDArray[Any]) -> str:
    if column.dtype.kind not in "biuf":
        return ""
    numbers = column.astype(np.float64).ravel()
    numbers = numbers[~np.isnan(numbers)]
    # An exact sum, which no processor rounds in another way.
    return repr(math.fsum(numbers.tolist()) / numbers.size if numbers.size else math.nan)


def _digest(column: NDArray[Any]) -> str:
    if column.dtype.kind in "biuf":
        kind, data = (
            column.dtype.newbyteorder("<").str,
            np.ascontiguousarray(column).astype(column.dtype.newbyteorder("<"), copy=False).tobytes(),
        )
    else:
        kind, data = "text", "\0".join(map(str, column.tolist())).encode()
    return blake2b(f"{kind} {column.shape}".encode() + data, digest_size=6).hexdigest()


@cache
def read(path: Path = FILE) -> tuple[str, list[Row]]:
    """Return what rounds as the frozen results were, and their rows."""
    if not path.exists():
        return "", []
    with path.open(encoding="utf-8", newline="") as file:
        head = file.readline().removeprefix("# ").rstrip("\n")
        return head, [Row(*cells) for cells in list(csv.reader(file))[1:]]


def write(rows: Iterable[Row]) -> None:
    """Freeze the results."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# {HERE}\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows(rows)


def differences(old: Iterable[Row], new: Iterable[Row], exact: bool) -> list[str]:
    """Say what changed, column by column.

    Parameters
    ----------
    old, new
        Frozen rows and today's.
    exact
        Whether to compare bytes; otherwise means, as far as rounding allows.
    """
    before, after = {row.place: row for row in old}, {row.place: row for row in new}
    told = []
    for place in dict.fromkeys([*before, *after]):
        one, two = before.get(place), after.get(place)
        run, table, column = place
        where = f"{run}: {table}.{column}"
        if one is None and two is not None:
            told.append(f"new column: {where} = {two.mean}")
        elif two is None and one is not None:
            told.append(f"vanished column: {where} = {one.mean}")
        elif one is not None and two is not None and one != two:
            if one.mean != two.mean and not (not exact and close(one.mean, two.mean)):
                told.append(f"{where}: {one.mean} -> {two.mean}")
            elif exact:
                told.append(f"{where}: {one.mean}, the same mean of other values")
    return told
