"""What drives a conclusion?

Each question names an outcome and the arms between which, or under which, it is asked about.  `gongzhi sensitivity`
screens all parameters, divides the variance among the few that matter, and shows what each of these does alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sim import arrangement

__all__ = ["LEAST_KNOWN", "QUESTIONS", "Asked"]


@dataclass(frozen=True)
class Asked:
    """A question.

    Attributes
    ----------
    question
        What a reader wants to know.
    arms
        A policy and what it is set against; or one arm, whose outcome is asked about.
    outcome
        By what it is judged.
    world
        Changes that all runs share.
    """

    question: str
    arms: dict[str, dict[str, Any]]
    outcome: str
    world: dict[str, Any] = field(default_factory=dict)


FULL = {"coverage.strategy": "full"}

QUESTIONS = {
    "coverage": Asked(
        "What decides how much full coverage changes standing disputes?",
        {"full": FULL, "none": {"coverage.strategy": "none"}}, "standing",
    ),
    "arrangement": Asked(
        "What decides how much the whole arrangement changes standing disputes?",
        {"arrangement": arrangement.changes(), "none": {"coverage.strategy": "none"}}, "standing",
    ),
    "disputes": Asked(
        "What decides how many disputes there are, without any policy?",
        {"none": {"coverage.strategy": "none"}}, "conflicts",
    ),
    "rights": Asked(
        "What decides how much the three rights change standing disputes, where branches cover all estates?",
        {"with rights": {"empowerment.enabled": True}, "without rights": {"empowerment.enabled": False}}, "standing",
        FULL,
    ),
}  # fmt: skip

LEAST_KNOWN = (
    "services.effect", "branches.in_service_hours", "district.members_rate", "branches.secretary_hours",
    "branches.reporting_hours", "branches.mediation_share", "voice.nest", "voice.base_branch", "incidents.own_end",
    "desks.hours_community",
)  # fmt: skip
"""Parameters of which the model's documentation says that least is known and most depends on them: for a first look."""
