"""Two folders of results beside each other: how they were made, and what came out otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from sim.core.errors import StoreError

ASIDE: Final = frozenset(
    "versions checksums checksum seeds district_notes district_notes_zh failed revision design.checksum".split()
)
"""Entries of `experiment.json` that follow from others, or change no result."""
NO_RESULTS: Final = ("district-*.csv", "timings.csv")
EFFECT: Final = ("strategy", "against", "outcome", "difference", "ci_low", "ci_high", "verdict")
"""Columns by which a table is known as one of effects."""


class EffectDifference(NamedTuple):
    """An effect (arm, against what, outcome) that is not the same in both folders, with the row of each table.

    `verdict` and `disjoint` say whether the verdicts differ, and the 95 % intervals have nothing in common.
    """

    name: tuple[str, str, str]
    first: Mapping[str, Any]
    second: Mapping[str, Any]
    verdict: bool
    disjoint: bool


class TableDifference(NamedTuple):
    """One table of both folders: rows in both, in the first alone, in the second alone; what differs in those of both.

    `cells` numbers differ, `of` how many, and by how much the `largest`, as a share of the larger number; of a table of
    effects, those whose verdict or interval differs in earnest.
    """

    file: str
    both: int
    first: int
    second: int
    cells: int
    of: int
    largest: float
    effects: tuple[EffectDifference, ...] = ()

    @property
    def same(self) -> bool:
        return not (self.first or self.second or self.cells)


def origin_differences(left: Path, right: Path) -> list[tuple[str, str, str]]:
    """List what differs in how two folders were made: its name, and what it is in each (empty where absent)."""
    first, second = (dict(_leaves(_stored(folder))) for folder in (left, right))
    names = [name for name in dict.fromkeys([*first, *second]) if first.get(name) != second.get(name)]
    # What is asked for stands in the spec and, worked out, in the design: the design says it once.
    twice = {name.replace("design.", "spec.", 1) for name in names if name.startswith("design.")}
    return [(name, first.get(name, ""), second.get(name, "")) for name in names if name not in twice]


def table_differences(left: Path, right: Path) -> list[TableDifference]:
    """Compare every table of results that both folders have."""
    names = [{path.name for path in folder.glob("*.csv")} for folder in (left, right)]
    aside = {path.name for folder in (left, right) for pattern in NO_RESULTS for path in folder.glob(pattern)}
    return [_compared(name, left, right) for name in sorted((names[0] & names[1]) - aside)]


def _stored(folder: Path) -> Mapping[str, Any]:
    first = folder / "experiment.json"
    file = first if first.exists() else min(folder.glob("*/experiment.json"), default=None)
    if file is None:
        raise StoreError(f"{folder} holds no experiment: there is no {first}.")
    content = _read(file, lambda file: json.loads(file.read_text(encoding="utf-8")))
    if not isinstance(content, dict):
        raise StoreError(f"{file} is not an experiment of this version of the laboratory.")
    return content


def _read[Made](file: Path, read: Callable[[Path], Made]) -> Made:
    """Read a file of results, or say which one is damaged: that is no difference between two results."""
    try:
        return read(file)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error).partition("\n")[0]
        raise StoreError(
            f"{file} cannot be read: {why}. `gongzhi report {file.parent}`, or the command that made the folder, makes "
            "it again."
        ) from None


def _leaves(node: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if name in ASIDE:
        return
    if isinstance(node, Mapping) and node:
        for key, value in node.items():
            yield from _leaves(value, f"{name}.{key}" if name else str(key))
    else:
        yield name, node if isinstance(node, str) else json.dumps(node, ensure_ascii=False)


def _compared(file: str, *folders: Path) -> TableDifference:
    first, second = (_read(folder / file, pd.read_csv) for folder in folders)
    words = [name for name in first if name in second and not _numeric(first[name]) and not _numeric(second[name])]
    effects = set(EFFECT) <= set(first) & set(second)
    keys = list(EFFECT[:3]) if effects else [name for name in words if name not in ("verdict", "unit", "better")]
    left, right = (_keyed(frame, keys) for frame in (first, second))
    common = left.index.intersection(right.index, sort=False)
    columns = [name for name in left if name in right and _numeric(left[name]) and _numeric(right[name])]
    a, b = (frame.loc[common, columns].to_numpy(dtype=float) for frame in (left, right))
    unlike = ~((a == b) | (np.isnan(a) & np.isnan(b)))
    size = np.maximum(np.abs(a), np.abs(b))
    share = np.divide(np.abs(a - b), size, out=np.zeros(a.shape), where=unlike & (size > 0.0))
    return TableDifference(
        file,
        len(common),
        len(left) - len(common),
        len(right) - len(common),
        int(unlike.sum()),
        unlike.size,
        float(np.nanmax(share, initial=0.0)),
        tuple(_changed(left, right, common)) if effects else (),
    )


def _numeric(column: pd.Series[Any]) -> bool:
    return is_numeric_dtype(column) and not is_bool_dtype(column)


def _keyed(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Name the rows by what they are about; rows that are about the same are counted."""
    if not keys:
        return frame
    number = frame.groupby(keys, dropna=False, sort=False).cumcount()
    return frame.drop(columns=keys).set_index([*(frame[key] for key in keys), number])


def _changed(left: pd.DataFrame, right: pd.DataFrame, common: pd.Index[Any]) -> Iterator[EffectDifference]:
    for strategy, against, outcome, *place in common:
        first, second = (frame.loc[(strategy, against, outcome, *place)].to_dict() for frame in (left, right))
        disjoint = first["ci_high"] < second["ci_low"] or second["ci_high"] < first["ci_low"]
        verdict = first["verdict"] != second["verdict"]
        if verdict or disjoint:
            yield EffectDifference((str(strategy), str(against), str(outcome)), first, second, verdict, disjoint)
