"""Services for riders, each on a thing of its own (M12, ``couriers.services_act = "apart"``).

Shops and clinics beside the stations serve riders, and each kind of service meets another reason for hazards:

* *travel* (cabinets for charging, parking places, repairs) makes the safe way possible: who takes it up rides and
  charges with care, and who relapses has to take it up anew;
* *food* (a meal and a rest that are near) takes haste out of the day: a careful rider who uses it relapses less;
* *housing* lets riders stay: who uses it leaves less for reasons other than health;
* *medical* help lets riders who are ill or hurt stay: who uses it leaves less for reasons of health.

Food, housing and medical help are kept until the rider leaves.  None of them makes a careless rider careful.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.stakeholders.couriers.couriers_parameters import KINDS

if TYPE_CHECKING:
    from sim.stakeholders.couriers.couriers_parameters import CouriersSection

__all__ = ["BITS", "leaving", "relapsing", "week_apart"]

BITS: Final = {kind: np.uint8(1 << place) for place, kind in enumerate(KINDS)}
"""The bit of each kind in what a rider uses."""


def leaving(uses: NDArray[np.uint8], p: CouriersSection) -> NDArray[np.float64]:
    """Probability that a rider leaves this week, by what the rider uses, shape (n,).

    turnover [1 - injuries medical_spares (uses medical help) - (1 - injuries) housing_stays (uses housing)].
    """
    medical, housing = ((uses & BITS[kind]) > 0 for kind in ("medical", "housing"))
    spared = p.injuries * p.medical_spares * medical + (1.0 - p.injuries) * p.housing_stays * housing
    return np.asarray(p.turnover * (1.0 - spared))


def relapsing(uses: NDArray[np.uint8], p: CouriersSection) -> NDArray[np.float64]:
    """Probability that haste makes a careful rider careless this week, by what the rider uses, shape (n,)."""
    return np.asarray(p.relapse * (1.0 - p.food_calms * ((uses & BITS["food"]) > 0)))


def week_apart(
    draw: NDArray[np.float64],
    safe: NDArray[np.bool_],
    uses: NDArray[np.uint8],
    turns: NDArray[np.float64],
    p: CouriersSection,
    offered: list[str],
) -> tuple[NDArray[np.bool_], NDArray[np.uint8], NDArray[np.bool_]]:
    """Live a week of riders who are served in these kinds: one draw, one event at most.

    Parameters
    ----------
    draw
        Uniform, shape (n,).
    safe
        Who rides with care.
    uses
        What each uses, bits as in `BITS`.
    turns
        Probability that a careless rider becomes careful, travel included, shape (n,).
    p
        The section `couriers`.
    offered
        Kinds of services that there are.

    Returns
    -------
    safe, uses, gone
        After the week, and who has left; what the leavers' rows hold means nothing.
    """
    works = uses & np.uint8(sum(BITS[kind] for kind in offered))
    draw = draw - leaving(works, p)
    gone = draw < 0.0
    limit = np.where(safe, relapsing(works, p), turns)
    after = (draw >= limit) == safe
    travel = p.rate_travel if "travel" in offered else 0.0
    # A careful rider takes travel up as readily as a careless one; a relapse is the end of its use.
    takes = draw < np.where(safe, limit + travel, np.minimum(travel, turns))
    uses = np.where(takes, uses | BITS["travel"], uses) if travel > 0.0 else uses
    uses = np.where(safe & ~after, uses & ~BITS["travel"], uses)
    draw = draw - limit - np.where(safe, travel, 0.0)
    for kind in offered:
        if kind != "travel":
            rate = getattr(p, f"rate_{kind}")
            uses = np.where((draw >= 0.0) & (draw < rate), uses | BITS[kind], uses)
            draw = draw - rate
    return after, uses, gone
