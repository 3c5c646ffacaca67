"""Parameters of the queue that every handler uses, and of what makes handling succeed (M4)."""

from __future__ import annotations

from typing import Final

from sim.parameters.parameter import Section, parameter, switch

__all__ = ["DesksSection"]

_TARGETS: Final = "docs/model.md, section 6: fitted to the median reply"


class DesksSection(Section):
    """Parameters of M4."""

    enabled: bool = switch("desks work (off: cases wait until patience ends)")
    hours_community: float = parameter(
        120.0,
        unit="hours per week",
        low=0.0,
        high=2000.0,
        sweep=(20.0, 240.0),
        status="data",
        source="412,000 full-time mediators = 11.7 hours a week per 1,000 inhabitants, for all kinds of "
        "dispute; with street and district 9.6 (docs/evidence.md, 40)",
        doc="hours of a community's desk at average strength",
    )
    hours_street: float = parameter(
        200.0,
        unit="hours per week",
        low=0.0,
        high=5000.0,
        sweep=(40.0, 400.0),
        status="assumed",
        source="share of 9.6 hours a week per 1,000 residents for all authorities; the split is assumed "
        "(docs/evidence.md, 40)",
        doc="hours of a street's desk",
    )
    hours_district: float = parameter(
        400.0,
        unit="hours per week",
        low=0.0,
        high=10000.0,
        sweep=(80.0, 800.0),
        status="assumed",
        source="share of 9.6 hours a week per 1,000 residents for all authorities; the split is assumed "
        "(docs/evidence.md, 40)",
        doc="hours of the district's desk",
    )
    work_small: float = parameter(
        3.0,
        unit="hours",
        low=0.01,
        high=200.0,
        sweep=(1.0, 8.0),
        status="assumed",
        source="one session of about 75 minutes in 73 American cases; services visit each side and hold a joint "
        "meeting (docs/evidence.md, 30, 38)",
        doc="work of a case between neighbours (parking, noise, charging), mean",
    )
    work_large: float = parameter(
        6.0,
        unit="hours",
        low=0.01,
        high=200.0,
        sweep=(2.0, 16.0),
        status="assumed",
        source="nothing found; full-time mediators have some 50 hours a case at most (docs/evidence.md, 40)",
        doc="work of a case with a firm or committee (service, facility, fees, committee), mean",
    )
    work_log_sd: float = parameter(
        0.8,
        unit="log",
        low=0.0,
        high=2.0,
        sweep=(0.4, 1.2),
        status="assumed",
        source="prototype",
        doc="spread of the work of a case (lognormal)",
    )
    meeting: float = parameter(
        0.156,
        unit="probability per week",
        low=0.001,
        high=1.0,
        sweep=(0.08, 0.3),
        status="assumed",
        source=_TARGETS,
        doc="pi, probability that a party whom a case needs is met in a week",
    )
    handoffs_simple: int = parameter(
        1,
        unit="parties",
        low=0,
        high=5,
        sweep=(1, 3),
        status="assumed",
        source="prototype",
        doc="parties to be met for service, parking, noise and fees",
    )
    handoffs_complex: int = parameter(
        2,
        unit="parties",
        low=0,
        high=5,
        sweep=(1, 3),
        status="assumed",
        source="prototype",
        doc="parties to be met for facility, charging and committee",
    )
    handoff_loss: float = parameter(
        0.0,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.1),
        status="assumed",
        source="no data known",
        doc="l, that a case gets lost (counted as given up) between two parties",
    )
    patience: float = parameter(
        0.12,
        unit="rate per week",
        low=0.0,
        high=5.0,
        sweep=(0.02, 0.4),
        status="assumed",
        source="0.14 to 0.36 of those who ask reach the table, more if sent by a judge; held back from the fit "
        "(docs/evidence.md, 24 to 27)",
        doc="rate at which an open case is given up or sent up",
    )
    send_up_first: float = parameter(
        0.7,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.3, 0.9),
        status="assumed",
        source="prototype",
        doc="that impatience sends a case from firm, committee or branch to the community's desk",
    )
    send_up_second: float = parameter(
        0.4,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.1, 0.7),
        status="assumed",
        source="prototype",
        doc="that impatience sends a case from the community's to the street's desk",
    )
    send_up_third: float = parameter(
        0.3,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="prototype",
        doc="that impatience sends a case from the street's to the district's desk",
    )
    resubmission: float = parameter(
        0.4,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="prototype; weakly identified together with patience",
        doc="that a case handled in vain is tried again",
    )
    return_delay: float = parameter(
        4.0,
        unit="weeks",
        low=1.0,
        high=52.0,
        sweep=(1.0, 12.0),
        status="assumed",
        source="no data known",
        doc="mean weeks until a case handled in vain is tried again",
    )
    agreement_holds: float = parameter(
        0.70,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.5, 0.9),
        status="assumed",
        source="money claims met in full or part: 0.79 after mediation, 0.56 after judgment (Michigan 2004, n = "
        "600); most agreements of persons hold at six months (docs/evidence.md, 24, 37)",
        doc="that a consensual agreement keeps",
    )
    break_delay: float = parameter(
        8.0,
        unit="weeks",
        low=1.0,
        high=104.0,
        sweep=(2.0, 26.0),
        status="assumed",
        source="follow-ups ask after four to eight months; when agreements break is not told (docs/evidence.md, "
        "24, 38)",
        doc="mean weeks until an agreement that does not keep breaks",
    )
    settle_constant: float = parameter(
        0.6,
        unit="logit",
        low=-10.0,
        high=10.0,
        sweep=(-0.4, 1.6),
        status="assumed",
        source="prototype",
        doc="settlement: constant",
    )
    settle_legitimacy: float = parameter(
        1.5,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.0, 3.0),
        status="assumed",
        source="prototype",
        doc="settlement: weight of the resident's trust in the handler",
    )
    settle_knowledge: float = parameter(
        1.2,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.0, 2.4),
        status="assumed",
        source="prototype",
        doc="settlement: weight of the handler's local knowledge",
    )
    settle_authority: float = parameter(
        0.6,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.0, 1.2),
        status="assumed",
        source="prototype",
        doc="settlement: weight of what the handler can make a firm or committee lose (zero without M10 and M14)",
    )
    settle_severity: float = parameter(
        0.5,
        unit="logit per log grievance",
        low=0.0,
        high=10.0,
        sweep=(0.0, 1.5),
        status="assumed",
        source="prototype",
        doc="settlement: weight of how far the grievance exceeds the threshold",
    )
    settle_interest: float = parameter(
        1.0,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.0, 2.0),
        status="assumed",
        source="no data known",
        doc="settlement: weight of the handler's conflict of interest",
    )
    bundling: bool = switch("cases of one incident at one desk are handled as one matter")
    bundle_hours: float = parameter(
        1.0,
        unit="hours",
        low=0.0,
        high=50.0,
        sweep=(0.25, 3.0),
        status="assumed",
        source="nothing found; a visit. Nanshan's mediations of 2018 had 2.8 parties each (docs/evidence.md, 33)",
        doc="work that a further party adds to a matter, and that telling somebody of a settlement takes",
    )
    settle_numbers: float = parameter(
        0.0,
        unit="logit per log party",
        low=0.0,
        high=5.0,
        sweep=(0.0, 0.5),
        status="assumed",
        source="no data known",
        doc="settlement: weight of the number of parties who bring the same matter",
    )
    living_first: bool = switch("after what is dangerous, matters whose cause goes on are handled first")
    bank_weeks: float = parameter(
        2.0,
        unit="weeks",
        low=0.0,
        high=52.0,
        sweep=(0.0, 8.0),
        status="assumed",
        source="no data known",
        doc="weeks of a desk's hours that may be kept when they are not used (0: unused hours are gone)",
    )
    knowledge_firm: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.8),
        status="assumed",
        source="no data known",
        doc="local knowledge of a firm's office at first",
    )
    knowledge_committee: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.8),
        status="assumed",
        source="no data known",
        doc="local knowledge of a committee at first",
    )
    knowledge_authority: float = parameter(
        0.25,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.8),
        status="assumed",
        source="that of a dispatched branch, whose people come from the same desk",
        doc="local knowledge of community, street and district at first",
    )
    knowledge_gain: float = parameter(
        0.02,
        unit="share per case and estate",
        low=0.0,
        high=1.0,
        sweep=(0.005, 0.05),
        status="assumed",
        source="no data known",
        doc="what handling a case teaches, of what is not yet known",
    )
    knowledge_leak: float = parameter(
        0.004,
        unit="share per week",
        low=0.0,
        high=1.0,
        sweep=(0.001, 0.01),
        status="assumed",
        source="turnover of residents and staff",
        doc="knowledge that people who leave take away",
    )
    skill_effect: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="no data known",
        doc="how much faster a desk of skill 1 works than one of skill 0, around skill 1/2",
    )
