"""The design of an analysis: its points, what each of them is there for, and the responses of the runs at them.

An index is an arithmetic of *particular* points: this one less that one, which differ in one parameter.  A table whose
rows are others, or stand in another order, gives wrong numbers.  So the design is written down beside the runs, and a
table is checked against it before anything is computed.

Points belong to *units*: a trajectory, or a row of the two matrices.  The points of one unit share their replicates'
random numbers; different units share nothing, so that resampling units covers the uncertainty from their places and
from their random numbers.

The response is an outcome under one arm, or the difference of two in the same replicate and so under common random
numbers: a number for each point and each replicate.  A run that failed stands in the table without a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.core.design import points as placed
from experiments.core.design.axes import Axis, axes_of
from sim import Scenario
from sim.core.errors import StoreError

ROLES: Final = ["unit", "role", "parameter", "origin", "step"]
"""Columns that say what a point is there for; `origin` is the point that it is compared with, where there is one."""
KEYS: Final = ["arm", "point", "replicate"]
"""Columns that name a run."""
FIRST: Final = {"start": "morris", "A": "sobol", "usual": "tornado", "fill": "surrogate"}
"""The kind of a design by the role of its first point."""


@dataclass(frozen=True)
class SamplingDesign:
    """Points and their roles, of the kind ``morris``, ``sobol``, ``surrogate`` or ``tornado``.

    `points` has a column per parameter; `roles`, see `ROLES`, the parameter that differs from the point of origin, and
    by which share of its range (1 from one level of a switch or a choice to another).
    """

    kind: str
    axes: tuple[Axis, ...]
    points: pd.DataFrame = field(repr=False)
    roles: pd.DataFrame = field(repr=False)

    @property
    def names(self) -> list[str]:
        return [axis.name for axis in self.axes]

    @property
    def units(self) -> NDArray[np.int64]:
        """Unit of each point, shape (points,)."""
        return self.roles["unit"].to_numpy(dtype=np.int64)

    def to_csv(self) -> str:
        """Return the design as it is written down: point, roles, parameters."""
        whole = pd.concat([self.roles, self.points], axis=1).rename_axis("point").reset_index()
        return whole.to_csv(index=False, lineterminator="\n")

    def checked_against(self, path: Path, advice: str) -> None:
        """Refuse a folder in which another design is written down; `advice`, what the user can do, ends the message."""
        if not path.exists() or path.read_bytes() == self.to_csv().encode():
            return
        stored = _read(path)
        names = [str(name) for name in stored.columns if name not in ("point", *ROLES)]
        differences = [
            f"parameters {which}: {_few(differing)}"
            for which, every, known in (
                ("there and not now", names, self.names),
                ("now and not there", self.names, names),
            )
            if (differing := [name for name in every if name not in known])
        ]
        if len(stored) != len(self.points):
            differences.append(f"{len(stored)} points there, {len(self.points)} now")
        differences = differences or ["the places of the points (another seed, other ranges or other usual values)"]
        lines = "".join(f"\n  - {text}" for text in differences)
        raise StoreError(f"{path} is another design. It differs in:{lines}\n{advice}")

    @classmethod
    def read(cls, path: Path, scenario: Scenario) -> Self:
        """Read a design that was written down; its ranges are those that the parameters declare."""
        table = _read(path)
        if table.empty or (kind := FIRST.get(str(table["role"].iloc[0]))) is None:
            raise StoreError(f"{path} is no design of a sensitivity analysis.")
        points = table[[name for name in table.columns if name not in ("point", *ROLES)]]
        return cls(kind, axes_of(dict.fromkeys(points.columns, "declared"), scenario), points, table[ROLES])


def read_table(path: Path, advice: str = "", **how: Any) -> pd.DataFrame:
    """Read a CSV in UTF-8; `advice` follows that it is not there."""
    try:
        return pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False, **how)
    except FileNotFoundError:
        raise StoreError(f"{path} is not there{advice}.") from None
    except UnicodeDecodeError:
        raise StoreError(f"{path} is not in UTF-8.") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise StoreError(f"{path} is not a table: {str(error).strip()}") from None


def _read(path: Path) -> pd.DataFrame:
    table = read_table(path, ": a table can be read only beside its design", na_values={"step": [""]})
    if missing := [name for name in ("point", *ROLES) if name not in table.columns]:
        raise StoreError(f"{path} is no design of a sensitivity analysis: it has no column {_few(missing)}.")
    return table


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def trajectories(axes: Sequence[Axis], number: int, seed: int, usual: dict[str, Any]) -> SamplingDesign:
    """Walk Morris's trajectories (SALib) over numbers; flip each switch and choice at the start of every one, and put
    it back.

    A trajectory that kept what it has flipped would soon be in worlds most of whose mechanisms are off.  So numbers are
    changed one after the other, along the walk, and switches and choices have their `usual` values but for the one
    point where each differs from the start.

    Examples
    --------
    >>> walks = trajectories([Axis("a"), Axis("on", levels=(False, True))], 3, 1, {"on": True})
    >>> walks.roles["role"].tolist()[:3], walks.points["on"].tolist()[:3]
    (['start', 'flip', 'walk'], [True, False, True])
    """
    walkers = {axis.name: axis for axis in axes if not axis.levels}
    still = {axis.name: usual[axis.name] for axis in axes if axis.levels}
    away = {axis.name: [level for level in axis.levels if level != usual[axis.name]] for axis in axes if axis.levels}
    length = len(walkers) + 1
    walked = placed.morris([*walkers.values()], number, seed).to_dict("records") if walkers else [{}] * number
    rows: list[dict[str, Any]] = []
    roles: list[tuple[int, str, str, int, float]] = []
    for unit in range(number):
        steps = [{**places, **still} for places in walked[unit * length : (unit + 1) * length]]
        start = at = len(rows)
        rows += [steps[0], *({**steps[0], name: levels[unit % len(levels)]} for name, levels in away.items())]
        roles += [(unit, "start", "", -1, np.nan), *((unit, "flip", name, start, 1.0) for name in away)]
        for before, step in pairwise(steps):
            name = next(name for name in walkers if step[name] != before[name])
            roles.append((unit, "walk", name, at, _share(walkers[name], before[name], step[name])))
            at = len(rows)
            rows.append(step)
    points = pd.DataFrame(rows)[[axis.name for axis in axes]]
    return SamplingDesign("morris", tuple(axes), points, pd.DataFrame(roles, columns=ROLES))


def saltelli(axes: Sequence[Axis], number: int, seed: int) -> SamplingDesign:
    """Place the two matrices A and B along a scrambled Sobol sequence, and A with each column of B in turn; the number
    of rows is a power of two.

    Examples
    --------
    >>> saltelli([Axis("a"), Axis("b")], 2, 1).roles["role"].tolist()
    ['A', 'AB', 'AB', 'B', 'A', 'AB', 'AB', 'B']
    """
    doubled = [Axis(f"{matrix} {axis.name}") for matrix in "AB" for axis in axes]
    first, second = np.split(placed.sobol(doubled, number, seed).to_numpy(), 2, axis=1)
    size = len(axes) + 2
    shares = np.repeat(first[:, None], size, axis=1)  # rows, points of a row, parameters
    for place in range(len(axes)):
        shares[:, 1 + place, place] = second[:, place]
    shares[:, -1] = second
    points = {axis.name: axis.at(shares[:, :, place].ravel()) for place, axis in enumerate(axes)}
    purposes = [("A", ""), *(("AB", axis.name) for axis in axes), ("B", "")]
    roles = [
        (unit, role, name, unit * size if name else -1, np.nan) for unit in range(number) for role, name in purposes
    ]
    return SamplingDesign("sobol", tuple(axes), pd.DataFrame(points), pd.DataFrame(roles, columns=ROLES))


def latin(axes: Sequence[Axis], number: int, seed: int) -> SamplingDesign:
    """Fill the space with a Latin hypercube, each point a unit of its own."""
    roles = pd.DataFrame({"unit": range(number), "role": "fill", "parameter": "", "origin": -1, "step": np.nan})
    return SamplingDesign("surrogate", tuple(axes), placed.latin(axes, number, seed), roles)


def one_by_one(axes: Sequence[Axis], usual: dict[str, Any]) -> SamplingDesign:
    """Stand at the usual values, then at each end (or other level) of each parameter; all points are one unit."""
    known = {axis.name: axis for axis in axes}
    points = placed.one_at_a_time(axes, 2, usual=[usual[name] for name in known])
    moved = points.ne(points.iloc[0]).idxmax(axis=1)[1:]
    roles = [(0, "usual", "", -1, np.nan)]
    for place, name in moved.items():
        share = 1.0 if known[name].levels else _share(known[name], points[name].iloc[0], points[name].loc[place])
        roles.append((0, "moved", name, 0, share))
    return SamplingDesign("tornado", tuple(axes), points, pd.DataFrame(roles, columns=ROLES))


def _share(axis: Axis, start: Any, end: Any) -> float:
    """Return what share of the way along an axis lies between two values."""
    first, last = axis.shares([start, end])
    return float(last - first)


def read_runs(path: Path) -> pd.DataFrame:
    """Read a table of runs; an empty cell is a run that failed."""
    return read_table(path, dtype={"arm": str}, na_values=[""])


def responses(
    runs: pd.DataFrame, layout: SamplingDesign, outcome: str, arms: Sequence[str], where: str = "runs.csv"
) -> NDArray[np.float64]:
    """Return what is analysed, shape (points, replicates), in the outcome's unit; NaN where a run failed.

    `runs` have the columns `point, arm, replicate`, the parameters of the design, and the outcome; of two arms the
    response is the difference of the first from the second.  What in the table, called `where`, is not of the design is
    refused and named.
    """
    if missing := [name for name in ("point", "arm", "replicate", *layout.names, outcome) if name not in runs.columns]:
        raise StoreError(f"{where} has no column {', '.join(missing[:6])}: it is not a table of this design.")
    kept = runs[runs["arm"].isin(list(arms))]
    for name in ("point", "replicate"):
        if kept[name].isna().any() or kept[name].dtype.kind not in "iu":
            raise StoreError(f'{where}: the column "{name}" must hold whole numbers.')
    if kept[outcome].dtype.kind not in "fiu":
        raise StoreError(f'{where}: the column "{outcome}" must hold numbers, or nothing where a run failed.')
    if strange := sorted(set(kept["point"]) - set(range(len(layout.points)))):
        raise StoreError(
            f"{where} holds point {strange[0]}, but the design has the points 0 to {len(layout.points) - 1}: it is not "
            "a table of this design."
        )
    _check_places(kept, layout, where)
    twice = kept[kept.duplicated(KEYS)]
    if len(twice):
        raise StoreError(f"{where} holds {_named(twice.iloc[0])} more than once.")
    if kept.empty:
        raise StoreError(f"{where} has no rows of the arm{'s' if len(arms) > 1 else ''} {' and '.join(arms)}.")
    if (kept["replicate"] < 0).any():
        raise StoreError(f"{where}: replicates are counted from 0.")
    shape = (len(arms), len(layout.points), int(kept["replicate"].max()) + 1)
    designed = pd.MultiIndex.from_product([list(arms), range(shape[1]), range(shape[2])])
    outcomes = kept.set_index(KEYS)[outcome].astype(float)
    lacking = designed[~designed.isin(outcomes.index)]
    if len(lacking):
        arm, point, replicate = lacking[0]
        raise StoreError(
            f"{where} lacks {len(lacking)} runs of this design, the first of them point {point}, arm "
            f'"{arm}", replicate {replicate}. A run that failed must stand there with an empty {outcome}.'
        )
    values = outcomes.reindex(designed).to_numpy().reshape(shape)
    return values[0] if len(arms) == 1 else values[0] - values[1]


def _check_places(kept: pd.DataFrame, layout: SamplingDesign, where: str) -> None:
    """Refuse rows whose parameters are not those of their point."""
    designed = layout.points.iloc[kept["point"].to_numpy()]
    wrong = {name: _differ(kept[name].to_numpy(), designed[name].to_numpy()) for name in layout.names}
    for name, differs in wrong.items():
        if differs.any():
            first = int(np.flatnonzero(differs)[0])
            points = kept["point"][np.any(list(wrong.values()), axis=0)]
            raise StoreError(
                f"{where} was not made by this design: {name} is {kept[name].iloc[first]} at "
                f"{_named(kept.iloc[first])}, and {designed[name].iloc[first]} in the design. "
                f"{len(set(points))} of {len(layout.points)} points differ; rows of another order or of another design "
                "look so."
            )


def _differ(stored: NDArray[Any], planned: NDArray[Any]) -> NDArray[np.bool_]:
    if stored.dtype.kind in "fiu" and planned.dtype.kind in "fiu":
        return ~np.isclose(stored.astype(float), planned.astype(float), rtol=1e-9, atol=0.0)
    return np.array([str(left) != str(right) for left, right in zip(stored, planned, strict=True)], dtype=bool)


def _named(row: pd.Series) -> str:
    return f'point {row["point"]}, arm "{row["arm"]}", replicate {row["replicate"]}'
