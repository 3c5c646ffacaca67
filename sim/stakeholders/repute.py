"""Standing of secretaries with residents (M9).

A secretary is picked for capability and for standing.  Capability makes the branch's desk work faster; standing is why
residents trust a branch of which they know nothing but who leads it.  Both are the best of the same list of persons,
in draws of their own: as if the ablest were also the one who is thought of most highly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.codes import BY_BRANCH

if TYPE_CHECKING:
    from sim.model import GovernanceModel

__all__ = ["best_standing", "introduce"]


def best_standing(
    model: GovernanceModel,
    who: NDArray[np.uint64],
    persons: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Draw the highest standing among so many persons, each uniform in [0, 1], shape (n,).

    Parameters
    ----------
    who
        Identity of each branch, shape (n,).
    persons
        Persons on its list, at least 1, shape (n,).
    """
    return model.chance.uniform("standing of the secretary", 0, who) ** (1.0 / persons)


def introduce(model: GovernanceModel, estates: NDArray[np.int64]) -> None:
    """Let trust in a new branch begin with its secretary's standing in these estates, shape (n,).

    Whoever looks after several estates is less known in each: what standing adds is divided as local knowledge is.
    A branch in name only has nobody to be known.
    """
    branches, p = model.branches, model.branches.parameters
    if not p.repute or branches.phantom:
        return
    home = branches.home[estates]
    known = branches.repute[home] - p.repute_usual
    model.trust.begin(BY_BRANCH, estates, p.repute_trust * known / branches.reach[home] ** p.joint_dilution)
