"""What is no result: differences that only rounding made, and percentages of next to nothing.

Sums in another order differ in their last digits. Such a difference is many thousand million times smaller than what it
is a difference of; its interval, its p and its variance say as little as itself, and it is shown as what it is: none.
"""

import math

from experiments.core.statistics.outcome_indices import INDICES

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
