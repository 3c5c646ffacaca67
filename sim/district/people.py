"""Who and what is in an estate beyond its size: kind, owners, committee, cars, crowding, members.

Little of this is on record for single estates.  The number of committees is the study's; what makes one
likelier, the mix of kinds, tenure, cars and crowding are assumed in the section `ground`, and can be overruled
column by column in a user's table.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.core.sentence import Sentence
from sim.district.distributions import MARGINALS, ranks
from sim.district.draft import Draft, hashed, top
from sim.district.estate_kinds import EstateKind

__all__ = ["fill_kind", "fill_people", "fill_strength"]

_LIKE_SIZED: Final = 16
"""Estates of like size that share out the slices from which members are drawn."""


def fill_kind(draft: Draft) -> None:
    """Fill the kind of estate from its size, buildings, age and fee."""
    ground, gaps = draft.ground, draft.missing("kind")
    size, buildings, year, fee = (draft.latent[:, place] for place in range(len(MARGINALS)))
    single = (draft["buildings"] <= 1) & (draft.uniform("block") < ground.blocks)
    village = (
        ground.village_size * (size + buildings)
        - ground.village_age * (year + fee)
        + ground.village_chance * draft.logistic("village")
    )
    kind = np.where(single, EstateKind.BUILDING, EstateKind.COMMODITY)
    kind[top(village, round(ground.villages * int(gaps.sum())), gaps & (draft["buildings"] > 1))] = (
        EstateKind.URBAN_VILLAGE
    )
    draft.fill("kind", kind, Sentence("from size, buildings, year and fee (assumed shares)"))


def fill_people(draft: Draft) -> None:
    """Fill adults, owners, committee, cars, spaces, crowding and the draw behind unknown members."""
    ground = draft.ground
    households, kind = draft["households"], draft["kind"].astype(np.int64)
    village = kind == EstateKind.URBAN_VILLAGE
    _, _, year, fee = draft.latent.T

    adults = np.maximum(np.rint(households * ground.adults_per_household), 1.0)
    draft.fill("adults", adults, Sentence("with {count} a household", count=ground.adults_per_household))

    # In the order of `EstateKind`.
    median = np.array([ground.owners_commodity, ground.owners_village, ground.owners_building])[kind]
    logit = np.log(median / (1 - median)) + ground.owners_logit_sd * draft.normal("owners")
    draft.fill("owners", np.round(1 / (1 + np.exp(-logit)), 3), Sentence("by kind of estate (assumed)"))

    gaps = draft.missing("committee")
    odds = ground.committee_size * np.log(households) - ground.committee_tenants * (1 - draft["owners"])
    share = ground.per_estate("committees")
    chosen = top(odds + draft.logistic("committee"), round(share * int(gaps.sum())), gaps & ~village)
    draft.fill(
        "committee",
        chosen,
        Sentence("as in {share:.0%} of estates, likelier where large and owned, never in urban villages", share=share),
    )

    each = ground.cars * np.exp(
        ground.cars_fee * fee + ground.cars_village * village + ground.cars_log_sd * draft.normal("cars")
    )
    draft.fill("cars", np.rint(households * each), Sentence("from households, fee and kind (assumed)"))
    each = ground.spaces * np.exp(
        ground.spaces_year * year + ground.spaces_village * village + ground.spaces_log_sd * draft.normal("spaces")
    )
    spaces = np.rint(households * np.minimum(each, ground.spaces_most))
    draft.fill("spaces", spaces, Sentence("from households, year and kind (assumed)"))

    crowding = np.exp(
        ground.crowding_size * np.log(households / draft["buildings"] / ground.crowding_households)
        + ground.crowding_village * village
        + ground.crowding_log_sd * draft.normal("density")
    )
    if draft.missing("density").all():
        crowding /= crowding.mean()
    draft.fill("density", crowding, Sentence("from households in a building (assumed)"))

    draft.fill("members_draw", _members_draw(draft))
    unknown = int(draft.missing("members").sum())
    if unknown:
        draft.note("members", unknown, Sentence("when a model asks, as Poisson of the rate of members a household"))


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
        rows = order[start : start + _LIKE_SIZED]
        sliced[rows] = (ranks(draw[rows]) - 1 + within[rows]) / rows.size
    return sliced


def fill_strength(draft: Draft) -> None:
    """Fill what earlier programmes left to each community, of mean 1 over the communities."""
    names, member = np.unique(draft["community"], return_inverse=True)
    known = ~draft.missing("strength")
    given = np.full(names.size, np.nan)
    given[member[known]] = draft["strength"][known]
    drawn = np.exp(draft.ground.strength_log_sd * draft.chance.normal("district.strength", 0, hashed(names)))
    if np.isnan(given).all():
        drawn /= drawn.mean()
    value: NDArray = np.where(np.isnan(given), drawn, given)
    draft.fill("strength", value[member], Sentence("by community, lognormal of mean 1 (assumed)"))
