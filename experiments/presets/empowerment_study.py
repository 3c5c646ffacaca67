"""Do the three rights of a branch help, each and together, and what do they cost?

Branches stand everywhere (`full`).  Against branches without rights stand those that may evaluate firms and vet
candidates, that may lead micro-projects, that may recommend for awards, and those that may do all three.  A right
costs hours that mediation and services then lack, and some autonomy of the owners' committee.
"""

from __future__ import annotations

from experiments.analyses.study.study_comparison import Study
from experiments.reporting.catalogue import N_

__all__ = ["STUDY"]

ON = {"empowerment.enabled": True}
RIGHTS = ("evaluation", "micro_projects", "awards")


def single_right(right: str) -> dict[str, bool]:
    """Changes that leave one right."""
    return ON | {f"empowerment.{other}": other == right for other in RIGHTS}


STUDY = Study(
    name="empowerment",
    title=N_("Three rights of the branch"),
    question=N_(
        "Do the rights to evaluate, to lead micro-projects and to recommend for awards lower disputes, each and "
        "together, and at what cost?"
    ),
    world={"coverage.strategy": "full"},
    arms={
        N_("no rights"): {},
        N_("evaluation alone"): single_right("evaluation"),
        N_("micro-projects alone"): single_right("micro_projects"),
        N_("awards alone"): single_right("awards"),
        N_("all three rights"): ON,
        N_("all, looking at what is hard to see"): ON | {"empowerment.visible_share": 0.1},
        N_("all, full weight, looking at what shows"): ON
        | {"empowerment.weight": 1.0, "empowerment.visible_share": 0.9},
    },
    outcomes=(
        "conflicts",
        "filed",
        "standing",
        "effort_invisible",
        "effort_visible",
        "reply_median",
        "committees",
        "hours_members",
        "yuan_purse",
    ),
    focus="all three rights",
    costs=("mediation_hours", "yuan_purse"),
    parts=("evaluation alone", "micro-projects alone", "awards alone"),
)
