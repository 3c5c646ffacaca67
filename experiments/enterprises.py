"""What do the three functions of the two-new policy bring to enterprises, and to the estates around them?

Party branches in enterprises list members (political), a service desk helps with needs (economic), and members give
hours to estates (social).  Working time given away makes an enterprise a little more likely to close.
"""

from __future__ import annotations

from experiments.lab.study.study import Study

__all__ = ["STUDY"]

ALL = {"enterprises.political": True, "enterprises.economic": True, "enterprises.social": True}

STUDY = Study(
    name="enterprises",
    title="Two-new organisations",
    question="Do the political, economic and social functions keep enterprises alive and help the estates?",
    arms={
        "no policy": {},
        "political": {"enterprises.political": True},
        "economic": {"enterprises.economic": True},
        "social": {"enterprises.social": True},
        "all three functions": ALL,
        "all, four times the desk": ALL | {"enterprises.service_hours": 480.0},
        "all, two hours a member": ALL | {"enterprises.hours_per_member": 2.0},
    },
    outcomes=(
        "conflicts", "standing", "vitality", "enterprises", "enterprise_survival", "enterprises_organised",
        "needs_unmet", "enterprise_hours", "yuan_purse",
    ),
    focus="all three functions",
    benefits=("conflicts", "enterprises"),
    costs=("hours_enterprises", "yuan_purse"),
    parts=("political", "economic", "social"),
)  # fmt: skip
