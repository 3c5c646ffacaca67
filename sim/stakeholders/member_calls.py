"""Members who call on their neighbours to volunteer (M9, S9).

Who lives next door can ask in passing, so calling takes no hours of the branch's week; but only a branch that has hours
for residents calls on anybody, and what it can add is bounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.stakeholders import in_service
from sim.stakeholders.committees.committees_equations import saturating

if TYPE_CHECKING:
    from sim.component import Model

__all__ = ["active_members", "pull_of_members"]


def active_members(model: Model) -> NDArray[np.float64]:
    """Members who live in each estate and are active in the branch that serves it, shape (estates,).

    Registered there, or in service elsewhere and reached by it; less those who are tired, and more where awards spur
    them on, as for the hours of the week.
    """
    branches = model.branches
    active = branches.parameters.active_share * model.members + in_service.active_share(model) * model.in_service
    spirit = branches.activity * (1.0 - branches.fatigue)
    return active * spirit[branches.place] * branches.works()


def pull_of_members(model: Model) -> NDArray[np.float64]:
    """What members who call on their neighbours add to the logit of the answer, shape (estates,).

    It rises with their number for 100 adults, in proportion at first and never beyond `volunteer_calling_most`.
    """
    p = model.scenario.services
    for_100 = active_members(model) * (100.0 / model.district.adults)
    return saturating(for_100, p.volunteer_calling, p.volunteer_calling_most)
