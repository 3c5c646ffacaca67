"""Parameters of M11."""

from __future__ import annotations

from sim.parameters.parameter import Section, parameter, switch

__all__ = ["DeliberationSection"]


class DeliberationSection(Section):
    """Parameters of M11: the platform, seats in one another's bodies, captains and social organisations."""

    enabled: bool = switch("branch, committee and firm deliberate together, as a policy", default=False)
    platform: bool = switch("a platform hears cases where at least two of the three bodies stand")
    captains: bool = switch("buildings have captains")
    social_organisations: bool = switch("communities buy mediators' and professionals' hours for the platform")
    interval: int = parameter(
        4,
        unit="weeks",
        low=1,
        high=52,
        sweep=(1, 13),
        status="assumed",
        source="no data known",
        doc="m, weeks between two sessions of a platform",
    )
    agenda: int = parameter(
        5,
        unit="cases",
        low=1,
        high=200,
        sweep=(2, 20),
        status="assumed",
        source="no data known",
        doc="n, most cases on the agenda of a session",
    )
    attendance: float = parameter(
        0.8,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.4, 1.0),
        status="assumed",
        source="no data known",
        doc="that a body attends a session, without captains who call on it",
    )
    quorum: int = parameter(
        2,
        unit="bodies",
        low=1,
        high=3,
        sweep=(1, 3),
        status="assumed",
        source="deliberation takes at least two sides",
        doc="bodies that must attend for a session to be held",
    )
    body_hours: float = parameter(
        4.0,
        unit="hours per session",
        low=0.0,
        high=100.0,
        sweep=(1.0, 10.0),
        status="assumed",
        source="no data known",
        doc="most hours that a body that attends brings, taken from its own desk",
    )
    resident_hours: float = parameter(
        4.0,
        unit="hours per session",
        low=0.0,
        high=100.0,
        sweep=(0.0, 12.0),
        status="assumed",
        source="no data known",
        doc="most hours that residents who take part bring, all together",
    )
    overlap: int = parameter(
        3,
        unit="pairs of bodies",
        low=0,
        high=3,
        sweep=(0, 3),
        status="study",
        source="the study: branch, committee and firm hold seats in one another, which is three pairs",
        doc="x, pairs of bodies that hold seats in one another",
    )
    seats_bring: str = parameter(
        "bodies",
        unit="name",
        status="assumed",
        choices=("bodies", "everyone"),
        source="a seat in another body brings that body; nobody has a seat for a neighbour, or at an authority's desk",
        doc="who is met sooner where bodies hold seats in one another: the three bodies, at their own tables; or every "
        "party, a neighbour too, at every desk that serves the estate",
    )
    independence_loss: float = parameter(
        0.15,
        unit="share per pair",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.4),
        status="assumed",
        source="no data known; among the most influential",
        doc="w, share of shirking and capture that is no longer seen, or said, for each pair with seats in one another",
    )
    seat_hours: float = parameter(
        0.25,
        unit="hours per week",
        low=0.0,
        high=20.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="no data known",
        doc="what each of the two bodies of a pair gives to sitting in the other, taken from its own desk",
    )
    sharing: float = parameter(
        0.03,
        unit="share per week and pair",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.1),
        status="assumed",
        source="no data known",
        doc="share of what the best-informed body knows more that the others learn from it",
    )
    captain_share: float = parameter(
        0.5,
        unit="captains per building",
        low=0.0,
        high=5.0,
        sweep=(0.1, 1.0),
        status="assumed",
        source="no data known",
        doc="building captains who can be found",
    )
    captain_hours: float = parameter(
        0.5,
        unit="hours per week",
        low=0.0,
        high=40.0,
        sweep=(0.1, 2.0),
        status="assumed",
        source="no data known",
        doc="hours of a captain who is not tired",
    )
    captain_calling: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="no data known",
        doc="share of captains' hours that goes to calling people, in the week of an owners' meeting or a session",
    )
    captain_turnout: float = parameter(
        0.1,
        unit="logit per captain and 100 owners",
        low=0.0,
        high=5.0,
        sweep=(0.0, 0.3),
        status="literature",
        source="a personal call adds 7.1 to 8.7 points of turnout (Green, Gerber and Nickerson, elections of "
        "2001), 0.3 in logit near one half; three captains for 100 owners call on all (docs/evidence.md, "
        "59)",
        doc="what captains who call on people add to attendance at owners' meetings and sessions",
    )
    captain_most: float = parameter(
        3.0,
        unit="captains per 100 owners",
        low=0.0,
        high=100.0,
        sweep=(1.0, 5.0),
        status="assumed",
        source="nobody is called on twice",
        doc="captains beyond which attendance rises no more",
    )
    captain_fatigue: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="that of branch members",
        doc="share of captains who have given up under constant full load in the end",
    )
    captain_fatigue_pace: float = parameter(
        0.05,
        unit="share per week",
        low=0.0,
        high=1.0,
        sweep=(0.01, 0.2),
        status="assumed",
        source="that of branch members",
        doc="how fast captains' fatigue follows load",
    )
    mediator_hours: float = parameter(
        6.0,
        unit="hours per week",
        low=0.0,
        high=500.0,
        sweep=(0.0, 20.0),
        status="assumed",
        source="no data known",
        doc="mediators' hours that a community buys from its social organisation",
    )
    professional_hours: float = parameter(
        2.0,
        unit="hours per week",
        low=0.0,
        high=500.0,
        sweep=(0.0, 10.0),
        status="assumed",
        source="no data known",
        doc="lawyers', engineers' and accountants' hours that it buys",
    )
    mediator_yuan: float = parameter(
        80.0,
        unit="yuan per hour",
        low=0.0,
        high=10000.0,
        sweep=(40.0, 160.0),
        status="assumed",
        source="no data known",
        doc="price of a mediator's hour, paid whether it is used or not",
    )
    professional_yuan: float = parameter(
        200.0,
        unit="yuan per hour",
        low=0.0,
        high=10000.0,
        sweep=(100.0, 500.0),
        status="assumed",
        source="no data known",
        doc="price of a professional's hour, paid whether it is used or not",
    )
    social_skill_low: float = parameter(
        0.4,
        unit="skill",
        low=0.0,
        high=1.0,
        sweep=(0.2, 0.6),
        status="assumed",
        source="no data known",
        doc="skill of the least able social organisation",
    )
    social_skill_high: float = parameter(
        0.8,
        unit="skill",
        low=0.0,
        high=1.0,
        sweep=(0.6, 1.0),
        status="assumed",
        source="no data known",
        doc="skill of the ablest social organisation",
    )
    professional_edge: float = parameter(
        0.4,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.8),
        status="assumed",
        source="direction: the study calls professionals in; size unknown",
        doc="of what mediators of a social organisation lack in skill, the part that its professionals do not",
    )
    social_knowledge: float = parameter(
        0.25,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.8),
        status="assumed",
        source="that of an authority: it serves a community, not an estate",
        doc="local knowledge of social organisations",
    )
