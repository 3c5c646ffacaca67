"""What is no result: differences that only rounding made, percentages of next to nothing, and losses of more than all.

Sums in another order differ in their last digits. Such a difference is many thousand million times smaller than what it
is a difference of; its interval, its p and its variance say as little as itself, and it is shown as what it is: none.

The interval of a change in per cent is that of the difference over the mean of what it is set against, taken as a fixed
number.  Of few and unequal pairs it may reach below -100 %, where a quantity that is counted or measured from zero on
would be negative: it is shown as far as that, and tables hold it as it was worked out.
"""

import math

from experiments.core.statistics.outcome_indices import INDICES
from sim.outcomes import DEFINITIONS

DUST = 1e-11
"""Share of a level below which a difference is rounding: sums of a million terms agree to about 1e-13."""

NOTHING = 0.01
"""A base of which a difference is more than a hundred times as much is next to nothing, and no measure."""


def only_dust(difference: float, low: float, high: float, *levels: float) -> bool:
    """Return whether a difference with its whole interval is rounding of the levels between which it lies.

    Examples
    --------
    >>> only_dust(2e-13, -1e-13, 5e-13, 2059.0, 2059.0), only_dust(2e-4, -1e-4, 5e-4, 2059.0, 2059.0)
    (True, False)
    >>> only_dust(0.0, 0.0, 0.0, 0.0, 0.0), only_dust(1e-13, 0.0, 2e-13, 0.0, 1e-13)
    (False, False)
    """
    most = max((abs(end) for end in (difference, low, high) if math.isfinite(end)), default=0.0)
    size = max((abs(level) for level in levels if math.isfinite(level)), default=0.0)
    return 0.0 < most <= DUST * size


def per_cent(outcome: str, difference: float, base: float) -> float:
    """Return the per cent that one unit is of a base; NaN where the base is no measure of the outcome.

    An index that is zero in the baseline, such as order, has a level near zero in every arm, and a percentage of that
    would say nothing.

    Examples
    --------
    >>> per_cent("conflicts", -0.2, 4.0), per_cent("order", 0.02, -0.03), per_cent("filed", 0.4, 0.001)
    (25.0, nan, nan)
    """
    usable = outcome not in INDICES and math.isfinite(base) and base != 0 and not abs(difference) * NOTHING > abs(base)
    return 100.0 / abs(base) if usable else math.nan


def least(outcome: str) -> float:
    """Return the change, in per cent of what it is set against, below which an outcome would be negative.

    What the model measures is never negative, but for indices; of an outcome of the user's own nothing is known.

    Examples
    --------
    >>> least("conflicts"), least("order"), least("bells")
    (-100.0, -inf, -inf)
    """
    return -100.0 if outcome in DEFINITIONS and outcome not in INDICES else -math.inf


def floored(end: float, outcome: str) -> float:
    """Return an end of an interval in per cent as it is shown.

    Examples
    --------
    >>> floored(-109.2, "standing"), floored(-109.2, "order"), floored(-20.0, "standing")
    (-100.0, -109.2, -20.0)
    """
    return max(end, least(outcome))  # NaN stays
