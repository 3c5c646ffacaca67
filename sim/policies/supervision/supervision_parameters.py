"""Parameters of M14."""

from __future__ import annotations

from sim.parameters.parameter import Section, parameter, switch

__all__ = ["SupervisionSection"]

_NONE = "no data known"


class SupervisionSection(Section):
    """Parameters of M14: tiers, targeting, fines, rank pressure and the targets that reporting serves."""

    enabled: bool = switch("firms and handlers are supervised, with rewards and penalties", default=False)
    district: bool = switch("the district's tier inspects")
    street: bool = switch("the streets' tier inspects")
    community: bool = switch("the communities' tier inspects")
    estate: bool = switch("the estate's tier, its branch, inspects")

    # The departments of the joint group
    housing: bool = switch("the housing department acts: firms are inspected, fined, rewarded and ranked")
    organisation: bool = switch("the organisation department acts: handlers are ranked, and targets are set")
    civil_affairs: bool = switch("the civil-affairs department acts: the streets guide owners' committees")

    # Inspecting
    targeting: str = parameter(
        "random",
        unit="name",
        status="design",
        source="chosen by the user; two_group as in Harrington 1988",
        choices=("random", "complaints", "two_group"),
        doc="who is inspected: anyone alike, where many file, or more often where violations were found",
    )
    hours_district: float = parameter(
        8.0,
        unit="hours per week",
        low=0.0,
        high=10000.0,
        sweep=(0.0, 40.0),
        status="assumed",
        source=_NONE,
        doc="hours that the district's desk gives to inspections",
    )
    hours_street: float = parameter(
        4.0,
        unit="hours per week",
        low=0.0,
        high=5000.0,
        sweep=(0.0, 20.0),
        status="assumed",
        source=_NONE,
        doc="hours that a street's desk gives to inspections",
    )
    hours_community: float = parameter(
        2.0,
        unit="hours per week",
        low=0.0,
        high=2000.0,
        sweep=(0.0, 8.0),
        status="assumed",
        source=_NONE,
        doc="hours that a community's desk gives to inspections",
    )
    hours_estate: float = parameter(
        0.1,
        unit="hours per week and estate",
        low=0.0,
        high=60.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source=_NONE,
        doc="hours that a branch gives to inspections for each estate that it serves",
    )
    inspection_hours: float = parameter(
        3.0,
        unit="hours",
        low=0.01,
        high=200.0,
        sweep=(1.0, 8.0),
        status="assumed",
        source=_NONE,
        doc="what an inspection takes",
    )
    detection: float = parameter(
        0.3,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.1, 0.8),
        status="assumed",
        source=_NONE,
        doc="that an inspection finds a firm out that does none of the work that is hard to see",
    )
    focus: float = parameter(
        5.0,
        unit="factor",
        low=1.0,
        high=100.0,
        sweep=(1.0, 20.0),
        status="assumed",
        source=_NONE,
        doc="two_group: how many times as often the group in which violations were found is inspected",
    )
    release: float = parameter(
        0.5,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.1, 1.0),
        status="assumed",
        source=_NONE,
        doc="two_group: that a clean inspection brings an estate back to the good group",
    )
    memory: float = parameter(
        13.0,
        unit="weeks",
        low=1.0,
        high=520.0,
        sweep=(4.0, 52.0),
        status="assumed",
        source=_NONE,
        doc="complaints: time in which filings fade to 1/e",
    )
    complaints_floor: float = parameter(
        0.1,
        unit="filings per week",
        low=0.0,
        high=100.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source=_NONE,
        doc="complaints: what counts as the filings of an estate where nobody files",
    )

    # Fining
    fine_weeks: float = parameter(
        0.5,
        unit="weeks of fee",
        low=0.0,
        high=100.0,
        sweep=(0.0, 3.0),
        status="assumed",
        source=_NONE,
        doc="fine for a violation found",
    )
    reward_weeks: float = parameter(
        0.1,
        unit="weeks of fee",
        low=0.0,
        high=100.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="direction: the study tells of rewards and penalties; size unknown",
        doc="what the purse pays a firm for an inspection that finds no violation",
    )
    payoff_weeks: float = parameter(
        1.0,
        unit="weeks of fee per unit of payoff",
        low=0.01,
        high=1000.0,
        sweep=(1.0, 13.0),
        status="assumed",
        source="a threat to replace (firms.owners_weight) is worth about half a week's fees a quarter",
        doc="what a unit of the payoff of M6 is worth to a firm",
    )
    flat_area: float = parameter(
        80.0,
        unit="square metres",
        low=1.0,
        high=1000.0,
        sweep=(60.0, 100.0),
        status="assumed",
        source=_NONE,
        doc="area of a flat, on which its fee is charged",
    )
    authority_scale: float = parameter(
        1.0,
        unit="weeks of fee",
        low=0.01,
        high=100.0,
        sweep=(0.3, 3.0),
        status="assumed",
        source=_NONE,
        doc="fine at which a desk that may fine has 63 % of full authority",
    )
    evaluator_weight: float = parameter(
        0.2,
        unit="share",
        low=0.0,
        high=10.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source=_NONE,
        doc="weight of the supervisors' ranking of firms relative to the owners' judgement, if each firm is seen",
    )
    visible_share: float = parameter(
        0.8,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.4, 1.0),
        status="assumed",
        source="direction: spending of Chinese cities above ground follows officials' terms, below ground it "
        "does not (abstract; docs/evidence.md, 66); size unknown",
        doc="phi of the supervisors' ranking",
    )

    # Guiding committees
    guidance_hours: float = parameter(
        4.0,
        unit="hours per week",
        low=0.0,
        high=5000.0,
        sweep=(0.0, 20.0),
        status="assumed",
        source="direction: the study has committees guided and supervised; size unknown",
        doc="hours that a street's desk gives to the guidance of owners' committees, all alike",
    )
    guidance_effect: float = parameter(
        1.0,
        unit="per weekly hour and committee",
        low=0.0,
        high=100.0,
        sweep=(0.3, 3.0),
        status="assumed",
        source=_NONE,
        doc="how much of what owners do not see of a committee's doings an hour of guidance sees (log)",
    )

    # Ranking handlers
    rank_pressure: float = parameter(
        0.5,
        unit="payoff per case closed",
        low=0.0,
        high=10.0,
        sweep=(0.0, 2.0),
        status="assumed",
        source="direction: Bevan and Hood 2006, 96 % of emergency patients seen in time officially, 77 % by the "
        "patients' account (docs/evidence.md, 65)",
        doc="kappa, what a case that counts as resolved is worth to a handler who is ranked",
    )
    callback: float = parameter(
        0.2,
        unit="probability",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source=_NONE,
        doc="that a resident is called back and asked whether the case is resolved",
    )
    penalty: float = parameter(
        1.0,
        unit="payoff per case",
        low=0.0,
        high=100.0,
        sweep=(0.0, 5.0),
        status="assumed",
        source=_NONE,
        doc="what being found out costs a handler",
    )
    scruple: float = parameter(
        1.0,
        unit="payoff per case",
        low=1e-3,
        high=1000.0,
        sweep=(0.5, 4.0),
        status="assumed",
        source=_NONE,
        doc="how fast claiming what is not so becomes dear: conscience, and the ever less plausible case",
    )
    unworked: float = parameter(
        0.2,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source=_NONE,
        doc="of the share that is claimed in vain, how much is closed without any work at all",
    )

    # Targets
    targets: int = parameter(
        5,
        unit="targets",
        low=0,
        high=200,
        sweep=(0, 20),
        status="assumed",
        source=_NONE,
        doc="targets that supervision sets, on which branches and firms report",
    )
    burden_per_target: float = parameter(
        0.05,
        unit="hours per week",
        low=0.0,
        high=10.0,
        sweep=(0.0, 0.2),
        status="assumed",
        source=_NONE,
        doc="hours of a firm's office in an estate that reporting on a target takes",
    )
    formalism: float = parameter(
        0.01,
        unit="share per target",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.05),
        status="assumed",
        source=_NONE,
        doc="share of a handler's capacity lost to form (traces, meetings, lists) for each target, beside reporting",
    )
