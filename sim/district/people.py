"""Who and what is in an estate beyond its size: kind, owners, committee, cars, crowding, members.

Little of this is on record for single estates.  The number of committees is the study's; what makes one
likelier, the mix of kinds, tenure, cars and crowding are assumed, plainly and in one place, and can be
overruled column by column in a user's table.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.district.draft import Draft, hashed, top
from sim.district.kinds import EstateKind
from sim.district.marginals import MARGINALS, ranks

__all__ = ["ADULTS_PER_HOUSEHOLD", "COMMITTEES_PER_ESTATE", "fill_kind", "fill_people", "fill_strength"]

ADULTS_PER_HOUSEHOLD: Final = 1.9
"""Adults in a household (data)."""
COMMITTEES_PER_ESTATE: Final = 394 / 1034
"""Owners' committees over estates (study)."""
VILLAGES: Final = 0.10
"""Share of estates that are urban villages (assumed): the old, large and cheap ones of many buildings."""
BLOCKS: Final = 0.8
"""Share of one-building estates that count as buildings rather than commodity housing (assumed)."""
OWNERS: Final = {EstateKind.COMMODITY: 0.60, EstateKind.URBAN_VILLAGE: 0.12, EstateKind.BUILDING: 0.40}
"""Median share of adults who own their flat, by kind (assumed), with a logit-sd of 0.5."""
COMMITTEE_SIZE: Final = 0.7
"""Effect of the logarithm of households on the log-odds of having a committee (assumed)."""
COMMITTEE_TENANTS: Final = 3.0
"""Effect of heterogeneity, read as the share of adults who rent, which lowers the log-odds (assumed)."""
CARS: Final = 0.6
"""Median cars of a household; a standard deviation of fee multiplies them by e^0.3 (assumed)."""
SPACES: Final = 0.5
"""Median parking spaces of a household; a standard deviation of year multiplies them by e^0.55 (assumed)."""
_LIKE_SIZED: Final = 16
"""Estates of like size that share out the slices from which members are drawn."""
_STRENGTH_SPREAD: Final = 0.3
"""Log-sd of what earlier programmes left to communities (assumed)."""


def fill_kind(draft: Draft) -> None:
    """Fill the kind of estate from its size, buildings, age and fee."""
    gaps = draft.missing("kind")
    size, buildings, year, fee = (draft.latent[:, place] for place in range(len(MARGINALS)))
    single = (draft["buildings"] <= 1) & (draft.uniform("block") < BLOCKS)
    village = 0.6 * (size + buildings) - 0.8 * (year + fee) + 0.5 * draft.logistic("village")
    kind = np.where(single, EstateKind.BUILDING, EstateKind.COMMODITY)
    kind[top(village, round(VILLAGES * int(gaps.sum())), gaps & (draft["buildings"] > 1))] = (
        EstateKind.URBAN_VILLAGE)
    draft.fill("kind", kind, "from size, buildings, year and fee (assumed shares)")


def fill_people(draft: Draft) -> None:
    """Fill adults, owners, committee, cars, spaces, crowding and the draw behind unknown members."""
    households, kind = draft["households"], draft["kind"].astype(np.int64)
    village = kind == EstateKind.URBAN_VILLAGE
    _, _, year, fee = draft.latent.T

    adults = np.maximum(np.rint(households * ADULTS_PER_HOUSEHOLD), 1.0)
    draft.fill("adults", adults, f"with {ADULTS_PER_HOUSEHOLD} a household")

    median = np.array([OWNERS[EstateKind(number)] for number in range(len(OWNERS))])[kind]
    logit = np.log(median / (1 - median)) + 0.5 * draft.normal("owners")
    draft.fill("owners", np.round(1 / (1 + np.exp(-logit)), 3), "by kind of estate (assumed)")

    gaps = draft.missing("committee")
    odds = COMMITTEE_SIZE * np.log(households) - COMMITTEE_TENANTS * (1 - draft["owners"])
    chosen = top(odds + draft.logistic("committee"), round(COMMITTEES_PER_ESTATE * int(gaps.sum())),
                 gaps & ~village)
    draft.fill("committee", chosen, f"as in {COMMITTEES_PER_ESTATE:.0%} of estates, likelier where large and "
               "owned, never in urban villages")

    each = CARS * np.exp(0.3 * fee - 0.8 * village + 0.25 * draft.normal("cars"))
    draft.fill("cars", np.rint(households * each), "from households, fee and kind (assumed)")
    each = SPACES * np.exp(0.55 * year - 0.5 * village + 0.35 * draft.normal("spaces"))
    spaces = np.rint(households * np.minimum(each, 2.5))
    draft.fill("spaces", spaces, "from households, year and kind (assumed)")

    crowding = np.exp(0.35 * np.log(households / draft["buildings"] / 90) + 0.3 * village
                      + 0.15 * draft.normal("density"))
    if draft.missing("density").all():
        crowding /= crowding.mean()
    draft.fill("density", crowding, "from households in a building (assumed)")

    draft.fill("members_draw", _members_draw(draft))
    unknown = int(draft.missing("members").sum())
    if unknown:
        draft.note("members", unknown, "when a model asks, as Poisson of the rate of members a household")


def _members_draw(draft: Draft) -> NDArray[np.float64]:
    """Draw the uniforms behind unknown members, shape (E,).

    In a made-up district, estates of like size share out the slices of the unit interval among them, so that
    the number of estates which the coverage rule admits hardly varies between seeds.  In a user's table the
    draws are independent, so that an added row moves nobody else's members.
    """
    draw, within = draft.uniform("members"), draft.uniform("members in its slice")
    if not draft.made_up:
        return draw
    order = np.argsort(draft["households"], kind="stable")
    sliced = np.empty(draft.size)
    for start in range(0, draft.size, _LIKE_SIZED):
        rows = order[start:start + _LIKE_SIZED]
        sliced[rows] = (ranks(draw[rows]) - 1 + within[rows]) / rows.size
    return sliced


def fill_strength(draft: Draft) -> None:
    """Fill what earlier programmes left to each community, of mean 1 over the communities."""
    names, member = np.unique(draft["community"], return_inverse=True)
    known = ~draft.missing("strength")
    given = np.full(names.size, np.nan)
    given[member[known]] = draft["strength"][known]
    drawn = np.exp(_STRENGTH_SPREAD * draft.chance.normal("district.strength", 0, hashed(names)))
    if np.isnan(given).all():
        drawn /= drawn.mean()
    value: NDArray = np.where(np.isnan(given), drawn, given)
    draft.fill("strength", value[member], "by community, lognormal of mean 1 (assumed)")
