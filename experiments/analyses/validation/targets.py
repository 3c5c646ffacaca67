"""Figures of data that the model's are set beside: a table, ours or the user's own.

Only those that are *fitted* may be used to choose parameters.  Those *held back* are what is left to judge the model
by.  What is *built in* was given to the model as a number, so that meeting it shows that the code does what it says.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from experiments.reporting.catalogue import N_
from sim.core.errors import GongzhiError, ScenarioError, nearest
from sim.core.paths import expanded

GENERATED: Final = "tolerance of the generator"
"""How the interval of a figure of the ground came about."""
SHIPPED: Final = Path(__file__).with_name("targets.csv")
"""The targets of docs/model.md."""
COLUMNS: Final = ["figure", "value", "low", "high", "unit", "kind", "interval", "source"]
KINDS: Final = (N_("fitted"), N_("held back"), N_("built in"))
SHORT: Final = {"yes": "fitted", "no": "held back"}
"""What a simpler column `fitted` may say in place of `kind`."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure of the data, in `unit`, and the interval in which the model's must lie.

    A target is `fitted` if parameters may be chosen by it, and `built_in` if the model was given the number itself.
    `interval` says what the interval is: one of the data, or a tolerance.
    """

    value: float
    low: float
    high: float
    unit: str = ""
    source: str = ""
    fitted: bool = True
    built_in: bool = False
    interval: str = ""

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        return "fitted" if self.fitted else "built in" if self.built_in else "held back"


def shipped() -> dict[str, Target]:
    """Return the targets of docs/model.md, by figure.

    Examples
    --------
    >>> shipped()["reply"].high
    18.0
    """
    return read_targets(SHIPPED)


def ground_targets() -> dict[str, Target]:
    """Return what the generator of districts aims at, by figure: all of it built in.

    Examples
    --------
    >>> ground_targets()["households of an estate, Gini"].kind
    'built in'
    """
    from experiments.analyses.validation.patterns import GROUND

    targets = {}
    for aim in GROUND:
        if aim.target is not None:
            ends = (aim.target - aim.tolerance, aim.target + aim.tolerance)
            targets[aim.name] = Target(float(aim.target), *ends, "", aim.source, False, True, GENERATED)
    return targets


def read_targets(path: str | Path) -> dict[str, Target]:
    """Read a table of targets, checked whole; an error names the file and all rows that cannot be used.

    It is a CSV with `figure`, `low`, `high`, and where known `value`, `unit`, `kind` (fitted, held back or built in; or
    a column `fitted` with yes or no), `interval`, `source`; a value that is missing is the middle of its interval.
    """
    path = expanded(path)
    read = read_table(path, ScenarioError)
    for name in read.columns:
        if name not in (*COLUMNS, "fitted"):
            hint = nearest(str(name), COLUMNS)
            raise ScenarioError(f'{path}: "{name}" is no column of targets.{hint} There are: {", ".join(COLUMNS)}.')
    if {"kind", "fitted"} <= set(read.columns):
        raise ScenarioError(f"{path} has the columns kind and fitted, which say the same: leave one of them out.")
    if missing := [name for name in ("figure", "low", "high") if name not in read.columns]:
        raise ScenarioError(f"{path} has no column {missing[0]}.")
    targets: dict[str, Target] = {}

    def take(row: Mapping[Any, Any]) -> None:
        name, target = _target(row)
        if targets.setdefault(name, target) is not target:
            raise ValueError(f"{name} stands twice")

    read_rows(path, read, "targets", take, ScenarioError)
    return targets


def read_table(path: Path, refusal: type[GongzhiError]) -> pd.DataFrame:
    """Read a user's CSV as text, in UTF-8 or GB18030, as spreadsheets write it in China."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise refusal(f"{path} cannot be read: {error.strerror or error}.") from None
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            text = raw.decode(encoding)
            break
    else:
        raise refusal(f"{path} is neither UTF-8 nor GB18030 text; save it as CSV (UTF-8).")
    try:
        table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, skipinitialspace=True)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise refusal(f"{path} is not a table: {str(error).strip()}") from None
    if table.empty:
        raise refusal(f"{path} has no rows.")
    return table


def read_rows[Row](
    path: Path, table: pd.DataFrame, noun: str, read: Callable[[Mapping[Any, Any]], Row], refusal: type[GongzhiError]
) -> list[Row]:
    """Read each row of a user's table, or refuse it, with what keeps some from being used, the first ten shown."""
    rows, problems = [], []
    for line, row in enumerate(table.to_dict("records"), start=2):
        try:
            rows.append(read(row))
        except ValueError as error:
            problems.append(f"\n  - line {line}: {error}")
    if problems:
        more = f"\n  and {len(problems) - 10} more" if len(problems) > 10 else ""
        head = f"{path}: {len(problems)} of {len(table)} {noun} cannot be used:"
        raise refusal(head + "".join(problems[:10]) + more)
    return rows


def finite(text: Any) -> float:
    """Read a number; NaN where there is none, or an infinite one."""
    try:
        return number if math.isfinite(number := float(text)) else math.nan
    except ValueError:
        return math.nan


def _target(row: Mapping[Any, Any]) -> tuple[str, Target]:
    name, value, unit, source, interval = (
        str(row.get(column, "")).strip() for column in ("figure", "value", "unit", "source", "interval")
    )
    if not name:
        raise ValueError("figure is empty")
    low, high = _number(row["low"], "low"), _number(row["high"], "high")
    middle = _number(value, "value") if value else (low + high) / 2
    if not low < high:
        raise ValueError(f"low = {low:g} must be below high = {high:g}")
    if not low <= middle <= high:
        raise ValueError(f"value = {middle:g} lies outside of its interval, {low:g} to {high:g}")
    kind = _kind(row)
    return name, Target(middle, low, high, unit, source, kind == "fitted", kind == "built in", interval)


def _kind(row: Mapping[Any, Any]) -> str:
    column = "fitted" if "fitted" in row else "kind"
    text = " ".join(str(row.get(column, "")).lower().replace("-", " ").split())
    if column == "fitted" and (text or "yes") not in SHORT:
        raise ValueError(f'fitted is "{text}": yes or no is needed')
    kind = SHORT[text or "yes"] if column == "fitted" else text or "fitted"
    if kind not in KINDS:
        raise ValueError(f'kind is "{kind}": {", ".join(KINDS[:-1])} or {KINDS[-1]} is needed')
    return kind


def _number(text: Any, column: str) -> float:
    if math.isnan(number := finite(text)):
        raise ValueError(f'{column} is "{text}": a number is needed')
    return number


def table(targets: Mapping[str, Target]) -> pd.DataFrame:
    """Return targets as a table with the columns of the file."""
    rows = [{"figure": name, "kind": target.kind, **asdict(target)} for name, target in targets.items()]
    return pd.DataFrame(rows, columns=COLUMNS)
