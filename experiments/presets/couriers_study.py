"""Do services for riders remove hazards, and do riders' reports help or flood the desks?

Riders who are looked after ride and charge more carefully; riders who report are the grid's eyes, and every report
takes the community desk's time, whether there is anything behind it or not.
"""

from __future__ import annotations

from experiments.analyses.study.study_comparison import Study
from experiments.reporting.catalogue import N_

__all__ = ["STUDY"]

STUDY = Study(
    name="couriers",
    title=N_("Services for couriers, and couriers as the grid's eyes"),
    question=N_("Do services for riders and reports by riders reduce hazards and disputes, and what do they cost?"),
    arms={
        N_("riders left alone"): {},
        N_("services"): {"couriers.services": True},
        N_("reporting"): {"couriers.reporting": True},
        N_("services and reporting"): {"couriers.services": True, "couriers.reporting": True},
        N_("reporting without clean-ups"): {"couriers.reporting": True, "couriers.cleanups": False},
        N_("many reports, no limit"): {
            "couriers.reporting": True,
            "couriers.reports": 0.2,
            "couriers.motivated": 0.8,
            "couriers.report_cap": 1.0,
        },
    },
    outcomes=tuple(
        "conflicts standing hazards riders_safe courier_reports report_backlog reply_median hours_community "
        "yuan_purse".split()
    ),
    focus="services and reporting",
    costs=("hours_couriers", "hours_community", "yuan_purse"),
    parts=("services", "reporting"),
)
