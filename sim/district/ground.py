"""The scenario's section `ground`: what a district is made with where no table says otherwise.

Little is on record for single estates.  What is known of the district as a whole (the study's counts, the statistics of
the listed estates) stands here with what had to be assumed of its parts, so that both can be changed and swept.  A
district made with other values is another ground, with a fingerprint of its own.
"""

from __future__ import annotations

from typing import Final

from sim.parameters.parameter import Section, parameter

__all__ = ["STUDY_ESTATES", "GroundSection"]

STUDY_ESTATES: Final = 1034
"""Estates of Nanshan, to which the study's counts belong."""

_STUDY: Final = "field study of Nanshan, 2021"
_LISTED: Final = "569 listed estates of Nanshan, 2020"
_NONE: Final = "no data known"
_PER: Final = "per 1,034 estates"


class GroundSection(Section):
    """How many of each there are, where they lie, and what kind of estates they are."""

    # How many -------------------------------------------------------------------------------------

    communities: float = parameter(
        101.0,
        unit=f"communities {_PER}",
        low=1.0,
        high=1034.0,
        sweep=(60.0, 150.0),
        status="study",
        source=_STUDY,
        doc="communities, in proportion to estates",
    )
    streets: float = parameter(
        8.0,
        unit=f"streets {_PER}",
        low=0.1,
        high=1034.0,
        sweep=(4.0, 16.0),
        status="study",
        source=_STUDY,
        doc="streets, in proportion to communities",
    )
    patch_log_sd: float = parameter(
        0.35,
        unit="log",
        low=0.0,
        high=2.0,
        sweep=(0.0, 0.8),
        status="assumed",
        source=_NONE,
        doc="spread of the sizes of communities and streets (lognormal)",
    )
    firms: float = parameter(
        358.0,
        unit=f"firms {_PER}",
        low=1.0,
        high=1034.0,
        sweep=(200.0, 500.0),
        status="study",
        source=_STUDY,
        doc="property service firms, in proportion to estates",
    )
    firms_of_one: float = parameter(
        0.67,
        unit="share",
        low=0.0,
        high=0.99,
        sweep=(0.5, 0.8),
        status="data",
        source=_LISTED,
        doc="firms that serve a single estate",
    )
    portfolio_exponent: float = parameter(
        1.4,
        unit="exponent",
        low=0.1,
        high=5.0,
        sweep=(1.2, 2.0),
        status="assumed",
        source="fitted to the share of the ten largest firms among the listed estates, given firms_of_one",
        doc="Zipf exponent of the portfolios of firms with two estates and more",
    )
    same_firm: float = parameter(
        0.108,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.2),
        status="data",
        source=_LISTED,
        doc="that the nearest estate has the same firm",
    )
    firm_bandwidth: float = parameter(
        1.0,
        unit="portfolios",
        low=0.0,
        high=20.0,
        sweep=(0.3, 3.0),
        status="assumed",
        source=_NONE,
        doc="how far along the district a firm's local estates spread, in multiples of its portfolio",
    )
    committees: float = parameter(
        394.0,
        unit=f"committees {_PER}",
        low=0.0,
        high=1034.0,
        sweep=(300.0, 500.0),
        status="study",
        source=_STUDY,
        doc="owners' committees in the beginning, in proportion to estates",
    )
    adults_per_household: float = parameter(
        1.9,
        unit="adults",
        low=1.0,
        high=4.0,
        sweep=(1.6, 2.2),
        status="assumed",
        source="no count of them; with adults at 0.85 of residents, 2.24 residents a household",
        doc="adults in a household",
    )

    # Where they lie -------------------------------------------------------------------------------

    area: float = parameter(
        187.5,
        unit=f"square kilometres {_PER}",
        low=1.0,
        high=100_000.0,
        sweep=(100.0, 400.0),
        status="data",
        source="area of Nanshan District",
        doc="ground over which estates are scattered, in proportion to estates",
    )
    clark_evans: float = parameter(
        0.42,
        unit="index",
        low=0.05,
        high=1.0,
        sweep=(0.35, 0.6),
        status="data",
        source=f"{_LISTED}; their positions are rounded to 0.1 km, which gives a larger one",
        doc="Clark and Evans: mean distance to the nearest estate over that of a random scatter",
    )
    cluster_estates: float = parameter(
        6.0,
        unit="estates",
        low=1.0,
        high=10_000.0,
        sweep=(3.0, 20.0),
        status="assumed",
        source=_NONE,
        doc="mean estates in a cluster; the index fixes only tightness given this",
    )
    town_estates: float = parameter(
        65.0,
        unit="estates",
        low=1.0,
        high=10_000.0,
        sweep=(30.0, 200.0),
        status="assumed",
        source=_NONE,
        doc="estates for each town around which clusters gather",
    )
    town_spread: float = parameter(
        0.08,
        unit="of the district's side",
        low=0.0,
        high=1.0,
        sweep=(0.03, 0.2),
        status="assumed",
        source=_NONE,
        doc="spread of clusters around their town",
    )
    clusters_apart: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source=_NONE,
        doc="clusters that lie anywhere instead of near a town",
    )
    tightness: float = parameter(
        0.25,
        unit="km",
        low=0.001,
        high=10.0,
        sweep=(0.1, 0.6),
        status="assumed",
        source=_NONE,
        doc="spread of a cluster in districts too small for the index to say how tight they are",
    )

    # What kind ------------------------------------------------------------------------------------

    villages: float = parameter(
        0.10,
        unit="share of estates",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.25),
        status="assumed",
        source=_NONE,
        doc="urban villages: old, large and cheap estates of many buildings",
    )
    village_size: float = parameter(
        0.6,
        unit="per standard deviation",
        low=0.0,
        high=5.0,
        sweep=(0.2, 1.0),
        status="assumed",
        source=_NONE,
        doc="how much likelier more households, and more buildings, make a village; scale of the ranking",
    )
    village_age: float = parameter(
        0.8,
        unit="per standard deviation",
        low=0.0,
        high=5.0,
        sweep=(0.3, 1.5),
        status="assumed",
        source=_NONE,
        doc="how much likelier an earlier year, and a lower fee, make a village; scale of the ranking",
    )
    village_chance: float = parameter(
        0.5,
        unit="logistic scale",
        low=0.0,
        high=20.0,
        sweep=(0.1, 1.0),
        status="assumed",
        source=_NONE,
        doc="how much chance there is in which estates are villages; scale of the ranking",
    )
    blocks: float = parameter(
        0.8,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.4, 1.0),
        status="assumed",
        source=_NONE,
        doc="one-building estates that count as buildings rather than commodity housing",
    )
    owners_commodity: float = parameter(
        0.60,
        unit="share of adults",
        low=0.001,
        high=0.999,
        sweep=(0.4, 0.8),
        status="assumed",
        source=_NONE,
        doc="adults who own their flat, median over commodity housing",
    )
    owners_village: float = parameter(
        0.12,
        unit="share of adults",
        low=0.001,
        high=0.999,
        sweep=(0.02, 0.3),
        status="assumed",
        source=_NONE,
        doc="adults who own their flat, median over urban villages",
    )
    owners_building: float = parameter(
        0.40,
        unit="share of adults",
        low=0.001,
        high=0.999,
        sweep=(0.2, 0.6),
        status="assumed",
        source=_NONE,
        doc="adults who own their flat, median over single buildings",
    )
    owners_logit_sd: float = parameter(
        0.5,
        unit="logit",
        low=0.0,
        high=5.0,
        sweep=(0.2, 1.0),
        status="assumed",
        source=_NONE,
        doc="spread of the owners' share between estates of a kind",
    )
    committee_size: float = parameter(
        0.7,
        unit="logit per log household",
        low=-5.0,
        high=5.0,
        sweep=(0.0, 1.5),
        status="assumed",
        source=_NONE,
        doc="how much likelier a committee is in the beginning where there are more households",
    )
    committee_tenants: float = parameter(
        3.0,
        unit="logit per share",
        low=-20.0,
        high=20.0,
        sweep=(0.0, 6.0),
        status="assumed",
        source=_NONE,
        doc="how much less likely a committee is in the beginning where more adults rent",
    )
    cars: float = parameter(
        0.6,
        unit="cars per household",
        low=0.0,
        high=5.0,
        sweep=(0.4, 0.9),
        status="assumed",
        source=_NONE,
        doc="cars of a household, median over estates of the mean fee",
    )
    cars_fee: float = parameter(
        0.3,
        unit="log per standard deviation",
        low=-2.0,
        high=2.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source=_NONE,
        doc="how cars grow with the property fee",
    )
    cars_village: float = parameter(
        -0.8,
        unit="log",
        low=-5.0,
        high=5.0,
        sweep=(-1.6, 0.0),
        status="assumed",
        source=_NONE,
        doc="cars in urban villages against elsewhere",
    )
    cars_log_sd: float = parameter(
        0.25,
        unit="log",
        low=0.0,
        high=2.0,
        sweep=(0.1, 0.5),
        status="assumed",
        source=_NONE,
        doc="spread of cars between estates alike",
    )
    spaces: float = parameter(
        0.5,
        unit="spaces per household",
        low=0.0,
        high=5.0,
        sweep=(0.3, 0.8),
        status="assumed",
        source=_NONE,
        doc="parking spaces of a household, median over estates of the mean year",
    )
    spaces_year: float = parameter(
        0.55,
        unit="log per standard deviation",
        low=-2.0,
        high=2.0,
        sweep=(0.2, 0.9),
        status="assumed",
        source=_NONE,
        doc="how parking spaces grow with the year of building",
    )
    spaces_village: float = parameter(
        -0.5,
        unit="log",
        low=-5.0,
        high=5.0,
        sweep=(-1.2, 0.0),
        status="assumed",
        source=_NONE,
        doc="parking spaces in urban villages against elsewhere",
    )
    spaces_log_sd: float = parameter(
        0.35,
        unit="log",
        low=0.0,
        high=2.0,
        sweep=(0.1, 0.7),
        status="assumed",
        source=_NONE,
        doc="spread of parking spaces between estates alike",
    )
    spaces_most: float = parameter(
        2.5,
        unit="spaces per household",
        low=0.0,
        high=20.0,
        sweep=(1.5, 4.0),
        status="assumed",
        source=_NONE,
        doc="parking spaces of a household at most",
    )
    crowding_size: float = parameter(
        0.35,
        unit="exponent",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.7),
        status="assumed",
        source=_NONE,
        doc="how crowding grows with households in a building",
    )
    crowding_households: float = parameter(
        90.0,
        unit="households per building",
        low=1.0,
        high=10_000.0,
        sweep=(50.0, 150.0),
        status="assumed",
        source="about the listed estates' median; divided out where no crowding is known",
        doc="households in a building at which crowding counts as usual",
    )
    crowding_village: float = parameter(
        0.3,
        unit="log",
        low=-2.0,
        high=2.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source=_NONE,
        doc="crowding of urban villages against elsewhere",
    )
    crowding_log_sd: float = parameter(
        0.15,
        unit="log",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.3),
        status="assumed",
        source=_NONE,
        doc="spread of crowding between estates alike",
    )
    strength_log_sd: float = parameter(
        0.3,
        unit="log",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="direction: earlier programmes left communities unlike in strength (the study); size unknown",
        doc="spread of what earlier programmes left to communities (lognormal, mean 1), which multiplies desks' hours",
    )

    def per_estate(self, count: str) -> float:
        """Return one of the counts for each estate, e.g. committees over estates."""
        return float(getattr(self, count)) / STUDY_ESTATES
