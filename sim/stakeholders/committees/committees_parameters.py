"""Parameters of M7."""

from __future__ import annotations

from sim.parameters.parameter import Section, parameter, switch

__all__ = ["CommitteesSection"]

_NONE = "no data known"
_STATIONARY = "chosen so that the number of committees stays about level at the other defaults"
_LAW = "Civil Code of China, article 278 (docs/evidence.md, 55)"


class CommitteesSection(Section):
    """Parameters of M7: who comes, what a meeting can decide, and how a committee keeps or loses its way."""

    enabled: bool = switch(
        "committees meet, are founded and lapse (off: those that exist stay as they are, and never meet)"
    )
    hours: float = parameter(
        2.5,
        unit="hours per week",
        low=0.0,
        high=200.0,
        sweep=(1.0, 5.0),
        status="assumed",
        source="prototype",
        doc="hours that a working committee has for cases",
    )
    term: int = parameter(
        260,
        unit="weeks",
        low=52,
        high=1040,
        sweep=(156, 260),
        status="assumed",
        source="terms of owners' committees were looked for and not found",
        doc="time for which a committee is elected",
    )
    out_of_office: float = parameter(
        0.09,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.3),
        status="assumed",
        source=f"the study calls committees' operation irregular; {_STATIONARY}",
        doc="committees that at first have failed an election and do not work",
    )
    attempts: int = parameter(
        2,
        unit="meetings",
        low=1,
        high=20,
        sweep=(1, 4),
        status="assumed",
        source=_NONE,
        doc="failed elections in a row after which a committee lapses; meanwhile it does not work",
    )
    quorum: float = parameter(
        2 / 3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.5, 2 / 3),
        status="literature",
        source="Civil Code of China, article 278: two thirds by area and by number take part (docs/evidence.md, 55)",
        doc="owners who must take part, by count and by area",
    )
    majority: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.5, 0.75),
        status="literature",
        source="Civil Code of China, article 278: more than half of those who take part, three quarters for "
        "some matters (docs/evidence.md, 55)",
        doc="participants of whom more than this share must agree to an ordinary decision",
    )
    area_log_sd: float = parameter(
        0.4,
        unit="log",
        low=0.0,
        high=2.0,
        sweep=(0.2, 0.6),
        status="assumed",
        source=_NONE,
        doc="spread of the area of flats within an estate (lognormal)",
    )
    turnout: float = parameter(
        0.9,
        unit="logit",
        low=-10.0,
        high=10.0,
        sweep=(0.4, 1.4),
        status="assumed",
        source="near the quorum, with ballots collected at the door; else no committee would exist",
        doc="attendance where grievance, trust and proxies are at their references",
    )
    turnout_grievance: float = parameter(
        1.0,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.0, 2.0),
        status="assumed",
        source=_NONE,
        doc="how attendance rises from an estate without conflicts to one with very many",
    )
    grievance_reference: float = parameter(
        0.00015,
        unit="conflicts per adult and week",
        low=1e-6,
        high=1.0,
        sweep=(0.00005, 0.0005),
        status="assumed",
        source="the median estate of the default scenario, rounded",
        doc="conflicts at which grievance neither adds to attendance nor takes from it",
    )
    turnout_trust: float = parameter(
        1.0,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.0, 2.0),
        status="assumed",
        source=_NONE,
        doc="how attendance rises from no trust in the committee to full trust",
    )
    crowding_out: float = parameter(
        0.5,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.0, 2.0),
        status="assumed",
        source="direction: Yau 2018, 2,035 owners in Hong Kong and Macau take part less where they believe the "
        "manager able (abstract; docs/evidence.md, 57); size unknown",
        doc="how attendance and the log rate of founding fall from no trust in a capable proxy to full trust",
    )
    crowding: bool = switch("a trusted proxy keeps owners from acting for themselves")
    mobilisation: bool = switch("a trusted branch moves owners to act for themselves")
    mobilising: float = parameter(
        0.5,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.0, 2.0),
        status="assumed",
        source="that of crowding_out, so that neither direction is favoured; the study has members call on residents "
        "to take part, and gives no size",
        doc="how attendance and the log rate of founding rise from no trust in a branch that is there to full trust",
    )
    turnout_estates: float = parameter(
        0.8,
        unit="logit",
        low=0.0,
        high=5.0,
        sweep=(0.4, 1.2),
        status="assumed",
        source=_NONE,
        doc="standard deviation of attendance between estates that are otherwise alike, lasting",
    )
    turnout_meetings: float = parameter(
        0.3,
        unit="logit",
        low=0.0,
        high=5.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source=_NONE,
        doc="standard deviation of attendance between meetings of one estate",
    )
    founding: float = parameter(
        0.00207,
        unit="attempts per week and 500 owners",
        low=0.0,
        high=1.0,
        sweep=(0.001, 0.004),
        status="assumed",
        source="docs/model.md, section 6: fitted to the number of working committees",
        doc="rate at which initiators come forward where there is no committee",
    )
    motion: float = parameter(
        0.4,
        unit="probability per meeting",
        low=0.0,
        high=1.0,
        sweep=(0.1, 0.8),
        status="assumed",
        source=_NONE,
        doc="that a wholly dissatisfied estate with an honest committee puts the firm to the vote",
    )
    vote_midpoint: float = parameter(
        0.55,
        unit="dissatisfaction",
        low=0.0,
        high=1.0,
        sweep=(0.5, 0.7),
        status="assumed",
        source=_NONE,
        doc="dissatisfaction of the estate at which half of its owners vote against the firm",
    )
    vote_slope: float = parameter(
        8.0,
        unit="logit per unit of satisfaction",
        low=0.0,
        high=100.0,
        sweep=(4.0, 16.0),
        status="assumed",
        source=_NONE,
        doc="how sharply votes follow dissatisfaction",
    )
    vote_meetings: float = parameter(
        0.8,
        unit="logit",
        low=0.0,
        high=5.0,
        sweep=(0.0, 1.6),
        status="assumed",
        source=_NONE,
        doc="standard deviation between meetings of the opinion that owners share about the firm",
    )
    integrity_new: float = parameter(
        0.9,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.7, 1.0),
        status="assumed",
        source=_NONE,
        doc="integrity of members who have just been elected",
    )
    recovery: float = parameter(
        0.01,
        unit="share per week",
        low=1e-6,
        high=1.0,
        sweep=(0.005, 0.02),
        status="assumed",
        source=_NONE,
        doc="share of lost integrity that comes back in a week",
    )
    capture: float = parameter(
        0.015,
        unit="share per week",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.03),
        status="assumed",
        source=_NONE,
        doc="share of integrity that the firm's favours take in a week where nobody looks",
    )
    renewal: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.2, 1.0),
        status="assumed",
        source=_NONE,
        doc="members who are new after an election",
    )
    skill_new: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.3, 0.7),
        status="assumed",
        source="average skill of all desks",
        doc="skill of members who have just been elected",
    )
    skill_gain: float = parameter(
        0.05,
        unit="share per case",
        low=0.0,
        high=1.0,
        sweep=(0.02, 0.1),
        status="assumed",
        source=_NONE,
        doc="share of what is not yet known that handling a case teaches",
    )
    skill_decay: float = parameter(
        0.005,
        unit="share per week",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.02),
        status="assumed",
        source=_NONE,
        doc="share of skill lost in a week without a case",
    )
    campaign_weeks: int = parameter(
        8,
        unit="weeks",
        low=0,
        high=52,
        sweep=(4, 16),
        status="assumed",
        source=_NONE,
        doc="weeks for which an election, or an attempt to found a committee, is quarrelled about",
    )
    campaign_lift: float = parameter(
        3.0,
        unit="factor",
        low=0.0,
        high=100.0,
        sweep=(1.0, 6.0),
        status="assumed",
        source=_NONE,
        doc="how many times as many committee incidents these weeks add",
    )
    integrity_effect: float = parameter(
        2.0,
        unit="factor",
        low=0.0,
        high=100.0,
        sweep=(0.0, 4.0),
        status="assumed",
        source=_NONE,
        doc="how many times as many committee incidents a wholly captured committee adds",
    )
    absent_share: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source=_NONE,
        doc="committee incidents where there is no committee (whether to have one, who speaks for owners), "
        "relative to an estate that has one",
    )
    usual_share: float = parameter(
        0.381,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.381, 0.381),
        status="study",
        source="394 committees in 1,034 estates",
        doc="share of estates with a committee at which committee incidents have mean 1",
    )
