"""What do the three functions of the two-new policy bring to enterprises, and to the estates around them?

Party branches in enterprises list members (political), a service desk helps with needs (economic), and members give
hours to estates (social).  Working time given away makes an enterprise a little more likely to close.
"""

from __future__ import annotations

from experiments.analyses.study.study_comparison import Study
from experiments.reporting.catalogue import N_

__all__ = ["STUDY"]

ALL = {"enterprises.political": True, "enterprises.economic": True, "enterprises.social": True}

STUDY = Study(
    name="enterprises",
    title=N_("Two-new organisations"),
    question=N_("Do the political, economic and social functions keep enterprises alive and help the estates?"),
    arms={
        N_("no policy"): {},
        N_("political"): {"enterprises.political": True},
        N_("economic"): {"enterprises.economic": True},
        N_("social"): {"enterprises.social": True},
        N_("all three functions"): ALL,
        N_("all, four times the desk"): ALL | {"enterprises.service_hours": 480.0},
        N_("all, two hours a member"): ALL | {"enterprises.hours_per_member": 2.0},
    },
    outcomes=tuple(
        "conflicts standing vitality enterprises enterprise_survival enterprises_organised needs_unmet "
        "enterprise_hours yuan_purse".split()
    ),
    focus="all three functions",
    benefits=("conflicts", "enterprises"),
    costs=("hours_enterprises", "yuan_purse"),
    parts=("political", "economic", "social"),
)
