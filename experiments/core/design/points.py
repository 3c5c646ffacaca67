"""Points of a sweep: a table with a row for each point and a column for each parameter that varies.

Factorial and one-at-a-time designs are for a few parameters and for looking; a Latin hypercube or a Sobol sequence
(`scipy.stats.qmc`) fills a space of many; Morris trajectories (SALib) change one parameter at a time all over it.  A
table of a user's own is read whole and refused whole.
"""

from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.core.design.axes import Axis, value_of
from sim import Scenario
from sim.core.errors import ScenarioError
from sim.core.paths import expanded

MOST = 1_000_000
"""Points beyond which a design is refused as a slip of the pen."""


def factorial(axes: Sequence[Axis], number: int = 5, seed: int = 0) -> pd.DataFrame:
    """All combinations of levels, the last parameter varying fastest; `number` levels of what has a range.

    Examples
    --------
    >>> len(factorial([Axis("a", 0, 1), Axis("b", levels=("x", "y"))], 3))
    6
    """
    _few_enough(number)
    grids = [axis.grid(number) for axis in axes]
    _few_enough(float(np.prod([float(len(grid)) for grid in grids])))
    return pd.DataFrame(list(product(*grids)), columns=[axis.name for axis in axes])


def one_at_a_time(axes: Sequence[Axis], number: int = 5, seed: int = 0, usual: Sequence[Any] = ()) -> pd.DataFrame:
    """The usual values first; then each parameter at each of its levels, the others as usual."""
    _few_enough(number)
    if without := [axis.name for axis, value in zip(axes, usual, strict=False) if value is None]:
        raise ScenarioError(
            f"{without[0]} is none in the scenario: the usual point must have a value of it; set one under [scenario]."
        )
    rows = {tuple(usual): None}
    for place, axis in enumerate(axes):
        rows |= dict.fromkeys((*usual[:place], value, *usual[place + 1 :]) for value in axis.grid(number))
    _few_enough(len(rows))
    return pd.DataFrame(list(rows), columns=[axis.name for axis in axes])


def latin(axes: Sequence[Axis], number: int = 100, seed: int = 1) -> pd.DataFrame:
    """Spread points as a Latin hypercube: each parameter's range is cut into as many strips as there are points.

    Examples
    --------
    >>> sorted(latin([Axis("a", 0, 4, whole=True)], 5)["a"])
    [0, 1, 2, 3, 4]
    """
    from scipy.stats.qmc import LatinHypercube

    _few_enough(number)
    return _placed(axes, LatinHypercube(len(axes), rng=np.random.default_rng(_told(seed))).random(number))


def sobol(axes: Sequence[Axis], number: int = 128, seed: int = 1) -> pd.DataFrame:
    """Spread points as a scrambled Sobol sequence, whose balance needs a power of two; refuse another number."""
    from scipy.stats.qmc import Sobol

    _few_enough(number)
    if number < 1 or number & (number - 1):
        below = 1 << max(number.bit_length() - 1, 0)
        raise ScenarioError(f"points = {number}: a Sobol sequence needs a power of two, like {below} or {2 * below}.")
    return _placed(axes, Sobol(len(axes), rng=np.random.default_rng(_told(seed))).random(number))


def morris(axes: Sequence[Axis], number: int = 20, seed: int = 1) -> pd.DataFrame:
    """Walk `number` trajectories on a grid of four levels; each changes every parameter once (Morris 1991)."""
    try:
        from SALib.sample.morris import sample
    except ImportError:
        raise ScenarioError('Morris trajectories are made by SALib: pip install "gongzhi[sensitivity]".') from None
    _few_enough(number * (len(axes) + 1))
    problem = {"num_vars": len(axes), "names": [axis.name for axis in axes], "bounds": [[0.0, 1.0]] * len(axes)}
    return _placed(axes, sample(problem, number, num_levels=4, seed=_told(seed)))


def table_of(path: str | Path, scenario: Scenario) -> pd.DataFrame:
    """Read a user's points, a CSV with a column for each parameter, whole; refuse it in one message for all rows."""
    path = expanded(path)
    try:
        # Blank lines are read and left out below, so that a line has the number that an editor shows.
        read = pd.read_csv(
            path, encoding="utf-8-sig", dtype=str, keep_default_na=False, skipinitialspace=True, skip_blank_lines=False
        ).fillna("")
    except UnicodeDecodeError:
        raise ScenarioError(f"{path} is not in UTF-8.") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ScenarioError(f"{path} is not a table: {str(error).strip()}") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ScenarioError(f"{path} cannot be read: {reason}.") from None
    read = read[(read != "").any(axis=1)]
    if read.empty:
        raise ScenarioError(f"{path} has no rows.")
    doubled = [name for name in read.columns if name.endswith(".1") and name.removesuffix(".1") in read.columns]
    if doubled:
        raise ScenarioError(f"{path} names {doubled[0].removesuffix('.1')} twice.")
    known = {row["name"]: row for row in scenario.parameters()}
    for place, name in enumerate(read.columns, start=1):
        if name.startswith("Unnamed: "):
            raise ScenarioError(f"{path}: column {place} has no name; each column is a parameter, so leave it out.")
        if ";" in name:
            raise ScenarioError(f"{path}: columns must be parted by commas, not by semicolons.")
        if name not in known:
            try:
                scenario.replace({name: 0})
            except ScenarioError as error:
                raise ScenarioError(f"{path}: {error}") from None
    rows, problems = [], []
    for line, row in zip(read.index + 2, read.to_dict("records"), strict=True):
        try:
            settings = dict(scenario.parse_setting(f"{name}={text}") for name, text in row.items())
            scenario.replace(settings)
            rows.append({name: value_of(known[name], value) for name, value in settings.items()})
        except ScenarioError as error:
            problems += [f"line {line}: {problem}" for problem in error.problems or [str(error)]]
    if problems:
        shown = [f"\n  - {problem}" for problem in problems[:10]]
        more = f"\n  and {len(problems) - 10} more" if len(problems) > 10 else ""
        bad = len(read) - len(rows)
        raise ScenarioError(f"{path}: {bad} of {len(read)} points cannot be run:{''.join(shown)}{more}")
    return pd.DataFrame(rows)


KINDS: dict[str, Callable[..., pd.DataFrame]] = {
    "factorial": factorial,
    "one-at-a-time": one_at_a_time,
    "latin": latin,
    "sobol": sobol,
    "morris": morris,
}
"""Designs by name; `table` is a file of the user's own."""


def _placed(axes: Sequence[Axis], shares: NDArray[np.float64]) -> pd.DataFrame:
    return pd.DataFrame({axis.name: axis.at(shares[:, place]) for place, axis in enumerate(axes)})


def _told(seed: int) -> int:
    """Return a seed as generators of draws want it: one below zero, which is good elsewhere, far above the others."""
    return seed if seed >= 0 else 2**63 - seed


def _few_enough(number: float) -> None:
    if not 1 <= number <= MOST:
        raise ScenarioError(f"The design has {number:,.0f} points; there must be from 1 to {MOST:,}.")
