"""In-service members (M9): party members who live in an estate and are registered where they work.

They found no branch: what counts for that is who is registered in the estate.  But they report to it, and those whom
the branch of the estate reaches give it hours, as its own members do:

    hours of in-service members = reach x active share x hours of an active one x members who live there

before fatigue and activity, which are those of all members.  Reach is `branches.reach`; members whom the two-new policy
has listed in enterprises report besides, and are reached too (`enterprises.listed_reach`, M13).  Each of them has one
weekly budget.  Who gives hours through an enterprise's branch is not asked again at home (as if the enterprises'
members all lived in the district, and no more in one estate than in another), and who gives hours to the branch is not
asked again as a volunteer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.component import Model

__all__ = ["active_share", "elsewhere", "engaged", "hours_each", "reached"]


def elsewhere(model: Model) -> float:
    """Return the share of the district's in-service members who give their hours through an enterprise."""
    enterprises = model.enterprises
    p = enterprises.parameters
    gives = p.enabled and p.social and model.policy_on and model.scenario.services.enabled and p.hours_per_member > 0.0
    live = int(model.in_service.sum()) if gives else 0
    if live == 0:
        return 0.0
    persons = p.giving_share * float((enterprises.listed * (enterprises.branch > 0)).sum())
    # Those who report where they live are asked there.
    persons *= 1.0 - p.listed_reach * p.political
    return min(persons / live, 1.0)


def reached(model: Model) -> float:
    """Return the share of in-service members whom branches reach: by themselves, or since they are listed at work.

    reach + (1 - reach) listed, listed those who report from enterprises' lists, over all in-service members: as if they
    lived in all estates alike, and were reached otherwise as often as others.
    """
    own, listed = model.scenario.branches.reach, model.enterprises.reporting()
    live = int(model.in_service.sum()) if listed else 0
    return own + (1.0 - own) * min(listed / live, 1.0) if live else own


def active_share(model: Model) -> float:
    """Return the share of in-service members whom a branch reaches and who are active in it; 0 switched off."""
    p = model.scenario.branches
    reach = reached(model) if p.in_service else 0.0
    if reach == 0.0:
        return 0.0
    return reach * p.active_share * (1.0 - elsewhere(model))


def hours_each(model: Model) -> float:
    """Return the hours a week that a branch has of an in-service member who lives in its estates, on average."""
    return model.scenario.branches.in_service_hours * active_share(model)


def engaged(model: Model) -> NDArray[np.float64] | None:
    """Return the share of adults who give hours as in-service members, shape (estates,); None where nobody does."""
    share = active_share(model)
    if share == 0.0 or not model.branches.any:
        return None
    return share * model.in_service / model.district.adults * model.branches.standing()
