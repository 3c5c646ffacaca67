"""Parameters of M10."""

from __future__ import annotations

from sim.parameters.parameter import Section, parameter, switch

__all__ = ["EmpowermentSection"]

_NONE = "no data known"
_PROJECTS = "Shenzhen 2015-2022: about 80,000 micro-projects for about 8 billion yuan (press, 2023)"


class EmpowermentSection(Section):
    """Parameters of M10: three rights, the hours and yuan that they take, and their side effects."""

    enabled: bool = switch("branches hold rights over firms, committees, money and honours", default=False)
    evaluation: bool = switch("the right to evaluate and help select firms and committees")
    micro_projects: bool = switch("the right to lead livelihood micro-projects")
    awards: bool = switch("the right to recommend for awards")
    training: bool = switch("secretaries are trained for their rights")
    accountability: bool = switch("a branch that leaves cases unserved loses its rights for a time")

    # Evaluate and select
    weight: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source=_NONE,
        doc="chi, weight of the branch's judgement relative to the owners', and chance that its verdict is carried out",
    )
    visible_share: float = parameter(
        0.6,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.9),
        status="assumed",
        source="direction: spending of Chinese cities above ground follows officials' terms, below ground it "
        "does not (abstract; docs/evidence.md, 66); size unknown",
        doc="phi_b, share of what the branch judges a firm by that lies in visible effort",
    )
    evaluation_hours: float = parameter(
        0.1,
        unit="hours per week and estate",
        low=0.0,
        high=40.0,
        sweep=(0.05, 1.0),
        status="assumed",
        source=_NONE,
        doc="what evaluating one firm well takes",
    )
    noise: float = parameter(
        0.08,
        unit="effort",
        low=0.0,
        high=5.0,
        sweep=(0.0, 0.3),
        status="assumed",
        source=_NONE,
        doc="error (standard deviation) of a yearly score for which all hours were granted; it grows as hours fall",
    )
    limit: float = parameter(
        0.8,
        unit="share",
        low=0.0,
        high=10.0,
        sweep=(0.5, 1.2),
        status="assumed",
        source=_NONE,
        doc="score below which a firm fails, relative to that of a firm that knows nothing of any branch",
    )
    veto: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source=_NONE,
        doc="how far the branch's say about candidates moves a newly elected committee towards full integrity",
    )
    veto_error: float = parameter(
        0.2,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.5),
        status="assumed",
        source=_NONE,
        doc="vetoes that hit able candidates instead",
    )
    autonomy: float = parameter(
        0.5,
        unit="logit",
        low=0.0,
        high=10.0,
        sweep=(0.0, 2.0),
        status="assumed",
        source="direction: Yau 2018 (abstract; docs/evidence.md, 57); size as that of crowding out in M7",
        doc="attendance at owners' meetings lost where the branch decides all in the committee's place",
    )
    capture: float = parameter(
        0.01,
        unit="share per week",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.03),
        status="assumed",
        source=_NONE,
        doc="pace at which the firm's favours win a branch of full weight where nobody looks",
    )
    recovery: float = parameter(
        0.01,
        unit="share per week",
        low=1e-6,
        high=1.0,
        sweep=(0.005, 0.02),
        status="assumed",
        source="as for committees (M7)",
        doc="share of capture that passes in a week",
    )

    # Lead micro-projects
    budget: float = parameter(
        400000.0,
        unit="yuan per community and year",
        low=0.0,
        high=1e7,
        sweep=(100000.0, 900000.0),
        status="data",
        source="Longgang: 2 million yuan a community for all kinds in 2017, of which works are 21 % of "
        "projects, 43 % in 2015 (docs/evidence.md, 70)",
        doc="money for micro-projects that repair what is put off",
    )
    project_fixed: float = parameter(
        20_000.0,
        unit="yuan",
        low=0.0,
        high=1e7,
        sweep=(0.0, 60_000.0),
        status="assumed",
        source=_NONE,
        doc="cost of a project whatever its size",
    )
    project_yuan: float = parameter(
        250.0,
        unit="yuan per household",
        low=0.0,
        high=1e5,
        sweep=(100.0, 500.0),
        status="assumed",
        source="with the fixed cost about 100,000 yuan a project: Shenzhen, end of 2015 to end of 2022, about "
        "80,000 projects for about 8 billion yuan (docs/evidence.md, 70)",
        doc="cost of repairing one unit of deferred maintenance (the usual backlog) for a household",
    )
    project_scope: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.2, 0.8),
        status="assumed",
        source=_NONE,
        doc="share of an estate's deferred maintenance that a project repairs",
    )
    project_weeks: int = parameter(
        13,
        unit="weeks",
        low=1,
        high=260,
        sweep=(4, 26),
        status="assumed",
        source=_NONE,
        doc="length of a project for which the branch has all the hours it needs",
    )
    project_hours: float = parameter(
        0.5,
        unit="hours per week",
        low=0.0,
        high=40.0,
        sweep=(0.2, 4.0),
        status="assumed",
        source=_NONE,
        doc="what leading a project takes",
    )
    need_weight: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="swept: from what shows alone to need alone",
        doc="alpha, weight of need against visibility in the choice of projects",
    )
    consent_trust: float = parameter(
        0.4,
        unit="trust",
        low=0.0,
        high=1.0,
        sweep=(0.2, 0.6),
        status="assumed",
        source=_NONE,
        doc="mean trust in the branch below which a project is contested, as it is where no committee is in office; "
        "a contested project finds consent with a probability equal to that trust",
    )
    fee_quarrels: float = parameter(
        0.3,
        unit="factor",
        low=0.0,
        high=100.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source=_NONE,
        doc="how many times as many fee-and-finance incidents a project adds while it lasts",
    )

    # Recommend for awards
    incentive: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=5.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source=_NONE,
        doc="activity that awards add where every branch is rewarded alike",
    )
    crowding: float = parameter(
        0.005,
        unit="share per week",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.02),
        status="assumed",
        source="direction: Frey and Oberholzer-Gee 1997, consent fell from a half to a quarter when paid "
        "(docs/evidence.md, 64); chosen near the point where awards stop paying",
        doc="pace at which awards wear out the members' own motivation",
    )
    motivation_recovery: float = parameter(
        0.01,
        unit="share per week",
        low=1e-6,
        high=1.0,
        sweep=(0.005, 0.02),
        status="assumed",
        source=_NONE,
        doc="share of lost motivation that comes back in a week",
    )
    reward_visible: float = parameter(
        0.8,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.5, 1.0),
        status="assumed",
        source=_NONE,
        doc="weight of routine services, which show, against mediation, which does not, in who is recommended; "
        "1/2 rewards both alike",
    )
    award_hours: float = parameter(
        0.05,
        unit="hours per week",
        low=0.0,
        high=40.0,
        sweep=(0.0, 0.5),
        status="assumed",
        source=_NONE,
        doc="what preparing recommendations takes a branch",
    )

    # What goes with the rights
    training_hours: float = parameter(
        0.1,
        unit="hours per week",
        low=0.0,
        high=40.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source=_NONE,
        doc="training of the secretary",
    )
    training_gain: float = parameter(
        0.02,
        unit="share per hour",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.05),
        status="assumed",
        source=_NONE,
        doc="share of the skill still to be gained that an hour of training gives",
    )
    training_top: float = parameter(
        0.8,
        unit="skill",
        low=0.0,
        high=1.0,
        sweep=(0.6, 1.0),
        status="assumed",
        source="skill of the ablest person (branches.capability_high)",
        doc="skill that training leads to",
    )
    regulations: float = parameter(
        1.0,
        unit="targets per right",
        low=0.0,
        high=50.0,
        sweep=(0.0, 5.0),
        status="assumed",
        source="direction: the study's regulations bring paperwork; size unknown",
        doc="targets on which a branch reports in addition for each right that it holds",
    )
    unserved_limit: float = parameter(
        0.8,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.5, 1.0),
        status="assumed",
        source=_NONE,
        doc="cases left unserved in a quarter, of all that ended at the branch, above which it loses its rights",
    )
    least_cases: int = parameter(
        3,
        unit="cases",
        low=1,
        high=1000,
        sweep=(1, 10),
        status="assumed",
        source=_NONE,
        doc="cases in a quarter below which nothing is concluded about a branch",
    )
    suspension: int = parameter(
        26,
        unit="weeks",
        low=1,
        high=520,
        sweep=(13, 52),
        status="assumed",
        source=_NONE,
        doc="time for which a branch loses its rights",
    )
