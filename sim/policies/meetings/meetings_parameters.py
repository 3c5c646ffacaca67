"""Parameters of the help with owners' meetings."""

from __future__ import annotations

from sim.parameters.parameter import Section, parameter, switch

__all__ = ["MeetingsSection"]

_NONE = "no data known"


class MeetingsSection(Section):
    """Parameters of the help with owners' meetings: hours, who gives them, and what they bring about at most."""

    enabled: bool = switch(
        "owners are helped to hold valid meetings and to found committees, as a policy", default=False
    )
    branch: bool = switch("branches help, in the estates that they serve")
    community: bool = switch("the community's desk helps with what branches cannot")
    notice: int = parameter(
        4,
        unit="weeks",
        low=1,
        high=52,
        sweep=(1, 13),
        status="assumed",
        source="no data known; some weeks for notice and ballots",
        doc="weeks before an annual meeting from which on help is asked for; as slowly does it wear off",
    )
    hours: float = parameter(
        1.0,
        unit="hours per week and 100 owners",
        low=0.0,
        high=100.0,
        sweep=(0.25, 4.0),
        status="assumed",
        source=_NONE,
        doc="help that an annual meeting asks for in each of these weeks",
    )
    founding_hours: float = parameter(
        0.1,
        unit="hours per week and 100 owners",
        low=0.0,
        high=100.0,
        sweep=(0.0, 0.5),
        status="assumed",
        source=_NONE,
        doc="help that owners without a committee ask for, in every week",
    )
    hours_branch: float = parameter(
        6.0,
        unit="hours per week",
        low=0.0,
        high=200.0,
        sweep=(1.0, 20.0),
        status="assumed",
        source=_NONE,
        doc="most hours that a branch is asked for",
    )
    hours_community: float = parameter(
        2.0,
        unit="hours per week",
        low=0.0,
        high=2000.0,
        sweep=(0.0, 8.0),
        status="assumed",
        source="that of its inspections",
        doc="most hours that a community's desk is asked for",
    )
    turnout: float = parameter(
        0.15,
        unit="logit per hour and 100 owners",
        low=0.0,
        high=10.0,
        sweep=(0.0, 0.4),
        status="assumed",
        source="direction: personal contact raises turnout; an hour at the doors of 100 owners is put at three ballots",
        doc="what the first hours of help add to attendance",
    )
    turnout_most: float = parameter(
        1.0,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.3, 2.0),
        status="assumed",
        source="whoever has been called on three times does not come for a fourth; size unknown",
        doc="what any number of hours can add to attendance at most",
    )
    founding: float = parameter(
        1.0,
        unit="log per hour and 100 owners",
        low=0.0,
        high=50.0,
        sweep=(0.0, 3.0),
        status="assumed",
        source=_NONE,
        doc="what the first hours of help add to the log rate at which initiators come forward",
    )
    founding_most: float = parameter(
        1.0,
        unit="log",
        low=0.0,
        high=5.0,
        sweep=(0.3, 2.0),
        status="assumed",
        source=_NONE,
        doc="what any number of hours can add to this log rate at most",
    )
