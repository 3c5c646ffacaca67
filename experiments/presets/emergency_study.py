"""What does switching to an emergency achieve, and what is left to be worked off?

An infection spreads over the estates.  With switching, the same people test, trace and supply instead of mediating,
volunteers come, and everyone switches back; the routine work that lay idle meanwhile has to be done afterwards.
"""

from __future__ import annotations

from experiments.analyses.study.study_comparison import Study
from experiments.reporting.catalogue import N_

__all__ = ["STUDY"]

SWITCH = {"emergency.switching": True}

STUDY = Study(
    name="emergency",
    title=N_("Routine-emergency switching"),
    question=N_("How much of an epidemic does switching prevent, and what does routine work pay for it?"),
    world={"coverage.strategy": "full", "emergency.enabled": True},
    arms={
        N_("no switching"): {},
        N_("switching"): SWITCH,
        N_("moving a fifth"): SWITCH | {"emergency.moved": 0.2},
        N_("moving four fifths"): SWITCH | {"emergency.moved": 0.8},
        N_("without a surge of volunteers"): SWITCH | {"emergency.surge": 0.0},
        N_("no hysteresis"): SWITCH | {"emergency.off_below": 1.0},
        N_("the district switches as one"): SWITCH | {"emergency.level": "district"},
        N_("no emergency"): {"emergency.enabled": False},
    },
    outcomes=tuple(
        "conflicts standing open infected emergency_unmet emergency_hours reply_median trust_authority "
        "hours_residents".split()
    ),
    focus="switching",
    benefits=("infected", "standing"),
    costs=("hours_members", "hours_community", "hours_residents"),
    parts=("without a surge of volunteers", "moving four fifths"),
)
