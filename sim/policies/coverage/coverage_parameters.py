"""Parameters of coverage: which estates get a branch, and how groups are found."""

from __future__ import annotations

from sim.parameters.parameter import Section, parameter, switch

__all__ = ["CoverageSection"]


class CoverageSection(Section):
    """Parameters of the coverage strategy."""

    enabled: bool = switch("the coverage strategy is carried out (off: nothing is, whatever it says)")
    strategy: str = parameter(
        "none",
        unit="name",
        status="design",
        source="chosen by the user",
        doc="coverage strategy or control, e.g. full, hours_matched:full; see docs/strategy.md",
    )
    second: str = parameter(
        "joint",
        unit="name",
        status="study",
        source="the study names both and orders neither before the other",
        choices=("joint", "dispatched"),
        doc="what serves estates with too few members of their own",
    )
    members_needed: int = parameter(
        3,
        unit="members",
        low=1,
        high=100,
        sweep=(2, 5),
        status="study",
        source="the study: at least 3",
        doc="formal members that a branch needs",
    )
    share: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.1, 0.9),
        status="design",
        source="chosen by the user",
        doc="estates that random, hotspot, largest and weakest cover",
    )
    hours: float = parameter(
        1200.0,
        unit="hours per week",
        low=0.0,
        high=1e6,
        sweep=(300.0, 3000.0),
        status="design",
        source="chosen by the user; about half of what full coverage takes in the default district",
        doc="cadre hours that the strategy budget may spend",
    )
    start_week: int | None = parameter(
        None,
        unit="week",
        low=0,
        high=4000,
        status="design",
        source="chosen by the user",
        doc="week in which the policy starts; the end of warm-up where not given",
    )
    waves: int = parameter(
        4,
        unit="waves",
        low=1,
        high=100,
        status="design",
        source="chosen by the user",
        doc="steps of the strategy phased",
    )
    wave_weeks: int = parameter(
        13,
        unit="weeks",
        low=1,
        high=520,
        status="design",
        source="chosen by the user",
        doc="weeks between two steps of the strategy phased",
    )
    radius: float = parameter(
        1.5,
        unit="km",
        low=0.01,
        high=100.0,
        sweep=(0.5, 3.0),
        status="assumed",
        source="no data known",
        doc="farthest estate of a joint branch from its home",
    )
    group_limit: int = parameter(
        5,
        unit="estates",
        low=2,
        high=8,
        sweep=(3, 6),
        status="assumed",
        source="no data known",
        doc="largest joint branch",
    )
    nearest: int = parameter(
        6,
        unit="estates",
        low=1,
        high=12,
        status="design",
        source="keeps the integer programme small",
        doc="nearest neighbours with whom an estate may be grouped",
    )
    node_limit: int = parameter(
        10,
        unit="nodes",
        low=1,
        high=100000,
        status="design",
        source="stops the search, never the clock",
        doc="most nodes of the integer programme's search tree for each part of a street",
    )
