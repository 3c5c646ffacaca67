"""The design of an analysis: its points, and what each of them is there for.

An index is an arithmetic of *particular* points: this one less that one, which differ in one parameter.  A table whose
rows are others, or stand in another order, gives wrong numbers.  So the design is written down beside the runs, and a
table is checked against it before anything is computed.

Points belong to *units*: a trajectory, or a row of the two matrices.  The points of one unit share their replicates'
random numbers; different units share nothing, so that resampling units covers the uncertainty from their places and
from their random numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.analyses.sensitivity.varied_parameters import is_discrete
from experiments.core.design import points as placed
from experiments.core.design.axes import Axis

if TYPE_CHECKING:
    import pandas as pd

    from sim import Scenario

__all__ = ["SamplingDesign", "latin", "one_by_one", "read_table", "saltelli", "trajectories"]

ROLES: Final = ("unit", "role", "parameter", "origin", "step")
"""Columns that say what a point is there for; `origin` is the point that it is compared with, where there is one."""


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

    @cached_property
    def names(self) -> list[str]:
        """Names of the parameters."""
        return [axis.name for axis in self.axes]

    @property
    def units(self) -> NDArray[np.int64]:
        """Unit of each point, shape (points,)."""
        return self.roles["unit"].to_numpy(dtype=np.int64)

    def to_csv(self) -> str:
        """Return the design as it is written down: point, roles, parameters."""
        import pandas as pd

        whole = pd.concat([self.roles, self.points], axis=1).rename_axis("point").reset_index()
        return whole.to_csv(index=False, lineterminator="\n")

    def checked_against(self, path: Path, advice: str) -> None:
        """Refuse a folder in which another design is written down; `advice`, what the user can do, ends the message.

        Raises
        ------
        StoreError
            Naming what differs.
        """
        from sim.errors import StoreError

        if not path.exists() or path.read_bytes() == self.to_csv().encode():
            return
        stored = _read(path)
        names = [str(name) for name in stored.columns if name not in ("point", *ROLES)]
        differences = []
        if names != self.names:
            gone = [name for name in names if name not in self.names]
            new = [name for name in self.names if name not in names]
            differences += [f"parameters there and not now: {_few(gone)}"] if gone else []
            differences += [f"parameters now and not there: {_few(new)}"] if new else []
        if len(stored) != len(self.points):
            differences.append(f"{len(stored)} points there, {len(self.points)} now")
        differences = differences or ["the places of the points (another seed, other ranges or other usual values)"]
        raise StoreError(
            f"{path} is another design. It differs in:"
            + "".join(f"\n  - {text}" for text in differences)
            + f"\n{advice}"
        )

    @classmethod
    def read(cls, path: Path, scenario: Scenario) -> SamplingDesign:
        """Read a design that was written down; its ranges are those that the parameters declare.

        Raises
        ------
        StoreError
            It is not one.
        """
        from experiments.core.design.axes import axes_of
        from sim.errors import StoreError

        table = _read(path)
        roles = table[list(ROLES)]
        kinds = {"start": "morris", "A": "sobol", "usual": "tornado", "fill": "surrogate"}
        if table.empty or (first := str(roles["role"].iloc[0])) not in kinds:
            raise StoreError(f"{path} is no design of a sensitivity analysis.")
        points = table[[name for name in table.columns if name not in ("point", *ROLES)]]
        return cls(kinds[first], axes_of(dict.fromkeys(points.columns, "declared"), scenario), points, roles)


def read_table(path: Path, advice: str = "", **how: Any) -> pd.DataFrame:
    """Read a CSV in UTF-8; `advice` follows that it is not there."""
    import pandas as pd

    from sim.errors import StoreError

    try:
        return pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False, **how)
    except FileNotFoundError:
        raise StoreError(f"{path} is not there{advice}.") from None
    except UnicodeDecodeError:
        raise StoreError(f"{path} is not in UTF-8.") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise StoreError(f"{path} is not a table: {str(error).strip()}") from None


def _read(path: Path) -> pd.DataFrame:
    from sim.errors import StoreError

    table = read_table(path, ": a table can be read only beside its design", na_values={"step": [""]})
    missing = [name for name in ("point", *ROLES) if name not in table.columns]
    if missing:
        raise StoreError(f"{path} is no design of a sensitivity analysis: it has no column {_few(missing)}.")
    return table


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def trajectories(axes: Sequence[Axis], number: int, seed: int, usual: dict[str, Any]) -> SamplingDesign:
    """Walk Morris's trajectories over numbers; flip each switch and choice at the start of every one, and put it back.

    A trajectory that kept what it has flipped would soon be in worlds most of whose mechanisms are off.  So numbers are
    changed one after the other, along the walk, and switches and choices have their `usual` values but for the one
    point where each differs from the start.

    Raises
    ------
    ScenarioError
        SALib, which makes the walks, is not installed.

    Examples
    --------
    >>> walks = trajectories([Axis("a"), Axis("on", levels=(False, True))], 3, 1, {"on": True})
    >>> walks.roles["role"].tolist()[:3], walks.points["on"].tolist()[:3]
    (['start', 'flip', 'walk'], [True, False, True])
    """
    import pandas as pd

    walkers = [axis for axis in axes if not is_discrete(axis)]
    discrete = [axis for axis in axes if is_discrete(axis)]
    length = len(walkers) + 1
    walked = placed.morris(walkers, number, seed).to_dict("records") if walkers else [{}] * number
    still = {axis.name: usual[axis.name] for axis in discrete}
    rows: list[dict[str, Any]] = []
    roles: list[tuple[int, str, str, int, float]] = []
    for unit in range(number):
        steps = [{**walked[place], **still} for place in range(unit * length, (unit + 1) * length)]
        start = len(rows)
        rows.append(steps[0])
        roles.append((unit, "start", "", -1, np.nan))
        for axis in discrete:
            away = [level for level in axis.levels if level != usual[axis.name]]
            rows.append({**steps[0], axis.name: away[unit % len(away)]})
            roles.append((unit, "flip", axis.name, start, 1.0))
        before, at = steps[0], start
        for step in steps[1:]:
            axis = next(axis for axis in walkers if step[axis.name] != before[axis.name])
            ends = axis.shares([before[axis.name], step[axis.name]])
            rows.append(step)
            roles.append((unit, "walk", axis.name, at, float(ends[1] - ends[0])))
            before, at = step, len(rows) - 1
    return SamplingDesign(
        "morris",
        tuple(axes),
        pd.DataFrame(rows)[[axis.name for axis in axes]],
        pd.DataFrame(roles, columns=list(ROLES)),
    )


def saltelli(axes: Sequence[Axis], number: int, seed: int) -> SamplingDesign:
    """Place the two matrices A and B along a scrambled Sobol sequence, and A with each column of B in turn.

    Raises
    ------
    ScenarioError
        The number is not a power of two.

    Examples
    --------
    >>> saltelli([Axis("a"), Axis("b")], 2, 1).roles["role"].tolist()
    ['A', 'AB', 'AB', 'B', 'A', 'AB', 'AB', 'B']
    """
    import pandas as pd

    doubled = [Axis(f"{matrix} {axis.name}") for matrix in "AB" for axis in axes]
    shares = placed.sobol(doubled, number, seed).to_numpy()
    first, second = shares[:, : len(axes)], shares[:, len(axes) :]
    blocks, roles = [first], [("A", "", -1)]
    for place, axis in enumerate(axes):
        swapped = first.copy()
        swapped[:, place] = second[:, place]
        blocks.append(swapped)
        roles.append(("AB", axis.name, 0))
    blocks.append(second)
    roles.append(("B", "", -1))
    size = len(blocks)
    order = np.stack(blocks, axis=1).reshape(-1, len(axes))
    purposes = [
        (unit, role, name, -1 if origin < 0 else unit * size, np.nan)
        for unit in range(number)
        for role, name, origin in roles
    ]
    return SamplingDesign(
        "sobol",
        tuple(axes),
        pd.DataFrame({axis.name: axis.at(order[:, place]) for place, axis in enumerate(axes)}),
        pd.DataFrame(purposes, columns=list(ROLES)),
    )


def latin(axes: Sequence[Axis], number: int, seed: int) -> SamplingDesign:
    """Fill the space with a Latin hypercube, each point a unit of its own."""
    import pandas as pd

    roles = pd.DataFrame({"unit": range(number), "role": "fill", "parameter": "", "origin": -1, "step": np.nan})
    return SamplingDesign("surrogate", tuple(axes), placed.latin(axes, number, seed), roles)


def one_by_one(axes: Sequence[Axis], usual: dict[str, Any]) -> SamplingDesign:
    """Stand at the usual values, then at each end (or other level) of each parameter; all points are one unit."""
    import pandas as pd

    points = placed.one_at_a_time(axes, 2, usual=[usual[axis.name] for axis in axes])
    differs = points.ne(points.iloc[0])
    roles = [(0, "usual", "", -1, np.nan)]
    for place in range(1, len(points)):
        name = str(differs.columns[differs.iloc[place].to_numpy()][0])
        axis = next(axis for axis in axes if axis.name == name)
        ends = axis.shares([points[name].iloc[0], points[name].iloc[place]])
        roles.append((0, "moved", name, 0, 1.0 if is_discrete(axis) else float(ends[1] - ends[0])))
    return SamplingDesign("tornado", tuple(axes), points, pd.DataFrame(roles, columns=list(ROLES)))
