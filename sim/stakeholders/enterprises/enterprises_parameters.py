"""Parameters of enterprises (M13)."""

from __future__ import annotations

from typing import Final

from sim.parameters.parameter import Section, parameter, switch

__all__ = ["NEEDS", "EnterprisesSection"]

NEEDS: Final = ("talent", "market", "finance", "transformation")
"""What enterprises need help with, in the words of the study."""


def _work(default: float, need: str) -> float:
    return parameter(
        default,
        unit="hours",
        low=0.01,
        high=1000.0,
        sweep=(default / 3, default * 3),
        status="assumed",
        source="no data known",
        doc=f"work of a need for {need} at the service desk, mean",
    )


def _felt(need: str) -> float:
    return parameter(
        1.0,
        unit="needs",
        low=0.0,
        high=20.0,
        sweep=(0.3, 3.0),
        status="assumed",
        source="no data known: all alike",
        doc=f"how much a need for {need}, met or unmet, is felt",
    )


class EnterprisesSection(Section):
    """Parameters of M13."""

    enabled: bool = switch("enterprises are founded, have needs and close (off: they stay as they are)")
    political: bool = switch("the policy founds party branches in enterprises and lists members", default=False)
    economic: bool = switch("the policy opens a service desk for the needs of enterprises", default=False)
    social: bool = switch("members of organised enterprises give hours to estates", default=False)
    number: int = parameter(
        2000,
        unit="enterprises in a district of 1,034 estates",
        low=1,
        high=10_000_000,
        sweep=(1000, 10000),
        status="assumed",
        source="the study gives no number of enterprises; 520,631 business entities in Nanshan, October 2020, "
        "sole traders included (docs/evidence.md, 68)",
        doc="enterprises, in proportion to the estates; as many are founded as keep the number without a policy",
    )
    employees_median: float = parameter(
        20.0,
        unit="employees",
        low=0.1,
        high=10_000.0,
        sweep=(8.0, 50.0),
        status="assumed",
        source="no data known",
        doc="size of the median new enterprise",
    )
    employees_log_sd: float = parameter(
        1.2,
        unit="log",
        low=0.0,
        high=3.0,
        sweep=(0.8, 1.6),
        status="assumed",
        source="no data known",
        doc="spread of sizes (lognormal)",
    )
    exit_rate: float = parameter(
        0.00105,
        unit="probability per week",
        low=1e-5,
        high=0.5,
        sweep=(0.0008, 0.0019),
        status="data",
        source="deregistered a year: Shenzhen 5.46 % (2024), 5.07 % (2025); China 6.2 % in 2012, 9.3 % in 2008 "
        "(docs/evidence.md, 68, 69)",
        doc="that an enterprise of the median size closes, without a policy",
    )
    exit_size: float = parameter(
        0.1,
        unit="exponent",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.3),
        status="assumed",
        source="direction: larger enterprises survive longer (registration authority, 2013; docs/evidence.md, "
        "69); size unknown",
        doc="the probability falls with size to this power",
    )
    members_per_employee: float = parameter(
        0.1,
        unit="members per employee",
        low=0.0,
        high=1.0,
        sweep=(0.03, 0.2),
        status="assumed",
        source="puts over 70 % of the district's members into enterprises, as in the study",
        doc="party members among employees",
    )
    listed_before: float = parameter(
        0.4,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.2, 0.7),
        status="assumed",
        source="no data known",
        doc="members whom anyone has on a list, where there is no branch",
    )
    listed_after: float = parameter(
        0.9,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.7, 1.0),
        status="assumed",
        source="direction: the study; size unknown",
        doc="members on the list where there is a branch",
    )
    organised_before: float = parameter(
        0.1,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.3),
        status="assumed",
        source="no data known",
        doc="enterprises that have a branch without the policy",
    )
    members_needed: int = parameter(
        3,
        unit="members",
        low=1,
        high=100,
        sweep=(1, 5),
        status="study",
        source="the study's rule for branches",
        doc="members that a branch needs, alone or with the enterprises of its `grouping`",
    )
    new_branches: float = parameter(
        0.3955,
        unit="share of enterprises",
        low=0.0,
        high=1.0,
        sweep=(0.1, 0.8),
        status="assumed",
        source="the study: 791 new party organisations; that they are a share of 2,000 enterprises is assumed",
        doc="new branches that the policy aims at",
    )
    founding_hours: float = parameter(
        10.0,
        unit="hours",
        low=0.01,
        high=1000.0,
        sweep=(4.0, 40.0),
        status="assumed",
        source="no data known",
        doc="hours of a street's desk that founding a branch takes",
    )
    founding_cap: float = parameter(
        0.25,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.5),
        status="assumed",
        source="no data known",
        doc="most of a street desk's hours that founding may take",
    )
    branch_hours: float = parameter(
        0.25,
        unit="hours per listed member and week",
        low=0.0,
        high=40.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="no data known",
        doc="working time that meetings and learning take where the policy is at work",
    )
    sectors: int = parameter(
        6,
        unit="sectors",
        low=1,
        high=1000,
        sweep=(3, 20),
        status="assumed",
        source="no data known",
        doc="sectors, of equal size; those of one sector in one community are a cluster",
    )
    grouping: str = parameter(
        "cluster",
        unit="name",
        status="assumed",
        choices=("cluster", "sector", "alone"),
        source="the study: branches by cluster, chain and sector; the model has no chains of suppliers",
        doc="with whom an enterprise that has too few members founds a branch: with its sector in the community, with "
        "its sector in the district, or with nobody",
    )
    listed_reach: float = parameter(
        0.15,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 0.6),
        status="assumed",
        source="direction: members report to the estates where they live, besides their branch at work; size unknown",
        doc="listed members of enterprises who report where they live, and can be asked for help there",
    )
    academy_hours: float = parameter(
        0.1,
        unit="hours per listed member and week",
        low=0.0,
        high=40.0,
        sweep=(0.0, 0.5),
        status="assumed",
        source="direction: the study's pioneer academy; size unknown",
        doc="working time that listed members of organised enterprises spend at the pioneer academy",
    )
    academy_gain: float = parameter(
        0.05,
        unit="per hour",
        low=0.0,
        high=10.0,
        sweep=(0.01, 0.2),
        status="assumed",
        source="no data known",
        doc="what an hour at the academy teaches, of what is not yet known (log)",
    )
    academy_fade: float = parameter(
        0.01,
        unit="share per week",
        low=0.0,
        high=1.0,
        sweep=(0.003, 0.03),
        status="assumed",
        source="direction: staff turn over fast; size unknown",
        doc="of what was learnt, what leaves with the staff",
    )
    academy_effect: float = parameter(
        0.3,
        unit="share",
        low=0.0,
        high=5.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="no data known",
        doc="how much more than another's an hour in an estate is worth of a member who has learnt all",
    )
    academy_yuan: float = parameter(
        50.0,
        unit="yuan per hour",
        low=0.0,
        high=10_000.0,
        sweep=(20.0, 150.0),
        status="assumed",
        source="no data known",
        doc="what the purse pays for an hour of a member at the academy",
    )
    need_rate: float = parameter(
        0.02,
        unit="needs per enterprise and week",
        low=0.0,
        high=5.0,
        sweep=(0.005, 0.05),
        status="assumed",
        source="about one a year; no data known",
        doc="needs that an enterprise cannot meet by itself",
    )
    work_talent: float = _work(4.0, "talent")
    work_market: float = _work(6.0, "market")
    work_finance: float = _work(8.0, "finance")
    work_transformation: float = _work(12.0, "transformation")
    felt_talent: float = _felt("talent")
    felt_market: float = _felt("market")
    felt_finance: float = _felt("finance")
    felt_transformation: float = _felt("transformation")
    work_log_sd: float = parameter(
        0.8,
        unit="log",
        low=0.0,
        high=2.0,
        sweep=(0.4, 1.2),
        status="assumed",
        source="as for disputes",
        doc="spread of the work of a need (lognormal)",
    )
    need_patience: float = parameter(
        0.08,
        unit="rate per week",
        low=0.0,
        high=5.0,
        sweep=(0.02, 0.2),
        status="assumed",
        source="no data known",
        doc="rate at which a waiting need is given up, and counts as unmet",
    )
    service_hours: float = parameter(
        120.0,
        unit="hours per week in a district of 1,034 estates",
        low=0.0,
        high=100_000.0,
        sweep=(0.0, 480.0),
        status="assumed",
        source="no data known; half of what the default needs take",
        doc="hours of the service desk, in proportion to the estates",
    )
    service_yuan: float = parameter(
        100.0,
        unit="yuan per hour",
        low=0.0,
        high=10_000.0,
        sweep=(50.0, 300.0),
        status="assumed",
        source="no data known",
        doc="what the purse pays for an hour of the service desk, used or not",
    )
    met_lowers: float = parameter(
        0.3,
        unit="share of the usual exit",
        low=0.0,
        high=0.5,
        sweep=(0.0, 0.5),
        status="assumed",
        source="no data known",
        doc="how far help with needs can lower the exit at most",
    )
    unmet_raises: float = parameter(
        0.3,
        unit="share of the exit per need",
        low=0.0,
        high=10.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="no data known",
        doc="how far each recent unmet need raises the exit",
    )
    effect_weeks: float = parameter(
        26.0,
        unit="weeks",
        low=1.0,
        high=520.0,
        sweep=(8.0, 52.0),
        status="assumed",
        source="no data known",
        doc="how long a need, met or unmet, is felt (mean)",
    )
    hours_per_member: float = parameter(
        0.5,
        unit="hours per week",
        low=0.0,
        high=40.0,
        sweep=(0.2, 2.0),
        status="assumed",
        source="no data known",
        doc="what a listed member who helps in estates gives",
    )
    giving_share: float = parameter(
        0.2,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.05, 0.5),
        status="assumed",
        source="no data known",
        doc="listed members of organised enterprises who help in estates",
    )
    by_need: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sweep=(0.0, 1.0),
        status="assumed",
        source="no data known",
        doc="hours that go where recent conflicts are; the others go where they are seen: near, and to large estates",
    )
    time_cost: float = parameter(
        4.0,
        unit="share of the usual exit per share of working time",
        low=0.0,
        high=1000.0,
        sweep=(0.0, 20.0),
        status="assumed",
        source="no data known",
        doc="how far working time given away raises the exit",
    )
    working_week: float = parameter(
        40.0,
        unit="hours per week",
        low=1.0,
        high=168.0,
        sweep=(36.0, 60.0),
        status="assumed",
        source="the legal working week",
        doc="working time of an employee",
    )
