"""Where does a policy help, and where does it harm?

Each policy is tried in worlds that differ in the parameters of which least is known, with and without it.  The sweep
looks for a region in which it helps and one in which it harms, and tries both again with fresh worlds and fresh draws,
so that what is reported is not what chance made look best.
"""

from __future__ import annotations

from experiments.analyses.study.signs import Policy
from experiments.reporting.catalogue import N_

__all__ = ["POLICIES", "QUESTION", "Policy"]

QUESTION = N_("In which region of what is not known does each policy help, and in which does it harm?")

FULL = {"coverage.strategy": "full"}


POLICIES = {
    "coverage": Policy(
        N_("full coverage"),
        on=FULL,
        outcome="conflicts",
        ranges={
            "branches.hours_per_member": (0.2, 2.0),
            "branches.secretary_hours": (0.0, 6.0),
            "branches.reporting_hours": (0.0, 6.0),
            "branches.mediation_share": (0.0, 1.0),
            "services.effect": (0.0, 0.2),
            "voice.base_branch": (-1.4, 0.6),
            "branches.in_service_hours": (0.05, 0.7),
        },
    ),
    "empowerment": Policy(
        N_("the right to evaluate and select"),
        on={"empowerment.enabled": True, "empowerment.micro_projects": False, "empowerment.awards": False},
        outcome="open",
        ranges={
            "empowerment.visible_share": (0.0, 0.9),
            "empowerment.evaluation_hours": (0.05, 1.0),
            "voice.weight_authority": (0.0, 1.5),
            "desks.settle_authority": (0.0, 1.2),
            "firms.prior_strength": (50.0, 1000.0),
        },
        world=FULL,
        note=N_(
            "Judged by open cases: power over the firm may draw cases to the branch, which has no more hours than "
            "before. The effect is small: forty worlds left the harm undecided, so that it was tried in four times as "
            "many, all of them new."
        ),
        worlds=4,
    ),
    "cross-appointment": Policy(
        N_("cross-appointment"),
        on={
            "deliberation.enabled": True,
            "deliberation.platform": False,
            "deliberation.captains": False,
            "deliberation.social_organisations": False,
            "deliberation.overlap": 3,
        },
        outcome="reply_median",
        ranges={
            "desks.meeting": (0.08, 0.3),
            "deliberation.independence_loss": (0.0, 0.4),
            "deliberation.seat_hours": (0.0, 1.0),
            "firms.hours_per_500": (0.8, 5.0),
            "desks.hours_community": (20.0, 240.0),
        },
        world=FULL,
    ),
    "courier reporting": Policy(
        N_("reports by couriers"),
        on={"couriers.reporting": True},
        outcome="open",
        ranges={
            "couriers.reports": (0.02, 0.3),
            "couriers.motivated": (0.05, 0.8),
            "couriers.report_hours": (0.1, 2.0),
            "couriers.report_cap": (0.1, 1.0),
            "desks.hours_community": (20.0, 240.0),
            "couriers.false_share": (0.05, 0.4),
        },
    ),
    "enterprises' hours": Policy(
        N_("hours of enterprises, with services in return"),
        on={"enterprises.political": True, "enterprises.economic": True, "enterprises.social": True},
        outcome="enterprises",
        ranges={
            "enterprises.hours_per_member": (0.2, 2.0),
            "enterprises.branch_hours": (0.0, 1.0),
            "enterprises.time_cost": (0.0, 20.0),
            "enterprises.met_lowers": (0.0, 0.5),
            "enterprises.service_hours": (0.0, 1000.0),
        },
        world={
            "enterprises.number": 20_000,
            "enterprises.giving_share": 0.5,
            "enterprises.members_per_employee": 0.2,
            "enterprises.organised_before": 0.3,
            "enterprises.exit_rate": 0.005,
        },
        note=N_(
            "Ten times the usual number of enterprises, so that chance in closures does not hide what hours given "
            "cost; the hours of the service desk are for so many."
        ),
    ),
}
"""The policies whose sign is looked for, each by the outcome that it is meant to move."""
