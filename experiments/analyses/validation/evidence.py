"""The figures that a district is judged by: when a model agrees with data, and when that is evidence.

`figures.csv` says in what unit each figure of what happens is, in the order of tables, and on which scale it scatters
about evenly.  Figures of the ground, `patterns.GROUND`, are plain numbers.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.core.statistics.paired import t_quantile

Floats = NDArray[np.float64]

SCALES: Final[dict[str, tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]]] = {
    "plain": (lambda values: values, lambda values: values),
    "log": (np.log, lambda values: np.exp(np.minimum(values, 700.0))),
    "logit": (lambda values: np.log(values / (1.0 - values)), lambda values: 1.0 / (1.0 + np.exp(-values))),
}
"""How values go to a scale, and how they come back."""


class Figure(NamedTuple):
    """What a figure is measured in, and on which scale it scatters from run to run.

    `spoken` is what a sentence says behind its number: a unit, or % where the number is a share; nothing behind a pure
    number.
    """

    unit: str = ""
    scale: str = "plain"
    spoken: str = ""


with Path(__file__).with_name("figures.csv").open(encoding="utf-8", newline="") as _file:
    FIGURES: Final = {row["figure"]: Figure(row["unit"], row["scale"], row["spoken"]) for row in csv.DictReader(_file)}


@dataclass(frozen=True, slots=True)
class Spread:
    """How a figure scatters over the `replicates` in which it could be measured: the mean and its 95 % interval, which
    is what the model expects, and `low` to `high`, in which one more run (another district and year) lies with 95 %.
    """

    replicates: int
    mean: float
    ci_low: float
    ci_high: float
    low: float
    high: float


def spread(values: ArrayLike, scale: str = "plain") -> Spread:
    """Student's intervals for the mean of runs, and for one more run; values that are not finite are left out.

    On the scale `log` the mean is the geometric one, `logit` is for shares.  Where a value has no place on the scale,
    such as a share of zero, the plain one is taken.

    Examples
    --------
    >>> one = spread([1.0, 2.0, 3.0])
    >>> round(one.mean, 2), round(one.ci_low, 2), round(one.low, 2)
    (2.0, -0.48, -2.97)
    """
    runs = np.asarray(values, float)
    runs = runs[np.isfinite(runs)]
    if runs.size == 0:
        return Spread(0, *[math.nan] * 5)
    to, back = SCALES[scale]
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = to(runs)
    if not np.isfinite(scaled).all():
        (_, back), scaled = SCALES["plain"], runs
    if np.ptp(runs) == 0.0:
        point = float(runs[0])
        return Spread(runs.size, point, *[point if runs.size > 1 else math.nan] * 4)
    mean = float(scaled.mean())
    reach = t_quantile(0.5 + 0.95 / 2, runs.size - 1) * float(scaled.std(ddof=1))
    of_mean, of_run = reach / math.sqrt(runs.size), reach * math.sqrt(1.0 + 1.0 / runs.size)
    ends = np.array([mean, mean - of_mean, mean + of_mean, mean - of_run, mean + of_run])
    return Spread(runs.size, *back(ends).tolist())


def verdict(got: Spread, low: float, high: float) -> str:
    """Set a prediction interval beside an interval of data: all of it lies *inside*, all *outside*, it *overlaps*, or
    there is none, and the verdict is *unknown*.

    Examples
    --------
    >>> [verdict(spread([0.9, 1.0, 1.1]), low, low + 1.0) for low in (0.5, 1.2, 2.0)]
    ['inside', 'overlaps', 'outside']
    """
    if not all(math.isfinite(end) for end in (got.low, got.high, low, high)):
        return "unknown"
    if got.high < low or got.low > high:
        return "outside"
    return "inside" if low <= got.low and got.high <= high else "overlaps"


def evidence(model: Spread, null: Spread, low: float, high: float) -> str:
    """Say what a figure, whose interval in the data is `low` to `high`, tells about the mechanism that a rival lacks.

    *for*: the model expects a value within the data's interval, and no part of the rival's prediction interval lies
    there. *none*: the rival is not outside either.  *against*: the model is outside, and the rival is not.  *neither*:
    both are outside.  *open*: the rival is outside, but the model itself only touches the data's interval.  *unknown*:
    one of them could not be judged.

    Examples
    --------
    >>> near, far = spread([0.9, 1.0, 1.1]), spread([2.9, 3.0, 3.1])
    >>> evidence(near, far, 0.5, 1.5), evidence(near, near, 0.5, 1.5), evidence(far, near, 0.5, 1.5)
    ('for', 'none', 'against')
    """
    own, other = verdict(model, low, high), verdict(null, low, high)
    if "unknown" in (own, other):
        return "unknown"
    if other != "outside":
        return "against" if own == "outside" else "none"
    if own == "outside":
        return "neither"
    return "for" if low <= model.mean <= high else "open"
