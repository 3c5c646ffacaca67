"""How signs are spread over each parameter: the share of points with each sign in the terciles of its range.

For one parameter at a time and averaged over all others as the design spread them.  Points are a sample of the space,
so each share has Wilson's interval; a contrast between the low and the high third has Newcombe's, made of the two.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, Final

import numpy as np
import pandas as pd

from experiments.core.design.axes import Axis
from experiments.core.statistics.regions import LEVEL, OPEN

SUMMED: Final = dict.fromkeys(("better", "worse"), "equivalent") | dict.fromkeys(OPEN, "undecided")
"""What signs are counted as: within the margin all is nothing that matters, and what is open is undecided."""

COUNTED: Final = ("helps", "equivalent", "harms", "undecided")
TERCILES: Final = ("low", "middle", "high")
FEW = 3  # different values up to which each is a group of its own


def wilson(count: int, total: int, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's interval of a share.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(5, 10)]
    [0.237, 0.763]
    """
    from scipy.special import ndtri

    if total == 0:
        return 0.0, 1.0
    z, share = float(ndtri(1.0 - level / 2)), count / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    reach = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    # Where none or all have it, the end is 0 or 1 itself; rounding must not put the share outside.
    return (0.0 if count == 0 else middle - reach), (1.0 if count == total else middle + reach)


def _newcombe(low: tuple[int, int], high: tuple[int, int], level: float) -> tuple[float, float, float]:
    """Difference of two shares, high less low, with Newcombe's interval; each share is (count, total)."""
    if not low[1] or not high[1]:
        return math.nan, -1.0, 1.0
    first, second = low[0] / low[1], high[0] / high[1]
    (first_low, first_high), (second_low, second_high) = wilson(*low, level), wilson(*high, level)
    gap, down, up = second - first, (second - second_low, first_high - first), (second_high - second, first - first_low)
    return gap, gap - math.hypot(*down), gap + math.hypot(*up)


def groups_of(values: Sequence[Any], axis: Axis | None = None) -> list[str]:
    """Name the third of its range in which each value lies; few values, names and switches are groups themselves.

    Examples
    --------
    >>> groups_of([0.0, 1.0, 2.5, 6.0, 4.5])
    ['low (0 to 2)', 'low (0 to 2)', 'middle (2 to 4)', 'high (4 to 6)', 'high (4 to 6)']
    """
    different = list(dict.fromkeys(values))
    if len(different) <= FEW or any(isinstance(value, str | bool | np.bool_) for value in different):
        return [_text(value) for value in values]
    numbers = np.asarray(values, dtype=float)
    low, high = float(numbers.min()), float(numbers.max())
    if axis is not None and not axis.levels:
        low, high = axis.low, axis.high
    ends = [low + (high - low) * third / 3 for third in range(4)]
    names = [f"{word} ({_text(ends[place])} to {_text(ends[place + 1])})" for place, word in enumerate(TERCILES)]
    places = np.clip(np.floor(3 * (numbers - low) / (high - low)).astype(int), 0, 2)
    return [names[place] for place in places.tolist()]


def tercile_ends(group: str) -> tuple[str, str, str]:
    """Return which tercile a group is, and its ends; the first is empty where the group is a level of its own.

    Examples
    --------
    >>> tercile_ends("low (0 to 2)"), tercile_ends("linear")
    (('low', '0', '2'), ('', '', ''))
    """
    word, bracket, rest = group.partition(" (")
    low, to, high = rest.removesuffix(")").partition(" to ")
    return (word, low, high) if bracket and to and word in TERCILES else ("", "", "")


def _text(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def tercile_shares(table: pd.DataFrame, axes: Mapping[str, Axis | None]) -> pd.DataFrame:
    """Count signs by comparator, parameter and third, from low to high; signs are those of `COUNTED`.

    `table` is a map's; `axes` has each parameter that varies, with its axis where there is one.
    """
    rows = []
    for (comparator, part), (name, axis) in product(table.groupby("against", sort=False), axes.items()):
        values = part[name].tolist()
        groups = groups_of(values, axis)
        group_of = dict(zip(values, groups, strict=True))
        order = axis.levels.index if axis is not None and axis.levels else None
        for place, group in enumerate(dict.fromkeys(group_of[value] for value in sorted(group_of, key=order))):
            signs = part.loc[[label == group for label in groups], "sign"].replace(SUMMED)
            for sign in COUNTED:
                count = int((signs == sign).sum())
                ends = wilson(count, len(signs))
                rows.append((comparator, name, group, place, sign, count, len(signs), count / len(signs), *ends))
    names = ["against", "parameter", "group", "place", "sign", "count", "points", "share", "low", "high"]
    return pd.DataFrame(rows, columns=names)


def contrasts(shares: pd.DataFrame) -> pd.DataFrame:
    """Compare the last group of each parameter with the first, for *helps* and *harms*, the largest change first.

    Intervals hold with 95 % over all rows of a comparator together (Bonferroni).
    """
    rows = []
    for comparator, part in shares.groupby("against", sort=False):
        judged = part[part["sign"].isin(["helps", "harms"])].groupby(["parameter", "sign"], sort=False)
        for (name, sign), groups in judged:
            first, last = groups.iloc[0], groups.iloc[-1]
            least, most = ((group["count"], group["points"]) for group in (first, last))
            gap, low, high = _newcombe(least, most, LEVEL / max(len(judged), 1))
            rows.append((comparator, name, sign, gap, low, high, bool(low > 0.0 or high < 0.0)))
    table = pd.DataFrame(rows, columns=["against", "parameter", "sign", "change", "low", "high", "clear"])
    return table.sort_values("change", key=lambda change: -change.abs(), kind="stable", ignore_index=True)
