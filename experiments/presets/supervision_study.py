"""Does supervising firms improve service, and what does ranking do to the figures?

Four tiers inspect, fine and rank.  Fines reach what is hard to see if inspections do; ranking makes handlers report
as resolved what is not, so that true and reported resolution part.
"""

from __future__ import annotations

from experiments.analyses.study.study_comparison import Study
from experiments.reporting.catalogue import N_

__all__ = ["STUDY"]

ON = {"supervision.enabled": True}

STUDY = Study(
    name="supervision",
    title=N_("Four-tier supervision"),
    question=N_("Does four-tier supervision improve what residents live through, or what is reported?"),
    world={"coverage.strategy": "full"},
    arms={
        N_("no supervision"): {},
        N_("supervision"): ON,
        N_("no ranking"): ON | {"supervision.rank_pressure": 0.0, "supervision.evaluator_weight": 0.0},
        N_("hard ranking"): ON | {"supervision.rank_pressure": 2.0},
        N_("hard fines"): ON | {"supervision.fine_weeks": 3.0},
        N_("led by complaints"): ON | {"supervision.targeting": "complaints"},
        N_("two groups"): ON | {"supervision.targeting": "two_group"},
        N_("many targets"): ON | {"supervision.targets": 20},
    },
    outcomes=tuple(
        "conflicts standing effort_invisible resolution_true resolution_reported reply_median hours_community "
        "yuan_firms trust_authority".split()
    ),
    focus="supervision",
    benefits=("conflicts", "resolution_reported", "resolution_true"),
    costs=("inspection_hours", "yuan_firms"),
    parts=("no ranking", "hard ranking", "hard fines"),
)
