"""The interim analyses of a group-sequential test: when a sign is decided, when to go on, and when to stop.

Where the region of an effect (`experiments.core.statistics.regions`) is plain, few replicates suffice; where it is not,
often more are needed than anybody will run.  So a point is judged after n, 2n, 4n, ... replicates, and run again only
while that may still decide something.

**Error.**  The interval of analysis k misses the true difference with probability a_k.  Whatever is stopped when, and
for whatever reason, the chance that *any* of the intervals misses is at most a_1 + a_2 + ... (Bonferroni), which is set
to 5 %.  A sign is wrong only if its interval misses, so that at most 5 % of the points of any one truth get a wrong
sign, for normal differences at any number of replicates.  The boundaries of Pocock, and of O'Brien and Fleming, would
make intervals some 6 % narrower; but they hold for large samples, and here the first analysis has three pairs.  Drawing
as many replicates as the spread so far asks for would break Student's distribution.

**Where to spend it.**  Equal levels would spend a third of the error on three pairs, where Student's quantile is 7.6.
Here a level grows with its replicates: of 3, 6, 12, it takes 1/7, 2/7, 4/7 of the 5 %.  A difference that is one
standard deviation beyond the margin is then decided in 79 of 100 points, by 10 replicates on average.

**When to give up.**  Given n pairs with mean d and standard deviation s, the mean after N pairs is
d + s sqrt(1/n - 1/N) T, with T of Student's distribution with n - 1 degrees of freedom (a predictive distribution with
nothing else known); where fewer than one in ten such means would be decided at the last analysis, the point is given
up.  It can make no sign wrong, since it gives none.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from experiments.core.statistics.needed import replicates_needed
from experiments.core.statistics.paired import Paired, t_quantile
from experiments.core.statistics.regions import LEVEL, Region, region
from sim.outcomes import Better

SIGNS: Final[tuple[Region, ...]] = (
    "helps",
    "better",
    "equivalent",
    "worse",
    "harms",
    "undecided_better",
    "undecided_worse",
    "undecided",
)
"""What a point may be found to be, of an outcome with a better side."""

FUTILITY: Final = 0.1  # chance of being decided at the last look below which a point is given up


class InterimAnalysis(NamedTuple):
    """A time at which a point is judged: replicates `added` for it, all then, the chance that its interval misses."""

    added: int
    replicates: int
    level: float


def analysis_schedule(number: int, first: int) -> tuple[InterimAnalysis, ...]:
    """Plan so many looks, each at twice the replicates of the one before.

    Examples
    --------
    >>> [(look.added, look.replicates, round(look.level, 4)) for look in analysis_schedule(3, first=3)]
    [(3, 3, 0.0071), (3, 6, 0.0143), (6, 12, 0.0286)]
    """
    sizes = [first * 2**place for place in range(number)]
    return tuple(
        InterimAnalysis(size - before, size, LEVEL * size / sum(sizes))
        for before, size in zip([0, *sizes], sizes, strict=False)
    )


def sign_of(result: Paired, margin: float, direction: Better, last: bool = True) -> Region:
    """Say in which region the interval of a difference lies, if it is an interval to go by.

    `margin` is the share of the baseline's mean within which a difference does not matter.  Pairs without any spread
    say nothing of how far the next may lie, as where a rare event has not happened yet: they decide at the `last`
    analysis only, and never where there is nothing to compare.

    Examples
    --------
    >>> from experiments.core.statistics.paired import paired
    >>> sign_of(paired([1.0, 2.0, 3.1], [2.0, 3.0, 4.0]), 0.02, "lower")
    'helps'
    """
    if not result.spread > 0.0 and not (last and result.baseline_mean):
        return "undecided"
    return region(result.ci_low, result.ci_high, margin * abs(result.baseline_mean), direction)


def chance_of_sign(result: Paired, margin: float, last: InterimAnalysis) -> float:
    """Predict the chance that the last look decides, from what has been seen; 1 where nothing can be said yet.

    Examples
    --------
    >>> from experiments.core.statistics.paired import paired
    >>> last = analysis_schedule(3, first=3)[-1]
    >>> noise = paired([9.0, 11.0, 10.0, 9.1, 10.9, 10.0], [10.0] * 6)
    >>> chance_of_sign(noise, 0.0, last) < 0.1
    True
    """
    from scipy.special import stdtr

    count, total = result.replicates, last.replicates
    if count < 2 or not result.spread > 0.0 or count >= total:
        return 1.0
    spread = result.spread * math.sqrt(1.0 / count - 1.0 / total)
    reach = t_quantile(1.0 - last.level / 2, total - 1) * result.spread / math.sqrt(total)

    def below(value: float) -> float:
        return float(stdtr(count - 1, (value - result.difference) / spread))

    room = margin * abs(result.baseline_mean)
    inside = below(room - reach) - below(reach - room) if room > reach else 0.0
    return below(-room - reach) + inside + 1.0 - below(room + reach)


def needed_for(result: Paired, margin: float, level: float) -> float:
    """Tell how many replicates would decide with a chance of 80 %, if difference and spread are what they seem.

    Examples
    --------
    >>> from experiments.core.statistics.paired import paired
    >>> needed_for(paired([1.0, 2.5, 2.0, 3.9], [2.0, 2.0, 3.0, 4.0]), 0.0, level=0.05)
    29.0
    """
    room = margin * abs(result.baseline_mean)
    return replicates_needed(result.difference, result.spread, room, 1.0 - level)
