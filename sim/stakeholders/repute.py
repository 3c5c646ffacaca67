"""Standing of secretaries with residents (M9).

A secretary is picked for capability and for standing.  Capability makes the branch's desk work faster; standing is why
residents trust a branch of which they know nothing but who leads it.  Both are the best of the same list of persons,
in draws of their own: as if the ablest were also the one who is thought of most highly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.core.chance import Chance

__all__ = ["best_standing", "standing_in_estates"]


def best_standing(
    chance: Chance,
    who: NDArray[np.uint64],
    persons: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Draw the highest standing among so many persons, each uniform in [0, 1], shape (n,).

    Parameters
    ----------
    chance
        Where the draws come from.
    who
        Identity of each branch, shape (n,).
    persons
        Persons on its list, at least 1, shape (n,).
    """
    return chance.uniform("standing of the secretary", 0, who) ** (1.0 / persons)


def standing_in_estates(
    repute: NDArray[np.float64],
    reach: NDArray,
    *,
    usual: float,
    weight: float,
    dilution: float,
) -> NDArray[np.float64]:
    """Return what a new branch's secretary adds to the trust with which it begins in each estate, shape (n,).

    Whoever looks after several estates is less known in each: what standing adds is divided as local knowledge is.

    Parameters
    ----------
    repute, reach
        Standing of the secretary, and number of estates that the branch serves, shape (n,).
    usual, weight, dilution
        Standing that adds nothing; trust for each unit of standing; power of the number of estates.

    Examples
    --------
    >>> standing_in_estates(np.array([0.75, 0.75]), np.array([1, 2]), usual=0.5, weight=0.4, dilution=1.0).tolist()
    [0.1, 0.05]
    """
    known = repute - usual
    return np.asarray(weight * known / reach**dilution)
