"""Parameters of M15: the event, what it demands, and the policy of switching."""

from __future__ import annotations

from sim.parameters.parameter import Section, parameter, switch

__all__ = ["EmergencySection"]

_UNKNOWN = "no data known"


class EmergencySection(Section):
    """Parameters of M15."""

    enabled: bool = switch("an emergency happens (the event; switching is a policy apart)", default=False)
    event: str = parameter(
        "epidemic",
        unit="name",
        status="design",
        source="chosen by the user",
        choices=("epidemic", "pulse"),
        doc="what happens: an infection that spreads over the estates, or a demand of given size and length",
    )
    start_week: int = parameter(
        78,
        unit="week",
        low=0,
        high=4000,
        status="design",
        source="half a year after the warm-up by default",
        doc="week in which it begins",
    )
    reproduction: float = parameter(
        2.0,
        unit="persons",
        low=0.0,
        high=20.0,
        sweep=(1.2, 4.0),
        status="assumed",
        source="a scenario, no disease",
        doc="R, whom one infected person infects where nobody is immune and nothing is done",
    )
    infectious_weeks: float = parameter(
        1.0,
        unit="weeks",
        low=0.15,
        high=26.0,
        sweep=(0.5, 3.0),
        status="assumed",
        source="a scenario, no disease",
        doc="how long a person is infectious, mean",
    )
    seeds: int = parameter(
        10,
        unit="persons",
        low=0,
        high=1_000_000,
        sweep=(1, 100),
        status="assumed",
        source="a scenario, no disease",
        doc="persons infected at the beginning",
    )
    away: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.1, 0.6),
        status="assumed",
        source=_UNKNOWN,
        doc="contacts outside the own estate",
    )
    far: float = parameter(
        0.2,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.5),
        status="assumed",
        source=_UNKNOWN,
        doc="of these, contacts anywhere in the district; the others are inside the own community",
    )
    steps: int = parameter(
        7,
        unit="steps per week",
        low=1,
        high=70,
        sweep=(7, 14),
        status="design",
        source="a step is a day",
        doc="steps in which the infection spreads; its final size does not depend on them",
    )
    hours_testing: float = parameter(
        0.01,
        unit="hours per adult and week",
        low=0.0,
        high=10.0,
        sweep=(0.002, 0.05),
        status="assumed",
        source=_UNKNOWN,
        doc="work of testing in an estate that has infected residents",
    )
    hours_tracing: float = parameter(
        1.0,
        unit="hours per person newly infected",
        low=0.0,
        high=100.0,
        sweep=(0.2, 4.0),
        status="assumed",
        source=_UNKNOWN,
        doc="work of finding a person's contacts",
    )
    hours_supply: float = parameter(
        0.5,
        unit="hours per infected person and week",
        low=0.0,
        high=100.0,
        sweep=(0.1, 3.0),
        status="assumed",
        source=_UNKNOWN,
        doc="work of supplying those who stay at home",
    )
    trace_most: float = parameter(
        0.6,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.8),
        status="assumed",
        source=_UNKNOWN,
        doc="transmission that tracing stops in an estate whose whole demand is served",
    )
    pulse_hours: float = parameter(
        20.0,
        unit="hours per week for 500 households",
        low=0.0,
        high=10_000.0,
        sweep=(5.0, 80.0),
        status="assumed",
        source="a scenario",
        doc="demand of a pulse",
    )
    pulse_weeks: int = parameter(
        8, unit="weeks", low=0, high=520, sweep=(2, 26), status="assumed", source="a scenario", doc="length of a pulse"
    )
    own_share: float = parameter(
        0.05,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.2),
        status="assumed",
        source=_UNKNOWN,
        doc="hours that communities and the district give to an emergency without any switching, as far as needed",
    )
    distrust: bool = switch("residents learn what authorities are worth from needs that are met or not")
    switching: bool = switch("POLICY: communities switch from routine to emergency and back", default=False)
    level: str = parameter(
        "community",
        unit="name",
        status="assumed",
        source="the study: the district's rule, carried out below",
        choices=("community", "district"),
        doc="who switches: each community for itself, or all at once",
    )
    on_above: float = parameter(
        0.5,
        unit="demand over hours of the community's desk",
        low=0.0,
        high=1000.0,
        sweep=(0.2, 2.0),
        status="assumed",
        source=_UNKNOWN,
        doc="demand above which the mode is switched on",
    )
    off_below: float = parameter(
        0.4,
        unit="share of on_above",
        low=0.0,
        high=1.0,
        sweep=(0.1, 0.9),
        status="assumed",
        source=_UNKNOWN,
        doc="demand below which it is switched off again; at 1 there is no hysteresis",
    )
    moved: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.2, 0.8),
        status="assumed",
        source=_UNKNOWN,
        doc="routine hours of branches, community desks and volunteers that go to the emergency in the mode",
    )
    calls: float = parameter(
        6.0,
        unit="persons per hour",
        low=0.01,
        high=1000.0,
        sweep=(2.0, 60.0),
        status="assumed",
        source=_UNKNOWN,
        doc="volunteers whom an hour of calling reaches, alike for whoever calls",
    )
    surge: float = parameter(
        0.01,
        unit="share of adults",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.05),
        status="assumed",
        source="Beijing 2020: near 150,000 members went down to communities, 0.007 of residents, without other "
        "volunteers (docs/evidence.md, 3)",
        doc="residents who come as volunteers once they have been called",
    )
    volunteer_hours: float = parameter(
        3.0,
        unit="hours per week",
        low=0.0,
        high=60.0,
        sweep=(1.0, 10.0),
        status="assumed",
        source=_UNKNOWN,
        doc="what such a volunteer gives at most, as far as needed",
    )
    fatigue_most: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.9),
        status="assumed",
        source=_UNKNOWN,
        doc="share of the volunteers' hours that constant full load costs in the end",
    )
    fatigue_pace: float = parameter(
        0.08,
        unit="share per week",
        low=0.0,
        high=1.0,
        sweep=(0.02, 0.2),
        status="assumed",
        source=_UNKNOWN,
        doc="how fast fatigue follows load, and leaves again",
    )
