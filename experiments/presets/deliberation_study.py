"""Does deliberating together help, and do seats in one another's bodies?

A platform brings branch, committee and firm to one table; seats in one another (overlap) let them be met sooner, and
make them say less about each other.  Captains and social organisations are parts that can be left out.
"""

from __future__ import annotations

from experiments.analyses.study.study_comparison import Study
from experiments.reporting.catalogue import N_

__all__ = ["STUDY"]

ON = {"deliberation.enabled": True}
NO_TABLE = ON | {
    "deliberation.platform": False,
    "deliberation.captains": False,
    "deliberation.social_organisations": False,
}

STUDY = Study(
    name="deliberation",
    title=N_("Platform and cross-appointment"),
    question=N_("Does a deliberation platform resolve more, and how many seats should the bodies hold in one another?"),
    world={"coverage.strategy": "full"},
    arms={
        N_("no platform"): {},
        N_("platform, no overlap"): ON | {"deliberation.overlap": 0},
        N_("platform, overlap 1"): ON | {"deliberation.overlap": 1},
        N_("platform, overlap 3"): ON,
        N_("overlap 1 alone"): NO_TABLE | {"deliberation.overlap": 1},
        N_("overlap 3 alone"): NO_TABLE,
        N_("without social organisations"): ON | {"deliberation.social_organisations": False},
        N_("without captains"): ON | {"deliberation.captains": False},
    },
    outcomes=tuple(
        "conflicts filed standing unresolved_filed_share reply_median effort_invisible attendance hours_members "
        "yuan_purse".split()
    ),
    focus="platform, overlap 3",
    benefits=("standing", "reply_median"),
    costs=("hours_members", "hours_residents", "yuan_purse"),
    parts=("overlap 3 alone", "platform, no overlap"),
)
