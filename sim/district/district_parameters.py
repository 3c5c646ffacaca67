"""The scenario's section `district`: which ground a model stands on when none is handed to it."""

from __future__ import annotations

from sim.parameters.parameter import Section, parameter

__all__ = ["DistrictSection"]


class DistrictSection(Section):
    """Size and seed of the synthetic district, how much of slow attitudes is kept, who is a member."""

    estates: int = parameter(
        1034,
        unit="estates",
        low=1,
        high=20_000,
        sweep=(200, 2000),
        status="study",
        source="housing estates of Nanshan District, field study of 2021",
        doc="Estates of the synthetic district; communities, streets, firms, committees in proportion.",
    )
    sample: float = parameter(
        1.0,
        unit="share of adults",
        low=0.001,
        high=1,
        sweep=(0.02, 1),
        status="design",
        source="a choice of memory against sampling error of attitudes",
        doc="Share of adults whose slow attitudes are kept one by one; everyone acts at every value.",
    )
    seed: int = parameter(
        1,
        unit="seed",
        low=0,
        high=2**63 - 1,
        sweep=(0, 2**31),
        status="design",
        source="any number",
        doc="Seed of the synthetic ground, apart from the seed of a run.",
    )
    members_rate: float = parameter(
        0.005,
        unit="members per household",
        low=0,
        high=1,
        sweep=(0.0005, 0.02),
        status="assumed",
        source="members of community branches per household: Nankeng, Longgang, about 2012, 0.0040; Beizhan, "
        "Longhua, 2011, 0.0004 (docs/evidence.md, 5, 6)",
        doc="Mean formal members registered in an estate for each household; decides where the rule of three "
        "allows an own branch.",
    )
    in_service_rate: float = parameter(
        0.15,
        unit="members per household",
        low=0,
        high=3,
        sweep=(0.01, 0.25),
        status="data",
        source="95.1 million members of 1.41 billion people in June 2021: 67 per 1,000 and 2.24 residents a household; "
        "0.012 known in a community of Longgang, 0.23 in Beijing, see docs/evidence.md",
        doc="Mean party members who live in an estate and are registered elsewhere, for each household; they decide "
        "nothing about founding a branch.",
    )
