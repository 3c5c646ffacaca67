"""What can be said of an effect: the one place where difference, interval and verdict become a word.

Titles, sentences, cards and tables of every analysis ask here, so that they say the same.
"""

import math
from typing import Final, Literal

from experiments.core.statistics.regions import OPEN, WITHIN, side

Certain = Literal["falls", "lower", "falling", "rises", "higher", "rising"]
Reading = Literal["unknown", "same", "single", "equivalent", "undecided", "zero"] | Certain
"""Not known; exactly the same; of a single pair; within the margin; undecided; not different from zero, where nothing
was judged; and of each direction, by more than the margin (or not judged), by less, or by how much is open."""

DOWN: Final = frozenset(("falls", "lower", "falling"))
UP: Final = frozenset(("rises", "higher", "rising"))


def reading(difference: float, low: float, high: float, verdict: str = "") -> Reading:
    """Read an effect: a mean paired difference and the ends of its interval, which are NaN of a single pair.

    The verdict is a comparison's (`regions.Region`), or empty where nothing was judged: the interval speaks for itself.

    Examples
    --------
    >>> reading(-0.2, -0.3, -0.1, "helps"), reading(-0.2, -0.3, -0.1, "undecided_better"), reading(0.1, -0.1, 0.3)
    ('falls', 'falling', 'zero')
    >>> reading(0.0, 0.0, 0.0, "equivalent"), reading(0.01, -0.01, 0.03, "equivalent")
    ('same', 'equivalent')
    """
    if not math.isfinite(difference):
        return "unknown"
    if difference == 0 and low == 0 and high == 0:
        return "same"
    if not math.isfinite(low + high):
        return "single"
    if verdict in ("equivalent", "undecided"):
        return "equivalent" if verdict == "equivalent" else "undecided"
    down = difference < 0
    if verdict in WITHIN:
        return "lower" if down else "higher"
    if verdict in OPEN:
        return "falling" if down else "rising"
    if not verdict and not side(low, high):
        return "zero"
    return "falls" if down else "rises"
