"""How many replicates a decision takes: the smallest number with which a verdict is likely, if the numbers so far hold.

A decision is one of the decided regions (`experiments.core.statistics.regions`).  Let d be the mean difference, s the
standard deviation of the differences, m the margin, and n replicates make an interval of plus or minus
q = t(n - 1, 97.5 %) s / sqrt(n).  With |d| < m it is to be shown that the difference does not matter, which is done
where the mean found lies within plus or minus (m - q); with |d| > m that it matters, which is done where the mean found
is further than m + q.  The mean found varies by s / sqrt(n) about d.  So n is about

    ((t of the interval + t of the power) s / |m - |d||)^2 :

it hangs on how far the difference is from the margin, and at the margin itself no number decides.
"""

import math
from bisect import bisect_left
from typing import Final

from scipy.special import stdtr

from experiments.core.statistics.paired import t_quantile

POWER: Final = 0.8
"""Probability of a decision at which the number of replicates aims."""

MOST: Final = 2**40


def chance_of_decision(count: int, difference: float, spread: float, room: float, confidence: float = 0.95) -> float:
    """Chance that so many replicates, at least 2, decide for the side of the margin on which the difference lies.

    Mean and standard deviation of the differences, and the margin, `room`, are in the outcome's unit.

    Examples
    --------
    >>> round(chance_of_decision(20, difference=0.0, spread=1.0, room=1.0), 2)
    0.97
    """
    error, far = spread / math.sqrt(count), abs(difference)
    reach = t_quantile(0.5 + confidence / 2, count - 1) * error
    if far > room:
        return float(stdtr(count - 1, (far - room - reach) / error))
    left = room - reach
    if left <= 0.0:
        return 0.0
    return float(stdtr(count - 1, (left - far) / error) - stdtr(count - 1, (-left - far) / error))


def replicates_needed(difference: float, spread: float, room: float, confidence: float = 0.95) -> float:
    """Find how many replicates in all decide with probability `POWER`, if difference and spread are what they seem.

    They are estimates, so that the number, at least 2, is one too: from ten pairs it may be half or double.  It is NaN
    where it cannot be worked out: the spread is not known, or the difference is as large as the margin.

    Examples
    --------
    >>> replicates_needed(difference=0.0, spread=1.0, room=1.0), replicates_needed(3.0, spread=1.0, room=1.0)
    (13.0, 5.0)
    >>> replicates_needed(1.0, spread=1.0, room=1.0)
    nan
    """
    if not all(map(math.isfinite, (difference, spread, room))):
        return math.nan
    if spread == 0:
        return 2.0
    if abs(difference) == room:
        return math.nan

    def enough(count: int) -> bool:
        return chance_of_decision(count, difference, spread, room, confidence) >= POWER

    least = bisect_left(range(MOST), True, lo=2, key=enough)
    return float(least) if least < MOST else math.nan
