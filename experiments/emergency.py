"""What does switching to an emergency achieve, and what is left to be worked off?

An infection spreads over the estates.  With switching, the same people test, trace and supply instead of mediating,
volunteers come, and everyone switches back; the routine work that lay idle meanwhile has to be done afterwards.
"""

from __future__ import annotations

from experiments.lab.study.study import Study

__all__ = ["STUDY"]

SWITCH = {"emergency.switching": True}

STUDY = Study(
    name="emergency",
    title="Routine-emergency switching",
    question="How much of an epidemic does switching prevent, and what does routine work pay for it?",
    world={"coverage.strategy": "full", "emergency.enabled": True},
    arms={
        "no switching": {},
        "switching": SWITCH,
        "moving a fifth": SWITCH | {"emergency.moved": 0.2},
        "moving four fifths": SWITCH | {"emergency.moved": 0.8},
        "without a surge of volunteers": SWITCH | {"emergency.surge": 0.0},
        "no hysteresis": SWITCH | {"emergency.off_below": 1.0},
        "the district switches as one": SWITCH | {"emergency.level": "district"},
        "no emergency": {"emergency.enabled": False},
    },
    outcomes=(
        "conflicts", "standing", "open", "infected", "emergency_unmet", "emergency_hours", "reply_median",
        "trust_authority", "hours_residents",
    ),
    focus="switching",
    benefits=("infected", "standing"),
    costs=("hours_members", "hours_community", "hours_residents"),
    parts=("without a surge of volunteers", "moving four fifths"),
)  # fmt: skip
